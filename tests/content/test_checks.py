"""The checks between the data files, compared with the results of scoring and advice for the same figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.content import checks, loading, measures
from advisor.content.datafiles import DataFile, reason_text
from advisor.content.model import Gate, Ramp, Weight
from advisor.scoring import advice
from tests.newest import NEWEST
from tests.support import CATALOG, THEN, varied

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog

SOURCES = ("workbook",)
FILES = loading.file_names()
RANGES = measures.ranges(CATALOG)
ENDS = st.integers(-50, 150)


def problems(catalog: Catalog) -> dict[str, str]:
    """Return the messages of all problems of a catalogue by their field."""
    documents = {name: DataFile(name, {}) for name in FILES}
    return {problem.field: reason_text(problem.reason, "en") for problem in checks.cross_check(catalog, documents)}


def with_feature(
    start: float, end: float, points: int = 10, measure: str = "reward", catalog: Catalog = CATALOG
) -> Catalog:
    """Return the catalogue with the ramp of `reward` and its points for quantify changed."""
    figures: Any = catalog.scoring
    ramp = Ramp(measure=measure, start=start, end=end, sources=SOURCES)
    quantify = figures.steps["quantify"] | {"reward": Weight(points=points, sources=SOURCES)}
    return varied(catalog, features=figures.features | {"reward": ramp}, steps=figures.steps | {"quantify": quantify})


def parts(start: float, end: float, points: int) -> set[int]:
    """Return the points for all whole scores from 0 to 100."""
    values = np.arange(101, dtype=float)[:, None]
    strength = advice.ramp(values, np.array([start]), np.array([end]))
    return {int(part) for part in np.rint(strength[:, 0] * points)}


def test_the_data_pass_every_check() -> None:
    assert problems(CATALOG) == {}


@pytest.mark.parametrize(("group", "field"), [("variants", "step"), ("sayings", "about")])
def test_what_is_told_to_some_is_about_something_that_exists(group: str, field: str) -> None:
    rows: dict[str, Any] = dict(getattr(NEWEST, group))
    name, row = next(iter(rows.items()))
    broken: Any = {group: rows | {name: row.model_copy(update={field: "nothing"})}}
    assert problems(replace(NEWEST, **broken)) == {f"{name}.{field}": "nothing is called 'nothing'"}


@given(ENDS, ENDS)
def test_a_feature_can_never_fire_exactly_when_no_score_gives_it_strength(start: int, end: int) -> None:
    message = problems(with_feature(start, end)).get("features.reward")
    if start == end:
        assert message == "start equals end"
    else:
        strength = advice.ramp(np.arange(101.0)[:, None], np.array([float(start)]), np.array([float(end)]))
        assert (message == "can never fire: reward runs 0-100") is not bool(strength.any())


@given(ENDS, ENDS, st.integers(-5, 5))
def test_a_weight_never_comes_to_a_point_exactly_when_every_score_rounds_to_none(
    start: int, end: int, points: int
) -> None:
    message = problems(with_feature(start, end, points)).get("steps.quantify.reward.points")
    if points == 0:
        assert message == "0 points: a rule that never matters"
    elif start != end and parts(start, end, 100) != {0}:  # else the problem is at the feature
        assert (message is not None) is (parts(start, end, points) == {0})


@given(st.sampled_from(("index", "signs_yes", "steps_untried")), st.integers(-2, 102), st.booleans())
def test_a_gate_must_be_able_to_open_and_to_stay_closed(measure: str, at: int, below: bool) -> None:
    gate = Gate(measure=measure, at=at, below=below, sources=SOURCES)
    low, high = RANGES[measure]
    states = advice.is_open(gate, np.arange(low, high + 1))
    expected = "is always open" if states.all() else "can never open" if not states.any() else None
    catalog = varied(gates=CATALOG.scoring.gates | {"signs_against": gate})
    assert problems(catalog).get("gates.signs_against.at") == expected


@pytest.mark.parametrize("measure", [name for name in measures.ranges(THEN) if name not in THEN.scales])
def test_paths_depend_on_nothing_that_the_search_for_changes_cannot_follow(measure: str) -> None:
    pooled = measure in {"frustrations", "consequences"}
    single = measure.startswith(("helped_", "in_vain_"))
    changed = with_feature(0, 1, measure=measure, catalog=THEN)
    named = {field for field in problems(changed) if field == "paths.fair_employer.reward"}
    assert bool(named) is (pooled or single)


def test_weights_for_something_that_does_not_exist_are_named_and_so_is_their_absence() -> None:
    steps = dict(CATALOG.scoring.steps)
    moved = {("own_reasons" if name == "own_reason" else name): rows for name, rows in steps.items()}
    assert problems(varied(steps=moved)) == {
        "steps": "no weights for own_reason",
        "steps.own_reasons": "no such entry in guidance/steps.yaml",
    }
