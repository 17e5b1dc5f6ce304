"""Sorts the columns of a cohort file into answers, carried columns and unread ones, and reports on them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from advisor.analysis.cohort import limits
from advisor.analysis.cohort.headings import key, near
from advisor.analysis.cohort.model import WHOLE, Asked, Carry, CohortFile, FileFinding, RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES_SHOWN = 20
LABELLED = 2  # columns beside the items that may say "total" or "mean"


def sort_out(source: CohortFile, asked: Asked, carry: Carry) -> tuple[CohortFile, tuple[FileFinding, ...]]:
    """Return the source with its items and carried columns filled in, and findings about its columns.

    ``carry``: which of the columns are kept as text, if they are no items.

    Raises:
        RefusedError: a name that is needed stands twice, or no column is an item.
    """
    items = asked.items
    answers = tuple((name, *items[name]) for name in items if name in source.columns)
    if not answers:
        raise RefusedError("no_items", {"columns": listed(source.columns), "items": listed(tuple(items))})
    first = source.columns[:1]  # R and pandas write row names into a first column without a name
    others = tuple(dict.fromkeys(name for name in source.columns if (name or first == ("",)) and name not in items))
    wanted = set(carry(source.columns)) - set(items)
    needed = {key(name) for name in (*items, *wanted)}
    often = Counter(key(name) for name in source.columns if name)
    doubles = [name for name in dict.fromkeys(source.columns) if often[key(name)] > 1 and key(name) in needed]
    if doubles:
        raise RefusedError("doubled", {"columns": listed(doubles)})
    source = replace(
        source,
        columns=_different(source.columns),
        items=answers,
        carried=tuple(name for name in others if name in wanted),
        labelled=others[:LABELLED],
    )
    return source, tuple(_told(source, asked, others, wanted))


def _different(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the names with a number at each that stood before; nobody needs these columns."""
    seen: Counter[str] = Counter()
    names = []
    for name in columns:
        seen[name] += bool(name)
        names.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
    return tuple(names)


def _told(source: CohortFile, asked: Asked, others: tuple[str, ...], wanted: set[str]) -> list[FileFinding]:
    absent = [name for name in asked.items if name not in source.columns]
    found = [FileFinding(WHOLE, listed(absent), "", "missing_item", (("count", str(len(absent))),))] if absent else []
    for column, item in near([name for name in others if name not in asked.others and name not in wanted], absent):
        found.append(FileFinding(WHOLE, item, "", "near", (("heading", shortened(column)), ("item", item))))
    unread = [name for name in others if name and name not in wanted]
    if unread:
        told = (("count", str(len(unread))), ("columns", listed(unread)))
        found.append(FileFinding(WHOLE, "", "", "unread", told))
    if nameless := source.columns[1:].count(""):
        found.append(FileFinding(WHOLE, "", "", "nameless", (("count", str(nameless)),)))
    return found


def listed(names: tuple[str, ...] | list[str]) -> str:
    """Return names in one line: at most :data:`NAMES_SHOWN`, and each shortened."""
    shown = [shortened(name) for name in names[:NAMES_SHOWN]]
    return ", ".join([*shown, "…"] if len(names) > NAMES_SHOWN else shown)


def shortened(text: str) -> str:
    """Return text for a report: one line of at most ``limits.SHOWN`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limits.SHOWN else f"{line[: limits.SHOWN - 1]}…"
