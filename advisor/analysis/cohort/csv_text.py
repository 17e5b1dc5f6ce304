"""Reads tables in text (CSV and TSV): the header, blocks of whole records, and each block as columns.

Arrow reads the bytes of a block. When it finds a record that is not as long as the header, the block is mended
(:func:`csv_records.mend`) and read again.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow

from advisor.analysis.cohort import csv_records, encodings, limits
from advisor.analysis.cohort.answers import usable_row
from advisor.analysis.cohort.encodings import GZIP, PIECE, pieces
from advisor.analysis.cohort.model import Block, CohortFile, FileFinding, Grid, RefusedError

if TYPE_CHECKING:
    from numpy.typing import NDArray

DELIMITERS = ",\t;|"
ROWS_SHOWN = 200  # at the start of a file: what the search for the heading sees
_TAB_SUFFIXES = (".tsv", ".tab")
_SEPARATOR = re.compile(r"\s*\"?sep=(?P<sign>[,;|\t])\"?\s*", re.IGNORECASE)
_DIFFERENT = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The records of a block that have as many cells as the header.

    ``data``: their text in UTF-8; ``records``: how many there were; ``rows``: the number in the block of each that was
    kept; ``table``: the wanted columns, items as numbers (null: empty cell) or as text in dictionaries.
    """

    data: bytes
    records: int
    rows: NDArray[np.int64]
    findings: tuple[FileFinding, ...]
    table: pa.Table


def look(path: Path, asked: str | None, packed: str = "") -> tuple[Grid, ...]:
    """Return the ways to cut the text file into cells, one for each delimiter; no respondent is read yet.

    ``asked``: the encoding to use; ``packed``: the name of the file in a ZIP.

    Raises:
        RefusedError: it is no table in text, is in no known encoding, or is beyond the limits.
    """
    with path.open("rb") as raw:
        packed = packed or ("gzip" if raw.read(len(GZIP)) == GZIP else "")
    start = next(pieces(path, packed, size=limits.HEADER_BYTES), b"")
    if not start:
        raise RefusedError("empty")
    marked, skipped = encodings.mark(start)
    if asked is not None and encodings.named(asked) != marked:
        skipped = 0
    encoding = encodings.settle(lambda: pieces(path, packed), start, asked)
    total = sum(map(len, pieces(path, packed))) if packed else path.stat().st_size
    text = codecs.getincrementaldecoder(encoding)("strict").decode(start[skipped:])
    lines = io.StringIO(text, newline="").readlines() or [""]
    whole = len(start) < limits.HEADER_BYTES
    delimiters = _delimiters(path, lines[0])
    grids = []
    for delimiter in delimiters:
        rows, ends = _rows(lines, delimiter, encoding, whole=whole)
        source = CohortFile(path, "text", rows[0] if rows else (), (), (), encoding, delimiter, packed=packed)
        grids.append(Grid(replace(source, total=total), rows, tuple(skipped + end for end in ends)))
    usable = tuple(grid for grid in grids if grid.rows and len(grid.rows[0]) <= limits.COLUMNS)
    if not usable:
        told = {"limit": str(limits.COLUMNS), "bytes": str(limits.HEADER_BYTES >> 20)}
        raise RefusedError("header_long", told)
    if not any(any(map(str.strip, row)) for row in usable[0].rows):
        raise RefusedError("header_empty")
    return usable


def _delimiters(path: Path, first: str) -> str:
    """Return the delimiters to try: what a first line ``sep=`` names, or those that the first line holds."""
    if named := _SEPARATOR.fullmatch(first):
        return named["sign"]
    suffixes = {suffix.lower() for suffix in path.suffixes}
    return f"\t{DELIMITERS}" if suffixes & set(_TAB_SUFFIXES) else DELIMITERS


def _rows(
    lines: Sequence[str], delimiter: str, encoding: str, *, whole: bool
) -> tuple[tuple[tuple[str, ...], ...], tuple[int, ...]]:
    """Return the first records and the byte after each; none where the very first is too long."""
    reader = csv.reader(lines, delimiter=delimiter)
    rows: list[tuple[str, ...]] = []
    ends: list[int] = []
    size = done = 0
    try:
        for row in islice(reader, ROWS_SHOWN):
            if reader.line_num == len(lines) and not whole and not lines[-1].endswith(("\n", "\r")):
                break  # it may go on after what was read of the file
            size += len("".join(lines[done : reader.line_num]).encode(encoding))
            done = reader.line_num
            rows.append(tuple(row[: limits.COLUMNS + 1]))
            ends.append(size)
    except csv.Error:
        pass
    return tuple(rows), tuple(ends)


def blocks(source: CohortFile, size: int) -> Iterator[Block]:
    """Yield the records of a file in blocks of about ``size`` bytes, each at least one record.

    Raises:
        RefusedError: a record is longer than the limits allow.
    """
    ends = _ends(source)
    kept, place = b"", source.start
    for piece in pieces(source.path, source.packed, source.start, size):
        kept += piece
        if stop := csv_records.cut(kept, source.encoding, source.delimiter, ends):
            yield _block(source, place, kept[:stop])
            kept, place = kept[stop:], place + stop
        if len(kept) > max(limits.RECORD_BYTES, size):
            line = encodings.line_of(_all(source), place, source.encoding)
            raise RefusedError("record_long", {"line": str(line), "limit": str(limits.RECORD_BYTES >> 20)})
    if kept:
        yield _block(source, place, kept)


def _block(source: CohortFile, start: int, data: bytes) -> Block:
    return Block(source, start, start + len(data), data if source.packed else b"")


def _ends(source: CohortFile) -> str:
    head = next(pieces(source.path, source.packed, size=PIECE), b"")
    return csv_records.newline(head.decode(source.encoding, "ignore"))


def _all(source: CohortFile) -> Iterator[bytes]:
    return pieces(source.path, source.packed)


def read(block: Block) -> Rows:
    """Return the records of a block.

    Raises:
        RefusedError: a quote is never closed, a cell is longer than the limits allow, or the file became shorter.
    """
    source = block.source
    data = block.data or _bytes(block)
    if len(data) != block.stop - block.start and source.format == "text":
        raise RefusedError("changed")
    if source.encoding != "utf-8":
        data = data.decode(source.encoding).encode()
    names = tuple(name for name, _, _ in source.items)
    texts = tuple(dict.fromkeys((*source.carried, *source.labelled)))
    closed = block.stop < source.total or csv_records.is_closed(data, source.delimiter)
    table = _table(data, source, names, texts) if closed else None
    plain = table is not None and not csv_records.has_broken_cell(data, len(table))
    if table is not None and plain and not (_unanswered(table, names) and csv_records.has_empty_line(data)):
        return Rows(data, len(table), np.arange(len(table)), (), table)
    try:
        fits = partial(usable_row, source)
        needed = 1 + max((source.columns.index(name) for name in names), default=0)
        width = len(source.columns)
        data, records, kept, findings = csv_records.mend(data.decode(), source.delimiter, width, fits, needed)
    except RefusedError as error:
        line = int(error.told["line"]) + _line(block) - 1
        raise RefusedError(error.kind, error.told | {"line": str(line)}) from None
    table = _table(data, source, names, texts)
    if table is None:
        raise RefusedError("not_csv", {"line": str(_line(block))})
    return Rows(data, records, kept, findings, table)


def _unanswered(table: pa.Table, items: Sequence[str]) -> bool:
    """Return whether a row may be without any answer; Arrow reads an empty line so."""
    empty = np.ones(len(table), bool)
    for name in items:
        column = table.column(name)
        if pa.types.is_dictionary(column.type):
            return True
        if column.null_count == 0:
            return False
        empty &= column.is_null().to_numpy()
        if not empty.any():
            return False
    return True


def _line(block: Block) -> int:
    if block.source.format != "text":
        return block.start + block.source.top + 1
    return encodings.line_of(_all(block.source), block.start, block.source.encoding)


def as_text(source: CohortFile, data: bytes, names: Sequence[str]) -> pa.Table:
    """Return columns of a block as text, in dictionaries."""
    return _parsed(data, source, dict.fromkeys(names, _DIFFERENT))


def _table(data: bytes, source: CohortFile, items: Sequence[str], carried: Sequence[str]) -> pa.Table | None:
    """Return items as numbers, or all as text where one cell is no number; None where a record has the wrong length.

    Whole numbers are read a third faster. Arrow alone would take 0x3 for one.
    """
    hexadecimal = b"0x" in data or b"0X" in data
    for kind in (pa.float64() if hexadecimal else pa.int16(), pa.float64(), _DIFFERENT):
        try:
            return _parsed(data, source, dict.fromkeys(items, kind) | dict.fromkeys(carried, pa.string()))
        except pa.ArrowInvalid:
            continue
    return None


def _parsed(data: bytes, source: CohortFile, types: dict[str, Any]) -> pa.Table:
    """Return columns of a block; an empty cell of a number is null, one of text is empty.

    One thread reads it: another may read the next block.

    Raises:
        ArrowInvalid: a record is not as long as the header, or a cell is not of its type.
    """
    if not data:
        return pa.schema(types).empty_table()
    return arrow.read_csv(
        pa.py_buffer(data),
        read_options=arrow.ReadOptions(
            column_names=list(_unlike(source.columns)), block_size=len(data), use_threads=False
        ),
        parse_options=arrow.ParseOptions(delimiter=source.delimiter, newlines_in_values=True, ignore_empty_lines=False),
        convert_options=arrow.ConvertOptions(
            column_types=types,
            include_columns=list(types),
            null_values=[""],
            strings_can_be_null=False,
            check_utf8=False,
        ),
    )


def _unlike(columns: Sequence[str]) -> Iterator[str]:
    """Yield the names of the columns; those without one, but not the first, get a name that no column of a file has.

    Arrow needs different names. R and pandas write row names or numbers into a first column without a name.
    """
    yield from (name or (f"\0{number}" if number else "") for number, name in enumerate(columns))


def _bytes(block: Block) -> bytes:
    with block.source.path.open("rb") as raw:
        raw.seek(block.start)
        return raw.read(block.stop - block.start)
