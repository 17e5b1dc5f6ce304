"""The front desk in a real browser: from an empty list to a session, an ordinary day, files, hundreds of clients."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocket, expect

from advisor.content.words import LANGUAGES
from advisor.report import interchange
from advisor.session.model import Action, Record
from advisor.store import new_id
from tests.browser.conftest import Served
from tests.browsing import SAY, language_of, row, speak, tab_to, title, visiting
from tests.desks import NEW, STEP, client, crowd, known, planned, visit
from tests.looks import fits, look, open_all, picture, violations, violations_in_the_dark
from tests.support import CATALOG

JA = SAY["ja"]
CLIENTS, OPENING = 320, 150_000  # bytes


@pytest.fixture
def busy(empty: Served) -> Served:
    """A desk with three clients (one has something overdue, the time of one is over) and a visit of nobody."""
    today, later = empty.today, empty.today + timedelta(days=300)
    due = planned(Action("a1", STEP, by=today - timedelta(days=3)), Action("a2", what="簿記の教材を読む", by=today))
    visits = (visit(NEW, today - timedelta(days=40)), visit(due, today - timedelta(days=12), "v2"))
    known(empty.store, client("さくらさん", name="髙﨑 𠮷子", until=later), *visits)
    known(empty.store, client("A-002", until=today - timedelta(days=1)))
    known(empty.store, client("A-003", name="Maria Fernández", until=later))
    empty.store.save(new_id(), None, None, NEW)
    return empty


@pytest.fixture
def many(empty: Served) -> Served:
    """A desk with hundreds of clients, something due on every day around today, and some visits of nobody."""
    today = empty.today

    def record(place: int) -> Record:
        if place < 3:
            return replace(NEW, next_at=datetime.combine(today, time(10 + 2 * place)))
        return planned(Action("a1", STEP, by=today + timedelta(days=place - 20)))

    crowd(empty.store, CLIENTS, record)
    for number in range(7):
        empty.store.save(f"nobody-{number}", None, None, NEW)
    return empty


def button(page: Page, word: str) -> Locator:
    """A button by its word."""
    return page.get_by_role("button", name=SAY[language_of(page)](word), exact=True).first


def field(page: Page, name: str) -> Locator:
    return row(page, name).locator("input, textarea").first


def open_client(page: Page, code: str) -> None:
    page.locator(".aw-desk-table .aw-desk-name", has_text=code).click()
    expect(title(page, "client")).to_have_text(code)


def back(page: Page) -> None:
    """Go back to the list."""
    button(page, "desk_back").click()
    expect(title(page, "list")).to_be_visible()


# --- from an empty list to a session ---


def test_an_adviser_comes_from_an_empty_list_to_a_session_by_keyboard_only(browser: Browser, empty: Served) -> None:
    with visiting(browser, empty.url) as page:
        look(page, "desk-empty-ja", (1280, 390))
        tab_to(page, button(page, "desk_new"))
        page.keyboard.press("Enter")
        expect(title(page, "form")).to_be_focused()
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
        expect(title(page, "client")).to_be_focused()
        expect(title(page, "client")).to_have_text("A-001")
        tab_to(page, button(page, "desk_start"))
        page.keyboard.press("Enter")
        expect(title(page, "start")).to_be_visible(timeout=60_000)
        (one,) = empty.store.clients()
        (started,) = empty.store.visits(one.id)
        assert page.url == f"{empty.url}workbook?s={started.id}"
        page.locator(".aw-page-more").click()
        page.get_by_role("link", name=JA("to_client")).click()
        expect(title(page, "client")).to_have_text("A-001", timeout=60_000)
        expect(page.get_by_role("link", name=JA("desk_continue")).first).to_have_attribute(
            "href", f"workbook?s={started.id}"
        )


# --- an ordinary day ---


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
    expect(title(page, "form")).to_be_focused()  # until then the page scrolls, and a quick click would miss
    button(page, "desk_register").click()
    expect(page.locator(".aw-q-error")).to_have_count(2)
    yield "form"


def test_every_screen_is_there_for_everyone_and_what_was_typed_last_is_in(browser: Browser, busy: Served) -> None:
    with visiting(browser, busy.url) as page:
        for name in screens(page):
            assert violations(page) == [], name
            assert violations_in_the_dark(page) == [], name
            for language in LANGUAGES[::-1] if name != "erase" else ():
                speak(page, language)
                open_all(page)
                seen = (1280, 390) if language == "ja" else (820, 320)
                fits(page, f"desk-{name}-{language}", seen, widths=seen)
        row(page, "agreed").locator("label.aw-tile").click()
        field(page, "code").press_sequentially("B-7")
        button(page, "desk_register").click()  # at once
        expect(title(page, "client")).to_have_text("B-7")


def test_an_ordinary_day_search_erasure_a_visit_of_nobody_and_a_comparison(browser: Browser, busy: Served) -> None:
    with visiting(browser, busy.url) as page:
        names = page.locator(".aw-desk-table .aw-desk-name")
        expect(names).to_have_count(3)
        expect(page.locator("tbody tr", has_text="さくらさん")).to_contain_text(JA("desk_overdue"))
        field(page, "search").press_sequentially("ＭＡＲＩＡ")
        expect(names).to_have_count(1)
        expect(field(page, "search")).to_be_focused()
        field(page, "search").fill("だれもいない")
        button(page, "desk_not_found_all").click()
        expect(names).to_have_count(3)
        expect(field(page, "search")).to_have_value("")

        a_client_is_erased_after_their_code_was_typed(page, busy)

        page.locator("#nobody > summary").click()
        page.locator("#nobody select").select_option(label="A-002")
        page.locator("#nobody").get_by_role("button", name=JA("desk_assign")).click()
        expect(page.locator("#nobody")).to_have_count(0)
        assert busy.store.visits(None) == ()

        open_client(page, "さくらさん")
        page.get_by_role("link", name=JA("desk_compare")).click()
        expect(title(page, "results")).to_be_visible(timeout=60_000)


def a_client_is_erased_after_their_code_was_typed(page: Page, busy: Served) -> None:
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
    expect(title(page, "list")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="0件")).to_be_visible()
    assert [one.code for one in busy.store.clients()] == ["A-002", "さくらさん"]


# --- files ---


def test_what_is_kept_goes_out_as_a_file_and_comes_in_again(browser: Browser, busy: Served, tmp_path: Path) -> None:
    with visiting(browser, busy.url) as page:
        open_client(page, "さくらさん")
        with page.expect_download() as download:
            page.locator("[data-action=everything][data-id=json]").click()
        assert re.fullmatch(
            rf"{JA('desk_file')}-さくらさん-{busy.today:%Y%m%d}-\d{{4}}\.json", download.value.suggested_filename
        )
        out = download.value.path()
        read = interchange.load(out.read_bytes(), CATALOG)
        assert read[0] is not None
        assert read[0].name == "髙﨑 𠮷子"
        back(page)
        page.locator("#import > summary").click()
        files_are_refused_in_words(page, out, tmp_path)
        page.locator("input[type=file]").set_input_files(out)
        expect(title(page, "form")).to_be_visible()
        expect(row(page, "code").locator(".aw-q-error")).to_contain_text(JA("desk_error_taken"))
        field(page, "code").fill("もみじさん")
        button(page, "desk_take_in").click()
        expect(title(page, "client")).to_have_text("もみじさん")
        expect(page.locator("tr[id^=visit]")).to_have_count(2)
        back(page)
        a_file_whose_time_is_over_is_asked_about(page, busy, tmp_path)


def files_are_refused_in_words(page: Page, out: Path, folder: Path) -> None:
    """Too large, of another coding, a key twice: each is said, and the last is looked at in every width."""
    chosen, note = page.locator("input[type=file]"), page.locator("#import-note")
    large, other, twice = (folder / name for name in ("large.json", "cp932.json", "twice.json"))
    large.write_text(json.dumps("x" * 5_000_001), encoding="utf-8")
    chosen.set_input_files(large)
    expect(page.get_by_role("status").filter(has_text=JA("desk_import_large"))).to_have_count(1)
    expect(note).to_contain_text(JA("desk_import_large"))
    other.write_bytes(out.read_text(encoding="utf-8").encode("cp932", "replace"))
    chosen.set_input_files(other)
    expect(note).to_contain_text(JA("export_wrong_cp932"))
    twice.write_bytes(out.read_bytes().replace(b'"code":', b'"code": "A", "code":'))
    chosen.set_input_files(twice)
    expect(note).to_contain_text(JA("export_wrong_at", place="client.code", what=JA("export_wrong_key_twice")))
    note.scroll_into_view_if_needed()
    look(page, "desk-refused", (1280, 390))


def a_file_whose_time_is_over_is_asked_about(page: Page, busy: Served, folder: Path) -> None:
    over = folder / "over.json"
    old = client("かえでさん", until=busy.today - timedelta(days=3), then="erase")
    over.write_bytes(interchange.dump(old, (visit(),)))
    page.locator("input[type=file]").set_input_files(over)
    expect(title(page, "form")).to_be_visible()
    expect(page.locator(".aw-desk-form")).to_contain_text(JA("desk_ask_agreed"))
    look(page, "desk-over", (1280, 390))
    page.get_by_label(JA("desk_agreed")).check()
    button(page, "desk_take_in").click()
    expect(title(page, "client")).to_have_text("かえでさん")
    assert [kept.consent.until > busy.today for kept in busy.store.clients() if kept.code == "かえでさん"] == [True]
    button(page, "desk_erase").click()
    expect(page.get_by_role("dialog")).to_contain_text(JA("desk_erase_stays"))
    picture(page, "desk-erase-stays")


# --- hundreds of clients ---


def part(first: int, last: int) -> str:
    return JA("desk_page_people", first=first, last=last, all=CLIENTS)


def test_hundreds_come_as_a_light_message_and_one_finds_anybody_by_keyboard(browser: Browser, many: Served) -> None:
    with visiting(browser, many.url) as page:
        received: list[int] = []

        def weigh(socket: WebSocket) -> None:
            socket.on("framereceived", lambda frame: received.append(len(frame)))

        page.on("websocket", weigh)
        page.reload()
        expect(page.locator(".aw-desk-table .aw-desk-name")).to_have_count(50, timeout=60_000)
        assert 0 < sum(received) < OPENING
        one_pages_and_the_place_is_kept(page)
        one_finds_anybody_and_comes_back_to_the_same_page(page)
        hundreds_are_there_for_everyone(page)


def one_pages_and_the_place_is_kept(page: Page) -> None:
    names, told = page.locator(".aw-desk-table .aw-desk-name"), page.locator(".aw-desk-pager:has(+ .aw-table) > span")
    first, on = page.locator("#turn-list-back"), page.locator("#turn-list-on")
    expect(told).to_have_text(part(1, 50))
    expect(told).to_have_attribute("aria-live", "polite")
    tab_to(page, on)
    for number in range(1, 7):
        before = names.all_text_contents()
        page.keyboard.press("Enter")
        expect(told).to_have_text(part(50 * number + 1, min(CLIENTS, 50 * number + 50)))
        expect(on).to_be_focused()
        assert not set(before) & set(names.all_text_contents())
    expect(on).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Enter")
    tab_to(page, page.locator("#turn-list-back-below"))
    page.keyboard.press("Enter")  # from below one comes to the top of the page that is turned to
    expect(first).to_be_focused()
    expect(first).to_be_in_viewport()
    expect(told).to_have_text(part(251, 300))


def one_finds_anybody_and_comes_back_to_the_same_page(page: Page) -> None:
    names, search = page.locator(".aw-desk-table .aw-desk-name"), row(page, "search").locator("input")
    told = page.locator(".aw-desk-pager:has(+ .aw-table) > span")
    tab_to(page, search, "Shift+Tab")
    page.keyboard.type("ｋ－００３１")
    expect(names).to_have_count(10)
    expect(search).to_be_focused()
    expect(page.get_by_text(JA("desk_found", all=CLIENTS, found=10))).to_be_visible()
    look(page, "desk-many-found", (390,))
    page.keyboard.type("8")
    expect(names).to_have_text(["K-00318 佐藤 花子318"])
    search.fill("いない方")
    expect(page.get_by_role("heading", name=JA("desk_not_found"))).to_be_visible()
    look(page, "desk-many-nobody", (390,))
    tab_to(page, page.get_by_role("button", name=JA("desk_not_found_all")))
    page.keyboard.press("Enter")
    expect(names).to_have_count(50)
    expect(search).to_have_value("")
    tab_to(page, page.locator("#turn-list-on"))
    page.keyboard.press("Enter")
    expect(told).to_have_text(part(51, 100))
    tab_to(page, names.nth(3))
    code = names.nth(3).text_content()
    page.keyboard.press("Enter")
    expect(title(page, "client")).to_be_focused()
    button(page, "desk_back").click()
    expect(told).to_have_text(part(51, 100))
    assert names.nth(3).text_content() == code


def hundreds_are_there_for_everyone(page: Page) -> None:
    expect(page.locator(".aw-desk-row")).to_have_count(3)
    open_all(page)
    assert violations(page) == []
    assert violations_in_the_dark(page) == []
    for language in LANGUAGES[::-1]:
        speak(page, language)
        open_all(page)
        seen = (1280, 390) if language == "ja" else (820, 320)
        fits(page, f"desk-many-list-{language}", seen, widths=seen)
