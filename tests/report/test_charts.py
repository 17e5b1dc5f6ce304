"""Charts as plain data: a closed radar, gaps where nothing was answered, nothing but JSON."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings

from advisor.content.model import Case, Facts
from advisor.content.words import LANGUAGES, Language
from advisor.report import charts
from advisor.scoring.reading import read
from tests.support import CATALOG, FRUSTRATIONS, TRAITS, cases, quick

WORDS = CATALOG.words["ja"]


def reading(case: Case) -> Any:
    return read(CATALOG, case.responses, case.facts)


def radar(case: Case, supposed: Case | None = None, language: Language = "ja") -> charts.Figure:
    other = None if supposed is None else reading(supposed)
    return charts.radar(CATALOG, CATALOG.words[language], reading(case), case.facts.priorities, other)


def lines(figure: charts.Figure) -> list[dict[str, Any]]:
    """Return the readings on a radar, without the spokes."""
    return [trace for trace in figure["data"] if "markers" in trace["mode"]]


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=40)
@given(case=cases(), supposed=cases())
def test_figures_are_plain_json_without_anything_that_is_no_number(
    language: Language, case: Case, supposed: Case
) -> None:
    words = CATALOG.words[language]
    for figure in (
        radar(case, language=language),
        radar(case, supposed, language),
        charts.profile(CATALOG, words, reading(case)),
    ):
        assert json.loads(json.dumps(figure, allow_nan=False)) == figure


@settings(max_examples=40)
@given(case=cases(), supposed=cases())
@pytest.mark.slow
def test_every_line_of_the_radar_is_closed_and_shows_the_scores(case: Case, supposed: Case) -> None:
    found = lines(radar(case, supposed))
    assert len(found) == 2
    for line, shown in zip(found, (case, supposed), strict=True):
        assert len(line["r"]) == len(line["theta"]) == len(FRUSTRATIONS) + 1
        assert (line["r"][0], line["theta"][0]) == (line["r"][-1], line["theta"][-1])
        for scale, value in zip(FRUSTRATIONS, line["r"], strict=False):
            score = reading(shown).scores[scale].value
            assert value == (None if score is None else pytest.approx(score, abs=0.05))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_axes_share_a_name(language: Language) -> None:
    words = CATALOG.words[language]
    assert len(set(radar(Case(), language=language)["data"][0]["theta"])) == len(FRUSTRATIONS)
    assert len(set(charts.profile(CATALOG, words, reading(Case()))["data"][0]["y"])) == len(TRAITS)


def test_the_radar_has_one_line_unless_something_is_supposed() -> None:
    case = Case(quick("reward", point=4))
    assert len(lines(radar(case))) == 1
    real, supposed = lines(radar(case, Case(quick("reward", point=1))))
    assert "dash" not in real["line"]
    assert supposed["line"]["dash"] == "dash"


def test_what_was_not_answered_is_a_gap_and_not_a_zero() -> None:
    values = dict(zip(FRUSTRATIONS, radar(Case(quick("reward", point=1)))["data"][0]["r"], strict=False))
    assert values.pop("reward") == 0
    assert set(values.values()) == {None}


def test_the_marked_worries_carry_a_star() -> None:
    axes = radar(Case(facts=Facts(priorities=("reward", "criteria"))))["data"][0]["theta"][:-1]
    starred = {scale for scale, axis in zip(FRUSTRATIONS, axes, strict=True) if axis.startswith("★")}
    assert starred == {"reward", "criteria"}
    assert not any("★" in axis for axis in radar(Case())["data"][0]["theta"])


def test_a_score_of_0_is_an_open_dot_on_a_ring_and_what_is_not_answered_a_dotted_spoke_without_one() -> None:
    figure = radar(Case(quick("reward", point=1) | quick("monotony", point=4)))
    line, cover, dots = figure["data"]
    look = dict(zip(FRUSTRATIONS, line["marker"]["color"], strict=False))
    assert look["reward"] == charts.GROUND
    assert {colour for scale, colour in look.items() if scale != "reward"} == {charts.ACCENT}
    assert line["marker"]["line"]["color"][FRUSTRATIONS.index("reward")] == charts.ACCENT
    open_ones = {name.removesuffix(" —") for name, end in zip(dots["theta"], dots["r"], strict=True) if end == 100}
    told = {"<br>".join(charts.two_lines(WORDS.scales[scale].short)) for scale in ("reward", "monotony")}
    assert len(open_ones) == len(FRUSTRATIONS) - 2
    assert not open_ones & told
    assert (cover["r"], dots["line"]["dash"]) == (dots["r"], "dot")


def test_the_radar_goes_to_100_whatever_is_answered_and_0_is_a_ring() -> None:
    axis = radar(Case(quick("reward", point=2)))["layout"]["polar"]["radialaxis"]
    assert axis["range"] == [charts.INNER, charts.OUTER]
    assert charts.INNER < axis["tickvals"][0] == 0
    assert axis["showticklabels"] is False


@settings(max_examples=40)
@given(case=cases())
def test_the_profile_shows_each_trait_at_its_score(case: Case) -> None:
    (bars,) = charts.profile(CATALOG, WORDS, reading(case))["data"]
    scores = [reading(case).scores[trait].value for trait in TRAITS]
    told = any(score is not None for score in scores)
    for trait, label, value, score in zip(TRAITS, bars["y"], bars["x"], scores, strict=True):
        assert label == WORDS.scales[trait].short + (" —" if told and score is None else "")
        assert value == (None if score is None else pytest.approx(score, abs=0.05))


def test_a_radar_with_a_gap_is_not_filled_across_it() -> None:
    complete, with_gap = (radar(Case(quick(*axes, point=3)))["data"][0] for axes in (FRUSTRATIONS, FRUSTRATIONS[1:]))
    assert (complete["fill"], with_gap["fill"]) == ("toself", "none")
    assert [label.endswith(" —") for label in with_gap["theta"][:-1]] == [True] + [False] * (len(FRUSTRATIONS) - 1)


def test_the_profile_tells_strengths_from_preferences_by_colour() -> None:
    (bars,) = charts.profile(CATALOG, WORDS, reading(Case()))["data"]
    colours = dict(zip(TRAITS, bars["marker"]["color"], strict=True))
    fit, misfit = ({colours[trait] for trait in CATALOG.of_kind(kind)} for kind in ("fit", "misfit"))
    assert len(fit) == len(misfit) == 1
    assert fit != misfit


def test_colours_are_variables_of_the_page() -> None:
    for figure in (radar(Case(), Case()), charts.profile(CATALOG, WORDS, reading(Case()))):
        assert "var(--aw-" in json.dumps(figure)
        assert "#" not in json.dumps(figure)


def test_charts_that_follow_the_sliders_name_the_scales_in_the_order_of_the_figure() -> None:
    figure, live = radar(Case(quick(*FRUSTRATIONS, point=3))), charts.radar_live(CATALOG)
    assert live == {"trace": 0, "scales": list(FRUSTRATIONS), "kind": "polar", "close": True}
    assert figure["data"][0]["type"] == "scatterpolar"
    profile, live = charts.profile(CATALOG, WORDS, reading(Case())), charts.profile_live(CATALOG)
    assert live == {"trace": 0, "scales": list(TRAITS), "kind": "bar", "close": False}
    assert profile["data"][0]["type"] == "bar"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_in_words_says_how_high_every_scale_is_without_a_figure_and_every_gap(language: Language) -> None:
    words = CATALOG.words[language]
    spoken = charts.chart_in_words(words, reading(Case(quick("reward", point=4))), FRUSTRATIONS)
    parts = spoken.split(words.interface["list_separator"])
    assert f"{words.scales['reward'].name} {words.interface['band_high']}" in parts
    assert not re.search(r"\d", spoken)
    assert spoken.count(words.interface["not_enough"]) == len(FRUSTRATIONS) - 1
    assert "None" not in spoken
    assert charts.chart_in_words(words, reading(Case()), FRUSTRATIONS) == words.interface["chart_empty"]
