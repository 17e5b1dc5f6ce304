"""Scoring versions: one folder for each in ``releases/``; drafts may be edited, releases may not.

``releases/2026-1/`` holds the questions with their keys, scales, reliabilities, scoring, steps, paths, roles and all
their words in each language. The words of screens, the worksheets and the O*NET figures are beside ``releases/``: all
versions share them. ``releases/released.csv`` has one line for each release, oldest first. The workbook uses the last.

A released folder is pinned. Its ``SHA256SUMS`` lists the SHA-256 of each file, and of the O*NET figures
(``sha256sum -c SHA256SUMS`` checks them). The digest of the release is the SHA-256 of that list.

Older stores keep catalogues without ``releases/``. Such a folder holds one version and no list of releases.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from advisor.content.datafiles import DataError, Problem, problem_of, read_csv, validate
from advisor.content.model import Release
from advisor.content.words import FILES, LANGUAGES, VERSIONED_FILES

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "releases"
RELEASED = f"{FOLDER}/released.csv"
SCORING = "scoring.yaml"
SUMS = "SHA256SUMS"
FIGURES = ("onet/occupations.csv",)  # all versions share these files, and each version pins them
SCREENS = tuple(name for name in FILES if name not in VERSIONED_FILES)  # words of screens and papers
SHARED = frozenset(
    (
        *FIGURES,
        "guidance/worksheets.yaml",
        "guidance/services.yaml",
        "samples/cases.yaml",
        *(f"text/{language}/{name}" for language in LANGUAGES for name in SCREENS),
    )
)
_NAME = re.compile(r"^\d{4}-[1-9]\d*$")
_LOOSE = re.compile(r"^(\d{4})[-_. ]+0*([1-9]\d*)$")
_ROWS = TypeAdapter(tuple[Release, ...])


# --- paths of files -----------------------------------------------------------------------------------------------


def located(folder: Path, version: str, name: str) -> str:
    """Return the path of a version's file relative to ``folder``, for example ``releases/2026-1/instrument/items.csv``.

    Shared files have no version in their path. In a folder without ``releases/`` only the scoring file has one.
    """
    if not (folder / FOLDER).is_dir():
        return f"scoring/{version}.yaml" if name == SCORING else name
    return name if name in SHARED else file_of(version, name)


def file_of(version: str, name: str = SCORING) -> str:
    """Return the path of a file in a version's folder, relative to the folder of the data."""
    return f"{FOLDER}/{version}/{name}"


def own_files(folder: Path, version: str) -> tuple[str, ...]:
    """Return the paths of all files in a version's folder, relative to it, without hidden files and ``SHA256SUMS``."""
    home = folder / FOLDER / version
    paths = (path.relative_to(home) for path in home.rglob("*") if path.is_file())
    visible = (path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts))
    return tuple(sorted(name for name in visible if name != SUMS))


# --- the versions in a folder ---------------------------------------------------------------------------------------


def order(version: str) -> tuple[int, int]:
    """Return the sort key of a version, year and number: 2026-10 comes after 2026-9."""
    year, number = version.split("-")
    return int(year), int(number)


def is_name(text: str) -> bool:
    """Return whether a text is a valid name of a version: a year, a hyphen, and a number without leading zeros."""
    return bool(_NAME.match(text))


def named(text: str) -> str:
    """Return the valid name for a typed version (2026-02 → 2026-2); other texts are returned unchanged."""
    meant = _LOOSE.match(text.strip())
    return f"{meant[1]}-{meant[2]}" if meant else text


def names(folder: Path) -> tuple[str, ...]:
    """Return all versions in ``folder``, drafts too, oldest first."""
    if (folder / FOLDER).is_dir():
        present = [path.name for path in (folder / FOLDER).iterdir() if path.is_dir()]
    else:
        present = [path.stem for path in (folder / "scoring").glob("*.yaml")]
    return tuple(sorted((name for name in present if is_name(name)), key=order))


def misnamed(folder: Path) -> list[Problem]:
    """Return a problem for each folder in ``releases/`` without a valid name (2026-02): the workbook never reads it."""
    home = folder / FOLDER
    folders = sorted(path.name for path in home.iterdir() if path.is_dir()) if home.is_dir() else []
    wrong = [name for name in folders if not is_name(name) and not name.startswith(".")]
    return [problem_of(f"{FOLDER}/{name}", 1, "", "version_name") for name in wrong]


def releases(folder: Path) -> dict[str, Release]:
    """Return the released versions by name, oldest first; empty if ``released.csv`` does not exist.

    Raises:
        DataError: the list cannot be read, or has a version twice.
    """
    if not (folder / RELEASED).exists():
        return {}
    document = read_csv(folder / RELEASED, RELEASED)
    rows = validate(document, _ROWS)
    doubles = [number for number, row in enumerate(rows) if row.version in {other.version for other in rows[:number]}]
    if doubles:
        raise DataError([document.problem((number, "version"), "twice", "released_twice_fix") for number in doubles])
    return {row.version: row for row in rows}


def current(folder: Path) -> str:
    """Return the version that the workbook uses: the last release, else the newest draft.

    Raises:
        DataError: the folder has no version.
    """
    known = tuple(releases(folder)) or names(folder)
    if not known:
        raise DataError([problem_of(RELEASED, 1, "version", "no_version")])
    return known[-1]


# --- pinning of a release -------------------------------------------------------------------------------------------


def sums(folder: Path, version: str) -> str:
    """Return the list that pins a version: a line ``SHA-256  name`` for each file, in the format of sha256sum.

    CRLF counts as LF, so that every checkout gives the same list.
    """
    home = folder / FOLDER / version
    paths = {name: home / name for name in own_files(folder, version)}
    paths |= {f"../../{name}": folder / name for name in FIGURES if (folder / name).is_file()}
    lines = (f"{sha256(path.read_bytes())}  {name}\n" for name, path in sorted(paths.items()))
    return "".join(lines)


def digest(folder: Path, version: str) -> str:
    """Return the digest of a version: it changes with any byte that the advice depends on."""
    return sha256(sums(folder, version).encode())


def sha256(content: bytes) -> str:
    """Return the SHA-256 of a file's content; CRLF counts as LF."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def drift(folder: Path, version: str) -> list[Problem]:
    """Return a problem for each file of a released version that was changed, added or removed after the release."""
    released = releases(folder).get(version)
    if released is None or not (folder / FOLDER).is_dir():
        return []
    if not (folder / FOLDER / version).is_dir():
        return [problem_of(f"{FOLDER}/{version}", 1, "", "folder_missing", version=version)]
    if digest(folder, version) == released.sha256:
        return []
    sums_file = folder / file_of(version, SUMS)
    listed = sums_file.read_text(encoding="utf-8") if sums_file.is_file() else ""
    if sha256(listed.encode()) != released.sha256:
        files = [file_of(version, SUMS)]
    else:
        files = [_called(version, name) for name in _differing(folder, version, listed)]
    which = {"version": version, "day": released.released}
    return [problem_of(file, 1, "version", "edited_release", **which) for file in files]


def _differing(folder: Path, version: str, listed: str) -> list[str]:
    """Return the files that are missing, new or changed, compared with the list of a release."""
    was, now = _by_name(listed), _by_name(sums(folder, version))
    return sorted(name for name in was | now if was.get(name) != now.get(name))


def _by_name(listed: str) -> dict[str, str]:
    pairs = (line.split("  ", 1) for line in listed.splitlines())
    return {name: sha for sha, name in pairs}


def _called(version: str, name: str) -> str:
    return name.removeprefix("../../") if name.startswith("../../") else file_of(version, name)
