"""The house holds: every module has its room, and a client's kernel stays light. (`make check` runs the contracts.)"""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from typing import Any

from tests.conftest import LONGEST
from tests.serving import ROOT

PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MODULES = {
    path.stem for path in (ROOT / "advisor").iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
}


def contract(kind: str) -> dict[str, Any]:
    return next(each for each in PYPROJECT["tool"]["importlinter"]["contracts"] if each["type"] == kind)


def test_every_module_has_its_room() -> None:
    rooms = {name.strip() for layer in contract("layers")["layers"] for name in layer.split("|")}
    assert rooms == MODULES - {"__init__"}


def test_everything_below_the_view_is_kept_free_of_widgets() -> None:
    layers: list[str] = contract("layers")["layers"]
    view = next(number for number, layer in enumerate(layers) if "view" in layer.split())
    below = {f"advisor.{name.strip()}" for layer in layers[view + 1 :] for name in layer.split("|")}
    assert set(contract("forbidden")["source_modules"]) == below


def test_a_client_s_kernel_starts_without_what_it_does_not_need() -> None:
    heavy = "pandas plotly scipy statsmodels pyarrow voila jupyterlab jupyter_server matplotlib click"
    code = f"import sys, advisor.app; print([name for name in {heavy.split()!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_package_that_is_imported_is_declared() -> None:
    imported = {
        name.split(".")[0]
        for path in (ROOT / "advisor").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _names(node)
    }
    distributions = importlib.metadata.packages_distributions()
    foreign = imported - sys.stdlib_module_names - {"advisor"}
    needed = {re.sub(r"[-_.]+", "-", distributions[name][0]).lower() for name in foreign}
    extras = PYPROJECT["project"]["optional-dependencies"]
    named = [*PYPROJECT["project"]["dependencies"], *extras["analysis"], *extras["hub"], *extras["cluster"]]
    declared = {re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", text)[0]).lower() for text in named}
    assert needed - declared == set()


def _names(node: ast.AST) -> list[str]:
    """The modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []


def test_the_tests_that_are_begun_first_are_there() -> None:
    assert [name for name in LONGEST if not (ROOT / "tests" / name).is_file()] == []
