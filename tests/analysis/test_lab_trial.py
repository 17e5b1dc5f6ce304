"""The trial: other figures on a cohort, evaluated at every change, undone without a trace."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.analysis.lab.errors import ParameterError
from advisor.analysis.lab.trial import Trial, open_trial
from tests.labs import people
from tests.support import CATALOG

WEIGHT = "steps.quantify.visibility"
POINTS = CATALOG.scoring.steps["quantify"]["visibility"].points


@pytest.fixture
def trial() -> Trial:
    return Trial(CATALOG, people(600))


def test_it_opens_on_the_released_version_and_ten_thousand_synthetic_people() -> None:
    opened = open_trial()
    assert opened.catalog.scoring == CATALOG.scoring
    assert len(opened.before) >= 10_000
    assert set(opened.cohort.segments["synthetic"]) == {"true"}
    assert opened.comparison.empty
    assert opened.changes == {}


def test_a_change_says_at_once_who_moves_and_leaves_the_old_version_as_it_was(trial: Trial) -> None:
    trial.change(WEIGHT, 45)
    assert trial.comparison.top_changed > 0
    assert trial.varied.scoring.steps["quantify"]["visibility"].points == 45
    assert trial.catalog.scoring.steps["quantify"]["visibility"].points == POINTS
    assert trial.before.catalog is CATALOG


def test_the_original_value_is_no_change(trial: Trial) -> None:
    trial.change(WEIGHT, 45)
    trial.change(WEIGHT, POINTS)
    assert trial.changes == {}
    assert trial.comparison.empty


def test_everybody_hears_of_a_change_once_and_nobody_of_none(trial: Trial) -> None:
    heard: list[dict[str, object]] = []
    trial.on_change(lambda: heard.append(dict(trial.changes)))
    trial.change(WEIGHT, 45)
    trial.change(WEIGHT, 45)
    trial.put_back("steps.quantify.reward")
    assert heard == [{WEIGHT: 45}]


def test_what_cannot_be_is_refused_and_the_trial_stays(trial: Trial) -> None:
    trial.change(WEIGHT, 45)
    for path, value in ((WEIGHT, 400), ("steps.quantify.visibilty", 5), ("min_answered", 0), ("bands.score.high", 10)):
        with pytest.raises(ParameterError):
            trial.change(path, value)
    assert trial.changes == {WEIGHT: 45}


def test_a_weight_can_be_added_and_taken_away(trial: Trial) -> None:
    trial.change("steps.quantify.monotony", 20)
    assert "steps.quantify.monotony" in {parameter.path for parameter in trial.parameters}
    trial.change("steps.quantify.monotony", None)
    assert trial.changes == {}, "a weight that was never there is not taken away"
    trial.change(WEIGHT, None)
    assert WEIGHT not in {parameter.path for parameter in trial.parameters}
    assert trial.comparison.top_changed > 0
    trial.put_back(WEIGHT)
    assert trial.comparison.empty


@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_changes_in_any_order_come_to_the_same_and_all_put_back_to_nothing(data: st.DataObject) -> None:
    weights = [
        parameter
        for parameter in Trial(CATALOG, people(500)).parameters
        if parameter.group.startswith(("steps.", "paths."))
    ]
    picked = data.draw(st.lists(st.sampled_from(weights), min_size=2, max_size=4, unique=True))
    values = {parameter.path: data.draw(st.integers(-100, 100).filter(bool)) for parameter in picked}
    one, other = Trial(CATALOG, people(500)), Trial(CATALOG, people(500))
    for path, value in values.items():
        one.change(path, value)
    for path, value in reversed(values.items()):
        other.change(path, value)
    assert one.comparison.first_paths.counts.tolist() == other.comparison.first_paths.counts.tolist()
    assert one.comparison.top_changed == other.comparison.top_changed
    one.put_back()
    assert one.comparison.empty
    assert one.varied.scoring == CATALOG.scoring
