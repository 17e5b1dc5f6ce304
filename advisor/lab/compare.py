"""Two outcomes of the same cohort: who moves, by how much, and on which reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from advisor import advice
from advisor.cues import HINTS
from advisor.lab import worked
from advisor.lab.outcome import BANDS
from advisor.measures import INDEX

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advisor.lab.outcome import Outcome
    from advisor.lab.worked import CaseChange

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

GATE = "gates."  # what a reason begins with when a gate, and no feature, decided


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a score or the points of a target moved: (difference, respondents), rising, those who stayed left out.

    ``appeared`` and ``gone``: respondents for whom there is a score now, or none any more.
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
    """How many respondents gained and lost something: a place among the first three, an open gate, a hint."""

    name: str
    gained: int
    lost: int


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """From which target to which: ``counts`` (from x to) adds up to the number of respondents."""

    targets: tuple[str, ...]
    counts: Ints

    @property
    def moved(self) -> int:
        """Return how many respondents are not where they were."""
        return int(self.counts.sum() - np.trace(self.counts))


@dataclass(frozen=True, slots=True, eq=False)
class Flips:
    """Respondents with another first path: their ``rows``, the positions before and after, and on which ``reasons``.

    A reason is the feature that changed the margin between the two paths the most: ``amounts`` says by how many points,
    towards the path that is first now. Where the margin did not decide, but a gate, it is ``gates.`` and its name, and
    0 points.
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

    ``scores``, ``steps``, ``paths``, ``gates``, ``hints`` name only what moved; ``bands`` maps a scale or the index to
    from x to counts in the order of ``outcome.BANDS``, and holds those in which somebody moved. ``first_paths`` and
    ``first_steps`` hold everybody. ``top_steps``: places among the first three steps; ``top_changed`` and
    ``gates_changed``: respondents with other steps among their first three, with other open gates. ``cases``: the
    worked cases that change.
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
    bands: dict[str, Ints]
    hints: tuple[Switched, ...]
    cases: tuple[CaseChange, ...]

    @property
    def empty(self) -> bool:
        """Return whether nothing changes for anybody."""
        return not (
            self.scores or self.steps or self.paths or self.first_paths.moved or self.first_steps.moved
            or self.top_steps or self.gates or self.bands or self.hints or self.cases
        )  # fmt: skip


def compare(before: Outcome, after: Outcome) -> Comparison:
    """Return what changes from one outcome to another of the same table.

    Raises:
        ValueError: the outcomes are of different tables.
    """
    if before.table is not after.table:
        raise ValueError("two outcomes can be compared only of the same table")
    gates_before, gates_after, gates = _same_gates(before, after)
    return Comparison(
        n=len(before),
        scores=_moved(tuple(before.catalog.scales), before.scores, after.scores),
        steps=_moved(before.steps.targets, before.steps.points, after.steps.points),
        paths=_moved(before.paths.targets, before.paths.points, after.paths.points),
        first_paths=flows(before.paths.targets, before.first_path, after.first_path),
        first_steps=flows(before.steps.targets, before.first_step, after.first_step),
        top_steps=_switched(before.steps.targets, before.top_steps, after.top_steps),
        top_changed=_rows_changed(before.top_steps, after.top_steps),
        flips=_flips(before, after),
        gates=_switched(gates, gates_before, gates_after),
        gates_changed=_rows_changed(gates_before, gates_after),
        bands=_bands(before, after),
        hints=_hints(before, after),
        cases=worked.changes(before.catalog, after.catalog),
    )


def _rows_changed(before: Bools, after: Bools) -> int:
    return int((before != after).any(axis=1).sum())


def _moved(names: tuple[str, ...], before: Floats | Ints, after: Floats | Ints) -> tuple[Moved, ...]:
    if before is after:
        return ()
    moved = []
    for column, name in enumerate(names):
        was, now = before[:, column], after[:, column]
        difference = np.round(now - was, 6)
        values, counts = np.unique(difference[(difference != 0) & ~np.isnan(difference)], return_counts=True)
        histogram = tuple(zip(values.tolist(), counts.tolist(), strict=True))
        appeared, gone = (int((np.isnan(a) & ~np.isnan(b)).sum()) for a, b in ((was, now), (now, was)))
        moved.append(Moved(name, histogram, appeared, gone))
    return tuple(one for one in moved if one.count)


def flows(targets: tuple[str, ...], before: Ints, after: Ints) -> Flows:
    """Return how many respondents go from each position to each."""
    size = len(targets)
    return Flows(targets, np.bincount(before * size + after, minlength=size * size).reshape(size, size))


def _switched(names: tuple[str, ...], before: Bools, after: Bools) -> tuple[Switched, ...]:
    gained, lost = (after & ~before).sum(axis=0).tolist(), (before & ~after).sum(axis=0).tolist()
    return tuple(Switched(*row) for row in zip(names, gained, lost, strict=True) if row[1] or row[2])


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
    for column, name in enumerate([*before.catalog.scales, INDEX]):
        was, now = before.bands[:, column], after.bands[:, column]
        if (was != now).any():
            found[name] = np.bincount(was * size + now, minlength=size * size).reshape(size, size)
    return found


def _hints(before: Outcome, after: Outcome) -> tuple[Switched, ...]:
    if before.scores is after.scores and before.catalog.scoring.hints == after.catalog.scoring.hints:
        return ()
    return _switched(HINTS, before.hints, after.hints)


# --- reasons ------------------------------------------------------------------------------------------------------


def _flips(before: Outcome, after: Outcome) -> Flips:
    rows = np.flatnonzero(before.first_path != after.first_path)
    old, new = before.first_path[rows], after.first_path[rows]
    names, pull = _pull(before, after, rows, old, new)
    strongest = pull.argmax(axis=1) if names else np.zeros(len(rows), dtype=np.int64)
    amounts = pull[np.arange(len(rows)), strongest] if names else np.zeros(len(rows), dtype=np.int64)
    reasons = [names[feature] for feature in strongest.tolist()]
    for number, gate in _by_gate(before, after, rows, new, amounts):
        reasons[number], amounts[number] = gate, 0
    return Flips(rows, old, new, tuple(reasons), amounts)


def _pull(before: Outcome, after: Outcome, rows: Ints, old: Ints, new: Ints) -> tuple[tuple[str, ...], Ints]:
    """Return the features, and by how many points each moved the margin towards the path that is first now.

    Exact: contributions are whole points, and a row adds up to the whole movement of the margin.
    """
    tables = [advice.weights(outcome.catalog, "paths") for outcome in (before, after)]
    names = tuple(dict.fromkeys(name for table in tables for name in table.features))
    pull = np.zeros((len(rows), len(names)), dtype=np.int64)
    for sign, table, outcome in zip((-1, 1), tables, (before, after), strict=True):
        columns = [names.index(name) for name in table.features]
        strength = advice.strengths(table, outcome.measured[rows])
        lead = advice.whole_points(strength * table.points[new]) - advice.whole_points(strength * table.points[old])
        pull[:, columns] += sign * lead
    return names, pull


def _by_gate(before: Outcome, after: Outcome, rows: Ints, new: Ints, amounts: Ints) -> list[tuple[int, str]]:
    """Return which of the flips a gate decided: the gates alone put that path first, or no feature spoke for it."""
    one, other, names = _same_gates(before, after)
    held = before.paths
    order = advice.rank(
        advice.weights(before.catalog, "paths"), held.points[rows], held.fits[rows], after.gate_open[rows]
    )
    swung = before.gate_open[rows] != after.gate_open[rows]
    decided = swung & ((order[:, 0] == new) | (amounts <= 0))
    return [
        (number, GATE + names[int(np.flatnonzero(one[rows[number]] != other[rows[number]])[0])])
        for number in np.flatnonzero(decided).tolist()
    ]
