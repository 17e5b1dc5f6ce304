"""What people do at the desk → changes of the desk. Every message comes from a browser, so every value is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.session.forms import cleaned
from advisor.session.session import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.view.desk.desk import Desk

Event = dict[str, Any]
MOST_DIGITS = 9
MOST_TYPED = 10_000  # far more than any field takes; the sheet says what is too long


def hear(desk: Desk, event: Event) -> None:
    """Carry out what a message asks for; what the desk does not offer is :class:`Rejected`."""
    if event.get("event") == "answer":
        _answer(desk, text(event, "id"), event.get("value"))
    elif event.get("event") == "action":
        _act(desk, event)


def text(event: Event, key: str) -> str:
    """Return a text of a message."""
    value = event.get(key)
    if not isinstance(value, str) or len(value) > MOST_TYPED:
        raise Rejected(key)
    return cleaned(value)


def number(event: Event, key: str) -> int:
    """Return a whole number of a message, as a button carries it."""
    value = text(event, key)
    if not (value.isascii() and value.isdecimal()) or len(value) > MOST_DIGITS:
        raise Rejected(key)
    return int(value)


def _answer(desk: Desk, name: str, value: object) -> None:
    if isinstance(value, list):  # ticks: each by its name
        value = " ".join(one if isinstance(one, str) else "?" for one in value)
    typed = text({"value": "" if value is None else value}, "value")
    if name == "search":
        desk.search(typed)
    elif name.startswith("contact-"):
        desk.fill_contact(name.removeprefix("contact-"), typed)
    else:
        desk.fill(name, typed)


def _act(desk: Desk, event: Event) -> None:
    target = text(event, "id")
    actions: dict[str, Callable[[], None]] = {
        "speak": lambda: desk.speak(target),
        "list": desk.show_list,
        "all": lambda: desk.search(""),
        "turn": lambda: desk.turn(target, number(event, "value")),
        "open": lambda: desk.open(target),
        "new": desk.register_new,
        "edit": lambda: desk.edit(target),
        "renew": lambda: desk.renew(target),
        "hand_in": desk.hand_in,
        "cancel": desk.cancel,
        "dismiss": desk.dismiss,
        "day_right": lambda: desk.answer_day(target, is_right=True),
        "day_wrong": lambda: desk.answer_day(target, is_right=False),
        "erase": lambda: desk.erase(target, text(event, "value")),
        "erase_visit": lambda: desk.erase_visit(target),
        "office": desk.show_office,
        "contact_new": desk.open_contact,
        "contact_edit": lambda: desk.open_contact(target),
        "contact_cancel": desk.close_contact,
        "contact_keep": desk.keep_contact,
        "contact_confirm": lambda: desk.confirm_contact(target),
        "contact_drop": lambda: desk.drop_contact(target),
        "assign": lambda: desk.assign(target, text(event, "value")),
    }
    name = text(event, "name")
    if name not in actions:
        raise Rejected(name)
    actions[name]()
