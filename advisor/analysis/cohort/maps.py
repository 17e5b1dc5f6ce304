"""Maps of headings to items: read from a file or ``heading=item``, and written for the user to confirm and keep."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from advisor.analysis.cohort import headings, problems
from advisor.analysis.cohort.model import RefusedError
from advisor.content import disk
from advisor.content.datafiles import DataError, read_own_csv
from advisor.report import sheets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

COLUMNS = ("heading", "item")


def read(given: Iterable[str], items: Mapping[str, object]) -> dict[str, str]:
    """Return the item that each heading's key stands for; ``given``: files with both columns, or ``heading=item``.

    Raises:
        RefusedError: one is neither, or names an item that there is not.
    """
    pairs: list[str] = []
    for text in given:
        path = Path(text)
        if "=" in text and not path.name.endswith(".csv"):
            pairs.append(text)
            continue
        try:
            rows = read_own_csv(path, path.name).value
        except (DataError, OSError):
            raise RefusedError("map_file", {"file": path.name}) from None
        if not all(name in rows[0] for name in COLUMNS):
            raise RefusedError("map_file", {"file": path.name})
        pairs += [f"{problems.as_it_was(row['heading'])}={row['item']}" for row in rows if row["item"].strip()]
    return dict(headings.pair(text, items) for text in pairs)


def proposed(columns: Sequence[str], items: Sequence[str], answered: Sequence[str]) -> list[tuple[str, str]]:
    """Return each heading with the item that it names, or seems to name: else in the order of columns with answers."""
    known = {headings.key(item): item for item in items}
    alike = dict(headings.near(columns, items))
    named = {name: known.get(headings.key(name)) or alike.get(name, "") for name in columns}
    if not any(named.values()) and len(answered) == len(items):
        named |= dict(zip(answered, items, strict=True))
    return list(named.items())


def write(path: Path, pairs: Iterable[tuple[str, str]]) -> None:
    """Write a map as CSV that opens right in Excel; no heading is taken for a formula.

    Raises:
        RefusedError: there is a file of this name; somebody may have worked on it.
    """
    if path.exists():
        raise RefusedError("map_exists", {"file": path.name})
    disk.write_whole(path, sheets.as_csv((COLUMNS, *((problems.harmless(heading), item) for heading, item in pairs))))
