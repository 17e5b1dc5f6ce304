"""Every figure of a scoring version has a path and a range, and can be varied without touching the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.analysis.lab.errors import ParameterError
from advisor.analysis.lab.parameters import figures, is_weight, parameters, vary
from tests.lab_cohort import PARAMETERS, changes, value_of
from tests.support import CATALOG, THEN


def test_every_number_of_the_file_is_a_parameter() -> None:
    scoring = CATALOG.scoring
    weights = sum(len(row) for table in (scoring.steps, scoring.paths) for row in table.values())
    rest = 2 * len(scoring.features) + len(scoring.gates) + 2 * len(scoring.bands) + len(scoring.hints.contradictions)
    choosing = ("serves_first", "serve", "near_tie", "worry", *(6 * ["silence"]))
    single = len(("min_answered", "priority_share", "with", "without")) + len(choosing)
    assert len(PARAMETERS) == weights + rest + single + 3
    for path in (
        "steps.quantify.visibility", "paths.change_role.misfit", "features.reward.start", "features.reward.end",
        "gates.signs_against.at", "bands.score.high", "min_answered", "priority_share", "tried_without_effect",
        "choosing.near_tie", "choosing.silence.inside.traits",
        "hints.help_at", "hints.longest_run", "hints.contradictions.0.at",
    ):  # fmt: skip
        assert path in PARAMETERS


def test_every_parameter_stands_within_its_own_range_and_moves_by_its_step() -> None:
    for parameter in parameters(CATALOG):
        assert parameter.low <= parameter.value <= parameter.high, parameter.path
        assert 0 < parameter.step <= parameter.high - parameter.low, parameter.path


def test_a_gate_on_a_count_cannot_ask_for_more_than_there_is() -> None:
    assert PARAMETERS["gates.signs_against.at"].high == len(CATALOG.signs)
    assert PARAMETERS["gates.work_does_not_suit.at"].high == 100


def test_as_much_as_there_is_can_be_asked_for_before_an_order_is_claimed() -> None:
    assert PARAMETERS["choosing.silence.inside.traits"].high == len(CATALOG.of_kind("fit", "misfit"))
    assert PARAMETERS["choosing.silence.unsure.worries"].high == len(CATALOG.of_kind("frustration"))
    assert (PARAMETERS["choosing.serve"].low, PARAMETERS["choosing.serve"].high) == (0, 3)
    assert PARAMETERS["choosing.worry"].group == "choosing"


def test_weights_are_grouped_by_their_target() -> None:
    assert PARAMETERS["steps.quantify.visibility"].group == "steps.quantify"
    assert PARAMETERS["features.reward.start"].group == "features"
    assert PARAMETERS["min_answered"].group == "general"


@given(st.sampled_from(tuple(PARAMETERS)), st.data())
def test_a_varied_parameter_shows_the_new_value_and_nothing_else_moves(path: str, data: st.DataObject) -> None:
    before = figures(CATALOG.scoring)
    value = data.draw(value_of(PARAMETERS[path]))
    try:
        after = figures(vary(CATALOG, {path: value}).scoring)
    except ParameterError:
        assert path.startswith(("features.", "bands."))  # a ramp without a slope, crossed bands
        return
    assert after == {**before, path: value}
    assert figures(CATALOG.scoring) == before


@given(changes())
def test_several_changes_are_made_at_once(wanted: dict[str, float | None]) -> None:
    after = figures(vary(CATALOG, wanted).scoring)
    assert after == {path: value for path, value in {**figures(CATALOG.scoring), **wanted}.items() if value is not None}


def test_a_weight_that_is_added_rests_on_the_workbook_s_own_judgement() -> None:
    added = vary(CATALOG, {"steps.quantify.criteria": 10}).scoring.steps["quantify"]["criteria"]
    assert (added.points, added.stated, added.sources) == (10, False, ("workbook",))


def test_a_weight_keeps_its_sources_when_its_points_change() -> None:
    before = CATALOG.scoring.steps["propose_improvement"]["monotony"]
    after = vary(CATALOG, {"steps.propose_improvement.monotony": 5}).scoring.steps["propose_improvement"]["monotony"]
    assert (after.points, after.stated, after.sources) == (5, True, before.sources)


def test_a_weight_can_be_removed_and_another_figure_cannot() -> None:
    assert "visibility" not in vary(CATALOG, {"steps.quantify.visibility": None}).scoring.steps["quantify"]
    with pytest.raises(ParameterError, match="min_answered"):
        vary(CATALOG, {"min_answered": None})


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("steps.quantify.visibilty", "steps.quantify.visibility"),
        ("steps.quantify.criterai", "steps.quantify.criteria"),
        ("gates.signs_agianst.at", "gates.signs_against.at"),
        ("min_answerd", "min_answered"),
        ("features.reward.measure", "features.reward"),
    ],
)
def test_a_path_that_does_not_exist_is_answered_with_those_that_look_like_it(path: str, near: str) -> None:
    with pytest.raises(ParameterError) as raised:
        vary(CATALOG, {path: 1})
    assert raised.value.path == path
    assert near in str(raised.value)


@pytest.mark.parametrize(
    ("path", "value", "range_"),
    [
        ("steps.quantify.visibility", 101, ("-100", "100")),
        ("min_answered", 0, ("0.05", "1")),
        ("gates.signs_against.at", 4, ("0", "3")),
        ("hints.longest_run", 2, ("3", str(len(CATALOG.items)))),
        ("bands.score.high", float("nan"), ("0", "100")),
        ("steps.quantify.visibility", True, ("-100", "100")),
        ("steps.quantify.visibility", "30", ("-100", "100")),
    ],
)
def test_a_value_out_of_range_is_answered_with_the_range(path: str, value: float, range_: tuple[str, str]) -> None:
    with pytest.raises(ParameterError) as raised:
        vary(CATALOG, {path: value})
    assert path in str(raised.value)
    assert all(end in str(raised.value) for end in range_)


def test_points_are_whole_as_in_the_file() -> None:
    with pytest.raises(ParameterError, match=r"steps\.quantify\.visibility") as raised:
        vary(CATALOG, {"steps.quantify.visibility": 30.5})
    assert raised.value.word == "lab_not_valid"


@pytest.mark.parametrize(
    ("wanted", "word"),
    [
        ({"features.reward.start": 100}, "lab_flat_ramp"),
        ({"bands.score.middle": 65}, "lab_bands_crossed"),
        ({"paths.change_role.burden": 5}, "lab_pooled"),
    ],
)
def test_what_the_file_s_check_would_refuse_is_refused(wanted: dict[str, float], word: str) -> None:
    with pytest.raises(ParameterError) as raised:
        vary(THEN, wanted)
    assert raised.value.word == word


def test_only_the_points_of_a_target_s_feature_are_a_weight() -> None:
    assert is_weight("steps.quantify.visibility")
    assert not is_weight("features.reward.start")
    assert not is_weight("hints.help_at")
