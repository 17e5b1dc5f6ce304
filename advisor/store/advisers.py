"""Advisers: their names, passwords and teams, and the handing over of their clients.

Every function needs a store that sees everything. The store as one adviser sees it is refused.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from advisor.session.forms import folded, has_unseen
from advisor.session.model import today
from advisor.store import access_log, logins, passwords, rows
from advisor.store.database import insert_new
from advisor.store.errors import AdviserError, NotSaved
from advisor.store.logins import adviser_of, begin, end, end_all
from advisor.store.passwords import problems_of_password
from advisor.store.store import new_id
from advisor.store.tables import adviser, appointment, client, invitation, visit

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from advisor.session.model import Adviser
    from advisor.store.store import Store

__all__ = [
    "add", "adviser_of", "all_of", "any_exist", "begin", "by_id", "change", "change_password", "clients_of", "disable",
    "enable", "end", "end_all", "external", "find", "folded", "hand_over", "problems_of_password", "reset", "verify",
]  # fmt: skip
NAME_MAX = 80


@dataclass(frozen=True, slots=True)
class Handed:
    """How much was handed over: clients, and visits that have no client yet."""

    clients: int
    visits: int


def add(store: Store, name: str, password: str | None = None, team: str = "", leads: bool = False) -> Adviser:
    """Add an adviser. One without a password cannot log in here: a proxy or a hub has to identify them.

    Raises:
        AdviserError: adviser_name, adviser_taken, adviser_team, or a word of :func:`problems_of_password`.
    """
    store.require_everything()
    called = _usable(name)
    values: dict[str, Any] = {"id": new_id(), "name": called, "folded": folded(called), "added": datetime.now(UTC)}
    values |= {"password": _kept(password, called), "team": _line(team), "leads": leads}
    with store.writing() as connection:
        new = connection.execute(insert_new(connection, adviser, values).returning(adviser)).one_or_none()
        if new is None:
            raise AdviserError("adviser_taken")
        access_log.write(connection, store.by, "adviser_added", detail=new.id)
    return rows.adviser_of(new)


def find(store: Store, name: str) -> Adviser | None:
    """Return the adviser with this name, also a disabled one; None if there is none."""
    store.require_everything()
    with store.reading() as connection:
        row = _row(connection, name)
    return None if row is None else rows.adviser_of(row)


def by_id(store: Store, adviser_id: str) -> Adviser | None:
    """Return the adviser with this id; None if there is none, or they are disabled."""
    store.require_everything()
    chosen = select(adviser).where(adviser.c.id == adviser_id, adviser.c.disabled_on.is_(None))
    with store.reading() as connection:
        row = connection.execute(chosen).one_or_none()
    return None if row is None else rows.adviser_of(row)


def all_of(store: Store) -> tuple[Adviser, ...]:
    """Return all advisers, by team and name."""
    store.require_everything()
    with store.reading() as connection:
        result = connection.execute(select(adviser).order_by(adviser.c.team, adviser.c.folded))
        return tuple(rows.adviser_of(row) for row in result)


def any_exist(store: Store) -> bool:
    """Return whether the store has any adviser, also a disabled one. If so, everybody has to log in."""
    with store.reading() as connection:
        return connection.execute(select(adviser.c.id).limit(1)).one_or_none() is not None


def clients_of(store: Store) -> dict[str | None, int]:
    """Return how many clients each adviser has, by the adviser's id; None stands for clients without an adviser."""
    store.require_everything()
    with store.reading() as connection:
        counted = connection.execute(select(client.c.adviser, func.count()).group_by(client.c.adviser))
        return {row[0]: row[1] for row in counted}


def change(store: Store, name: str, *, team: str | None = None, leads: bool | None = None) -> Adviser:
    """Change an adviser's team, and whether they lead it; None leaves it as it is.

    Raises:
        AdviserError: adviser_unknown, adviser_team.
    """
    values = {"team": None if team is None else _line(team), "leads": leads}
    given = {column: value for column, value in values.items() if value is not None}
    return _change(store, name, "adviser_changed", given)


def disable(store: Store, name: str) -> Adviser:
    """Shut an adviser out from this moment on. Their clients stay theirs until somebody hands them over.

    Raises:
        AdviserError: adviser_unknown.
    """
    return _change(store, name, "adviser_disabled", {"disabled_on": today()})


def enable(store: Store, name: str) -> Adviser:
    """Let an adviser in again.

    Raises:
        AdviserError: adviser_unknown.
    """
    return _change(store, name, "adviser_enabled", {"disabled_on": None})


def reset(store: Store, name: str, password: str) -> Adviser:
    """Give an adviser a new password and end their logins.

    Raises:
        AdviserError: adviser_unknown, or a word of :func:`problems_of_password`.
    """
    return _change(store, name, "password_reset", {"password": _kept(password, name)})


def verify(store: Store, name: str, password: str) -> Adviser | None:
    """Return the adviser with this name and password; None if there is none, or they are disabled.

    A name that nobody has takes as long as any other: the time would tell which names exist. A refusal is logged,
    without the name and password that were typed.
    """
    store.require_everything()
    with store.reading() as connection:
        row = _row(connection, name)
    is_right = passwords.is_right(row.password if row else None, password)
    if row is None or not is_right or row.disabled_on is not None:
        with suppress(NotSaved), store.writing() as connection:
            access_log.write(connection, row.id if row else access_log.UNKNOWN, "login_refused")
        return None
    if passwords.needs_rehash(row.password):
        same = (adviser.c.id == row.id, adviser.c.password == row.password)
        with suppress(NotSaved), store.writing() as connection:
            connection.execute(update(adviser).where(*same).values(password=passwords.hashed(password)))
    return rows.adviser_of(row)


def change_password(store: Store, adviser_id: str, old: str, new: str) -> str:
    """Change an adviser's own password and end their logins.

    Return an empty string, or the word for the refusal: password_wrong (the old password is wrong), or a word of
    :func:`problems_of_password` about the new one.
    """
    store.require_everything()
    with store.reading() as connection:
        row = connection.execute(select(adviser).where(adviser.c.id == adviser_id)).one_or_none()
    is_right = passwords.is_right(row.password if row else None, old)
    if row is None or not is_right or row.disabled_on is not None:
        return "password_wrong"
    if problem := problems_of_password(new, row.name):
        return problem
    same = (adviser.c.id == adviser_id, adviser.c.password == row.password, adviser.c.disabled_on.is_(None))
    change = update(adviser).where(*same).values(password=passwords.hashed(new))
    with store.writing() as connection:
        if not connection.execute(change).rowcount:  # another person reset it meanwhile
            return "password_wrong"
        logins.end_in(connection, adviser_id)
        access_log.write(connection, adviser_id, "password_reset", detail=adviser_id)
    return ""


def external(store: Store, name: str) -> Adviser | None:
    """Return the adviser whose name a proxy or a hub gives; a new name makes a new adviser.

    None if the adviser is disabled, or the name cannot be used. A name that only looks like another adviser's name (in
    full-width letters, for example) is refused too: it would open that adviser's clients.
    """
    found = find(store, name)
    if found is None:
        try:
            found = add(store, name)
        except AdviserError as trouble:
            if trouble.word != "adviser_taken":
                return None
            found = find(store, name)  # another request added it at the same time
    if found is None or found.disabled or found.name.lower() != name.strip().lower():
        return None
    return found


def hand_over(store: Store, giver: str | None, taker: str) -> Handed:
    """Give all clients and visits of one adviser to another, and log each. ``giver`` None: those without an adviser.

    Raises:
        AdviserError: adviser_unknown; adviser_disabled (a disabled taker could not see them).
    """
    store.require_everything()
    with store.writing() as connection:
        store.hold_off(connection)
        old = None if giver is None else _known(connection, giver).id
        new = _known(connection, taker)
        if new.disabled_on is not None:
            raise AdviserError("adviser_disabled")
        moved = []
        for table in (client, visit, appointment, invitation):
            theirs = table.c.adviser.is_(None) if old is None else table.c.adviser == old
            change = update(table).where(theirs).values(adviser=new.id).returning(table)
            moved.append(connection.execute(change).all())
        clients, visits = moved[0], [row for row in moved[1] if row.client is None]
        detail = f"{old or 'nobody'} {new.id}"
        for row in clients:
            access_log.write(connection, store.by, "handed_over", client=row.id, detail=detail)
        for row in visits:
            access_log.write(connection, store.by, "handed_over", visit=row.id, detail=detail)
    return Handed(len(clients), len(visits))


# --- inside -------------------------------------------------------------------------------------------------------


def _change(store: Store, name: str, action: access_log.Action, values: dict[str, Any]) -> Adviser:
    """Change an adviser by name. To disable one or to reset a password also ends their logins."""
    store.require_everything()
    with store.writing() as connection:
        row = _known(connection, name)
        if values:
            connection.execute(update(adviser).where(adviser.c.id == row.id).values(values))
        if action in {"adviser_disabled", "password_reset"}:
            logins.end_in(connection, row.id)
        access_log.write(connection, store.by, action, detail=row.id)
        return rows.adviser_of(_known(connection, name))


def _row(connection: Connection, name: str) -> Row[Any] | None:
    if has_unseen(name):  # no adviser has such a name, and a database may fail on some of these characters
        return None
    return connection.execute(select(adviser).where(adviser.c.folded == folded(name))).one_or_none()


def _known(connection: Connection, name: str) -> Row[Any]:
    row = _row(connection, name)
    if row is None:
        raise AdviserError("adviser_unknown")
    return row


def _usable(name: str) -> str:
    called = name.strip()
    if not 0 < len(called) <= NAME_MAX or has_unseen(called) or not folded(called):
        raise AdviserError("adviser_name")
    return called


def _line(text: str) -> str:
    team = text.strip()
    if len(team) > NAME_MAX or has_unseen(team):
        raise AdviserError("adviser_team")
    return team


def _kept(password: str | None, name: str) -> str | None:
    """Check a new password and return its hash."""
    if password is None:
        return None
    word = problems_of_password(password, name)
    if word is not None:
        raise AdviserError(word)
    return passwords.hashed(password)
