"""In a real browser: "this does not fit" at a card, the leaf of help on paper, the office's contacts at the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor.content.translator import say
from tests.browsing import visiting
from tests.serving import serving
from tests.support import CATALOG

JA = say(CATALOG, "ja")
WIDTHS = (1280, 820, 390)
CELL = """
from datetime import date
from advisor import load_catalog
from advisor.content import worked_cases
from advisor.store.autosave import Autosave
from advisor.session.office import Contact
from advisor.session.session import Session
from advisor.store import open_store
from advisor.view.workbook.page import Page
session = Session(load_catalog())
autosave = Autosave(open_store(), session)
session.open_case(worked_cases.case(worked_cases.load(session.catalog)["a_accounting"], wish="毎日6時に帰りたい"))
session.go("next")
ours = Contact("c1", "所内相談室", "仕事の量や人間関係のこと", "内線または受付で", "所内の一覧", date(2099, 1, 1))
old = Contact("c2", "地域の労働相談", "働く条件のこと", "市役所の2階", "市のサイト", date(2025, 1, 1))
session.contacts = (ours, old)
page = Page(session, autosave)
page.widget
"""
Axe = Callable[[Page], list[str]]
Shot = Callable[[Page, str], Path]


@pytest.fixture(scope="module")
def workbook(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with serving(CELL, folder=tmp_path_factory.mktemp("ethics")) as server, visiting(browser, server.url) as page:
        yield page


def pictured(page: Page, screenshot: Shot, name: str) -> None:
    """Keep pictures at three widths; nothing may stick out, and what is pressed is large enough."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert screenshot(page, f"{name}-{width}").stat().st_size > 10_000
    for button in page.locator(":is(.aw-unfit, .aw-card) > .aw-button:visible, .aw-tick:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_card_that_does_not_fit_is_said_by_the_keyboard_with_a_word(
    workbook: Page, axe_violations: Axe, screenshot: Shot
) -> None:
    page = workbook
    card = page.locator("article[id^='path-']").first
    target = str(card.get_attribute("id"))
    button = card.locator("[data-action='unfit']")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    page.keyboard.press("Tab")
    field = page.locator(f"#unfit-{target}")
    expect(field).to_be_focused()
    page.keyboard.type("本人は残りたいと話している")
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("value", "本人は残りたいと話している")
    expect(page.locator(".aw-kept")).to_have_attribute("data-kept", "saved")
    assert axe_violations(page) == []
    pictured(page, screenshot, "unfit")


def test_the_leaf_of_help_is_put_on_the_paper_and_printed_on_a_page_of_its_own(
    workbook: Page, axe_violations: Axe, screenshot: Shot
) -> None:
    page = workbook
    page.locator(".aw-steps [data-id='summary']").click()
    take = page.locator("[data-action='take_help']:visible")
    take.focus()
    page.keyboard.press("Space")
    expect(take).to_have_attribute("aria-pressed", "true")
    leaf = page.locator(".aw-leaf")
    expect(leaf).to_contain_text("キャリア形成・リスキリング支援センター")
    expect(leaf).to_contain_text(JA("help_old"))
    page.locator("[data-action='about_help'][data-id='hours']").click()
    expect(leaf.locator("h3").nth(1)).to_have_text(JA("help_topic_hours"))
    page.wait_for_timeout(300)  # the colour of what was pressed comes within 120 ms
    assert axe_violations(page) == []
    pictured(page, screenshot, "help")
    page.emulate_media(media="print")
    assert leaf.evaluate("node => getComputedStyle(node).breakBefore") == "page"
    expect(leaf.get_by_text(JA("help_old"))).to_be_hidden()
    expect(page.get_by_text("本人は残りたい")).to_have_count(0)
    page.emulate_media(media="screen")


def test_an_office_enters_a_contact_at_the_desk(
    desk_url: str, browser: Browser, axe_violations: Axe, screenshot: Shot
) -> None:
    with visiting(browser, desk_url) as page:
        page.locator("#office > summary").click()
        page.locator("[data-action='office']").click()
        expect(page.get_by_role("heading", name=JA("office_title"), exact=True)).to_be_focused()
        page.locator("[data-action='contact_new']").click()
        for name, text in {"name": "所内相談室", "purpose": "仕事の量のこと", "reach": "内線で", "source": ""}.items():
            page.locator(f"[data-id='contact-{name}'] input").fill(text)
        page.locator("[data-id='contact-checked'] input").fill("2025-01-05")
        page.locator("[data-action='contact_keep']").click()
        expect(page.get_by_text(JA("office_error_empty"))).to_be_visible()
        assert axe_violations(page) == []
        pictured(page, screenshot, "office-form")
        page.locator("[data-id='contact-source'] input").fill("所内の一覧")
        page.locator("[data-action='contact_keep']").click()
        expect(page.get_by_text(JA("help_old"))).to_be_visible()
        assert axe_violations(page) == []
        pictured(page, screenshot, "office")
        page.locator("[data-action='contact_confirm']").click()
        expect(page.get_by_text(JA("help_old"))).to_have_count(0)
        page.locator("[data-open-dialog]:visible").click()
        page.locator("dialog[open] [data-action='contact_drop']").click()
        expect(page.get_by_text(JA("office_none"))).to_be_visible()
