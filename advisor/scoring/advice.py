"""Measures → ranked steps and paths, each with reasons whose points sum exactly to its score.

A feature is a ramp over one measure, a strength 0-1. A target's points are the sum over its features of ``weight x
strength``, each rounded to a whole point (half to even) before it is added: what an adviser adds up on the screen is
the score.

Ranking: more points first; equal points in the catalogue's order, which puts what keeps more doors open first. A
leaving path comes first only when a gate is open; else the best path that stays is lifted above it and the order is
otherwise kept.
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
LIFT = 10_000  # more than any sum of points
CHOSEN = 3  # steps that are talked about first


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """The weights of steps or paths as a matrix (targets x features) beside the ramps of the features."""

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
    """Return the weights of a group, with what follows from the scoring's general figures written out.

    A frustration marked as one to change most adds ``priority_share`` of its weight once more; a step that was tried
    counts with ``tried_with_effect`` or ``tried_without_effect``.
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
    """Return how far values lie along their ramps, 0-1; what was not told (NaN) has no strength.

    Rounded, so that half a point is half a point however it was reached.
    """
    along = np.clip((values - starts) / (ends - starts), 0.0, 1.0)
    return np.asarray(np.nan_to_num(np.round(along, 9), nan=0.0))


def strengths(table: Weights, measured: Floats) -> Floats:
    """Return clients x features: each feature's strength, 0-1."""
    return ramp(measured[:, table.columns], table.starts, table.ends)


def contributions(table: Weights, strength: Floats) -> Ints:
    """Return clients x targets x features: whole points, half to even."""
    return whole_points(strength[:, None, :] * table.points)


def whole_points(points: Floats) -> Ints:
    """Return points as whole numbers, half to even; what floating point puts beside a half counts as the half."""
    return np.rint(np.round(points, 6)).astype(np.int64)


def gates_open(catalog: Catalog, measured: Floats) -> Bools:
    """Return clients x gates: whether each gate is open. A measure that was not told opens nothing."""
    position = scores.measure_columns(catalog)
    return np.stack(
        [is_open(gate, measured[:, position[gate.measure]]) for gate in catalog.scoring.gates.values()], axis=1
    )


def any_open(catalog: Catalog, measured: Floats) -> Bools:
    """Return, for each client, whether any gate lets a leaving path come first."""
    return np.asarray(gates_open(catalog, measured).any(axis=1), dtype=np.bool_)


def is_open(gate: Gate, values: Floats) -> Bools:
    """Return whether values of the gate's measure open it."""
    return np.asarray(values <= gate.at + likert.SLACK if gate.below else values >= gate.at - likert.SLACK)


def may_leave(catalog: Catalog, table: scores.Table, measured: Floats) -> Bools:
    """Return, for each client, whether a path that leaves may come first: a gate is open.

    Where the version says what a high worry is, one must be high, too; who is outside already leaves nothing.
    """
    is_open, choosing = any_open(catalog, measured), catalog.scoring.choosing
    if choosing is None:
        return is_open
    worry = measured[:, scores.measure_columns(catalog)[measures.WORRY]] >= choosing.worry - likert.SLACK
    return np.asarray((table.situation == SITUATIONS.index("wants_in")) | (is_open & worry), dtype=np.bool_)


def lacking(catalog: Catalog, table: scores.Table, measured: Floats) -> tuple[Bools, Ints, Ints]:
    """Return what keeps the workbook silent: the situation (clients), and how many traits and worries are missing."""
    choosing, columns = catalog.scoring.choosing, scores.measure_columns(catalog)
    untold = table.situation < 0
    if choosing is None:
        nothing = np.zeros(len(measured), dtype=np.int64)
        return np.zeros(len(measured), dtype=bool), nothing, nothing
    needed = [choosing.silence.get(situation) for situation in SITUATIONS]
    short = []
    for kinds, field in ((("fit", "misfit"), "traits"), (("frustration",), "worries")):
        told = ~np.isnan(measured[:, [columns[scale] for scale in catalog.of_kind(*kinds)]])
        least = np.array([getattr(need, field) if need else 0 for need in needed])
        short.append(np.where(untold, 0, np.maximum(0, least[table.situation] - told.sum(axis=1))))
    return untold, short[0], short[1]


def silent(catalog: Catalog, table: scores.Table, measured: Floats) -> Bools:
    """Return for whom no path is first and no order is claimed, because too little is told."""
    if catalog.scoring.choosing is None:
        return np.zeros(len(measured), dtype=bool)
    untold, traits, worries = lacking(catalog, table, measured)
    return np.asarray(untold | (traits > 0) | (worries > 0), dtype=np.bool_)


def fitting(catalog: Catalog, group: Group, table: scores.Table, measured: Floats) -> Bools:
    """Return clients x targets: which targets are there for the client at all.

    They fit the situation (all do while it is not told), their own condition holds, and they go against nothing that
    cannot move.
    """
    fits = np.where((table.situation < 0)[:, None], True, weights(catalog, group).situations.T[table.situation])
    return fits & conditions.hold(conditions.of_group(catalog, group), table, measured)


def with_first(catalog: Catalog, measured: Floats, paths: Standing) -> Floats:
    """Return the measures with the path that stands first, on which the steps that serve it depend."""
    known = measured.copy()
    columns = scores.measure_columns(catalog)
    for number, path in enumerate(paths.targets):
        stands = (paths.order[:, 0] == number) & paths.fits[:, number]
        known[:, columns[measures.first(path)]] = np.where(stands, 100.0, 0.0)
    return known


def rank(table: Weights, points: Ints, fits: Bools, gate_open: Bools) -> Ints:
    """Return clients x targets: positions of the targets, first to last; those that do not fit come last.

    ``gate_open`` (clients): whether any gate lets a leaving path come first.
    """
    order = np.where(fits, points, -LIFT)
    staying = np.where(table.leaves, -LIFT, order)
    best = staying.argmax(axis=1)
    lifted = order.copy()
    lifted[np.arange(len(order)), best] += np.where(gate_open | ~table.leaves.any(), 0, LIFT)
    return np.argsort(-lifted, axis=1, kind="stable")


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """How steps or paths stand for many clients.

    ``points`` (clients x targets); ``order`` (clients x targets): positions of the targets, first to last, those that
    do not fit behind all others; ``fits`` (clients x targets).
    """

    targets: tuple[str, ...]
    points: Ints
    order: Ints
    fits: Bools


def stand(catalog: Catalog, group: Group, table: scores.Table, measured: Floats, *, spoken: bool = True) -> Standing:
    """Return points and order of a group's targets for any number of clients, as :func:`advise` tells them to one.

    For whom the workbook is silent nothing fits; ``spoken=False`` asks what it would say all the same.
    """
    paths = stand_paths(catalog, table, measured, spoken=spoken)
    if group == "paths":
        return paths
    return stand_steps(catalog, table, with_first(catalog, measured, paths), spoken=spoken)


def stand_paths(catalog: Catalog, table: scores.Table, measured: Floats, *, spoken: bool = True) -> Standing:
    """Return how the paths stand for any number of clients."""
    matrix, points = weights(catalog, "paths"), points_of(catalog, "paths", measured)
    fits = fitting(catalog, "paths", table, measured)
    order = rank(matrix, points, fits, may_leave(catalog, table, measured))
    if spoken:
        fits = fits & ~silent(catalog, table, measured)[:, None]
    return Standing(matrix.targets, points, order, fits)


def stand_steps(catalog: Catalog, table: scores.Table, known: Floats, *, spoken: bool = True) -> Standing:
    """Return how the steps stand; ``known``: the measures with the path that stands first (:func:`with_first`)."""
    points, there = points_of(catalog, "steps", known), fitting(catalog, "steps", table, known)
    quiet = silent(catalog, table, known) if spoken else np.zeros(len(known), dtype=bool)
    return order_steps(catalog, points, there, known, quiet)


def order_steps(catalog: Catalog, points: Ints, there: Bools, known: Floats, quiet: Bools) -> Standing:
    """Return how steps with these points stand; ``there`` (clients x steps), ``quiet``: for whom nothing is said."""
    if catalog.scoring.choosing is None:
        fits, order = there, np.argsort(-np.where(there, points, -LIFT), axis=1, kind="stable")
    else:
        fits = there & (points > 0)
        order = choose(catalog, points, fits, known)
    return Standing(weights(catalog, "steps").targets, points, order, fits & ~quiet[:, None])


def points_of(catalog: Catalog, group: Group, measured: Floats) -> Ints:
    """Return clients x targets: the points of each."""
    matrix = weights(catalog, group)
    strength = strengths(matrix, measured)
    if len(measured) == 1:
        return np.asarray(contributions(matrix, strength).sum(axis=2), dtype=np.int64)
    points = np.empty((len(measured), len(matrix.targets)), dtype=np.int64)
    for target, row in enumerate(matrix.points):  # a target has points for few of the features
        used = np.flatnonzero(row)
        points[:, target] = whole_points(strength[:, used] * row[used]).sum(axis=1)
    return points


def points_of_one(matrix: Weights, target: int, measured: Floats) -> Ints:
    """Return the points of one target for each client."""
    used = np.flatnonzero(matrix.points[target])
    columns = np.array(matrix.columns, dtype=np.int64)[used]
    strength = ramp(measured[:, columns], matrix.starts[used], matrix.ends[used])
    return np.asarray(whole_points(strength * matrix.points[target, used]).sum(axis=1), dtype=np.int64)


def choose(catalog: Catalog, points: Ints, fits: Bools, measured: Floats) -> Ints:
    """Return clients x steps: positions of the steps, first to last; those that do not fit come last.

    The first three are the best of different topics of which ``choosing.serve`` serve the path that stands first, as
    far as there are such steps; among themselves, and behind them, more points come first.
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
        found = only[everybody, best]
        taken[everybody, best] |= found
        served += found & serving[everybody, best]
        same = (topic == topic[best][:, None]) & (topic >= 0)
        free &= ~(same & found[:, None])
        free[everybody, best] = False
    return np.argsort(-(order + np.where(taken, LIFT, 0)), axis=1, kind="stable")


def level(catalog: Catalog, standing: Standing, allowed: Bools) -> Bools:
    """Return clients x paths: which stand level with the first, nobody where only the first does.

    ``allowed`` (clients): whether a path that leaves may come first; one that may not is level with none.
    """
    choosing = catalog.scoring.choosing
    if choosing is None:
        return np.zeros(standing.fits.shape, dtype=bool)
    leaves = weights(catalog, "paths").leaves
    first = np.take_along_axis(standing.points, standing.order[:, :1], axis=1)
    near = np.abs(first - standing.points) <= choosing.near_tie
    found = near & standing.fits & (allowed[:, None] | ~leaves)
    return np.asarray(found & (found.sum(axis=1) > 1)[:, None], dtype=np.bool_)


def advise(catalog: Catalog, group: Group, case: Case, standing: Standing, measured: Floats) -> tuple[Advice, ...]:
    """Return one client's targets that fit, first to last, with reasons (most points first); nothing in silence.

    ``standing``: how they stand for this one client; ``measured``: what that was made from.
    """
    matrix = weights(catalog, group)
    strength = strengths(matrix, measured)
    parts = contributions(matrix, strength)[0]
    points, fits = standing.points[0], standing.fits[0]
    order = [position for position in map(int, standing.order[0]) if fits[position]]
    values, sizes = measured[0].tolist(), strength[0].tolist()
    behind = cache(partial(_answers_behind, catalog, case, measured))  # many targets look at the same measures
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
    """Return what gave or took points; ``row`` holds one client's measures, strengths and points by feature."""
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
    """Return the ids of the items, signs, steps or facts that were answered and that a measure was computed from."""
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
    told = [name for name in facts.tried if measure in (measures.helped(name), measures.in_vain(name))]
    told += ["situation"] if measure in (f"situation_{facts.situation}", measures.EMPLOYED) else []
    told += ["years"] if measure == "years" and facts.years is not None else []
    told += ["experience"] if measure.startswith("experience_") and facts.experience else []
    told += ["role"] if measure == f"role_{facts.role}" else []
    return tuple(told)


def gate_states(catalog: Catalog, measured: Floats) -> tuple[GateState, ...]:
    """Return every gate's state for one client."""
    position = scores.measure_columns(catalog)
    states = gates_open(catalog, measured)[0]
    return tuple(
        GateState(name, bool(state), None if np.isnan(value) else float(value), gate.at)
        for (name, gate), state in zip(catalog.scoring.gates.items(), states, strict=True)
        for value in [measured[0, position[gate.measure]]]
    )
