"""The help leaf that a client takes home: public services, kinds of help, and the office's own contacts.

The topics that the adviser ticked decide which places are on it. The ticks themselves are not printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from advisor.report.sanitize import plain
from advisor.report.sentences import day
from advisor.session import office
from advisor.session.model import HELP_TOPICS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from advisor.content.catalog import Catalog
    from advisor.content.translator import Say
    from advisor.report.document import Pair
    from advisor.session.model import Record
    from advisor.session.office import Contact


@dataclass(frozen=True, slots=True)
class Helpers:
    """Places of help for one topic: the name and purpose of each."""

    title: str
    rows: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """A contact of the office.

    ``told``: who gave the information and when it was checked. ``caution``: a warning if that was long ago, else empty.
    """

    name: str
    purpose: str
    reach: str
    told: str
    caution: str


@dataclass(frozen=True, slots=True)
class HelpLeaf:
    """Everything on the help leaf, in its order."""

    title: str
    lead: str
    groups: tuple[Helpers, ...]
    own_title: str
    own: tuple[Own, ...]
    note: str


def help_leaf(
    catalog: Catalog, words: Say, record: Record, contacts: tuple[Contact, ...], today: date
) -> HelpLeaf | None:
    """Return the help leaf, with the ticked topics first; None if the adviser did not add it to the handout."""
    if not record.help_leaf:
        return None
    own = tuple(_own(words, contact, today) for contact in contacts if _is_wanted(record, contact))
    return HelpLeaf(
        title=words("help_title"),
        lead=words("help_lead"),
        groups=(*_public(catalog, words, record), _kinds(words)),
        own_title=words("help_own") if own else "",
        own=own,
        note=words("help_note"),
    )


def _public(catalog: Catalog, words: Say, record: Record) -> Iterator[Helpers]:
    """Yield the public services by topic, each once: of the ticked topics and of work. No ticks: of all topics."""
    topics = (*record.help_topics, "work") if record.help_topics else ("work", *HELP_TOPICS)
    listed: set[str] = set()
    for topic in topics:
        new = [name for name, row in catalog.services.items() if topic in row.topics and name not in listed]
        listed |= {*new}
        pairs = tuple((words.words.services[name].name, words.words.services[name].text) for name in new)
        if pairs:
            yield Helpers(words(f"help_topic_{topic}"), pairs)


def _kinds(words: Say) -> Helpers:
    return Helpers(words("help_kinds"), tuple((one.name, one.text) for one in words.words.help.values()))


def _is_wanted(record: Record, contact: Contact) -> bool:
    return not contact.topics or not record.help_topics or bool({*contact.topics} & {*record.help_topics})


def _own(words: Say, contact: Contact, today: date) -> Own:
    told = words("help_told", source=plain(contact.source), date=day(words.language, contact.checked))
    caution = words("help_old_client") if office.is_old(contact, today) else ""
    return Own(plain(contact.name), plain(contact.purpose), plain(contact.reach), told, caution)
