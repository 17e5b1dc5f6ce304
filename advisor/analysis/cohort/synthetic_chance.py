"""Chance with a seed: the same numbers on every machine, and for as long as anybody asks.

All of it is drawn as uniform numbers of PCG64, whose stream does not change between versions of numpy, and turned by
the quantile function. Everything that is drawn has a stream of its own, so that a change of one leaves the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from scipy.special import ndtri

from advisor.analysis.cohort.synthetic_model import Parameters
from advisor.scoring.likert import SLACK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

STREAMS = (
    "segments", "factors", "scales", "items", "errors", "styles", "careless", "missing", "forms", "situations",
    "roles", "years", "priorities", "signs", "tried", "experience", "fixed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """So many respondents of a recipe, from ``start`` on, that are made together."""

    seed: int
    start: int
    n: int
    parameters: Parameters


def _drawn(seeds: tuple[int, ...], shape: tuple[int, int]) -> Floats:
    """Return uniform numbers above 0 and below 1."""
    found = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seeds))).random(shape)
    return np.maximum(found, np.finfo(float).tiny)


def uniform(part: Part, stream: str, width: int) -> Floats:
    """Return respondents x width uniform numbers above 0 and below 1."""
    return _drawn((part.seed, STREAMS.index(stream), part.start), (part.n, width))


def normal(part: Part, stream: str, width: int) -> Floats:
    """Return respondents x width standard normal numbers."""
    return np.asarray(ndtri(uniform(part, stream, width)))


def for_all(part: Part, stream: str, shape: tuple[int, int]) -> Floats:
    """Return standard normal numbers that are the same for all parts of a recipe."""
    return np.asarray(ndtri(_drawn((part.seed, STREAMS.index(stream)), shape)))


def choice(drawn: Floats, shares: Sequence[float]) -> Ints:
    """Return a position for each number, each as often as its share; -1 for what the shares leave over."""
    found = np.searchsorted(np.cumsum(shares) - SLACK, drawn, side="right")
    return np.where(found < len(shares), found, -1)


def names_of(positions: Ints, names: Sequence[str]) -> pa.Array:
    """Return names by their positions, nothing for -1."""
    return pa.array([names[place] if place >= 0 else None for place in positions.tolist()], pa.string())


def lists(chosen: Bools, names: Sequence[str]) -> pa.Array:
    """Return the chosen names of each row with spaces between, nothing where none is."""
    listed = [
        " ".join(name for name, is_in in zip(names, row, strict=True) if is_in) or None for row in chosen.tolist()
    ]
    return pa.array(listed, pa.string())
