"""Ranking of steps and paths by the measures of clients; the points of the reasons sum exactly to the points.

A feature is a ramp over one measure and gives a strength from 0 to 1. Each feature gives a target ``weight x strength``
points, rounded to a whole number (half to even). The target's points are the sum of these whole numbers. So an adviser
who adds up the points on the screen gets the same sum.

Targets with more points come first. Equal points keep the order of the catalogue, in which targets that keep more
options open come first. A leaving path comes first only if a gate is open. If no gate is open, the best staying path
moves to the first place, and the others keep their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from advisor.content import measures
from advisor.content.model import SITUATIONS, Gate, Ramp, Weight
from advisor.scoring import conditions, likert, scores
from advisor.scoring.results import Advice, GateState, Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from advisor.content.catalog import Catalog
    from advisor.content.model import Case, Kind

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

Group = Literal["steps", "paths"]
COMPOSITES: dict[str, tuple[Kind, ...]] = {
    measures.INDEX: ("fit", "misfit"),
    measures.FRUSTRATIONS: ("frustration",),
    measures.CONSEQUENCES: ("consequence",),
    measures.EFFECTS: ("consequence",),
    measures.HELP: ("consequence",),
}
LIFT = 10_000  # greater than any sum of points
CHOSEN = 3  # the number of steps that are shown first


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """The weights of steps or paths as arrays, with the ramps of the features.

    ``columns``, ``starts``, ``ends`` (features): each feature's column among the measures, and its ramp.
    ``points`` (targets x features): points at full strength.
    ``rows``: (target, feature) → the weight of the scoring version; ``ramps``: feature → its ramp.
    ``situations`` (targets x SITUATIONS): whether the target fits the situation.
    ``leaves`` (targets): whether the path leaves the present employer or work; False for steps.
    """

    targets: tuple[str, ...]
    features: tuple[str, ...]
    columns: tuple[int, ...]
    starts: Floats
    ends: Floats
    points: Floats
    rows: dict[tuple[str, str], Weight]
    ramps: dict[str, Ramp]
    situations: Bools
    leaves: Bools


@lru_cache(maxsize=16)
def weights(catalog: Catalog, group: Group) -> Weights:
    """Return the weights of a group, with additional features for priorities, tried steps and the first path.

    A frustration that the client marked as one to change most adds ``priority_share`` of its weight again. A step that
    was tried gets ``tried_with_effect`` or ``tried_without_effect``. A step that serves the first path gets
    ``serves_first``, if the version has ``choosing``.
    """
    figures = catalog.scoring
    targets = catalog.steps if group == "steps" else catalog.paths
    table: dict[str, dict[str, Weight]] = getattr(figures, group)
    ramps = dict(figures.features)
    rows: dict[tuple[str, str], Weight] = {}
    for target in targets:
        for feature, weight in table[target].items():
            rows[target, feature] = weight
            bonus = round(figures.priority_share * weight.points)
            measure = figures.features[feature].measure
            if measure in catalog.of_kind("frustration") and bonus > 0:
                marked = measures.priority(measure)
                ramps[marked] = Ramp(measure=marked, sources=("workbook",))
                rows[target, marked] = Weight(points=bonus, sources=weight.sources)
        if group == "steps":
            for tried, effect in (
                (measures.helped(target), figures.tried_with_effect),
                (measures.in_vain(target), figures.tried_without_effect),
            ):
                ramps[tried] = Ramp(measure=tried, sources=("workbook",))
                rows[target, tried] = Weight(points=effect, sources=("workbook",))
            bonus = figures.choosing.serves_first if figures.choosing else 0
            for first in map(measures.first, catalog.steps[target].serves if bonus else ()):
                ramps[first] = Ramp(measure=first, sources=("workbook",))
                rows[target, first] = Weight(points=bonus, sources=("workbook",))
    names = tuple(dict.fromkeys(feature for _, feature in rows))
    position = scores.measure_columns(catalog)
    points = np.zeros((len(targets), len(names)))
    for (target, feature), weight in rows.items():
        points[list(targets).index(target), names.index(feature)] = weight.points
    return Weights(
        targets=tuple(targets),
        features=names,
        columns=tuple(position[ramps[name].measure] for name in names),
        starts=np.array([ramps[name].start for name in names]),
        ends=np.array([ramps[name].end for name in names]),
        points=points,
        rows=rows,
        ramps=ramps,
        situations=np.array(
            [[situation in target.situations for situation in SITUATIONS] for target in targets.values()]
        ),
        leaves=np.array([getattr(target, "leaves", False) for target in targets.values()]),
    )


def ramp(values: Floats, starts: Floats, ends: Floats) -> Floats:
    """Return the strengths (0-1) of values on their ramps; NaN (not told) gives 0.

    The strengths are rounded to nine digits. Otherwise floating point errors could move a half point up or down.
    """
    along = np.clip((values - starts) / (ends - starts), 0.0, 1.0)
    return np.asarray(np.nan_to_num(np.round(along, 9), nan=0.0))


def strengths(table: Weights, measured: Floats) -> Floats:
    """Return clients x features: the strength of each feature, 0-1."""
    return ramp(measured[:, table.columns], table.starts, table.ends)


def contributions(table: Weights, strength: Floats) -> Ints:
    """Return clients x targets x features: the whole points of each feature."""
    return whole_points(strength[:, None, :] * table.points)


def whole_points(points: Floats) -> Ints:
    """Return points as whole numbers, half to even; values within floating point error of a half count as the half."""
    return np.rint(np.round(points, 6)).astype(np.int64)


def gates_open(catalog: Catalog, measured: Floats) -> Bools:
    """Return clients x gates: whether each gate is open; a measure that was not told (NaN) opens no gate."""
    position = scores.measure_columns(catalog)
    return np.stack(
        [is_open(gate, measured[:, position[gate.measure]]) for gate in catalog.scoring.gates.values()], axis=1
    )


def any_open(catalog: Catalog, measured: Floats) -> Bools:
    """Return, for each client, whether at least one gate is open."""
    return np.asarray(gates_open(catalog, measured).any(axis=1), dtype=np.bool_)


def is_open(gate: Gate, values: Floats) -> Bools:
    """Return whether each value of the gate's measure opens the gate."""
    return np.asarray(values <= gate.at + likert.SLACK if gate.below else values >= gate.at - likert.SLACK)


def may_leave(catalog: Catalog, table: scores.Table, measured: Floats) -> Bools:
    """Return, for each client, whether a leaving path may come first.

    In a version without ``choosing`` a gate must be open. In a version with ``choosing`` a worry must also be high; for
    clients who want in the answer is always yes, because they have no job to leave.
    """
    is_open, choosing = any_open(catalog, measured), catalog.scoring.choosing
    if choosing is None:
        return is_open
    worry = measured[:, scores.measure_columns(catalog)[measures.WORRY]] >= choosing.worry - likert.SLACK
    return np.asarray((table.situation == SITUATIONS.index("wants_in")) | (is_open & worry), dtype=np.bool_)


def missing_answers(catalog: Catalog, table: scores.Table, measured: Floats) -> tuple[Bools, Ints, Ints]:
    """Return, for each client, what keeps the workbook silent.

    The three arrays (clients) are: whether the situation is not told, the number of missing traits, the number of
    missing worries. A version without ``choosing`` is never silent.
    """
    choosing, columns = catalog.scoring.choosing, scores.measure_columns(catalog)
    untold = table.situation < 0
    if choosing is None:
        nothing = np.zeros(len(measured), dtype=np.int64)
        return np.zeros(len(measured), dtype=bool), nothing, nothing
    needed = [choosing.silence.get(situation) for situation in SITUATIONS]
    short = []
    for kinds, field in ((("fit", "misfit"), "traits"), (("frustration",), "worries")):
        scored = ~np.isnan(measured[:, [columns[scale] for scale in catalog.of_kind(*kinds)]])
        least = np.array([getattr(need, field) if need else 0 for need in needed])
        short.append(np.where(untold, 0, np.maximum(0, least[table.situation] - scored.sum(axis=1))))
    return untold, short[0], short[1]


def is_silent(catalog: Catalog, table: scores.Table, measured: Floats) -> Bools:
    """Return, for each client, whether too little is told, so that no path may be put first."""
    if catalog.scoring.choosing is None:
        return np.zeros(len(measured), dtype=bool)
    untold, traits, worries = missing_answers(catalog, table, measured)
    return np.asarray(untold | (traits > 0) | (worries > 0), dtype=np.bool_)


def fitting(catalog: Catalog, group: Group, table: scores.Table, measured: Floats) -> Bools:
    """Return clients x targets: whether each target may be advised to the client.

    The target must fit the situation (every target fits an untold situation), its condition must hold, and it must not
    go against a condition that cannot move.
    """
    fits = np.where((table.situation < 0)[:, None], True, weights(catalog, group).situations.T[table.situation])
    return fits & conditions.hold(conditions.of_group(catalog, group), table, measured)


def with_first(catalog: Catalog, measured: Floats, paths: Standing) -> Floats:
    """Return a copy of the measures with ``first_<path>`` set; the points of steps that serve a path depend on it."""
    known = measured.copy()
    columns = scores.measure_columns(catalog)
    for number, path in enumerate(paths.targets):
        stands = (paths.order[:, 0] == number) & paths.fits[:, number]
        known[:, columns[measures.first(path)]] = np.where(stands, 100.0, 0.0)
    return known


def rank(table: Weights, points: Ints, fits: Bools, gate_open: Bools) -> Ints:
    """Return clients x targets: positions of the targets from first to last; targets that do not fit come last.

    ``gate_open`` (clients): whether a leaving path may come first.
    """
    order = np.where(fits, points, -LIFT)
    staying = np.where(table.leaves, -LIFT, order)
    best = staying.argmax(axis=1)
    lifted = order.copy()
    lifted[np.arange(len(order)), best] += np.where(gate_open | ~table.leaves.any(), 0, LIFT)
    return np.argsort(-lifted, axis=1, kind="stable")


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Points and order of steps or paths for many clients.

    ``points`` (clients x targets): the points of each target.
    ``order`` (clients x targets): positions of the targets from first to last; targets that do not fit come last.
    ``fits`` (clients x targets): whether each target may be advised.
    """

    targets: tuple[str, ...]
    points: Ints
    order: Ints
    fits: Bools


def standing(catalog: Catalog, group: Group, table: scores.Table, measured: Floats, *, spoken: bool = True) -> Standing:
    """Return points and order of a group's targets for any number of clients; :func:`advise` makes advice of them.

    In silence no target fits. ``spoken=False`` ignores the rule of silence.
    """
    paths = path_standing(catalog, table, measured, spoken=spoken)
    if group == "paths":
        return paths
    return step_standing(catalog, table, with_first(catalog, measured, paths), spoken=spoken)


def path_standing(catalog: Catalog, table: scores.Table, measured: Floats, *, spoken: bool = True) -> Standing:
    """Return points and order of the paths; ``spoken=False`` ignores the rule of silence."""
    matrix, points = weights(catalog, "paths"), points_of(catalog, "paths", measured)
    fits = fitting(catalog, "paths", table, measured)
    order = rank(matrix, points, fits, may_leave(catalog, table, measured))
    if spoken:
        fits = fits & ~is_silent(catalog, table, measured)[:, None]
    return Standing(matrix.targets, points, order, fits)


def step_standing(catalog: Catalog, table: scores.Table, known: Floats, *, spoken: bool = True) -> Standing:
    """Return points and order of the steps; ``known``: the measures with the first path (:func:`with_first`)."""
    points, there = points_of(catalog, "steps", known), fitting(catalog, "steps", table, known)
    quiet = is_silent(catalog, table, known) if spoken else np.zeros(len(known), dtype=bool)
    return order_steps(catalog, points, there, known, quiet)


def order_steps(catalog: Catalog, points: Ints, there: Bools, known: Floats, quiet: Bools) -> Standing:
    """Return the order of steps that have these points.

    ``there`` (clients x steps): whether a step fits the client.
    ``quiet`` (clients): whether the workbook is silent.
    """
    if catalog.scoring.choosing is None:
        fits, order = there, np.argsort(-np.where(there, points, -LIFT), axis=1, kind="stable")
    else:
        fits = there & (points > 0)
        order = choose(catalog, points, fits, known)
    return Standing(weights(catalog, "steps").targets, points, order, fits & ~quiet[:, None])


def points_of(catalog: Catalog, group: Group, measured: Floats) -> Ints:
    """Return clients x targets: the points of each target."""
    matrix = weights(catalog, group)
    strength = strengths(matrix, measured)
    if len(measured) == 1:
        return np.asarray(contributions(matrix, strength).sum(axis=2), dtype=np.int64)
    points = np.empty((len(measured), len(matrix.targets)), dtype=np.int64)
    for target, row in enumerate(matrix.points):  # most features give a target no points, so each needs few columns
        used = np.flatnonzero(row)
        points[:, target] = whole_points(strength[:, used] * row[used]).sum(axis=1)
    return points


def points_of_one(matrix: Weights, target: int, measured: Floats) -> Ints:
    """Return the points (clients) of the target at position ``target``."""
    used = np.flatnonzero(matrix.points[target])
    columns = np.array(matrix.columns, dtype=np.int64)[used]
    strength = ramp(measured[:, columns], matrix.starts[used], matrix.ends[used])
    return np.asarray(whole_points(strength * matrix.points[target, used]).sum(axis=1), dtype=np.int64)


def choose(catalog: Catalog, points: Ints, fits: Bools, measured: Floats) -> Ints:
    """Return clients x steps: positions of the steps from first to last; steps that do not fit come last.

    The first three steps have different topics, and ``choosing.serve`` of them serve the first path, if enough such
    steps fit. Within these rules the steps with most points are taken. The three, and then the other steps, are ordered
    by points.
    """
    choosing, columns = catalog.scoring.choosing, scores.measure_columns(catalog)
    steps = tuple(catalog.steps.values())
    topics = sorted({step.topic for step in steps if step.topic})
    topic = np.array([topics.index(step.topic) if step.topic else -1 for step in steps])
    serves = np.array([[path in step.serves for step in steps] for path in catalog.paths], dtype=float)
    first = measured[:, [columns[measures.first(path)] for path in catalog.paths]] > 0
    serving = first @ serves > 0
    everybody = np.arange(len(points))
    order = np.where(fits, points, -LIFT)
    taken, free, served = np.zeros(fits.shape, bool), fits.copy(), np.zeros(len(points), int)
    for left in range(CHOSEN, 0, -1):
        must = (choosing.serve - served >= left) if choosing else np.zeros(len(points), bool)
        wanted = free & serving
        only = np.where((must & wanted.any(axis=1))[:, None], wanted, free)
        best = np.where(only, order, -LIFT).argmax(axis=1)
        exists = only[everybody, best]
        taken[everybody, best] |= exists
        served += exists & serving[everybody, best]
        same = (topic == topic[best][:, None]) & (topic >= 0)
        free &= ~(same & exists[:, None])
        free[everybody, best] = False
    return np.argsort(-(order + np.where(taken, LIFT, 0)), axis=1, kind="stable")


def near_ties(catalog: Catalog, standing: Standing, allowed: Bools) -> Bools:
    """Return clients x paths: whether a path is level with the first (near tie); all False if no other path is.

    ``allowed`` (clients): whether a leaving path may come first; if not, leaving paths are never level.
    """
    choosing = catalog.scoring.choosing
    if choosing is None:
        return np.zeros(standing.fits.shape, dtype=bool)
    leaves = weights(catalog, "paths").leaves
    first = np.take_along_axis(standing.points, standing.order[:, :1], axis=1)
    near = np.abs(first - standing.points) <= choosing.near_tie
    tied = near & standing.fits & (allowed[:, None] | ~leaves)
    return np.asarray(tied & (tied.sum(axis=1) > 1)[:, None], dtype=np.bool_)


def advise(catalog: Catalog, group: Group, case: Case, standing: Standing, measured: Floats) -> tuple[Advice, ...]:
    """Return the targets that fit one client, first to last, with reasons (most points first); empty in silence.

    ``standing``: points and order for this one client. ``measured`` (1 x measures): the measures behind them.
    """
    matrix = weights(catalog, group)
    strength = strengths(matrix, measured)
    parts = contributions(matrix, strength)[0]
    points, fits = standing.points[0], standing.fits[0]
    order = [position for position in map(int, standing.order[0]) if fits[position]]
    values, sizes = measured[0].tolist(), strength[0].tolist()
    behind = cache(partial(_answers_behind, catalog, case, measured))  # cached, because targets share measures
    before_gates = sorted(order, key=lambda position: (-points[position], position))
    held = before_gates[: before_gates.index(order[0])] if group == "paths" and order else []
    return tuple(
        Advice(
            target=matrix.targets[position],
            points=int(points[position]),
            reasons=_reasons(matrix, position, (values, sizes, parts[position]), behind),
            held=position in held,
        )
        for position in order
    )


def _reasons(
    matrix: Weights, target: int, row: tuple[list[float], list[float], Ints], behind: Callable[[str], tuple[str, ...]]
) -> tuple[Reason, ...]:
    """Return the reasons that gave or took points; ``row``: one client's measures, strengths and points by feature."""
    measured, strength, points = row
    reasons = []
    for feature in np.flatnonzero(points).tolist():
        name = matrix.features[feature]
        weight, measure = matrix.rows[matrix.targets[target], name], matrix.ramps[name].measure
        reasons.append(
            Reason(
                feature=name,
                measure=measure,
                value=measured[matrix.columns[feature]],
                strength=strength[feature],
                points=int(points[feature]),
                stated=weight.stated,
                items=behind(measure),
                sources=weight.sources,
            )
        )
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.points)))


def _answers_behind(catalog: Catalog, case: Case, measured: Floats, measure: str) -> tuple[str, ...]:
    """Return the ids of the answered items, signs, steps or facts from which a measure was computed."""
    facts = case.facts
    scales = catalog.of_kind(*COMPOSITES[measure]) if measure in COMPOSITES else (measure.removeprefix("priority_"),)
    items = [item.id for scale in scales for item in catalog.active_items(scale, facts.widened)]
    if items:
        return tuple(item for item in items if item in case.responses)
    if measure in measures.SIGN_COUNTS:
        return tuple(name for name, answer in facts.signs.items() if measure == f"signs_{answer}")
    if measure in measures.STEP_COUNTS:
        present = measures.present_steps(catalog.steps)
        return tuple(name for name, answer in facts.tried.items() if measure == f"steps_{answer}" and name in present)
    if measure == measures.IN_VAIN:
        present = measures.present_steps(catalog.steps)
        in_vain = np.array([[facts.tried.get(name) == "without_effect" and name in present for name in catalog.steps]])
        relevant = scores.relevant(catalog, measured[:, : len(catalog.scales)], in_vain)[0].tolist()
        return tuple(name for name, counts in zip(catalog.steps, relevant, strict=True) if counts)
    answered = [name for name in facts.tried if measure in (measures.helped(name), measures.in_vain(name))]
    answered += ["situation"] if measure in (f"situation_{facts.situation}", measures.EMPLOYED) else []
    answered += ["years"] if measure == "years" and facts.years is not None else []
    answered += ["experience"] if measure.startswith("experience_") and facts.experience else []
    answered += ["role"] if measure == f"role_{facts.role}" else []
    return tuple(answered)


def gate_states(catalog: Catalog, measured: Floats) -> tuple[GateState, ...]:
    """Return the state of every gate for one client; ``measured``: 1 x measures."""
    position = scores.measure_columns(catalog)
    states = gates_open(catalog, measured)[0]
    return tuple(
        GateState(name, bool(state), None if np.isnan(value) else float(value), gate.at)
        for (name, gate), state in zip(catalog.scoring.gates.items(), states, strict=True)
        for value in [measured[0, position[gate.measure]]]
    )
