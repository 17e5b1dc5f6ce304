"""The database behind the store: where it is, for whom, in which form, and what is told when it cannot."""

from __future__ import annotations

import os
import shutil
import stat
import threading
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from advisor.content.model import Case
from advisor.session.model import Action, Plan
from advisor.session.record import dump
from advisor.store import (
    NeedsUpgrade,
    NoDriver,
    NotRead,
    NotSaved,
    Store,
    TooNew,
    advisers,
    open_store,
    schema,
    tables,
)
from advisor.store.engine import address, make_file, shown
from advisor.store.location import inspect_place
from tests.databases import NEW, Server, client, file_of, later, saved

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("made_by_alembic")
FIRST = later(NEW, case=Case(responses={"support_1": 4}), notes="カナリア <b>'; DROP TABLE visit; --")
SECOND = later(FIRST, plan=Plan(actions=(Action("a1", what="上司と話す"),)), next_at=datetime(2026, 12, 1, 14))  # noqa: DTZ001  (local)


# --- the database -------------------------------------------------------------------------------------------------


def test_the_file_is_for_this_user_only_and_so_is_its_folder(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        store = open_store(f"sqlite:///{tmp_path}/a/b/advisor.sqlite3", "")
        with store.engine.connect():
            saved(store, "v1", FIRST)
            files = sorted((tmp_path / "a" / "b").iterdir())
            assert [path.name for path in files] == [f"advisor.sqlite3{end}" for end in ("", "-shm", "-wal")]
            assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
        assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700
    finally:
        os.umask(previous)


def test_sqlite_writes_through_and_overwrites_what_is_deleted(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/a.sqlite3", "")
    with store.reading() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout", "temp_store")
        }
    full, on, memory = 2, 1, 2
    expected = {"journal_mode": "wal", "synchronous": full, "secure_delete": on, "foreign_keys": on}
    assert told == {**expected, "busy_timeout": 5000, "temp_store": memory}


def test_where_the_store_is_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ADVISOR_DATABASE_URL", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert address().render_as_string() == f"sqlite:///{tmp_path}/advisor-workbook/advisor.sqlite3"
    monkeypatch.setenv("ADVISOR_DATABASE_URL", "postgresql://me:secret@db.example/team")
    assert address().drivername == "postgresql+psycopg"
    assert shown(address()) == "PostgreSQL db.example/team"
    for wrong in ("mysql://x/y", "nonsense", "sqlite://", "sqlite:///:memory:", "nothing+at:all//"):
        with pytest.raises(NoDriver):
            open_store(wrong, "")


def test_looking_at_the_store_says_what_is_wrong_and_changes_nothing(tmp_path: Path, postgres: Server) -> None:
    path = tmp_path / "a" / "b" / "new.sqlite3"
    assert (inspect_place(f"sqlite:///{path}", "").where, inspect_place(f"sqlite:///{path}", "").word) == (
        str(path),
        "",
    )
    assert list(tmp_path.iterdir()) == []
    there = postgres.new_database()
    assert inspect_place(there, "").word == ""
    postgres.run("CREATE DATABASE empty_one")
    assert inspect_place(postgres.url("empty_one"), "").word == "store_older"
    assert inspect_place(postgres.url("no_such"), "").word == "store_broken"
    assert inspect_place("mysql://x/y", "").word == "store_no_driver"
    assert inspect_place(f"sqlite:///{path}", "no key").word == "store_bad_key"
    (tmp_path / "text.txt").write_text("no database at all, but long enough to be looked at" * 100)
    assert inspect_place(f"sqlite:///{tmp_path / 'text.txt'}", "").word == "store_broken"
    assert inspect_place(f"sqlite:///{tmp_path / 'text.txt' / 'below'}", "").word == "store_broken"


def test_a_forked_process_shares_no_connection_with_its_parent(store: Store) -> None:
    saved(store, "v1", FIRST)
    child = os.fork()
    if not child:
        try:
            store.save("v1", None, FIRST, SECOND)
            os._exit(0)
        except BaseException:  # noqa: BLE001  (the child must not go on as a second pytest)
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    assert store.replay("v1") == SECOND
    saved_again = later(SECOND)
    store.save("v1", None, SECOND, saved_again)
    assert store.replay("v1") == saved_again


def is_current(store: Store) -> bool:
    """Return whether the database has today's form."""
    with store.engine.begin() as connection:
        return schema.revision(connection) == schema.REVISIONS[-1]


# --- its form -----------------------------------------------------------------------------------------------------


def test_the_migrations_make_exactly_the_tables_of_the_code(store: Store) -> None:
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.METADATA) == []
    assert is_current(store)
    store.upgrade()  # again: nothing to do
    assert is_current(store)


def test_a_sketch_is_a_store_with_todays_tables_made_without_alembic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(command, "upgrade")
    url = f"sqlite:///{tmp_path}/sketch.sqlite3"
    open_store(url, "", checked=False, makes=False).sketch()
    store = open_store(url, "", makes=False)
    assert is_current(store)
    assert saved(store, "v1", FIRST) == store.replay("v1") == FIRST


def test_a_new_postgresql_is_made_ready_by_upgrade_and_a_new_file_at_first_use(
    tmp_path: Path, postgres: Server
) -> None:
    assert is_current(open_store(f"sqlite:///{tmp_path}/new.sqlite3", ""))
    postgres.run("CREATE DATABASE untouched")
    with pytest.raises(NeedsUpgrade):
        open_store(postgres.url("untouched"), "")
    store = open_store(postgres.url("untouched"), "", checked=False)
    assert not is_current(store)
    store.upgrade()
    assert saved(open_store(postgres.url("untouched"), ""), "v1", FIRST) == FIRST


def test_a_database_of_an_older_or_newer_workbook_is_left_alone(
    store: Store, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, "9999"))
    with pytest.raises(NeedsUpgrade):
        open_store(database, "")
    monkeypatch.setattr(schema, "REVISIONS", ("0000",))
    with pytest.raises(TooNew):
        open_store(database, "")
    with pytest.raises(TooNew):
        open_store(database, "", checked=False).upgrade()


def test_a_database_of_the_first_form_is_upgraded_with_everything_in_it(tmp_path: Path, postgres: Server) -> None:
    postgres.run("CREATE DATABASE of_the_first_form")
    for url in (f"sqlite:///{tmp_path}/old.sqlite3", postgres.url("of_the_first_form")):
        old = open_store(url, "", checked=False)
        make_file(old.engine)
        with old.engine.execution_options(writes=True).begin() as connection:
            schema.upgrade(connection, "0001")
            values: dict[str, object] = {"id": "c1", "code": "A-001", "name": "", "purpose": "p", "at_end": "ask"}
            values |= {"given_on": date(2026, 1, 1), "until": date(2027, 1, 1)}
            connection.execute(sa.insert(tables.client).values(values))
            at = datetime(2026, 1, 1, tzinfo=UTC)
            row = {"id": "v1", "client": "c1", "revision": 1, "record": dump(FIRST), "started": at, "changed": at}
            connection.execute(sa.insert(tables.visit).values(row))
            event = {"visit": "v1", "revision": 1, "at": at, "patch": dump(FIRST)}
            connection.execute(sa.insert(tables.event).values(event))
        with pytest.raises(NeedsUpgrade):
            open_store(url, "")
        old.upgrade()
        store = open_store(url, "")
        assert [visit.record for visit in store.visits("c1")] == [FIRST]
        assert store.replay("v1") == FIRST
        one = store.seen_by(advisers.add(store, "佐藤").id)
        assert one.clients() == ()
        advisers.hand_over(store, None, "佐藤")
        assert [client.code for client in one.clients()] == ["A-001"]
        assert one.save("v1", "c1", FIRST, SECOND)


def test_two_who_open_a_new_file_at_once_both_find_it_ready(tmp_path: Path) -> None:
    found: list[object] = []
    url = f"sqlite:///{tmp_path}/new.sqlite3"
    threads = [threading.Thread(target=lambda: found.append(open_store(url, "").visits(None))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [()] * 6


# --- trouble ------------------------------------------------------------------------------------------------------


def test_a_server_that_went_away_is_trouble_of_one_save_only(postgres: Server) -> None:
    url = postgres.new_database()
    store = open_store(url, "")
    saved(store, "v1", FIRST)
    name = sa.make_url(url).database
    postgres.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    with pytest.raises(NotSaved) as told:
        store.save("v1", None, FIRST, SECOND)
    assert told.value.word == "not_saved_broken"
    with pytest.raises(NotRead):
        store.visit("v1")
    postgres.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    store.save("v1", None, FIRST, SECOND)
    assert store.replay("v1") == SECOND


def test_a_connection_that_dies_before_the_commit_saves_nothing(postgres: Server) -> None:
    url = postgres.new_database()
    store = open_store(url, "")
    saved(store, "v1", FIRST)

    def cut(connection: sa.Connection) -> None:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        postgres.run(f"SELECT pg_terminate_backend({pid})")

    sa.event.listen(store.engine, "commit", cut)
    with pytest.raises(NotSaved) as told:
        store.save("v1", None, FIRST, SECOND)
    assert told.value.word == "not_saved_broken"
    sa.event.remove(store.engine, "commit", cut)
    assert store.replay("v1") == FIRST
    store.save("v1", None, FIRST, SECOND)
    assert store.replay("v1") == SECOND


def test_a_lock_of_somebody_else_is_waited_for_and_then_told(database: str) -> None:
    store, other = open_store(database, "", wait=0.1), open_store(database, "")
    saved(store, "v1", FIRST)
    with other.writing() as connection:
        connection.execute(sa.update(tables.visit).values(revision=1))
        with pytest.raises(NotSaved) as told:
            store.save("v1", None, FIRST, SECOND)
    assert told.value.word == "not_saved_locked"
    assert len(store.events("v1")) == 1
    store.save("v1", None, FIRST, SECOND)
    assert store.replay("v1") == SECOND


def in_the_way(store: Store) -> None:
    """Write an event where the next one of the visit belongs."""
    with store.writing() as connection:
        event = {"visit": "v1", "revision": 2, "at": datetime.now(UTC), "patch": "{}"}
        connection.execute(sa.insert(tables.event).values(event))


def test_what_failed_is_not_in_the_way_of_what_comes_after_it(database: str) -> None:
    """An error that somebody keeps holds the cursor; the lock may not stay with it, as it did in SQLite."""
    store = open_store(database, "", wait=0.05)
    saved(store, "v1", FIRST)
    in_the_way(store)
    with pytest.raises(NotSaved) as kept:
        store.save("v1", None, FIRST, later(FIRST))
    store.put_client(client("c1"))
    with pytest.raises(NotSaved) as also_kept:
        store.put_client(client("c2", name="\ud800"))
    store.put_client(client("c2"))
    assert (kept.value.word, also_kept.value.word) == ("not_saved_broken", "not_saved_broken")


def test_errors_say_nothing_of_what_was_to_be_saved(database: str, caplog: pytest.LogCaptureFixture) -> None:
    store = open_store(database, "")
    saved(store, "v1", FIRST)
    in_the_way(store)
    with pytest.raises(NotSaved) as told:
        store.save("v1", None, FIRST, later(FIRST, notes="カナリア"))
    assert told.value.__cause__ is None
    assert told.value.__suppress_context__
    assert "カナリア" not in f"{told.value!r} {told.value.__context__} {caplog.text}"
    with pytest.raises(NotSaved):
        store.put_client(client("c1", name="\ud800"))
    visit = store.visit("v1")
    assert visit is not None
    assert visit.record == FIRST, "all of a save, or nothing"


def test_the_file_can_be_read_by_anyone_who_knows_sqlite(tmp_path: Path) -> None:
    import sqlite3

    store = open_store(f"sqlite:///{tmp_path}/a.sqlite3", "")
    saved(store, "v1", FIRST)
    (found,) = sqlite3.connect(file_of(store)).execute("SELECT json_extract(record, '$.notes') FROM visit")
    assert found == (FIRST.notes,)


def test_a_copy_that_was_put_back_is_what_is_read_and_written(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.sqlite3", tmp_path / "copy.sqlite3"
    store = open_store(f"sqlite:///{path}", "")
    store.put_client(client("c1"))
    store.engine.dispose()
    shutil.copyfile(path, copy)
    store.put_client(client("c2"))  # holds a connection to the file that goes now
    copy.rename(path)
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink()
    assert [one.id for one in store.clients()] == ["c1"]
    store.put_client(client("c3"))
    assert [one.id for one in open_store(f"sqlite:///{path}", "").clients()] == ["c1", "c3"]
