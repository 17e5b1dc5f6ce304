"""Notebooks that are served stay thin: they import, call and show; everything else stands in the package."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import nbformat
import pytest

from advisor.view.workbook import screens

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(path for path in FOLDER.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
SERVED = [path for path in NOTEBOOKS if "analyst" not in path.relative_to(FOLDER).parts]
PAGES = {  # what a page says of itself
    "workbook": f"<workbook: {', '.join(screens.SCREENS)}>",
    "private": "<private: >",
    "client": "<client: start, aptitude, frustrations, workplace, results, next, plan, worksheets, summary>",
    "clients": "<desk: list, client, form, booking, office, case>",
}
MOST_CELLS, MOST_LINES, MOST_CALLS = 3, 5, 2  # one call, and one that displays


def notebook(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def cells(path: Path) -> list[str]:
    """Return the code cells of a notebook."""
    return [cell.source for cell in notebook(path).cells if cell.cell_type == "code"]


def thick(source: str) -> list[str]:
    """Return what in a cell is more than an import, a call or a name to display."""
    statements = ast.parse(source).body
    allowed = (ast.Import, ast.ImportFrom, ast.Expr)
    found = [type(statement).__name__ for statement in statements if not isinstance(statement, allowed)]
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    if len(calls) > MOST_CALLS:
        found.append("calls")
    if any(isinstance(node, ast.Lambda | ast.comprehension) for node in ast.walk(ast.parse(source))):
        found.append("logic")
    return found


def test_the_workbook_is_among_the_served_notebooks() -> None:
    assert FOLDER / "workbook.ipynb" in SERVED


@pytest.mark.parametrize("path", SERVED, ids=lambda path: path.name)
def test_a_served_notebook_is_thin(path: Path) -> None:
    code = cells(path)
    assert 1 <= len(code) <= MOST_CELLS
    for cell in code:
        assert len([line for line in cell.splitlines() if line.strip()]) <= MOST_LINES
        assert thick(cell) == []


@pytest.mark.parametrize(
    "source",
    ["x = 1", "for i in range(3): print(i)", "def f(): pass", "a(b(c()))", "show([x for x in y])", "show(lambda: 1)"],
)
def test_what_is_more_than_a_call_would_be_noticed(source: str) -> None:
    assert thick(source)


@pytest.mark.parametrize("path", SERVED, ids=lambda path: path.name)
def test_a_served_notebook_calls_the_app_and_nothing_below_it(path: Path) -> None:
    imports = [node for cell in cells(path) for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.ImportFrom)]
    assert {node.module for node in imports} == {"advisor.app"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_stored_without_outputs_and_counts(path: Path) -> None:
    for cell in notebook(path).cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None) or path in SERVED
        assert cell.metadata == {}
        assert not cell.get("attachments")


@pytest.mark.parametrize("path", SERVED, ids=lambda path: path.name)
def test_nbval_holds_a_served_notebook_to_the_page_that_it_shows(path: Path) -> None:
    (cell,) = notebook(path).cells
    (output,) = cell.outputs
    assert cell.source.startswith("# NBVAL_CHECK_OUTPUT\n")
    assert output.data == {"text/plain": PAGES[path.stem]}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_valid_and_runs_on_any_python_kernel(path: Path) -> None:
    read = notebook(path)
    nbformat.validate(read)
    assert read.metadata.kernelspec.name == "python3"
    assert read.metadata.kernelspec.language == "python"
    ids = [cell.id for cell in read.cells]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", SERVED, ids=lambda path: path.name)
def test_a_served_notebook_has_a_title_and_our_template(path: Path) -> None:
    metadata = notebook(path).metadata
    assert metadata.title.strip()
    assert metadata.voila == {"template": "advisor"}
