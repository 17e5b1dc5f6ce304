"""The address of the database and its SQLAlchemy engine: SQLite, set so that no saved change is lost, or PostgreSQL."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
from sqlalchemy import URL, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, NoSuchModuleError
from sqlalchemy.pool import NullPool, QueuePool

from advisor.store.errors import NoDriver

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect, Engine
    from sqlalchemy.engine import ExceptionContext
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

WAIT_SECONDS = 5.0  # how long to wait for another connection's lock
FOLDER_MODE, FILE_MODE = 0o700, 0o600


def address(url: str | None = None) -> URL:
    """Return the database's address: ``url``, else ADVISOR_DATABASE_URL, else a file in the user's data folder.

    The path of a file is absolute: a process in another folder gets the same address and has to find the same file.

    Raises:
        NoDriver: the address is neither a SQLite file nor PostgreSQL.
    """
    text = url or os.environ.get("ADVISOR_DATABASE_URL") or ""
    if not text:
        return URL.create("sqlite", database=str(data_folder() / "advisor.sqlite3"))
    try:
        parsed = make_url(text)
    except ArgumentError:
        raise NoDriver from None
    if parsed.get_backend_name() in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    name = parsed.database or ""
    if parsed.get_backend_name() != "sqlite" or name in {"", ":memory:"} or name.startswith("file:"):
        raise NoDriver
    try:
        return parsed.set(database=str(Path(name).expanduser().absolute()))
    except RuntimeError:  # "~name" of a user who does not exist
        raise NoDriver from None


def data_folder() -> Path:
    """Return the folder for the workbook's data of this user."""
    return platformdirs.user_data_path("advisor-workbook", appauthor=False).absolute()


def make_engine(url: URL, wait: float = WAIT_SECONDS, **options: Any) -> Engine:  # noqa: ANN401  (create_engine's own)
    """Return an engine that hides values in its errors and logs. After an error, the next call opens a new connection.

    For a file it keeps one connection open: when the last one closes, SQLite copies its WAL into the file, and that
    took eight times as long as a save. For a server it keeps none, so that a thousand open pages hold no connections.

    Raises:
        NoDriver: the driver for this database is not installed.
    """
    is_file = url.get_backend_name() == "sqlite"
    pooling = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": -1} if is_file else {"poolclass": NullPool}
    settings: dict[str, Any] = pooling | {"hide_parameters": True}
    if url.get_backend_name() == "postgresql":
        milliseconds = int(wait * 1000)
        settings["use_native_hstore"] = False  # saves one query for each connection
        settings["connect_args"] = {
            "connect_timeout": max(2, int(wait)),
            "tcp_user_timeout": 2 * milliseconds,
            "options": f"-c lock_timeout={milliseconds}",
        }
    try:
        engine = create_engine(url, **settings | options)
    except (ImportError, NoSuchModuleError):
        raise NoDriver from None
    if is_file:
        _careful(engine, wait)
    return engine


def _careful(engine: Engine, wait: float) -> None:
    """Set up every SQLite connection: write through to the disk, overwrite deleted bytes, wait for locks.

    No connection makes a file: SQLite would make one where a drive is missing, and other users could read it.
    """
    pragmas = (
        f"busy_timeout = {int(wait * 1000)}",  # first, because the next pragmas may have to wait
        "journal_mode = WAL",
        "synchronous = FULL",
        "secure_delete = ON",
        "foreign_keys = ON",
        "temp_store = MEMORY",  # otherwise VACUUM copies everything into a file elsewhere
    )

    def connects(dialect: Dialect, _: object, __: object, parameters: dict[str, Any]) -> DBAPIConnection:
        path = Path(engine.url.database or "").absolute()
        connection: DBAPIConnection = dialect.connect(f"{path.as_uri()}?mode=rw", **{**parameters, "uri": True})
        return connection

    def connected(connection: DBAPIConnection, _: object) -> None:
        connection.text_factory = _text
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
            cursor.fetchall()
        cursor.close()

    def begun(connection: Connection) -> None:
        chosen = connection.get_execution_options()
        if chosen.get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE" if chosen.get("writes") else "BEGIN")

    def taken(connection: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
        connection.isolation_level = None  # the driver begins no transaction; "begun" does
        path = file_of(engine)
        status = path.stat() if path is not None and path.exists() else None
        present = (status.st_dev, status.st_ino) if status else None
        if record.info.setdefault("file", present) != present:  # the file was replaced, by a copy for example
            raise DisconnectionError

    def failed(context: ExceptionContext) -> None:
        context.is_disconnect = True
        if context.connection is not None and not context.connection.closed:
            with suppress(Exception):  # the error that is told is the first one
                context.connection.connection.rollback()  # the error keeps the cursor; the lock would stay with it

    event.listen(engine, "do_connect", connects)
    event.listen(engine, "connect", connected)
    event.listen(engine, "checkout", taken)
    event.listen(engine, "handle_error", failed)
    event.listen(engine, "begin", begun)


def _text(written: bytes) -> str:
    """Return text as it was written. Bytes that are no text become surrogates: one bad value must not break a list."""
    return written.decode(errors="surrogateescape")


def file_of(engine: Engine) -> Path | None:
    """Return the database's file; None for PostgreSQL."""
    if engine.dialect.name != "sqlite":
        return None
    return Path(engine.url.database or "").absolute()


def make_file(engine: Engine) -> None:
    """Make the database's file and folder, for this user only. SQLite gives its -wal and -shm files the same mode."""
    path = file_of(engine)
    if path is None or path.exists():
        return
    path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, FILE_MODE))


def shown(url: URL) -> str:
    """Return where the database is, as text for a person: without user name and password."""
    if url.get_backend_name() == "sqlite":
        return str(Path(url.database or "").absolute())
    host = url.host or url.query.get("host") or os.environ.get("PGHOST") or "localhost"
    return f"PostgreSQL {host}{f':{url.port}' if url.port else ''}/{url.database or os.environ.get('PGDATABASE', '')}"
