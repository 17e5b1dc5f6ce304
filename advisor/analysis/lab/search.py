"""Searches for answers that change nobody's advice, and for answers that bring a step or path to the front.

Both searches try answers out, and assume nothing about the rules of the scoring version.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from advisor.analysis.lab.outcome import TOP, evaluate, some_rows
from advisor.analysis.lab.rules import reached, uses
from advisor.analysis.lab.sensitivity import GROUPS
from advisor.content import measures
from advisor.content.case_checks import PRIORITIES_MAX
from advisor.content.measures import YEARS_MAX
from advisor.content.model import FIXED, SIGN_ANSWERS, SITUATIONS, TRIED, Case, Facts, When
from advisor.scoring import advice, conditions, scores

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from advisor.analysis.lab.outcome import Outcome
    from advisor.analysis.lab.rules import Use
    from advisor.content.catalog import Catalog
    from advisor.scoring.advice import Group
    from advisor.scoring.scores import Table

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Goal = tuple[Group, int, int]  # steps or paths, the position of the target, the place it is to reach

FIRST_LOOK = 250  # respondents tried first: most answers matter to one of so few already
STARTS, SEED = 6, 20262
MARKED = 3  # the part of a profile that says what a client most wants to change
LEAD = 0.0005  # weight of the mean lead over all targets: so small that a whole point of the margin counts for more
FAR = 10_000.0  # more than any sum of points


@dataclass(frozen=True, slots=True)
class Inert:
    """Answers that change nobody's first path or first three steps, whatever else is said instead.

    ``unasked``: items that nobody in the cohort was asked; ``rows``: how many respondents were tried.
    """

    answers: tuple[Use, ...]
    unasked: tuple[Use, ...]
    rows: int


def inert(base: Outcome, most: int = 10_000) -> Inert:
    """Return the answers that matter to nobody among the first ``most`` respondents; every other value is tried."""
    parts = [slice(0, FIRST_LOOK), slice(FIRST_LOOK, most)]
    known = [_part(base, part) for part in parts if part.start < min(len(base), most)]
    asked = np.asarray(base.table.asked[:most].any(axis=0))
    idle, unasked = [], []
    for use in uses(base.catalog):
        if use.kind == "item" and not asked[scores.key(base.catalog).items.index(use.name)]:
            unasked.append(use)
        elif not any(_matters(part, use) for part in known):
            idle.append(use)
    return Inert(tuple(idle), tuple(unasked), min(len(base), most))


def _part(base: Outcome, rows: slice) -> Outcome:
    return evaluate(base.catalog, some_rows(base.table, rows))


def _matters(part: Outcome, use: Use) -> bool:
    for table in _others(part.catalog, part.table, use):
        found = evaluate(part.catalog, table)
        if (found.first_path != part.first_path).any() or (found.top_steps != part.top_steps).any():
            return True
    return False


def _others(catalog: Catalog, table: Table, use: Use) -> Iterator[Table]:
    """Yield the table with every value that an answer can have, the same for all respondents."""
    field, column, values = _places(catalog)[use.kind, use.name]
    for value in values:
        changed = getattr(table, field).copy()
        changed.reshape(len(changed), -1)[:, column] = value  # a fact is one column
        yield replace(table, **{field: changed})


@lru_cache(maxsize=4)
def _places(catalog: Catalog) -> dict[tuple[str, str], tuple[str, int, tuple[float, ...]]]:
    """Return, for every answer, the field of a table and the column where it stands, and the values it can have."""
    signs, tried = (tuple(range(-1, len(codes))) for codes in (SIGN_ANSWERS, TRIED))
    marked = catalog.of_kind("frustration")
    items = (catalog.items[name] for name in scores.key(catalog).items)
    return {
        **{
            ("item", item.id): ("answers", column, tuple(range(item.low, item.high + 1)))
            for column, item in enumerate(items)
        },
        **{("sign", sign): ("signs", column, signs) for column, sign in enumerate(catalog.signs)},
        **{("tried", step): ("tried", column, tried) for column, step in enumerate(catalog.steps)},
        **{("priority", scale): ("priorities", column, (0, 1)) for column, scale in enumerate(marked)},
        **{("experience", name): ("experience", column, (0, 1)) for column, name in enumerate(_experience(catalog))},
        **{("fixed", name): ("fixed", column, (0, 1)) for column, name in enumerate(FIXED)},
        ("fact", "situation"): ("situation", 0, tuple(range(-1, len(SITUATIONS)))),
        ("fact", "years"): ("years", 0, (np.nan, *range(YEARS_MAX + 1))),
        ("fact", "role"): ("role", 0, (scores.OTHER, *range(-1, len(catalog.roles)))),
    }


def _experience(catalog: Catalog) -> tuple[str, ...]:
    return tuple(catalog.statements["experience"])


# --- bringing a target to the front -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unreached:
    """A target that comes first for nobody in the cohort (``place`` 1), or is among nobody's first three (``place`` 3).

    ``case``: answers that would bring it there. None: the search found none, which is strong evidence but no proof that
    there are none.
    """

    group: Group
    target: str
    place: int
    case: Case | None


def unreached(base: Outcome) -> tuple[Unreached, ...]:
    """Return the targets that come to the front for nobody in the cohort, with answers that would bring them there."""
    found = []
    for reach in reached(base):
        for place, count in ((1, reach.first), (TOP, reach.top)):
            if not count:
                case = bring_forward(base.catalog, reach.group, reach.target, place)
                found.append(Unreached(reach.group, reach.target, place, case))
    return tuple(found)


def bring_forward(catalog: Catalog, group: Group, target: str, place: int = 1, *, starts: int = STARTS) -> Case | None:
    """Return answers that bring a target among the first ``place``; None when none were found.

    The search climbs: of all answers, it changes the one that brings the target nearest to the front, until no change
    brings it nearer. It starts once from a client who told nothing (or, in versions with silence, answered every
    question in the middle), and ``starts`` times from a random client (seeded).
    """
    values = _values(catalog)
    chance = np.random.default_rng(SEED)
    profiles = [_plain(catalog, values)]
    profiles += [np.array([chance.choice(choice) for choice in values]) for _ in range(starts)]
    for profile in profiles:
        marked = _split(catalog, profile[None])[MARKED]
        marked[0, np.flatnonzero(marked[0] == 1)[PRIORITIES_MAX:]] = np.nan
    column = list(getattr(catalog, group)).index(target)
    climbed = (_climb(catalog, profile, values, (group, column, place)) for profile in profiles)
    return next((_case(catalog, profile) for profile in climbed if profile is not None), None)


def _plain(catalog: Catalog, values: list[Floats]) -> Floats:
    """Return the profile of a client who told as little as is needed to be told a first path."""
    profile = np.full(len(values), np.nan)
    if catalog.scoring.choosing:
        asked = sum(item.quick for item in catalog.items.values())
        profile[:asked] = [np.median(choice[1:]) for choice in values[:asked]]
    return profile


def _climb(catalog: Catalog, start: Floats, values: list[Floats], goal: Goal) -> Floats | None:
    """Return the profile at which a climb reaches its goal; None when no single answer brings it nearer any more."""
    profile, best = start, -np.inf
    while True:
        tried = _neighbours(profile, values)
        distance = _distance(catalog, _table(catalog, tried), goal)
        nearest = int(distance.argmax())
        if distance[nearest] >= 0:
            return np.asarray(tried[nearest])
        if distance[nearest] <= best:
            return None
        best, profile = distance[nearest], tried[nearest]


def _values(catalog: Catalog) -> list[Floats]:
    """Return what each answer of a profile can be: quick items, signs, tried, priorities, experience, fixed, facts.

    The facts are situation, years and role. NaN is not told.
    """
    quick = [item for item in catalog.items.values() if item.quick]
    marks = (*catalog.of_kind("frustration"), *_experience(catalog), *FIXED)
    return [
        *(np.array([np.nan, *range(item.low, item.high + 1)]) for item in quick),
        *(np.array([np.nan, *range(len(SIGN_ANSWERS))]) for _ in catalog.signs),
        *(np.array([np.nan, *range(len(TRIED))]) for _ in catalog.steps),
        *(np.array([np.nan, 1.0]) for _ in marks),
        np.array([np.nan, *range(len(SITUATIONS))]),
        np.array([np.nan, *_telling_years(catalog)]),
        np.array([np.nan, *range(len(catalog.roles))]),
    ]


def _telling_years(catalog: Catalog) -> list[int]:
    """Return the numbers of years at which a ramp or a condition begins or ends."""
    ramps = [ramp for ramp in catalog.scoring.features.values() if ramp.measure == "years"]
    bounds = [end for ramp in ramps for end in (ramp.start, ramp.end)]
    for group in GROUPS:
        for target in getattr(catalog, group).values():
            when = getattr(target, "when", When())
            bounds += [limits["years"] for limits in (when.above, when.below) if "years" in limits]
    return sorted({0, YEARS_MAX, *map(round, bounds)})


def _neighbours(profile: Floats, values: list[Floats]) -> Floats:
    """Return the profile itself, and all that differ from it in one answer."""
    changes = [(column, value) for column, choice in enumerate(values) for value in choice.tolist()]
    found = np.repeat(profile[None], len(changes) + 1, axis=0)
    for row, (column, value) in enumerate(changes, 1):
        found[row, column] = value
    return found


def _split(catalog: Catalog, profiles: Floats) -> list[Floats]:
    """Return the parts of profiles in the order of :func:`_values`."""
    sizes = [sum(item.quick for item in catalog.items.values()), len(catalog.signs), len(catalog.steps)]
    sizes += [len(catalog.of_kind("frustration")), len(_experience(catalog)), len(FIXED), 1, 1]
    return np.split(profiles, np.cumsum(sizes), axis=1)


def _table(catalog: Catalog, profiles: Floats) -> Table:
    items, signs, tried, marked, experience, fixed, situation, years, role = _split(catalog, profiles)
    quick = scores.key(catalog).quick
    answers = np.full((len(profiles), len(quick)), np.nan)
    answers[:, quick] = items

    def codes(part: Floats) -> NDArray[np.intp]:
        return np.nan_to_num(part, nan=-1).astype(np.intp)

    return scores.Table(
        answers=answers,
        asked=np.repeat(quick[None], len(profiles), axis=0),
        signs=codes(signs),
        tried=codes(tried),
        situation=codes(situation[:, 0]),
        years=years[:, 0],
        role=codes(role[:, 0]),
        experience=experience == 1,
        fixed=fixed == 1,
        priorities=marked == 1,
    )


def _distance(catalog: Catalog, table: Table, goal: Goal) -> Floats:
    """Return how far each respondent's target is from the place: below 0 by its distance, 0 or more where it is there.

    An obstacle (:func:`_obstacles`) counts for more than all points that the target lacks.
    """
    group, column, place = goal
    measured = scores.measure(catalog, table, scores.score(catalog, table))
    paths = advice.path_standing(catalog, table, measured, spoken=False)
    known = advice.with_first(catalog, measured, paths)
    standing = paths if group == "paths" else advice.step_standing(catalog, table, known, spoken=False)
    there = (standing.order[:, :place] == column).any(axis=1) & standing.fits[:, column]
    there &= ~advice.is_silent(catalog, table, measured)
    shut = advice.weights(catalog, group).leaves & ~advice.may_leave(catalog, table, measured)[:, None]
    rivals = np.where(standing.fits & ~(shut & (place == 1)), standing.points, -FAR).astype(float)
    rivals[:, column] = -FAR
    ahead = -np.sort(-rivals, axis=1)[:, min(place, rivals.shape[1]) - 1]
    margin = standing.points[:, column] - ahead
    # Among answers with the same margin, the lead over all targets tells which one is nearer.
    lead = (standing.points[:, [column]] - standing.points).mean(axis=1)
    obstacles = _obstacles(catalog, table, known, goal)
    found = np.where(there, np.maximum(margin, 0), np.minimum(margin, 0) - 0.5 + LEAD * lead - FAR * obstacles)
    return np.where(table.priorities.sum(axis=1) > PRIORITIES_MAX, -np.inf, found)


def _obstacles(catalog: Catalog, table: Table, known: Floats, goal: Goal) -> Floats:
    """Return what keeps the target away from each respondent, however many points it has.

    Obstacles are: what is not told yet but needed for a first path; each part of the target's condition that does not
    hold; and for a path that leaves, how far the nearest gate is from opening, and that no worry is high.
    """
    group, column, place = goal
    untold, traits, worries = advice.missing_answers(catalog, table, known)
    target = tuple(getattr(catalog, group).values())[column]
    held = conditions.hold(conditions.as_arrays(catalog, _parts(target)), table, known)
    found = untold + traits + worries + (~held).sum(axis=1)
    found = found + table.fixed[:, [name in getattr(target, "against", ()) for name in FIXED]].sum(axis=1)
    if place > 1 or not getattr(target, "leaves", False):
        return np.asarray(found, float)
    columns, choosing = scores.measure_columns(catalog), catalog.scoring.choosing
    gates = [
        _short(known[:, columns[gate.measure]], gate.at, -1 if gate.below else 1)
        for gate in catalog.scoring.gates.values()
    ]
    shut = np.min(gates, axis=0) if gates else np.ones(len(known))
    calm = _short(known[:, columns[measures.WORRY]], choosing.worry, 1) if choosing else np.zeros(len(known))
    leaving = np.where(advice.may_leave(catalog, table, known), 0.0, (shut + calm) / 2)
    return np.asarray(found + leaving)


def _parts(target: object) -> list[When]:
    """Return the condition of a step or path as conditions that each ask for one thing."""
    when = getattr(target, "when", When())
    return [
        When(situations=getattr(target, "situations", ())),
        When(situations=when.situations),
        When(roles=when.roles, not_roles=when.not_roles),
        When(experience=when.experience),
        *(When(above={name: bound}) for name, bound in when.above.items()),
        *(When(below={name: bound}) for name, bound in when.below.items()),
    ]


def _short(values: Floats, at: float, sign: int) -> Floats:
    """Return how far values are from a threshold, 0 there or beyond it, at most 1; 1 where nothing was told."""
    missing = np.where(np.isnan(values), np.inf, sign * (at - values))
    return np.clip(missing / max(abs(at), 1.0), 0.0, 1.0)


def _case(catalog: Catalog, profile: Floats) -> Case:
    """Return a profile as a client."""
    parts = [part[0] for part in _split(catalog, profile[None])]
    items, signs, tried, marked, experience, fixed, situation, years, role = parts
    quick = [item.id for item in catalog.items.values() if item.quick]

    def told(names: Iterable[str], part: Floats) -> dict[str, int]:
        pairs = zip(names, part.tolist(), strict=True)
        return {name: int(value) for name, value in pairs if not np.isnan(value)}

    return Case(
        responses=told(quick, items),
        facts=Facts(
            situation=None if np.isnan(situation[0]) else SITUATIONS[int(situation[0])],
            role=None if np.isnan(role[0]) else tuple(catalog.roles)[int(role[0])],
            years=None if np.isnan(years[0]) else int(years[0]),
            priorities=tuple(told(catalog.of_kind("frustration"), marked)),
            signs={name: SIGN_ANSWERS[code] for name, code in told(catalog.signs, signs).items()},
            tried={name: TRIED[code] for name, code in told(catalog.steps, tried).items()},
            experience=tuple(told(_experience(catalog), experience)),
            fixed=tuple(told(FIXED, fixed)),
        ),
    )
