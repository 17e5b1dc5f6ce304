"""Data files that change while somebody works with them: read as they stand now, and written so that none is halved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from advisor.content import disk, loading, versions
from advisor.content.datafiles import DataError, read_yaml, validate
from advisor.content.model import Scoring

if TYPE_CHECKING:
    from pathlib import Path

    from advisor.content.loading import Catalog

_SCORING = TypeAdapter(Scoring)


def fresh(folder: Path, version: str | None = None) -> Catalog:
    """Return the catalogue as its files stand now; ``catalog.load`` remembers how they were when it first read them.

    Raises:
        DataError: with every problem found, each with file, line, field and fix.
    """
    found = folder.resolve()
    return loading._load.__wrapped__(found, version or versions.current(found))  # noqa: SLF001  (load without memory)


def scoring_of(folder: Path, version: str) -> Scoring:
    """Return what a version's scoring says, without the data around it.

    Raises:
        DataError: the file cannot be used, or is of a released version that was edited since.
    """
    if drifted := versions.drift(folder, version):
        raise DataError(drifted)
    name = versions.file_of(version)
    return validate(read_yaml(folder / name, name), _SCORING)


def one_line(text: str) -> str:
    """Return what somebody typed as one line that any file can hold."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())


def write_beside(path: Path, text: str) -> None:
    """Write ``text`` (UTF-8, the line ends of Unix) beside ``path``, then put it in its place in one go."""
    disk.write_whole(path, text.encode())
