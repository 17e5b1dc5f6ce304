"""Every figure of reliability equals what R's psych package makes of the same answers, and its definition by hand."""

from __future__ import annotations

from itertools import pairwise
from math import isnan, nan, sqrt
from statistics import fmean, stdev, variance

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.analysis.psychometrics import bootstrap, moments, quality, reliability
from advisor.analysis.psychometrics.omega import omega_one_factor, one_factor
from advisor.scoring import likert
from tests.reference import psychometrics as reference

SCALES = ("a", "b", "c")
FOUND = {scale.scale: scale for scale in quality.scales(moments.moments(reference.instrument(), reference.answers()))}
ITEMS = quality.items(moments.moments(reference.instrument(), reference.answers()))


def covariance(scale: str) -> np.ndarray:
    pairs = moments.moments(reference.instrument(), reference.answers()).pairs[SCALES.index(scale)]
    return moments.pairwise_covariance(pairs)


def people(instrument: likert.Instrument | None = None) -> st.SearchStrategy[np.ndarray]:
    """Whole answers from 1 to 5 to four items, with gaps."""
    del instrument
    cell = st.one_of(st.integers(1, 5).map(float), st.just(nan))
    return st.lists(st.lists(cell, min_size=4, max_size=4), min_size=2, max_size=12).map(np.array)


def four_items() -> likert.Instrument:
    return likert.instrument(tuple(likert.ItemRow(id=i, scale="s", reverse=i == "q2", low=1, high=5) for i in Q))


Q = ("q1", "q2", "q3", "q4")


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize(
    "figure",
    ["alpha", "alpha_std", "alpha_complete", "alpha_low", "alpha_high", "mean", "sd", "sem", "floor", "ceiling"],
)
def test_a_figure_is_what_psych_says(scale: str, figure: str) -> None:
    assert getattr(FOUND[scale], figure) == pytest.approx(
        reference.told()["scales"][scale][figure], rel=1e-12, abs=1e-12
    )


@pytest.mark.parametrize("scale", SCALES)
def test_the_respondents_behind_a_figure_are_those_of_r(scale: str) -> None:
    told = reference.told()["scales"][scale]
    assert (FOUND[scale].n, FOUND[scale].n_complete) == (told["n"], told["n_complete"])
    assert FOUND[scale].n + FOUND[scale].missing == len(reference.answers())


@pytest.mark.parametrize("scale", SCALES)
def test_omega_and_its_loadings_are_those_of_maximum_likelihood_in_r(scale: str) -> None:
    told = reference.told()["scales"][scale]
    loadings, why = one_factor(reliability.correlation(covariance(scale)))
    assert why == ""
    assert loadings == pytest.approx(told["loadings"], abs=1e-6)
    assert loadings == pytest.approx(told["loadings_psych"], abs=1e-5)
    assert FOUND[scale].omega_one_factor == pytest.approx(told["omega_total"], abs=1e-7)


@pytest.mark.parametrize("scale", SCALES)
def test_the_omega_of_psych_is_ours_by_its_own_definition(scale: str) -> None:
    """Psych takes standardised items, and divides by the observed variance of their sum instead of the fitted one."""
    correlations = reliability.correlation(covariance(scale))
    loadings, _ = one_factor(correlations)
    by_psych = 1 - (1 - loadings**2).sum() / correlations.sum()
    assert by_psych == pytest.approx(reference.told()["scales"][scale]["omega_psych"], abs=1e-5)
    assert omega_one_factor(correlations).value == pytest.approx(
        loadings.sum() ** 2 / (loadings.sum() ** 2 + (1 - loadings**2).sum())
    )


@pytest.mark.parametrize("scale", SCALES)
def test_items_are_told_as_psych_tells_them(scale: str) -> None:
    told, items = reference.told()["scales"][scale], [item for item in ITEMS if item.scale == scale]
    assert [item.item_rest for item in items] == pytest.approx(told["item_rest"], rel=1e-12)
    assert [item.alpha_if_dropped for item in items] == pytest.approx(told["alpha_if_dropped"], rel=1e-12)
    assert [item.n for item in items] == told["item_n"]
    assert [item.sd for item in items] == pytest.approx(told["item_sd"], rel=1e-12)


def test_the_loadings_of_three_items_are_the_exact_solution() -> None:
    r = np.array([[1, 0.42, 0.36], [0.42, 1, 0.3], [0.36, 0.3, 1]])
    loadings, _ = one_factor(r)
    assert loadings**2 == pytest.approx([0.42 * 0.36 / 0.3, 0.42 * 0.3 / 0.36, 0.36 * 0.3 / 0.42], abs=1e-6)


@given(people())
@settings(deadline=None, max_examples=60)
def test_pairwise_covariances_are_those_of_the_definition(answers: np.ndarray) -> None:
    keyed = likert.keyed(four_items(), answers)
    found = moments.pairwise_covariance(moments.pairs_of(keyed))
    for i in range(4):
        for j in range(4):
            both = [(row[i], row[j]) for row in keyed.tolist() if not isnan(row[i]) and not isnan(row[j])]
            if len(both) < 2:
                assert isnan(found[i, j])
            else:
                middle = fmean(x for x, _ in both), fmean(y for _, y in both)
                expected = sum((x - middle[0]) * (y - middle[1]) for x, y in both) / (len(both) - 1)
                assert found[i, j] == pytest.approx(expected, abs=1e-9)


@given(people())
@settings(deadline=None, max_examples=60)
def test_complete_alpha_is_the_textbook_formula_over_those_who_answered_everything(answers: np.ndarray) -> None:
    keyed = likert.keyed(four_items(), answers)
    whole = [row for row in keyed.tolist() if not any(map(isnan, row))]
    found = reliability.alpha(moments.complete_covariance(moments.pairs_of(keyed)))
    if len(whole) < 2:
        assert found.why == "too_few"
        return
    of_sum = variance([sum(row) for row in whole])
    parts = sum(variance(column) for column in zip(*whole, strict=True))
    if of_sum == 0:
        assert isnan(found.value)
        assert found.why == ("no_variance" if parts == 0 else "same_total")
    else:
        assert found.value == pytest.approx(4 / 3 * (1 - parts / of_sum), abs=1e-9)


@given(people())
@settings(deadline=None, max_examples=60)
def test_item_rest_correlations_of_complete_answers_are_plain_correlations_with_the_others(answers: np.ndarray) -> None:
    keyed = likert.keyed(four_items(), answers)
    whole = keyed[~np.isnan(keyed).any(axis=1)]
    if len(whole) < 2:
        return
    covariances = moments.pairwise_covariance(moments.pairs_of(whole))
    found = [reliability.item_rest(covariances, item).value for item in range(4)]
    for item in range(4):
        own, others = whole[:, item], np.delete(whole, item, 1).sum(axis=1)
        if np.ptp(own) == 0 or np.ptp(others) == 0:
            assert isnan(found[item])
        else:
            assert found[item] == pytest.approx(np.corrcoef(own, others)[0, 1], abs=1e-9)


@given(st.floats(0.01, 0.99), st.integers(2, 30), st.integers(2, 2000))
def test_the_interval_of_feldt_holds_alpha_and_narrows_with_people(alpha: float, items: int, n: int) -> None:
    low, high = reliability.feldt_interval(alpha, items, n)
    wider_low, wider_high = reliability.feldt_interval(alpha, items, n, level=0.99)
    assert wider_low <= low <= high <= wider_high <= 1
    more = reliability.feldt_interval(alpha, items, 2 * n + 50)
    assert more[1] - more[0] < high - low


def test_the_interval_of_feldt_covers_the_truth_as_often_as_it_says() -> None:
    chance, true, items, people = np.random.default_rng(7), 0.8, 5, 60
    r = true / (items - true * (items - 1))  # the correlation of parallel items with this alpha
    parts = chance.normal(size=(600, people, 1)) * sqrt(r) + chance.normal(size=(600, people, items)) * sqrt(1 - r)
    bounds = [reliability.feldt_interval(reliability.alpha(np.cov(x.T)).value, items, people) for x in parts]
    assert 0.925 <= fmean(low <= true <= high for low, high in bounds) <= 0.975


def test_drawing_people_again_gives_nearly_the_interval_of_feldt_and_the_same_one_for_the_same_seed() -> None:
    instrument, scale = reference.instrument(), FOUND["a"]
    keyed = likert.keyed(instrument, reference.answers())[:, instrument.items_of("a")]
    low, high = bootstrap.bootstrap_interval(keyed, seed=1, draws=400)
    assert (low, high) == bootstrap.bootstrap_interval(keyed, seed=1, draws=400)
    assert (low, high) != bootstrap.bootstrap_interval(keyed, seed=2, draws=400)
    assert low == pytest.approx(scale.alpha_low, abs=0.04)
    assert high == pytest.approx(scale.alpha_high, abs=0.04)
    assert low < scale.alpha < high


def test_a_draw_of_people_has_the_alpha_of_those_people() -> None:
    keyed = np.array([[1.0, 2, 2], [4, nan, 5], [3, 3, 1], [5, 4, 4], [2, 2, 3]])
    drawn = np.random.default_rng(3).multinomial(5, np.full(5, 1 / 5), size=1)[0]
    copies = moments.pairwise_covariance(moments.pairs_of(np.repeat(keyed, drawn, axis=0)))
    low, high = bootstrap.bootstrap_interval(keyed, seed=3, draws=1)
    assert low == high == pytest.approx(reliability.alpha(copies).value)


def test_nobody_has_no_interval() -> None:
    assert all(map(isnan, bootstrap.bootstrap_interval(np.empty((0, 3)), seed=1)))
    assert all(map(isnan, bootstrap.bootstrap_interval(np.full((4, 3), 2.0), seed=1, draws=5)))
    assert all(map(isnan, reliability.feldt_interval(0.8, 4, 1)))


@pytest.mark.parametrize(
    ("matrix", "alpha", "standardised", "omega"),
    [
        ([[1.0]], "one_item", "one_item", "one_item"),
        ([[1, 0.5], [0.5, 1]], "", "", "few_items"),
        ([[1, nan, 0.5], [nan, 1, 0.5], [0.5, 0.5, 1]], "too_few", "too_few", "too_few"),
        (np.zeros((3, 3)), "no_variance", "no_variance", "no_variance"),
        ([[0, 0, 0], [0, 1, 0.5], [0, 0.5, 1]], "", "no_variance", "no_variance"),
        ([[1, -0.9, -0.9], [-0.9, 1, -0.9], [-0.9, -0.9, 1]], "impossible", "impossible", "not_positive"),
        ([[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]], "", "", "not_positive"),
        ([[1, 1, 0.5], [1, 1, 0.5], [0.5, 0.5, 1]], "", "", "not_positive"),
        ([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]], "", "", "heywood"),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_empty_and_says_why(matrix: object, alpha: str, standardised: str, omega: str) -> None:
    covariances = np.array(matrix, float)
    for figure, why in (
        (reliability.alpha(covariances), alpha),
        (reliability.standardised_alpha(covariances), standardised),
        (omega_one_factor(covariances), omega),
    ):
        assert figure.why == why
        assert isnan(figure.value) == bool(why)


def test_an_alpha_beyond_one_is_no_figure() -> None:
    assert reliability.alpha(np.array([[1.0, 1.5], [1.5, 1.0]])).why == "impossible"


def test_answers_that_always_add_up_to_the_same_have_no_alpha() -> None:
    answers = np.array([[1.0, 5], [2, 4], [5, 1], [3, 3]])
    assert reliability.alpha(moments.complete_covariance(moments.pairs_of(answers))).why == "same_total"


def test_where_nobody_answered_every_item_there_is_an_alpha_but_no_interval() -> None:
    answers = reference.answers().copy()
    answers[np.arange(300), 9 + np.arange(300) % 3] = nan  # each leaves one of the three items of c out
    found = quality.scales(moments.moments(reference.instrument(), answers, min_answered=0.5))[2]
    assert found.alpha == pytest.approx(FOUND["c"].alpha, abs=0.1)
    assert isnan(found.alpha_low)
    assert isnan(found.alpha_complete)
    assert dict(found.reasons)["alpha_complete"] == "few_complete"


def test_without_a_reliability_above_zero_there_is_no_standard_error() -> None:
    assert reliability.sem(10, 0.84).value == pytest.approx(4)
    assert reliability.sem(10, 1).value == 0
    assert reliability.sem(10, -0.2).why == "below_zero"
    assert reliability.sem(10, nan).why == "no_alpha"
    assert reliability.sem(nan, 0.5).why == "too_few"


def test_the_sign_of_a_factor_does_not_change_omega() -> None:
    turned = np.diag([-1.0, -1, -1, -1, -1]) @ covariance("a") @ np.diag([-1.0, -1, -1, -1, -1])
    assert omega_one_factor(turned).value == pytest.approx(FOUND["a"].omega_one_factor)


def test_a_scale_that_nobody_answered_has_no_figures_and_says_so() -> None:
    (found,) = quality.scales(moments.moments(four_items(), np.full((3, 4), nan)))
    assert (found.n, found.missing, found.unanswered) == (0, 3, 1.0)
    assert all(isnan(value) for value in (found.mean, found.sd, found.alpha, found.floor, found.alpha_low))
    assert dict(found.reasons)["alpha"] == "too_few"
    (nobody,) = quality.scales(moments.moments(four_items(), np.empty((0, 4))))
    assert isnan(nobody.unanswered)


def test_a_score_is_told_with_its_standard_deviation() -> None:
    scores = likert.score(reference.instrument(), reference.answers())[:, 0]
    told = [value for value in scores.tolist() if not isnan(value)]
    assert FOUND["a"].sd == pytest.approx(stdev(told))
    assert all(one <= other for one, other in pairwise(moments.tally(scores).values.tolist()))
