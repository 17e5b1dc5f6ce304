"""What the store knows of itself, by name: who it is, which keys sealed it. Nothing of a client stands here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from advisor.store.tables import setting

if TYPE_CHECKING:
    from sqlalchemy import Connection

_GET = select(setting.c.value).where(setting.c.name == bindparam("name"))  # asked at every save: built once


def get(connection: Connection, name: str) -> str | None:
    """Return a setting, None where nothing was set."""
    found: str | None = connection.execute(_GET, {"name": name}).scalar_one_or_none()
    return found


def put(connection: Connection, name: str, value: str) -> None:
    """Set a setting, in the transaction of ``connection``."""
    changed = connection.execute(update(setting).where(setting.c.name == name).values(value=value))
    if not changed.rowcount:
        connection.execute(insert(setting).values(name=name, value=value))
