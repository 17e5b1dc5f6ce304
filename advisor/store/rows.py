"""Turns rows into clients, visits, events and advisers, and back. Personal columns are sealed and opened here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select, update

from advisor.session import record as records
from advisor.session.model import (
    Adviser,
    Ahead,
    Appointment,
    Client,
    Consent,
    Details,
    Event,
    Invitation,
    Record,
    Visit,
)
from advisor.store import keys
from advisor.store.errors import NotRead, Sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, Row, Select, Table

    from advisor.store.encryption import Vault

T = TypeVar("T")
_DETAILS, _APPOINTMENT, _INVITATION = TypeAdapter(Details), TypeAdapter(Appointment), TypeAdapter(Invitation)
_COLUMNS = {"id", "client", "visit", "at"}  # what of an appointment stands in columns of its own
_INVITATION_COLUMNS = ("id", "client", "purpose", "wrong", "expires", "withdrawn", "visit")
DAMAGED = (Sealed, NotRead, ValueError)  # the errors that a damaged row raises when it is read


class Readable(tuple[T, ...]):  # noqa: SLOT001  (a tuple can have none beside its items)
    """The readable entries of a list; ``unread``: the ids of the rows that cannot be read."""

    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left after the erasure of a client, or of a visit alone: the id, the day, and how much there was."""

    id: str
    erased_on: date
    visits: int
    events: int


def readable(
    connection: Connection, vault: Vault, chosen: Select[Any], table: Table, made: Callable[[Row[Any], Vault], T]
) -> Readable[T]:
    """Call ``made`` for each row of a table and return the results, with the ids of the rows that cannot be read.

    Raises:
        Sealed: the rows are not damaged; the key is wrong.
    """
    found: list[T] = []
    unread: list[str] = []
    for name, row in rows_with_ids(connection, chosen, *table.primary_key.columns):
        try:
            if row is None:
                raise NotRead
            found.append(made(row, vault))
        except DAMAGED:
            unread.append(name)
    if unread:
        keys.require_reading(connection, vault)
    listed = Readable(found)
    listed.unread = tuple(unread)
    return listed


def rows_of(connection: Connection, chosen: Select[Any], *key: ColumnElement[Any]) -> list[Row[Any] | None]:
    """Return the rows that :func:`each` yields, without their ids: for thousands of rows this takes half the time."""
    try:
        return list(connection.execute(chosen))
    except ValueError:
        return [row for _, row in rows_with_ids(connection, chosen, *key)]


def rows_with_ids(
    connection: Connection, chosen: Select[Any], *key: ColumnElement[Any]
) -> Iterator[tuple[str, Row[Any] | None]]:
    """Yield each row with its id; None instead of a row with a value that is not of the type of its column."""
    try:
        result = connection.execute(chosen).all()
    except ValueError:  # a day that is no date, for example: read every row alone
        for place in connection.execute(chosen.with_only_columns(*key)).all():
            query = chosen.where(*(column == value for column, value in zip(key, place, strict=True)))
            try:
                yield _named(place), connection.execute(query).one()
            except ValueError:
                yield _named(place), None
    else:
        names = [column.name for column in key]
        yield from ((_named(row._mapping[name] for name in names), row) for row in result)  # noqa: SLF001  (as in reseal)


def _named(key: Iterable[Any]) -> str:
    return " ".join(map(str, key))


def visit_of(row: Row[Any], vault: Vault) -> Visit:
    """Return the visit in a row.

    Raises:
        NotRead: its record cannot be read.
        Sealed: no key opens its record.
    """
    record = records.parse(vault.open(row.record))
    if record is None:
        raise NotRead
    return Visit(row.id, record, row.started, row.changed, row.client)


def ahead_of(written: str, vault: Vault) -> Ahead:
    """Return the dates after a visit, from its stored record.

    Raises:
        NotRead: the record cannot be read.
        Sealed: no key opens it.
    """
    ahead = records.ahead(vault.open(written))
    if ahead is None:
        raise NotRead
    return ahead


def client_of(row: Row[Any], vault: Vault) -> Client:
    """Return the client in a row."""
    consent = Consent(vault.open(row.purpose), row.given_on, row.until, row.at_end)
    told = vault.open(row.details)
    details = _DETAILS.validate_json(told, strict=True) if told else Details()
    return Client(row.id, vault.open(row.code), consent, vault.open(row.name), row.since, details)


def appointment_of(row: Row[Any], vault: Vault) -> Appointment:
    """Return the appointment in a row."""
    told = {"id": row.id, "client": row.client, "visit": row.visit, "at": row.at.isoformat()}
    return _APPOINTMENT.validate_json(json.dumps(told | json.loads(vault.open(row.details))), strict=True)


def appointment_row(appointment: Appointment, vault: Vault) -> dict[str, Any]:
    """Return the columns of an appointment, sealed, without the adviser."""
    details = _APPOINTMENT.dump_json(appointment, exclude=_COLUMNS, exclude_defaults=True).decode()
    columns = {name: getattr(appointment, name) for name in sorted(_COLUMNS)}
    return columns | {"details": vault.seal(details)}


def invitation_of(row: Row[Any], vault: Vault) -> Invitation:
    """Return the invitation in a row."""
    told = {name: row._mapping[name] for name in _INVITATION_COLUMNS}  # noqa: SLF001  (as in reseal)
    told |= {name: at and at.isoformat() for name, at in told.items() if name in {"expires", "withdrawn"}}
    told |= {"guarded": row.digits_hash is not None}
    return _INVITATION.validate_json(json.dumps(told | json.loads(vault.open(row.details))), strict=True)


def invitation_row(invitation: Invitation, vault: Vault) -> dict[str, Any]:
    """Return the columns of an invitation, sealed, without its hashes and the adviser."""
    inside = {*_INVITATION_COLUMNS, "guarded"}
    details = _INVITATION.dump_json(invitation, exclude=inside, exclude_defaults=True).decode()
    return {name: getattr(invitation, name) for name in _INVITATION_COLUMNS} | {"details": vault.seal(details)}


def event_of(row: Row[Any], vault: Vault) -> Event:
    """Return the event in a row."""
    return Event(row.visit, row.revision, row.at, json.loads(vault.open(row.patch)))


def adviser_of(row: Row[Any]) -> Adviser:
    """Return the adviser in a row."""
    return Adviser(row.id, row.name, row.team, row.leads, row.disabled_on is not None)


def client_row(client: Client, vault: Vault) -> dict[str, Any]:
    """Return the columns of a client, sealed, without the adviser."""
    return {
        "id": client.id,
        "code": vault.seal(client.code),
        "name": vault.seal(client.name),
        "purpose": vault.seal(client.consent.purpose),
        "given_on": client.consent.given_on,
        "until": client.consent.until,
        "at_end": client.consent.then,
        "since": client.since,
        "details": vault.seal(_told(client.details)),
    }


def _told(details: Details) -> str:
    return "" if details == Details() else _DETAILS.dump_json(details, exclude_defaults=True).decode()


def patch_text(before: Record | None, after: Record) -> str:
    """Return the patch of an event, as JSON. The first one is the whole record: so the events can be replayed."""
    if before is None:
        return records.dump(after)
    return json.dumps(records.difference(before, after), ensure_ascii=False)


def replayed(events: Iterable[Event]) -> Record | None:
    """Apply the events of a visit one after the other and return the record; None if one of them cannot be applied."""
    record: Record | None = None
    for event in events:
        record = records.changed(record, event.patch) if record else records.parse(json.dumps(event.patch))
        if record is None:
            return None
    return record


def reseal(connection: Connection, vault: Vault, table: Table, columns: tuple[str, ...]) -> None:
    """Seal these columns of every row again with the first key. A value that does not open stays as it is."""
    keys = list(table.primary_key.columns)
    by_key = [key == bindparam(f"key_{key.name}") for key in keys]
    for row in connection.execute(select(*keys, *(table.c[name] for name in columns))).all():
        values = row._mapping  # noqa: SLF001  (public; the underscore keeps it apart from columns)
        sealed = {name: vault.seal(text) for name in columns if (text := vault.opened(values[name])) is not None}
        if sealed:
            change = update(table).where(*by_key).values(sealed)
            connection.execute(change, {f"key_{key.name}": values[key.name] for key in keys})
