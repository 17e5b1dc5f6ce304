"""The appointments of a client: what visits agreed, and what the desk has made of it since.

What was agreed in a visit is ``Record.next_at``. It stays as it was said then. The desk keeps rows
(:class:`Appointment`): an appointment of its own, or the replacement of an agreed one, which it moved or cancelled. A
replacement counts as long as its visit still says what it replaced. If the record was changed since, the newer word of
the record counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from advisor.session.model import TOKYO, Appointment, day_of

MINUTES_MAX = 480


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a visit says about the next appointment.

    ``on``: the day of the visit. ``at``: the appointment in local time; None if the visit agreed on none. ``used``:
    whether the visit was changed since it began; one that was only begun has not said anything.
    """

    visit: str
    on: date
    at: datetime | None = None
    used: bool = True


def local(at: datetime) -> datetime:
    """Return an aware moment in the local time of Asia/Tokyo, without its zone, as :attr:`Record.next_at` has it."""
    return at.astimezone(TOKYO).replace(tzinfo=None)


def aware(at: datetime) -> datetime:
    """Return a local moment with its zone."""
    return at.replace(tzinfo=TOKYO)


def counting(agreed: Sequence[Agreed], today: date) -> Iterator[Agreed]:
    """Yield what counts of what a client's visits agreed, latest first.

    The latest visit counts. A visit that was only begun says nothing, so the one before counts. And while a
    visit of today is the latest, the appointment of today still counts: the visit keeps it.
    """
    is_open = True
    for one in agreed:
        is_kept_today = agreed[0].on >= today and one.at is not None and one.at.date() == today
        if is_open or is_kept_today:
            yield one
        is_used = one.used or one.at is not None
        if is_used and one.on < today:
            return
        is_open = is_open and not is_used


def standing(
    client: str, agreed: Sequence[Agreed], rows: Iterable[Appointment], today: date
) -> tuple[Appointment, ...]:
    """Return the appointments of a client, soonest first.

    ``agreed``: what each of the client's visits agreed, latest first. ``rows``: the client's rows of the desk.
    An appointment that is only in a record has no id.
    """
    said = {one.visit: one.at for one in agreed}
    kept = [row for row in rows if row.visit is None or said.get(row.visit, row.agreed) == row.agreed]
    replaced = {row.visit for row in kept}
    unmoved = [
        Appointment("", aware(one.at), client, one.visit, one.at)
        for one in counting(agreed, today)
        if one.at is not None and one.visit not in replaced
    ]
    return tuple(sorted([*unmoved, *(row for row in kept if not row.cancelled)], key=lambda one: (one.at, key(one))))


def key(appointment: Appointment) -> str:
    """Return the id by which a page names an appointment: its own, or that of the visit that agreed on it."""
    return appointment.id or appointment.visit or ""


def met(appointments: Iterable[Appointment], begun: date | None) -> Appointment | None:
    """Return the appointment that the latest visit keeps: the first one on its day; ``begun`` is that day."""
    return next((one for one in appointments if day_of(one.at) == begun), None)


def ahead(appointments: Sequence[Appointment], today: date, begun: date | None) -> tuple[Appointment, ...]:
    """Return the appointments from today on that no visit has kept yet."""
    kept = met(appointments, begun)
    return tuple(one for one in appointments if day_of(one.at) >= today and one is not kept)


def missed(appointments: Sequence[Appointment], today: date, begun: date | None) -> Appointment | None:
    """Return the last appointment before today, if no visit began on its day or since; None if there is none."""
    past = [one for one in appointments if day_of(one.at) < today and (begun is None or day_of(one.at) > begun)]
    return past[-1] if past else None


def ends(appointment: Appointment) -> datetime:
    """Return the moment at which an appointment ends."""
    return appointment.at + timedelta(minutes=appointment.minutes)


def overlapping(appointment: Appointment, others: Iterable[Appointment]) -> tuple[Appointment, ...]:
    """Return those of the others that take place at the same time, soonest first."""
    same = [one for one in others if key(one) != key(appointment) and not one.cancelled]
    meeting = [one for one in same if one.at < ends(appointment) and appointment.at < ends(one)]
    return tuple(sorted(meeting, key=lambda one: one.at))


def cancelled(appointment: Appointment, new_id: str) -> Appointment:
    """Return the row that cancels an appointment; ``new_id``: its id if the appointment is only in a record."""
    return replace(appointment, id=appointment.id or new_id, cancelled=True)
