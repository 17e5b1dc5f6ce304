"""What commands, the scoring lab and the notebooks say: the sentences in ``data/messages/<language>/``.

They are no part of a catalogue: its digest does not count them, and a client's kernel does not read them. They are
read from the data that came with the package, never from a folder that somebody names: a command has to speak even
when those data cannot be read.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import yaml

from advisor.content.folder import data_dir
from advisor.content.words import LANGUAGES, Language

FOLDER = "messages"
COMMANDS = ("commands", "store", "cohort", "files", "versions", "samples")  # what commands say; no key stands in two
LAB, QUALITY, PROBLEMS, PARSERS = ("lab",), ("quality",), ("problems",), ("parsers",)


def file_names() -> tuple[str, ...]:
    """Return the names of all files of messages, from the folder of the data on."""
    files = (*COMMANDS, *LAB, *QUALITY, *PROBLEMS, *PARSERS)
    return tuple(f"{FOLDER}/{spoken}/{name}.yaml" for spoken in LANGUAGES for name in files)


def language(environment: Mapping[str, str] = os.environ) -> Language:
    """The language of the terminal: ADVISOR_LANG, else its locale, else that of the system."""
    for name in ("ADVISOR_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "ja" if environment[name].lower().startswith("ja") else "en"
    system = locale.getlocale()[0] or ""  # Windows sets none of these; its name is "Japanese_Japan"
    return "ja" if system.lower().startswith("ja") else "en"


def messages(spoken: Language | None = None, files: tuple[str, ...] = COMMANDS) -> Mapping[str, str]:
    """Return the sentences of some files by their keys (default: what commands say, in the terminal's language)."""
    return _read(spoken or language(), files)


@cache
def _read(spoken: Language, files: tuple[str, ...]) -> Mapping[str, str]:
    """Return the sentences as text, whatever they look like; ``advisor check`` reads these files strictly."""
    found: dict[str, str] = {}
    for name in files:
        text = (data_dir() / FOLDER / spoken / f"{name}.yaml").read_text(encoding="utf-8")
        found |= yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506  # nosec B506  (only makes text)
    return MappingProxyType(found)
