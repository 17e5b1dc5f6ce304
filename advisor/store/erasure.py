"""Erasure of clients and visits: first their rows, then their bytes in the database's files.

SQLite: deleted bytes are overwritten (secure_delete), the file is written anew (VACUUM) and its WAL is emptied.
PostgreSQL: the files of the tables are written anew (VACUUM FULL). The WAL, replicas and backups of PostgreSQL, and
backups of a SQLite file, still hold erased rows until they are replaced. The people who run them have to see to that.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from advisor.session.model import TOKYO
from advisor.store.tables import PERSONAL, appointment, client, event, invitation, tombstone, visit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement, Connection, Engine

# So long are kept a visit without a client after its last change, an appointment after its day, an invitation after
# its end.
UNASSIGNED_DAYS = 30
PATIENCE_SECONDS = 5.0
_PAUSE_SECONDS = 0.1
_OTHERS = text(  # other connections that still see the old rows: VACUUM FULL would have to keep these rows
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL"
)


def erase_client(connection: Connection, name: str, on: date) -> bool:
    """Erase a client with all visits and leave tombstones; return whether the client was there."""
    row = connection.execute(select(client.c.adviser).where(client.c.id == name).with_for_update()).one_or_none()
    if row is None:
        return False
    visits = connection.execute(select(visit.c.id).where(visit.c.client == name)).scalars().all()
    events = sum(_erase_visit(connection, each, on, part_of=name) for each in visits)
    for table in (appointment, invitation):
        connection.execute(delete(table).where(table.c.client == name))
    connection.execute(delete(client).where(client.c.id == name))
    left = {"id": name, "erased_on": on, "visits": len(visits), "events": events, "adviser": row.adviser}
    connection.execute(insert(tombstone).values(left))
    return True


def erase_visit(connection: Connection, name: str, on: date) -> bool:
    """Erase one visit and leave a tombstone; return whether the visit was there."""
    if connection.execute(select(visit.c.id).where(visit.c.id == name)).one_or_none() is None:
        return False
    _erase_visit(connection, name, on)
    return True


def _erase_visit(connection: Connection, name: str, on: date, part_of: str | None = None) -> int:
    """Erase a visit and return how many events it had."""
    # Lock the row first: in PostgreSQL, a save at the same time ends before this, or finds no visit afterwards.
    owner = connection.execute(select(visit.c.adviser).where(visit.c.id == name).with_for_update()).scalar_one()
    events = connection.execute(delete(event).where(event.c.visit == name)).rowcount
    connection.execute(delete(invitation).where(invitation.c.visit == name))  # it holds what went into the visit
    connection.execute(delete(visit).where(visit.c.id == name))
    left = {"id": name, "erased_on": on, "visits": 1, "events": events, "part_of": part_of, "adviser": owner}
    connection.execute(insert(tombstone).values(left))
    return events


def erase_appointment(connection: Connection, name: str) -> None:
    """Erase an appointment; nothing is left of it."""
    connection.execute(delete(appointment).where(appointment.c.id == name))


def erase_invitation(connection: Connection, name: str) -> None:
    """Erase an invitation with its answers; nothing is left of it."""
    connection.execute(delete(invitation).where(invitation.c.id == name))


def overdue(connection: Connection, today: date) -> tuple[Sequence[str], Sequence[str], Sequence[str], Sequence[str]]:
    """Return the ids of the clients, visits, appointments and invitations to erase.

    Clients: their consent has ended and says "erase". Visits: without a client, unchanged for UNASSIGNED_DAYS.
    Appointments: without a client, their day is past for so long. Invitations: they expired so long ago.
    """
    clients = select(client.c.id).where(client.c.until < today, client.c.at_end == "erase").order_by(client.c.id)
    kept = timedelta(days=UNASSIGNED_DAYS)
    limit = datetime(today.year, today.month, today.day, tzinfo=UTC) - kept
    old: ColumnElement[bool] = visit.c.changed < limit
    visits = select(visit.c.id).where(visit.c.client.is_(None), old)
    past: ColumnElement[bool] = appointment.c.at < datetime.combine(today, time(), TOKYO) - kept
    meetings = select(appointment.c.id).where(appointment.c.client.is_(None), past)
    expired: ColumnElement[bool] = invitation.c.expires < datetime.combine(today, time(), TOKYO) - kept
    links = select(invitation.c.id).where(expired)
    due = [connection.execute(chosen).scalars().all() for chosen in (clients, visits, meetings, links)]
    return due[0], due[1], due[2], due[3]


def count(connection: Connection, table: Any) -> int:  # noqa: ANN401  (a table)
    """Return how many rows a table has."""
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


# --- bytes --------------------------------------------------------------------------------------------------------


def sweep(engine: Engine) -> bool:
    """Write the files anew, so that no erased byte stays in them.

    Return False if other connections were in the way for PATIENCE_SECONDS.
    """
    attempt: Callable[[Connection], bool] = _sweep_sqlite if engine.dialect.name == "sqlite" else _sweep_postgres
    until = monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                if attempt(connection):
                    return True
        except SQLAlchemyError:
            pass  # another connection holds a lock; the rows are erased already
        if monotonic() > until:
            return False
        sleep(_PAUSE_SECONDS)


def _sweep_sqlite(connection: Connection) -> bool:
    connection.exec_driver_sql("VACUUM")
    busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not busy


def _sweep_postgres(connection: Connection) -> bool:
    if connection.execute(_OTHERS).scalar_one():
        return False
    for table in PERSONAL:
        connection.execute(text(f"VACUUM FULL {table.name}"))
    return True
