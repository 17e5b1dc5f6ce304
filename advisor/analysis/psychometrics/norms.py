"""Compares scores with norms, which come from data that somebody brings, never from us.

Every result carries the label of its norms (name, N and date): a T score without it means nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from advisor.analysis.psychometrics.moments import Tally, mean, sd, tally

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEWEST = 50  # scores; with fewer, one person would be over two points of a percentile rank: no norms (a judgement)
FEW = 100  # scores; with fewer, the norms are called rough (a judgement)


class NormsError(ValueError):
    """Norms without a name or from too few people; the message names the scale and the number needed."""


@dataclass(frozen=True, slots=True, eq=False)
class ScaleNorms:
    """The people behind one scale's norms: their scores, and mean and standard deviation (n - 1)."""

    scale: str
    scores: Tally
    mean: float
    sd: float


@dataclass(frozen=True, slots=True, eq=False)
class Norms:
    """Norms of a named group, collected by a date; ``n`` is that of the scale with the fewest people."""

    name: str
    collected: date
    scales: tuple[ScaleNorms, ...]

    @property
    def n(self) -> int:
        """Return the number of people behind the scale that has the fewest."""
        return min(scale.scores.n for scale in self.scales)

    @property
    def few(self) -> bool:
        """Return whether there are so few people that the norms are rough."""
        return self.n < FEW

    @property
    def label(self) -> str:
        """Return the label that must be shown with every figure from these norms: ``name (N = 480, 2026-11-21)``."""
        return f"{self.name} (N = {self.n}, {self.collected.isoformat()})"


@dataclass(frozen=True, slots=True, eq=False)
class NormStanding:
    """Scores as T scores and percentile ranks (respondents x scales), under the label of their norms."""

    label: str
    t: Floats
    percentile: Floats


def norms(name: str, collected: date, scales: Sequence[str], scores: Floats) -> Norms:
    """Return norms from ``scores`` (people x scales, NaN missing).

    Raises:
        NormsError: no name, or a scale with fewer than :data:`FEWEST` scores, or whose scores do not vary.
    """
    if not name.strip():
        raise NormsError("norms need a name: who the people are")
    found = []
    for scale, column in zip(scales, scores.T, strict=True):
        counted = tally(column)
        if counted.n < FEWEST:
            raise NormsError(f"{scale}: {counted.n} scores, norms need at least {FEWEST}")
        if len(counted.values) == 1:
            raise NormsError(f"{scale}: all {counted.n} scores are the same, so they order nobody")
        found.append(ScaleNorms(scale, counted, mean(counted), sd(counted)))
    return Norms(name.strip(), collected, tuple(found))


def standing(found: Norms, scales: Sequence[str], scores: Floats) -> NormStanding:
    """Return where ``scores`` (respondents x scales, NaN missing) stand among the people of the norms.

    Raises:
        NormsError: the norms do not have one of the scales.
    """
    by_scale = {scale.scale: scale for scale in found.scales}
    if missing := [scale for scale in scales if scale not in by_scale]:
        raise NormsError(f"{found.label} has no norms for {', '.join(missing)}")
    columns = [(by_scale[scale], column) for scale, column in zip(scales, scores.T, strict=True)]
    return NormStanding(
        found.label,
        np.stack([t_scores(column, norm.mean, norm.sd) for norm, column in columns], axis=1),
        np.stack([percentile_ranks(column, norm.scores) for norm, column in columns], axis=1),
    )


def t_scores(scores: Floats, reference_mean: float, reference_sd: float) -> Floats:
    """Return ``50 + 10 · (score - mean) / SD``: linear T scores, of which the norm group has mean 50 and SD 10.

    McCall, W. A. (1922). How to measure in education, Macmillan. Linear: the shape of the distribution is kept, not
    made normal as in McCall's own.
    """
    return 50 + 10 * (scores - reference_mean) / reference_sd


def percentile_ranks(scores: Floats, reference: Tally) -> Floats:
    """Return mid-rank percentiles: the percentage of the norm group below, plus half of those with the same score.

    Crawford, J. R., Garthwaite, P. H. & Slick, D. J. (2009). On percentile norms in neuropsychology: Proposed reporting
    standards and methods for quantifying the uncertainty over the percentile ranks of test scores. The Clinical
    Neuropsychologist, 23(7), 1173-1195. NaN stays NaN.
    """
    upto = np.concatenate([[0], np.cumsum(reference.counts)])
    below = upto[np.searchsorted(reference.values, scores, side="left")]
    level = upto[np.searchsorted(reference.values, scores, side="right")] - below
    return np.where(np.isnan(scores), np.nan, 100 * (below + level / 2) / reference.n)
