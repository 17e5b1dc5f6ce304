"""Compares two outcomes of the same cohort: who moves, by how much, and for which reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from advisor.analysis.lab import worked_cases
from advisor.analysis.lab.outcome import BANDS, NOBODY, SILENT, some_rows
from advisor.content.measures import INDEX
from advisor.scoring import advice, cues
from advisor.scoring.cues import CUES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advisor.analysis.lab.outcome import Outcome
    from advisor.analysis.lab.worked_cases import CaseChange

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

GROUPS = ("paths", "steps")
GATE = "gates."  # a reason begins so when a gate decided
WORRY = "choosing.worry"  # the reason when a worry counts as high that did not before, or the other way round
SILENCE = "choosing.silence"  # the reason when too little is told for a first path, before or after
NO_STEP = "none"  # in place of a first step, where there is none


@dataclass(frozen=True, slots=True)
class Moved:
    """By how much a score, or the points of a target, moved.

    ``histogram``: (difference, respondents) from the lowest difference up, without those who stayed; ``appeared`` and
    ``gone``: respondents who have a score only after, or only before.
    """

    name: str
    histogram: tuple[tuple[float, int], ...]
    appeared: int = 0
    gone: int = 0

    @property
    def count(self) -> int:
        """Return how many respondents moved."""
        return sum(count for _, count in self.histogram) + self.appeared + self.gone


@dataclass(frozen=True, slots=True)
class Switched:
    """How many respondents gained and lost something: a place among the first three, an open gate, a cue."""

    name: str
    gained: int
    lost: int


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """How many respondents go from which target to which: ``counts`` (from x to) adds up to all of them.

    The last target stands for those who have none: SILENT for paths, NO_STEP for steps.
    """

    targets: tuple[str, ...]
    counts: Ints

    @property
    def moved(self) -> int:
        """Return how many respondents are not where they were."""
        return int(self.counts.sum() - np.trace(self.counts))


@dataclass(frozen=True, slots=True, eq=False)
class Flips:
    """Respondents with another first path: their ``rows``, the positions of the paths, the ``reasons``.

    Positions are those of ``Comparison.first_paths``, NOBODY where no path is told. The reason is one of these:

    - the feature that changed the margin between the two paths the most; its amount is by how many points, towards the
      path that is first now;
    - ``gates.`` and the name of a gate, or WORRY, where not the margin decided; the amount is 0;
    - SILENCE, where no path is told before or after; the amount is 0.
    """

    rows: Ints
    before: Ints
    after: Ints
    reasons: tuple[str, ...]
    amounts: Ints

    def counts(self) -> dict[str, int]:
        """Return how often each reason decided, most often first."""
        names, found = np.unique(np.array(self.reasons, dtype=object), return_counts=True)
        pairs = sorted(zip(names.tolist(), found.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))
        return dict(pairs)


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What changes for a cohort of ``n`` from one scoring version to another.

    ``scores``, ``steps``, ``paths``, ``gates`` and ``cues`` name only what moved. ``bands`` maps each scale (or the
    index) on which somebody moved to counts (from x to, in the order of ``outcome.BANDS``). ``first_paths`` and
    ``first_steps`` count everybody. ``top_steps``: places among the first three steps; ``top_changed`` and
    ``gates_changed``: respondents with other steps among their first three, and with other open gates. ``silent``: how
    many are told no first path any more (gained), and how many are told one now (lost); ``near``: how many are told of
    level paths only after (gained), and only before (lost). ``cases``: the worked cases that change. A scale, step or
    path that only one version has does not count as moved.
    """

    n: int
    scores: tuple[Moved, ...]
    steps: tuple[Moved, ...]
    paths: tuple[Moved, ...]
    first_paths: Flows
    first_steps: Flows
    top_steps: tuple[Switched, ...]
    top_changed: int
    flips: Flips
    gates: tuple[Switched, ...]
    gates_changed: int
    silent: Switched
    near: Switched
    bands: dict[str, Ints]
    cues: tuple[Switched, ...]
    cases: tuple[CaseChange, ...]

    @property
    def empty(self) -> bool:
        """Return whether nothing changes for anybody."""
        return not (
            self.scores or self.steps or self.paths or self.first_paths.moved or self.first_steps.moved
            or self.top_steps or self.gates or self.bands or self.cues or self.cases
            or self.near.gained or self.near.lost
        )  # fmt: skip


def compare(before: Outcome, after: Outcome) -> Comparison:
    """Return what changes from one outcome to another of the same people.

    Raises:
        ValueError: the outcomes are of different people.
    """
    if before.table is not after.table and not np.array_equal(before.table.situation, after.table.situation):
        raise ValueError("two outcomes can be compared only of the same people")
    gates_before, gates_after, gates = _same_gates(before, after)
    paths, steps = (_both(getattr(before, group).targets, getattr(after, group).targets) for group in GROUPS)
    first_paths = [_placed(paths, outcome.paths.targets)[outcome.first_path] for outcome in (before, after)]
    first_steps = [_placed(steps, outcome.steps.targets)[outcome.first_step] for outcome in (before, after)]
    tops = [_columns(steps, outcome.steps.targets, outcome.top_steps) for outcome in (before, after)]
    return Comparison(
        n=len(before),
        scores=_moved((tuple(before.catalog.scales), before.scores), (tuple(after.catalog.scales), after.scores)),
        steps=_moved((before.steps.targets, before.steps.points), (after.steps.targets, after.steps.points)),
        paths=_moved((before.paths.targets, before.paths.points), (after.paths.targets, after.paths.points)),
        first_paths=flows((*paths, SILENT), *first_paths),
        first_steps=flows((*steps, NO_STEP), *first_steps),
        top_steps=_switched(steps, *tops),
        top_changed=_rows_changed(*tops),
        flips=_flips(before, after, paths),
        gates=_switched(gates, gates_before, gates_after),
        gates_changed=_rows_changed(gates_before, gates_after),
        silent=_switch(SILENT, before.silent, after.silent),
        near=_switch("near", before.is_near, after.is_near),
        bands=_bands(before, after),
        cues=_cues(before, after),
        cases=worked_cases.changes(before.catalog, after.catalog),
    )


def _both(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    """Return the targets of both versions, each once."""
    return tuple(dict.fromkeys((*before, *after)))


def _placed(names: tuple[str, ...], targets: tuple[str, ...]) -> Ints:
    """Return the position of each target in ``names``, and last NOBODY, so that index -1 stays NOBODY."""
    return np.array([*map(names.index, targets), NOBODY], dtype=np.int64)


def _columns(names: tuple[str, ...], targets: tuple[str, ...], values: Bools) -> Bools:
    """Return ``values`` with a column for each of ``names``, false for everybody where it is none of ``targets``."""
    if names == targets:
        return values
    found = np.zeros((len(values), len(names)), dtype=bool)
    found[:, [names.index(target) for target in targets]] = values
    return found


def _rows_changed(before: Bools, after: Bools) -> int:
    return int((before != after).any(axis=1).sum())


def _moved(
    before: tuple[tuple[str, ...], Floats | Ints], after: tuple[tuple[str, ...], Floats | Ints]
) -> tuple[Moved, ...]:
    """Return by how much each column moved, for the names that both have."""
    (names, old), (others, new) = before, after
    if old is new:
        return ()
    moved = []
    for column, name in enumerate(names):
        if name not in others:
            continue
        was, now = old[:, column], new[:, others.index(name)]
        rows = np.flatnonzero(was != now)  # also where both are NaN
        if not rows.size:
            continue
        was, now = was[rows], now[rows]
        difference = np.round(now - was, 6)
        values, counts = np.unique(difference[(difference != 0) & ~np.isnan(difference)], return_counts=True)
        histogram = tuple(zip(values.tolist(), counts.tolist(), strict=True))
        appeared, gone = (int((np.isnan(a) & ~np.isnan(b)).sum()) for a, b in ((was, now), (now, was)))
        moved.append(Moved(name, histogram, appeared, gone))
    return tuple(one for one in moved if one.count)


def flows(targets: tuple[str, ...], before: Ints, after: Ints) -> Flows:
    """Return how many respondents go from each position to each; NOBODY is the last of ``targets``."""
    size = len(targets)
    one, other = before % size, after % size
    return Flows(targets, np.bincount(one * size + other, minlength=size * size).reshape(size, size))


def _switched(names: tuple[str, ...], before: Bools, after: Bools) -> tuple[Switched, ...]:
    if before is after:
        return ()
    gained, lost = (after & ~before).sum(axis=0).tolist(), (before & ~after).sum(axis=0).tolist()
    return tuple(Switched(*row) for row in zip(names, gained, lost, strict=True) if row[1] or row[2])


def _switch(name: str, before: Bools, after: Bools) -> Switched:
    gained, lost = np.logical_and(after, ~before), np.logical_and(before, ~after)
    return Switched(name, int(gained.sum()), int(lost.sum()))


def _same_gates(before: Outcome, after: Outcome) -> tuple[Bools, Bools, tuple[str, ...]]:
    """Return the open gates of both outcomes under the same columns; a gate that one does not have is closed there."""
    names = tuple(dict.fromkeys([*before.catalog.scoring.gates, *after.catalog.scoring.gates]))
    columns = []
    for outcome in (before, after):
        position = {name: column for column, name in enumerate(outcome.catalog.scoring.gates)}
        closed = np.zeros(len(outcome), dtype=bool)
        columns.append([outcome.gates[:, position[name]] if name in position else closed for name in names])
    return np.column_stack(columns[0]), np.column_stack(columns[1]), names


def _bands(before: Outcome, after: Outcome) -> dict[str, Ints]:
    if before.scores is after.scores and before.catalog.scoring.bands == after.catalog.scoring.bands:
        return {}
    size, found = len(BANDS), {}
    others = [*after.catalog.scales, INDEX]
    for column, name in enumerate([*before.catalog.scales, INDEX]):
        if name not in others:
            continue
        was, now = before.bands[:, column], after.bands[:, others.index(name)]
        if (was != now).any():
            found[name] = np.bincount(was * size + now, minlength=size * size).reshape(size, size)
    return found


def _cues(before: Outcome, after: Outcome) -> tuple[Switched, ...]:
    if before.table is not after.table or before.catalog.scoring.hints != after.catalog.scoring.hints:
        return _switched(CUES, before.cues, after.cues)
    if before.scores is after.scores:
        return ()
    same = (before.scores == after.scores) | (np.isnan(before.scores) & np.isnan(after.scores))
    rows = np.flatnonzero(~same.all(axis=1))
    now = cues.cues(after.catalog, some_rows(after.table, rows), after.scores[rows]).shown
    return _switched(CUES, before.cues[rows], now)


# --- reasons ------------------------------------------------------------------------------------------------------


def _flips(before: Outcome, after: Outcome, paths: tuple[str, ...]) -> Flips:
    """Return whose first path is another one; positions are those of ``paths``."""
    places = [_placed(paths, outcome.paths.targets)[outcome.first_path] for outcome in (before, after)]
    rows = np.flatnonzero(places[0] != places[1])
    old, new = places[0][rows], places[1][rows]
    reasons, amounts = np.full(len(rows), SILENCE, dtype=object), np.zeros(len(rows), dtype=np.int64)
    told = np.flatnonzero((old != NOBODY) & (new != NOBODY))
    if told.size:
        names, pull = _pull(before, after, rows[told], (paths, old[told], new[told]))
        strongest = pull.argmax(axis=1)
        amounts[told] = pull[np.arange(len(told)), strongest]
        reasons[told] = np.array(names, dtype=object)[strongest]
        for number, gate in _by_gate(before, after, rows[told], (paths, new[told]), amounts[told]):
            reasons[told[number]], amounts[told[number]] = gate, 0
    return Flips(rows, old, new, tuple(reasons.tolist()), amounts)


def _pull(
    before: Outcome, after: Outcome, rows: Ints, moves: tuple[tuple[str, ...], Ints, Ints]
) -> tuple[tuple[str, ...], Ints]:
    """Return the features, and by how many points each moved the margin towards the path that is first now.

    Exact: contributions are whole points, and a row adds up to the whole movement of the margin. ``moves``: the paths,
    and the positions before and now; a path that a version does not have has no points there.
    """
    paths, old, new = moves
    tables = [advice.weights(outcome.catalog, "paths") for outcome in (before, after)]
    names = _both(*(table.features for table in tables))
    pull = np.zeros((len(rows), len(names)), dtype=np.int64)
    for sign, table, outcome in zip((-1, 1), tables, (before, after), strict=True):
        columns = [names.index(name) for name in table.features]
        strength = advice.strengths(table, outcome.measured[rows])
        points = np.zeros((len(paths), len(columns)))
        points[[paths.index(target) for target in table.targets]] = table.points
        pull[:, columns] += sign * (
            advice.whole_points(strength * points[new]) - advice.whole_points(strength * points[old])
        )
    return names, pull


def _by_gate(
    before: Outcome, after: Outcome, rows: Ints, now: tuple[tuple[str, ...], Ints], amounts: Ints
) -> list[tuple[int, str]]:
    """Return which of the flips a gate decided: the gates alone put that path first, or no feature spoke for it."""
    one, other, names = _same_gates(before, after)
    paths, new = now
    order = advice.rank(
        advice.weights(before.catalog, "paths"),
        before.paths.points[rows],
        before.paths.fits[rows],
        after.may_leave[rows],
    )
    swung = before.may_leave[rows] != after.may_leave[rows]
    decided = swung & ((_placed(paths, before.paths.targets)[order[:, 0]] == new) | (amounts <= 0))
    found = []
    for number in np.flatnonzero(decided).tolist():
        switched = np.flatnonzero(one[rows[number]] != other[rows[number]])
        found.append((number, GATE + names[int(switched[0])] if switched.size else WORRY))
    return found
