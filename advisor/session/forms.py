"""Forms: conversion of typed text into values, and changes of the rows of worksheets.

Each function takes the present state and returns the new state. A text that cannot be used raises :class:`Unusable`
with the key of a sentence that says why. An unknown id raises :class:`KeyError`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from advisor.session.model import Entry, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.content.catalog import Catalog
    from advisor.content.model import FormField, Worksheet

LINE_MAX = 200
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # control characters: no key types them, databases refuse them
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # Unicode categories of invisible signs: line ends, direction marks, no width
_SECONDS = re.compile(r"(T\d\d:\d\d):\d\d(\.\d{1,3})?$")  # some browsers send seconds
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


def day(text: str) -> date:
    """Return a typed day: 2026-12-01, 2026/12/1, 2026年12月1日, also in full-width digits."""
    try:
        return date(*map(int, re.split("[-/.年月日]", _plain(text).rstrip("日"))))
    except (TypeError, ValueError, OverflowError):
        raise Unusable("error_date") from None


def moment(text: str) -> datetime:
    """Return a local day and time in the form that a browser's field sends: 2026-12-01T14:00."""
    try:
        typed = _SECONDS.sub(r"\1", _plain(text))
        return datetime.strptime(typed, "%Y-%m-%dT%H:%M")  # noqa: DTZ007  (the local time of the room)
    except ValueError:
        raise Unusable("error_moment") from None


def number(text: str, most: int) -> str:
    """Return a typed number from 0 to ``most``, with up to two decimals, as plain digits."""
    typed = _plain(text).replace(",", "")
    if not _DECIMAL.fullmatch(typed) or float(typed) > most:
        raise Unusable("error_number", most)
    return typed


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


# --- rows of worksheets ---


def write(catalog: Catalog, record: Record, at: tuple[str, int, str], text: str) -> Record:
    """Return the record with typed text in the field ``at`` (worksheet, row, field).

    ``row`` may be the one after the last; this adds a row. Any other row that does not exist raises KeyError.
    """
    worksheet, row, field = at
    form = catalog.worksheets[worksheet]
    value = _usable(form.fields[field], text)
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


def _usable(field: FormField, text: str) -> str:
    if not text.strip():
        return ""
    if field.type == "number":
        return number(text, field.most)
    if field.type == "date":
        return day(text).isoformat()
    if field.type in {"choice", "checks"}:
        chosen = text.split()
        if not set(chosen) <= set(field.options) or (field.type == "choice" and len(chosen) > 1):
            raise KeyError(text)
        return " ".join(option for option in field.options if option in chosen)
    return line(text, field.most)
