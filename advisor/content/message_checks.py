"""Checks of the messages of commands, lab and notebooks: every language has each message, with the same fields."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import TypeAdapter

from advisor.content import checks
from advisor.content.datafiles import DataError, DataFile, Problem, problem_of, read_yaml, validate
from advisor.content.messages import FOLDER, file_names
from advisor.content.words import Text

_SENTENCES = TypeAdapter(dict[str, Text])


def problems(folder: Path) -> list[Problem]:
    """Return every problem of the messages in ``folder``; a folder without messages has no problem."""
    if not (folder / FOLDER).is_dir():
        return []
    present = (path.relative_to(folder).as_posix() for path in (folder / FOLDER).rglob("*.yaml"))
    wrong = [problem_of(name, 1, "", "unread_file") for name in present if name not in file_names()]
    documents: dict[str, list[DataFile]] = {}  # file name → one document for each language, Japanese first
    for name in file_names():
        try:
            document = read_yaml(folder / name, name)
            validate(document, _SENTENCES)
        except DataError as error:
            wrong.extend(error.problems)
        else:
            documents.setdefault(Path(name).name, []).append(document)
    return [*wrong, *(problem for alike in documents.values() for problem in _differing(alike))]


def _differing(documents: list[DataFile]) -> Iterator[Problem]:
    """Yield a problem for each sentence that one language lacks, and for each with other fields than in Japanese."""
    every = dict.fromkeys(key for document in documents for key in document.value)
    for document in documents:
        for key in every:
            if key not in document.value:
                yield document.problem((key,), "no_words")
    yield from checks.differing_fields(documents)
