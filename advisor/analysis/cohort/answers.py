"""Turns cells into answers: whole numbers in range. Any other cell counts as unanswered and becomes a finding."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from math import floor, nan

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from advisor.analysis.cohort import limits
from advisor.analysis.cohort.header import shortened
from advisor.analysis.cohort.model import FileFinding

Item = tuple[str, int, int]
AsText = Callable[[Sequence[str]], pa.Table]
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def answers(
    items: Sequence[Item], table: pa.Table, as_text: AsText, rows: NDArray[np.int64]
) -> tuple[NDArray[np.float64], tuple[FileFinding, ...]]:
    """Return the answers (rows x items, NaN where a cell is empty or cannot be used) and a finding for each bad cell.

    ``table``: the items' columns, each as numbers (null: empty) or as text in dictionaries; ``as_text``: gives
    columns of the same rows as text, and is called only for columns with a bad cell; ``rows``: the number by which
    findings name each row.
    """
    found = np.full((len(rows), len(items)), nan)
    unclear = []
    for number, (name, low, high) in enumerate(items):
        column = table.column(name)
        if pa.types.is_dictionary(column.type):
            unclear.append(number)
            continue
        values = column.to_numpy()
        usable = (values >= low) & (values <= high) & (np.floor(values) == values)
        if np.count_nonzero(usable) + column.null_count == len(values):
            found[:, number] = values
        else:
            unclear.append(number)
    if not unclear:
        return found, ()
    names = [items[number][0] for number in unclear]
    numeric = [name for name in names if not pa.types.is_dictionary(table.column(name).type)]
    texts = as_text(numeric) if numeric else table
    findings: list[FileFinding] = []
    for number in unclear:
        name = items[number][0]
        column = (texts if name in numeric else table).column(name).combine_chunks()
        found[:, number], told = _judged(items[number], column, rows, limits.CELLS_REPORTED - len(findings))
        findings += told
    return found, tuple(sorted(findings, key=lambda finding: finding.row))


def _judged(
    item: Item, column: pa.DictionaryArray, rows: NDArray[np.int64], room: int
) -> tuple[NDArray[np.float64], list[FileFinding]]:
    """Return the answers of a column of text, and at most ``room`` + 1 findings; each different text is judged once."""
    name, low, high = item
    column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
    different = column.dictionary.to_pylist()
    verdicts = [judge(text or "", low, high) for text in different]
    empty = len(verdicts)  # the position of the verdict on cells that are null
    places = column.indices.fill_null(empty).to_numpy(zero_copy_only=False)
    values = np.array([value for value, _ in verdicts] + [nan])
    bad = np.array([bool(kind) for _, kind in verdicts] + [False])
    wrong = np.flatnonzero(bad[places])
    told = (("low", str(low)), ("high", str(high)))
    findings = [
        FileFinding(int(rows[row]), name, shortened(different[places[row]]), verdicts[places[row]][1], told)
        for row in wrong[: max(room, 0)]
    ]
    if rest := len(wrong) - len(findings):
        first = int(rows[wrong[len(findings)]])
        findings.append(FileFinding(first, name, "", "more_cells_column", (("count", str(rest)), *told)))
    return values[places], findings


def judge(text: str, low: int, high: int) -> tuple[float, str]:
    """Return the answer that a cell's text is (NaN: none) and the kind of what is wrong with it ("": nothing)."""
    cell = text.strip()
    if not cell:
        return nan, ""
    if not _NUMBER.fullmatch(cell):
        wide = _NUMBER.fullmatch(unicodedata.normalize("NFKC", cell))
        return nan, "full_width" if wide else "not_number"
    value = float(cell)
    if not low <= value <= high:
        return nan, "out_of_range"
    return (value, "") if floor(value) == value else (nan, "fraction")
