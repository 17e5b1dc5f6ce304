"""What was typed is stored however a page is left: closed, reloaded, left for another, thrown away by a telephone.

Where it cannot be stored, the browser asks first.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import Browser, Dialog, Error, Page, expect
from playwright.sync_api import Error as PlaywrightError

from advisor.session.model import Record
from advisor.store import open_store
from tests.browsing import a_tab, arrive, field, go, kernel_pid, open_private, pick, row
from tests.waits import until

TEXT = "残業が続き、このままでいいのか分かりません。落ち着いて考える時間と、話を聞いてくれる人がほしいです。"
HIDE = """() => {
  Object.defineProperty(document, "hidden", { get: () => true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def close(page: Page) -> None:
    page.close()


def close_soon(page: Page) -> None:
    page.wait_for_timeout(200)
    page.close()


def go_to_the_desk(page: Page) -> None:
    page.goto(page.url.partition("workbook")[0])


def reload(page: Page) -> None:
    page.reload()


def turn_away(page: Page) -> None:
    """Look at something else on a telephone, which then ends the page without a word."""
    page.evaluate(HIDE)
    page.wait_for_timeout(200)
    with contextlib.suppress(Error):  # there is nobody to answer
        page.goto("chrome://crash")


WAYS: dict[str, Callable[[Page], None]] = {
    "closed at once": close,
    "closed after 0.2 s": close_soon,
    "left for the desk": go_to_the_desk,
    "reloaded": reload,
    "thrown away unseen": turn_away,
}


@pytest.fixture
def page(browser: Browser, workbook_url: str) -> Iterator[Page]:
    """A new session."""
    with a_tab(browser) as made:
        arrive(made, workbook_url)
        yield made


def stored(told: Callable[[Record], bool], most: float = 10) -> int:
    """How many visits tell something; asked until there is one, for as long as a kernel may take to hear it."""
    end = time.monotonic() + most
    while True:
        found = sum(told(visit.record) for visit in open_store().visits(None))
        if found or time.monotonic() > end:
            return found
        time.sleep(0.1)


def type_into(page: Page, question: str, text: str) -> None:
    field(page, question).focus()
    page.keyboard.type(text)


@contextmanager
def locked_store() -> Iterator[None]:
    """Let somebody else hold the database."""
    file = open_store().file
    assert file is not None
    held = sqlite3.connect(file)
    held.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        held.rollback()
        held.close()


def asked_by(page: Page, leave: Callable[[Page], None]) -> list[str]:
    """What the browser asks when somebody wants to leave; they stay. Nothing is asked once the page has gone."""
    asked: list[str] = []
    gone: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    def go(_: object) -> None:
        gone.append(page.url)

    page.on("dialog", stay)
    page.on("close", go)
    page.on("load", go)
    leave(page)
    end = time.monotonic() + 30  # the machine may be busy
    while not asked and not gone:
        assert time.monotonic() < end, "neither asked nor gone"
        with suppress(PlaywrightError):  # the page may close while one waits
            page.wait_for_timeout(50)
    page.remove_listener("dialog", stay)
    page.remove_listener("close", go)
    page.remove_listener("load", go)
    return asked


def asked_once_hidden(page: Page) -> bool:
    """Return whether a form would still be asked about that is out of sight and not emptied yet, as after a cancel."""
    asked: bool = page.evaluate(
        """() => {
          const form = document.querySelector(".aw-desk-who");
          form.style.display = "none";
          const leaving = new Event("beforeunload", { cancelable: true });
          window.dispatchEvent(leaving);
          form.style.display = "";
          return leaving.defaultPrevented;
        }"""
    )
    return asked


def want_to_close(page: Page) -> None:
    page.close(run_before_unload=True)


@pytest.mark.parametrize("way", WAYS)
def test_the_first_words_of_a_session_are_stored_once_however_the_page_is_left(page: Page, way: str) -> None:
    text = f"{TEXT}{way}"
    type_into(page, "wish", text)
    WAYS[way](page)
    assert stored(lambda record: record.case.facts.wish == text) == 1


def test_after_a_reload_the_same_session_goes_on_also_where_it_had_no_name_yet(page: Page) -> None:
    text = f"{TEXT}一度だけ"
    type_into(page, "wish", text)
    page.reload()
    expect(field(page, "wish")).to_have_value(text, timeout=60_000)
    expect(page).to_have_url(re.compile(r"\?s="))
    pick(page, "situation", "inside")
    expect(row(page, "situation").locator(".aw-q-kept")).to_be_visible()
    assert stored(lambda record: record.case.facts.wish == text) == 1
    assert page.evaluate("Object.keys(sessionStorage)") == []


def test_every_field_for_text_sends_what_was_typed_before_the_page_goes(page: Page) -> None:
    pick(page, "situation", "inside")
    expect(row(page, "situation").locator(".aw-q-kept")).to_be_visible()
    type_into(page, "wish", "欄を移っても")
    go(page, "plan")
    open_private(page)
    type_into(page, "account-progress", TEXT)
    type_into(page, "notes", TEXT)
    page.close()

    def has_all(record: Record) -> bool:
        return (record.notes, record.account.get("progress"), record.case.facts.wish) == (TEXT, TEXT, "欄を移っても")

    assert stored(has_all) == 1


def test_a_busy_kernel_hears_what_was_typed_before_it_ends(page: Page) -> None:
    text, pid = f"{TEXT}忙しい", kernel_pid(page)
    type_into(page, "wish", text)
    os.kill(pid, signal.SIGSTOP)
    threading.Timer(1.5, os.kill, (pid, signal.SIGCONT)).start()
    page.close()
    assert stored(lambda record: record.case.facts.wish == text) == 1


def test_leaving_is_asked_while_something_is_not_stored_and_only_then(page: Page) -> None:
    type_into(page, "wish", f"{TEXT}尋ねる")
    with locked_store():
        pick(page, "situation", "inside")
        expect(row(page, "situation").locator(".aw-q-kept")).to_have_attribute("data-state", "failed")
        assert asked_by(page, want_to_close) == ["beforeunload"]
    expect(row(page, "situation").locator(".aw-q-kept")).to_have_attribute("data-state", "saved")
    until(lambda: page.evaluate("Object.keys(sessionStorage)") == [])
    assert asked_by(page, lambda left: left.evaluate("location.reload()")) == []


def test_leaving_is_asked_while_something_cannot_be_sent(page: Page) -> None:
    pick(page, "situation", "inside")
    expect(row(page, "situation").locator(".aw-q-kept")).to_be_visible()
    pid = kernel_pid(page)
    os.kill(pid, signal.SIGSTOP)
    try:
        type_into(page, "wish", TEXT)
        page.wait_for_timeout(3200)  # meanwhile the server may end what hangs: nothing is heard either way
        assert asked_by(page, want_to_close) == ["beforeunload"]
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def test_leaving_a_form_of_the_desk_is_asked_once_something_was_typed(browser: Browser, desk_url: str) -> None:
    with a_tab(browser) as page:
        arrive(page, desk_url)
        page.locator('[data-action="new"]').first.click()
        field(page, "code").click()
        assert asked_by(page, reload) == []
        page.locator('[data-action="new"]').first.click()
        type_into(page, "code", "B-1")
        page.wait_for_timeout(1000)  # the form has just been opened: nobody leaves it in its first moment
        assert asked_by(page, want_to_close) == ["beforeunload"]
        expect(field(page, "code")).to_have_value("B-1")
        assert not asked_once_hidden(page)
        page.locator('[data-action="cancel"]').first.click()
        expect(field(page, "code")).to_have_count(0)
        assert asked_by(page, reload) == []
