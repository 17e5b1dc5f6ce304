"""The nouns of the catalogue and of a case: frozen, never changed afterwards.

What is read from ``data/`` is a pydantic model, so that one definition validates the file and gives its JSON Schema.
What a client brings is a plain frozen dataclass. No noun knows a language: words stand in :mod:`advisor.content.words`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="lower-case identifier")]
SourceId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9.-]*$", description="key of data/sources.yaml")]
Sources = Annotated[tuple[SourceId, ...], Field(min_length=1, description="where the statement comes from")]
Points = Annotated[int, Field(ge=-100, le=100, description="points at full strength")]
Percent = Annotated[float, Field(ge=0, le=100)]

Situation = Literal["inside", "wants_in", "unsure"]
SITUATIONS: tuple[Situation, ...] = ("inside", "wants_in", "unsure")
SignAnswer = Literal["yes", "no", "unknown"]
SIGN_ANSWERS: tuple[SignAnswer, ...] = ("yes", "no", "unknown")
Tried = Literal["untried", "with_effect", "without_effect"]
TRIED: tuple[Tried, ...] = ("untried", "with_effect", "without_effect")
Mark = Literal["skip", "discuss"]
Kind = Literal["fit", "misfit", "frustration", "consequence"]
Fixed = Literal["hours", "place", "care", "pay"]
FIXED: tuple[Fixed, ...] = ("hours", "place", "care", "pay")
NOTHING_FIXED = "none"  # told: everything can move


class Row(BaseModel):
    """A row of a data file: strict types, no unknown keys, frozen."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Source(Row):
    """A publication or a judgement that statements of the workbook rest on."""

    kind: Literal["article", "dataset", "judgement"]
    publisher: str
    title: str | None = None
    published: Annotated[str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")] | None = None


class Scale(Row):
    """One axis that is measured by one item (quick form) or three items (full form)."""

    id: Id
    kind: Kind
    sources: Sources


class Item(Row):
    """One statement answered on a labelled scale of whole numbers from ``low`` to ``high``."""

    id: Id
    scale: Id
    reverse: bool
    low: int
    high: int
    quick: bool
    labels: Id
    sources: Sources


Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Method = Literal["retest", "icc", "alpha"]


class Reliability(Row):
    """How well the full form of a scale repeats itself: ``r`` its reliability, ``sd`` the spread of its scores (0-100).

    ``provisional``: a judgement that nobody has measured; whatever rests on it is shown as a rough guide. Else it was
    measured: by ``method``, on ``n`` people, by ``date``.
    """

    scale: Id
    r: Annotated[float, Field(gt=0, lt=1)]
    sd: Annotated[float, Field(gt=0, le=50)]
    provisional: bool
    method: Method | None = None
    n: Annotated[int, Field(ge=2)] | None = None
    date: Day | None = None
    sources: Sources


class Norm(Row):
    """How ``n`` people answered the quick form of a scale by ``date``: mean and SD of their scores (0-100).

    Norms come from people who really answered, never from synthetic ones; the source says who they were.
    """

    scale: Id
    mean: Percent
    sd: Annotated[float, Field(gt=0, le=50)]
    n: Annotated[int, Field(ge=30)]
    date: Day
    sources: Sources


class Sign(Row):
    """A sign that the employer's evaluation system, not the client, is the problem."""

    sources: Sources


class When(Row):
    """For whom something may be said: everything that is named must have been told, and hold.

    ``situations``, ``roles``: the client's is one of them; ``not_roles``: it is none of them, or not told.
    ``experience``: one of these was named. ``above``, ``below``: measures (see measures.py) at or beyond a value.
    """

    situations: tuple[Situation, ...] = ()
    roles: tuple[Id, ...] = ()
    not_roles: tuple[Id, ...] = ()
    experience: tuple[Id, ...] = ()
    above: dict[Id, float] = Field(default_factory=dict)
    below: dict[Id, float] = Field(default_factory=dict)


ANYBODY = When()


class Step(Row):
    """Something the client can do; ``effort`` 1 (light) to 3 (demanding), ``weeks`` until an effect can be seen.

    ``topic``: what it is about; two steps of one topic are never among the first three. ``serves``: the paths that it
    prepares. ``answers``: the worries it is made for. ``when``: for whom it is a step at all. ``against``: what cannot
    move (hours, place, care, pay) and would stand in its way.
    """

    situations: Annotated[tuple[Situation, ...], Field(min_length=1)]
    effort: Annotated[int, Field(ge=1, le=3)]
    weeks: Annotated[int, Field(ge=1, le=52)]
    topic: Id | None = None
    serves: tuple[Id, ...] = ()
    answers: tuple[Id, ...] = ()
    when: When = ANYBODY
    against: tuple[Fixed, ...] = ()
    sources: Sources


class Variant(Row):
    """A step as it is told to some clients: its first move, hints and sign of success. The first that holds is told.

    ``effort`` and ``weeks``: where they differ from the step's.
    """

    step: Id
    when: When
    effort: Annotated[int, Field(ge=1, le=3)] | None = None
    weeks: Annotated[int, Field(ge=1, le=52)] | None = None
    sources: Sources


class Saying(Row):
    """A sentence that is said to those it is true for, at the path, gate or step ``about`` which it speaks.

    ``slot``: where it stands there: ``suits``, ``caution``, ``next`` of a path, ``note`` anywhere else.
    """

    about: Id
    slot: Literal["suits", "caution", "next", "note"]
    when: When = ANYBODY
    sources: Sources


class Path(Row):
    """A direction to think about; a path that ``leaves`` the present employer or work is gated."""

    situations: Annotated[tuple[Situation, ...], Field(min_length=1)]
    leaves: bool
    when: When = ANYBODY
    against: tuple[Fixed, ...] = ()
    sources: Sources


class Role(Row):
    """A job category with the O*NET occupations, and the occupation of job tag, that stand for it."""

    occupations: Annotated[tuple[str, ...], Field(min_length=1)]
    qualifications: tuple[Id, ...] = ()
    growth: tuple[Id, ...] = ()
    jobtag: str | None = None
    sources: Sources


class Dial(Row):
    """Something on which a client and a role can be close or apart: the traits of either, with signs.

    ``demand``: a role that is high on it needs it, one that is low asks for nothing.
    """

    client: Annotated[dict[Id, Literal[-1, 1]], Field(min_length=1)]
    role: Annotated[dict[Id, Literal[-1, 1]], Field(min_length=1)]
    demand: bool = False
    sources: Sources


class RoleTrait(Row):
    """How a trait is read from job tag's figures: measures with signs."""

    measures: Annotated[dict[str, Literal[-1, 1]], Field(min_length=1)]
    sources: Sources


class Statement(Row):
    """Something the workbook can say, with its sources and the scales, paths, steps or roles it belongs to.

    ``when``: to whom.
    """

    about: tuple[Id, ...] = ()
    when: When = ANYBODY
    sources: Sources


class Disagreement(Row):
    """Two statements of the sources that contradict each other; shown with whatever it is ``about``.

    ``when``: to whom.
    """

    about: Annotated[tuple[Id, ...], Field(min_length=1)]
    when: When = ANYBODY
    claimed_by: Sources
    opposed_by: Sources


class Ramp(Row):
    """A measure turned into a strength 0-1: 0 at ``start``, 1 at ``end``, straight between, clipped outside."""

    measure: Id
    start: float = 0.0
    end: float = 100.0
    sources: Sources


class Weight(Row):
    """Points a feature adds to a target at full strength; ``stated``: a source states this very pairing as a rule.

    ``reason``: why the points speak against the target although a source states that they speak for it.
    """

    points: Points
    stated: bool = False
    reason: Annotated[str, Field(min_length=1)] | None = None
    sources: Sources


class Bands(Row):
    """Two cuts (0-100) that split a score into low, middle and high."""

    middle: Percent
    high: Percent
    sources: Sources


class Gate(Row):
    """A reason that lets a leaving path come first: ``measure`` at or beyond ``at`` (``below``: at or under it)."""

    measure: Id
    at: float
    below: bool = False
    sources: Sources


class Contradiction(Row):
    """Two scales that rarely stand at or above ``at`` together; a hint for the adviser, nothing more."""

    first: Id
    second: Id
    at: Percent
    sources: Sources


class Hints(Row):
    """Thresholds of the hints that only the adviser sees."""

    longest_run: Annotated[int, Field(ge=3)]
    opposed_items: Annotated[int, Field(ge=1)]
    contradictions: tuple[Contradiction, ...]
    help_at: Percent
    sources: Sources


class Silence(Row):
    """How much must be told before paths are told apart: so many scored traits, and so many scored worries."""

    traits: Annotated[int, Field(ge=0)] = 0
    worries: Annotated[int, Field(ge=0)] = 0


class Choosing(Row):
    """How the first three steps are chosen, and when an order of paths is claimed.

    ``serves_first``: points for a step that serves the path that stands first; ``serve``: so many of the first three
    serve it; ``near_tie``: paths at most so many points apart are told as level; ``worry``: the score from which a
    worry is high, without which no leaving path comes first for who is inside or unsure; ``silence``: by situation.
    """

    serves_first: Points
    serve: Annotated[int, Field(ge=0, le=3)]
    near_tie: Annotated[int, Field(ge=0)]
    worry: Percent
    silence: dict[Situation, Silence]
    sources: Sources


class Scoring(Row):
    """A scoring version: every number that advice depends on. Released versions never change.

    Without ``choosing`` (2026-1) nothing is silent, ties are an order, and the steps with most points come first.
    """

    version: Annotated[str, Field(pattern=r"^\d{4}-\d+$")]
    min_answered: Annotated[float, Field(gt=0, le=1)]
    priority_share: Annotated[float, Field(ge=0, le=1)]
    tried_without_effect: Points
    tried_with_effect: Points
    bands: dict[Literal["score", "index"], Bands]
    features: dict[Id, Ramp]
    steps: dict[Id, dict[Id, Weight]]
    paths: dict[Id, dict[Id, Weight]]
    gates: dict[Id, Gate]
    choosing: Choosing | None = None
    hints: Hints


class Release(Row):
    """A scoring version that was released: from then on its bytes are pinned."""

    version: Annotated[str, Field(pattern=r"^\d{4}-\d+$")]
    released: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class FormField(Row):
    """A field of a worksheet, kept as text (``checks``: ids with spaces); ``most``: longest text, or largest number."""

    type: Literal["line", "text", "number", "date", "choice", "checks"]
    most: Annotated[int, Field(ge=1, le=100_000)] = 200
    options: tuple[Id, ...] = ()


class Worksheet(Row):
    """A form that the client fills in; ``rows``: how often its fields may be filled in."""

    rows: Annotated[int, Field(ge=1, le=12)]
    fields: Annotated[dict[Id, FormField], Field(min_length=1)]
    sources: Sources


class Service(Row):
    """A public service a client can turn to, by its topics; ``by``: who runs or told it, ``dated``: when, if known."""

    topics: Annotated[tuple[Literal["work", "harassment", "hours", "health"], ...], Field(min_length=1)]
    by: Annotated[str, Field(min_length=1)]
    dated: Annotated[str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")] | None = None


class WorkStyles(Row):
    """How a trait is read from O*NET Work Styles: a weighted mean of standardised styles (negative: the contrary)."""

    styles: Annotated[dict[Id, float], Field(min_length=1)]
    sources: Sources


# --- what a client brings -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """What a client tells beside the scales. Nothing here is required; empty means not told."""

    situation: Situation | None = None
    role: str | None = None
    years: int | None = None
    priorities: tuple[str, ...] = ()
    signs: dict[str, SignAnswer] = field(default_factory=dict)
    tried: dict[str, Tried] = field(default_factory=dict)
    experience: tuple[str, ...] = ()
    widened: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()  # what cannot move: hours, place, care, pay; or that nothing is fixed
    wish: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One client: answers by item id (absent: unanswered), marks on items, and facts."""

    responses: dict[str, int] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
