"""The vault: with a key nothing personal stands in the files, without it nobody reads it, and keys can be changed."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from advisor.session.model import Appointment
from advisor.session.record import dump
from advisor.store import (
    BadKey,
    ChangedElsewhere,
    KeyRetired,
    NotSaved,
    Sealed,
    access_log,
    advisers,
    location,
    new_key,
    open_store,
    rows,
    settings,
    tables,
)
from advisor.store import keys as keys_in_use
from advisor.store.encryption import PLAIN, SEAL, Vault
from advisor.store.import_visits import import_visits
from tests.databases import NEW, Server, client, later, saved

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from advisor.store import Store

OLD, KEY = new_key(), new_key()
FIRST = later(NEW, notes="メモのカナリア")
SECOND = later(FIRST, notes="次のカナリア")
NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)


def written(store: Store) -> list[str]:
    """Return every personal value as it stands in the database."""
    with store.reading() as connection:
        return [
            value
            for table, columns in tables.SEALED.items()
            for name in columns
            for value in connection.execute(sa.select(table.c[name])).scalars()
        ]


def fill(store: Store) -> None:
    store.put_client(client("c1"))
    with store.sealing() as connection:
        meeting = Appointment("a1", NOW, name="予約のカナリア")
        connection.execute(sa.insert(tables.appointment).values(rows.appointment_row(meeting, store.vault)))
    saved(store, "v1", FIRST, SECOND, of="c1")


def assert_filled(store: Store) -> None:
    assert store.client("c1") == client("c1")
    visit = store.visit("v1")
    assert visit is not None
    assert visit.record == SECOND == store.replay("v1")


@given(st.text() | st.sampled_from([SEAL, PLAIN, f"{SEAL}x", f"{PLAIN}{SEAL}x", f"{PLAIN}{PLAIN}"]))
def test_any_text_comes_back_sealed_or_plain(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    plain, sealing = Vault(""), Vault(KEY)
    assert plain.open(plain.seal(text)) == text
    assert sealing.open(plain.seal(text)) == text, "what was written before there was a key"
    assert sealing.seal(text).startswith(SEAL)
    assert sealing.open(sealing.seal(text)) == text


def test_with_a_key_every_personal_value_is_sealed_and_without_one_it_is_readable(database: str) -> None:
    sealing = open_store(database, KEY)
    fill(sealing)
    assert len(written(sealing)) == 8
    assert all(value.startswith(SEAL) for value in written(sealing))
    assert_filled(sealing)


def test_without_the_right_key_nothing_is_read_and_nothing_is_written_beside_it(database: str) -> None:
    fill(open_store(database, KEY))
    for wrong in ("", OLD):
        with pytest.raises(Sealed) as told:
            open_store(database, wrong)
        assert "カナリア" not in repr(told.value)
    blind = open_store(database, "", checked=False)
    with pytest.raises(Sealed):
        blind.visit("v1")
    with pytest.raises(Sealed):
        blind.clients()


def test_a_conflict_is_told_under_a_key_too(database: str) -> None:
    store = open_store(database, KEY)
    fill(store)
    with pytest.raises(ChangedElsewhere) as told:
        store.save("v1", "c1", FIRST, later(FIRST))
    assert told.value.visit.record == SECOND


def test_what_is_no_key_is_told_without_being_repeated() -> None:
    for wrong in ("カナリア", "canary", f"{KEY},canary"):
        with pytest.raises(BadKey) as told:
            Vault(wrong)
        assert wrong not in repr(told.value)
    assert not Vault(" , ").seals


def test_the_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADVISOR_KEY", raising=False)
    assert not Vault().seals
    monkeypatch.setenv("ADVISOR_KEY", f"{KEY}, {OLD}")
    assert Vault().open(Vault(OLD).seal("a")) == "a"


def test_a_first_key_seals_what_was_plain_and_a_new_one_takes_the_place_of_the_old(database: str) -> None:
    fill(open_store(database, ""))
    first = open_store(database, OLD)
    assert_filled(first)
    assert first.reseal()
    assert all(value.startswith(SEAL) for value in written(first))
    both = open_store(database, f"{KEY},{OLD}")
    assert both.reseal()
    only = open_store(database, KEY)
    assert_filled(only)
    saved_after = later(SECOND, notes="そのあと")
    only.save("v1", "c1", SECOND, saved_after)
    assert only.replay("v1") == saved_after
    with pytest.raises(Sealed):
        open_store(database, OLD)


def test_sealing_anew_needs_a_key_and_changes_nothing_without_the_right_one(database: str) -> None:
    fill(open_store(database, OLD))
    for wrong in ("", KEY):
        with pytest.raises(Sealed):
            open_store(database, wrong, checked=False).reseal()
    assert_filled(open_store(database, OLD))


def changed_keys(database: str) -> None:
    """Change the keys as docs/data.md says, beside whatever is open: the new one in front, seal anew."""
    assert open_store(database, f"{KEY},{OLD}").reseal()


def everything_sealed_by(store: Store) -> list[Callable[[], object]]:
    """Return every way in which something is sealed and written."""
    return [
        lambda: store.save("v1", "c1", SECOND, later(SECOND)),
        lambda: store.save("v2", None, None, FIRST),
        lambda: store.put_client(client("c2")),
        lambda: store.put_client(client("c1", name="あと"), client("c1")),
        lambda: import_visits(store, client("c3"), ()),
    ]


@pytest.mark.parametrize("keys", ["", OLD], ids=["plain", "sealed"])
def test_a_page_that_is_open_while_the_keys_are_changed_seals_nothing_under_the_old_one(
    database: str, keys: str
) -> None:
    page = open_store(database, keys)
    fill(page)
    changed_keys(database)
    for write in everything_sealed_by(page):
        with pytest.raises(KeyRetired) as told:
            write()
        assert told.value.word == "not_saved_key"
    only = open_store(database, KEY)
    assert_filled(only)
    assert [len(only.visits(None)), len(only.clients())] == [0, 1]
    assert all(Vault(KEY).opened(value) is not None for value in written(only))
    for write in everything_sealed_by(only):
        write()


def test_the_old_key_in_front_of_the_new_one_is_refused_and_the_new_one_in_front_of_the_old_is_not(
    database: str,
) -> None:
    fill(open_store(database, OLD))
    ahead = open_store(database, f"{KEY},{OLD}")  # the server was started before the re-sealing
    ahead.save("v2", None, None, FIRST)
    assert ahead.reseal()
    behind = open_store(database, f"{OLD},{KEY}")
    assert_filled(behind)
    with pytest.raises(KeyRetired):
        behind.save("v3", None, None, FIRST)
    assert location.inspect_place(database, f"{OLD},{KEY}").word == "store_key"
    assert location.inspect_place(database, KEY).word == ""
    assert behind.reseal(), "who wants the old one back says so"
    behind.save("v3", None, None, FIRST)
    assert open_store(database, OLD).visit("v3") is not None


def test_a_store_that_no_fingerprint_was_noted_in_notes_the_key_that_opens_it(database: str) -> None:
    store = open_store(database, OLD)
    fill(store)
    with store.writing() as connection:
        connection.execute(sa.delete(tables.setting))  # it was made before there were any
    wrong = open_store(database, KEY, checked=False)
    with pytest.raises(Sealed):
        wrong.save("v2", None, None, FIRST)
    store = open_store(database, OLD)
    store.save("v2", None, None, FIRST)
    with store.reading() as connection:
        noted = settings.get(connection, keys_in_use.SETTING)
    assert noted is not None
    assert Vault(OLD).fingerprints[0] in noted
    assert OLD not in noted
    with pytest.raises(KeyRetired):
        wrong.save("v3", None, None, FIRST)


def test_nothing_is_noted_where_nothing_is_sealed(database: str) -> None:
    store = open_store(database, "")
    fill(store)
    with store.reading() as connection:
        assert settings.get(connection, keys_in_use.SETTING) is None


def test_sealing_anew_ends_every_login_and_is_logged(database: str) -> None:
    store = open_store(database, OLD)
    somebody = advisers.add(store, "甲")
    token = advisers.begin(store, somebody.id, NOW)
    assert advisers.adviser_of(store, token, NOW) is not None
    changed_keys(database)
    assert advisers.adviser_of(store, token, NOW) is None
    assert "resealed" in [entry.action for entry in access_log.entries(store)]


def test_writers_and_a_change_of_keys_at_the_same_time_leave_nothing_under_the_old_key(postgres: Server) -> None:
    url = postgres.new_database()
    store = open_store(url, OLD)
    fill(store)

    begun = threading.Event()

    def write(number: int) -> int:
        page, saved_ones = open_store(url, OLD), 0
        for turn in range(30):
            try:
                page.save(f"w{number}-{turn}", None, None, FIRST)
            except (KeyRetired, NotSaved):
                break
            saved_ones += 1
            begun.set()
        return saved_ones

    with ThreadPoolExecutor() as pool:
        writers = [pool.submit(write, number) for number in range(4)]
        assert begun.wait(60)
        open_store(url, f"{KEY},{OLD}").reseal()  # whether somebody reads there meanwhile makes no difference here
        counts = [writer.result() for writer in writers]
    only = open_store(url, KEY)
    assert len(only.visits(None)) == sum(counts)
    assert all(Vault(KEY).opened(value) is not None for value in written(only))


def test_after_sealing_no_plain_byte_is_left_in_the_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.sqlite3"
    fill(open_store(url, ""))
    texts = [dump(SECOND)[:40], "メモのカナリア", "佐藤"]
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert all(text.encode() in content for text in texts)
    assert open_store(url, KEY).reseal()
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not any(text.encode() in content for text in texts)


@pytest.mark.slow
def test_cryptography_and_alembic_are_loaded_only_where_they_are_needed(tmp_path: Path) -> None:
    code = """
import sys
from advisor.store import open_store
url, key = sys.argv[1:]
print("alembic" in sys.modules, "cryptography" in sys.modules, "sqlalchemy.dialects.postgresql" in sys.modules)
open_store(url, "")
print("alembic" in sys.modules, "cryptography" in sys.modules)
"""
    open_store(f"sqlite:///{tmp_path}/a.sqlite3", "")
    command = [sys.executable, "-c", code, f"sqlite:///{tmp_path}/a.sqlite3", KEY]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"] * 5
