"""Properties of the advice for any client: leaving paths, silence, and the choice of steps."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings

from advisor.content import measures
from advisor.content.model import Case, Facts, Tried, When
from advisor.scoring import advice, conditions, openness, scores
from advisor.scoring.reading import read, true_for
from tests.newest import NEWEST, SILENT
from tests.support import cases

if TYPE_CHECKING:
    from advisor.scoring.results import Advice, Reading

WORRIES = NEWEST.of_kind("frustration")


def reading_of(case: Case) -> Reading:
    return read(NEWEST, case.responses, case.facts)


def high(reading: Reading, worry: str) -> bool:
    value = reading.scores[worry].value
    return value is not None and value >= SILENT.worry


@given(cases(NEWEST))
def test_nobody_inside_is_sent_away_without_a_high_worry_and_a_reason(case: Case) -> None:
    reading = reading_of(case)
    if not reading.paths or case.facts.situation == "wants_in":
        return
    if NEWEST.paths[reading.paths[0].target].leaves:
        assert any(high(reading, worry) for worry in WORRIES)
        assert any(gate.open for gate in reading.gates)


@given(cases(NEWEST))
def test_blank_is_no_answer(case: Case) -> None:
    """Tried steps count only if told; a step that was tried in vain opens a gate only for a high worry."""
    facts = Facts(situation=case.facts.situation, role=case.facts.role)
    blank = read(NEWEST, case.responses, facts)
    assert not any(reason.measure == "steps_untried" for path in blank.paths for reason in path.reasons)
    in_vain: dict[str, Tried] = {"goal_talk": "without_effect", "quantify": "without_effect"}
    tried = read(NEWEST, case.responses, Facts(situation="inside", tried=in_vain))
    gates = {gate.gate: gate.open for gate in tried.gates}
    answered = [step for step in in_vain if any(high(tried, worry) for worry in NEWEST.steps[step].answers)]
    assert gates["steps_in_vain"] is (len(answered) == 2)


@given(cases(NEWEST))
def test_the_first_three_steps_are_of_different_topics_and_prepare_the_first_path(case: Case) -> None:
    reading = reading_of(case)
    three = [NEWEST.steps[step.target] for step in reading.steps[:3]]
    assert len({step.topic for step in three}) == len(three)
    assert all(step.points > 0 for step in reading.steps)
    points = [step.points for step in reading.steps]
    assert all(before >= after for before, after in pairwise(points[:3]))
    if reading.paths and len(three) == 3:
        first = reading.paths[0].target
        assert sum(first in step.serves for step in three) >= SILENT.serve


@given(cases(NEWEST))
def test_it_is_silent_exactly_while_too_little_is_told(case: Case) -> None:
    reading = reading_of(case)
    told = {kind: sum(reading.scores[scale].value is not None for scale in NEWEST.of_kind(*kind)) for kind in (
        ("fit", "misfit"), ("frustration",)
    )}  # fmt: skip
    need = SILENT.silence.get(case.facts.situation) if case.facts.situation else None
    enough = need is not None and told["fit", "misfit"] >= need.traits and told["frustration",] >= need.worries
    assert (reading.lacking is None) is enough
    assert bool(reading.paths) is enough


@given(cases(NEWEST))
def test_paths_that_stand_level_are_named_together_with_the_first(case: Case) -> None:
    reading = reading_of(case)
    if not reading.near:
        return
    assert reading.near[0] == reading.paths[0].target
    assert len(reading.near) > 1
    points = {path.target: path.points for path in reading.paths}
    assert all(abs(points[path] - points[reading.near[0]]) <= SILENT.near_tie for path in reading.near)


@given(cases(NEWEST))
@settings(max_examples=20)
def test_one_client_hears_what_a_cohort_does(case: Case) -> None:
    table = scores.tabulate(NEWEST, [case, Case()])
    measured = scores.measure(NEWEST, table, scores.score(NEWEST, table))
    reading = reading_of(case)
    groups: tuple[tuple[advice.Group, tuple[Advice, ...]], ...] = (("paths", reading.paths), ("steps", reading.steps))
    for group, told in groups:
        standing = advice.standing(NEWEST, group, table, measured)
        order = [standing.targets[place] for place in standing.order[0] if standing.fits[0, place]]
        assert order == [one.target for one in told]


@given(cases(NEWEST))
def test_what_was_not_told_never_holds(case: Case) -> None:
    reading = reading_of(case)
    facts = case.facts
    assert true_for(NEWEST, reading, When(situations=("inside",))) is (facts.situation == "inside")
    assert true_for(NEWEST, reading, When(roles=("hr",))) is (facts.role == "hr")
    assert true_for(NEWEST, reading, When(not_roles=("hr",))) is (facts.role != "hr")
    for scale, score in reading.scores.items():
        assert true_for(NEWEST, reading, When(above={scale: 0.0})) is (score.value is not None)


def test_conditions_of_a_group_are_those_of_its_rows() -> None:
    table = scores.tabulate(NEWEST, [Case(facts=Facts(situation="inside", role=role)) for role in NEWEST.roles])
    measured = scores.measure(NEWEST, table, scores.score(NEWEST, table))
    whole = conditions.hold(conditions.of_group(NEWEST, "variants"), table, measured)
    one_by_one = [
        conditions.hold(conditions.as_arrays(NEWEST, [row.when]), table, measured) for row in NEWEST.variants.values()
    ]
    assert np.array_equal(whole, np.concatenate(one_by_one, axis=1))


def test_what_cannot_move_keeps_advice_from_going_against_it() -> None:
    for name, step in NEWEST.steps.items():
        for fixed in step.against:
            facts = Facts(situation=step.situations[0], fixed=(fixed,))
            table = scores.tabulate(NEWEST, [Case(facts=facts)])
            measured = scores.measure(NEWEST, table, scores.score(NEWEST, table))
            assert not advice.fitting(NEWEST, "steps", table, measured)[0, list(NEWEST.steps).index(name)]


# --- open questions, small changes, steadiness ----------------------------------------------------------------------


@given(cases(NEWEST))
@settings(max_examples=15)
def test_an_open_question_moves_what_it_says(case: Case) -> None:
    asked = openness.open_questions(NEWEST, case.responses, case.facts)
    assert len({one.question for one in asked}) == len(asked)
    assert [one.question for one in asked if one.question in case.responses] == []
    values = [(round(one.first, 6), round(one.top, 6), one.missing) for one in asked]
    assert values == sorted(values, reverse=True)


@given(cases(NEWEST))
@settings(max_examples=15)
def test_a_small_change_really_puts_another_path_first(case: Case) -> None:
    reading = reading_of(case)
    flip = openness.small_change(NEWEST, case.responses, case.facts)
    if flip is None or not reading.paths:
        return
    responses, signs, tried = dict(case.responses), dict(case.facts.signs), dict(case.facts.tried)
    for change in flip.changes:
        if change.variable in NEWEST.items:
            responses[change.variable] = int(change.after)
        elif change.variable in NEWEST.signs:
            signs[change.variable] = change.after  # type: ignore[assignment]
        else:
            tried[change.variable] = change.after  # type: ignore[assignment]
    after = read(NEWEST, responses, replace(case.facts, signs=signs, tried=tried))
    assert after.paths[0].target == flip.path != reading.paths[0].target


@given(cases(NEWEST))
@settings(max_examples=10)
def test_steadiness_is_a_share_and_the_same_every_time(case: Case) -> None:
    one = openness.steadiness(NEWEST, case.responses, case.facts, draws=60)
    assert one == openness.steadiness(NEWEST, case.responses, case.facts, draws=60)
    assert 0 <= one.share <= 1
    assert abs(one.share + sum(share for _, share in one.rivals) - 1) < 1e-9


def test_measures_of_paths_know_which_stands_first() -> None:
    assert measures.first("stay_and_improve") in measures.ranges(NEWEST)
