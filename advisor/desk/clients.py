"""What the front desk tells of each client: visits, actions that are still open, what is due next; order and search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from advisor.client import TOKYO
from advisor.forms import folded
from advisor.plans import open_actions
from advisor.store.intake import FIRST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.client import Action, Client, Record, Visit

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Due:
    """Something to follow up: an action with its day, or (without one) the next appointment with its time."""

    on: date
    action: Action | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One client as the desk shows them; visits and dues oldest first."""

    client: Client
    visits: tuple[Visit, ...]
    actions: tuple[Action, ...]  # still open
    dues: tuple[Due, ...]

    @property
    def last(self) -> Visit | None:
        """The latest visit."""
        return self.visits[-1] if self.visits else None

    @property
    def due(self) -> Due | None:
        """What is due first."""
        return self.dues[0] if self.dues else None

    def unused(self, today: date) -> Visit | None:
        """Return the latest visit where it was begun on this day and nothing has been done in it yet."""
        last = self.last
        return last if last and last.record.revision <= FIRST and day_of(last.started) == today else None

    def lapsed(self, today: date) -> bool:
        """Return whether the day until which the client agreed to be kept has passed."""
        return self.client.consent.until < today


def row(client: Client, visits: tuple[Visit, ...]) -> Row:
    """Return a client's row: what is open and due follows from the latest visit."""
    if not visits:
        return Row(client, (), (), ())
    record = visits[-1].record
    return Row(client, visits, open_actions(record), dues(record))


def dues(record: Record) -> tuple[Due, ...]:
    """Return the next appointment and the days of open actions, soonest first."""
    found = [Due(action.by, action) for action in open_actions(record) if action.by]
    if record.next_at:
        found.append(Due(record.next_at.date(), at=record.next_at.time()))
    return tuple(sorted(found, key=lambda due: (due.on, due.action is not None)))


def in_order(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return rows in the order in which they want attention: what is due soonest, then who was here last."""

    def place(one: Row) -> tuple[date, float, str]:
        seen = one.last.started.timestamp() if one.last else float("inf")  # a new client comes before old ones
        return one.due.on if one.due else date.max, -seen, folded(one.client.code)

    return tuple(sorted(rows, key=place))


def found(rows: Iterable[Row], query: str) -> tuple[Row, ...]:
    """Return the rows whose code or name holds every word of the query."""
    words = folded(query).split()
    return tuple(one for one in rows if all(word in folded(f"{one.client.code} {one.client.name}") for word in words))


def soon(rows: Iterable[Row], today: date) -> tuple[tuple[Row, Due], ...]:
    """Return everything that is overdue, or due within a week, with whom it is about; soonest first."""
    told = [(one, due) for one in rows for due in one.dues if due.on <= today + SOON]
    return tuple(sorted(told, key=lambda pair: pair[1].on))


def day_of(moment: datetime) -> date:
    """Return the day of a moment in the room."""
    return moment.astimezone(TOKYO).date()
