"""What the front desk tells of each client: what is still open, what is due next, visits; order, search and pages."""

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
    """Something to follow up: an action with its day, or (without one) the next appointment with its time."""

    on: date
    action: Action | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True)
class ListedClient:
    """One client as the list shows them: how many actions are open, what is due, soonest first.

    ``sought``: code and name as they are searched, ``code`` the code as it is compared.
    """

    client: Listed
    actions: int
    dues: tuple[Due, ...]
    code: str
    sought: str

    @property
    def due(self) -> Due | None:
        """What is due first."""
        return self.dues[0] if self.dues else None

    def lapsed(self, today: date) -> bool:
        """Return whether the day until which the client agreed to be kept has passed."""
        return self.client.until < today


@dataclass(frozen=True, slots=True)
class OpenedClient:
    """One client as their own page shows them; visits and dues oldest first. ``unread``: visits that cannot be read."""

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


def row(client: Client, visits: tuple[Visit, ...], unread: tuple[str, ...] = ()) -> OpenedClient:
    """Return a client's row: what is open and due follows from the latest visit that can be read."""
    if not visits:
        return OpenedClient(client, (), (), (), unread)
    record = visits[-1].record
    return OpenedClient(client, visits, open_actions(record), dues(record), unread)


def line(client: Listed) -> ListedClient:
    """Return a client's line in the list."""
    actions = open_actions(client.ahead)
    sought = folded(f"{client.code} {client.name}")
    return ListedClient(client, len(actions), _dues(client.ahead, actions), folded(client.code), sought)


def dues(record: Record | Ahead) -> tuple[Due, ...]:
    """Return the next appointment and the days of open actions, soonest first."""
    return _dues(record, open_actions(record))


def _dues(record: Record | Ahead, actions: tuple[Action, ...]) -> tuple[Due, ...]:
    found = [Due(action.by, action) for action in actions if action.by]
    if record.next_at:
        found.append(Due(record.next_at.date(), at=record.next_at.time()))
    return tuple(sorted(found, key=lambda due: (due.on, due.action is not None)))


def in_order(lines: Iterable[ListedClient]) -> tuple[ListedClient, ...]:
    """Return lines in the order in which they want attention: what is due soonest, then who was here last."""

    def place(one: ListedClient) -> tuple[date, float, str]:
        begun = one.client.begun
        seen = begun.timestamp() if begun else float("inf")  # a new client comes before old ones
        return one.due.on if one.due else date.max, -seen, one.code

    return tuple(sorted(lines, key=place))


def found(lines: Iterable[ListedClient], query: str) -> tuple[ListedClient, ...]:
    """Return the lines whose code or name holds every word of the query."""
    words = folded(query).split()
    return tuple(one for one in lines if all(word in one.sought for word in words))


def soon(lines: Iterable[ListedClient], today: date) -> tuple[tuple[ListedClient, Due], ...]:
    """Return everything that is overdue, or due within a week, with whom it is about; soonest first."""
    told = [(one, due) for one in lines for due in one.dues if due.on <= today + SOON]
    return tuple(sorted(told, key=lambda pair: pair[1].on))


def appointments(lines: Iterable[ListedClient], on: date) -> tuple[tuple[ListedClient, Due], ...]:
    """Return who has an appointment on a day, by its time."""
    told = [(one, due.at, due) for one in lines for due in one.dues if due.at and due.on == on]
    return tuple((one, due) for one, _, due in sorted(told, key=lambda each: (each[1], each[0].code)))
