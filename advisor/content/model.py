"""The classes of the catalogue and of a case; their objects are frozen.

Rows of ``data/`` are pydantic models, so that one definition validates the file and gives its JSON Schema. A client's
answers are plain frozen dataclasses. No class holds texts: the texts of each language are in
:mod:`advisor.content.words`.
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
TRAITS: tuple[Kind, ...] = ("fit", "misfit")
WORRIES: tuple[Kind, ...] = ("frustration", "consequence")
Fixed = Literal["hours", "place", "care", "pay"]
FIXED: tuple[Fixed, ...] = ("hours", "place", "care", "pay")
NOTHING_FIXED = "none"  # the client's answer that everything can move


class Row(BaseModel):
    """A row of a data file: strict types, no unknown keys, frozen."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Source(Row):
    """A publication or a judgement on which statements of the workbook rest."""

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
    """Reliability ``r`` of the full form of a scale, and standard deviation ``sd`` of its scores (0-100).

    ``provisional``: the figures are a judgement, not measured; results from them are shown as a rough guide only.
    ``method``, ``n``, ``date``: how, on how many people and by which day a reliability was measured.
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
    """Mean and SD of the scores (0-100) of ``n`` people on the quick form of a scale, collected by ``date``.

    Norms come from the answers of real people, never from synthetic ones. The source names the sample.
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
    """A condition on the client for a text, step or path; every part that is set must hold.

    A part does not hold if the client has not told what it asks for (``not_roles`` excepted).
    ``situations``, ``roles``: the client's situation or role is one of these.
    ``not_roles``: the client's role is none of these, or not told.
    ``experience``: the client named at least one of these.
    ``above``, ``below``: measure → bound; the measure is at least, or at most, this value (see measures.py).
    """

    situations: tuple[Situation, ...] = ()
    roles: tuple[Id, ...] = ()
    not_roles: tuple[Id, ...] = ()
    experience: tuple[Id, ...] = ()
    above: dict[Id, float] = Field(default_factory=dict)
    below: dict[Id, float] = Field(default_factory=dict)


ANYBODY = When()


class Step(Row):
    """Something the client can do now.

    ``effort``: from 1 (light) to 3 (demanding).
    ``weeks``: weeks until the client can see an effect.
    ``topic``: the subject; two steps of one topic are never both among the first three.
    ``serves``: the paths that the step prepares.
    ``answers``: the worries that the step is made for.
    ``when``: the clients for whom the step exists.
    ``against``: the fixed conditions (hours, place, care, pay) that rule the step out.
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
    """Another wording of a step for some clients; a client reads the first variant whose condition holds.

    ``effort``, ``weeks``: set only if they differ from the step's.
    """

    step: Id
    when: When
    effort: Annotated[int, Field(ge=1, le=3)] | None = None
    weeks: Annotated[int, Field(ge=1, le=52)] | None = None
    sources: Sources


class Saying(Row):
    """A sentence for the clients for whom it is true.

    ``about``: the path, gate, step or role with which it is shown.
    ``slot``: the place there: ``suits``, ``caution`` or ``next`` of a path; ``note`` in all other places.
    """

    about: Id
    slot: Literal["suits", "caution", "next", "note"]
    when: When = ANYBODY
    sources: Sources


class Path(Row):
    """A direction to think about.

    ``leaves``: the path leaves the present employer or work, so it comes first only if a gate is open.
    """

    situations: Annotated[tuple[Situation, ...], Field(min_length=1)]
    leaves: bool
    when: When = ANYBODY
    against: tuple[Fixed, ...] = ()
    sources: Sources


class Role(Row):
    """A job category; ``occupations`` (O*NET-SOC codes) and ``jobtag`` name the occupations that stand for it."""

    occupations: Annotated[tuple[str, ...], Field(min_length=1)]
    qualifications: tuple[Id, ...] = ()
    growth: tuple[Id, ...] = ()
    jobtag: str | None = None
    sources: Sources


class Dial(Row):
    """A dimension on which a client and a role are close or apart; ``client`` and ``role`` map traits to signs.

    ``demand``: a role that is high on the dial needs it from the client; a role that is low asks for nothing.
    """

    client: Annotated[dict[Id, Literal[-1, 1]], Field(min_length=1)]
    role: Annotated[dict[Id, Literal[-1, 1]], Field(min_length=1)]
    demand: bool = False
    sources: Sources


class RoleTrait(Row):
    """The measures of job tag, with signs, that make one trait of a role."""

    measures: Annotated[dict[str, Literal[-1, 1]], Field(min_length=1)]
    sources: Sources


class Statement(Row):
    """A statement of the workbook with its sources.

    ``about``: the scales, paths, steps or roles with which it is shown.
    ``when``: the clients to whom it is shown.
    """

    about: tuple[Id, ...] = ()
    when: When = ANYBODY
    sources: Sources


class Disagreement(Row):
    """Two statements of the sources that contradict each other.

    ``about``: the scales, paths, steps or roles with which it is shown.
    ``when``: the clients to whom it is shown.
    """

    about: Annotated[tuple[Id, ...], Field(min_length=1)]
    when: When = ANYBODY
    claimed_by: Sources
    opposed_by: Sources


class Ramp(Row):
    """A function from a measure to a strength: 0 at ``start``, 1 at ``end``, linear between, clipped outside."""

    measure: Id
    start: float = 0.0
    end: float = 100.0
    sources: Sources


class Weight(Row):
    """The points that a feature adds to a target at full strength.

    ``stated``: a source states this pair of feature and target as a rule.
    ``reason``: why the points are negative although a source states that the feature speaks for the target.
    """

    points: Points
    stated: bool = False
    reason: Annotated[str, Field(min_length=1)] | None = None
    sources: Sources


class Bands(Row):
    """Two cuts (0-100): scores from ``middle`` on are middle, from ``high`` on high, all others low."""

    middle: Percent
    high: Percent
    sources: Sources


class Gate(Row):
    """A condition that lets a leaving path come first: ``measure`` is at least ``at`` (``below``: at most ``at``)."""

    measure: Id
    at: float
    below: bool = False
    sources: Sources


class Contradiction(Row):
    """Two scales whose scores are rarely both at least ``at``; the adviser gets a cue, no score changes."""

    first: Id
    second: Id
    at: Percent
    sources: Sources


class Hints(Row):
    """The thresholds of the cues for the adviser.

    ``longest_run``: so many equal answers in a row are a cue.
    ``opposed_items``: so many points between the keyed answers of one scale are a cue.
    ``help_at``: from this score (0-100) on, the effects of the worries call for help from outside.
    """

    longest_run: Annotated[int, Field(ge=3)]
    opposed_items: Annotated[int, Field(ge=1)]
    contradictions: tuple[Contradiction, ...]
    help_at: Percent
    sources: Sources


class Silence(Row):
    """The numbers of scored traits and scored worries that the workbook needs before it puts a path first."""

    traits: Annotated[int, Field(ge=0)] = 0
    worries: Annotated[int, Field(ge=0)] = 0


class Choosing(Row):
    """Rules for the first three steps and for the order of the paths.

    ``serves_first``: extra points for a step that serves the first path.
    ``serve``: how many of the first three steps must serve the first path.
    ``near_tie``: paths that are at most so many points apart are told as level.
    ``worry``: the score (0-100) from which a worry is high. Without a high worry no leaving path comes first for
    clients who are inside or unsure.
    ``silence``: the answers that the workbook needs, by situation.
    """

    serves_first: Points
    serve: Annotated[int, Field(ge=0, le=3)]
    near_tie: Annotated[int, Field(ge=0)]
    worry: Percent
    silence: dict[Situation, Silence]
    sources: Sources


class Scoring(Row):
    """A scoring version: every number that advice depends on. Released versions never change.

    Without ``choosing`` (2026-1) the workbook is never silent, has no near ties, and orders steps by points only.
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
    """A released scoring version; ``sha256`` pins its bytes."""

    version: Annotated[str, Field(pattern=r"^\d{4}-\d+$")]
    released: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class FormField(Row):
    """A field of a worksheet; its value is kept as text.

    ``checks`` keeps the chosen ids, separated by spaces.
    ``most``: the longest text (characters), or the largest number.
    """

    type: Literal["line", "text", "number", "date", "choice", "checks"]
    most: Annotated[int, Field(ge=1, le=100_000)] = 200
    options: tuple[Id, ...] = ()


class Worksheet(Row):
    """A form that the client may fill in; ``rows``: the largest number of rows."""

    rows: Annotated[int, Field(ge=1, le=12)]
    fields: Annotated[dict[Id, FormField], Field(min_length=1)]
    sources: Sources


class Service(Row):
    """A public service to which a client can turn.

    ``topics``: the problems with which it helps.
    ``by``: the organisation that runs it or published it.
    ``dated``: the day or month of that publication, if known.
    """

    topics: Annotated[tuple[Literal["work", "harassment", "hours", "health"], ...], Field(min_length=1)]
    by: Annotated[str, Field(min_length=1)]
    dated: Annotated[str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")] | None = None


class WorkStyles(Row):
    """The weights of the O*NET Work Styles that make one trait; a negative weight counts the style reversed."""

    styles: Annotated[dict[Id, float], Field(min_length=1)]
    sources: Sources


# --- a client's answers -------------------------------------------------------------------------------------------


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
    fixed: tuple[str, ...] = ()  # conditions that cannot move: hours, place, care, pay; or NOTHING_FIXED
    wish: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One client: answers by item id (absent: unanswered), marks on items, and facts."""

    responses: dict[str, int] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
