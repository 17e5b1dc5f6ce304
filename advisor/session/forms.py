"""Forms: conversion of typed text into values, and changes of the rows of worksheets.

Each function takes the present state and returns the new state. A text that cannot be used raises :class:`Unusable`
with the key of a sentence that says why. An unknown id raises :class:`KeyError`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from advisor.session.model import Entry, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.content.catalog import Catalog
    from advisor.content.model import FormField, Worksheet

LINE_MAX = 200
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # control characters: no key types them, databases refuse them
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # Unicode categories of invisible signs: line ends, direction marks, no width
_NEAR = timedelta(days=60)  # a day without a year may lie so far on the other side of today
_RELATIVE = {
    "今日": 0, "本日": 0, "明日": 1, "あした": 1, "明後日": 2, "あさって": 2, "昨日": -1,
    "today": 0, "tomorrow": 1, "yesterday": -1,
}  # fmt: skip
_ERAS = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988, "昭和": 1925, "s": 1925}  # the year before the first one
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("月mon", "火tue", "水wed", "木thu", "金fri", "土sat", "日sun")
_ENGLISH_WEEKDAY = r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_WEEKDAY = re.compile(
    rf"\(\s*([月火水木金土日])(?:曜日?)?\s*\)$|([月火水木金土日])曜日?$|\(\s*{_ENGLISH_WEEKDAY}\.?\s*\)$|^{_ENGLISH_WEEKDAY}[.,]?\s"
)
_MONTH_NAME = r"(?P<name>[a-z]{3})[a-z]*\.?"
_DAYS = tuple(
    re.compile(form + "$")
    for form in (
        r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)",
        r"(?P<era>令和|平成|昭和|[rhs])\s*(?P<year>\d{1,2}|元)\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?",
        r"(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?",
        rf"(?P<day>\d{{1,2}})\s*{_MONTH_NAME}(?:,?\s*(?P<year>\d{{4}}))?",
        rf"{_MONTH_NAME}\s*(?P<day>\d{{1,2}})(?:,?\s*(?P<year>\d{{4}}))?",
    )
)
_TIME = re.compile(  # 14:00, 14:00:30, 1400, 9, 14時, 14時半, 午後2時30分, 2 pm
    r"(?P<half>午前|午後|[ap]\.?m\.?)?\s*"
    r"(?:(?P<hour>\d{1,2})(?:\s*[:.]\s*(?P<minute>\d\d)(?::\d\d(?:\.\d+)?)?|\s*時\s*(?:(?P<minutes>\d{1,2})\s*分|(?P<thirty>半))?)?"
    r"|(?P<digits>\d{3,4}))"
    r"\s*(?P<after>[ap]\.?m\.?)?$"
)
_MOMENT = re.compile(rf"(?P<day>.*?)(?:t|\s|(?<=[日曜)]))(?P<time>\s*{_TIME.pattern})")
_DECIMAL = re.compile(r"[0-9]{1,6}(\.[0-9]{1,2})?")


class _Seen(dict[int, int | None]):
    """A table for ``str.translate`` that removes invisible signs; it grows with each new sign."""

    def __missing__(self, sign: int) -> int | None:
        self[sign] = None if _is_unseen(chr(sign)) else sign
        return self[sign]


_SEEN = _Seen()


class Unusable(ValueError):  # noqa: N818  (named after what happens to the text)
    """A typed text that cannot be used yet; ``word``: the key of the sentence that says why, ``most``: its limit."""

    def __init__(self, word: str, most: int = 0) -> None:
        super().__init__(word)
        self.word, self.most = word, most


# --- typed text ---


def cleaned(text: str) -> str:
    """Return typed text without control characters.

    A question mark replaces half an emoji (a browser can leave one when it cuts text) and U+FFFD (programs write it for
    a sign that they cannot read).
    """
    return _CONTROL.sub("", text).replace("\ufffd", "?").encode(errors="replace").decode()


def has_unseen(text: str) -> bool:
    """Return whether a code or a name has invisible signs, so that two codes could look the same but differ."""
    return any(map(_is_unseen, text))


def folded(text: str) -> str:
    """Return a code or a name for comparison: without differences of width and case, outer spaces, invisible signs."""
    return _plain(text.translate(_SEEN)).casefold()


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in _UNSEEN


def line(text: str, most: int = LINE_MAX) -> str:
    """Return the text unchanged; raise Unusable if it is longer than ``most`` characters."""
    if len(text) > most:
        raise Unusable("error_text", most)
    return text


def day(text: str, near: date | None = None, *, past: bool = False) -> date:
    """Return a typed day: 2026/12/5, 12/5, 12月5日, 令和8年12月5日, 5 Dec 2026; also with its weekday.

    ``near``: the day from which a day without a year counts: the next such day, or the last one if ``past``. It may lie
    up to two months on the other side, so that yesterday stays yesterday. Without ``near`` the year is needed.

    Raises:
        Unusable: it is no day, or its weekday is another one.
    """
    typed = _plain(text).lower()
    if near is not None and typed in _RELATIVE:
        return near + timedelta(days=_RELATIVE[typed])
    weekday = _WEEKDAY.search(typed)
    bare = _WEEKDAY.sub("", typed).strip()
    parts = next((found.groupdict() for form in _DAYS if (found := form.match(bare))), None)
    try:
        dated = _dated(parts or {}, near, past=past)
    except (KeyError, ValueError, OverflowError):
        raise Unusable("error_date") from None
    named = next((name for name in weekday.groups() if name), "") if weekday else ""
    if named not in _WEEKDAYS[dated.weekday()]:
        raise Unusable("error_weekday")
    return dated


def stored_day(text: str, near: date, *, past: bool = False) -> str:
    """Return a typed day in the form in which it is stored; a text that is no day comes back as it was typed."""
    try:
        return day(text, near, past=past).isoformat()
    except Unusable:
        return text


def _dated(parts: Mapping[str, str | None], near: date | None, *, past: bool) -> date:
    """Return the day of the parts of a typed day; KeyError or ValueError if there is none."""
    name = parts.get("name")
    month = int(parts["month"] or 0) if name is None else _MONTHS.index(name) + 1
    number, year, era = int(parts["day"] or 0), parts.get("year"), parts.get("era")
    if era:
        return date(_ERAS[era] + (1 if year == "元" else int(year or 0)), month, number)
    if year:
        return date(int(year), month, number)
    if near is None:
        raise ValueError(month)
    return _without_year(month, number, near, past=past)


def _without_year(month: int, number: int, near: date, *, past: bool) -> date:
    """Return the next or last day with this month and number; 29 February needs a leap year."""
    years = range(near.year - 8, near.year + 9)
    days = [date(year, month, number) for year in years if (month, number) != (2, 29) or year % 4 == 0]
    return max(day for day in days if day <= near + _NEAR) if past else min(day for day in days if day >= near - _NEAR)


def time_of_day(text: str) -> time:
    """Return a typed time: 14:00, 1400, 14時, 14時半, 午後2時, 2 pm. 午後12時 and 午前12時 are noon."""
    found = _TIME.match(_plain(text).lower().replace("正午", "12:00"))
    if found is None:
        raise Unusable("error_time")
    parts = found.groupdict()
    half, digits = (parts["half"] or parts["after"] or "").replace(".", ""), parts["digits"]
    hour, minute = (digits[:-2], digits[-2:]) if digits else (parts["hour"], parts["minute"] or parts["minutes"] or "0")
    hours, minutes = int(hour), 30 if parts["thirty"] else int(minute)
    if half and hours > 12:  # noqa: PLR2004  (noon)
        raise Unusable("error_time")
    if half in {"午後", "pm"} and hours < 12:  # noqa: PLR2004  (as above)
        hours += 12
    elif half == "am" and hours == 12:  # noqa: PLR2004  (as above)
        hours = 0
    try:
        return time(hours, minutes)
    except ValueError:
        raise Unusable("error_time") from None


def moment(text: str, near: date | None = None) -> datetime:
    """Return a typed day with its time, both as :func:`day` and :func:`time_of_day` read them, in local time.

    Raises:
        Unusable: it is no such moment; the day or the time is missing.
    """
    typed = _plain(text).lower()
    found = _MOMENT.match(typed)
    if found is None:
        raise Unusable("error_moment" if _TIME.match(typed) else _only_a_day(typed, near))
    return datetime.combine(day(found["day"].rstrip(", "), near), time_of_day(found["time"]))


def _only_a_day(typed: str, near: date | None) -> str:
    """Return the word for a text that is no moment: its time is missing, or it is no day either."""
    try:
        day(typed, near)
    except Unusable:
        return "error_moment"
    return "error_moment_time"


def number(text: str, most: int) -> str:
    """Return a typed number from 0 to ``most``, with up to two decimals, as plain digits."""
    typed = _plain(text).replace(",", "")
    if not _DECIMAL.fullmatch(typed) or float(typed) > most:
        raise Unusable("error_number", most)
    return typed


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


# --- rows of worksheets ---


def write(catalog: Catalog, record: Record, at: tuple[str, int, str], text: str, near: date | None = None) -> Record:
    """Return the record with typed text in the field ``at`` (worksheet, row, field); ``near``: see :func:`day`.

    ``row`` may be the one after the last; this adds a row. Any other row that does not exist raises KeyError.
    """
    worksheet, row, field = at
    form = catalog.worksheets[worksheet]
    value = _usable(form.fields[field], text, near)
    rows = list(record.worksheets.get(worksheet, ()))
    if not 0 <= row <= min(len(rows), form.rows - 1):
        raise KeyError(row)
    if row == len(rows):
        rows.append({})
    rows[row] = {name: typed for name, typed in {**rows[row], field: value}.items() if typed}
    return with_rows(record, worksheet, rows)


def without_row(record: Record, worksheet: str, row: int) -> Record:
    """Return the record without one row of a worksheet; a row that does not exist raises KeyError."""
    rows = record.worksheets[worksheet]
    if not 0 <= row < len(rows):
        raise KeyError(row)
    return with_rows(record, worksheet, [*rows[:row], *rows[row + 1 :]])


def with_rows(record: Record, worksheet: str, rows: list[Entry]) -> Record:
    """Return the record with these rows in a worksheet; empty rows at the end are left out."""
    while rows and not rows[-1]:
        rows.pop()
    others = {name: kept for name, kept in record.worksheets.items() if name != worksheet}
    return replace(record, worksheets={**others, worksheet: tuple(rows)} if rows else others)


def problems_of_rows(
    form: Worksheet, at: tuple[str, ...], rows: tuple[Mapping[str, str], ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the place and the reason of each wrong value in the rows of a worksheet; ``at``: place of the worksheet."""
    if len(rows) > form.rows:
        yield at, f"at most {form.rows} rows"
    for place, row in enumerate(rows):
        for name, text in row.items():
            try:
                usable = name in form.fields and _usable(form.fields[name], text) == text
            except (Unusable, KeyError):
                usable = False
            if not usable:
                yield (*at, str(place), name), "cannot stand here"


def _usable(field: FormField, text: str, near: date | None = None) -> str:
    if not text.strip():
        return ""
    if field.type == "number":
        return number(text, field.most)
    if field.type == "date":
        return day(text, near).isoformat()
    if field.type in {"choice", "checks"}:
        chosen = text.split()
        if not set(chosen) <= set(field.options) or (field.type == "choice" and len(chosen) > 1):
            raise KeyError(text)
        return " ".join(option for option in field.options if option in chosen)
    return line(text, field.most)
