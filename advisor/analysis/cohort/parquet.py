"""Reads Parquet files: first their metadata, then a range of rows at a time.

A block never spans two row groups. Within a group, Arrow has to decode the rows before the block, too, so many workers
read a file fastest when its row groups have some 100,000 rows.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import parquet

from advisor.analysis.cohort import limits
from advisor.analysis.cohort.model import Block, CohortFile, Grid, RefusedError

_MAGIC = b"PAR1"
_NESTED = (pa.types.is_nested, pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)
_BATCH = 16_384


def look(path: Path) -> tuple[Grid, ...]:
    """Return what the file is, from its metadata; no row is read yet.

    Raises:
        RefusedError: it is broken, or declares more than the limits allow.
    """
    size = path.stat().st_size
    with path.open("rb") as raw:
        raw.seek(max(0, size - 8))
        footer, magic = struct.unpack("<I4s", raw.read(8).rjust(8, b"\0"))
    if magic != _MAGIC or footer > size - 12:
        raise RefusedError("parquet_broken")
    if footer > limits.PARQUET_FOOTER:
        raise RefusedError("parquet_wide", {"limit": str(limits.COLUMNS)})
    with _told(), _opened(path) as file:
        described = file.metadata
        if described.num_columns > limits.COLUMNS:
            raise RefusedError("parquet_wide", {"limit": str(limits.COLUMNS)})
        rows = max(described.num_rows, sum(_sizes(file)))
        if rows > limits.PARQUET_ROWS_PER_BYTE * size or _packed(described):
            raise RefusedError("parquet_bomb", {"rows": str(rows)})
        names = tuple(file.schema_arrow.names)
        return (Grid(CohortFile(path, "parquet", names, (), (), total=described.num_rows), (names,)),)


def _packed(described: parquet.FileMetaData) -> bool:
    """Return whether a column declares that it unpacks to more than the limits allow."""
    for group in range(described.num_row_groups):
        for number in range(described.num_columns):
            column = described.row_group(group).column(number)
            unpacked, packed = column.total_uncompressed_size, column.total_compressed_size
            if unpacked > limits.PARQUET_RATIO_FREE and unpacked > limits.PARQUET_RATIO * max(packed, 1):
                return True
    return False


def blocks(source: CohortFile, cells: int) -> Iterator[Block]:
    """Yield ranges of rows, each of at most ``cells`` cells that are read, none across two row groups.

    Raises:
        RefusedError: the file is broken.
    """
    step = min(limits.BLOCK_ROWS, max(1, cells // max(1, len(source.items) + len(source.carried))))
    with _told(), _opened(source.path) as file:
        sizes = _sizes(file)
    start = 0
    for size in sizes:
        parts = -(-size // step)  # of equal length, so that no small rest decodes a whole group
        for part in range(parts):
            yield Block(source, start + part * size // parts, start + (part + 1) * size // parts)
        start += size


def _sizes(file: parquet.ParquetFile) -> list[int]:
    return [file.metadata.row_group(group).num_rows for group in range(file.metadata.num_row_groups)]


def read(block: Block) -> tuple[pa.Table, NDArray[np.int64]]:
    """Return the rows of a block, items as numbers or text in dictionaries, all else as text; and their numbers.

    Raises:
        RefusedError: the file is broken, or a column holds something other than numbers, text or dates.
    """
    source = block.source
    items = [name for name, _, _ in source.items]
    wanted = list(dict.fromkeys((*items, *source.carried)))
    with _told(), _opened(source.path) as file:
        sizes = _sizes(file)
        start = group = 0
        while group < len(sizes) - 1 and start + sizes[group] <= block.start:
            start += sizes[group]
            group += 1
        own = dict(zip(source.columns, file.schema_arrow.names, strict=True))
        _refuse_nested(file.schema_arrow, [own[name] for name in wanted])
        named = [(name, own[name]) for name in source.labelled if name not in wanted and name in own]
        labelled = [name for name, column in named if not _nested(file.schema_arrow.field(column).type)]
        wanted += labelled
        found: list[pa.RecordBatch] = []
        for batch in file.iter_batches(_BATCH, row_groups=[group], columns=[own[name] for name in wanted]):
            first, last = max(block.start - start, 0), min(block.stop - start, len(batch))
            if last > first:
                found.append(batch.slice(first, last - first))
            start += len(batch)
            if start >= block.stop:
                break
        rows = pa.Table.from_batches(found, schema=found[0].schema if found else file.schema_arrow)
    if len(rows) != block.stop - block.start:
        raise RefusedError("parquet_broken")
    columns = {name: _item(rows.column(own[name])) for name in items}
    columns |= {name: _text(rows.column(own[name])) for name in (*source.carried, *labelled)}
    return pa.table(columns), np.arange(len(rows))


def as_text(table: pa.Table, names: Sequence[str]) -> pa.Table:
    """Return columns of numbers as text, in dictionaries."""
    return pa.table({name: _text(table.column(name)).dictionary_encode() for name in names})


def shown(source: CohortFile) -> tuple[str, ...]:
    """Return the names of the columns that hold text or numbers."""
    with _told(), _opened(source.path) as file:
        fields = zip(source.columns, file.schema_arrow, strict=True)
        return tuple(name for name, field in fields if name and not _nested(field.type))


def _nested(kind: pa.DataType) -> bool:
    return any(nested(kind) for nested in _NESTED)


def _refuse_nested(schema: pa.Schema, names: Sequence[str]) -> None:
    for name in names:
        kind = schema.field(name).type
        if _nested(kind):
            raise RefusedError("column_type", {"column": name[: limits.SHOWN], "type": str(kind)[: limits.SHOWN]})


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column without dictionaries, and with null in place of NaN."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), None, column)
    return column


def _item(column: pa.ChunkedArray) -> pa.ChunkedArray:
    column = _plain(column)
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_null(kind):
        return column.cast(pa.float64(), safe=False)
    return column.cast(pa.string()).dictionary_encode()


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return _plain(column).cast(pa.string()).fill_null("")


@contextmanager
def _opened(path: Path) -> Iterator[parquet.ParquetFile]:
    with parquet.ParquetFile(
        path,
        memory_map=False,
        pre_buffer=False,
        thrift_string_size_limit=limits.PARQUET_FOOTER,
        thrift_container_size_limit=limits.PARQUET_CONTAINER,
    ) as file:
        yield file


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError):
        raise RefusedError("parquet_broken") from None
