"""What a client could have answered instead, group of questions by group: the ground on which insight searches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from advisor import advice, measures, scoring
from advisor.catalog import Catalog
from advisor.model import SIGN_ANSWERS, TRIED, Case, Change, Facts, Item

Floats = NDArray[np.float64]
SIGN_LINE = ("yes", "unknown", "no")  # a sign's answers as points on a line: from yes to no is two


@dataclass(frozen=True, slots=True)
class Option:
    """One way to answer a group of questions: its cost, what each path gains, what it does to index and gates."""

    cost: int
    gain: Floats
    changes: tuple[Change, ...]
    shift: int = 0
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Client:
    """One client as the search sees it: measures as they are, and the points each path has now."""

    catalog: Catalog
    case: Case
    measured: dict[str, float]
    points: Floats
    first: int
    fits: NDArray[np.bool_]

    def gains(self, changed: Mapping[str, float]) -> Floats:
        """Return what each path gains when the measures in ``changed`` have other values."""
        matrix = advice.weights(self.catalog, "paths")
        touched = [number for number, name in enumerate(matrix.features) if matrix.ramps[name].measure in changed]
        if not touched:
            return np.zeros(len(matrix.targets))
        total = np.zeros(len(matrix.targets))
        for values, sign in ((self.measured, -1), ({**self.measured, **changed}, 1)):
            row = np.array([[values[name] for name in scoring.key(self.catalog).measures]])
            strength = advice.strengths(matrix, row)
            total += sign * np.rint(strength[0, touched] * matrix.points[:, touched]).sum(axis=1)
        return total

    def opens(self, changed: Mapping[str, float], only: Sequence[str]) -> bool:
        """Return whether a gate on one of the measures in ``only`` is open when ``changed`` hold."""
        values = {**self.measured, **changed}
        gates = [gate for gate in self.catalog.scoring.gates.values() if gate.measure in only]
        return any(bool(advice.is_open(gate, np.array(values[gate.measure]))) for gate in gates)


def client(catalog: Catalog, responses: Mapping[str, int], facts: Facts) -> Client:
    """Return a client as the search sees it."""
    case = Case(responses=dict(responses), facts=facts)
    table = scoring.tabulate(catalog, [case])
    measured = scoring.measure(catalog, table, scoring.score(catalog, table))
    matrix = advice.weights(catalog, "paths")
    points = advice.contributions(matrix, advice.strengths(matrix, measured)).sum(axis=2)
    fits = advice.fitting(matrix, table.situation)
    order = advice.rank(matrix, points, fits, advice.any_open(catalog, measured))
    by_name = dict(zip(scoring.key(catalog).measures, map(float, measured[0]), strict=True))
    return Client(catalog, case, by_name, points[0].astype(float), int(order[0, 0]), fits[0])


def scale_options(who: Client, scale: str, unit: int) -> list[Option]:
    """Return every score a scale could have, each at its smallest cost; ``shift`` counts 1/``unit`` of its range."""
    items = [item for item in who.catalog.active_items(scale, who.case.facts.widened) if item.id in who.case.responses]
    if np.isnan(who.measured[scale]):
        return []
    now = [who.case.responses[item.id] for item in items]
    towards_fit = -1 if who.catalog.scales[scale].kind == "misfit" else 1
    cheapest: dict[int, tuple[int, tuple[int, ...]]] = {}
    for values in product(*(range(item.low, item.high + 1) for item in items)):
        cost = sum(abs(after - before) for after, before in zip(values, now, strict=True))
        steps = round(unit * _percent(items, values))
        if steps not in cheapest or cost < cheapest[steps][0]:
            cheapest[steps] = (cost, values)
    current = round(unit * _percent(items, now))
    options = []
    for steps, (cost, values) in cheapest.items():
        changes = tuple(
            Change(item.id, before, after)
            for item, before, after in zip(items, now, values, strict=True)
            if before != after
        )
        gain = who.gains({scale: 100 * steps / unit}) if changes else np.zeros(len(who.points))
        options.append(Option(cost, gain, changes, towards_fit * (steps - current)))
    return sorted(options, key=lambda option: option.cost)


def _percent(items: Sequence[Item], values: Sequence[int]) -> float:
    keyed = (
        (item.high - value if item.reverse else value - item.low) / (item.high - item.low)
        for item, value in zip(items, values, strict=True)
    )
    return sum(keyed) / len(items)


def sign_options(who: Client) -> list[Option]:
    """Return every way to answer the signs that were answered."""
    told = who.case.facts.signs
    options = []
    for answers in product(SIGN_LINE, repeat=len(told)):
        counts = Counter(answers)
        changed = {f"signs_{answer}": float(counts[answer]) for answer in SIGN_ANSWERS} if told else {}
        pairs = [(name, before, after) for (name, before), after in zip(told.items(), answers, strict=True)]
        options.append(
            Option(
                cost=sum(abs(SIGN_LINE.index(after) - SIGN_LINE.index(before)) for _, before, after in pairs),
                gain=who.gains(changed),
                changes=tuple(Change(*pair) for pair in pairs if pair[1] != pair[2]),
                opens=who.opens(changed, measures.SIGN_COUNTS),
            )
        )
    return options


def step_options(who: Client) -> list[Option]:
    """Return every way to share out the answers to "tried" among the steps that were answered.

    Paths look at counts only, so which of the steps moves does not matter: the first in the catalogue does.
    """
    present = measures.present_steps(who.catalog.steps)
    told: dict[str, str] = {name: answer for name, answer in who.case.facts.tried.items() if name in present}
    now = Counter(told.values())
    options = []
    for counts in product(range(len(told) + 1), repeat=len(TRIED)):
        if sum(counts) != len(told):
            continue
        wanted: dict[str, int] = dict(zip(TRIED, counts, strict=True))
        changed = {f"steps_{answer}": float(count) for answer, count in wanted.items()} if told else {}
        changes = tuple(_moves(told, now, wanted))
        options.append(
            Option(len(changes), who.gains(changed), changes, opens=who.opens(changed, measures.STEP_COUNTS))
        )
    return options


def _moves(told: Mapping[str, str], now: Mapping[str, int], wanted: Mapping[str, int]) -> Iterator[Change]:
    arriving = [answer for answer, count in wanted.items() for _ in range(count - now.get(answer, 0))]
    leaving = {answer: now.get(answer, 0) - count for answer, count in wanted.items()}
    for name, answer in told.items():
        if leaving[answer] > 0:
            leaving[answer] -= 1
            yield Change(name, answer, arriving.pop(0))
