"""The client's dates for a phone's calendar (iCalendar, RFC 5545): open actions with a day, and the next appointment.

It holds an action's name and first move only. Whoever shares their calendar sees these entries as private.
"""

from __future__ import annotations

import hmac
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from advisor.client import TOKYO
from advisor.reading import read
from advisor.report.plain import action_name, first_move
from advisor.say import Say, say

if TYPE_CHECKING:
    from icalendar import Event, Timezone

    from advisor.catalog import Catalog
    from advisor.client import Action, Record, Visit

APPOINTMENT = timedelta(hours=1)
EVE_MORNING = timedelta(hours=-15)  # before midnight, when the day of an action begins: nine in the morning
DAY_BEFORE = timedelta(days=-1)


def dated(record: Record) -> tuple[Action, ...]:
    """Return the chosen actions that are still open and have a day."""
    return tuple(action for action in record.plan.chosen if action.status == "open" and action.by is not None)


def calendar(catalog: Catalog, visit: Visit) -> bytes:
    """Return the dates of a visit as an iCalendar file; reading in a later one updates the entries of earlier ones."""
    from icalendar import Calendar  # noqa: PLC0415  (a client's kernel starts without it)

    record = visit.record
    speech = say(catalog, record.language)
    made = Calendar()
    made.add("prodid", "-//advisor-workbook//calendar//EN")
    made.add("version", "2.0")
    made.add_component(_tokyo())
    reading = read(catalog, record.case.responses, record.case.facts)
    for action in dated(record):
        first = first_move(catalog, speech, reading, action)
        made.add_component(_of_action(speech, visit, action, first))
    if record.next_at is not None:
        made.add_component(_of_appointment(speech, visit, record.next_at))
    return bytes(made.to_ical())


def _tokyo() -> Timezone:
    """Return the time zone: Japan has had no summer time since 1951, so one rule says it all."""
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


def _of_action(say: Say, visit: Visit, action: Action, first: str) -> Event:
    event = _event(visit, action.id, action_name(say, action), action.by, EVE_MORNING)
    if first:
        event.add("description", say("export_calendar_first", text=first))
    if action.by is not None and action.by < date.max:
        event.add("dtend", action.by + timedelta(days=1))
    event.add("transp", "TRANSPARENT")  # the day stays free
    return event


def _of_appointment(say: Say, visit: Visit, at: datetime) -> Event:
    start = at.replace(tzinfo=TOKYO)
    event = _event(visit, "next_at", say("export_calendar_next"), start, DAY_BEFORE)
    event.add("duration", APPOINTMENT)
    return event


def _event(visit: Visit, part: str, summary: str, start: Any, alarm: timedelta) -> Event:  # noqa: ANN401  (a day or a time)
    """Return an entry with what all of them have. A higher sequence tells a calendar that the entry was changed."""
    from icalendar import Alarm, Event  # noqa: PLC0415  (as above)

    bell = Alarm()
    bell.add("action", "DISPLAY")
    bell.add("description", summary)
    bell.add("trigger", alarm)
    event = Event()
    event.add("uid", _uid(visit.id, part))
    event.add("dtstamp", visit.changed.astimezone(UTC))
    event.add("sequence", visit.record.revision)
    event.add("summary", summary)
    event.add("dtstart", start)
    event.add("class", "PRIVATE")
    event.add_component(bell)
    return event


def _uid(visit: str, part: str) -> str:
    """Return an id that tells nothing: the visit's own id opens its page, so only a keyed hash of it leaves."""
    return hmac.new(visit.encode(), part.encode(), "sha256").hexdigest()[:32] + "@advisor-workbook"
