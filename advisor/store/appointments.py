"""The appointments that the desk keeps: rows of their own, or rows in place of what a visit agreed.

A row belongs to the adviser of its client. A row without a client belongs to whoever made it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sqlalchemy import delete, insert, select, update

from advisor.session.appointments import Agreed
from advisor.session.model import day_of
from advisor.store import access_log, ownership, rows
from advisor.store.errors import AppointmentChanged, Gone
from advisor.store.import_visits import FIRST
from advisor.store.rows import Readable
from advisor.store.tables import appointment as table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from advisor.session.model import Appointment, Visit
    from advisor.store.store import Store

Deed = Literal["made", "moved", "cancelled", "given"]


def agreed_in(visits: Sequence[Visit]) -> list[Agreed]:
    """Return what each of a client's visits (oldest first) agreed, latest first."""
    return [
        Agreed(one.id, day_of(one.started), one.record.next_at, one.record.revision > FIRST) for one in reversed(visits)
    ]


def of_client(store: Store, client: str | None) -> Readable[Appointment]:
    """Return the rows of a client, cancelled ones too, soonest first; None: the rows without a client."""
    of = table.c.client.is_(None) if client is None else table.c.client == client
    chosen = select(table).where(of, ownership.seen(table, store.viewer)).order_by(table.c.at, table.c.id)
    with store.reading() as connection:
        return rows.readable(connection, store.vault, chosen, table, rows.appointment_of)


def put(store: Store, appointment: Appointment, before: Appointment | None = None) -> None:
    """Save an appointment, new or changed. ``before``: the row before the change; it must be what is stored.

    A new row in place of an agreed appointment erases older rows in place of an earlier word of the same visit.

    Raises:
        AppointmentChanged: another screen changed the row meanwhile, or made one for the same agreed appointment.
        Gone: the row or its client was erased, or is not there.
    """
    with store.sealing() as connection:
        owner = ownership.owner_of_new(connection, appointment.client, store.viewer)  # locks the client's row
        values = rows.appointment_row(appointment, store.vault)
        if before is None:
            _require_first(connection, store, appointment)
            connection.execute(insert(table).values(values | {"adviser": owner}))
        else:
            _require_unchanged(connection, store, before)
            given = {} if appointment.client == before.client else {"adviser": owner}
            connection.execute(update(table).where(table.c.id == before.id).values(values | given))
        if appointment.client is not None:
            deed = _deed(appointment, before)
            access_log.write(connection, store.by, "appointment", client=appointment.client, detail=deed)


def erase(store: Store, name: str) -> bool:
    """Erase a row; return whether its bytes are gone, too: see ``Store.erase_visit``.

    Raises:
        Gone: there is no such row.
    """
    with store.writing() as connection:
        ownership.require(connection, table, name, store.viewer)
        connection.execute(delete(table).where(table.c.id == name))
    return store.sweep()


def _require_first(connection: Connection, store: Store, appointment: Appointment) -> None:
    """Check that no row stands in place of the same word of a visit, and erase rows in place of its earlier words."""
    if appointment.visit is None:
        return
    same_visit = (table.c.visit == appointment.visit, table.c.client == appointment.client)
    chosen = select(table).where(*same_visit)
    for row in rows.readable(connection, store.vault, chosen, table, rows.appointment_of):
        if row.agreed == appointment.agreed:
            raise AppointmentChanged(row)
        connection.execute(delete(table).where(table.c.id == row.id))


def _require_unchanged(connection: Connection, store: Store, before: Appointment) -> None:
    mine = (table.c.id == before.id, ownership.seen(table, store.viewer))
    row = connection.execute(select(table).where(*mine).with_for_update()).one_or_none()
    if row is None:
        raise Gone("missing")
    stored = rows.appointment_of(row, store.vault)
    if stored != before:
        raise AppointmentChanged(stored)


def _deed(appointment: Appointment, before: Appointment | None) -> Deed:
    if appointment.cancelled:
        return "cancelled"
    if before is not None and appointment.client != before.client:
        return "given"
    return "made" if before is None and appointment.visit is None else "moved"
