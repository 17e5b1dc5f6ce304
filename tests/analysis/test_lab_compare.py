"""Comparing two outcomes: everybody is counted once, and whoever flips does so on a reason that adds up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from advisor.analysis.lab.compare import SILENCE, WORRY, compare
from advisor.analysis.lab.outcome import NOBODY, SILENT, evaluate
from advisor.analysis.lab.parameters import vary
from advisor.content import worked_cases
from advisor.content.model import Case, Facts
from advisor.scoring import advice, scores
from tests.lab_cohort import BASE, TABLE, changes, cohort
from tests.support import CATALOG, THEN, suited


def test_nothing_changes_from_an_outcome_to_itself() -> None:
    assert compare(BASE, BASE).empty
    again = compare(BASE, evaluate(vary(CATALOG, {}), TABLE))
    assert again.empty
    assert again.first_paths.counts.sum() == len(BASE)


@given(changes())
def test_everybody_is_counted_once_and_gains_are_losses(wanted: dict[str, float | None]) -> None:
    after = evaluate(vary(CATALOG, wanted), TABLE, BASE)
    found = compare(BASE, after)
    assert found.first_paths.counts.sum() == found.first_steps.counts.sum() == found.n == len(BASE)
    assert found.first_paths.moved == len(found.flips.rows) == sum(found.flips.counts().values())
    places = [outcome.top_steps.sum() for outcome in (BASE, after)]
    assert sum(step.gained - step.lost for step in found.top_steps) == places[1] - places[0]
    silent = found.first_paths.targets.index(SILENT)
    assert found.first_paths.counts[silent].sum() == BASE.silent.sum()
    assert found.first_paths.counts[:, silent].sum() == after.silent.sum()
    assert found.silent.gained - found.silent.lost == after.silent.sum() - BASE.silent.sum()
    for matrix in found.bands.values():
        assert matrix.sum() == found.n
    for name, before, now in (("steps", BASE.steps, after.steps), ("paths", BASE.paths, after.paths)):
        for moved in getattr(found, name):
            column = before.targets.index(moved.name)
            difference = (now.points - before.points)[:, column]
            assert sum(delta * count for delta, count in moved.histogram) == difference.sum()
            assert moved.count == np.count_nonzero(difference)


@given(changes())
def test_a_flip_s_reason_is_what_moved_the_margin_most(wanted: dict[str, float | None]) -> None:
    after = evaluate(vary(CATALOG, wanted), TABLE, BASE)
    flips = compare(BASE, after).flips
    for row, old, new, reason, amount in list(
        zip(flips.rows, flips.before, flips.after, flips.reasons, flips.amounts.tolist(), strict=True)
    )[:20]:
        if NOBODY in {old, new}:
            assert (reason, amount) == (SILENCE, 0)
            continue
        pull: dict[str, int] = {}
        for sign, outcome in ((-1, BASE), (1, after)):
            weights = advice.weights(outcome.catalog, "paths")
            parts = advice.contributions(weights, advice.strengths(weights, outcome.measured[[row]]))[0]
            for name, points in zip(weights.features, (parts[new] - parts[old]).tolist(), strict=True):
                pull[name] = pull.get(name, 0) + sign * points
        margins = [outcome.paths.points[row, new] - outcome.paths.points[row, old] for outcome in (BASE, after)]
        assert sum(pull.values()) == margins[1] - margins[0]
        if reason.startswith("gates.") or reason == WORRY:
            assert BASE.may_leave[row] != after.may_leave[row]
            assert amount == 0
        else:
            assert amount == pull[reason] == max(pull.values()) > 0


def test_a_lighter_weight_is_the_reason_of_whoever_it_moves() -> None:
    found = compare(BASE, evaluate(vary(CATALOG, {"paths.change_role.misfit": 5}), TABLE, BASE))
    assert set(found.flips.counts()) == {"misfit"}
    serving = {name for name, step in CATALOG.steps.items() if step.serves}
    assert {moved.name for moved in found.steps} <= serving, "a step is worth more where its path is first"
    (moved,) = found.paths
    assert moved.name == "change_role"
    assert all(delta < 0 for delta, _ in moved.histogram)
    left = found.first_paths.targets.index("change_role")
    assert found.first_paths.counts[left].sum() - found.first_paths.counts[left, left] == found.first_paths.moved


def test_a_gate_that_opens_is_the_reason_of_whoever_it_lets_through() -> None:
    found = compare(BASE, evaluate(vary(CATALOG, {"gates.signs_against.at": 1}), TABLE, BASE))
    (gate,) = found.gates
    assert gate.name == "signs_against"
    assert gate.gained == found.gates_changed > 0
    assert found.first_paths.moved > 0
    assert gate.lost == 0
    assert set(found.flips.counts()) == {"gates.signs_against"}
    assert found.paths == ()


def test_where_a_gate_is_enough_the_points_that_moved_too_are_not_the_reason() -> None:
    opened = compare(BASE, evaluate(vary(CATALOG, {"gates.signs_against.at": 1}), TABLE, BASE))
    both = {"gates.signs_against.at": 1, "paths.consult_first.unsure": 30}
    found = compare(BASE, evaluate(vary(CATALOG, both), TABLE, BASE))
    reasons = dict(zip(found.flips.rows.tolist(), found.flips.reasons, strict=True))
    let_through = [row for row in opened.flips.rows.tolist() if row in reasons]
    assert let_through
    assert {reasons[row] for row in let_through} == {"gates.signs_against"}
    assert "unsure" in reasons.values()


def test_a_gate_that_one_version_does_not_have_is_closed_there() -> None:
    gates = {name: gate for name, gate in CATALOG.scoring.gates.items() if name != "steps_in_vain"}
    from tests.support import varied

    found = compare(BASE, evaluate(varied(gates=gates), TABLE, BASE))
    (gate,) = found.gates
    assert (gate.name, gate.gained) == ("steps_in_vain", 0)
    assert gate.lost == BASE.gates[:, 0].sum()


def test_an_easier_score_appears_and_a_band_that_moves_is_counted() -> None:
    easier = compare(BASE, evaluate(vary(CATALOG, {"min_answered": 0.05}), TABLE, BASE))
    assert sum(scale.appeared for scale in easier.scores) > 0
    assert not any(scale.gone for scale in easier.scores)
    bands = compare(BASE, evaluate(vary(CATALOG, {"bands.score.high": 80}), TABLE, BASE)).bands
    assert set(bands) == set(CATALOG.scales)
    assert all(matrix[2, 1] > 0 for matrix in bands.values())


def test_a_hint_that_is_given_earlier_is_counted() -> None:
    found = compare(BASE, evaluate(vary(CATALOG, {"hints.help_at": 50}), TABLE, BASE))
    (hint,) = found.cues
    assert hint.name == "help"
    assert hint.gained > 0
    assert not found.empty


def test_a_worked_case_that_changes_is_named_with_what_no_longer_holds() -> None:
    first = worked_cases.load(CATALOG)["a_accounting"].expected.first
    found = compare(BASE, evaluate(vary(CATALOG, {f"paths.{first}.reward": -100}), TABLE, BASE))
    case = next(one for one in found.cases if one.name == "a_accounting")
    assert case.before.first == first != case.after.first
    assert case.broken == ("paths", "steps", "first"), "other steps serve another first path"


def test_who_falls_silent_is_counted_as_silent_and_as_nobody_else() -> None:
    found = compare(BASE, evaluate(vary(CATALOG, {"choosing.silence.inside.worries": 9}), TABLE, BASE))
    assert found.silent.gained > 0 == found.silent.lost
    assert found.first_paths.moved == found.silent.gained
    assert found.flips.counts() == {SILENCE: found.silent.gained}
    assert set(found.flips.after.tolist()) == {NOBODY}
    assert NOBODY not in found.flips.before
    assert found.near.gained == 0
    assert not found.empty


def test_another_bound_for_a_near_tie_moves_nobody_s_first_path() -> None:
    found = compare(BASE, evaluate(vary(CATALOG, {"choosing.near_tie": 12}), TABLE, BASE))
    assert found.near.gained > 0 == found.near.lost
    assert found.first_paths.moved == found.top_changed == 0
    assert not found.empty


def test_where_a_worry_must_be_higher_that_is_the_reason() -> None:
    found = compare(BASE, evaluate(vary(CATALOG, {"choosing.worry": 90.0}), TABLE, BASE))
    assert WORRY in found.flips.counts()
    assert not any(gate.gained or gate.lost for gate in found.gates if gate.name != "steps_in_vain")


def test_versions_with_other_steps_are_compared_by_name() -> None:
    people = [Case(suited(75), facts=Facts(situation="wants_in")), Case(), Case(suited(25), facts=Facts("unsure"))]
    then, now = (evaluate(catalog, scores.tabulate(catalog, people)) for catalog in (THEN, CATALOG))
    for one, other in ((then, now), (now, then)):
        found = compare(one, other)
        assert found.first_paths.counts.sum() == found.first_steps.counts.sum() == 3
        assert {*THEN.steps, *CATALOG.steps} < set(found.first_steps.targets)
        assert {moved.name for moved in found.steps} <= set(THEN.steps) & set(CATALOG.steps)
        assert {step.name for step in found.top_steps} & (set(CATALOG.steps) - set(THEN.steps))
        assert sum(found.flips.counts().values()) == found.first_paths.moved
    assert compare(then, now).silent.gained == 2


def test_outcomes_of_different_cohorts_are_not_compared() -> None:
    with pytest.raises(ValueError, match="same people"):
        compare(BASE, evaluate(CATALOG, cohort(3)))


def test_nobody_is_compared_without_a_fault() -> None:
    nobody = scores.tabulate(CATALOG, [])
    before = evaluate(CATALOG, nobody)
    found = compare(before, evaluate(vary(CATALOG, {"paths.change_role.misfit": 5}), nobody, before))
    assert (found.n, found.first_paths.moved, found.flips.counts()) == (0, 0, {})
