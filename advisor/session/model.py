"""The classes of a client's data: frozen, with plain values, the same in memory, in the store and in an export.

A *visit* is one stored session with a client; :class:`advisor.session.session.Session` is the session in memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from advisor.content.model import Case
from advisor.content.words import Language

TOKYO = ZoneInfo("Asia/Tokyo")  # the local time of all days and appointments
LONGEST_SESSION = timedelta(hours=6)  # no session lasts longer; so a session that runs over midnight is still today's
Status = Literal["open", "done", "partly", "not"]
STATUSES: tuple[Status, ...] = ("open", "done", "partly", "not")
Helped = Literal["yes", "no"]
HELPED: tuple[Helped, ...] = ("yes", "no")
Then = Literal["erase", "ask"]
THEN: tuple[Then, ...] = ("erase", "ask")
Use = Literal["supervision", "statistics", "contact"]
USES: tuple[Use, ...] = ("supervision", "statistics", "contact")  # what a client may allow beside the record itself
Way = Literal["room", "online", "phone"]
WAYS: tuple[Way, ...] = ("room", "online", "phone")  # how client and adviser meet
SCREEN_KEY = "step"  # the key of ``Record.screen`` in stored records, in their changes and in interchange files
ACCOUNT = (
    "concern", "progress", "assessment", "goal", "approach", "until_next", "impression",
)  # the fields of the adviser's account, in the order of the profession  # fmt: skip
Useful = Literal["very", "some", "little", "unsure"]
USEFUL: tuple[Useful, ...] = ("very", "some", "little", "unsure")
Sight = Literal["sight", "unfolded"]
Purpose = Literal["before", "live"]
PURPOSES: tuple[Purpose, ...] = ("before", "live")  # what an invitation is for
Mode = Literal["", "follows", "held", "alone"]  # how the client's own screen goes; empty: there is none
By = Literal["", "client"]  # who made a change; empty: an adviser
HELP_TOPICS = ("harassment", "hours", "health")  # topics of the help leaf; it covers all of them if none is chosen
Entry = dict[str, str]  # one row of a worksheet: field id → typed text


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """Return the day of a moment in local time (Asia/Tokyo)."""
    return moment.astimezone(TOKYO).date()


def today() -> date:
    """Return the present day in local time (Asia/Tokyo)."""
    return day_of(now())


def is_over(started: datetime, at: datetime) -> bool:
    """Return whether a visit that began at ``started`` is over: its day is past, and :data:`LONGEST` has passed."""
    return day_of(started) < day_of(at) and at - started > LONGEST_SESSION


@dataclass(frozen=True, slots=True)
class Action:
    """Something that the client will do: a step of the catalogue or an action of their own.

    ``aside``: the client took the action out of the plan, but its texts are kept.
    ``origin``: an opaque name that stays the same from visit to visit, so that a calendar can recognise the action. The
    action gets it at the next visit.
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
    """The client's plan: a path to think about, and actions in the order in which the client chose them."""

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
class Shown:
    """A step or path (``step-ID``, ``path-ID``) that was shown on 次の一歩, and the moment of the first time.

    ``how``: it stood in ``sight``, or a person ``unfolded`` it. ``place``: its place among steps or paths, from 1.
    """

    target: str
    how: Sight
    place: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Advance:
    """What came into a visit from the advance sheet: the moment of its last answer, and the answers by item."""

    at: datetime
    responses: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClientScreen:
    """The client's own screen beside the adviser's: it follows, is held where it is, or goes on alone.

    ``at``: the screen of the workbook on which it is while it does not follow. ``points``: whether the adviser points
    at parts of the screen; ``part``: the one that is pointed at, empty before the first.
    """

    mode: Mode = ""
    at: str = ""
    points: bool = False
    part: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """All kept data of one visit; digest and scoring version allow an exact replay.

    ``markers``: item id → the answer that the adviser would give.
    ``worksheets``: worksheet id → its rows.
    ``handout``: the worksheets that the client takes home.
    ``review``: last time's actions, with their results.
    ``notes``: the adviser's own notes; the client never sees them.
    ``next_at``: the next appointment, in the local time of Asia/Tokyo.
    ``corrected``: the beginning of each correction after the day of the visit.
    ``unfit``: the paths (``path-ID``) and steps (``step-ID``) that do not fit in the adviser's view → a reason, or "".
    ``help_leaf``: whether the client takes home the help leaf; ``help_topics``: the topics of the leaf.
    ``account``: the adviser's account of the session, by field; an empty field is not there.
    ``shown``: what was shown on 次の一歩, in the order in which it was first shown.
    ``done``: the screens that the adviser called done. ``way``: how client and adviser met.
    ``ended``: the moment at which the adviser ended the session.
    ``useful``: the client's answer whether the session was of use; ``useful_words``: the same in their own words.
    ``advance``: what came from the advance sheet; None if there was none.
    ``client_screen``: the client's own screen. ``changed_by``: who made the last change. ``crossed``: whether whoever
    made it did not know of the change before.
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
    screen: Annotated[str, Field(alias=SCREEN_KEY)] = "start"
    revision: int = 0
    corrected: tuple[datetime, ...] = ()
    unfit: dict[str, str] = field(default_factory=dict)
    help_leaf: bool = False
    help_topics: tuple[str, ...] = ()
    account: dict[str, str] = field(default_factory=dict)
    shown: tuple[Shown, ...] = ()
    done: tuple[str, ...] = ()
    way: Way = "room"
    ended: datetime | None = None
    useful: Useful | None = None
    useful_words: str = ""
    advance: Advance | None = None
    client_screen: ClientScreen = field(default_factory=ClientScreen)
    changed_by: By = ""
    crossed: bool = False


@dataclass(frozen=True, slots=True)
class Ahead:
    """The fields of :class:`Record` about the days after the visit.

    A list of thousands of clients needs only these fields. Reading whole records would take seconds and much memory.
    """

    plan: Plan = field(default_factory=Plan)
    review: tuple[Action, ...] = ()
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """The client's consent: its purpose, its first and last day, and what happens with the data after the last day."""

    purpose: str
    given_on: date
    until: date
    then: Then = "ask"


@dataclass(frozen=True, slots=True)
class Permission:
    """A use that the client allowed on a day, and the day on which they withdrew it; None while it holds."""

    given_on: date
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """What a client may tell beside code, name and consent.

    ``permissions``: use → when it was allowed. A use that is not there was never allowed.
    ``employer``: where the client works. ``office``: the office or branch in which they are advised.
    """

    permissions: dict[Use, Permission] = field(default_factory=dict)
    employer: str = ""
    office: str = ""

    def allows(self, use: Use) -> bool:
        """Return whether the client allows a use now."""
        permission = self.permissions.get(use)
        return permission is not None and permission.withdrawn_on is None


@dataclass(frozen=True, slots=True)
class Client:
    """A client under a code or pseudonym; the name is optional."""

    id: str
    code: str
    consent: Consent
    name: str = ""
    since: date | None = None
    details: Details = field(default_factory=Details)


@dataclass(frozen=True, slots=True)
class Appointment:
    """A time at which adviser and client meet, as the desk keeps it; ``at`` is aware.

    ``client``: None for somebody who comes for the first time and is not registered yet; ``name`` and ``note`` say who.
    ``visit``: the visit in which it was agreed, and ``agreed`` the time that was agreed there (``Record.next_at``). The
    desk may have moved it since, to ``at``, or cancelled it. Both are None for an appointment that the desk made.
    """

    id: str
    at: datetime
    client: str | None = None
    visit: str | None = None
    agreed: datetime | None = None
    minutes: int = 60
    way: Way = "room"
    name: str = ""
    note: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link for one client and one purpose, and what the client told by it; ``case`` holds the answers.

    ``purpose``: to answer before a session, or to see one visit on a screen of their own (live) until it ends.

    ``guarded``: it asks for four digits; ``wrong``: how many wrong digits were tried. ``agreed``: when the client
    agreed that the answers are kept; without it nothing is kept. ``changed``: when the client last told something.
    ``done``: when they said that they are through. ``looked``, ``looked_by``: who looked at the answers last, and when.
    ``visit``: the session into which the answers went; from then on the link is closed. Of a live link: the visit that
    it shows. ``place``: the question where the client goes on.
    """

    id: str
    client: str
    made: datetime
    expires: datetime
    purpose: Purpose = "before"
    guarded: bool = False
    wrong: int = 0
    withdrawn: datetime | None = None
    opened: datetime | None = None
    agreed: datetime | None = None
    changed: datetime | None = None
    done: datetime | None = None
    looked: datetime | None = None
    looked_by: str = ""
    visit: str | None = None
    case: Case = field(default_factory=Case)
    place: str = ""
    language: Language = "ja"


@dataclass(frozen=True, slots=True)
class Listed:
    """A client as a row of the list of clients.

    ``until``: the last day of the consent.
    ``adviser``: the adviser of the client; empty if it is the adviser who reads the list.
    ``visits``: the number of visits. ``begun``: the beginning of the latest visit. ``ahead``: its plans. ``visit``: its
    id. ``used``: whether it was changed since it began.
    """

    id: str
    code: str
    name: str
    until: date
    adviser: str = ""
    visits: int = 0
    begun: datetime | None = None
    ahead: Ahead = field(default_factory=Ahead)
    visit: str = ""
    used: bool = True


@dataclass(frozen=True, slots=True)
class Adviser:
    """An adviser; advisers see their own clients, and an adviser who leads a team sees the team's clients too."""

    id: str
    name: str
    team: str = ""
    leads: bool = False
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """One stored session; times are aware, in UTC. ``client`` is None until the visit gets a client."""

    id: str
    record: Record
    started: datetime
    changed: datetime
    client: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One stored change of a visit: the change (JSON Merge Patch), its time, and the revision after it."""

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
