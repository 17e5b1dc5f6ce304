"""The classes of a reading: scores, advice with reasons, gates, cues, and the sensitivity of the first path.

The objects are computed and frozen. They hold no texts: the texts of each language are in :mod:`advisor.content.words`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Band = Literal["low", "middle", "high"]
Nearness = Literal["near", "partly", "far"]


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a scale or of the index.

    ``value``: 0-100 percent of maximum possible; None if too few items are answered.
    ``answered``, ``needed``: the numbers of answered and of needed items (of the index: scored traits).
    ``items``: the ids of the answered items.
    """

    scale: str
    value: float | None
    band: Band | None
    answered: int
    needed: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A feature that gives points to a target.

    ``value``: the value of the measure. ``strength``: the strength of the feature, 0-1.
    ``points``: ``strength`` × weight, as a whole number.
    ``stated``: a source states this pair of feature and target as a rule.
    ``items``: the ids of the answers behind the measure.
    """

    feature: str
    measure: str
    value: float
    strength: float
    points: int
    stated: bool
    items: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """A step or path with its points; the points of the reasons sum exactly to ``points``.

    ``held``: by its points this path would stand before the first path, but it leaves and may not come first.
    """

    target: str
    points: int
    reasons: tuple[Reason, ...]
    held: bool = False


@dataclass(frozen=True, slots=True)
class GateState:
    """Whether a gate is open for this client; ``value``: its measure (None: not told), ``at``: its bound."""

    gate: str
    open: bool
    value: float | None
    at: float


@dataclass(frozen=True, slots=True)
class RoleFit:
    """How well the direction of a client's profile fits a role.

    ``value``: 0-100; 50 means no relation. ``reasons``: each trait's part of the difference from 50.
    """

    role: str
    value: float
    reasons: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class RoleNearness:
    """How near a client and a role are; ``close``, ``apart``: the dials on which they agree and differ clearly."""

    role: str
    nearness: Nearness
    close: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue that only the adviser sees; ``about``: its scales or items."""

    cue: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lacking:
    """The answers that the workbook needs to end its silence.

    ``situation``: whether the situation is not told. ``traits``, ``worries``: the numbers of scores that are missing.
    """

    situation: bool
    traits: int
    worries: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that the workbook says about one case, as ids and figures.

    ``lacking``: the answers without which the workbook is silent; None if it is not silent.
    ``near``: the paths that are level with the first, the first included; empty if no other path is level.
    ``gaps``: the scales without a score.
    ``client``: the table and measures for :func:`.conditions.hold`.
    """

    scores: dict[str, Score]
    index: Score
    signs_yes: int
    signs_told: int
    paths: tuple[Advice, ...]
    steps: tuple[Advice, ...]
    gates: tuple[GateState, ...]
    roles: tuple[RoleFit, ...]
    cues: tuple[Cue, ...]
    help_needed: bool
    disagreements: tuple[str, ...]
    gaps: tuple[str, ...]
    lacking: Lacking | None = None
    near: tuple[str, ...] = ()
    role_nearness: tuple[RoleNearness, ...] = ()
    client: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """A changed answer: ``variable`` is the id of an item, sign or step; ``before`` and ``after`` are its answers."""

    variable: str
    before: int | str
    after: int | str


@dataclass(frozen=True, slots=True)
class Flip:
    """The smallest change that puts ``path`` first; ``notches``: its cost in slider points."""

    path: str
    notches: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Stability:
    """How firmly ``path`` stands first.

    ``share``: the share (0-1) of ``draws`` random variations in which it stays first.
    ``spread``: each weight varies by up to ± this share of itself.
    ``rivals``: the other paths that come first, each with its share of the draws.
    """

    path: str
    share: float
    draws: int
    spread: float
    rivals: tuple[tuple[str, float], ...]
