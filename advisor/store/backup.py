"""Backup: the whole store in one encrypted file, and back into any database under any key.

The passphrase encrypts the file. Inside, the records are plain; restoring seals them with the key of the new store.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, delete, insert, literal, select, type_coerce
from sqlalchemy.types import NullType

from advisor.content import disk
from advisor.store import access_log, office, rows, sealed_file, store_id, tables, unread
from advisor.store.database import insert_new
from advisor.store.engine import FILE_MODE
from advisor.store.erasure import count
from advisor.store.errors import BackupError, NotSaved
from advisor.store.schema import REVISIONS

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    from advisor.store.encryption import Vault
    from advisor.store.store import Store
    from advisor.store.unread import Unread

ORDER = unread.ORDER  # without logins: after a restore everybody logs in again
RAW = "raw"  # the key of a value that could not be read; it is kept unchanged
_SINCE: dict[str, dict[str, dict[str, Any]]] = {  # schema → table → the columns that it added; older backups lack them
    "0002": {"client": {"adviser": None}, "visit": {"adviser": None}, "tombstone": {"adviser": None}},
    "0004": {"client": {"details": ""}},
}
_NAMES = {table.name: table for table in ORDER}
_PERSONAL = {table.name for table in tables.PERSONAL}
Line = tuple[str, dict[str, Any]]  # the name of a table, and a row as JSON holds it


@dataclass(frozen=True, slots=True)
class Counted:
    """How much a backup holds, or a restore brought back.

    ``left_out``: clients and visits in the file that were erased from this store. ``unread``: rows that cannot be read;
    backup and restore copy them unchanged.
    """

    clients: int
    visits: int
    events: int
    left_out: int = 0
    unread: tuple[Unread, ...] = ()


def backup(store: Store, path: Path, passphrase: str) -> Counted:
    """Write the whole store into a new encrypted file.

    A row that cannot be read is copied unchanged and listed in ``unread``. To refuse it would mean: one damaged row,
    and there are no backups any more.

    Raises:
        BackupError: backup_exists, backup_not_written.
    """
    store.require_everything()
    if path.exists():
        raise BackupError("backup_exists")
    with store.reading() as connection:
        lines = list(_lines(connection, store.vault))
        damaged = unread.unread_rows(connection, store.vault)
        of_office = office.texts_of(connection)
    sealed = sealed_file.seal(_content(lines, store.id, of_office), passphrase)
    try:
        with disk.beside(path, FILE_MODE) as part:
            part.write_bytes(sealed)
            if _parsed(sealed_file.unseal(part.read_bytes(), passphrase)) != lines:
                raise BackupError("backup_not_written")
    except OSError:
        raise BackupError("backup_not_written") from None
    with suppress(NotSaved):  # the log cannot be written on a full disk, and a backup is needed most then
        store.log("backup")
    return _counted(lines, damaged)


def restore(store: Store, path: Path, passphrase: str, *, replace: bool = False) -> Counted:
    """Bring back a backup, all of it or nothing. ``replace``: delete the clients and visits that are stored now.

    A client or visit that was erased from this store stays erased. Advisers in this store stay as they are. The access
    log gets the lines of the backup in addition. An empty store takes the id of the store that was backed up; any other
    store keeps its own id.

    Raises:
        BackupError: backup_unreadable, backup_damaged, backup_newer, backup_passphrase, backup_not_empty.
    """
    store.require_everything()
    try:
        file = path.read_bytes()
    except OSError:
        raise BackupError("backup_unreadable") from None
    content = sealed_file.unseal(file, passphrase)
    lines = _parsed(content)
    with store.sealing() as connection:
        store.hold_off(connection)
        is_unused = not any(count(connection, table) for table in ORDER)
        backed_up_id = _store_of(content) if is_unused else None
        if replace:
            for table in reversed(tables.PERSONAL):
                connection.execute(delete(table))
        elif any(count(connection, table) for table in tables.PERSONAL):
            raise BackupError("backup_not_empty")
        erased = set(connection.execute(select(tables.tombstone.c.id)).scalars())
        wanted = _opened(store.vault, _owned(list(_without(lines, erased)), _known(connection)))
        for name, table in _NAMES.items():
            _write(store, connection, table, [row for kind, row in wanted if kind == name])
        if _personal(_lines(connection, store.vault)) != _personal(wanted):
            raise BackupError("backup_damaged")
        damaged = unread.unread_rows(connection, store.vault)
        if backed_up_id is not None:
            store_id.assign(connection, backed_up_id)
        office.bring_back(connection, _head(content), replace=replace)
        access_log.write(connection, store.by, "restored")
    store.id = backed_up_id or store.id
    if replace:
        store.sweep()
    in_file, restored = _counted(lines), _counted(wanted)
    left_out = in_file.clients - restored.clients + in_file.visits - restored.visits
    return Counted(restored.clients, restored.visits, restored.events, left_out, damaged)


# --- rows as lines ------------------------------------------------------------------------------------------------


def _lines(connection: Connection, vault: Vault) -> Iterator[Line]:
    for table in ORDER:
        key = table.primary_key.columns
        chosen = select(table).order_by(*key)
        for place, (_, row) in enumerate(rows.rows_with_ids(connection, chosen, *key)):
            values = _raw(connection, table, place) if row is None else row._mapping  # noqa: SLF001  (public, as in rows.py)
            sealed = tables.SEALED.get(table, ())
            yield table.name, {name: _told(vault, values[name], is_sealed=name in sealed) for name in table.c.keys()}  # noqa: SIM118


def _raw(connection: Connection, table: Table, place: int) -> dict[str, Any]:
    """Return a row with a value of the wrong type (a date that is none); that value stays as the database holds it."""
    key = table.primary_key.columns
    values: dict[str, Any] = {}
    for column in table.c:
        query = select(column).order_by(*key).offset(place).limit(1)
        try:
            values[column.name] = connection.execute(query).scalar_one()
        except ValueError:
            raw_query = select(type_coerce(column, NullType())).order_by(*key).offset(place).limit(1)
            values[column.name] = {RAW: str(connection.execute(raw_query).scalar_one())}
    return values


def _told(vault: Vault, value: Any, *, is_sealed: bool) -> Any:  # noqa: ANN401  (any column)
    """Return a value for JSON: opened, or unchanged under RAW if no key opens it."""
    if not is_sealed or not isinstance(value, str):
        return _plain(value)
    opened = vault.opened(value)
    return {RAW: value.encode(errors="surrogateescape").decode(errors="replace")} if opened is None else opened


def _opened(vault: Vault, lines: list[Line]) -> list[Line]:
    """Return the lines, with values opened that only this store can open: it may have a key that was missing before."""

    def read(kind: str, name: str, value: Any) -> Any:  # noqa: ANN401  (JSON)
        is_sealed = name in tables.SEALED.get(_NAMES[kind], ())
        opened = vault.opened(value[RAW]) if is_sealed and isinstance(value, dict) else None
        return value if opened is None else opened

    return [(kind, {name: read(kind, name, value) for name, value in row.items()}) for kind, row in lines]


def _plain(value: Any) -> Any:  # noqa: ANN401  (any column)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


_READ: dict[type, Callable[[str], Any]] = {
    bytes: base64.b64decode, datetime: datetime.fromisoformat, date: date.fromisoformat,
}  # fmt: skip


def _value(table: Table, name: str, value: Any) -> Any:  # noqa: ANN401  (any column)
    kind = table.c[name].type.python_type
    return _READ[kind](str(value)) if value is not None and kind in _READ else value


def _write(store: Store, connection: Connection, table: Table, lines: list[dict[str, Any]]) -> None:
    """Write rows, sealed with the key of this store. Rows of other tables than PERSONAL may be there already."""
    sealed = tables.SEALED.get(table, ())

    def written(name: str, kept: Any) -> Any:  # noqa: ANN401  (JSON)
        if isinstance(kept, dict):
            return literal(kept[RAW], String)  # as text, whatever the type of the column
        return store.vault.seal(kept) if name in sealed else _value(table, name, kept)

    ready = [{name: written(name, kept) for name, kept in line.items()} for line in lines]
    if table not in tables.PERSONAL:
        for row in ready:
            connection.execute(insert_new(connection, table, row))
        return
    whole = [row for row, line in zip(ready, lines, strict=True) if not _is_damaged(line)]
    if whole:
        connection.execute(insert(table), whole)
    for row in (row for row, line in zip(ready, lines, strict=True) if _is_damaged(line)):
        connection.execute(insert(table).values(row))


def _is_damaged(line: dict[str, Any]) -> bool:
    return any(isinstance(kept, dict) for kept in line.values())


def _without(lines: list[Line], erased: set[str]) -> Iterator[Line]:
    """Yield the lines without those of erased clients and visits."""
    visits = {row["id"] for kind, row in lines if kind == "visit" and {row["id"], row["client"]} & erased}
    of = {"event": ("visit",), "appointment": ("client",), "invitation": ("client", "visit")}
    for kind, row in lines:
        owners = {row[name] for name in of.get(kind, ("id",))} if kind in _PERSONAL else set()
        if not owners & (visits | erased):
            yield kind, row


def _known(connection: Connection) -> dict[str, str]:
    """Return the ids of the advisers in this store, by their folded names."""
    return {row.folded: row.id for row in connection.execute(select(tables.adviser.c.folded, tables.adviser.c.id))}


def _owned(lines: list[Line], known: dict[str, str]) -> list[Line]:
    """Return the lines without advisers whose name this store has; their rows get the id that they have here."""
    new_ids = {row["id"]: known[row["folded"]] for kind, row in lines if kind == "adviser" and row["folded"] in known}
    rest = [(kind, row) for kind, row in lines if kind != "adviser" or row["folded"] not in known]
    return [
        (kind, {name: new_ids.get(kept, kept) if name in {"adviser", "by"} else kept for name, kept in row.items()})
        for kind, row in rest
    ]


def _personal(lines: Iterator[Line] | list[Line]) -> list[str]:
    return sorted(json.dumps(line, sort_keys=True) for line in lines if line[0] in _PERSONAL)


def _counted(lines: list[Line], damaged: tuple[Unread, ...] = ()) -> Counted:
    kinds = [kind for kind, _ in lines]
    clients, visits, events = (kinds.count(name) for name in ("client", "visit", "event"))
    return Counted(clients, visits, events, unread=damaged)


# --- lines as a file ----------------------------------------------------------------------------------------------


def _store_of(content: bytes) -> str | None:
    """Return the id of the store that was backed up; None if it had none."""
    stored_id = _head(content).get("store")
    return stored_id if isinstance(stored_id, str) and stored_id else None


def _head(content: bytes) -> dict[str, Any]:
    return dict(json.loads(content.partition(b"\n")[0]))


def _content(lines: list[Line], store: str | None = None, of_office: dict[str, str] | None = None) -> bytes:
    body = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)
    head = {"store": store, "schema": REVISIONS[-1], "rows": len(lines), "sha256": hashlib.sha256(body).hexdigest()}
    return json.dumps((of_office or {}) | head).encode() + b"\n" + body


def _parsed(content: bytes) -> list[Line]:
    """Return the lines of a backup; raise BackupError if lines are missing or damaged."""
    first, _, body = content.partition(b"\n")
    try:
        head = json.loads(first)
        lines = [(kind, row) for kind, row in map(json.loads, body.splitlines())]
        schema, expected = head["schema"], (head["rows"], head["sha256"])
    except (ValueError, TypeError, KeyError):
        raise BackupError("backup_damaged") from None
    if schema not in REVISIONS:
        raise BackupError("backup_newer")
    if (len(lines), hashlib.sha256(body).hexdigest()) != expected:
        raise BackupError("backup_damaged")
    for newer in (added for name, added in _SINCE.items() if schema < name):
        lines = [_since(newer, *line) for line in lines]
    if not all(_can_be(*line) for line in lines):
        raise BackupError("backup_damaged")
    return lines


def _since(added: dict[str, dict[str, Any]], kind: Any, row: Any) -> Line:  # noqa: ANN401  (JSON)
    """Return a line of an older backup, with the columns that a newer schema added."""
    columns = added.get(kind) if isinstance(kind, str) else None
    return (kind, {**row, **columns}) if columns and isinstance(row, dict) else (kind, row)


def _can_be(kind: Any, row: Any) -> bool:  # noqa: ANN401  (JSON)
    """Return whether a line names a known table and has exactly its columns."""
    table = _NAMES.get(kind) if isinstance(kind, str) else None
    return table is not None and isinstance(row, dict) and row.keys() == set(table.c.keys())
