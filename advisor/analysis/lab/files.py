"""Reads data files as they are now, although somebody edits them meanwhile, and writes them whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from advisor.content import disk, loading, versions
from advisor.content.datafiles import DataError, read_yaml, validate
from advisor.content.model import Scoring

if TYPE_CHECKING:
    from pathlib import Path

    from advisor.content.catalog import Catalog

_SCORING = TypeAdapter(Scoring)


def fresh(folder: Path, version: str | None = None) -> Catalog:
    """Return the catalogue as its files are now; ``loading.load`` would give what it read the first time.

    Raises:
        DataError: with every problem found, each with file, line, field and fix.
    """
    found = folder.resolve()
    return loading.load_anew(found, version or versions.current(found))


def scoring_of(folder: Path, version: str) -> Scoring:
    """Return the scoring of a version, without reading the other data.

    Raises:
        DataError: the file cannot be used, or is of a released version that was edited since.
    """
    if drifted := versions.drift(folder, version):
        raise DataError(drifted)
    name = versions.file_of(version)
    return validate(read_yaml(folder / name, name), _SCORING)


def one_line(text: str) -> str:
    """Return a text as one line of printable characters."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())


def write_beside(path: Path, text: str) -> None:
    """Write ``text`` (UTF-8, line ends of Unix) to a file beside ``path``, then replace ``path`` by it."""
    disk.write_whole(path, text.encode())
