"""An old visit in a real browser: read without a control to move, corrected on purpose, then the client's next one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor.report.sentences import day, full_day
from advisor.session.model import Action, Plan, Visit, day_of
from advisor.session.record import SCREEN_IDS
from advisor.store import access_log
from tests.browser.conftest import Served
from tests.browsing import SAY, draw_charts, go, row, visiting
from tests.looks import OPEN_SOME, fits, look, violations, violations_in_the_dark
from tests.pages import SAMPLES
from tests.papers import bare, pages
from tests.view.test_old_visits import SAID, at, kept, visit

JA = SAY["ja"]
CODE = "C-001"
THEN = full_day("ja", at(-25).date())
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


@pytest.fixture
def before(empty: Served) -> Visit:
    """The only visit of the only client, 25 days ago."""
    (only,) = empty.store.visits(kept(empty.store, visit(-25, FULL)))
    return only


def visits(served: Served) -> tuple[Visit, ...]:
    """Return what is stored of the client."""
    return served.store.visits(served.store.clients()[0].id)


def press(page: Page, word: str) -> None:
    """Press a button by its word."""
    page.get_by_role("button", name=JA(word), exact=True).locator("visible=true").first.click()


def open_from_the_desk(page: Page) -> None:
    page.locator(".aw-desk-table .aw-desk-name", has_text=CODE).click()
    page.get_by_role("link", name=JA("desk_read_last")).click()
    expect(page.get_by_text(JA("read_title", day=THEN))).to_be_visible(timeout=60_000)


def test_to_read_an_old_visit_there_is_nothing_to_move_and_its_day_stands_everywhere(
    browser: Browser, empty: Served, before: Visit
) -> None:
    with visiting(browser, empty.url) as page:
        open_from_the_desk(page)
        for screen in SCREEN_IDS:
            go(page, screen)
            expect(page.get_by_text(JA("read_title", day=THEN))).to_be_visible()
            expect(page.locator(".aw-header").get_by_text(JA("visit_day", day=THEN))).to_be_visible()
            expect(
                page.locator(".aw-sheet :is(input, select, textarea, button)").locator("visible=true")
            ).to_have_count(0)
            draw_charts(page)
            page.evaluate(OPEN_SOME)
            assert violations(page) == [], screen
            fits(page, f"old-visit-{screen}-ja", (390,), opens=True, widths=(1280, 390))
        assert violations_in_the_dark(page) == []
        nothing_moves_it(page)
        assert visits(empty) == (before,)


def nothing_moves_it(page: Page) -> None:
    """Try to move an answer by mouse and by keyboard."""
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


def test_an_old_visit_is_corrected_on_purpose_and_history_and_paper_say_so(
    browser: Browser, empty: Served, before: Visit
) -> None:
    with visiting(browser, f"{empty.url}workbook?s={before.id}") as page:
        go(page, "frustrations")
        draw_charts(page)
        press(page, "read_correct")
        dialog = page.get_by_role("dialog", name=JA("correct_title"))
        look(page, "old-visit-dialog-ja", (1280, 390))
        dialog.get_by_role("button", name=JA("correct_no")).click()
        expect(page.get_by_text(JA("read_title", day=THEN))).to_be_visible()
        assert visits(empty) == (before,)
        press(page, "read_correct")
        dialog.get_by_role("button", name=JA("correct_yes")).click()
        expect(page.get_by_text(JA("correcting_title", day=THEN))).to_be_visible()
        row(page, "reward_1").locator(f'[data-point="{POINT}"]').click()
        expect(row(page, "reward_1").locator('.aw-q-kept[data-state="saved"]')).to_be_visible()
        look(page, "old-visit-correcting-ja", (1280, 390))
        (after,) = visits(empty)
        assert (after.record.case.responses["reward_1"], after.started) == (POINT, before.started)
        assert [day_of(moment) for moment in after.record.corrected] == [empty.today]
        assert empty.store.events(after.id)[-1].patch["case"] == {"responses": {"reward_1": POINT}}
        logged = [one.visit for one in access_log.entries(empty.store) if one.action == "corrected"]
        assert logged.count(after.id) == 1
        press(page, "correct_end")
        expect(page.locator(".aw-sheet input")).to_have_count(0)
        go(page, "summary")
        with page.expect_download() as download:
            page.locator("#exports > summary").click()
            page.locator("#export-handout").click()
        paper = bare("".join(pages(download.value.path().read_bytes())))
        today = day("ja", empty.today)
        for told in (day("ja", at(-25).date()), JA("paper_corrected", days=today), JA("paper_made", day=today)):
            assert bare(told) in paper


def test_the_next_visit_belongs_to_the_same_client_and_the_desk_tells_both_apart(
    browser: Browser, empty: Served, before: Visit
) -> None:
    with visiting(browser, f"{empty.url}workbook?s={before.id}") as page:
        draw_charts(page)
        press(page, "restart")
        asked = page.get_by_role("dialog", name=JA("restart_title"))
        expect(asked.get_by_role("button", name=JA("restart_other"))).to_be_visible()
        look(page, "new-visit-dialog-ja", (1280, 390))
        asked.get_by_role("button", name=JA("restart_same")).click()
        expect(page.locator(".aw-old-visit")).to_have_count(0)
        expect(page.locator("h1[data-title=start]")).to_be_visible()
        expect(page.locator(".aw-header").get_by_text(CODE)).to_have_count(1)  # in the page's menu
        new = visits(empty)[-1]
        assert new.id != before.id
        expect(page).to_have_url(f"{empty.url}workbook?s={new.id}")
        row(page, "situation").locator("label.aw-tile").last.click()
        expect(row(page, "situation").locator(".aw-q-kept")).to_be_visible()
        assert (empty.store.visits(None), visits(empty)[0]) == ((), before)
        page.locator(".aw-page-more").click()
        page.get_by_role("link", name=JA("to_client")).click()
        expect(page.get_by_role("link", name=JA("desk_continue_today"))).to_be_visible()
        look(page, "old-visit-desk-ja", (1280, 390))


def test_an_address_that_leads_nowhere_offers_the_list_first(browser: Browser, empty: Served, before: Visit) -> None:
    with visiting(browser, f"{empty.url}workbook?s=nothing-like-this") as page:
        expect(page.get_by_text(JA("visit_unknown"))).to_be_visible()
        assert page.evaluate("location.search") == ""
        expect(page.locator(".aw-sheet:visible")).to_have_count(0)
        look(page, "missing-ja", (1280, 390))
        press(page, "missing_new")
        expect(page.locator("h1[data-title=start]")).to_be_visible()
        expect(page.get_by_text(JA("visit_unknown"))).to_have_count(0)
        assert (empty.store.visits(None), visits(empty)) == ((), (before,))
