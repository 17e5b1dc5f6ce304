"""All sentences that address the client on their screens, in order: for the tests, and for `advisor advise`.

The screens take each sentence from the same functions. Texts that every client reads are left out: duties of roles,
glossary, questions and answers, sources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.report import roles, standing
from advisor.report.sentences import gate_note, marked, reading_sentences, stability_note
from advisor.report.three_things import three_things, worries_note
from advisor.scoring import personal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.content.catalog import Catalog
    from advisor.content.translator import Say
    from advisor.scoring.results import Reading
    from advisor.session.session import Session


def step_itself(catalog: Catalog, say: Say, reading: Reading, step: str) -> list[str]:
    """Return the texts of a step, without the texts from sources about it."""
    words = personal.step_words(catalog, say.words, reading, step)
    notes = personal.sayings(catalog, say.words, reading, step, "note")
    return [words.name, words.summary, words.first_action, words.worked, *words.hints, *notes]


def path_itself(catalog: Catalog, say: Say, reading: Reading, path: str) -> list[str]:
    """Return the texts of a path, without the texts from sources about it."""
    text = personal.path_words(catalog, say.words, reading, path)
    return [text.name, text.summary, *text.suits, text.first_action, *text.next, text.worked, *text.caution, *text.note]


def of_step(catalog: Catalog, say: Say, reading: Reading, step: str) -> list[str]:
    """Return all texts about a step that the client reads."""
    return [*step_itself(catalog, say, reading, step), *of_sources(catalog, say, reading, step)]


def of_path(catalog: Catalog, say: Say, reading: Reading, path: str) -> list[str]:
    """Return all texts about a path that the client reads."""
    return [*path_itself(catalog, say, reading, path), *of_sources(catalog, say, reading, path)]


def of_sources(catalog: Catalog, say: Say, reading: Reading, target: str) -> list[str]:
    """Return the texts from sources about a step, path or role that the client reads."""
    notes = personal.about(catalog, say.words, reading, target)
    return [text for _, said in notes for text in (said.name, said.text)]


def to_client(session: Session, say: Say) -> list[str]:
    """Return all sentences that address this client, each once, in the order of the screens."""
    return [text for text in dict.fromkeys(_all(session, say)) if text]


def _all(session: Session, say: Say) -> Iterator[str]:
    catalog, reading, plan = session.catalog, session.reading, session.record.plan
    for thing in three_things(catalog, say, reading, session.record.case):
        yield from (thing.title, *thing.sentences)
    yield worries_note(catalog, say, reading)
    yield from reading_sentences(catalog, say.words, reading, session.record.case.facts)
    for words in marked(session, say):
        yield from words["sentences"]
    if catalog.dials:
        yield from roles.sentences(session, say)
        for role in roles.shown(session):
            yield from of_sources(catalog, say, reading, role)
    yield from standing.silence_on_screen(reading, say)
    for step in personal.listed(reading.steps, plan.steps):
        yield from of_step(catalog, say, reading, step.target)
    yield standing.left_out(session, say)
    if note := gate_note(session, say):
        yield from note["sentences"]
    yield standing.level(session, say)
    for path in personal.listed(reading.paths, (plan.path,) if plan.path else ()):
        yield from of_path(catalog, say, reading, path.target)
    if reading.paths:
        hangs = stability_note(session, say)
        yield from (hangs["change"], *hangs["moves"], hangs["stability"])
