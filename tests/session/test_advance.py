"""The advance sheet as pure functions: what is asked, what an answer does, what goes into the session."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.content.case_checks import WISH_MAX
from advisor.content.measures import YEARS_MAX
from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.session import advance
from advisor.session import record as records
from advisor.session.forms import Unusable
from advisor.session.model import Invitation
from advisor.session.session import Session
from advisor.view.workbook import questions
from tests.support import CATALOG

AT = datetime(2026, 11, 27, 12, 14, tzinfo=UTC)
SENT = Invitation("i1", "c1", AT, AT + timedelta(days=14))
ASKED = advance.questions(CATALOG, Case(facts=Facts(situation="unsure")))  # they are asked everything
ITEMS = [one for one in ASKED if one.id in CATALOG.items]
deeds = st.lists(
    st.tuples(st.sampled_from(ASKED), st.sampled_from(["answer", "skip", "discuss", "clear"]), st.integers(0, 4))
)


def asked(name: str) -> advance.Question:
    """Return a question by its id."""
    return next(one for one in ASKED if one.id == name)


def words(question: advance.Question, number: int) -> str:
    """Return one of the answers to a question."""
    if question.many:
        return advance.SEPARATOR.join(question.options[: number + 1])
    if question.id == advance.YEARS:
        return str(number)
    return question.options[number % len(question.options)] if question.options else "話したい" * number


def told(case: Case, done: list[tuple[advance.Question, str, int]]) -> Case:
    """Return the case after what a client did, question by question."""
    for question, deed, number in done:
        if deed == "answer":
            answer = words(question, number)
            case = advance.answered(CATALOG, case, question, answer)
        elif deed == "skip":
            case = advance.skipped(CATALOG, case, question)
        elif deed == "clear":
            case = advance.answered(CATALOG, case, question, "")
        elif question.id in CATALOG.items:
            case = advance.discussed(CATALOG, case, question, wants=bool(number % 2))
    return case


def test_it_asks_the_quick_form_and_spares_who_has_no_such_workplace() -> None:
    parts = [one.part for one in ASKED]
    assert list(dict.fromkeys(parts)) == ["situation", "aptitude", "frustrations", "workplace", "wish"]
    assert len(ITEMS) == 28
    assert all(len(one.options) == 5 for one in ITEMS)
    outside = advance.questions(CATALOG, Case(facts=Facts(situation="wants_in")))
    assert {one.part for one in outside} == {"situation", "aptitude", "wish"}
    assert advance.counts(CATALOG, Case(facts=Facts(situation="wants_in"))).asked == 15


def test_years_and_experience_are_asked_of_whom_the_workbook_asks() -> None:
    shown = {
        None: ["situation", "role", "years"],
        "inside": ["situation", "role", "years"],
        "wants_in": ["situation", "experience"],
        "unsure": ["situation", "role", "years", "experience"],
    }
    for situation, ids in shown.items():
        case = Case(facts=Facts(situation=situation))  # type: ignore[arg-type]  # a situation
        assert [one.id for one in advance.questions(CATALOG, case) if one.part == "situation"] == ids
        session = Session(CATALOG, replace(records.new(CATALOG), case=case))
        sheet = [question["id"] for question in questions.start(session, say(CATALOG, "ja"))]
        assert [name for name in sheet if name not in {"fixed", "wish"}] == ids


def test_years_may_be_typed_as_people_type_them_and_what_is_ticked_keeps_the_order_of_the_sheet() -> None:
    case = advance.answered(CATALOG, Case(), asked(advance.YEARS), " １２ ")
    several = asked(advance.EXPERIENCE)
    case = advance.answered(CATALOG, case, several, advance.SEPARATOR.join(several.options[2::-1]))
    assert (case.facts.years, case.facts.experience) == (12, several.options[:3])
    case = advance.skipped(CATALOG, advance.skipped(CATALOG, case, several), asked(advance.YEARS))
    assert case == Case(), "left out like any other question"


@given(deeds)
def test_whatever_a_client_does_is_a_sound_record_with_what_they_told_last(
    done: list[tuple[advance.Question, str, int]],
) -> None:
    case = told(Case(), done)
    record = advance.taken_in(CATALOG, records.new(CATALOG), replace(SENT, case=case, agreed=AT, changed=AT))
    assert list(records.problems(CATALOG, record)) == []
    assert record.case == case
    assert record.advance is not None
    assert (record.advance.at, record.advance.responses) == (AT, case.responses)
    assert records.parse(records.dump(record)) == record
    last = {question.id: (deed, number) for question, deed, number in done if deed in {"answer", "skip", "clear"}}
    for question in [*ITEMS, *(one for one in ASKED if one.part == "situation")]:
        deed, number = last.get(question.id, ("clear", 0))
        assert advance.given(case, question.id) == (words(question, number) if deed == "answer" else "")
    counts = advance.counts(CATALOG, case)
    assert counts.answered + counts.skipped <= counts.asked


@given(deeds, deeds)
def test_what_stands_in_the_record_stays_where_the_sheet_says_nothing(
    before: list[tuple[advance.Question, str, int]], done: list[tuple[advance.Question, str, int]]
) -> None:
    old, new = told(Case(), before), told(Case(), done)
    record = replace(records.new(CATALOG), case=old)
    after = advance.taken_in(CATALOG, record, replace(SENT, case=new)).case
    assert list(records.problems(CATALOG, replace(record, case=after))) == []
    for item in CATALOG.items:
        if item in new.responses:
            assert after.responses[item] == new.responses[item]
        elif item not in new.marks:
            assert after.responses.get(item) == old.responses.get(item)
    assert after.facts.wish == (new.facts.wish or old.facts.wish)
    assert after.facts.years == (old.facts.years if new.facts.years is None else new.facts.years)
    assert after.facts.experience == (new.facts.experience or old.facts.experience)


def test_an_answer_that_no_question_offers_is_refused() -> None:
    several = asked(advance.EXPERIENCE)
    wrong = (
        (ASKED[0], "elsewhere"),
        (ITEMS[0], "6"),
        (ITEMS[0], "x"),
        (several, "sales,x"),
        (ASKED[0], "inside,unsure"),
    )
    for question, answer in wrong:
        with pytest.raises(KeyError):
            advance.answered(CATALOG, Case(), question, answer)
    with pytest.raises(KeyError):
        advance.discussed(CATALOG, Case(), ASKED[-1], wants=True)
    with pytest.raises(Unusable):
        advance.answered(CATALOG, Case(), ASKED[-1], "長" * (WISH_MAX + 1))
    for years in ("長い", "-1", "3.5", str(YEARS_MAX + 1)):
        with pytest.raises(Unusable, match="error_years"):
            advance.answered(CATALOG, Case(), asked(advance.YEARS), years)


def test_answers_that_the_catalogue_does_not_know_any_more_are_left_out() -> None:
    case = Case(
        responses={"gone_1": 3, ITEMS[0].id: 9},
        marks={"gone_2": "discuss"},
        facts=Facts(signs={"gone": "yes"}, experience=("gone",)),
    )
    after = advance.taken_in(CATALOG, records.new(CATALOG), replace(SENT, case=case))
    assert after.case == Case()
    assert after.advance is not None
    assert after.advance.responses == {}


def test_an_invitation_says_how_far_it_is_and_whether_its_link_works() -> None:
    begun = replace(SENT, agreed=AT, changed=AT, case=Case(responses={ITEMS[0].id: 3}))
    states = {
        "sent": SENT, "partly": begun, "done": replace(begun, done=AT), "taken": replace(begun, visit="v1"),
        "withdrawn": replace(begun, withdrawn=AT), "locked": replace(SENT, wrong=advance.MOST_WRONG),
    }  # fmt: skip
    assert {name: advance.state(one, AT) for name, one in states.items()} == {name: name for name in states}
    assert advance.state(SENT, SENT.expires) == "ended"
    assert {name for name, one in states.items() if advance.is_open(one, AT)} == {"sent", "partly", "done"}
    assert not advance.is_open(SENT, SENT.expires)
    screen = replace(SENT, purpose="live", visit="v1")  # it has its visit from the start
    assert advance.is_open(screen, AT)
    assert not advance.is_open(screen, screen.expires)
    assert not advance.is_open(replace(screen, withdrawn=AT), AT)
    assert advance.taken_back(replace(begun, done=AT, place="x")) == SENT


@pytest.mark.parametrize("typed", ["1234", " 12 34 ", "１２３４"])
def test_digits_may_be_typed_as_people_type_them(typed: str) -> None:
    assert advance.digits_of(typed) == "1234"


@pytest.mark.parametrize("typed", ["", "123", "12345", "12a4", "١٢٣٤"])
def test_what_is_not_four_digits_is_told(typed: str) -> None:
    with pytest.raises(Unusable):
        advance.digits_of(typed)
