"""How well one factor describes the items of a scale: without it, an omega of one factor may mean little.

Reasons for an empty figure, beside those of :mod:`advisor.analysis.psychometrics.omega`: ``always_fits`` (three items
have as many correlations as loadings, so one factor fits whatever they are).
"""

from __future__ import annotations

from functools import lru_cache
from math import nan, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import chdtr, chndtrinc

from advisor.analysis.psychometrics.omega import one_factor
from advisor.analysis.psychometrics.reliability import Figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TAIL = 0.05  # of the interval of RMSEA at either end: 90 %, as is usual for it
DRAWS, SEED = 500, 19  # random tables of a parallel analysis
QUANTILE = 0.95


class Rmsea(NamedTuple):
    """The root mean square error of approximation with its interval (90 %); NaN with the reason."""

    value: float
    low: float
    high: float
    why: str = ""


def rmsea(correlations: Floats, people: int) -> Rmsea:
    """Return how far one factor is from the correlations of a scale's items, from 0 (not at all) up.

    Steiger, J. H. & Lind, J. C. (1980). Statistically based tests for the number of common factors (paper, Psychometric
    Society); interval: Browne, M. W. & Cudeck, R. (1992). Alternative ways of assessing model fit. Sociological Methods
    & Research, 21(2), 230-258, who call up to .05 close and above .10 poor. ``people``: all answered every item. Chi
    square is the number of people times the discrepancy of maximum likelihood, as R's lavaan has it; ``psych::fa``
    corrects it for small samples (Bartlett) and comes out a little lower. It assumes normal answers: with few
    categories, or skewed ones, it is rough.
    """
    loadings, why = one_factor(correlations)
    items = len(correlations)
    free = items * (items - 3) // 2
    if why or not free:
        return Rmsea(nan, nan, nan, why or "always_fits")
    fitted = np.outer(loadings, loadings)
    np.fill_diagonal(fitted, 1.0)
    distance = np.trace(np.linalg.solve(fitted, correlations)) - items
    chi2 = max(0.0, people * float(distance + np.linalg.slogdet(fitted)[1] - np.linalg.slogdet(correlations)[1]))
    low, high = (_noncentrality(chi2, free, share) for share in (1 - TAIL, TAIL))
    found, low, high = (sqrt(max(0.0, beyond) / (free * people)) for beyond in (chi2 - free, low, high))
    return Rmsea(found, low, high)


def _noncentrality(chi2: float, free: int, share: float) -> float:
    """Return the noncentrality under which ``share`` of all chi squares lie below this one, at least 0."""
    return float(chndtrinc(chi2, free, share)) if chdtr(free, chi2) > share else 0.0


def factors(correlations: Floats, people: int) -> Figure:
    """Return how many factors stand out from chance in a scale's items, by parallel analysis.

    Horn, J. L. (1965). A rationale and test for the number of factors in factor analysis. Psychometrika, 30(2),
    179-185: the eigenvalues, largest first, that exceed those of random answers; of these the 95th percentile, after
    Glorfeld, L. W. (1995). An improvement on Horn's parallel analysis methodology. Educational and Psychological
    Measurement, 55(3), 377-393. The same as the components of ``psych::fa.parallel``.
    """
    if len(correlations) == 1:
        return Figure(nan, "one_item")
    if np.isnan(correlations).any():
        return Figure(nan, "no_variance" if np.isnan(np.diag(correlations)).any() else "too_few")
    if people <= len(correlations):
        return Figure(nan, "few_people")
    values = np.linalg.eigvalsh(correlations)[::-1]
    beyond = values > by_chance(len(correlations), people)
    return Figure(float(np.argmin(beyond)))


@lru_cache(maxsize=256)
def by_chance(items: int, people: int) -> Floats:
    """Return the 95th percentile of each eigenvalue, largest first, of correlations of independent normal answers.

    The covariances of such answers are drawn at once, whatever the number of people: Bartlett, M. S. (1933). On the
    theory of statistical regression. Proceedings of the Royal Society of Edinburgh, 53, 260-283.
    """
    chance = np.random.default_rng(SEED)
    root = np.tril(chance.normal(size=(DRAWS, items, items)), -1)
    root[:, range(items), range(items)] = np.sqrt(chance.chisquare(people - 1 - np.arange(items), (DRAWS, items)))
    drawn = root @ root.transpose(0, 2, 1)
    deviations = np.sqrt(np.diagonal(drawn, axis1=1, axis2=2))
    values = np.linalg.eigvalsh(drawn / (deviations[:, :, None] * deviations[:, None, :]))
    return np.asarray(np.quantile(values, QUANTILE, axis=0)[::-1])
