"""Writes the report of a cohort file: a CSV line for each thing that is wrong, with the problem and the fix in words.

Rows are those of a spreadsheet: the header is row 1. People open the report in a spreadsheet program. So no cell can be
taken for a formula, and Japanese reports begin with the byte order mark by which Excel recognises UTF-8.
"""

from __future__ import annotations

import csv
import re
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from advisor.content.disk import beside
from advisor.content.messages import language, messages
from advisor.report.answer_table import RISKY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from advisor.analysis.cohort.model import FileFinding, RefusedError

COLUMNS = ("file", "row", "column", "value", "problem", "fix")
HEADER = 2  # the first respondent stands in the second row
_NUMBER = re.compile(r"[-+]?[0-9]+([.,][0-9]+)*")


def sentence(error: RefusedError) -> str:
    """Return in one line why a file is refused, and what to do."""
    said = messages()[f"refused_{error.kind}"].format_map(error.told)
    return f"{error.told['file']}: {said}" if "file" in error.told else said


@dataclass(eq=False)
class Report:
    """A report that is being written; the file is opened with the first line."""

    path: Path
    stack: ExitStack
    count: int = 0
    writer: Any = None
    sentences: Mapping[str, str] = field(default_factory=messages)

    def tell(self, file: str, start: int, findings: Iterable[FileFinding]) -> None:
        """Write a line for each finding; ``start``: the row of the file where their block begins."""
        for finding in findings:
            if self.writer is None:
                self.writer = _opened(self.path, self.stack)
            told = {"column": finding.column, "value": finding.value, **dict(finding.told)}
            problem, fix = (self.sentences[f"finding_{finding.kind}{end}"].format_map(told) for end in ("", "_fix"))
            row = "" if finding.row < 0 else str(finding.row + start + HEADER)
            self.writer.writerow(map(_harmless, (file, row, finding.column, finding.value, problem, fix)))
            self.count += 1


def _opened(path: Path, stack: ExitStack) -> Any:  # noqa: ANN401  (csv's writer has no public type)
    encoding = "utf-8-sig" if language() == "ja" else "utf-8"
    part = stack.enter_context(beside(path))
    writer = csv.writer(stack.enter_context(part.open("w", encoding=encoding, newline="")))
    writer.writerow(COLUMNS)
    return writer


@contextmanager
def reported(path: Path) -> Iterator[Report]:
    """Yield the report that becomes ``path``; if nothing is wrong, an earlier report there is deleted."""
    with ExitStack() as stack:
        report = Report(path, stack)
        yield report
    if not report.count and _is_report(path):
        path.unlink()


def _is_report(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.readline().decode("utf-8-sig", "replace").strip() == ",".join(COLUMNS)


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet program takes for a formula (OWASP, CSV Injection); numbers stay numbers."""
    return f"'{cell}" if cell.startswith(RISKY) and not _NUMBER.fullmatch(cell) else cell
