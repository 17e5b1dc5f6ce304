"""What the notebook on the instrument's quality shows: small tables and plotly dicts, in either language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from advisor.analysis.lab import quality, quality_charts
from advisor.analysis.lab.quality import Answers
from advisor.analysis.psychometrics import norms
from advisor.analysis.psychometrics.style import SIGNS, CutOffs, Style
from advisor.content.words import Language
from tests.reference import psychometrics as reference
from tests.support import CATALOG

PEOPLE = 1500


@cache
def answers() -> Answers:
    """Return the first of the synthetic sample."""
    given = quality.load(language="ja")
    return replace(
        given, answers=given.answers[:PEOPLE], asked=given.asked[:PEOPLE], ids=given.ids[:PEOPLE],
        truth=None if given.truth is None else given.truth.iloc[:PEOPLE],
    )  # fmt: skip


@cache
def scales() -> Any:
    return quality.scales(answers())


@cache
def style() -> Style:
    return quality.styles(answers())


def test_scales_and_items_are_told_by_name_in_either_language() -> None:
    items: Any = quality.items(answers())
    assert list(scales().index) == [CATALOG.words["ja"].scales[name].short for name in CATALOG.scales]
    assert items.loc[CATALOG.words["ja"].scales["support"].short].index[0] == CATALOG.words["ja"].items["support_1"]
    english = quality.items(replace(answers(), language="en"))
    assert english["Item-rest r"].tolist() == items["残りとの相関"].tolist()


def test_another_instrument_may_be_brought() -> None:
    given = quality.brought(reference.FOLDER / "answers.csv", reference.FOLDER, language="en")
    assert given.ids[0] == "synthetic-001"
    told: Any = quality.scales(given)
    assert told.loc["b", "Omega (one factor)"] == pytest.approx(
        reference.told()["scales"]["b"]["omega_total"], abs=1e-6
    )
    assert len(quality.respondents(given, quality.styles(given))) == 300


def test_what_is_wrong_in_a_file_is_counted(tmp_path: Path) -> None:
    whole = (reference.FOLDER / "answers.csv").read_text().splitlines(keepends=True)
    (tmp_path / "in.csv").write_text("".join([*whole[:60], "p1,9,x" + ",3" * 10 + "\n"]))
    assert quality.brought(reference.FOLDER / "answers.csv", reference.FOLDER).problems == 0
    assert quality.brought(tmp_path / "in.csv", reference.FOLDER).problems == 2
    assert answers().problems == 0


def test_only_those_count_who_were_asked_the_full_form() -> None:
    columns = answers().instrument.items_of("support")
    whole = int(answers().asked[:, columns].all(axis=1).sum())
    row = scales().loc[answers().scales["support"]]
    assert row["人数"] + row["点なし"] == whole < PEOPLE
    assert not (~np.isnan(answers().answers) & ~answers().asked).any()


def test_the_same_seed_draws_the_same_interval_around_alpha() -> None:
    low, high = quality.bootstrapped(answers(), "support", seed=3, draws=100)
    assert (low, high) == quality.bootstrapped(answers(), "support", seed=3, draws=100)
    assert low < scales().loc[answers().scales["support"], "α"] < high


@pytest.mark.slow
def test_signs_find_those_who_were_made_to_answer_carelessly_and_blame_few_others() -> None:
    found = style()
    table: Any = quality.flagged(answers(), found)
    assert table.loc["同じ答えの連続", "同じ番号ばかり"] > 0.9
    assert table.loc["外れ方（マハラノビス）", "でたらめ"] > 0.7
    assert table.loc["どれか一つ以上", "ふつう"] < 0.02
    assert table["人数"].tolist()[:-1] == found.flags.sum(axis=0).tolist()
    assert "ふつう" not in quality.flagged(replace(answers(), truth=None), found)


@pytest.mark.slow
def test_rules_are_told_with_the_cut_offs_that_were_used() -> None:
    strict = CutOffs(fixed={"longstring": 0.25, "mahalanobis": 0.05})
    table: Any = quality.flagged(answers(), quality.styles(answers(), strict))
    rules = table["しるしをつける条件"]
    assert "25% を" in rules["同じ答えの連続"]
    assert "0.05" in rules["外れ方（マハラノビス）"]
    assert "〜" in rules["答えのばらつき（IRV）"], "short and long forms have limits of their own"
    assert rules["反対の質問どうしの食い違い"] == answers().say["rule_none"]


@pytest.mark.slow
def test_of_a_style_that_few_have_no_share_is_told() -> None:
    truth = answers().truth
    assert truth is not None
    rare = truth.where(truth.index >= 4, "rare")
    table = quality.flagged(replace(answers(), truth=rare), style())
    assert table["rare"].isna().all()
    assert table["ふつう"].notna().all()


def test_everybody_stays_in_the_table_of_respondents_with_what_they_are_flagged_for() -> None:
    found = style()
    table: Any = quality.respondents(answers(), found)
    assert len(table) == PEOPLE
    assert table.index[0] == answers().ids[0]
    some = int(np.flatnonzero(found.flags.sum(axis=1) > 1)[0])
    names = [answers().say[sign] for sign, flag in zip(SIGNS, found.flags[some], strict=True) if flag]
    assert table.iloc[some]["しるしあり"] == " / ".join(names)
    assert list(quality.respondents(replace(answers(), ids=()), found).index) == list(range(PEOPLE))


def test_two_occasions_are_matched_by_id_and_told_scale_by_scale() -> None:
    again = quality.pretended_again(answers(), share=0.3, seed=1)
    turned = replace(
        again, answers=again.answers[::-1], asked=again.asked[::-1], ids=again.ids[::-1], truth=None
    )  # fmt: skip
    first, second = quality.matched(answers(), turned)
    assert first.ids == second.ids == answers().ids
    plain, by_id = quality.retest(answers(), again), quality.retest(first, second)
    assert [one.r for one in plain] == [one.r for one in by_id]
    table: Any = quality.retested(answers(), plain)
    assert table["再検査の相関 r"].between(0.9, 1).all()
    assert (table["確かに上がった"] + table["確かに下がった"] < table["人数"]).all()


def test_a_pretended_second_occasion_moves_as_many_answers_as_it_says_and_stays_in_range() -> None:
    again = quality.pretended_again(answers(), share=0.3, seed=1)
    moved = np.nanmean(np.where(np.isnan(answers().answers), np.nan, again.answers != answers().answers))
    assert 0.22 < moved < 0.3  # an answer at the end of its range may stay
    assert np.nanmin(again.answers) == 1
    assert np.nanmax(again.answers) == 5
    assert (np.isnan(again.answers) == np.isnan(answers().answers)).all()


def test_a_standing_carries_the_name_of_its_norms() -> None:
    scored = quality.scores(answers())
    reference = norms.norms("Synthetic people", date(2026, 11, 21), tuple(scored.columns), scored.to_numpy())
    table: Any = quality.standing(answers(), reference)
    assert set(table.columns.get_level_values(0)) == {reference.label}
    assert table.iloc[:, 0].mean() == pytest.approx(50)
    assert (table.iloc[:, 0].isna() == scored.iloc[:, 0].isna()).all()
    assert table.iloc[:, -1].mean() == pytest.approx(50)


def figures(given: Answers) -> dict[str, quality_charts.Figure]:
    again = quality.pretended_again(given, share=0.3, seed=1)
    before, after = (quality.scores(one)["support"].tolist() for one in (given, again))
    return {
        "reliability": quality_charts.reliability(given, quality.scales(given)),
        "distributions": quality_charts.distributions(given, quality.items(given), list(given.scales.values())[:3]),
        "heat map": quality_charts.heat_map(given, *quality.correlated(given)),
        "style": quality_charts.response_style(given, style()),
        "with and without": quality_charts.with_and_without(given, quality.with_and_without(given, style())),
        "change": quality_charts.changed(given, quality.retest(given, again)[0], before, after),
    }


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_picture_is_one_that_plotly_accepts(language: Language) -> None:
    for name, figure in figures(replace(answers(), language=language)).items():
        drawn = go.Figure(figure)
        assert drawn.data, name
        assert "NaN" not in str(drawn.to_json()), name


def test_the_bars_of_an_item_add_up_to_everybody_who_answered_and_stand_below_their_scale() -> None:
    figure = quality_charts.distributions(answers(), quality.items(answers()), scales().index[:2])
    asked = [CATALOG.items_of(scale) for scale in list(CATALOG.scales)[:2]]
    is_scale = [first for items in asked for first in (True, *(False for _ in items))]
    assert np.array([trace["x"] for trace in figure["data"]]).sum(axis=0) == pytest.approx(1)
    ticks = figure["layout"]["yaxis"]["ticktext"]
    assert [tick.startswith("【") for tick in ticks] == is_scale
    assert figure["data"][0]["y"] == [place for place, first in enumerate(is_scale) if not first]
    assert sum("（逆）" in tick for tick in ticks) == sum(item.reverse for items in asked for item in items) > 0


def test_no_line_of_a_label_begins_with_a_comma_or_loses_a_letter() -> None:
    for text in (*CATALOG.words["ja"].items.values(), *CATALOG.words["en"].items.values()):
        lines = quality_charts._lines(text).split("<br>")  # noqa: SLF001  (its only way to be seen is in a picture)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert len(lines) <= 2
        assert not any(line.startswith(("、", "。", "」")) for line in lines)


def test_the_most_reliable_scale_stands_on_top() -> None:
    figure = quality_charts.reliability(answers(), scales())
    assert figure["data"][0]["x"] == sorted(figure["data"][0]["x"], reverse=True)
    assert figure["layout"]["yaxis"]["autorange"] == "reversed"


def test_everybody_with_a_few_answers_is_counted_in_the_picture_of_styles() -> None:
    found = style()
    figure = quality_charts.response_style(answers(), found)
    told = sum(int(trace["name"].split("  ")[1].replace(",", "")) for trace in figure["data"])
    assert told == int((found.given >= 8).sum())
