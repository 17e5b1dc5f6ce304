"""Writes the report of a cohort file: a CSV line for each thing that is wrong, with the problem and the fix in words.

Rows are those of a spreadsheet. People open the report in a spreadsheet program. So no cell can be
taken for a formula, and reports begin with the byte order mark by which Excel recognises UTF-8.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from advisor.content.disk import beside
from advisor.content.messages import language, messages
from advisor.report.sheets import RISKY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from advisor.analysis.cohort.model import FileFinding, RefusedError

COLUMNS = ("file", "row", "column", "value", "problem", "fix")
NOTES = (
    "heading",
    "heading_more",
    "heading_next",
    "indirect",
    "sheet",
    "packed",
)  # how a file was read: said, but nothing is wrong
WITHOUT_FIX = ("wide", "coded", "filled", "surplus", "blank")  # nothing has to be done
SAID = (  # said where the run is summed up, besides the notes
    "wide", "coded", "missing_code", "filled", "surplus", "blank", "formulas", "merged", "near", "column_words",
    "column_from_zero", "column_range", "missing_item",
)  # fmt: skip
COUNTED = ("not_person", "short", "joined", "note", "cells", "swallowed")  # said with their number
_NUMBER = re.compile(r"[-+]?[0-9]+([.,][0-9]+)*")


def sentence(error: RefusedError) -> str:
    """Return in one line why a file is refused, and what to do."""
    said = messages()[f"refused_{error.kind}"].format_map(error.told)
    return f"{error.told['file']}: {said}" if "file" in error.told else said


@dataclass(eq=False)
class Report:
    """A report that is being written; the file is opened with the first line.

    ``lines``: how many lines it has; ``kinds``: how many findings of each kind; ``whole``: findings of blocks about
    their file as a whole, with their counts added up.
    """

    path: Path
    stack: ExitStack
    lines: int = 0
    writer: Any = None
    sentences: Mapping[str, str] = field(default_factory=messages)
    kinds: Counter[str] = field(default_factory=Counter)
    whole: dict[tuple[str, str, str, str], FileFinding] = field(default_factory=dict)
    said: dict[str, None] = field(default_factory=dict)

    def about(self, file: str, findings: Iterable[FileFinding]) -> None:
        """Write a line for each finding about a file as a whole; what is no problem is only said."""
        for finding in findings:
            if finding.kind in (*NOTES, *SAID):
                plain = finding.kind in (*NOTES, *WITHOUT_FIX)
                self.said[self._about(file, finding, *([""] if plain else ["", "_fix"]))] = None
            if finding.kind not in NOTES:
                self._write(file, "", finding)

    def tell(self, file: str, start: int, findings: Iterable[FileFinding]) -> None:
        """Write a line for each finding in a block; ``start``: the row of the file where it begins, from 0."""
        for finding in findings:
            if finding.row < 0:
                place = (file, finding.column, finding.value, finding.kind)
                self.whole[place] = _together(self.whole.get(place), finding)
            else:
                self.kinds[finding.kind] += 1
                self._write(file, str(finding.row + start + 1), finding)

    def finish(self) -> None:
        """Write the lines about files as a whole."""
        for (file, *_), finding in self.whole.items():
            self.about(file, (finding,))
        self.whole.clear()

    def summary(self) -> list[str]:
        """Return the sentences that sum the report up: how files were read, and what happened to rows."""
        counted = [
            self.sentences[f"said_{kind}"].format(count=f"{self.kinds[kind]:,}") for kind in COUNTED if self.kinds[kind]
        ]
        return [*self.said, *counted]

    def _about(self, file: str, finding: FileFinding, *ends: str) -> str:
        between = "" if language() == "ja" else "; "
        return f"{file}: {between.join(self._problem(finding, end) for end in ends)}"

    def _problem(self, finding: FileFinding, end: str = "") -> str:
        told = {"column": finding.column, "value": finding.value, **dict(finding.told)}
        return self.sentences[f"finding_{finding.kind}{end}"].format_map(told)

    def _write(self, file: str, row: str, finding: FileFinding) -> None:
        if self.writer is None:
            self.writer = _opened(self.path, self.stack)
        line = (file, row, finding.column, finding.value, self._problem(finding), self._problem(finding, "_fix"))
        self.writer.writerow(map(harmless, line))
        self.lines += 1


def _together(first: FileFinding | None, other: FileFinding) -> FileFinding:
    """Return two findings of one kind as one, with their counts added up."""
    if first is None:
        return other
    told, more = dict(first.told), dict(other.told)
    if "count" in told:
        told["count"] = str(int(told["count"]) + int(more["count"]))
    return replace(first, told=tuple(told.items()))


def _opened(path: Path, stack: ExitStack) -> Any:  # noqa: ANN401  (csv's writer has no public type)
    part = stack.enter_context(beside(path))
    writer = csv.writer(stack.enter_context(part.open("w", encoding="utf-8-sig", newline="")))
    writer.writerow(COLUMNS)
    return writer


@contextmanager
def reported(path: Path) -> Iterator[Report]:
    """Yield the report that becomes ``path``; if nothing is wrong, an earlier report there is deleted."""
    with ExitStack() as stack:
        report = Report(path, stack)
        yield report
        report.finish()
    if not report.lines and _is_report(path):
        path.unlink()


def _is_report(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.readline().decode("utf-8-sig", "replace").strip() == ",".join(COLUMNS)


def as_it_was(cell: str) -> str:
    """Return the cell from which :func:`harmless` made this one."""
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet program takes for a formula (OWASP, CSV Injection); numbers stay numbers."""
    return f"'{cell}" if cell.startswith(RISKY) and not _NUMBER.fullmatch(cell) else cell
