"""Messages of commands, the scoring lab and the notebooks: the sentences in ``data/messages/<language>/``.

Messages are not part of a catalogue: its digest does not cover them, and a client's kernel does not read them. They are
always read from the package's own data, never from a folder that a user names. So a command can report an error even
when the user's folder cannot be read.
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
COMMANDS = ("commands", "store", "cohort", "files", "versions", "samples")  # messages of commands; keys are unique
LAB, QUALITY, PROBLEMS, PARSERS = ("lab",), ("quality",), ("problems",), ("parsers",)


def file_names() -> tuple[str, ...]:
    """Return the paths of all files of messages, relative to the folder of the data."""
    files = (*COMMANDS, *LAB, *QUALITY, *PROBLEMS, *PARSERS)
    return tuple(f"{FOLDER}/{spoken}/{name}.yaml" for spoken in LANGUAGES for name in files)


def language(environment: Mapping[str, str] = os.environ) -> Language:
    """Return the language of the terminal: from ADVISOR_LANG, else from its locale, else from the system's locale."""
    for name in ("ADVISOR_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "ja" if environment[name].lower().startswith("ja") else "en"
    system = locale.getlocale()[0] or ""  # Windows sets none of these; its name is "Japanese_Japan"
    return "ja" if system.lower().startswith("ja") else "en"


def messages(spoken: Language | None = None, files: tuple[str, ...] = COMMANDS) -> Mapping[str, str]:
    """Return the sentences of ``files`` by key (default: the messages of commands, in the terminal's language)."""
    return _read(spoken or language(), files)


@cache
def _read(spoken: Language, files: tuple[str, ...]) -> Mapping[str, str]:
    """Read every value as text, without checks; ``advisor check`` reads these files strictly."""
    sentences: dict[str, str] = {}
    for name in files:
        text = (data_dir() / FOLDER / spoken / f"{name}.yaml").read_text(encoding="utf-8")
        # a loader that makes nothing but text
        sentences |= yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506  # nosec B506
    return MappingProxyType(sentences)
