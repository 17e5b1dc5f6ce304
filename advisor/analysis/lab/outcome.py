"""Evaluates a scoring version on a whole cohort at once: scores, points, order, gates, bands and cues."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from advisor.content import measures
from advisor.scoring import advice, cues
from advisor.scoring.scores import Table, measure, measure_columns, score

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advisor.content.catalog import Catalog
    from advisor.scoring.advice import Group, Standing, Weights

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

TOP = 3  # how many steps the adviser talks about first
NOBODY = -1  # the position of a first path or step where there is none
SILENT = "silent"  # the name of a first path where too little is told for one
BANDS = ("low", "middle", "high", "none")  # none: too little is answered


@dataclass(frozen=True, eq=False)
class Outcome:
    """A cohort as one scoring version sees it; respondents are rows throughout.

    ``scores`` (x scales): 0-100, NaN where too little is answered; ``measured`` (x measures): in the order of
    ``advisor.scoring.scores.key(catalog).measures``; ``known``: the same, with the path that comes first for each
    respondent; ``steps`` and ``paths``: points and order; ``there`` (x steps): the steps that fit a respondent, however
    few points they have; ``gates`` (x gates): which are open; ``may_leave``: for whom a path that leaves may come
    first; ``silent``: for whom no path comes first, because too little is told.
    """

    catalog: Catalog
    table: Table
    scores: Floats
    measured: Floats
    known: Floats
    steps: Standing
    there: Bools
    paths: Standing
    gates: Bools
    may_leave: Bools
    silent: Bools

    def __len__(self) -> int:
        """Return the number of respondents."""
        return len(self.scores)

    @property
    def index(self) -> Floats:
        """Return the aptitude index of each respondent, NaN where too little is answered."""
        return self.measured[:, measure_columns(self.catalog)[measures.INDEX]]

    @cached_property
    def first_path(self) -> Ints:
        """Return the position of each respondent's first path in ``paths.targets``, NOBODY in silence."""
        return first(self.paths)

    @cached_property
    def first_step(self) -> Ints:
        """Return the position of each respondent's first step in ``steps.targets``, NOBODY where there is none."""
        return first(self.steps)

    @cached_property
    def near(self) -> Bools:
        """Return respondents x paths: which are told as level with the first."""
        return advice.near_ties(self.catalog, self.paths, self.may_leave)

    @cached_property
    def is_near(self) -> Bools:
        """Return for each respondent whether paths are told as level with the first."""
        return np.asarray(self.near.any(axis=1), dtype=np.bool_)

    def standing(self, group: Group) -> Standing:
        """Return how the steps or the paths stand."""
        return self.steps if group == "steps" else self.paths

    def measures_of(self, group: Group) -> Floats:
        """Return the measures from which the points of steps or paths are computed."""
        return self.known if group == "steps" else self.measured

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
    def cues(self) -> Bools:
        """Return respondents x ``cues.CUES``: which cues the adviser sees."""
        return cues.cues(self.catalog, self.table, self.scores).shown


def banded(values: Floats, middle: float, high: float) -> Ints:
    """Return the position in :data:`BANDS` of each value; ``reading.band`` does the same for one value."""
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


def first(standing: Standing) -> Ints:
    """Return the position of each respondent's first target, NOBODY where none fits."""
    found = standing.order[:, 0]
    return np.where(standing.fits[np.arange(len(found)), found], found, NOBODY)


def first_of(weights: Weights, points: Ints, fits: Bools, may_leave: Bools) -> Ints:
    """Return the first target of each respondent, NOBODY where none fits: :func:`first` without sorting the others."""
    order = np.where(fits, points, -advice.LIFT)
    if weights.leaves.any():
        best = np.where(weights.leaves, -advice.LIFT, order).argmax(axis=1)
        order[np.arange(len(order)), best] += np.where(may_leave, 0, advice.LIFT)
    return np.where(fits.any(axis=1), order.argmax(axis=1), NOBODY)


def evaluate(catalog: Catalog, table: Table, before: Outcome | None = None) -> Outcome:
    """Return what the catalogue makes of ``table``.

    ``before``: an outcome of the same table; what cannot have changed since is taken from it, which saves time.
    """
    kept = before if before is not None and before.table is table and _same_measures(catalog, before.catalog) else None
    scores, measured = _measured(catalog, table, kept)
    silent, may_leave = advice.is_silent(catalog, table, measured), advice.may_leave(catalog, table, measured)
    paths = kept.paths if kept and kept.measured is measured and _same_paths(catalog, kept.catalog) else None
    paths = paths or advice.path_standing(catalog, table, measured)
    known = kept.known if kept and paths is kept.paths else advice.with_first(catalog, measured, paths)
    steps, there = _steps(catalog, table, known, silent, kept)
    return Outcome(
        catalog=catalog,
        table=table,
        scores=scores,
        measured=measured,
        known=known,
        steps=steps,
        there=there,
        paths=paths,
        gates=advice.gates_open(catalog, measured),
        may_leave=may_leave,
        silent=silent,
    )


def _same_measures(one: Catalog, other: Catalog) -> bool:
    """Return whether two catalogues ask and measure the same, so that only figures of the scoring may differ."""
    names = ("items", "scales", "signs", "steps", "paths", "roles", "statements")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _measured(catalog: Catalog, table: Table, kept: Outcome | None) -> tuple[Floats, Floats]:
    """Return scores and measures. Weights, ramps and gates do not change them; the limits of what counts as high do."""
    if kept is None:
        scores = score(catalog, table)
        return scores, measure(catalog, table, scores)
    least = [one.scoring.min_answered for one in (catalog, kept.catalog)]
    limits = [_limits(one) for one in (catalog, kept.catalog)]
    if least[0] == least[1] and limits[0] == limits[1]:
        return kept.scores, kept.measured
    if least[0] == least[1]:  # what is high is counted anew
        return kept.scores, measure(catalog, table, kept.scores)
    rows = np.flatnonzero((table.asked & np.isnan(table.answers)).any(axis=1))  # who left nothing out keeps every score
    some = some_rows(table, rows)
    scores, measured = kept.scores.copy(), kept.measured.copy()
    scores[rows] = score(catalog, some)
    if limits[0] != limits[1]:
        return scores, measure(catalog, table, scores)
    measured[rows] = measure(catalog, some, scores[rows])
    return scores, measured


def _limits(catalog: Catalog) -> tuple[float | None, ...]:
    """Return the figures by which measures call a worry or an effect high."""
    figures = catalog.scoring
    worry = figures.choosing.worry if figures.choosing else None
    return worry, figures.bands["score"].high, figures.hints.help_at


def _same_paths(one: Catalog, other: Catalog) -> bool:
    """Return whether two catalogues give the paths the same points and order."""
    names = ("features", "priority_share", "choosing", "paths", "gates")
    return all(getattr(one.scoring, name) == getattr(other.scoring, name) for name in names)


def _steps(
    catalog: Catalog, table: Table, known: Floats, silent: Bools, kept: Outcome | None
) -> tuple[Standing, Bools]:
    """Return how the steps stand, and which steps fit each respondent, however few points they have.

    Only what may have changed is computed: steps with other figures, and respondents with other measures.
    """
    if kept is None or not _same_choice(catalog, kept.catalog):
        there = advice.fitting(catalog, "steps", table, known)
        points = advice.points_of(catalog, "steps", known)
        return advice.order_steps(catalog, points, there, known, silent), there
    others = _others(known, kept.known)
    turned = _turned(catalog, kept.catalog)
    points, there = kept.steps.points, kept.there
    if turned or others.size:
        points = points.copy()
    matrix = advice.weights(catalog, "steps")
    for target in turned:
        points[:, target] = advice.points_of_one(matrix, target, known)
    if others.size:
        there = there.copy()
        points[others] = advice.points_of(catalog, "steps", known[others])
        there[others] = advice.fitting(catalog, "steps", some_rows(table, others), known[others])
    moved = silent != kept.silent
    moved[others] = True
    if turned:
        moved |= (points[:, turned] != kept.steps.points[:, turned]).any(axis=1)
    rows = np.flatnonzero(moved)
    if not rows.size:
        return kept.steps, there
    anew = advice.order_steps(catalog, points[rows], there[rows], known[rows], silent[rows])
    order, fits = kept.steps.order.copy(), kept.steps.fits.copy()
    order[rows], fits[rows] = anew.order, anew.fits
    return advice.Standing(anew.targets, points, order, fits), there


def _same_choice(one: Catalog, other: Catalog) -> bool:
    """Return whether two catalogues choose the first three steps by the same rule."""
    rules = [catalog.scoring.choosing for catalog in (one, other)]
    served = [rule.serve if rule else None for rule in rules]
    return served[0] == served[1]


def _others(now: Floats, before: Floats) -> Ints:
    """Return the rows in which two tables of measures differ."""
    if now is before:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(((now != before) & ~(np.isnan(now) & np.isnan(before))).any(axis=1))


def _turned(one: Catalog, other: Catalog) -> list[int]:
    """Return the positions of the steps whose points are computed from other figures."""
    tables = [advice.weights(catalog, "steps") for catalog in (one, other)]
    rules: list[dict[str, dict[str, object]]] = []
    for table in tables:
        found: dict[str, dict[str, object]] = {target: {} for target in table.targets}
        for (target, feature), weight in table.rows.items():
            if weight.points:
                ramp = table.ramps[feature]
                found[target][feature] = (weight.points, ramp.measure, ramp.start, ramp.end)
        rules.append(found)
    return [place for place, target in enumerate(tables[0].targets) if rules[0][target] != rules[1][target]]


def some_rows(table: Table, rows: Ints | slice) -> Table:
    """Return a table of some of the respondents."""
    return replace(table, **{part.name: getattr(table, part.name)[rows] for part in fields(table)})
