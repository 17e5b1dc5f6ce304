"""The screen of the office's own contacts: the list, and the form of one contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.report.sentences import day
from advisor.session import office
from advisor.session.model import HELP_TOPICS

if TYPE_CHECKING:
    from advisor.content.translator import Say
    from advisor.view.desk.desk import Desk

Question = dict[str, Any]


def top(desk: Desk, say: Say) -> dict[str, Any]:
    """Return the contacts, and of each whether it has to be confirmed; no contacts while a form is open."""
    today, form = desk.today(), desk.contacts.form
    kind = "" if form is None else "edit" if form.contact else "new"
    return {
        "screen": desk.screen == "office",
        "kind": kind,
        "full": desk.contacts.is_full,
        "most": office.MOST,
        "contacts": []
        if kind
        else [
            {
                "one": one,
                "checked": say("help_told", source=one.source, date=day(say.language, one.checked)),
                "topics": [say(f"help_topic_{topic}") for topic in one.topics],
                "old": office.is_old(one, today),
            }
            for one in desk.contacts.all
        ],
    }


def questions(desk: Desk, say: Say) -> list[Question]:
    """Return the questions about a contact; empty while no form is open."""
    if desk.contacts.form is None:
        return []
    asked: list[Question] = [_text(say, name, most) for name, most in office.LIMITS.items()]
    asked.append({"id": "contact-checked", "type": "date", **_asked(say, "checked")})
    options = [{"id": topic, "label": say(f"help_topic_{topic}")} for topic in HELP_TOPICS]
    asked.append({"id": "contact-topics", "type": "checks", **_asked(say, "topics"), "options": options})
    for question in asked:
        name = question["id"].removeprefix("contact-")
        if name in desk.contacts.problems:
            word, most = desk.contacts.problems[name]
            question["error"] = say(word, most=most)
    return asked


def values(desk: Desk) -> dict[str, Any]:
    """Return the text in the fields of the form, as it was typed."""
    if desk.contacts.form is None:
        return {}
    typed: dict[str, Any] = {f"contact-{name}": text for name, text in desk.contacts.form.values.items()}
    return typed | {"contact-topics": desk.contacts.form.values["topics"].split()}


def foot(desk: Desk, say: Say) -> dict[str, Any]:
    """Return whether a form is open, and the names of its fields with errors."""
    wrong = say.quoted(say(f"office_ask_{name}") for name in office.FIELDS if name in desk.contacts.problems)
    return {"open": desk.contacts.form is not None, "wrong": wrong}


def _text(say: Say, name: str, most: int) -> Question:
    return {"id": f"contact-{name}", "type": "line", **_asked(say, name), "maxlength": most}


def _asked(say: Say, name: str) -> dict[str, str]:
    return {"text": say(f"office_ask_{name}"), "help": say(f"office_ask_{name}_help")}
