"""The rows of the desk: each client with open actions, due days and visits; their order and the search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from advisor.session.forms import folded
from advisor.session.plans import open_actions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.session.model import Action, Ahead, Client, Listed, Record, Visit

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Due:
    """A day to follow up: the day of an action, or (without an action) the next appointment with its time."""

    on: date
    action: Action | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True)
class ListedClient:
    """One client in the list: the number of open actions, and the due days, soonest first.

    ``sought`` is code and name, folded for the search. ``code`` is the code, folded for comparison.
    """

    client: Listed
    actions: int
    dues: tuple[Due, ...]
    code: str
    sought: str

    @property
    def due(self) -> Due | None:
        """The due day that comes first; None if nothing is due."""
        return self.dues[0] if self.dues else None

    def lapsed(self, today: date) -> bool:
        """Return whether the day until which the client agreed to be kept has passed."""
        return self.client.until < today


@dataclass(frozen=True, slots=True)
class OpenedClient:
    """One client on their own page; visits and due days, oldest first. ``unread``: ids of unreadable visits."""

    client: Client
    visits: tuple[Visit, ...]
    actions: tuple[Action, ...]  # still open
    dues: tuple[Due, ...]
    unread: tuple[str, ...] = ()

    @property
    def last(self) -> Visit | None:
        """The latest visit."""
        return self.visits[-1] if self.visits else None

    def lapsed(self, today: date) -> bool:
        """Return whether the day until which the client agreed to be kept has passed."""
        return self.client.consent.until < today


def opened_client(client: Client, visits: tuple[Visit, ...], unread: tuple[str, ...] = ()) -> OpenedClient:
    """Return a client's row. Open actions and due days come from the latest visit that can be read."""
    if not visits:
        return OpenedClient(client, (), (), (), unread)
    record = visits[-1].record
    return OpenedClient(client, visits, open_actions(record), dues(record), unread)


def listed_client(client: Listed) -> ListedClient:
    """Return a client's line in the list."""
    actions = open_actions(client.ahead)
    sought = folded(f"{client.code} {client.name}")
    return ListedClient(client, len(actions), _dues(client.ahead, actions), folded(client.code), sought)


def dues(record: Record | Ahead) -> tuple[Due, ...]:
    """Return the next appointment and the days of open actions, soonest first."""
    return _dues(record, open_actions(record))


def _dues(record: Record | Ahead, actions: tuple[Action, ...]) -> tuple[Due, ...]:
    days = [Due(action.by, action) for action in actions if action.by]
    if record.next_at:
        days.append(Due(record.next_at.date(), at=record.next_at.time()))
    return tuple(sorted(days, key=lambda due: (due.on, due.action is not None)))


def in_order(lines: Iterable[ListedClient]) -> tuple[ListedClient, ...]:
    """Return lines in the order of the list: the soonest due day first, then the latest visit first."""

    def place(line: ListedClient) -> tuple[date, float, str]:
        begun = line.client.begun
        seen = begun.timestamp() if begun else float("inf")  # a new client comes before old ones
        return line.due.on if line.due else date.max, -seen, line.code

    return tuple(sorted(lines, key=place))


def found(lines: Iterable[ListedClient], query: str) -> tuple[ListedClient, ...]:
    """Return the lines whose code or name holds every word of the query."""
    words = folded(query).split()
    return tuple(line for line in lines if all(word in line.sought for word in words))


def soon(lines: Iterable[ListedClient], today: date) -> tuple[tuple[ListedClient, Due], ...]:
    """Return every due day that has passed or is within a week, with its client; soonest first."""
    pairs = [(line, due) for line in lines for due in line.dues if due.on <= today + SOON]
    return tuple(sorted(pairs, key=lambda pair: pair[1].on))


def appointments(lines: Iterable[ListedClient], on: date) -> tuple[tuple[ListedClient, Due], ...]:
    """Return the clients with an appointment on a day, in the order of its time."""
    timed = [(line, due.at, due) for line in lines for due in line.dues if due.at and due.on == on]
    return tuple((line, due) for line, _, due in sorted(timed, key=lambda each: (each[1], each[0].code)))
