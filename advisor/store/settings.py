"""Settings of the store, by name: its id, the fingerprints of its keys, ... They hold nothing of a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from advisor.store.tables import setting

if TYPE_CHECKING:
    from sqlalchemy import Connection

_GET = select(setting.c.value).where(setting.c.name == bindparam("name"))  # built once: every save runs it


def get(connection: Connection, name: str) -> str | None:
    """Return a setting; None if it was never set."""
    value: str | None = connection.execute(_GET, {"name": name}).scalar_one_or_none()
    return value


def put(connection: Connection, name: str, value: str) -> None:
    """Store a setting, in the caller's transaction."""
    changed = connection.execute(update(setting).where(setting.c.name == name).values(value=value))
    if not changed.rowcount:
        connection.execute(insert(setting).values(name=name, value=value))
