"""Dials: well-known profiles of roles are near or far as expected, also with errors in the figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from advisor.content.model import Case, Facts
from advisor.scoring import dials
from advisor.scoring.reading import read
from tests.newest import NEWEST
from tests.support import cases

TRAITS = NEWEST.of_kind("fit", "misfit")
MIDDLE = dict.fromkeys(TRAITS, 3)
# Traits that are not named have the score 50. near: these roles must be near; never: these must not be near.
PROFILES: dict[str, tuple[dict[str, int], tuple[str, ...], tuple[str, ...]]] = {
    "quiet and careful": (
        {"perseverance": 5, "accuracy": 5, "rule_following": 5, "solitude": 5, "unsung_pride": 4, "spotlight": 1,
         "novelty": 1, "roughness": 1, "direct_thanks": 2, "coordination": 2},
        ("accounting", "general_clerk"), ("pr", "customer_support", "sales_admin"),
    ),
    "lively and on stage": (
        {"spotlight": 5, "novelty": 5, "direct_thanks": 5, "coordination": 5, "adaptability": 4, "solitude": 1,
         "perseverance": 2, "rule_following": 2},
        ("pr",), ("accounting", "general_clerk", "legal"),
    ),
    "helper": (
        {"support": 5, "coordination": 5, "direct_thanks": 4, "unsung_pride": 5, "spotlight": 1, "solitude": 2},
        ("secretary", "customer_support"), ("accounting", "legal", "pr"),
    ),
    "number lover": (
        {"accuracy": 5, "roughness": 1, "perseverance": 4, "rule_following": 4, "solitude": 4, "direct_thanks": 2},
        ("accounting",), ("pr", "customer_support"),
    ),
    "writer": (
        {"novelty": 5, "rule_following": 2, "perseverance": 2, "spotlight": 4, "learning": 4, "unsung_pride": 2},
        ("pr",), ("general_clerk", "customer_support", "accounting"),
    ),
    "rule autosave": (
        {"rule_following": 5, "perseverance": 5, "novelty": 1, "accuracy": 4, "roughness": 2, "solitude": 4,
         "direct_thanks": 2, "coordination": 3},
        ("accounting", "general_clerk"), ("pr", "it_admin"),
    ),
}  # fmt: skip


def meetings(points: dict[str, int]) -> dict[str, str]:
    responses = {f"{trait}_1": point for trait, point in {**MIDDLE, **points}.items()}
    return {one.role: one.nearness for one in read(NEWEST, responses, Facts()).role_nearness}


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_is_near_to_the_roles_anybody_would_name_and_not_to_others(name: str) -> None:
    points, near, never = PROFILES[name]
    found = meetings(points)
    assert {role: found[role] for role in near} == dict.fromkeys(near, "near")
    assert [role for role in never if found[role] == "near"] == []


def test_who_stands_in_the_middle_of_everything_is_near_to_no_role() -> None:
    assert "near" not in meetings({}).values()


@given(cases(NEWEST))
def test_near_roles_come_first_and_nothing_marked_stands_against_them(case: Case) -> None:
    found = read(NEWEST, case.responses, case.facts).role_nearness
    assert [dials.KINDS.index(one.nearness) for one in found] == sorted(
        dials.KINDS.index(one.nearness) for one in found
    )
    assert all(not one.apart and one.close for one in found if one.nearness == "near")
    assert {one.role for one in found} in (set(), set(NEWEST.roles))


def test_with_a_trait_of_a_dial_untold_nothing_is_said_of_roles() -> None:
    responses = {f"{trait}_1": 3 for trait in TRAITS if trait != "spotlight"}
    assert read(NEWEST, responses, Facts()).role_nearness == ()


def test_the_dials_are_those_that_were_computed_for_the_ten_roles() -> None:
    """The dials equal the sums of standardised traits from an independent analysis (roles in the catalogue's order)."""
    names = ["accounting", "hr", "pr", "general_affairs", "secretary", "legal", "sales_admin", "general_clerk",
             "it_admin", "customer_support"]  # fmt: skip
    outward = [-4.1, -1.4, 0.5, -1.4, 2.4, -0.2, 1.3, -2.1, 0.4, 4.8]
    place = [list(NEWEST.roles).index(name) for name in names]
    values = dials.profiles(NEWEST).values[place, list(NEWEST.dials).index("outward")]
    assert np.allclose(values, np.array(outward) / np.std(outward), atol=0.05)


def test_what_is_near_stays_near_under_errors_of_the_figures_in_most_draws() -> None:
    """Each figure gets an error of 0.35 z (assumed), because only about twenty people answered for an occupation."""
    chance, z = np.random.default_rng(1), dials.z_scores(NEWEST)
    points = {**MIDDLE, **PROFILES["quiet and careful"][0]}
    signed = [
        np.mean([sign * (points[trait] - 3) / 2 for trait, sign in dial.client.items()])
        for dial in NEWEST.dials.values()
    ]
    place = list(NEWEST.roles).index("accounting")
    hits = 0
    for _ in range(200):
        row = dials.roles_on(NEWEST, z + chance.normal(0, 0.35, z.shape))[place]
        agreement = float(np.array(signed) @ row / np.abs(row).sum())
        hits += agreement >= dials.NEAR
    assert hits >= 180
