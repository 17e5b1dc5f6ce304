"""``advisor advise``: what the workbook says of cases in a file, for checking from outside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner, Result

from advisor.cli.advise import advise, schemas
from advisor.content import worked_cases
from advisor.content.model import Case, Facts
from advisor.scoring.reading import read
from tests.serving import ROOT
from tests.support import CATALOG, TRAITS

TRAITS_TOLD = {f"{scale}_1": 4 for scale in TRAITS}
CASES = json.dumps(  # JSON is YAML, too
    {
        "told": {"responses": TRAITS_TOLD, "facts": {"situation": "wants_in"}},
        "nothing": {},
        "bad_item": {"responses": {"reward_9": 5}},
        "bad_fact": {"facts": {"situation": "nowhere"}},
    }
)


def run(folder: Path, cases: str, *options: str) -> tuple[Result, dict[str, Any]]:
    """Return how the command ended, and what it wrote."""
    file, out = folder / "cases.yaml", folder / "told.json"
    file.write_text(cases, encoding="utf-8")
    ended = CliRunner().invoke(advise, [str(file), "--out", str(out), *options])
    return ended, json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}


def test_the_worked_clients_are_answered_as_the_workbook_reads_them(tmp_path: Path) -> None:
    ended, told = run(tmp_path, (ROOT / "data" / worked_cases.FILE).read_text(encoding="utf-8"))
    assert (ended.exit_code, ended.output) == (0, "")
    for name, sample in worked_cases.load(CATALOG).items():
        answer, reading = told[name], read(CATALOG, sample.responses, worked_cases.case(sample, "").facts)
        assert answer["first_path"] == sample.expected.first
        assert [(path["id"], path["points"]) for path in answer["paths"]] == list(sample.expected.paths)
        assert [step["id"] for step in answer["steps"]] == [step.target for step in reading.steps]
        assert all(step["topic"] and step["sentences"] for step in answer["steps"])
        assert {role["id"] for role in answer["roles"]} == set(CATALOG.roles)
    jsonschema.validate(told, schemas()["advise-answers.schema.json"])


def test_what_cannot_be_used_is_told_with_its_id_and_field_and_the_others_are_written(tmp_path: Path) -> None:
    ended, told = run(tmp_path, CASES)
    assert ended.exit_code == 1
    assert "bad_item.responses.reward_9" in ended.output
    assert "bad_fact.facts.situation" in ended.output
    assert list(told) == ["told", "nothing"]


def test_in_silence_nothing_is_first_and_what_is_missing_is_named(tmp_path: Path) -> None:
    _, told = run(tmp_path, "nothing: {}\n")
    silent = told["nothing"]
    assert (silent["first_path"], silent["near"], silent["paths"], silent["steps"]) == (None, [], [], [])
    assert silent["needs"][0] in {"situation", *CATALOG.items}
    assert silent["sentences"]


@pytest.mark.parametrize(("language", "letters"), [("ja", True), ("en", False)])
def test_the_language_is_the_one_asked_for(tmp_path: Path, language: str, letters: bool) -> None:
    _, told = run(tmp_path, CASES, "--language", language)
    assert any("ぁ" <= sign <= "ん" for sentence in told["told"]["sentences"] for sign in sentence) is letters


def test_an_old_version_can_be_asked(tmp_path: Path) -> None:
    _, told = run(tmp_path, "nothing: {}\n", "--scoring", "2026-1")
    assert told["nothing"]["first_path"] == "consult_first"


@pytest.mark.parametrize("cases", ["- a list\n", "no: [", ""])
def test_a_file_that_holds_no_cases_is_wrong_usage(tmp_path: Path, cases: str) -> None:
    ended, told = run(tmp_path, cases)
    assert (ended.exit_code, told) == (2, {})


def test_a_case_is_read_as_a_client(tmp_path: Path) -> None:
    _, told = run(tmp_path, CASES)
    reading = read(CATALOG, TRAITS_TOLD, Case(facts=Facts(situation="wants_in")).facts)
    assert told["told"]["first_path"] == reading.paths[0].target
    assert told["told"]["help"] is reading.help_needed


@pytest.mark.parametrize("name", schemas())
def test_the_schema_beside_the_documentation_is_the_one_that_holds(name: str) -> None:
    assert json.loads((ROOT / "docs" / name).read_text(encoding="utf-8")) == schemas()[name]


def test_the_samples_are_of_the_documented_form_and_every_key_is_described() -> None:
    cases = yaml.load((ROOT / "data" / worked_cases.FILE).read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506
    page = (ROOT / "docs" / "advise.md").read_text(encoding="utf-8")
    answer = schemas()["advise-answers.schema.json"]["$defs"]["Answer"]["properties"]
    assert [key for key in answer if f"`{key}`" not in page] == []
    assert set(cases["a_accounting"]) - {"expected"} <= set(
        schemas()["advise-cases.schema.json"]["$defs"]["Asked"]["properties"]
    )
