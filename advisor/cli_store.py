"""The commands of the store: ``advisor backup``, ``advisor restore``, ``advisor db``."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from advisor.cli_words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

SAY = words()
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(help=SAY["backup"], epilog=SAY["exit_codes"])
@click.argument("file", type=_FILE)
def backup(file: Path) -> None:
    """Write everything into one encrypted file."""
    from advisor.store import backup as backups  # noqa: PLC0415  (only the commands of the store need SQLAlchemy)
    from advisor.store import open_store  # noqa: PLC0415  (as above)

    with told():
        counted = backups.backup(open_store(), file, _passphrase(confirmed=True))
    click.echo(SAY["backed_up"].format(path=file, **asdict(counted)))


@click.command(help=SAY["restore"], epilog=SAY["exit_codes"])
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help=SAY["restore_replace"])
def restore(file: Path, replace: bool) -> None:
    """Bring a backup back."""
    from advisor.store import backup as backups  # noqa: PLC0415  (as above)
    from advisor.store import open_store  # noqa: PLC0415  (as above)

    with told():
        counted = backups.restore(open_store(), file, _passphrase(confirmed=False), replace=replace)
    click.echo(SAY["restored"].format(**asdict(counted)))


@click.group(help=SAY["db"], epilog=SAY["exit_codes"])
def db() -> None:
    """Hold the commands of the database together."""


@db.command(help=SAY["db_upgrade"], epilog=SAY["exit_codes"])
def upgrade() -> None:
    """Bring the database to today's form."""
    from advisor.store import open_store  # noqa: PLC0415  (as above)

    with told():
        open_store(checked=False).upgrade()
    click.echo(SAY["upgraded"])


@db.command(help=SAY["db_new_key"], epilog=SAY["exit_codes"])
def new_key() -> None:
    """Print a new key; what to do with it goes beside, so that the key alone can be piped."""
    from advisor.store import new_key  # noqa: PLC0415  (as above)

    click.echo(new_key())
    click.echo(SAY["key_hint"], err=True)


@db.command(help=SAY["db_reseal"], epilog=SAY["exit_codes"])
def reseal() -> None:
    """Encrypt everything under the first key."""
    from advisor.store import open_store  # noqa: PLC0415  (as above)

    with told():
        if not open_store().reseal():
            raise click.ClickException(SAY["resealed_not_swept"])
    click.echo(SAY["resealed"])


COMMANDS = (backup, restore, db)


@contextmanager
def told() -> Iterator[None]:
    """Tell what is wrong with the store in a sentence that says what to do."""
    from advisor.store import StoreError  # noqa: PLC0415  (as above)

    try:
        yield
    except StoreError as error:
        raise click.ClickException(SAY[error.plain_word]) from None


def _passphrase(*, confirmed: bool) -> str:
    """Return ADVISOR_PASSPHRASE, or what is typed unseen."""
    given = os.environ.get("ADVISOR_PASSPHRASE")
    if given is None:
        given = click.prompt(SAY["passphrase"], hide_input=True, confirmation_prompt=confirmed)
    if not given:
        raise click.ClickException(SAY["passphrase_empty"])
    return str(given)
