"""A client who told little, in a real browser: why it is silent, an answer in place by the keyboard, and the order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor.content.model import Facts
from advisor.content.translator import say
from advisor.scoring.reading import read
from tests.browsing import visiting
from tests.newest import NEWEST, SILENT
from tests.serving import serving

JA = say(NEWEST, "ja")
TRAITS = NEWEST.of_kind("fit", "misfit")
TOLD = {f"{trait}_1": 4 for trait in TRAITS[: SILENT.silence["wants_in"].traits - 1]}  # one is missing
CELL = f"""
from advisor import load_catalog
from advisor.store.autosave import Autosave
from advisor.content.model import Case, Facts
from advisor.session.session import Session
from advisor.store import open_store
from advisor.view.workbook.page import Page
session = Session(load_catalog(version={NEWEST.scoring.version!r}))
autosave = Autosave(open_store(), session)
session.open_case(Case({TOLD!r}, facts=Facts(situation="wants_in")))
session.go("next")
page = Page(session, autosave)
page.widget
"""


@pytest.fixture(scope="module")
def silent(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with serving(CELL, folder=tmp_path_factory.mktemp("silent")) as server, visiting(browser, server.url) as page:
        yield page


def test_an_answer_in_place_by_the_keyboard_ends_the_silence_and_is_kept(
    silent: Page, axe_violations: Callable[[Page], list[str]]
) -> None:
    page = silent
    why = page.get_by_role("heading", name=JA("silent_title"))
    expect(why).to_be_visible()
    expect(page.locator("#paths-title")).to_have_count(0)
    assert axe_violations(page) == []

    asked = page.locator(".aw-asked .aw-q:visible")
    expect(asked).to_have_count(3)
    items = [str(row.get_attribute("data-id")) for row in asked.all()]
    first = page.get_by_role("slider", name=JA.words.items[items[0]])
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(why).to_have_count(0)
    expect(page.get_by_text(JA("silent_open"))).to_be_visible()
    expect(first).to_be_focused()  # nothing was taken from under the hand
    expect(asked).to_have_count(3)

    answer = int(first.input_value())
    reading = read(NEWEST, {**TOLD, items[0]: answer}, Facts(situation="wants_in"))
    expect(page.locator(f"#path-{reading.paths[0].target}")).to_be_visible()
    expect(page.locator(f"#step-{reading.steps[0].target}")).to_be_visible()
    expect(page.locator(".aw-kept")).to_have_attribute("data-kept", "saved")
    assert axe_violations(page) == []
