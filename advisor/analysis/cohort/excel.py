"""Reads Excel sheets through openpyxl as a stream, and turns their rows into CSV text.

A sheet can only be read from its start, so a block carries its rows with it, as CSV in UTF-8. The findings about cells
are then the same as for text files. Numbers are written as Excel shows them without a format (3, not 3.0), dates as
2026-11-21, formulas as the value that was last calculated. Empty rows and cells at the end are left out.
"""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path

from advisor.analysis.cohort import limits
from advisor.analysis.cohort.excel_limits import guard
from advisor.analysis.cohort.model import Block, CohortFile, RefusedError

Values = tuple[object, ...]


def look(path: Path, sheet: str | None) -> CohortFile:
    """Return what a sheet (by default the first) is: its name and header; no other row is read yet.

    Raises:
        RefusedError: it is no workbook or a hostile one, or has no such sheet, or the sheet's first row is empty.
    """
    with _told():
        guard(path)
        with _sheet(path, sheet) as (name, rows):
            columns = tuple(map(written, _trimmed(next(rows, ()))))
    if not any(columns):
        raise RefusedError("header_empty")
    return CohortFile(path, "excel", columns, (), (), sheet=name)


def blocks(source: CohortFile, size: int) -> Iterator[Block]:
    """Yield the rows of a sheet in blocks of about ``size`` bytes of text.

    Raises:
        RefusedError: the sheet breaks off, or has more cells or longer rows than the limits allow.
    """
    part = io.StringIO(newline="")
    writer = csv.writer(part, lineterminator="\r\n")  # so that both are quoted
    width = len(source.columns)
    start = number = blank = walked = 0
    with _told(), _sheet(source.path, source.sheet) as (_, rows):
        next(rows, None)
        for row in rows:
            walked += len(row) + 1
            if walked > limits.EXCEL_CELLS or number + blank > limits.EXCEL_ROWS:
                raise RefusedError("excel_cells", {"limit": str(limits.EXCEL_CELLS)})
            cells = [written(value) for value in _trimmed(row)]
            if not cells:
                blank += 1
                continue
            if sum(map(len, cells)) > limits.RECORD_BYTES:
                told = {"line": str(number + blank + 2), "limit": str(limits.RECORD_BYTES >> 20)}
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
def _sheet(path: Path, wanted: str | None) -> Iterator[tuple[str, Iterator[Values]]]:
    """Yield the name of a sheet and its filled rows, whatever size the sheet declares."""
    from openpyxl import load_workbook  # noqa: PLC0415  (a text file is read without it)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions, which nothing here reads
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            sheets = {sheet.title: sheet for sheet in book.worksheets}
            name = next(iter(sheets), "") if wanted is None else wanted
            if name not in sheets:
                raise RefusedError("no_sheet", {"sheet": name[: limits.SHOWN], "sheets": ", ".join(sheets)})
            sheets[name].reset_dimensions()
            yield name, sheets[name].iter_rows(values_only=True)
        finally:
            book.close()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (RefusedError, GeneratorExit):
        raise
    except Exception as error:  # noqa: BLE001  (a broken workbook may break openpyxl anywhere)
        raise RefusedError("excel_broken", {"error": type(error).__name__}) from None
