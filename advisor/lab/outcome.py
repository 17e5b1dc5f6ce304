"""What a scoring version makes of a cohort: scores, points, order, gates, bands and hints, for all at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from advisor import advice, cues, measures, scoring

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advisor.advice import Group, Standing, Weights
    from advisor.catalog import Catalog

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

TOP = 3  # how many steps the adviser talks about first
BANDS = ("low", "middle", "high", "none")  # none: too little is answered


@dataclass(frozen=True, eq=False)
class Outcome:
    """A cohort as one scoring version sees it; respondents are rows throughout.

    ``scores`` (x scales) 0-100, NaN where too little is answered; ``measured`` (x measures, as
    ``scoring.key(catalog).measures``); ``steps`` and ``paths``: points and order; ``gates`` (x gates): which are open.
    """

    catalog: Catalog
    table: scoring.Table
    scores: Floats
    measured: Floats
    steps: Standing
    paths: Standing
    gates: Bools

    def __len__(self) -> int:
        """Return the number of respondents."""
        return len(self.scores)

    @property
    def index(self) -> Floats:
        """Return the aptitude index of each respondent, NaN where too little is answered."""
        return self.measured[:, scoring.measure_columns(self.catalog)[measures.INDEX]]

    @property
    def first_path(self) -> Ints:
        """Return the position of each respondent's first path in ``paths.targets``."""
        return self.paths.order[:, 0]

    @property
    def first_step(self) -> Ints:
        """Return the position of each respondent's first step in ``steps.targets``."""
        return self.steps.order[:, 0]

    @property
    def gate_open(self) -> Bools:
        """Return whether any gate lets a leaving path come first, for each respondent."""
        return np.asarray(self.gates.any(axis=1), dtype=np.bool_)

    def standing(self, group: Group) -> Standing:
        """Return how the steps or the paths stand."""
        return self.steps if group == "steps" else self.paths

    @cached_property
    def top_steps(self) -> Bools:
        """Return respondents x steps: whether a step is among the first three."""
        return top(self.steps)

    @cached_property
    def bands(self) -> Ints:
        """Return respondents x (scales, then the index): positions in :data:`BANDS`."""
        cuts = self.catalog.scoring.bands
        return np.column_stack(
            [
                banded(self.scores, cuts["score"].middle, cuts["score"].high),
                banded(self.index, cuts["index"].middle, cuts["index"].high),
            ]
        )

    @cached_property
    def hints(self) -> Bools:
        """Return respondents x ``cues.HINTS``: which hints the adviser sees."""
        return cues.cues(self.catalog, self.table, self.scores).shown


def banded(values: Floats, middle: float, high: float) -> Ints:
    """Return the position in :data:`BANDS` of each value, as ``reading.band`` gives it to one."""
    band = (values >= middle).astype(np.int64) + (values >= high)
    return np.where(np.isnan(values), BANDS.index("none"), band)


def top(standing: Standing, size: int = TOP) -> Bools:
    """Return respondents x targets: whether a target is among the first ``size`` of those that fit."""
    found = np.zeros(standing.fits.shape, dtype=bool)
    np.put_along_axis(found, standing.order[:, :size], values=True, axis=1)
    return found & standing.fits


def places(order: Ints) -> Ints:
    """Return respondents x targets: the place of each target in ``order``, 0 is first."""
    found = np.empty_like(order)
    np.put_along_axis(found, order, np.arange(order.shape[1])[None, :], axis=1)
    return found


def first_of(weights: Weights, points: Ints, fits: Bools, gate_open: Bools) -> Ints:
    """Return the first target of each respondent: the first column of ``advice.rank``, without sorting the others."""
    order = np.where(fits, points, -advice.LIFT)
    if weights.leaves.any():
        best = np.where(weights.leaves, -advice.LIFT, order).argmax(axis=1)
        order[np.arange(len(order)), best] += np.where(gate_open, 0, advice.LIFT)
    return np.asarray(order.argmax(axis=1))


def evaluate(catalog: Catalog, table: scoring.Table, before: Outcome | None = None) -> Outcome:
    """Return what the catalogue makes of ``table``.

    ``before``: an outcome of the same table; what cannot have changed since is taken from it.
    """
    scores, measured = _measured(catalog, table, before)
    return Outcome(
        catalog=catalog,
        table=table,
        scores=scores,
        measured=measured,
        steps=_standing(catalog, "steps", table, measured, before),
        paths=_standing(catalog, "paths", table, measured, before),
        gates=advice.gates_open(catalog, measured),
    )


def _measured(catalog: Catalog, table: scoring.Table, before: Outcome | None) -> tuple[Floats, Floats]:
    if before is not None and before.table is table and _same_scores(catalog, before.catalog):
        return before.scores, before.measured
    scores = scoring.score(catalog, table)
    return scores, scoring.measure(catalog, table, scores)


def _same_scores(one: Catalog, other: Catalog) -> bool:
    """Return whether two catalogues measure alike: weights, ramps and gates do not change a score."""
    same_parts = all(getattr(one, name) == getattr(other, name) for name in ("items", "scales", "signs", "steps"))
    return same_parts and one.scoring.min_answered == other.scoring.min_answered


def _standing(
    catalog: Catalog, group: Group, table: scoring.Table, measured: Floats, before: Outcome | None
) -> Standing:
    if before is not None and before.measured is measured and _same_standing(catalog, before.catalog, group):
        return before.standing(group)
    return advice.stand(catalog, group, table, measured)


def _same_standing(one: Catalog, other: Catalog, group: Group) -> bool:
    """Return whether nothing that points or order of a group hang on differs."""
    names = ["features", "priority_share", group]
    names += ["gates"] if group == "paths" else ["tried_with_effect", "tried_without_effect"]
    return getattr(one, group) == getattr(other, group) and all(
        getattr(one.scoring, name) == getattr(other.scoring, name) for name in names
    )
