"""Headings of columns: how they are compared, and in which row of a table they stand.

Two headings are the same when their keys are: without regard to width, case, spaces, byte order marks and signs that
nobody sees. :func:`found` looks for the row that names the most items. A heading names an item by its id, by the
question that the item asks, by a map that the user gives, or by an id or question in one of the forms of survey tools.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from advisor.analysis.cohort.model import FileFinding, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from advisor.analysis.cohort.model import Asked

ROWS = 20  # the heading is looked for in so many rows
LONG = 8  # signs: a heading of so many may be a question
ALIKE = 0.75  # how alike two names are that may be a slip of the pen
_BRACKETS = re.compile(r"[\[［【](?P<inside>[^\]］】]+)[\]］】]\s*$")
_CODE = re.compile(r"(?P<code>[^\s.:：．。、|｜\[［]+)\s*[.:：．、|｜\[［\s]")


def tidy(name: str) -> str:
    """Return a heading as it is shown: composed, on one line, without signs that nobody sees."""
    seen = "".join(sign for sign in unicodedata.normalize("NFC", name) if unicodedata.category(sign) != "Cf")
    return " ".join(seen.split())


def key(name: str) -> str:
    """Return what is equal in two headings that are the same."""
    return "".join(unicodedata.normalize("NFKC", tidy(name)).casefold().split())


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that was found.

    ``row``: its row, 0 is the first; ``more``: rows below it that belong to it; ``columns``: the names of all columns,
    an item's id where one was named; ``indirect``: columns (as the file has them) that were not named by an id.
    """

    row: int
    more: int
    columns: tuple[str, ...]
    indirect: tuple[tuple[str, str], ...] = ()

    @property
    def top(self) -> int:
        """Return the number of rows above the first respondent."""
        return self.row + 1 + self.more


def names_of(asked: Asked) -> dict[str, str]:
    """Return the item that each key names: an id, or a question that only one item asks."""
    questions: dict[str, list[str]] = {}
    for item, wording in asked.wordings.items():
        for text in wording.texts:
            questions.setdefault(key(text), []).append(item)
    told = {text: items[0] for text, items in questions.items() if text and len(set(items)) == 1}
    return told | {key(item): item for item in asked.items}


def found(rows: Sequence[Sequence[str]], asked: Asked) -> Heading | None:
    """Return the heading of a table that begins with ``rows``; None where no row names an item.

    Raises:
        RefusedError: two columns name the same item.
    """
    names = names_of(asked)
    wanted = range(min(ROWS, len(rows))) if asked.heading is None else range(asked.heading - 1, asked.heading)
    rated = [(len(set(_items(rows[row], names, asked.mapping).values())), -row) for row in wanted if row < len(rows)]
    most, place = max(rated, default=(0, 0))
    if not most:
        return None
    row = -place
    items = _items(rows[row], names, asked.mapping)
    items = _without_weaker(rows[row], items)
    columns = _named(rows, row, items, asked.others)
    indirect = tuple(
        (tidy(rows[row][column]), item) for column, item in items.items() if key(rows[row][column]) != key(item)
    )
    return Heading(row, _continued(rows, row, tuple(items)), columns, indirect)


def _items(row: Sequence[str], names: Mapping[str, str], mapping: Mapping[str, str]) -> dict[int, str]:
    """Return the item that each column names."""
    items: dict[int, str] = {}
    for column, cell in enumerate(row):
        if not cell:
            continue
        for name in _forms(cell):
            if item := mapping.get(name) or names.get(name):
                items[column] = item
                break
    return items


def _forms(cell: str) -> Iterator[str]:
    """Yield the keys that a heading may be meant by: whole, what stands in brackets at its end, and its first code."""
    yield key(cell)
    if bracket := _BRACKETS.search(cell):
        yield key(bracket["inside"])
    if code := _CODE.match(tidy(cell)):
        yield key(code["code"])
        yield key(tidy(cell)[code.end() :])


def _without_weaker(row: Sequence[str], items: dict[int, str]) -> dict[int, str]:
    """Return the columns of each item; where one column has the item's own name, the others are not meant."""
    own = {item for column, item in items.items() if key(row[column]) == key(item)}
    return {column: item for column, item in items.items() if item not in own or key(row[column]) == key(item)}


def _named(rows: Sequence[Sequence[str]], row: int, items: Mapping[int, str], others: Sequence[str]) -> tuple[str, ...]:
    """Return the name of each column; one without a name takes that of the row above, if it is part of the heading."""
    known = {key(name): name for name in others}
    above = rows[row - 1] if row and len([cell for cell in rows[row - 1] if cell]) > 1 else ()
    columns = []
    for column, cell in enumerate(rows[row]):
        shown = tidy(cell) or (tidy(above[column]) if column < len(above) else "")
        columns.append(items.get(column) or known.get(key(shown), shown))
    return tuple(columns)


def _continued(rows: Sequence[Sequence[str]], row: int, items: Sequence[int]) -> int:
    """Return how many rows below the heading belong to it: questions, codes and options of a survey tool.

    Such a row has a text for each item, none of them is a number or a word that somebody answers further down.
    """
    more = 0
    for number in range(row + 1, min(len(rows), row + 3)):
        here = [_cell(rows[number], column) for column in items]
        if any("importid" in key(cell) for cell in rows[number]):
            more = number - row
            continue
        below = {_cell(other, column) for other in rows[number + 1 :] for column in items}
        texts = [cell for cell in here if cell]
        if len(texts) < 2 or len(texts) < len(here) / 2 or any(cell in below or _counts(cell) for cell in texts):  # noqa: PLR2004  (one text alone may be anything)
            break
        if not any(map(_counts, below)) or (len(set(texts)) < len(texts) and len(set(texts)) > 1):
            break
        more = number - row
    return more


def _cell(row: Sequence[str], column: int) -> str:
    return tidy(row[column]) if column < len(row) else ""


def _counts(cell: str) -> bool:
    """Return whether a cell may hold an answer in figures."""
    return any(sign.isdigit() for sign in unicodedata.normalize("NFKC", cell)[:3])


def unnamed(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row reads like questions: long texts above columns of figures."""
    if len(rows) < 2:  # noqa: PLR2004  (a heading and a respondent)
        return False
    below = [cell for row in rows[1:6] for cell in row]
    return sum(len(cell) >= LONG for cell in rows[0]) > 1 and sum(map(_counts, below)) > 1


def near(columns: Sequence[str], items: Sequence[str]) -> list[tuple[str, str]]:
    """Return columns whose name is nearly that of an item, each with the item."""
    keys = {key(item): item for item in items}
    pairs = []
    for column in columns:
        alike = difflib.get_close_matches(key(column), keys, 2, ALIKE) if key(column) else []
        alike = alike or [name for name in keys if key(column).endswith((f"_{name}", f".{name}", f"-{name}"))]
        if len(alike) == 1:
            pairs.append((column, keys[alike[0]]))
    return pairs


def pair(text: str, items: Mapping[str, object]) -> tuple[str, str]:
    """Return the key of a heading and the item of a pair ``heading=item``.

    Raises:
        RefusedError: it is no such pair, or there is no such item.
    """
    heading, sign, name = text.rpartition("=")
    known = {key(item): item for item in items}
    if not sign or key(name) not in known:
        raise RefusedError("map_item", {"pair": text[:60], "items": ", ".join(list(items)[:20])})
    return key(heading), known[key(name)]


def about_heading(heading: Heading) -> tuple[FileFinding, ...]:
    """Return what is said of a heading that is not simply the first row."""
    told = []
    if heading.row:
        told.append(FileFinding(-1, "", "", "heading", (("row", str(heading.row + 1)),)))
    if heading.more:
        rows = (("first", str(heading.row + 2)), ("last", str(heading.top)))
        told.append(FileFinding(-1, "", "", "heading_more" if heading.more > 1 else "heading_next", rows))
    if heading.indirect:
        pairs = ", ".join(f"{name[:30]} = {item}" for name, item in heading.indirect[:6])
        told.append(FileFinding(-1, "", "", "indirect", (("count", str(len(heading.indirect))), ("pairs", pairs))))
    return tuple(told)
