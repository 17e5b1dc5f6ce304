"""Reads cohort files of every format in three steps.

``look`` opens a file once and finds out how to read it, so that nothing is guessed twice. ``blocks`` cuts the file into
blocks. ``read`` is pure and takes all it needs from its block, so that another process or machine can call it, if it
sees the file under the same path.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from advisor.analysis.cohort import (
    answers,
    csv_text,
    excel,
    headings,
    json_records,
    kinds,
    limits,
    packed,
    parquet,
    people,
    sheet_of_one,
    statistics,
)
from advisor.analysis.cohort.header import listed, sort_out
from advisor.analysis.cohort.model import Asked, Batch, Block, Carry, CohortFile, FileFinding, Grid, RefusedError

if TYPE_CHECKING:
    import pandas as pd

PREVIEW_BYTES = 64 << 10
PREVIEW_CELLS = 20_000
Excel = Literal["excel", "ods"]


def look(path: Path, asked: Asked, *, carry: Carry) -> tuple[CohortFile, tuple[FileFinding, ...]]:
    """Return how a file is read, and findings about it; every byte of a text file has been checked.

    ``carry``: which of the file's columns are kept as text, beside the items.

    Raises:
        RefusedError: the file is of no known kind, is hostile, or cannot be read in exactly one way.
    """
    if not path.is_file():
        raise RefusedError("no_file")
    grids = ways(path, asked)
    grid, heading = _chosen(grids, asked)
    told = [*grid.findings, *headings.about_heading(heading)]
    if grid.source.sheet and sum(one.shown for one in grids) > 1:
        told.append(FileFinding(-1, "", "", "sheet", (("sheet", grid.source.sheet),)))
    if grid.source.packed not in ("", "gzip"):
        told.append(FileFinding(-1, "", "", "packed", (("name", grid.source.packed),)))
    source = replace(grid.source, columns=heading.columns, top=heading.top)
    if grid.ends:
        source = replace(source, start=grid.ends[heading.top - 1])
    source, findings = sort_out(source, asked, carry)
    rules = replace(answers.rules_of(asked), comma=source.delimiter == ";")
    source = excel.below(replace(source, rules=rules))
    if source.merged:
        told.append(FileFinding(-1, "", "", "merged", (("count", str(len(source.merged))),)))
    source, wrong = answers.examine(source, _first(source))
    return source, (*told, *findings, *wrong)


def ways(path: Path, asked: Asked) -> tuple[Grid, ...]:
    """Return all ways to read the file as a table."""
    with path.open("rb") as file:
        kind = kinds.kind_of(file)
    inside = ""
    if kind == "zip":
        inside, kind = packed.table(path)
    if kind == "text":
        return csv_text.look(path, asked.encoding, inside)
    if kind in ("excel", "ods"):
        return excel.look(path, cast("Excel", kind), asked.sheet, inside)
    if kind not in kinds.READ or inside:
        raise kinds.refused(kind if kind not in kinds.READ else "packed")
    if kind == "json":
        return json_records.look(path)
    return parquet.look(path) if kind == "parquet" else statistics.look(path, kind)


def _chosen(grids: tuple[Grid, ...], asked: Asked) -> tuple[Grid, headings.Heading]:
    """Return the one way to read the file in which items are named, with the heading.

    Raises:
        RefusedError: there is none, or more than one sheet holds the same items.
    """
    shown = [grid for grid in grids if grid.shown]
    named = [(grid, heading) for grid in shown if (heading := headings.found(grid.rows, asked))]
    rated = [
        (
            (_items(heading, asked), not grid.source.sheet or len(grid.rows) > heading.top, len(heading.columns)),
            grid,
            heading,
        )
        for grid, heading in named
    ]
    best = sorted(rated, key=lambda one: one[0], reverse=True)
    alike = [one for one in best if one[0][:2] == best[0][0][:2] and _people(one[1], one[2])] or best[:1]
    if len(alike) > 1 and alike[0][1].source.sheet:
        raise RefusedError("sheets", {"sheets": ", ".join(grid.source.sheet for _, grid, _ in alike)})
    most = alike[0][0][0] if alike else 0
    for grid in shown if 2 * most < len(asked.items) else ():  # one person's answers, an item in each row
        if turned := sheet_of_one.turned(grid, asked, most):
            return turned, headings.Heading(0, 0, turned.rows[0])
    if not alike:
        raise _unnamed(grids, asked)
    _, grid, heading = alike[0]
    return grid, heading


def _people(grid: Grid, heading: headings.Heading) -> bool:
    """Return whether a row below the heading may be a person's: not all of them are totals."""
    rows = [row for row in grid.rows[heading.top :] if any(row)]
    return any(not people.is_total(row[0]) for row in rows) or not rows


def _items(heading: headings.Heading, asked: Asked) -> int:
    return len(set(heading.columns) & set(asked.items))


def _unnamed(grids: tuple[Grid, ...], asked: Asked) -> RefusedError:
    """Return why no heading was found, with what was found instead."""
    hidden = [grid for grid in grids if not grid.shown and headings.found(grid.rows, asked)]
    if hidden:
        return RefusedError("sheet_hidden", {"sheets": ", ".join(grid.source.sheet for grid in hidden)})
    grids = tuple(grid for grid in grids if grid.shown)
    filled = [grid for grid in grids if any(map(any, grid.rows))]
    if not filled:
        return RefusedError("header_empty")
    grid = max(filled, key=lambda one: len(one.rows[0]))
    place = 0 if asked.heading is None else min(asked.heading, len(grid.rows)) - 1
    row = next((row for row in grid.rows[place:] if any(row)), ())
    columns = [headings.tidy(name) for name in row]
    told = {"columns": listed(columns), "items": listed(tuple(asked.items))}
    if len(columns) == 1 and sum(item in columns[0] for item in asked.items) > 1:
        raise RefusedError("delimiter", told)
    if alike := headings.near(columns, tuple(asked.items)):
        heading, item = alike[0]
        return RefusedError("near", told | {"heading": heading[: limits.SHOWN], "item": item})
    if headings.unnamed(grid.rows):
        return RefusedError("questions", told)
    if len(grids) > 1 and grid.source.sheet:
        return RefusedError("no_items_sheets", told | {"sheets": ", ".join(one.source.sheet for one in grids)})
    return RefusedError("no_items", told)


def _first(source: CohortFile) -> dict[str, Counter[str]]:
    """Return how often each text stands in the first cells of each item."""
    names = tuple(name for name, _, _ in source.items)
    for block in islice(blocks(source, size=PREVIEW_BYTES, cells=PREVIEW_CELLS), 1):
        part, again = _rows(block)
        beside, _ = people.others(source, part.table, np.zeros(len(part.table), bool))
        kept = again(names).filter(pa.array(~beside))
        return {name: _counted(kept.column(name)) for name in names}
    return {name: Counter() for name in names}


def _counted(column: pa.ChunkedArray) -> Counter[str]:
    """Return how often each text stands in a column of dictionaries."""
    counted: Counter[str] = Counter()
    for one in pc.value_counts(column.cast(pa.string())).to_pylist():
        counted[(one["values"] or "").strip()] += one["counts"]
    del counted[""]
    return counted


def blocks(source: CohortFile, *, size: int = limits.BLOCK_BYTES, cells: int = limits.BLOCK_CELLS) -> Iterator[Block]:
    """Yield the whole file in pieces cut between records: ``size`` bytes of text, or ``cells`` of Parquet.

    Raises:
        RefusedError: a record is longer than the limits allow, or a packed file is broken further on.
    """
    if source.turned:
        yield Block(source, 0, 1, source.turned)
    elif source.format == "parquet":
        yield from parquet.blocks(source, cells)
    elif source.format == "statistics":
        yield from statistics.blocks(source, cells)
    elif source.format == "text":
        yield from csv_text.blocks(source, size)
    else:
        yield from excel.blocks(source, size)


def read(block: Block) -> Batch:
    """Return the answers and the carried text of a block, with a finding for every cell and row that is not used.

    Raises:
        RefusedError: the block cannot be cut into records, or its file is broken.
    """
    source = block.source
    part, again = _rows(block)
    table, rows = part.table, part.rows
    found, told = answers.answers(source, table, again, rows)
    texts = table.select(list(source.carried))
    unanswered = np.asarray(np.isnan(found).all(axis=1))
    beside, shown = people.others(source, table, unanswered)
    blank = people.empty(source, table, unanswered) & ~beside
    if beside.any() or blank.any():
        gone = set(rows[beside].tolist())
        told = tuple(finding for finding in told if finding.row not in gone) + people.told(rows[beside], shown)
        if blank.any():
            told = (*told, FileFinding(-1, "", "", "blank", (("count", str(np.count_nonzero(blank))),)))
        beside |= blank
        rows, found, texts = rows[~beside], found[~beside], texts.filter(pa.array(~beside))
    told = tuple(sorted((*part.findings, *told), key=lambda finding: finding.row))
    return Batch(part.records, rows, found, texts, told)


def _rows(block: Block) -> tuple[csv_text.Rows, answers.AsText]:
    """Return the records of a block, and what gives some of their columns as text."""
    if block.source.format in ("parquet", "statistics"):
        module = parquet if block.source.format == "parquet" else statistics
        table, rows = module.read(block)
        return csv_text.Rows(b"", len(rows), rows, (), table), lambda names: module.as_text(table, names)
    part = csv_text.read(block)
    return part, lambda names: csv_text.as_text(block.source, part.data, names)


def preview(source: CohortFile, rows: int = 10) -> pd.DataFrame:
    """Return the first rows as text: all columns that have a name and hold text or numbers.

    Raises:
        RefusedError: as :func:`read`.
    """
    named = parquet.shown(source) if source.format == "parquet" else tuple(filter(None, source.columns))
    whole = replace(source, items=(), carried=named)
    first = [read(block).texts for block in islice(blocks(whole, size=PREVIEW_BYTES, cells=PREVIEW_CELLS), 1)]
    found = first[0].slice(0, rows) if first else pa.schema(dict.fromkeys(named, pa.string())).empty_table()
    table: pd.DataFrame = found.to_pandas()
    return table
