"""Mahalanobis distances: how unusual each respondent's answers are, also where some are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import chdtrc

from advisor.analysis.psychometrics.moments import Pairs, pairs_of, pairwise_covariance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SMALLEST = 1e-9  # eigenvalue, as a share of the largest; below it, the inverse of the matrix cannot be trusted
AT_ONCE = 2000


class Distances(NamedTuple):
    """One distance for each respondent, NaN where nothing was answered.

    ``why``: ``too_few`` or ``no_inverse`` where all are NaN, else empty.
    """

    squared: Floats
    p: Floats
    why: str = ""


def distances(answers: Floats) -> Distances:
    """Return each respondent's squared Mahalanobis distance and its chi-square p.

    Mahalanobis, P. C. (1936). On the generalised distance in statistics. Proceedings of the National Institute of
    Sciences of India, 2(1), 49-55; for careless answers: Meade, A. W. & Craig, S. B. (2012). Identifying careless
    responses in survey data. Psychological Methods, 17(3), 437-455. ``answers``: respondents x items, NaN unanswered.
    Means and covariances are pairwise, from all respondents. A respondent's distance is computed within the items they
    answered, with as many degrees of freedom (the d² of Little, R. J. A. (1988). A test of missing completely at random
    for multivariate data with missing values. Journal of the American Statistical Association, 83(404), 1198-1202).
    Nothing is filled in. Items that all answered alike are left out.

    All is NaN where two items were answered together by fewer than two people (``too_few``), or where the inverse of
    the covariances cannot be trusted (``no_inverse``: fewer people than items, or an item that follows from others).
    For Likert answers, which are not normal, p is only rough.
    """
    empty = np.full(len(answers), np.nan)
    pairs = pairs_of(answers)
    covariance = pairwise_covariance(pairs)
    varied = np.diag(covariance) > 0
    covariance, values = covariance[np.ix_(varied, varied)], answers[:, varied]
    if not varied.any() or np.isnan(covariance).any():
        return Distances(empty, empty, "too_few")
    spread, vectors = np.linalg.eigh(covariance)
    if spread[0] < SMALLEST * spread[-1]:
        return Distances(empty, empty, "no_inverse")
    given = ~np.isnan(values)
    centred = np.where(given, values - _means(pairs)[varied], 0.0)
    found = _within(centred, given, (vectors / spread) @ vectors.T)
    n = given.sum(axis=1)
    p = chdtrc(np.maximum(n, 1), found)
    return Distances(np.where(n > 0, found, np.nan), np.where(n > 0, p, np.nan))


def _means(pairs: Pairs) -> Floats:
    return np.asarray(np.diag(pairs.sums) / np.maximum(np.diag(pairs.counts), 1))


def _within(centred: Floats, given: NDArray[np.bool_], inverse: Floats) -> Floats:
    """Return the squared distances within what was given, from the one inverse of the whole matrix.

    The inverse of a part of a matrix is the part of its inverse, less what the missing items explain of it:
    ``P_oo - P_om P_mm⁻¹ P_mo``. So people with as many gaps as each other are solved together.
    """
    pulled = centred @ inverse
    found = np.einsum("ij,ij->i", centred, pulled)
    gaps = (~given).sum(axis=1)
    for number in np.unique(gaps[gaps > 0]):
        people = np.flatnonzero(gaps == number)
        for start in range(0, len(people), AT_ONCE):
            rows = people[start : start + AT_ONCE]
            where = np.nonzero(~given[rows])[1].reshape(len(rows), number)
            missing = np.take_along_axis(pulled[rows], where, axis=1)
            solved = np.linalg.solve(inverse[where[:, :, None], where[:, None, :]], missing[:, :, None])[:, :, 0]
            found[rows] -= np.einsum("ij,ij->i", missing, solved)
    return np.asarray(np.maximum(found, 0.0))
