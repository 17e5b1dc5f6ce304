"""Finds the rows that cannot be read, by reading every row of the store once.

A record may be cut off, a byte may be wrong, a key may be lost. One such row must not break a list. It is named by its
table and id, never by its content, and it stays as it is until somebody repairs or erases it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from advisor.store import catalogues, rows, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection, Row, Table

    from advisor.store.encryption import Vault
    from advisor.store.store import Store

ORDER = (  # all tables but login and setting; a table comes after the tables that it refers to
    tables.adviser, tables.tombstone, tables.catalogue, tables.client, tables.visit, tables.event,
    tables.appointment, tables.invitation, tables.access,
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Unread:
    """A row that cannot be read: the name of its table (``kind``), and its id there."""

    kind: str
    id: str


def look_through(store: Store) -> tuple[Unread, ...]:
    """Read every row of the store, and return the rows that cannot be read.

    Raises:
        NotRead: the database does not answer.
        Sealed: nothing is damaged; the key is wrong.
    """
    store.require_everything()
    with store.reading() as connection:
        return unread_rows(connection, store.vault)


def unread_rows(connection: Connection, vault: Vault) -> tuple[Unread, ...]:
    """Do the same as :func:`look_through`, in the caller's transaction."""
    return tuple(
        Unread(table.name, name)
        for table in ORDER
        for name in rows.readable(connection, vault, select(table), table, _MADE.get(table, _as_it_is)).unread
    )


def differing(store: Store) -> tuple[str, ...]:
    """Return the ids of visits whose record is not the one that their changes lead to, one after the other.

    Rows that cannot be read are left to :func:`look_through`.

    Raises:
        NotRead: the database does not answer.
    """
    store.require_everything()
    visit, event = tables.visit, tables.event
    in_order = select(event).order_by(event.c.visit, event.c.revision)
    with store.reading() as connection:
        visits = rows.readable(connection, store.vault, select(visit), visit, rows.visit_of)
        events = rows.readable(connection, store.vault, in_order, event, rows.event_of)
    unread = {name.rpartition(" ")[0] for name in events.unread}  # an event is named by its visit and revision
    led_to = {name: rows.replayed(changes) for name, changes in groupby(events, key=attrgetter("visit"))}
    return tuple(sorted(one.id for one in visits if one.id not in unread and led_to.get(one.id) != one.record))


def _as_it_is(row: Row[Any], _: Vault) -> Row[Any]:
    return row


def _catalogue(row: Row[Any], _: Vault) -> Row[Any]:
    if catalogues.unpack(row.packed, row.digest) is None:
        raise ValueError(row.digest)
    return row


_MADE: Mapping[Table, Callable[[Row[Any], Vault], object]] = {
    tables.catalogue: _catalogue,
    tables.client: rows.client_of,
    tables.visit: rows.visit_of,
    tables.event: rows.event_of,
    tables.appointment: rows.appointment_of,
    tables.invitation: rows.invitation_of,
}
