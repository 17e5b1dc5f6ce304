"""Tells in a few lines what a file of answers is and how it would be read, with its first rows and a map to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.analysis.cohort import headings, maps, problems
from advisor.analysis.cohort.columns import choose
from advisor.analysis.cohort.header import listed, shortened
from advisor.analysis.cohort.model import RefusedError
from advisor.analysis.cohort.reader import look, preview, ways
from advisor.content.messages import messages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from advisor.analysis.cohort.model import Asked, CohortFile

ROWS = 5
WIDE = 8  # columns of the preview
_SIGNS = {",": ",", "\t": "TAB", ";": ";", "|": "|"}


def looked(path: Path, asked: Asked, kept: Path | None = None) -> Iterator[str]:
    """Yield what is found; ``kept``: the file for a map of headings to items.

    Raises:
        RefusedError: the file cannot be read at all, whatever is said about it.
    """
    say = messages()
    try:
        source, findings = look(path, asked, carry=lambda _: ())
    except RefusedError as refused:
        grids = ways(path, asked)
        yield problems.sentence(RefusedError(refused.kind, {"file": path.name} | refused.told))
        rows = max((grid.rows for grid in grids), key=lambda one: len(one[0]) if one else 0)
        yield from _shown([list(row) for row in rows[: ROWS + 1]])
        if kept:
            yield _kept(kept, asked, rows)
        return
    yield _kind(path, source)
    known = [name for name, _, _ in source.items]
    yield say["look_items"].format(found=len(known), all=len(asked.items), items=listed(known))
    chosen = choose(source.columns, (*asked.items, *asked.facts))
    yield say["look_others"].format(ids=listed(chosen.ids) or "–", others=listed(chosen.left_out) or "–")
    for finding in findings:
        if finding.kind in (*problems.NOTES, *problems.SAID):
            told = {"column": finding.column, "value": finding.value, **dict(finding.told)}
            yield say[f"finding_{finding.kind}"].format_map(told)
    table = preview(source, ROWS)
    yield from _shown([list(map(str, table.columns)), *table.astype(str).to_numpy().tolist()])
    if kept:
        maps.write(kept, [(name, name if name in asked.items else "") for name in source.columns if name])
        yield say["look_kept"].format(path=kept)


def _kind(path: Path, source: CohortFile) -> str:
    say = messages()
    if source.format == "text":
        return say["look_text"].format(file=path.name, encoding=source.encoding, sign=_SIGNS[source.delimiter])
    return say[f"look_{source.format}"].format(file=path.name, sheet=source.sheet)


def _shown(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in rows:
        yield "  " + " | ".join(shortened(cell)[:20] for cell in row[:WIDE]) + (" | …" if len(row) > WIDE else "")


def _kept(path: Path, asked: Asked, rows: Sequence[Sequence[str]]) -> str:
    """Write a map in which the columns with figures stand for the items in their order, and say so."""
    columns = [headings.tidy(name) for name in rows[0]]
    figures = [
        name
        for place, name in enumerate(columns)
        if all(row[place].strip().isdigit() for row in rows[1:] if place < len(row) and row[place].strip())
        and any(place < len(row) and row[place].strip() for row in rows[1:])
    ]
    maps.write(path, maps.proposed(columns, tuple(asked.items), figures))
    return messages()["look_kept"].format(path=path)
