"""The session: every change makes a new record with its reading; a wrong value changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from advisor.content.case_checks import WISH_MAX
from advisor.content.measures import YEARS_MAX
from advisor.content.model import Case, Facts
from advisor.session import record as records
from advisor.session import session as sessions
from advisor.session.session import Rejected, Session
from tests.support import CATALOG, FRUSTRATIONS, belongs_together, session

if TYPE_CHECKING:
    from collections.abc import Callable

CANARY = "カナリア株式会社"
STEPS = tuple(CATALOG.steps)
PATH = next(iter(CATALOG.paths))


def untouched(one: Session, change: Callable[[Session], None]) -> bool:
    """Return whether ``change`` is rejected and changes nothing."""
    before = (one.record, one.reading, one.supposed, dict(one.typed))
    with pytest.raises(Rejected):
        change(one)
    return (one.record, one.reading, one.supposed, dict(one.typed)) == before


def test_a_session_starts_empty() -> None:
    one = session()
    assert one.record == records.new(CATALOG)
    assert one.supposed is None
    assert one.typed == {}
    assert belongs_together(one)


CHANGES: dict[str, Callable[[Session], None]] = {
    "respond": lambda one: one.respond("support_1", 4),
    "take an answer back": lambda one: one.respond("support_1", None),
    "skip": lambda one: one.mark("support_1", "skip"),
    "discuss": lambda one: one.mark("support_1", "discuss"),
    "tell": lambda one: one.tell(situation="inside"),
    "years": lambda one: one.tell_years("3"),
    "wish": lambda one: one.tell_wish("静かに働きたい"),
    "sign": lambda one: one.answer_sign("no_feedback", "yes"),
    "tried": lambda one: one.answer_tried("quantify", "with_effect"),
    "prioritise": lambda one: one.prioritise("reward"),
    "widen": lambda one: one.widen("reward"),
    "choose": lambda one: one.choose("quantify"),
    "follow": lambda one: one.follow(PATH),
    "go": lambda one: one.go("results"),
    "speak": lambda one: one.speak("en"),
    "open a case": lambda one: one.open_case(Case(responses={"support_1": 2})),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_raises_the_revision_by_one_and_is_announced_once_when_all_is_done(name: str) -> None:
    one, heard = session(), []
    one.on_change(lambda told: heard.append((told.record, told.reading)))
    CHANGES[name](one)
    assert one.record.revision == 1
    assert heard == [(one.record, one.reading)]
    assert belongs_together(one)


def test_listeners_are_called_in_the_order_in_which_they_came() -> None:
    one = session()
    heard: list[str] = []
    one.on_change(lambda _: heard.append("first"))
    one.on_change(lambda _: heard.append("second"))
    one.refresh()
    assert heard == ["first", "second"]
    assert one.record.revision == 0


def test_record_and_reading_stay_together_when_reading_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    one = session()

    def fail(*_: object) -> None:
        raise ArithmeticError

    with monkeypatch.context() as patch:
        patch.setattr(sessions, "read", fail)
        with pytest.raises(ArithmeticError):
            one.respond("support_1", 4)
    assert belongs_together(one)


# --- answers ---


def test_an_answer_counts_until_it_is_taken_back() -> None:
    one = session()
    assert "support_1" not in one.record.case.responses
    one.respond("support_1", 4)
    assert one.record.case.responses == {"support_1": 4}
    assert one.reading.scores["support"].value == 75
    one.respond("support_1", None)
    assert one.record.case.responses == {}
    assert one.reading.scores["support"].value is None


def test_skipping_takes_the_answer_back_and_answering_takes_the_skip_back() -> None:
    one = session()
    one.respond("support_1", 4)
    one.mark("support_1", "skip")
    assert (one.record.case.responses, one.record.case.marks) == ({}, {"support_1": "skip"})
    one.respond("support_1", 2)
    assert (one.record.case.responses, one.record.case.marks) == ({"support_1": 2}, {})


def test_a_question_to_be_discussed_keeps_its_answer_and_its_mark() -> None:
    one = session()
    one.respond("support_1", 4)
    one.mark("support_1", "discuss")
    one.respond("support_1", 5)
    assert (one.record.case.responses, one.record.case.marks) == ({"support_1": 5}, {"support_1": "discuss"})


def test_the_same_mark_again_removes_it_and_another_takes_its_place() -> None:
    one = session()
    one.mark("support_1", "discuss")
    one.mark("support_1", "skip")
    assert one.record.case.marks == {"support_1": "skip"}
    one.mark("support_1", "skip")
    assert one.record.case.marks == {}


def test_signs_and_steps_that_were_tried_can_be_taken_back() -> None:
    one = session()
    one.answer_sign("no_feedback", "yes")
    one.answer_tried("quantify", "without_effect")
    assert one.reading.signs_yes == 1
    assert one.record.case.facts.tried == {"quantify": "without_effect"}
    one.answer_sign("no_feedback", None)
    one.answer_tried("quantify", None)
    assert one.record.case.facts == Facts()


def test_up_to_three_worries_can_be_marked_and_unmarked() -> None:
    one = session()
    for worry in FRUSTRATIONS[:3]:
        one.prioritise(worry)
    assert untouched(one, lambda it: it.prioritise(FRUSTRATIONS[3]))
    one.prioritise(FRUSTRATIONS[0])
    one.prioritise(FRUSTRATIONS[3])
    assert one.record.case.facts.priorities == FRUSTRATIONS[1:4]


def test_a_narrowed_scale_keeps_what_was_answered_while_it_was_wide() -> None:
    one = session()
    one.widen("support")
    one.respond("support_2", 5)
    one.widen("support")
    assert one.record.case.facts.widened == ()
    assert one.record.case.responses == {"support_2": 5}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda one: one.respond("nothing", 3), id="unknown item"),
        pytest.param(lambda one: one.respond("nothing", None), id="an unknown item's answer taken back"),
        pytest.param(lambda one: one.respond("support_1", 0), id="below the scale"),
        pytest.param(lambda one: one.respond("support_1", 6), id="above the scale"),
        pytest.param(lambda one: one.mark("nothing", "skip"), id="mark on nothing"),
        pytest.param(lambda one: one.mark("support_1", "star"), id="unknown mark"),
        pytest.param(lambda one: one.tell(situation="retired"), id="unknown situation"),
        pytest.param(lambda one: one.tell(role=CANARY), id="unknown role"),
        pytest.param(lambda one: one.tell(years=YEARS_MAX + 1), id="too many years"),
        pytest.param(lambda one: one.tell(experience=("nothing",)), id="unknown experience"),
        pytest.param(lambda one: one.answer_sign("nothing", "yes"), id="unknown sign"),
        pytest.param(lambda one: one.answer_sign("nothing", None), id="an unknown sign taken back"),
        pytest.param(lambda one: one.answer_sign("no_feedback", CANARY), id="unknown answer to a sign"),
        pytest.param(lambda one: one.answer_tried("nothing", "untried"), id="unknown step tried"),
        pytest.param(lambda one: one.answer_tried("nothing", None), id="an unknown step taken back"),
        pytest.param(lambda one: one.answer_tried("quantify", CANARY), id="unknown answer to tried"),
        pytest.param(lambda one: one.prioritise("support"), id="a trait as a priority"),
        pytest.param(lambda one: one.widen("nothing"), id="unknown scale"),
        pytest.param(lambda one: one.place_marker("nothing", None), id="a marker of nothing taken back"),
        pytest.param(lambda one: one.place_marker("support_1", 0), id="a marker below the scale"),
        pytest.param(lambda one: one.choose("nothing"), id="unknown step"),
        pytest.param(lambda one: one.carry("a1"), id="going on with nothing"),
        pytest.param(lambda one: one.follow("nothing"), id="unknown path"),
        pytest.param(lambda one: one.go("nowhere"), id="unknown place"),
        pytest.param(lambda one: one.speak("fr"), id="unknown language"),
        pytest.param(lambda one: one.open_case(Case(responses={"nothing": 1})), id="an impossible case"),
        pytest.param(lambda one: one.suppose(Case(responses={"nothing": 1})), id="an impossible supposition"),
        pytest.param(lambda one: one.adopt(replace(one.record, screen="nowhere")), id="a record that does not fit"),
    ],
)
def test_what_no_question_offers_is_rejected_and_changes_nothing(change: Callable[[Session], None]) -> None:
    one = session(Case(responses={"support_1": 4}, facts=Facts(wish=CANARY)))
    one.tell_years("三年")
    one.suppose(Case(responses={"support_1": 1}))
    assert untouched(one, change)


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.tell(role=CANARY),
        lambda one: one.tell(wish=CANARY * WISH_MAX),
        lambda one: one.answer_sign("no_feedback", CANARY),
        lambda one: one.adopt(replace(one.record, notes=CANARY, screen=CANARY)),
        lambda one: one.fill("sheet-quantify-0-per", CANARY),
        lambda one: one.fill(CANARY, CANARY),
    ],
)
def test_a_rejection_says_where_and_never_what(change: Callable[[Session], None]) -> None:
    with pytest.raises(Rejected) as rejected:
        change(session())
    error: BaseException | None = rejected.value
    while error is not None:
        assert CANARY not in str(error)
        error = error.__cause__ or error.__context__


# --- plan ---


def test_up_to_three_steps_go_into_the_plan_in_the_order_they_were_picked() -> None:
    one = session()
    for step in (STEPS[2], STEPS[0], STEPS[1]):
        one.choose(step)
    assert untouched(one, lambda it: it.choose(STEPS[3]))
    one.choose(STEPS[0])
    one.choose(STEPS[3])
    assert one.record.plan.steps == (STEPS[2], STEPS[1], STEPS[3])


def test_one_path_is_followed_at_a_time_and_can_be_put_back() -> None:
    one, other = session(), list(CATALOG.paths)[1]
    one.follow(PATH)
    one.follow(other)
    assert one.record.plan.path == other
    one.follow(other)
    assert one.record.plan.path is None


def test_moving_and_speaking_keep_the_case_and_compute_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    one = session(Case(responses={"support_1": 4}))
    case, reading = one.record.case, one.reading
    monkeypatch.setattr(sessions, "read", None)
    one.go("summary")
    one.speak("en")
    assert (one.record.screen, one.record.language) == ("summary", "en")
    assert one.record.case is case
    assert one.reading is reading


def test_a_visit_that_is_only_read_keeps_no_text_that_cannot_be_used() -> None:
    session = Session(CATALOG)
    session.is_read_only = True
    for type_in in (session.tell_years, session.end_at):
        with pytest.raises(Rejected):
            type_in("<b>")
    assert session.typed == {}
