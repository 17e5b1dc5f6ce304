"""Tells which rows of a table are no people: totals and means below the answers, notes, headings that come again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from advisor.analysis.cohort.header import shortened
from advisor.analysis.cohort.headings import LONG, key
from advisor.analysis.cohort.model import FileFinding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advisor.analysis.cohort.model import CohortFile

TOTALS = (
    "平均", "平均値", "平均点", "合計", "合計値", "合計点", "総計", "小計", "総合計", "中央値", "標準偏差",
    "最大値", "最小値", "mean", "average", "avg", "total", "sum", "subtotal", "grand total", "median",
    "std", "stdev", "std dev", "standard deviation",
)  # fmt: skip
WITH_TOTALS = (
    "計",
    "最大",
    "最小",
    "件数",
    "度数",
    "人数",
    "分散",
    "n",
    "sd",
    "min",
    "max",
    "count",
    "variance",
    "var",
)
NOTES = ("※", "＊", "*", "注：", "注:", "注）", "(注", "（注")


def others(source: CohortFile, table: pa.Table, answers: NDArray[np.float64]) -> tuple[NDArray[np.bool_], list[str]]:
    """Return which rows are no people, and what stands in each of them."""
    found = np.zeros(len(table), bool)
    shown = np.full(len(table), "", object)
    for name in source.labelled:
        if name not in table.column_names:
            continue
        column = table.column(name)
        texts = pc.utf8_lower(pc.utf8_trim_whitespace(column.cast(pa.string())))
        here = _is_in(texts, TOTALS)
        if here.any():
            here |= _is_in(texts, WITH_TOTALS)
        unanswered = np.isnan(answers).all(axis=1)
        if unanswered.any():
            doubtful = np.flatnonzero(unanswered & ~here)
            again = key(name)
            cells = texts.take(pa.array(doubtful)).to_pylist()
            filled = _filled(source, table, doubtful)
            here[doubtful] = [
                (cell or "").startswith(NOTES) or (text and bool(cell) and key(cell) == again)
                for cell, text in zip(cells, filled, strict=True)
            ]
        new = np.flatnonzero(here & ~found)
        shown[new] = [shortened(str(cell)) for cell in column.take(pa.array(new)).to_pylist()]
        found |= here
    return found, shown[found].tolist()


def _filled(source: CohortFile, table: pa.Table, rows: NDArray[np.int64]) -> list[bool]:
    """Return whether the first item of each of some rows holds its own name, or a question."""
    if not source.items or not len(rows):
        return [False] * len(rows)
    item = source.items[0][0]
    cells = table.column(item).take(pa.array(rows)).to_pylist()
    return [bool(cell) and (key(str(cell)) == key(item) or len(str(cell)) >= LONG) for cell in cells]


def _is_in(texts: pa.ChunkedArray, words: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.asarray(pc.is_in(texts, value_set=pa.array(words)).to_numpy(), bool)


def told(rows: NDArray[np.int64], shown: list[str]) -> tuple[FileFinding, ...]:
    """Return a finding for each row that is no person."""
    return tuple(FileFinding(row, "", text, "not_person") for row, text in zip(rows.tolist(), shown, strict=True))
