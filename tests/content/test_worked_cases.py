"""The worked cases: the workbook gives exactly the results that were worked out by hand."""

from __future__ import annotations

import dataclasses
import shutil
from typing import TYPE_CHECKING

import pytest

from advisor.content import worked_cases
from advisor.content.datafiles import DataError, problem_text, read_yaml
from advisor.content.folder import data_dir
from advisor.content.model import Facts
from advisor.scoring.reading import read
from tests.support import CATALOG

if TYPE_CHECKING:
    from pathlib import Path

    from advisor.scoring.results import Reading

EXPECTED = read_yaml(data_dir() / worked_cases.FILE, worked_cases.FILE).value
PATH, STEP = (EXPECTED["a_accounting"]["expected"][group][2][0] for group in ("paths", "steps"))
NAMES = ("a_accounting", "b_general_affairs", "c_wants_in")


def reading(name: str) -> Reading:
    case = worked_cases.case(worked_cases.load(CATALOG)[name], "")
    return read(CATALOG, case.responses, case.facts)


def test_there_are_three_worked_clients() -> None:
    assert tuple(worked_cases.load(CATALOG)) == tuple(EXPECTED) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_scores_are_those_worked_out_by_hand(name: str) -> None:
    found = reading(name)
    assert {scale: score.value for scale, score in found.scores.items()} == EXPECTED[name]["expected"]["scores"]
    assert found.index.value == EXPECTED[name]["expected"]["index"]


@pytest.mark.parametrize("name", NAMES)
def test_the_paths_and_their_points_are_those_worked_out_by_hand(name: str) -> None:
    found = reading(name)
    assert tuple((path.target, path.points) for path in found.paths) == EXPECTED[name]["expected"]["paths"]
    assert found.paths[0].target == EXPECTED[name]["expected"]["first"]


@pytest.mark.parametrize("name", NAMES)
def test_the_first_steps_and_their_points_are_those_worked_out_by_hand(name: str) -> None:
    assert tuple((step.target, step.points) for step in reading(name).steps[:5]) == EXPECTED[name]["expected"]["steps"]


@pytest.mark.parametrize("name", NAMES)
def test_the_open_gates_are_those_worked_out_by_hand(name: str) -> None:
    assert tuple(gate.gate for gate in reading(name).gates if gate.open) == EXPECTED[name]["expected"]["gates_open"]


def test_the_samples_show_staying_leaving_and_coming_in() -> None:
    assert [EXPECTED[name]["expected"]["first"] for name in NAMES] == [
        "fair_employer",
        "stay_and_improve",
        "enter_back_office",
    ]
    assert [name for name in NAMES if EXPECTED[name]["expected"]["gates_open"]] == ["a_accounting"]
    assert [name for name in NAMES if EXPECTED[name]["facts"]["widened"]] == ["b_general_affairs"]


def test_the_file_says_that_the_clients_are_made_up() -> None:
    assert "synthetic" in (data_dir() / worked_cases.FILE).read_text(encoding="utf-8").splitlines()[0]


def test_a_sample_holds_all_facts_but_the_wish() -> None:
    facts = [field.name for field in dataclasses.fields(Facts)]
    assert [*worked_cases.SampleFacts.model_fields, "wish"] == facts


def test_a_sample_becomes_a_case_with_the_wish_in_words() -> None:
    sample = worked_cases.load(CATALOG)["b_general_affairs"]
    case = worked_cases.case(sample, "もっと評価されたい")
    assert case.facts.wish == "もっと評価されたい"
    assert case.facts.widened == ("monotony",)
    assert (case.responses, case.marks) == (sample.responses, sample.marks)
    case.responses["support_1"] = 1
    assert sample.responses["support_1"] == 4


@pytest.mark.parametrize(
    ("find", "replace", "field"),
    [
        ("support_1: 4", "support_9: 4", "responses.support_9"),
        ("support_1: 4", "support_1: 6", "responses.support_1"),
        ("support_1: 4", "support_2: 4", "responses.support_2"),
        ("advancement_1: discuss", "advance_1: discuss", "marks.advance_1"),
        ("advancement_1: discuss", "advancement_1: later", "marks.advancement_1"),
        ("situation: inside", "situation: outside", "facts.situation"),
        ("role: accounting", "role: king", "facts.role"),
        ("years: 6", "years: 600", "facts.years"),
        ("priorities: [reward, criteria", "priorities: [support, criteria", "facts.priorities.0"),
        ("criteria_hidden: yes", "criteria_hidden: maybe", "facts.signs.criteria_hidden"),
        ("{criteria_hidden:", "{criteria_open:", "facts.signs.criteria_open"),
        ("      quantify: without_effect", "      quality: without_effect", "facts.tried.quality"),
        ("experience: []", "experience: [flying]", "facts.experience.0"),
        ("widened: []", "widened: [wide]", "facts.widened.0"),
        ("widened: []", "wish: to be seen", "facts.wish"),
        ("      support: 75", "      supper: 75", "expected.scores.supper"),
        (f"- [{PATH}, ", "- [elsewhere, ", "expected.paths.2"),
        (f"- [{STEP}, ", "- [nowhere, ", "expected.steps.2"),
        ("gates_open: [", "gates_open: [steps_taken, ", "expected.gates_open"),
        ("    first: ", "    first: un", "expected.first"),
        ("index: ", "index: 1000", "expected.index"),
    ],
)
def test_a_mistake_in_a_sample_is_named_with_its_line(tmp_path: Path, find: str, replace: str, field: str) -> None:
    (tmp_path / "samples").mkdir()
    file = tmp_path / worked_cases.FILE
    shutil.copy(data_dir() / worked_cases.FILE, file)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(find, replace, 1), encoding="utf-8")
    with pytest.raises(DataError) as raised:
        worked_cases.load(CATALOG, tmp_path)
    (problem,) = raised.value.problems
    line = text[: text.index(find)].count("\n") + 1
    assert (problem.file, problem.line, problem.field) == (worked_cases.FILE, line, f"a_accounting.{field}")
    assert problem_text(problem, "ja") != problem_text(problem, "en"), "it has its sentences"
