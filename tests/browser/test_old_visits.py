"""An old visit in a real browser: read without a control to move, corrected on purpose, then the client's next one."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor.report.sentences import day, full_day
from advisor.session.model import Action, Plan, Visit, day_of, now
from advisor.session.record import SCREEN_IDS
from advisor.store import access_log, open_store
from tests.browser.test_access import CLIPPED, SIZES, TARGETS, Axe, in_the_dark
from tests.browser.test_desk import Served, open_client
from tests.browsing import DRAWN, SAY, a_browser, arrive, draw_charts, go, open_all, row, visiting
from tests.pages import SAMPLES
from tests.papers import bare, pages
from tests.serving import ARTEFACTS, running
from tests.view.test_old_visits import SAID, at, kept, visit

JA = SAY["ja"]
CODE = "C-001"
THEN, TODAY = full_day("ja", at(-25).date()), day("ja", day_of(now()))
FULL = replace(
    SAID,
    case=SAMPLES["a_accounting"],
    plan=Plan(
        "stay_and_improve",
        (Action("a1", "quantify", first="数えてみる", by=at(-5).date()), Action("a2", what="上司と話す")),
    ),
    worksheets={"goals": ({"goal": "締め日を早める", "measure": "3日早く"},)},
    review=(Action("a1", "goal_talk", status="done", helped="yes"),),
    notes="次回、評価の面談の様子を聞く。",
)
POINT = 2 if FULL.case.responses.get("reward_1") != 2 else 3


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Served]:
    """A workbook with a client who was there 25 days ago."""
    database = f"sqlite:///{tmp_path_factory.mktemp('old') / 'old.sqlite3'}"
    command = (sys.executable, "-m", "advisor", "serve", "--no-browser", "--port", "0")
    environment = os.environ | {"ADVISOR_LANG": "en", "ADVISOR_DATABASE_URL": database}
    with running(*command, log=ARTEFACTS / f"old-{worker_id}.log", environment=environment) as server:
        yield Served(server.url, open_store(database, ""))


@pytest.fixture
def before(served: Served) -> Visit:
    """The only visit of the only client, 25 days ago."""
    for person in served.store.clients():
        served.store.erase_client(person.id, day_of(now()))
    (only,) = served.store.visits(kept(served.store, visit(-25, FULL)))
    return only


@contextmanager
def reading(browser: Browser, served: Served) -> Iterator[Page]:
    """A page on which the old visit was opened from the desk, to be read."""
    with visiting(browser, served.url, accept_downloads=True, reduced_motion="reduce") as page:
        open_client(page, CODE)
        page.get_by_role("link", name=JA("desk_read_last")).click()
        expect(page.get_by_text(JA("read_title", day=THEN))).to_be_visible(timeout=60_000)
        yield page


def in_every_width(page: Page) -> Iterator[int]:
    """Show the page as wide as a desk, a tablet and a phone."""
    for width, size in SIZES.items():
        page.set_viewport_size(size)
        page.wait_for_function(DRAWN)
        yield width
    page.set_viewport_size(SIZES[1280])


def visits(served: Served) -> tuple[Visit, ...]:
    """Return what is stored of the client."""
    return served.store.visits(served.store.clients()[0].id)


def press(page: Page, word: str) -> None:
    """Press a button by its word."""
    page.get_by_role("button", name=JA(word), exact=True).locator("visible=true").first.click()


def test_to_read_an_old_visit_there_is_nothing_to_move_and_its_day_stands_everywhere(
    browser: Browser, served: Served, before: Visit, axe_violations: Axe, screenshot: Callable[[Page, str], Path]
) -> None:
    with reading(browser, served) as page:
        for screen in SCREEN_IDS:
            go(page, screen)
            expect(page.get_by_text(JA("read_title", day=THEN))).to_be_visible()
            expect(page.locator(".aw-header").get_by_text(JA("visit_day", day=THEN))).to_be_visible()
            expect(
                page.locator(".aw-sheet :is(input, select, textarea, button)").locator("visible=true")
            ).to_have_count(0)
            draw_charts(page)
            open_all(page)
            assert axe_violations(page) == [], screen
            for width in in_every_width(page):
                assert page.evaluate("document.documentElement.scrollWidth") <= width, screen
                assert page.evaluate(CLIPPED) == [], (screen, width)
                assert [target for target in page.evaluate(TARGETS) if target[0] < 43.9] == [], screen
                screenshot(page, f"old-visit-{screen}-ja-{width}")
        assert in_the_dark(page, axe_violations) == []
        go(page, "frustrations")
        box = row(page, "reward_1").locator(".aw-told-dots").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 4, box["y"] + 4)
        page.mouse.down()
        page.mouse.move(box["x"] + 200, box["y"] + 4, steps=5)
        page.mouse.up()
        for key in ("ArrowRight", "End", "Delete", "5"):
            page.keyboard.press(key)
        go(page, "start")
        assert visits(served) == (before,)


def test_an_old_visit_is_corrected_on_purpose_and_history_and_paper_say_so(
    browser: Browser, served: Served, before: Visit, axe_violations: Axe, screenshot: Callable[[Page, str], Path]
) -> None:
    with reading(browser, served) as page:
        go(page, "frustrations")
        press(page, "read_correct")
        dialog = page.get_by_role("dialog", name=JA("correct_title"))
        for width in in_every_width(page):
            screenshot(page, f"old-visit-dialog-ja-{width}")
        dialog.get_by_role("button", name=JA("correct_no")).click()
        expect(page.get_by_text(JA("read_title", day=THEN))).to_be_visible()
        assert visits(served) == (before,)
        press(page, "read_correct")
        dialog.get_by_role("button", name=JA("correct_yes")).click()
        expect(page.get_by_text(JA("correcting_title", day=THEN))).to_be_visible()
        row(page, "reward_1").locator(f'[data-point="{POINT}"]').click()
        expect(row(page, "reward_1").locator(".aw-q-kept")).to_be_visible()
        assert axe_violations(page) == []
        for width in in_every_width(page):
            screenshot(page, f"old-visit-correcting-ja-{width}")
        (after,) = visits(served)
        assert (after.record.case.responses["reward_1"], after.started) == (POINT, before.started)
        assert [day_of(moment) for moment in after.record.corrected] == [day_of(now())]
        assert served.store.events(after.id)[-1].patch["case"] == {"responses": {"reward_1": POINT}}
        assert [one.visit for one in access_log.entries(served.store) if one.action == "corrected"] == [after.id]
        press(page, "correct_end")
        expect(page.locator(".aw-sheet input")).to_have_count(0)
        go(page, "summary")
        with page.expect_download() as download:
            page.locator("#export-handout").click()
        paper = bare("".join(pages(download.value.path().read_bytes())))
        for told in (day("ja", at(-25).date()), JA("paper_corrected", days=TODAY), JA("paper_made", day=TODAY)):
            assert bare(told) in paper


def test_the_next_visit_belongs_to_the_same_client_and_the_desk_tells_both_apart(
    browser: Browser, served: Served, before: Visit, axe_violations: Axe, screenshot: Callable[[Page, str], Path]
) -> None:
    with reading(browser, served) as page:
        press(page, "restart")
        asked = page.get_by_role("dialog", name=JA("restart_title"))
        expect(asked.get_by_role("button", name=JA("restart_other"))).to_be_visible()
        for width in in_every_width(page):
            screenshot(page, f"new-visit-dialog-ja-{width}")
        asked.get_by_role("button", name=JA("restart_same")).click()
        expect(page.locator(".aw-old-visit")).to_have_count(0)
        expect(page.locator("h1[data-title=start]")).to_be_visible()
        expect(page.locator(".aw-header").get_by_text(CODE)).to_be_visible()
        new = visits(served)[-1]
        assert new.id != before.id
        expect(page).to_have_url(f"{served.url}workbook?s={new.id}")
        row(page, "situation").locator("label.aw-tile").last.click()
        expect(row(page, "situation").locator(".aw-q-kept")).to_be_visible()
        assert (served.store.visits(None), visits(served)[0]) == ((), before)
        page.get_by_role("link", name=JA("to_desk")).click()
        open_client(page, CODE)
        expect(page.get_by_role("link", name=JA("desk_continue_today"))).to_be_visible()
        assert axe_violations(page) == []
        for width in in_every_width(page):
            screenshot(page, f"old-visit-desk-ja-{width}")


def test_an_address_that_leads_nowhere_offers_the_list_first(
    browser: Browser, served: Served, before: Visit, axe_violations: Axe, screenshot: Callable[[Page, str], Path]
) -> None:
    with a_browser(browser) as context:
        page = context.new_page()
        arrive(page, f"{served.url}workbook?s=nothing-like-this")
        expect(page.get_by_text(JA("visit_unknown"))).to_be_visible()
        expect(page.locator(".aw-sheet:visible")).to_have_count(0)
        assert axe_violations(page) == []
        for width in in_every_width(page):
            screenshot(page, f"missing-ja-{width}")
        press(page, "missing_new")
        expect(page.locator("h1[data-title=start]")).to_be_visible()
        expect(page.get_by_text(JA("visit_unknown"))).to_have_count(0)
        assert (served.store.visits(None), visits(served)) == ((), (before,))
