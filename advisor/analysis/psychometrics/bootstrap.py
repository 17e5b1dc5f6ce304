"""A bootstrap interval for alpha, which assumes no distribution of the answers."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

import numpy as np

from advisor.analysis.psychometrics.moments import Pairs, pairwise_covariance
from advisor.analysis.psychometrics.reliability import LEVEL, alpha

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRAWS = 2000
AT_ONCE = 100  # draws computed together; each takes memory for one weight a respondent


def bootstrap_interval(keyed: Floats, *, seed: int, draws: int = DRAWS, level: float = LEVEL) -> tuple[float, float]:
    """Return the lower and the upper bound of a scale's alpha by the percentile method; NaN where there is no alpha.

    Efron, B. & Tibshirani, R. J. (1993). An introduction to the bootstrap, Chapman & Hall, chapter 13. ``keyed``:
    respondents x the scale's items, NaN unanswered. The same seed gives the same bounds. Draws without an alpha (all
    drawn people gave the same answers) are left out.
    """
    people, items = keyed.shape
    if people == 0:
        return nan, nan
    given = ~np.isnan(keyed)
    values, mask = np.where(given, keyed, 0.0), given.astype(float)
    counted = np.concatenate([_products(mask, mask), _products(values, mask), _products(values, values)], axis=1)
    chance = np.random.default_rng(seed)
    none, nothing = np.zeros(items), np.zeros((items, items))
    found: list[float] = []
    for start in range(0, draws, AT_ONCE):
        weights = chance.multinomial(people, np.full(people, 1 / people), size=min(AT_ONCE, draws - start))
        sums = (weights @ counted).reshape(-1, 3, items, items)
        drawn = (Pairs(counts, added, products, 0, none, nothing) for counts, added, products in sums)
        found += [alpha(pairwise_covariance(pairs)).value for pairs in drawn]
    told = [value for value in found if not np.isnan(value)]
    if not told:
        return nan, nan
    low, high = np.quantile(told, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _products(one: Floats, other: Floats) -> Floats:
    """Return respondents x (items x items): each respondent's products."""
    return np.asarray((one[:, :, None] * other[:, None, :]).reshape(len(one), -1))
