"""Checks of a whole data folder: every scoring version, the releases, the worked cases and the messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.content import loading, message_checks, messages, sentence_checks, versions, worked_cases
from advisor.content.datafiles import DataError, Problem

if TYPE_CHECKING:
    from pathlib import Path


def problems(folder: Path) -> tuple[Problem, ...]:
    """Return every problem in ``folder``, in the order of files and lines.

    Drafts must pass the same checks as the version in use. The worked cases are compared with the version in use only.
    """
    wrong = {*versions.misnamed(folder), *message_checks.problems(folder), *sentence_checks.problems(folder)}
    try:
        released, used = versions.releases(folder), versions.current(folder)
    except DataError as error:
        return error.problems
    for version in dict.fromkeys((*released, *versions.names(folder))):
        try:
            loaded = loading.load(folder, version)
            if version == used:
                worked_cases.load(loaded, folder)
        except DataError as error:
            wrong |= set(error.problems)  # a set, because each version reports the problems of shared files again
    return tuple(sorted(wrong))


def schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of each YAML file, by file name, for editors."""
    sentences = {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}}
    of_messages = dict.fromkeys(messages.file_names(), sentences)
    return loading.schemas() | {worked_cases.FILE: worked_cases.schema()} | of_messages
