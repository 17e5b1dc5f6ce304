"""The office's own contacts for the leaf of help: what is kept of each, how it is typed, and when it is too old."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from advisor.session.forms import Unusable, day, line
from advisor.session.model import HELP_TOPICS

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 12
A_YEAR = timedelta(days=365)
LIMITS = {"name": 60, "purpose": 120, "reach": 200, "source": 120}  # characters of each field that is text
FIELDS = (*LIMITS, "checked", "topics")


@dataclass(frozen=True, slots=True)
class Contact:
    """A place of help that an office knows: what it is called, what for, how it is reached, who says so, since when.

    ``topics``: with what it helps, none: with anything.
    """

    id: str
    name: str
    purpose: str
    reach: str
    source: str
    checked: date
    topics: tuple[str, ...] = ()


_CONTACTS = TypeAdapter(tuple[Contact, ...])


def dump(contacts: tuple[Contact, ...]) -> str:
    """Return contacts as JSON."""
    return _CONTACTS.dump_json(contacts).decode()


def parse(text: str) -> tuple[Contact, ...]:
    """Return the contacts in JSON; a ValueError where there is something else."""
    return _CONTACTS.validate_json(text)


def is_old(contact: Contact, today: date) -> bool:
    """Return whether a contact was checked more than a year ago."""
    return today - contact.checked > A_YEAR


def with_one(contacts: tuple[Contact, ...], new: Contact) -> tuple[Contact, ...]:
    """Return contacts with one more, or in the place of the one with its id; no more than :data:`MOST`."""
    if any(one.id == new.id for one in contacts):
        return tuple(new if one.id == new.id else one for one in contacts)
    return (*contacts, new)[:MOST]


def confirmed(contacts: tuple[Contact, ...], name: str, today: date) -> tuple[Contact, ...]:
    """Return contacts, one of which was checked today."""
    return tuple(replace(one, checked=today) if one.id == name else one for one in contacts)


def without(contacts: tuple[Contact, ...], name: str) -> tuple[Contact, ...]:
    """Return contacts without one."""
    return tuple(one for one in contacts if one.id != name)


# --- the form ---


@dataclass(frozen=True, slots=True)
class ContactForm:
    """What stands in the form as typed text; ``contact``: the id of the one that is changed, empty for a new one.

    ``asked``: it was handed in once, so what is wrong is said beside the fields.
    """

    values: dict[str, str] = field(default_factory=lambda: dict.fromkeys(FIELDS, ""))
    contact: str = ""
    asked: bool = False


def form_of(contact: Contact) -> ContactForm:
    """Return the form with what is known of a contact."""
    texts = {name: getattr(contact, name) for name in LIMITS}
    return ContactForm(
        {**texts, "checked": contact.checked.isoformat(), "topics": " ".join(contact.topics)}, contact.id
    )


def filled(form: ContactForm, name: str, text: str) -> ContactForm:
    """Return the form with one field set from typed text; a field or a topic that does not exist is a KeyError."""
    if name not in FIELDS or (name == "topics" and not set(text.split()) <= set(HELP_TOPICS)):
        raise KeyError(name)
    return replace(form, values={**form.values, name: text})


def problems(form: ContactForm, today: date) -> dict[str, tuple[str, int]]:
    """Return by field the word for what is wrong with it, and the limit it names."""
    return {name: (unusable.word, unusable.most) for name, unusable in _problems(form, today)}


def contact_of(form: ContactForm, name: str) -> Contact:
    """Return the contact that a form without problems makes; ``name`` is the id for a new one."""
    texts = {one: form.values[one].strip() for one in LIMITS}
    ticked = form.values["topics"].split()
    topics = tuple(topic for topic in HELP_TOPICS if topic in ticked)
    return Contact(form.contact or name, **texts, checked=day(form.values["checked"]), topics=topics)


def _problems(form: ContactForm, today: date) -> Iterator[tuple[str, Unusable]]:
    for name, most in LIMITS.items():
        try:
            line(form.values[name].strip(), most)
        except Unusable as unusable:
            yield name, unusable
        if not form.values[name].strip():
            yield name, Unusable("office_error_empty")
    try:
        if day(form.values["checked"]) > today:
            yield "checked", Unusable("office_error_future")
    except Unusable as unusable:
        yield "checked", unusable if form.values["checked"] else Unusable("office_error_checked")
