"""What `from advisor import …` gives: the objects of their own modules, and nothing is loaded before it is used."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

import advisor
from advisor.content import loading
from advisor.scoring import reading
from tests.serving import ROOT


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_names_are_those_of_the_rooms() -> None:
    assert advisor.load_catalog is loading.load
    assert advisor.read is reading.read
    assert {*advisor.__all__} <= {*dir(advisor)}
    assert all(getattr(advisor, name) for name in advisor.__all__)


def test_an_unknown_name_is_named() -> None:
    with pytest.raises(AttributeError, match="no attribute 'verdict'"):
        advisor.verdict  # noqa: B018  (asking is what is tested)


def test_importing_the_package_loads_nothing_else() -> None:
    heavy = ("advisor.", "numpy", "pydantic")
    assert run(f"import advisor, sys; print([name for name in sys.modules if name.startswith({heavy})])") == "[]"


def test_the_lines_of_the_readme_run() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ((lines, printed),) = re.findall(r"```python\n(.*?)```\n\nIt prints `(.*?)`", readme, re.DOTALL)
    assert len(lines.strip().splitlines()) <= 8
    assert run(lines) == printed
