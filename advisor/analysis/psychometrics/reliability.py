"""Internal consistency from a covariance matrix of keyed items; a figure that cannot be computed has a reason instead.

Reasons: ``one_item``; ``too_few`` (two items that fewer than two respondents answered both of); ``no_variance`` (all
gave the same answer); ``same_total`` (answers differ, but all add up to the same), ``same_rest`` (so do those to the
other items); ``impossible`` (a pairwise matrix that no complete answers could have, so that the figure left its range);
``below_zero`` and ``no_alpha`` (of the SEM).
For those of omega see :mod:`advisor.analysis.psychometrics.omega`.
"""

from __future__ import annotations

from math import nan, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import fdtri

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEVEL = 0.95  # of the intervals
TINY = 1e-12  # a variance below this is rounding
ROUNDING = 1e-9  # rounding error of the sum of a matrix, as a share of its diagonal


class Figure(NamedTuple):
    """A number, or NaN with the reason."""

    value: float
    why: str = ""


def alpha(covariance: Floats) -> Figure:
    """Return Cronbach's alpha, ``k / (k - 1) · (1 - Σ variances / variance of the sum)``, at most 1.

    Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika, 16(3), 297-334. With
    missing answers, variances and covariances are each taken from all who answered (pairwise).
    """
    items = len(covariance)
    if items < 2:  # noqa: PLR2004  (k - 1 divides)
        return Figure(nan, "one_item")
    whole = float(covariance.sum())
    if np.isnan(whole):
        return Figure(nan, "too_few")
    parts = float(np.trace(covariance))
    if parts < TINY:
        return Figure(nan, "no_variance")
    if whole < TINY * parts:
        return Figure(nan, "same_total" if whole > -ROUNDING * parts else "impossible")
    found = items / (items - 1) * (1 - parts / whole)
    return Figure(found) if found <= 1 + TINY else Figure(nan, "impossible")


def correlation(covariance: Floats) -> Floats:
    """Return the correlation matrix; NaN in the row and column of an item without variance."""
    variances = np.diag(covariance)
    deviations = np.sqrt(np.where(variances > TINY, variances, np.nan))
    found = np.asarray(covariance / np.outer(deviations, deviations))
    np.fill_diagonal(found, np.where(np.isnan(deviations), np.nan, 1.0))
    return found


def standardised_alpha(covariance: Floats) -> Figure:
    """Return the alpha of standardised items, ``k · r̄ / (1 + (k - 1) · r̄)`` with the mean inter-item correlation r̄.

    Cronbach (1951), as in :func:`alpha`; also called the Spearman-Brown stepped-up mean correlation. An item that all
    answered alike has no correlation, so there is no standardised alpha.
    """
    plain = alpha(covariance)
    if plain.why in ("one_item", "too_few"):
        return plain
    correlations = correlation(covariance)
    return Figure(nan, "no_variance") if np.isnan(correlations).any() else alpha(correlations)


def feldt_interval(found: float, items: int, respondents: int, level: float = LEVEL) -> tuple[float, float]:
    """Return the lower and the upper bound of alpha; NaN where there is no alpha or there are fewer than two people.

    ``(1 - α) / (1 - α̂)`` is distributed as F with n - 1 and (n - 1)(k - 1) degrees of freedom: Feldt, L. S. (1965). The
    approximate sampling distribution of Kuder-Richardson reliability coefficient twenty. Psychometrika, 30(3), 357-370.
    Exact for complete normal answers to parallel items; with missing answers give the complete respondents as n, which
    makes the interval wider, never narrower, than the data allow.
    """
    if np.isnan(found) or respondents < 2 or items < 2:  # noqa: PLR2004  (degrees of freedom)
        return nan, nan
    between = respondents - 1
    within = between * (items - 1)
    tail = (1 - level) / 2
    low, high = (1 - (1 - found) * float(fdtri(between, within, share)) for share in (1 - tail, tail))
    return low, high


def item_rest(covariance: Floats, item: int) -> Figure:
    """Return an item's correlation with the sum of the other items of its scale (corrected item-total correlation).

    Nunnally, J. C. & Bernstein, I. H. (1994). Psychometric theory (3rd ed.), McGraw-Hill, chapter 8.
    """
    if len(covariance) == 1:
        return Figure(nan, "one_item")
    own = float(covariance[item, item])
    shared = float(covariance[item].sum()) - own
    others = float(covariance.sum()) - 2 * shared - own
    if np.isnan(others):
        return Figure(nan, "too_few")
    if own < TINY:
        return Figure(nan, "no_variance")
    return Figure(shared / sqrt(own * others)) if others > TINY else Figure(nan, "same_rest")


def alpha_if_dropped(covariance: Floats, item: int) -> Figure:
    """Return the alpha of the other items of a scale."""
    if len(covariance) == 1:
        return Figure(nan, "one_item")
    return alpha(np.delete(np.delete(covariance, item, 0), item, 1))


def sem(sd: float, reliability: float) -> Figure:
    """Return the standard error of measurement, ``SD · √(1 - α)``, in the units of the score.

    Lord, F. M. & Novick, M. R. (1968). Statistical theories of mental test scores, Addison-Wesley, chapter 3. An alpha
    below 0 is no reliability (most often a reversed item that was not keyed): then there is no SEM.
    """
    if np.isnan(reliability) or np.isnan(sd):
        return Figure(nan, "no_alpha" if np.isnan(reliability) else "too_few")
    if reliability < 0:
        return Figure(nan, "below_zero")
    return Figure(sd * sqrt(max(0.0, 1 - reliability)))
