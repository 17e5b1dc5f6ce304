"""Advisers: their names, passwords and logins, and what becomes of their clients."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from advisor.session.model import Adviser
from advisor.store import AdviserError, NotAllowed, Store, advisers, logins, open_store, passwords
from advisor.store import tables as t
from advisor.store.passwords import problems_of_password
from tests.databases import NEW, client, file_of, later, saved

GOOD, OTHER = "correct horse battery", "青い鳥 staple 2026 川"
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash quickly; what a real hash costs is tested once."""
    for name, value in {"MEMORY": 16, "TIME": 1, "LANES": 1}.items():
        monkeypatch.setattr(passwords, name, value)
    passwords._nobodys.cache_clear()  # noqa: SLF001  (made at the real cost elsewhere)


def word_of(act: Callable[[], object]) -> str:
    with pytest.raises(AdviserError) as told:
        act()
    return told.value.word


# --- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["花\u200b子", "\u202e花子", "花\n子", "花\u2028子", "\u00ad"])
def test_a_name_with_something_unseen_in_it_is_nobodys(store: Store, name: str) -> None:
    with pytest.raises(AdviserError) as refused:
        advisers.add(store, name)
    assert refused.value.word == "adviser_name"
    assert advisers.find(store, name) is None


def test_a_name_may_have_a_wide_space_and_is_found_with_a_narrow_one(store: Store) -> None:
    assert advisers.add(store, "佐藤　花子").name == "佐藤　花子"
    found = advisers.find(store, "佐藤 花子")
    assert found is not None


def test_an_adviser_is_added_found_changed_and_listed(store: Store) -> None:
    assert not advisers.any_exist(store)
    one = advisers.add(store, " 佐藤 𠮷子 ", GOOD, team="東", leads=True)
    other = advisers.add(store, "Tanaka")
    assert (one.name, one.team, one.leads, one.disabled) == ("佐藤 𠮷子", "東", True, False)
    assert advisers.find(store, "佐藤 𠮷子") == advisers.by_id(store, one.id) == one
    assert advisers.change(store, "tanaka", team="東") == Adviser(other.id, "Tanaka", "東")
    assert advisers.change(store, "Tanaka", leads=True).leads
    assert advisers.change(store, "Tanaka", team="") == Adviser(other.id, "Tanaka", "", leads=True)
    assert [each.name for each in advisers.all_of(store)] == ["Tanaka", "佐藤 𠮷子"]
    assert advisers.find(store, "nobody") is None
    assert advisers.any_exist(store)


@pytest.mark.parametrize("again", ["tanaka", "TANAKA", " Tanaka", "Ｔａｎａｋａ"])
def test_a_name_is_taken_however_it_is_written(store: Store, again: str) -> None:
    one = advisers.add(store, "Tanaka", GOOD)
    assert word_of(lambda: advisers.add(store, again)) == "adviser_taken"
    assert advisers.find(store, again) == one


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x00", "\ud800", "字" * 81])
def test_a_name_that_nobody_can_have_is_refused_and_found_nowhere(store: Store, name: str) -> None:
    assert word_of(lambda: advisers.add(store, name)) == "adviser_name"
    assert advisers.find(store, name) is None
    assert advisers.verify(store, name, GOOD) is None
    assert advisers.external(store, name) is None
    assert word_of(lambda: advisers.disable(store, name)) == "adviser_unknown"


def test_a_team_is_one_line(store: Store) -> None:
    advisers.add(store, "甲")
    assert word_of(lambda: advisers.add(store, "乙", team="a\nb")) == "adviser_team"
    assert word_of(lambda: advisers.change(store, "甲", team="字" * 81)) == "adviser_team"


def test_of_several_who_add_one_name_at_once_one_does(store: Store, database: str) -> None:
    done: list[str] = []

    def add(other: Store) -> None:
        try:
            done.append(advisers.add(other, "佐藤").id)
        except AdviserError as error:
            done.append(error.word)

    threads = [threading.Thread(target=add, args=(open_store(database, ""),)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done.count("adviser_taken") == 4
    assert [one.id in done for one in advisers.all_of(store)] == [True]


# --- passwords ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("password", "word"), [
    ("short horse", "password_short"),
    ("x" * 129, "password_long"),
    ("password1234", "password_common"),
    ("123456789012", "password_common"),
    ("qwertyuiop[]", "password_common"),
    ("aaaaaaaaaaaaaaaaaa", "password_common"),
    ("ＴＡＮＡＫＡ no tsuyoi kotoba", "password_common"),
    (GOOD, None),
    ("correct battery horse staple " * 4, None),
    ("𠮷野家でさばの味噌煮を食べる日", None),
    ("かなだけのながいあいことばです", None),
    ("      spaces at both ends      ", None),
])  # fmt: skip
def test_a_password_needs_length_and_must_not_be_easy_to_guess_and_nothing_else(
    store: Store, password: str, word: str | None
) -> None:
    assert problems_of_password(password, "Tanaka") == word
    if word is None:
        one = advisers.add(store, "Tanaka", password)
        assert advisers.verify(store, "tanaka", password) == one
    else:
        assert word_of(lambda: advisers.add(store, "Tanaka", password)) == word
        advisers.add(store, "Tanaka", GOOD)
        assert word_of(lambda: advisers.reset(store, "Tanaka", password)) == word


def test_passwords_made_here_always_will_do_and_differ() -> None:
    made = {passwords.new_password() for _ in range(50)}
    assert len(made) == 50
    assert {problems_of_password(one, "佐藤") for one in made} == {None}


@pytest.mark.parametrize(
    "typed", [GOOD[:-1], GOOD + " ", GOOD.upper(), f" {GOOD}", "", "\ud83d", "x" * 100_000, "\x00"]
)
def test_only_the_very_characters_let_in(store: Store, typed: str) -> None:
    advisers.add(store, "佐藤", GOOD)
    assert advisers.verify(store, "佐藤", typed) is None


def test_nothing_of_a_long_password_is_cut_off(store: Store) -> None:
    long = "".join(chr(0x3041 + number * number % 83) for number in range(128))
    one = advisers.add(store, "佐藤", long)
    assert advisers.verify(store, "佐藤", long) == one
    assert advisers.verify(store, "佐藤", long[:-1] + "x") is None
    assert advisers.verify(store, "佐藤", long + "x") is None


def test_a_name_nobody_has_and_one_without_a_password_cost_a_guess_as_much(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    advisers.add(store, "佐藤", GOOD)
    advisers.add(store, "代理")
    seen: list[str] = []
    kept = passwords._hasher().verify  # noqa: SLF001  (how often it is asked is the point)

    class Counting:
        def verify(self, known: str, typed: bytes) -> bool:
            seen.append(known)
            return kept(known, typed)

    monkeypatch.setattr(passwords, "_hasher", Counting)
    passwords._nobodys.cache_clear()  # noqa: SLF001  (as above)
    monkeypatch.setattr(passwords, "hashed", lambda _: "$argon2id$v=19$m=16,t=1,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub")
    for name in ("佐藤", "代理", "nobody"):
        seen.clear()
        assert advisers.verify(store, name, "wrong horse battery") is None
        assert len(seen) == 1


def test_a_password_is_kept_as_argon2id_and_nowhere_as_it_is(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/a.sqlite3", "")
    token = advisers.begin(store, advisers.add(store, "佐藤", GOOD).id, NOW)
    with store.reading() as connection:
        kept = connection.execute(sa.select(t.adviser.c.password)).scalar_one()
    assert kept.startswith("$argon2id$")
    content = b"".join(path.read_bytes() for path in file_of(store).parent.iterdir())
    assert GOOD.encode() not in content
    assert token.encode() not in content
    assert "佐藤".encode() in content, "the bytes are looked for in the right place"


def test_guessing_a_password_costs_what_owasp_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert passwords.MEMORY >= 19 * 1024
    assert passwords.TIME >= 2
    assert "m=65536,t=3,p=4" in passwords.hashed(GOOD)


def test_a_password_kept_at_an_older_cost_is_hashed_anew_at_the_next_login(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = advisers.add(store, "佐藤", GOOD)
    monkeypatch.setattr(passwords, "TIME", 2)
    assert advisers.verify(store, "佐藤", "wrong horse battery") is None
    kept = sa.select(t.adviser.c.password)
    with store.reading() as connection:
        assert ",t=1," in connection.execute(kept).scalar_one()
    assert advisers.verify(store, "佐藤", GOOD) == one
    with store.reading() as connection:
        assert ",t=2," in connection.execute(kept).scalar_one()
    assert advisers.verify(store, "佐藤", GOOD) == one


def test_who_changes_a_password_has_to_know_the_old_one(store: Store) -> None:
    one = advisers.add(store, "佐藤", GOOD)
    assert advisers.change_password(store, one.id, OTHER, OTHER) == "password_wrong"
    assert advisers.change_password(store, "nobody", GOOD, OTHER) == "password_wrong"
    assert advisers.change_password(store, one.id, GOOD, "short") == "password_short"
    assert advisers.verify(store, "佐藤", GOOD) == one
    assert advisers.change_password(store, one.id, GOOD, OTHER) == ""
    assert advisers.verify(store, "佐藤", GOOD) is None
    assert advisers.verify(store, "佐藤", OTHER) == one
    advisers.disable(store, "佐藤")
    assert advisers.change_password(store, one.id, OTHER, GOOD) == "password_wrong"


# --- logins -------------------------------------------------------------------------------------------------------


def logged_in(store: Store) -> tuple[Adviser, str]:
    one = advisers.add(store, "佐藤", GOOD)
    return one, advisers.begin(store, one.id, NOW)


def test_a_login_is_known_by_a_token_that_nobody_can_guess(store: Store) -> None:
    one, token = logged_in(store)
    assert advisers.adviser_of(store, token, NOW) == one
    assert len(token) >= 43, "256 bits"
    assert token != advisers.begin(store, one.id, NOW)
    for wrong in ("", "x", token[:-1], token + "x", "\ud800", "\x00"):
        assert advisers.adviser_of(store, wrong, NOW) is None
    with store.reading() as connection:
        kept = connection.execute(sa.select(t.login.c.token_hash)).scalars().all()
    assert token not in kept


def test_a_login_lasts_an_hour_after_it_was_used_and_twelve_hours_at_most(store: Store) -> None:
    one, token = logged_in(store)
    assert advisers.adviser_of(store, token, NOW + 60 * MINUTE) is None
    assert advisers.adviser_of(store, token, NOW + 59 * MINUTE) == one
    for minutes in range(100, 720, 59):
        assert advisers.adviser_of(store, token, NOW + minutes * MINUTE) == one
    assert advisers.adviser_of(store, token, NOW + 719 * MINUTE) == one
    assert advisers.adviser_of(store, token, NOW + 720 * MINUTE) is None


def test_the_use_of_a_login_is_written_once_a_minute_and_a_busy_store_sends_nobody_away(
    database: str, store: Store
) -> None:
    one, token = logged_in(store)

    def seen() -> datetime:
        with store.reading() as connection:
            found: datetime = connection.execute(sa.select(t.login.c.seen)).scalar_one()
            return found

    advisers.adviser_of(store, token, NOW + timedelta(seconds=59))
    assert seen() == NOW
    advisers.adviser_of(store, token, NOW + MINUTE)
    assert seen() == NOW + MINUTE
    impatient = open_store(database, "", wait=0.1)
    with store.writing() as connection:
        connection.execute(sa.update(t.login).values(seen=NOW + MINUTE))
        assert advisers.adviser_of(impatient, token, NOW + 5 * MINUTE) == one
    assert seen() == NOW + MINUTE


def test_a_login_ends_when_it_is_ended_and_the_others_stay(store: Store) -> None:
    one, token = logged_in(store)
    other = advisers.begin(store, one.id, NOW)
    advisers.end(store, token)
    advisers.end(store, "no login")
    assert advisers.adviser_of(store, token, NOW) is None
    assert advisers.adviser_of(store, other, NOW) == one
    advisers.end_all(store, one.id)
    assert advisers.adviser_of(store, other, NOW) is None


@pytest.mark.parametrize("act", [
    lambda store, _: advisers.disable(store, "佐藤"),
    lambda store, _: advisers.reset(store, "佐藤", OTHER),
    lambda store, one: advisers.change_password(store, one.id, GOOD, OTHER),
], ids=["disable", "reset", "change"])  # fmt: skip
def test_all_logins_end_with_the_adviser_or_their_password(store: Store, act: Callable[[Store, Adviser], Any]) -> None:
    one, token = logged_in(store)
    act(store, one)
    assert advisers.adviser_of(store, token, NOW) is None
    advisers.enable(store, "佐藤")
    assert advisers.adviser_of(store, token, NOW) is None


def test_who_is_disabled_cannot_come_in_by_any_way_until_enabled(store: Store) -> None:
    one, token = logged_in(store)
    assert advisers.disable(store, "佐藤").disabled
    assert advisers.verify(store, "佐藤", GOOD) is None
    assert advisers.external(store, "佐藤") is None
    assert advisers.by_id(store, one.id) is None
    assert advisers.adviser_of(store, token, NOW) is None
    for unknown in (one.id, "nobody", ""):
        with pytest.raises(NotAllowed):
            advisers.begin(store, unknown, NOW)
    assert advisers.any_exist(store), "nobody else is let in unnamed, either"
    advisers.enable(store, "佐藤")
    assert advisers.verify(store, "佐藤", GOOD) == one


def test_logins_that_are_over_do_not_pile_up(store: Store) -> None:
    one, _ = logged_in(store)
    advisers.begin(store, one.id, NOW + 2 * logins.IDLE)
    with store.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(t.login)).scalar_one() == 1


# --- from elsewhere -----------------------------------------------------------------------------------------------


def test_whom_a_proxy_names_is_found_or_made_without_a_password(store: Store) -> None:
    one = advisers.add(store, "sato@example.jp", GOOD)
    assert advisers.external(store, " Sato@Example.jp ") == one
    made = advisers.external(store, "suzuki@example.jp")
    assert made == advisers.find(store, "suzuki@example.jp") == advisers.external(store, "suzuki@example.jp")
    assert advisers.verify(store, "suzuki@example.jp", "") is None


@pytest.mark.parametrize(("known", "named"), [("sato", "ｓａｔｏ"), ("strasse", "straße"), ("①", "1")])
def test_a_name_that_only_looks_like_somebody_elses_lets_nobody_in(store: Store, known: str, named: str) -> None:
    advisers.add(store, known)
    assert advisers.external(store, named) is None
    assert len(advisers.all_of(store)) == 1


# --- handing over -------------------------------------------------------------------------------------------------


def test_the_clients_and_visits_of_who_leaves_go_to_another(store: Store) -> None:
    old, new = (store.seen_by(advisers.add(store, name).id) for name in ("甲", "乙"))
    old.put_client(client("c1"))
    saved(old, "v1", later(NEW), of="c1")
    saved(old, "v2", later(NEW))
    store.put_client(client("c2"))
    advisers.disable(store, "甲")
    assert advisers.clients_of(store) == {old.viewer: 1, None: 1}
    assert advisers.hand_over(store, "甲", "乙") == advisers.Handed(clients=1, visits=1)
    assert [one.id for one in new.clients()] == ["c1"]
    assert ([one.id for one in new.visits("c1")], [one.id for one in new.visits(None)]) == (["v1"], ["v2"])
    assert advisers.hand_over(store, None, "乙") == advisers.Handed(clients=1, visits=0)
    assert advisers.clients_of(store) == {new.viewer: 2}
    advisers.enable(store, "甲")
    assert old.clients() == ()


def test_nothing_is_handed_to_or_from_who_is_not_there_or_may_not_work(store: Store) -> None:
    advisers.add(store, "甲")
    advisers.disable(store, "甲")
    store.put_client(client("c1"))
    assert word_of(lambda: advisers.hand_over(store, None, "甲")) == "adviser_disabled"
    assert word_of(lambda: advisers.hand_over(store, None, "nobody")) == "adviser_unknown"
    assert word_of(lambda: advisers.hand_over(store, "nobody", "甲")) == "adviser_unknown"
    assert advisers.clients_of(store) == {None: 1}
