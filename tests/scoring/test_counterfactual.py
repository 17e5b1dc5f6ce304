"""Sensitivity of the advice: the smallest change, compared with all possible changes, and the effect of weights."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.content.model import SIGN_ANSWERS, SITUATIONS, TRIED, Case, Facts
from advisor.scoring import advice, counterfactual, scores
from advisor.scoring.counterfactual import apply, smallest_change, stability
from advisor.scoring.reading import read
from advisor.scoring.results import Change, Flip
from tests.support import FRUSTRATIONS, THEN, TRAITS, answers, cases, quick, some, suited, told, varied

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from advisor.content.catalog import Catalog

LINE = ("yes", "unknown", "no")  # a sign moves along this line
MOST = 3  # notches up to which every change is tried


def first(catalog: Catalog, case: Case) -> str:
    return read(catalog, case.responses, case.facts).paths[0].target


def flip(case: Case, catalog: Catalog = THEN) -> Flip | None:
    return smallest_change(catalog, case.responses, case.facts)


def distance(change: Change) -> int:
    """Return by how many notches one answer moves."""
    if isinstance(change.before, int) and isinstance(change.after, int):
        return abs(change.after - change.before)
    if change.variable in THEN.signs:
        return abs(LINE.index(str(change.after)) - LINE.index(str(change.before)))
    return int(change.after != change.before)


# --- every change there is ----------------------------------------------------------------------------------------


def moves(case: Case) -> list[list[tuple[int, Change]]]:
    """Return, for each answer that was given, all the ways it can move by up to MOST notches, with their cost."""
    asked = {item.id: item for scale in THEN.scales for item in THEN.active_items(scale, case.facts.widened)}
    table: list[tuple[str, int | str, tuple[int | str, ...]]] = [
        (name, answer, tuple(range(asked[name].low, asked[name].high + 1)))
        for name, answer in case.responses.items()
        if name in asked
    ]
    table += [(name, answer, LINE) for name, answer in case.facts.signs.items()]
    table += [(name, answer, TRIED) for name, answer in case.facts.tried.items()]
    changes = [[Change(name, before, after) for after in values if after != before] for name, before, values in table]
    return [[(distance(change), change) for change in ways if distance(change) <= MOST] for ways in changes]


def changes_of(case: Case, notches: int) -> Iterator[tuple[Change, ...]]:
    """Yield every change that costs exactly so many notches."""
    ways = moves(case)
    for size in range(1, notches + 1):
        for group in combinations(ways, size):
            for chosen in product(*group):
                if sum(cost for cost, _ in chosen) == notches:
                    yield tuple(change for _, change in chosen)


def firsts(catalog: Catalog, some_cases: list[Case]) -> list[str]:
    """Return the first path of each of many clients."""
    table = scores.tabulate(catalog, some_cases)
    measured = scores.measure(catalog, table, scores.score(catalog, table))
    matrix = advice.weights(catalog, "paths")
    points = advice.contributions(matrix, advice.strengths(matrix, measured)).sum(axis=2)
    fits = advice.fitting(catalog, "paths", table, measured)
    order = advice.rank(matrix, points, fits, advice.may_leave(catalog, table, measured))
    return [matrix.targets[place] for place in order[:, 0]]


def fewest_notches(catalog: Catalog, case: Case) -> int | None:
    """Return the fewest notches that put another path first by trying all changes; None when MOST are not enough."""
    now = first(catalog, case)
    for notches in range(1, MOST + 1):
        moved = [apply(catalog, case, changes) for changes in changes_of(case, notches)]
        if moved and set(firsts(catalog, moved)) != {now}:
            return notches
    return None


PATH_SCALES = tuple(scale for scale in THEN.scales if any(
    THEN.scoring.features[name].measure == scale for rows in THEN.scoring.paths.values() for name in rows
))  # fmt: skip


@st.composite
def small_cases(draw: st.DrawFn) -> Case:
    """Draw a case with few answers that can change: some scales of paths, perhaps all traits, some facts."""
    scales = draw(some(PATH_SCALES, 4))
    traits = draw(st.sampled_from(({}, {}, suited(50), suited(25), quick(*TRAITS[:12], point=3))))
    widened = scales[: draw(st.integers(0, 1))]
    asked = [item for scale in scales for item in THEN.active_items(scale, widened)]
    facts = Facts(
        situation=draw(st.sampled_from((None, *SITUATIONS))),
        years=draw(st.sampled_from((None, 3))),
        priorities=draw(some(FRUSTRATIONS, 2)),
        signs=draw(told(THEN.signs, SIGN_ANSWERS)),
        tried=draw(told(draw(some(THEN.steps, 3)), TRIED)),
        widened=widened,
    )
    return Case({**traits, **draw(answers(asked))}, facts=facts)


@st.composite
def trait_cases(draw: st.DrawFn) -> Case:
    """Draw a case in which only traits, and so the index, can change: all traits are scored, or all but three."""
    left_out = draw(some(TRAITS, 3))
    asked = [item for trait in TRAITS if trait not in left_out for item in THEN.active_items(trait)]
    points = draw(st.binary(min_size=len(asked), max_size=len(asked)))
    responses = {item.id: 1 + point % 5 for item, point in zip(asked, points, strict=True)}
    return Case(responses, facts=Facts(situation=draw(st.sampled_from((None, "inside", "wants_in")))))


@settings(max_examples=30)  # counted out by trying every change: each takes long
@given(small_cases() | trait_cases())
@pytest.mark.slow
def test_no_change_is_smaller_than_the_one_found(case: Case) -> None:
    found, fewest = flip(case), fewest_notches(THEN, case)
    if fewest is None:
        assert found is None or found.notches > MOST
    else:
        assert found is not None
        assert found.notches == fewest


@settings(max_examples=12)  # as above
@given(small_cases(), st.integers(0, 3))
def test_the_search_is_exact_under_other_figures_too(case: Case, seed: int) -> None:
    random = np.random.default_rng(seed)
    paths = {
        name: {
            feature: row.model_copy(update={"points": int(random.integers(-20, 40)) or 1})
            for feature, row in rows.items()
        }
        for name, rows in THEN.scoring.paths.items()
    }
    gates = {
        name: gate.model_copy(update={"at": gate.at + int(random.integers(-1, 2))})
        for name, gate in THEN.scoring.gates.items()
    }
    catalog = varied(THEN, paths=paths, gates=gates)
    found, fewest = flip(case, catalog), fewest_notches(catalog, case)
    assert (found.notches if found and found.notches <= MOST else None) == fewest


@settings(max_examples=80)
@given(cases(THEN) | trait_cases())
def test_the_change_found_puts_the_path_it_names_first(case: Case) -> None:
    found = flip(case)
    if found:
        assert found.path == first(THEN, apply(THEN, case, found.changes)) != first(THEN, case)


@settings(max_examples=80)
@given(cases(THEN) | trait_cases())
def test_only_answers_that_were_given_move_each_once_and_the_notches_add_up(case: Case) -> None:
    found = flip(case)
    if found:
        given_answers: Mapping[str, Any] = {**case.responses, **case.facts.signs, **case.facts.tried}
        assert [given_answers[change.variable] for change in found.changes] == [
            change.before for change in found.changes
        ]
        assert len({change.variable for change in found.changes}) == len(found.changes)
        assert found.notches == sum(map(distance, found.changes)) > 0
        asked = {item.id for scale in THEN.scales for item in THEN.active_items(scale, case.facts.widened)}
        assert {
            change.variable for change in found.changes
        } <= asked | case.facts.signs.keys() | case.facts.tried.keys()


# --- worked examples ----------------------------------------------------------------------------------------------


def test_nothing_can_be_said_where_nothing_was_answered() -> None:
    assert flip(Case()) is None
    assert flip(Case(facts=Facts(situation="inside", years=5, priorities=("reward",)))) is None


def test_there_is_no_change_where_no_answer_matters_for_the_paths() -> None:
    assert flip(Case(quick("growth", "envy", point=5))) is None


def test_one_more_step_in_vain_opens_the_gate() -> None:
    tried: Any = {"quantify": "without_effect", "goal_talk": "untried"}
    case = Case(quick("reward", "criteria", "recognition", point=5), facts=Facts(situation="inside", tried=tried))
    assert first(THEN, case) == "consult_first"
    found = flip(case)
    assert found == Flip("fair_employer", 1, (Change("goal_talk", "untried", "without_effect"),))


def test_closing_the_only_open_gate_ends_the_lead_of_a_leaving_path() -> None:
    signs: Any = {"criteria_hidden": "yes", "no_feedback": "yes"}
    case = Case(quick("reward", "criteria", "recognition", point=5), facts=Facts(situation="inside", signs=signs))
    assert first(THEN, case) == "fair_employer"
    found = flip(case)
    assert found is not None
    assert (found.path, found.notches) == ("consult_first", 1)
    assert found.changes[0].after == "unknown"


def test_applying_a_change_leaves_the_case_as_it_was() -> None:
    case = Case({"reward_1": 4}, facts=Facts(signs={"no_feedback": "yes"}, tried={"quantify": "untried"}))
    moved = apply(THEN, case, (
        Change("reward_1", 4, 2), Change("no_feedback", "yes", "no"), Change("quantify", "untried", "with_effect"),
    ))  # fmt: skip
    assert moved == Case({"reward_1": 2}, facts=Facts(signs={"no_feedback": "no"}, tried={"quantify": "with_effect"}))
    assert case == Case({"reward_1": 4}, facts=Facts(signs={"no_feedback": "yes"}, tried={"quantify": "untried"}))
    assert apply(THEN, case, ()) == case


# --- other weights ------------------------------------------------------------------------------------------------

CLOSE = Case(suited(75) | quick("reward", "skill_anxiety", "career_path", point=4), facts=Facts(
    situation="inside", signs={"criteria_hidden": "yes", "no_feedback": "yes", "boss_feelings": "no"},
))  # fmt: skip


@settings(max_examples=30)
@given(cases(THEN), st.sampled_from((0.1, 0.2, 0.5)))
def test_the_shares_of_all_draws_add_up_to_one(case: Case, spread: float) -> None:
    found = stability(THEN, case.responses, case.facts, draws=50, spread=spread)
    assert found.path == first(THEN, case)
    assert found.share + sum(share for _, share in found.rivals) == pytest.approx(1)
    shares = [share for _, share in found.rivals]
    assert shares == sorted(shares, reverse=True)
    assert found.path not in dict(found.rivals)


@settings(max_examples=30)
@given(cases(THEN))
def test_weights_that_do_not_vary_change_nothing(case: Case) -> None:
    found = stability(THEN, case.responses, case.facts, draws=3, spread=0.0)
    assert (found.share, found.rivals) == (1.0, ())


def test_the_same_draws_are_made_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    once, again = (stability(THEN, CLOSE.responses, CLOSE.facts) for _ in range(2))
    assert once == again
    assert 0 < once.share < 1
    monkeypatch.setattr(counterfactual, "SEED", counterfactual.SEED + 1)
    assert stability(THEN, CLOSE.responses, CLOSE.facts).share != once.share


def test_a_wider_spread_unsettles_a_narrow_lead_more() -> None:
    narrow, wide = (stability(THEN, CLOSE.responses, CLOSE.facts, spread=spread).share for spread in (0.02, 0.5))
    assert narrow > wide


def test_gates_hold_whatever_the_weights() -> None:
    facts = replace(CLOSE.facts, signs={})
    found = stability(THEN, CLOSE.responses, facts, spread=0.9)
    leaving = {name for name, row in THEN.paths.items() if row.leaves}
    assert not leaving & {found.path, *dict(found.rivals)}
