"""Sensitivity of the first path in versions without ``choosing``: the smallest change of answers, and other weights.

The search for the smallest change is exact. The cost of a change is the number of slider points by which answers move.
A sign moves along yes - unknown - no; every change of a step's "tried" costs one point.

The points of a path are sums over features of single scales, of the aptitude index and of counts. So the search is a
knapsack over the cost. It takes the traits first, with a table of cost and shift of the index, and then all other
answers. Versions with ``choosing`` use :mod:`advisor.scoring.openness` instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.content import measures
from advisor.content.catalog import Catalog
from advisor.content.model import Case, Facts
from advisor.scoring import advice, scores
from advisor.scoring.options import Floats, Option, SearchState, scale_options, search_state, sign_options, step_options
from advisor.scoring.results import Change, Flip, Stability

DRAWS, SPREAD, SEED = 1000, 0.2, 20260
FIRST_BUDGET = 6  # slider points; the search doubles it until it finds a change or reaches the greatest possible cost

Choice = tuple[int, Floats, bool]  # cost, gain of each path relative to the present first path, whether a gate opens
State = tuple[int, int, int]  # path, cost, whether a gate is open
Table = tuple[Floats, NDArray[np.int64]]  # best margins, and the choices that gave them


def smallest_change(catalog: Catalog, responses: Mapping[str, int], facts: Facts) -> Flip | None:
    """Return the smallest change of answers that puts another path first; None if no change does.

    Only given answers change; unanswered questions stay unanswered. If several changes have the same cost, the function
    returns the one that puts its path furthest ahead.
    """
    who = search_state(catalog, responses, facts)
    scales = [scale for scale in catalog.scales if not np.isnan(who.measured[scale])]
    active = {
        scale: [item for item in catalog.active_items(scale, facts.widened) if item.id in responses] for scale in scales
    }
    unit = lcm(*(len(items) * lcm(*(item.high - item.low for item in items)) for items in active.values()))
    traits = [scale for scale in scales if scale in catalog.of_kind("fit", "misfit")]
    trait_options = [scale_options(who, scale, unit) for scale in traits]
    others = [scale_options(who, scale, unit) for scale in scales if scale not in traits]
    others += [sign_options(who), step_options(who)]
    furthest = sum(max(option.cost for option in options) for options in [*trait_options, *others])
    budget = min(FIRST_BUDGET, furthest)
    while budget:
        flip = _search(who, trait_options, others, budget, unit)
        if flip or budget == furthest:
            return flip
        budget = min(2 * budget, furthest)
    return None


def _search(
    who: SearchState, traits: list[list[Option]], others: list[list[Option]], budget: int, unit: int
) -> Flip | None:
    tables = _trait_tables(who, traits, budget)
    pooled, shifts = _pool(who, tables[-1][0], unit * len(traits), budget)
    groups = [[(option.cost, _margin(who, option.gain), option.opens) for option in options] for options in others]
    sums = _knapsack(pooled, groups, budget)
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
            changes, start = _trace_others(sums, others, (rival, cost, opened))
            changes += _trace_traits(tables, traits, *start[:2], int(shifts[start]))
            return Flip(_first_after(who, changes), cost, tuple(changes))
    return None


def _margin(who: SearchState, gain: Floats) -> Floats:
    return np.asarray(gain - gain[who.first])


def _overtakes(who: SearchState, rival: int, margin: float, *, opened: bool) -> bool:
    """Return whether ``rival`` is ranked before the present first path, by the rules of ``advice.rank``."""
    leaves = advice.weights(who.catalog, "paths").leaves
    if rival == who.first:
        return False
    if leaves[who.first] and not opened:
        return True  # while every gate is closed, no leaving path is first
    if leaves[rival] and not opened:
        return False
    return margin > 0 or (margin == 0 and rival < who.first)


def _trait_tables(who: SearchState, traits: list[list[Option]], budget: int) -> list[Table]:
    """Return, for each trait, the best margins (paths x cost x shift of the index) and the options taken.

    The middle column of the shift stands for no shift.
    """
    reach = budget * max(
        (-(-abs(option.shift) // option.cost) for options in traits for option in options if option.cost), default=0
    )
    best = np.full((len(who.points), budget + 1, 2 * reach + 1), -np.inf)
    best[:, 0, reach] = 0
    tables = [(best, np.zeros(best.shape, dtype=np.int64))]
    for options in traits:
        new, chosen = np.full_like(best, -np.inf), np.zeros(best.shape, dtype=np.int64)
        for number, option in enumerate(options):
            if option.cost > budget:
                break  # options are sorted by cost
            to_left, to_right = max(0, -option.shift), max(0, option.shift)
            width = best.shape[2]
            candidate = (
                best[:, : budget + 1 - option.cost, to_left : width - to_right]
                + _margin(who, option.gain)[:, None, None]
            )
            region = (slice(None), slice(option.cost, None), slice(to_right, width - to_left))
            better = candidate > new[region]
            new[region][better] = candidate[better]
            chosen[region][better] = number
        best = new
        tables.append((new, chosen))
    return tables


def _pool(who: SearchState, best: Floats, unit: int, budget: int) -> tuple[Floats, NDArray[np.int64]]:
    """Add the gain from the index to the traits' best margins; return the margins and the columns of the shift.

    Both arrays are paths x cost x 2 (no gate is open by the index, a gate is open by it).
    """
    reach = best.shape[2] // 2
    values = np.full(best.shape[2], who.measured[measures.INDEX])
    if unit:  # without a scored trait the index cannot move
        values += 100 * (np.arange(best.shape[2]) - reach) / unit
    gains = who.gains({measures.INDEX: values})
    pooled = np.full((len(who.points), budget + 1, 2), -np.inf)
    shifts = np.full(pooled.shape, reach, dtype=np.int64)
    for column in np.flatnonzero(np.isfinite(best).any(axis=(0, 1))):
        margin = best[:, :, column] + _margin(who, gains[column])[:, None]
        opened = int(who.opens({measures.INDEX: values[column]}, (measures.INDEX,)))
        better = margin > pooled[:, :, opened]
        pooled[:, :, opened][better] = margin[better]
        shifts[:, :, opened][better] = column
    return pooled, shifts


def _knapsack(start: Floats, groups: list[list[Choice]], budget: int) -> list[Table]:
    """Return, for each group, the best margins (paths x cost x gate open), the choice taken and the gate before it."""
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


def _trace_others(sums: list[Table], others: list[list[Option]], end: State) -> tuple[list[Change], State]:
    """Return the changes of signs, steps and other scales that led to ``end``, and the state before them."""
    path, cost, opened = end
    changes: list[Change] = []
    for (_, chosen), options in zip(reversed(sums[1:]), reversed(others), strict=True):
        number, opened = map(int, chosen[path, cost, opened])
        changes += options[number].changes
        cost -= options[number].cost
    return changes, (path, cost, opened)


def _trace_traits(
    tables: list[Table], traits: list[list[Option]], path: int, cost: int, column: int
) -> Iterator[Change]:
    """Yield the changes of traits that led to a cost and a column of the index's shift."""
    for (_, taken), options in zip(reversed(tables[1:]), reversed(traits), strict=True):
        option = options[int(taken[path, cost, column])]
        yield from option.changes
        cost, column = cost - option.cost, column - option.shift


def _first_after(who: SearchState, changes: Iterable[Change]) -> str:
    moved = apply(who.catalog, who.case, changes)
    return advice.weights(who.catalog, "paths").targets[search_state(who.catalog, moved.responses, moved.facts).first]


def apply(catalog: Catalog, case: Case, changes: Iterable[Change]) -> Case:
    """Return the case after the changes."""
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
    catalog: Catalog, responses: Mapping[str, int], facts: Facts, *, draws: int = DRAWS, spread: float = SPREAD
) -> Stability:
    """Return the share of draws in which the first path stays first while every weight varies.

    Each draw multiplies every weight by a uniform factor from 1 - ``spread`` to 1 + ``spread``. Gates and ramps do not
    vary. The seed is fixed, so the result is the same each time. ``rivals``: the other paths that come first, each with
    its share of the draws.
    """
    who = search_state(catalog, responses, facts)
    matrix = advice.weights(catalog, "paths")
    row = np.array([[who.measured[name] for name in scores.key(catalog).measures]])
    strength = advice.strengths(matrix, row)[0]
    used = np.flatnonzero(strength)
    factors = np.random.default_rng(SEED).uniform(1 - spread, 1 + spread, (draws, *matrix.points.shape))[:, :, used]
    points = advice.whole_points(factors * matrix.points[:, used] * strength[used]).sum(axis=2)
    gate_open = np.repeat(advice.may_leave(catalog, who.table, row), draws)
    firsts = advice.rank(matrix, points, np.repeat(who.fits[None], draws, axis=0), gate_open)[:, 0]
    shares = {matrix.targets[path]: float(np.mean(firsts == path)) for path in np.unique(firsts)}
    first = matrix.targets[who.first]
    rivals = sorted(((path, share) for path, share in shares.items() if path != first), key=lambda rival: -rival[1])
    return Stability(first, shares.get(first, 0.0), draws, spread, tuple(rivals))
