"""The database's schema: its revision, and the upgrade of an older one. Only an upgrade imports Alembic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from advisor.store.errors import NeedsUpgrade, TooNew
from advisor.store.tables import METADATA

if TYPE_CHECKING:
    from sqlalchemy import Connection

REVISIONS = ("0001", "0002", "0003", "0004", "0005")  # of migrations/versions, oldest first
_TABLE = "alembic_version"
_LOCK = 7_301_116  # any number: an upgrade of a PostgreSQL database holds this lock


def revision(connection: Connection) -> str | None:
    """Return the database's revision; None for an empty database."""
    if not inspect(connection).has_table(_TABLE):
        return None
    version: str | None = connection.execute(text(f"SELECT version_num FROM {_TABLE}")).scalar()  # noqa: S608  (a constant)
    return version


def require_current(connection: Connection) -> None:
    """Raise NeedsUpgrade or TooNew if the database does not have today's schema."""
    current = revision(connection)
    if current == REVISIONS[-1]:
        return
    raise NeedsUpgrade if current is None or current in REVISIONS else TooNew


def sketch(connection: Connection) -> None:
    """Make today's tables in an empty database that is thrown away: in a fifth of the time, and without Alembic.

    What migrations make beside tables (the guard of the access log) is missing.
    """
    METADATA.create_all(connection)
    connection.execute(text(f"CREATE TABLE {_TABLE} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text(f"INSERT INTO {_TABLE} VALUES (:version)"), {"version": REVISIONS[-1]})  # noqa: S608  (a constant)


def upgrade(connection: Connection, to: str = "") -> None:
    """Bring the database to today's schema (``to``: an earlier one, for tests), in the caller's transaction.

    Raises:
        TooNew: a newer workbook made the database.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    current, target = revision(connection), to or REVISIONS[-1]
    if current is not None and current not in REVISIONS:
        raise TooNew
    if current == target:
        return
    from alembic import command  # noqa: PLC0415  (a client's kernel starts without it)
    from alembic.config import Config  # noqa: PLC0415  (as above)

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)
