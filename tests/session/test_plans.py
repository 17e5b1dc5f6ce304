"""Changes of the plan: no typed text is lost, and no unusable value is stored."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.session import plans
from advisor.session import record as records
from advisor.session.forms import LINE_MAX, Unusable
from advisor.session.model import HELPED, STATUSES, Action, Plan, Record
from advisor.session.plans import LINES, MOST_ACTIONS, MOST_CHOSEN, NOTES_MAX, fill, problems_of_plan
from tests.support import CATALOG, planned

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = tuple(CATALOG.steps)
NEW = records.new(CATALOG)
FIELDS = (*LINES, "by", "status", "helped")
TYPED = st.sampled_from(
    ("", " ", "あ", "2026-12-01", "2026/2/30", "２０２６年１２月１日", "2026-12-01T14:00", "done", "open", "yes", "no",
     "12.5", "1,000", "-1", "day", "how_evaluated own_sheet", "day week", "x" * LINE_MAX, "x" * (LINE_MAX + 1),
     "\0", "²", "1_0")
) | st.text(max_size=12)  # fmt: skip


def with_actions(*actions: Action, **parts: Any) -> Record:
    return replace(NEW, plan=Plan(None, actions), **parts)


def sound(record: Record) -> bool:
    return not list(problems_of_plan(CATALOG, record))


def where(record: Record) -> list[str]:
    """Return the places that are wrong."""
    return [".".join(at) for at, _ in problems_of_plan(CATALOG, record)]


# --- actions ---


def test_choosing_a_step_adds_an_action_and_choosing_it_again_takes_it_out() -> None:
    once = plans.choose(Plan(), STEPS[0])
    assert once.actions == (Action("a1", STEPS[0]),)
    assert plans.choose(once, STEPS[0]) == Plan()


def test_an_action_that_says_something_is_put_aside_and_comes_back_as_it_was() -> None:
    told = Plan(None, (Action("a1", STEPS[0], first="電話する", by=date(2026, 12, 1)), Action("a2", STEPS[1])))
    aside = plans.choose(told, STEPS[0])
    assert (aside.steps, len(aside.actions)) == ((STEPS[1],), 2)
    back = plans.choose(aside, STEPS[0])
    assert back.chosen[-1] == told.actions[0]
    assert back.steps == (STEPS[1], STEPS[0])


def test_new_actions_get_an_id_that_no_other_has() -> None:
    plan = plans.add(plans.add(Plan(None, (Action("a7", what="x"),))))
    assert [action.id for action in plan.actions] == ["a7", "a8", "a9"]


@pytest.mark.parametrize("change", [plans.put_aside, plans.take_back])
def test_an_action_that_does_not_exist_is_a_key_error(change: Callable[[Plan, str], Plan]) -> None:
    with pytest.raises(KeyError):
        change(planned(None, STEPS[0]), "a9")


def test_going_on_with_an_action_keeps_its_words_and_asks_anew_for_day_and_outcome() -> None:
    old = Action("a5", None, "早く帰る", "定時に席を立つ", date(2026, 10, 1), "週に二日", "同僚", "partly", "yes")
    (new,) = plans.carry(Plan(), old).actions
    assert new == replace(old, id="a1", by=None, status="open", helped=None)


def test_going_on_with_a_step_that_is_there_already_adds_nothing() -> None:
    plan = planned(None, STEPS[0])
    assert plans.carry(plan, Action("a5", STEPS[0], what="別のことば")) == plan


def test_going_on_with_a_step_that_was_put_aside_takes_it_back_as_it_was() -> None:
    aside = Plan(None, (Action("a1", STEPS[0], what="自分のことば", aside=True),))
    assert plans.carry(aside, Action("a5", STEPS[0], what="前のことば")).chosen == (
        Action("a1", STEPS[0], "自分のことば"),
    )


# --- fields of an action ---


def test_every_line_of_an_action_is_kept_as_it_was_typed() -> None:
    for field in LINES:
        record = fill(CATALOG, with_actions(Action("a1")), f"action-a1-{field}", " <b>𠮷 髙﨑</b> ")
        assert getattr(record.plan.actions[0], field) == " <b>𠮷 髙﨑</b> "
        assert fill(CATALOG, record, f"action-a1-{field}", "") == with_actions(Action("a1"))


def test_too_long_a_text_is_unusable_and_names_its_limit() -> None:
    for name, most in (("action-a1-what", LINE_MAX), ("notes", NOTES_MAX)):
        record = with_actions(Action("a1"))
        fill(CATALOG, record, name, "あ" * most)
        with pytest.raises(Unusable) as raised:
            fill(CATALOG, record, name, "あ" * (most + 1))
        assert (raised.value.word, raised.value.most) == ("error_text", most)


@pytest.mark.parametrize("field", ["status", "helped"])
def test_choices_take_what_is_offered_and_nothing_else(field: str) -> None:
    offered, default = {"status": (STATUSES, "open"), "helped": (HELPED, None)}[field]
    record = with_actions(Action("a1"))
    for value in map(str, offered):
        assert getattr(fill(CATALOG, record, f"action-a1-{field}", value).plan.actions[0], field) == value
    assert getattr(fill(CATALOG, record, f"action-a1-{field}", "").plan.actions[0], field) == default
    for other in ("maybe", "DONE", "yes no", " "):
        with pytest.raises(KeyError):
            fill(CATALOG, record, f"action-a1-{field}", other)


@pytest.mark.parametrize(
    "name",
    ["", "action", "action-a1", "action-a2-what", "action-a1-id", "action-a1-step", "action-a1-aside",
     "action-a1-what-x", "review-a1-status", "notes-", "next_at-x", "sheet-quantify-0", "sheet-nothing-0-task",
     "sheet-quantify-0-nothing", "sheet-quantify-1-task", "sheet-quantify--1-task", "sheet-quantify-²-task",
     f"sheet-quantify-{'9' * 5000}-task"],
)  # fmt: skip
def test_a_field_that_does_not_exist_is_a_key_error(name: str) -> None:
    with pytest.raises(KeyError):
        fill(CATALOG, with_actions(Action("a1")), name, "done")


# --- last time's actions ---


def reviewed(status: str, helped: str, *, step: str | None = STEPS[0], tried: dict[str, Any] | None = None) -> Record:
    """Return a record in which one action of last time has a result."""
    facts = replace(NEW.case.facts, tried=tried or {})
    record = replace(NEW, case=replace(NEW.case, facts=facts), review=(Action("a1", step),))
    return fill(CATALOG, fill(CATALOG, record, "review-a1-status", status), "review-a1-helped", helped)


@pytest.mark.parametrize(("helped", "told"), [("yes", "with_effect"), ("no", "without_effect")])
@pytest.mark.parametrize("status", ["done", "partly"])
def test_what_was_done_and_whether_it_helped_counts_as_a_step_tried(status: str, helped: str, told: str) -> None:
    assert reviewed(status, helped).case.facts.tried == {STEPS[0]: told}


@pytest.mark.parametrize(("status", "helped"), [("not", "yes"), ("open", "yes"), ("done", ""), ("", "no")])
def test_what_was_not_done_or_not_judged_counts_for_nothing(status: str, helped: str) -> None:
    assert reviewed(status, helped).case.facts.tried == {}


def test_taking_the_word_back_takes_the_step_tried_back() -> None:
    record = reviewed("done", "yes")
    assert fill(CATALOG, record, "review-a1-helped", "").case.facts.tried == {}
    assert fill(CATALOG, record, "review-a1-status", "not").case.facts.tried == {}


def test_what_was_tried_besides_stays() -> None:
    other = {STEPS[1]: "without_effect"}
    assert reviewed("done", "yes", tried=other).case.facts.tried == {**other, STEPS[0]: "with_effect"}
    assert reviewed("not", "", tried={STEPS[0]: "without_effect"}).case.facts.tried == {STEPS[0]: "without_effect"}


def test_an_action_without_a_step_never_counts_as_a_step_tried() -> None:
    assert reviewed("done", "yes", step=None).case.facts.tried == {}


# --- whole sequences ---

Move = tuple[str, str, str, str]  # the act, an action's id, a field, a text


def moves() -> st.SearchStrategy[Move]:
    """Return a strategy for the moves of a person with a plan."""
    return st.tuples(
        st.sampled_from(("choose", "add", "aside", "back", "fill", "fill", "fill")),
        st.sampled_from(("a1", "a2", "a3", "a4")),
        st.sampled_from((*LINES, "by")),
        st.sampled_from(("一つ目", "2026-12-01", "二つ目のことば")),
    )


def made(plan: Plan, move: Move) -> Plan:
    """Return the plan after a move; one that is not possible changes nothing."""
    act, name, field, text = move
    try:
        if act == "choose":
            return plans.choose(plan, STEPS[int(name[1:])])
        if act == "add":
            return plans.add(plan)
        if act in {"aside", "back"}:
            return (plans.put_aside if act == "aside" else plans.take_back)(plan, name)
        return replace(plan, actions=plans.tell(plan.actions, name, field, text))
    except (KeyError, Unusable):
        return plan


@settings(max_examples=150)
@given(st.lists(moves(), max_size=30))
def test_choosing_putting_aside_and_taking_back_lose_nothing_typed(steps: list[Move]) -> None:
    plan, typed = Plan(), dict[tuple[str, str], Any]()
    for move in steps:
        before, plan = plan, made(plan, move)
        if move[0] == "fill" and plan != before:
            now = next(action for action in plan.actions if action.id == move[1])
            typed[move[1], move[2]] = getattr(now, move[2])
        standing = {action.id: action for action in plan.actions}
        for (name, field), value in typed.items():
            assert getattr(standing[name], field) == value
        assert len(standing) == len(plan.actions)
        assert {action.id for action in plan.chosen} <= standing.keys()


def names() -> st.SearchStrategy[str]:
    """Return a strategy for ids of fields: existing ids, similar ids, and any text."""
    acts = st.builds("{}-{}-{}".format, st.sampled_from(("action", "review")), st.sampled_from(("a1", "a2", "a9")),
                     st.sampled_from((*FIELDS, "id", "aside", "step")))  # fmt: skip
    known = [(name, field) for name, form in CATALOG.worksheets.items() for field in form.fields]
    rows = st.builds(
        lambda at, row: f"sheet-{at[0]}-{row}-{at[1]}",
        st.sampled_from(known),
        st.sampled_from(("0", "1", "11", "99", "x")),
    )
    return acts | rows | st.sampled_from(("notes", "next_at")) | st.text(max_size=8)


@settings(max_examples=200)
@given(st.lists(st.tuples(names(), TYPED), max_size=20))
def test_a_record_is_sound_after_anything_that_could_be_filled_in(fields: list[tuple[str, str]]) -> None:
    review = (Action("a1", STEPS[0]), Action("a2"))
    record = with_actions(Action("a1", STEPS[0]), Action("a2"), review=review)
    for name, text in fields:
        try:
            record = fill(CATALOG, record, name, text)
        except (Unusable, KeyError) as refused:
            assert not isinstance(refused, Unusable) or refused.word in CATALOG.words["ja"].plan  # noqa: PT017
        assert sound(record)
    assert records.load(CATALOG, records.dump(record)) == record


@settings(max_examples=100)
@given(names(), TYPED)
def test_filling_in_touches_one_thing_only(name: str, text: str) -> None:
    before = with_actions(Action("a1"), review=(Action("a1"),))
    try:
        after = fill(CATALOG, before, name, text)
    except (Unusable, KeyError):
        return
    changed = {part for part in ("plan", "review", "worksheets", "notes", "next_at", "case", "markers", "handout")
               if getattr(before, part) != getattr(after, part)}  # fmt: skip
    home = {"action": "plan", "review": "review", "sheet": "worksheets", "notes": "notes", "next_at": "next_at"}
    assert changed <= {home[re.split("-", name)[0]]}


# --- checks ---


def test_a_plan_of_three_chosen_actions_is_sound_and_a_fourth_is_not() -> None:
    actions = tuple(Action(f"a{number}") for number in range(1, 5))
    assert sound(with_actions(*actions[:MOST_CHOSEN]))
    assert where(with_actions(*actions)) == ["plan.actions"]
    assert sound(with_actions(replace(actions[0], aside=True), *actions[1:]))


def test_a_plan_holds_no_more_than_it_can_show() -> None:
    actions = [Action(f"a{number}", what="x", aside=True) for number in range(1, MOST_ACTIONS + 2)]
    assert sound(with_actions(*actions[:-1]))
    assert where(with_actions(*actions)) == ["plan.actions"]


@pytest.mark.parametrize(
    ("record", "places"),
    [
        (replace(NEW, plan=Plan("nowhere")), ["plan.path"]),
        (with_actions(Action("a1"), Action("a1", what="x")), ["plan.actions"]),
        (with_actions(Action("a1", STEPS[0]), Action("a2", STEPS[0])), ["plan.actions"]),
        (with_actions(Action("b1")), ["plan.actions.b1"]),
        (with_actions(Action("a1", "nothing")), ["plan.actions.a1.step"]),
        (with_actions(Action("a1", helper="x" * (LINE_MAX + 1))), ["plan.actions.a1.helper"]),
        (replace(NEW, review=(Action("a0"),)), ["review.a0"]),
        (replace(NEW, markers={"reward_1": 6}), ["markers.reward_1"]),
        (replace(NEW, markers={"nothing": 3}), ["markers.nothing"]),
        (replace(NEW, worksheets={"nothing": ({},)}), ["worksheets.nothing"]),
        (replace(NEW, worksheets={"quantify": ({"before": "12 min"},)}), ["worksheets.quantify.0.before"]),
        (replace(NEW, worksheets={"quantify": ({"nothing": "x"},)}), ["worksheets.quantify.0.nothing"]),
        (replace(NEW, worksheets={"evaluation": ({"here": "x"},) * 2}), ["worksheets.evaluation"]),
        (replace(NEW, handout=("goals", "goals")), ["handout"]),
        (replace(NEW, handout=("nothing",)), ["handout"]),
        (replace(NEW, notes="x" * (NOTES_MAX + 1)), ["notes"]),
        (replace(NEW, next_at=datetime.fromisoformat("2026-12-01T14:00+09:00")), ["next_at"]),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_by_its_place(record: Record, places: list[str]) -> None:
    assert where(record) == places


def test_no_problem_tells_what_was_typed() -> None:
    secret = "カナリア" * LINE_MAX
    told = with_actions(Action("a1", what=secret), notes=secret * 20, worksheets={"quantify": ({"task": secret},)})
    problems = list(problems_of_plan(CATALOG, told))
    assert len(problems) == 3
    assert "カナリア" not in str(problems)
