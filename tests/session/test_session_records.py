"""The session: typed text, whole records, supposed cases, and the sensitivity of the first path."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from advisor.content.case_checks import WISH_MAX
from advisor.content.catalog import Catalog
from advisor.content.measures import YEARS_MAX
from advisor.content.model import Case, Facts
from advisor.scoring.reading import read
from advisor.session import record as records
from advisor.session import session as sessions
from advisor.session.model import Plan
from advisor.session.session import Past, Rejected, Session
from tests.support import CATALOG, THEN, belongs_together, cases, session

CANARY = "カナリア株式会社"
STEPS = tuple(CATALOG.steps)


# --- typed text ---


@pytest.mark.parametrize(
    ("text", "years"), [("3", 3), ("３", 3), (" 12 ", 12), ("０", 0), ("007", 7), ("60", YEARS_MAX)]
)
def test_years_may_be_typed_in_any_digits(text: str, years: int) -> None:
    one = session()
    one.tell_years(text)
    assert one.record.case.facts.years == years
    assert one.typed == {}


@pytest.mark.parametrize(
    "text", ["abc", "-1", "3.5", "三", "3年", "²", "61", "99999999999999999999", "9" * 5000, "0" * 5000, "1_0", "1 0"]
)
def test_years_that_are_no_number_of_years_are_kept_beside_the_reason(text: str) -> None:
    one = session()
    one.tell_years("5")
    one.tell_years(text)
    assert one.record.case.facts.years == 5
    assert one.typed == {"years": (text, "error_years", 60)}
    assert one.record.revision == 1


def test_years_that_are_put_right_or_emptied_leave_no_reason_behind() -> None:
    one = session()
    one.tell_years("abc")
    one.tell_years("4")
    assert (one.typed, one.record.case.facts.years) == ({}, 4)
    one.tell_years("abc")
    one.tell_years("")
    assert (one.typed, one.record.case.facts.years) == ({}, None)


def test_a_wish_that_is_too_long_is_kept_beside_the_reason() -> None:
    one = session()
    heard: list[Session] = []
    one.tell_wish("あ" * WISH_MAX)
    one.on_change(heard.append)
    one.tell_wish("い" * (WISH_MAX + 1))
    assert one.record.case.facts.wish == "あ" * WISH_MAX
    assert one.typed == {"wish": ("い" * (WISH_MAX + 1), "error_wish", WISH_MAX)}
    assert heard == [one]
    one.tell_wish("う")
    assert (one.typed, one.record.case.facts.wish) == ({}, "う")


# --- whole records ---


def test_restart_keeps_the_language_and_forgets_everything_else() -> None:
    one = session(Case(responses={"support_1": 4}, facts=Facts(wish=CANARY, situation="inside")))
    one.speak("en")
    one.go("next")
    one.choose(STEPS[0])
    one.tell_years(CANARY)
    one.suppose(one.record.case)
    one.insight()
    one.restart()
    assert one.record == replace(records.new(CATALOG), language="en")
    assert one.supposed is None
    assert CANARY not in repr(vars(one))
    assert belongs_together(one)


def test_a_new_session_after_a_client_s_is_nobody_s_and_of_today() -> None:
    before = session()
    past = Past(before.record, before.reading, date(2026, 10, 1))
    old = replace(CATALOG, digest="older")
    one = Session(old, records.new(old), client="somebody", last=past, today=CATALOG)
    one.restart()
    assert (one.client, one.last, one.today) == (None, None, None)
    assert (one.catalog, one.record.digest) == (CATALOG, CATALOG.digest)


def test_a_sample_never_takes_the_place_of_a_client_s_answers() -> None:
    one = Session(CATALOG, client="somebody")
    one.respond("support_1", 4)
    record = one.record
    with pytest.raises(Rejected):
        one.open_case(Case(responses={"accuracy_1": 2}))
    assert one.record is record


def test_a_case_that_is_opened_brings_no_plan_and_nothing_half_typed() -> None:
    one = session(Case(responses={"support_1": 4}))
    one.choose(STEPS[0])
    one.tell_years("abc")
    one.suppose(one.record.case)
    opened = Case(responses={"accuracy_1": 2})
    one.open_case(opened)
    assert (one.record.case, one.record.plan, one.typed, one.supposed) == (opened, Plan(), {}, None)
    assert belongs_together(one)


@given(case=cases())
def test_a_session_goes_on_where_the_kept_record_ended(case: Case) -> None:
    before = session(case)
    before.go("next")
    before.choose(STEPS[0])
    before.speak("en")
    after = Session(CATALOG, records.load(CATALOG, records.dump(before.record)))
    assert after.record == before.record
    assert after.reading == before.reading


def test_an_adopted_record_leaves_what_was_supposed_or_half_typed_before() -> None:
    kept = session(Case(responses={"support_1": 4})).record
    one = session(Case(responses={"accuracy_1": 2}))
    one.tell_years("abc")
    one.suppose(one.record.case)
    one.adopt(kept)
    assert (one.typed, one.supposed) == ({}, None)


def test_a_record_of_an_older_catalogue_is_read_with_that_one_until_the_person_goes_on_with_todays() -> None:
    figures = CATALOG.scoring.model_copy(update={"version": "2020-1", "min_answered": 0.5})
    old = replace(CATALOG, digest="older", scoring=figures)
    kept = replace(
        records.new(old), case=Case(responses={"reward_1": 5, "reward_2": 5}, facts=Facts(widened=("reward",)))
    )
    one = Session(old, kept, today=CATALOG)
    today = one.reading_today()
    assert one.reading.scores["reward"].value == 100
    assert today is not None
    assert today.scores["reward"].value is None
    one.modernise()
    assert (one.record.digest, one.record.scoring) == (CATALOG.digest, records.new(CATALOG).scoring)
    assert (one.record.case, one.reading, one.today) == (kept.case, today, None)


def test_a_record_that_todays_catalogue_does_not_know_stays_as_it_was() -> None:
    smaller = replace(CATALOG, digest="newer", items={"support_1": CATALOG.items["support_1"]})
    one = Session(CATALOG, replace(records.new(CATALOG), case=Case(responses={"reward_1": 5})), today=smaller)
    assert one.reading_today() is None
    with pytest.raises(Rejected):
        one.modernise()
    assert one.catalog is CATALOG


# --- what if ---


@given(case=cases(), other=cases())
def test_supposing_never_touches_the_record(case: Case, other: Case) -> None:
    one = session(case)
    record, reading = one.record, one.reading
    one.suppose(other)
    assert one.supposed_reading() == read(CATALOG, other.responses, other.facts)
    assert one.record is record
    assert one.reading is reading
    one.suppose(None)
    assert one.supposed_reading() is None
    assert one.record is record


@pytest.mark.parametrize(
    ("catalog", "names"), [(THEN, ("smallest_change", "stability")), (CATALOG, ("small_change", "steadiness"))]
)
def test_what_a_path_hangs_on_is_computed_once_for_each_case(
    catalog: Catalog, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: Counter[str] = Counter()

    def counted(name: str) -> None:
        real = getattr(sessions, name)

        def count(*arguments: Any) -> Any:
            computed[name] += 1
            return real(*arguments)

        monkeypatch.setattr(sessions, name, count)

    for name in names:
        counted(name)
    one = session(Case(responses={"reward_1": 5, "support_1": 4}), catalog)
    first = one.insight()
    one.go("next")
    one.choose(STEPS[0])
    assert one.insight() == first
    assert computed == dict.fromkeys(names, 1)
    one.respond("reward_1", 1)
    one.insight()
    assert computed == dict.fromkeys(names, 2)
