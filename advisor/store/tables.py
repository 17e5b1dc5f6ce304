"""The tables. Ids are opaque; every column that may hold something personal is named in :data:`SEALED`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Column, Date, DateTime, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect


class Moment(TypeDecorator[datetime]):
    """An aware time in UTC; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """Return what a value is in Python."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (its shape)
        """Return the time in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (its shape)
        """Return the time as one in UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


METADATA = MetaData()

client = Table(
    "client",
    METADATA,
    Column("id", String, primary_key=True),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("given_on", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("at_end", String, nullable=False),
    Column("since", Date),
)
visit = Table(
    "visit",
    METADATA,
    Column("id", String, primary_key=True),
    Column("client", String, ForeignKey("client.id"), index=True),
    Column("revision", Integer, nullable=False),
    Column("record", Text, nullable=False),
    Column("started", Moment, nullable=False),
    Column("changed", Moment, nullable=False),
)
event = Table(  # rows are added and erased, never changed
    "event",
    METADATA,
    Column("visit", String, ForeignKey("visit.id"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("patch", Text, nullable=False),
)
tombstone = Table(
    "tombstone",
    METADATA,
    Column("id", String, primary_key=True),
    Column("erased_on", Date, nullable=False),
    Column("visits", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("part_of", String),  # the client with whom a visit was erased
)
catalogue = Table(
    "catalogue",
    METADATA,
    Column("digest", String, primary_key=True),
    Column("packed", LargeBinary, nullable=False),
)
PERSONAL = (client, visit, event)
SEALED = {client: ("code", "name", "purpose"), visit: ("record",), event: ("patch",)}
