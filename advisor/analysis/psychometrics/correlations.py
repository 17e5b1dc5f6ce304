"""How scales go together, and how far their measurement error hides it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FEWEST = 3  # two points always lie on a line


def pairwise(scores: Floats) -> tuple[Floats, Ints]:
    """Return Pearson's correlations (scales x scales) and from how many respondents each is.

    Pearson, K. (1896). Mathematical contributions to the theory of evolution. III. Philosophical Transactions of the
    Royal Society A, 187, 253-318. ``scores``: respondents x scales, NaN missing; each pair from those who have both.
    NaN where these are fewer than three, or where one of the two does not vary among them.
    """
    scales = scores.shape[1]
    found, counts = np.full((scales, scales), np.nan), np.zeros((scales, scales), np.int64)
    for one in range(scales):
        for other in range(one, scales):
            r, n = correlation(scores[:, one], scores[:, other])
            found[one, other] = found[other, one] = r
            counts[one, other] = counts[other, one] = n
    return found, counts


def correlation(one: Floats, other: Floats) -> tuple[float, int]:
    """Return Pearson's r of two columns (NaN missing) and from how many people it is; NaN as in :func:`pairwise`."""
    both = ~np.isnan(one) & ~np.isnan(other)
    x, y = one[both], other[both]
    n = int(both.sum())
    if n < FEWEST or np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan"), n
    x, y = x - x.mean(), y - y.mean()
    return float(np.clip(x @ y / np.sqrt((x @ x) * (y @ y)), -1, 1)), n


def disattenuated(correlations: Floats, reliabilities: Sequence[float]) -> Floats:
    """Return what the correlations would be without measurement error, ``r / √(α₁ · α₂)``; NaN on the diagonal.

    Spearman, C. (1904). The proof and measurement of association between two things. American Journal of Psychology,
    15(1), 72-101. NaN where a reliability is missing or not above 0. A figure beyond 1 is possible, and says that the
    two scales can hardly be told apart, or that a reliability is estimated too low.
    """
    known = np.array([value if value > 0 else np.nan for value in reliabilities])
    found = np.asarray(correlations / np.sqrt(np.outer(known, known)))
    np.fill_diagonal(found, np.nan)
    return found
