"""advisor diff and advisor release, as an analyst at a terminal meets them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from advisor.analysis.lab.drafts import save_draft
from advisor.cli import main
from advisor.cli import versions as cli_lab
from advisor.content import versions
from advisor.content.messages import messages
from tests.lab_cohort import released
from tests.support import THEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from click.testing import Result

    from advisor.content.words import Language

PEOPLE = "reward_1,situation,sign_criteria_hidden,sign_no_feedback\n5,inside,yes,no\n1,inside,no,no\n3,unsure,,\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data with three drafts, of which the last has problems, and a changelog and pins around it."""
    around = tmp_path_factory.mktemp("around")
    folder = released(around)
    (around / "tests").mkdir()
    (around / "tests/released.csv").write_bytes((folder / versions.RELEASED).read_bytes())
    (around / "CHANGELOG.md").write_text("# Changelog\n\n## [Unreleased]\n", encoding="utf-8")
    save_draft(THEN, folder, "2026-2", {"gates.signs_against.at": 1, "steps.quantify.visibility": 8})
    save_draft(THEN, folder, "2026-3", {"paths.front_office.roughness": 4})
    save_draft(THEN, folder, "2026-4", {"steps.quantify.visibility": 0, "steps.goal_talk.reward": 0})
    return folder


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """English, spoken by the commands."""
    return speak("en", monkeypatch)


def speak(language: Language, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    spoken = messages(language)
    monkeypatch.setenv("ADVISOR_LANG", language)
    monkeypatch.setattr(cli_lab, "SAY", spoken)
    return spoken


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main.main, [str(argument) for argument in arguments])


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_difference_is_told_by_kind_in_aligned_columns(
    data: Path, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    say = speak(language, monkeypatch)
    done = run("diff", "2026-1", "2026-2", "--data", data)
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert lines[:7] == [
        "2026-1 → 2026-2",
        "",
        say["diff_weight"],
        "  steps.quantify.visibility  30 → 8",
        "",
        say["diff_gate"],
        "  gates.signs_against.at      2 → 1",
    ]
    assert say["diff_cases"].format(n=1, all=3) in lines
    assert lines[-1] == say["diff_no_cohort"]


EDITS = {
    "an item": (
        "instrument/items.csv",
        "reward_1,reward,0",
        "reward_1,reward,1",
        "item",
        "items.reward_1.reverse",
        "false → true",
    ),
    "a reliability": (
        "instrument/reliability.csv",
        "reward,0.70",
        "reward,0.80",
        "reliability",
        "reliability.reward.r",
        "0.7 → 0.8",
    ),
    "a text": (
        "text/ja/instrument.yaml",
        'reward_1: "',
        'reward_1: "いま、',
        "text",
        "text.ja.items.reward_1",
        " → いま、",
    ),
    "an English text": (
        "text/en/advice.yaml",
        "name: Small",
        "name: Tiny",
        "text",
        "text.en.steps.propose_improvement.name",
        " → Tiny",
    ),
    "a step": (
        "guidance/steps.yaml",
        "effort: 1, weeks: 4",
        "effort: 1, weeks: 6",
        "content",
        "steps.quantify.weeks",
        "4 → 6",
    ),
}


@pytest.mark.parametrize(("what", "language"), [*((what, "ja") for what in EDITS), ("an item", "en")])
def test_one_thing_that_differs_outside_of_the_scoring_is_named_alone(
    what: str, language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say = speak(language, monkeypatch)
    name, find, put, kind, path, sides = EDITS[what]
    folder = released(tmp_path)
    save_draft(THEN, folder, "2026-2", {})
    file = folder / versions.file_of("2026-2", name)
    text = file.read_text(encoding="utf-8")
    assert find in text
    file.write_text(text.replace(find, put, 1), encoding="utf-8")
    done = run("diff", "2026-1", "2026-02", "--data", folder)
    assert done.exit_code == 0, done.output
    head, _, rest = done.output.partition("\n\n" + say[f"diff_{kind}"])
    assert head == "2026-1 → 2026-2"
    told = rest.split("\n\n")[0].strip().splitlines()
    assert len(told) == 1
    assert told[0].strip().startswith(path)
    assert sides in told[0]


def test_a_worked_case_that_changes_is_shown_before_and_after(data: Path, say: Mapping[str, str]) -> None:
    lines = run("diff", "2026-1", "2026-2", "--data", data).output.splitlines()
    at = lines.index("  b_general_affairs")
    assert lines[at + 1].startswith(f"    steps  {say['diff_case_was']}")
    assert "quantify 17" in lines[at + 1]
    assert lines[at + 2].strip().startswith(say["diff_case_now"])


def test_a_cohort_is_counted(data: Path, tmp_path: Path, say: Mapping[str, str]) -> None:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    done = run("diff", "2026-1", "2026-2", "--data", data, "--cohort", file)
    assert done.exit_code == 0
    assert say["diff_effect"].format(n=3, file="people.csv") in done.output
    assert f"        1   33.3%  {say['diff_gates']}" in done.output


def test_two_versions_that_say_the_same_are_no_error(data: Path, say: Mapping[str, str]) -> None:
    done = run("diff", "2026-2", "2026-2", "--data", data)
    assert done.exit_code == 0
    assert say["diff_same"].format(old="2026-2", new="2026-2") in done.output


def test_a_version_that_is_not_there_is_answered_with_those_that_are(data: Path, say: Mapping[str, str]) -> None:
    done = run("diff", "2026-1", "2026-9", "--data", data)
    assert done.exit_code == 1
    assert say["lab_no_version"].format(version="2026-9", there="2026-1, 2026-2, 2026-3, 2026-4") in done.output


def test_problems_of_a_version_are_told_one_a_line(data: Path, say: Mapping[str, str]) -> None:
    done = run("diff", "2026-1", "2026-4", "--data", data)
    assert done.exit_code == 1
    assert done.output.count("releases/2026-4/scoring.yaml:") == 2
    assert say["problems"].format(count=2) in done.output


def test_the_whole_way_from_a_draft_to_a_release_that_cannot_drift(data: Path, tmp_path: Path) -> None:
    around = Path(shutil.copytree(data.parent, tmp_path / "around"))
    folder = around / "data"
    done = run("release", "2026-3", "--why", "Rough work counts for less", "--data", folder)
    assert done.exit_code == 0, done.output
    assert cli_lab.SAY["release_done"].format(version="2026-3", n=1) in done.output
    for name in ("CHANGELOG.md", "tests/released.csv", "data/releases/released.csv"):
        assert name in done.output
        assert "2026-3" in (around / name).read_text(encoding="utf-8")
    shutil.rmtree(folder / "releases/2026-4")
    assert run("check", folder).exit_code == 0

    moved = folder.rename(around / "again")  # a folder is read once per process
    file = moved / versions.file_of("2026-3")
    file.write_text(file.read_text(encoding="utf-8") + "# a word more\n", encoding="utf-8")
    checked = run("check", moved)
    assert checked.exit_code == 1
    assert "releases/2026-3/scoring.yaml:1: version: version 2026-3 was released on" in checked.output


def test_a_release_that_changes_worked_cases_shows_them_and_releases_nothing(
    data: Path, say: Mapping[str, str]
) -> None:
    done = run("release", "2026-2", "--why", "So", "--data", data)
    assert done.exit_code == 1
    assert f"    steps  {say['release_expected']}" in done.output
    assert say["lab_unaccepted"].format(version="2026-2", names="b_general_affairs") in done.output.replace("\n", "")
    assert versions.current(data) == "2026-1"


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(
    data: Path, say: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, _: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("advisor.analysis.lab.release.write_beside", refuse)
    done = run("release", "2026-3", "--why", "So", "--data", data)
    assert done.exit_code == 1
    assert say["file_unusable"].format(file="SHA256SUMS", why="Permission denied") in done.output


def test_a_release_needs_a_reason(data: Path) -> None:
    assert run("release", "2026-2", "--data", data).exit_code == 2


@pytest.mark.slow
def test_only_these_commands_pay_for_the_lab() -> None:
    code = "import sys, advisor.cli.main; print([name for name in ('pandas', 'ruamel.yaml') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
