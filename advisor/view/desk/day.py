"""What the desk says of today: its appointments by their time, what is to be followed up; the form of appointments."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from advisor.report.sanitize import action_name
from advisor.session.appointments import ends, key, local
from advisor.session.model import WAYS, day_of
from advisor.view.desk import booking, clients, invites
from advisor.view.desk.words import person, short_day, spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from advisor.content.translator import Say
    from advisor.session.model import Appointment
    from advisor.view.desk.clients import Due, ListedClient, Meeting
    from advisor.view.desk.desk import Desk

Context = dict[str, Any]
Question = dict[str, Any]


# --- today --------------------------------------------------------------------------------------------------------


def rows(desk: Desk, say: Say, meetings: Iterable[Meeting], address: Callable[..., str]) -> list[Context]:
    """Return the rows of today's appointments. One of them may be ``now``, one has the main button.

    ``line`` marks the row before which the line for this moment stands.
    """
    now = desk.now()
    made = [_row(desk, say, one, now, address) for one in meetings]
    ahead = [row for row in made if not row["past"]]
    main = next((row for row in made if row["now"] and row["begun"]), ahead[0] if ahead else None)
    for row in made:
        row["main"] = row is main
    later = next((row for row in made if row["at"] > now), None)
    if later is not None:
        later["line"] = f"{now:%H:%M}"
    return made


def _row(desk: Desk, say: Say, meeting: Meeting, now: datetime, address: Callable[..., str]) -> Context:
    one, line = meeting.appointment, meeting.line
    begun, is_now = meeting.is_begun, one.at <= now < ends(one)
    told = [_status(say, one, now)] if begun and is_now else []
    note = one.note.strip() and (say("desk_note_hidden") if desk.masked else one.note.strip())
    return {
        "key": key(one),
        "at": one.at,
        "time": f"{local(one.at):%H:%M}",
        "person": person(desk, line.client) if line else {"id": "", "code": "", **_first_timer(desk, one)},
        "what": say("list_dot").join(_what(say, one, line, begun=begun)),
        "told": say("list_dot").join([*told, *([note] if note else [])]),
        "sheet": invites.chip(desk, say, line.client.id) if line and not begun else None,
        "begun": begun,
        "url": address(line.client.visit) if line and begun else "",
        "now": is_now,
        "past": ends(one) <= now,
        "line": "",
        "main": False,
    }


def _first_timer(desk: Desk, one: Appointment) -> Context:
    name = one.name.strip()
    return {"name": "" if desk.masked else name, "masked": desk.masked and bool(name)}


def _what(say: Say, one: Appointment, line: ListedClient | None, *, begun: bool) -> list[str]:
    visits = line.client.visits + (0 if begun else 1) if line else 1
    length = [say("desk_minutes", number=one.minutes)] if one.id else []  # a record says nothing of the length
    way = [say(f"way_{one.way}")] if one.way != "room" else []
    return [say("desk_session_number", number=visits), *length, *way]


def _status(say: Say, one: Appointment, now: datetime) -> str:
    if not one.id:
        return say("desk_in_session")
    return say("desk_minutes_left", number=-((now - ends(one)) // timedelta(minutes=1)))


def empty(desk: Desk, say: Say) -> str:
    """Return the sentence about the next appointment, for a day without any; empty if there is none."""
    now = desk.now()
    later = next((one.appointment for one in desk.meetings() if one.appointment.at > now), None)
    if later is None:
        return ""
    at = local(later.at)
    return say("desk_next_is", day=spoken(say, at.date(), desk.today()), time=f"{at:%H:%M}")


# --- what is due --------------------------------------------------------------------------------------------------


def due(desk: Desk, say: Say, line: ListedClient, one: Due) -> Context:
    """Return the row about something to follow up: the day in words, the client, and sentences."""
    today = desk.today()
    return {
        "person": person(desk, line.client),
        "day": _distance(say, one.on, today) if one.on else "",
        "past": one.on is not None and one.on < today,
        "text": say.prose(_due_sentences(desk, say, line, one)),
    }


def _due_sentences(desk: Desk, say: Say, line: ListedClient, one: Due) -> list[str]:
    today = desk.today()
    if one.kind == "until":
        return [say("desk_due_until")]
    if one.kind == "missed":
        return [say("desk_due_missed")]
    upcoming = line.next(today)
    ahead = (
        say("desk_due_next", day=short_day(say, day_of(upcoming.at), today)) if upcoming else say("desk_due_no_next")
    )
    if one.action is None:
        return [say("desk_due_actions", number=one.more), ahead]
    what = "" if desk.masked else action_name(say, one.action, "desk_unnamed_action")
    sentence = say("desk_due_action", what=what) if what else say("desk_due_action_hidden")
    return [sentence, *([say("desk_due_more", number=one.more)] if one.more else []), ahead]


def _distance(say: Say, on: date, today: date) -> str:
    days = (on - today).days
    near = {-1: "desk_yesterday", 0: "desk_today", 1: "desk_tomorrow"}
    if days in near:
        return say(near[days])
    return say("desk_days_ago", number=-days) if -clients.SOON.days <= days < 0 else short_day(say, on, today)


# --- the form of an appointment -----------------------------------------------------------------------------------


def booking_top(desk: Desk, _: Say) -> Context:
    """Return whether the form is open, for a new or a changed appointment, and for whom, if that is given."""
    form = desk.booking
    if form is None:
        return {"kind": ""}
    given = desk.existing(form.values["client"]) if form.fixed else None
    return {
        "kind": "move" if form.before else "new",
        "person": person(desk, given) if given else None,
        "first": form.is_first and form.before is not None,
        "hidden": desk.masked,
    }


def booking_questions(desk: Desk, say: Say) -> list[Question]:
    """Return the questions about an appointment; none while the form is closed, or names are hidden."""
    form = desk.booking
    if form is None or desk.masked:
        return []
    asked: list[Question] = []
    if not form.fixed and form.before is None:
        asked.append(_choice(say, "kind", booking.KINDS))
    if form.is_first:
        asked.append(_line(say, "name", booking.NAME_MAX))
    elif not form.fixed:
        asked += _clients(desk, say)
    asked += [
        {"id": "booking-day", "type": "date", **_asked(say, "day")},
        {"id": "booking-time", "type": "time", **_asked(say, "time")} | _overlap(desk, say),
        {"id": "booking-minutes", "type": "number", **_minutes(say)},
        _choice(say, "way", WAYS),
        _line(say, "note", booking.NOTE_MAX),
    ]
    shown = {question["id"].removeprefix("booking-"): question for question in asked}
    for name, (word, most) in desk.booking_problems.items():
        shown["who" if name == "client" and name not in shown else name]["error"] = say(word, most=most)
    return asked


def booking_values(desk: Desk) -> dict[str, Any]:
    """Return the text in the fields of the form, as it was typed."""
    if desk.booking is None or desk.masked:
        return {}
    return {f"booking-{name}": text for name, text in desk.booking.values.items()}


def booking_foot(desk: Desk, say: Say) -> Context:
    """Return whether the form is open and can be handed in, and the names of the fields with errors."""
    wrong = say.quoted(say(f"booking_{'who' if name == 'client' else name}") for name in desk.booking_problems)
    form = desk.booking
    return {
        "open": form is not None,
        "kind": "move" if form and form.before else "new",
        "wrong": wrong,
        "hidden": desk.masked,
    }


def _clients(desk: Desk, say: Say) -> list[Question]:
    who: Question = {"id": "booking-who", "type": "line", "pause": 100, **_asked(say, "who")}
    options = [
        {"id": line.client.id, "label": say("code_and_name", code=line.client.code, name=line.client.name).strip()}
        for line in desk.matches
    ]
    if not options:
        nobody = desk.booking is not None and desk.booking.values["who"].strip()
        return [who | ({"hint": say("booking_nobody")} if nobody else {})]
    return [
        who,
        {"id": "booking-client", "type": "choice", "text": say("booking_client"), "options": options, "required": True},
    ]


def _minutes(say: Say) -> dict[str, str]:
    return {"text": say("booking_minutes"), "unit": say("booking_minutes_unit")}


def _overlap(desk: Desk, say: Say) -> Question:
    found = desk.overlapping
    if not found:
        return {}
    others = []
    for one in found:
        who = one.line.client.code if one.line else say("desk_first_timer")
        others.append(say("booking_other", time=f"{local(one.appointment.at):%H:%M}", who=who))
    return {"hint": say("booking_overlap", others=say.enumeration(others))}


def _asked(say: Say, name: str) -> dict[str, str]:
    return {"text": say(f"booking_{name}"), "help": say(f"booking_{name}_help")}


def _line(say: Say, name: str, most: int) -> Question:
    return {"id": f"booking-{name}", "type": "line", **_asked(say, name), "maxlength": most}


def _choice(say: Say, name: str, values: Iterable[str]) -> Question:
    options = [{"id": value, "label": say(f"{'way' if name == 'way' else 'booking_kind'}_{value}")} for value in values]
    return {
        "id": f"booking-{name}",
        "type": "choice",
        "text": say(f"booking_{name}"),
        "options": options,
        "required": True,
    }
