"""Rows as nouns and nouns as rows; what is personal passes the vault on its way."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import bindparam, select, update

from advisor.session import record as records
from advisor.session.model import Adviser, Ahead, Client, Consent, Event, Record, Visit
from advisor.store import keys
from advisor.store.errors import NotRead, Sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, Row, Select, Table

    from advisor.store.encryption import Vault

T = TypeVar("T")
DAMAGED = (Sealed, NotRead, ValueError)  # what reading a row raises where the row is what is wrong


class Readable(tuple[T, ...]):  # noqa: SLOT001  (a tuple can have none beside its items)
    """What opens of a list; ``unread``: the ids of what does not."""

    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a client or of a visit of nobody after erasure: an opaque id, the day, and how much there was."""

    id: str
    erased_on: date
    visits: int
    events: int


def readable(
    connection: Connection, vault: Vault, chosen: Select[Any], table: Table, made: Callable[[Row[Any], Vault], T]
) -> Readable[T]:
    """Return what is made of the rows of a table, and the ids of those of which nothing can be made.

    Raises:
        Sealed: they are not damaged, the key is another one.
    """
    found: list[T] = []
    unread: list[str] = []
    for name, row in each(connection, chosen, *table.primary_key.columns):
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


def whole(connection: Connection, chosen: Select[Any], *key: ColumnElement[Any]) -> list[Row[Any] | None]:
    """Return the rows that :func:`each` yields, without their ids: of thousands, these take as long as the rows."""
    try:
        return list(connection.execute(chosen))
    except ValueError:
        return [row for _, row in each(connection, chosen, *key)]


def each(
    connection: Connection, chosen: Select[Any], *key: ColumnElement[Any]
) -> Iterator[tuple[str, Row[Any] | None]]:
    """Yield each row with its id; None for the row where a value is not even of the type of its column."""
    try:
        found = connection.execute(chosen).all()
    except ValueError:  # a day that is none: every row is asked for alone
        for place in connection.execute(chosen.with_only_columns(*key)).all():
            one = chosen.where(*(column == value for column, value in zip(key, place, strict=True)))
            try:
                yield _named(place), connection.execute(one).one()
            except ValueError:
                yield _named(place), None
    else:
        names = [column.name for column in key]
        yield from ((_named(row._mapping[name] for name in names), row) for row in found)  # noqa: SLF001  (as in reseal)


def _named(key: Iterable[Any]) -> str:
    return " ".join(map(str, key))


def visit_of(row: Row[Any], vault: Vault) -> Visit:
    """Return the visit of a row."""
    record = records.parse(vault.open(row.record))
    if record is None:
        raise NotRead
    return Visit(row.id, record, row.started, row.changed, row.client)


def ahead_of(written: str, vault: Vault) -> Ahead:
    """Return what a written record says of the days after it."""
    ahead = records.ahead(vault.open(written))
    if ahead is None:
        raise NotRead
    return ahead


def client_of(row: Row[Any], vault: Vault) -> Client:
    """Return the client of a row."""
    consent = Consent(vault.open(row.purpose), row.given_on, row.until, row.at_end)
    return Client(row.id, vault.open(row.code), consent, vault.open(row.name), row.since)


def event_of(row: Row[Any], vault: Vault) -> Event:
    """Return the event of a row."""
    return Event(row.visit, row.revision, row.at, json.loads(vault.open(row.patch)))


def adviser_of(row: Row[Any]) -> Adviser:
    """Return the adviser of a row."""
    return Adviser(row.id, row.name, row.team, row.leads, row.disabled_on is not None)


def client_row(client: Client, vault: Vault) -> dict[str, Any]:
    """Return a client as a row."""
    return {
        "id": client.id,
        "code": vault.seal(client.code),
        "name": vault.seal(client.name),
        "purpose": vault.seal(client.consent.purpose),
        "given_on": client.consent.given_on,
        "until": client.consent.until,
        "at_end": client.consent.then,
        "since": client.since,
    }


def patch_text(before: Record | None, after: Record) -> str:
    """Return what changed, as JSON; the first event of a visit is the whole record: its events can be replayed."""
    if before is None:
        return records.dump(after)
    return json.dumps(records.difference(before, after), ensure_ascii=False)


def folded(events: Iterable[Event]) -> Record | None:
    """Return the record that the events of a visit lead to, or None when they lead to none."""
    record: Record | None = None
    for event in events:
        record = records.changed(record, event.patch) if record else records.parse(json.dumps(event.patch))
        if record is None:
            return None
    return record


def reseal(connection: Connection, vault: Vault, table: Table, columns: tuple[str, ...]) -> None:
    """Write these columns of every row anew, under the first key; what does not open stays as it is."""
    keys = list(table.primary_key.columns)
    mine = [key == bindparam(f"key_{key.name}") for key in keys]
    for row in connection.execute(select(*keys, *(table.c[name] for name in columns))).all():
        found = row._mapping  # noqa: SLF001  (public by documentation, named so as not to meet a column)
        sealed = {name: vault.seal(text) for name in columns if (text := vault.opened(found[name])) is not None}
        if sealed:
            change = update(table).where(*mine).values(sealed)
            connection.execute(change, {f"key_{key.name}": found[key.name] for key in keys})
