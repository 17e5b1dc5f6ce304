"""Checks of a case: every id must be known and every answer on its scale."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from advisor.content.case_checks import PRIORITIES_MAX, WISH_MAX, problems_of_case
from advisor.content.datafiles import reason
from advisor.content.model import Case, Facts
from tests.support import CATALOG, FRUSTRATIONS, cases

FULL = Case(
    responses={"support_1": 1, "reward_3": 5},
    marks={"support_1": "discuss", "envy_1": "skip"},
    facts=Facts(
        situation="unsure",
        role="other",
        years=60,
        priorities=FRUSTRATIONS[:PRIORITIES_MAX],
        signs={"no_feedback": "unknown"},
        tried={"own_reason": "with_effect"},
        experience=("service", "it"),
        widened=("reward", "support"),
        wish="x" * WISH_MAX,
    ),
)


def places(case: Case) -> list[str]:
    return [".".join(location) for location, _ in problems_of_case(CATALOG, case)]


@given(cases())
def test_whatever_can_be_answered_is_without_problems(case: Case) -> None:
    assert places(case) == []


def test_the_ends_of_every_range_are_allowed() -> None:
    assert places(FULL) == []
    assert places(Case()) == []
    assert places(replace(FULL, facts=replace(FULL.facts, role="legal", years=0))) == []


@pytest.mark.parametrize("answer", [0, 6, -1, 2.0, 2.5, True, "3", None, [3], float("nan")])
def test_an_answer_is_a_whole_number_on_the_scale_of_its_item(answer: Any) -> None:
    (problem,) = problems_of_case(CATALOG, Case(responses={"support_1": answer}))
    assert problem == (("responses", "support_1"), reason("whole_number", low=1, high=5))


def test_an_answer_to_an_unknown_item_is_named() -> None:
    assert places(Case(responses={"nothing_1": 3})) == ["responses.nothing_1"]


def test_a_skipped_item_has_no_answer() -> None:
    assert places(Case(responses={"envy_1": 3}, marks={"envy_1": "skip"})) == ["responses.envy_1"]
    assert places(Case(responses={"envy_1": 3}, marks={"envy_1": "discuss"})) == []


@pytest.mark.parametrize("marks", [{"nothing_1": "skip"}, {"envy_1": "later"}, {"envy_1": ["skip"]}, {"envy_1": None}])
def test_a_mark_is_a_known_one_on_a_known_item(marks: Any) -> None:
    assert places(Case(marks=marks)) == [f"marks.{next(iter(marks))}"]


@pytest.mark.parametrize(
    ("fact", "value", "place"),
    [
        ("situation", "outside", ""), ("situation", 1, ""), ("situation", ["inside"], ""),
        ("role", "king", ""), ("role", "", ""), ("role", ["legal"], ""),
        ("years", -1, ""), ("years", 61, ""), ("years", 3.0, ""), ("years", "3", ""), ("years", True, ""),
        ("priorities", ("support",), ".0"), ("priorities", ("reward", "nothing"), ".1"),
        ("priorities", ("motivation",), ".0"), ("priorities", ("reward", "reward"), ".1"), ("priorities", "reward", ""),
        ("priorities", FRUSTRATIONS[:4], ""), ("priorities", ["reward"], ""), ("priorities", (["reward"],), ".0"),
        ("signs", {"nothing": "yes"}, ".nothing"), ("signs", {"no_feedback": "maybe"}, ".no_feedback"),
        ("signs", ("yes",), ""),
        ("tried", {"nothing": "untried"}, ".nothing"), ("tried", {"quantify": True}, ".quantify"), ("tried", None, ""),
        ("experience", ("flying",), ".0"), ("experience", ("it", "it"), ".1"), ("experience", None, ""),
        ("widened", ("quantify",), ".0"), ("widened", ({},), ".0"),
        ("wish", "x" * (WISH_MAX + 1), ""), ("wish", None, ""), ("wish", 5, ""),
    ],
)  # fmt: skip
def test_a_fact_that_no_question_offers_is_named(fact: str, value: Any, place: str) -> None:
    wrong: dict[str, Any] = {fact: value}
    assert places(replace(FULL, facts=replace(FULL.facts, **wrong))) == [f"facts.{fact}{place}"]


def test_every_problem_is_told_not_only_the_first() -> None:
    wrong: Any = {"nothing_1": 3, "support_1": 9}
    assert places(Case(responses=wrong, marks=wrong, facts=Facts(years=99))) == [
        "responses.nothing_1", "responses.support_1", "marks.nothing_1", "marks.support_1", "facts.years",
    ]  # fmt: skip
