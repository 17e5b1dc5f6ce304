"""Scores: percent of maximum possible, missing when too few items are answered; one client is a cohort of one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.content.model import Case, Facts
from advisor.scoring import scores
from tests.support import CATALOG, CONSEQUENCES, FRUSTRATIONS, THEN, TRAITS, cases, quick, suited, varied

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.content.catalog import Catalog
    from advisor.scoring.scores import Floats


def scored(cases_: Sequence[Case], catalog: Catalog = CATALOG) -> Floats:
    return scores.score(catalog, scores.tabulate(catalog, cases_))


def measured(cases_: Sequence[Case], catalog: Catalog = CATALOG) -> Floats:
    table = scores.tabulate(catalog, cases_)
    return scores.measure(catalog, table, scores.score(catalog, table))


def score(
    responses: dict[str, int], scale: str, *, widened: tuple[str, ...] = (), catalog: Catalog = THEN
) -> float | None:
    """Return one client's score on one scale, None when it is missing."""
    case = Case(responses, facts=Facts(widened=widened))
    value = scored([case], catalog)[0, list(catalog.scales).index(scale)]
    return None if np.isnan(value) else float(value)


def measure(case: Case, name: str, catalog: Catalog = THEN) -> float | None:
    """Return one measure of one client, None when it is missing."""
    value = measured([case], catalog)[0, scores.key(catalog).measures.index(name)]
    return None if np.isnan(value) else float(value)


# --- one scale ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("point", "percent"), [(1, 0), (2, 25), (3, 50), (4, 75), (5, 100)])
def test_a_point_counts_as_percent_of_the_maximum_possible(point: int, percent: int) -> None:
    assert score({"reward_1": point}, "reward") == percent


def test_a_reverse_keyed_item_is_read_from_the_other_end() -> None:
    # 4 → 75, 2 → 25, and 5 on the reverse-keyed third item → 0: 100 / 3
    answers = {"reward_1": 4, "reward_2": 2, "reward_3": 5}
    assert score(answers, "reward", widened=("reward",)) == pytest.approx(100 / 3, abs=1e-12)


def test_an_item_with_other_points_is_scored_on_its_own_range() -> None:
    wide = CATALOG.items["reward_1"].model_copy(update={"low": 0, "high": 10})
    catalog = replace(CATALOG, items=CATALOG.items | {"reward_1": wide})
    assert score({"reward_1": 7}, "reward", catalog=catalog) == 70
    # 70, 25 and (reverse-keyed 2 of 1-5) 75
    answers = {"reward_1": 7, "reward_2": 2, "reward_3": 2}
    assert score(answers, "reward", widened=("reward",), catalog=catalog) == pytest.approx(170 / 3, abs=1e-12)


def test_an_unanswered_scale_has_no_score() -> None:
    assert score({"visibility_1": 5}, "reward") is None


def test_two_of_three_items_are_too_few() -> None:
    assert score({"reward_1": 4, "reward_2": 4}, "reward", widened=("reward",)) is None
    assert score({"reward_1": 4, "reward_2": 4, "reward_3": 2}, "reward", widened=("reward",)) == 75


def test_two_of_three_items_are_enough_where_two_thirds_are_asked_for() -> None:
    catalog = varied(min_answered=0.6666666667)  # a little more than two thirds, as two thirds of three may come out
    assert score({"reward_1": 4, "reward_2": 4}, "reward", widened=("reward",), catalog=catalog) == 75
    assert score({"reward_1": 4}, "reward", widened=("reward",), catalog=catalog) is None


def test_only_the_quick_item_counts_until_the_scale_is_widened() -> None:
    answers = {"reward_1": 5, "reward_2": 1, "reward_3": 5}
    assert score(answers, "reward") == 100
    assert score(answers, "reward", widened=("reward",)) == pytest.approx(100 / 3, abs=1e-12)


def test_a_skipped_item_counts_as_unanswered() -> None:
    skipped = Case(quick(*TRAITS, point=3), marks={"reward_1": "skip"})
    assert np.isnan(scored([skipped])[0, list(CATALOG.scales).index("reward")])


# --- composites and counts ----------------------------------------------------------------------------------------


def test_the_index_is_the_mean_of_the_traits_with_tendencies_read_from_the_other_end() -> None:
    # nine fit traits at 75, six tendencies at 25 read as 75
    assert measure(Case(suited(75)), "index") == 75
    # one fit trait at 100 instead and one tendency at 100 (read as 0): 13 x 75 + 100 + 0 = 1075
    assert measure(Case(suited(75) | {"support_1": 5, "novelty_1": 5}), "index") == pytest.approx(1075 / 15, abs=1e-12)


def test_the_index_needs_twelve_of_the_fifteen_traits() -> None:
    answers = suited(100)
    for trait in TRAITS[:3]:
        del answers[f"{trait}_1"]
    assert measure(Case(answers), "index") == 100
    del answers[f"{TRAITS[3]}_1"]
    assert measure(Case(answers), "index") is None


def test_frustrations_and_consequences_are_means_of_their_scales() -> None:
    answers = quick(*FRUSTRATIONS[:8], point=5) | quick(*CONSEQUENCES, point=2)
    assert measure(Case(answers), "frustrations") == 100  # eight of nine are enough
    assert measure(Case(answers), "consequences") == 25
    assert measure(Case(quick(*FRUSTRATIONS[:7], point=5)), "frustrations") is None
    assert measure(Case(quick(*CONSEQUENCES[:3], point=5)), "consequences") is None


def test_signs_are_counted_by_their_answers() -> None:
    told = Case(facts=Facts(signs={"criteria_hidden": "yes", "no_feedback": "unknown"}))
    assert [measure(told, f"signs_{answer}") for answer in ("yes", "no", "unknown")] == [1, 0, 1]
    assert measure(Case(), "signs_yes") is None


def test_steps_are_counted_where_they_belong_to_the_present_job() -> None:
    told = Case(
        facts=Facts(tried={"quantify": "without_effect", "goal_talk": "with_effect", "own_reason": "without_effect"})
    )
    counts = [measure(told, f"steps_{tried}") for tried in ("untried", "with_effect", "without_effect")]
    assert counts == [0, 1, 1]
    assert measure(Case(facts=Facts(tried={"own_reason": "without_effect"})), "steps_without_effect") is None
    assert [measure(told, name) for name in ("helped_goal_talk", "in_vain_goal_talk", "in_vain_own_reason")] == [
        100,
        0,
        100,
    ]


def test_conditions_are_0_or_100() -> None:
    told = Case(facts=Facts(situation="wants_in", years=7, priorities=("reward",), experience=("it",)))
    expected = {
        "situation_wants_in": 100, "situation_inside": 0, "situation_unsure": 0, "always": 100, "years": 7,
        "experience_any": 100, "priority_reward": 100, "priority_criteria": 0,
    }  # fmt: skip
    assert {name: measure(told, name) for name in expected} == expected
    assert [measure(Case(), name) for name in ("situation_inside", "years", "experience_any")] == [0, None, 0]


# --- what holds for every client ----------------------------------------------------------------------------------


@given(cases())
def test_a_score_lies_between_0_and_100(case: Case) -> None:
    values = scored([case])
    assert ((values >= 0) & (values <= 100) | np.isnan(values)).all()


@given(cases())
def test_answering_everything_the_other_way_round_mirrors_every_score_and_the_index(case: Case) -> None:
    items = CATALOG.items
    turned = {name: items[name].low + items[name].high - answer for name, answer in case.responses.items()}
    columns = [*range(len(CATALOG.scales)), scores.key(CATALOG).measures.index("index")]
    before, after = (measured([replace(case, responses=answers)])[0, columns] for answers in (case.responses, turned))
    np.testing.assert_allclose(after, 100 - before, atol=1e-9)  # equal_nan: missing scores stay missing


@given(cases())
def test_what_is_not_asked_never_counts(case: Case) -> None:
    asked = {item.id for scale in CATALOG.scales for item in CATALOG.active_items(scale, case.facts.widened)}
    only_asked = replace(case, responses={name: answer for name, answer in case.responses.items() if name in asked})
    np.testing.assert_array_equal(measured([case]), measured([only_asked]))


@given(cases(), st.sampled_from(tuple(CATALOG.items)))
def test_an_answer_moves_no_scale_but_its_own(case: Case, item: str) -> None:
    without = replace(case, responses={name: answer for name, answer in case.responses.items() if name != item})
    others = [scale != CATALOG.items[item].scale for scale in CATALOG.scales]
    np.testing.assert_array_equal(scored([case])[:, others], scored([without])[:, others])


@given(cases(), st.sampled_from(tuple(CATALOG.scales)))
def test_a_scale_without_answers_is_missing_however_it_is_asked(case: Case, scale: str) -> None:
    none = {name: answer for name, answer in case.responses.items() if CATALOG.items[name].scale != scale}
    assert np.isnan(scored([replace(case, responses=none)])[0, list(CATALOG.scales).index(scale)])


@settings(max_examples=50)
@given(st.lists(cases(), min_size=1, max_size=5))
def test_a_cohort_is_scored_exactly_as_its_clients_are_one_by_one(some: list[Case]) -> None:
    together = measured(some)
    np.testing.assert_array_equal(together, np.concatenate([measured([case]) for case in some]))


def test_a_mean_of_uneven_scores_is_the_same_in_a_crowd_as_alone() -> None:
    # thirds have no exact floating point sum, so the order of addition must not depend on the number of clients
    widened = Facts(widened=TRAITS)
    full = [item for trait in TRAITS for item in CATALOG.items_of(trait)]
    crowd = [
        Case({item.id: 1 + (seed * place + place // 3) % 5 for place, item in enumerate(full)}, facts=widened)
        for seed in range(40)
    ]
    np.testing.assert_array_equal(measured(crowd), np.concatenate([measured([case]) for case in crowd]))


@settings(max_examples=50)
@given(st.lists(cases(), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_the_clients_does_not_matter(some: list[Case], random: st.DataObject) -> None:
    order = list(range(len(some)))
    random.shuffle(order)  # type: ignore[attr-defined]
    np.testing.assert_array_equal(measured([some[place] for place in order]), measured(some)[order])


def test_a_cohort_may_be_empty() -> None:
    assert measured([]).shape == (0, len(scores.key(CATALOG).measures))
