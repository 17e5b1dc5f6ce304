"""What notebooks call: one function each, and nothing heavy behind it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ipywidgets import Box

from advisor.app import open_desk, open_workbook
from advisor.content.translator import say
from advisor.store import NotRead, access_log, advisers, new_id, open_store
from advisor.view.desk.page import DeskPage
from advisor.view.widgets.widgets import Lifeline, Panel
from tests.databases import NEW, client
from tests.support import CATALOG, session

JA = say(CATALOG, "ja")
HEAVY = {
    *("pandas", "plotly", "statsmodels", "scipy", "matplotlib", "jupyter_server", "voila", "tornado", "hypothesis"),
    *(
        "typst",
        "fontTools",
        "docx",
        "xlsxwriter",
        "icalendar",
        "argon2",
        "zxcvbn",
    ),  # only when something leaves the room
}
OPEN = "from advisor.app import open_workbook; open_workbook()"
WALK = """
from advisor import load_catalog
from advisor.session.record import SCREEN_IDS
from advisor.session.session import Session
from advisor.view.workbook import events
from advisor.view.workbook.page import Page
session = Session(load_catalog())
Page(session)
events.hear(session, {"event": "action", "name": "sample", "id": "a_accounting"})
for screen in SCREEN_IDS:
    session.go(screen)
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


def test_the_address_names_the_visit_and_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    one, name = session(), new_id()
    one.tell_wish("願い")
    open_store().save(name, None, None, one.record)
    monkeypatch.setenv("QUERY_STRING", f"s={name}&go=results")
    (lifeline,) = (child for child in open_workbook().children if isinstance(child, Lifeline))
    assert lifeline.visit == name
    visit = open_store().visit(name)
    assert visit is not None
    assert visit.record.screen == "results"


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
        def __init__(self, *parts: Any, **named: Any) -> None:
            told.append(parts[3])
            super().__init__(*parts, **named)

    monkeypatch.setattr("advisor.view.desk.page.DeskPage", Seen)
    assert isinstance(open_desk(), Box)
    assert told == [workbook]


def test_a_visit_leads_to_its_clients_page_and_keeps_names_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store()
    store.put_client(client("somebody"))
    visit = new_id()
    store.save(visit, "somebody", None, NEW)
    monkeypatch.setenv("QUERY_STRING", f"s={visit}&names=hidden")
    assert 'href="./?c=somebody&amp;names=hidden"' in panels(open_workbook())


def test_every_workbook_has_a_session_of_its_own() -> None:
    first, second = open_workbook(), open_workbook()
    assert first is not second
    assert {id(child) for child in first.children}.isdisjoint(id(child) for child in second.children)


@pytest.mark.parametrize("code", [OPEN, WALK], ids=["opening", "a whole session"])
@pytest.mark.slow
def test_a_clients_kernel_starts_without_anything_heavy(code: str) -> None:
    found = imported(code)
    assert {"advisor", "ipywidgets", "numpy"} <= found
    assert found & HEAVY == set()


def test_what_is_heavy_would_be_noticed() -> None:
    assert "tornado" in imported("import tornado")


# --- whose kernel it is -------------------------------------------------------------------------------------------


def kept(monkeypatch: pytest.MonkeyPatch, whose: str | None) -> Box:
    """Return the workbook of a kernel that belongs to somebody."""
    if whose is None:
        monkeypatch.delenv("ADVISOR_ADVISER", raising=False)
    else:
        monkeypatch.setenv("ADVISOR_ADVISER", whose)
    return open_workbook()


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A visit of the adviser 佐藤 in a store of its own, named by the address."""
    monkeypatch.setenv("ADVISOR_DATABASE_URL", f"sqlite:///{tmp_path}/team.sqlite3")
    one, name, store = session(), new_id(), open_store()
    one.tell_wish("カナリアの願い")
    store.seen_by(advisers.add(store, "佐藤").id).save(name, None, None, one.record)
    monkeypatch.setenv("QUERY_STRING", f"s={name}&go=start")
    return name


def opened(page: Box) -> str:
    """Return the id of the visit that a page has opened."""
    (lifeline,) = (child for child in page.children if isinstance(child, Lifeline))
    return str(lifeline.visit)


def test_an_adviser_opens_their_own_visit_and_nobody_elses(monkeypatch: pytest.MonkeyPatch, visit: str) -> None:
    store = open_store()
    owner, other = (advisers.find(store, "佐藤"), advisers.add(store, "鈴木"))
    assert owner is not None
    assert opened(kept(monkeypatch, owner.id)) == visit
    page = kept(monkeypatch, other.id)
    assert opened(page) == ""
    assert JA("visit_unknown") in panels(page)


@pytest.mark.parametrize("whose", [None, "", "nobody", "佐藤"])
def test_where_there_are_advisers_a_kernel_of_nobody_opens_and_keeps_nothing(
    monkeypatch: pytest.MonkeyPatch, visit: str, whose: str | None
) -> None:
    page = kept(monkeypatch, whose)
    assert opened(page) == ""
    assert JA("not_allowed" if whose else "no_adviser") in panels(page)
    desk = open_desk()
    assert JA("not_allowed" if whose else "no_adviser") in panels(desk)
    monkeypatch.setenv("QUERY_STRING", "")
    assert JA("not_allowed" if whose else "no_adviser") in panels(open_workbook()), "a new visit would not be kept"
    assert [entry.action for entry in access_log.entries(open_store())] == ["adviser_added"]
    assert open_store().visits(None)[0].id == visit


def test_one_person_alone_sees_everything_named_so_or_while_there_is_no_adviser(
    monkeypatch: pytest.MonkeyPatch, visit: str, tmp_path: Path
) -> None:
    assert opened(kept(monkeypatch, "alone")) == visit
    assert access_log.entries(open_store())[-1].by == "alone"
    record = open_store().replay(visit)
    monkeypatch.setenv("ADVISOR_DATABASE_URL", f"sqlite:///{tmp_path}/laptop.sqlite3")
    open_store().save(visit, None, None, record)
    assert opened(kept(monkeypatch, None)) == visit
    assert [(entry.by, entry.action, entry.visit) for entry in access_log.entries(open_store())] == [
        ("alone", "opened", visit)
    ]


def test_a_kernel_of_nobody_gets_nothing_either_while_the_store_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, visit: str
) -> None:
    def silent(_: object) -> bool:
        raise NotRead

    with monkeypatch.context() as broken:
        broken.setattr(advisers, "any_exist", silent)
        assert opened(kept(monkeypatch, None)) == ""
    assert opened(kept(monkeypatch, "alone")) == visit
