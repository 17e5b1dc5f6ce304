"""Sorts the columns of a cohort file into answers, carried columns and unread ones, and reports on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

from advisor.analysis.cohort import limits
from advisor.analysis.cohort.model import WHOLE, CohortFile, FileFinding, RefusedError

NAMES_SHOWN = 20
Carry = Callable[[tuple[str, ...]], tuple[str, ...]]


def sort_out(
    source: CohortFile, items: Mapping[str, tuple[int, int]], carry: Carry
) -> tuple[CohortFile, tuple[FileFinding, ...]]:
    """Return the source with its items and carried columns filled in, and findings about its columns.

    ``items``: the lowest and the highest answer of each; ``carry``: which of the other named columns are kept as text.

    Raises:
        RefusedError: a name stands twice, or no column is an item.
    """
    doubles = [name for name, count in Counter(filter(None, source.columns)).items() if count > 1]
    if doubles:
        raise RefusedError("doubled", {"columns": listed(doubles)})
    answers = tuple((name, *items[name]) for name in items if name in source.columns)
    if not answers:
        raise RefusedError("no_items", {"columns": listed(source.columns), "items": listed(tuple(items))})
    others = tuple(name for name in source.columns if name and name not in items)
    wanted = set(carry(others))
    carried = tuple(name for name in others if name in wanted)
    return replace(source, items=answers, carried=carried), tuple(_told(source, items, others, wanted))


def _told(
    source: CohortFile, items: Mapping[str, tuple[int, int]], others: tuple[str, ...], wanted: set[str]
) -> list[FileFinding]:
    found = [FileFinding(WHOLE, name, "", "missing_item") for name in items if name not in source.columns]
    unread = [name for name in others if name not in wanted]
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
