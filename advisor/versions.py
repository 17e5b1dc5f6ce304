"""The versions of the scoring in ``scoring/``: drafts may be edited, released ones are pinned by their bytes.

``released.csv`` has one line a release, oldest first; the last is what the workbook uses. A folder without it (a
catalogue that the store kept from an old visit) holds one version, and that is the one.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from advisor.model import Release
from advisor.strict import DataError, Problem, read_csv, validate

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "scoring"
RELEASED = f"{FOLDER}/released.csv"
_NAME = re.compile(r"^(\d{4})-(\d+)$")
_ROWS = TypeAdapter(tuple[Release, ...])


def file_of(version: str) -> str:
    """Return the name of a version's file."""
    return f"{FOLDER}/{version}.yaml"


def order(version: str) -> tuple[int, int]:
    """Return what versions are sorted by: year and number, so that 2026-10 comes after 2026-9."""
    year, number = version.split("-")
    return int(year), int(number)


def names(folder: Path) -> tuple[str, ...]:
    """Return all versions in ``folder``, drafts too, oldest first."""
    found = (path.stem for path in (folder / FOLDER).glob("*.yaml"))
    return tuple(sorted((name for name in found if _NAME.match(name)), key=order))


def releases(folder: Path) -> dict[str, Release]:
    """Return the released versions, oldest first; none where no release is noted.

    Raises:
        DataError: the list cannot be read, or a version stands in it twice.
    """
    if not (folder / RELEASED).exists():
        return {}
    document = read_csv(folder / RELEASED, RELEASED)
    rows = validate(document, _ROWS)
    doubles = [number for number, row in enumerate(rows) if row.version in {other.version for other in rows[:number]}]
    if doubles:
        fix = "a release is never repeated: remove the later line"
        raise DataError([document.problem((number, "version"), "stands twice", fix) for number in doubles])
    return {row.version: row for row in rows}


def current(folder: Path) -> str:
    """Return the version that the workbook uses: the last released, else the newest there is.

    Raises:
        DataError: there is no version at all.
    """
    found = tuple(releases(folder)) or names(folder)
    if not found:
        raise DataError([Problem(RELEASED, 1, "version", "no scoring version", "restore it from the last release")])
    return found[-1]


def sha256(folder: Path, version: str) -> str:
    """Return the SHA-256 of a version's bytes, with the line ends of Unix whatever the checkout."""
    return hashlib.sha256((folder / file_of(version)).read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def drift(folder: Path, version: str) -> Problem | None:
    """Return the problem of a released version that is not what was released any more."""
    released = releases(folder).get(version)
    if released is None or not (folder / file_of(version)).is_file() or sha256(folder, version) == released.sha256:
        return None
    message = f"version {version} was released on {released.released} and has been edited since"
    fix = "restore the file, and save the change as a new version"
    return Problem(file_of(version), 1, "version", message, fix)
