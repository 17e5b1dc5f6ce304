"""Scores a batch of answers: one row for each respondent. One machine and a cluster call the same function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from advisor.analysis.cohort.facts import STAMP, aligned, tabulate
from advisor.scoring import advice, likert
from advisor.scoring.scores import Table, measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from advisor.analysis.cohort.model import Batch, FileFinding
    from advisor.content.catalog import Catalog

STEPS_SHOWN = 3
# ``path`` is empty where none comes first yet; ``near``: the paths that are level with it, with spaces between.
ADVICE = (
    "path",
    "path_points",
    "near",
    *(f"step_{n}{end}" for n in range(1, STEPS_SHOWN + 1) for end in ("", "_points")),
)


@dataclass(frozen=True, slots=True, eq=False)
class ScoringPlan:
    """What is computed for each respondent, and which columns are copied into the result.

    ``carried``: the copied columns; ``identity``: the columns that are equal in two rows of the same respondent;
    ``catalog``: the workbook's own, whose advice is added; None for an instrument that somebody brings.
    """

    instrument: likert.Instrument
    carried: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()
    min_answered: float = likert.MIN_ANSWERED
    metric: likert.Metric = "percent"
    catalog: Catalog | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the computed columns: the scales, and with a catalogue the advice and the release."""
        return (*self.instrument.scales, *((*ADVICE, STAMP) if self.catalog else ()))

    @property
    def told(self) -> dict[str, str]:
        """Return the metadata of a file of scores: the release it was scored by."""
        return self.catalog.told if self.catalog else {}


def score_batch(plan: ScoringPlan, batch: Batch, items: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the rows of :func:`scored`."""
    frame: pd.DataFrame = scored(plan, batch, items)[0].to_pandas()
    return frame


def scored(
    plan: ScoringPlan, batch: Batch, items: Sequence[str] | None = None
) -> tuple[pa.Table, tuple[FileFinding, ...]]:
    """Return one row for each respondent, and findings about the facts of the batch.

    The columns: the carried ones as they came, the scales, the first path and steps. ``items``: the columns of the
    batch's answers (default: all of the instrument's, in its order). A scale is null where too few of its items are
    answered; scores are 0-100, or means of keyed items, as the plan says.
    """
    findings: tuple[FileFinding, ...] = ()
    if plan.catalog is None:
        answers = aligned(batch, plan.instrument.items if items is None else items, plan.instrument.items)
        scores = likert.score(plan.instrument, answers, min_answered=plan.min_answered, metric=plan.metric)
        advised: dict[str, pa.Array] = {}
    else:
        table, findings = tabulate(plan.catalog, batch, items)
        scores = _scores(plan, table, plan.metric)
        advised = _advised(plan, plan.catalog, table, scores)
    carried = {name: batch.texts.column(name) for name in plan.carried}
    computed = {
        scale: pa.array(column, from_pandas=True)  # null for NaN
        for scale, column in zip(plan.instrument.scales, np.ascontiguousarray(scores.T), strict=True)
    }
    return pa.table(carried | computed | advised), findings


def _scores(plan: ScoringPlan, table: Table, metric: likert.Metric) -> likert.Floats:
    return likert.score(
        plan.instrument, table.answers, asked=table.asked, min_answered=plan.min_answered, metric=metric
    )


def _advised(plan: ScoringPlan, catalog: Catalog, table: Table, scores: likert.Floats) -> dict[str, pa.Array]:
    """Return the columns of :data:`ADVICE` and :data:`STAMP`; only what fits the situation is named."""
    percent = scores if plan.metric == "percent" else _scores(plan, table, "percent")
    measured = measure(catalog, table, percent)
    paths = advice.path_standing(catalog, table, measured)
    steps = advice.step_standing(catalog, table, advice.with_first(catalog, measured, paths))
    near = advice.near_ties(catalog, paths, advice.may_leave(catalog, table, measured))
    placed = [column for place in range(STEPS_SHOWN) for column in _place(steps, place)]
    advised = dict(zip(ADVICE, [*_place(paths, 0), _listed(paths, near), *placed], strict=True))
    return advised | {STAMP: pa.repeat(catalog.stamp, len(scores))}  # rows copied out of a file still name the release


def _listed(standing: advice.Standing, chosen: NDArray[np.bool_]) -> pa.Array:
    """Return the chosen targets of each client, first to last, null where none is chosen."""
    names: list[str | None] = [None] * len(chosen)
    for row in np.flatnonzero(chosen.any(axis=1)).tolist():
        names[row] = " ".join(standing.targets[place] for place in standing.order[row].tolist() if chosen[row, place])
    return pa.array(names, pa.string())


def _place(standing: advice.Standing, place: int) -> tuple[pa.Array, pa.Array]:
    """Return the target at a place (0 is the first) for each client, and its points."""
    rows = np.arange(len(standing.order))
    if place >= len(standing.targets):
        return pa.nulls(len(rows), pa.string()), pa.nulls(len(rows), pa.int64())
    target: NDArray[np.int64] = standing.order[:, place]
    fits = standing.fits[rows, target]
    names = pa.array(standing.targets, pa.string()).take(pa.array(target, mask=~fits))
    return names, pa.array(standing.points[rows, target], pa.int64(), mask=~fits)
