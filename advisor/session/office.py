"""The office's own contacts for the help leaf: their fields, their form, and when they are too old."""

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
LIMITS = {"name": 60, "purpose": 120, "reach": 200, "source": 120}  # the most characters of each text field
FIELDS = (*LIMITS, "checked", "topics")


@dataclass(frozen=True, slots=True)
class Contact:
    """A place of help that the office knows.

    ``reach``: how the client reaches it. ``source``: the source of these facts. ``checked``: the day of the last check.
    ``topics``: the topics with which it helps; empty means all.
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
    """Return the contacts in a JSON text; raise ValueError for any other text."""
    return _CONTACTS.validate_json(text)


def is_old(contact: Contact, today: date) -> bool:
    """Return whether a contact was checked more than a year ago."""
    return today - contact.checked > A_YEAR


def with_contact(contacts: tuple[Contact, ...], new: Contact) -> tuple[Contact, ...]:
    """Return contacts with ``new`` in the place of the contact with its id, or at the end; at most :data:`MOST`."""
    if any(contact.id == new.id for contact in contacts):
        return tuple(new if contact.id == new.id else contact for contact in contacts)
    return (*contacts, new)[:MOST]


def confirmed(contacts: tuple[Contact, ...], name: str, today: date) -> tuple[Contact, ...]:
    """Return contacts; the one with the id ``name`` now counts as checked today."""
    return tuple(replace(contact, checked=today) if contact.id == name else contact for contact in contacts)


def without_contact(contacts: tuple[Contact, ...], name: str) -> tuple[Contact, ...]:
    """Return contacts without the one with the id ``name``."""
    return tuple(contact for contact in contacts if contact.id != name)


# --- the form ---


@dataclass(frozen=True, slots=True)
class ContactForm:
    """The form for a contact.

    ``values``: field → typed text.
    ``contact``: the id of the contact that is being changed; empty for a new one.
    ``asked``: the form was sent once, so the screen shows problems beside the fields.
    """

    values: dict[str, str] = field(default_factory=lambda: dict.fromkeys(FIELDS, ""))
    contact: str = ""
    asked: bool = False


def form_of(contact: Contact) -> ContactForm:
    """Return the form filled with a contact's values."""
    texts = {name: getattr(contact, name) for name in LIMITS}
    return ContactForm(
        {**texts, "checked": contact.checked.isoformat(), "topics": " ".join(contact.topics)}, contact.id
    )


def filled(form: ContactForm, name: str, text: str) -> ContactForm:
    """Return the form with typed text in one field; an unknown field or topic raises KeyError."""
    if name not in FIELDS or (name == "topics" and not set(text.split()) <= set(HELP_TOPICS)):
        raise KeyError(name)
    return replace(form, values={**form.values, name: text})


def problems(form: ContactForm, today: date) -> dict[str, tuple[str, int]]:
    """Return, for each field with a problem, the key of the sentence about it and the limit in that sentence."""
    return {name: (unusable.word, unusable.most) for name, unusable in _problems(form, today)}


def contact_of(form: ContactForm, name: str) -> Contact:
    """Return the contact from a form without problems; ``name``: the id for a new contact."""
    texts = {key: form.values[key].strip() for key in LIMITS}
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
