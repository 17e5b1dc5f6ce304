"""How well one factor fits is what R's lavaan and psych say of the same answers, and finds factors that were put in."""

from __future__ import annotations

from math import isnan, nan

import numpy as np
import pytest

from advisor.analysis.psychometrics import fit, moments, quality, reliability
from advisor.scoring import likert
from tests.reference import psychometrics as reference


def correlations(scale: str) -> np.ndarray:
    """Return the correlations of those who answered all items of a scale, or all items there are."""
    instrument = reference.instrument()
    columns = slice(None) if scale == "all" else instrument.items_of(scale)
    keyed = likert.keyed(instrument, reference.answers())[:, columns]
    return reliability.correlation(moments.complete_covariance(moments.pairs_of(keyed)))


@pytest.mark.parametrize("scale", ["a", "b", "all"])
def test_rmsea_and_its_interval_are_those_of_lavaan(scale: str) -> None:
    told = reference.told()["fit"][scale]
    found = fit.rmsea(correlations(scale), told["n"])
    assert found[:3] == pytest.approx((told["rmsea"], told["rmsea_low"], told["rmsea_high"]), abs=1e-5)
    assert found.value == pytest.approx(told["rmsea_psych"], abs=0.003), "psych corrects chi square for small samples"


def test_three_items_always_fit_and_one_or_two_have_no_fit() -> None:
    assert reference.told()["fit"]["c"]["df"] == 0
    assert fit.rmsea(correlations("c"), 267).why == "always_fits"
    assert fit.rmsea(np.array([[1, 0.5], [0.5, 1]]), 267).why == "few_items"


@pytest.mark.parametrize("scale", ["a", "b", "c", "all"])
def test_factors_are_those_of_the_parallel_analysis_of_psych(scale: str) -> None:
    told = reference.told()["fit"][scale]
    assert fit.factors(correlations(scale), told["n"]).value == told["factors"]
    by_chance = fit.by_chance(len(told["by_chance"]), told["n"])
    assert (by_chance > told["by_chance"]).all(), (
        "psych tells the mean of the random eigenvalues; here the 95th percentile"
    )
    assert by_chance == pytest.approx(told["by_chance"], abs=0.12)


@pytest.mark.parametrize(("built", "close"), [(1, True), (2, False)])
def test_a_second_factor_that_was_put_in_is_found(built: int, close: bool) -> None:
    chance = np.random.default_rng(4)
    traits = chance.normal(size=(1000, built))
    answers = 0.7 * traits[:, np.arange(6) % built] + 0.7 * chance.normal(size=(1000, 6))
    keyed = np.clip(np.round(3 + answers), 1, 5)
    rows = tuple(likert.ItemRow(id=f"q{n}", scale="s", reverse=False, low=1, high=5) for n in range(6))
    (found,) = quality.scales(moments.moments(likert.instrument(rows), keyed))
    assert found.factors == built
    assert (found.rmsea < 0.05, found.rmsea > 0.15) == (close, not close)
    assert found.rmsea_low <= found.rmsea <= found.rmsea_high


@pytest.mark.parametrize(
    ("matrix", "people", "why"),
    [
        ([[1.0]], 50, "one_item"),
        ([[1, nan], [nan, nan]], 50, "no_variance"),
        ([[1, nan], [nan, 1]], 50, "too_few"),
        ([[1, 0.5], [0.5, 1]], 2, "few_people"),
    ],
)
def test_where_factors_cannot_be_counted_it_says_why(matrix: object, people: int, why: str) -> None:
    found = fit.factors(np.array(matrix, float), people)
    assert found.why == why
    assert isnan(found.value)


def test_answers_without_anything_in_common_have_no_factor() -> None:
    assert fit.factors(np.eye(4), 100).value == 0
    everywhere = fit.factors(np.array([[1, 0.99], [0.99, 1]]), 1000)
    assert everywhere.value == 1
