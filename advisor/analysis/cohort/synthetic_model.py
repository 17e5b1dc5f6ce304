"""The model behind synthetic respondents: every number of the generator, and the seeded chance that it draws from.

None of these numbers was measured on anybody. They were chosen so that reliabilities, spreads and advice come out like
those of a plausible questionnaire, and so that an analysis finds something: groups that differ, careless respondents.

The same seed gives the same numbers on every machine and with every version of numpy: all of them are uniform numbers
of PCG64, whose stream does not change between versions, turned by the quantile function. Each name in :data:`STREAMS`
has a stream of its own, so that a change in one leaves the others as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from scipy.special import ndtri

from advisor.content.model import Kind
from advisor.scoring.likert import SLACK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

FACTORS: tuple[Kind, ...] = ("fit", "misfit", "frustration", "consequence")
Four = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class SegmentGroup:
    """A group of a segment: its share of all respondents, and the shift of its factors, in standard deviations."""

    name: str
    share: float
    shift: Four = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Segment:
    """A column that says to which group a respondent belongs."""

    name: str
    groups: tuple[SegmentGroup, ...]


SEGMENTS = (
    Segment(
        "department",
        (
            SegmentGroup("administration", 0.40, (0.20, -0.15, 0.0, 0.0)),
            SegmentGroup("sales", 0.20, (-0.15, 0.30, 0.0, 0.0)),
            SegmentGroup("production", 0.20, (0.0, -0.10, 0.10, 0.0)),
            SegmentGroup("service", 0.20, (0.0, 0.0, 0.20, 0.15)),
        ),
    ),
    Segment(
        "age_band",
        (
            SegmentGroup("20s", 0.25, (-0.15, 0.15, 0.0, 0.10)),
            SegmentGroup("30s", 0.30, (0.0, 0.0, 0.15, 0.10)),
            SegmentGroup("40s", 0.25),
            SegmentGroup("50s", 0.15, (0.15, -0.10, -0.10, -0.10)),
            SegmentGroup("60s", 0.05, (0.20, -0.15, -0.20, -0.20)),
        ),
    ),
    Segment(
        "employment",
        (
            SegmentGroup("permanent", 0.65),
            SegmentGroup("fixed_term", 0.15, (0.0, 0.0, 0.10, 0.10)),
            SegmentGroup("part_time", 0.12, (0.05, -0.05, 0.0, 0.0)),
            SegmentGroup("agency", 0.08, (0.0, 0.0, 0.25, 0.20)),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Parameters:
    """Every number of the generator; shares and correlations are fractions of 1, traits have a standard deviation of 1.

    Tuples of four belong to :data:`FACTORS`, one of three to inside, wants_in, unsure.
    """

    # traits
    correlations: tuple[Four, Four, Four, Four] = (
        (1.0, -0.35, -0.10, -0.15),
        (-0.35, 1.0, 0.25, 0.15),
        (-0.10, 0.25, 1.0, 0.55),
        (-0.15, 0.15, 0.55, 1.0),
    )
    common: Four = (0.40, 0.35, 0.40, 0.45)  # share of a scale's variance that all scales of its kind have in common
    segments: tuple[Segment, ...] = SEGMENTS
    # items
    loading: float = 0.74  # three such items, cut into points, make a reliability of about 0.70 (reliability.csv)
    loading_spread: float = 0.06
    reverse_loss: float = 0.06  # a reverse-keyed item loads that much less
    ease: Four = (0.20, -0.10, 0.10, 0.0)  # how much more easily than average a kind's items are agreed to, in SDs
    ease_spread: float = 0.30
    step: float = 0.75  # between two thresholds, in SDs of the answer before it is cut into points
    # who answers how; the others are ordinary
    straight_lining: float = 0.02
    random: float = 0.02
    contradictory: float = 0.02  # answers reverse-keyed items as if they were not reversed
    unfinished: float = 0.03  # stops somewhere on the way
    missing: float = 0.02  # of the answers of everybody
    quick_only: float = 0.35
    all_widened: float = 0.40  # the rest widened a few scales
    # facts
    situations: tuple[float, float, float] = (0.60, 0.22, 0.15)  # the others do not tell their situation
    untold: float = 0.05  # of role and years, each
    other_role: float = 0.12
    pattern: float = 0.45  # how closely signs and what was tried follow from the frustration felt: a correlation
    sign_yes: float = 0.26
    sign_unknown: float = 0.30
    signs_untold: float = 0.12
    tried: float = 0.38  # of the steps that are told of
    tried_in_vain: float = 0.45  # of the steps that were tried
    tried_untold: float = 0.15
    priorities: tuple[float, ...] = (0.15, 0.15, 0.25, 0.45)  # none, one, two, three
    experience: tuple[float, float, float] = (0.06, 0.20, 0.12)  # each kind; the first where no situation is told
    fixed: tuple[float, float, float, float] = (0.06, 0.05, 0.07, 0.04)  # each of what cannot move: model.FIXED
    nothing_fixed: float = 0.30  # share who say so, of those for whom nothing is fixed


DEFAULT = Parameters()


# --- chance ---

STREAMS = (
    "segments", "factors", "scales", "items", "errors", "styles", "careless", "missing", "forms", "situations",
    "roles", "years", "priorities", "signs", "tried", "experience", "fixed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecipePart:
    """Respondents of a recipe that are made together: ``n`` of them, from number ``start`` (0 is the first) on."""

    seed: int
    start: int
    n: int
    parameters: Parameters


def _drawn(seeds: tuple[int, ...], shape: tuple[int, int]) -> Floats:
    """Return uniform numbers above 0 and below 1."""
    found = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seeds))).random(shape)
    return np.maximum(found, np.finfo(float).tiny)


def uniform(part: RecipePart, stream: str, width: int) -> Floats:
    """Return respondents x width uniform numbers above 0 and below 1."""
    return _drawn((part.seed, STREAMS.index(stream), part.start), (part.n, width))


def normal(part: RecipePart, stream: str, width: int) -> Floats:
    """Return respondents x width standard normal numbers."""
    return np.asarray(ndtri(uniform(part, stream, width)))


def normal_for_all(part: RecipePart, stream: str, shape: tuple[int, int]) -> Floats:
    """Return standard normal numbers that are the same for all parts of a recipe."""
    return np.asarray(ndtri(_drawn((part.seed, STREAMS.index(stream)), shape)))


def positions(drawn: Floats, shares: Sequence[float]) -> Ints:
    """Return a position in ``shares`` for each uniform number, as often as its share; -1 for what they leave over."""
    found = np.searchsorted(np.cumsum(shares) - SLACK, drawn, side="right")
    return np.where(found < len(shares), found, -1)


def names_of(positions: Ints, names: Sequence[str]) -> pa.Array:
    """Return the name at each position, null for -1."""
    return pa.array([names[place] if place >= 0 else None for place in positions.tolist()], pa.string())


def lists_of(chosen: Bools, names: Sequence[str]) -> pa.Array:
    """Return the chosen names of each row with spaces between, null where none is chosen."""
    listed = [
        " ".join(name for name, is_in in zip(names, row, strict=True) if is_in) or None for row in chosen.tolist()
    ]
    return pa.array(listed, pa.string())
