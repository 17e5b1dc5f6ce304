"""The page and the kernel behind it: charts ahead of Python and confirmed by it, reloads, losses, hostile words."""

from __future__ import annotations

import os
import random
import re
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor.content.model import Kind
from advisor.content.words import Language
from advisor.scoring.reading import read
from advisor.session.record import SCREEN_IDS
from tests import opened
from tests.browsing import (
    SAY,
    a_browser,
    answer,
    arrive,
    ask_kernel,
    draw_charts,
    field,
    go,
    kept,
    kernel_pid,
    load_sample,
    pick,
    plotted,
    press,
    reading_of,
    record_of,
    row,
    settle,
    slider,
    speak,
    title,
    visiting,
)
from tests.support import CATALOG, FRUSTRATIONS, TRAITS

JA = SAY["ja"]
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
def visit(browser: Browser, workbook_url: str) -> Iterator[Page]:
    """A page for tests that begin by loading a sample, whatever stood there before."""
    with visiting(browser, workbook_url) as page:
        yield page


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
    load_sample(visit, "a_accounting")
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
    """Forty rounds of answers, some taken back: any of the items, any of their points."""
    rng = random.Random(20261)
    points = {item: [None, *range(CATALOG.items[item].low, CATALOG.items[item].high + 1)] for item in items}
    return [{item: rng.choice(points[item]) for item in rng.sample(items, 4)} for _ in range(24)]


@pytest.mark.parametrize(
    ("screen", "kinds", "widened"),
    [
        ("frustrations", ("frustration",), ("reward", "monotony", "criteria")),
        ("aptitude", ("fit", "misfit"), ("accuracy", "learning", "roughness")),
    ],
)
def test_browser_and_python_agree_on_every_score(
    visit: Page, screen: str, kinds: tuple[Kind, ...], widened: tuple[str, ...]
) -> None:
    load_sample(visit, "a_accounting")
    go(visit, screen)
    draw_charts(visit)
    for scale in widened:
        press(visit, f"{scale}_1", "widen")
        answer(visit, f"{scale}_3", 2)
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


def test_a_slider_nobody_touched_has_no_value(visit: Page) -> None:
    load_sample(visit, "c_wants_in")
    go(visit, "frustrations")
    draw_charts(visit)
    for language in ("en", "ja"):
        speak(visit, language)
        said = SAY[language]("sheet_unanswered")
        for item in visit.get_by_role("slider").all():
            expect(item).to_have_attribute("aria-valuetext", said)
    assert visit.locator("[data-chosen]:visible").count() == 0
    assert plotted(visit) == [None] * len(FRUSTRATIONS)


# ---- what was told stays --------------------------------------------------------------------------------------------


def test_a_reload_keeps_answers_screen_and_language(browser: Browser, workbook_url: str) -> None:
    with visiting(browser, workbook_url) as page:
        load_sample(page, "a_accounting")
        go(page, "frustrations")
        answer(page, "connection_1", 4)
        press(page, "connection_1", "discuss")
        speak(page, "en")
        before = record_of(page)
        page.reload()
        expect(title(page, "frustrations")).to_be_visible(timeout=60_000)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(slider(page, "connection_1")).to_have_value("4")
        draw_charts(page)
        after = kept(page)
        assert after is not None
        assert (after.case, after.plan) == (before.case, before.plan)
        assert (after.screen, after.language) == ("frustrations", "en")


def test_a_second_tab_is_a_session_of_its_own(visit: Page, workbook_url: str) -> None:
    load_sample(visit, "a_accounting")
    other = visit.context.new_page()
    arrive(other, workbook_url)
    assert kernel_pid(other) != kernel_pid(visit)
    expect(field(other, "wish")).to_have_value("")
    load_sample(other, "c_wants_in")
    assert record_of(other).case.facts.situation == "wants_in"
    assert record_of(visit).case.facts.situation == "inside"
    other.close()


def test_a_lost_kernel_is_told_in_the_language_of_the_page_and_a_reload_goes_on(
    browser: Browser, workbook_url: str, axe_violations: Callable[[Page], list[str]]
) -> None:
    with a_browser(browser, reduced_motion="reduce") as context:
        tabs: dict[Language, Page] = {"ja": context.new_page(), "en": context.new_page()}
        for language, page in tabs.items():
            arrive(page, workbook_url)
            load_sample(page, "b_general_affairs")
            if language == "en":
                speak(page, "en")
            go(page, "workplace")
            settle(page)
        for page in tabs.values():
            os.kill(kernel_pid(page), signal.SIGKILL)
        for language, page in tabs.items():
            page.bring_to_front()
            dialog = page.get_by_role("alertdialog", name=SAY[language]("lifeline_title"))
            expect(dialog).to_be_visible(timeout=12_000)
            expect(dialog).to_contain_text(SAY[language]("lifeline_lost"))
            expect(dialog.get_by_role("button")).to_be_focused()
            page.keyboard.press("Escape")
            expect(dialog).to_be_visible()  # behind it nothing would be kept
            page.emulate_media(color_scheme="dark" if language == "en" else "light")
            assert axe_violations(page) == []
            dialog.get_by_role("button", name=SAY[language]("lifeline_reload")).click()
            expect(title(page, "workplace")).to_be_visible(timeout=60_000)
            expect(page.locator("html")).to_have_attribute("lang", language)
            expect(row(page, "sign-criteria_hidden").locator("[value=no]")).to_be_checked()
            pick(page, "sign-criteria_hidden", "yes")
            assert record_of(page).case.facts.signs["criteria_hidden"] == "yes"


# ---- what is typed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["abc", "-3", "三年", "99999"])
def test_years_that_are_no_number_stay_beside_a_sentence(visit: Page, typed: str) -> None:
    load_sample(visit, "a_accounting")
    years = field(visit, "years")
    years.fill(typed)
    error = row(visit, "years").locator(".aw-q-error")
    expect(error).to_contain_text(JA("error_years", most=60))
    expect(years).to_have_attribute("aria-invalid", "true")
    assert error.get_attribute("id") in (years.get_attribute("aria-describedby") or "").split()
    go(visit, "aptitude")
    go(visit, "start")
    expect(years).to_have_value(typed)
    expect(error).to_be_visible()
    years.fill("４")
    expect(error).to_have_count(0)
    years.blur()
    assert record_of(visit).case.facts.years == 4


HOSTILE = "<script>window.broken=1</script><img src=x onerror='window.broken=1'>{{7*7}}${7*7}</textarea><b>太字</b>"


def test_hostile_words_are_shown_as_words_on_every_screen(browser: Browser, workbook_url: str) -> None:
    with visiting(browser, workbook_url) as page:
        load_sample(page, "a_accounting")
        field(page, "wish").fill(HOSTILE)
        field(page, "wish").blur()
        settle(page)
        for _ in range(2):  # as it was typed, and as it comes back after a reload
            for screen in SCREEN_IDS:
                go(page, screen)
                assert page.locator("img[src=x], .aw-page script, .aw-page b").count() == 0
                assert page.get_by_text("49", exact=True).count() == 0
            assert page.evaluate("window.broken") is None
            expect(page.locator(".aw-note:visible").get_by_text(HOSTILE)).to_be_visible()
            page.reload()
            expect(title(page, "summary")).to_be_visible(timeout=60_000)


# ---- what the kernel carries ----------------------------------------------------------------------------------------


def test_a_kernel_that_served_a_whole_session_never_met_pandas_or_plotly(visit: Page) -> None:
    load_sample(visit, "a_accounting")
    for screen in SCREEN_IDS:
        go(visit, screen)
    settle(visit)
    loaded = set(re.findall(r"[\w.]+", ask_kernel(visit, "' '.join(__import__('sys').modules)")))
    assert {"advisor.app", "advisor.view.workbook.page", "numpy"} <= loaded
    heavy: set[str] = {"pandas", "plotly", "statsmodels", "scipy", "matplotlib", "voila", "jupyter_server", "tests"}
    assert loaded & heavy == set()
