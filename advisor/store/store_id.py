"""Who a store is: an id that stands in it and, apart from it, what this user knows to stand at its address.

A drive that is not plugged in leaves an empty folder, and another store may stand at the same path. The id tells both:
nothing is written where another store stands, and none is made where one was known.
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

ENVIRONMENT = "ADVISOR_STORE_ID"  # a server gives it to its kernels, a Hub to its servers: they need no file
_SETTING, _FILE = "store", "stores.json"
_ID_BYTES = 16


def of(connection: Connection) -> str | None:
    """Return the id of a store; None for one that was made before there were ids."""
    return settings.get(connection, _SETTING)


def give(connection: Connection, name: str | None) -> None:
    """Give a store an id, a new one for None; in the transaction of ``connection``."""
    settings.put(connection, _SETTING, name or secrets.token_urlsafe(_ID_BYTES))


def known(where: str) -> str | None:
    """Return the id of the store that is known to stand at an address: by the environment, else by the user's file."""
    if ENVIRONMENT in os.environ:
        return os.environ[ENVIRONMENT] or None
    return _known().get(where)


def remember(where: str, name: str | None) -> None:
    """Know from now on which store stands at an address, None: none; a file that cannot be written knows nothing.

    What the environment says is not remembered: whoever sets it looks after it.
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
    """Return the ids by address; a file that cannot be read knows nothing."""
    try:
        found = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {one: str(kept) for one, kept in found.items()} if isinstance(found, dict) else {}


def _write(text: str) -> None:
    """Put the file in the place of the one before, whole and for nobody but this user."""
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
