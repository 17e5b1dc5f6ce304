"""Sensitivity of the first path: open questions, small changes of answers, and errors of measurement.

Each function makes a table of clients who differ from the given client in a few answers. One call then ranks the paths
for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from advisor.content import measures
from advisor.content.model import SIGN_ANSWERS, SITUATIONS, TRIED, Case, Facts
from advisor.scoring import advice, scores
from advisor.scoring.options import SIGN_ORDER
from advisor.scoring.results import Change, Flip, Stability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advisor.content.catalog import Catalog

    Ints = NDArray[np.int64]

DRAWS, SPREAD, SEED = 400, 0.2, 20260
MOVED = 0.5  # share of draws in which an answer moves by one point: half of these up, half down
TOP = 3
NEAR = 4  # the largest cost of two changes together
UNDONE = ("untried", "unknown")  # answers into which small_change changes nothing

TRIED_ORDER = ("without_effect", "untried", "with_effect")  # answers to a tried step in order, as SIGN_ORDER


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """An unanswered question, and how much its answers could change.

    ``question``: an item id, ``sign_…``, ``tried_…`` or ``situation``.
    ``first``: the share (0-1) of its possible answers that put another path first.
    ``top``: the share (0-1) of the first three paths that change, as a mean over its possible answers.
    ``missing``: the workbook is silent, and the question is one that it lacks.
    """

    question: str
    first: float
    top: float
    missing: bool


@dataclass(frozen=True, slots=True)
class _Move:
    """One answer to one question: ``column`` of the table's array ``part`` gets ``value``."""

    question: str
    part: str
    column: int
    value: float


def open_questions(catalog: Catalog, responses: Mapping[str, int], facts: Facts) -> tuple[OpenQuestion, ...]:
    """Return the unanswered questions that could change the order of paths, most valuable first.

    The function ranks the paths for every possible answer, without the rule of silence. It sorts the questions by
    ``first``, then by ``top``, then ``missing`` before not missing, then by the order of the questionnaire.
    """
    table = scores.tabulate(catalog, [Case(responses=dict(responses), facts=facts)])
    moves = list(_unanswered(catalog, table))
    if not moves:
        return ()
    now, then = _order(catalog, table), _order(catalog, _moved(table, [[move] for move in moves]))
    lacks = _lacked(catalog, table)
    effects: dict[str, list[tuple[bool, float]]] = {}  # question → for each answer: another path first, share moved
    for move, order in zip(moves, then, strict=True):
        shift = np.setdiff1d(order[:TOP], now[0, :TOP]).size / TOP
        effects.setdefault(move.question, []).append((bool(order[0] != now[0, 0]), shift))
    questions = [
        OpenQuestion(
            name,
            float(np.mean([first for first, _ in answers])),
            float(np.mean([shift for _, shift in answers])),
            name in lacks,
        )
        for name, answers in effects.items()
    ]
    ranked = sorted(questions, key=lambda asked: (-round(asked.first, 6), -round(asked.top, 6), not asked.missing))
    return tuple(question for question in ranked if question.first or question.top or question.missing)


def _unanswered(catalog: Catalog, table: scores.Table) -> Iterator[_Move]:
    """Yield every possible answer to every question that is asked and not answered."""
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
            # a client cannot have tried a step that exists only for other roles
            own = not row.when.roles or (role >= 0 and roles[role] in row.when.roles)
            if table.tried[0, column] < 0 and step in present and own:
                yield from (_Move(f"tried_{step}", "tried", column, code) for code in range(len(TRIED)))


def _lacked(catalog: Catalog, table: scores.Table) -> set[str]:
    """Return the questions whose answers the workbook needs to end its silence; answered items may be among them."""
    measured = scores.measure(catalog, table, scores.score(catalog, table))
    (situation,), (traits,), (worries,) = advice.missing_answers(catalog, table, measured)
    kinds = [kind for kind, short in (("fit", traits), ("misfit", traits), ("frustration", worries)) if short]
    scales = [name for name, scale in catalog.scales.items() if scale.kind in kinds]
    return {item.id for item in catalog.items.values() if item.scale in scales} | (
        {"situation"} if situation else set()
    )


def small_change(catalog: Catalog, responses: Mapping[str, int], facts: Facts) -> Flip | None:
    """Return the smallest change of at most two given answers that puts another path first; None if there is none.

    The cost of a change is the number of points by which answers move: slider points, or places on the lines yes -
    unknown - no and without effect - untried - with effect. If several changes have the same cost, the function returns
    the one that puts its path furthest ahead. No step becomes untried and no sign unknown, because a client cannot undo
    what they did or forget what they know.
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
    """Yield every other answer to each answered question, with its cost."""
    for column, item in enumerate(catalog.items.values()):
        answer = table.answers[0, column]
        if table.asked[0, column] and not np.isnan(answer):
            for value in range(item.low, item.high + 1):
                if value != answer:
                    yield _Move(item.id, "answers", column, value), abs(value - int(answer))
    for part, ids, codes, line in (
        ("signs", catalog.signs, SIGN_ANSWERS, SIGN_ORDER), ("tried", catalog.steps, TRIED, TRIED_ORDER),
    ):  # fmt: skip
        for column, name in enumerate(ids):
            code = getattr(table, part)[0, column]
            if code >= 0:
                for other in range(len(codes)):
                    if other != code and codes[other] not in UNDONE:
                        cost = abs(line.index(codes[other]) - line.index(codes[code]))
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
    """Return the share of draws in which the first path stays first while answers and weights vary.

    In half of the draws an answer moves by one point up or down, as answers do from one week to the next (our
    judgement, not measured). Each draw multiplies every weight by a uniform factor from 1 - ``spread`` to
    1 + ``spread``. The seed is fixed, so the result is the same each time.
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
    """Return a table with one row for each list of moves: the client after these moves."""
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
    return advice.path_standing(catalog, table, measured, spoken=False)


def _order(catalog: Catalog, table: scores.Table) -> Ints:
    """Return the order of the paths (clients x paths), without the rule of silence."""
    return _standing(catalog, table).order
