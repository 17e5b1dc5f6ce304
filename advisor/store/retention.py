"""Retention: clients are hidden on the first day after their time is over, and erased on a second, later day.

A wrong clock must erase nobody. So a day is doubted if it comes long after the last accepted day, or if most clients
would be due at once. Then nothing is erased or noted until a person confirms the day.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from advisor.session.model import TOKYO
from advisor.store import access_log, erasure, ownership, settings, tables
from advisor.store.errors import NotSaved

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from advisor.store.database import Database

LEAP = timedelta(days=60)  # the next accepted day is at most so much later; after a longer pause a person is asked
MANY = 3  # if so many, and at least half of all that can be erased, become due at once, a person is asked
_DAY, _DUE = "day", "due"  # settings: the last accepted day; ids with the day on which they were first seen as due
_MOMENTS = (tables.access.c.at, tables.visit.c.changed, tables.event.c.at)


@dataclass(frozen=True, slots=True)
class Expiry:
    """What was done with clients, visits, appointments and invitations whose time is over.

    erased: clients erased now that the viewer could see. hidden: ids of what is due and not erased yet. waiting: how
    many hidden clients the viewer may see. doubt: the last accepted day, if today is doubted.
    """

    erased: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    waiting: int = 0
    doubt: date | None = None


@dataclass(frozen=True, slots=True)
class _Look:
    """Who is due on a day, since when that is noted, and whether the day is doubted."""

    today: date
    clients: frozenset[str]
    visits: frozenset[str]
    appointments: frozenset[str]
    invitations: frozenset[str]
    noted: dict[str, date]
    last: date | None  # the last accepted day
    is_doubted: bool
    is_new: bool  # the first look on this day, and the day is accepted

    @property
    def due(self) -> frozenset[str]:
        """All clients, visits, appointments and invitations whose time is over."""
        return self.clients | self.visits | self.appointments | self.invitations

    @property
    def since(self) -> dict[str, date]:
        """The day on which each was first seen as due. A noted day after today is from a wrong clock: today counts."""
        return {name: min(self.noted.get(name, self.today), self.today) for name in sorted(self.due)}

    @property
    def going(self) -> frozenset[str]:
        """The ids of what to erase: it was due on an earlier day already."""
        earlier = (name for name, day in self.since.items() if day < self.today)
        return frozenset() if self.is_doubted else frozenset(earlier)

    @property
    def tells(self) -> bool:
        """Whether there is anything to note."""
        return not self.is_doubted and (self.is_new or self.since != self.noted)


def expire(store: Database, today: date) -> Expiry:
    """Erase what was due on an earlier day, and note what is due for the first time.

    It does so for the clients of all advisers, not only for those of the viewer.
    """
    with store.reading() as connection:
        look = _look(connection, today)
        seen = _seen(connection, look.clients, store.adviser)
    erased: list[str] = []
    if look.going:
        erased = _carry_out(store, today)
        erasure.sweep(store.engine)
    elif look.tells:
        with suppress(NotSaved):  # the next look notes it
            _carry_out(store, today)
    hidden = look.due - look.going
    doubt = (look.last or today) if look.is_doubted else None
    return Expiry(tuple(name for name in erased if name in seen), hidden, len(seen & hidden), doubt)


def answer(store: Database, today: date, *, is_right: bool) -> None:
    """Log a person's answer: is today's date right? If so, today is accepted, and what is due is noted today."""
    with store.writing() as connection:
        store.take_turns(connection)
        action: access_log.Action = "day_confirmed" if is_right else "day_denied"
        access_log.write(connection, store.by, action, detail=today.isoformat())
        if is_right:
            settings.put(connection, _DAY, today.isoformat())
            _note(connection, _look(connection, today).since)


def _carry_out(store: Database, today: date) -> list[str]:
    """Erase what is to go, note the others and the day; return the erased clients."""
    with store.writing() as connection:
        store.take_turns(connection)
        look = _look(connection, today)  # again: something may have changed since the first look
        erased = [name for name in sorted(look.clients & look.going) if erasure.erase_client(connection, name, today)]
        for client in erased:
            access_log.write(connection, access_log.POLICY, "expired", client=client)
        for visit in sorted(look.visits & look.going):
            if erasure.erase_visit(connection, visit, today):
                access_log.write(connection, access_log.POLICY, "expired", visit=visit)
        for appointment in look.appointments & look.going:
            erasure.erase_appointment(connection, appointment)
        for invitation in look.invitations & look.going:
            erasure.erase_invitation(connection, invitation)
        if look.tells:
            _note(connection, {name: day for name, day in look.since.items() if name not in look.going})
        if look.is_new:
            settings.put(connection, _DAY, today.isoformat())
    return erased


def _look(connection: Connection, today: date) -> _Look:
    clients, visits, appointments, invitations = map(frozenset, erasure.overdue(connection, today))
    noted = {name: date.fromisoformat(day) for name, day in json.loads(settings.get(connection, _DUE) or "{}").items()}
    last, erasable = _believed(connection, today), _erasable(connection)
    leaps = last is not None and today > last + LEAP and any(erasable)
    is_much = any(
        _is_much(len(names - noted.keys()), of) for names, of in zip((clients, visits), erasable[:2], strict=True)
    )
    is_first = last is None or today > last or (today == last and settings.get(connection, _DAY) is None)
    doubts = leaps or is_much
    return _Look(today, clients, visits, appointments, invitations, noted, last, doubts, is_first and not doubts)


def _believed(connection: Connection, today: date) -> date | None:
    """Return the last accepted day: the one in the settings, or a later day that the store's moments lead to.

    From moment to moment there may be no leap. An older store without the setting gives the day of its newest moment.
    """
    kept = settings.get(connection, _DAY)
    if kept is None:
        return _newest(connection)
    last = date.fromisoformat(kept)
    while today > last + LEAP:  # people may have worked on visits and not opened the list
        reached = _newest(connection, last + LEAP)
        if reached is None or reached <= last:
            break
        last = reached
    return last


def _newest(connection: Connection, until: date = date.max) -> date | None:
    """Return the day of the newest moment in the store that is not after ``until``."""
    moments = []
    for moment in _MOMENTS:
        chosen = select(func.max(moment))
        if until < date.max:
            chosen = chosen.where(moment < datetime.combine(until + timedelta(days=1), time(), TOKYO).astimezone(UTC))
        moments.append(connection.execute(chosen).scalar_one())
    days = [moment.astimezone(TOKYO).date() for moment in moments if moment is not None]
    return max(days, default=None)


def _erasable(connection: Connection) -> tuple[int, ...]:
    """Return how many clients, visits and appointments of nobody, and invitations will be erased at their time."""
    client, visit, appointment = tables.client, tables.visit, tables.appointment
    clients = select(func.count()).select_from(client).where(client.c.at_end == "erase")
    visits = select(func.count()).select_from(visit).where(visit.c.client.is_(None))
    meetings = select(func.count()).select_from(appointment).where(appointment.c.client.is_(None))
    links = select(func.count()).select_from(tables.invitation)
    return tuple(connection.execute(chosen).scalar_one() for chosen in (clients, visits, meetings, links))


def _is_much(new: int, of: int) -> bool:
    return new >= MANY and 2 * new >= of


def _seen(connection: Connection, clients: Iterable[str], viewer: str | None) -> set[str]:
    """Return those of the clients that the viewer may see."""
    client = tables.client
    chosen = select(client.c.id).where(client.c.id.in_(list(clients)), ownership.seen(client, viewer))
    return set(connection.execute(chosen).scalars())


def _note(connection: Connection, since: dict[str, date]) -> None:
    settings.put(connection, _DUE, json.dumps({name: day.isoformat() for name, day in since.items()}))
