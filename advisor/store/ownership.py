"""Ownership: which adviser may see which rows, as SQL conditions. No other module decides this.

An adviser sees their own clients and visits. The leader of a team also sees those of the team. Without a viewer (the
command line, one person on a laptop) everything is seen.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select, true

from advisor.store.errors import Gone, NotAllowed
from advisor.store.tables import adviser, client, tombstone, visit

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Select, Table


def require_active(connection: Connection, viewer: str | None, *, writes: bool = False) -> None:
    """Check that the viewer may use the store. ``writes``: nobody can disable them before this transaction ends.

    Raises:
        NotAllowed: the viewer is no adviser, or is disabled.
    """
    if viewer is None:
        return
    if connection.execute(_active(viewer, writes)).one_or_none() is None:
        raise NotAllowed("" if viewer else "no_adviser")


@cache  # a kernel has one viewer; building the condition takes longer than the query
def seen(table: Table, viewer: str | None) -> ColumnElement[bool]:
    """Return the condition for the rows of clients, visits or tombstones that the viewer may see."""
    return true() if viewer is None else table.c.adviser.in_(_circle(viewer))


def seen_visits(viewer: str | None, name: str) -> Select[tuple[str]]:
    """Return the query for the id of one visit; it finds nothing if the viewer may not see the visit."""
    return select(visit.c.id).where(visit.c.id == name, seen(visit, viewer))


def not_found_error(connection: Connection, name: str, viewer: str | None) -> Gone:
    """Return the error for a client or visit not found: erased if the viewer may see its tombstone, else missing."""
    return Gone() if is_erased(connection, name, viewer) else Gone("missing")


def is_erased(connection: Connection, name: str, viewer: str | None) -> bool:
    """Return whether a client or visit was erased, and the viewer may see its tombstone."""
    result = connection.execute(select(tombstone.c.id).where(tombstone.c.id == name, seen(tombstone, viewer)))
    return result.one_or_none() is not None


def require(connection: Connection, table: Table, name: str, viewer: str | None) -> str | None:
    """Return the id of the adviser of a client or visit, and lock its row until the transaction ends.

    Raises:
        Gone: there is no such row, or the viewer may not see it.
    """
    chosen = select(table.c.adviser).where(table.c.id == name, seen(table, viewer)).with_for_update()
    row = connection.execute(chosen).one_or_none()
    if row is None:
        raise not_found_error(connection, name, viewer)
    owner: str | None = row[0]
    return owner


def owner_of_new(connection: Connection, of: str | None, viewer: str | None) -> str | None:
    """Return the adviser of a new visit of the client ``of``: the client's adviser. Without a client: the viewer.

    Raises:
        Gone: there is no such client, or the viewer may not see them.
    """
    return viewer if of is None else require(connection, client, of, viewer)


@cache
def _active(viewer: str, held: bool) -> Select[tuple[str]]:
    """Return the query for a viewer who is an active adviser; ``held``: lock their row until the transaction ends."""
    query = select(adviser.c.id).where(adviser.c.id == viewer, adviser.c.disabled_on.is_(None))
    return query.with_for_update(read=True) if held else query


def _circle(viewer: str) -> Select[tuple[str]]:
    """Return the query for the advisers whose clients the viewer sees; for a disabled viewer it finds nobody."""
    me, other = adviser.alias("me"), adviser.alias("other")
    in_my_team = and_(me.c.leads, me.c.team != "", other.c.team == me.c.team)
    return select(other.c.id).where(
        me.c.id == viewer, me.c.disabled_on.is_(None), or_(other.c.id == me.c.id, in_my_team)
    )
