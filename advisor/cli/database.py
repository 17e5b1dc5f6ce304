"""The commands of the store: ``advisor backup``, ``advisor restore``, ``advisor db``."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from advisor.content.messages import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.store.unread import Unread

SAY = messages()
SHOWN = 20  # at most so many damaged rows are named
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(help=SAY["backup"], epilog=SAY["exit_codes"])
@click.argument("file", type=_FILE)
def backup(file: Path) -> None:
    """Write the whole store into one encrypted file."""
    from advisor.store import backup as backups  # noqa: PLC0415  (only the commands of the store need SQLAlchemy)
    from advisor.store import open_store  # noqa: PLC0415  (as above)
    from advisor.store.location import here  # noqa: PLC0415  (as above)

    with told():
        counted = backups.backup(open_store(makes=False), file, _passphrase(confirmed=True))
    click.echo(SAY["backed_up"].format(path=file, place=here(), **asdict(counted)))
    if not counted.clients + counted.visits:
        click.echo(SAY["backed_up_nothing"].format(place=here()), err=True)
    if counted.unread:
        raise click.ClickException(SAY["backed_up_unread"].format(**_named(counted.unread)))


@click.command(help=SAY["restore"], epilog=SAY["exit_codes"])
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help=SAY["restore_replace"])
def restore(file: Path, replace: bool) -> None:
    """Restore a backup."""
    from advisor.store import backup as backups  # noqa: PLC0415  (as above)
    from advisor.store import open_store  # noqa: PLC0415  (as above)
    from advisor.store.location import remember  # noqa: PLC0415  (as above)

    with told():
        store = open_store()
        counted = backups.restore(store, file, _passphrase(confirmed=False), replace=replace)
        remember(store)
    click.echo(SAY["restored"].format(**asdict(counted)))
    if counted.unread:
        click.echo(SAY["restored_unread"].format(**_named(counted.unread)), err=True)


@click.group(help=SAY["db"], epilog=SAY["exit_codes"])
def db() -> None:
    """Group the commands of the database."""


@db.command(help=SAY["db_upgrade"], epilog=SAY["exit_codes"])
def upgrade() -> None:
    """Bring the database to today's schema."""
    from advisor.store import open_store  # noqa: PLC0415  (as above)
    from advisor.store.location import remember  # noqa: PLC0415  (as above)

    with told():
        store = open_store(checked=False)
        store.upgrade()
        remember(store)
    click.echo(SAY["upgraded"])


@db.command(help=SAY["db_new_key"], epilog=SAY["exit_codes"])
def new_key() -> None:
    """Print a new key. The hint what to do with it goes to stderr, so that a pipe gets the key only."""
    from advisor.store import new_key  # noqa: PLC0415  (as above)

    click.echo(new_key())
    click.echo(SAY["key_hint"], err=True)


@db.command(help=SAY["db_reseal"], epilog=SAY["exit_codes"])
def reseal() -> None:
    """Encrypt everything with the first key, and name the rows that no key opens: these stay as they are."""
    from advisor.store import open_store  # noqa: PLC0415  (as above)
    from advisor.store.unread import look_through  # noqa: PLC0415  (as above)

    with told():
        store = open_store(makes=False)
        if not store.reseal():
            raise click.ClickException(SAY["resealed_not_swept"])
        damaged = look_through(store)
    click.echo(SAY["resealed"])
    if damaged:
        raise click.ClickException(SAY["resealed_unread"].format(**_named(damaged)))


@db.command(help=SAY["db_adopt"], epilog=SAY["exit_codes"])
def adopt() -> None:
    """Remember the store at the address, and print its id alone on a line, so that it can be given to a Hub."""
    from advisor.store import location  # noqa: PLC0415  (as above)

    with told():
        name = location.adopt()
    click.echo(name)
    click.echo(SAY["adopted"].format(place=location.here()), err=True)
    _tell_of_environment(name)


@db.command(help=SAY["db_forget"], epilog=SAY["exit_codes"])
def forget() -> None:
    """Forget the store at the address."""
    from advisor.store import location  # noqa: PLC0415  (as above)

    with told():
        was_known = location.forget()
    click.echo(SAY["forgotten" if was_known else "forgotten_nothing"].format(place=location.here()))
    _tell_of_environment(None)


def _named(damaged: tuple[Unread, ...]) -> dict[str, object]:
    """Return the fields of a message: how many rows cannot be read, and the kind and id of the first ones."""
    names = ", ".join(f"{one.kind} {one.id}" for one in damaged[:SHOWN])
    return {"number": len(damaged), "names": f"{names} …" if len(damaged) > SHOWN else names}


def _tell_of_environment(name: str | None) -> None:
    """Raise an error if the environment names another store: it counts more than the user's configuration."""
    from advisor.store.store_id import ENVIRONMENT  # noqa: PLC0415  (as above)

    if os.environ.get(ENVIRONMENT) not in {None, "", name}:
        raise click.ClickException(SAY["store_id_set"])


COMMANDS = (backup, restore, db)


@contextmanager
def told() -> Iterator[None]:
    """Turn an error of the store into a sentence that says what to do."""
    from advisor.store import StoreError  # noqa: PLC0415  (as above)
    from advisor.store.location import here  # noqa: PLC0415  (as above)

    try:
        yield
    except StoreError as error:
        raise click.ClickException(SAY[error.plain_word].format(place=here())) from None


def _passphrase(*, confirmed: bool) -> str:
    """Return ADVISOR_PASSPHRASE, or ask for the passphrase without showing it."""
    given = os.environ.get("ADVISOR_PASSPHRASE")
    if given is None:
        given = click.prompt(SAY["passphrase"], hide_input=True, confirmation_prompt=confirmed)
    if not given:
        raise click.ClickException(SAY["passphrase_empty"])
    return str(given)
