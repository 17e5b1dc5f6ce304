"""Turns the answers of one person, an item in each row, into a row: the workbook's own download of answers is such."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from advisor.analysis.cohort import headings
from advisor.analysis.cohort.model import RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.analysis.cohort.model import Asked, Grid

_TWICE = 2
_LEAST = 3  # so many items below each other are no chance


def turned(grid: Grid, asked: Asked, most: int = 0) -> Grid | None:
    """Return the table with one row for the person; None where no column lists more than ``most`` items.

    Raises:
        RefusedError: several people answered, below each other or in columns.
    """
    facts = {headings.key(name.partition("_")[2]): name for name in asked.facts if name.startswith(("sign_", "tried_"))}
    names = facts | {headings.key(name): name for name in (*asked.items, *asked.others)}
    width = max(map(len, grid.rows), default=0)
    listing = [
        (sum(headings.key(row[column]) in names for row in grid.rows if column < len(row)), -column)
        for column in range(width)
    ]
    longest, place = max(listing, default=(0, 0))
    if longest < _LEAST:
        return None
    column = -place
    told = [names.get(headings.key(row[column])) if column < len(row) else None for row in grid.rows]
    several = Counter(name for name in told if name in asked.items)
    below = sum(often > 1 for often in several.values()) >= _TWICE
    figures = [
        sum(map(_is_figure, row[column + 1 :])) for name, row in zip(told, grid.rows, strict=True) if name in several
    ]
    across = _TWICE * sum(count > 1 for count in figures) > len(figures)
    if len(several) <= most:
        return None
    if below or across:
        raise RefusedError("people_below" if below else "people_across")
    people: dict[str, str] = {}
    for name, row in zip(told, grid.rows, strict=True):
        value = _value(row[column + 1 :], name in asked.items)
        if name and (name in asked.items or value):
            people[name] = value
    content = io.StringIO(newline="")
    csv.writer(content, lineterminator="\r\n").writerow(people.values())
    source = replace(grid.source, format="excel", encoding="utf-8", delimiter=",", turned=content.getvalue().encode())
    return replace(grid, source=source, rows=(tuple(people),), ends=())


def _value(cells: Sequence[str], is_item: bool) -> str:
    """Return the answer: the first figure behind an item, or the last text behind a fact."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if is_item:
        return next(filter(_is_figure, filled), "")
    return filled[-1] if len(filled) > 1 else ""


def _is_figure(cell: str) -> bool:
    return cell.strip().lstrip("+-").isdigit()
