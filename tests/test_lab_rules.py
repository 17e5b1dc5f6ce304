"""Rules that never speak and answers that are for nothing: found by structure, and confirmed by trying."""

from __future__ import annotations

import numpy as np
import pytest

from advisor import scoring
from advisor.cases import problems_of_case
from advisor.lab.knobs import is_weight, vary
from advisor.lab.outcome import evaluate
from advisor.lab.rules import reached, silent, uses
from advisor.lab.search import bring_forward, inert, some_rows, unreached
from advisor.model import Case
from advisor.reading import read
from tests.lab_cohort import BASE, KNOBS
from tests.support import CATALOG

WITHOUT_CONNECTION = {path: None for path in KNOBS if is_weight(path) and path.endswith((".connection", ".burden"))}


def test_who_tells_nothing_hears_from_few_rules() -> None:
    found = silent(evaluate(CATALOG, scoring.tabulate(CATALOG, [Case()])))
    assert set(CATALOG.scoring.features) - set(found.features) == {"baseline", "experience_none"}
    assert found.gates_never == tuple(CATALOG.scoring.gates)
    assert found.gates_always == ()
    assert "paths.consult_first.baseline" not in found.weights
    assert "paths.consult_first.unsure" in found.weights


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
    told = some_rows(BASE.table, np.flatnonzero((BASE.table.signs >= 0).any(axis=1)))
    assert silent(evaluate(vary(CATALOG, {"gates.signs_against.at": 0}), told)).gates_always == ("signs_against",)


def test_every_first_place_and_every_place_among_three_is_counted() -> None:
    found = reached(BASE)
    assert sum(reach.first for reach in found if reach.group == "paths") == len(BASE)
    assert sum(reach.first for reach in found if reach.group == "steps") == len(BASE)
    assert all(reach.first <= reach.top <= len(BASE) for reach in found)


# --- answers ------------------------------------------------------------------------------------------------------


def test_only_the_role_is_asked_for_nothing_but_itself() -> None:
    assert [use.name for use in uses(CATALOG) if use.idle] == ["role"]
    assert len({(use.kind, use.name) for use in uses(CATALOG)}) == len(uses(CATALOG))


def test_an_answer_s_uses_are_those_of_all_it_is_reckoned_into() -> None:
    found = {use.name: set(use.uses) for use in uses(CATALOG) if use.kind in {"item", "sign", "fact"}}
    assert found["support_1"] == {"gates", "index", "paths", "roles", "style"}  # by the index
    assert found["envy_1"] == {"hints", "steps", "style"}  # by the consequences together
    assert found["criteria_hidden"] == {"gates", "paths", "steps"}
    assert found["years"] == {"paths"}
    tried = {use.name: set(use.uses) for use in uses(CATALOG) if use.kind == "tried"}
    for step, row in CATALOG.steps.items():  # what can be tried in the present job counts for paths and gates too
        assert tried[step] == ({"gates", "paths", "steps"} if "inside" in row.situations else {"steps"})


def test_a_scale_without_any_weight_is_asked_for_nothing() -> None:
    idle = {(use.kind, use.name) for use in uses(vary(CATALOG, WITHOUT_CONNECTION)) if use.idle}
    items = {("item", item.id) for item in CATALOG.items_of("connection")}
    assert idle == {("fact", "role"), ("priority", "connection")} | items


def test_what_is_for_nothing_by_structure_changes_nobody_s_advice_when_tried() -> None:
    base = evaluate(vary(CATALOG, WITHOUT_CONNECTION), BASE.table)
    found = inert(base)
    tried = {(use.kind, use.name) for use in found.answers}
    assert {(use.kind, use.name) for use in uses(base.catalog) if use.idle} <= tried
    assert ("item", "reward_1") not in tried
    assert found.rows == len(base)


def test_answers_that_nobody_was_asked_for_are_told_apart() -> None:
    quick = BASE.table.asked & scoring.key(CATALOG).quick
    from dataclasses import replace

    found = inert(evaluate(CATALOG, replace(BASE.table, asked=quick)), most=50)
    assert {use.name for use in found.unasked} == {item.id for item in CATALOG.items.values() if not item.quick}
    assert found.rows == 50


def test_for_one_client_only_what_can_outweigh_the_rest_matters() -> None:
    """Somebody who told nothing: a single sign makes no path overtake, the situation does."""
    found = {use.name for use in inert(evaluate(CATALOG, scoring.tabulate(CATALOG, [Case()]))).answers}
    assert "years" in found
    assert "situation" not in found
    assert "reward_1" not in found


# --- bringing a target to the front -------------------------------------------------------------------------------


@pytest.mark.parametrize("group", ["steps", "paths"])
def test_answers_that_bring_a_target_first_do_so_when_they_are_read(group: str) -> None:
    for target in getattr(CATALOG, group):
        case = bring_forward(CATALOG, group, target)  # type: ignore[arg-type]
        assert case is not None, target
        assert list(problems_of_case(CATALOG, case)) == []
        assert getattr(read(CATALOG, case.responses, case.facts), group)[0].target == target


def test_a_path_without_a_good_word_is_found_to_be_unreachable() -> None:
    weights = {path: None for path in KNOBS if path.startswith("paths.front_office.") and not path.endswith("solitude")}
    mute = vary(CATALOG, weights)
    assert bring_forward(mute, "paths", "front_office") is None
    found = next(one for one in unreached(evaluate(mute, BASE.table)) if one.target == "front_office")
    assert (found.group, found.place, found.case) == ("paths", 1, None)


def test_a_step_that_the_cohort_never_sees_is_shown_with_answers_that_would_bring_it() -> None:
    faint = vary(CATALOG, {path: 1 for path in KNOBS if path.startswith("steps.use_agent.")})
    found = [one for one in unreached(evaluate(faint, BASE.table)) if one.target == "use_agent"]
    assert found
    for one in found:
        assert one.case is not None
        steps = read(faint, one.case.responses, one.case.facts).steps
        assert "use_agent" in [step.target for step in steps[: one.place]]
