"""Whether every sentence that screens and papers ask for has words: code names them, so data alone cannot tell.

``sentences.txt`` lists them. What a loop completes (``export_name_json``) is nowhere named whole in code, so the list
cannot be collected when data are checked; ``tests/content/test_translator.py`` holds it to the code and to the words
of today.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from advisor.content.datafiles import DataError, Problem, read_yaml
from advisor.content.words import FILES, SENTENCES

LIST = Path(__file__).with_name("sentences.txt")


def needed() -> dict[str, list[str]]:
    """Return the keys of all sentences that code asks for, by the group that holds them."""
    found: dict[str, list[str]] = {}
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            group = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            group.append(line)
    return found


def problems(folder: Path) -> Iterator[Problem]:
    """Yield the sentences that have no Japanese words in ``folder``; English falls back to Japanese."""
    keys = needed()
    places = [(name, group) for name, groups in FILES.items() for group in groups if group in SENTENCES]
    for name, group in places if (folder / "text").is_dir() else ():
        try:
            document = read_yaml(folder / "text/ja" / name, f"text/ja/{name}")
        except DataError:
            continue  # whoever loads the data says so
        words = document.value.get(group) if isinstance(document.value, dict) else None
        if isinstance(words, dict):
            yield from (document.problem((group, key), "no_words") for key in keys[group] if key not in words)
