"""A desk with hundreds of clients in a real browser: pages and search by keyboard, a light message, for everyone."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor.content.words import LANGUAGES
from advisor.session.model import TOKYO, Action, Record
from advisor.store import open_store
from tests.browser.test_access import CLIPPED, SIZES, TARGETS, Axe, in_the_dark
from tests.browser.test_keyboard import tab_to
from tests.browsing import SAY, a_browser, arrive, open_all, row, speak, visiting
from tests.desks import NEW, STEP, crowd, planned
from tests.serving import ARTEFACTS, running

JA = SAY["ja"]
CLIENTS, OPENING = 320, 150_000  # bytes
TODAY = datetime.now(TOKYO).date()


def record(place: int) -> Record:
    """Return a record with something due on every day around today; for three, an appointment today."""
    if place < 3:
        return replace(NEW, next_at=datetime.combine(TODAY, time(10 + 2 * place)))
    return planned(Action("a1", STEP, by=TODAY + timedelta(days=place - 20)))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The address of a desk with hundreds of clients and some visits of nobody."""
    database = f"sqlite:///{tmp_path_factory.mktemp('many') / 'desk.sqlite3'}"
    store = open_store(database, "")
    crowd(store, CLIENTS, record)
    for number in range(7):
        store.save(f"nobody-{number}", None, None, NEW)
    command = (sys.executable, "-m", "advisor", "serve", "--no-browser", "--port", "0")
    environment = os.environ | {"ADVISOR_LANG": "en", "ADVISOR_DATABASE_URL": database}
    with running(*command, log=ARTEFACTS / f"desk-many-{worker_id}.log", environment=environment) as server:
        yield server.url


def part(first: int, last: int) -> str:
    return JA("desk_page_people", first=first, last=last, all=CLIENTS)


def test_one_pages_through_hundreds_by_keyboard_and_the_place_is_kept(browser: Browser, many: str) -> None:
    with visiting(browser, many) as page:
        names, told = page.locator(".aw-desk-name"), page.locator(".aw-desk-count .aw-desk-pager > span")
        back, on = page.locator("#turn-list-back"), page.locator("#turn-list-on")
        expect(told).to_have_text(part(1, 50))
        expect(told).to_have_attribute("aria-live", "polite")
        tab_to(page, on)
        for number in range(1, 7):
            before = names.all_text_contents()
            page.keyboard.press("Enter")
            expect(told).to_have_text(part(50 * number + 1, min(CLIENTS, 50 * number + 50)))
            expect(on).to_be_focused()
            assert not set(before) & set(names.all_text_contents())
        expect(on).to_have_attribute("aria-disabled", "true")
        page.keyboard.press("Enter")
        tab_to(page, page.locator("#turn-list-back-below"))
        page.keyboard.press("Enter")  # from below one comes to the top of the page that is turned to
        expect(back).to_be_focused()
        expect(back).to_be_in_viewport()
        expect(told).to_have_text(part(251, 300))


def test_one_finds_anybody_by_keyboard_and_comes_back_to_the_same_page(browser: Browser, many: str) -> None:
    with visiting(browser, many) as page:
        names, search = page.locator(".aw-desk-name"), row(page, "search").locator("input")
        told = page.locator(".aw-desk-count .aw-desk-pager > span")
        tab_to(page, search)
        page.keyboard.type("ｋ－００３１")
        expect(names).to_have_count(10)
        expect(search).to_be_focused()
        expect(page.locator("#today")).to_have_count(0)
        expect(page.get_by_text(JA("desk_found", all=CLIENTS, found=10))).to_be_visible()
        page.keyboard.type("8")
        expect(names).to_have_text(["K-00318 佐藤 花子318"])
        search.fill("いない方")
        expect(page.get_by_role("heading", name=JA("desk_not_found"))).to_be_visible()
        tab_to(page, page.get_by_role("button", name=JA("desk_not_found_all")))
        page.keyboard.press("Enter")
        expect(names).to_have_count(50)
        expect(search).to_have_value("")
        tab_to(page, page.locator("#turn-list-on"))
        page.keyboard.press("Enter")
        expect(told).to_have_text(part(51, 100))
        tab_to(page, names.nth(3))
        code = names.nth(3).text_content()
        page.keyboard.press("Enter")
        expect(page.locator('h1[data-title="client"]:visible')).to_be_focused()
        page.get_by_role("button", name=JA("desk_back")).click()
        expect(told).to_have_text(part(51, 100))
        assert names.nth(3).text_content() == code


def test_to_open_it_is_a_light_message(browser: Browser, many: str) -> None:
    received: list[int] = []
    with a_browser(browser) as context:
        page = context.new_page()
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
        arrive(page, many)
        expect(page.locator(".aw-desk-name")).to_have_count(50)
    assert sum(received) < OPENING


def test_axe_finds_nothing_and_everything_fits_and_can_be_pressed(
    browser: Browser, many: str, axe_violations: Axe, screenshot: Callable[[Page, str], Path]
) -> None:
    with visiting(browser, many, reduced_motion="reduce") as page:
        for name, query in (("list", ""), ("found", "花子1"), ("nobody", "いない方")):
            row(page, "search").locator("input").fill(query)
            expect(page.locator("#today")).to_have_count(0 if query else 1)
            open_all(page)
            assert axe_violations(page) == [], name
            assert in_the_dark(page, axe_violations) == [], name
            for language in LANGUAGES[::-1]:
                speak(page, language)
                for width, size in SIZES.items():
                    page.set_viewport_size(size)
                    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
                    assert page.evaluate(CLIPPED) == [], (name, language, width)
                    assert [target for target in page.evaluate(TARGETS) if target[0] < 43.9] == [], name
                    screenshot(page, f"desk-many-{name}-{language}-{width}")
            page.set_viewport_size(SIZES[1280])
