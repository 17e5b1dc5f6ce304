"""The commands about advisers: ``advisor users`` and ``advisor log``."""

from __future__ import annotations

import csv
import io
import os
from datetime import datetime
from typing import TYPE_CHECKING

import click

from advisor.cli.database import told
from advisor.content.messages import messages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.session.model import Adviser

SAY = messages()
_NAME = click.argument("name", metavar="NAME")
_TEAM = click.option("--team", metavar="TEAM", help=SAY["users_team"])
_GENERATE = click.option("--generate", is_flag=True, help=SAY["users_generate"])
NOBODY = "-"


@click.group(help=SAY["users"], epilog=SAY["exit_codes"])
def users() -> None:
    """Group the commands about advisers."""


@users.command(help=SAY["users_add"], epilog=SAY["exit_codes"])
@_NAME
@_TEAM
@click.option("--lead", is_flag=True, help=SAY["users_lead"])
@_GENERATE
def add(name: str, team: str | None, lead: bool, generate: bool) -> None:
    """Add an adviser."""
    from advisor.store import advisers, open_store  # noqa: PLC0415  (only the commands of the store need SQLAlchemy)

    with told():
        store, password = open_store(), _password(generate=generate)
        added = advisers.add(store, name, password, team or "", lead)
        without = advisers.clients_of(store).get(None, 0)
    _show(password if generate else "")
    click.echo(SAY["users_added"].format(name=added.name), err=generate)
    if without:
        click.echo(SAY["users_without"].format(clients=without), err=generate)


@users.command(help=SAY["users_disable"], epilog=SAY["exit_codes"])
@_NAME
def disable(name: str) -> None:
    """Shut an adviser out."""
    from advisor.store import advisers, open_store  # noqa: PLC0415  (as above)

    with told():
        disabled = advisers.disable(open_store(makes=False), name)
    click.echo(SAY["users_disabled"].format(name=disabled.name))


@users.command(help=SAY["users_enable"], epilog=SAY["exit_codes"])
@_NAME
def enable(name: str) -> None:
    """Let an adviser in again."""
    from advisor.store import advisers, open_store  # noqa: PLC0415  (as above)

    with told():
        enabled = advisers.enable(open_store(makes=False), name)
    click.echo(SAY["users_enabled"].format(name=enabled.name))


@users.command(help=SAY["users_reset"], epilog=SAY["exit_codes"])
@_NAME
@_GENERATE
def reset(name: str, generate: bool) -> None:
    """Give an adviser a new password."""
    from advisor.store import AdviserError, advisers, open_store  # noqa: PLC0415  (as above)

    with told():
        store = open_store(makes=False)
        if advisers.find(store, name) is None:  # before the password is typed
            raise AdviserError("adviser_unknown")
        password = _password(generate=generate)
        changed = advisers.reset(store, name, password)
    _show(password if generate else "")
    click.echo(SAY["users_reset_done"].format(name=changed.name), err=generate)


@users.command(help=SAY["users_change"], epilog=SAY["exit_codes"])
@_NAME
@_TEAM
@click.option("--lead/--no-lead", default=None, help=SAY["users_lead"])
def change(name: str, team: str | None, lead: bool | None) -> None:
    """Change an adviser's team, and whether they lead it."""
    from advisor.store import advisers, open_store  # noqa: PLC0415  (as above)

    with told():
        changed = advisers.change(open_store(makes=False), name, team=team, leads=lead)
    click.echo(SAY["users_changed"].format(name=changed.name))


@users.command("list", help=SAY["users_list"], epilog=SAY["exit_codes"])
def list_all() -> None:
    """Print the advisers, one on each line, with tabs between the columns."""
    from advisor.store import advisers, open_store  # noqa: PLC0415  (as above)

    with told():
        store = open_store(makes=False)
        everybody, clients = advisers.all_of(store), advisers.clients_of(store)
    click.echo(SAY["users_columns"].replace(" ", "\t"))
    for adviser in everybody:
        click.echo("\t".join(_columns(adviser, clients.get(adviser.id, 0))))
    if clients.get(None):
        click.echo("\t".join((SAY["users_nobody"], "", "", "", str(clients[None]))))


@users.command("hand-over", help=SAY["users_hand_over"], epilog=SAY["exit_codes"])
@click.argument("giver", metavar="FROM")
@click.argument("taker", metavar="TO")
def hand_over(giver: str, taker: str) -> None:
    """Give all clients of one adviser to another."""
    from advisor.store import advisers, open_store  # noqa: PLC0415  (as above)

    with told():
        handed = advisers.hand_over(open_store(makes=False), None if giver == NOBODY else giver, taker)
    click.echo(SAY["users_handed_over"].format(clients=handed.clients, visits=handed.visits))


@click.command(help=SAY["log"], epilog=SAY["exit_codes"])
@click.option("--since", metavar="YYYY-MM-DD", type=click.DateTime(["%Y-%m-%d"]), help=SAY["log_since"])
@click.option("--adviser", metavar="NAME", help=SAY["log_adviser"])
def log(since: datetime | None, adviser: str | None) -> None:
    """Print the access log as CSV."""
    from advisor.session.model import TOKYO  # noqa: PLC0415  (as above)
    from advisor.store import AdviserError, access_log, advisers, open_store  # noqa: PLC0415  (as above)

    with told():
        store = open_store(makes=False)
        names = {each.id: _harmless(each.name) for each in advisers.all_of(store)}
        wanted = advisers.find(store, adviser) if adviser is not None else None
        if adviser is not None and wanted is None:
            raise AdviserError("adviser_unknown")
        begin = since.replace(tzinfo=TOKYO) if since else None
        entries = access_log.entries(store, begin, wanted.id if wanted else None)
    click.echo(_row(("at", "adviser", "action", "client", "visit", "detail")))
    for entry in entries:
        detail = " ".join(names.get(word, word) for word in entry.detail.split())
        moment, by = entry.at.astimezone(TOKYO).isoformat(timespec="seconds"), names.get(entry.by, entry.by)
        click.echo(_row((moment, by, entry.action, entry.client or "", entry.visit or "", detail)))


COMMANDS = (users, log)


def _password(*, generate: bool) -> str:
    """Return a password: a new random one, that of ADVISOR_PASSWORD, or one that is typed twice and not shown."""
    if generate:
        from advisor.store.passwords import new_password  # noqa: PLC0415  (as above)

        return new_password()
    given = os.environ.get("ADVISOR_PASSWORD")
    if given is None:
        given = click.prompt(SAY["users_password"], hide_input=True, confirmation_prompt=SAY["users_password_again"])
    return str(given)


def _show(new_password: str) -> None:
    """Print a generated password alone on its line, so that it can be piped."""
    if new_password:
        click.echo(new_password)
        click.echo(SAY["users_once"], err=True)


def _columns(adviser: Adviser, clients: int) -> Iterable[str]:
    yield adviser.name
    yield adviser.team
    yield SAY["users_leads"] if adviser.leads else ""
    yield SAY["users_is_disabled" if adviser.disabled else "users_is_active"]
    yield str(clients)


def _harmless(name: str) -> str:
    """Return a name with an apostrophe before it if a spreadsheet would take it for a formula."""
    from advisor.report.sheets import RISKY  # noqa: PLC0415  (as above)

    return f"'{name}" if name.startswith(RISKY) else name


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()
