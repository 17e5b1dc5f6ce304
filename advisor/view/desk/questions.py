"""The questions of the desk: the search, and the form of a client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.session.model import THEN, USES
from advisor.view.desk.form import AGREED, CODE_MAX, CONSENT, DETAILS, NAME_MAX, PURPOSE_MAX, YEARS_MAX

if TYPE_CHECKING:
    from advisor.content.translator import Say
    from advisor.view.desk.desk import Desk

Question = dict[str, Any]
SEARCH_PAUSE = 100  # ms after the last key until the search starts; short, so that results stand at once


def search(desk: Desk, say: Say) -> list[Question]:
    """Return the search field; none while there are no clients."""
    if not desk.rows:
        return []
    return [{"id": "search", "type": "line", "pause": SEARCH_PAUSE, "text": say("desk_search")}]


def search_values(desk: Desk) -> dict[str, Any]:
    """Return the text in the search field."""
    return {"search": desk.query}


def client(desk: Desk, say: Say) -> list[Question]:
    """Return the questions about a client. For a client from a file, only the fields to ask for."""
    if desk.form is None or desk.masked:
        return []
    lines = [_line(say, "code", CODE_MAX), *(_line(say, field, NAME_MAX) for field in ("name", *DETAILS))]
    return _asked(desk, say, lines)


def consent(desk: Desk, say: Say) -> list[Question]:
    """Return the questions about a client's consent. For a client from a file, only the fields to ask for."""
    if desk.form is None or desk.masked:
        return []
    questions = [*_consent(say), _uses(say)]
    if desk.form.renews:
        options = [{"id": AGREED, "label": say("desk_agreed")}]
        questions.append({"id": "agreed", "type": "checks", "text": say("desk_ask_agreed"), "options": options})
    return _asked(desk, say, questions)


def _asked(desk: Desk, say: Say, questions: list[Question]) -> list[Question]:
    if desk.incoming:
        questions = [question for question in questions if question["id"] in desk.incoming.asked]
    for question in questions:
        if question["id"] in desk.problems:
            word, most = desk.problems[question["id"]]
            question["error"] = say(word, most=most)
    return questions


def client_values(desk: Desk) -> dict[str, Any]:
    """Return the text in the fields of the form, as it was typed."""
    values: dict[str, Any] = dict(desk.form.values) if desk.form and not desk.masked else {}
    return values | {name: values.get(name, "").split() for name in ("uses", "agreed")}


def names(say: Say) -> dict[str, str]:
    """Return the names of the form's fields, by field."""
    return {field: say(f"desk_ask_{field}") for field in ("code", "name", *DETAILS, *CONSENT, "agreed")}


def _line(say: Say, field: str, most: int) -> Question:
    return {
        "id": field,
        "type": "line",
        "text": say(f"desk_ask_{field}"),
        "help": say(f"desk_ask_{field}_help"),
        "maxlength": most,
    }


def _consent(say: Say) -> list[Question]:
    then = [{"id": name, "label": say(f"desk_then_{name}"), "note": say(f"desk_then_{name}_note")} for name in THEN]
    purpose = {**_line(say, "purpose", PURPOSE_MAX), "type": "text"}
    until = {"text": say("desk_ask_until"), "help": say("desk_ask_until_help", most=YEARS_MAX)}
    return [
        purpose,
        {"id": "given_on", "type": "date", "text": say("desk_ask_given_on")},
        {"id": "until", "type": "date", **until},
        {"id": "then", "type": "choice", "text": say("desk_ask_then"), "options": then, "required": True},
    ]


def _uses(say: Say) -> Question:
    options = [{"id": use, "label": say(f"use_{use}"), "note": say(f"use_{use}_what")} for use in USES]
    asked = {"text": say("desk_ask_uses"), "help": say("desk_ask_uses_help")}
    return {"id": "uses", "type": "checks", **asked, "options": options}
