"""Erasure: nothing of a client stays, in the tables or in the bytes of the files, and a tombstone says only that."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from advisor.content.model import Case
from advisor.session.model import Action, Plan
from advisor.store import (
    UNASSIGNED_DAYS,
    Expiry,
    Gone,
    Store,
    open_store,
    tables,
)
from tests.databases import CONSENT, NEW, Server, believed, client, later, saved

if TYPE_CHECKING:
    from pathlib import Path

FIRST = later(NEW, case=Case(responses={"support_1": 4}), notes="カナリア <b>'; DROP TABLE visit; --")
SECOND = later(FIRST, plan=Plan(actions=(Action("a1", what="上司と話す"),)), next_at=datetime(2026, 12, 1, 14))  # noqa: DTZ001  (local)


def test_an_erased_client_leaves_a_tombstone_that_says_nothing_and_does_not_come_back(store: Store) -> None:
    store.put_client(client("c1"))
    saved(store, "v1", FIRST, SECOND, of="c1")
    saved(store, "v2", FIRST, of="c1")
    saved(store, "v3", FIRST)
    assert store.erase_client("c1", date(2026, 11, 20))
    assert store.clients() == ()
    assert store.visits("c1") == ()
    assert store.events("v1") == ()
    assert store.visit("v3") is not None
    (stone,) = store.tombstones()
    assert (stone.id, stone.erased_on, stone.visits, stone.events) == ("c1", date(2026, 11, 20), 2, 3)
    with pytest.raises(Gone):
        store.put_client(client("c1"))
    with pytest.raises(Gone):
        store.save("v1", "c1", SECOND, later(SECOND))
    with pytest.raises(Gone):
        store.erase_client("c1", date(2026, 11, 20))


def test_the_day_of_an_erasure_is_that_of_the_room(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Late(datetime):
        """Seven in the morning in Tokyo, while it is still the day before in Greenwich."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Late:
            return cls(2031, 5, 20, 22, tzinfo=UTC).astimezone(tz)

    saved(store, "v1", FIRST)
    monkeypatch.setattr("advisor.session.model.datetime", Late)
    store.erase_visit("v1")
    assert [stone.erased_on for stone in store.tombstones()] == [date(2031, 5, 21)]


def test_what_is_over_is_erased_when_that_was_agreed(store: Store) -> None:
    today = date(2026, 11, 20)
    over = replace(CONSENT, until=today - timedelta(days=1), then="erase")
    for name, consent in (("a", over), ("b", replace(over, then="ask")), ("c", replace(over, until=today))):
        store.put_client(client(name, consent=consent))
    saved(store, "of a", FIRST, of="a")
    saved(store, "of b", FIRST, of="b")
    saved(store, "of nobody", FIRST)
    with store.writing() as connection:  # all of it long ago
        connection.execute(sa.update(tables.visit).values(changed=datetime(2026, 11, 1, tzinfo=UTC)))
    believed(store, today)
    day = timedelta(days=1)
    assert store.expire(today) == Expiry(hidden=frozenset({"a"}), waiting=1)
    assert store.expire(today) == Expiry(hidden=frozenset({"a"}), waiting=1), "one day is seen once"
    assert [client.id for client in store.clients()] == ["a", "b", "c"]
    assert store.expire(today + day) == Expiry(("a",), frozenset({"c"}), 1)
    assert [client.id for client in store.clients()] == ["b", "c"]
    assert store.visit("of nobody") is not None
    last = date(2026, 11, 1) + timedelta(days=UNASSIGNED_DAYS + 1)
    assert store.expire(last) == Expiry(("c",), frozenset({"of nobody"}))
    assert store.visit("of nobody") is not None
    assert store.expire(last + day) == Expiry()
    assert store.visit("of nobody") is None
    assert store.visit("of b") is not None
    assert [stone.id for stone in store.tombstones()] == ["a", "c", "of nobody"]


CANARIES = ("佐藤カナリア", "メモのカナリア", "様式のカナリア", "目的のカナリア", "canary-4711")


def _everything_about(store: Store, name: str) -> None:
    """Save a client whose every text is a canary, with a long record (kept outside the row in PostgreSQL)."""
    store.put_client(client(name, code=CANARIES[4], name=CANARIES[0], consent=replace(CONSENT, purpose=CANARIES[3])))
    record = later(NEW, notes=CANARIES[1])
    for number in range(12):
        store.save(f"{name}{number}", name, None, record)
        text = f"{CANARIES[2]} {random.Random(number).randbytes(4000).hex()}"
        store.save(f"{name}{number}", name, record, later(record, worksheets={"reasons": ({"a": text},)}))


def test_nothing_of_an_erased_client_stays_in_the_bytes_of_the_file(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a.sqlite3'}", "")
    held = store.engine.connect()  # another workbook is open: the WAL stays
    _everything_about(store, "c1")
    store.put_client(client("c2", name="残る人"))
    held.rollback()
    assert _found(tmp_path, CANARIES) == set(CANARIES)
    assert store.erase_client("c1", date(2026, 11, 20))
    assert _found(tmp_path, (*CANARIES, "残る人")) == {"残る人"}
    assert {path.name for path in tmp_path.iterdir()} >= {"a.sqlite3", "a.sqlite3-wal", "a.sqlite3-shm"}
    held.close()


def test_nothing_of_an_erased_client_stays_in_the_files_of_postgresql(postgres: Server) -> None:
    url = postgres.new_database()
    store = open_store(url, "")
    _everything_about(store, "c1")
    store.put_client(client("c2", name="残る人"))
    name = sa.make_url(url).database or ""
    postgres.run("ANALYZE", name)  # statistics keep samples of what stands in a column
    postgres.run("CHECKPOINT")
    with store.reading() as connection:
        paths = [
            connection.execute(sa.text("SELECT pg_relation_filepath(:table)"), {"table": table.name}).scalar_one()
            for table in tables.PERSONAL
        ]
    folder = (postgres.folder / paths[0]).parent
    assert {path.parent for path in map(postgres.folder.joinpath, paths)} == {folder}
    assert CANARIES[0] in _found(folder, CANARIES), "the bytes are looked for in the right place"
    assert store.erase_client("c1", date(2026, 11, 20))
    postgres.run("CHECKPOINT")
    assert _found(folder, (*CANARIES, "残る人")) == {"残る人"}


def _found(folder: Path, texts: tuple[str, ...]) -> set[str]:
    """Return which texts stand in the bytes of a folder's files, as they are or as JSON may escape them."""
    content = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    escaped = {text: text.encode("unicode-escape") for text in texts}
    return {text for text in texts if text.encode() in content or escaped[text] in content}


def test_erasing_says_when_somebody_keeps_the_bytes_in_place(
    store: Store, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.store.erasure.PATIENCE_SECONDS", 0.2)
    other = open_store(database, "", wait=0.1)
    saved(other, "v1", FIRST)
    with other.reading() as connection:
        connection.execute(sa.select(tables.visit)).all()
        impatient = open_store(database, "", wait=0.1)
        assert not impatient.erase_visit("v1")
        assert impatient.visit("v1") is None
    assert store.sweep()
