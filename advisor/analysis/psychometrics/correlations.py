"""How scales go together: Pearson's correlations, each from the respondents who have both scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
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
