"""Group differences: rates with intervals that others compute alike, small groups and missing ones told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from advisor.analysis.cohort.groups import UNTOLD
from advisor.analysis.lab.fairness import KINDS, four_fifths, rates, wilson
from advisor.analysis.lab.outcome import SILENT
from tests.lab_cohort import BASE

CHANCE = np.random.default_rng(5)
SEGMENTS = pd.Series(CHANCE.choice(["sales", "accounts", "board", ""], len(BASE), p=[0.5, 0.3, 0.05, 0.15]))


@pytest.mark.parametrize(("count", "total"), [(0, 10), (3, 10), (10, 10), (7, 400), (1, 1)])
def test_the_interval_is_that_of_wilson(count: int, total: int) -> None:
    from statsmodels.stats.proportion import proportion_confint

    low, high = wilson(np.array([float(count)]), np.array([float(total)]))
    assert (low[0], high[0]) == pytest.approx(proportion_confint(count, total, method="wilson"))


def test_the_interval_of_the_textbook_example() -> None:
    """Newcombe, R. G. (1998). Two-sided confidence intervals for the single proportion. Statistics in Medicine, 17."""
    low, high = wilson(np.array([81.0, 15.0, 0.0, 1.0]), np.array([263.0, 148.0, 20.0, 29.0]))
    assert np.round(low, 4).tolist() == [0.2553, 0.0624, 0.0, 0.0061]
    assert np.round(high, 4).tolist() == [0.3662, 0.1605, 0.1611, 0.1718]


def test_nobody_has_any_rate() -> None:
    low, high = wilson(np.array([0.0]), np.array([0.0]))
    assert (low[0], high[0]) == (0.0, 1.0)


def test_every_group_has_a_rate_for_every_piece_of_advice() -> None:
    found = rates(BASE, SEGMENTS)
    advice = len((*BASE.paths.targets, SILENT)) + len(BASE.steps.targets) + len(BASE.catalog.scoring.gates)
    assert len(found) == 4 * advice
    assert tuple(found["kind"].unique()) == KINDS
    assert (found["low"] <= found["rate"]).all()
    assert (found["rate"] <= found["high"]).all()
    paths = found[found["kind"] == "first_path"]
    assert paths[paths["advice"] == SILENT]["count"].sum() == BASE.silent.sum() > 0
    assert (paths.groupby("group")["count"].sum() == paths.groupby("group")["n"].first()).all()


def test_rates_are_those_one_counts() -> None:
    found = rates(BASE, SEGMENTS).set_index(["kind", "advice", "group"])
    who = (SEGMENTS == "sales").to_numpy()
    assert found.loc[("gate", "signs_against", "sales"), "count"] == BASE.gates[who, 1].sum()
    goal = BASE.steps.targets.index("goal_talk")
    assert found.loc[("top_step", "goal_talk", "sales"), "rate"] == BASE.top_steps[who, goal].mean()


@pytest.mark.parametrize("empty", ["", "  ", None, np.nan])
def test_who_told_no_group_is_a_group_of_its_own(empty: object) -> None:
    found = rates(BASE, SEGMENTS.astype(object).where(SEGMENTS != "", empty))
    missing = found[~found["told"]]
    assert set(missing["group"]) == {UNTOLD}
    assert set(missing["n"]) == {(SEGMENTS == "").sum()}
    assert set(found[found["told"]]["group"]) == {"sales", "accounts", "board"}


def test_a_small_group_is_marked() -> None:
    found = rates(BASE, SEGMENTS)
    assert set(found[found["small"]]["group"]) == {"board"}
    assert not rates(BASE, SEGMENTS, small=1)["small"].any()


def test_a_group_of_fewer_than_five_is_hidden_and_compared_with_none() -> None:
    segments = pd.Series(["sales"] * 200 + ["accounts"] * 90 + ["law"] * (len(BASE) - 294) + ["board"] * 4)
    found = rates(BASE, segments)
    apart = found["group"].isin(["board", "accounts"])  # who knows all and the others knows the smallest, too
    board, others = found[apart], found[~apart]
    assert board["hidden"].all()
    assert board[["n", "count", "rate", "low", "high"]].isna().all(axis=None)
    assert not others["hidden"].any()
    assert others["rate"].notna().all()
    compared = four_fifths(found)
    assert "board" not in {*compared["lowest"], *compared["highest"]}
    assert four_fifths(found[found["hidden"]]).empty
    assert not rates(BASE, segments.replace({"accounts": "board"}))["hidden"].any()
    assert rates(BASE, segments.replace({"accounts": "sales", "law": "sales"}))["hidden"].all(), "of two groups, both"


def test_as_many_segments_are_needed_as_respondents() -> None:
    with pytest.raises(ValueError, match="3 segments for 400 respondents"):
        rates(BASE, SEGMENTS[:3])


def table(*rows: tuple[str, int, int, bool]) -> pd.DataFrame:
    """Return rates of one piece of advice: group, respondents, count, told."""
    frame = pd.DataFrame(rows, columns=["group", "n", "count", "told"]).assign(kind="gate", advice="x")
    low, high = wilson(frame["count"].to_numpy(float), frame["n"].to_numpy(float))
    return frame.assign(rate=frame["count"] / frame["n"], low=low, high=high, small=frame["n"] < 30, hidden=False)


def test_the_example_of_the_guidelines_is_below_four_fifths() -> None:
    """80 applicants of one group, 48 hired; 40 of another, 12 hired: 30 % / 60 % is half."""
    (row,) = four_fifths(table(("one", 80, 48, True), ("other", 40, 12, True))).to_dict("records")
    assert (row["lowest"], row["highest"], row["ratio"]) == ("other", "one", 0.5)
    assert row["below"]
    assert not row["small"]
    assert not row["overlap"]


def test_a_ratio_of_few_people_is_marked_and_who_told_nothing_is_left_out() -> None:
    (row,) = four_fifths(table(("one", 80, 48, True), ("few", 5, 2, True), ("?", 9, 0, False))).to_dict("records")
    assert (row["lowest"], row["small"], row["overlap"]) == ("few", True, True)


def test_advice_that_nobody_is_given_has_no_ratio() -> None:
    (row,) = four_fifths(table(("one", 80, 0, True), ("other", 40, 0, True))).to_dict("records")
    assert np.isnan(row["ratio"])
    assert not row["below"]


def test_a_cohort_that_told_no_group_has_no_ratios() -> None:
    assert four_fifths(rates(BASE, pd.Series([""] * len(BASE)))).empty
