"""Golden notebooks: stored with what they print, and compared with what they print today.

nbval never compares a cell without an execution count; a notebook stripped by mistake would pass whatever it prints.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

FOLDER = Path(__file__).parent / "golden"
GOLDEN = sorted(FOLDER.glob("*.ipynb"))


def nbval(folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["-m", "pytest", "--nbval", "--nbval-current-env", "-q", "-p", "no:cacheprovider", "-o", "addopts="]
    return subprocess.run(
        [sys.executable, *command, str(folder)], capture_output=True, text=True, timeout=300, check=False
    )


def cells(path: Path) -> list[Any]:
    read = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return [cell for cell in read.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_cell_is_one_that_nbval_compares(path: Path) -> None:
    counts = [cell.execution_count for cell in cells(path)]
    assert counts == list(range(1, len(counts) + 1)), "run it again from the top: make golden"
    printed = [cell for cell in cells(path) if cell.outputs]
    assert len(printed) >= len(counts) - 1, "only the first cell, which imports, may be silent"
    for cell in printed:
        assert [output.output_type for output in cell.outputs] == ["stream"], "text only: pictures and ids change"
        assert cell.metadata == {}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """What nbval says of them, and of a copy of one in which a figure is another one."""
    folder = tmp_path_factory.mktemp("golden")
    for path in GOLDEN:
        shutil.copy(path, folder)
    text = (FOLDER / "worked_clients.ipynb").read_text(encoding="utf-8")
    tampered, count = re.subn(r"\d+( fair_employer)", r"1234\1", text, count=1)
    assert count == 1
    (folder / "tampered.ipynb").write_text(tampered, encoding="utf-8")
    return nbval(folder)


@pytest.mark.slow
def test_they_print_today_what_they_printed_then(told: subprocess.CompletedProcess[str]) -> None:
    failed = [line for line in told.stdout.splitlines() if line.startswith("FAILED")]
    assert [line for line in failed if "tampered.ipynb" not in line] == [], told.stdout
    number = sum(len(cells(path)) for path in GOLDEN) + len(cells(FOLDER / "worked_clients.ipynb"))
    assert f"1 failed, {number - 1} passed" in told.stdout


@pytest.mark.slow
def test_another_figure_is_noticed(told: subprocess.CompletedProcess[str]) -> None:
    assert told.returncode == 1
    (failed,) = (line for line in told.stdout.splitlines() if line.startswith("FAILED"))
    assert "tampered.ipynb" in failed
