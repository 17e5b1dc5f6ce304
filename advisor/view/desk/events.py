"""Carry out events of the desk. Messages come from a browser and are not trusted, so every value is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.session.forms import cleaned
from advisor.session.session import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.view.desk.desk import Desk

Event = dict[str, Any]
MOST_DIGITS = 9
MOST_TYPED = 10_000  # characters; far more than any field takes. The form itself says which text is too long


def hear(desk: Desk, event: Event) -> None:
    """Carry out a message.

    Raises:
        Rejected: The desk does not offer this.
    """
    if event.get("event") == "answer":
        _answer(desk, text(event, "id"), event.get("value"))
    elif event.get("event") == "action":
        _act(desk, event)


def text(event: Event, key: str) -> str:
    """Return a text field of a message, cleaned.

    Raises:
        Rejected: The field is no text, or longer than ``MOST_TYPED``.
    """
    value = event.get(key)
    if not isinstance(value, str) or len(value) > MOST_TYPED:
        raise Rejected(key)
    return cleaned(value)


def number(event: Event, key: str) -> int:
    """Return a whole number of a message. Buttons send it as digits.

    Raises:
        Rejected: The field is no such number.
    """
    value = text(event, key)
    if not (value.isascii() and value.isdecimal()) or len(value) > MOST_DIGITS:
        raise Rejected(key)
    return int(value)


def _answer(desk: Desk, name: str, value: object) -> None:
    if isinstance(value, list):  # the ids of ticked boxes
        value = " ".join(name if isinstance(name, str) else "?" for name in value)
    typed = text({"value": "" if value is None else value}, "value")
    if name == "search":
        desk.search(typed)
    elif name.startswith("booking-"):
        desk.fill_booking(name.removeprefix("booking-"), typed)
    elif name.startswith("contact-"):
        desk.fill_contact(name.removeprefix("contact-"), typed)
    elif name.startswith("letterhead-"):
        desk.fill_letterhead(name.removeprefix("letterhead-"), typed)
    elif name.startswith("case-"):
        desk.fill_case(name.removeprefix("case-"), typed)
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
        "cancel": desk.cancel,
        "names": lambda: desk.hide_names(hides=target == "hide"),
        "names_key": lambda: desk.use_key(uses=target == "on"),
        "book": lambda: desk.book("" if target == "new" else target),
        "booking_keep": desk.keep_booking,
        "move": lambda: desk.move(target),
        "call_off": lambda: desk.call_off(target),
        "receive": lambda: desk.receive(target),
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
        "letterhead_edit": desk.open_letterhead,
        "letterhead_cancel": desk.close_letterhead,
        "letterhead_keep": desk.keep_letterhead,
        "allow": lambda: desk.allow(target),
        "withdraw": lambda: desk.withdraw(target),
        "case": lambda: desk.begin_case(target),
        "case_anew": lambda: desk.begin_case(target, anew=True),
        "case_mask": lambda: desk.decide_case(target, masks=True),
        "case_keep": lambda: desk.decide_case(target, masks=False),
        "case_cancel": desk.cancel,
        "invite": lambda: desk.invite(target, guarded=text(event, "value") == "digits"),
        "invite_stop": lambda: desk.stop_invitation(target),
        "answers_look": lambda: desk.look_at_answers(target),
        "answers_erase": lambda: desk.erase_answers(target),
        "assign": lambda: desk.assign(target, text(event, "value")),
    }
    name = text(event, "name")
    if name not in actions:
        raise Rejected(name)
    actions[name]()
