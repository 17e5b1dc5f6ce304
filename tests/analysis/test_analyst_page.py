"""docs/analyst.md tells the truth: its worked example is gone through, and what it prints is what the page shows."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from advisor.analysis.lab.drafts import save_draft
from advisor.analysis.lab.files import fresh
from advisor.cli import main
from advisor.content import loading, worked_cases
from advisor.content.folder import data_dir
from tests.lab_cohort import accept
from tests.serving import ROOT
from tests.support import CATALOG

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs/analyst.md").read_text(encoding="utf-8")


def advisor(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as the page has it, in a checkout whose terminal speaks Japanese."""
    place = ["data"] if command[0] == "check" else ["--data", "data"]
    environment = {"PYTHONPATH": str(ROOT), "ADVISOR_LANG": "ja", "PATH": ""}
    line = [sys.executable, "-m", "advisor", *command, *place]
    return subprocess.run(line, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return what of a checkout a release touches, as it was when the page was written: 2026-2 is the present one."""
    assert CATALOG.scoring.version == "2026-2"
    shutil.copytree(data_dir(), tmp_path / "data")
    (tmp_path / "tests").mkdir()
    shutil.copy(tmp_path / "data/releases/released.csv", tmp_path / "tests/released.csv")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## [Unreleased]\n", encoding="utf-8")
    return tmp_path


def shown(command: str) -> list[str]:
    """Return the lines that the page shows below a command, each up to its ellipsis."""
    [block] = re.findall(r"```\n(\$ .*?)```", PAGE, flags=re.DOTALL)
    lines = block.split(f"$ {command}\n")[1].split("$ ")[0].splitlines()
    return [line.split("…")[0].strip() for line in lines if line.split("…")[0].strip()]


@pytest.mark.slow
def test_the_worked_example_goes_as_the_page_says(checkout: Path) -> None:
    data = checkout / "data"
    save_draft(loading.load(data), data, "2026-3", {"steps.quantify.visibility": 40})
    for command in (("check",), ("diff", "2026-2", "2026-3")):
        told = advisor(*command, cwd=checkout)
        assert told.returncode == 0, told.stderr
        lines = shown(" ".join(("advisor", *command)))
        assert lines
        for line in lines:
            assert line in told.stdout

    release = ("release", "2026-3", "--why", "数字にする勧めが弱かった")
    refused = advisor(*release, cwd=checkout)
    assert refused.returncode == 1
    assert "a_accounting" in refused.stderr

    accept(data, "2026-3")
    worked = worked_cases.load(fresh(data, "2026-3"), data)
    # By hand: visibility 40 x 2/3 → 27 for 20, marked 20 for 15, so 28 + 12.
    assert ("quantify", 40) in worked["a_accounting"].expected.steps
    assert advisor(*release, cwd=checkout).returncode == 0
    for name in ("data/releases/released.csv", "tests/released.csv", "CHANGELOG.md"):
        assert "2026-3" in (checkout / name).read_text(encoding="utf-8"), name

    file = data / "releases/2026-3/scoring.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("points: 40", "points: 41"), encoding="utf-8")
    told = advisor("check", cwd=checkout)
    assert told.returncode == 1
    assert told.stdout.startswith("releases/2026-3/scoring.yaml:1: ")


LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")
FILE = re.compile(r"`((?:data|docs|tests|notebooks|advisor)/[\w/.-]+|[A-Z]+\.md)`")
COMMAND = re.compile(r"(?:`|^\$ )advisor ([a-z]+ ?[^`\n]*)", re.MULTILINE)


def linked(text: str, folder: Path) -> set[Path]:
    return {(folder / link).resolve() for link in LINK.findall(text)}


def test_the_page_is_one_page_and_names_files_that_are_there() -> None:
    assert len(PAGE.splitlines()) <= 84
    for name in FILE.findall(PAGE):
        assert name.startswith("data/releases/2026-3") or (ROOT / name).exists(), name


def test_jupyterlab_as_the_page_opens_it_finds_every_link_of_the_page_and_of_its_notebooks() -> None:
    """JupyterLab shows nothing above the folder it was started for, and no hidden file."""
    [opened] = re.findall(r"`\.venv/bin/jupyter lab ?([^`]*)`", PAGE)
    top = (ROOT / opened).resolve()
    found = linked(PAGE, ROOT / "docs")
    notebooks = sorted((ROOT / "notebooks/analyst").glob("*.ipynb"))
    assert set(notebooks) <= found, "the page leads to each notebook"
    for path in notebooks:
        found |= linked(path.read_text(encoding="utf-8"), path.parent)
    assert ROOT / "docs/analyst.md" in found, "and they lead back"
    for path in found:
        assert path.is_file(), path
        assert top in path.parents, path
        assert not any(part.startswith(".") for part in path.relative_to(top).parts), path


def test_every_command_of_the_page_is_one_that_there_is_with_all_it_needs() -> None:
    told = [shlex.split(line.replace("…", "")) for line in COMMAND.findall(PAGE)]
    assert {words[0] for words in told} >= {
        "check", "diff", "release", "reliability", "retest", "norms", "score", "anonymise", "synthetic",
    }  # fmt: skip
    for name, *rest in told:
        command = main.main.commands[name]
        with click.Context(command) as context:
            command.parse_args(context, rest)  # refuses what it does not know, and misses what it needs
        read = [part for part in rest if part.startswith("data/") and "2026-3" not in part]
        assert all((ROOT / part).exists() for part in read), rest
