"""What notebooks call: one function each, and nothing heavy behind it."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from ipywidgets import Box

from advisor.app import open_desk, open_workbook
from advisor.store import new_id, open_store
from advisor.view.desk import DeskPage
from advisor.view.widgets import Lifeline, Panel
from tests.support import session

HEAVY = {
    *("pandas", "plotly", "statsmodels", "scipy", "matplotlib", "jupyter_server", "voila", "tornado", "hypothesis"),
    *("typst", "fontTools", "docx", "xlsxwriter", "icalendar"),  # only when something leaves the room
}
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


def panels(box: Box) -> str:
    """Return the HTML of all panels of a page."""
    found = [child.html for child in box.children if isinstance(child, Panel)]
    return "".join(found + [panels(child) for child in box.children if isinstance(child, Box)])


def test_the_address_names_the_visit_and_the_step(monkeypatch: pytest.MonkeyPatch) -> None:
    one, name = session(), new_id()
    one.tell_wish("願い")
    open_store().save(name, None, None, one.record)
    monkeypatch.setenv("QUERY_STRING", f"s={name}&go=results")
    (lifeline,) = (child for child in open_workbook().children if isinstance(child, Lifeline))
    assert lifeline.visit == name
    visit = open_store().visit(name)
    assert visit is not None
    assert visit.record.step == "results"


@pytest.mark.parametrize(("script", "desk", "workbook"), [
    ("/workbook", 'href="./"', "workbook"),
    ("/voila/render/workbook.ipynb", 'href="clients.ipynb"', "workbook.ipynb"),
])  # fmt: skip
def test_the_two_pages_find_each_other_under_any_server(
    monkeypatch: pytest.MonkeyPatch, script: str, desk: str, workbook: str
) -> None:
    monkeypatch.setenv("SCRIPT_NAME", script)
    assert desk in panels(open_workbook())
    told: list[str] = []

    class Seen(DeskPage):
        def __init__(self, *parts: Any) -> None:
            told.append(parts[-1])
            super().__init__(*parts)

    monkeypatch.setattr("advisor.view.desk.DeskPage", Seen)
    assert isinstance(open_desk(), Box)
    assert told == [workbook]


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
