"""Where the records of a table in text end: line ends in quotes are none.

Whether a line end stands in quotes is told by the number of quotes before it: odd is inside. That holds as long as
every quote opens or closes a cell or is doubled; where one stands in the middle of an unquoted cell, the records are
walked one by one. In CP932 nothing below 0x40 is half of a character, so quotes and line ends can be counted as bytes.
"""

from __future__ import annotations

import csv
import io

import numpy as np
from numpy.typing import NDArray

from advisor.analysis.cohort.encodings import WIDE
from advisor.analysis.cohort.model import RefusedError

Units = NDArray[np.uint8] | NDArray[np.uint16]
_LAST = 1000  # so many line ends are looked at first
_QUOTE, _LINE, _RETURN = ord('"'), ord("\n"), ord("\r")


def newline(head: str) -> str:
    """Return what ends the lines: a line feed, also after a carriage return; a lone return where there is no feed."""
    return "\r" if "\r" in head and "\n" not in head else "\n"


def cut(data: bytes, encoding: str, delimiter: str, ends: str) -> int:
    """Return how many bytes of ``data`` (from the start of a record on) are whole records; 0: not even one is."""
    if encoding not in WIDE and b'"' not in data:
        return data.rfind(ends.encode()) + 1
    units = _units(data, encoding)
    quotes = np.flatnonzero(units == _QUOTE)
    if not well_formed(units, quotes, delimiter):
        return _walked(data, encoding, delimiter, ends)
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


def well_formed(units: Units, quotes: NDArray[np.intp], delimiter: str) -> bool:
    """Return whether every quote at the places ``quotes`` opens a cell, closes one, or is doubled inside one."""
    for places in (quotes[::2] - 1, quotes[1::2] + 1):
        beside = units[places[(places >= 0) & (places < len(units))]]
        apart = (beside == ord(delimiter)) | (beside == _QUOTE) | (beside == _LINE) | (beside == _RETURN)
        if not apart.all():
            return False
    return True


def _walked(data: bytes, encoding: str, delimiter: str, ends: str) -> int:
    """Return the same as :func:`cut`, by walking the records."""
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
    *_, row = csv.reader([*lines, f"\0{delimiter}\0"], delimiter=delimiter)
    return row != ["\0", "\0"]
