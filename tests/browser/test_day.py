"""A whole day in a real browser: four clients, a call, a walk-in, a withdrawal, an erasure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from advisor.session.appointments import local
from advisor.session.model import Action, Details, Permission
from advisor.store import Store, appointments
from tests.browser.conftest import Served
from tests.browsing import SAY, row, title, visiting
from tests.desks import NEW, STEP, client, known, planned, visit
from tests.serving import ARTEFACTS

JA = SAY["ja"]


@pytest.fixture
def day(empty: Served) -> Served:
    """A desk with four clients, two of whom come today."""
    fill_the_desk(empty.store, empty.today)
    return empty


def fill_the_desk(store: Store, today: date) -> None:
    """Register four clients; two of them come today."""
    seen, later = today - timedelta(days=28), today + timedelta(days=300)

    def agreed(hour: int) -> datetime:
        return datetime.combine(today, time(hour))

    for code, name, record in (
        ("K-001", "山田 花子", replace(NEW, revision=2, notes="次回は強みから", next_at=agreed(9))),
        ("K-002", "佐藤 健", replace(NEW, next_at=agreed(15))),
        ("K-003", "鈴木 美咲", planned(Action("a1", STEP, what="上司に話す", by=today - timedelta(days=3)))),
        ("K-004", "田中 陽子", NEW),
    ):
        details = Details({"supervision": Permission(seen)})
        known(store, client(code, name=name, until=later, details=details), visit(record, seen))


def press(page: Page, word: str, within: Locator | None = None) -> None:
    """Press the first button or link in sight with a word."""
    text = f':text-is("{JA(word)}"):visible'
    (within or page.locator("body")).locator(f"button{text}, a{text}").first.click()


def of_today(page: Page, code: str) -> Locator:
    return page.locator(".aw-desk-row", has_text=code)


def leave(page: Page) -> None:
    """Leave a visit by the menu of its page."""
    page.locator(".aw-page-more").click()
    press(page, "to_client")


def back(page: Page) -> None:
    press(page, "desk_back")
    expect(title(page, "list")).to_be_visible()


def fill(page: Page, **typed: str) -> None:
    for name, text in typed.items():
        row(page, f"booking-{name}").locator("input").first.fill(text)


def test_a_whole_day(browser: Browser, day: Served) -> None:
    url, store, tomorrow = day.url, day.store, day.today + timedelta(days=1)
    names = {one.code: one.id for one in store.clients()}
    with visiting(browser, url) as page:
        expect(page.locator(".aw-desk-head")).to_contain_text(JA("desk_today_count", number=2))
        expect(page.locator(".aw-desk-due")).to_contain_text("上司に話す")
        a_call_moves_an_appointment(page, tomorrow)
        a_session_begins_and_is_left_to_its_clients_page(page, url, names["K-001"])
        somebody_walks_in(page)
        a_consent_is_withdrawn(page, "K-003")
        a_client_is_erased(page, "K-004")
        page.screenshot(path=ARTEFACTS / "day.png", full_page=True)
    (moved,) = appointments.of_client(store, names["K-002"])
    assert local(moved.at) == datetime.combine(tomorrow, time(14))
    (said,) = store.visits(names["K-002"])
    assert moved.agreed == said.record.next_at == datetime.combine(day.today, time(15))  # what was agreed stays
    begun = store.visits(names["K-001"])[-1]
    assert begun.record.case.facts.wish == "強みを知りたい"
    (walked_in,) = [one for one in store.clients() if one.code == "K-005"]
    assert len(store.visits(walked_in.id)) == len(appointments.of_client(store, walked_in.id)) == 1
    allowed = {one.code: one.details.allows("supervision") for one in store.clients()}
    assert allowed == {"K-001": True, "K-002": True, "K-003": False, "K-005": False}


def a_call_moves_an_appointment(page: Page, tomorrow: date) -> None:
    """While somebody is on the telephone, the names of the others are hidden."""
    page.keyboard.press("h")
    expect(page.locator(".aw-desk-table")).not_to_contain_text("山田")
    of_today(page, "K-002").locator(".aw-icon").click()
    page.keyboard.press("Escape")
    expect(of_today(page, "K-002").locator(".aw-icon")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name=JA("desk_move"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(title(page, "booking")).to_be_visible()
    page.keyboard.press("h")
    fill(page, day="昨日", time="午後２時")
    page.keyboard.press("Tab")
    press(page, "booking_keep_move")
    expect(row(page, "booking-day").locator(".aw-q-error")).to_contain_text(JA("booking_error_past"))
    fill(page, day="明日")
    page.keyboard.press("Tab")
    expect(row(page, "booking-day").locator("input").first).to_have_value(
        f"{tomorrow.year}年{tomorrow.month}月{tomorrow.day}日（{'月火水木金土日'[tomorrow.weekday()]}）"
    )
    press(page, "booking_keep_move")
    expect(title(page, "list")).to_be_visible()
    expect(of_today(page, "K-002")).to_have_count(0)


def a_session_begins_and_is_left_to_its_clients_page(page: Page, url: str, client: str) -> None:
    press(page, "desk_begin", of_today(page, "K-001"))
    expect(title(page, "start")).to_be_visible(timeout=60_000)
    row(page, "wish").locator("textarea").fill("強みを知りたい")
    expect(page.locator("[data-kept=saved]")).to_be_visible()
    leave(page)
    expect(title(page, "client")).to_have_text("K-001", timeout=60_000)
    assert page.url == f"{url}?c={client}"
    expect(page.locator(".aw-desk")).to_contain_text("次回は強みから")
    expect(page.get_by_role("link", name=JA("desk_continue_today"))).to_be_visible()
    back(page)
    expect(of_today(page, "K-001").get_by_role("link", name=JA("desk_go_on"))).to_be_visible()


def somebody_walks_in(page: Page) -> None:
    press(page, "desk_book")
    row(page, "booking-kind").get_by_text(JA("booking_kind_first")).click()
    fill(page, day="今日", time="9:30", name="田中 一郎")
    expect(row(page, "booking-time")).to_contain_text("K-001")  # at the same time: told, not refused
    press(page, "booking_keep_new")
    expect(title(page, "list")).to_be_visible()
    press(page, "desk_receive")
    expect(title(page, "form")).to_be_focused()  # until then the page scrolls to its heading
    expect(row(page, "name").locator("input")).to_have_value("田中 一郎")
    row(page, "code").locator("input").fill("K-005")
    row(page, "agreed").locator("label.aw-tile").click()
    expect(row(page, "agreed").locator("input")).to_be_checked()
    press(page, "desk_receive")
    expect(title(page, "start")).to_be_visible(timeout=60_000)
    leave(page)
    expect(title(page, "client")).to_have_text("K-005", timeout=60_000)
    back(page)


def a_consent_is_withdrawn(page: Page, code: str) -> None:
    page.locator(".aw-desk-table .aw-desk-name", has_text=code).click()
    expect(title(page, "client")).to_have_text(code)
    press(page, "desk_use_withdraw", page.locator("#use-supervision"))
    press(page, "desk_use_withdraw_yes", page.get_by_role("dialog"))
    expect(page.locator("#use-supervision")).to_contain_text(JA("desk_use_allow"))
    back(page)


def a_client_is_erased(page: Page, code: str) -> None:
    page.locator(".aw-desk-table .aw-desk-name", has_text=code).click()
    expect(title(page, "client")).to_have_text(code)
    press(page, "desk_erase")
    page.get_by_role("dialog").get_by_role("textbox").fill(code)
    press(page, "desk_erase_yes", page.get_by_role("dialog"))
    expect(title(page, "list")).to_be_visible()
    expect(page.locator(".aw-desk-table")).not_to_contain_text(code)
