"""Scale scores from Likert answers, for any instrument and any number of respondents.

A scale's score is the mean of its keyed items as percent of maximum possible (POMP; Cohen, J., Cohen, P., Aiken, L. S.
& West, S. G. (1999). The problem of units and the circumstance for POMP. Multivariate Behavioral Research, 34(3),
315-346). 0 means that every item is at its lowest keyed point, 100 that every item is at its highest. The score is
missing (NaN) if less than a given share of the items is answered.

Whole answers are added as whole numbers, and each score is rounded once. So a respondent's score is the same to the
last bit on every machine, and for any number of respondents in one call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import TypeAdapter

from advisor.content import datafiles
from advisor.content.datafiles import DataError, DataFile, read_own_csv, validate
from advisor.content.model import Row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from advisor.content.datafiles import Problem

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

MIN_ANSWERED = 0.8  # share of a scale's items that must be answered
SLACK = 1e-9  # for comparisons: 0.8 x 3 is a little more than 2.4 in floating point
BLOCK = 4096  # respondents in one block, so that the arrays stay in the processor's cache
FILE = "items.csv"
Metric = Literal["percent", "mean"]


@dataclass(frozen=True, eq=False)
class Instrument:
    """The items and scales of a questionnaire, and how answers are keyed.

    ``low``, ``high`` (items): the lowest and highest whole number that a respondent may answer.
    ``reverse`` (items): whether a high answer speaks against the scale.
    ``member`` (scales x items): 1 if the item belongs to the scale, else 0.
    ``rows``: the items as they stand in the file, with their questions and labels, if it has them.
    """

    items: tuple[str, ...]
    scales: tuple[str, ...]
    low: Floats
    high: Floats
    reverse: Bools
    member: Floats
    rows: tuple[ItemRow, ...] = ()

    def items_of(self, scale: str) -> NDArray[np.intp]:
        """Return the columns of a scale's items."""
        return np.flatnonzero(self.member[self.scales.index(scale)])

    @cached_property
    def units(self) -> NDArray[np.int64]:
        """Return, for each scale, the least common multiple of its items' ranges; it makes all sums whole numbers."""
        ranges = (self.high - self.low).astype(int)
        return np.array([lcm(*ranges[row > 0].tolist()) for row in self.member], dtype=np.int64)

    @cached_property
    def keys(self) -> dict[Metric, tuple[Floats, Floats]]:
        """Return, for each metric, two arrays (scales x items): a factor for the answer, and a constant to add.

        An unanswered item adds neither.
        """
        sign = np.where(self.reverse, -1.0, 1.0)
        share = self.member * (self.units[:, None] / (self.high - self.low))
        return {
            "percent": (share * sign, share * np.where(self.reverse, self.high, -self.low)),
            "mean": (self.member * sign, self.member * np.where(self.reverse, self.low + self.high, 0.0)),
        }


class ItemRow(Row):
    """A row of an instrument's ``items.csv``.

    ``text``: the question as it was asked; ``labels``: the answers in words, from low to high, or as ``4=agree``, with
    ``|``, ``;`` or ``/`` between; ``decimals``: whether an answer may lie between two whole numbers.
    """

    id: str
    scale: str
    reverse: bool
    low: int
    high: int
    text: str = ""
    labels: str = ""
    decimals: bool = False

    @property
    def words(self) -> tuple[tuple[str, int], ...]:
        """Return the answers in words, each with its number; a name of a set of labels gives none."""
        told: list[tuple[str, int]] = []
        for part in (parts := self._parts()):
            found = _NUMBERED.fullmatch(part)
            if found:
                told.append((found["word"].strip(), int(found["number"])))
        if not told and len(parts) == self.high - self.low + 1:
            told = [(word, self.low + place) for place, word in enumerate(parts)]
        return tuple(told)

    @property
    def doubtful(self) -> bool:
        """Return whether there are labels in words whose number is not that of the answers."""
        return len(self._parts()) > 1 and len(self.words) != len(self._parts())

    def _parts(self) -> list[str]:
        sign = next((sign for sign in _BETWEEN if sign in self.labels), _BETWEEN[0])
        return [part.strip() for part in self.labels.split(sign) if part.strip()]


_BETWEEN = ("|", "｜", "\n", ";", "；", "/", "／", "、", ",")
_NUMBERED = re.compile(r"(?P<number>-?[0-9]{1,3})\s*[=＝:：.．)]\s*(?P<word>.+)")
_ROWS = TypeAdapter(tuple[ItemRow, ...])
_TEXTS = {"質問": "text", "質問文": "text", "設問": "text", "設問文": "text", "question": "text", "ラベル": "labels"}


def read_instrument(folder: Path) -> Instrument:
    """Read ``items.csv`` in ``folder``: columns id, scale, reverse (0 or 1), low, high; other columns are ignored.

    Columns that may be there, too: text (the question), labels (the answers in words), decimals (0 or 1).

    Raises:
        DataError: with every problem found, each with file, line, field and fix.
    """
    columns = {"reverse": _flag, "low": datafiles.whole, "high": datafiles.whole}
    document = read_own_csv(folder / FILE, FILE, decimals=_flag, **columns)
    renamed = ({_TEXTS.get(name, name): cell for name, cell in row.items()} | row for row in document.value)
    known = tuple({name: row[name] for name in ItemRow.model_fields if name in row} for row in renamed)
    rows = validate(DataFile(FILE, known, document.lines), _ROWS)
    if problems := [*_problems(document, rows)]:
        raise DataError(problems)
    return instrument(rows)


def _flag(cell: str) -> bool | str:
    """Return a truth as Excel writes it, too; an empty cell is false."""
    return datafiles.flag({"": "0", "false": "0", "true": "1"}.get(cell.casefold(), cell))


def _problems(document: DataFile, rows: tuple[ItemRow, ...]) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if not row.id or not row.scale:
            yield document.problem((number, "scale" if row.id else "id"), "empty", "item_and_scale_fix")
        if row.id in seen:
            yield document.problem((number, "id"), "id_twice", id=row.id)
        if row.low >= row.high:
            yield document.problem((number, "low"), "low_above_high", low=row.low, high=row.high)
        elif row.doubtful:
            yield document.problem((number, "labels"), "labels_count", count=row.high - row.low + 1)
        seen.add(row.id)


def instrument(rows: tuple[ItemRow, ...]) -> Instrument:
    """Return the instrument of these rows; the scales have the order of their first items."""
    scales = tuple(dict.fromkeys(row.scale for row in rows))
    return Instrument(
        items=tuple(row.id for row in rows),
        scales=scales,
        low=np.array([row.low for row in rows], float),
        high=np.array([row.high for row in rows], float),
        reverse=np.array([row.reverse for row in rows], bool),
        member=np.array([[row.scale == scale for row in rows] for scale in scales], float),
        rows=rows,
    )


def keyed(instrument: Instrument, answers: Floats) -> Floats:
    """Return answers (respondents x items, NaN unanswered) with reversed items turned: high speaks for the scale."""
    return np.where(instrument.reverse, instrument.low + instrument.high - answers, answers)


def score(
    instrument: Instrument,
    answers: Floats,
    *,
    asked: Bools | None = None,
    min_answered: float = MIN_ANSWERED,
    metric: Metric = "percent",
) -> Floats:
    """Return respondents x scales; NaN if too few of a scale's items are answered.

    ``answers`` (respondents x items): NaN for unanswered items.
    ``asked`` (respondents x items): whether an item counts (default: all items).
    ``min_answered``: the share (0-1) of the counting items that must be answered.
    ``metric``: ``percent`` of maximum possible (0-100), or ``mean`` of the keyed items.
    """
    result = np.empty((len(answers), len(instrument.scales)))
    factors, added = instrument.keys[metric]
    sums = np.concatenate([added, instrument.member]).T.copy()
    width = instrument.units.astype(float) if metric == "percent" else np.ones(len(instrument.scales))
    expected = min_answered * instrument.member.sum(axis=1)
    for start in range(0, len(answers), BLOCK):
        block = answers[start : start + BLOCK]
        given = ~np.isnan(block)
        needed = expected
        if asked is not None:
            given &= asked[start : start + BLOCK]
            needed = min_answered * (asked[start : start + BLOCK] @ instrument.member.T)
        counted = given.astype(float) @ sums
        total = np.where(given, block, 0.0) @ factors.T
        total += counted[:, : len(width)]
        answered = counted[:, len(width) :]
        enough = (answered > 0) & (answered >= needed - SLACK)
        part = result[start : start + BLOCK]
        part[:] = np.nan
        np.divide(100 * total if metric == "percent" else total, answered * width, out=part, where=enough)
    return result
