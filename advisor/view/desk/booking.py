"""The form of an appointment: the typed text, its errors, and the appointment that is made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from advisor.session.appointments import MINUTES_MAX, aware, local
from advisor.session.forms import Unusable, day, has_unseen, line, number, stored_day, time_of_day
from advisor.session.model import WAYS, Appointment

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME_MAX, NOTE_MAX = 80, 200
KINDS = ("client", "first")
_USUAL = Appointment("", aware(datetime(1, 1, 1)))  # noqa: DTZ001  (only its defaults are used)
FIELDS = ("kind", "who", "client", "name", "day", "time", "minutes", "way", "note")


@dataclass(frozen=True, slots=True)
class Booking:
    """The fields of the form as typed text; days and times that can be read stand in their stored form.

    ``before``: the appointment that is changed; None for a new one. ``fixed``: the client is given and not asked for.
    ``asked``: the form was handed in once. From then on, errors stand beside the fields.
    """

    values: dict[str, str]
    before: Appointment | None = None
    fixed: bool = False
    asked: bool = False

    @property
    def is_first(self) -> bool:
        """Whether the appointment is for somebody who is not registered yet."""
        return self.values["kind"] == "first"


def blank(client: str = "", *, anybody: bool = True) -> Booking:
    """Return the form of a new appointment; ``client``: for whom. Without ``anybody``, nobody is registered yet."""
    values = dict.fromkeys(FIELDS, "") | {"kind": "client" if anybody else "first", "client": client}
    return Booking(values | {"minutes": str(_USUAL.minutes), "way": _USUAL.way}, fixed=bool(client))


def of(appointment: Appointment) -> Booking:
    """Return the form with the data of an appointment."""
    at = local(appointment.at)
    values = {
        "kind": "first" if appointment.client is None else "client", "who": "", "client": appointment.client or "",
        "name": appointment.name, "day": at.date().isoformat(), "time": f"{at:%H:%M}",
        "minutes": str(appointment.minutes), "way": appointment.way, "note": appointment.note,
    }  # fmt: skip
    return Booking(values, appointment, fixed=appointment.client is not None)


def rebased(form: Booking, now: Appointment) -> Booking:
    """Return the form after somebody else changed the appointment. Text typed here stays; the rest is as stored."""
    before, stored = of(form.before).values if form.before else {}, of(now)
    typed = {name: text for name, text in form.values.items() if text != before.get(name)}
    return replace(stored, values={**stored.values, **typed})


def filled(form: Booking, field: str, text: str, today: date) -> Booking:
    """Return the form with one field set from typed text.

    Raises:
        KeyError: the form has no such field, or the field has no such option.
    """
    options = {"kind": KINDS, "way": WAYS}
    if field not in FIELDS or text not in options.get(field, (text,)) or (field == "kind" and form.before):
        raise KeyError(field)
    return replace(form, values={**form.values, field: _stored(field, text, today)})


def problems(form: Booking, today: date, known: Callable[[str], bool]) -> dict[str, tuple[str, int]]:
    """Return the errors by field: the word of the error, and the limit it names. ``known``: whether a client exists."""
    return {field: (unusable.word, unusable.most) for field, unusable in _problems(form, today, known)}


def at_of(form: Booking, today: date) -> datetime | None:
    """Return the moment of the form; None while it has no day or no time."""
    try:
        on, at = day(form.values["day"], today), time_of_day(form.values["time"])
    except Unusable:
        return None
    return aware(datetime.combine(on, at))


def appointment_of(form: Booking, new_id: str, today: date) -> Appointment | None:
    """Return the appointment of a form; ``new_id``: its id if it has none. None while day or time are missing."""
    at = at_of(form, today)
    if at is None:
        return None
    values, kept = form.values, form.before or Appointment("", at)
    return replace(
        kept,
        id=kept.id or new_id,
        at=at,
        client=None if form.is_first else values["client"],
        name=values["name"].strip() if form.is_first else "",
        minutes=_minutes(values["minutes"]) or _USUAL.minutes,
        way=next((way for way in WAYS if way == values["way"]), _USUAL.way),
        note=values["note"].strip(),
    )


def _stored(field: str, text: str, today: date) -> str:
    """Return the day or time in its stored form, if it can be read; any other text as it was typed."""
    if field == "day":
        return stored_day(text, today)
    try:
        return f"{time_of_day(text):%H:%M}" if field == "time" else text
    except Unusable:
        return text


def _problems(form: Booking, today: date, known: Callable[[str], bool]) -> Iterator[tuple[str, Unusable]]:
    values = form.values
    if not form.is_first and not known(values["client"]):
        yield "client", Unusable("booking_error_client")
    checks: tuple[tuple[str, Callable[[], object]], ...] = (
        ("name", lambda: _seen(line(values["name"].strip(), NAME_MAX))),
        ("day", lambda: _day(values["day"], today)),
        ("time", lambda: _given(values["time"], "booking_error_time") and time_of_day(values["time"])),
        ("minutes", lambda: _length(values["minutes"])),
        ("note", lambda: line(values["note"].strip(), NOTE_MAX)),
    )
    for field, check in checks:
        try:
            check()
        except Unusable as unusable:
            yield field, unusable


def _given(text: str, word: str) -> str:
    if not text.strip():
        raise Unusable(word)
    return text


def _day(text: str, today: date) -> None:
    if day(_given(text, "booking_error_day"), today) < today:
        raise Unusable("booking_error_past")


def _seen(text: str) -> None:
    if has_unseen(text):
        raise Unusable("desk_error_unseen")


def _length(text: str) -> None:
    if _minutes(text) < 1:
        raise Unusable("booking_error_minutes", MINUTES_MAX)


def _minutes(text: str) -> int:
    """Return the typed minutes; 0 if they cannot be used."""
    try:
        return int(number(text.replace("分", ""), MINUTES_MAX))
    except ValueError:
        return 0
