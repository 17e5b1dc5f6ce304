"""The key that seals the store: its fingerprint is in the store, so that no page seals with a retired key.

A page that is open while the keys are changed keeps its old keys. Without this check it would go on sealing with
them, and no server could open the result.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from advisor.store import settings, tables
from advisor.store.database import insert_new
from advisor.store.encryption import SEAL
from advisor.store.errors import KeyRetired, Sealed

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from advisor.store.encryption import Vault

SETTING = "sealing"
_LOOKED_AT = 20  # how many values of each table are tried: a single one may be damaged


@dataclass(frozen=True, slots=True)
class Sealing:
    """The fingerprints of the key that seals now (``current``) and of the keys before it (``retired``)."""

    current: str
    retired: tuple[str, ...] = ()


def noted_keys(connection: Connection) -> Sealing | None:
    """Return the noted keys; None if nothing was sealed yet, or an older workbook sealed without a note."""
    text = settings.get(connection, SETTING)
    if text is None:
        return None
    noted = json.loads(text)
    return Sealing(noted["current"], tuple(noted["retired"]))


def note(connection: Connection, vault: Vault) -> None:
    """Note the first key of the vault as the one that seals, if none is noted yet.

    If another process notes its key at the same time, the first note counts.

    Raises:
        Sealed: no key of the vault opens what is stored.
    """
    if vault.seals and noted_keys(connection) is None:
        require_opens(connection, vault)
        value = json.dumps(asdict(Sealing(vault.fingerprints[0])))
        connection.execute(insert_new(connection, tables.setting, {"name": SETTING, "value": value}))


def require(connection: Connection, vault: Vault) -> None:
    """Check that the vault still has the key in use, so that others can open what it seals.

    Call it after the write: a change of keys at the same time then either waits for this transaction or is seen here.
    A new key before the key in use is allowed: the next ``advisor db reseal`` notes it.

    Raises:
        KeyRetired: the first key is retired, or the key in use is not in the vault.
    """
    known, ours = noted_keys(connection), vault.fingerprints
    if known is None or (ours and ours[0] == known.current):
        return
    if not ours or ours[0] in known.retired or known.current not in ours:
        raise KeyRetired


def require_reading(connection: Connection, vault: Vault) -> None:
    """Check that the vault has the key in use. Call it when a row does not open: is the row damaged, or the key wrong?

    Raises:
        Sealed: the key is wrong.
    """
    known = noted_keys(connection)
    if known is not None and known.current not in vault.fingerprints:
        raise Sealed("not_read_key")
    require_opens(connection, vault)


def require_opens(connection: Connection, vault: Vault) -> None:
    """Raise Sealed if none of the first values opens: then the key is wrong. A single one may be damaged."""
    written: list[str] = []
    for table, columns in tables.SEALED.items():
        written += connection.execute(select(table.c[columns[0]]).limit(_LOOKED_AT)).scalars()
    if any(value.startswith(SEAL) for value in written) and all(vault.opened(value) is None for value in written):
        raise Sealed


def change(connection: Connection, vault: Vault) -> None:
    """Note that everything is sealed with the first key now, and retire all other known keys.

    Every login ends, because the open pages still have the old keys.
    """
    known, (first, *others) = noted_keys(connection), vault.fingerprints
    before = (*known.retired, known.current) if known else ()
    retired = tuple(dict.fromkeys(key for key in (*before, *others) if key != first))
    settings.put(connection, SETTING, json.dumps(asdict(Sealing(first, retired))))
    connection.execute(delete(tables.login))
