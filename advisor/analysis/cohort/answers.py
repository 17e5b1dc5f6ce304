"""Turns cells into answers: numbers in range, words by their labels, codes. Any other cell is unanswered and is told.

:func:`examine` looks at the first rows of a file. Where most of a column cannot be an answer, or its numbers belong to
another range, the column as a whole is left out with one finding.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import floor, isnan, nan

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from advisor.analysis.cohort import limits
from advisor.analysis.cohort.header import listed, shortened
from advisor.analysis.cohort.headings import key
from advisor.analysis.cohort.model import WHOLE, AnswerRules, Asked, CohortFile, FileFinding

Item = tuple[str, int, int]
AsText = Callable[[Sequence[str]], pa.Table]
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_CODED = re.compile(r"a0*(?P<code>[0-9]{1,3})", re.IGNORECASE)  # LimeSurvey's A4
_BEFORE = re.compile(r"(?P<number>[+-]?[0-9]{1,3})\s*[:：.．、)）(（=＝\]】\s-]\s*(?P<word>[^0-9\s].*)")  # 4：やや
_AFTER = re.compile(r"(?P<word>\D+?)\s*[(（\[【:：]\s*(?P<number>[0-9]{1,3})\s*[)）\]】]?")  # やや（4）
NO_ANSWER = frozenset(
    key(text)
    for text in (
        "NA", "N/A", "#N/A", "n.a.", "<NA>", "NULL", "None", "NaN", "-", "--", "―", "—", "ー", "無回答", "未回答",
        "回答なし", "無記入", "不明", "欠損", "該当なし", "missing", "no answer",
        "99", "999", "9999", "-9", "-99", "-999", "-9999",
    )
)  # fmt: skip
ONCE = ("wide", "coded", "missing_code")  # read without doubt: told once, not for each cell
_MOST = 0.5  # a column whose cells are wrong so often is wrong as a whole
_MANY = 0.1
_TWICE = 2
_SHOWN = 5


def rules_of(asked: Asked) -> AnswerRules:
    """Return how the cells of items are read, as far as it is known before the file."""
    labels = {item: {key(word): value for word, value in told.labels} for item, told in asked.wordings.items()}
    return AnswerRules(
        labels={item: words for item, words in labels.items() if words},
        decimals=frozenset(item for item, told in asked.wordings.items() if told.decimals),
        missing=frozenset(map(key, asked.missing)),
    )


def answers(
    source: CohortFile, table: pa.Table, as_text: AsText, rows: NDArray[np.int64]
) -> tuple[NDArray[np.float64], tuple[FileFinding, ...]]:
    """Return the answers (rows x items, NaN where a cell is empty or cannot be used) and a finding for each bad cell.

    ``table``: the items' columns, each as numbers (null: empty) or as text in dictionaries; ``as_text``: gives
    columns of the same rows as text, and is called only for columns with a bad cell; ``rows``: the number by which
    findings name each row.
    """
    items = source.items
    found = np.full((len(rows), len(items)), nan, order="F")  # each column in one piece
    unclear = []
    for number, (name, low, high) in enumerate(items):
        if name in source.rules.unusable:
            continue
        column = table.column(name)
        if pa.types.is_dictionary(column.type):
            unclear.append(number)
            continue
        values = column.to_numpy()
        usable = (values >= low) & (values <= high)
        if name not in source.rules.decimals and values.dtype.kind == "f":
            usable &= np.floor(values) == values
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
        room = limits.CELLS_REPORTED - len(findings)
        found[:, number], told = _judged(source.rules, items[number], column, rows, room)
        findings += told
    return found, tuple(sorted(findings, key=lambda finding: finding.row))


def _judged(
    rules: AnswerRules, item: Item, column: pa.DictionaryArray, rows: NDArray[np.int64], room: int
) -> tuple[NDArray[np.float64], list[FileFinding]]:
    """Return the answers of a column of text, and at most ``room`` + 1 findings; each different text is judged once."""
    name, low, high = item
    column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
    different = column.dictionary.to_pylist()
    verdicts = [judge(text or "", item, rules) for text in different]
    empty = len(verdicts)  # the position of the verdict on cells that are null
    places = column.indices.fill_null(empty).to_numpy(zero_copy_only=False)
    values = np.array([value for value, _ in verdicts] + [nan])
    bad = np.array([bool(kind) and kind not in ONCE for _, kind in verdicts] + [False])
    wrong = np.flatnonzero(bad[places])
    told = (("low", str(low)), ("high", str(high)))
    findings = [
        FileFinding(int(rows[row]), name, shortened(different[places[row]]), verdicts[places[row]][1], told)
        for row in wrong[: max(room, 0)]
    ]
    if rest := len(wrong) - len(findings):
        first = int(rows[wrong[len(findings)]])
        findings.append(FileFinding(first, name, "", "more_cells_column", (("count", str(rest)), *told)))
    often = np.bincount(places, minlength=len(verdicts))
    for place, (_, kind) in enumerate(verdicts):
        if kind in ONCE and often[place]:
            value = shortened(different[place]) if kind == "missing_code" else ""
            findings.append(FileFinding(WHOLE, "", value, kind, (("count", str(often[place])),)))
    return values[places], findings


def judge(text: str, item: Item, rules: AnswerRules) -> tuple[float, str]:
    """Return the answer that a cell's text is (NaN: none) and the kind of what is to be told of it ("": nothing)."""
    cell = text.strip()
    folded = key(cell)
    if not cell or folded in rules.missing:
        return nan, ""
    known = rules.labels.get(item[0], {})
    if folded in known:
        return known[folded], ""
    kind = ""
    if rules.comma and _COMMA.fullmatch(cell):
        cell = cell.replace(",", ".")
    if not _NUMBER.fullmatch(cell):
        plain = unicodedata.normalize("NFKC", cell).strip()
        kind = "wide" if _NUMBER.fullmatch(plain) else "coded"
        cell = plain if kind == "wide" else _figure(plain, known)
    value, wrong = _in_range(cell, item, decimals=item[0] in rules.decimals)
    if wrong and folded in NO_ANSWER:
        return nan, "missing_code"
    return value, wrong or kind


def _in_range(cell: str, item: Item, *, decimals: bool) -> tuple[float, str]:
    """Return the answer that a figure is, and what is wrong with it."""
    _, low, high = item
    if not cell:
        return nan, "not_number"
    value = float(cell)
    if not low <= value <= high:
        return nan, "out_of_range"
    return (value, "") if decimals or floor(value) == value else (nan, "fraction")


def _figure(cell: str, known: Mapping[str, int]) -> str:
    """Return the figure in a cell such as A4, 4：やや, やや（4）; "" if there is none, or its word means another."""
    if coded := _CODED.fullmatch(cell):
        return coded["code"]
    found = _BEFORE.fullmatch(cell) or _AFTER.fullmatch(cell)
    if not found:
        return ""
    word = key(found["word"].strip("()（）[]【】 "))
    return "" if str(known.get(word, int(found["number"]))) != str(int(found["number"])) else found["number"]


def usable_row(source: CohortFile, row: Sequence[str]) -> bool:
    """Return whether each answer of a record can be read where it stands, and there is one."""
    places = {name: number for number, name in enumerate(source.columns)}
    cells = [(row[places[item[0]]], item) for item in source.items]
    kinds = [judge(cell, item, source.rules)[1] for cell, item in cells]
    return any(cell.strip() for cell, _ in cells) and all(not kind or kind in ONCE for kind in kinds)


# --- columns that are wrong as a whole ---


def examine(source: CohortFile, columns: Mapping[str, Counter[str]]) -> tuple[CohortFile, tuple[FileFinding, ...]]:
    """Return the source without the items whose column cannot be used as a whole, with a finding that says so.

    ``columns``: how often each text stands in the first cells of each item. Items with the same range were answered on
    the same scale: where most of them run beyond it, none is used.
    """
    findings: list[FileFinding] = []
    unusable: set[str] = set()
    ranges: dict[tuple[int, int], list[_Column]] = {}
    for item in source.items:
        column = _Column(item, source.rules, columns[item[0]])
        if told := column.in_words():
            findings.append(told)
            unusable.add(item[0])
        elif item[0] not in source.rules.labels:
            ranges.setdefault(item[1:], []).append(column)
    for group in ranges.values():
        wrong = [column for column in group if column.outside]
        if len(wrong) >= _MOST * len(group) and _beyond(wrong, sum(column.total for column in group)):
            wrong = group  # on the same scale as the others, also where nobody chose its end
        else:
            wrong = [column for column in wrong if _beyond([column], column.total)]
        if wrong:
            findings.append(_on_another_scale(wrong))
            unusable |= {column.item[0] for column in wrong}
    return replace(source, rules=replace(source.rules, unusable=frozenset(unusable))), tuple(findings)


class _Column:
    """The first cells of an item: how often each stands there, and what is wrong with them."""

    def __init__(self, item: Item, rules: AnswerRules, cells: Counter[str]) -> None:
        verdicts = {text: judge(text, item, rules) for text in cells}
        self.item = item
        self.answered = [value for value, _ in verdicts.values() if not isnan(value)]
        self.words = Counter({text: cells[text] for text, (_, kind) in verdicts.items() if kind == "not_number"})
        plain = {text: unicodedata.normalize("NFKC", text) for text in cells}
        self.outside = {
            float(plain[text]): cells[text]
            for text, (_, kind) in verdicts.items()
            if kind == "out_of_range" and _NUMBER.fullmatch(plain[text])
        }
        self.total = sum(cells[text] for text, (_, kind) in verdicts.items() if kind != "missing_code")

    def in_words(self) -> FileFinding | None:
        """Return a finding if most answers are words that mean no number."""
        name, low, high = self.item
        if sum(self.words.values()) < max(_TWICE, _MOST * self.total):
            return None
        common = ", ".join(f"{shortened(text)} ({count})" for text, count in self.words.most_common(_SHOWN))
        told = (("common", common), ("low", str(low)), ("high", str(high)))
        return FileFinding(WHOLE, name, "", "column_words", told)


def _beyond(columns: Sequence[_Column], total: int) -> bool:
    """Return whether so many answers lie beyond the scale that it must be another one."""
    return sum(sum(column.outside.values()) for column in columns) >= max(_TWICE, _MANY * total)


def _on_another_scale(columns: Sequence[_Column]) -> FileFinding:
    _, low, high = columns[0].item
    seen = [value for column in columns for value in (*column.outside, *column.answered)]
    least, most = min(seen), max(seen)
    kind = "column_from_zero" if least == low - 1 and most < high else "column_range"
    told = (("least", f"{least:g}"), ("most", f"{most:g}"), ("low", str(low)), ("high", str(high)))
    return FileFinding(WHOLE, listed([column.item[0] for column in columns]), "", kind, told)
