"""What the command line says, in Japanese and English.

These words are not part of ``data/``: the command line has to speak even when the data cannot be read.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from typing import Literal

from advisor.content.messages import cohort, files, lab, main, samples, store

Language = Literal["ja", "en"]


def language(environment: Mapping[str, str] = os.environ) -> Language:
    """The language to speak: ADVISOR_LANG, else the locale of the terminal, else that of the system."""
    for name in ("ADVISOR_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "ja" if environment[name].lower().startswith("ja") else "en"
    system = locale.getlocale()[0] or ""  # Windows sets none of these; its name is "Japanese_Japan"
    return "ja" if system.lower().startswith("ja") else "en"


def words(spoken: Language | None = None) -> dict[str, str]:
    """Every sentence in one language."""
    column = 0 if (spoken or language()) == "ja" else 1
    return {key: pair[column] for key, pair in _WORDS.items()}


_WORDS = main.WORDS | store.WORDS | cohort.WORDS | files.WORDS | lab.WORDS | samples.WORDS
