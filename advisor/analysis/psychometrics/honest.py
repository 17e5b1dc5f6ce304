"""Makes people who answer honestly to the instrument at hand, to see which patterns are nothing unusual there.

They answer each item as often with each number as the real people did, and their answers go together as those of the
real people: a short form, a test of right and wrong, or scales of low reliability bring patterns that would be unusual
elsewhere. They involve chance, but the same answers always make the same people. They have no habits of answering:
whoever honestly keeps to the middle of every scale is flagged more often than they are.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from advisor.analysis.psychometrics.moments import pairs_of, pairwise_covariance
from advisor.analysis.psychometrics.reliability import correlation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SEED = 20
ROUNDS, TRIED = 6, 3000  # after so many rounds with so many people, correlations are off by no more than chance
MOST = 20_000  # respondents that are looked at; more would only be slower
CLOSEST = 0.99
SMALLEST = 1e-6  # eigenvalue: correlations of pairs from different people need not be possible together


def people(answers: Floats, count: int) -> Floats:
    """Return ``count`` people x items, all answered, like those of ``answers`` (respondents x items, NaN unanswered).

    Normal traits are cut into answers where the real people's shares lie; their correlations are corrected until the
    answers have those of the real people: Ferrari, P. A. & Barbiero, A. (2012). Simulating ordinal data. Multivariate
    Behavioral Research, 47(4), 566-589. An item that nobody answered is NaN.
    """
    some = answers[np.linspace(0, len(answers) - 1, min(MOST, len(answers))).astype(np.intp)]
    return _people(some.tobytes(), some.shape, count)


@lru_cache(maxsize=4)
def _people(data: bytes, shape: tuple[int, int], count: int) -> Floats:
    """Return the people of :func:`people`; the last ones are kept, because they take a second."""
    answers = np.frombuffer(data).reshape(shape)
    wanted = np.nan_to_num(correlation(pairwise_covariance(pairs_of(answers))))
    np.fill_diagonal(wanted, 1.0)
    drawn = np.random.default_rng(SEED).normal(size=(count, len(wanted)))
    ordered = [np.sort(column[~np.isnan(column)]) for column in answers.T]
    latent = wanted
    for _ in range(ROUNDS):
        made = _cut(drawn[:TRIED] @ _root(latent).T, ordered)
        reached = np.nan_to_num(correlation(pairwise_covariance(pairs_of(made))))
        latent = np.clip(latent + wanted - reached, -CLOSEST, CLOSEST)
        np.fill_diagonal(latent, 1.0)
    return _cut(drawn @ _root(latent).T, ordered)


def _cut(traits: Floats, ordered: list[Floats]) -> Floats:
    """Return the answers of people with these traits: as many of each kind as among the ``ordered`` real ones."""
    ranks = ndtr(traits)
    columns = [
        real[np.minimum((rank * len(real)).astype(np.intp), len(real) - 1)] if len(real) else np.full(len(rank), np.nan)
        for rank, real in zip(ranks.T, ordered, strict=True)
    ]
    return np.stack(columns, axis=1)


def _root(correlations: Floats) -> Floats:
    """Return the factor that gives independent normal traits these correlations, or the nearest that are possible.

    It is the symmetric one: there is only one, so every processor makes the same people. Eigenvectors differ between
    processors, in their signs and where eigenvalues repeat.
    """
    values, vectors = np.linalg.eigh(correlations)
    root = vectors * np.sqrt(np.maximum(values, SMALLEST)) @ vectors.T
    return np.asarray(root / np.sqrt((root**2).sum(axis=1, keepdims=True)))
