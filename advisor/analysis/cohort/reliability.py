"""Computes how reliable an instrument is on cohort files, block by block: memory does not grow with the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from advisor.analysis.cohort import duplicates, output
from advisor.analysis.cohort.facts import STAMP, WIDENED, aligned, tabulate
from advisor.analysis.cohort.problems import reported
from advisor.analysis.cohort.reader import read
from advisor.analysis.cohort.score import BlockStart, blocks_of, items_of, row_of, tell_duplicates
from advisor.analysis.psychometrics import quality
from advisor.analysis.psychometrics.moments import Moments, count_of, moments, total
from advisor.scoring import likert

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from advisor.analysis.cohort.model import Batch, Block, CohortFile, FileFinding
    from advisor.analysis.cohort.scores import ScoringPlan
    from advisor.content.catalog import Catalog

FIRST = ("scale", "n_items", "n", "mean", "sd", "alpha", "alpha_std", "omega_one_factor", "sem", "alpha_complete")
FIT = ("rmsea", "rmsea_low", "rmsea_high", "factors")
BEHIND = (*FIT, "alpha_low", "alpha_high", "n_complete", "missing", "unanswered", "floor", "ceiling")
EMPTY = "empty"  # the column that says which figures are empty, and why
MOST_ANSWERS = 20  # different answers that get a column of their own in the table of items


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """The sums over all rows.

    ``read``: how many rows there were; ``problems``: how many lines the report has; ``said``: how files were read.
    """

    moments: Moments
    read: int
    problems: int
    said: tuple[str, ...] = ()


def survey(
    plan: ScoringPlan,
    shards: Iterable[tuple[CohortFile, tuple[FileFinding, ...]]],
    report: Path,
    *,
    on_block: Callable[[Block], None] = lambda _block: None,
) -> Survey:
    """Return the sums over all shards, and write what is wrong in them to ``report``, as for scores.

    With the workbook's catalogue, items whose column stands in no shard are left out, and a row counts for the scales
    of which it was asked every item (those named in ``widened``, where there is such a column).

    Raises:
        RefusedError: a file cannot be read.
    """
    shards = tuple(shards)
    instrument = plan.instrument
    if plan.catalog:
        instrument = restricted(instrument, {name for source, _ in shards for name in items_of(source)})
    parts = [moments(instrument, np.empty((0, len(instrument.items))), metric=plan.metric)]
    places, rows = list[BlockStart](), 0
    with duplicates.seen() as ids, reported(report) as told:
        for source, findings in shards:
            told.about(source.path.name, findings)
        for block in chain.from_iterable(blocks_of(source) for source, _ in shards):
            batch = read(block)
            part, wrong = _measured(plan, instrument, batch, items_of(block.source))
            parts = [total([*parts, part])]
            row = row_of(places, rows, block)
            places.append(BlockStart(rows, row, block))
            findings = tuple(sorted((*batch.findings, *wrong), key=lambda finding: finding.row))
            told.tell(block.source.path.name, row + block.source.top, findings)
            ids.note(duplicates.keys_of(batch.texts.select(list(plan.identity))), batch.rows + rows)
            rows += batch.records
            on_block(block)
        tell_duplicates(plan, told, ids.duplicates(), places)
        told.finish()
        return Survey(parts[0], rows, told.lines, tuple(told.summary()))


def restricted(instrument: likert.Instrument, present: Iterable[str]) -> likert.Instrument:
    """Return the instrument with only these items; a scale that keeps none is left out."""
    kept = np.isin(instrument.items, list(present))
    left = (instrument.member[:, kept] > 0).any(axis=1)
    return likert.Instrument(
        items=tuple(np.array(instrument.items)[kept].tolist()),
        scales=tuple(np.array(instrument.scales)[left].tolist()),
        low=instrument.low[kept],
        high=instrument.high[kept],
        reverse=instrument.reverse[kept],
        member=instrument.member[np.ix_(left, kept)],
    )


def _measured(
    plan: ScoringPlan, instrument: likert.Instrument, batch: Batch, present: Sequence[str]
) -> tuple[Moments, tuple[FileFinding, ...]]:
    asked: NDArray[np.bool_] | None = None
    findings: tuple[FileFinding, ...] = ()
    if plan.catalog:
        table, findings = tabulate(plan.catalog, batch, present)
        if WIDENED in batch.texts.column_names:
            asked = table.asked[:, np.isin(plan.instrument.items, instrument.items)]
    answers = aligned(batch, present, instrument.items)
    told = moments(instrument, answers, asked=asked, min_answered=plan.min_answered, metric=plan.metric)
    return told, findings


def scales(found: Iterable[quality.ScaleQuality]) -> pd.DataFrame:
    """Return one row for each scale: its figures, NaN where one cannot be computed, and in the last column why."""
    import pandas as pd  # noqa: PLC0415  (loaded with the first block at the latest)

    rows = [
        {name: getattr(scale, name) for name in (*FIRST, *BEHIND)} | {EMPTY: _told(scale.reasons)} for scale in found
    ]
    return pd.DataFrame(rows, columns=[*FIRST, *BEHIND, EMPTY]).astype({"factors": "Int64"})


def _told(reasons: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{figure}: {why}" for figure, why in reasons)


def items(found: Moments) -> pd.DataFrame:
    """Return one row for each item: its figures, which are empty and why, and the count of each answer (``n_1`` …)."""
    import pandas as pd  # noqa: PLC0415  (as above)

    frame = pd.DataFrame([asdict(item) for item in quality.items(found)]).rename(columns={"reasons": EMPTY})
    frame[EMPTY] = frame[EMPTY].map(_told)
    frame["reverse"] = frame["reverse"].astype(int)
    given = dict(zip(found.instrument.items, found.answers, strict=True))
    low, high = int(found.instrument.low.min()), int(found.instrument.high.max())
    if high - low < MOST_ANSWERS:
        for answer in range(low, high + 1):
            frame[f"n_{answer}"] = [count_of(given[item], answer) for item in frame["item"]]
    return frame


def write(tables: Sequence[tuple[Path, pd.DataFrame]], catalog: Catalog | None = None) -> None:
    """Write tables beside the files they become; no file is replaced before all are written.

    ``catalog``: the catalogue of the instrument, if it is the workbook's own; then every table names the release.

    Raises:
        RefusedError: no kind of table has this suffix.
    """
    with ExitStack() as stack:
        for path, frame in tables:
            kind = output.kind_of(path)
            shown = _in_decimals(frame) if kind in output.DELIMITERS else frame
            if catalog:
                shown = shown.assign(**{STAMP: catalog.stamp})
            table = output.table_of(shown)
            append = stack.enter_context(output.written(path, table.schema, catalog.told if catalog else None))
            append(output.encode(table, kind))


def _in_decimals(frame: pd.DataFrame) -> pd.DataFrame:
    """Return figures as text without exponents, with the fewest digits that give the same number back."""
    figures = frame.select_dtypes("float").columns
    return frame.assign(**{name: frame[name].map(_decimal).astype("str") for name in figures})


def _decimal(value: float) -> str:
    return "" if np.isnan(value) else np.format_float_positional(value, trim="-")
