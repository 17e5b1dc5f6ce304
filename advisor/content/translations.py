"""Reading of the words of every language; missing words are taken from Japanese and counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from advisor.content.datafiles import DataError, DataFile, Problem, validate
from advisor.content.words import FILES, LANGUAGES, Language, Words

_WORDS = TypeAdapter(Words)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the words of one language."""
    return _WORDS.json_schema()


def read(documents: Mapping[str, DataFile]) -> tuple[dict[Language, Words], dict[Language, int]]:
    """Return the words of each language, and the number of words that were taken from Japanese.

    Raises:
        DataError: with every problem of the files of words.
    """
    problems: list[Problem] = []
    japanese: dict[str, Any] = {}
    words: dict[Language, Words] = {}
    fallbacks: dict[Language, int] = {}
    for language in LANGUAGES:
        merged: dict[str, Any] = {}
        parts: dict[str, DataFile] = {}
        fallbacks[language] = 0
        for name, keys in FILES.items():
            document = documents[f"text/{language}/{name}"]
            groups = document.value if isinstance(document.value, dict) else {}
            held = ", ".join(keys)
            if groups is not document.value:
                problems.append(document.problem((), "no_mapping", "keys_of_file_fix", keys=held))
            extra = (key for key in groups if key not in keys)
            problems += [document.problem((key,), "unknown_key", "keys_of_file_fix", keys=held) for key in extra]
            for key in keys:
                parts[key] = document
                own = groups.get(key, {})
                if language == "ja":
                    merged[key] = own
                else:
                    merged[key], missing = _fill(own, japanese[key])
                    fallbacks[language] += missing
        japanese = japanese or merged
        try:
            words[language] = validate(DataFile(language, merged, parts=parts), _WORDS)
        except DataError as error:
            problems.extend(error.problems)
    if problems:
        raise DataError(problems)
    return words, fallbacks


def _fill(own: Any, japanese: Any) -> tuple[Any, int]:  # noqa: ANN401  (trees of text)
    if not isinstance(own, dict) or not isinstance(japanese, dict):
        return own, 0
    filled, missing = dict(own), 0
    for key, value in japanese.items():
        if key in own:
            filled[key], count = _fill(own[key], value)
            missing += count
        else:
            filled[key] = value
            missing += _leaves(value)
    return filled, missing


def _leaves(value: Any) -> int:  # noqa: ANN401  (trees of text)
    return sum(map(_leaves, value.values())) if isinstance(value, dict) else 1
