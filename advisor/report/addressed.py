"""Every sentence that addresses the client on their screens, in their order: what a test reads, and `advisor advise`.

No duties of roles, glossary, questions and answers, or sources: they are said to everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor import personal
from advisor.narrative import narrate
from advisor.report.wording import gate_note, hangs_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.catalog import Catalog
    from advisor.findings import Reading
    from advisor.say import Say
    from advisor.session import Session

SHOWN = 3  # steps and paths that stand open; what is folded addresses the client, too


def of_step(catalog: Catalog, say: Say, reading: Reading, step: str) -> list[str]:
    """Return what the client reads of a step."""
    words = personal.step_words(catalog, say.words, reading, step)
    notes = personal.sayings(catalog, say.words, reading, step, "note")
    return [words.name, words.summary, words.first_action, words.worked, *words.hints, *notes]


def of_path(catalog: Catalog, say: Say, reading: Reading, path: str) -> list[str]:
    """Return what the client reads of a path."""
    words = say.words.paths[path]
    own = [words.name, words.summary, words.suits, words.first_action, words.worked, words.caution]
    slots = ("suits", "next", "caution", "note")
    said = [text for slot in slots for text in personal.sayings(catalog, say.words, reading, path, slot)]
    return [text for text in (*own, *said) if text]


def to_client(session: Session, say: Say) -> list[str]:
    """Return every sentence about this client, in the order of their screens."""
    return list(dict.fromkeys(_all(session, say)))


def _all(session: Session, say: Say) -> Iterator[str]:
    catalog, reading = session.catalog, session.reading
    yield from narrate(catalog, say.words, reading, session.record.case.facts)
    for step in reading.steps:
        yield from of_step(catalog, say, reading, step.target)
    for path in reading.paths:
        yield from of_path(catalog, say, reading, path.target)
    if note := gate_note(session, say):
        yield from note["sentences"]
    if reading.paths:
        hangs = hangs_on(session, say)
        yield from (hangs["change"], *hangs["moves"], hangs["stability"])
