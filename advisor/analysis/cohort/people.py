"""Tells which rows of a table are no people: totals and means below the answers, notes, headings that come again."""

from __future__ import annotations

import re
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

TOTALS = (  # written without spaces and signs
    "平均", "平均値", "平均点", "全体平均", "合計", "合計値", "合計点", "総計", "小計", "総合計", "全体合計", "中央値",
    "標準偏差", "最大値", "最小値", "回答者数", "回答数", "有効回答数", "mean", "average", "avg",
    "total", "sum", "subtotal",
    "grandtotal", "median", "std", "stdev", "stddev", "standarddeviation",
)  # fmt: skip
WITH_TOTALS = (  # only beside one of those above
    "計", "最大", "最小", "件数", "度数", "人数", "分散", "n", "sd", "min", "max", "count", "variance", "var",
)  # fmt: skip
_LONGEST = 20  # signs
_SIGNS = r"[\s\x{3000}:：()（）【】\[\].]+"
NOTES = ("※", "＊", "*", "注：", "注:", "注）", "(注", "（注")


def others(source: CohortFile, table: pa.Table, unanswered: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], list[str]]:
    """Return which rows are no people, and what stands in each of them; ``unanswered``: rows without any answer."""
    found = np.zeros(len(table), bool)
    shown = np.full(len(table), "", object)
    for name in source.labelled:
        if name not in table.column_names:
            continue
        column = table.column(name)
        texts = column.cast(pa.string())
        here = np.zeros(len(table), bool)
        counted = pc.utf8_is_digit(pc.utf8_slice_codeunits(texts, -1)).to_numpy()  # ids end so; totals never do
        if len(named := np.flatnonzero(~counted)):
            words = pc.utf8_lower(texts.take(pa.array(named)))
            short = pc.less_equal(pc.utf8_length(words), _LONGEST)
            bare = pc.replace_substring_regex(pc.if_else(short, words, ""), _SIGNS, "")
            here[named] = _is_in(bare, TOTALS)
            if here.any():
                here[named] |= _is_in(bare, WITH_TOTALS)
        doubtful = np.flatnonzero(unanswered & ~here)
        if len(doubtful):
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


def is_total(cell: str) -> bool:
    """Return whether a cell names a total, a mean or the like."""
    return re.sub(_SIGNS.replace(r"\x{3000}", "\u3000"), "", cell).lower() in (*TOTALS, *WITH_TOTALS)


def _filled(source: CohortFile, table: pa.Table, rows: NDArray[np.int64]) -> list[bool]:
    """Return whether the first item of each of some rows holds its own name, or a question."""
    if not source.items or not len(rows):
        return [False] * len(rows)
    item = source.items[0][0]
    cells = table.column(item).take(pa.array(rows)).to_pylist()
    return [bool(cell) and (key(str(cell)) == key(item) or len(str(cell)) >= LONG) for cell in cells]


def _is_in(texts: pa.ChunkedArray, words: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.asarray(pc.is_in(texts, value_set=pa.array(words)).to_numpy(), bool)


def empty(source: CohortFile, table: pa.Table, unanswered: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which rows have neither an answer nor anything that says whose they are."""
    found = unanswered & bool(source.labelled)
    names = [*source.labelled, *source.carried, *(name for name, _, _ in source.items)]
    for name in dict.fromkeys(names):
        if not found.any():
            break
        rows = np.flatnonzero(found)
        cells = table.column(name).take(pa.array(rows)).to_pylist()
        found[rows] = [cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells]
    return found


def told(rows: NDArray[np.int64], shown: list[str]) -> tuple[FileFinding, ...]:
    """Return a finding for each row that is no person."""
    return tuple(FileFinding(row, "", text, "not_person") for row, text in zip(rows.tolist(), shown, strict=True))
