"""Tells in a few lines what a file of answers is and how it would be read, with its first rows and a map to keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from advisor.analysis.cohort import headings, maps, problems
from advisor.analysis.cohort.columns import choose
from advisor.analysis.cohort.header import listed, shortened
from advisor.analysis.cohort.model import RefusedError
from advisor.analysis.cohort.reader import look, preview, ways
from advisor.content.messages import messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from advisor.analysis.cohort.model import Asked, CohortFile, FileFinding

ROWS = 5
WIDE = 8  # columns of the preview
_SIGNS = {",": ",", "\t": "TAB", ";": ";", "|": "|"}


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file is, in ``lines``, and ``pairs``: its headings with the item that each is, or may be ("": none)."""

    lines: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


def looked(path: Path, asked: Asked) -> Looked:
    """Return what is found in a file, and the map to confirm.

    Raises:
        RefusedError: the file cannot be read at all, whatever is said about it.
    """
    try:
        source, findings = look(path, asked, carry=lambda _: ())
    except RefusedError as refused:
        grids = ways(path, asked)
        rows = max((grid.rows for grid in grids), key=lambda one: len(one[0]) if one else 0)
        why = problems.sentence(RefusedError(refused.kind, {"file": path.name} | refused.told))
        return Looked((why, *_shown([list(row) for row in rows[: ROWS + 1]])), tuple(_proposed(asked, rows)))
    pairs = tuple((name, name if name in asked.items else "") for name in source.columns if name)
    return Looked(tuple(_told(path, source, findings, asked)), pairs)


def _told(path: Path, source: CohortFile, findings: Iterable[FileFinding], asked: Asked) -> Iterator[str]:
    say = messages()
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


def _kind(path: Path, source: CohortFile) -> str:
    say = messages()
    if source.format == "text":
        return say["look_text"].format(file=path.name, encoding=source.encoding, sign=_SIGNS[source.delimiter])
    return say[f"look_{source.format}"].format(file=path.name, sheet=source.sheet)


def _shown(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in rows:
        yield "  " + " | ".join(shortened(cell)[:20] for cell in row[:WIDE]) + (" | …" if len(row) > WIDE else "")


def _proposed(asked: Asked, rows: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """Return a map in which the columns with figures stand for the items in their order."""
    columns = [headings.tidy(name) for name in rows[0]]
    figures = [
        name
        for place, name in enumerate(columns)
        if all(row[place].strip().isdigit() for row in rows[1:] if place < len(row) and row[place].strip())
        and any(place < len(row) and row[place].strip() for row in rows[1:])
    ]
    return maps.proposed(columns, tuple(asked.items), figures)
