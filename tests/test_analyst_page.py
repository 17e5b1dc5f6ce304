"""docs/analyst.md tells the truth: its worked example is gone through, and what it prints is what the page shows."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from advisor import catalog as catalogs
from advisor import samples
from advisor.lab.drafts import save_draft
from advisor.lab.files import fresh
from tests.lab_cohort import accept
from tests.serving import ROOT
from tests.support import FIRST, as_first_released

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
    """Return what of a checkout a release touches, as it was when the page was written."""
    accept(as_first_released(tmp_path / "data"), FIRST)
    (tmp_path / "tests").mkdir()
    shutil.copy(tmp_path / "data/releases/released.csv", tmp_path / "tests/released.csv")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## [Unreleased]\n", encoding="utf-8")
    return tmp_path


def shown(command: str) -> list[str]:
    """Return the lines that the page shows below a command, each up to its ellipsis."""
    [block] = re.findall(r"```\n(\$ .*?)```", PAGE, flags=re.DOTALL)
    lines = block.split(f"$ {command}\n")[1].split("$ ")[0].splitlines()
    return [line.split("…")[0].strip() for line in lines if line.split("…")[0].strip()]


def test_the_worked_example_goes_as_the_page_says(checkout: Path) -> None:
    data = checkout / "data"
    save_draft(catalogs.load(data), data, "2026-2", {"steps.quantify.visibility": 40})
    for command in (("check",), ("diff", "2026-1", "2026-2")):
        told = advisor(*command, cwd=checkout)
        assert told.returncode == 0, told.stderr
        lines = shown(" ".join(("advisor", *command)))
        assert lines
        for line in lines:
            assert line in told.stdout

    release = ("release", "2026-2", "--why", "数字にする勧めが弱かった")
    refused = advisor(*release, cwd=checkout)
    assert refused.returncode == 1
    assert "a_accounting" in refused.stderr

    accept(data, "2026-2")
    worked = samples.load(fresh(data, "2026-2"), data)
    # By hand: visibility 40 x 2/3 → 27 for 20, marked 20 for 15, so 2 + 12; visibility 40 x 1/3 → 13 for 10, so 17 + 3.
    assert ("quantify", 14) in worked["a_accounting"].expected.steps
    assert ("quantify", 20) in worked["b_general_affairs"].expected.steps
    assert advisor(*release, cwd=checkout).returncode == 0
    for name in ("data/releases/released.csv", "tests/released.csv", "CHANGELOG.md"):
        assert "2026-2" in (checkout / name).read_text(encoding="utf-8"), name

    file = data / "releases/2026-2/scoring.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("points: 40", "points: 41"), encoding="utf-8")
    told = advisor("check", cwd=checkout)
    assert told.returncode == 1
    assert told.stdout.startswith("releases/2026-2/scoring.yaml:1: ")


def test_the_page_is_one_page_and_names_files_that_are_there() -> None:
    assert len(PAGE.splitlines()) <= 70
    for name in re.findall(r"`((?:data|tests|notebooks|advisor)/[\w/.-]+|\w+\.ipynb)`", PAGE):
        assert name.startswith("data/releases/2026-2") or any(
            (folder / name).exists() for folder in (ROOT, ROOT / "notebooks/analyst")
        ), name
    for link in re.findall(r"\]\((\w+\.md)\)", PAGE):
        assert (ROOT / "docs" / link).is_file()
