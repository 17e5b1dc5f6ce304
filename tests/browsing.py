"""What the browser tests share: open the workbook, watch over it, do what a person does, read what is shown."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Locator, Page, WebSocket, expect

from advisor.content.translator import Say, say
from advisor.content.words import LANGUAGES, Language
from advisor.scoring.reading import read
from advisor.scoring.results import Reading
from advisor.session.model import Record
from advisor.store import new_id, open_store
from tests import opened
from tests.looks import DRAWN
from tests.serving import COOKIES
from tests.support import CATALOG

SAY: dict[Language, Say] = {language: say(CATALOG, language) for language in LANGUAGES}
JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")
VISITOR: dict[str, Any] = {"locale": "ja-JP", "timezone_id": "Asia/Tokyo", "viewport": {"width": 1280, "height": 900}}
VISITOR |= {"reduced_motion": "reduce"}  # no picture is taken, and no colour read, while something moves
expect.set_options(timeout=30_000)  # the machine may be busy; what is right is there long before

MOST_STOPS = 250  # of the keyboard on one page
CHARTS = {"aptitude": 1, "frustrations": 1, "results": 2, "summary": 1}  # how many a screen shows
VALUES = """(plot) => plot.data.map((trace) => [...(trace.r ?? trace.x)])"""


# ---- a visit --------------------------------------------------------------------------------------------------------


def complaints(page: Page) -> list[str]:
    """What goes wrong on a page from now on: errors, dialogs, requests to other hosts, a connection that was cut."""
    found: list[str] = []
    sockets: list[WebSocket] = []  # of the document as it stands

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            found.append(f"console: {message.text}")

    def on_dialog(dialog: Dialog) -> None:
        found.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def on_address(url: str) -> None:
        if not re.match(r"(https?|ws|blob:http)://127\.0\.0\.1:|data:", url):
            found.append(f"asked elsewhere: {url}")

    def on_socket(socket: WebSocket) -> None:
        on_address(socket.url)
        if sockets:
            found.append("the connection to the kernel was cut and had to be made anew")
        sockets.append(socket)

    page.on("console", on_console)
    page.on("dialog", on_dialog)
    page.on("pageerror", lambda error: found.append(f"page error: {error}"))
    page.on("request", lambda request: on_address(request.url))
    page.on("websocket", on_socket)
    page.on("framenavigated", lambda frame: sockets.clear() if frame == page.main_frame else None)
    return found


def arrive(page: Page, url: str) -> None:
    """Open the workbook and wait until it can be used."""
    page.goto(url)
    expect(title(page)).to_be_visible(timeout=60_000)


@contextmanager
def a_browser(browser: Browser, **settings: Any) -> Iterator[BrowserContext]:
    """A visitor's browser, in Japan unless told otherwise."""
    context = browser.new_context(**{**VISITOR, **settings})
    context.add_cookies(COOKIES)
    try:
        yield context
    finally:
        context.close()


@cache
def _everyday(browser: Browser) -> BrowserContext:
    """The browser that a worker's tests share. A blank tab stays open: without it, Chromium ends what it has warmed."""
    context = browser.new_context(**VISITOR)
    context.new_page()
    return context


@contextmanager
def a_tab(browser: Browser) -> Iterator[Page]:
    """A new tab of the browser that a worker's tests share: a page takes half of what it takes in a new browser."""
    context = _everyday(browser)
    context.add_cookies(COOKIES)
    page = context.new_page()
    try:
        yield page
    finally:
        page.close()


@contextmanager
def visiting(browser: Browser, url: str) -> Iterator[Page]:
    """A visit to the workbook in a new tab, during which nothing may go wrong behind the scenes."""
    with a_tab(browser) as page:
        found = complaints(page)
        arrive(page, url)
        yield page
        assert not found, found


# ---- what a person does ---------------------------------------------------------------------------------------------


def title(page: Page, screen: str = "") -> Locator:
    """The heading of the screen in sight."""
    return page.locator(f'h1[data-title="{screen}"]:visible' if screen else "h1[data-title]:visible")


def go(page: Page, screen: str) -> None:
    """Move to a screen by the words above; on a phone, by those in the menu."""
    if page.locator(".aw-steps").is_visible():
        page.locator(f'.aw-steps [data-id="{screen}"]').click()
    else:
        page.locator(".aw-page-more").click()
        page.locator(f'.aw-steps-list [data-id="{screen}"]').click()
    expect(title(page, screen)).to_be_visible()
    expect(title(page)).to_have_count(1)  # the screen that was left goes with a message of its own
    expect(page.locator(".aw-steps [aria-current=step]")).to_have_attribute("data-id", screen)


def speak(page: Page, language: Language) -> None:
    """Switch the language of the page, in its menu."""
    in_visit = page.locator(".aw-page-more").is_visible()
    page.locator(".aw-page-more" if in_visit else "#menu-button-page").click()
    page.locator(f"[data-action=speak][data-id={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    said = page.locator(".aw-page-more" if in_visit else ".aw-title")
    expect(said).to_have_text(SAY[language]("page_menu" if in_visit else "title"))


def language_of(page: Page) -> Language:
    """The language of the page."""
    return "en" if page.locator("html").get_attribute("lang") == "en" else "ja"


def load_sample(page: Page, name: str) -> None:
    """Load a sample client, from wherever the page stands."""
    go(page, "start")
    page.get_by_role("button", name=SAY[language_of(page)].words.samples[name].name).click()
    expect(field(page, "wish")).to_have_value(SAY[language_of(page)].words.samples[name].text)


def stored(record: Record) -> str:
    """Store a record as a visit of nobody, and return how its address ends."""
    visit = new_id()
    open_store().save(visit, None, None, record)
    return f"?s={visit}"


def row(page: Page, question: str) -> Locator:
    """A question with everything that belongs to it."""
    return page.locator(f'.aw-q[data-id="{question}"]:visible')


def slider(page: Page, item: str) -> Locator:
    """The slider of an item."""
    return row(page, item).get_by_role("slider")


def field(page: Page, question: str) -> Locator:
    """The field of a question: a list, a number or a text."""
    return row(page, question).locator("select, input, textarea").first


def label(page: Page, item: str, point: int) -> str:
    """What a point of an item is called."""
    known = CATALOG.items[item]
    return SAY[language_of(page)].words.labels[known.labels][point - known.low]


def answer(page: Page, item: str, point: int) -> None:
    """Answer an item by the label of a point; where the page moved under the click, click again, as a person would."""
    chosen, said = row(page, item).locator(f'[data-point="{point}"]'), label(page, item, point)
    chosen.click()
    page.wait_for_timeout(50)
    if slider(page, item).get_attribute("aria-valuetext") != said:
        page.wait_for_timeout(1000)
        chosen.click()
    expect(slider(page, item)).to_have_attribute("aria-valuetext", said)


def press(page: Page, item: str, word: str) -> None:
    """Choose an entry of an item's menu: skip, discuss, widen, prioritise."""
    asked = row(page, item)
    is_set = word in (asked.get_attribute("data-set") or "").split()
    asked.locator("[data-menu]").click()
    page.locator(f'[role=menu] [data-entry="{word}"]').click()
    now_set = re.compile(rf"\b{word}\b")
    (expect(asked).not_to_have_attribute if is_set else expect(asked).to_have_attribute)("data-set", now_set)


def pick(page: Page, question: str, option: str) -> None:
    """Pick a tile of a question."""
    box = row(page, question).locator(f'input[value="{option}"]')
    box.locator("xpath=..").click()
    expect(box).to_be_checked()


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until the target has the focus."""
    for _ in range(MOST_STOPS):
        if target.evaluate("(node) => node === document.activeElement"):
            return
        page.keyboard.press(key)
    pytest.fail(f"{key} does not lead to {target}")


def choose_step(page: Page, step: str) -> None:
    """Choose a step for the plan, or a path to think about, on 次の一歩."""
    button = page.locator(f'[data-id="{step}"]:is([data-action=choose], [data-action=follow])')
    for closed in page.locator("details[id^=more]:not([open])").filter(has=button).all():
        closed.locator("> summary").click()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def leave(page: Page) -> None:
    """Close the screen of a visit, in its menu: the client's page comes."""
    page.locator(".aw-page-more").click()
    page.locator("#page-menu").get_by_role("link").click()


def open_private(page: Page) -> None:
    """Open the adviser's part, by the menu."""
    page.locator(".aw-page-more").click()
    if page.locator("#page-settings[open]").count() == 0:
        page.locator("#page-settings > summary").click()
    page.locator('#page-menu [data-action="open_private"]').click()
    expect(page.locator(".aw-private .aw-q").first).to_be_visible()
    expect(page.locator("[data-private]")).to_be_focused()


# ---- what is shown --------------------------------------------------------------------------------------------------


def draw_charts(page: Page, charts: int | None = None) -> None:
    """Wait until every chart of the screen is drawn; one that is far down is drawn when one comes near it."""
    screen = title(page).get_attribute("data-title") or ""
    expect(page.locator(".aw-chart:visible")).to_have_count(CHARTS.get(screen, 0) if charts is None else charts)
    for chart in page.locator(".aw-chart:visible").all():
        chart.scroll_into_view_if_needed()
        expect(chart.locator(".main-svg").first).to_be_visible()
    page.wait_for_function(DRAWN)
    page.evaluate("window.scrollTo(0, 0)")


def plots(page: Page) -> Locator:
    """The drawn charts in sight."""
    return page.locator(".aw-chart:visible .js-plotly-plot")


def plotted(page: Page) -> list[float | None]:
    """The values of the first chart in sight: of a radar without the point that closes it."""
    expect(plots(page).first).to_be_visible()
    values: list[float | None] = plots(page).first.evaluate(VALUES)[0]
    return values[: len(CATALOG.of_kind("frustration"))] if len(values) == 10 else values


def settle(page: Page) -> None:
    """Wait until Python has dealt with everything that was done: it hears in order, so going away and back shows it."""
    screen = title(page).get_attribute("data-title") or ""
    go(page, "workplace" if screen == "start" else "start")
    go(page, screen)


def kept(page: Page) -> Record | None:
    """The record as it is stored for the visit that the page's address names."""
    visit = open_store().visit(page.evaluate("new URL(location).searchParams.get('s') ?? ''"))
    return visit.record if visit else None


def record_of(page: Page) -> Record:
    """The record as Python holds it."""
    settle(page)
    found = kept(page)
    assert found is not None
    return found


def reading_of(page: Page) -> Reading:
    """What Python reads from its record."""
    case = record_of(page).case
    return read(CATALOG, case.responses, case.facts)


def everything_said(page: Page) -> list[str]:
    """Every piece of text that a visitor sees or hears, but the buttons that switch the language."""
    said: list[str] = page.evaluate(
        """() => {
          const said = [];
          for (const node of document.querySelectorAll("body *")) {
            if (!node.checkVisibility() || node.closest(".aw-language, script, style")) continue;
            for (const name of ["aria-label", "aria-valuetext", "title", "alt", "placeholder"]) {
              if (node.getAttribute(name)) said.push(node.getAttribute(name));
            }
            if (node.value && node.matches("textarea, [type=text]")) said.push(node.value);
            for (const child of node.childNodes) if (child.nodeType === 3) said.push(child.data.trim());
          }
          return [document.title, ...said].filter(Boolean);
        }"""
    )
    return said


# ---- the kernel behind a page ---------------------------------------------------------------------------------------


def ask_kernel(page: Page, expression: str, folder: Path | None = None) -> str:
    """What the page's own kernel makes of an expression, asked through its connection file (below TMPDIR)."""
    kernel = page.locator("#rendered_cells").get_attribute("data-kernel") or ""
    places = [folder] if folder else [Path(os.environ.get("XDG_RUNTIME_DIR", "/run")), Path(tempfile.gettempdir())]
    found = next(place for place in places if any(place.glob(f"*/kernel-{kernel}.json")))
    return opened.ask_kernel(kernel, expression, found)


def kernel_pid(page: Page) -> int:
    """The process of the page's own kernel."""
    return int(ask_kernel(page, "__import__('os').getpid()"))
