"""Which key seals the store. Its fingerprint stands in the store, so that nobody goes on sealing under a retired one.

A page that is open while the keys are changed keeps its old keys. What it sealed from then on, no server would open.
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
_LOOKED_AT = 20  # values of each table: one that is damaged says nothing of the key


@dataclass(frozen=True, slots=True)
class Sealing:
    """The fingerprint of the key that seals, and those of the keys that did so before."""

    current: str
    retired: tuple[str, ...] = ()


def of(connection: Connection) -> Sealing | None:
    """Return which key seals, None where nothing was ever sealed, or by a workbook that did not note it."""
    found = settings.get(connection, SETTING)
    if found is None:
        return None
    noted = json.loads(found)
    return Sealing(noted["current"], tuple(noted["retired"]))


def note(connection: Connection, vault: Vault) -> None:
    """Note the first key as the one that seals, where none is noted yet and it is no wrong one.

    Where somebody else does so at the same time, theirs counts.

    Raises:
        Sealed: no key of ours opens what is stored.
    """
    if vault.seals and of(connection) is None:
        require_opens(connection, vault)
        value = json.dumps(asdict(Sealing(vault.fingerprints[0])))
        connection.execute(insert_new(connection, tables.setting, {"name": SETTING, "value": value}))


def require(connection: Connection, vault: Vault) -> None:
    """See that what these keys seal can go on being opened.

    Called after the writing: whoever changes the keys has waited for it then, or is seen here. A new key in front of
    the one in use is no retired one: the next re-sealing takes it.

    Raises:
        KeyRetired: the first key is a retired one, or the one in use is not among them.
    """
    known, ours = of(connection), vault.fingerprints
    if known is None or (ours and ours[0] == known.current):
        return
    if not ours or ours[0] in known.retired or known.current not in ours:
        raise KeyRetired


def require_reading(connection: Connection, vault: Vault) -> None:
    """See that the key in use is one of ours: asked where something does not open.

    Raises:
        Sealed: it is not; nothing is damaged, the keys are others.
    """
    known = of(connection)
    if known is not None and known.current not in vault.fingerprints:
        raise Sealed("not_read_key")
    require_opens(connection, vault)


def require_opens(connection: Connection, vault: Vault) -> None:
    """Raise Sealed where nothing of what is looked at opens: then it is the key, and no damage."""
    written: list[str] = []
    for table, columns in tables.SEALED.items():
        written += connection.execute(select(table.c[columns[0]]).limit(_LOOKED_AT)).scalars()
    if any(value.startswith(SEAL) for value in written) and all(vault.opened(value) is None for value in written):
        raise Sealed


def change(connection: Connection, vault: Vault) -> None:
    """Note that everything is sealed under the first key now; all others that are known are retired.

    Every login ends: the pages behind them hold keys of before.
    """
    known, (first, *others) = of(connection), vault.fingerprints
    before = (*known.retired, known.current) if known else ()
    retired = tuple(dict.fromkeys(key for key in (*before, *others) if key != first))
    settings.put(connection, SETTING, json.dumps(asdict(Sealing(first, retired))))
    connection.execute(delete(tables.login))
