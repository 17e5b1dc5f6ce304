"""Turns the answers of one person, an item in each row, into a row: the workbook's own download of answers is such."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

from advisor.analysis.cohort import headings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.analysis.cohort.model import Asked, Grid

_LEAST = 3  # so many items below each other are no chance


def items(grid: Grid) -> int:
    """Return how many items a turned grid has."""
    return len(grid.rows[0])


def turned(grid: Grid, asked: Asked) -> Grid | None:
    """Return the table with one row for the person; None where no column lists items."""
    facts = {headings.key(name.partition("_")[2]): name for name in asked.facts if name.startswith(("sign_", "tried_"))}
    names = facts | {headings.key(name): name for name in (*asked.items, *asked.others)}
    width = max(map(len, grid.rows), default=0)
    listing = [
        (sum(headings.key(row[column]) in names for row in grid.rows if column < len(row)), -column)
        for column in range(width)
    ]
    most, place = max(listing, default=(0, 0))
    if most < _LEAST:
        return None
    column = -place
    people: dict[str, str] = {}
    for row in grid.rows:
        name = names.get(headings.key(row[column])) if column < len(row) else None
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
        return next((cell for cell in filled if cell.lstrip("+-").isdigit()), "")
    return filled[-1] if len(filled) > 1 else ""
