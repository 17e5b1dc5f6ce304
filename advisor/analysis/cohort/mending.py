"""Blocks of text that are not simply records of the right length: what can be kept of them, and what is told."""

from __future__ import annotations

import csv
import io
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from advisor.analysis.cohort import limits
from advisor.analysis.cohort.csv_records import well_formed
from advisor.analysis.cohort.model import Finding, RefusedError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EMPTY = (b"\n\n", b"\n\r", b"\r\r")
_END = ["\0", "\0"]  # a record after the last, which an open quote swallows; no text that is read holds a NUL


def is_closed(data: bytes, delimiter: str) -> bool:
    """Return whether it is certain that no quote is left open at the end of a file."""
    units = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(units == ord('"'))
    return len(quotes) % 2 == 0 and well_formed(units, quotes, delimiter)


def has_empty_line(data: bytes) -> bool:
    """Return whether a line may be empty (it may also stand inside quotes)."""
    return data.startswith((b"\n", b"\r")) or any(sign in data for sign in _EMPTY)


def mend(text: str, delimiter: str, width: int) -> tuple[bytes, int, NDArray[np.int64], tuple[Finding, ...]]:
    """Return the records with ``width`` cells as UTF-8, the number of all records, those kept, and what was not kept.

    Empty lines are counted and left out without a word; records of another length are told. Quotes are read as pandas
    and Excel read them: inside an unquoted cell they are signs like others.

    Raises:
        RefusedError: a cell is never closed, or too long; ``line`` is counted from the start of the text.
    """
    lines = io.StringIO(text, newline="")
    reader = csv.reader(chain(lines, [delimiter.join(_END)]), delimiter=delimiter)
    kept = io.StringIO(newline="")
    writer = csv.writer(kept, delimiter=delimiter, lineterminator="\r\n")  # so that both are quoted
    rows: list[int] = []
    findings: list[Finding] = []
    untold = 0
    number, line, following = -1, 1, 1  # the lines with which this record and the next begin
    try:
        for number, row in enumerate(reader):
            line, following = following, reader.line_num + 1
            if row == _END:
                break
            if len(row) == width:
                writer.writerow(row)
                rows.append(number)
            elif row and len(findings) < limits.CELLS_REPORTED:
                told = (("found", str(len(row))), ("expected", str(width)))
                findings.append(Finding(number, "", "", "cells", told))
            elif row:
                untold += 1
        else:
            raise RefusedError("quote_open", {"line": str(line)})
    except csv.Error:
        raise RefusedError("cell_long", {"line": str(following), "limit": str(csv.field_size_limit())}) from None
    if untold:
        findings.append(Finding(findings[-1].row, "", "", "more_cells", (("count", str(untold)),)))
    return kept.getvalue().encode(), number, np.array(rows, dtype=np.int64), tuple(findings)
