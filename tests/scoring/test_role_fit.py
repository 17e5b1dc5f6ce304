"""Role fit: demands equal an independent computation from the O*NET table, and the parts of a fit add up."""

from __future__ import annotations

import csv
from statistics import fmean, pstdev

import numpy as np
import pytest
from hypothesis import given

from advisor.content.folder import data_dir
from advisor.content.model import Case
from advisor.scoring import role_fit
from advisor.scoring import scores as scoring
from tests.support import CATALOG, TRAITS, cases, quick, suited


def scores(case: Case) -> role_fit.Floats:
    return scoring.score(CATALOG, scoring.tabulate(CATALOG, [case]))


def demand(role: str, trait: str) -> float:
    """Compute a role's demand for a trait from the file, style by style, by the documented formula."""
    with (data_dir() / "onet/occupations.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["style_persistence"]]
    styles = CATALOG.work_styles[trait].styles
    total = 0.0
    for style, weight in styles.items():
        column = [float(row[f"style_{style}"]) for row in rows]
        wanted = [float(row[f"style_{style}"]) for row in rows if row["soc_code"] in CATALOG.roles[role].occupations]
        assert len(wanted) == len(CATALOG.roles[role].occupations)
        total += weight * (fmean(wanted) - fmean(column)) / pstdev(column)
    return total / sum(map(abs, styles.values()))


@pytest.mark.parametrize("trait", TRAITS)
def test_a_role_asks_for_a_trait_as_far_as_its_occupations_stand_out(trait: str) -> None:
    column = role_fit.demands(CATALOG)[:, TRAITS.index(trait)]
    assert column == pytest.approx([demand(role, trait) for role in CATALOG.roles], abs=1e-9)


@pytest.mark.parametrize(
    ("trait", "more", "less"),
    [("coordination", "hr", "accounting"), ("learning", "it_admin", "general_clerk"), ("solitude", "legal", "pr")],
)
def test_roles_that_differ_in_life_differ_in_what_they_ask(trait: str, more: str, less: str) -> None:
    asked = dict(zip(CATALOG.roles, role_fit.demands(CATALOG)[:, TRAITS.index(trait)], strict=True))
    assert asked[more] > asked[less] + 0.5


def test_a_profile_in_the_middle_fits_every_role_by_half() -> None:
    fits = role_fit.fit(CATALOG, scores(Case(quick(*TRAITS, point=3))))
    assert [(fit.role, fit.value) for fit in fits] == [(role, 50) for role in CATALOG.roles]
    assert {part for fit in fits for _, part in fit.reasons} == {0}


@pytest.mark.parametrize("role", CATALOG.roles)
def test_a_profile_that_points_the_way_a_role_asks_fits_it_fully_and_its_mirror_not_at_all(role: str) -> None:
    wanted = role_fit.demands(CATALOG)[list(CATALOG.roles).index(role)]
    towards = {f"{trait}_1": 5 if asked > 0 else 1 for trait, asked in zip(TRAITS, wanted, strict=True)}
    away = {item: 6 - answer for item, answer in towards.items()}
    values = [
        {fit.role: fit.value for fit in role_fit.fit(CATALOG, scores(Case(answers)))}[role]
        for answers in (towards, away)
    ]
    assert values == [pytest.approx(100, abs=1e-9), pytest.approx(0, abs=1e-9)]


@given(cases())
def test_the_parts_add_up_to_the_distance_from_the_middle(case: Case) -> None:
    for fit in role_fit.fit(CATALOG, scores(case)):
        assert 0 <= fit.value <= 100
        assert 50 + sum(part for _, part in fit.reasons) == pytest.approx(fit.value, abs=1e-9)
        assert {trait for trait, _ in fit.reasons} == set(TRAITS)


@given(cases())
def test_roles_come_closest_first_with_their_strongest_reasons_first(case: Case) -> None:
    fits = role_fit.fit(CATALOG, scores(case))
    values = [fit.value for fit in fits]
    assert values == sorted(values, reverse=True)
    for fit in fits:
        sizes = [abs(part) for _, part in fit.reasons]
        assert sizes == sorted(sizes, reverse=True)


def test_a_missing_trait_speaks_neither_for_nor_against() -> None:
    answers = suited(100)
    del answers["novelty_1"]
    fits = role_fit.fit(CATALOG, scores(Case(answers)))
    assert len(fits) == len(CATALOG.roles)
    assert {dict(fit.reasons)["novelty"] for fit in fits} == {0}
    # the fit uses only the scored traits
    known = [trait != "novelty" for trait in TRAITS]
    direction = np.array([1.0 if trait in CATALOG.of_kind("fit") else -1.0 for trait in TRAITS])
    for fit in fits:
        wanted = role_fit.demands(CATALOG)[list(CATALOG.roles).index(fit.role)]
        expected = 50 + 50 * (wanted * direction)[known].sum() / np.abs(wanted[known]).sum()
        assert fit.value == pytest.approx(expected, abs=1e-9)


def test_with_fewer_than_twelve_traits_nothing_is_said_about_roles() -> None:
    assert len(role_fit.fit(CATALOG, scores(Case(quick(*TRAITS[:12], point=4))))) == 10
    assert role_fit.fit(CATALOG, scores(Case(quick(*TRAITS[:11], point=4)))) == ()
    assert role_fit.fit(CATALOG, scores(Case())) == ()
