"""Checks of a whole data folder: the version in use, drafts, and releases, which nobody may edit."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from fnmatch import fnmatch
from typing import TYPE_CHECKING

import pytest

from advisor.analysis.lab.drafts import copy_of
from advisor.content import loading, validate, versions
from advisor.content.datafiles import DataError
from advisor.content.folder import data_dir
from advisor.content.words import LANGUAGES
from tests.serving import ROOT
from tests.support import FIRST, as_first_released, own, unreleased

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a copy of the data with one release."""
    return as_first_released(tmp_path / "data")


def draft(data: Path, version: str, *edits: tuple[str, str]) -> Path:
    """Write another version as a copy of the first; return its scoring file."""
    text = (data / versions.file_of(FIRST)).read_text(encoding="utf-8")
    for find, replace in ((f"version: {FIRST}", f"version: {version}"), *edits):
        assert find in text
        text = text.replace(find, replace)
    copy_of(data, FIRST, version)
    path = data / versions.file_of(version)
    path.write_text(text, encoding="utf-8")
    return path


def told(data: Path) -> list[str]:
    return [str(problem) for problem in validate.problems(data)]


def test_the_data_are_sound() -> None:
    assert validate.problems(data_dir()) == ()


@pytest.mark.parametrize(
    ("file", "key"), [("report", "export_name_json"), ("interface", "restart"), ("desk", "desk_then_ask")]
)
def test_a_sentence_that_code_asks_for_and_no_language_has_is_named(data: Path, file: str, key: str) -> None:
    for language in LANGUAGES:
        path = data / f"text/{language}/{file}.yaml"
        without, found = re.subn(rf"^  {key}: .*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert found == 1
        path.write_text(without, encoding="utf-8")
    [line] = told(data)
    assert re.fullmatch(rf"text/ja/{file}\.yaml:\d+: {file}\.{key}: has no words; write them", line)


def test_a_released_version_that_was_edited_is_refused_and_says_what_to_do(data: Path) -> None:
    file = data / versions.file_of("2026-1")
    file.write_text(file.read_text(encoding="utf-8").replace("reward: {points: 10", "reward: {points: 11", 1), "utf-8")
    [line] = told(data)
    assert line == (
        "releases/2026-1/scoring.yaml:1: version: version 2026-1 was released on 2026-11-21 and has been edited since; "
        "restore the file, and save the change as a new version"
    )
    with pytest.raises(DataError, match="has been edited since"):
        loading.load(data)


def test_line_ends_of_another_system_are_no_edit(data: Path, tmp_path: Path) -> None:
    file = data / versions.file_of("2026-1")
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert loading.load(data).scoring == loading.load(as_first_released(tmp_path / "unix")).scoring


def test_a_draft_beside_is_checked_and_not_used(data: Path, tmp_path: Path) -> None:
    draft(data, "2026-2", ("visibility: {points: 30", "visibility: {points: 40"))
    assert told(data) == []
    assert loading.load(data).scoring.version == "2026-1"
    assert loading.load(data).digest == loading.load(as_first_released(tmp_path / "alone")).digest
    assert loading.load(data, "2026-2").scoring.steps["quantify"]["visibility"].points == 40


def test_what_is_wrong_with_a_draft_is_told_with_file_and_line(data: Path) -> None:
    draft(data, "2026-2", ("visibility: {points: 30", "visibility: {points: 300"))
    [line] = told(data)
    assert line.startswith("releases/2026-2/scoring.yaml:")
    assert "steps.quantify.visibility.points" in line


def test_what_is_wrong_for_all_versions_is_told_once(data: Path) -> None:
    draft(data, "2026-2")
    (data / "guidance/worksheets.yaml").unlink()
    assert len(told(data)) == 1


def test_a_version_that_calls_itself_otherwise_is_refused(data: Path) -> None:
    draft(data, "2026-2").parent.rename(data / "releases/2026-3")
    [line] = told(data)
    assert "the version is called 2026-3 and says 2026-2" in line


def test_a_release_of_which_something_is_gone_is_told(data: Path) -> None:
    (data / versions.file_of("2026-1")).unlink()
    assert [line.split(":")[0] for line in told(data)] == ["releases/2026-1/scoring.yaml"]
    shutil.rmtree(data / "releases/2026-1")
    assert told(data) == [
        "releases/2026-1:1: (file): the folder of version 2026-1 is missing; restore it from the last release"
    ]


PINNED = {
    "a key": ("instrument/items.csv", "reward_1,reward,0", "reward_1,reward,1"),
    "a reliability": ("instrument/reliability.csv", "0.", "0.0"),
    "the words of an item": ("text/ja/instrument.yaml", "reward_1: ", "reward_1: ほぼ"),
    "a sentence of a step": ("text/en/advice.yaml", "summary: ", "summary: x"),
    "an O*NET figure": ("onet/occupations.csv", "2.", "3."),
}


@pytest.mark.parametrize("what", PINNED)
def test_everything_that_the_advice_depends_on_is_pinned_and_named_when_it_was_edited(data: Path, what: str) -> None:
    name, find, replace = PINNED[what]
    file = data / own(name)
    text = file.read_text(encoding="utf-8")
    assert find in text
    file.write_text(text.replace(find, replace, 1), encoding="utf-8")
    [line] = told(data)
    assert line.startswith(f"{own(name)}:1: version: version 2026-1 was released on 2026-11-21 and has been edited")
    with pytest.raises(DataError, match="has been edited since"):
        loading.load(data)


def test_words_of_screens_and_worksheets_are_no_part_of_a_release(data: Path) -> None:
    file = data / "text/ja/interface.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    assert told(data) == []
    assert loading.load(data).digest == versions.releases(data)["2026-1"].sha256


def test_a_list_of_sums_that_was_edited_too_does_not_hide_an_edit(data: Path) -> None:
    file = data / own("instrument/items.csv")
    file.write_text(file.read_text(encoding="utf-8").replace("reward_1,reward,0", "reward_1,reward,1"), "utf-8")
    (data / versions.file_of("2026-1", versions.SUMS)).write_text(versions.sums(data, "2026-1"), encoding="utf-8")
    [line] = told(data)
    assert line.startswith("releases/2026-1/SHA256SUMS:1: ")


def test_a_file_more_in_a_release_is_an_edit_and_in_a_draft_a_typing_error(data: Path) -> None:
    (data / "releases/2026-1/guidance/step.yaml").write_text("{}\n", encoding="utf-8")
    [line] = told(data)
    assert line.startswith("releases/2026-1/guidance/step.yaml:1: version: ")
    (data / "releases/2026-1/guidance/step.yaml").unlink()
    draft(data, "2026-2").with_name("items.csv").write_text("id\n", encoding="utf-8")
    assert told(data) == ["releases/2026-2/items.csv:1: (file): nothing reads this file; correct its name or remove it"]


def test_the_list_of_a_release_is_what_sha256sum_checks(data: Path) -> None:
    home = data / "releases/2026-1"
    checked = subprocess.run(["sha256sum", "--check", "--quiet", versions.SUMS], cwd=home, check=False)
    assert checked.returncode == 0


@pytest.mark.parametrize("name", ["2026-02", "2026-2 copy", "new", "2026-0"])
def test_a_folder_that_is_called_like_no_version_is_named(data: Path, name: str) -> None:
    (data / "releases" / name).mkdir()
    [line] = told(data)
    assert line.startswith(f"releases/{name}:1: (file): no version has such a name")


def test_one_version_has_one_name(data: Path) -> None:
    draft(data, "2026-2")
    for meant in ("2026-2", "2026-02", " 2026-2 ", "2026_2"):
        assert loading.load(data, meant).scoring.version == "2026-2"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2026-1,2026-11-21," + "0" * 64, "appears twice"),
        ("2026-2,yesterday," + "0" * 64, "released"),
        ("2026-2,2026-11-21,abc", "sha256"),
    ],
)
def test_a_list_of_releases_that_cannot_be_is_refused(data: Path, line: str, message: str) -> None:
    with (data / versions.RELEASED).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    [problem] = told(data)
    assert problem.startswith("releases/released.csv:3: ")
    assert message in problem


def test_the_last_release_is_used_and_not_the_last_file(data: Path) -> None:
    draft(data, "2026-10")
    with (data / versions.RELEASED).open("a", encoding="utf-8") as file:
        file.write(f"2026-10,2026-12-01,{versions.digest(data, '2026-10')}\n")
    draft(data, "2026-9")
    draft(data, "2027-1")
    assert loading.load(data).scoring.version == "2026-10"
    assert versions.names(data) == ("2026-1", "2026-9", "2026-10", "2027-1")


def test_a_folder_of_an_old_visit_has_one_version_and_no_list(tmp_path: Path) -> None:
    assert versions.current(unreleased(tmp_path / "kept")) == "2026-1"


def test_an_editor_that_opens_the_checkout_has_a_schema_for_every_yaml_file() -> None:
    told: dict[str, str] = json.loads((ROOT / ".vscode/settings.json").read_text(encoding="utf-8"))["yaml.schemas"]
    written = {f".schemas/{name.removesuffix('.yaml')}.schema.json" for name in validate.schemas()}
    assert set(told) <= written
    for path in data_dir().rglob("*.yaml"):
        name = f"data/{path.relative_to(data_dir()).as_posix()}"
        assert sum(fnmatch(name, pattern) for pattern in told.values()) == 1, name


def test_a_folder_without_any_version_says_so(tmp_path: Path) -> None:
    data = unreleased(tmp_path / "kept")
    shutil.rmtree(data / "releases/2026-1")
    with pytest.raises(DataError, match="no version"):
        loading.load(data)
