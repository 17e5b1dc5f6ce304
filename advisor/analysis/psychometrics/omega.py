"""Omega of one common factor, fitted by maximum likelihood. How well it fits: advisor.analysis.psychometrics.fit.

Reasons for an empty figure, beside those of :mod:`advisor.analysis.psychometrics.reliability`: ``few_items`` (two items
do not determine their loadings), ``not_positive`` (pairwise correlations that no complete answers could have, or an
item that follows exactly from the others), ``heywood`` (an item without variance of its own: the solution lies at the
edge of what is possible), ``not_converged``.
"""

from __future__ import annotations

import warnings
from math import nan
from typing import TYPE_CHECKING

import numpy as np

from advisor.analysis.psychometrics.reliability import TINY, Figure, correlation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEWEST = 3  # items needed to determine the loadings of one factor
SMALLEST_EIGENVALUE = 1e-6
HEYWOOD = 0.005  # least unique share of an item's variance; the lower bound of R's factanal
FLAT = 1e-5  # the steepest slope of the likelihood that counts as its maximum


def one_factor(correlations: Floats) -> tuple[Floats, str]:
    """Return the loadings of standardised items on one factor, by maximum likelihood, and "" or the reason for none.

    Lawley, D. N. & Maxwell, A. E. (1971). Factor analysis as a statistical method (2nd ed.), Butterworths. The sign is
    such that the loadings' sum is positive. The fit starts at the first principal component, so it involves no chance.
    """
    nothing = np.full(len(correlations), nan)
    if len(correlations) < FEWEST:
        return nothing, "few_items" if len(correlations) > 1 else "one_item"
    if np.isnan(correlations).any():
        return nothing, "no_variance" if np.isnan(np.diag(correlations)).any() else "too_few"
    values, vectors = np.linalg.eigh(correlations)
    if values[0] < SMALLEST_EIGENVALUE:
        return nothing, "not_positive"

    from statsmodels.multivariate.factor import Factor  # noqa: PLC0415  (takes seconds; only omega needs it)

    start = np.sqrt(values[-1]) * vectors[:, -1:] * 0.9
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what statsmodels warns of is looked at below
        model = Factor(n_factor=1, corr=correlations, method="ml")
        fitted = model.fit(start=(start, np.maximum(1 - start[:, 0] ** 2, 0.1)), opt={"gtol": 1e-8, "maxiter": 1000})
    loadings = np.asarray(fitted.loadings)[:, 0]
    if np.minimum(fitted.uniqueness, 1 - loadings**2).min() < HEYWOOD:
        return nothing, "heywood"
    if np.abs(model.mle_retvals.jac).max() > FLAT:
        return nothing, "not_converged"
    return loadings if loadings.sum() > 0 else -loadings, ""


def omega_one_factor(covariance: Floats) -> Figure:
    """Return McDonald's omega total of one factor, ``(Σλ)² / ((Σλ)² + Σψ)``, from 0 to 1.

    McDonald, R. P. (1999). Test theory: A unified treatment, Lawrence Erlbaum, chapter 6. λ and ψ are in the units of
    the answers: loadings of the standardised items (:func:`one_factor`; maximum likelihood does not depend on units)
    times the items' standard deviations, so that omega is about the plain sum of the items, as alpha is. Of a
    correlation matrix it is the omega of standardised items. R's ``psych::omega`` takes standardised items, and divides
    by the observed variance of their sum, ``1 - Σψ / ΣR``; ``factanal`` gives the same loadings as here.
    """
    correlations = correlation(covariance)
    if np.isnan(covariance).any() and len(covariance) > 1:
        return Figure(nan, "too_few")
    loadings, why = one_factor(correlations)
    if why:
        return Figure(nan, why)
    deviations = np.sqrt(np.diag(covariance))
    common = float(loadings @ deviations) ** 2
    unique = float((1 - loadings**2) @ deviations**2)
    return Figure(common / max(common + unique, TINY))
