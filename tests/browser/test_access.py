"""For everyone: what axe-core finds, how the page fits narrow screens, how large targets are, whether things move."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from advisor.content.words import LANGUAGES
from advisor.session.record import SCREEN_IDS
from tests.browsing import (
    DRAWN,
    SAY,
    a_browser,
    arrive,
    choose_step,
    draw_charts,
    field,
    go,
    load_sample,
    open_all,
    press,
    row,
    speak,
    visiting,
)

Axe = Callable[[Page], list[str]]
WIDTHS = (1280, 820, 390)
SIZES: dict[int, ViewportSize] = {width: {"width": width, "height": 900} for width in WIDTHS}

# Text that leaves its place: to the side of the page, or cut off by a box that hides what does not fit.
CLIPPED = """() => {
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode, box = text.parentElement;
    if (!text.data.trim() || !box.checkVisibility() || box.closest("script, style, option")) continue;
    const around = [];
    for (let node = box; node; node = node.parentElement) around.push(node);
    if (around.some((node) => getComputedStyle(node).clipPath !== "none")) continue; // heard, not seen
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const part of range.getClientRects()) {
      if (!part.width) continue;
      const cut = around.some((node) => {
        if (node === document.documentElement || getComputedStyle(node).overflowX === "visible") return false;
        const { left, right, top, bottom } = node.getBoundingClientRect();
        return part.left < left - 1 || part.right > right + 1 || part.top < top - 4 || part.bottom > bottom + 4;
      });
      if (cut || part.left < -1 || part.right > document.documentElement.clientWidth + 1) {
        found.push(text.data.trim());
        break;
      }
    }
  }
  return found;
}"""

# What can be pressed, with the side that is shorter, as it is seen on the page.
TARGETS = """() => [...document.querySelectorAll(
    "button, a[href], summary, select, textarea, input:not([type=radio], [type=checkbox]), label.aw-tile, [data-point]"
  )]
  .filter((node) => node.checkVisibility() && node.getBoundingClientRect().width > 1)
  .map((node) => {
    const box = node.getBoundingClientRect();
    return [Math.min(box.width, box.height), node.matches("[data-point]"), node.outerHTML.slice(0, 90)];
  })"""
CLOSE_ALL = "document.querySelectorAll('details').forEach((part) => (part.open = false))"


@pytest.fixture(scope="module")
def answered(browser: Browser, workbook_url: str) -> Iterator[Page]:
    """A session in which a sample was loaded, a step and a path were chosen; calm, so that no colour is on its way."""
    with visiting(browser, workbook_url, reduced_motion="reduce") as page:
        load_sample(page, "a_accounting")
        go(page, "frustrations")
        press(page, "visibility_1", "widen")
        go(page, "next")
        for chosen in ("goal_talk", "care_for_stress", "fair_employer"):
            choose_step(page, chosen)
        yield page


@pytest.fixture(scope="module")
def empty(browser: Browser, workbook_url: str) -> Iterator[Page]:
    """A session in which nothing was told."""
    with visiting(browser, workbook_url, reduced_motion="reduce") as page:
        yield page


def in_the_dark(page: Page, axe: Axe) -> list[str]:
    """What axe-core finds in dark colours."""
    page.emulate_media(color_scheme="dark")
    try:
        return axe(page)
    finally:
        page.emulate_media(color_scheme="light")


# ---- axe ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("screen", SCREEN_IDS)
def test_axe_finds_nothing_on_a_screen_with_answers_and_everything_opened(
    answered: Page, axe_violations: Axe, screen: str
) -> None:
    go(answered, screen)
    draw_charts(answered)
    open_all(answered)
    assert axe_violations(answered) == []
    speak(answered, "en")
    open_all(answered)
    assert in_the_dark(answered, axe_violations) == []
    speak(answered, "ja")


@pytest.mark.parametrize("screen", SCREEN_IDS)
def test_axe_finds_nothing_on_a_screen_where_nothing_was_told(empty: Page, axe_violations: Axe, screen: str) -> None:
    go(empty, screen)
    draw_charts(empty)
    assert in_the_dark(empty, axe_violations) == []
    speak(empty, "en")
    assert axe_violations(empty) == []
    speak(empty, "ja")


def test_axe_finds_nothing_while_supposing(answered: Page, axe_violations: Axe) -> None:
    go(answered, "next")
    answered.get_by_role("button", name=SAY["ja"]("suppose_start")).click()
    draw_charts(answered, 1)
    assert axe_violations(answered) == []
    assert in_the_dark(answered, axe_violations) == []
    answered.get_by_role("button", name=SAY["ja"]("suppose_end")).click()
    expect(answered.locator(".aw-chart:visible")).to_have_count(0)


def test_axe_finds_nothing_beside_an_error_and_in_the_open_dialog(empty: Page, axe_violations: Axe) -> None:
    go(empty, "start")
    field(empty, "years").fill("abc")
    expect(row(empty, "years").locator(".aw-q-error")).to_be_visible()
    assert axe_violations(empty) == []
    assert in_the_dark(empty, axe_violations) == []
    empty.get_by_role("button", name=SAY["ja"]("restart"), exact=True).click()
    expect(empty.get_by_role("dialog")).to_be_visible()
    assert axe_violations(empty) == []
    assert in_the_dark(empty, axe_violations) == []
    empty.keyboard.press("Escape")
    field(empty, "years").fill("")
    expect(row(empty, "years").locator(".aw-q-error")).to_have_count(0)


def test_axe_finds_nothing_while_the_page_is_loading(browser: Browser, workbook_url: str, axe_violations: Axe) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    with a_browser(browser, reduced_motion="reduce") as context:
        page = context.new_page()
        page.clock.install()
        # the script that draws the widgets does not come
        page.route(re.compile(r"/advisor/static/front-"), hold)
        page.goto(workbook_url, wait_until="commit")
        expect(page.get_by_role("status")).to_contain_text("準備しています")
        assert axe_violations(page) == []
        page.clock.fast_forward(21_000)
        expect(page.get_by_role("link", name="開き直す")).to_be_visible()
        assert in_the_dark(page, axe_violations) == []
        assert held


# ---- narrow and wide ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("screen", SCREEN_IDS)
def test_every_screen_fits_its_width_in_both_languages(answered: Page, screen: str) -> None:
    go(answered, screen)
    draw_charts(answered)
    for language in LANGUAGES[::-1]:
        speak(answered, language)
        open_all(answered)
        for width, size in SIZES.items():
            answered.set_viewport_size(size)
            answered.wait_for_function(DRAWN)
            assert answered.evaluate("document.documentElement.scrollWidth") <= width
            assert answered.evaluate(CLIPPED) == []
    answered.set_viewport_size(SIZES[1280])


@pytest.mark.parametrize("screen", SCREEN_IDS)
def test_pictures_of_each_screen_are_kept(answered: Page, screenshot: Callable[[Page, str], Path], screen: str) -> None:
    go(answered, screen)
    draw_charts(answered)
    answered.evaluate(CLOSE_ALL)
    for language in LANGUAGES[::-1]:
        speak(answered, language)
        for width, size in SIZES.items():
            answered.set_viewport_size(size)
            answered.wait_for_function(DRAWN)
            assert screenshot(answered, f"{screen}-{language}-{width}").stat().st_size > 10_000
        answered.set_viewport_size(SIZES[1280])
        answered.emulate_media(color_scheme="dark")
        answered.wait_for_function(DRAWN)
        screenshot(answered, f"{screen}-{language}-1280-dark")
        answered.emulate_media(color_scheme="light")


# ---- targets, motion ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1280, 390])
def test_whatever_can_be_pressed_is_large_enough_for_a_finger(answered: Page, width: int) -> None:
    answered.set_viewport_size(SIZES[width])
    for screen in SCREEN_IDS:
        go(answered, screen)
        open_all(answered)
        targets = answered.evaluate(TARGETS)
        assert len(targets) > 10
        # the labelled points below a slider are a second way: the slider itself is 44 px high
        assert [target for target in targets if target[0] < (24 if target[1] else 43.9)] == []
    answered.set_viewport_size(SIZES[1280])


def test_who_asks_for_less_motion_gets_none(browser: Browser, workbook_url: str) -> None:
    moves = """() => [...document.querySelectorAll("*")].filter((node) => {
      const { transitionDuration, animationName } = getComputedStyle(node);
      return transitionDuration.split(", ").some((time) => parseFloat(time) > 0) || animationName !== "none";
    }).length"""
    with a_browser(browser) as context:
        page = context.new_page()
        arrive(page, workbook_url)
        assert page.evaluate(moves) > 0
        page.emulate_media(reduced_motion="reduce")
        for screen in SCREEN_IDS:
            go(page, screen)
            assert page.evaluate(moves) == 0
