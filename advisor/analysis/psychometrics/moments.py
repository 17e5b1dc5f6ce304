"""Sums over respondents from which reliability is computed: a file of any size is read in pieces whose sums add up.

Keyed answers are whole numbers, so all sums of them are exact, and the figures are the same to the last bit however the
respondents were cut into pieces. Scores are kept as a tally of distinct values, which is exact for the same reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from advisor.scoring import likert
from advisor.scoring.likert import MIN_ANSWERED, Instrument, Metric

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Distinct values, ascending, and how many respondents have each."""

    values: Floats
    counts: Ints

    @property
    def n(self) -> int:
        """Return how many there are in all."""
        return int(self.counts.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Sums over the keyed answers to one scale's items (k of them), in the units in which the score adds them.

    ``counts[i, j]`` respondents answered both i and j; ``sums[i, j]`` adds up their answers to i, ``products[i, j]``
    the products of both. ``complete`` respondents answered every item: ``complete_sums`` (k), ``complete_products``.
    """

    counts: Floats
    sums: Floats
    products: Floats
    complete: int
    complete_sums: Floats
    complete_products: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """The sums over some respondents; :func:`add` adds those over two groups.

    By scale: ``pairs``; ``scores`` of those who have one; ``asked``: respondents who were asked all items; ``floor``
    and ``ceiling``: respondents whose every answer speaks least, or most, for the scale. By item: ``answers`` as they
    were given, not keyed.
    """

    instrument: Instrument
    metric: Metric
    respondents: int
    pairs: tuple[Pairs, ...]
    scores: tuple[Tally, ...]
    asked: Ints
    floor: Ints
    ceiling: Ints
    answers: tuple[Tally, ...]


def moments(
    instrument: Instrument,
    answers: Floats,
    *,
    asked: Bools | None = None,
    min_answered: float = MIN_ANSWERED,
    metric: Metric = "percent",
) -> Moments:
    """Return the sums over ``answers`` (respondents x items, NaN unanswered; whole numbers from low to high).

    ``asked`` (respondents x items): a respondent counts for the scales of which all items were asked (default: all).
    ``min_answered`` and ``metric``: as for :func:`advisor.scoring.likert.score`.
    """
    whole = _asked_whole(instrument, asked, len(answers))
    if asked is not None:
        answers = np.where(whole @ instrument.member > 0, answers, np.nan)
    keyed = likert.keyed(instrument, answers)
    scored = likert.score(instrument, answers, min_answered=min_answered, metric=metric)
    has = ~np.isnan(scored)
    lowest, highest = (
        np.stack([((keyed == end) | np.isnan(keyed))[:, row > 0].all(axis=1) for row in instrument.member], axis=1)
        for end in (instrument.low, instrument.high)
    )
    return Moments(
        instrument=instrument,
        metric=metric,
        respondents=len(answers),
        pairs=tuple(pairs_of(added(instrument, answers, scale, metric)) for scale in instrument.scales),
        scores=tuple(tally(column) for column in scored.T),
        asked=whole.sum(axis=0),
        floor=(lowest & has).sum(axis=0),
        ceiling=(highest & has).sum(axis=0),
        answers=tuple(tally(column) for column in answers.T),
    )


def added(instrument: Instrument, answers: Floats, scale: str, metric: Metric = "percent") -> Floats:
    """Return what a score adds up: respondents x the scale's items, keyed, NaN unanswered; whole numbers.

    A score in percent gives every item the same share, whatever its range: answers are in the least common multiple of
    the ranges (:attr:`advisor.scoring.likert.Instrument.units`). A mean adds answers as they are. Where all items have
    one range, both are the keyed answers.
    """
    columns = instrument.items_of(scale)
    low, high, given = instrument.low[columns], instrument.high[columns], answers[:, columns]
    turned = np.where(instrument.reverse[columns], low + high - given, given)
    return turned if metric == "mean" else turned * (instrument.units[instrument.scales.index(scale)] / (high - low))


def _asked_whole(instrument: Instrument, asked: Bools | None, respondents: int) -> Bools:
    """Return respondents x scales: whether all items of a scale were asked."""
    if asked is None:
        return np.ones((respondents, len(instrument.scales)), bool)
    return np.asarray(asked @ instrument.member.T >= instrument.member.sum(axis=1))


def pairs_of(answers: Floats) -> Pairs:
    """Return the sums over ``answers`` to some items (respondents x items, NaN unanswered), which need not be keyed."""
    given = ~np.isnan(answers)
    values, mask = np.where(given, answers, 0.0), given.astype(float)
    complete = values[given.all(axis=1)]
    return Pairs(
        counts=mask.T @ mask,
        sums=values.T @ mask,
        products=values.T @ values,
        complete=len(complete),
        complete_sums=complete.sum(axis=0),
        complete_products=complete.T @ complete,
    )


def tally(values: Floats) -> Tally:
    """Return how often each value occurs in ``values``; NaN are left out."""
    distinct, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    return Tally(distinct, counts.astype(np.int64))


def add(one: Moments, other: Moments) -> Moments:
    """Return the sums over the respondents of both; the order does not matter."""
    return Moments(
        instrument=one.instrument,
        metric=one.metric,
        respondents=one.respondents + other.respondents,
        pairs=tuple(map(_add_pairs, one.pairs, other.pairs)),
        scores=tuple(map(_add_tallies, one.scores, other.scores)),
        asked=one.asked + other.asked,
        floor=one.floor + other.floor,
        ceiling=one.ceiling + other.ceiling,
        answers=tuple(map(_add_tallies, one.answers, other.answers)),
    )


def total(parts: Iterable[Moments]) -> Moments:
    """Return the sums over the respondents of all parts.

    Raises:
        TypeError: there is no part.
    """
    return reduce(add, parts)


def _add_pairs(one: Pairs, other: Pairs) -> Pairs:
    return Pairs(
        counts=one.counts + other.counts,
        sums=one.sums + other.sums,
        products=one.products + other.products,
        complete=one.complete + other.complete,
        complete_sums=one.complete_sums + other.complete_sums,
        complete_products=one.complete_products + other.complete_products,
    )


def _add_tallies(one: Tally, other: Tally) -> Tally:
    values, where = np.unique(np.concatenate([one.values, other.values]), return_inverse=True)
    counts = np.zeros(len(values), np.int64)
    np.add.at(counts, where, np.concatenate([one.counts, other.counts]))
    return Tally(values, counts)


def pairwise_covariance(pairs: Pairs) -> Floats:
    """Return items x items, each from all respondents who answered both; NaN where fewer than two did.

    The diagonal is each item's variance over all who answered it. Divided by n - 1. Both products below are of whole
    numbers and are rounded alike, so the row of an item that all answered alike is exactly 0, however many they are.
    """
    n = pairs.counts
    centred = n * pairs.products - pairs.sums * pairs.sums.T
    return np.where(n > 1, centred / np.maximum(n * (n - 1), 1), np.nan)


def complete_covariance(pairs: Pairs) -> Floats:
    """Return items x items over the respondents who answered every item; NaN where there are fewer than two."""
    if pairs.complete < 2:  # noqa: PLR2004  (a variance needs two)
        return np.full_like(pairs.complete_products, np.nan)
    centred = pairs.complete * pairs.complete_products - np.outer(pairs.complete_sums, pairs.complete_sums)
    return np.asarray(centred / (pairs.complete * (pairs.complete - 1)))


def count_of(counted: Tally, value: float) -> int:
    """Return how many have this value."""
    return int(counted.counts[counted.values == value].sum())


def mean(counted: Tally) -> float:
    """Return the mean; NaN where there are no values."""
    return float(counted.values @ counted.counts / counted.n) if counted.n else float("nan")


def sd(counted: Tally) -> float:
    """Return the standard deviation, divided by n - 1; NaN for fewer than two values."""
    if counted.n < 2:  # noqa: PLR2004  (as above)
        return float("nan")
    return float(np.sqrt((counted.values - mean(counted)) ** 2 @ counted.counts / (counted.n - 1)))
