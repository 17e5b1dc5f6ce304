"""Compares two occasions: how stable scores are, and whose change is more than measurement error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from advisor.analysis.psychometrics.correlations import correlation
from advisor.scoring.reliable_change import RELIABLE, rci

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]


def icc(before: Floats, after: Floats) -> float:
    """Return ICC(A,1), the agreement of two scores of the same people; a shift of everybody lowers it.

    McGraw, K. O. & Wong, S. P. (1996). Forming inferences about some intraclass correlation coefficients. Psychological
    Methods, 1(1), 30-46; with two occasions as raters it is the ICC(2,1) of Shrout & Fleiss (1979). NaN where nothing
    varies.
    """
    return agreement(np.stack([before, after], axis=1))


def agreement(scores: Floats) -> float:
    """Return ICC(A,1) of people x occasions, nothing missing."""
    n, k = scores.shape
    mean, people, occasions = scores.mean(), scores.mean(axis=1), scores.mean(axis=0)
    of_people = k * float(((people - mean) ** 2).sum()) / (n - 1)
    of_occasions = n * float(((occasions - mean) ** 2).sum()) / (k - 1)
    rest = float(((scores - people[:, None] - occasions + mean) ** 2).sum()) / ((n - 1) * (k - 1))
    whole = of_people + (k - 1) * rest + k / n * (of_occasions - rest)
    return (of_people - rest) / whole if whole > 0 else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Retest:
    """A scale on two occasions.

    ``r``: test-retest correlation of the ``n`` people who have both scores; ``sd``: of their first scores; ``rci``: one
    a person (NaN where one of the two is missing); ``risen`` and ``fallen``: people with |RCI| ≥ 1.96. Where ``r`` is
    NaN, not above 0, or 1, the RCI cannot be computed, and ``rci`` is NaN.
    """

    scale: str
    n: int
    r: float
    sd: float
    rci: Floats
    risen: int
    fallen: int


def matched(first: Sequence[str], second: Sequence[str]) -> tuple[Ints, Ints]:
    """Return the rows of those who were there on both occasions, in the order of the first.

    Raises:
        ValueError: an id is empty, or occurs twice on one occasion; ids are not named, because they may be personal.
    """
    for name, ids in (("first", first), ("second", second)):
        repeated = len(ids) - len(set(ids))
        if repeated or "" in ids:
            raise ValueError(f"the {name} occasion: {repeated} ids stand twice, {list(ids).count('')} are empty")
    later = {name: row for row, name in enumerate(second)}
    rows = [(row, later[name]) for row, name in enumerate(first) if name in later]
    return np.array([row for row, _ in rows], np.intp), np.array([row for _, row in rows], np.intp)


def retest(scales: Sequence[str], before: Floats, after: Floats) -> tuple[Retest, ...]:
    """Return how each scale did on two occasions; ``before`` and ``after``: the same people x scales, NaN missing."""
    return tuple(_retest(*columns) for columns in zip(scales, before.T, after.T, strict=True))


def _retest(scale: str, before: Floats, after: Floats) -> Retest:
    both = ~np.isnan(before) & ~np.isnan(after)
    r, n = correlation(before, after)
    sd = float(before[both].std(ddof=1)) if n > 1 else float("nan")
    index = rci(after - before, sd, r) if 0 < r < 1 else np.full(len(before), np.nan)
    return Retest(scale, n, r, sd, index, int((index >= RELIABLE).sum()), int((index <= -RELIABLE).sum()))
