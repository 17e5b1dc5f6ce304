"""Carry out events of the workbook as changes of the session.

Messages come from a browser and are not trusted, so every value is checked. A value that no question offers changes
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.content import worked_cases
from advisor.session import answers
from advisor.session.account import TOLD
from advisor.session.forms import cleaned
from advisor.session.session import Rejected
from advisor.session.worksheets import draft_at, suggestions
from advisor.view.guard import refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.content.catalog import Catalog
    from advisor.content.model import Case
    from advisor.session.session import Session

Event = dict[str, Any]
FORMS = ("action", "review", "sheet", "account", "notes", "next_at", *TOLD)  # the beginnings of form fields' ids


def hear(session: Session, event: Event) -> None:
    """Carry out a message. An impossible message is logged and changes nothing."""
    try:
        if event.get("event") == "answer":
            _answer(session, _text(event, "id"), event.get("value"))
        elif event.get("event") == "action":
            _act(session, _text(event, "name"), _text(event, "id"), event.get("value"))
    except Rejected:
        refused("an event that asks for the impossible")
        session.refresh()  # the browser shows the recorded values again


def hear_supposed(session: Session, event: Event) -> None:
    """Change an answer of the supposed case (もしも). The record does not change."""
    if event.get("event") != "answer" or session.supposed is None:
        return
    try:
        session.suppose(_supposed(session.catalog, session.supposed, _text(event, "id"), event.get("value")))
    except (Rejected, KeyError):  # KeyError: no question has this id
        refused("a supposed answer to no question")
        session.refresh()


def _text(event: Event, key: str) -> str:
    value = event.get(key)
    if not isinstance(value, str):
        raise Rejected(key)
    return value


def _whole(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise Rejected("value")


def _choice(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    raise Rejected("value")


def _choices(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return tuple(dict.fromkeys(value))
    raise Rejected("value")


def _typed(value: object) -> str:
    if value is None or isinstance(value, str):
        return cleaned(value or "")
    raise Rejected("value")


def _answer(session: Session, name: str, value: object) -> None:
    facts: dict[str, Callable[[], None]] = {
        "situation": lambda: session.tell(situation=_choice(value)),
        "role": lambda: session.tell(role=_choice(value)),
        "experience": lambda: session.tell(experience=_choices(value)),
        "fixed": lambda: session.tell_fixed(_choices(value)),
        "years": lambda: session.tell_years(_typed(value)),
        "wish": lambda: session.tell_wish(_typed(value)),
    }
    kind, _, target = name.partition("-")
    if name in facts:
        facts[name]()
    elif kind == "sign":
        session.answer_sign(target, _choice(value))
    elif kind == "tried":
        session.answer_tried(target, _choice(value))
    elif kind == "marker":
        session.place_marker(target, _whole(value))
    elif name == "ended":
        session.end_at(_typed(value))
    elif kind in FORMS:
        session.fill(name, " ".join(_choices(value)) if isinstance(value, list) else _typed(value))
    else:
        session.respond(name, _whole(value))


def _act(session: Session, name: str, target: str, value: object) -> None:
    def item_scale() -> str:
        if target not in session.catalog.items:
            raise Rejected(target)
        return session.catalog.items[target].scale

    actions: dict[str, Callable[[], None]] = {
        "skip": lambda: session.mark(target, "skip"),
        "discuss": lambda: session.mark(target, "discuss"),
        "quick": session.enter_quickly,
        "prioritise": lambda: session.prioritise(item_scale()),
        "widen": lambda: session.widen(item_scale()),
        "go": lambda: session.go(target),
        "speak": lambda: session.speak(target),
        "choose": lambda: session.choose(target),
        "follow": lambda: session.follow(target),
        "add_action": session.add_action,
        "put_aside": lambda: session.put_aside(target),
        "take_back": lambda: session.take_back(target),
        "carry": lambda: session.carry(target.removeprefix("review-").removesuffix("-status")),
        "drop_row": lambda: session.drop_row(*_row(target)),
        "open_sheet": lambda: session.open_sheet(target),
        "add_suggestion": lambda: _add_suggestion(session, target),
        "use_draft": lambda: _use_draft(session, target),
        "unfit": lambda: session.unfit(target),
        "unfit_because": lambda: session.unfit_because(target, _typed(value)),
        "take_help": session.take_help,
        "about_help": lambda: session.about_help(target),
        "in_sight": lambda: session.saw("sight", target.split()),
        "unfolded": lambda: session.saw("unfolded", [target]),
        "finish": lambda: session.finish(target),
        "take_home": lambda: session.take_home(target),
        "modernise": session.modernise,
        "ask_more": session.ask_more,
        "restart": session.restart,
        "sample": lambda: _sample(session, target),
        "suppose": lambda: session.suppose(session.record.case if target == "start" else None),
    }
    if name not in actions:
        raise Rejected(name)
    actions[name]()


def _row(target: str) -> tuple[str, int]:
    worksheet, _, row = target.rpartition("-")
    if not row.isdecimal() or len(row) > 2:  # noqa: PLR2004  (no worksheet has a hundred rows)
        raise Rejected("id")
    return worksheet, int(row)


def _add_suggestion(session: Session, name: str) -> None:
    for suggestion in suggestions(session.catalog, session.say, session.record):
        if suggestion.id == name:
            session.add_row("inventory", suggestion.entry)


def _use_draft(session: Session, name: str) -> None:
    """Put the draft of a sentence into its field of the worksheet quantify; the person can edit it there."""
    place, _, field = name.removeprefix("sheet-").rpartition("-")
    worksheet, row = _row(place)
    draft = draft_at(session.say, session.record, row, field)
    if worksheet == "quantify" and draft:
        session.fill(name, draft)


def _sample(session: Session, name: str) -> None:
    samples = worked_cases.load(session.catalog)
    if name not in samples:
        raise Rejected(name)
    words = session.say.words
    session.open_case(worked_cases.case(samples[name], wish=words.samples[name].text))


def _supposed(catalog: Catalog, case: Case, name: str, value: object) -> Case:
    kind, _, target = name.partition("-")
    if kind == "tried":
        return answers.answer_tried(catalog, case, target, _choice(value))
    return answers.respond(catalog, case, name, _whole(value))
