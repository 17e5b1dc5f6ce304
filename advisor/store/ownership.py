"""Ownership: who may see and change which rows, as SQL conditions. No other module decides this.

An adviser sees their own clients and visits. The leader of a team also sees those of the team. Without a viewer (the
command line, one person on a laptop) everything is seen. A client with an open live link sees their own row and visits,
changes the one visit of the link, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, false, or_, select, true

from advisor.session.advance import MOST_WRONG
from advisor.store.errors import Gone, NotAllowed
from advisor.store.tables import adviser, client, invitation, tombstone, visit

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Select, Table

    from advisor.session.model import Purpose


@dataclass(frozen=True, slots=True)
class Guest:
    """A client who came by a live link; ``link`` is the hash of its capability, which nobody can open it with."""

    link: str


Viewer = str | Guest | None  # an adviser's id, a client, or everybody


def by_link(token_hash: str, purpose: Purpose) -> ColumnElement[bool]:
    """Return the condition for the invitation of a capability, while its link is open.

    A link to answer before a session closes when the session begins. A live link has its visit from the beginning, and
    closes when its adviser is disabled.
    """
    link = invitation.c
    active = select(adviser.c.id).where(adviser.c.disabled_on.is_(None))
    is_live = and_(link.visit.is_not(None), or_(link.adviser.is_(None), link.adviser.in_(active)))
    now = bindparam("now", callable_=lambda: datetime.now(UTC), type_=link.expires.type)
    return and_(
        link.token_hash == token_hash, link.purpose == purpose, link.withdrawn.is_(None), link.wrong < MOST_WRONG,
        link.visit.is_(None) if purpose == "before" else is_live, link.expires > now,
    )  # fmt: skip


def require_active(connection: Connection, viewer: Viewer, *, writes: bool = False) -> None:
    """Check that the viewer may use the store. ``writes``: nobody can disable them before this transaction ends.

    Raises:
        NotAllowed: the viewer is no adviser or is disabled, or the client's link is closed.
    """
    if viewer is None:
        return
    if isinstance(viewer, Guest):
        if connection.execute(_open(viewer, writes)).one_or_none() is None:
            raise NotAllowed("link_closed")
        return
    if connection.execute(_active(viewer, writes)).one_or_none() is None:
        raise NotAllowed("" if viewer else "no_adviser")


@cache  # a kernel has one viewer; building the condition takes longer than the query
def seen(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition for the rows of clients, visits or tombstones that the viewer may see."""
    if isinstance(viewer, Guest):
        own = {client: client.c.id, visit: visit.c.client}.get(table)
        return false() if own is None else own.in_(select(invitation.c.client).where(by_link(viewer.link, "live")))
    return true() if viewer is None else table.c.adviser.in_(_circle(viewer))


@cache
def changeable(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition for the visits that the viewer may change: a client only the one of their link."""
    if isinstance(viewer, Guest):
        return and_(visit.c.id.in_(select(invitation.c.visit).where(by_link(viewer.link, "live"))), seen(visit, viewer))
    return seen(visit, viewer)


def seen_visits(viewer: Viewer, name: str) -> Select[tuple[str]]:
    """Return the query for the id of one visit; it finds nothing if the viewer may not see the visit."""
    return select(visit.c.id).where(visit.c.id == name, seen(visit, viewer))


def not_found_error(connection: Connection, name: str, viewer: Viewer) -> Gone:
    """Return the error for a client or visit not found: erased if the viewer may see its tombstone, else missing."""
    return Gone() if is_erased(connection, name, viewer) else Gone("missing")


def is_erased(connection: Connection, name: str, viewer: Viewer) -> bool:
    """Return whether a client or visit was erased, and the viewer may see its tombstone."""
    result = connection.execute(select(tombstone.c.id).where(tombstone.c.id == name, seen(tombstone, viewer)))
    return result.one_or_none() is not None


def require(connection: Connection, table: Table, name: str, viewer: Viewer) -> str | None:
    """Return the id of the adviser of a client or visit, and lock its row until the transaction ends.

    Raises:
        Gone: there is no such row, or the viewer may not see it.
        NotAllowed: the viewer is a client.
    """
    if isinstance(viewer, Guest):
        raise NotAllowed
    chosen = select(table.c.adviser).where(table.c.id == name, seen(table, viewer)).with_for_update()
    row = connection.execute(chosen).one_or_none()
    if row is None:
        raise not_found_error(connection, name, viewer)
    owner: str | None = row[0]
    return owner


def owner_of_new(connection: Connection, of: str | None, viewer: Viewer) -> str | None:
    """Return the adviser of a new visit of the client ``of``: the client's adviser. Without a client: the viewer.

    Raises:
        Gone: there is no such client, or the viewer may not see them.
        NotAllowed: the viewer is a client.
    """
    if isinstance(viewer, Guest):
        raise NotAllowed
    return viewer if of is None else require(connection, client, of, viewer)


@cache
def _active(viewer: str, held: bool) -> Select[tuple[str]]:
    """Return the query for a viewer who is an active adviser; ``held``: lock their row until the transaction ends."""
    query = select(adviser.c.id).where(adviser.c.id == viewer, adviser.c.disabled_on.is_(None))
    return query.with_for_update(read=True) if held else query


@cache
def _open(viewer: Guest, held: bool) -> Select[tuple[str]]:
    """Return the query for the open link of a client; ``held``: nobody withdraws it until the transaction ends."""
    query = select(invitation.c.id).where(by_link(viewer.link, "live"))
    return query.with_for_update(read=True) if held else query


def _circle(viewer: str) -> Select[tuple[str]]:
    """Return the query for the advisers whose clients the viewer sees; for a disabled viewer it finds nobody."""
    me, other = adviser.alias("me"), adviser.alias("other")
    in_my_team = and_(me.c.leads, me.c.team != "", other.c.team == me.c.team)
    return select(other.c.id).where(
        me.c.id == viewer, me.c.disabled_on.is_(None), or_(other.c.id == me.c.id, in_my_team)
    )
