"""What synthetic respondents are like: every number of the generator, and how segments of them differ.

None of these numbers was measured on anybody. They were chosen so that reliabilities, spreads and advice come out like
those of a plausible questionnaire, and so that there is something to find: groups that differ, careless respondents.
"""

from __future__ import annotations

from dataclasses import dataclass

from advisor.content.model import Kind

FACTORS: tuple[Kind, ...] = ("fit", "misfit", "frustration", "consequence")
Four = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a segment: its share of all respondents, and how far its factors lie from the others', in SDs."""

    name: str
    share: float
    shift: Four = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Segment:
    """A column that says to which group a respondent belongs."""

    name: str
    groups: tuple[Group, ...]


SEGMENTS = (
    Segment(
        "department",
        (
            Group("administration", 0.40, (0.20, -0.15, 0.0, 0.0)),
            Group("sales", 0.20, (-0.15, 0.30, 0.0, 0.0)),
            Group("production", 0.20, (0.0, -0.10, 0.10, 0.0)),
            Group("service", 0.20, (0.0, 0.0, 0.20, 0.15)),
        ),
    ),
    Segment(
        "age_band",
        (
            Group("20s", 0.25, (-0.15, 0.15, 0.0, 0.10)),
            Group("30s", 0.30, (0.0, 0.0, 0.15, 0.10)),
            Group("40s", 0.25),
            Group("50s", 0.15, (0.15, -0.10, -0.10, -0.10)),
            Group("60s", 0.05, (0.20, -0.15, -0.20, -0.20)),
        ),
    ),
    Segment(
        "employment",
        (
            Group("permanent", 0.65),
            Group("fixed_term", 0.15, (0.0, 0.0, 0.10, 0.10)),
            Group("part_time", 0.12, (0.05, -0.05, 0.0, 0.0)),
            Group("agency", 0.08, (0.0, 0.0, 0.25, 0.20)),
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
    ease: Four = (0.20, -0.10, 0.10, 0.0)  # how much easier than middling the items of a kind are agreed to, in SDs
    ease_spread: float = 0.30
    step: float = 0.75  # between two thresholds, in SDs of the answer before it is cut into points
    # who answers how; the others are ordinary
    straight_lining: float = 0.02
    random: float = 0.02
    contradictory: float = 0.02  # takes every item for a plain one
    unfinished: float = 0.03  # stops somewhere on the way
    missing: float = 0.02  # of the answers of everybody
    quick_only: float = 0.35
    all_widened: float = 0.40  # the rest widened a few scales
    # facts
    situations: tuple[float, float, float] = (0.60, 0.22, 0.15)  # what is left has not told
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
    experience: tuple[float, float, float] = (0.06, 0.20, 0.12)  # each kind of it; inside where nothing is told
    fixed: tuple[float, float, float, float] = (0.06, 0.05, 0.07, 0.04)  # each of what cannot move: model.FIXED
    nothing_fixed: float = 0.30  # of those for whom all can move: say so; the others tell nothing


DEFAULT = Parameters()
