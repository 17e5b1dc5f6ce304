"""Respondents may be cut into any pieces: the sums of the pieces are those of all, to the last bit."""

from __future__ import annotations

from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.analysis.psychometrics import moments, quality
from advisor.scoring import likert
from tests.reference import psychometrics as reference


def same(one: moments.Moments, other: moments.Moments) -> bool:
    """Return whether every figure of both is the same, bit by bit."""
    return repr((quality.scales(one), quality.items(one))) == repr((quality.scales(other), quality.items(other)))


@given(st.lists(st.integers(0, 300), max_size=6), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=8)
def test_pieces_in_any_order_come_to_the_figures_of_the_whole(cuts: list[int], chance: object) -> None:
    answers = reference.answers()
    parts = [moments.moments(reference.instrument(), part) for part in np.split(answers, sorted(cuts))]
    chance.shuffle(parts)  # type: ignore[attr-defined]
    assert same(moments.total(parts), moments.moments(reference.instrument(), answers))


def test_nobody_added_changes_nothing() -> None:
    whole = moments.moments(reference.instrument(), reference.answers())
    nobody = moments.moments(reference.instrument(), reference.answers()[:0])
    assert same(moments.add(whole, nobody), whole)
    assert moments.add(whole, whole).respondents == 2 * whole.respondents


def test_a_million_times_the_same_people_lose_no_digit() -> None:
    whole = moments.moments(reference.instrument(), reference.answers())
    many = whole
    for _ in range(12):
        many = moments.add(many, many)
    once, often = (moments.pairwise_covariance(part.pairs[0]) for part in (whole, many))
    n = whole.pairs[0].counts
    assert often * (4096 * n - 1) / 4096 == pytest.approx(once * (n - 1), rel=1e-12)


def test_only_those_count_who_were_asked_the_whole_scale() -> None:
    instrument = reference.instrument()
    asked = np.ones(reference.answers().shape, bool)
    asked[100:, instrument.items_of("a")[1:]] = False
    found = moments.moments(instrument, reference.answers(), asked=asked)
    alone = moments.moments(instrument, reference.answers()[:100])
    assert quality.scales(found)[0] == quality.scales(alone)[0]
    assert quality.scales(found)[1] == quality.scales(moments.moments(instrument, reference.answers()))[1]
    assert quality.items(found)[0].missing == quality.items(alone)[0].missing


def test_scores_may_be_told_as_means_of_keyed_items() -> None:
    percent, means = (
        quality.scales(moments.moments(reference.instrument(), reference.answers(), metric=metric))[0]
        for metric in ("percent", "mean")
    )  # fmt: skip
    assert means.mean == pytest.approx(1 + percent.mean / 25)
    assert means.sem == pytest.approx(percent.sem / 25)
    assert (means.alpha, means.omega_one_factor, means.floor, means.ceiling) == (
        percent.alpha, percent.omega_one_factor, percent.floor, percent.ceiling,
    )  # fmt: skip


def test_floor_and_ceiling_are_where_every_answer_speaks_least_or_most() -> None:
    rows = tuple(likert.ItemRow(id=i, scale="s", reverse=i == "q2", low=1, high=h) for i, h in (("q1", 5), ("q2", 7)))
    answers = np.array([[1, 7], [5, 1], [5, 2], [3, 3], [nan, 1]], float)
    (found,) = quality.scales(moments.moments(likert.instrument(rows), answers, min_answered=0.5, metric="mean"))
    assert (found.n, found.floor, found.ceiling) == (5, 1 / 5, 2 / 5)


@given(st.lists(st.one_of(st.integers(1, 7).map(float), st.just(nan)), max_size=30))
def test_a_tally_has_the_mean_and_standard_deviation_of_its_values(values: list[float]) -> None:
    counted = moments.tally(np.array(values, float))
    told = [value for value in values if not isnan(value)]
    assert counted.n == len(told)
    assert (isnan(moments.mean(counted)), isnan(moments.sd(counted))) == (not told, len(told) < 2)
    if len(told) > 1:
        assert moments.mean(counted) == pytest.approx(np.mean(told))
        assert moments.sd(counted) == pytest.approx(np.std(told, ddof=1))


def mixed(answers: list[list[float]]) -> tuple[likert.Instrument, np.ndarray]:
    """Return one scale of three items, two of them from 1 to 5 and one from 0 to 100."""
    ranges = (("q1", 1, 5), ("q2", 1, 5), ("q3", 0, 100))
    rows = tuple(likert.ItemRow(id=i, scale="s", reverse=i == "q2", low=low, high=high) for i, low, high in ranges)
    return likert.instrument(rows), np.array(answers, float)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 100)), min_size=3, max_size=20))
@settings(deadline=None)
def test_alpha_is_about_the_score_that_is_given(rows: list[tuple[int, int, int]]) -> None:
    """A score in percent gives every item the same share; a mean adds the answers as they are."""
    instrument, answers = mixed([list(row) for row in rows])
    keyed = likert.keyed(instrument, answers)
    in_metric: dict[likert.Metric, np.ndarray] = {
        "percent": (keyed - instrument.low) / (instrument.high - instrument.low),
        "mean": keyed,
    }
    for metric, parts in in_metric.items():
        found = moments.moments(instrument, answers, metric=metric)
        (scale,), items = quality.scales(found), quality.items(found)
        score = likert.score(instrument, answers, metric=metric)[:, 0]
        if isnan(scale.alpha):
            continue
        expected = 1.5 * (1 - parts.var(axis=0, ddof=1).sum() / parts.sum(axis=1).var(ddof=1))
        assert scale.alpha == pytest.approx(expected, abs=1e-8)
        if scale.alpha >= 0:
            assert scale.sem == pytest.approx(score.std(ddof=1) * np.sqrt(max(0, 1 - expected)), abs=1e-6)
        assert [item.sd for item in items] == pytest.approx(answers.std(axis=0, ddof=1).tolist())
        others = parts[:, 1] + parts[:, 2]
        if parts[:, 0].std() > 1e-9 and others.std() > 1e-9:
            assert items[0].item_rest == pytest.approx(np.corrcoef(parts[:, 0], others)[0, 1], abs=1e-6)


def test_an_item_that_all_answered_alike_is_empty_with_its_reason_however_many_they_are() -> None:
    instrument, answers = mixed([[5, 1, 70], [5, 2, 30], [5, 4, 90]])
    for doubled in (0, 1, 24, 27):  # 3 to 400 million people
        found = moments.moments(instrument, answers)
        for _ in range(doubled):
            found = moments.add(found, found)
        constant, *others = quality.items(found)
        assert (constant.sd, constant.reasons) == (0, (("item_rest", "no_variance"),))
        assert isnan(constant.item_rest)
        assert not any(item.reasons for item in others)
        (scale,) = quality.scales(found)
        assert dict(scale.reasons)["alpha_std"] == "no_variance"
