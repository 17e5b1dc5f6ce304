"""Carry out events of the workbook as changes of the session.

Messages come from a browser and are not trusted, so every value is checked. A value that no question offers changes
nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from advisor.content import worked_cases
from advisor.session import answers
from advisor.session.account import TOLD
from advisor.session.forms import cleaned
from advisor.session.session import Rejected, Session
from advisor.session.worksheets import draft_at, suggestions
from advisor.view.guard import refused

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog
    from advisor.content.model import Case

Event = dict[str, Any]
MOST_KEPT = 10_000  # characters of a text whose field is gone
Hear = Callable[[Session, Event], None]
# What a client may answer and press on a screen of their own: what the adviser's part asks is not among it.
CLIENT_FACTS = ("situation", "role", "experience", "fixed", "years", "wish", "next_at", "useful", "useful_words")
CLIENT_FORMS = ("sign", "tried", "action", "review", "sheet")  # the beginnings of questions' ids
CLIENT_ACTIONS = (
    "skip", "discuss", "prioritise", "widen", "choose", "follow", "add_action", "put_aside", "take_back", "carry",
    "drop_row", "open_sheet", "add_suggestion", "use_draft", "take_help", "about_help", "take_home", "suppose",
    "ask_more", "in_sight", "unfolded", "let_go",
)  # fmt: skip
FORMS = ("action", "review", "sheet", "account", "notes", "next_at", *TOLD)  # the beginnings of form fields' ids


def hear(session: Session, event: Event) -> None:
    """Carry out a message. An impossible message is logged and changes nothing."""
    try:
        if event.get("event") == "answer":
            _in_its_row(session, event)
            _answer(session, _text(event, "id"), event.get("value"))
        elif event.get("event") == "action":
            _act(session, _text(event, "name"), _text(event, "id"), event.get("value"))
    except Rejected as why:
        refused("an event that asks for the impossible")
        text = event.get("value")
        if str(why) == "id" and event.get("event") == "answer" and isinstance(text, str) and text.strip():
            session.keep_homeless(cleaned(text)[:MOST_KEPT])  # its action or row was taken away meanwhile
        else:
            session.refresh()  # the browser shows the recorded values again


def hear_client(session: Session, event: Event) -> None:
    """Carry out a message from the client's own screen. What only an adviser may do is logged and changes nothing."""
    name, kind = event.get("name"), event.get("event")
    if kind == "action" and name == "go":
        _go_alone(session, event.get("id"))
    elif (kind == "action" and name in CLIENT_ACTIONS) or (
        kind == "answer" and is_for_client(session, event.get("id"))
    ):
        hear(session, event)
    else:
        refused("an event that only an adviser's page sends")
        session.refresh()


def is_for_client(session: Session, question: object) -> bool:
    """Return whether a question is one that a client answers on a screen of their own."""
    if not isinstance(question, str):
        return False
    return question in session.catalog.items or question in CLIENT_FACTS or question.split("-")[0] in CLIENT_FORMS


def _go_alone(session: Session, screen: object) -> None:
    try:
        session.go_on_alone(str(screen))
    except Rejected:
        session.refresh()  # the screen follows again: the client sees where the adviser is


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


def _in_its_row(session: Session, event: Event) -> None:
    """Refuse what was typed in a row of a worksheet before another page moved the rows: the row is another one now."""
    kind, _, rest = str(event.get("id")).partition("-")
    turns = session.turns.get(rest.partition("-")[0], 0)
    known = event.get("turn", 0 if "n" in event else turns)  # without a number it comes from no sheet that is open
    if kind == "sheet" and known != turns:
        raise Rejected("id")


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
        "open_client": session.open_client_screen,
        "hold": lambda: session.switch_client_screen("held"),
        "alone": lambda: session.switch_client_screen("alone"),
        "point": session.point,
        "let_go": session.let_go,
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
