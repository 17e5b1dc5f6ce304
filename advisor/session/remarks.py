"""Changes of the adviser's remarks: advice that does not fit the client, and the help leaf.

Each function takes a record and returns the changed record; an unknown id raises KeyError.
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
    """Yield all targets of a remark in the catalogue's order: ``path-ID``, then ``step-ID``."""
    yield from (f"path-{name}" for name in catalog.paths)
    yield from (f"step-{name}" for name in catalog.steps)


def unfit(record: Record, target: str) -> Record:
    """Return the record with the remark that a path or step does not fit, or without this remark if it has it."""
    others = {name: word for name, word in record.unfit.items() if name != target}
    return replace(record, unfit=others if target in record.unfit else {**others, target: ""})


def unfit_because(record: Record, target: str, text: str) -> Record:
    """Return the record with the adviser's reason why a path or step does not fit.

    Raises:
        KeyError: the record has no such remark on the path or step, or the reason is longer than WORD_MAX.
    """
    word = " ".join(text.split())
    if target not in record.unfit or len(word) > WORD_MAX:
        raise KeyError(target)
    return replace(record, unfit={**record.unfit, target: word})


def take_help(record: Record) -> Record:
    """Return the record with the help leaf in the handout, or without it if it is there; the topics stay."""
    return replace(record, help_leaf=not record.help_leaf)


def about_help(record: Record, topic: str) -> Record:
    """Return the record with a topic of the help leaf added or removed; an added topic puts the leaf in the handout."""
    if topic not in HELP_TOPICS:
        raise KeyError(topic)
    ticked = {*record.help_topics} ^ {topic}
    topics = tuple(name for name in HELP_TOPICS if name in ticked)
    return replace(record, help_topics=topics, help_leaf=record.help_leaf or topic in ticked)


def problems(catalog: Catalog, record: Record) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the place and the reason of each wrong remark in the record; nothing if all are sound."""
    known = set(targets(catalog))
    for name, word in record.unfit.items():
        if name not in known:
            yield ("unfit", name), "no path or step has this id"
        if len(word) > WORD_MAX:
            yield ("unfit", name), f"must be text of at most {WORD_MAX} characters"
    if len(set(record.help_topics)) != len(record.help_topics) or not set(record.help_topics) <= set(HELP_TOPICS):
        yield ("help_topics",), f"must be some of {', '.join(HELP_TOPICS)}, each once"
