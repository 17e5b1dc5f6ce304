"""Reach of the steps in the newest version, on seeded people: not everybody gets the same three steps."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from advisor.analysis.cohort.facts import load
from advisor.content.model import SIGN_ANSWERS, SITUATIONS, TRIED, Case, Facts
from advisor.scoring import advice, scores
from tests.newest import NEWEST

if TYPE_CHECKING:
    from collections.abc import Sequence

QUICK = [item for item in NEWEST.items.values() if item.quick]
TRAITS = [item.id for item in QUICK if NEWEST.scales[item.scale].kind in {"fit", "misfit"}]
OTHERS = [item.id for item in QUICK if NEWEST.scales[item.scale].kind in {"frustration", "consequence"}]
NEIGHBOUR = "customer_support"  # a role at the front; the other nine are the back office


def threes(people: Sequence[Case]) -> list[tuple[str, ...]]:
    """Return the first three steps of each client."""
    table = scores.tabulate(NEWEST, people)
    measured = scores.measure(NEWEST, table, scores.score(NEWEST, table))
    found = advice.standing(NEWEST, "steps", table, measured)
    return [
        tuple(found.targets[place] for place in found.order[row, :3] if found.fits[row, place])
        for row in range(len(people))
    ]


def points(chance: np.random.Generator, items: list[str]) -> dict[str, int]:
    return {item: int(point) for item, point in zip(items, chance.integers(1, 6, len(items)), strict=True)}


@pytest.fixture(scope="module")
def aspirants() -> list[tuple[str, ...]]:
    """The first three steps of 1,000 random people who want in."""
    chance = np.random.default_rng(7)
    known = tuple(NEWEST.statements["experience"])

    def one() -> Case:
        years = int(chance.integers(0, 15)) if chance.random() < 0.7 else None
        experience = tuple(name for name in known if chance.random() < 0.25)
        return Case(points(chance, TRAITS), facts=Facts(situation="wants_in", years=years, experience=experience))

    return threes([one() for _ in range(1000)])


@pytest.fixture(scope="module")
def by_role() -> list[list[tuple[str, ...]]]:
    """The first three steps of 200 random people inside, in each of the nine back-office roles."""
    chance = np.random.default_rng(8)
    roles = [role for role in NEWEST.roles if role != NEIGHBOUR]
    worries = np.array(NEWEST.of_kind("frustration"))
    people = []
    for _ in range(200):
        answers = points(chance, [*TRAITS, *OTHERS])
        facts = Facts(
            situation="inside",
            years=int(chance.integers(0, 20)),
            signs={sign: SIGN_ANSWERS[chance.integers(3)] for sign in NEWEST.signs if chance.random() < 0.6},
            tried={
                step: TRIED[chance.integers(3)]
                for step, row in NEWEST.steps.items()
                if "inside" in row.situations and chance.random() < 0.2
            },
            priorities=tuple(worries[chance.choice(9, int(chance.integers(0, 4)), replace=False)].tolist()),
        )
        people.append(threes([Case(answers, facts=replace(facts, role=role)) for role in roles]))
    return people


def test_a_thousand_people_who_want_in_are_not_told_the_same_three(aspirants: list[tuple[str, ...]]) -> None:
    counted = Counter(map(frozenset, aspirants))
    assert len(counted) >= 25
    assert max(counted.values()) <= 150


def test_another_role_is_told_other_steps(by_role: list[list[tuple[str, ...]]]) -> None:
    different = [len(set(told)) >= 4 for told in by_role]
    assert np.mean(different) >= 0.5


def test_every_step_is_among_the_first_three_of_somebody(
    aspirants: list[tuple[str, ...]], by_role: list[list[tuple[str, ...]]]
) -> None:
    told = {step for three in [*aspirants, *(three for one in by_role for three in one)] for step in three}
    assert set(NEWEST.steps) - told == set()


@pytest.mark.slow
def test_one_answer_one_point_off_rarely_puts_another_path_first() -> None:
    """Fewer than 5 % of all changes of one answer by one point do so, for people inside in the synthetic cohort."""
    table = load(NEWEST, NEWEST.folder / "samples/cohort.parquet").table
    inside = np.flatnonzero(table.situation == SITUATIONS.index("inside"))[::32]
    table = scores.Table(**{field.name: getattr(table, field.name)[inside] for field in fields(scores.Table)})

    def first(people: scores.Table) -> np.ndarray:
        measured = scores.measure(NEWEST, people, scores.score(NEWEST, people))
        found = advice.path_standing(NEWEST, people, measured)
        return np.where(np.take_along_axis(found.fits, found.order[:, :1], 1)[:, 0], found.order[:, 0], -1)

    now, moved, tried = first(table), 0, 0
    for column, item in enumerate(NEWEST.items.values()):
        for step in (-1, 1):
            other = table.answers[:, column] + step
            can = table.asked[:, column] & (other >= item.low) & (other <= item.high)
            answers = table.answers.copy()
            answers[can, column] = other[can]
            moved += int((first(replace(table, answers=answers)) != now)[can].sum())
            tried += int(can.sum())
    assert tried > 6_000
    assert moved / tried < 0.05
