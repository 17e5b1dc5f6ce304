"""Two occasions, scales beside each other, and standing among named people."""

from __future__ import annotations

from datetime import date
from math import isnan, nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.analysis.psychometrics import change, correlations, norms
from advisor.scoring import likert, reliable_change
from tests.reference import psychometrics as reference

SCORES = likert.score(reference.instrument(), reference.answers())
TODAY = date(2026, 11, 21)


def test_a_retest_is_what_r_says() -> None:
    first = SCORES[:, 0]
    second = (first + np.roll(first, -1)) / 2
    (found,) = change.retest(("a",), first[:, None], second[:, None])
    told = reference.told()["retest"]
    assert found.r == pytest.approx(told["r"], rel=1e-12)
    assert found.n == told["n"]
    assert found.rci == pytest.approx(reference.array(told["rci"]), rel=1e-10, nan_ok=True)
    assert found.risen == int((found.rci >= 1.96).sum())
    assert found.fallen == int((found.rci <= -1.96).sum())


@given(st.floats(-100, 100), st.floats(0.1, 40), st.floats(0.01, 0.99))
def test_the_index_is_one_formula_for_one_client_and_for_many(difference: float, sd: float, r: float) -> None:
    expected = difference / sqrt(2 * (sd * sqrt(1 - r)) ** 2)
    assert reliable_change.rci(np.array([difference]), sd, r)[0] == pytest.approx(expected)
    assert reliable_change.rci(difference, sd, r) == pytest.approx(expected)


def test_where_two_occasions_have_nothing_in_common_nobody_is_judged() -> None:
    before = np.array([[1.0, 2, 50], [2, 1, 50], [3, 2, 50], [nan, 5, 50]])
    after = np.array([[3.0, 1, 60], [2, 2, 70], [1, 1, 60], [4, nan, 60]])
    found = change.retest(("falling", "less", "constant"), before, after)
    assert [one.n for one in found] == [3, 3, 4]
    assert found[0].r == -1
    assert isnan(found[2].r)
    assert all(np.isnan(one.rci).all() and not one.risen and not one.fallen for one in found)


def test_people_are_matched_by_id_whatever_their_order() -> None:
    first, second = change.matched(["p3", "p1", "p9"], ["p1", "p2", "p3"])
    assert (first.tolist(), second.tolist()) == ([0, 1], [2, 0])


@pytest.mark.parametrize("ids", [["p1", "p1"], ["p1", ""]])
def test_an_id_that_names_two_people_or_nobody_is_refused_without_being_named(ids: list[str]) -> None:
    with pytest.raises(ValueError, match="the second occasion") as refused:
        change.matched(["p1"], ids)
    assert "p1" not in str(refused.value)


def test_correlations_of_scales_are_those_of_r() -> None:
    found, counts = correlations.pairwise(SCORES)
    assert found.tolist() == [pytest.approx(row, rel=1e-12) for row in reference.told()["correlations"]]
    assert counts[0, 1] == int((~np.isnan(SCORES[:, :2])).all(axis=1).sum())
    assert (counts == counts.T).all()


def test_a_correlation_needs_three_people_and_two_scales_that_vary() -> None:
    found, counts = correlations.pairwise(np.array([[1.0, 1, 5], [2, 3, 5], [3, nan, 5]]))
    assert np.isnan(found[0, 1:]).all()
    assert counts.tolist() == [[3, 2, 3], [2, 2, 2], [3, 2, 3]]


def test_within_its_own_norms_a_scale_has_mean_fifty_and_the_ranks_of_r() -> None:
    found = norms.norms("Synthetic people", TODAY, ("a", "b", "c"), SCORES)
    stood = norms.standing(found, ("b",), SCORES[:, 1:2])
    told = reference.told()["normal"]
    assert stood.t[:, 0] == pytest.approx(reference.array(told["t"]), nan_ok=True)
    assert stood.percentile[:, 0] == pytest.approx(reference.array(told["percentile"]), nan_ok=True)
    assert stood.label == "Synthetic people (N = 260, 2026-11-21)"
    assert not found.few


@given(st.lists(st.integers(0, 20), min_size=1, max_size=40), st.integers(-1, 21))
def test_a_percentile_counts_those_below_and_half_of_those_level(group: list[int], score: int) -> None:
    from advisor.analysis.psychometrics.moments import tally

    below, level = sum(other < score for other in group), group.count(score)
    found = norms.percentile_ranks(np.array([score, nan], float), tally(np.array(group, float)))
    assert found[0] == pytest.approx(100 * (below + level / 2) / len(group))
    assert isnan(found[1])


def test_norms_have_a_name_and_enough_people() -> None:
    with pytest.raises(norms.NormsError, match="a name"):
        norms.norms("  ", TODAY, ("a",), SCORES[:, :1])
    with pytest.raises(norms.NormsError, match=r"a: 49 scores, norms need at least 50"):
        norms.norms("few", TODAY, ("a",), SCORES[:49, :1])
    with pytest.raises(norms.NormsError, match="order nobody"):
        norms.norms("alike", TODAY, ("a",), np.full((60, 1), 40.0))
    assert norms.norms("some", TODAY, ("a",), SCORES[:60, :1]).few


def test_norms_say_nothing_of_a_scale_they_do_not_have() -> None:
    found = norms.norms("Synthetic people", TODAY, ("a",), SCORES[:, :1])
    with pytest.raises(norms.NormsError, match="has no norms for b"):
        norms.standing(found, ("a", "b"), SCORES[:, :2])
