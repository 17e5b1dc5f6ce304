"""Reads cohort files of every format in three steps.

``look`` opens a file once and finds out how to read it, so that nothing is guessed twice. ``blocks`` cuts the file into
blocks. ``read`` is pure and takes all it needs from its block, so that another process or machine can call it, if it
sees the file under the same path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from advisor.analysis.cohort import answers, csv_text, excel, limits, parquet
from advisor.analysis.cohort.header import Carry, sort_out
from advisor.analysis.cohort.model import Batch, Block, CohortFile, FileFinding, RefusedError

if TYPE_CHECKING:
    import pyarrow as pa

_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK"
_PARQUET = b"PAR1"
PREVIEW_BYTES = 64 << 10
PREVIEW_CELLS = 20_000


def look(
    path: Path,
    items: Mapping[str, tuple[int, int]],
    *,
    carry: Carry,
    encoding: str | None = None,
    sheet: str | None = None,
) -> tuple[CohortFile, tuple[FileFinding, ...]]:
    """Return how a file is read, and findings about its columns; every byte of a text file has been checked.

    ``items``: the lowest and the highest answer of each item; ``carry``: which of the file's other columns are kept as
    text; ``encoding``: of a text file, whatever it looks like; ``sheet``: of a workbook, the first by default.

    Raises:
        RefusedError: the file is of no known format, is hostile, or has no item.
    """
    if not path.is_file():
        raise RefusedError("no_file")
    with path.open("rb") as file:
        head = file.read(8)
    if head == _OLD_EXCEL:
        raise RefusedError("old_excel")
    if head.startswith(_ZIP):
        source = excel.look(path, sheet)
    elif head.startswith(_PARQUET):
        source = parquet.look(path)
    else:
        source = csv_text.look(path, encoding)
    return sort_out(source, items, carry)


def blocks(source: CohortFile, *, size: int = limits.BLOCK_BYTES, cells: int = limits.BLOCK_CELLS) -> Iterator[Block]:
    """Yield the whole file in pieces cut between records: ``size`` bytes of text, or ``cells`` of Parquet.

    Raises:
        RefusedError: a record is longer than the limits allow, or a packed file is broken further on.
    """
    if source.format == "parquet":
        yield from parquet.blocks(source, cells)
    elif source.format == "excel":
        yield from excel.blocks(source, size)
    else:
        yield from csv_text.blocks(source, size)


def read(block: Block) -> Batch:
    """Return the answers and the carried text of a block, with a finding for every cell and row that is not used.

    Raises:
        RefusedError: the block cannot be cut into records, or its file is broken.
    """
    source = block.source
    if source.format == "parquet":
        table, rows = parquet.read(block)
        found, findings = answers.answers(source.items, table, lambda names: parquet.as_text(table, names), rows)
        return Batch(len(rows), rows, found, _texts(table, source.carried), findings)
    part = csv_text.read(block)
    again = lambda names: csv_text.as_text(source, part.data, names)  # noqa: E731  (short)
    found, findings = answers.answers(source.items, part.table, again, part.rows)
    told = tuple(sorted(part.findings + findings, key=lambda finding: finding.row))
    return Batch(part.records, part.rows, found, _texts(part.table, source.carried), told)


def _texts(table: pa.Table, carried: tuple[str, ...]) -> pd.DataFrame:
    if not carried:
        return pd.DataFrame(index=pd.RangeIndex(len(table)))
    texts: pd.DataFrame = table.select(list(carried)).to_pandas()
    return texts


def preview(source: CohortFile, rows: int = 10) -> pd.DataFrame:
    """Return the first rows as text: all columns that have a name and hold text or numbers.

    Raises:
        RefusedError: as :func:`read`.
    """
    named = parquet.shown(source.path) if source.format == "parquet" else tuple(filter(None, source.columns))
    whole = replace(source, items=(), carried=named)
    first = [read(block).texts for block in islice(blocks(whole, size=PREVIEW_BYTES, cells=PREVIEW_CELLS), 1)]
    return first[0].head(rows) if first else pd.DataFrame(columns=list(named))
