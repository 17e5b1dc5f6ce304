"""The access log: it tells who did what with whose record, holds nothing personal, and nobody can change it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from advisor.store import NotSaved, Store, access_log, advisers, new_key, open_store, passwords, sealed_file
from advisor.store import tables as t
from advisor.store.backup import backup, restore
from advisor.store.import_visits import import_visits
from tests.databases import NEW, believed, client, file_of, later, saved
from tests.desks import visit

GOOD = "correct horse battery"
TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash and derive quickly."""
    for name, value in {"MEMORY": 16, "TIME": 1, "LANES": 1}.items():
        monkeypatch.setattr(passwords, name, value)
    monkeypatch.setattr(sealed_file, "COST", {"n": 2**4, "r": 8, "p": 1})
    passwords._nobodys.cache_clear()  # noqa: SLF001  (made at the real cost elsewhere)


def told(store: Store) -> list[tuple[str, str, str | None, str | None, str]]:
    """Return the log without its times."""
    return [(one.by, one.action, one.client, one.visit, one.detail) for one in access_log.entries(store)]


def test_what_is_erased_assigned_and_taken_in_is_logged_with_whoever_did_it(store: Store) -> None:
    me = advisers.add(store, "佐藤").id
    mine = store.seen_by(me)
    mine.put_client(client("c1"))
    saved(mine, "v1", later(NEW))
    saved(mine, "v2", later(NEW))
    mine.assign("v1", "c1")
    mine.erase_visit("v2")
    mine.erase_client("c1", TODAY)
    taken = import_visits(mine, client(), (visit(),))
    (taken_visit,) = mine.visits(taken)
    mine.log("opened", client=taken, visit=taken_visit.id)
    store.logged_as(access_log.ALONE).log("exported", client=taken, detail="pdf")
    assert told(store) == [
        ("command", "adviser_added", None, None, me),
        (me, "assigned", "c1", "v1", ""),
        (me, "erased", None, "v2", ""),
        (me, "erased", "c1", None, ""),
        (me, "imported", taken, None, ""),
        (me, "imported", taken, taken_visit.id, ""),
        (me, "opened", taken, taken_visit.id, ""),
        ("alone", "exported", taken, None, "pdf"),
    ]


def test_what_the_policy_erases_is_nobodys_deed(store: Store) -> None:
    consent = client().consent
    mine = store.seen_by(advisers.add(store, "佐藤").id)
    old = type(consent)(consent.purpose, date(2025, 1, 1), date(2026, 1, 1), "erase")
    store.put_client(client("c1", consent=old))
    saved(store, "v1", later(NEW))
    believed(store, TODAY + timedelta(days=364))
    for day in (365, 366):
        assert mine.expire(TODAY + timedelta(days=day)).erased == ()
    assert told(store)[1:] == [("policy", "expired", "c1", None, ""), ("policy", "expired", None, "v1", "")]


def test_who_comes_in_and_who_is_refused_is_logged_without_what_was_typed(store: Store) -> None:
    me = advisers.add(store, "佐藤", GOOD).id
    token = advisers.begin(store, me, NOW)
    advisers.end(store, token)
    advisers.verify(store, "佐藤", "カナリア horse battery")
    advisers.verify(store, "カナリア", GOOD)
    advisers.change_password(store, me, GOOD, "another horse battery")
    advisers.reset(store, "佐藤", GOOD)
    advisers.disable(store, "佐藤")
    advisers.enable(store, "佐藤")
    advisers.change(store, "佐藤", team="東")
    assert told(store)[1:] == [
        (me, "login", None, None, ""),
        (me, "logout", None, None, ""),
        (me, "login_refused", None, None, ""),
        ("unknown", "login_refused", None, None, ""),
        (me, "password_reset", None, None, me),
        ("command", "password_reset", None, None, me),
        ("command", "adviser_disabled", None, None, me),
        ("command", "adviser_enabled", None, None, me),
        ("command", "adviser_changed", None, None, me),
    ]


def test_each_client_who_is_handed_over_has_a_line(store: Store) -> None:
    old, new = (advisers.add(store, name).id for name in ("甲", "乙"))
    store.seen_by(old).put_client(client("c1"))
    saved(store.seen_by(old), "v1", later(NEW), of="c1")
    saved(store.seen_by(old), "v2", later(NEW))
    store.put_client(client("c2"))
    advisers.hand_over(store, "甲", "乙")
    advisers.hand_over(store, None, "乙")
    assert told(store)[2:] == [
        ("command", "handed_over", "c1", None, f"{old} {new}"),
        ("command", "handed_over", None, "v2", f"{old} {new}"),
        ("command", "handed_over", "c2", None, f"nobody {new}"),
    ]


def test_nothing_personal_of_a_client_stands_in_the_log(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a.sqlite3'}", new_key())
    store.put_client(client("c1", code="カナリア符号", name="カナリア"))
    saved(store, "v1", later(NEW, notes="カナリアのメモ"), of="c1")
    store.log("opened", client="c1", visit="v1")
    store.erase_client("c1", TODAY)
    assert "カナリア" not in repr(access_log.entries(store))
    assert "カナリア".encode() not in file_of(store).read_bytes()


@pytest.mark.parametrize("change", [
    "UPDATE access SET action = 'opened'", "UPDATE access SET id = 'x' WHERE 1 = 1", "DELETE FROM access",
    "DELETE FROM access WHERE action = 'erased'",
])  # fmt: skip
def test_no_line_is_ever_changed_or_deleted(store: Store, change: str) -> None:
    store.log("erased", client="c1")
    before = access_log.entries(store)
    with pytest.raises(NotSaved), store.writing() as connection:
        connection.exec_driver_sql(change)
    assert access_log.entries(store) == before


def test_the_log_cannot_be_emptied_or_written_over_at_once(store: Store) -> None:
    store.log("erased", client="c1")
    before = access_log.entries(store)
    with store.reading() as connection:
        row = dict(connection.execute(sa.select(t.access)).mappings().one())
    if store.engine.dialect.name == "postgresql":
        with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
            connection.exec_driver_sql("TRUNCATE access")
    else:
        with store.writing() as connection:
            connection.execute(sa.insert(t.access).prefix_with("OR REPLACE").values(row | {"action": "opened"}))
    assert access_log.entries(store) == before


def test_what_is_not_done_is_not_logged_and_what_is_not_logged_is_not_done(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put_client(client("c1"))
    saved(store, "v1", later(NEW), of="c1")

    def broken(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(access_log, "write", broken)
    acts: tuple[Callable[[], object], ...] = (
        lambda: store.erase_visit("v1"), lambda: store.erase_client("c1", TODAY), lambda: store.assign("v1", "c1"),
        lambda: import_visits(store, client(), ()), lambda: advisers.add(store, "佐藤"),
    )  # fmt: skip
    for act in acts:
        with pytest.raises(NotSaved):
            act()
    assert [one.id for one in store.clients()] == ["c1"]
    assert [one.id for one in store.visits("c1")] == ["v1"]
    assert advisers.all_of(store) == ()
    assert access_log.entries(store) == ()


def test_the_log_is_read_from_a_moment_on_and_of_one_adviser(store: Store) -> None:
    store.log("opened", visit="v1")
    store.logged_as(access_log.ALONE).log("opened", visit="v2")
    first, second = access_log.entries(store)
    assert access_log.entries(store, by=access_log.ALONE) == (second,)
    assert access_log.entries(store, since=second.at) == (second,)
    assert access_log.entries(store, since=first.at) == (first, second)
    assert access_log.entries(store, since=second.at + timedelta(seconds=1)) == ()


def test_a_restore_adds_the_lines_of_the_backup_and_takes_none_away(store: Store, tmp_path: Path) -> None:
    store.log("opened", visit="v1")
    backup(store, tmp_path / "a.backup", "x")
    store.log("opened", visit="v2")
    restore(store, tmp_path / "a.backup", "x", replace=True)
    assert [action for _, action, *_ in told(store)] == ["opened", "backup", "opened", "restored"]
    other = open_store(f"sqlite:///{tmp_path}/other.sqlite3", "")
    other.log("opened", visit="v3")
    restore(other, tmp_path / "a.backup", "x")
    assert {(action, visit) for _, action, _, visit, _ in told(other)} == {
        ("opened", "v1"), ("opened", "v3"), ("restored", None),
    }  # fmt: skip


# --- what a client may ask for, and what stays of them ---


def test_the_lines_on_a_client_are_theirs_and_those_of_their_visits(store: Store) -> None:
    me, other = (store.seen_by(advisers.add(store, name).id) for name in ("佐藤", "鈴木"))
    me.put_client(client("c1"))
    me.put_client(client("c2"))
    saved(me, "v1", later(NEW), of="c1")
    me.log("opened", client="c1", visit="v1")
    me.log("opened", visit="v1")
    me.log("exported", client="c1", detail="pdf")
    me.log("exported", client="c2", detail="pdf")
    lines = access_log.about(me, "c1")
    assert [(one.action, one.client, one.visit) for one in lines] == [
        ("opened", "c1", "v1"),
        ("opened", None, "v1"),
        ("exported", "c1", None),
    ]
    assert access_log.about(other, "c1") == access_log.about(me, "nobody") == ()


def test_what_stays_of_an_erased_client_is_the_number_the_day_the_counts_and_who_did_what_when(store: Store) -> None:
    store.put_client(client("c1"))
    saved(store, "v1", later(NEW, notes="覚え書き"), of="c1")
    store.log("opened", client="c1", visit="v1")
    store.log("exported", client="c1", visit="v1", detail="handout")
    store.erase_client("c1", TODAY)
    with store.reading() as connection:
        stays = {
            table.name: [dict(row._mapping) for row in connection.execute(sa.select(table))]  # noqa: SLF001  (as rows.py)
            for table in t.METADATA.tables.values()
        }
    about = {name: [row for row in rows if {"c1", "v1"} & set(map(str, row.values()))] for name, rows in stays.items()}
    assert {name for name, rows in about.items() if rows} == {"tombstone", "access"}
    assert {key for row in about["tombstone"] for key in row} == {
        "id", "erased_on", "visits", "events", "part_of", "adviser",
    }  # fmt: skip
    assert [(row["action"], row["detail"]) for row in about["access"]] == [
        ("opened", ""), ("exported", "handout"), ("erased", ""),
    ]  # fmt: skip
