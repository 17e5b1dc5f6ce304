"""What the advice hangs on: the smallest change of answers that puts another path first, and how it bears other weights.

The smallest change is searched exactly. A change costs the slider points by which answers move; a sign moves yes - unknown - no, a step's
"tried" moves by one in any direction. Path points are sums over features of single scales, of the aptitude index and of counts, so the
search is a knapsack over cost: traits first (beside cost, the table keeps what they do to the index), then everything else.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import product
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from advisor import advice, measures, scoring
from advisor.model import SIGN_ANSWERS, TRIED, Case, Change, Facts, Flip, Stability

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from advisor.catalog import Catalog
    from advisor.model import Item

Floats = NDArray[np.float64]
DRAWS, SPREAD, SEED = 1000, 0.2, 20260

FIRST_BUDGET = 6  # slider points; doubled until a change is found or nothing is left to move


@dataclass(frozen=True, slots=True)
class Option:
    """One way to answer a group of questions: what it costs, what each path gains, what it does to the index and the gates."""

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
    order = advice.rank(matrix, points, fits, advice.gates_open(catalog, measured).any(axis=1))
    by_name = dict(zip(scoring.key(catalog).measures, map(float, measured[0]), strict=True))
    return Client(catalog, case, by_name, points[0].astype(float), int(order[0, 0]), fits[0])


# --- the options of each group of answers -------------------------------------------------------------------------


def scale_options(who: Client, scale: str, unit: int) -> list[Option]:
    """Return every score the scale could have, each at its smallest cost; ``shift`` in 1/``unit`` of the score's range."""
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
        changes = tuple(Change(item.id, before, after) for item, before, after in zip(items, now, values, strict=True) if before != after)
        gain = who.gains({scale: 100 * steps / unit}) if changes else np.zeros(len(who.points))
        options.append(Option(cost, gain, changes, towards_fit * (steps - current)))
    return sorted(options, key=lambda option: option.cost)


def _percent(items: Sequence[Item], values: Sequence[int]) -> float:
    keyed = ((item.high - value if item.reverse else value - item.low) / (item.high - item.low) for item, value in zip(items, values, strict=True))
    return sum(keyed) / len(items)


def sign_options(who: Client) -> list[Option]:
    """Return every way to answer the signs that were answered."""
    told = who.case.facts.signs
    line = ("yes", "unknown", "no")
    options = []
    for answers in product(line, repeat=len(told)):
        counts = Counter(answers)
        changed = {f"signs_{answer}": float(counts[answer]) for answer in SIGN_ANSWERS} if told else {}
        options.append(Option(
            cost=sum(abs(line.index(after) - line.index(before)) for after, before in zip(answers, told.values(), strict=True)),
            gain=who.gains(changed),
            changes=tuple(Change(name, before, after) for (name, before), after in zip(told.items(), answers, strict=True) if before != after),
            opens=who.opens(changed, measures.SIGN_COUNTS),
        ))  # fmt: skip
    return options


def step_options(who: Client) -> list[Option]:
    """Return every way to share out the answers to "tried" among the steps that were answered; which step moves does not matter."""
    present = measures.present_steps(who.catalog.steps)
    told = {name: answer for name, answer in who.case.facts.tried.items() if name in present}
    now = Counter(told.values())
    options = []
    for counts in product(range(len(told) + 1), repeat=len(TRIED)):
        if sum(counts) != len(told):
            continue
        wanted = dict(zip(TRIED, counts, strict=True))
        changed = {f"steps_{answer}": float(count) for answer, count in wanted.items()} if told else {}
        changes = tuple(_moves(told, now, wanted))
        options.append(Option(len(changes), who.gains(changed), changes, opens=who.opens(changed, measures.STEP_COUNTS)))
    return options


def _moves(told: Mapping[str, str], now: Mapping[str, int], wanted: Mapping[str, int]) -> Iterator[Change]:
    arriving = [answer for answer in TRIED for _ in range(wanted[answer] - now.get(answer, 0))]
    leaving = {answer: now.get(answer, 0) - wanted[answer] for answer in TRIED}
    for name, answer in told.items():
        if leaving[answer] > 0:
            leaving[answer] -= 1
            yield Change(name, answer, arriving.pop(0))


# --- the search ---------------------------------------------------------------------------------------------------

Choice = tuple[int, Floats, bool]  # cost, what each path gains on the path that is first now, whether a gate opens
Table = tuple[Floats, NDArray[np.int64]]  # best margins, and the choices that made them


def smallest_change(catalog: Catalog, responses: Mapping[str, int], facts: Facts) -> Flip | None:
    """Return the smallest change of given answers after which another path comes first; None when there is none.

    Only answers that were given move; what is unanswered stays so. Of several smallest changes, the one that puts its path furthest ahead.
    """
    who = client(catalog, responses, facts)
    scales = [scale for scale in catalog.scales if not np.isnan(who.measured[scale])]
    active = {scale: [item for item in catalog.active_items(scale, facts.widened) if item.id in responses] for scale in scales}
    unit = lcm(*(len(items) * lcm(*(item.high - item.low for item in items)) for items in active.values()))
    traits = [scale for scale in scales if scale in catalog.of_kind("fit", "misfit")]
    trait_options = [scale_options(who, scale, unit) for scale in traits]
    others = [scale_options(who, scale, unit) for scale in scales if scale not in traits]
    others += [sign_options(who), step_options(who)]
    furthest = sum(max(option.cost for option in options) for options in [*trait_options, *others])
    budget = min(FIRST_BUDGET, furthest)
    while budget:
        found = _search(who, trait_options, others, budget, unit)
        if found or budget == furthest:
            return found
        budget = min(2 * budget, furthest)
    return None


def _search(who: Client, traits: list[list[Option]], others: list[list[Option]], budget: int, unit: int) -> Flip | None:
    tables = _trait_tables(who, traits, budget)
    pooled, shifts = _pool(who, tables[-1][0], unit * len(traits), budget)
    groups = [[(option.cost, _margin(who, option.gain), option.opens) for option in options] for options in others]
    sums = _knapsack(who, pooled, groups, budget)
    for cost in range(1, budget + 1):
        ahead = [
            (float(margin), rival, opened)
            for rival in map(int, np.flatnonzero(who.fits))
            for opened in (0, 1)
            if np.isfinite(margin := sums[-1][0][rival, cost, opened] + who.points[rival] - who.points[who.first])
            and _overtakes(who, rival, margin, opened=bool(opened))
        ]
        if ahead:
            _, rival, opened = max(ahead)
            changes = tuple(_trace(tables, traits, sums, others, shifts, (rival, cost, opened)))
            return Flip(_first_after(who, changes), cost, changes)
    return None


def _margin(who: Client, gain: Floats) -> Floats:
    return gain - gain[who.first]


def _overtakes(who: Client, rival: int, margin: float, *, opened: bool) -> bool:
    """Return whether ``rival`` is ranked before the path that is first now, by the rules of :func:`advisor.advice.rank`."""
    leaves = advice.weights(who.catalog, "paths").leaves
    if rival == who.first:
        return False
    if leaves[who.first] and not opened:
        return True  # with every gate closed no leaving path is first
    if leaves[rival] and not opened:
        return False
    return margin > 0 or (margin == 0 and rival < who.first)


def _trait_tables(who: Client, traits: list[list[Option]], budget: int) -> list[Table]:
    """Return, trait by trait, the best margins as paths x cost x shift of the index (the middle column: no shift), and the options taken."""
    reach = budget * max((-(-abs(option.shift) // option.cost) for options in traits for option in options if option.cost), default=0)
    best = np.full((len(who.points), budget + 1, 2 * reach + 1), -np.inf)
    best[:, 0, reach] = 0
    tables = [(best, np.zeros(best.shape, dtype=np.int64))]
    for options in traits:
        new, chosen = np.full_like(best, -np.inf), np.zeros(best.shape, dtype=np.int64)
        for number, option in enumerate(options):
            if option.cost > budget:
                break  # options come cheapest first
            to_left, to_right = max(0, -option.shift), max(0, option.shift)
            width = best.shape[2]
            candidate = best[:, : budget + 1 - option.cost, to_left : width - to_right] + _margin(who, option.gain)[:, None, None]
            region = (slice(None), slice(option.cost, None), slice(to_right, width - to_left))
            better = candidate > new[region]
            new[region][better] = candidate[better]
            chosen[region][better] = number
        best = new
        tables.append((new, chosen))
    return tables


def _pool(who: Client, best: Floats, unit: int, budget: int) -> tuple[Floats, NDArray[np.int64]]:
    """Return paths x cost x (no gate, gate open by the index): the traits' best margins with what the index adds, and its shift."""
    reach = best.shape[2] // 2
    index = who.measured[measures.INDEX]
    pooled = np.full((len(who.points), budget + 1, 2), -np.inf)
    shifts = np.full(pooled.shape, reach, dtype=np.int64)
    for column in range(best.shape[2]):
        if not np.isfinite(best[:, :, column]).any():
            continue
        changed = {} if np.isnan(index) else {measures.INDEX: index + 100 * (column - reach) / unit}
        margin = best[:, :, column] + _margin(who, who.gains(changed) if column != reach else np.zeros(len(who.points)))[:, None]
        opened = int(who.opens(changed, (measures.INDEX,)))
        better = margin > pooled[:, :, opened]
        pooled[:, :, opened][better] = margin[better]
        shifts[:, :, opened][better] = column
    return pooled, shifts


def _knapsack(who: Client, start: Floats, groups: list[list[Choice]], budget: int) -> list[Table]:
    """Return, group by group, the best margins as paths x cost x (no gate, a gate open), and number and gate of the choice before."""
    best = start
    tables = [(best, np.zeros((*best.shape, 2), dtype=np.int64))]
    for group in groups:
        new, chosen = np.full_like(best, -np.inf), np.zeros((*best.shape, 2), dtype=np.int64)
        for number, (cost, margin, opens) in enumerate(group):
            for before in (0, 1):
                after = 1 if opens else before
                if cost > budget:
                    continue
                candidate = best[:, : budget + 1 - cost, before] + margin[:, None]
                better = candidate > new[:, cost:, after]
                new[:, cost:, after][better] = candidate[better]
                chosen[:, cost:, after][better] = (number, before)
        best = new
        tables.append((new, chosen))
    return tables


def _trace(
    tables: list[Table], traits: list[list[Option]], sums: list[Table], others: list[list[Option]],
    shifts: NDArray[np.int64], end: tuple[int, int, int],
) -> Iterator[Change]:  # fmt: skip
    """Yield the changes that led to ``end`` (path, cost, gate), walking both tables backwards."""
    path, cost, opened = end
    for (_, chosen), options in zip(reversed(sums[1:]), reversed(others), strict=True):
        number, opened = map(int, chosen[path, cost, opened])
        yield from options[number].changes
        cost -= options[number].cost
    column = int(shifts[path, cost, opened])
    for (_, taken), options in zip(reversed(tables[1:]), reversed(traits), strict=True):
        option = options[int(taken[path, cost, column])]
        yield from option.changes
        cost, column = cost - option.cost, column - option.shift


def _first_after(who: Client, changes: Iterable[Change]) -> str:
    moved = apply(who.catalog, who.case, changes)
    return advice.weights(who.catalog, "paths").targets[client(who.catalog, moved.responses, moved.facts).first]


def apply(catalog: Catalog, case: Case, changes: Iterable[Change]) -> Case:
    """Return the case with the changes made."""
    responses = dict(case.responses)
    signs: dict[str, Any] = dict(case.facts.signs)
    tried: dict[str, Any] = dict(case.facts.tried)
    for change in changes:
        if change.variable in catalog.items:
            responses[change.variable] = int(change.after)
        else:
            (signs if change.variable in catalog.signs else tried)[change.variable] = change.after
    return replace(case, responses=responses, facts=replace(case.facts, signs=signs, tried=tried))


# --- other weights ------------------------------------------------------------------------------------------------


def stability(
    catalog: Catalog, responses: Mapping[str, int], facts: Facts, draws: int = DRAWS, spread: float = SPREAD, seed: int = SEED
) -> Stability:
    """Return how often the first path stays first when every weight is drawn evenly from within ±``spread`` of itself.

    The same seed gives the same draws; gates and ramps stay as they are. ``rivals``: who else comes first, in what share of the draws.
    """
    who = client(catalog, responses, facts)
    matrix = advice.weights(catalog, "paths")
    row = np.array([[who.measured[name] for name in scoring.key(catalog).measures]])
    strength = advice.strengths(matrix, row)[0]
    used = np.flatnonzero(strength)
    factors = np.random.default_rng(seed).uniform(1 - spread, 1 + spread, (draws, *matrix.points.shape))[:, :, used]
    points = np.rint(factors * matrix.points[:, used] * strength[used]).sum(axis=2).astype(np.int64)
    gate_open = np.repeat(advice.gates_open(catalog, row).any(), draws)
    firsts = advice.rank(matrix, points, np.repeat(who.fits[None], draws, axis=0), gate_open)[:, 0]
    shares = {matrix.targets[path]: float(np.mean(firsts == path)) for path in np.unique(firsts)}
    first = matrix.targets[who.first]
    rivals = sorted(((path, share) for path, share in shares.items() if path != first), key=lambda rival: -rival[1])
    return Stability(first, shares.get(first, 0.0), draws, spread, tuple(rivals))
