"""Saving a scoring version: only what changed differs in the file, and nothing released is ever written over."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from pydantic import TypeAdapter

from advisor.analysis.lab.drafts import edit, next_version, save_draft, titled
from advisor.analysis.lab.errors import LabError, ParameterError, ReleasedError
from advisor.analysis.lab.files import fresh, one_line, write_beside
from advisor.analysis.lab.parameters import figures, vary
from advisor.content import loading
from advisor.content.datafiles import read_yaml, validate
from advisor.content.folder import data_dir
from advisor.content.model import Scoring
from advisor.content.versions import file_of
from tests.lab_cohort import changes, released
from tests.support import CATALOG, FIRST, THEN

if TYPE_CHECKING:
    from pathlib import Path

FILE = data_dir() / file_of(FIRST)
TEXT = FILE.read_text(encoding="utf-8")
WANTED = {"steps.quantify.visibility": 29, "steps.use_agent.reward": 6, "min_answered": 0.75}


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data, for what writes nothing."""
    return released(tmp_path_factory.mktemp("untouched"))


def differing(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that only one of two texts has."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return [line[2:] for line in lines if line.startswith("- ")], [line[2:] for line in lines if line.startswith("+ ")]


@given(wanted=changes())
@settings(max_examples=8)
def test_what_is_written_loads_as_what_was_varied(
    tmp_path_factory: pytest.TempPathFactory, wanted: dict[str, float | None]
) -> None:
    text = (data_dir() / file_of(CATALOG.scoring.version)).read_text(encoding="utf-8")
    file = tmp_path_factory.mktemp("draft") / "2026-2.yaml"
    varied = vary(CATALOG, wanted).scoring
    moved = {
        path: figures(varied).get(path) for path in wanted if path in {*figures(varied), *figures(CATALOG.scoring)}
    }
    file.write_text(edit(text, moved, "2026-2"), encoding="utf-8")
    found = validate(read_yaml(file, file.name), TypeAdapter(Scoring))
    assert found == varied.model_copy(update={"version": "2026-2"})
    gone, new = differing(text, file.read_text(encoding="utf-8"))
    assert len(gone) + len(new) <= 2 + 2 * len(moved)


def test_a_file_without_changes_is_the_same_but_for_its_version() -> None:
    assert edit(TEXT, {}, "2026-12") == TEXT.replace("\nversion: 2026-1\n", "\nversion: 2026-12\n")


def test_only_the_changed_lines_differ(tmp_path: Path) -> None:
    data = released(tmp_path)
    draft = save_draft(THEN, data, "2026-2", WANTED)
    assert draft.path == data / file_of("2026-2")
    assert draft.problems == ()
    assert differing(TEXT, draft.path.read_text(encoding="utf-8")) == (
        [
            "# Scoring version 2026-1: every number that the advice depends on.",
            "version: 2026-1",
            "min_answered: 0.8          # share of a scale's items that must be answered",
            "    visibility: {points: 30, sources: [zcareer-evaluation, workbook]}",
        ],
        [
            "# Scoring version 2026-2: every number that the advice depends on.",
            "version: 2026-2",
            "min_answered: 0.75         # share of a scale's items that must be answered",
            "    visibility: {points: 29, sources: [zcareer-evaluation, workbook]}",
            "    reward: {points: 6, sources: [workbook]}",
        ],
    )


def test_a_saved_draft_is_the_varied_catalogue(tmp_path: Path) -> None:
    data = released(tmp_path)
    save_draft(THEN, data, "2026-2", {**WANTED, "paths.front_office.solitude": None})
    expected = vary(THEN, {**WANTED, "paths.front_office.solitude": None}).scoring
    assert loading.load(data, "2026-2").scoring == expected.model_copy(update={"version": "2026-2"})
    assert loading.load(data).scoring == THEN.scoring  # a draft is not in use


def test_the_reason_stands_below_the_first_lines(tmp_path: Path) -> None:
    draft = save_draft(THEN, released(tmp_path), "2026-2", WANTED, why=" seldom\nfits ")
    lines = draft.path.read_text(encoding="utf-8").splitlines()
    assert lines[3:5] == ["# 2026-2, from 2026-1: seldom fits", "version: 2026-2"]


def test_a_reason_is_one_line_whatever_was_typed() -> None:
    assert one_line(" bell \x07 and\nline\u2028end\t ") == "bell  and line end"
    assert titled("# Scoring 2026-1, unlike 2026-10\na: 1\n", "2026-1", "2026-2", "\x00 \n") == (
        "# Scoring 2026-2, unlike 2026-10\na: 1\n"
    )


def test_a_catalogue_that_was_varied_already_keeps_what_was_varied(tmp_path: Path) -> None:
    first = vary(THEN, {"tried_with_effect": -20})
    data = released(tmp_path)
    save_draft(first, data, "2026-2", {"steps.quantify.visibility": 29})
    after = figures(fresh(data, "2026-2").scoring)
    assert (after["tried_with_effect"], after["steps.quantify.visibility"]) == (-20, 29)


def test_a_draft_can_be_changed_again_when_that_is_said(tmp_path: Path) -> None:
    data = released(tmp_path)
    save_draft(THEN, data, "2026-2", WANTED, why="first")
    with pytest.raises(LabError) as raised:
        save_draft(THEN, data, "2026-2", {"min_answered": 0.7})
    assert raised.value.word == "lab_draft_there"
    draft = fresh(data, "2026-2")
    again = save_draft(draft, data, "2026-2", {"min_answered": 0.7}, why="second", replace=True)
    assert fresh(data, "2026-2").scoring.min_answered == 0.7
    assert "visibility: {points: 29" in again.path.read_text(encoding="utf-8")
    assert "# 2026-2: second\n" in again.path.read_text(encoding="utf-8")


def test_a_released_version_is_never_written_over(untouched: Path) -> None:
    for replace in (False, True):
        with pytest.raises(ReleasedError, match="2026-1"):
            save_draft(THEN, untouched, "2026-1", WANTED, replace=replace)
    assert (untouched / file_of("2026-1")).read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize("name", ["2025-9", "2026-0", "2026-01-1", "26-2", "next", "../2026-2", "2026-2.yaml", ""])
def test_a_version_is_named_after_those_before(untouched: Path, name: str) -> None:
    with pytest.raises(LabError, match="2026-2") as raised:
        save_draft(THEN, untouched, name, WANTED)
    assert raised.value.word == "lab_bad_name"


def test_the_next_name_counts_on_within_a_year(tmp_path: Path) -> None:
    data = released(tmp_path)
    assert (next_version(data, 2026), next_version(data, 2027)) == ("2026-2", "2027-1")
    save_draft(THEN, data, "2026-2", WANTED)
    assert next_version(data, 2026) == "2026-3"


def test_a_change_that_cannot_be_writes_nothing(untouched: Path) -> None:
    with pytest.raises(ParameterError):
        save_draft(THEN, untouched, "2026-2", {"min_answered": 7})
    assert sorted(path.name for path in (untouched / "releases").iterdir()) == ["2026-1", "released.csv"]


def test_what_the_check_would_say_of_a_draft_is_given_back(tmp_path: Path) -> None:
    draft = save_draft(THEN, released(tmp_path), "2026-2", {"steps.quantify.visibility": 0})
    (problem,) = draft.problems
    assert (problem.file, problem.field) == (file_of("2026-2"), "steps.quantify.visibility.points")


def test_whole_numbers_are_written_as_people_write_them(tmp_path: Path) -> None:
    wanted = {"features.reward.start": 30.0, "min_answered": 0.1 + 0.2, "priority_share": 1}
    text = save_draft(THEN, released(tmp_path), "2026-2", wanted).path.read_text(encoding="utf-8")
    assert "reward: {measure: reward, start: 30, end: 100" in text
    assert "min_answered: 0.3 " in text
    assert "priority_share: 1 " in text


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(tmp_path: Path) -> None:
    place = tmp_path / "there"
    place.mkdir()
    with pytest.raises(OSError, match="there"):
        write_beside(place, "text")
    assert list(tmp_path.iterdir()) == [place]


def test_reading_afresh_sees_what_was_written_meanwhile(tmp_path: Path) -> None:
    data = released(tmp_path)
    draft = save_draft(THEN, data, "2026-2", WANTED)
    before = fresh(data, "2026-2").scoring
    draft.path.write_text(draft.path.read_text(encoding="utf-8").replace("points: 29", "points: 28"), encoding="utf-8")
    assert fresh(data, "2026-2").scoring.steps["quantify"]["visibility"].points == 28
    assert before.steps["quantify"]["visibility"].points == 29
