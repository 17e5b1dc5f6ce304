"""The rows of the desk: clients with appointments, open actions and visits; their order, the search, what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from advisor.session import appointments
from advisor.session.appointments import Agreed
from advisor.session.forms import folded
from advisor.session.model import day_of
from advisor.session.plans import open_actions
from advisor.store.appointments import agreed_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.session.model import Action, Appointment, Client, Invitation, Listed, Logged, Visit

SOON = timedelta(days=7)
ENDING = timedelta(days=30)  # so long before its last day a consent is told as due


@dataclass(frozen=True, slots=True)
class Due:
    """Something to follow up.

    ``kind``: an action whose day has come or comes soon (``more``: how many other actions are open), open actions
    without a next appointment, an appointment that passed without a visit, or the last day of the consent.
    """

    kind: Literal["action", "actions", "missed", "until"]
    on: date | None = None
    action: Action | None = None
    more: int = 0


@dataclass(frozen=True, slots=True)
class ListedClient:
    """One client in the list: the appointments and the open actions, both soonest first.

    ``sought`` is code and name, folded for the search. ``code`` is the code, folded for comparison. ``made_of`` is what
    the appointments were made of: rows of the desk, what earlier visits agreed, and the day.
    """

    client: Listed
    actions: tuple[Action, ...]
    appointments: tuple[Appointment, ...]
    code: str
    sought: str
    made_of: tuple[tuple[Appointment, ...], tuple[Agreed, ...], date] = ((), (), date.min)

    @property
    def begun(self) -> date | None:
        """The day of the latest visit."""
        return day_of(self.client.begun) if self.client.begun else None

    def next(self, today: date) -> Appointment | None:
        """Return the next appointment that no visit has kept yet."""
        if not self.appointments:  # so it is with most clients of a long list
            return None
        return next(iter(appointments.ahead(self.appointments, today, self.begun)), None)

    def overdue(self, today: date) -> bool:
        """Return whether the day of an open action has passed."""
        return any(action.by is not None and action.by < today for action in self.actions)

    def lapsed(self, today: date) -> bool:
        """Return whether the day until which the client agreed to be kept has passed."""
        return self.client.until < today


@dataclass(frozen=True, slots=True)
class OpenedClient:
    """One client on their own page; visits oldest first, appointments soonest first, the lines of the access log.

    ``rows``: the appointments that the desk keeps, cancelled ones too. ``unread``: ids of visits that cannot be read.
    ``invitations``: the latest first.
    """

    client: Client
    visits: tuple[Visit, ...]
    actions: tuple[Action, ...]  # still open
    appointments: tuple[Appointment, ...] = ()
    log: tuple[Logged, ...] = ()
    rows: tuple[Appointment, ...] = ()
    unread: tuple[str, ...] = ()
    invitations: tuple[Invitation, ...] = ()

    @property
    def last(self) -> Visit | None:
        """The latest visit."""
        return self.visits[-1] if self.visits else None

    @property
    def begun(self) -> date | None:
        """The day of the latest visit."""
        return day_of(self.last.started) if self.last else None

    def lapsed(self, today: date) -> bool:
        """Return whether the day until which the client agreed to be kept has passed."""
        return self.client.consent.until < today


@dataclass(frozen=True, slots=True)
class Meeting:
    """An appointment of a day, with its client's line; None for somebody who comes for the first time."""

    appointment: Appointment
    line: ListedClient | None = None

    @property
    def is_begun(self) -> bool:
        """Whether the client's latest visit keeps this appointment."""
        return self.line is not None and appointments.met(self.line.appointments, self.line.begun) == self.appointment


def opened_client(
    client: Client, visits: tuple[Visit, ...], rows: Iterable[Appointment] = (), today: date = date.min
) -> OpenedClient:
    """Return a client for their own page. Open actions come from the latest visit that can be read."""
    agreed = agreed_in(visits)
    actions = in_time(open_actions(visits[-1].record)) if visits else ()
    return OpenedClient(client, visits, actions, appointments.standing(client.id, agreed, rows, today))


def listed_client(
    client: Listed, rows: Iterable[Appointment] = (), earlier: tuple[Agreed, ...] = (), today: date = date.min
) -> ListedClient:
    """Return a client's line in the list. ``rows``: of the desk; ``earlier``: what visits before the latest agreed."""
    made_of = (tuple(rows), earlier, today)
    sought = folded(f"{client.code} {client.name}")
    actions = in_time(open_actions(client.ahead))
    return ListedClient(client, actions, _standing(client, *made_of), folded(client.code), sought, made_of)


def _standing(
    client: Listed, rows: tuple[Appointment, ...], earlier: tuple[Agreed, ...], today: date
) -> tuple[Appointment, ...]:
    """Return the appointments of a client of the list."""
    if client.ahead.next_at is None and not rows and not earlier:
        return ()
    latest = [Agreed(client.visit, day_of(client.begun), client.ahead.next_at, client.used)] if client.begun else []
    return appointments.standing(client.id, (*latest, *earlier), rows, today)


def in_time(actions: Iterable[Action]) -> tuple[Action, ...]:
    """Return actions, soonest first; those without a day come last."""
    return tuple(sorted(actions, key=lambda action: action.by or date.max))


def in_order(lines: Iterable[ListedClient], today: date) -> tuple[ListedClient, ...]:
    """Return lines in the order of the list: the soonest next appointment first, then the latest visit first."""

    def place(line: ListedClient) -> tuple[float, float, str]:
        upcoming, begun = line.next(today), line.client.begun
        seen = begun.timestamp() if begun else float("inf")  # a new client comes before old ones
        return upcoming.at.timestamp() if upcoming else float("inf"), -seen, line.code

    return tuple(sorted(lines, key=place))


def found(lines: Iterable[ListedClient], query: str) -> tuple[ListedClient, ...]:
    """Return the lines whose code or name holds every word of the query."""
    words = folded(query).split()
    return tuple(line for line in lines if all(word in line.sought for word in words))


def due(lines: Iterable[ListedClient], today: date) -> tuple[tuple[ListedClient, Due], ...]:
    """Return what is to be followed up, with its client; the soonest day first, what has no day last."""
    pairs = [(line, due) for line in lines for due in _dues(line, today)]
    return tuple(sorted(pairs, key=lambda pair: (pair[1].on or date.max, pair[0].code)))


def _dues(line: ListedClient, today: date) -> Iterable[Due]:
    upcoming, first = line.next(today), next(iter(line.actions), None)
    if first is not None and first.by is not None and first.by <= today + SOON:
        yield Due("action", first.by, first, len(line.actions) - 1)
    elif first is not None and upcoming is None:
        yield Due("actions", more=len(line.actions))
    missed = appointments.missed(line.appointments, today, line.begun) if line.appointments else None
    if missed is not None and upcoming is None:
        yield Due("missed", day_of(missed.at))
    if today <= line.client.until <= today + ENDING:
        yield Due("until", line.client.until)


def meetings(
    lines: Iterable[ListedClient], first_timers: Iterable[Appointment], on: date | None = None
) -> tuple[Meeting, ...]:
    """Return the appointments of all clients and first-timers, by their time; ``on``: only those of that day."""
    theirs = [Meeting(one, line) for line in lines for one in line.appointments]
    pairs = [*theirs, *(Meeting(one) for one in first_timers if not one.cancelled)]
    of_day = [one for one in pairs if on is None or day_of(one.appointment.at) == on]
    return tuple(sorted(of_day, key=lambda one: (one.appointment.at, appointments.key(one.appointment))))
