"""Scores a cohort file, or many shards of one, block by block: memory does not grow with the number of rows.

One function, :func:`work`, reads, scores and encodes a block, here or on a worker of a cluster. :func:`score` writes
the scored blocks one after the other, reports what is wrong, and looks for respondents who are there twice.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from advisor.analysis.cohort import duplicates, output
from advisor.analysis.cohort.facts import asked_of, load, mapped
from advisor.analysis.cohort.model import Batch, Block, CohortFile, FileFinding
from advisor.analysis.cohort.problems import COLUMNS, Report, reported
from advisor.analysis.cohort.reader import blocks, preview, read
from advisor.analysis.cohort.scores import ScoringPlan, scored
from advisor.analysis.cohort.shards import about, opened
from advisor.scoring import scores

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from advisor.content.catalog import Catalog

    Pieces = Callable[[ScoringPlan, output.Kind, Iterable[Block]], Iterator[tuple[Block, "ScoredBlock"]]]

SAMPLE = Path("samples") / "cohort.parquet"
SYNTHETIC = ("synthetic", "style")  # columns that say how synthetic respondents were made: no groups
EVERYBODY = "all"
THREADS = min(2, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True, eq=False)
class ScoredBlock:
    """A block after scoring: ``content`` to append to the result, and what the summary and the report need.

    ``records``: rows read; ``rows``: the number of each scored row in its block; ``ids`` (scored rows x 2): hashes;
    ``scored``: how many respondents have a score; ``missing``: for each scale, how many have none.
    """

    records: int
    scored: int
    content: output.Content
    rows: NDArray[np.int64]
    ids: NDArray[np.uint64]
    missing: NDArray[np.int64]
    findings: tuple[FileFinding, ...]


@dataclass(slots=True)
class Summary:
    """The counts of a run: rows read, people with a score, lines in the report, people without a score by scale.

    ``said``: sentences on how the files were read.
    """

    read: int = 0
    scored: int = 0
    problems: int = 0
    said: list[str] = field(default_factory=list)
    missing: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class BlockStart:
    """Where a block begins: ``start`` counts rows through all shards, ``row`` within its file."""

    start: int
    row: int
    block: Block


def work(plan: ScoringPlan, kind: output.Kind, block: Block) -> ScoredBlock:
    """Return a block read, scored and encoded; pure, so that it can run anywhere that sees the file."""
    with about(block.source.path):
        batch = read(block)
    table, wrong = scored(plan, batch, items_of(block.source))
    unscored = [table.column(scale).is_null() for scale in plan.instrument.scales]
    return ScoredBlock(
        records=batch.records,
        scored=len(table) - int(np.count_nonzero(np.all([column.to_numpy() for column in unscored], axis=0))),
        content=output.encode(table, kind),
        rows=batch.rows,
        ids=duplicates.keys_of(batch.texts.select(list(plan.identity))),
        missing=np.array([table.column(scale).null_count for scale in plan.instrument.scales], np.int64),
        findings=tuple(sorted((*batch.findings, *wrong), key=lambda finding: finding.row)),
    )


class _NoPandas:
    """A finder of modules that says that pandas is not installed."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


def without_pandas() -> None:
    """Let Arrow start without pandas, which it would import for a second only to know its objects: none come here.

    Arrow looks for pandas once, with the first value that it is given. It still makes data frames where one is asked
    for. For processes that do nothing but score.
    """
    if "pandas" in sys.modules:
        return
    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        pa.array([""])
    finally:
        sys.meta_path.remove(finder)


def here(plan: ScoringPlan, kind: output.Kind, todo: Iterable[Block]) -> Iterator[tuple[Block, ScoredBlock]]:
    """Yield each block with its scores, computed by this process: by two threads, if there are two cores.

    Arrow and numpy let another thread run while they work. A third block at a time would cost memory.
    """
    waiting: deque[tuple[Block, Future[ScoredBlock]]] = deque()
    with ThreadPoolExecutor(THREADS) as threads:
        try:
            for block in todo:
                waiting.append((block, threads.submit(work, plan, kind, block)))
                if len(waiting) > THREADS:
                    first, piece = waiting.popleft()
                    yield first, piece.result()
            while waiting:
                first, piece = waiting.popleft()
                yield first, piece.result()
        finally:
            threads.shutdown(cancel_futures=True)


def score(
    plan: ScoringPlan,
    shards: Iterable[tuple[CohortFile, tuple[FileFinding, ...]]],
    out: Path,
    report: Path,
    *,
    pieces: Pieces = here,
) -> Summary:
    """Write the scores of all shards to ``out``, and what is wrong to ``report``; return the counts.

    ``pieces``: what scores the blocks, here or on a cluster. Neither file is ever left half written.

    Raises:
        RefusedError: a file cannot be read, or ``out`` cannot hold what there is.
    """
    shards = tuple(shards)
    summary, places = Summary(), list[BlockStart]()
    missing = np.zeros(len(plan.instrument.scales), np.int64)
    todo = chain.from_iterable(blocks_of(source) for source, _ in shards)
    with (
        duplicates.seen() as ids,
        reported(report) as told,
        output.written(out, _columns(plan), plan.told) as append,
    ):
        for source, findings in shards:
            told.about(source.path.name, findings)
        for block, piece in pieces(plan, output.kind_of(out), todo):
            row = row_of(places, summary.read, block)
            places.append(BlockStart(summary.read, row, block))
            append(piece.content)
            told.tell(block.source.path.name, row + block.source.top, piece.findings)
            ids.note(piece.ids, piece.rows + summary.read)
            summary.read += piece.records
            summary.scored += piece.scored
            missing += piece.missing
        tell_duplicates(plan, told, ids.duplicates(), places)
        told.finish()
        summary.problems, summary.said = told.lines, told.summary()
    summary.missing = dict(zip(plan.instrument.scales, missing.tolist(), strict=True))
    return summary


def blocks_of(source: CohortFile) -> Iterator[Block]:
    """Yield the blocks of a file; a refusal names it."""
    with about(source.path):
        yield from blocks(source)


def items_of(source: CohortFile) -> tuple[str, ...]:
    """Return the items of a file, in the order of the columns of what is read from it."""
    return tuple(name for name, _, _ in source.items)


def row_of(places: list[BlockStart], start: int, block: Block) -> int:
    """Return the row of its file where a block begins; ``start`` counts rows through all shards."""
    if not places or places[-1].block.source is not block.source:
        return 0
    return places[-1].row + start - places[-1].start


def _columns(plan: ScoringPlan) -> pa.Schema:
    """Return the columns of the result and their types."""
    texts = pa.schema(dict.fromkeys((*plan.carried, *plan.identity), pa.string())).empty_table()
    answers = np.empty((0, len(plan.instrument.items)))
    return scored(plan, Batch(0, np.empty(0, np.int64), answers, texts, ()))[0].schema


def tell_duplicates(plan: ScoringPlan, told: Report, found: NDArray[np.void], places: list[BlockStart]) -> None:
    """Report each repeated row of a respondent; its id is read from the file again, because it was not kept."""
    if not len(found):
        return
    starts = np.array([place.start for place in places])
    inside = np.searchsorted(starts, found["row"], side="right") - 1
    for number in np.unique(inside).tolist():
        place = places[number]
        ids = _ids(plan, place.block)
        for row, first in found[inside == number].tolist():
            other = places[int(np.searchsorted(starts, first, side="right")) - 1]
            earlier = str(first - other.start + other.row + other.block.source.top + 1)
            facts = (("first", earlier), ("file", other.block.source.path.name))
            value = ids.get(row - place.start, "")
            told.tell(place.block.source.path.name, place.row + place.block.source.top, (
                FileFinding(row - place.start, ", ".join(plan.identity), value, "double_id", facts),
            ))  # fmt: skip


def _ids(plan: ScoringPlan, block: Block) -> dict[int, str]:
    """Return the ids of a block's rows, by the number of the row in the block."""
    batch = read(replace(block, source=replace(block.source, items=(), carried=plan.identity)))
    texts = [batch.texts.column(name).to_pylist() for name in plan.identity]
    return {row: " / ".join(ids) for row, *ids in zip(batch.rows.tolist(), *texts, strict=True)}


# --- one file in one call, for notebooks ---


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """A scored cohort file.

    ``source``: how the file was read; ``preview``: its first rows as text; ``scores``: one row a respondent, as
    ``advisor score`` writes it; ``report``: file, row, column, value, problem and fix, one row for each thing that is
    wrong; ``left_out``: columns that were not copied into ``scores``.
    """

    source: CohortFile
    preview: pd.DataFrame
    scores: pd.DataFrame
    report: pd.DataFrame
    left_out: tuple[str, ...]

    def groups(self, names: Sequence[str]) -> tuple[pd.Series, pd.Series]:
        """Return the group of each respondent in the first two of these columns; without columns, all are one group."""
        everybody = self.scores.assign(**{EVERYBODY: EVERYBODY})[EVERYBODY]
        first, *others = [self.scores[name] for name in names] or [everybody]
        return first, others[0] if others else first


def group_columns(catalog: Catalog, path: Path, mapping: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the columns of a cohort file that divide its respondents into a few groups.

    ``mapping``: headings, with the item that each stands for. Ids, facts, personal columns and those of
    :data:`SYNTHETIC` are never among them.

    Raises:
        RefusedError: the file cannot be read.
    """
    from advisor.analysis.cohort.group_charts import MOST_GROUPS  # noqa: PLC0415  (scipy.stats takes half a second)

    found = load(catalog, path, mapping).segments
    few = [name for name in map(str, found) if 1 < found[name].nunique() <= MOST_GROUPS]
    return tuple(name for name in few if name not in SYNTHETIC)


def score_file(
    catalog: Catalog,
    path: Path,
    folder: Path,
    *,
    keep: Sequence[str] = (),
    mapping: Mapping[str, str] | None = None,
) -> Scored:
    """Score a cohort file as ``advisor score`` does, write the results into ``folder``, and return them.

    ``keep``: columns to copy into the scores beside the ids, such as segments; ``mapping``: headings, with the item
    that each stands for.

    Raises:
        RefusedError: the file cannot be read, or lacks a column to keep.
    """
    import pandas as pd  # noqa: PLC0415  (takes a second; `advisor score` needs none)

    instrument = scores.key(catalog).instrument
    asked = replace(mapped(asked_of(catalog), mapping), keep=tuple(keep))
    found = opened((path,), asked)
    plan = ScoringPlan(instrument, min_answered=catalog.scoring.min_answered, catalog=catalog)
    plan = replace(plan, carried=found.chosen.carried, identity=found.chosen.identity)
    out, report = folder / f"{path.stem}.scores.parquet", folder / f"{path.stem}.report.csv"
    score(plan, found.shards, out, report)
    source = found.shards[0][0]
    problems = (
        pd.read_csv(report, dtype=str, keep_default_na=False) if report.exists() else pd.DataFrame(columns=COLUMNS)
    )
    return Scored(source, preview(source), pd.read_parquet(out), problems, found.chosen.left_out)
