"""What the adviser puts beside the advice: where it does not fit, and the leaf with places of help for the client.

Pure changes of a record, as in :mod:`advisor.session.plans`; an id that nothing has is a KeyError.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from advisor.session.model import HELP_TOPICS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.content.catalog import Catalog
    from advisor.session.model import Record

WORD_MAX = 60


def targets(catalog: Catalog) -> Iterator[str]:
    """Yield everything that may be said not to fit, in the catalogue's order: ``path-ID``, ``step-ID``."""
    yield from (f"path-{name}" for name in catalog.paths)
    yield from (f"step-{name}" for name in catalog.steps)


def unfit(record: Record, target: str) -> Record:
    """Return the record that says that a path or step does not fit this client, or does so no more."""
    told = {name: word for name, word in record.unfit.items() if name != target}
    return replace(record, unfit=told if target in record.unfit else {**told, target: ""})


def unfit_because(record: Record, target: str, text: str) -> Record:
    """Return the record with the adviser's own word on why it does not fit.

    Raises:
        KeyError: nobody said so of this path or step, or it is more than the field takes.
    """
    word = " ".join(text.split())
    if target not in record.unfit or len(word) > WORD_MAX:
        raise KeyError(target)
    return replace(record, unfit={**record.unfit, target: word})


def take_help(record: Record) -> Record:
    """Return the record with the leaf of help on the client's paper, or without it; what was ticked stays."""
    return replace(record, help_leaf=not record.help_leaf)


def about_help(record: Record, topic: str) -> Record:
    """Return the record whose leaf of help is about one topic more, or one less; a tick puts the leaf on the paper."""
    if topic not in HELP_TOPICS:
        raise KeyError(topic)
    ticked = {*record.help_topics} ^ {topic}
    topics = tuple(name for name in HELP_TOPICS if name in ticked)
    return replace(record, help_topics=topics, help_leaf=record.help_leaf or topic in ticked)


def problems(catalog: Catalog, record: Record) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield where in the record a remark is wrong, and what; nothing when all can be used."""
    known = set(targets(catalog))
    for name, word in record.unfit.items():
        if name not in known:
            yield ("unfit", name), "no path or step has this id"
        if len(word) > WORD_MAX:
            yield ("unfit", name), f"must be text of at most {WORD_MAX} characters"
    if len(set(record.help_topics)) != len(record.help_topics) or not set(record.help_topics) <= set(HELP_TOPICS):
        yield ("help_topics",), f"must be some of {', '.join(HELP_TOPICS)}, each once"
