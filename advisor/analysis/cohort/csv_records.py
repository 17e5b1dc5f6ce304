"""The records of a table in text: where they end, and which of them can be kept when some have the wrong length.

A line end inside quotes does not end a record. A line end is inside quotes when an odd number of quotes stands before
it. That holds as long as every quote opens or closes a cell or is doubled; where one stands in the middle of an
unquoted cell, the records are read one by one. In CP932 no byte below 0x40 is half of a character, so quotes and line
ends can be counted as bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from advisor.analysis.cohort import limits
from advisor.analysis.cohort.encodings import WIDE
from advisor.analysis.cohort.header import shortened
from advisor.analysis.cohort.model import WHOLE, FileFinding, RefusedError

Units = NDArray[np.uint8] | NDArray[np.uint16]
Fits = Callable[[Sequence[str]], bool]
MOST_NOTES = 50  # cells beyond the heading: more of them are no notes
_LAST = 1000  # cut() looks at so many of the last line ends first
_QUOTE, _LINE, _RETURN = ord('"'), ord("\n"), ord("\r")
_EMPTY = (b"\n\n", b"\n\r", b"\r\r")
# A record added after the last one: an open quote swallows it. No text that is read holds a NUL.
_END = ["\0", "\0"]


def newline(head: str) -> str:
    """Return what ends the lines: a line feed (also after a carriage return), or a return where there is no feed."""
    return "\r" if "\r" in head and "\n" not in head else "\n"


def cut(data: bytes, encoding: str, delimiter: str, ends: str) -> int:
    """Return how many bytes of ``data``, which begins with a record, are whole records; 0 where not even one is."""
    if encoding not in WIDE and b'"' not in data:
        return data.rfind(ends.encode()) + 1
    units = _units(data, encoding)
    quotes = np.flatnonzero(units == _QUOTE)
    if not _well_formed(units, quotes, delimiter):
        return _cut_one_by_one(data, encoding, delimiter, ends)
    breaks = np.flatnonzero(units == ord(ends))
    for some in (breaks[-_LAST:], breaks):
        outside = some[np.searchsorted(quotes, some) % 2 == 0]
        if len(outside):
            return (int(outside[-1]) + 1) * units.itemsize
    return 0


def _units(data: bytes, encoding: str) -> Units:
    if encoding in WIDE:
        return np.frombuffer(data[: len(data) // 2 * 2], dtype="<u2" if encoding == "utf-16-le" else ">u2")
    return np.frombuffer(data, dtype=np.uint8)


def _well_formed(units: Units, quotes: NDArray[np.intp], delimiter: str) -> bool:
    """Return whether every quote at the places ``quotes`` opens a cell, closes one, or is doubled inside one."""
    for places in (quotes[::2] - 1, quotes[1::2] + 1):
        beside = units[places[(places >= 0) & (places < len(units))]]
        apart = (beside == ord(delimiter)) | (beside == _QUOTE) | (beside == _LINE) | (beside == _RETURN)
        if not apart.all():
            return False
    return True


def _cut_one_by_one(data: bytes, encoding: str, delimiter: str, ends: str) -> int:
    """Return the same as :func:`cut`, by reading the records one by one."""
    wide = encoding in WIDE
    text = data[: len(data) // 2 * 2].decode(encoding, "surrogatepass") if wide else data.decode("latin-1")
    lines = io.StringIO(text, newline="").readlines()
    reader = csv.reader(lines, delimiter=delimiter)
    last = 0
    try:
        for _ in reader:
            closed = reader.line_num < len(lines) or not _open(lines[last:], delimiter)
            last = reader.line_num if closed and lines[reader.line_num - 1].endswith(ends) else last
    except csv.Error:
        raise RefusedError("cell_long", {"limit": str(csv.field_size_limit())}) from None
    return sum(len(line.encode(encoding, "surrogatepass")) if wide else len(line) for line in lines[:last])


def _open(lines: list[str], delimiter: str) -> bool:
    """Return whether the last record of these lines is still inside quotes at their end."""
    *_, row = csv.reader([*lines, delimiter.join(_END)], delimiter=delimiter)
    return row != _END


def is_closed(data: bytes, delimiter: str) -> bool:
    """Return whether it is certain that no quote is left open at the end of a file in UTF-8."""
    units = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(units == _QUOTE)
    return len(quotes) % 2 == 0 and _well_formed(units, quotes, delimiter)


def has_empty_line(data: bytes) -> bool:
    """Return whether a line may be empty (it may also stand inside quotes)."""
    return data.startswith((b"\n", b"\r")) or any(sign in data for sign in _EMPTY)


def has_broken_cell(data: bytes, records: int) -> bool:
    """Return whether there are more line ends than so many records have: a cell goes on in the next line."""
    return b'"' in data and max(data.count(b"\n"), data.count(b"\r")) > records


def mend(
    text: str, delimiter: str, width: int, fits: Fits, needed: int = 0
) -> tuple[bytes, int, NDArray[np.int64], tuple[FileFinding, ...]]:
    """Return the records that can be used, as UTF-8, with ``width`` cells each; how many there were; which; findings.

    Empty lines are counted and left out without a finding. A short record is filled with empty cells. Empty cells
    beyond the width are cut, and so is a note there. A record that a line break without quotes cut in two is joined.
    A record that may have slipped sideways is left out. ``fits``: whether the answers of a record can be read where
    they stand; ``needed``: the cells of a record up to its last answer. Quotes are read as pandas and Excel read them:
    inside an unquoted cell they are ordinary characters.

    Raises:
        RefusedError: a cell is never closed, or too long; ``line`` is counted from the start of the text.
    """
    lines = io.StringIO(text, newline="")
    reader = csv.reader(chain(lines, [delimiter.join(_END)]), delimiter=delimiter)
    kept = _Kept(delimiter, width, fits, needed)
    number, line, following = -1, 1, 1  # the lines with which this record and the next begin
    try:
        for number, row in enumerate(reader):
            line, following = following, reader.line_num + 1
            if row == _END:
                break
            if row:
                kept.take(number, row)
        else:
            raise RefusedError("quote_open", {"line": str(line)})
    except csv.Error:
        raise RefusedError("cell_long", {"line": str(following), "limit": str(csv.field_size_limit())}) from None
    kept.let_go()
    if kept.untold:
        last = kept.findings[-1].row
        kept.findings.append(FileFinding(last, "", "", "more_cells", (("count", str(kept.untold)),)))
    for kind, count in (("surplus", kept.surplus), ("filled", kept.filled)):
        if count:
            kept.findings.append(FileFinding(WHOLE, "", "", kind, (("count", str(count)),)))
    return kept.text.getvalue().encode(), number, np.array(kept.rows, dtype=np.int64), tuple(kept.findings)


class _Kept:
    """The records kept so far; a short one waits for the next, which may be its other half."""

    def __init__(self, delimiter: str, width: int, fits: Fits, needed: int) -> None:
        self.delimiter, self.width, self.fits, self.needed = delimiter, width, fits, needed
        self.text = io.StringIO(newline="")
        self.writer = csv.writer(self.text, delimiter=delimiter, lineterminator="\r\n")  # so that both are quoted
        self.rows: list[int] = []
        self.findings: list[FileFinding] = []
        self.untold = self.surplus = self.filled = 0
        self.short: tuple[int, list[str]] | None = None

    def take(self, number: int, row: list[str]) -> None:
        """Keep a record, or leave it out with a finding."""
        if swallowed := self._swallowed(row):
            self.let_go()
            self._tell(number, "swallowed", row, swallowed)
            return
        if self.short and (joined := self._joined(row)):
            first, self.short = self.short[0], None
            self._keep(first, joined)
            self._tell(first, "joined", joined)
            return
        self.let_go()
        if len(row) == self.width:
            self._keep(number, row)
        elif len(row) < self.width:
            self.short = (number, row)
        elif not any(map(str.strip, row[self.width :])):
            self._keep(number, row[: self.width])
            self.surplus += 1
        elif self._is_note(row):
            self._keep(number, row[: self.width])
            self._tell(number, "note", row, " ".join(filter(None, row[self.width :])))
        else:
            self._tell(number, "cells", row)

    def _swallowed(self, row: list[str]) -> str:
        """Return a cell in which the rest of this record and the start of a later one stand; "" if there is none."""
        broken = (
            [place for place, cell in enumerate(row) if "\n" in cell or "\r" in cell] if len(row) <= self.width else []
        )
        for place in broken:
            cell = row[place]
            first, *_, last = cell.replace("\r", "\n").split("\n")
            own = [*row[:place], *first.split(self.delimiter)] if self.needed > place + 1 else []
            later = [*last.split(self.delimiter), *row[place + 1 :]]
            for record, part in ((own, first), (later, last)):
                if self.delimiter in part and len(record) == self.width and self.fits(record):
                    return cell
        return ""

    def let_go(self) -> None:
        """Keep the short record that waits: nothing is missing but cells at its end."""
        if self.short:
            number, row = self.short
            self._keep(number, row + [""] * (self.width - len(row)))
            if len(row) < self.needed:
                self._tell(number, "short", row)
            else:
                self.filled += 1
            self.short = None

    def _joined(self, row: list[str]) -> list[str]:
        first = self.short[1] if self.short else []
        if len(row) >= self.width or len(first) + len(row) - 1 != self.width:
            return []
        joined = [*first[:-1], f"{first[-1]}\n{row[0]}", *row[1:]]
        return joined if self.fits(joined) else []

    def _is_note(self, row: list[str]) -> bool:
        """Return whether the answers can be read as they stand, and not as well when some cells before are too many."""
        extra = len(row) - self.width
        return extra <= MOST_NOTES and self.fits(row[: self.width]) and not self.fits(row[extra:])

    def _keep(self, number: int, row: list[str]) -> None:
        self.writer.writerow(row)
        self.rows.append(number)

    def _tell(self, number: int, kind: str, row: list[str], value: str = "") -> None:
        if len(self.findings) < limits.CELLS_REPORTED:
            told = (("found", str(len(row))), ("expected", str(self.width)))
            self.findings.append(FileFinding(number, "", shortened(value), kind, told))
        elif kind == "cells":
            self.untold += 1
        elif kind == "short":
            self.filled += 1
