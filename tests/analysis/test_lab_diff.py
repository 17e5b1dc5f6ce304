"""The difference of two scoring versions: exactly what was changed, and for whom it matters."""

from __future__ import annotations

from hypothesis import given

from advisor.analysis.lab.diff import KINDS, Effect, changes, diff, read_alike
from advisor.analysis.lab.parameters import figures, is_weight, vary
from advisor.content.model import Case, Facts, Weight
from advisor.scoring import scores
from tests import lab_cohort
from tests.lab_cohort import TABLE, cohort
from tests.support import CATALOG, THEN, suited, varied


@given(lab_cohort.changes())
def test_what_was_varied_is_what_differs(wanted: dict[str, float | None]) -> None:
    before = figures(CATALOG.scoring)
    found = changes(CATALOG.scoring, vary(CATALOG, wanted).scoring)
    assert {change.path: (change.old, change.new) for change in found} == {
        path: (before.get(path), value) for path, value in wanted.items() if before.get(path) != value
    }
    assert [KINDS.index(change.kind) for change in found] == sorted(KINDS.index(change.kind) for change in found)


@given(lab_cohort.changes())
def test_the_way_back_is_the_difference_read_backwards(wanted: dict[str, float | None]) -> None:
    other = vary(CATALOG, wanted).scoring
    there = {(change.path, change.old, change.new) for change in changes(CATALOG.scoring, other)}
    assert {(change.path, change.new, change.old) for change in changes(other, CATALOG.scoring)} == there


def test_a_version_does_not_differ_from_itself() -> None:
    found = diff(CATALOG, CATALOG, TABLE)
    assert found.empty
    assert found.cases == ()
    assert found.effect == Effect(len(TABLE.answers), 0, 0, 0, 0, 0)


def test_another_name_is_no_difference() -> None:
    renamed = varied(version="2999-1")
    assert diff(CATALOG, renamed).empty
    assert (diff(CATALOG, renamed).old, diff(CATALOG, renamed).new) == (CATALOG.scoring.version, "2999-1")


def test_sources_that_change_are_told_after_all_figures() -> None:
    steps = {name: dict(row) for name, row in THEN.scoring.steps.items()}
    steps["quantify"]["visibility"] = Weight(points=31, stated=True, sources=("workbook",))
    found = changes(THEN.scoring, varied(THEN, steps=steps).scoring)
    assert [(change.kind, change.path, change.old, change.new) for change in found] == [
        ("weight", "steps.quantify.visibility", 30, 31),
        ("weight", "steps.quantify.visibility.stated", False, True),
        ("source", "steps.quantify.visibility.sources", ("zcareer-evaluation", "workbook"), ("workbook",)),
    ]


def test_a_rule_that_comes_or_goes_is_one_difference() -> None:
    gates = dict(THEN.scoring.gates)
    gates["worn_out"] = gates.pop("signs_against")
    features = {name: ramp for name, ramp in THEN.scoring.features.items() if name != "envy"}
    features["worn_out"] = features["burden"]
    found = changes(THEN.scoring, varied(THEN, gates=gates, features=features).scoring)
    told = "measure signs_yes, at 2.0, below False"
    assert [(change.kind, change.path, change.old, change.new) for change in found] == [
        ("feature", "features.worn_out", None, "measure frustrations, start 40.0, end 90.0"),
        ("gate", "gates.signs_against", told, None),
        ("gate", "gates.worn_out", None, told),
    ]


def test_what_stands_at_one_target_is_told_together() -> None:
    wanted = {"steps.quantify.criteria": 5, "steps.quantify.visibility": 29, "steps.own_reason.unsure": None}
    found = changes(THEN.scoring, vary(THEN, wanted).scoring)
    assert [change.path for change in found] == [
        "steps.quantify.visibility",
        "steps.quantify.criteria",
        "steps.own_reason.unsure",
    ]
    assert all(is_weight(change.path) for change in found)


def test_whom_it_matters_for_is_counted() -> None:
    some = cohort(400, catalog=THEN)
    found = diff(THEN, vary(THEN, {"paths.fair_employer.reward": -100, "gates.signs_against.at": 1}), some)
    assert found.effect is not None
    assert found.effect.n == len(some.answers)
    assert min(found.effect.first_path, found.effect.gates) > 0
    assert found.effect.top_steps == found.effect.silent == found.effect.spoken == 0
    assert [case.name for case in found.cases] == ["a_accounting", "b_general_affairs"]
    assert found.cases_n == 3


def test_versions_that_read_a_cohort_otherwise_are_given_it_twice() -> None:
    assert read_alike(CATALOG, varied(min_answered=0.5))
    assert not read_alike(THEN, CATALOG)
    people = [Case(suited(75), facts=Facts(situation="wants_in")), Case()]
    tables = [scores.tabulate(catalog, people) for catalog in (THEN, CATALOG)]
    found = diff(THEN, CATALOG, *tables)
    assert found.effect is not None
    assert (found.effect.n, found.effect.silent, found.effect.spoken) == (2, 1, 0)
    assert {change.kind for change in found.changes} >= {"choosing", "weight", "content", "text"}
    assert found.cases_n == 3


def test_a_rule_of_choosing_is_a_difference_of_its_own_kind() -> None:
    wanted = {"choosing.near_tie": 6, "choosing.silence.inside.traits": 10}
    found = changes(CATALOG.scoring, vary(CATALOG, wanted).scoring)
    assert [(change.kind, change.path) for change in found] == [
        ("choosing", "choosing.near_tie"), ("choosing", "choosing.silence.inside.traits"),
    ]  # fmt: skip


def test_without_a_cohort_nobody_is_counted() -> None:
    assert diff(CATALOG, vary(CATALOG, {"paths.fair_employer.reward": 5})).effect is None
