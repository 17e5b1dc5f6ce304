"""Alternative answers of a client by group of questions, for the search in :mod:`advisor.scoring.counterfactual`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from advisor.content import measures
from advisor.content.catalog import Catalog
from advisor.content.model import SIGN_ANSWERS, TRIED, Case, Facts, Item
from advisor.scoring import advice, scores
from advisor.scoring.results import Change

Floats = NDArray[np.float64]
SIGN_ORDER = ("yes", "unknown", "no")  # answers to a sign in order; a change from yes to no costs two


@dataclass(frozen=True, slots=True)
class Option:
    """One way to answer a group of questions.

    ``cost``: the number of points by which answers move.
    ``gain`` (paths): the points that each path gains.
    ``shift``: the change of the scale in the direction of fit, in parts of ``unit`` (see :func:`scale_options`).
    ``opens``: whether a gate is open with these answers.
    """

    cost: int
    gain: Floats
    changes: tuple[Change, ...]
    shift: int = 0
    opens: bool = False


@dataclass(frozen=True, slots=True)
class SearchState:
    """One client with the measures, the points of the paths, the present first path, and the paths that fit."""

    catalog: Catalog
    case: Case
    table: scores.Table
    measured: dict[str, float]
    points: Floats
    first: int
    fits: NDArray[np.bool_]

    def gains(self, changed: Mapping[str, Floats]) -> Floats:
        """Return cases x paths: the points that each path gains; ``changed``: measure → one value for each case."""
        matrix = advice.weights(self.catalog, "paths")
        measures_of = [matrix.ramps[name].measure for name in matrix.features]
        touched = [number for number, name in enumerate(measures_of) if name in changed]
        cases = len(next(iter(changed.values()), ()))
        if not touched:
            return np.zeros((cases, len(matrix.targets)))
        now, then = (
            advice.ramp(values, matrix.starts[touched], matrix.ends[touched])[:, None, :] * matrix.points[:, touched]
            for values in (
                np.array([[self.measured[measures_of[number]] for number in touched]]),
                np.stack([changed[measures_of[number]] for number in touched], axis=1),
            )
        )
        return np.asarray((advice.whole_points(then) - advice.whole_points(now)).sum(axis=2))

    def opens(self, changed: Mapping[str, float], only: Sequence[str]) -> bool:
        """Return whether a gate on a measure in ``only`` is open after the measures in ``changed`` get these values."""
        values = {**self.measured, **changed}
        gates = [gate for gate in self.catalog.scoring.gates.values() if gate.measure in only]
        return any(bool(advice.is_open(gate, np.array(values[gate.measure]))) for gate in gates)


def search_state(catalog: Catalog, responses: Mapping[str, int], facts: Facts) -> SearchState:
    """Return the client with these answers, prepared for the search."""
    case = Case(responses=dict(responses), facts=facts)
    table = scores.tabulate(catalog, [case])
    measured = scores.measure(catalog, table, scores.score(catalog, table))
    matrix = advice.weights(catalog, "paths")
    points = advice.contributions(matrix, advice.strengths(matrix, measured)).sum(axis=2)
    fits = advice.fitting(catalog, "paths", table, measured)
    order = advice.rank(matrix, points, fits, advice.may_leave(catalog, table, measured))
    by_name = dict(zip(scores.key(catalog).measures, map(float, measured[0]), strict=True))
    return SearchState(catalog, case, table, by_name, points[0].astype(float), int(order[0, 0]), fits[0])


def scale_options(who: SearchState, scale: str, unit: int) -> list[Option]:
    """Return every score that a scale could have, each at its smallest cost, cheapest first.

    ``unit``: the number of equal parts into which the range of the scale is divided; ``Option.shift`` counts them.
    """
    if np.isnan(who.measured[scale]):
        return []
    responses = who.case.responses
    items = [item for item in who.catalog.active_items(scale, who.case.facts.widened) if item.id in responses]
    now = tuple(responses[item.id] for item in items)
    totals = _cheapest_totals(items, now, unit)
    gains = who.gains({scale: np.array([100 * total / unit for total in totals])})
    current = next(total for total, (cost, _) in totals.items() if cost == 0)
    towards_fit = -1 if who.catalog.scales[scale].kind == "misfit" else 1
    options = [
        Option(
            cost=cost,
            gain=gain,
            changes=tuple(
                Change(item.id, before, after)
                for item, before, after in zip(items, now, values, strict=True)
                if before != after
            ),
            shift=towards_fit * (total - current),
        )
        for (total, (cost, values)), gain in zip(totals.items(), gains, strict=True)
    ]
    return sorted(options, key=lambda option: option.cost)


def _cheapest_totals(items: Sequence[Item], now: Sequence[int], unit: int) -> dict[int, tuple[int, tuple[int, ...]]]:
    """Return, for each possible score (in 1/``unit`` of the range), the smallest cost and the answers that give it."""
    cheapest: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}
    for item, answer in zip(items, now, strict=True):
        notch = unit // (len(items) * (item.high - item.low))
        grown: dict[int, tuple[int, tuple[int, ...]]] = {}
        for total, (cost, values) in cheapest.items():
            for value in range(item.low, item.high + 1):
                reached = total + notch * (item.high - value if item.reverse else value - item.low)
                moved = cost + abs(value - answer)
                if reached not in grown or moved < grown[reached][0]:
                    grown[reached] = (moved, (*values, value))
        cheapest = grown
    return cheapest


def sign_options(who: SearchState) -> list[Option]:
    """Return every way to answer the signs that the client has answered."""
    answered = who.case.facts.signs
    if not answered:
        return [Option(0, np.zeros(len(who.points)), (), opens=who.opens({}, measures.SIGN_COUNTS))]
    every = list(product(SIGN_ORDER, repeat=len(answered)))
    changed = {f"signs_{name}": np.array([answers.count(name) for answers in every], float) for name in SIGN_ANSWERS}
    options = []
    for number, (answers, gain) in enumerate(zip(every, who.gains(changed), strict=True)):
        pairs = [(name, before, after) for (name, before), after in zip(answered.items(), answers, strict=True)]
        options.append(
            Option(
                cost=sum(abs(SIGN_ORDER.index(after) - SIGN_ORDER.index(before)) for _, before, after in pairs),
                gain=gain,
                changes=tuple(Change(*pair) for pair in pairs if pair[1] != pair[2]),
                opens=who.opens({name: values[number] for name, values in changed.items()}, measures.SIGN_COUNTS),
            )
        )
    return options


def step_options(who: SearchState) -> list[Option]:
    """Return an option for every possible count of the answers to "tried" over the answered steps.

    Paths depend only on the counts, so it does not matter which step changes its answer. The option changes the steps
    that come first in the client's answers.
    """
    present = measures.present_steps(who.catalog.steps)
    answered: dict[str, str] = {name: answer for name, answer in who.case.facts.tried.items() if name in present}
    if not answered:
        return [Option(0, np.zeros(len(who.points)), (), opens=who.opens({}, measures.STEP_COUNTS))]
    now = Counter(answered.values())
    every = [counts for counts in product(range(len(answered) + 1), repeat=len(TRIED)) if sum(counts) == len(answered)]
    changed = {
        f"steps_{name}": np.array(column, float) for name, column in zip(TRIED, zip(*every, strict=True), strict=True)
    }
    options = []
    for number, (counts, gain) in enumerate(zip(every, who.gains(changed), strict=True)):
        changes = tuple(_moves(answered, now, dict(zip(TRIED, counts, strict=True))))
        opens = who.opens({name: values[number] for name, values in changed.items()}, measures.STEP_COUNTS)
        options.append(Option(len(changes), gain, changes, opens=opens))
    return options


def _moves(told: Mapping[str, str], now: Mapping[str, int], wanted: Mapping[str, int]) -> Iterator[Change]:
    arriving = [answer for answer, count in wanted.items() for _ in range(count - now.get(answer, 0))]
    leaving = {answer: now.get(answer, 0) - count for answer, count in wanted.items()}
    for name, answer in told.items():
        if leaving[answer] > 0:
            leaving[answer] -= 1
            yield Change(name, answer, arriving.pop(0))
