"""The measures that advice may depend on: their names, their order and their ranges."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.content import measures
from advisor.content.model import Case
from advisor.scoring import scores
from tests.support import CATALOG, FRUSTRATIONS, THEN, cases

RANGES = measures.ranges(CATALOG)


def test_every_scale_and_composite_runs_from_0_to_100() -> None:
    assert {RANGES[name] for name in (*CATALOG.scales, "index", "frustrations", "consequences")} == {(0, 100)}


def test_counts_run_from_none_to_all() -> None:
    assert [RANGES[name] for name in measures.SIGN_COUNTS] == [(0, 3)] * 3
    assert [RANGES[name] for name in measures.STEP_COUNTS] == [(0, len(measures.present_steps(CATALOG.steps)))] * 3
    assert RANGES["years"] == (0, 60)
    assert RANGES["always"] == (100, 100)


def test_only_steps_of_the_present_job_count_as_tried() -> None:
    assert measures.present_steps(THEN.steps) == (
        "propose_improvement", "quantify", "cross_department", "goal_talk", "qualification", "keep_learning",
        "set_career_goal", "care_for_stress",
    )  # fmt: skip


def test_each_frustration_can_be_marked_and_each_step_tried() -> None:
    assert {measures.priority(name) for name in FRUSTRATIONS} <= RANGES.keys()
    assert {measures.helped(name) for name in CATALOG.steps} | {
        measures.in_vain(name) for name in CATALOG.steps
    } <= RANGES.keys()
    assert "priority_support" not in RANGES


def test_no_two_measures_share_a_name() -> None:
    names = [*CATALOG.scales, *(name for name in RANGES if name not in CATALOG.scales)]
    assert len(names) == len(set(names)) == len(RANGES)


@settings(max_examples=50)
@given(st.lists(cases(), min_size=1, max_size=3))
def test_what_is_measured_has_a_column_for_each_name_and_stays_in_its_range(some: list[Case]) -> None:
    table = scores.tabulate(CATALOG, some)
    measured = scores.measure(CATALOG, table, scores.score(CATALOG, table))
    assert measured.shape == (len(some), len(RANGES))
    assert scores.key(CATALOG).measures == tuple(RANGES)
    low, high = np.array(list(RANGES.values())).T
    assert (np.isnan(measured) | ((measured >= low) & (measured <= high))).all()
