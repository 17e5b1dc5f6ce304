"""Evaluating a cohort: what it says of each respondent is what the workbook says to that client."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.analysis.lab.outcome import BANDS, NOBODY, Outcome, evaluate, first_of, places, top
from advisor.analysis.lab.parameters import vary
from advisor.analysis.lab.worked_cases import told
from advisor.content.model import Case, Facts
from advisor.scoring import scores
from advisor.scoring.cues import CUES
from advisor.scoring.reading import read
from tests.lab_cohort import BASE, TABLE, changes
from tests.support import CATALOG, cases, suited


def agrees(outcome: Outcome, row: int, case: Case) -> None:
    reading = read(outcome.catalog, case.responses, case.facts)
    found = told(outcome, row)
    assert found.scores == {scale: score.value for scale, score in reading.scores.items()}
    assert found.index == reading.index.value
    assert found.paths == tuple((path.target, path.points) for path in reading.paths)
    assert found.steps == tuple((step.target, step.points) for step in reading.steps[:5])
    assert found.gates_open == tuple(gate.gate for gate in reading.gates if gate.open)
    top_steps = [name for name, some in zip(outcome.steps.targets, outcome.top_steps[row], strict=True) if some]
    assert set(top_steps) == {step.target for step in reading.steps[:3]}
    bands = [BANDS[band] for band in outcome.bands[row].tolist()]
    assert bands == [score.band or "none" for score in (*reading.scores.values(), reading.index)]
    seen = {name for name, some in zip(CUES, outcome.cues[row].tolist(), strict=True) if some}
    assert seen == {cue.cue for cue in reading.cues} | ({"help"} if reading.help_needed else set())


@given(st.lists(cases(), min_size=1, max_size=4), changes())
@settings(max_examples=40)
def test_a_cohort_is_read_as_each_of_its_clients_is(people: list[Case], wanted: dict[str, float | None]) -> None:
    catalog = vary(CATALOG, wanted)
    outcome = evaluate(catalog, scores.tabulate(catalog, people))
    for row, case in enumerate(people):
        agrees(outcome, row, case)


def test_answering_everything_alike_and_little_is_hinted_at_as_for_one_client() -> None:
    same = {item.id: 3 for item in CATALOG.items.values() if item.quick}
    few = dict(list(same.items())[:5])
    people = [Case(same), Case(few), Case({}), Case(dict.fromkeys(same, 5))]
    outcome = evaluate(CATALOG, scores.tabulate(CATALOG, people))
    for row, case in enumerate(people):
        agrees(outcome, row, case)


@given(changes())
@pytest.mark.slow
def test_what_is_taken_from_the_outcome_before_is_what_would_be_reckoned_anew(wanted: dict[str, float | None]) -> None:
    catalog = vary(CATALOG, wanted)
    short, long = evaluate(catalog, TABLE, BASE), evaluate(catalog, TABLE)
    np.testing.assert_array_equal(short.measured, long.measured)
    np.testing.assert_array_equal(short.gates, long.gates)
    np.testing.assert_array_equal(short.silent, long.silent)
    for one, other in ((short.steps, long.steps), (short.paths, long.paths)):
        np.testing.assert_array_equal(one.points, other.points)
        np.testing.assert_array_equal(one.order, other.order)
        np.testing.assert_array_equal(one.fits, other.fits)


def test_scores_are_kept_while_only_weights_change() -> None:
    weights = evaluate(vary(CATALOG, {"steps.quantify.visibility": 5}), TABLE, BASE)
    assert weights.scores is BASE.scores
    assert weights.paths is BASE.paths
    assert evaluate(vary(CATALOG, {"min_answered": 0.5}), TABLE, BASE).scores is not BASE.scores


def test_the_first_is_the_same_with_and_without_sorting_the_others() -> None:
    from advisor.scoring import advice

    for group in ("steps", "paths"):
        standing = BASE.standing(group)
        first = first_of(advice.weights(CATALOG, group), standing.points, standing.fits, BASE.may_leave)
        np.testing.assert_array_equal(first, np.where(standing.fits.any(axis=1), standing.order[:, 0], NOBODY))


def test_who_is_told_too_little_has_no_first_path_and_no_first_step() -> None:
    people = [Case(), Case(suited(75), facts=Facts(situation="wants_in"))]
    outcome = evaluate(CATALOG, scores.tabulate(CATALOG, people))
    assert outcome.silent.tolist() == [True, False]
    assert (outcome.first_path == NOBODY).tolist() == (outcome.first_step == NOBODY).tolist() == [True, False]
    assert not outcome.top_steps[0].any()
    assert not outcome.near[0].any()


def test_paths_that_stand_level_are_those_that_one_client_is_told_of() -> None:
    reached = 0
    chance = np.random.default_rng(3)
    quick = [item.id for item in CATALOG.items.values() if item.quick]
    for _ in range(90):
        case = Case(dict(zip(quick, chance.integers(1, 6, len(quick)).tolist(), strict=True)), facts=Facts("unsure"))
        outcome = evaluate(CATALOG, scores.tabulate(CATALOG, [case]))
        told = read(CATALOG, case.responses, case.facts).near
        assert {name for name, some in zip(outcome.paths.targets, outcome.near[0], strict=True) if some} == set(told)
        reached += bool(told)
    assert reached > 5


def test_another_first_path_brings_other_steps_and_they_are_reckoned_anew() -> None:
    for wanted in ({"gates.signs_against.at": 0}, {"choosing.worry": 90.0}, {"paths.change_role.misfit": 90}):
        catalog = vary(CATALOG, wanted)
        short, long = evaluate(catalog, TABLE, BASE), evaluate(catalog, TABLE)
        assert (short.first_path != BASE.first_path).any()
        np.testing.assert_array_equal(short.steps.points, long.steps.points)
        np.testing.assert_array_equal(short.steps.order, long.steps.order)
        np.testing.assert_array_equal(short.steps.fits, long.steps.fits)


@pytest.mark.parametrize("wanted", [{"hints.help_at": 50.0}, {"bands.score.high": 50.0}])
def test_figures_that_measures_are_made_from_are_measured_anew(wanted: dict[str, float]) -> None:
    catalog = vary(CATALOG, wanted)
    short, long = evaluate(catalog, TABLE, BASE), evaluate(catalog, TABLE)
    np.testing.assert_array_equal(short.known, long.known)
    assert not np.array_equal(short.known, BASE.known, equal_nan=True)
    np.testing.assert_array_equal(short.steps.order, long.steps.order)


def test_places_say_where_each_target_stands() -> None:
    order = np.array([[2, 0, 1]])
    assert places(order).tolist() == [[1, 2, 0]]


def test_what_does_not_fit_is_never_among_the_first_three() -> None:
    assert not (top(BASE.steps, 13) & ~BASE.steps.fits).any()
    assert top(BASE.steps).sum(axis=1).max() == 3


def test_a_cohort_may_be_empty() -> None:
    nobody = evaluate(CATALOG, scores.tabulate(CATALOG, []))
    assert len(nobody) == 0
    assert nobody.bands.shape == (0, len(CATALOG.scales) + 1)
    assert nobody.cues.shape == (0, len(CUES))
