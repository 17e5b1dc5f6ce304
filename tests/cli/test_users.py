"""The commands about advisers, as someone at a terminal meets them."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from advisor.cli import database, main, users
from advisor.content.messages import messages
from advisor.store import advisers, open_store, passwords
from tests.databases import client

SAY = messages("en")
GOOD = "correct horse battery"


@pytest.fixture(autouse=True)
def url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """An English terminal with a store of its own."""
    chosen = f"sqlite:///{tmp_path}/data/a.sqlite3"
    for module in (database, users):
        monkeypatch.setattr(module, "SAY", SAY)
    for name, value in {"MEMORY": 16, "TIME": 1, "LANES": 1}.items():
        monkeypatch.setattr(passwords, name, value)
    monkeypatch.setenv("ADVISOR_DATABASE_URL", chosen)
    for name in ("ADVISOR_KEY", "ADVISOR_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    return chosen


def advisor(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main.main, list(arguments), input=typed)


def fine(*arguments: str, typed: str = "") -> Result:
    told = advisor(*arguments, typed=typed)
    assert told.exit_code == 0, told.output
    return told


def test_a_password_is_typed_twice_unseen(url: str) -> None:
    told = fine("users", "add", "佐藤", "--team", "東", "--lead", typed=f"{GOOD}\n{GOOD}\n")
    assert SAY["users_added"].format(name="佐藤") in told.output
    assert GOOD not in told.output
    one = advisers.verify(open_store(url), "佐藤", GOOD)
    assert one is not None
    assert (one.team, one.leads) == ("東", True)
    assert advisor("users", "add", "鈴木", typed=f"{GOOD}\nanother horse\n").exit_code == 1
    assert advisers.find(open_store(url), "鈴木") is None


def test_a_password_may_come_from_a_script_or_be_made(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = fine("users", "add", "鈴木", "--generate")
    password = made.stdout.strip()
    assert advisers.verify(open_store(url), "鈴木", password) is not None
    assert SAY["users_once"] in made.stderr
    monkeypatch.setenv("ADVISOR_PASSWORD", GOOD)
    fine("users", "add", "佐藤")
    assert advisers.verify(open_store(url), "佐藤", GOOD) is not None
    again = fine("users", "reset", "佐藤", "--generate").stdout.strip()
    assert advisers.verify(open_store(url), "佐藤", again) is not None
    assert advisers.verify(open_store(url), "佐藤", GOOD) is None
    fine("users", "reset", "佐藤")
    assert advisers.verify(open_store(url), "佐藤", GOOD) is not None


@pytest.mark.parametrize(("arguments", "password", "word"), [
    (("add", "佐藤"), GOOD, "adviser_taken"),
    (("add", "佐藤", "--generate"), GOOD, "adviser_taken"),
    (("add", "a\nb"), GOOD, "adviser_name"),
    (("add", "鈴木", "--team", "a\nb"), GOOD, "adviser_team"),
    (("add", "鈴木"), "short", "password_short"),
    (("add", "鈴木"), "x" * 200, "password_long"),
    (("reset", "佐藤"), "password1234", "password_common"),
    (("reset", "鈴木"), GOOD, "adviser_unknown"),
    (("disable", "鈴木"), GOOD, "adviser_unknown"),
    (("enable", "鈴木"), GOOD, "adviser_unknown"),
    (("change", "鈴木", "--lead"), GOOD, "adviser_unknown"),
    (("hand-over", "-", "鈴木"), GOOD, "adviser_unknown"),
    (("hand-over", "-", "高橋"), GOOD, "adviser_disabled"),
])  # fmt: skip
def test_what_cannot_be_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, url: str, arguments: tuple[str, ...], password: str, word: str
) -> None:
    for name in ("佐藤", "高橋"):
        advisers.add(open_store(url), name, GOOD)
    advisers.disable(open_store(url), "高橋")
    before = advisers.all_of(open_store(url))
    monkeypatch.setenv("ADVISOR_PASSWORD", password)
    told = advisor("users", *arguments)
    assert told.exit_code == 1
    assert SAY[word] in told.output
    assert told.stdout == ""
    assert advisers.all_of(open_store(url)) == before


def test_advisers_are_stopped_changed_let_in_again_and_listed(url: str) -> None:
    store = open_store(url)
    for name in ("佐藤", "鈴木"):
        advisers.add(store, name)
    store.put_client(client("c1"))
    assert advisers.hand_over(store, None, "佐藤").clients == 1
    for name in ("c2", "c3"):
        store.put_client(client(name))
    fine("users", "change", "佐藤", "--team", "東", "--lead")
    fine("users", "disable", "鈴木")
    assert fine("users", "list").output.splitlines() == [
        "name\tteam\tpart\tstate\tclients", "鈴木\t\t\tdisabled\t0", "佐藤\t東\tlead\tactive\t1",
        "(no adviser)\t\t\t\t2",
    ]  # fmt: skip
    fine("users", "enable", "鈴木")
    fine("users", "change", "佐藤", "--no-lead")
    assert "佐藤\t東\t\tactive\t1" in fine("users", "list").output
    assert "鈴木\t\t\tactive\t0" in fine("users", "list").output


def test_the_clients_of_somebody_or_of_nobody_are_handed_over(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(url)
    store.put_client(client("c1"))
    monkeypatch.setenv("ADVISOR_PASSWORD", GOOD)
    assert SAY["users_without"].format(clients=1) in fine("users", "add", "佐藤").output
    assert SAY["users_handed_over"].format(clients=1, visits=0) in fine("users", "hand-over", "-", "佐藤").output
    assert SAY["users_without"][:10] not in fine("users", "add", "鈴木").output
    fine("users", "hand-over", "佐藤", "鈴木")
    suzuki = advisers.find(store, "鈴木")
    assert suzuki is not None
    assert [one.id for one in store.seen_by(suzuki.id).clients()] == ["c1"]


def test_the_log_is_printed_as_csv_that_a_spreadsheet_takes_for_text(url: str) -> None:
    store = open_store(url)
    one = advisers.add(store, "=佐藤", GOOD)
    advisers.add(store, '鈴木, "𠮷"')
    store.seen_by(one.id).log("opened", client="c1", visit="v1")
    rows = list(csv.DictReader(fine("log").output.splitlines()))
    assert list(rows[0]) == ["at", "adviser", "action", "client", "visit", "detail"]
    assert [(row["adviser"], row["action"], row["detail"]) for row in rows] == [
        ("command", "adviser_added", "'=佐藤"), ("command", "adviser_added", '鈴木, "𠮷"'), ("'=佐藤", "opened", ""),
    ]  # fmt: skip
    assert (rows[2]["client"], rows[2]["visit"]) == ("c1", "v1")
    assert rows[2]["at"].endswith("+09:00")
    assert len(fine("log", "--adviser", "=佐藤").output.splitlines()) == 2
    assert len(fine("log", "--since", "2000-01-01").output.splitlines()) == 4
    assert len(fine("log", "--since", "2999-01-01").output.splitlines()) == 1
    assert SAY["adviser_unknown"] in advisor("log", "--adviser", "nobody").output
    assert advisor("log", "--since", "yesterday").exit_code == 2


def test_a_day_of_the_log_begins_at_midnight_in_tokyo(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[datetime] = []

    def entries(_: object, since: datetime, __: object) -> tuple[()]:
        asked.append(since)
        return ()

    open_store()
    monkeypatch.setattr("advisor.store.access_log.entries", entries)
    fine("log", "--since", "2026-11-21")
    assert [since.isoformat() for since in asked] == ["2026-11-21T00:00:00+09:00"]
