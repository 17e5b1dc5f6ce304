"""Messages from a browser: every action works, and nothing that anybody may send does harm."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.content import worked_cases
from advisor.content.case_checks import WISH_MAX, problems_of_case
from advisor.content.model import Case, Facts
from advisor.session import record as records
from advisor.session.session import Session
from advisor.view.workbook import events
from tests.support import CATALOG, belongs_together, session

if TYPE_CHECKING:
    from collections.abc import Callable


FACTS = ("situation", "role", "experience", "years", "wish")
ACTIONS = (
    "skip", "discuss", "prioritise", "widen", "go", "speak", "choose", "follow", "restart", "sample", "suppose",
)  # fmt: skip
PATH = next(iter(CATALOG.paths))

# --- anything a browser may send ---

halves = st.sampled_from("\ud83d\ude00")  # a browser may cut an emoji in two
odd_text = st.text(st.characters(codec=None) | halves, max_size=12)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(10**20, 10**40) | st.floats() | odd_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(odd_text, inner, max_size=4),
    max_leaves=12,
)
known_ids = st.sampled_from(FACTS) | st.sampled_from([
    *CATALOG.items, *CATALOG.scales, *CATALOG.steps, *CATALOG.paths, *records.SCREEN_IDS, *worked_cases.load(CATALOG),
    *(f"sign-{sign}" for sign in CATALOG.signs), *(f"tried-{step}" for step in CATALOG.steps),
    "sign-", "tried-", "-", "start", "end", "en", "ja",
])  # fmt: skip
known_values = st.integers(-1, 7) | st.sampled_from(
    [
        "",
        "yes",
        "no",
        "unknown",
        "untried",
        "with_effect",
        "inside",
        "wants_in",
        "accounting",
        "other",
        "３",
        "99",
        "9" * 5000,
    ]
)
values = odd_text | known_values | junk
messages = st.one_of(
    st.fixed_dictionaries({"event": st.just("answer"), "id": known_ids, "value": values}),
    st.fixed_dictionaries({"event": st.just("action"), "name": st.sampled_from(ACTIONS), "id": known_ids}),
    st.fixed_dictionaries(
        {"event": st.sampled_from(["answer", "action", "ping"]) | junk},
        optional={"id": known_ids | junk, "name": junk, "value": values},
    ),
)


def sound(one: Session) -> bool:
    """Return whether a session holds nothing that may not be, and could be kept and sent."""
    json.dumps(one.typed, ensure_ascii=False).encode()
    return (
        not list(problems_of_case(CATALOG, one.record.case))
        and (one.supposed is None or not list(problems_of_case(CATALOG, one.supposed)))
        and records.load(CATALOG, records.dump(one.record)) == one.record
        and belongs_together(one)
    )


@settings(max_examples=120)
@given(sent=st.lists(st.tuples(st.sampled_from([events.hear, events.hear_supposed]), messages), max_size=6))
def test_no_message_does_harm(sent: list[tuple[Callable[[Session, Any], None], Any]]) -> None:
    one = session()
    for hear, message in sent:
        hear(one, message)
        assert sound(one)


@given(message=st.dictionaries(odd_text, junk, max_size=4))
def test_a_message_that_means_nothing_changes_nothing(message: dict[str, Any]) -> None:
    one = session()
    before = one.record
    events.hear(one, message)
    events.hear_supposed(one, message)
    assert one.record == before


@pytest.mark.parametrize(
    "message",
    [
        {"event": "answer", "id": "nothing", "value": 3},
        {"event": "answer", "id": "nothing", "value": None},
        {"event": "answer", "id": "sign-nothing", "value": "yes"},
        {"event": "answer", "id": "sign-nothing", "value": None},
        {"event": "answer", "id": "tried-nothing", "value": "untried"},
        {"event": "answer", "id": "tried-nothing", "value": None},
        {"event": "answer", "id": "role", "value": "astronaut"},
        {"event": "answer", "id": "experience", "value": ["nothing"]},
        {"event": "answer", "id": "support_1", "value": True},
        {"event": "answer", "id": "support_1", "value": 2.0},
        {"event": "answer", "id": "support_1", "value": "3"},
        {"event": "answer", "id": "years", "value": 3},
        {"event": "answer", "id": ["support_1"], "value": 3},
        {"event": "answer", "value": 3},
        *({"event": "action", "name": name, "id": "nothing"} for name in ACTIONS if name not in {"restart", "suppose"}),
        {"event": "action", "name": "prioritise", "id": "support_1"},
        {"event": "action", "name": "__init__", "id": "start"},
        {"event": "action", "name": "choose"},
    ],
    ids=str,
)
def test_what_no_question_offers_changes_nothing_and_the_page_is_shown_again(message: dict[str, Any]) -> None:
    one = session(Case({"support_1": 4}))
    before, heard = one.record, []
    one.on_change(lambda told: heard.append(told.record))
    events.hear(one, message)
    assert one.record == before
    assert heard == [before]


# --- what people do ---


def after(*sent: dict[str, Any], start: Case | None = None) -> Session:
    one = session(start)
    for message in sent:
        events.hear(one, message)
    return one


def answer(name: str, value: object) -> dict[str, Any]:
    return {"event": "answer", "id": name, "value": value}


def act(name: str, target: str) -> dict[str, Any]:
    return {"event": "action", "name": name, "id": target}


@pytest.mark.parametrize(
    ("name", "value", "facts"),
    [
        ("situation", "unsure", Facts(situation="unsure")),
        ("role", "other", Facts(role="other")),
        ("experience", ["sales", "it", "sales"], Facts(experience=("sales", "it"))),
        ("years", "１２", Facts(years=12)),
        ("wish", "早く帰りたい", Facts(wish="早く帰りたい")),
        ("sign-no_feedback", "no", Facts(signs={"no_feedback": "no"})),
        ("tried-quantify", "untried", Facts(tried={"quantify": "untried"})),
    ],
)
def test_facts_are_told_and_taken_back(name: str, value: object, facts: Facts) -> None:
    assert after(answer(name, value)).record.case.facts == facts
    assert after(answer(name, value), answer(name, None)).record.case.facts == Facts()


def test_a_choice_may_be_emptied_with_nothing_chosen() -> None:
    assert after(answer("role", "other"), answer("role", "")).record.case.facts.role is None


def test_an_item_is_answered_and_taken_back() -> None:
    assert after(answer("support_1", 5)).record.case.responses == {"support_1": 5}
    assert after(answer("support_1", 5), answer("support_1", None)).record.case.responses == {}


def test_half_a_character_at_the_end_of_a_wish_does_not_stop_the_session() -> None:
    wish = after(answer("wish", "うれしい\ud83d")).record.case.facts.wish
    assert wish.startswith("うれしい")
    wish.encode()


def test_what_cannot_be_used_yet_is_kept_beside_the_reason() -> None:
    one = after(answer("years", "三年"), answer("wish", "あ" * (WISH_MAX + 1)))
    assert {field: reason for field, (_, reason, _) in one.typed.items()} == {
        "years": "error_years",
        "wish": "error_wish",
    }


WORKS: dict[str, tuple[str, Callable[[Session], object], object]] = {
    "skip": ("support_1", lambda one: one.record.case.marks, {"support_1": "skip"}),
    "discuss": ("support_1", lambda one: one.record.case.marks, {"support_1": "discuss"}),
    "prioritise": ("reward_1", lambda one: one.record.case.facts.priorities, ("reward",)),
    "widen": ("reward_1", lambda one: one.record.case.facts.widened, ("reward",)),
    "go": ("results", lambda one: one.record.screen, "results"),
    "speak": ("en", lambda one: one.record.language, "en"),
    "choose": ("quantify", lambda one: one.record.plan.steps, ("quantify",)),
    "follow": (PATH, lambda one: one.record.plan.path, PATH),
    "restart": ("restart", lambda one: one.record.case, Case()),
    "sample": ("a_accounting", lambda one: one.record.case.facts.role, "accounting"),
    "suppose": ("start", lambda one: one.supposed, Case({"accuracy_1": 2})),
}


def test_every_action_is_tried() -> None:
    assert WORKS.keys() == set(ACTIONS)


@pytest.mark.parametrize("name", WORKS)
def test_every_action_works(name: str) -> None:
    target, look, expected = WORKS[name]
    start = Case({"accuracy_1": 2})
    assert look(session(start)) != expected
    assert look(after(act(name, target), start=start)) == expected


def test_the_samples_speak_the_language_of_the_screen() -> None:
    wishes = {
        after(act("speak", language), act("sample", "a_accounting")).record.case.facts.wish for language in ("ja", "en")
    }
    assert wishes == {CATALOG.words[language].samples["a_accounting"].text for language in CATALOG.words}


# --- what if ---


def supposing(*sent: dict[str, Any]) -> Session:
    one = after(answer("reward_1", 5), answer("tried-quantify", "untried"), act("suppose", "start"))
    for message in sent:
        events.hear_supposed(one, message)
    return one


def test_supposed_answers_change_the_supposed_case_only() -> None:
    one = supposing(
        answer("reward_1", 1), answer("tried-quantify", "with_effect"), answer("tried-goal_talk", "untried")
    )
    assert one.record.case == Case({"reward_1": 5}, facts=Facts(tried={"quantify": "untried"}))


def test_supposed_answers_can_be_taken_back() -> None:
    assert supposing(answer("reward_1", None), answer("tried-quantify", None)).supposed == Case()


@pytest.mark.parametrize(
    "message", [answer("reward_1", 9), answer("tried-quantify", "perhaps"), act("go", "start"), answer("wish", "x")]
)
def test_nothing_impossible_can_be_supposed(message: dict[str, Any]) -> None:
    assert supposing(message).supposed == supposing().supposed


def test_without_supposing_there_is_nothing_to_answer() -> None:
    one = supposing()
    events.hear(one, act("suppose", "end"))
    events.hear_supposed(one, answer("reward_1", 1))
    assert one.supposed is None
