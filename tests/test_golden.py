"""Golden notebooks: stored with what they print, and compared with what they print today.

nbval never compares a cell without an execution count; a notebook stripped by mistake would pass whatever it prints.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests/golden"
GOLDEN = sorted(FOLDER.glob("*.ipynb"))


def nbval(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        "-m",
        "pytest",
        "-p",
        "tests",
        "--nbval",
        "--nbval-current-env",
        "-q",
        "-p",
        "no:cacheprovider",
        "-o",
        "addopts=",
    ]
    return subprocess.run(
        [sys.executable, *command, str(folder)], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
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


FIGURE = r"\d+( fair_employer)"
TAMPERED = f"worked_clients.ipynb::Cell {len(cells(FOLDER / 'worked_clients.ipynb'))}"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """What nbval says of them. One has a cell more: a copy of one of its cells, in which a figure is another one."""
    folder = tmp_path_factory.mktemp("golden")
    for path in GOLDEN:
        shutil.copy(path, folder)
    copied = folder / "worked_clients.ipynb"
    notebook = nbformat.read(copied, as_version=4)  # type: ignore[no-untyped-call]
    (cell,) = (deepcopy(cell) for cell in notebook.cells if re.search(FIGURE, str(cell.get("outputs"))))
    cell.id = "tampered"
    cell.outputs[0].text, count = re.subn(FIGURE, r"1234\1", cell.outputs[0].text, count=1)
    assert count == 1
    notebook.cells.append(cell)
    nbformat.write(notebook, copied)  # type: ignore[no-untyped-call]
    return nbval(folder)


def failures(told: subprocess.CompletedProcess[str]) -> list[str]:
    """Return the cells that print something else: the file's name, and which of its code cells it is."""
    return re.findall(r"^FAILED \S*/(\S+::Cell \d+)", told.stdout, re.MULTILINE)


@pytest.mark.slow
def test_they_print_today_what_they_printed_then(told: subprocess.CompletedProcess[str]) -> None:
    assert [cell for cell in failures(told) if cell != TAMPERED] == [], told.stdout
    assert f"1 failed, {sum(len(cells(path)) for path in GOLDEN)} passed" in told.stdout


@pytest.mark.slow
def test_another_figure_is_noticed(told: subprocess.CompletedProcess[str]) -> None:
    assert told.returncode == 1
    assert failures(told) == [TAMPERED]
