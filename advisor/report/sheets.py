"""Tables for spreadsheet programs: CSV that Excel reads right, and rows that are as high as their texts need.

Spreadsheet programs compute heights only for rows that somebody edits, and for merged cells never. So the file says
them, from an estimate: how many lines a text takes in its column, at the font and size of our files.
"""

from __future__ import annotations

import io
import unicodedata
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FONT, SIZE = "游ゴシック", 10.5
# A spreadsheet program takes a cell of a CSV file that begins with one of these for a formula (OWASP, CSV Injection);
# a Japanese program also takes the full-width forms.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LINE = 18.0  # points: the pitch of lines of this font at this size
MOST = 22  # lines: a row is 409 points high at most
WIDE = {"W", "F", "A"}  # East Asian widths of letters that take two places
WIDER = 1.15  # letters are a little wider than the figures that column widths count


def as_csv(rows: Iterable[Iterable[object]]) -> bytes:
    """Return rows as CSV (RFC 4180), in UTF-8 with a byte order mark: without it Excel guesses the encoding."""
    import csv  # noqa: PLC0415  (a client's kernel starts without it)

    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of ``width`` characters."""
    return sum(max(1, ceil(_places(line) * WIDER / (width - 1))) for line in text.split("\n"))


def _places(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in WIDE else 1 for letter in line)


def height(cells: Iterable[tuple[str, float]]) -> int:
    """Return how many lines a row needs for its texts, each given with the width of its column."""
    return max((lines(text, width) for text, width in cells), default=1)


def heights(needed: int) -> list[float]:
    """Return the heights in points of the rows for so many lines: one row, or several if one row cannot be so high."""
    rows = ceil(needed / MOST)
    return [LINE * ceil(needed / rows)] * rows
