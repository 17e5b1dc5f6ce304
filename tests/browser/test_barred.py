"""A network that lets no websocket through is told in plain words, and a page begins as soon as it does.

Where the kernel or the login has ended instead, that is what the page says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browsing import title
from tests.serving import ARTEFACTS
from tests.sitting import Place, a_place, a_room
from tests.team import Visitor

BARRED = "画面を動かす通信が、途中で止められています"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with a_place(tmp_path_factory.mktemp("barred")) as made:
        yield made


@pytest.fixture
def context(browser: Browser, place: Place) -> Iterator[BrowserContext]:
    with a_room(browser, place) as room:
        yield room
    place.line.websockets = "open"


@pytest.mark.parametrize("how", ["refused", "stripped", "swallowed"])
def test_a_network_without_websockets_is_told_and_the_page_begins_once_they_pass(
    context: BrowserContext, place: Place, how: Literal["refused", "stripped", "swallowed"]
) -> None:
    place.line.websockets = how
    page = context.new_page()
    page.goto(f"{place.url}workbook")
    told = page.get_by_role("status")
    expect(told.get_by_role("heading", name=BARRED)).to_be_visible(timeout=40_000)
    expect(told).to_contain_text(f"127.0.0.1:{place.line.port} への WebSocket（HTTP の Upgrade）を通してください")
    expect(told).to_contain_text(f"Let WebSockets (HTTP Upgrade) to 127.0.0.1:{place.line.port} through")
    expect(page.get_by_text("組み立てています")).to_be_hidden()
    place.line.websockets = "open"
    expect(title(page)).to_be_visible(timeout=40_000)
    page.close()


def test_a_kernel_that_ends_before_the_page_stands_is_told_as_what_it_is(context: BrowserContext, place: Place) -> None:
    place.line.websockets = "swallowed"
    page = context.new_page()
    page.goto(f"{place.url}workbook")
    kernel = page.locator("#rendered_cells").get_attribute("data-kernel")
    cookies = {cookie.get("name", ""): cookie.get("value", "") for cookie in context.cookies()}
    visitor = Visitor(place.url, cookies)
    assert visitor.ask("POST", f"voila/api/shutdown/{kernel}", Origin=visitor.origin).status == 204
    told = page.get_by_role("alert").get_by_role("heading", name="画面を開けませんでした")
    expect(told).to_be_visible(timeout=40_000)
    expect(page.get_by_text(BARRED)).to_be_hidden()
    page.close()


def test_the_notice_fits_every_width_and_axe_finds_nothing(
    context: BrowserContext, place: Place, axe_violations: Callable[[Page], list[str]]
) -> None:
    place.line.websockets = "refused"
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{place.url}workbook")
    expect(page.get_by_role("heading", name=BARRED)).to_be_visible(timeout=40_000)
    for width in (1280, 820, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=ARTEFACTS / "screens" / f"barred-{width}.png")
    assert axe_violations(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert axe_violations(page) == []
    page.close()
