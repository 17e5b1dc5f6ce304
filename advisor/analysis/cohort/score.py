"""A cohort file, or many shards of one, scored piece by piece: memory does not grow with the number of rows.

Each block is read, scored and encoded by one function, :func:`work`, here or on a worker of a cluster. What is left is
to put the pieces one after the other, to note what is wrong, and to look for respondents who stand there twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from advisor.analysis.cohort import duplicates, output
from advisor.analysis.cohort.model import Batch, Block, Finding, Source
from advisor.analysis.cohort.problems import HEADER, Report, reported
from advisor.analysis.cohort.reader import blocks, read
from advisor.analysis.cohort.scores import Plan, scored
from advisor.analysis.cohort.shards import about

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Pieces = Callable[[Plan, output.Kind, Iterable[Block]], Iterator[tuple[Block, "Piece"]]]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """What became of a block: ``content`` to append, and what the summary and the report need.

    ``records``: rows read; ``rows``: the number of each scored row in its block; ``ids`` (scored rows x 2): hashes;
    ``missing``: for each scale, how many respondents have no score.
    """

    records: int
    content: output.Content
    rows: NDArray[np.int64]
    ids: NDArray[np.uint64]
    missing: NDArray[np.int64]
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Summary:
    """What a run came to: rows read and scored, respondents without a score by scale, lines in the report."""

    read: int = 0
    scored: int = 0
    problems: int = 0
    missing: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block began: ``start`` counts rows through all shards, ``row`` within its file."""

    start: int
    row: int
    block: Block


def work(plan: Plan, kind: output.Kind, block: Block) -> Piece:
    """Return a block read, scored and encoded; pure, so that it may run anywhere that sees the file."""
    with about(block.source.path):
        batch = read(block)
    frame, wrong = scored(plan, batch, items_of(block.source))
    return Piece(
        records=batch.records,
        content=output.encode(frame, kind),
        rows=batch.rows,
        ids=duplicates.keys_of(batch.texts[list(plan.identity)]),
        missing=frame[list(plan.instrument.scales)].isna().sum().to_numpy(np.int64),
        findings=tuple(sorted((*batch.findings, *wrong), key=lambda finding: finding.row)),
    )


def here(plan: Plan, kind: output.Kind, todo: Iterable[Block]) -> Iterator[tuple[Block, Piece]]:
    """Yield each block with its piece, computed by this process."""
    for block in todo:
        yield block, work(plan, kind, block)


def score(
    plan: Plan,
    shards: Iterable[tuple[Source, tuple[Finding, ...]]],
    out: Path,
    report: Path,
    *,
    pieces: Pieces = here,
) -> Summary:
    """Write the scores of all shards to ``out``, and what is wrong to ``report``; return what it came to.

    Whatever goes wrong, neither file is left half written.

    Raises:
        RefusedError: a file cannot be read, or ``out`` cannot hold what there is.
    """
    shards = tuple(shards)
    summary, places = Summary(), list[Place]()
    missing = np.zeros(len(plan.instrument.scales), np.int64)
    todo = chain.from_iterable(blocks_of(source) for source, _ in shards)
    with (
        duplicates.seen() as ids,
        reported(report) as told,
        output.written(out, _empty(plan), plan.told) as append,
    ):
        for source, findings in shards:
            told.tell(source.path.name, 0, findings)
        for block, piece in pieces(plan, output.kind_of(out), todo):
            row = row_of(places, summary.read, block)
            places.append(Place(summary.read, row, block))
            append(piece.content)
            told.tell(block.source.path.name, row, piece.findings)
            ids.note(piece.ids, piece.rows + summary.read)
            summary.read += piece.records
            summary.scored += len(piece.rows)
            missing += piece.missing
        tell_doubles(plan, told, ids.doubles(), places)
        summary.problems = told.count
    summary.missing = dict(zip(plan.instrument.scales, missing.tolist(), strict=True))
    return summary


def blocks_of(source: Source) -> Iterator[Block]:
    """Yield the blocks of a file; a refusal names it."""
    with about(source.path):
        yield from blocks(source)


def items_of(source: Source) -> tuple[str, ...]:
    """Return the items of a file, in the order of the columns of what is read from it."""
    return tuple(name for name, _, _ in source.items)


def row_of(places: list[Place], start: int, block: Block) -> int:
    """Return with which row of its file a block begins."""
    if not places or places[-1].block.source is not block.source:
        return 0
    return places[-1].row + start - places[-1].start


def _empty(plan: Plan) -> pd.DataFrame:
    """Return what is written, without rows: its columns and their types."""
    import pandas as pd  # noqa: PLC0415  (loaded with the first file at the latest)

    texts = pd.DataFrame({name: pd.Series(dtype="str") for name in _texts(plan)})
    answers = np.empty((0, len(plan.instrument.items)))
    return scored(plan, Batch(0, np.empty(0, np.int64), answers, texts, ()))[0]


def _texts(plan: Plan) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*plan.carried, *plan.identity)))


def tell_doubles(plan: Plan, told: Report, found: NDArray[np.void], places: list[Place]) -> None:
    """Note each later row of a respondent; its id is read once more from the file, for it was kept nowhere."""
    if not len(found):
        return
    starts = np.array([place.start for place in places])
    inside = np.searchsorted(starts, found["row"], side="right") - 1
    for number in np.unique(inside).tolist():
        place = places[number]
        ids = _ids(plan, place.block)
        for row, first in found[inside == number].tolist():
            other = places[int(np.searchsorted(starts, first, side="right")) - 1]
            earlier = str(first - other.start + other.row + HEADER)
            facts = (("first", earlier), ("file", other.block.source.path.name))
            value = ids.get(row - place.start, "")
            told.tell(place.block.source.path.name, place.row, (
                Finding(row - place.start, ", ".join(plan.identity), value, "double_id", facts),
            ))  # fmt: skip


def _ids(plan: Plan, block: Block) -> dict[int, str]:
    """Return the ids of a block's rows, by the number of the row in the block."""
    batch = read(replace(block, source=replace(block.source, items=(), carried=plan.identity)))
    texts = batch.texts[list(plan.identity)]
    return {
        row: " / ".join(ids)
        for row, ids in zip(batch.rows.tolist(), texts.itertuples(index=False, name=None), strict=True)
    }
