"""What a notebook calls: one function, and nothing heavy behind it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from ipywidgets import Box

from advisor.app import open_workbook

HEAVY = {"pandas", "plotly", "statsmodels", "scipy", "matplotlib", "jupyter_server", "voila", "tornado", "hypothesis"}
OPEN = "from advisor.app import open_workbook; open_workbook()"
WALK = """
from advisor import catalog
from advisor.record import STEPS
from advisor.session import Session
from advisor.view import events
from advisor.view.page import Page
session = Session(catalog.load())
Page(session)
events.hear(session, {"event": "action", "name": "sample", "id": "a_accounting"})
for step in STEPS:
    session.go(step)
"""
LIST = "\nimport sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"


def imported(code: str) -> set[str]:
    """Return the packages that a process of its own has imported after running ``code``."""
    done = subprocess.run([sys.executable, "-c", code + LIST], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_a_workbook_is_a_widget_to_display() -> None:
    assert isinstance(open_workbook(), Box)


def test_every_workbook_has_a_session_of_its_own() -> None:
    first, second = open_workbook(), open_workbook()
    assert first is not second
    assert {id(child) for child in first.children}.isdisjoint(id(child) for child in second.children)


@pytest.mark.parametrize("code", [OPEN, WALK], ids=["opening", "a whole session"])
def test_a_clients_kernel_starts_without_anything_heavy(code: str) -> None:
    found = imported(code)
    assert {"advisor", "ipywidgets", "numpy"} <= found
    assert found & HEAVY == set()


def test_what_is_heavy_would_be_noticed() -> None:
    assert "tornado" in imported("import tornado")
