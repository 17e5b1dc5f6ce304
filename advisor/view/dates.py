"""Fields of days and moments: text fields, which show what is stored as people write it.

A field of the browser would show a day in the browser's language. So the field is a line of text, and a small button
beside it opens the browser's calendar.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from advisor.report.sentences import field_day, field_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.content.translator import Say

Question = dict[str, Any]
_LENGTHS = {"date": len("2026-12-05"), "moment": len("2026-12-05T14:00")}


def with_days(questions: list[Question], values: Mapping[str, Any]) -> list[Question]:
    """Return the questions; those about a day or a moment name it for the browser's calendar (``picked``)."""
    return [
        question | {"picked": values[question["id"]]} if _stored(question, values) else question
        for question in questions
    ]


def days_in_words(say: Say, questions: list[Question], values: Mapping[str, Any]) -> dict[str, str]:
    """Return the stored days and moments among the values as their fields show them. Other texts stay as typed."""
    shown = {}
    for question in questions:
        if stored := _stored(question, values):
            is_day = isinstance(stored, date) and not isinstance(stored, datetime)
            shown[question["id"]] = (field_day if is_day else field_moment)(say.language, stored)
    return shown


def _stored(question: Question, values: Mapping[str, Any]) -> Any:  # noqa: ANN401  (a date or a datetime)
    """Return the day or moment of a field; None for another field, and for a text that is not in the stored form."""
    kind, text = question["type"], values.get(question["id"])
    if kind not in _LENGTHS or not isinstance(text, str) or len(text) != _LENGTHS[kind]:
        return None
    try:
        return date.fromisoformat(text) if kind == "date" else datetime.fromisoformat(text)
    except ValueError:
        return None
