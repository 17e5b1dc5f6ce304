"""The workbook for everyone: one walk over all screens that looks at everything a screen owes to people.

Each screen is reached by the keyboard and walked by it; axe-core reads it in both languages and in dark colours; it is
measured at every width, in English, whose words are longer, at two of them; pictures of it are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from advisor.session import record as records
from advisor.session.model import Record
from advisor.session.record import SCREEN_IDS
from tests.browsing import (
    MOST_STOPS,
    SAY,
    a_browser,
    a_tab,
    arrive,
    draw_charts,
    field,
    go,
    kept,
    plotted,
    row,
    speak,
    stored,
    title,
    visiting,
)
from tests.looks import (
    CLOSE_ALL,
    OF_COLOUR,
    OPEN_SOME,
    TAGS,
    WIDTHS,
    fits,
    misfits,
    open_all,
    violations,
    violations_in_the_dark,
)
from tests.pages import SAMPLES
from tests.support import CATALOG, FRUSTRATIONS, planned

JA = SAY["ja"]
SAMPLE = SAMPLES["a_accounting"]
TOLD = replace(
    records.new(CATALOG),
    case=replace(SAMPLE, facts=replace(SAMPLE.facts, widened=("visibility",))),
    plan=planned("fair_employer", "goal_talk", "care_for_stress"),
    revision=1,
)
# Notes at each press of Tab where the keyboard has been: which part of the page, and whether one could see it there.
WATCH_THE_KEYBOARD = """() => {
  window.here = () => {
    const node = document.activeElement;
    if (!node || node === document.body) return null;
    const ring = [node, node.closest(".aw-tile")].filter(Boolean).map((one) => getComputedStyle(one));
    const box = (node.closest(".aw-tile") ?? node).getBoundingClientRect();
    const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const below = over?.closest(".aw-header") && !node.closest(".aw-header");
    return {
      what: [node.nodeName, node.id, node.dataset.action, node.dataset.id, node.textContent.slice(0, 40)].join(" "),
      number: [...document.querySelectorAll("body *")].indexOf(node),
      ring: ring.some(({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2),
      inSight: box.bottom > 0 && box.top < innerHeight && !below,
    };
  };
  window.stops = [];
  addEventListener("keydown", ({ key }) => key === "Tab" && stops.push(here()), true);
}"""
# Controls whose text is seen, and whose name is another one.
MISNAMED = """() => [...document.querySelectorAll("button, a[href], summary")].filter((one) => {
  const said = one.getAttribute("aria-label"), seen = one.innerText.trim();
  return said && seen && one.checkVisibility() && /[\\p{L}\\p{N}]/u.test(seen) && !said.startsWith(seen);
}).map((one) => one.outerHTML.slice(0, 120))"""
MOVES = """() => [...document.querySelectorAll("*")].filter((node) => {
  const { transitionDuration, animationName } = getComputedStyle(node);
  return transitionDuration.split(", ").some((time) => parseFloat(time) > 0) || animationName !== "none";
}).length"""


@dataclass(frozen=True)
class Visited:
    """A page on which a stored visit stands."""

    page: Page
    record: Record


@pytest.fixture(scope="module")
def told(browser: Browser, workbook_url: str) -> Iterator[Visited]:
    """A visit in which a sample has answered, a step and a path were chosen; calm: no colour is on its way."""
    with visiting(browser, workbook_url + stored(TOLD)) as page:
        page.evaluate(WATCH_THE_KEYBOARD)
        yield Visited(page, TOLD)


@pytest.fixture
def answered(told: Visited) -> Visited:
    """The same in front: a tab behind another one draws once in a while."""
    told.page.bring_to_front()
    return told


@pytest.fixture(scope="module")
def empty(browser: Browser, workbook_url: str) -> Iterator[Page]:
    """A session in which nothing was told, in English."""
    with visiting(browser, workbook_url) as page:
        speak(page, "en")
        yield page


# ---- the keyboard ---------------------------------------------------------------------------------------------------


def walk(page: Page) -> list[dict[str, Any]]:
    """Go once round the page by Tab, from its top; return the stops."""
    page.evaluate("() => { document.activeElement.blur(); stops.length = 0; }")
    page.mouse.click(2, 2)  # the way begins at the top
    for _ in range(0, MOST_STOPS, 10):
        for _ in range(10):
            page.keyboard.press("Tab")
        seen = page.evaluate("stops")[1:]  # at the first press nothing has the focus
        for number, stop in enumerate(seen):
            if stop is None or (number and stop["number"] == seen[0]["number"]):
                return list(seen[:number])
    pytest.fail(f"the keyboard does not come round: {seen[-3:]}")


def keyboard_is_seen_and_held_nowhere(page: Page) -> None:
    """Every stop is seen, in the order of the page, and one comes back from the last one."""
    stops = walk(page)
    assert [stop["what"] for stop in stops if not stop["ring"]] == []
    assert [stop["what"] for stop in stops if not stop["inSight"]] == []
    order = [stop["number"] for stop in stops]
    assert order == sorted(order)
    assert len(stops) > len(SCREEN_IDS) + 3
    page.evaluate("(number) => document.querySelectorAll('body *')[number].focus()", order[-1])
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("here().number") == order[-2]


def arrive_by_keyboard(page: Page, screen: str) -> None:
    """Come to a screen by its number above, from far down another one: it begins at its title."""
    if title(page, screen).is_visible():
        go(page, "summary" if screen == "start" else "start")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.locator(f".aw-steps [data-id={screen}]").focus()
    page.keyboard.press("Enter")
    expect(title(page, screen)).to_be_focused()
    expect(title(page)).to_have_count(1)
    assert page.evaluate("scrollY") == 0


def headings_have_no_gap(page: Page) -> None:
    """One jumps from heading to heading: one of the first level, and none that is two levels below the one before."""
    levels = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4, h5')].filter((one) => one.checkVisibility())"
        ".map((one) => Number(one.nodeName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []
    for landmark in ("banner", "main"):
        expect(page.get_by_role(landmark, include_hidden=False)).to_have_count(1)


def names_begin_as_they_are_seen(page: Page) -> None:
    """Who speaks to the page says what stands on a button: its name begins with that."""
    assert page.evaluate(MISNAMED) == []


def low_enough(page: Page, screen: str) -> None:
    """Before something is unfolded, no screen is higher than three windows; results and next steps take two at most."""
    assert page.evaluate("document.documentElement.scrollHeight") <= (1800 if screen in {"results", "next"} else 2700)


# ---- every screen ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("screen", SCREEN_IDS)
def test_a_screen_with_answers_is_there_for_everyone(answered: Visited, screen: str) -> None:
    page = answered.page
    arrive_by_keyboard(page, screen)
    draw_charts(page)
    low_enough(page, screen)
    keyboard_is_seen_and_held_nowhere(page)
    assert page.evaluate(MOVES) == 0  # who asks for less motion gets none
    expect(page).to_have_title(JA("tab_title", step=JA(f"step_{screen}"), title=JA("title")))
    fits(page, f"{screen}-ja", (1280, 820, 390), opens=True)
    open_all(page)
    assert violations(page) == []
    headings_have_no_gap(page)
    names_begin_as_they_are_seen(page)
    speak(page, "en")
    expect(page).to_have_title(SAY["en"]("tab_title", step=SAY["en"](f"step_{screen}"), title=SAY["en"]("title")))
    fits(page, f"{screen}-en", (320,), opens=True, widths=(820, 320))
    page.evaluate(OPEN_SOME)
    assert violations_in_the_dark(page) == []
    page.evaluate(CLOSE_ALL)  # who comes next opens by a press, which would close what is open
    speak(page, "ja")
    now = kept(page)
    assert now is not None
    told = replace(now, revision=0, screen="start", shown=())  # what was in sight is noted as it comes
    assert told == replace(answered.record, revision=0)  # nothing told is lost


@pytest.mark.parametrize("screen", SCREEN_IDS)
def test_a_screen_where_nothing_was_told_is_there_for_everyone(empty: Page, screen: str) -> None:
    go(empty, screen)
    draw_charts(empty, 0 if screen == "results" else None)  # no empty chart among the results
    said = empty.get_by_role("slider").evaluate_all("(all) => all.map((one) => one.getAttribute('aria-valuetext'))")
    assert {*said} <= {SAY["en"]("sheet_unanswered")}  # a slider that nobody touched has no value
    assert empty.locator("[data-chosen]:visible").count() == 0
    if screen == "frustrations":
        assert len(said) >= len(FRUSTRATIONS)
        assert plotted(empty) == [None] * len(FRUSTRATIONS)
    empty.emulate_media(color_scheme="dark")
    assert violations(empty) == []
    empty.emulate_media(color_scheme="light")
    assert misfits(empty) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_way_back_is_not_hidden_by_the_header(answered: Visited, width: int) -> None:
    page = answered.page
    page.set_viewport_size({"width": width, "height": 700})
    go(page, "frustrations")
    page.evaluate("() => { stops.length = 0; }")
    page.get_by_role("button", name=JA("restart"), exact=True).focus()
    for _ in range(61):
        page.keyboard.press("Shift+Tab")
    stops = page.evaluate("stops")
    assert len(stops) == 61
    assert [stop["what"] for stop in stops if stop and not stop["inSight"]] == []
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_phone_has_a_low_head_whose_chart_leads_to_the_large_one_and_no_long_summary(answered: Visited) -> None:
    page = answered.page
    head = page.locator(".aw-header")
    go(page, "frustrations")
    for width, height, most in ((390, 844, 96), (320, 450, 96), (640, 450, 96), (844, 390, 56)):
        page.set_viewport_size({"width": width, "height": height})
        assert head.evaluate("(node) => node.offsetHeight") <= most
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("scrollTo(0, 300)")
    page.get_by_role("button", name=JA("chart_large")).click()
    words = page.locator("#words-radar_title:visible")
    expect(words).to_be_in_viewport()
    words.locator("> summary").click()
    expect(words.get_by_role("row", name=CATALOG.words["ja"].scales[FRUSTRATIONS[0]].name)).to_be_visible()
    page.get_by_role("button", name=JA("chart_back")).click()
    expect(words).to_have_count(0)
    page.wait_for_function("() => Math.abs(scrollY - 300) < 2")
    go(page, "summary")
    page.evaluate(CLOSE_ALL)
    assert page.evaluate("document.documentElement.scrollHeight") <= 3000
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_who_asks_for_more_contrast_gets_it(answered: Visited, colours: Literal["light", "dark"]) -> None:
    page = answered.page
    go(page, "next")
    page.emulate_media(contrast="more", color_scheme=colours)
    try:
        assert violations(page, ["color-contrast-enhanced"]) == []
    finally:
        page.emulate_media(contrast="no-preference", color_scheme="light")


# ---- what else one may meet -----------------------------------------------------------------------------------------


def test_axe_finds_nothing_while_supposing(answered: Visited) -> None:
    page = answered.page
    go(page, "next")
    page.locator("#suppose > summary").click()
    page.get_by_role("button", name=JA("suppose_start")).click()
    draw_charts(page, 1)
    assert violations(page) == []
    assert violations_in_the_dark(page) == []
    page.get_by_role("button", name=JA("suppose_end")).click()
    expect(page.locator(".aw-chart:visible")).to_have_count(0)


def test_an_error_and_the_dialog_are_there_for_everyone_and_escape_gives_the_focus_back(answered: Visited) -> None:
    page = answered.page
    go(page, "start")
    field(page, "years").fill("abc")
    expect(row(page, "years").locator(".aw-q-error")).to_be_visible()
    assert violations(page) == []
    assert violations_in_the_dark(page) == []
    asks = page.get_by_role("button", name=JA("restart"), exact=True)
    asks.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=JA("restart_title"))
    expect(dialog.get_by_role("button", name=re.compile(JA("restart_no")))).to_be_focused()
    assert violations(page) == []
    assert violations_in_the_dark(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(asks).to_be_focused()
    field(page, "years").fill("6")
    expect(row(page, "years").locator(".aw-q-error")).to_have_count(0)
    now = kept(page)
    assert now is not None
    assert now.case.responses == answered.record.case.responses


def test_axe_finds_nothing_while_the_page_is_loading(browser: Browser, workbook_url: str) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    with a_browser(browser) as context:
        page = context.new_page()
        page.clock.install()
        # the script that draws the widgets does not come
        page.route(re.compile(r"/advisor/static/front-"), hold)
        page.goto(workbook_url, wait_until="commit")
        expect(page.get_by_role("status")).to_contain_text("準備しています")
        assert violations(page) == []
        page.clock.fast_forward(21_000)
        expect(page.get_by_role("link", name="開き直す")).to_be_visible()
        assert violations_in_the_dark(page) == []
        assert held


# ---- the measures themselves ----------------------------------------------------------------------------------------


def test_the_measures_find_what_is_wrong(page: Page) -> None:
    page.set_content(
        """<!doctype html><html lang=ja><title>x</title><style>
        :root { color-scheme: light dark; background: light-dark(#fff, #222); color: light-dark(#000, #333); }
        .wide { width: 1500px } .cut { overflow: hidden; width: 3em; white-space: nowrap }
        button { width: 30px; height: 60px }
        </style><main><div class=wide>広すぎる</div><div class=cut>切られた言葉</div><button></button></main>"""
    )
    found = misfits(page)
    assert [text for text in found if "small" not in text] == ["the page is 1508 px wide", "切られた言葉"]
    assert len(found) == 3
    assert {one.split()[0] for one in violations(page, TAGS)} == {"button-name"}
    page.emulate_media(color_scheme="dark")
    assert {one.split()[0] for one in violations(page, OF_COLOUR)} == {"color-contrast"}


def test_without_that_wish_something_moves(browser: Browser, workbook_url: str) -> None:
    with a_tab(browser) as page:
        page.emulate_media(reduced_motion="no-preference")
        arrive(page, workbook_url)
        assert page.evaluate(MOVES) > 0
        assert page.viewport_size == {"width": WIDTHS[0], "height": 900}
