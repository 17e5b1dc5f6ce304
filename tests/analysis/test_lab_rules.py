"""Rules that never speak and answers that are for nothing: found by structure, and confirmed by trying."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.analysis.lab.outcome import evaluate, some_rows
from advisor.analysis.lab.parameters import figures, is_weight, vary
from advisor.analysis.lab.rules import reached, silent, uses
from advisor.analysis.lab.search import bring_forward, inert, unreached
from advisor.content.case_checks import problems_of_case
from advisor.content.model import FIXED, SITUATIONS, Case
from advisor.scoring import scores
from advisor.scoring.reading import read
from tests.lab_cohort import BASE, PARAMETERS
from tests.support import CATALOG, THEN

BURDENS = (".connection", ".burden")
WITHOUT_CONNECTION = {path: None for path in PARAMETERS if is_weight(path) and path.endswith(BURDENS)}


def test_who_tells_nothing_hears_from_few_rules() -> None:
    found = silent(evaluate(CATALOG, scores.tabulate(CATALOG, [Case()])))
    assert found.features == tuple(CATALOG.scoring.features), "who hears nothing first hears no rule"
    assert found.gates_never == tuple(CATALOG.scoring.gates)
    assert found.gates_always == ()
    assert "paths.consult_first.unsure" in found.weights
    before = silent(evaluate(THEN, scores.tabulate(THEN, [Case()])))
    assert set(THEN.scoring.features) - set(before.features) == {"baseline", "experience_none"}


def test_in_a_large_cohort_every_rule_speaks() -> None:
    found = silent(BASE)
    assert (found.features, found.weights, found.gates_never, found.gates_always) == ((), (), (), ())


def test_a_weight_too_light_to_be_a_point_is_named() -> None:
    flat = vary(CATALOG, {"features.learning.end": 99, "steps.qualification.learning": 0})
    assert silent(evaluate(flat, BASE.table)).weights == ("steps.qualification.learning",)


def test_a_gate_that_everybody_passes_is_named() -> None:
    assert (
        silent(evaluate(vary(CATALOG, {"gates.signs_against.at": 0}), BASE.table)).gates_always == ()
    )  # some told none
    inside = BASE.table.situation != SITUATIONS.index("wants_in")  # of who is outside no sign counts
    told = some_rows(BASE.table, np.flatnonzero((BASE.table.signs >= 0).any(axis=1) & inside))
    assert silent(evaluate(vary(CATALOG, {"gates.signs_against.at": 0}), told)).gates_always == ("signs_against",)


def test_every_first_place_and_every_place_among_three_is_counted() -> None:
    found = reached(BASE)
    told = len(BASE) - BASE.silent.sum()
    assert 0 < told < len(BASE)
    assert sum(reach.first for reach in found if reach.group == "paths") == told
    assert sum(reach.first for reach in found if reach.group == "steps") <= told
    assert all(reach.first <= reach.top <= len(BASE) for reach in found)


# --- answers ------------------------------------------------------------------------------------------------------


def test_nothing_is_asked_for_nothing_any_more() -> None:
    assert [use.name for use in uses(THEN) if use.idle] == [*FIXED, "role"]
    assert [use.name for use in uses(CATALOG) if use.idle] == []
    assert len({(use.kind, use.name) for use in uses(CATALOG)}) == len(uses(CATALOG))


def test_an_answer_s_uses_are_those_of_all_it_is_reckoned_into() -> None:
    found = {use.name: set(use.uses) for use in uses(CATALOG) if use.kind in {"item", "sign", "fact"}}
    assert found["support_1"] >= {"gates", "index", "paths", "roles", "silence", "style"}  # by the index
    assert found["envy_1"] >= {"hints", "paths", "steps", "style"}  # by the consequences together
    assert "silence" not in found["envy_1"], "only traits and worries are counted"
    assert found["reward_1"] >= {
        "gates",
        "paths",
        "silence",
        "steps",
    }  # a worry that is high lets a path that leaves in
    assert found["criteria_hidden"] >= {"gates", "paths", "steps"}
    assert found["situation"] >= {"paths", "silence", "steps"}
    assert found["role"] >= {"steps", "words"}
    other = {(use.kind, use.name): set(use.uses) for use in uses(CATALOG)}
    assert "paths" in other["fixed", "hours"]  # some paths go against it
    assert other["experience", "it"] >= {"paths", "steps", "words"}
    for step, row in CATALOG.steps.items():  # what can be tried in the present job counts for gates too
        assert ("gates" in other["tried", step]) == ("inside" in row.situations)
    before = {(use.kind, use.name): set(use.uses) for use in uses(THEN)}
    assert before["fact", "years"] == {"paths"}
    for step, row in THEN.steps.items():
        assert before["tried", step] == ({"gates", "paths", "steps"} if "inside" in row.situations else {"steps"})


def test_a_scale_without_any_weight_is_asked_for_nothing() -> None:
    idle = {(use.kind, use.name) for use in uses(vary(CATALOG, WITHOUT_CONNECTION)) if use.idle}
    assert idle == {("priority", "connection")}, "its questions still count for silence, and as a worry"
    mute = vary(THEN, {path: None for path in figures(THEN.scoring) if is_weight(path) and path.endswith(BURDENS)})
    items = {("item", item.id) for item in THEN.items_of("connection")}
    found = {(use.kind, use.name) for use in uses(mute) if use.idle}
    assert found == {("fact", "role"), ("priority", "connection"), *(("fixed", name) for name in FIXED)} | items


@pytest.mark.slow
def test_what_is_for_nothing_by_structure_changes_nobody_s_advice_when_tried() -> None:
    base = evaluate(vary(CATALOG, WITHOUT_CONNECTION), BASE.table)
    found = inert(base)
    tried = {(use.kind, use.name) for use in found.answers}
    assert {(use.kind, use.name) for use in uses(base.catalog) if use.idle} <= tried
    assert ("item", "reward_1") not in tried
    assert found.rows == len(base)


@pytest.mark.slow
def test_answers_that_nobody_was_asked_for_are_told_apart() -> None:
    quick = BASE.table.asked & scores.key(CATALOG).quick
    from dataclasses import replace

    found = inert(evaluate(CATALOG, replace(BASE.table, asked=quick)), most=50)
    assert {use.name for use in found.unasked} == {item.id for item in CATALOG.items.values() if not item.quick}
    assert found.rows == 50


def test_for_one_client_only_what_can_outweigh_the_rest_matters() -> None:
    """Somebody who told nothing: no single answer ends the silence; in 2026-1 the situation brought another path."""
    every = [(use.kind, use.name) for use in uses(CATALOG)]
    quick = {item.id for item in CATALOG.items.values() if item.quick}
    found = inert(evaluate(CATALOG, scores.tabulate(CATALOG, [Case()])))
    assert [(use.kind, use.name) for use in found.answers] == [
        one for one in every if one[0] != "item" or one[1] in quick
    ]
    before = {use.name for use in inert(evaluate(THEN, scores.tabulate(THEN, [Case()]))).answers}
    assert "years" in before
    assert "situation" not in before
    assert "reward_1" not in before


@pytest.mark.slow
def test_role_experience_and_what_cannot_move_are_tried_with_every_value() -> None:
    found = {(use.kind, use.name) for use in inert(BASE).answers}
    assert ("fact", "role") not in found, "steps are there for some roles only"
    assert ("experience", "it") not in found
    assert ("fixed", "hours") not in found
    assert ("fixed", "pay") in found, "nothing goes against it: it only changes what is said"


# --- bringing a target to the front -------------------------------------------------------------------------------


@pytest.mark.parametrize("group", ["steps", "paths"])
@pytest.mark.slow
def test_answers_that_bring_a_target_first_do_so_when_they_are_read(group: str) -> None:
    for target in getattr(CATALOG, group):
        case = bring_forward(CATALOG, group, target)  # type: ignore[arg-type]
        assert case is not None, target
        assert list(problems_of_case(CATALOG, case)) == []
        assert getattr(read(CATALOG, case.responses, case.facts), group)[0].target == target


@pytest.mark.slow
def test_a_path_without_a_good_word_is_found_to_be_unreachable() -> None:
    weights = {
        path: None for path in PARAMETERS if path.startswith("paths.front_office.") and not path.endswith("solitude")
    }
    mute = vary(CATALOG, weights)
    assert bring_forward(mute, "paths", "front_office") is None
    found = next(one for one in unreached(evaluate(mute, BASE.table)) if one.target == "front_office")
    assert (found.group, found.place, found.case) == ("paths", 1, None)


def test_a_step_that_the_cohort_never_sees_is_shown_with_answers_that_would_bring_it() -> None:
    faint = vary(CATALOG, {path: 1 for path in PARAMETERS if path.startswith("steps.one_order.")})
    found = [one for one in unreached(evaluate(faint, BASE.table)) if one.target == "one_order"]
    assert found
    for one in found:
        assert one.case is not None
        steps = read(faint, one.case.responses, one.case.facts).steps
        assert "one_order" in [step.target for step in steps[: one.place]]
