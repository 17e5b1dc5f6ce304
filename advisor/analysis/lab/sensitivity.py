"""How sensitive the advice for a cohort is: to single weights (tornado), to all at once (stability), and to ties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from advisor.analysis.lab.outcome import NOBODY, evaluate, first_of, places
from advisor.analysis.lab.parameters import Parameter, parameters, vary
from advisor.content import measures
from advisor.scoring import advice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from advisor.analysis.lab.outcome import Outcome
    from advisor.scoring.advice import Group, Standing, Weights

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

GROUPS: tuple[Group, ...] = ("steps", "paths")
SPREADS = (0.1, 0.2, 0.5)
DRAWS, SEED = 100, 20261
SINGLE = (
    "priority_share", "tried_without_effect", "tried_with_effect", "min_answered", "choosing.worry",
    "choosing.serves_first",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a tornado: a figure, its two other values, and the share (0-1) of the cohort that each moves.

    ``below`` (for ``low``) and ``above`` (for ``high``): the share whose first path changes (a weight of a path), whose
    first step changes (a weight of a step), or one of both (any other figure). What another first path does to the
    steps is not counted.
    """

    path: str
    value: float
    low: float
    high: float
    below: float
    above: float

    @property
    def width(self) -> float:
        """Return the greater of both shares."""
        return max(self.below, self.above)


def by_share(share: float) -> Callable[[Parameter], tuple[float, float]]:
    """Return a function that gives the two values a parameter has when it is changed by a share of itself.

    Whole numbers change by whole numbers, at least by 1; both values stay within the parameter's range.
    """

    def turned(parameter: Parameter) -> tuple[float, float]:
        reach = abs(parameter.value) * share
        return _within(parameter, max(1.0, round(reach)) if isinstance(parameter.value, int) else reach)

    return turned


def _within(parameter: Parameter, reach: float) -> tuple[float, float]:
    low, high = max(parameter.low, parameter.value - reach), min(parameter.high, parameter.value + reach)
    return (round(low), round(high)) if isinstance(parameter.value, int) else (low, high)


def tornado(
    base: Outcome,
    turn: Callable[[Parameter], tuple[float, float]] | None = None,
    *,
    others: Iterable[str] = SINGLE,
) -> tuple[Bar, ...]:
    """Return a bar for every weight, the widest first; by default each is changed by a fifth of itself.

    The shares are exact: a weight changes the points of its own target only, so only those are computed anew.
    ``others``: paths of further figures (ramps, gates, single ones); each takes a whole evaluation.
    """
    turned = turn or by_share(0.2)
    found = {parameter.path: parameter for parameter in parameters(base.catalog)}
    bars = []
    for group in GROUPS:
        weights = advice.weights(base.catalog, group)
        strength = advice.strengths(weights, base.measures_of(group))
        for target, name in enumerate(weights.targets):
            for feature in getattr(base.catalog.scoring, group)[name]:
                parameter = found[f"{group}.{name}.{feature}"]
                ends = turned(parameter)
                shares = [
                    _share_moved(base, group, target, _points(base, weights, strength, (target, feature), end))
                    for end in ends
                ]
                bars.append(Bar(parameter.path, parameter.value, *ends, *shares))
    bars += [_bar(base, found[path], turned(found[path])) for path in others if path in found]
    return tuple(sorted(bars, key=lambda bar: (-bar.width, bar.path)))


def _points(base: Outcome, weights: Weights, strength: Floats, at: tuple[int, str], points: float) -> Ints:
    """Return, for each respondent, by how many points the target changes when the weight is ``points``."""
    target, feature = at
    measure = weights.ramps[feature].measure
    columns = {feature: (weights.rows[weights.targets[target], feature].points, points)}
    if measure in base.catalog.of_kind("frustration"):
        share = base.catalog.scoring.priority_share
        was, will = (max(0, round(share * one)) for one in columns[feature])
        columns[measures.priority(measure)] = (was, will)
    change = np.zeros(len(strength), dtype=np.int64)
    for name, (now, then) in columns.items():
        along = strength[:, weights.features.index(name)] if name in weights.features else _marked(base, name)
        change += advice.whole_points(along * then) - advice.whole_points(along * now)
    return change


def _marked(base: Outcome, measure: str) -> Floats:
    """Return the strength of a priority mark that no weight uses so far."""
    column = list(measures.ranges(base.catalog)).index(measure)
    return np.asarray(base.measured[:, column] / 100)


def _share_moved(base: Outcome, group: Group, target: int, change: Ints) -> float:
    rows = np.flatnonzero(change)
    points = base.standing(group).points[rows]
    points[:, target] += change[rows]
    now = base.first_path if group == "paths" else base.first_step
    return float((_firsts(base, group, points, rows) != now[rows]).sum() / max(1, len(now)))


def _firsts(base: Outcome, group: Group, points: Ints, rows: Ints) -> Ints:
    """Return who would be first for some respondents if these were the points; NOBODY in silence."""
    weights, choosing = advice.weights(base.catalog, group), base.catalog.scoring.choosing
    if group == "paths":
        return first_of(weights, points, base.paths.fits[rows], base.may_leave[rows])
    fits = (_there(base, rows) & (points > 0)) if choosing else base.steps.fits[rows]
    if choosing and choosing.serve >= advice.CHOSEN:  # else the step with most points is always among the first three
        order = advice.choose(base.catalog, points, fits, base.known[rows])
        return np.where(fits.any(axis=1), order[:, 0], NOBODY)
    return first_of(weights, points, fits, base.may_leave[rows])


def _there(base: Outcome, rows: Ints) -> Bools:
    """Return which steps fit some respondents, however few points they have; none in silence."""
    return np.asarray(base.there[rows] & ~base.silent[rows, None], dtype=np.bool_)


def _bar(base: Outcome, parameter: Parameter, ends: tuple[float, float]) -> Bar:
    shares = []
    for end in ends:
        after = evaluate(vary(base.catalog, {parameter.path: end}), base.table, base)
        moved = (after.first_path != base.first_path) | (after.first_step != base.first_step)
        shares.append(float(moved.mean()) if len(base) else 0.0)
    return Bar(parameter.path, parameter.value, *ends, *shares)


# --- all weights at once ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WeightStability:
    """How far an order holds when every weight is drawn evenly from within ±``spread`` of itself.

    ``silent``: the share (0-1) of the cohort that has no first path (or step); all other figures are about the others.
    ``kept``: mean share (0-1) of respondents whose first stays first; ``kept_low``, ``kept_high``: the 2.5th and 97.5th
    percentile of that share over the draws; ``level``: mean share of those for whom another path is first that was told
    as level with the first before; ``tau``: mean rank correlation with the order as it is (Kendall, M. G. (1938). A new
    measure of rank correlation. Biometrika, 30(1/2), 81-93), over respondents with two or more that fit.
    """

    group: Group
    spread: float
    draws: int
    kept: float
    kept_low: float
    kept_high: float
    level: float
    tau: float
    silent: float


def stability(
    base: Outcome, group: Group = "paths", *, spreads: tuple[float, ...] = SPREADS, draws: int = DRAWS, seed: int = SEED
) -> tuple[WeightStability, ...]:
    """Return one row for each spread; the same seed gives the same draws. Ramps, gates and silence stay as they are.

    A draw is one set of weights for the whole cohort, as another version would be. The points for priorities and for
    steps already tried are drawn like weights, as ``counterfactual.stability`` does for one client.
    """
    weights = advice.weights(base.catalog, group)
    told = np.flatnonzero(base.standing(group).fits.any(axis=1))
    standing = _of_rows(base.standing(group), told)
    strength = advice.strengths(weights, base.measures_of(group)[told])
    now, first = places(standing.order), standing.order[:, 0]
    near = base.near[told] if group == "paths" else np.zeros(standing.fits.shape, dtype=bool)
    silent = (len(base) - len(told)) / max(1, len(base))
    found = []
    for spread in spreads:
        chance = np.random.default_rng(seed)
        kept, level, taus = [], [], []
        for _ in range(draws):
            factors = chance.uniform(1 - spread, 1 + spread, weights.points.shape)
            points = np.column_stack(
                [
                    advice.whole_points(strength[:, used] * row[used]).sum(axis=1)
                    for row in factors * weights.points
                    for used in [np.flatnonzero(row)]
                ]
            )
            order = _ordered(base, group, points, told)
            stays = order[:, 0] == first
            kept.append(_mean(stays))
            level.append(_mean(~stays & near[np.arange(len(told)), order[:, 0]]))
            taus.append(_tau(now, places(order), standing.fits))
        low, high = np.percentile(kept, [2.5, 97.5]).tolist()
        means = float(np.mean(kept)), low, high, float(np.mean(level)), float(np.mean(taus))
        found.append(WeightStability(group, spread, draws, *means, silent))
    return tuple(found)


def _mean(shares: Bools) -> float:
    return float(shares.mean()) if len(shares) else float("nan")


def _of_rows(standing: Standing, rows: Ints) -> Standing:
    return advice.Standing(standing.targets, standing.points[rows], standing.order[rows], standing.fits[rows])


def _ordered(base: Outcome, group: Group, points: Ints, rows: Ints) -> Ints:
    """Return the order of a group's targets for some respondents if these were the points."""
    if group == "paths":
        return advice.rank(advice.weights(base.catalog, group), points, base.paths.fits[rows], base.may_leave[rows])
    if base.catalog.scoring.choosing is None:
        return np.argsort(-np.where(base.steps.fits[rows], points, -advice.LIFT), axis=1, kind="stable")
    return advice.choose(base.catalog, points, _there(base, rows) & (points > 0), base.known[rows])


def _tau(before: Ints, after: Ints, fits: Bools) -> float:
    """Return the mean of Kendall's tau between two orders of the targets that fit; NaN where nobody has two of them."""
    pairs, swapped = np.zeros(len(before)), np.zeros(len(before))
    for one in range(before.shape[1]):
        for other in range(one):
            both = fits[:, one] & fits[:, other]
            pairs += both
            swapped += both & ((before[:, one] < before[:, other]) != (after[:, one] < after[:, other]))
    some = pairs > 0
    return float((1 - 2 * swapped[some] / pairs[some]).mean()) if some.any() else float("nan")


# --- ties ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ties:
    """Targets that tie for the first place, so that the order of the catalogue decides between them.

    ``share``: for which part (0-1) of the cohort; ``pairs``: the target that came first, the one with as many points,
    and for how many respondents, most first. ``near``: the share that is told of level paths (0 for steps, and in a
    version that tells of none); ``silent``: the share that has no first path (or step), and so no tie.
    """

    group: Group
    share: float
    pairs: tuple[tuple[str, str, int], ...]
    near: float
    silent: float


def ties(base: Outcome, group: Group = "paths") -> Ties:
    """Return the ties for the first place. A path that leaves and may not come first does not compete for it."""
    weights = advice.weights(base.catalog, group)
    standing = base.standing(group)
    first = standing.order[:, 0]
    rows = np.arange(len(first))
    held = weights.leaves[None, :] & ~base.may_leave[:, None]
    told = standing.fits[rows, first]
    equal = standing.fits & ~held & (standing.points == standing.points[rows, first][:, None]) & told[:, None]
    equal[rows, first] = False
    counts = [
        (winner, other, int((equal[:, column] & (first == place)).sum()))
        for place, winner in enumerate(standing.targets)
        for column, other in enumerate(standing.targets)
    ]
    near = base.is_near if group == "paths" else np.zeros(len(first), dtype=bool)
    shares = [float(some.mean()) if len(first) else 0.0 for some in (equal.any(axis=1), near, ~told)]
    pairs = sorted((row for row in counts if row[2]), key=lambda row: -row[2])
    return Ties(group, shares[0], tuple(pairs), *shares[1:])
