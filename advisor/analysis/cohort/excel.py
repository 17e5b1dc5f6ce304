"""Reads the sheets of workbooks (Excel through openpyxl, OpenDocument) as a stream, and turns rows into CSV text.

A sheet can only be read from its start, so a block carries its rows with it, as CSV in UTF-8. The findings about cells
are then the same as for text files. Numbers are written as Excel shows them without a format (3, not 3.0), dates as
2026-11-21, formulas as the value that was last calculated. Empty rows and cells at the end are left out.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, BinaryIO, Literal, cast

from advisor.analysis.cohort import limits, ods
from advisor.analysis.cohort.csv_text import ROWS_SHOWN
from advisor.analysis.cohort.excel_limits import STRICT, SheetNotes, guard
from advisor.analysis.cohort.model import WHOLE, Block, CohortFile, FileFinding, Grid, RefusedError

Values = tuple[object, ...]
_CELL = re.compile(r"(?P<column>[A-Z]{1,3})(?P<row>[0-9]{1,7})")
_STRICT = {  # what Excel's strict workbooks call things, and what openpyxl knows
    STRICT: "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    "http://purl.oclc.org/ooxml/": "http://schemas.openxmlformats.org/",
}
_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class Book:
    """An open workbook: its sheets with whether each is shown, and what gives the rows of one.

    ``parts``: the part of the file in which each sheet stands.
    """

    sheets: dict[str, bool]
    rows: Callable[[str], Iterator[Values]]
    parts: dict[str, str]


def look(path: Path, kind: Literal["excel", "ods"], sheet: str | None, packed: str = "") -> tuple[Grid, ...]:
    """Return the beginning of each sheet, or of the one that was asked for.

    Raises:
        RefusedError: it is no workbook or a hostile one, or has no such sheet.
    """
    with _told(), opened(path, packed) as file:
        notes = guard(file)
        with _book(file, kind) as book:
            if sheet is not None and sheet not in book.sheets:
                told = {"sheet": sheet[: limits.SHOWN], "sheets": ", ".join(book.sheets)}
                raise RefusedError("no_sheet", told)
            wanted = [name for name in book.sheets if sheet in (None, name)]
            file_of = CohortFile(path, kind, (), (), (), packed=packed)
            return tuple(
                replace(
                    _grid(file_of, book, name, notes.get(book.parts.get(name, ""))),
                    shown=book.sheets[name] or sheet is not None,
                )
                for name in wanted
            )


def _grid(file: CohortFile, book: Book, name: str, notes: SheetNotes | None) -> Grid:
    rows = tuple(tuple(map(written, _trimmed(row))) for row in islice(book.rows(name), ROWS_SHOWN))
    merged = tuple(filter(None, map(_area, notes.merged))) if notes else ()
    return Grid(replace(file, sheet=name, merged=merged), rows, findings=_unvalued(notes))


def _unvalued(notes: SheetNotes | None) -> tuple[FileFinding, ...]:
    """Return a finding about formulas whose value was never stored: they look like empty cells."""
    if not notes or not notes.unvalued:
        return ()
    columns = Counter(found["column"] for cell in notes.unvalued if (found := _CELL.fullmatch(cell)))
    told = (("count", str(len(notes.unvalued))), ("columns", ", ".join(columns)))
    return (FileFinding(WHOLE, "", "", "formulas", told),)


def _area(reference: str) -> tuple[int, int, int, int] | None:
    """Return the first row and column and the last of a reference such as B2:B4, counted from 0."""
    corners = [found for part in reference.split(":") if (found := _CELL.fullmatch(part))]
    if len(corners) != 2:  # noqa: PLR2004  (an area has two)
        return None
    places = [(int(one["row"]) - 1, _column(one["column"])) for one in corners]
    return (*places[0], *places[1])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def below(source: CohortFile) -> CohortFile:
    """Return the source with those of its merged cells that begin below the heading."""
    return replace(source, merged=tuple(sorted(area for area in source.merged if area[0] >= source.top)))


def blocks(source: CohortFile, size: int) -> Iterator[Block]:
    """Yield the rows of a sheet in blocks of about ``size`` bytes of text; a merged cell counts for all its cells.

    Raises:
        RefusedError: the sheet breaks off, or has more cells or longer rows than the limits allow.
    """
    part = io.StringIO(newline="")
    writer = csv.writer(part, lineterminator="\r\n")  # so that both are quoted
    width = len(source.columns)
    start = number = blank = walked = 0
    merged = _Merged(source)
    with _told(), opened(source.path, source.packed) as file, _book(file, source.format) as book:
        for place, row in enumerate(islice(book.rows(source.sheet), source.top, None), source.top):
            walked += len(row) + 1
            if walked > limits.EXCEL_CELLS or number + blank > limits.EXCEL_ROWS:
                raise RefusedError("excel_cells", {"limit": str(limits.EXCEL_CELLS)})
            cells = merged.filled(place, [written(value) for value in _trimmed(row)])
            if not cells:
                blank += 1
                continue
            if sum(map(len, cells)) > limits.RECORD_BYTES:
                told = {"line": str(place + 1), "limit": str(limits.RECORD_BYTES >> 20)}
                raise RefusedError("record_long", told)
            part.write("\r\n" * blank)
            writer.writerow(cells + [""] * (width - len(cells)))
            number, blank = number + blank + 1, 0
            if part.tell() >= size:
                yield Block(source, start, number, part.getvalue().encode())
                start = number
                part.seek(0)
                part.truncate()
    if number > start:
        yield Block(source, start, number, part.getvalue().encode())


class _Merged:
    """Gives the cells of a merged area the value that its first cell has."""

    def __init__(self, source: CohortFile) -> None:
        self.coming = list(reversed(source.merged))
        self.open: list[tuple[tuple[int, int, int, int], str]] = []
        self.width = len(source.columns)

    def filled(self, place: int, cells: list[str]) -> list[str]:
        while self.coming and self.coming[-1][0] <= place:
            area = self.coming.pop()
            value = cells[area[1]] if area[1] < len(cells) and area[0] == place else ""
            if value:
                self.open.append((area, value))
        if self.open and any(cells):
            self.open = [one for one in self.open if one[0][2] >= place]
            for (_, first, _, last), value in self.open:
                for column in range(first, min(last + 1, self.width)):
                    cells += [""] * (column + 1 - len(cells))
                    cells[column] = cells[column] or value
        return cells


def _trimmed(row: Values) -> Values:
    width = len(row)
    while width and row[width - 1] in (None, ""):
        width -= 1
    return row[:width]


def written(value: object) -> str:
    """Return a cell's value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return str(value)


@contextmanager
def opened(path: Path, packed: str) -> Iterator[BinaryIO]:
    """Yield a file, or the one in a ZIP, unpacked into a file without a name.

    Raises:
        RefusedError: it unpacks to more than the limits allow.
    """
    with path.open("rb") as raw:
        if not packed:
            yield raw
            return
        with tempfile.TemporaryFile() as whole, zipfile.ZipFile(raw) as archive, archive.open(packed) as part:
            while piece := part.read(_HEAD):
                whole.write(piece)
                if whole.tell() > limits.PACKED_BYTES:
                    raise RefusedError("excel_bomb", {"what": packed[-limits.SHOWN :]})
            whole.seek(0)
            yield cast("BinaryIO", whole)


@contextmanager
def _book(file: BinaryIO, kind: str) -> Iterator[Book]:
    """Yield an open workbook, whatever size its sheets declare."""
    if kind == "ods":
        yield Book(ods.sheets(file), lambda name: ods.rows(file, name), {})
        return
    from openpyxl import load_workbook  # noqa: PLC0415  (a text file is read without it)

    with warnings.catch_warnings(), _known(file) as known:
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions, which nothing here reads
        book = load_workbook(known, read_only=True, data_only=True, keep_links=False)
        sheets = {sheet.title: sheet for sheet in book.worksheets}

        def rows(name: str) -> Iterator[Values]:
            sheets[name].reset_dimensions()
            return cast("Iterator[Values]", sheets[name].iter_rows(values_only=True))

        try:
            shown = {name: sheet.sheet_state == "visible" for name, sheet in sheets.items()}
            parts = {name: str(getattr(sheet, "_worksheet_path", "")).lstrip("/") for name, sheet in sheets.items()}
            yield Book(shown, rows, parts)
        finally:
            book.close()


@contextmanager
def _known(file: BinaryIO) -> Iterator[IO[bytes]]:
    """Yield a workbook as openpyxl knows it: a strict one with the usual names, or a template, in a temporary copy."""
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        book = next((name for name in archive.namelist() if name.endswith("workbook.xml")), None)
        head = archive.open(book).read(_HEAD) if book else b""
        if STRICT.encode() not in head:
            file.seek(0)
            yield file
            return
        with tempfile.TemporaryFile() as copy:
            with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as known:
                for part in archive.infolist():
                    with archive.open(part) as old, known.open(part.filename, "w", force_zip64=True) as new:
                        start = old.read(_HEAD)
                        for strict, usual in _STRICT.items():
                            start = start.replace(strict.encode(), usual.encode())
                        new.write(start)
                        while piece := old.read(_HEAD):
                            new.write(piece)
            copy.seek(0)
            yield copy


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (RefusedError, GeneratorExit):
        raise
    except RuntimeError as error:
        kind = "zip_locked" if "password" in str(error) else "excel_broken"
        raise RefusedError(kind, {"error": type(error).__name__}) from None
    except Exception as error:  # noqa: BLE001  (a broken workbook may break openpyxl anywhere)
        raise RefusedError("excel_broken", {"error": type(error).__name__}) from None
