"""The client's dates for a phone's calendar (iCalendar, RFC 5545): open actions with a day, and the next appointment.

The file holds only the name and the first move of an action, and at the appointment the office with its contact. The
entries are private in a shared calendar.

A calendar identifies an entry by its UID and keeps the one with the higher SEQUENCE. So an action keeps its UID from
visit to visit. An entry of an earlier file that no longer holds is written as CANCELLED; a calendar that never had the
entry ignores it. The file has no METHOD, because it is no invitation (RFC 5546 would need an organizer).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from advisor.content.translator import Say, say
from advisor.report.heads import given_by, head
from advisor.report.sanitize import action_name, first_move
from advisor.scoring.reading import read
from advisor.session import plans
from advisor.session.letterhead import NOBODY, Imprint
from advisor.session.model import TOKYO
from advisor.session.plans import open_actions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from icalendar import Alarm, Event, Timezone

    from advisor.content.catalog import Catalog
    from advisor.session.model import Action, Record, Visit

    First = Callable[[Action], str]

APPOINTMENT = timedelta(hours=1)
EVE_MORNING = timedelta(hours=-15)  # nine in the morning of the day before; an action's day begins at midnight
DAY_BEFORE = timedelta(days=-1)
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)  # sequences count seconds from here, so that they fit into 31 bits


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a calendar: an action on its day, or an appointment at its time (``start``: local time)."""

    uid: str
    summary: str
    start: date
    first: str = ""
    is_over: bool = False  # written as CANCELLED


def holds_any(record: Record) -> bool:
    """Return whether a calendar file of this record may have entries: now, or cancelled ones of an earlier file."""
    return bool(record.plan.actions or record.review or record.next_at)


def calendar(
    catalog: Catalog,
    visit: Visit,
    past: tuple[Visit, ...] = (),
    today: Catalog | None = None,
    imprint: Imprint = NOBODY,
) -> bytes:
    """Return the dates of a visit as an iCalendar file. To import a later file updates the entries of earlier ones.

    ``past``: all earlier states of the client's visits up to this one, oldest first, from
    :mod:`advisor.store.past_plans`. ``today``: the present catalogue, if ``catalog`` is an older one.
    """
    from icalendar import Calendar  # noqa: PLC0415  (a client's kernel starts without it)

    speech = say(catalog, visit.record.language, today)
    document = Calendar()
    document.add("prodid", "-//advisor-workbook//calendar//EN")
    document.add("version", "2.0")
    document.add_component(_tokyo())
    reading = read(catalog, visit.record.case.responses, visit.record.case.facts)
    first = partial(first_move, catalog, speech, reading)
    office = given_by(speech, head(speech, imprint))
    for entry in entries(speech, visit, first, past):
        document.add_component(_event(speech, visit, entry, _sequence(visit, past), office))
    return bytes(document.to_ical())


def entries(say: Say, visit: Visit, told: First, past: tuple[Visit, ...] = ()) -> tuple[Entry, ...]:
    """Return the entries to show now, then those to cancel; ``told`` returns the first move of an action."""
    before: dict[str, str] = {}  # the id of the visit before, by the visit's id
    shown: dict[str, tuple[Entry, Visit]] = {}
    order = list(dict.fromkeys(state.id for state in (*past, visit)))
    before.update(zip(order[1:], order, strict=False))
    for state in past:
        shown.update((entry.uid, (entry, state)) for entry in _dated(say, state, told, before.get(state.id, "")))
    last = {state.id: state for state in past}
    now = {entry.uid: entry for entry in _dated(say, visit, told, before.get(visit.id, ""))}
    over = [
        replace(entry, is_over=True)
        for uid, (entry, state) in shown.items()
        if uid not in now and not _has_taken_place(entry, last[state.id], visit)
    ]
    return (*now.values(), *over)


def _has_taken_place(entry: Entry, then: Visit, visit: Visit) -> bool:
    """Return whether an entry is an earlier visit's appointment that must not be cancelled.

    Either this visit has no new appointment, or the old one is the day of this visit or before it.
    """
    if then.id == visit.id or not isinstance(entry.start, datetime) or then.record.next_at != entry.start:
        return False
    return visit.record.next_at is None or entry.start.date() <= visit.started.astimezone(TOKYO).date()


def _dated(say: Say, visit: Visit, told: First, before: str) -> Iterable[Entry]:
    """Yield the entries of one state of a visit; ``before``: the id of the visit before it."""
    for action in open_actions(visit.record):
        if action.by is not None:
            uid = _uid(visit, before, action)
            yield Entry(uid, action_name(say, action), action.by, told(action))
    if visit.record.next_at is not None:
        yield Entry(plans.opaque_name(visit.id, "next_at"), say("export_calendar_next"), visit.record.next_at)


def _uid(visit: Visit, before: str, action: Action) -> str:
    """Return the UID of an action: the one that it got in the first visit that has it."""
    old = action if action in visit.record.review else plans.goes_on(visit.record, action)
    if action.origin or old is None:
        return action.origin or plans.opaque_name(visit.id, action.id)
    return old.origin or plans.opaque_name(before or visit.id, old.id if before else f"review-{old.id}")


def _sequence(visit: Visit, past: tuple[Visit, ...]) -> int:
    """Return a number that grows with every change and every visit."""
    revisions = {state.id: state.record.revision for state in (*past, visit)}
    return max(0, int((visit.started - EPOCH).total_seconds())) + sum(revisions.values())


def _tokyo() -> Timezone:
    """Return the time zone of Japan. It needs one rule only: there has been no summer time since 1951."""
    from icalendar import Timezone, TimezoneStandard  # noqa: PLC0415  (as above)

    rule = TimezoneStandard()
    rule.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  (a time zone's rule begins in local time)
    rule.add("tzoffsetfrom", timedelta(hours=9))
    rule.add("tzoffsetto", timedelta(hours=9))
    rule.add("tzname", "JST")
    zone = Timezone()
    zone.add("tzid", TOKYO.key)
    zone.add_component(rule)
    return zone


def _event(say: Say, visit: Visit, entry: Entry, sequence: int, office: str) -> Event:
    """Return an entry as an iCalendar event. A higher sequence means: the entry was changed.

    ``office`` stands at an appointment, so that the client knows whom to call.
    """
    from icalendar import Event  # noqa: PLC0415  (as above)

    event, at = Event(), entry.start
    event.add("uid", f"{entry.uid}@advisor-workbook")
    event.add("dtstamp", visit.changed.astimezone(UTC))
    event.add("sequence", sequence)
    event.add("status", "CANCELLED" if entry.is_over else "CONFIRMED")
    event.add("summary", entry.summary)
    event.add("dtstart", at.replace(tzinfo=TOKYO) if isinstance(at, datetime) else at)
    event.add("class", "PRIVATE")
    if isinstance(at, datetime):
        event.add("duration", APPOINTMENT)
        if office:
            event.add("description", office)
    elif at < date.max:
        event.add("dtend", at + timedelta(days=1))
    if entry.first:
        event.add("description", say("export_calendar_first", text=entry.first))
    if entry.is_over or not isinstance(at, datetime):
        event.add("transp", "TRANSPARENT")  # the day stays free
    if not entry.is_over:
        event.add_component(_bell(entry.summary, DAY_BEFORE if isinstance(at, datetime) else EVE_MORNING))
    return event


def _bell(summary: str, before: timedelta) -> Alarm:
    from icalendar import Alarm  # noqa: PLC0415  (as above)

    bell = Alarm()
    bell.add("action", "DISPLAY")
    bell.add("description", summary)
    bell.add("trigger", before)
    return bell
