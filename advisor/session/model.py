"""The nouns of what is kept of a client: frozen, of plain values, the same in memory, in the store and in an export.

A *visit* is one session with a client as it is stored; :class:`advisor.session.session.Session` is the living one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from advisor.content.model import Case
from advisor.content.words import Language

TOKYO = ZoneInfo("Asia/Tokyo")  # the local time of every day and appointment here
LONGEST = timedelta(hours=6)  # no session lasts longer; one that runs over midnight is still the same session
Status = Literal["open", "done", "partly", "not"]
STATUSES: tuple[Status, ...] = ("open", "done", "partly", "not")
Helped = Literal["yes", "no"]
HELPED: tuple[Helped, ...] = ("yes", "no")
Then = Literal["erase", "ask"]
THEN: tuple[Then, ...] = ("erase", "ask")
HELP_TOPICS = ("harassment", "hours", "health")  # of the leaf of help; without any it is about work, and all of them
Entry = dict[str, str]  # one row of a worksheet: field id → what was typed


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """Return the day of a moment in the room."""
    return moment.astimezone(TOKYO).date()


def today() -> date:
    """Return the day in the room."""
    return day_of(now())


def is_over(started: datetime, at: datetime) -> bool:
    """Return whether a visit that began at ``started`` is an old one at a moment: its day is past, and so is it."""
    return day_of(started) < day_of(at) and at - started > LONGEST


@dataclass(frozen=True, slots=True)
class Action:
    """Something the client will do: a step of the catalogue or a free one; ``aside``: put back, but not forgotten.

    ``origin``: an opaque name that it keeps from visit to visit, so that a calendar knows it again; given when it is
    first taken along.
    """

    id: str
    step: str | None = None
    what: str = ""
    first: str = ""
    by: date | None = None
    known_by: str = ""
    helper: str = ""
    status: Status = "open"
    helped: Helped | None = None
    aside: bool = False
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the client takes home: a path to think about, and actions in the order in which they were picked."""

    path: str | None = None
    actions: tuple[Action, ...] = ()

    @property
    def chosen(self) -> tuple[Action, ...]:
        """The actions that were not put aside."""
        return tuple(action for action in self.actions if not action.aside)

    @property
    def steps(self) -> tuple[str, ...]:
        """The catalogue's steps among the chosen actions."""
        return tuple(action.step for action in self.chosen if action.step)


@dataclass(frozen=True, slots=True)
class Record:
    """Everything of one visit that is worth keeping; digest and scoring version let it be replayed exactly.

    ``markers``: where the adviser would set the answer, by item id; ``worksheets``: rows by worksheet id; ``handout``:
    the worksheets the client takes home; ``review``: last time's actions with what became of them; ``notes``: the
    adviser's own, never for the client; ``next_at``: next appointment, local time of Asia/Tokyo; ``corrected``: when
    it was changed after its day, one moment for each time somebody set about it; ``unfit``: which path (``path-ID``) or
    step (``step-ID``) does not fit, as the adviser sees it, with a word of theirs or none; ``help_leaf``: whether the
    client takes home where there is help, ``help_topics``: with what.
    """

    digest: str
    scoring: str
    case: Case = field(default_factory=Case)
    plan: Plan = field(default_factory=Plan)
    markers: dict[str, int] = field(default_factory=dict)
    worksheets: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    handout: tuple[str, ...] = ()
    review: tuple[Action, ...] = ()
    notes: str = ""
    next_at: datetime | None = None
    language: Language = "ja"
    step: str = "start"
    revision: int = 0
    corrected: tuple[datetime, ...] = ()
    unfit: dict[str, str] = field(default_factory=dict)
    help_leaf: bool = False
    help_topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a record says of the days after it: these fields of :class:`Record`, and nothing else of it.

    A list of thousands of clients needs no more, and to read whole records for it would take seconds and memory.
    """

    plan: Plan = field(default_factory=Plan)
    review: tuple[Action, ...] = ()
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """What the client agreed to: the purpose, since when, until when, and what happens at the end of that day."""

    purpose: str
    given_on: date
    until: date
    then: Then = "ask"


@dataclass(frozen=True, slots=True)
class Client:
    """A client under a code or pseudonym; the name is optional."""

    id: str
    code: str
    consent: Consent
    name: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A client as a list of everybody tells of them.

    ``until``: the day until which they agreed to be kept; ``adviser``: whose they are, where that is not who looks;
    ``visits``: how many; ``begun``: when the latest began, and ``ahead``: what it says of the days after it.
    """

    id: str
    code: str
    name: str
    until: date
    adviser: str = ""
    visits: int = 0
    begun: datetime | None = None
    ahead: Ahead = field(default_factory=Ahead)


@dataclass(frozen=True, slots=True)
class Adviser:
    """Somebody who advises: sees their own clients, and one who leads a team sees the team's too."""

    id: str
    name: str
    team: str = ""
    leads: bool = False
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """One session as it is stored; times are aware, in UTC. Without a client it belongs to nobody yet."""

    id: str
    record: Record
    started: datetime
    changed: datetime
    client: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One committed change of a visit: what was changed (JSON Merge Patch), when, and the revision it led to."""

    visit: str
    revision: int
    at: datetime
    patch: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of the access log; ``by`` is an adviser's id, or one of the words of :mod:`advisor.store.access_log`."""

    at: datetime
    by: str
    action: str
    client: str | None
    visit: str | None
    detail: str
