"""The id of a store: it is in the store, and this user's configuration notes it for the store's address.

A drive that is not plugged in leaves an empty folder, or another store may be at the same path. The id shows both. So
nothing is written into another store, and no new store is made where one is known.
"""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

import platformdirs

from advisor.store import settings

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

ENVIRONMENT = "ADVISOR_STORE_ID"  # a server sets it for its kernels, a Hub for its servers: they need no file
_SETTING, _FILE = "store", "stores.json"
_ID_BYTES = 16


def stored(connection: Connection) -> str | None:
    """Return the id of a store; None if an older workbook made it without one."""
    return settings.get(connection, _SETTING)


def assign(connection: Connection, name: str | None) -> None:
    """Give a store the id ``name``, or a new id for None, in the caller's transaction."""
    settings.put(connection, _SETTING, name or secrets.token_urlsafe(_ID_BYTES))


def remembered(where: str) -> str | None:
    """Return the id of the store that is known at an address: from the environment, else from the user's file."""
    if ENVIRONMENT in os.environ:
        return os.environ[ENVIRONMENT] or None
    return _known().get(where)


def remember(where: str, name: str | None) -> None:
    """Note the id of the store at an address in the user's file; None removes the note.

    It does nothing if the environment gives the id, or if the file cannot be written.
    """
    before = _known()
    if ENVIRONMENT in os.environ or before.get(where) == name:
        return
    after = {**before, where: name} if name else {one: kept for one, kept in before.items() if one != where}
    with suppress(OSError):
        _write(json.dumps(after, ensure_ascii=False, indent=1))


def _path() -> Path:
    return platformdirs.user_config_path("advisor-workbook", appauthor=False) / _FILE


def _known() -> dict[str, str]:
    """Return the ids by address; none if the file cannot be read."""
    try:
        noted = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {one: str(kept) for one, kept in noted.items()} if isinstance(noted, dict) else {}


def _write(text: str) -> None:
    """Replace the file in one step; only this user can read it."""
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
