"""What could still change the advice: the open question that matters most, errors of measurement, small changes.

All of it asks one thing: how would the paths stand if some answers were others? So each question here is a table of
clients who differ from the one at hand in a few answers, and one call says how the paths stand for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from advisor.content import measures
from advisor.content.model import SIGN_ANSWERS, SITUATIONS, TRIED, Case, Facts
from advisor.scoring import advice, scores
from advisor.scoring.results import Change, Flip, Stability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advisor.content.catalog import Catalog

    Ints = NDArray[np.int64]

DRAWS, SPREAD, SEED = 400, 0.2, 20260
MOVED = 0.5  # how often an answer, given again, would be one point higher or lower (half of these each)
TOP = 3
NEAR = 4  # points that two answers together may move
UNDONE = ("untried", "unknown")  # what nobody can change an answer into

LINES: dict[str, tuple[str, ...]] = {
    "sign": ("yes", "unknown", "no"),
    "tried": ("without_effect", "untried", "with_effect"),
}


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question nobody has answered yet, and what its answers could move.

    ``question``: an item's id, ``sign_…``, ``tried_…`` or ``situation``. ``first``, ``top``: share (0-1) of its answers
    after which another path is first, or others are among the first three. ``missing``: the silence lacks it.
    """

    question: str
    first: float
    top: float
    missing: bool


@dataclass(frozen=True, slots=True)
class _Move:
    """One answer of one question: which column of which part of the table takes which value."""

    question: str
    part: str
    column: int
    value: float


def open_questions(catalog: Catalog, responses: Mapping[str, int], facts: Facts) -> tuple[OpenQuestion, ...]:
    """Return the unanswered questions that could move the order of paths, most valuable first.

    Every possible answer is tried on the ranking without the rule of silence. More moves of the first path come first,
    then more moves of the first three, then what the silence lacks, then the order of the questionnaire.
    """
    table = scores.tabulate(catalog, [Case(responses=dict(responses), facts=facts)])
    moves = list(_unanswered(catalog, table))
    if not moves:
        return ()
    now, then = _order(catalog, table), _order(catalog, _moved(table, [[move] for move in moves]))
    lacks = _lacked(catalog, table)
    found: dict[str, list[tuple[bool, float]]] = {}
    for move, order in zip(moves, then, strict=True):
        shift = np.setdiff1d(order[:TOP], now[0, :TOP]).size / TOP
        found.setdefault(move.question, []).append((bool(order[0] != now[0, 0]), shift))
    asked = [
        OpenQuestion(
            name, float(np.mean([one for one, _ in told])), float(np.mean([other for _, other in told])), name in lacks
        )
        for name, told in found.items()
    ]
    ranked = sorted(asked, key=lambda one: (-round(one.first, 6), -round(one.top, 6), not one.missing))
    return tuple(one for one in ranked if one.first or one.top or one.missing)


def _unanswered(catalog: Catalog, table: scores.Table) -> Iterator[_Move]:
    """Yield every answer of every question that is asked and open."""
    if table.situation[0] < 0:
        yield from (_Move("situation", "situation", 0, code) for code in range(len(SITUATIONS)))
    worries = table.situation[0] != SITUATIONS.index("wants_in")
    roles, role = tuple(catalog.roles), table.role[0]
    outside = () if worries else catalog.of_kind("frustration", "consequence")
    for column, item in enumerate(catalog.items.values()):
        if table.asked[0, column] and np.isnan(table.answers[0, column]) and item.scale not in outside:
            yield from (_Move(item.id, "answers", column, value) for value in range(item.low, item.high + 1))
    if worries:
        for column, sign in enumerate(catalog.signs):
            if table.signs[0, column] < 0:
                yield from (_Move(f"sign_{sign}", "signs", column, code) for code in range(len(SIGN_ANSWERS)))
        present = measures.present_steps(catalog.steps)
        for column, (step, row) in enumerate(catalog.steps.items()):
            # nobody tried another role's step
            own = not row.when.roles or (role >= 0 and roles[role] in row.when.roles)
            if table.tried[0, column] < 0 and step in present and own:
                yield from (_Move(f"tried_{step}", "tried", column, code) for code in range(len(TRIED)))


def _lacked(catalog: Catalog, table: scores.Table) -> set[str]:
    """Return the open questions without which the workbook stays silent."""
    measured = scores.measure(catalog, table, scores.score(catalog, table))
    (situation,), (traits,), (worries,) = advice.lacking(catalog, table, measured)
    kinds = [kind for kind, short in (("fit", traits), ("misfit", traits), ("frustration", worries)) if short]
    scales = [name for name, scale in catalog.scales.items() if scale.kind in kinds]
    return {item.id for item in catalog.items.values() if item.scale in scales} | (
        {"situation"} if situation else set()
    )


def small_change(catalog: Catalog, responses: Mapping[str, int], facts: Facts) -> Flip | None:
    """Return the smallest change of at most two given answers after which another path comes first, None without one.

    A change costs the points by which answers move: slider points, yes - unknown - no, worse - not tried - better. Of
    changes that cost the same, the one that puts its path furthest ahead. What was done or known stays so: no step
    becomes untried, and no sign unknown.
    """
    table = scores.tabulate(catalog, [Case(responses=dict(responses), facts=facts)])
    single = list(_given(catalog, table))
    pairs = [
        [one, other] for number, (one, cost) in enumerate(single) for other, more in single[number + 1 :]
        if one.question != other.question and cost + more <= NEAR
    ]  # fmt: skip
    chosen = [[one] for one, _ in single] + pairs
    if not chosen:
        return None
    costs = {(move.question, move.value): cost for move, cost in single}
    price = np.array([sum(costs[move.question, move.value] for move in moves) for moves in chosen])
    now = _order(catalog, table)[0, 0]
    standing = _standing(catalog, _moved(table, chosen))
    flips = np.flatnonzero(standing.order[:, 0] != now)
    if not flips.size:
        return None
    ahead = standing.points[flips, standing.order[flips, 0]] - standing.points[flips, now]
    best = int(flips[np.lexsort((-ahead, price[flips]))[0]])
    changes = tuple(_told(table, move) for move in chosen[best])
    return Flip(standing.targets[standing.order[best, 0]], int(price[best]), changes)


def _given(catalog: Catalog, table: scores.Table) -> Iterator[tuple[_Move, int]]:
    """Yield every other answer to each question that was answered, with what it costs."""
    for column, item in enumerate(catalog.items.values()):
        answer = table.answers[0, column]
        if table.asked[0, column] and not np.isnan(answer):
            for value in range(item.low, item.high + 1):
                if value != answer:
                    yield _Move(item.id, "answers", column, value), abs(value - int(answer))
    for part, ids, codes, told in (
        ("signs", catalog.signs, SIGN_ANSWERS, LINES["sign"]), ("tried", catalog.steps, TRIED, LINES["tried"]),
    ):  # fmt: skip
        for column, name in enumerate(ids):
            code = getattr(table, part)[0, column]
            if code >= 0:
                for other in range(len(codes)):
                    if other != code and codes[other] not in UNDONE:
                        cost = abs(told.index(codes[other]) - told.index(codes[code]))
                        yield _Move(name, part, column, other), cost


def _told(table: scores.Table, move: _Move) -> Change:
    before = getattr(table, move.part)[0, move.column]
    if move.part == "answers":
        return Change(move.question, int(before), int(move.value))
    codes = SIGN_ANSWERS if move.part == "signs" else TRIED
    return Change(move.question, codes[int(before)], codes[int(move.value)])


def steadiness(
    catalog: Catalog, responses: Mapping[str, int], facts: Facts, *, draws: int = DRAWS, spread: float = SPREAD
) -> Stability:
    """Return how often the first path stays first when answers are given again and every weight is a little other.

    Each answer moves by one point up or down in half of the draws, as people's answers do from one week to the next
    (our judgement, not measured); each weight is drawn evenly from within ±``spread``. The same seed gives the same
    draws.
    """
    table = scores.tabulate(catalog, [Case(responses=dict(responses), facts=facts)])
    chance = np.random.default_rng(SEED)
    many = _repeated(table, draws)
    step = chance.choice((-1, 0, 1), many.answers.shape, p=(MOVED / 2, 1 - MOVED, MOVED / 2))
    low = np.array([item.low for item in catalog.items.values()])
    high = np.array([item.high for item in catalog.items.values()])
    many = replace(many, answers=np.clip(many.answers + step, low, high))
    measured = scores.measure(catalog, many, scores.score(catalog, many))
    matrix = advice.weights(catalog, "paths")
    strength = advice.strengths(matrix, measured)
    used = np.flatnonzero(strength.any(axis=0))
    factors = chance.uniform(1 - spread, 1 + spread, (draws, len(matrix.targets), len(used)))
    points = advice.whole_points(factors * matrix.points[:, used] * strength[:, None, used]).sum(axis=2)
    fits = advice.fitting(catalog, "paths", many, measured)
    firsts = advice.rank(matrix, points, fits, advice.may_leave(catalog, many, measured))[:, 0]
    shares = {matrix.targets[path]: float(np.mean(firsts == path)) for path in np.unique(firsts)}
    first = matrix.targets[_order(catalog, table)[0, 0]]
    rivals = sorted(((path, share) for path, share in shares.items() if path != first), key=lambda rival: -rival[1])
    return Stability(first, shares.get(first, 0.0), draws, spread, tuple(rivals))


# --- many clients from one ------------------------------------------------------------------------------------------


def _repeated(table: scores.Table, times: int) -> scores.Table:
    return scores.Table(
        **{field.name: np.repeat(getattr(table, field.name), times, axis=0) for field in fields(scores.Table)}
    )


def _moved(table: scores.Table, moves: list[list[_Move]]) -> scores.Table:
    """Return a table with a row for each list of moves: the client with these answers."""
    many = _repeated(table, len(moves))
    for row, together in enumerate(moves):
        for move in together:
            part = getattr(many, move.part)
            if part.ndim == 1:
                part[row] = move.value
            else:
                part[row, move.column] = move.value
    return many


def _standing(catalog: Catalog, table: scores.Table) -> advice.Standing:
    measured = scores.measure(catalog, table, scores.score(catalog, table))
    return advice.stand_paths(catalog, table, measured, spoken=False)


def _order(catalog: Catalog, table: scores.Table) -> Ints:
    """Return the order of the paths for each row, without the rule of silence."""
    return _standing(catalog, table).order
