"""Advice: points add up, reasons name answers and sources, and gates hold back leaving paths."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.content import measures
from advisor.content.model import Case, Facts, Gate, Ramp, Tried, Weight
from advisor.scoring import advice, scores
from advisor.scoring.reading import read
from advisor.scoring.results import Advice
from tests.support import CATALOG, THEN, TRAITS, cases, path, points_of, quick, ranked, step, suited, varied

SOURCES = ("workbook",)
INSIDE = Facts(situation="inside")
# an undervalued client whom the work suits: without gates a leaving path would come first
UNDERVALUED = suited(100) | quick("reward", "criteria", "recognition", "skill_anxiety", "career_path", point=5)
LEAVING = {name for name, row in THEN.paths.items() if row.leaves}


def advised(case: Case) -> tuple[Advice, ...]:
    reading = read(THEN, case.responses, case.facts)
    return (*reading.paths, *reading.steps)


# --- points and reasons -------------------------------------------------------------------------------------------


@given(cases(THEN))
def test_the_reasons_add_up_exactly_to_the_points(case: Case) -> None:
    for one in advised(case):
        assert one.points == sum(reason.points for reason in one.reasons)


@given(cases(THEN))
def test_a_reason_is_its_weight_times_its_strength_and_never_nothing(case: Case) -> None:
    rows = advice.weights(THEN, "paths").rows | advice.weights(THEN, "steps").rows
    for one in advised(case):
        for reason in one.reasons:
            weight = rows[one.target, reason.feature]
            assert reason.points == round(round(weight.points * reason.strength, 6)) != 0
            assert 0 < reason.strength <= 1
            assert (reason.stated, reason.sources) == (weight.stated, weight.sources)


@given(cases(THEN))
def test_reasons_stand_in_the_order_of_their_weight(case: Case) -> None:
    for one in advised(case):
        sizes = [abs(reason.points) for reason in one.reasons]
        assert sizes == sorted(sizes, reverse=True)


@given(cases(THEN))
def test_every_reason_has_sources_and_leads_to_answers_that_were_given(case: Case) -> None:
    facts = case.facts
    given_ids = {*case.responses, *facts.signs, *facts.tried}
    given_ids |= {name for name in ("situation", "years", "experience") if getattr(facts, name) not in (None, ())}
    for one in advised(case):
        for reason in one.reasons:
            assert set(reason.sources) <= THEN.sources.keys()
            assert reason.sources
            assert set(reason.items) <= given_ids
            counted = reason.measure in THEN.scales or reason.measure in advice.COMPOSITES
            if counted or (reason.measure.startswith(("signs_", "steps_")) and reason.value):
                assert reason.items


@given(cases(CATALOG))
@settings(max_examples=60)
def test_every_reason_of_today_leads_to_answers_but_for_what_another_path_brings(case: Case) -> None:
    reading = read(CATALOG, case.responses, case.facts)
    from_paths = {measures.first(name) for name in CATALOG.paths}
    for one in (*reading.paths, *reading.steps):
        for reason in one.reasons:
            untold = reason.measure == "experience_any" and not case.facts.experience
            assert reason.items or untold or reason.measure in from_paths, (one.target, reason.feature)


def test_a_reason_names_the_steps_in_vain_that_answer_a_high_worry_and_no_others() -> None:
    tried: dict[str, Tried] = {
        "quantify": "without_effect",
        "keep_learning": "without_effect",
        "goal_talk": "with_effect",
    }
    answers = {f"{scale}_1": 3 for scale in CATALOG.scales} | {"visibility_1": 5}
    reading = read(CATALOG, answers, Facts(situation="inside", role="hr", tried=tried))
    reasons = {reason.feature: reason for reason in path(reading, "fair_employer").reasons}
    assert reasons["relevant_in_vain"].items == ("quantify",)


def test_a_reason_names_the_signs_and_steps_that_were_counted() -> None:
    facts = Facts(
        situation="inside",
        signs={"criteria_hidden": "yes", "no_feedback": "no", "boss_feelings": "yes"},
        tried={"quantify": "without_effect", "goal_talk": "untried", "own_reason": "without_effect"},
    )
    reasons = {reason.feature: reason for reason in path(read(THEN, {}, facts), "fair_employer").reasons}
    assert reasons["signs_present"].items == ("criteria_hidden", "boss_feelings")
    assert reasons["steps_in_vain"].items == ("quantify",)


def test_a_reason_names_the_facts_it_came_from() -> None:
    facts = Facts(
        situation="wants_in", priorities=("reward",), tried={"own_reason": "without_effect"}, experience=("service",)
    )
    reading = read(THEN, quick("reward", point=5), facts)
    behind = {
        reason.feature: reason.items for advised in (*reading.paths, *reading.steps) for reason in advised.reasons
    }
    assert behind["wants_in"] == ("situation",)
    assert behind["experience_any"] == ("experience",)
    assert behind["priority_reward"] == ("reward_1",)
    assert behind["in_vain_own_reason"] == ("own_reason",)
    inside = read(THEN, {}, Facts(situation="inside", years=4))
    assert {reason.feature: reason.items for reason in path(inside, "specialise_elsewhere").reasons} == {
        "experienced": ("years",)
    }


def test_a_pairing_that_a_source_states_is_marked_as_stated() -> None:
    talk = step(read(THEN, quick("reward", "criteria", point=5), INSIDE), "goal_talk")
    assert {reason.feature: reason.stated for reason in talk.reasons} == {"reward": True, "criteria": False}


def test_half_a_point_goes_to_the_even_neighbour() -> None:
    # direct_thanks at 75 is a strength of 0.5: 15 points become 7.5 → 8; the bonus of 25 points, 12.5 → 12
    front = path(read(THEN, quick("direct_thanks", point=4), INSIDE), "front_office")
    assert points_of(front) == {"direct_thanks": 8}
    marked = Facts(situation="inside", priorities=("reward",))
    assert points_of(step(read(THEN, quick("reward", point=5), marked), "goal_talk")) == {
        "reward": 25,
        "priority_reward": 12,
    }


def test_half_a_point_is_half_a_point_even_when_it_is_reached_through_thirds() -> None:
    # 100, 100 and, reverse-keyed, 75: 91.67, a strength of 5/6; 15 points become 12.5 → 12
    answers = {"direct_thanks_1": 5, "direct_thanks_2": 5, "direct_thanks_3": 2}
    front = path(read(THEN, answers, replace(INSIDE, widened=("direct_thanks",))), "front_office")
    assert points_of(front) == {"direct_thanks": 12}


# --- ramps --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "score", "strength"),
    [(25, 100, 25, 0), (25, 100, 0, 0), (25, 100, 50, 1 / 3), (25, 100, 100, 1), (0, 50, 75, 1),
     (60, 20, 75, 0), (60, 20, 50, 0.25), (60, 20, 0, 1), (100, 0, 0, 1), (100, 0, 100, 0)],
)  # fmt: skip
def test_a_ramp_rises_or_falls_straight_between_its_ends(start: float, end: float, score: int, strength: float) -> None:
    ramp = Ramp(measure="reward", start=start, end=end, sources=SOURCES)
    catalog = varied(THEN, features=THEN.scoring.features | {"reward": ramp})
    table = scores.tabulate(catalog, [Case(quick("reward", point=1 + score // 25))])
    measured = scores.measure(catalog, table, scores.score(catalog, table))
    matrix = advice.weights(catalog, "paths")
    assert advice.strengths(matrix, measured)[0, matrix.features.index("reward")] == pytest.approx(strength, abs=1e-9)


def test_what_was_not_told_has_no_strength_in_either_direction() -> None:
    # the feature misfit grows as the index falls, but a missing index is not a low index
    reading = read(THEN, {}, INSIDE)
    assert reading.index.value is None
    assert points_of(path(reading, "change_role")) == {}
    assert points_of(step(reading, "care_for_stress")) == {}


# --- gates --------------------------------------------------------------------------------------------------------


@given(cases(THEN))
def test_no_leaving_path_comes_first_while_every_gate_is_closed(case: Case) -> None:
    reading = read(THEN, case.responses, case.facts)
    if not any(gate.open for gate in reading.gates):
        assert reading.paths[0].target not in LEAVING
        assert not reading.paths[0].held


@given(cases(THEN))
def test_held_are_exactly_the_paths_with_more_points_than_the_first(case: Case) -> None:
    reading = read(THEN, case.responses, case.facts)
    order = list(THEN.paths)
    first = reading.paths[0]
    for one in reading.paths:
        natural = (-one.points, order.index(one.target)) < (-first.points, order.index(first.target))
        assert one.held is natural
    if any(gate.open for gate in reading.gates):
        assert not any(one.held for one in reading.paths)
    assert {one.target for one in reading.paths if one.held} <= LEAVING


def test_a_path_that_a_gate_holds_back_keeps_its_points_and_stands_second() -> None:
    reading = read(THEN, UNDERVALUED, INSIDE)
    assert [gate.open for gate in reading.gates] == [False, False, False]
    assert ranked(reading.paths)[:3] == ["consult_first", "specialise_elsewhere", "fair_employer"]
    assert [one.points for one in reading.paths[:3]] == [25, 65, 55]
    assert [one.held for one in reading.paths[:3]] == [False, True, True]


@pytest.mark.parametrize(
    ("gate", "facts"),
    [
        (
            "steps_in_vain",
            Facts(situation="inside", tried={"quantify": "without_effect", "goal_talk": "without_effect"}),
        ),
        ("signs_against", Facts(situation="inside", signs={"criteria_hidden": "yes", "boss_feelings": "yes"})),
    ],
)
def test_each_gate_alone_lets_a_leaving_path_come_first(gate: str, facts: Facts) -> None:
    reading = read(THEN, UNDERVALUED, facts)
    assert [state.gate for state in reading.gates if state.open] == [gate]
    assert reading.paths[0].target in LEAVING
    assert not any(one.held for one in reading.paths)


def test_work_that_does_not_suit_opens_the_way_to_other_work() -> None:
    reading = read(THEN, suited(25), INSIDE)
    assert [(state.gate, state.value, state.at) for state in reading.gates if state.open] == [
        ("work_does_not_suit", 25, 40)
    ]
    # front_office: misfit 20 x (60 - 25) / 40 = 17.5 → 18; spotlight, thanks, pay 7.5 → 8 each; roughness 2.5 → 2;
    # novelty 5; solitude -7.5 → -8: 41. change_role: misfit 35 x 0.875 = 30.6 → 31; novelty 5: 36
    assert [(one.target, one.points) for one in reading.paths[:2]] == [("front_office", 41), ("change_role", 36)]


@pytest.mark.parametrize(
    ("gate", "fact", "near", "there"),
    [
        ("steps_in_vain", "tried", {"quantify": "without_effect"}, {"goal_talk": "without_effect"}),
        ("signs_against", "signs", {"criteria_hidden": "yes", "no_feedback": "unknown"}, {"no_feedback": "yes"}),
    ],
)
def test_a_gate_opens_at_its_figure_and_not_before(gate: str, fact: str, near: Any, there: Any) -> None:
    told = [{fact: near}, {fact: near | there}]
    states = [{state.gate: state.open for state in read(THEN, {}, Facts(**one)).gates} for one in told]
    assert [state[gate] for state in states] == [False, True]


def test_a_gate_that_asks_for_a_low_figure_opens_at_and_below_it() -> None:
    gate = Gate(measure="index", at=50, below=True, sources=SOURCES)
    catalog = varied(THEN, gates={"low": gate})
    states = [read(catalog, suited(share), INSIDE).gates[0].open for share in (25, 50, 75)]
    assert states == [True, True, False]
    assert read(catalog, {}, INSIDE).gates[0].value is None


# --- ranking ------------------------------------------------------------------------------------------------------


@given(cases(THEN))
def test_what_does_not_fit_the_situation_is_not_advised(case: Case) -> None:
    reading = read(THEN, case.responses, case.facts)
    situation = case.facts.situation
    for table, found in ((THEN.paths, reading.paths), (THEN.steps, reading.steps)):
        fitting = {name for name, row in table.items() if situation is None or situation in row.situations}
        assert set(ranked(found)) == fitting
        assert len(found) == len(fitting)


@given(cases(THEN))
def test_more_points_come_first_and_ties_stand_in_the_order_of_the_catalogue(case: Case) -> None:
    reading = read(THEN, case.responses, case.facts)
    steps, paths = list(THEN.steps), list(THEN.paths)
    keys = [(-one.points, steps.index(one.target)) for one in reading.steps]
    assert keys == sorted(keys)
    keys = [(-one.points, paths.index(one.target)) for one in reading.paths[1:]]
    assert keys == sorted(keys)


def test_equal_points_keep_the_order_of_the_catalogue() -> None:
    reading = read(THEN, {}, INSIDE)
    assert ranked(reading.steps) == [name for name, row in THEN.steps.items() if "inside" in row.situations]
    assert {one.points for one in reading.steps} == {0}


@given(cases(THEN), st.sampled_from(tuple(THEN.steps)))
def test_a_step_tried_without_effect_falls_and_one_that_helped_falls_less(case: Case, name: str) -> None:
    def points(tried: dict[str, str]) -> int:
        told = replace(case.facts, situation=None, tried=tried)  # type: ignore[arg-type]
        return step(read(THEN, case.responses, told), name).points

    fresh = {other: tried for other, tried in case.facts.tried.items() if other != name}
    before = points({**fresh, name: "untried"})
    assert THEN.scoring.tried_without_effect < THEN.scoring.tried_with_effect < 0
    assert points({**fresh, name: "without_effect"}) == before + THEN.scoring.tried_without_effect
    assert points({**fresh, name: "with_effect"}) == before + THEN.scoring.tried_with_effect


@given(cases(THEN), st.sampled_from(THEN.of_kind("frustration")))
def test_marking_a_frustration_takes_no_points_from_what_answers_it(case: Case, name: str) -> None:
    plain = replace(case, facts=replace(case.facts, priorities=(), situation=None))
    marked = replace(plain, facts=replace(plain.facts, priorities=(name,)))
    before = {one.target: one.points for one in advised(plain)}
    gained = {one.target: one.points - before[one.target] for one in advised(marked)}
    table = {**THEN.scoring.steps, **THEN.scoring.paths}
    features = {feature for feature, ramp in THEN.scoring.features.items() if ramp.measure == name}
    bonus = {
        target: sum(
            round(THEN.scoring.priority_share * row.points) for feature, row in rows.items() if feature in features
        )
        for target, rows in table.items()
    }
    assert gained == bonus
    assert any(bonus.values())


def test_a_mark_brings_its_step_to_the_front() -> None:
    answers = quick("monotony", point=4) | quick("sandwiched", point=5)
    plain, marked = (read(THEN, answers, replace(INSIDE, priorities=marks)) for marks in ((), ("monotony",)))
    assert [(one.target, one.points) for one in plain.steps[:2]] == [
        ("cross_department", 30),
        ("propose_improvement", 20),
    ]
    assert [(one.target, one.points) for one in marked.steps[:2]] == [
        ("propose_improvement", 35),
        ("cross_department", 30),
    ]


@settings(max_examples=30)
@given(cases(THEN))
def test_the_same_case_gets_the_same_advice(case: Case) -> None:
    again = replace(case, responses=dict(reversed(case.responses.items())))
    assert read(THEN, case.responses, case.facts) == read(THEN, again.responses, again.facts)


def test_a_weight_that_is_changed_changes_its_reason_only() -> None:
    steps = THEN.scoring.steps
    heavier = steps["quantify"] | {"visibility": Weight(points=50, sources=SOURCES)}
    catalog = varied(THEN, steps=steps | {"quantify": heavier})
    answers = quick("visibility", "reward", point=5) | quick(*TRAITS, point=3)
    before, after = (read(one, answers, INSIDE) for one in (THEN, catalog))
    assert points_of(step(after, "quantify")) == points_of(step(before, "quantify")) | {"visibility": 50}
    assert [one for one in after.steps if one.target == "goal_talk"] == [
        one for one in before.steps if one.target == "goal_talk"
    ]
