"""Groups of a segment side by side: the figures are right, small groups are hidden, and the pictures can be read."""

from __future__ import annotations

import json
from math import gamma, sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from advisor.analysis.cohort import group_charts
from advisor.analysis.cohort.groups import FIGURES, UNTOLD, first_paths, hedges, summarise, wide
from advisor.analysis.cohort.limits import LEAST_K
from tests.support import CATALOG

PATHS = tuple(CATALOG.paths)
SCALES = tuple(CATALOG.scales)


def cohort(*sizes: int, seed: int = 1, missing: float = 0.1) -> tuple[pd.DataFrame, pd.Series]:
    """Return scores of all scales and a segment with groups of these sizes, called a, b, c …."""
    chance = np.random.default_rng(seed)
    scores = chance.uniform(0, 100, (sum(sizes), len(SCALES)))
    scores[chance.random(scores.shape) < missing] = np.nan
    groups = np.repeat([chr(ord("a") + number) for number in range(len(sizes))], sizes)
    return pd.DataFrame(scores, columns=list(SCALES)), pd.Series(groups)


def row(table: pd.DataFrame, scale: str, group: str) -> pd.Series:
    return table[(table["scale"] == scale) & (table["group"] == group)].iloc[0]


# ---- figures ----


@given(
    st.lists(st.floats(0, 100, allow_subnormal=False), min_size=5, max_size=30),
    st.lists(st.floats(0, 100, allow_subnormal=False), min_size=5, max_size=30),
)
def test_figures_of_a_group_equal_those_of_scipy_and_of_the_formula_written_out(
    group: list[float], rest: list[float]
) -> None:
    scores = pd.DataFrame({"x": [*group, *rest]})
    found = row(summarise(scores, pd.Series(["a"] * len(group) + ["b"] * len(rest))), "x", "a")
    assert found["n"] == len(group)
    assert found["mean"] == pytest.approx(np.mean(group), abs=1e-9)
    assert found["sd"] == pytest.approx(np.std(group, ddof=1), abs=1e-7)
    if found["sd"] > 1e-3:
        low, high = stats.t.interval(0.95, len(group) - 1, np.mean(group), stats.sem(group))
        assert (found["low"], found["high"]) == (pytest.approx(low), pytest.approx(high))
    df = len(group) + len(rest) - 2
    pooled = sqrt(((len(group) - 1) * np.var(group, ddof=1) + (len(rest) - 1) * np.var(rest, ddof=1)) / df)
    if pooled > 1e-3:
        unbiased = gamma(df / 2) / (sqrt(df / 2) * gamma((df - 1) / 2))
        assert found["g"] == pytest.approx((np.mean(group) - np.mean(rest)) / pooled * unbiased, abs=1e-6)
        assert found["g_low"] < found["g"] < found["g_high"]


def test_a_difference_is_as_in_the_worked_example_of_borenstein() -> None:
    """Borenstein, M. et al. (2009). Introduction to meta-analysis. Wiley, p. 26-28: d = 0.5970, J = 0.9923, g = 0.5924.

    Their error 0.2088 is J times that of d; ours puts g into the same formula and so differs in the third decimal.
    """
    given = (np.array([float(figure)]) for figure in (50, 103, 5.5, 50, 100, 4.5))
    g, error = hedges(*given)
    assert g[0] == pytest.approx(0.5924, abs=5e-5)
    assert error[0] == pytest.approx(0.2088, abs=0.005)


def test_what_is_missing_counts_nowhere() -> None:
    scores, groups = cohort(20, 30)
    scores.loc[0, "support"] = np.nan
    table = summarise(scores, groups)
    present = scores["support"][groups == "a"].dropna()
    assert row(table, "support", "a")["n"] == len(present)
    assert row(table, "support", "a")["mean"] == pytest.approx(present.mean())


def test_scales_keep_their_order_and_those_of_whom_nothing_is_said_come_last() -> None:
    scores, groups = cohort(10, 10, 10)
    table = summarise(scores, groups.replace({"a": None, "b": " "}))
    assert list(dict.fromkeys(table["scale"])) == list(SCALES)
    assert list(dict.fromkeys(table["group"])) == ["c", UNTOLD]
    assert row(table, "support", UNTOLD)["n"] == scores["support"][:20].notna().sum()


def test_as_many_groups_as_respondents_are_needed() -> None:
    scores, groups = cohort(10, 10)
    with pytest.raises(ValueError, match="19 groups for 20 respondents"):
        summarise(scores, groups[:-1])
    with pytest.raises(ValueError, match="3 groups for 2 respondents"):
        first_paths(pd.Series(["a", "b"]), groups[:3], PATHS)


# ---- nobody is shown alone ----


@given(st.lists(st.integers(1, 12), min_size=2, max_size=5), st.integers(2, 8))
def test_a_small_group_is_hidden_and_so_is_what_gives_it_away(sizes: list[int], k: int) -> None:
    scores, groups = cohort(*sizes)
    scores = scores[list(SCALES[:3])]
    for scale, table in summarise(scores, groups, k=k).groupby("scale"):
        people = scores[scale].notna().groupby(groups).sum().reindex(table["group"]).to_numpy()
        hidden = table["hidden"].to_numpy()
        assert hidden[people < k].all()
        assert table[hidden][["n", *FIGURES]].isna().all(axis=None)
        assert table["n"][~hidden].tolist() == people[~hidden].tolist()
        left = people.sum() - people[~hidden].sum()  # what all and the shown groups give away
        assert left == 0 or left >= k or hidden.all()
        if (hidden & (people >= k)).any():
            assert 0 < people[people < k].sum() < k, "nothing else needs it"
            assert (hidden & (people >= k)).sum() == 1
            assert people[hidden].max() <= min(people[~hidden], default=99)


def test_shares_of_first_paths_are_hidden_for_a_small_group() -> None:
    groups = pd.Series(["a"] * 8 + ["b"] * (LEAST_K - 1) + ["c"] * 7)
    first = pd.Series([*[PATHS[0]] * 6, *[PATHS[3]] * 2, *[PATHS[1]] * (LEAST_K + 6)])
    table = first_paths(first, groups, PATHS)
    shown = table[table["group"] == "a"].set_index("path")
    assert shown.loc[PATHS[0], "share"] == 0.75
    assert shown.loc[PATHS[3], "share"] == 0.25
    assert shown["share"].sum() == 1
    assert table[table["group"] != "a"][["n", "share"]].isna().all(axis=None), "c would give b away"
    assert table["hidden"].tolist() == [False] * 7 + [True] * 14
    assert first_paths(first, groups.replace({"c": "b"}), PATHS)["hidden"].sum() == 0


def test_one_figure_can_be_laid_out_as_a_table() -> None:
    scores, groups = cohort(30, 3, 12)
    shown = wide(summarise(scores, groups), "scale", "mean")
    assert shown.shape == (len(SCALES), 3)
    assert list(shown.columns) == ["a", "b", "c"]
    assert shown["a"].notna().all()
    assert shown[["b", "c"]].isna().all(axis=None)


# ---- pictures ----


def texts(figure: dict[str, Any]) -> str:
    return json.dumps(figure, ensure_ascii=False)


@pytest.mark.parametrize("spoken", ["ja", "en"])
def test_figures_are_plain_data_with_the_words_of_a_language(spoken: Any) -> None:
    scores, groups = cohort(40, 40, 3)
    names = group_charts.labels(CATALOG, spoken)
    table = summarise(scores, groups)
    shares = first_paths(pd.Series(list(PATHS * 12)[:83]), groups, PATHS)
    figures = [
        group_charts.differences(table, names, spoken),
        group_charts.means(table, names, spoken),
        group_charts.shares(shares, names, spoken),
    ]
    for figure in figures:
        assert "NaN" not in json.dumps(figure)
        assert {"ja": "隠しています", "en": "are hidden"}[spoken] in texts(figure)
    for scale in SCALES:
        assert CATALOG.words[spoken].scales[scale].short in texts(figures[0])
    assert all(CATALOG.words[spoken].paths[path].name in texts(figures[2]) for path in PATHS)


def test_a_hidden_group_leaves_no_number_in_a_figure() -> None:
    scores, groups = cohort(40, 50, 3, missing=0)
    table = summarise(scores, groups)
    names = group_charts.labels(CATALOG, "en")
    cells = group_charts.differences(table, names, "en")["data"][0]
    assert {tuple(line[:1] + line[2:]) for line in cells["z"]} == {(None, None)}
    assert {tuple(line[:1] + line[2:]) for line in cells["text"]} == {("", "")}
    _, shown, hidden = group_charts.means(table, names, "en")["data"]
    assert set(hidden["x"]) == {None}
    assert None not in shown["x"]


def test_a_difference_is_written_with_its_sign_and_none_before_zero() -> None:
    scores = pd.DataFrame({"support": [*range(50), *range(50)]}, dtype=float)
    scores["accuracy"] = np.array([1.0] * 50 + [2.0] * 50) + scores["support"] / 100
    table = summarise(scores, pd.Series(["a"] * 50 + ["b"] * 50))
    cells = group_charts.differences(table, group_charts.labels(CATALOG, "en"), "en")["data"][0]["text"]
    assert cells[0] == ["0.00", "0.00"]
    assert cells[1][0].startswith("−")
    assert cells[1][1].startswith("+")


def test_groups_are_told_apart_by_colour_and_by_sign_as_long_as_there_are_some() -> None:
    names = group_charts.labels(CATALOG, "en")
    many = group_charts.MOST_GROUPS
    data = group_charts.means(summarise(*cohort(*[6] * many)), names, "en")["data"]
    for mark in ("color", "symbol"):
        assert len({trace["marker"][mark] for trace in data}) == many
    with pytest.raises(ValueError, match="at most"):
        group_charts.means(summarise(*cohort(*[6] * (many + 1))), names, "en")


def test_a_figure_becomes_a_widget_of_its_own_height() -> None:
    figure = group_charts.differences(summarise(*cohort(9, 9)), {}, "en")
    widget = group_charts.chart(figure, "what it shows")
    assert widget.height == figure["layout"]["height"]
    assert widget.alt == "what it shows"
