"""Answers as text, for an old visit that is only read. It has no controls, so a slip of the hand changes nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from advisor.report.sentences import day, moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from advisor.content.translator import Say

Question = dict[str, Any]
KEPT = ("id", "type", "text", "level", "indent", "lines")  # what a question keeps when it is only read


def told(say: Say, questions: Sequence[Question], values: Mapping[str, Any]) -> list[Question]:
    """Return the questions with text in place of the fields: the answers as words. Headings lose their buttons."""
    return [_told(say, question, values.get(question["id"])) for question in questions]


def _told(say: Say, question: Question, value: Any) -> Question:  # noqa: ANN401  (the type depends on the question)
    kept: Question = {name: question[name] for name in KEPT if name in question}
    if question["type"] == "heading":
        return kept | {"help": question.get("help", "")}
    answer = _answer(say, question, value)
    empty = {"scale": "sheet_unanswered", "choice": "sheet_unanswered", "select": "sheet_unanswered"}
    blank = say(empty.get(question["type"], "read_nothing"))
    steps = {"low": question["low"], "high": question["high"], "point": value} if question["type"] == "scale" else {}
    return {**kept, **steps, "type": "told", "answer": answer or blank, "given": bool(answer)}


def _answer(say: Say, question: Question, value: Any) -> str:  # noqa: ANN401  (as above)
    """Return an answer in words; an empty text if there is none."""
    if value is None or value in ("", []):
        return ""
    if question["type"] == "scale":
        return str(question["labels"][value - question["low"]])
    if "options" in question:
        labels = {option["id"]: option["label"] for option in question["options"]}
        return say.quoted(labels[name] for name in value) if isinstance(value, list) else str(labels.get(value, ""))
    if question["type"] == "date":
        return day(say.language, date.fromisoformat(value))
    if question["type"] == "moment":
        return moment(say.language, datetime.fromisoformat(value))
    unit = question.get("unit", "")
    return f"{value} {unit}".strip() if say.language == "en" else f"{value}{unit}"
