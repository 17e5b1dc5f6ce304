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
    assert (means.alpha, means.omega_total, means.floor, means.ceiling) == (
        percent.alpha, percent.omega_total, percent.floor, percent.ceiling,
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
