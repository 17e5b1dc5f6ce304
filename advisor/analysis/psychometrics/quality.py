"""The figures of quality for an instrument's scales and items, from the sums over any number of respondents."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING

import numpy as np

from advisor.analysis.psychometrics import fit, reliability
from advisor.analysis.psychometrics.moments import (
    Moments,
    Pairs,
    Tally,
    complete_covariance,
    count_of,
    mean,
    pairwise_covariance,
    sd,
)
from advisor.analysis.psychometrics.omega import omega_one_factor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


FEWEST = 2  # respondents that a variance needs


@dataclass(frozen=True, slots=True)
class ScaleQuality:
    """A scale's figures; NaN where one cannot be computed, and then ``reasons`` says why (figure, reason).

    Reasons beside those of :mod:`advisor.analysis.psychometrics.reliability` and ``omega``: ``nobody`` has a score;
    ``few_complete``, fewer than two respondents answered every item (then alpha has no interval either).

    ``n`` respondents have a score, ``missing`` were asked and have none; ``unanswered`` is the share of answers (0-1)
    that are empty. ``mean``, ``sd``, ``sem`` are in the units of the score. ``alpha_low`` and ``alpha_high`` are the
    bounds of Feldt (95 %) for ``n_complete`` respondents, who answered every item. How well the one factor of omega
    fits is from them, too: ``rmsea`` with its interval (90 %), and the number of ``factors`` that stand out. ``floor``
    and ``ceiling`` are the shares (0-1) of scores at the lowest and the highest there is.
    """

    scale: str
    n_items: int
    n: int
    missing: int
    unanswered: float
    mean: float
    sd: float
    alpha: float
    alpha_low: float
    alpha_high: float
    alpha_std: float
    alpha_complete: float
    n_complete: int
    omega_one_factor: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    factors: float
    sem: float
    floor: float
    ceiling: float
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ItemQuality:
    """An item's figures; NaN where one cannot be computed, and then ``reasons`` says why (figure, reason).

    ``mean`` and ``sd`` are of the answers as given; ``lowest`` and ``highest`` are the shares (0-1) of answers at the
    ends of the range. ``item_rest`` and ``alpha_if_dropped`` are of the item as the score of its scale counts it.
    """

    item: str
    scale: str
    reverse: bool
    n: int
    missing: int
    mean: float
    sd: float
    lowest: float
    highest: float
    item_rest: float
    alpha_if_dropped: float
    reasons: tuple[tuple[str, str], ...]


def scales(moments: Moments) -> tuple[ScaleQuality, ...]:
    """Return the figures of each scale, in the instrument's order."""
    return tuple(_scale(moments, number) for number in range(len(moments.instrument.scales)))


def _scale(moments: Moments, number: int) -> ScaleQuality:
    pairs, scores, asked = moments.pairs[number], moments.scores[number], int(moments.asked[number])
    covariance = pairwise_covariance(pairs)
    items = len(covariance)
    off, factors = _fit(pairs)
    spread = sd(scores)
    plain = reliability.alpha(covariance)
    figures = {
        "alpha": plain,
        "alpha_std": reliability.standardised_alpha(covariance),
        "alpha_complete": _of_complete(pairs),
        "omega_one_factor": omega_one_factor(covariance),
        "rmsea": reliability.Figure(off.value, off.why),
        "factors": factors,
        "sem": reliability.sem(spread, plain.value),
    }
    low, high = reliability.feldt_interval(plain.value, items, pairs.complete)
    return ScaleQuality(
        scale=moments.instrument.scales[number],
        n_items=items,
        n=scores.n,
        missing=asked - scores.n,
        unanswered=1 - float(np.diag(pairs.counts).sum()) / (asked * items) if asked else nan,
        mean=mean(scores),
        sd=spread,
        alpha_low=low,
        alpha_high=high,
        n_complete=pairs.complete,
        rmsea_low=off.low,
        rmsea_high=off.high,
        floor=int(moments.floor[number]) / scores.n if scores.n else nan,
        ceiling=int(moments.ceiling[number]) / scores.n if scores.n else nan,
        reasons=_reasons(figures, scores),
        **{name: figure.value for name, figure in figures.items()},
    )


def _fit(pairs: Pairs) -> tuple[fit.Rmsea, reliability.Figure]:
    """Return how well one factor fits those who answered every item, and how many factors there are."""
    if pairs.complete < FEWEST:
        return fit.Rmsea(nan, nan, nan, "few_complete"), reliability.Figure(nan, "few_complete")
    correlations = reliability.correlation(complete_covariance(pairs))
    return fit.rmsea(correlations, pairs.complete), fit.factors(correlations, pairs.complete)


def _reasons(figures: Mapping[str, reliability.Figure], told: Tally) -> tuple[tuple[str, str], ...]:
    reasons = [(name, figure.why) for name, figure in figures.items() if figure.why]
    return (*reasons, *([] if told.n else [("mean", "nobody")]))


def _of_complete(pairs: Pairs) -> reliability.Figure:
    """Return the alpha of those who answered every item; the interval of alpha is computed from them, too."""
    if pairs.complete < FEWEST:
        return reliability.Figure(nan, "few_complete")
    return reliability.alpha(complete_covariance(pairs))


def items(moments: Moments) -> tuple[ItemQuality, ...]:
    """Return the figures of each item, scale by scale."""
    return tuple(found for number in range(len(moments.instrument.scales)) for found in _items(moments, number))


def _items(moments: Moments, number: int) -> Iterator[ItemQuality]:
    instrument = moments.instrument
    covariance = pairwise_covariance(moments.pairs[number])
    for place, column in enumerate(instrument.items_of(instrument.scales[number])):
        answers = moments.answers[column]
        figures = {
            "item_rest": reliability.item_rest(covariance, place),
            "alpha_if_dropped": reliability.alpha_if_dropped(covariance, place),
        }
        yield ItemQuality(
            item=instrument.items[column],
            scale=instrument.scales[number],
            reverse=bool(instrument.reverse[column]),
            n=answers.n,
            missing=int(moments.asked[number]) - answers.n,
            mean=mean(answers),
            sd=sd(answers),
            lowest=_share(answers, instrument.low[column]),
            highest=_share(answers, instrument.high[column]),
            reasons=_reasons(figures, answers),
            **{name: figure.value for name, figure in figures.items()},
        )


def _share(answers: Tally, value: float) -> float:
    return count_of(answers, value) / answers.n if answers.n else nan
