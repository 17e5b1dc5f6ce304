"""The front desk in a real browser: from an empty list to a session, by keyboard, in every width, for everyone."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from advisor.content.words import LANGUAGES
from advisor.report import interchange
from advisor.session.model import TOKYO, Action
from advisor.store import Store, new_id, open_store
from tests.browser.test_access import CLIPPED, SIZES, TARGETS, Axe, in_the_dark
from tests.browser.test_keyboard import tab_to
from tests.browsing import SAY, language_of, open_all, row, speak, visiting
from tests.desks import NEW, STEP, client, known, planned, visit
from tests.serving import ARTEFACTS, running
from tests.support import CATALOG

JA = SAY["ja"]
TODAY = datetime.now(TOKYO).date()
LATER = TODAY + timedelta(days=300)


@dataclass(frozen=True)
class Served:
    """A desk that is served, and its store."""

    url: str
    store: Store


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Served]:
    """A front desk with a database of its own; it is empty until somebody needs a client."""
    database = f"sqlite:///{tmp_path_factory.mktemp('desk') / 'desk.sqlite3'}"
    command = (sys.executable, "-m", "advisor", "serve", "--no-browser", "--port", "0")
    environment = os.environ | {"ADVISOR_LANG": "en", "ADVISOR_DATABASE_URL": database}
    with running(*command, log=ARTEFACTS / f"desk-{worker_id}.log", environment=environment) as server:
        yield Served(server.url, open_store(database, ""))


@pytest.fixture
def empty(served: Served) -> Served:
    """A desk where nobody is registered."""
    for person in served.store.clients():
        served.store.erase_client(person.id, TODAY)
    for lonely in served.store.visits(None):
        served.store.erase_visit(lonely.id)
    return served


@pytest.fixture
def busy(empty: Served) -> Served:
    """A desk with three clients (one has something overdue, the time of one is over) and a visit of nobody."""
    due = planned(Action("a1", STEP, by=TODAY - timedelta(days=3)), Action("a2", what="簿記の教材を読む", by=TODAY))
    visits = (visit(NEW, TODAY - timedelta(days=40)), visit(due, TODAY - timedelta(days=12), "v2"))
    known(empty.store, client("さくらさん", name="髙﨑 𠮷子", until=LATER), *visits)
    known(empty.store, client("A-002", until=TODAY - timedelta(days=1)))
    known(empty.store, client("A-003", name="Maria Fernández", until=LATER))
    empty.store.save(new_id(), None, None, NEW)
    return empty


def heading(page: Page, screen: str) -> Locator:
    return page.locator(f'h1[data-title="{screen}"]:visible')


def button(page: Page, word: str) -> Locator:
    """A button by its word."""
    return page.get_by_role("button", name=SAY[language_of(page)](word), exact=True).first


def field(page: Page, name: str) -> Locator:
    return row(page, name).locator("input, textarea").first


def open_client(page: Page, code: str) -> None:
    page.locator(".aw-desk-name", has_text=code).click()
    expect(heading(page, "client")).to_have_text(code)


def back(page: Page) -> None:
    """Go back to the list."""
    button(page, "desk_back").click()
    expect(heading(page, "list")).to_be_visible()


# --- from an empty list to a session ---


def test_an_adviser_comes_from_an_empty_list_to_a_session_by_keyboard_only(browser: Browser, empty: Served) -> None:
    with visiting(browser, empty.url) as page:
        tab_to(page, button(page, "desk_new"))
        page.keyboard.press("Enter")
        expect(heading(page, "form")).to_be_focused()
        tab_to(page, button(page, "desk_register"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text(JA("desk_ask_code"))
        expect(row(page, "code").locator(".aw-q-error")).to_contain_text(JA("desk_error_code"))
        tab_to(page, field(page, "code"), "Shift+Tab")
        page.keyboard.type("A-001")
        tab_to(page, row(page, "agreed").get_by_role("checkbox"))
        page.keyboard.press("Space")
        expect(page.locator(".aw-q-error")).to_have_count(0)
        tab_to(page, button(page, "desk_register"))
        page.keyboard.press("Enter")
        expect(heading(page, "client")).to_be_focused()
        expect(heading(page, "client")).to_have_text("A-001")
        tab_to(page, button(page, "desk_start"))
        page.keyboard.press("Enter")
        expect(heading(page, "start")).to_be_visible(timeout=60_000)
        (one,) = empty.store.clients()
        (started,) = empty.store.visits(one.id)
        assert page.url == f"{empty.url}workbook?s={started.id}"
        page.get_by_role("link", name=JA("to_desk")).click()
        open_client(page, "A-001")
        expect(page.get_by_role("link", name=JA("desk_continue")).first).to_have_attribute(
            "href", f"workbook?s={started.id}"
        )


def test_what_was_typed_last_is_in_when_the_button_is_pressed_at_once(browser: Browser, empty: Served) -> None:
    with visiting(browser, empty.url) as page:
        button(page, "desk_new").click()
        expect(heading(page, "form")).to_be_focused()  # until then the page scrolls, and a quick click would miss
        row(page, "agreed").locator("label.aw-tile").click()
        field(page, "code").press_sequentially("B-7")
        button(page, "desk_register").click()
        expect(heading(page, "client")).to_have_text("B-7")


# --- an ordinary day ---


def test_the_list_follows_what_is_typed_into_the_search(browser: Browser, busy: Served) -> None:
    with visiting(browser, busy.url) as page:
        names = page.locator(".aw-desk-name")
        expect(names).to_have_count(3)
        expect(page.locator("tbody tr").first).to_contain_text(JA("desk_overdue"))
        field(page, "search").press_sequentially("ＭＡＲＩＡ")
        expect(names).to_have_count(1)
        expect(field(page, "search")).to_be_focused()
        field(page, "search").fill("だれもいない")
        button(page, "desk_not_found_all").click()
        expect(names).to_have_count(3)
        expect(field(page, "search")).to_have_value("")


def test_links_open_the_last_visit_and_its_comparison(browser: Browser, busy: Served) -> None:
    with visiting(browser, busy.url) as page:
        open_client(page, "さくらさん")
        page.get_by_role("link", name=JA("desk_compare")).click()
        expect(heading(page, "results")).to_be_visible(timeout=60_000)


def test_a_client_is_erased_after_their_code_was_typed(browser: Browser, busy: Served) -> None:
    with visiting(browser, busy.url) as page:
        open_client(page, "A-003")
        button(page, "desk_erase").click()
        dialog = page.get_by_role("dialog", name=JA("desk_erase_ask", code="A-003"))
        code = dialog.get_by_role("textbox")
        expect(code).to_be_focused()
        code.fill("A-002")
        dialog.get_by_role("button", name=JA("desk_erase_yes")).click()
        expect(dialog.get_by_role("alert")).to_have_text(JA("desk_erase_mistyped"))
        expect(code).to_have_value("A-002")
        page.keyboard.press("Escape")
        expect(button(page, "desk_erase")).to_be_focused()
        page.keyboard.press("Enter")
        code.fill("a-003")
        dialog.get_by_role("button", name=JA("desk_erase_yes")).click()
        expect(heading(page, "list")).to_be_focused()
        expect(page.get_by_role("status").filter(has_text="0件")).to_be_visible()
        assert [one.code for one in busy.store.clients()] == ["A-002", "さくらさん"]


def test_a_visit_of_nobody_is_given_to_a_client(browser: Browser, busy: Served) -> None:
    with visiting(browser, busy.url) as page:
        page.locator("#nobody > summary").click()
        page.locator("#nobody select").select_option(label="A-002")
        page.locator("#nobody").get_by_role("button", name=JA("desk_assign")).click()
        expect(page.locator("#nobody")).to_have_count(0)
        assert busy.store.visits(None) == ()


def test_what_is_kept_goes_out_as_a_file_and_comes_in_again(browser: Browser, busy: Served, tmp_path: Path) -> None:
    with visiting(browser, busy.url) as page:
        open_client(page, "さくらさん")
        with page.expect_download() as download:
            page.locator("[data-action=everything][data-id=json]").click()
        assert re.fullmatch(
            rf"{JA('desk_file')}-さくらさん-{TODAY:%Y%m%d}-\d{{4}}\.json", download.value.suggested_filename
        )
        read = interchange.load(download.value.path().read_bytes(), CATALOG)
        assert read[0] is not None
        assert read[0].name == "髙﨑 𠮷子"
        back(page)
        page.locator("#import > summary").click()
        chosen = page.locator("input[type=file]")
        large = tmp_path / "large.json"
        large.write_text(json.dumps("x" * 5_000_001), encoding="utf-8")
        chosen.set_input_files(large)
        expect(page.get_by_role("status")).to_contain_text(JA("desk_import_large"))
        expect(page.locator("#import-note")).to_contain_text(JA("desk_import_large"))
        other = tmp_path / "cp932.json"
        other.write_bytes(download.value.path().read_text(encoding="utf-8").encode("cp932", "replace"))
        chosen.set_input_files(other)
        expect(page.locator("#import-note")).to_contain_text(JA("export_wrong_cp932"))
        page.screenshot(path=ARTEFACTS / "desk_import_refused.png")
        chosen.set_input_files(download.value.path())
        expect(heading(page, "form")).to_be_visible()
        expect(row(page, "code").locator(".aw-q-error")).to_contain_text(JA("desk_error_taken"))
        field(page, "code").fill("もみじさん")
        button(page, "desk_take_in").click()
        expect(heading(page, "client")).to_have_text("もみじさん")
        expect(page.locator("tr[id^=visit]")).to_have_count(2)


# --- for everyone ---


def screens(page: Page) -> Iterator[str]:
    """Bring the screens of the desk before one's eyes, one after the other."""
    open_all(page)
    yield "list"
    open_client(page, "さくらさん")
    yield "client"
    page.locator(".aw-danger[data-open-dialog]").click()
    yield "erase"
    page.keyboard.press("Escape")
    back(page)
    button(page, "desk_new").click()
    button(page, "desk_register").click()
    expect(page.locator(".aw-q-error")).to_have_count(2)
    yield "form"


def test_axe_finds_nothing_and_everything_fits_and_can_be_pressed(
    browser: Browser, busy: Served, axe_violations: Axe, screenshot: Callable[[Page, str], Path]
) -> None:
    with visiting(browser, busy.url, reduced_motion="reduce") as page:
        for name in screens(page):
            assert axe_violations(page) == [], name
            assert in_the_dark(page, axe_violations) == [], name
            for language in LANGUAGES[::-1] if name != "erase" else ():
                speak(page, language)
                open_all(page)
                for width, size in SIZES.items():
                    page.set_viewport_size(size)
                    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
                    assert page.evaluate(CLIPPED) == [], (name, language, width)
                    assert [target for target in page.evaluate(TARGETS) if target[0] < 43.9] == [], name
                    screenshot(page, f"desk-{name}-{language}-{width}")
            page.set_viewport_size(SIZES[1280])


def test_axe_finds_nothing_on_an_empty_desk(
    browser: Browser, empty: Served, axe_violations: Axe, screenshot: Callable[[Page, str], Path]
) -> None:
    with visiting(browser, empty.url, reduced_motion="reduce") as page:
        assert axe_violations(page) == []
        speak(page, "en")
        assert in_the_dark(page, axe_violations) == []
        page.emulate_media(color_scheme="dark")
        screenshot(page, "desk-empty-en-1280-dark")


def test_a_file_that_is_refused_and_one_whose_time_is_over_are_told_in_every_width(
    browser: Browser, busy: Served, tmp_path: Path, axe_violations: Axe, screenshot: Callable[[Page, str], Path]
) -> None:
    old = client("もみじさん", until=TODAY - timedelta(days=3), then="erase")
    over, twice = tmp_path / "over.json", tmp_path / "twice.json"
    over.write_bytes(interchange.dump(old, (visit(),)))
    twice.write_bytes(over.read_bytes().replace(b'"code":', b'"code": "A", "code":'))
    with visiting(browser, busy.url) as page:
        for width, size in SIZES.items():
            page.set_viewport_size(size)
            page.locator("#import").evaluate("details => { details.open = true; }")
            page.locator("input[type=file]").set_input_files(twice)
            note = page.locator("#import-note")
            expect(note).to_contain_text(JA("export_wrong_at", place="client.code", what=JA("export_wrong_key_twice")))
            note.scroll_into_view_if_needed()
            assert page.evaluate(CLIPPED) == []
            assert axe_violations(page) == []
            screenshot(page, f"desk-refused-{width}")
            page.locator("input[type=file]").set_input_files(over)
            expect(heading(page, "form")).to_be_visible()
            expect(page.locator(".aw-desk-form")).to_contain_text(JA("desk_ask_agreed"))
            assert page.evaluate(CLIPPED) == []
            assert axe_violations(page) == []
            screenshot(page, f"desk-over-{width}")
            button(page, "desk_cancel").click()
            expect(heading(page, "list")).to_be_visible()
        page.locator("input[type=file]").set_input_files(over)
        page.get_by_label(JA("desk_agreed")).check()
        button(page, "desk_take_in").click()
        expect(heading(page, "client")).to_have_text("もみじさん")
        assert [kept.consent.until > TODAY for kept in busy.store.clients() if kept.code == "もみじさん"] == [True]
        page.get_by_role("button", name=JA("desk_erase"), exact=True).click()
        expect(page.get_by_role("dialog")).to_contain_text(JA("desk_erase_stays"))
        screenshot(page, "desk-erase-stays")
