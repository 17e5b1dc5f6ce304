"""Reads tables in text (CSV and TSV): the header, blocks of whole records, and each block as columns.

Arrow reads the bytes of a block. When it finds a record that is not as long as the header, the block is mended
(:func:`csv_records.mend`) and read again.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow

from advisor.analysis.cohort import csv_records, encodings, limits
from advisor.analysis.cohort.encodings import GZIP, PIECE, pieces
from advisor.analysis.cohort.model import Block, CohortFile, FileFinding, RefusedError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TAB_SUFFIXES = (".tsv", ".tab")
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


def look(path: Path, asked: str | None) -> CohortFile:
    """Return what the text file is: its encoding, delimiter and header; no record is read yet.

    Raises:
        RefusedError: it is no table in text, is in no known encoding, or is beyond the limits.
    """
    with path.open("rb") as raw:
        compressed = raw.read(len(GZIP)) == GZIP
    start = next(pieces(path, compressed, size=limits.HEADER_BYTES), b"")
    if not start:
        raise RefusedError("empty")
    marked, skipped = encodings.mark(start)
    if asked is not None and encodings.named(asked) != marked:
        skipped = 0
    encoding = encodings.settle(lambda: pieces(path, compressed), start, asked)
    delimiter, columns, size = _header(start[skipped:], encoding, path)
    total = sum(map(len, pieces(path, compressed))) if compressed else path.stat().st_size
    found = CohortFile(path, "text", columns, (), (), encoding, delimiter, compressed=compressed)
    return replace(found, start=skipped + size, total=total)


def _header(head: bytes, encoding: str, path: Path) -> tuple[str, tuple[str, ...], int]:
    """Return the delimiter, the names of the columns, and how many bytes they took."""
    text = codecs.getincrementaldecoder(encoding)("strict").decode(head)
    lines = io.StringIO(text, newline="").readlines() or [""]
    suffixes = [suffix.lower() for suffix in path.suffixes]
    delimiter = "\t" if any(suffix in _TAB_SUFFIXES for suffix in suffixes) else ","
    if delimiter not in lines[0]:
        delimiter = next((sign for sign in ",\t" if sign in lines[0]), delimiter)
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        columns = next(reader)
    except csv.Error:
        columns = [""] * (limits.COLUMNS + 1)
    size = len("".join(lines[: reader.line_num]).encode(encoding))
    if len(columns) > limits.COLUMNS or (size >= limits.HEADER_BYTES - 1 and not lines[-1].endswith(("\n", "\r"))):
        raise RefusedError("header_long", {"limit": str(limits.COLUMNS), "bytes": str(limits.HEADER_BYTES >> 20)})
    if not any(columns):
        raise RefusedError("header_empty")
    return delimiter, tuple(columns), size


def blocks(source: CohortFile, size: int) -> Iterator[Block]:
    """Yield the records of a file in blocks of about ``size`` bytes, each at least one record.

    Raises:
        RefusedError: a record is longer than the limits allow.
    """
    ends = _ends(source)
    kept, place = b"", source.start
    for piece in pieces(source.path, source.compressed, source.start, size):
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
    return Block(source, start, start + len(data), data if source.compressed else b"")


def _ends(source: CohortFile) -> str:
    head = next(pieces(source.path, source.compressed, size=PIECE), b"")
    return csv_records.newline(head.decode(source.encoding, "ignore"))


def _all(source: CohortFile) -> Iterator[bytes]:
    return pieces(source.path, source.compressed)


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
    closed = block.stop < source.total or csv_records.is_closed(data, source.delimiter)
    table = _table(data, source, names, source.carried) if closed else None
    if table is not None and not (_unanswered(table, names) and csv_records.has_empty_line(data)):
        return Rows(data, len(table), np.arange(len(table)), (), table)
    try:
        data, records, kept, findings = csv_records.mend(data.decode(), source.delimiter, len(source.columns))
    except RefusedError as error:
        line = int(error.told["line"]) + _line(block) - 1
        raise RefusedError(error.kind, error.told | {"line": str(line)}) from None
    table = _table(data, source, names, source.carried)
    if table is None:
        raise RefusedError("not_csv", {"line": str(_line(block))})
    return Rows(data, records, kept, findings, table)


def _unanswered(table: pa.Table, items: Sequence[str]) -> bool:
    """Return whether a row may be without any answer; Arrow reads an empty line so."""
    empty = np.ones(len(table), bool)
    for name in items:
        column = table.column(name)
        if not pa.types.is_floating(column.type):
            return True
        if column.null_count == 0:
            return False
        empty &= column.is_null().to_numpy()
        if not empty.any():
            return False
    return True


def _line(block: Block) -> int:
    if block.source.format == "excel":
        return block.start + 2
    return encodings.line_of(_all(block.source), block.start, block.source.encoding)


def as_text(source: CohortFile, data: bytes, names: Sequence[str]) -> pa.Table:
    """Return columns of a block as text, in dictionaries."""
    return _parsed(data, source, dict.fromkeys(names, _DIFFERENT))


def _table(data: bytes, source: CohortFile, items: Sequence[str], carried: Sequence[str]) -> pa.Table | None:
    """Return items as numbers, or all as text where one cell is no number; None where a record has the wrong length."""
    for kind in (pa.float64(), _DIFFERENT):
        try:
            return _parsed(data, source, dict.fromkeys(items, kind) | dict.fromkeys(carried, pa.string()))
        except pa.ArrowInvalid:
            continue
    return None


def _parsed(data: bytes, source: CohortFile, types: dict[str, Any]) -> pa.Table:
    """Return columns of a block; an empty cell of a number is null, one of text is empty.

    Raises:
        ArrowInvalid: a record is not as long as the header, or a cell is not of its type.
    """
    if not data:
        return pa.schema(types).empty_table()
    return arrow.read_csv(
        pa.py_buffer(data),
        read_options=arrow.ReadOptions(column_names=list(_unlike(source.columns)), block_size=len(data)),
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
