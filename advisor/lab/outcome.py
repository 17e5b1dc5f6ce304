"""What a scoring version makes of a cohort: scores, points, order, gates, bands and hints, for all at once."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
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
NOBODY = -1  # in place of the position of a first path or step, where there is none
SILENT = "silent"  # in place of the name of a first path, where too little is told for one
BANDS = ("low", "middle", "high", "none")  # none: too little is answered


@dataclass(frozen=True, eq=False)
class Outcome:
    """A cohort as one scoring version sees it; respondents are rows throughout.

    ``scores`` (x scales) 0-100, NaN where too little is answered; ``measured`` (x measures, as
    ``scoring.key(catalog).measures``), ``known``: with the path that stands first; ``steps`` and ``paths``: points and
    order; ``gates`` (x gates): which are open; ``may_leave``: for whom a path that leaves may come first; ``silent``:
    for whom no path is first, because too little is told.
    """

    catalog: Catalog
    table: scoring.Table
    scores: Floats
    measured: Floats
    known: Floats
    steps: Standing
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
        return self.measured[:, scoring.measure_columns(self.catalog)[measures.INDEX]]

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
        return advice.level(self.catalog, self.paths, self.may_leave)

    @cached_property
    def is_near(self) -> Bools:
        """Return who is told of paths that stand level."""
        return np.asarray(self.near.any(axis=1), dtype=np.bool_)

    def standing(self, group: Group) -> Standing:
        """Return how the steps or the paths stand."""
        return self.steps if group == "steps" else self.paths

    @cached_property
    def steps_there(self) -> Bools:
        """Return respondents x steps: which steps are there for them, with however few points; none in silence."""
        return advice.fitting(self.catalog, "steps", self.table, self.known) & ~self.silent[:, None]

    def measures_of(self, group: Group) -> Floats:
        """Return the measures that the points of steps or paths are made from."""
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


def evaluate(catalog: Catalog, table: scoring.Table, before: Outcome | None = None) -> Outcome:
    """Return what the catalogue makes of ``table``.

    ``before``: an outcome of the same table; what cannot have changed since is taken from it.
    """
    scores, measured = _measured(catalog, table, before)
    kept = before if before is not None and before.measured is measured else None
    paths = kept.paths if kept and _same_standing(catalog, kept.catalog, "paths") else None
    paths = paths or advice.stand_paths(catalog, table, measured)
    known = kept.known if kept and paths is kept.paths else advice.with_first(catalog, measured, paths)
    return Outcome(
        catalog=catalog,
        table=table,
        scores=scores,
        measured=measured,
        known=known,
        steps=_steps(catalog, table, known, kept),
        paths=paths,
        gates=advice.gates_open(catalog, measured),
        may_leave=advice.may_leave(catalog, table, measured),
        silent=advice.silent(catalog, table, measured),
    )


def _measured(catalog: Catalog, table: scoring.Table, before: Outcome | None) -> tuple[Floats, Floats]:
    if before is not None and before.table is table and _same_scores(catalog, before.catalog):
        if _same_high(catalog, before.catalog):
            return before.scores, before.measured
        return before.scores, scoring.measure(catalog, table, before.scores)
    scores = scoring.score(catalog, table)
    return scores, scoring.measure(catalog, table, scores)


def _same_scores(one: Catalog, other: Catalog) -> bool:
    """Return whether two catalogues measure alike: weights, ramps and gates do not change a score."""
    parts = ("items", "scales", "signs", "steps", "paths", "roles", "statements")
    same_parts = all(getattr(one, name) == getattr(other, name) for name in parts)
    return same_parts and one.scoring.min_answered == other.scoring.min_answered


def _same_high(one: Catalog, other: Catalog) -> bool:
    """Return whether the same worries are high: on that depends what was tried in vain against one."""
    high = [catalog.scoring.choosing.worry if catalog.scoring.choosing else None for catalog in (one, other)]
    return high[0] == high[1]


def _same_standing(one: Catalog, other: Catalog, group: Group) -> bool:
    """Return whether nothing that points or order of a group hang on differs."""
    names = ["features", "priority_share", "choosing", group]
    names += ["gates"] if group == "paths" else ["tried_with_effect", "tried_without_effect"]
    return getattr(one, group) == getattr(other, group) and all(
        getattr(one.scoring, name) == getattr(other.scoring, name) for name in names
    )


def _steps(catalog: Catalog, table: scoring.Table, known: Floats, kept: Outcome | None) -> Standing:
    """Return how the steps stand; they hang on which path is first, so those with the same one are taken over."""
    if kept is None or not _same_standing(catalog, kept.catalog, "steps"):
        return advice.stand_steps(catalog, table, known)
    if known is kept.known:
        return kept.steps
    columns = scoring.measure_columns(catalog)
    firsts = [columns[measures.first(path)] for path in catalog.paths]
    told = advice.silent(catalog, table, known) != kept.silent
    rows = np.flatnonzero((known[:, firsts] != kept.known[:, firsts]).any(axis=1) | told)
    if not rows.size:
        return kept.steps
    anew = advice.stand_steps(catalog, some_rows(table, rows), known[rows])
    parts = {}
    for name in ("points", "order", "fits"):
        parts[name] = getattr(kept.steps, name).copy()
        parts[name][rows] = getattr(anew, name)
    return advice.Standing(kept.steps.targets, **parts)


def some_rows(table: scoring.Table, rows: Ints | slice) -> scoring.Table:
    """Return a table of some of the respondents."""
    return replace(table, **{part.name: getattr(table, part.name)[rows] for part in fields(table)})
