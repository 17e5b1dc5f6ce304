"""The front desk without a page: who is there, what is due, what is kept, and what goes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from advisor.session import plans
from advisor.session.appointments import local
from advisor.session.model import TOKYO, Action, Visit, day_of
from advisor.session.session import Rejected
from advisor.store import NotRead, NotSaved, Store, tables
from advisor.store import rows as rows_of_store
from advisor.view.desk import clients, form
from advisor.view.desk.clients import ListedClient
from advisor.view.desk.desk import Desk
from advisor.view.desk.register import Note
from tests.databases import believed
from tests.desks import (
    CONSENT,
    NEW,
    STEP,
    TODAY,
    TYPED,
    client,
    days,
    desk,
    known,
    line,
    planned,
    register,
    visit,
)
from tests.support import CATALOG

APPOINTMENT = datetime(2026, 11, 30, 14)  # noqa: DTZ001  (the local time of the room)
PURPOSE = CATALOG.words["ja"].desk["desk_purpose_default"]


def rows(*found: tuple[str, int | None, int | None]) -> list[ListedClient]:
    """Return lines of the list by code, days until something is due, and days since the last visit."""
    made = []
    for code, due, seen in found:
        record = planned(Action("a1", STEP, by=None if due is None else days(due)))
        made.append(line(client(code), *(() if seen is None else (visit(record, days(-seen)),))))
    return made


def codes(found: Iterable[ListedClient]) -> list[str]:
    return [row.client.code for row in found]


# --- what is open and due ---


def test_open_actions_are_those_of_the_plan_that_nobody_closed() -> None:
    record = planned(
        Action("a1", STEP), Action("a2", what="話す", status="done"), Action("a3", what="読む", aside=True)
    )
    assert [action.id for action in plans.open_actions(record)] == ["a1"]


def test_last_times_actions_stay_open_until_they_are_told_about_or_taken_over() -> None:
    begun = replace(planned(Action("a1", STEP)), review=(Action("a1", STEP), Action("a2", what="話す")))
    assert [action.what or action.step for action in plans.open_actions(begun)] == [STEP, "話す"]
    told = replace(begun, review=(Action("a1", STEP), Action("a2", what="話す", status="partly")))
    assert [action.step for action in plans.open_actions(told)] == [STEP]


def test_open_actions_stand_soonest_first_and_only_the_latest_visit_says_what_is_open() -> None:
    actions = (Action("a1", STEP, by=days(8)), Action("a2", what="話す"), Action("a3", what="読む", by=days(2)))
    old, new = visit(planned(*actions), days(-30)), visit(NEW, days(-1), "v2")
    assert [action.id for action in clients.opened_client(client(), (old,)).actions] == ["a3", "a1", "a2"]
    row = clients.opened_client(client(), (old, new))
    assert (row.actions, row.last) == ((), new)


def test_the_soonest_appointment_comes_first_then_who_is_new_then_who_was_here_last() -> None:
    found = [
        line(client("later"), visit(replace(NEW, next_at=APPOINTMENT), days(-1))),
        line(client("soon"), visit(replace(NEW, next_at=APPOINTMENT - timedelta(days=5)), days(-9))),
        line(client("past"), visit(replace(NEW, next_at=APPOINTMENT - timedelta(days=20)), days(-30))),
        *rows(("old", -2, 90), ("new", None, None), ("seen", None, 2)),
    ]
    assert codes(clients.in_order(found, TODAY)) == ["soon", "later", "new", "seen", "past", "old"]


def test_an_overdue_action_does_not_hide_the_next_appointment() -> None:
    both = line(client(), visit(planned(Action("a1", STEP, by=days(-3)), next_at=APPOINTMENT), days(-9)))
    upcoming = both.next(TODAY)
    assert upcoming is not None
    assert (local(upcoming.at), both.overdue(TODAY)) == (APPOINTMENT, True)


def told(*found: ListedClient) -> list[tuple[str, str, date | None]]:
    """Return what is to be followed up: whose it is, its kind and its day."""
    return [(row.client.code, due.kind, due.on) for row, due in clients.due(found, TODAY)]


def test_what_is_to_be_followed_up_is_overdue_or_due_within_seven_days() -> None:
    found = rows(("today", 0, 1), ("next month", 30, 1), ("week", 7, 1), ("late", -9, 1), ("no", None, 1))
    assert told(*found) == [
        ("late", "action", days(-9)), ("today", "action", TODAY), ("week", "action", days(7)),
        ("next month", "actions", None), ("no", "actions", None),
    ]  # fmt: skip


def test_actions_without_a_next_appointment_a_missed_one_and_the_end_of_a_consent_are_told() -> None:
    later = planned(Action("a1", STEP, by=days(20)), next_at=APPOINTMENT)
    missed = replace(NEW, next_at=datetime.combine(days(-2), time(10)))
    assert told(
        line(client("booked"), visit(later, days(-9))),
        line(client("missed"), visit(missed, days(-9))),
        line(client("ends", until=days(30))),
        line(client("stays", until=days(31))),
    ) == [("missed", "missed", days(-2)), ("ends", "until", days(30))]


def test_the_day_of_a_visit_is_that_of_the_room() -> None:
    assert day_of(datetime(2026, 11, 21, 20, tzinfo=UTC)) == date(2026, 11, 22)


# --- search ---


@pytest.mark.parametrize(
    "query", ["a-001", "Ａ－００１", " A-0 ", "髙﨑", "ﾀｶｻｷ", "maria", "MARÍA", "タカサキ maria", ""]
)
def test_a_client_is_found_by_code_or_name_whatever_the_width_and_case(query: str) -> None:
    row = line(client("A-001", name="髙﨑 タカサキ María maria"))
    assert clients.found([row], query) == (row,)


def test_every_word_of_a_query_has_to_be_there() -> None:
    row = line(client("A-001", name="佐藤 花子"))
    assert clients.found([row], "佐藤 花子") == (row,)
    assert clients.found([row], "佐藤 太郎") == ()


@given(st.text(min_size=1, max_size=12), st.text(max_size=12))
def test_whoever_is_registered_is_found_by_their_own_code(code: str, name: str) -> None:
    row = line(client(code, name=name))
    assert clients.found([row], unicodedata.normalize("NFKC", code)) == (row,)


# --- the form ---


def test_a_new_client_is_kept_with_what_was_agreed(store: Store) -> None:
    one = desk(store)
    register(one, code=" A-001 ", then="erase")
    (kept,) = store.clients()
    assert (kept.code, kept.name, kept.since) == ("A-001", TYPED["name"], TODAY)
    assert kept.consent == replace(CONSENT, purpose=PURPOSE, given_on=TODAY, until=date(2027, 11, 21), then="erase")
    assert (one.screen, one.client, one.form) == ("client", kept.id, None)
    assert one.note is not None
    assert one.note.word == "desk_registered"


WRONG = {
    "code": [
        ("", "desk_error_code"),
        (" 　", "desk_error_code"),
        ("x" * 41, "error_text"),
        ("ｂ－７", "desk_error_taken"),
    ],
    "name": [("x" * 81, "error_text")],
    "purpose": [(" ", "desk_error_purpose"), ("x" * 301, "error_text")],
    "given_on": [("2026-11-22", "desk_error_given_on"), ("", "error_date"), ("9" * 40, "error_date")],
    "until": [("2026-11-21", "desk_error_until"), ("2031-11-22", "desk_error_until"), ("soon", "error_date")],
    "agreed": [("", "desk_error_agreed")],
}


@pytest.mark.parametrize(("field", "text", "word"), [(name, *pair) for name, told in WRONG.items() for pair in told])
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    store: Store, field: str, text: str, word: str
) -> None:
    known(store, client("B-7"))
    one = desk(store)
    register(one, **{field: text})
    assert {name: why for name, (why, _) in one.problems.items()} == {field: word}
    assert one.form is not None
    assert one.form.values[field] == text
    assert one.form.values["name"] == ("x" * 81 if field == "name" else TYPED["name"])
    assert len(store.clients()) == 1


def test_nothing_is_called_wrong_before_the_form_was_handed_in_and_a_repaired_field_at_once_no_more(
    store: Store,
) -> None:
    one = desk(store)
    one.register_new()
    assert one.problems == {}
    one.hand_in()
    assert set(one.problems) == {"code", "agreed"}
    one.fill("code", "A-1")
    assert set(one.problems) == {"agreed"}


def test_the_time_may_run_to_the_very_day_five_years_after_consent(store: Store) -> None:
    one = desk(store)
    register(one, until="2031-11-21")
    assert store.clients()[0].consent.until == date(2031, 11, 21)


def test_a_year_after_a_leap_day_is_the_28th() -> None:
    assert form.after(date(2028, 2, 29), 1) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("field", "text"), [("then", "keep"), ("then", ""), ("agreed", "perhaps"), ("id", "x"), ("search", "x")]
)
def test_what_the_form_does_not_offer_is_rejected(store: Store, field: str, text: str) -> None:
    one = desk(store)
    one.register_new()
    before = one.form
    with pytest.raises(Rejected):
        one.fill(field, text)
    assert one.form == before


def test_another_spelling_of_a_code_needs_no_new_consent_and_keeps_the_rest(store: Store) -> None:
    name = known(store, client("A-1", name="花子"), visit())
    one = desk(store)
    one.edit(name)
    one.fill("code", "Ａ－１")
    one.hand_in()
    assert (store.clients()[0].code, store.clients()[0].consent) == ("Ａ－１", CONSENT)
    assert len(store.visits(name)) == 1


def test_another_consent_has_to_be_agreed_to_anew(store: Store) -> None:
    name = known(store, client())
    one = desk(store)
    one.edit(name)
    one.fill("until", "2027-12-01")
    one.fill("given_on", "2026-11-20")
    one.hand_in()
    assert set(one.problems) == {"agreed"}
    one.fill("agreed", "yes")
    one.hand_in()
    kept = store.clients()[0].consent
    assert (kept.given_on, kept.until) == (date(2026, 11, 20), date(2027, 12, 1))


def test_keeping_a_client_longer_begins_with_a_consent_of_today_that_has_to_be_asked_for(store: Store) -> None:
    name = known(store, client(until=days(-1)))
    one = desk(store)
    one.renew(name)
    one.hand_in()
    assert set(one.problems) == {"agreed"}
    one.fill("agreed", "yes")
    one.hand_in()
    kept = store.clients()[0].consent
    assert (kept.given_on, kept.until, kept.purpose) == (TODAY, date(2027, 11, 21), CONSENT.purpose)


def test_the_default_purpose_speaks_the_language_of_the_desk_until_somebody_writes_another(store: Store) -> None:
    one = desk(store)
    one.register_new()
    one.speak("en")
    assert one.form is not None
    assert one.form.values["purpose"] == CATALOG.words["en"].desk["desk_purpose_default"]
    one.fill("purpose", "自分のことば")
    one.speak("ja")
    assert one.form.values["purpose"] == "自分のことば"


def test_a_client_who_was_changed_in_another_window_is_not_written_over_unseen(store: Store) -> None:
    name = known(store, client(name="佐藤"))
    one, other = desk(store), desk(store)
    one.edit(name)
    other.renew(name)
    other.fill("agreed", "yes")
    other.hand_in()
    one.fill("name", "佐藤 𠮷子")
    one.hand_in()
    (kept,) = store.clients()
    assert (kept.name, kept.consent.given_on) == ("佐藤", TODAY)
    assert (one.screen, one.note and one.note.word, one.note and one.note.kind) == (
        "form",
        "desk_client_changed",
        "error",
    )
    assert one.form is not None
    assert (one.form.values["name"], one.form.values["until"]) == ("佐藤 𠮷子", kept.consent.until.isoformat())
    assert not one.form.renews
    one.hand_in()
    (both,) = store.clients()
    assert both == replace(kept, name="佐藤 𠮷子")


def test_a_consent_that_two_windows_changed_has_to_be_agreed_to_once_more(store: Store) -> None:
    name = known(store, client())
    one, other = desk(store), desk(store)
    for window, purpose in ((one, "一つ目"), (other, "二つ目")):
        window.edit(name)
        window.fill("purpose", purpose)
        window.fill("agreed", "yes")
    other.hand_in()
    one.hand_in()
    assert one.form is not None
    assert (one.form.values["purpose"], one.form.values["agreed"], one.form.asked) == ("一つ目", "", False)
    assert store.clients()[0].consent.purpose == "二つ目"


def test_leaving_the_form_keeps_nothing_of_it(store: Store) -> None:
    name = known(store, client())
    one = desk(store)
    one.edit(name)
    one.fill("name", "別の名前")
    one.cancel()
    assert (one.screen, one.client, one.form) == ("client", name, None)
    assert store.clients()[0].name == ""


# --- retention ---


def test_whose_time_is_over_leaves_the_list_and_is_erased_on_another_day_and_both_are_said(store: Store) -> None:
    name = known(store, client("B", until=days(-1), then="erase"), visit())
    known(store, client("C", until=days(-1), then="ask"))
    known(store, client("D", until=days(1), then="erase"))
    for one in (desk(store), desk(store)):
        assert codes(one.rows) == ["C", "D"]
        assert one.note == Note("desk_hidden", {"number": 1})
        assert [row.client.code for row in one.rows if row.lapsed(TODAY)] == ["C"]
        assert store.client(name) is not None
        with pytest.raises(Rejected):
            one.open(name)
        assert "b" in one.taken(), "the code is another's only when they are gone"
    assert desk(store, days(1)).note == Note("desk_expired", {"number": 1})
    assert store.client(name) is None
    assert desk(store, days(1)).note is None


def test_whose_time_ends_while_the_desk_is_open_goes_at_the_next_look_at_the_list(store: Store) -> None:
    known(store, client(until=TODAY, then="erase"))
    now = [TODAY]
    believed(store, TODAY)
    one = Desk(CATALOG, store, lambda: now[0])
    assert codes(one.rows) == ["A-001"]
    now[0] = days(1)
    one.show_list()
    assert (one.rows, one.note) == ((), Note("desk_hidden", {"number": 1}))
    now[0] = days(2)
    one.show_list()
    assert (one.rows, one.note) == ((), Note("desk_expired", {"number": 1}))


def test_a_client_goes_only_when_their_code_was_typed(store: Store) -> None:
    name = known(store, client("A-1"), visit())
    one = desk(store)
    one.open(name)
    one.erase(name, "A-2")
    assert (one.mistyped, len(store.clients())) == (name, 1)
    one.erase(name, " ａ－１")
    assert (store.clients(), store.visits(name), one.screen, one.mistyped) == ((), (), "list", None)


def test_after_an_erasure_its_day_and_counts_are_said(store: Store) -> None:
    name = known(store, client(), visit(), visit(name="v2"))
    one = desk(store)
    one.erase(name, "A-001")
    assert one.note is not None
    assert (one.note.word, one.note.fields) == ("desk_erased", {"day": TODAY, "visits": 2, "events": 2})


def test_an_erasure_counts_though_its_tombstone_cannot_be_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Store) -> None:
        raise NotRead

    name = known(store, client(), visit())
    one = desk(store)
    one.open(name)
    monkeypatch.setattr(Store, "tombstones", fail)
    one.erase(name, "A-001")
    assert (one.screen, one.rows, store.clients()) == ("list", (), ())


def test_erased_bytes_that_could_not_be_overwritten_are_tried_again_at_the_next_look(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = known(store, client(), visit())
    one = desk(store)
    monkeypatch.setattr(Store, "sweep", lambda _: False)
    one.erase(name, "A-001")
    assert one.unswept
    monkeypatch.undo()
    one.show_list()
    assert not one.unswept


def test_one_visit_goes_and_the_others_stay(store: Store) -> None:
    name = known(store, client(), visit(), visit(name="v2"))
    one = desk(store)
    one.open(name)
    gone, stays = store.visits(name)
    one.erase_visit(gone.id)
    assert [found.id for found in store.visits(name)] == [stays.id]
    assert (one.screen, one.client) == ("client", name)


# --- visits ---


def test_the_first_visit_is_empty_stored_at_once_and_in_the_language_of_the_desk(store: Store) -> None:
    name = known(store, client())
    one = desk(store)
    one.speak("en")
    started = one.start(name)
    (kept,) = store.visits(name)
    assert (kept.id, kept.record) == (started, replace(NEW, language="en"))


def test_the_next_visit_goes_on_from_the_last(store: Store) -> None:
    name = known(store, client(), visit(planned(Action("a1", STEP), revision=9), days(-9)))
    one = desk(store)
    started = one.start(name)
    _, kept = store.visits(name)
    assert kept.id == started
    (action,) = kept.record.review
    assert (replace(action, origin=""), kept.record.revision) == (Action("a1", STEP), 1)


def test_the_next_visit_goes_on_from_what_was_changed_in_another_window(store: Store) -> None:
    name = known(store, client(), visit(on=days(-9)))
    one = desk(store)
    (before,) = store.visits(name)
    store.save(before.id, name, before.record, planned(Action("a1", STEP), revision=2))
    one.start(name)
    (action,) = store.visits(name)[1].record.review
    assert replace(action, origin="") == Action("a1", STEP)


def test_pressing_start_twice_makes_one_visit(store: Store) -> None:
    name = known(store, client())
    one = desk(store, datetime.now(TOKYO).date())
    assert one.start(name) == one.start(name)
    assert len(store.visits(name)) == 1


def test_a_visit_of_nobody_is_given_to_a_client(store: Store) -> None:
    name = known(store, client())
    store.save("v0", None, None, NEW)
    one = desk(store)
    assert [found.id for found in one.nobody] == ["v0"]
    one.assign("v0", name)
    assert (one.nobody, [found.id for found in store.visits(name)]) == ((), ["v0"])


def test_a_visit_of_nobody_can_be_erased_too(store: Store) -> None:
    store.save("v0", None, None, NEW)
    one = desk(store)
    one.erase_visit("v0")
    assert (one.nobody, store.visit("v0")) == ((), None)


# --- from elsewhere ---


def test_a_client_from_elsewhere_comes_with_new_ids_and_the_old_days(store: Store) -> None:
    one = desk(store)
    one.take_in(client("X", name="花子"), (visit(planned(Action("a1", STEP), revision=7), days(-40)),))
    (kept,) = store.clients()
    (taken,) = store.visits(kept.id)
    assert (kept.code, kept.name, kept.consent) == ("X", "花子", CONSENT)
    assert {kept.id, taken.id}.isdisjoint({"somebody", "v1"})
    assert (day_of(taken.started), taken.record.revision) == (days(-40), 7)
    assert store.replay(taken.id) == taken.record
    assert (one.screen, one.client) == ("client", kept.id)


@pytest.mark.parametrize("code", ["Ａ－００１", "x" * 41])
def test_a_code_that_cannot_be_used_here_is_asked_for_anew(store: Store, code: str) -> None:
    known(store, client("A-001"))
    one = desk(store)
    one.take_in(client(code), (visit(),))
    assert (one.screen, len(store.clients()), set(one.problems)) == ("form", 1, {"code"})
    one.fill("code", "A-002")
    one.hand_in()
    assert [kept.code for kept in store.clients()] == ["A-001", "A-002"]
    assert one.row is not None
    assert len(one.row.visits) == 1


def test_a_record_whose_time_is_over_is_taken_in_with_a_new_consent_or_not_at_all(store: Store) -> None:
    one, old = desk(store), client("X", name="花子", until=days(-1), then="erase")
    one.take_in(old, (visit(on=days(-300)),))
    assert (one.screen, store.clients(), one.problems) == ("form", (), {})
    one.hand_in()
    assert (set(one.problems), store.clients()) == ({"agreed"}, ())
    one.fill("agreed", "yes")
    one.hand_in()
    (kept,) = store.clients()
    assert kept == replace(old, id=kept.id, consent=replace(old.consent, given_on=TODAY, until=form.after(TODAY, 1)))
    assert store.expire(TODAY).erased == ()
    assert len(store.visits(kept.id)) == 1


def test_a_record_whose_time_is_over_is_not_taken_in_where_the_adviser_goes_back(store: Store) -> None:
    one = desk(store)
    one.take_in(client("X", until=days(-1), then="erase"), (visit(),))
    one.cancel()
    assert (one.screen, one.incoming, store.clients(), store.visits(None)) == ("list", None, (), ())


def test_a_record_whose_time_is_over_and_that_is_only_asked_about_is_taken_in_as_it_is(store: Store) -> None:
    one = desk(store)
    one.take_in(client("X", until=days(-1)), ())
    assert [kept.consent.until for kept in store.clients()] == [days(-1)]


def test_code_and_consent_are_asked_for_together(store: Store) -> None:
    known(store, client("A-001"))
    one = desk(store)
    one.take_in(client("a-001", name=" 花子 ", until=days(-1), then="erase"), ())
    assert set(one.problems) == {"code", "agreed"}
    for field, text in (("code", "A-002"), ("agreed", "yes"), ("then", "ask")):
        one.fill(field, text)
    one.hand_in()
    new = next(kept for kept in store.clients() if kept.code == "A-002")
    assert (new.name, new.consent.until, new.consent.then) == (" 花子 ", form.after(TODAY, 1), "ask")


UNSEEN = ["A\n001", "A\u202e001", "A\u200b001", "\ufeffA-001", "A\u2028001", "A\u00ad001"]


@pytest.mark.parametrize("code", UNSEEN)
def test_a_code_with_something_unseen_in_it_is_neither_registered_nor_taken_in(store: Store, code: str) -> None:
    one = desk(store)
    register(one, code=code)
    assert (one.problems, store.clients()) == ({"code": ("desk_error_unseen", 0)}, ())
    one.take_in(client(code), ())
    assert (one.problems, store.clients()) == ({"code": ("desk_error_unseen", 0)}, ())


@pytest.mark.parametrize("name", ["花\u200d子", "花\u202e子", "花\n子"])
def test_a_name_with_something_unseen_in_it_is_not_registered(store: Store, name: str) -> None:
    one = desk(store)
    register(one, name=name)
    assert (one.problems, store.clients()) == ({"name": ("desk_error_unseen", 0)}, ())


@pytest.mark.parametrize("name", ["葛󠄀城　花子", "𠮷野 \ue000", "José"])
def test_names_as_people_write_them_are_registered(store: Store, name: str) -> None:
    register(desk(store), name=name)
    assert [kept.name for kept in store.clients()] == [name]


def test_a_code_of_old_with_something_unseen_in_it_is_found_and_erased_by_what_is_seen_of_it(store: Store) -> None:
    old = known(store, client("A\u200b-1"))
    one = desk(store)
    assert one.taken() == {"a-1"}
    one.search("a-1")
    assert [row.client.id for row in clients.found(one.rows, one.query)] == [old]
    one.erase(old, "A-1")
    assert store.clients() == ()


def test_visits_of_nobody_from_elsewhere_are_not_at_once_too_old(store: Store) -> None:
    one = desk(store)
    one.take_in(None, (replace(visit(on=days(-400)), client=None),))
    assert len(one.nobody) == 1
    assert len(desk(store, datetime.now(TOKYO).date()).nobody) == 1


# --- what goes wrong ---


def failing(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise NotSaved("not_saved_locked")

    for name in names:
        monkeypatch.setattr(Store, name, fail)


def test_what_could_not_be_saved_is_said_and_stays_typed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    one = desk(store)
    failing(monkeypatch, "put_client")
    register(one)
    assert one.note is not None
    assert (one.note.word, one.note.kind) == ("not_saved_locked", "error")
    assert one.form is not None
    assert one.form.values["name"] == TYPED["name"]
    monkeypatch.undo()
    one.hand_in()
    assert len(store.clients()) == 1


def test_a_visit_that_could_not_be_stored_is_not_opened(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    name = known(store, client())
    one = desk(store)
    failing(monkeypatch, "save")
    assert one.start(name) is None
    assert one.note is not None
    assert one.note.word == "not_saved_locked"


def test_a_store_that_cannot_be_read_is_no_empty_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    known(store, client())

    def fail(_: Store) -> None:
        raise NotRead

    monkeypatch.setattr(Store, "reading", fail)
    one = desk(store)
    assert (one.unread, one.rows) == (NotRead().word, ())
    monkeypatch.undo()
    one.show_list()
    assert (one.unread, len(one.rows)) == ("", 1)


def test_the_list_asks_the_store_no_more_often_for_many_clients_than_for_one(store: Store) -> None:
    asked: list[str] = []
    sa.event.listen(store.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    numbers = []
    for number in range(3):
        known(store, client(f"A-{number}"), visit(), visit(on=days(-9), name="v2"))
        one = desk(store)
        asked.clear()
        one.show_list()
        numbers.append(len(asked))
        assert [row.client.visits for row in one.rows] == [2] * (number + 1)
    assert len(set(numbers)) == 1


def test_searching_and_turning_pages_asks_the_store_nothing(store: Store) -> None:
    for number in range(3):
        known(store, client(f"A-{number}"), visit())
    one = desk(store)
    asked: list[str] = []
    sa.event.listen(store.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    one.search("A-1")
    one.turn("list", 2)
    one.speak("en")
    one.dismiss()
    assert asked == []


def test_a_clients_page_reads_that_client_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, other = (known(store, client(code), visit(), visit(on=days(-9), name="v2")) for code in ("A-1", "A-2"))
    one = desk(store)
    opened: list[str] = []
    visit_of = rows_of_store.visit_of

    def read(row: Any, vault: Any) -> Visit:
        opened.append(row.client)
        return visit_of(row, vault)

    monkeypatch.setattr(rows_of_store, "visit_of", read)
    one.open(mine)
    assert one.row is not None
    assert (one.row.client.id, opened) == (mine, [mine, mine])
    one.open(other)
    assert (one.row.client.id, len(one.row.visits)) == (other, 2)


def test_a_client_who_was_registered_here_can_be_worked_with_before_the_list_is_read_again(store: Store) -> None:
    one = desk(store)
    register(one)
    assert one.client is not None
    one.edit(one.client)
    one.fill("name", "別の名前")
    one.hand_in()
    assert [kept.name for kept in store.clients()] == ["別の名前"]
    assert one.start(one.client) is not None


def test_what_somebody_else_changed_stands_in_the_list_when_one_comes_back_to_it(store: Store) -> None:
    name = known(store, client("A-1"), visit())
    known(store, client("A-2"))
    one, other = desk(store), desk(store)
    one.open(name)
    other.edit(name)
    other.fill("code", "Z-1")
    other.hand_in()
    (before,) = store.visits(name)
    store.save(before.id, name, before.record, planned(Action("a1", STEP, by=TODAY), revision=2))
    one.show_list()
    assert {line.client.code: len(line.actions) for line in one.rows} == {"Z-1": 1, "A-2": 0}


def test_whoever_was_erased_elsewhere_is_not_opened_and_that_is_said(store: Store) -> None:
    name = known(store, client())
    one = desk(store)
    store.erase_client(name, TODAY)
    one.open(name)
    assert (one.screen, one.rows, one.note) == ("list", (), Note("desk_gone", kind="error"))


def test_whoever_was_erased_on_another_screen_is_gone_here_too(store: Store) -> None:
    name = known(store, client())
    one = desk(store)
    one.open(name)
    store.erase_client(name, TODAY)
    assert one.start(name) is None
    assert (one.screen, one.rows) == ("list", ())
    assert one.note is not None
    assert one.note.word == "desk_gone"


def test_who_is_only_not_there_was_not_erased(store: Store) -> None:
    name = known(store, client())
    one = desk(store)
    with store.writing() as connection:  # an older copy of the store was put back, say
        connection.execute(sa.delete(tables.client))
    assert one.start(name) is None
    assert one.note == Note("desk_missing", kind="error")


def test_the_list_is_read_anew_when_one_comes_back_to_it(store: Store) -> None:
    one = desk(store)
    known(store, client())
    one.show_list()
    assert codes(one.rows) == ["A-001"]


ASKED = {
    "open": ("x",), "turn": ("x", 1), "edit": ("x",), "renew": ("x",), "erase": ("x", "A-001"), "start": ("x",),
    "erase_visit": ("x",), "assign": ("x", "x"), "speak": ("fr",), "fill": ("code", "x"), "hand_in": (),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_what_nobody_has_is_rejected_and_changes_nothing(store: Store, name: str) -> None:
    mine = known(store, client(), visit())
    store.save("v0", None, None, NEW)
    one = desk(store)
    with pytest.raises(Rejected):
        getattr(one, name)(*ASKED[name])
    assert (one.screen, len(store.visits(mine)), len(store.visits(None))) == ("list", 1, 1)


def test_a_visit_of_a_client_whose_page_is_not_open_is_not_erased(store: Store) -> None:
    name = known(store, client(), visit())
    one = desk(store)
    with pytest.raises(Rejected):
        one.erase_visit(store.visits(name)[0].id)
    assert len(store.visits(name)) == 1
