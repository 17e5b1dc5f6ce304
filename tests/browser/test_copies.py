"""On a shared device, what one adviser could not store waits in the tab for them alone."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor.store import Store, advisers
from tests.browsing import SAY, a_browser, arrive, field, kernel_pid, title
from tests.looks import look
from tests.sitting import Place
from tests.team import PASSWORDS

WORDS = "前の職場の上司のことを、まだ誰にも話せていません"
LEFT = "まだ保存できていない入力が、このタブに残っています"
ONE, OTHER = PASSWORDS
COPIES = "Object.keys(sessionStorage).filter((name) => /^advisor\\.(unsaved|unheard)\\./.test(name)).length"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with a_browser(browser) as context:
        context.clear_cookies()
        yield context.new_page()


@contextmanager
def locked(store: Store) -> Iterator[None]:
    """Let somebody else hold the database."""
    assert store.file is not None
    held = sqlite3.connect(store.file)
    held.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        held.rollback()
        held.close()


def log_in(page: Page, name: str) -> None:
    expect(page.get_by_label("名前")).to_be_focused()
    page.keyboard.type(name)
    page.get_by_label("パスワード").fill(PASSWORDS[name])
    page.keyboard.press("Enter")
    expect(title(page)).to_be_visible(timeout=60_000)


def log_out(page: Page, place: Place) -> None:
    page.goto(f"{place.url}account")
    page.get_by_role("button", name="ログアウト").click()
    page.wait_for_url("**/login")


def lose_words(page: Page, place: Place, *, unheard: bool) -> None:
    """Type what the store cannot take, or what nobody hears any more; then the login ends in this tab."""
    page.goto(f"{place.url}workbook")
    log_in(page, ONE)
    if unheard:
        os.kill(kernel_pid(page), signal.SIGKILL)
        field(page, "wish").fill(WORDS)
    else:
        with locked(place.store):
            field(page, "wish").fill(WORDS)
            expect(page.locator(".aw-header")).to_contain_text(SAY["ja"]("kept_failed"))
            os.kill(kernel_pid(page), signal.SIGKILL)
            expect(page.get_by_role("alertdialog")).to_be_visible()
    page.context.clear_cookies()
    page.get_by_role("alertdialog").get_by_role("button").click()
    page.wait_for_url("**/login**")


def wishes(place: Place, name: str) -> list[str]:
    adviser = advisers.verify(place.store, name, PASSWORDS[name])
    assert adviser is not None
    return [visit.record.case.facts.wish for visit in place.store.seen_by(adviser.id).visits(None)]


@pytest.mark.parametrize("unheard", [False, True], ids=["not stored", "not heard"])
def test_what_an_adviser_could_not_store_is_neither_shown_to_the_next_nor_stored_as_theirs(
    page: Page, place: Place, unheard: bool
) -> None:
    lose_words(page, place, unheard=unheard)
    notice = page.get_by_role("status").filter(has_text=LEFT)
    expect(notice).to_contain_text("入力した方が、先にログインしてください")
    assert WORDS not in page.content()
    log_in(page, OTHER)
    expect(field(page, "wish")).to_have_value("")
    expect(page.get_by_role("dialog")).to_have_count(0)  # it was said before
    field(page, "wish").fill("別の相談")
    expect(page.locator(".aw-header")).to_contain_text(SAY["ja"]("kept_saved", time=""))
    assert page.evaluate(COPIES) == 1
    assert WORDS not in [*wishes(place, ONE), *wishes(place, OTHER)]
    log_out(page, place)
    expect(notice).to_be_visible()
    log_in(page, ONE)  # to the desk, and from there to a new session
    arrive(page, f"{place.url}workbook")
    expect(field(page, "wish")).to_have_value(WORDS)
    expect(page.locator(".aw-header")).to_contain_text(SAY["ja"]("kept_saved", time=""))
    assert wishes(place, ONE).count(WORDS) == 1
    assert page.evaluate(COPIES) == 0
    log_out(page, place)
    expect(page.get_by_text(LEFT)).to_be_hidden()
    place.store.erase_visit(
        next(visit.id for visit in place.store.visits(None) if visit.record.case.facts.wish == WORDS)
    )


def leave_a_copy(page: Page) -> None:
    """Leave something of somebody else's in the tab, of which nothing was said yet."""
    page.evaluate("sessionStorage.setItem('advisor.unheard.0123456789abcdef.', JSON.stringify({ answers: [{}] }))")
    page.evaluate("sessionStorage.removeItem('advisor.told')")


def test_a_colleagues_words_go_from_the_login_page_only_when_somebody_says_so_twice(page: Page, place: Place) -> None:
    page.goto(place.url)
    leave_a_copy(page)
    page.reload()
    ask = page.get_by_role("button", name="この入力を消す…")
    dialog = page.get_by_role("dialog", name="消すと、もとに戻せません")
    expect(page.get_by_text(LEFT)).to_be_visible()
    look(page, "unsaved", (1280, 390))
    ask.click()
    expect(dialog.get_by_role("button", name="残しておく")).to_be_focused()
    look(page, "unsaved-erase", (390,))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(ask).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # a key that is pressed twice keeps everything
    expect(dialog).to_be_hidden()
    assert page.evaluate(COPIES) == 1
    ask.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text(LEFT)).to_be_hidden()
    expect(page.get_by_label("名前")).to_be_focused()
    assert page.evaluate(COPIES) == 0


def test_where_no_login_page_of_ours_was_passed_the_page_itself_says_it(page: Page, place: Place) -> None:
    say = SAY["ja"]
    page.goto(f"{place.url}workbook")
    log_in(page, OTHER)
    dialog = page.get_by_role("dialog", name=say("lifeline_theirs_title"))
    for address in ("workbook", ""):
        leave_a_copy(page)
        arrive(page, f"{place.url}{address}")
        expect(dialog.get_by_role("button", name=say("lifeline_theirs_keep"))).to_be_focused()
        if address:
            look(page, "theirs", (1280, 390))
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        assert page.evaluate(COPIES) == 1
        arrive(page, f"{place.url}{address}")
        expect(dialog).to_have_count(0)  # said once
    leave_a_copy(page)
    arrive(page, place.url)
    dialog.get_by_role("button", name=say("lifeline_theirs_erase")).click()
    expect(dialog).to_contain_text(say("lifeline_theirs_sure"))
    expect(dialog.get_by_role("button", name=say("lifeline_theirs_keep"))).to_be_focused()
    look(page, "theirs-sure", (390,))
    dialog.get_by_role("button", name=say("lifeline_theirs_erase")).click()
    expect(dialog).to_have_count(0)
    assert page.evaluate(COPIES) == 0


def test_nothing_is_said_of_words_that_were_on_their_way_when_their_page_was_left(page: Page, place: Place) -> None:
    page.goto(f"{place.url}workbook")
    log_in(page, ONE)
    field(page, "wish").fill("行き先のある言葉")
    page.goto(place.url)
    log_out(page, place)
    expect(page.get_by_label("名前")).to_be_focused()
    expect(page.get_by_text(LEFT)).to_be_hidden()
    assert "行き先のある言葉" in wishes(place, ONE)
