"""Sensitivity: the quick ways of reckoning are exact, and the figures are those of their definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from advisor.analysis.lab.outcome import evaluate, places, some_rows
from advisor.analysis.lab.parameters import is_weight, parameters, vary
from advisor.analysis.lab.sensitivity import Bar, by_share, stability, ties, tornado
from advisor.content.model import SITUATIONS, Case, Facts
from advisor.scoring import scores
from advisor.scoring.reading import read
from tests.lab_cohort import BASE, PARAMETERS, cohort
from tests.support import CATALOG, FRUSTRATIONS, THEN, varied

if TYPE_CHECKING:
    from advisor.analysis.lab.outcome import Outcome

SMALL = evaluate(CATALOG, cohort(150, seed=7))


def moved(base: Outcome, bar: Bar, value: float) -> float:
    """Return the share that another value moves, by evaluating everything anew."""
    after = evaluate(vary(base.catalog, {bar.path: value}), base.table)
    path, step = after.first_path != base.first_path, after.first_step != base.first_step
    which = {"paths": path, "steps": step}.get(bar.path.split(".")[0], path | step)
    return float(which.mean())


@pytest.mark.parametrize(("turn", "half"), [(by_share(0.2), 0), (by_share(0.5), 1)])
@pytest.mark.slow
def test_the_tornado_is_what_evaluating_every_weight_anew_would_say(turn: object, half: int) -> None:
    """Each figure under one of the two turns."""
    bars = tornado(SMALL, turn)  # type: ignore[arg-type]
    weights = [bar for bar in bars if is_weight(bar.path)]
    assert {bar.path for bar in weights} == {path for path in PARAMETERS if is_weight(path)}
    assert all(bar.low < bar.value < bar.high for bar in bars)
    for bar in sorted(bars, key=lambda bar: bar.path)[half::2]:
        assert (bar.below, bar.above) == (moved(SMALL, bar, bar.low), moved(SMALL, bar, bar.high)), bar.path
    assert sum(bar.width > 0 for bar in bars) > len(bars) / 3
    assert [bar.width for bar in bars] == sorted((bar.width for bar in bars), reverse=True)


@pytest.mark.slow
def test_a_weight_that_brings_a_mark_with_it_is_exact_too() -> None:
    lean = vary(CATALOG, {path: -3 for path in PARAMETERS if is_weight(path) and "fit" not in path})
    base = evaluate(lean, SMALL.table)
    bars = [bar for bar in tornado(base, by_share(3), others=()) if bar.value == -3]
    assert all((bar.below, bar.above) == (moved(base, bar, bar.low), moved(base, bar, bar.high)) for bar in bars)
    assert any(bar.above for bar in bars if bar.path.endswith(".recognition"))


def test_a_turn_stays_within_the_range_and_is_at_least_a_point() -> None:
    found = {parameter.path: parameter for parameter in parameters(THEN)}
    assert by_share(0.01)(found["paths.consult_first.advancement"]) == (4, 6)
    assert by_share(0.2)(found["tried_without_effect"]) == (-72, -48)
    assert by_share(5)(found["gates.signs_against.at"]) == (0, 3)
    assert by_share(0.2)(found["priority_share"]) == pytest.approx((0.4, 0.6))


def test_the_same_seed_draws_the_same_weights_and_wider_draws_move_more() -> None:
    rows = stability(BASE, draws=15)
    assert rows == stability(BASE, draws=15)
    assert [row.spread for row in rows] == [0.1, 0.2, 0.5]
    assert rows[0].kept > rows[1].kept > rows[2].kept
    assert rows[0].tau > rows[1].tau > rows[2].tau
    assert all(row.kept_low <= row.kept <= row.kept_high for row in rows)


def test_without_a_spread_everything_stays_where_it_is() -> None:
    for group in ("steps", "paths"):
        (row,) = stability(BASE, group, spreads=(0.0,), draws=2)
        assert (row.kept, row.tau) == (1.0, 1.0)


def test_one_draw_is_another_version_with_those_weights() -> None:
    from advisor.analysis.lab import sensitivity
    from advisor.scoring import advice

    (row,) = stability(BASE, spreads=(0.5,), draws=1)
    weights = advice.weights(CATALOG, "paths")
    factors = np.random.default_rng(sensitivity.SEED).uniform(0.5, 1.5, weights.points.shape)
    strength = advice.strengths(weights, BASE.measured)
    points = advice.whole_points(strength[:, None, :] * (factors * weights.points)).sum(axis=2)
    order = advice.rank(weights, points, BASE.paths.fits, BASE.may_leave)
    told = ~BASE.silent
    assert row.kept == (order[:, 0] == BASE.first_path)[told].mean()
    assert row.silent == BASE.silent.mean() > 0
    swapped = told & (order[:, 0] != BASE.first_path)
    assert row.level == (BASE.near[np.arange(len(BASE)), order[:, 0]] & swapped)[told].mean() > 0
    taus = [
        stats.kendalltau(before[fits], after[fits]).statistic
        for before, after, fits in zip(places(BASE.paths.order), places(order), BASE.paths.fits, strict=True)
        if fits.any()
    ]
    assert row.tau == pytest.approx(np.mean(taus))


def test_a_tie_is_decided_by_the_order_of_the_catalogue() -> None:
    nobody = evaluate(THEN, scores.tabulate(THEN, [Case()]))
    found = ties(nobody, "steps")
    assert found.share == 1.0
    assert found.pairs == (("office_software", "take_inventory", 1),)  # ten points each for who has no experience
    assert ties(nobody, "paths").share == 0.0  # consult_first has its baseline, all others nothing


def test_a_path_that_is_held_back_does_not_tie() -> None:
    """Who has tried nothing in vain: a leaving path with as many points as the staying one competes for nothing."""
    held = varied(gates={"none": CATALOG.scoring.gates["steps_in_vain"].model_copy(update={"at": 99.0})})
    everybody = cohort(400)
    table = some_rows(everybody, np.flatnonzero(everybody.situation != SITUATIONS.index("wants_in")))
    assert ties(evaluate(CATALOG, table)).near > ties(evaluate(held, table)).near
    leaving = {name for name, path in CATALOG.paths.items() if path.leaves}
    assert not leaving & {name for pair in ties(evaluate(held, table)).pairs for name in pair[:2]}


def test_ties_are_counted_as_one_reads_them() -> None:
    import random

    draw = random.Random(3)
    people = []
    for _ in range(60):
        responses = {item.id: draw.randint(item.low, item.high) for item in CATALOG.items.values() if item.quick}
        people.append(Case(responses, facts=Facts(situation="inside")))
    expected = 0
    for case in people:
        reading = read(CATALOG, case.responses, case.facts)
        first, *others = reading.paths
        high = max(reading.scores[scale].value or 0 for scale in FRUSTRATIONS) >= 65
        free = high and any(gate.open for gate in reading.gates)
        expected += any(
            other.points == first.points and (free or not CATALOG.paths[other.target].leaves) for other in others
        )
    assert ties(evaluate(CATALOG, scores.tabulate(CATALOG, people))).share == pytest.approx(expected / 60)


def test_who_hears_nothing_first_has_no_part_in_stability_and_ties() -> None:
    silent = evaluate(CATALOG, scores.tabulate(CATALOG, [Case(), Case()]))
    (row,) = stability(silent, spreads=(0.2,), draws=2)
    assert row.silent == 1.0
    assert np.isnan([row.kept, row.level, row.tau]).all()
    found = ties(silent)
    assert (found.share, found.near, found.silent, found.pairs) == (0.0, 0.0, 1.0, ())


def test_whom_near_ties_are_told_to_is_counted() -> None:
    assert ties(BASE).near == BASE.is_near.mean() > 0
    assert ties(BASE, "steps").near == 0.0
    assert ties(BASE).silent == BASE.silent.mean()


def test_an_empty_cohort_has_no_bars_that_matter() -> None:
    nobody = evaluate(CATALOG, scores.tabulate(CATALOG, []))
    assert {bar.width for bar in tornado(nobody)} == {0.0}
    assert ties(nobody).share == 0.0
