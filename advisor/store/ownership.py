"""Whose a row is, and who may see it: the one place where that is said, as a condition of SQL.

An adviser sees what is theirs; one who leads a team sees what is the team's, too. A store that nobody in particular
looks at (the command line, one person on a laptop) sees everything.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select, true

from advisor.store.errors import Gone, NotAllowed
from advisor.store.tables import adviser, client, tombstone, visit

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Select, Table


def admit(connection: Connection, viewer: str | None, *, writes: bool = False) -> None:
    """See that the viewer may still come in; whoever disables them waits until what they write is written.

    Raises:
        NotAllowed: they may not.
    """
    if viewer is None:
        return
    if connection.execute(_active(viewer, writes)).one_or_none() is None:
        raise NotAllowed("" if viewer else "no_adviser")


@cache  # a kernel has one viewer; to build this anew would cost more than to ask it
def seen(table: Table, viewer: str | None) -> ColumnElement[bool]:
    """Return the condition under which a row of clients, visits or tombstones is there for the viewer."""
    return true() if viewer is None else table.c.adviser.in_(_circle(viewer))


def seen_visits(viewer: str | None, name: str) -> Select[tuple[str]]:
    """Return the query for the id of a visit, where it is there for the viewer."""
    return select(visit.c.id).where(visit.c.id == name, seen(visit, viewer))


def gone(connection: Connection, name: str, viewer: str | None) -> Gone:
    """Return what is to be said of a client or visit that is not there: erased only where its tombstone is there."""
    return Gone() if is_erased(connection, name, viewer) else Gone("missing")


def is_erased(connection: Connection, name: str, viewer: str | None) -> bool:
    """Return whether a client or visit was erased, and that is there for the viewer to know."""
    found = connection.execute(select(tombstone.c.id).where(tombstone.c.id == name, seen(tombstone, viewer)))
    return found.one_or_none() is not None


def require(connection: Connection, table: Table, name: str, viewer: str | None) -> str | None:
    """Return whose a client or visit is, and hold it as it is until the transaction ends.

    Raises:
        Gone: it is not there for the viewer.
    """
    chosen = select(table.c.adviser).where(table.c.id == name, seen(table, viewer)).with_for_update()
    found = connection.execute(chosen).one_or_none()
    if found is None:
        raise gone(connection, name, viewer)
    owner: str | None = found[0]
    return owner


def owner_of_new(connection: Connection, of: str | None, viewer: str | None) -> str | None:
    """Return whose a new visit is: whose its client is, else the viewer's.

    Raises:
        Gone: its client is not there for the viewer.
    """
    return viewer if of is None else require(connection, client, of, viewer)


@cache
def _active(viewer: str, held: bool) -> Select[tuple[str]]:
    """Return the query for a viewer who may come in; ``held``: who stays as they are until the transaction ends."""
    found = select(adviser.c.id).where(adviser.c.id == viewer, adviser.c.disabled_on.is_(None))
    return found.with_for_update(read=True) if held else found


def _circle(viewer: str) -> Select[tuple[str]]:
    """Return the query for the advisers whose clients the viewer sees; for one who is disabled it finds nobody."""
    me, other = adviser.alias("me"), adviser.alias("other")
    in_my_team = and_(me.c.leads, me.c.team != "", other.c.team == me.c.team)
    return select(other.c.id).where(
        me.c.id == viewer, me.c.disabled_on.is_(None), or_(other.c.id == me.c.id, in_my_team)
    )
