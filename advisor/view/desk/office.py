"""The screen of the office: its letterhead, its own contacts, and the form of one of these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.report.sentences import day
from advisor.session import letterhead, office
from advisor.session.model import HELP_TOPICS

if TYPE_CHECKING:
    from advisor.content.translator import Say
    from advisor.view.desk.desk import Desk

Question = dict[str, Any]


def top(desk: Desk, say: Say) -> dict[str, Any]:
    """Return the contacts, and of each whether it has to be confirmed; no contacts while a form is open."""
    today, form = desk.today(), desk.contacts.form
    kind = "" if form is None else "edit" if form.contact else "new"
    kind = "letterhead" if desk.letterheads.typed is not None else kind
    told = letterhead.values(desk.letterheads.now, desk.letterheads.own)
    key = desk.letterheads.now.key  # the usual one is not told
    told["key"] = say("letterhead_no_key") if key == "none" else key
    return {
        "screen": desk.screen == "office",
        "kind": kind,
        "letterhead": [(say(f"letterhead_ask_{name}"), told[name]) for name in letterhead.LIMITS if told[name]],
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
    if desk.letterheads.typed is not None:
        return _of_letterhead(desk, say)
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
    if desk.letterheads.typed is not None:
        return {f"letterhead-{name}": text for name, text in desk.letterheads.typed.items()}
    if desk.contacts.form is None:
        return {}
    typed: dict[str, Any] = {f"contact-{name}": text for name, text in desk.contacts.form.values.items()}
    return typed | {"contact-topics": desk.contacts.form.values["topics"].split()}


def foot(desk: Desk, say: Say) -> dict[str, Any]:
    """Return whether a form is open, and the names of its fields with errors."""
    if desk.letterheads.typed is not None:
        names = [name for name in letterhead.LIMITS if name in desk.letterheads.problems]
        return {"open": "letterhead", "wrong": say.quoted(say(f"letterhead_ask_{name}") for name in names)}
    wrong = say.quoted(say(f"office_ask_{name}") for name in office.FIELDS if name in desk.contacts.problems)
    return {"open": "contact" if desk.contacts.form is not None else "", "wrong": wrong}


def _of_letterhead(desk: Desk, say: Say) -> list[Question]:
    asked: list[Question] = []
    for name, most in letterhead.LIMITS.items():
        told = {"text": say(f"letterhead_ask_{name}"), "help": say(f"letterhead_ask_{name}_help")}
        field = {"type": "line", "maxlength": most}
        if name == "key":
            keys = [{"id": key, "label": say("letterhead_no_key") if key == "none" else key} for key in letterhead.KEYS]
            field = {"type": "choice", "options": keys, "required": True}
        asked.append({"id": f"letterhead-{name}", **told, **field})
        if name in desk.letterheads.problems:
            word, limit = desk.letterheads.problems[name]
            asked[-1]["error"] = say(word, most=limit)
    return asked


def _text(say: Say, name: str, most: int) -> Question:
    return {"id": f"contact-{name}", "type": "line", **_asked(say, name), "maxlength": most}


def _asked(say: Say, name: str) -> dict[str, str]:
    return {"text": say(f"office_ask_{name}"), "help": say(f"office_ask_{name}_help")}
