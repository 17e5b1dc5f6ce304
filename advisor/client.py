"""The nouns of what is kept of a client: frozen, of plain values, the same in memory, in the store and in an export.

A *visit* is one session with a client as it is stored; :class:`advisor.session.Session` is the living one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from advisor.model import Case
from advisor.words import Language

TOKYO = ZoneInfo("Asia/Tokyo")  # the local time of every day and appointment here
Status = Literal["open", "done", "partly", "not"]
STATUSES: tuple[Status, ...] = ("open", "done", "partly", "not")
Helped = Literal["yes", "no"]
HELPED: tuple[Helped, ...] = ("yes", "no")
Then = Literal["erase", "ask"]
THEN: tuple[Then, ...] = ("erase", "ask")
Entry = dict[str, str]  # one row of a worksheet: field id → what was typed


def today() -> date:
    """Return the day in the room."""
    return datetime.now(TOKYO).date()


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
    adviser's own, never for the client; ``next_at``: next appointment, local time of Asia/Tokyo.
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
    """One line of the access log; ``by`` is an adviser's id, or one of the words of :mod:`advisor.store.access`."""

    at: datetime
    by: str
    action: str
    client: str | None
    visit: str | None
    detail: str
