"""Reads the sheets of an OpenDocument spreadsheet (LibreOffice, Google) as a stream of rows."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from itertools import repeat
from typing import BinaryIO
from xml.parsers import expat  # nosec B405  (a document type was refused by excel_limits)

from advisor.analysis.cohort import limits
from advisor.analysis.cohort.model import RefusedError

Values = tuple[object, ...]
_STEP = 1 << 16
_GAP = 10_000  # so many empty rows at once are the rest of the sheet
_TABLE, _OFFICE, _TEXT = (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0 " for name in ("table", "office", "text"))
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_CELL = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


class _Reader:
    """Gathers sheets and rows while expat reads; whoever asks takes the rows away."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.hidden: set[str] = set()  # styles of sheets that are not shown
        self.style = ""
        self.sheets: dict[str, bool] = {}
        self.sheet = ""
        self.rows: list[tuple[str, Values, int]] = []
        self.row: list[object] = []
        self.cells = self.repeat = 0
        self.value: object = None
        self.words: list[str] | None = None

    def start(self, tag: str, told: dict[str, str]) -> None:
        if tag == f"{_STYLE}style":
            self.style = told.get(f"{_STYLE}name", "")
        elif tag == f"{_STYLE}table-properties" and told.get(f"{_TABLE}display") == "false":
            self.hidden.add(self.style)
        elif tag == f"{_TABLE}table":
            self.sheet = told.get(f"{_TABLE}name", "")
            self.sheets[self.sheet] = told.get(f"{_TABLE}style-name", "") not in self.hidden
        elif tag == f"{_TABLE}table-row":
            self.row, self.repeat = [], int(told.get(f"{_TABLE}number-rows-repeated", 1))
        elif tag in _CELL:
            self.cells = int(told.get(f"{_TABLE}number-columns-repeated", 1))
            number = told.get(f"{_OFFICE}value")
            dated = told.get(f"{_OFFICE}date-value", told.get(f"{_OFFICE}boolean-value"))
            self.value = float(number) if number is not None else dated
            self.words = []
        elif tag == f"{_TEXT}p" and self.words:
            self.words.append("\n")

    def text(self, text: str) -> None:
        if self.words is not None:
            self.words.append(text)

    def end(self, tag: str) -> None:
        if tag in _CELL and self.words is not None:
            value = "".join(self.words) or None if self.value is None else self.value
            self.row += [value] * min(self.cells, limits.COLUMNS - len(self.row))
            self.words = None
        elif tag == f"{_TABLE}table-row":
            while self.row and self.row[-1] is None:
                self.row.pop()
            if self.row and self.repeat * len(self.row) > limits.ODS_REPEATED:
                raise RefusedError("excel_bomb", {"what": self.sheet[: limits.SHOWN]})
            times = self.repeat if self.row or self.repeat < _GAP else 1
            self.rows.append((self.sheet, tuple(self.row), times))


def _read(file: BinaryIO) -> Iterator[_Reader]:
    file.seek(0)
    reader = _Reader()
    with zipfile.ZipFile(file) as archive, archive.open("content.xml") as xml:
        while part := xml.read(_STEP):
            reader.parser.Parse(part)
            yield reader
            reader.rows.clear()
        reader.parser.Parse(b"", True)
    yield reader


def sheets(file: BinaryIO) -> dict[str, bool]:
    """Return the names of the sheets, each with whether it is shown."""
    found: dict[str, bool] = {}
    for reader in _read(file):
        found = reader.sheets
    return found


def rows(file: BinaryIO, sheet: str) -> Iterator[Values]:
    """Yield the rows of a sheet; empty cells at the end of a row are left out."""
    for reader in _read(file):
        for name, row, times in list(reader.rows):
            if name == sheet:
                yield from repeat(row, times)
