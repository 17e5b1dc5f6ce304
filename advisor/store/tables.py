"""The tables of the database. Ids are opaque; :data:`SEALED` names every column that may hold something personal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect


class Moment(TypeDecorator[datetime]):
    """A time with its zone, in UTC. SQLite stores it without the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """Return the Python type of a value."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (its shape)
        """Return the time in UTC, for the database."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (its shape)
        """Return a time of the database with the zone UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


METADATA = MetaData()

adviser = Table(
    "adviser",
    METADATA,
    Column("id", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False, unique=True),  # the name in the form in which it is searched
    Column("password", Text),  # Argon2id hash; NULL if a proxy or a hub logs the adviser in
    Column("team", Text, nullable=False),
    Column("leads", Boolean, nullable=False),
    Column("disabled_on", Date),
    Column("added", Moment, nullable=False),
)
login = Table(
    "login",
    METADATA,
    Column("token_hash", String, primary_key=True),
    Column("adviser", String, ForeignKey("adviser.id"), nullable=False, index=True),
    Column("begun", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
)
access = Table(  # rows are added, never changed or deleted: triggers refuse it
    "access",
    METADATA,
    Column("id", String, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("by", String, nullable=False),  # an adviser's id, or alone, command, policy, unknown
    Column("action", String, nullable=False),
    Column("client", String),  # no foreign key: the log keeps the id after an erasure
    Column("visit", String),
    Column("detail", Text, nullable=False),
)
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
    Column("adviser", String, ForeignKey("adviser.id"), index=True),
    Column("details", Text, nullable=False, server_default=""),  # JSON of Details; empty: there are none
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
    Column("adviser", String, ForeignKey("adviser.id"), index=True),  # the client's adviser, if it has a client
)
appointment = Table(
    "appointment",
    METADATA,
    Column("id", String, primary_key=True),
    Column("client", String, ForeignKey("client.id"), index=True),
    Column("visit", String),  # no foreign key: the appointment stays if this visit is erased
    Column("at", Moment, nullable=False, index=True),
    Column("details", Text, nullable=False),  # JSON of an Appointment, without the columns
    Column("adviser", String, ForeignKey("adviser.id"), index=True),  # the client's adviser, if it has a client
)
invitation = Table(
    "invitation",
    METADATA,
    Column("id", String, primary_key=True),
    Column("client", String, ForeignKey("client.id"), nullable=False, index=True),
    Column("purpose", String, nullable=False),
    Column("token_hash", String, nullable=False, unique=True),  # of the capability in the link; the store never has it
    Column("digits_hash", String),  # of the capability and four digits; NULL if the link asks for none
    Column("wrong", Integer, nullable=False),
    Column("expires", Moment, nullable=False, index=True),
    Column("withdrawn", Moment),
    Column("visit", String, index=True),  # no foreign key: the link is closed a moment before its visit is stored
    Column("details", Text, nullable=False),  # JSON of an Invitation, without the columns
    Column("adviser", String, ForeignKey("adviser.id"), index=True),  # the client's adviser
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
    Column("part_of", String),  # a visit that was erased with its client: the client's id
    Column("adviser", String, ForeignKey("adviser.id"), index=True),  # the adviser before the erasure
)
catalogue = Table(
    "catalogue",
    METADATA,
    Column("digest", String, primary_key=True),
    Column("packed", LargeBinary, nullable=False),
)
setting = Table(  # settings of the store itself; nothing of a client
    "setting",
    METADATA,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)
PERSONAL = (client, visit, event, appointment, invitation)
SEALED = {
    client: ("code", "name", "purpose", "details"),
    visit: ("record",),
    event: ("patch",),
    appointment: ("details",),
    invitation: ("details",),
}
