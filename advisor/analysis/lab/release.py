"""Releases a version: checks everything first, then notes the release, and from then on its folder may not change."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from advisor.analysis.lab import worked_cases
from advisor.analysis.lab.diff import differences
from advisor.analysis.lab.errors import LabError, ReleasedError
from advisor.analysis.lab.files import fresh, one_line, write_beside
from advisor.content import versions

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from advisor.analysis.lab.diff import VersionChange
    from advisor.analysis.lab.worked_cases import CaseChange
    from advisor.content.catalog import Catalog

HEADER = "version,released,sha256"
NAMED = 4  # the changelog names so many changes, and counts the rest
WIDTH = 150  # of a line of the changelog
NEWLINE = "\n"
UNRELEASED, CHANGED = "## [Unreleased]", "### Changed"


@dataclass(frozen=True, slots=True)
class Released:
    """A version that was released: what changed from ``before`` ("" for the first), and which files were written."""

    version: str
    before: str
    changes: tuple[VersionChange, ...]
    files: tuple[Path, ...]


class UnacceptedError(LabError):
    """Worked cases of which the version says something else than is expected; ``cases`` holds them."""

    def __init__(self, version: str, cases: tuple[CaseChange, ...]) -> None:
        """Keep the cases beside the sentence."""
        super().__init__("lab_unaccepted", version=version, names=", ".join(case.name for case in cases))
        self.cases = cases


def release(  # noqa: PLR0913  (where things stand, and what is said of the release)
    folder: Path,
    version: str,
    date: date,
    *,
    why: str,
    changelog: Path | None = None,
    pins: Path | None = None,
) -> Released:
    """Release ``version`` of the data in ``folder``: the workbook uses it from now on, and its folder may not change.

    ``changelog``, ``pins``: files that are added to when they are there (the pins: ``tests/released.csv``).
    Everything is checked before the first file is written.

    Raises:
        DataError: the data with this version have problems.
        ReleasedError: it is released already.
        UnacceptedError: a worked case does not come out as ``samples/cases.yaml`` expects.
        LabError: there is no such version, no reason is given, it is older than the present one, or it says the same.
    """
    version = versions.named(version)
    before = _may_be_released(folder, version, why)
    found = fresh(folder, version)
    last = fresh(folder, before) if before else None
    changed = differences(last, found) if last else ()
    if last and not changed:
        raise LabError("lab_no_difference", version=version, before=before)
    if turned := _turned(last, found) if last else ():
        raise LabError("lab_turned", version=version, paths=", ".join(turned))
    if unaccepted := worked_cases.unaccepted(found):
        raise UnacceptedError(version, unaccepted)
    row = f"{version},{date.isoformat()},{found.digest}"
    texts: dict[Path, str] = {folder / versions.file_of(version, versions.SUMS): versions.sums(folder, version)}
    if changelog and changelog.is_file():
        texts[changelog] = with_entry(changelog.read_text(encoding="utf-8"), entry(found, before, changed, why))
    if pins and pins.is_file():
        texts[pins] = _with_row(_kept(pins, folder), row)
    listed = folder / versions.RELEASED
    texts[listed] = _with_row(listed.read_text(encoding="utf-8") if listed.is_file() else "", row)
    for path, text in texts.items():  # the list of releases comes last: only with it the version is released
        write_beside(path, text)
    return Released(version, before, changed, tuple(texts))


def _may_be_released(folder: Path, version: str, why: str) -> str:
    """Return the version released last, "" when none is."""
    released = versions.releases(folder)
    last = next(reversed(released), "")
    if version in released:
        raise ReleasedError("lab_released_twice", version=version, date=released[version].released)
    if version not in versions.names(folder):
        raise LabError("lab_no_version", version=version, there=", ".join(versions.names(folder)) or "–")
    if last and versions.order(version) < versions.order(last):
        raise LabError("lab_older", version=version, last=last)
    if not one_line(why):
        raise LabError("lab_no_reason", version=version)
    return last


def _turned(before: Catalog, after: Catalog) -> list[str]:
    """Return the weights that a source states as a rule, but whose sign changed without a written reason."""
    found = []
    for group in ("steps", "paths"):
        for target, weights in getattr(after.scoring, group).items():
            for feature, weight in weights.items():
                was = getattr(before.scoring, group).get(target, {}).get(feature)
                if was and was.stated and was.points * weight.points < 0 and not weight.reason:
                    found.append(f"{group}.{target}.{feature}")
    return found


def _with_row(text: str, row: str) -> str:
    return f"{text.rstrip() or HEADER}\n{row}\n"


def _kept(pins: Path, folder: Path) -> str:
    """Return the pins of released versions only: a release that was interrupted may have left one of its own."""
    header, *rows = pins.read_text(encoding="utf-8").splitlines()
    released = versions.releases(folder)
    return "\n".join([header, *(row for row in rows if row.partition(",")[0] in released)])


def entry(found: Catalog, before: str, changed: tuple[VersionChange, ...], why: str) -> str:
    """Return the entry of the changelog: what was released, why, and its changes in a line or two."""
    told = [f"`{change.path}` {_side(change.old)} → {_side(change.new)}" for change in changed[:NAMED]]
    if len(changed) > NAMED:
        told.append(f"{len(changed) - NAMED} more (`advisor diff {before} {found.scoring.version}`)")
    what = f" {'; '.join(told)}." if told else ""
    reason = one_line(why)
    stop = "" if reason.endswith((".", "。", "!", "?")) else "."
    text = f"Scoring {found.scoring.version}: {reason}{stop}{what}"
    return textwrap.fill(
        text, WIDTH, initial_indent="- ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def _side(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def with_entry(text: str, told: str) -> str:
    """Return a changelog (Keep a Changelog) with an entry as the last under Unreleased, Changed.

    A text without an Unreleased part gets one below its title.
    """
    if told in text:
        return text
    if UNRELEASED not in text:
        head, _, rest = text.partition("\n## ")
        after = f"\n## {rest}" if rest else ""
        return f"{head.rstrip()}\n\n{UNRELEASED}\n\n{CHANGED}\n\n{told}\n{after}"
    head, _, rest = text.partition(UNRELEASED)
    part, mark, later = _cut(rest, r"\n## ")
    if CHANGED not in part:
        return f"{head}{UNRELEASED}{part.rstrip()}\n\n{CHANGED}\n\n{told}\n{mark}{later}"
    before, _, entries = part.partition(CHANGED)
    own, other, others = _cut(entries, r"\n### ")
    return f"{head}{UNRELEASED}{before}{CHANGED}{own.rstrip() or NEWLINE}\n{told}\n{other}{others}{mark}{later}"


def _cut(text: str, pattern: str) -> tuple[str, str, str]:
    """Return what stands before the first match, the match, and what stands after it."""
    found = re.search(pattern, text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")
