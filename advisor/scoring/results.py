"""The nouns of a reading: scores, advice with its reasons, gates, hints, and what the first path hangs on.

All are computed and frozen. None knows a language: words stand in :mod:`advisor.content.words`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Band = Literal["low", "middle", "high"]
Meets = Literal["near", "partly", "far"]


@dataclass(frozen=True, slots=True)
class Score:
    """A scale's score, 0-100 percent of maximum possible, or None when too few of its items are answered."""

    scale: str
    value: float | None
    band: Band | None
    answered: int
    needed: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a target has points: ``points`` is the whole number that ``strength`` × the weight comes to."""

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
    """A target with its points; the reasons' points sum exactly to ``points``. ``held``: a gate keeps it from first."""

    target: str
    points: int
    reasons: tuple[Reason, ...]
    held: bool = False


@dataclass(frozen=True, slots=True)
class GateState:
    """Whether a gate is open for this client, and the measure that decides (None: not answered)."""

    gate: str
    open: bool
    value: float | None
    at: float


@dataclass(frozen=True, slots=True)
class RoleFit:
    """How far a client's profile points the same way as a role's: 0-100, 50 is neither nor; reasons by trait."""

    role: str
    value: float
    reasons: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class RoleMeeting:
    """How a client and a role meet: near, partly or far; on which dials they are close, and on which apart."""

    role: str
    meets: Meets
    close: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hint:
    """Something for the adviser's eyes only, with the scales or items it is about."""

    hint: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lacking:
    """What keeps the workbook from telling paths apart: the situation, and so many traits and worries."""

    situation: bool
    traits: int
    worries: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything the workbook has to say about one case, without a word of any language.

    ``lacking``: why it is silent about paths and steps, None where it is not. ``near``: the paths that stand level with
    the first, the first among them; empty where it stands alone. ``client``: what :func:`conditions.holds` looks at.
    """

    scores: dict[str, Score]
    index: Score
    signs_yes: int
    signs_told: int
    paths: tuple[Advice, ...]
    steps: tuple[Advice, ...]
    gates: tuple[GateState, ...]
    roles: tuple[RoleFit, ...]
    hints: tuple[Hint, ...]
    help_needed: bool
    disagreements: tuple[str, ...]
    gaps: tuple[str, ...]
    lacking: Lacking | None = None
    near: tuple[str, ...] = ()
    meets: tuple[RoleMeeting, ...] = ()
    client: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """One answer moved: ``variable`` is an item, sign or step id, ``before`` and ``after`` are its answers."""

    variable: str
    before: int | str
    after: int | str


@dataclass(frozen=True, slots=True)
class Flip:
    """The smallest change that puts ``path`` first; ``notches`` is the distance in slider points."""

    path: str
    notches: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Stability:
    """Share (0-1) of ``draws`` random weightings, each weight within ±``spread``, in which ``path`` stays first."""

    path: str
    share: float
    draws: int
    spread: float
    rivals: tuple[tuple[str, float], ...]
