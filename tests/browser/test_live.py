"""The page and the kernel behind it: charts ahead of Python and confirmed by it, a lost kernel, tabs, what is typed."""

from __future__ import annotations

import os
import random
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor.content.model import Case, Facts
from advisor.scoring.reading import read
from advisor.session import record as records
from tests import opened
from tests.browsing import (
    SAY,
    a_browser,
    a_tab,
    arrive,
    draw_charts,
    field,
    go,
    kept,
    kernel_pid,
    pick,
    plotted,
    reading_of,
    record_of,
    row,
    slider,
    stored,
    title,
    visiting,
)
from tests.faults import TOLD_MS
from tests.looks import violations, violations_in_the_dark
from tests.pages import SAMPLES
from tests.support import CATALOG, FRUSTRATIONS, TRAITS

JA, EN = SAY["ja"], SAY["en"]
SAMPLE = SAMPLES["a_accounting"]
WORRIES, WIDENED = ("reward", "monotony", "criteria"), ("accuracy", "learning", "roughness")
# Give many answers one after the other, and read the chart two frames after each round of them.
PLAY = """async (rounds) => {
  const frames = (count) => new Promise((done) => {
    const next = () => (count-- > 0 ? requestAnimationFrame(next) : done());
    next();
  });
  const seen = (selector) => [...document.querySelectorAll(selector)].find((node) => node.checkVisibility());
  const played = [];
  for (const round of rounds) {
    for (const [item, value] of Object.entries(round)) {
      const slider = seen(`.aw-q[data-id="${item}"] input[type=range]`);
      if (value === null) slider.dispatchEvent(new KeyboardEvent("keydown", { key: "Delete", bubbles: true }));
      else {
        slider.value = value;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
    await frames(3);
    const trace = seen(".js-plotly-plot").data[0];
    played.push([...(trace.r ? trace.r.slice(0, -1) : trace.x)]);
  }
  return played;
}"""


@pytest.fixture(scope="module")
def visited(browser: Browser, workbook_url: str) -> Iterator[Page]:
    """A visit in which a sample has answered, with more questions on some scales, one of them answered."""
    facts = replace(SAMPLE.facts, widened=(*WORRIES, *WIDENED))
    more = {f"{scale}_3": 2 for scale in facts.widened}
    record = replace(
        records.new(CATALOG), case=replace(SAMPLE, responses={**SAMPLE.responses, **more}, facts=facts), revision=1
    )
    with visiting(browser, workbook_url + stored(record)) as page:
        yield page


@pytest.fixture
def visit(visited: Page) -> Page:
    """The same in front: a tab behind another one draws once in a while."""
    visited.bring_to_front()
    return visited


@contextmanager
def python_held(page: Page) -> Iterator[None]:
    """Keep Python busy, so that it cannot answer. A process that is stopped would be taken for one that hangs."""
    kernel = page.locator("#rendered_cells").get_attribute("data-kernel") or ""
    temporary = Path(tempfile.gettempdir())
    with tempfile.TemporaryDirectory() as folder:
        begun, gate = Path(folder, "begun"), Path(folder, "open")
        there = f"lambda: __import__('pathlib').Path({str(gate)!r}).exists()"
        wait = f"[open({str(begun)!r}, 'w').close(), *(__import__('time').sleep(0.01) for _ in iter({there}, True))][0]"
        holding = threading.Thread(target=opened.ask_kernel, args=(kernel, wait, temporary))
        holding.start()
        try:
            opened.until(begun.exists, lambda: "Python is not held")
            yield
        finally:
            gate.touch()
            holding.join()


# ---- ahead of Python, and confirmed by it ---------------------------------------------------------------------------


def test_the_radar_follows_the_slider_while_python_is_silent(visit: Page) -> None:
    go(visit, "frustrations")
    draw_charts(visit)
    place = FRUSTRATIONS.index("connection")
    told = visit.locator(".aw-chart:visible [role=img]")
    before = told.get_attribute("aria-label") or ""
    assert plotted(visit)[place] == 0
    with python_held(visit):
        slider(visit, "connection_1").focus()
        for key, value in (("ArrowRight", 25), ("ArrowRight", 50), ("End", 100)):
            visit.keyboard.press(key)
            visit.wait_for_function(
                "([place, value]) => [...document.querySelectorAll('.js-plotly-plot')]"
                ".some((plot) => plot.checkVisibility() && plot.data[0].r[place] === value)",
                arg=[place, value],
            )
        assert told.get_attribute("aria-label") == before  # what Python says has not changed
    expect(told).not_to_have_attribute("aria-label", before)
    assert reading_of(visit).scores["connection"].value == 100
    assert plotted(visit)[place] == 100


def rounds_of(items: list[str]) -> list[dict[str, int | None]]:
    """Rounds of answers, some taken back: any of the items, any of their points."""
    rng = random.Random(20261)
    points = {item: [None, *range(CATALOG.items[item].low, CATALOG.items[item].high + 1)] for item in items}
    return [{item: rng.choice(points[item]) for item in rng.sample(items, 4)} for _ in range(24)]


@pytest.mark.parametrize(("screen", "widened"), [("frustrations", WORRIES), ("aptitude", WIDENED)])
def test_browser_and_python_agree_on_every_score(visit: Page, screen: str, widened: tuple[str, ...]) -> None:
    go(visit, screen)
    draw_charts(visit)
    record = record_of(visit)
    scales = FRUSTRATIONS if screen == "frustrations" else TRAITS
    items = [item.id for scale in scales for item in CATALOG.active_items(scale, record.case.facts.widened)]
    assert sum(CATALOG.items[item].reverse for item in items) >= len(widened)

    rounds = rounds_of(items)
    with python_held(visit):
        drawn = visit.evaluate(PLAY, rounds)
    answers: dict[str, int | None] = dict(record.case.responses)
    for played, values in zip(rounds, drawn, strict=True):
        answers |= played
        told = {item: point for item, point in answers.items() if point is not None}
        scores = read(CATALOG, told, record.case.facts).scores
        assert values == [
            None if (value := scores[scale].value) is None else pytest.approx(value, abs=0.051) for scale in scales
        ]
    after = record_of(visit).case.responses
    assert after == {item: point for item, point in answers.items() if point is not None}
    scores = reading_of(visit).scores
    rounded = [None if (value := scores[scale].value) is None else round(value, 1) for scale in scales]
    want = [value if value is None or value % 1 else int(value) for value in rounded]
    visit.wait_for_function(
        """(want) => {
          const plot = [...document.querySelectorAll(".js-plotly-plot")].find((one) => one.checkVisibility());
          return JSON.stringify((plot.data[0].r ?? plot.data[0].x).slice(0, want.length)) === JSON.stringify(want);
        }""",
        arg=want,
    )


# ---- tabs, and a kernel that is gone --------------------------------------------------------------------------------


def test_a_new_tab_is_a_new_session_and_two_on_one_session_follow_each_other_and_overwrite_nothing(
    browser: Browser, workbook_url: str
) -> None:
    with a_tab(browser) as one, a_browser(browser) as elsewhere, a_tab(browser) as new:
        other = elsewhere.new_page()  # it hears of the other only through the store
        address = workbook_url + stored(replace(records.new(CATALOG), case=Case(facts=Facts("inside")), revision=1))
        arrive(one, address)
        arrive(other, address)
        arrive(new, workbook_url)
        assert len({kernel_pid(tab) for tab in (one, other, new)}) == 3
        expect(row(new, "situation").locator(":checked")).to_have_count(0)
        field(one, "wish").fill("一つ目のタブ")
        expect(row(one, "wish").locator('.aw-q-kept[data-state="saved"]')).to_be_visible()
        expect(field(other, "wish")).to_have_value("一つ目のタブ", timeout=10_000)  # without a key or a click there
        field(one, "wish").press("Tab")  # while the caret is in it, a field keeps what the person typed
        field(other, "wish").fill("二つ目のタブ")
        field(other, "wish").press("Tab")
        expect(field(one, "wish")).to_have_value("二つ目のタブ", timeout=10_000)
        met = one.get_by_role("status").filter(has_text=JA("met_title"))
        expect(met).to_have_count(0)  # who wrote last knew of the other's words
        for number in range(9):  # at the same moment; now and then one page happens to look between the two
            field(one, "wish").fill(f"一つ目のタブ{number}")
            field(other, "wish").fill(f"二つ目のタブ{number}")
            expect(row(other, "wish").locator('.aw-q-kept[data-state="saved"]')).to_be_visible()
            field(one, "wish").press("Tab")
            field(other, "wish").press("Tab")
            one.wait_for_timeout(1500)  # both are saved, and each page has looked at the other
            if met.count():
                break
        expect(met).to_contain_text(JA("place_wish"))
        before = wish(one)
        met.get_by_role("button", name=JA("met_put_back")).click()
        expect(field(other, "wish")).not_to_have_value(before, timeout=10_000)
        expect(met).to_have_count(0)
        pick(one, "situation", "unsure")
        expect(row(other, "situation").locator("[value=unsure]")).to_be_checked(timeout=10_000)
        assert wish(one) == wish(other) != before
        assert kept(new) is None


SHIFTS = """window.shifted = 0; new PerformanceObserver((seen) => {
  for (const one of seen.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
}).observe({ type: "layout-shift", buffered: true });"""
SLOW = {
    "latency": 150,
    "downloadThroughput": 200_000,
    "uploadThroughput": 200_000,
}  # ms, bytes a second: a slow phone's


@pytest.mark.parametrize("width", [390, 1280])
def test_on_a_slow_device_nothing_moves_once_the_page_is_shown(browser: Browser, workbook_url: str, width: int) -> None:
    record = replace(records.new(CATALOG), case=SAMPLES["b_general_affairs"], screen="frustrations", revision=1)
    with a_browser(browser, viewport={"width": width, "height": 844}) as visitor:
        page = visitor.new_page()
        page.add_init_script(SHIFTS)
        device = visitor.new_cdp_session(page)
        device.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        device.send("Network.enable")
        device.send("Network.emulateNetworkConditions", {"offline": False, **SLOW})
        arrive(page, workbook_url + stored(record))
        draw_charts(page)
        assert page.evaluate("shifted") <= 0.05


def wish(page: Page) -> str:
    """Return the wish that is stored of a page's visit."""
    stored = kept(page)
    assert stored is not None
    return stored.case.facts.wish


def test_a_lost_kernel_is_told_in_the_language_of_the_page_and_a_reload_goes_on(
    browser: Browser, workbook_url: str
) -> None:
    case = SAMPLES["b_general_affairs"]
    record = replace(records.new(CATALOG), case=case, screen="workplace", language="en", revision=1)
    with a_tab(browser) as page:
        arrive(page, workbook_url + stored(record))
        os.kill(kernel_pid(page), signal.SIGKILL)
        dialog = page.get_by_role("alertdialog", name=EN("lifeline_title"))
        expect(dialog).to_be_visible(timeout=TOLD_MS + 2000)
        expect(dialog).to_contain_text(EN("lifeline_lost"))
        expect(dialog.get_by_role("button")).to_be_focused()
        page.keyboard.press("Escape")
        expect(dialog).to_be_visible()  # behind it nothing would be kept
        assert violations(page) == []
        assert violations_in_the_dark(page) == []
        dialog.get_by_role("button", name=EN("lifeline_reload")).click()
        expect(title(page, "workplace")).to_be_visible(timeout=60_000)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(row(page, "sign-criteria_hidden").locator("[value=no]")).to_be_checked()
        pick(page, "sign-criteria_hidden", "yes")
        assert record_of(page).case.facts.signs["criteria_hidden"] == "yes"


# ---- what is typed --------------------------------------------------------------------------------------------------


def test_years_that_are_no_number_stay_beside_a_sentence(visit: Page) -> None:
    go(visit, "start")
    years, error = field(visit, "years"), row(visit, "years").locator(".aw-q-error")
    for typed in ("abc", "-3", "99999", "三年"):
        years.fill(typed)
        expect(error).to_contain_text(JA("error_years", most=60))
        expect(years).to_have_attribute("aria-invalid", "true")
        assert error.get_attribute("id") in (years.get_attribute("aria-describedby") or "").split()
        years.fill("5")
        expect(error).to_have_count(0)
    years.fill("三年")
    expect(error).to_be_visible()
    go(visit, "aptitude")
    go(visit, "start")
    expect(years).to_have_value("三年")
    expect(error).to_be_visible()
    years.fill("４")
    expect(error).to_have_count(0)
    years.blur()
    assert record_of(visit).case.facts.years == 4
