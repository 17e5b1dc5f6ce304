"""The versions of what the advice depends on: one folder each in ``releases/``; drafts may be edited, releases not.

``releases/2026-1/`` holds the questions with their keys, scales, reliabilities, scoring, steps, paths, roles and every
sentence about them, in each language. Screens, worksheets and the O*NET figures lie beside the folders, for all of
them. ``releases/released.csv`` has one line a release, oldest first; the last is what the workbook uses.

A released folder is pinned: its ``SHA256SUMS`` names each file with its SHA-256 (``sha256sum -c SHA256SUMS`` checks
them), the O*NET figures too, and the release's digest is the SHA-256 of that list.

The files of a catalogue that a store kept before there were such folders lie side by side: one version, no list.
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
FIGURES = ("onet/occupations.csv",)  # shared by all versions, and pinned by each
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


# --- where files lie ----------------------------------------------------------------------------------------------


def located(folder: Path, version: str, name: str) -> str:
    """Return where a file of a version lies, from ``folder`` on: ``releases/2026-1/instrument/items.csv``."""
    if not (folder / FOLDER).is_dir():
        return f"scoring/{version}.yaml" if name == SCORING else name
    return name if name in SHARED else file_of(version, name)


def file_of(version: str, name: str = SCORING) -> str:
    """Return where a version's own file lies, from the folder of the data on."""
    return f"{FOLDER}/{version}/{name}"


def own_files(folder: Path, version: str) -> tuple[str, ...]:
    """Return the files in a version's folder, by their names there; hidden files are none of them."""
    home = folder / FOLDER / version
    found = (path.relative_to(home) for path in home.rglob("*") if path.is_file())
    visible = (path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts))
    return tuple(sorted(name for name in visible if name != SUMS))


# --- which versions there are ---------------------------------------------------------------------------------------


def order(version: str) -> tuple[int, int]:
    """Return what versions are sorted by: year and number, so that 2026-10 comes after 2026-9."""
    year, number = version.split("-")
    return int(year), int(number)


def is_name(text: str) -> bool:
    """Return whether a version can be called so: a year and a number without leading zeros."""
    return bool(_NAME.match(text))


def named(text: str) -> str:
    """Return the version that somebody means: 2026-02 is 2026-2. Anything else stays as it is."""
    meant = _LOOSE.match(text.strip())
    return f"{meant[1]}-{meant[2]}" if meant else text


def names(folder: Path) -> tuple[str, ...]:
    """Return all versions in ``folder``, drafts too, oldest first."""
    if (folder / FOLDER).is_dir():
        found = [path.name for path in (folder / FOLDER).iterdir() if path.is_dir()]
    else:
        found = [path.stem for path in (folder / "scoring").glob("*.yaml")]
    return tuple(sorted((name for name in found if is_name(name)), key=order))


def misnamed(folder: Path) -> list[Problem]:
    """Return a problem for each folder beside the versions that is none: 2026-02 is never read."""
    home = folder / FOLDER
    found = sorted(path.name for path in home.iterdir() if path.is_dir()) if home.is_dir() else []
    wrong = [name for name in found if not is_name(name) and not name.startswith(".")]
    return [problem_of(f"{FOLDER}/{name}", 1, "", "version_name") for name in wrong]


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
        raise DataError([document.problem((number, "version"), "twice", "released_twice_fix") for number in doubles])
    return {row.version: row for row in rows}


def current(folder: Path) -> str:
    """Return the version that the workbook uses: the last released, else the newest there is.

    Raises:
        DataError: there is no version at all.
    """
    found = tuple(releases(folder)) or names(folder)
    if not found:
        raise DataError([problem_of(RELEASED, 1, "version", "no_version")])
    return found[-1]


# --- what pins a release --------------------------------------------------------------------------------------------


def sums(folder: Path, version: str) -> str:
    """Return the list that pins a version: a line ``SHA-256  name`` for each file, as sha256sum writes and checks it.

    Line ends count as those of Unix, whatever the checkout.
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
    """Return the SHA-256 of a file's content, with the line ends of Unix."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def drift(folder: Path, version: str) -> list[Problem]:
    """Return a problem for each file of a released version that is not what was released any more."""
    released = releases(folder).get(version)
    if released is None or not (folder / FOLDER).is_dir():
        return []
    if not (folder / FOLDER / version).is_dir():
        return [problem_of(f"{FOLDER}/{version}", 1, "", "folder_missing", version=version)]
    if digest(folder, version) == released.sha256:
        return []
    there = folder / file_of(version, SUMS)
    listed = there.read_text(encoding="utf-8") if there.is_file() else ""
    if sha256(listed.encode()) != released.sha256:
        files = [file_of(version, SUMS)]
    else:
        files = [_called(version, name) for name in _differing(folder, version, listed)]
    which = {"version": version, "day": released.released}
    return [problem_of(file, 1, "version", "edited_release", **which) for file in files]


def _differing(folder: Path, version: str, listed: str) -> list[str]:
    """Return the files that are missing, new, or other than the list of a release says."""
    was, now = _by_name(listed), _by_name(sums(folder, version))
    return sorted(name for name in was | now if was.get(name) != now.get(name))


def _by_name(listed: str) -> dict[str, str]:
    pairs = (line.split("  ", 1) for line in listed.splitlines())
    return {name: sha for sha, name in pairs}


def _called(version: str, name: str) -> str:
    return name.removeprefix("../../") if name.startswith("../../") else file_of(version, name)
