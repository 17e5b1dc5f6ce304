"""The Reliable Change Index: whether a change between two occasions is more than measurement error."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RELIABLE = 1.96  # from this |RCI| on, a change is reliable: error alone reaches it in 5 % of cases (both directions)
Difference = TypeVar("Difference", float, "Floats")


def rci(difference: Difference, sd: float, r: float) -> Difference:
    """Return the Reliable Change Index: the difference in units of its standard error.

    ``RCI = (after - before) / (SD · √2 · √(1 - r))``, from Jacobson, N. S. & Truax, P. (1991). Clinical significance: A
    statistical approach to defining meaningful change in psychotherapy research. Journal of Consulting and Clinical
    Psychology, 59(1), 12-19. ``SD · √(1 - r)`` is the standard error of one measurement; the factor √2 is needed
    because a difference has the error of two measurements.
    """
    return difference / (sd * sqrt(2) * sqrt(1 - r))
