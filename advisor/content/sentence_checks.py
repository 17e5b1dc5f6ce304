"""Check of sentences: every sentence that a screen or a paper uses has Japanese words.

The code names these sentences, so the data alone do not show which are needed. ``sentences.txt`` lists them. The list
cannot be collected from the code, because loops build some keys (``export_name_json``).
``tests/content/test_translator.py`` compares the list with the code and with today's words.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from advisor.content.datafiles import DataError, Problem, read_yaml
from advisor.content.words import FILES, SENTENCES

LIST = Path(__file__).with_name("sentences.txt")


def needed() -> dict[str, list[str]]:
    """Return the keys of all sentences that the code uses, by group."""
    groups: dict[str, list[str]] = {}
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            group = groups.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            group.append(line)
    return groups


def problems(folder: Path) -> Iterator[Problem]:
    """Yield a problem for each sentence without Japanese words in ``folder``; English falls back to Japanese."""
    keys = needed()
    places = [(name, group) for name, groups in FILES.items() for group in groups if group in SENTENCES]
    for name, group in places if (folder / "text").is_dir() else ():
        try:
            document = read_yaml(folder / "text/ja" / name, f"text/ja/{name}")
        except DataError:
            continue  # advisor.content.loading reports this file
        words = document.value.get(group) if isinstance(document.value, dict) else None
        if isinstance(words, dict):
            yield from (document.problem((group, key), "no_words") for key in keys[group] if key not in words)
