"""Backups: everything comes back, into any database and under any key, or nothing does and a reason is told."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from advisor.store import (
    BackupError,
    Gone,
    Store,
    access_log,
    advisers,
    new_key,
    open_store,
    passwords,
    schema,
    sealed_file,
    tables,
)
from advisor.store.backup import Counted, _content, _lines, backup, restore
from tests.databases import CONSENT, NEW, Server, client, later, saved

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
PHRASE = "正しい馬 battery"
FIRST = later(NEW, notes="カナリア 𠮷 \u2028 \x00 <b>")
SECOND = later(FIRST, notes="次のカナリア")


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive keys quickly; what protects a real backup is tested once."""
    monkeypatch.setattr(sealed_file, "COST", {"n": 2**4, "r": 8, "p": 1})
    for name, value in {"MEMORY": 16, "TIME": 1, "LANES": 1}.items():
        monkeypatch.setattr(passwords, name, value)


def filled(store: Store) -> Store:
    store.put_client(client("c1", since=date(2026, 1, 2)))
    store.put_client(client("c2", name="", consent=replace(CONSENT, then="erase")))
    saved(store, "v1", FIRST, SECOND, of="c1")
    saved(store, "v2", FIRST, of="c2")
    saved(store, "v3", FIRST)
    return store


def everything(store: Store) -> list[object]:
    visits = [visit for owner in ("c1", "c2", None) for visit in store.visits(owner)]
    events = [store.events(visit.id) for visit in visits]
    return [store.clients(), visits, events, store.tombstones(), store.catalogue(NEW.digest)]


def damaged(told: pytest.ExceptionInfo[BackupError]) -> str:
    assert "カナリア" not in repr(told.value)
    return told.value.word


@pytest.mark.parametrize("keys", ["", new_key()], ids=["plain", "sealed"])
def test_everything_comes_back_in_either_database_under_another_key(
    database: str, postgres: Server, tmp_path: Path, keys: str
) -> None:
    store = filled(open_store(database, keys))
    path = tmp_path / "a.backup"
    assert backup(store, path, PHRASE) == Counted(2, 3, 4)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for url in (f"sqlite:///{tmp_path}/other.sqlite3", postgres.new_database()):
        other = open_store(url, new_key())
        assert restore(other, path, PHRASE) == Counted(2, 3, 4)
        assert everything(other) == everything(store)
        assert other.replay("v1") == SECOND
        third = later(SECOND)
        other.save("v1", "c1", SECOND, third)
        assert other.replay("v1") == third


def test_a_backup_shows_nothing_and_is_never_written_over_another_file(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.backup"
    backup(filled(store), path, PHRASE)
    content = path.read_bytes()
    assert content.startswith(b"advisor backup 1\n")
    assert "カナリア".encode() not in content
    with pytest.raises(BackupError) as told:
        backup(store, path, PHRASE)
    assert told.value.word == "backup_exists"
    assert path.read_bytes() == content
    with pytest.raises(BackupError) as told:
        backup(store, tmp_path / "nowhere" / "b", PHRASE)
    assert told.value.word == "backup_not_written"
    assert list(tmp_path.glob("*.part")) == []


def test_a_store_that_is_not_empty_is_replaced_only_on_request(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.backup"
    backup(filled(store), path, PHRASE)
    before = everything(store)
    store.put_client(client("c3"))
    saved(store, "v4", FIRST, of="c3")
    with pytest.raises(BackupError) as told:
        restore(store, path, PHRASE)
    assert told.value.word == "backup_not_empty"
    assert store.client("c3") is not None
    assert restore(store, path, PHRASE, replace=True) == Counted(2, 3, 4)
    assert store.client("c3") is None
    assert everything(store) == before


def test_who_was_erased_stays_erased(store: Store, tmp_path: Path) -> None:
    """The visit of nobody was given to the client after the backup: it went with the client, and stays away too."""
    path = tmp_path / "a.backup"
    backup(filled(store), path, PHRASE)
    store.assign("v3", "c1")
    store.erase_client("c1", date(2026, 11, 20))
    assert restore(store, path, PHRASE, replace=True) == Counted(1, 1, 1, left_out=3)
    assert [client.id for client in store.clients()] == ["c2"]
    assert [store.visit(name) for name in ("v1", "v3")] == [None, None]
    assert [(stone.id, stone.visits) for stone in store.tombstones()] == [("c1", 2)]
    with pytest.raises(Gone):
        store.put_client(client("c1"))


def test_what_was_erased_before_the_backup_is_erased_where_it_is_restored(store: Store, tmp_path: Path) -> None:
    filled(store).erase_client("c1", date(2026, 11, 20))
    backup(store, tmp_path / "a.backup", PHRASE)
    other = open_store(f"sqlite:///{tmp_path}/other.sqlite3", "")
    restore(other, tmp_path / "a.backup", PHRASE)
    assert other.tombstones() == store.tombstones()
    with pytest.raises(Gone):
        other.put_client(client("c1"))


def test_the_wrong_passphrase_is_told_and_the_right_one_may_be_typed_on_any_keyboard(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "a.backup"
    backup(filled(store), path, "ガラス Ａ")
    with pytest.raises(BackupError) as told:
        restore(store, path, "ガラス B", replace=True)
    assert damaged(told) == "backup_passphrase"
    assert restore(store, path, "ｶﾞﾗｽ A", replace=True).visits == 3


def test_a_file_with_any_byte_changed_or_missing_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.backup"
    backup(filled(store), path, PHRASE)
    before, content = everything(store), path.read_bytes()
    body = content.index(b"\n", content.index(b"\n") + 1) + 1
    places = [*range(0, body, 7), *range(body, len(content), len(content) // 40), len(content) - 1]
    spoilt = [content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :] for place in places]
    spoilt += [content[:-1], content[:body], content[:10], b"", content + b"\n", b"PK\x03\x04 another file"]
    for number, bytes_ in enumerate(spoilt):
        path.write_bytes(bytes_)
        with pytest.raises(BackupError) as told:
            restore(store, path, PHRASE, replace=True)
        assert damaged(told) in {"backup_damaged", "backup_passphrase", "backup_newer"}, number
    assert everything(store) == before


@pytest.mark.parametrize(
    "line",
    [
        ["unknown", {"id": "c9"}],
        ["client", None],
        ["client", {"id": "c9"}],
        ["client", {**dict.fromkeys(tables.client.c.keys(), "x"), "more": "x"}],
        [["client"], {}],
    ],
)
def test_a_line_that_is_no_row_of_ours_changes_nothing(store: Store, tmp_path: Path, line: Any) -> None:
    path = tmp_path / "a.backup"
    path.write_bytes(sealed_file.seal(_content([line]), PHRASE))
    before = everything(filled(store))
    with pytest.raises(BackupError) as told:
        restore(store, path, PHRASE, replace=True)
    assert damaged(told) == "backup_damaged"
    assert everything(store) == before


@pytest.mark.parametrize("content", [b"[]\n", b"{}\n", b'{"schema": "0001"}\n5\n'])
def test_a_head_that_is_not_ours_is_told_as_damage(store: Store, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.backup"
    path.write_bytes(sealed_file.seal(content, PHRASE))
    with pytest.raises(BackupError) as told:
        restore(store, path, PHRASE)
    assert damaged(told) == "backup_damaged"


def test_a_file_that_asks_for_all_the_memory_is_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.backup"
    backup(store, path, PHRASE)
    path.write_bytes(path.read_bytes().replace(b'"n": 16', b'"n": 1073741824'))
    with pytest.raises(BackupError) as told:
        restore(store, path, PHRASE)
    assert told.value.word == "backup_damaged"


def test_a_backup_of_a_newer_workbook_is_told_apart_from_a_damaged_one(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.backup"
    backup(filled(store), path, PHRASE)
    monkeypatch.setattr("advisor.store.backup.REVISIONS", ("0000",))
    with pytest.raises(BackupError) as told:
        restore(store, path, PHRASE, replace=True)
    assert told.value.word == "backup_newer"
    path.write_bytes(path.read_bytes().replace(b"advisor backup 1\n", b"advisor backup 2\n"))
    with pytest.raises(BackupError) as told:
        restore(store, path, PHRASE, replace=True)
    assert told.value.word == "backup_newer"
    assert schema.REVISIONS[0] == "0001"


def test_a_backup_of_the_first_form_comes_back_and_belongs_to_nobody_yet(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.backup"
    with filled(store).reading() as connection:
        lines = [
            (kind, {name: value for name, value in row.items() if name not in {"adviser", "details"}})
            for kind, row in _lines(connection, store.vault)
            if kind in {"tombstone", "catalogue", "client", "visit", "event"}
        ]
    head, _, body = _content(lines).partition(b"\n")
    path.write_bytes(sealed_file.seal(head.replace(schema.REVISIONS[-1].encode(), b"0001") + b"\n" + body, PHRASE))
    other = open_store(f"sqlite:///{tmp_path}/other.sqlite3", "")
    assert restore(other, path, PHRASE) == Counted(2, 3, 4)
    assert everything(other) == everything(store)
    assert advisers.clients_of(other) == {None: 2}


def test_advisers_come_back_with_passwords_clients_and_log_but_without_logins(store: Store, tmp_path: Path) -> None:
    path, phrase = tmp_path / "a.backup", "correct horse battery"
    one = advisers.add(store, "佐藤", phrase, team="東", leads=True)
    token = advisers.begin(store, one.id, NOW)
    store.seen_by(one.id).put_client(client("c1"))
    store.seen_by(one.id).erase_client("c1", date(2026, 11, 20))
    filled_by = store.seen_by(one.id)
    filled_by.put_client(client("c2"))
    advisers.disable(store, advisers.add(store, "鈴木").name)
    backup(store, path, PHRASE)
    other = open_store(f"sqlite:///{tmp_path}/other.sqlite3", new_key())
    restore(other, path, PHRASE)
    assert advisers.all_of(other) == advisers.all_of(store)
    assert advisers.verify(other, "佐藤", phrase) == one
    assert advisers.adviser_of(other, token, NOW) is None
    assert [each.id for each in other.seen_by(one.id).clients()] == ["c2"]
    assert [stone.id for stone in other.seen_by(one.id).tombstones()] == ["c1"]
    assert {entry.action for entry in access_log.entries(other, by=one.id)} == {"login", "erased"}


def test_advisers_who_are_here_stay_as_they_are_and_keep_what_was_theirs(store: Store, tmp_path: Path) -> None:
    """A restore must bring nobody back in: not who was disabled since, not by a password that was reset since."""
    path, old, new = tmp_path / "a.backup", "correct horse battery", "another horse battery"
    for name in ("佐藤", "鈴木"):
        advisers.add(store, name, old)
    advisers.hand_over(filled(store), None, "佐藤")
    backup(store, path, PHRASE)
    advisers.disable(store, "佐藤")
    advisers.reset(store, "鈴木", new)
    advisers.add(store, "高橋", new)
    restore(store, path, PHRASE, replace=True)
    assert [advisers.verify(store, name, old) for name in ("佐藤", "鈴木")] == [None, None]
    assert [advisers.verify(store, name, new) is None for name in ("鈴木", "高橋")] == [False, False]
    other = open_store(f"sqlite:///{tmp_path}/other.sqlite3", "")
    here = advisers.add(other, "佐藤", new)  # under another id
    restore(other, path, PHRASE)
    assert [each.id for each in other.seen_by(here.id).clients()] == ["c1", "c2"]
    assert sorted(each.name for each in advisers.all_of(other)) == ["佐藤", "鈴木"]


def test_a_file_that_is_not_there_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BackupError) as told:
        restore(store, tmp_path / "nothing", PHRASE)
    assert told.value.word == "backup_unreadable"


def test_a_restore_that_fails_half_way_leaves_what_was_there(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.backup"
    backup(filled(store), path, PHRASE)
    store.put_client(client("c3"))
    before = everything(store)
    monkeypatch.setattr("advisor.store.backup._personal", lambda *_: object())  # what is read back differs
    with pytest.raises(BackupError):
        restore(store, path, PHRASE, replace=True)
    assert everything(store) == before


def test_guessing_a_passphrase_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert sealed_file.COST["n"] * sealed_file.COST["r"] * sealed_file.COST["p"] >= 2**20  # as OWASP advises for scrypt
    assert sealed_file.unseal(sealed_file.seal(b"content", PHRASE), PHRASE) == b"content"
