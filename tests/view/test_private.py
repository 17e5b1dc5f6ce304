"""The adviser's part on every screen: the account and its prefilled lines, the clock, last time's record; the end."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from advisor.content.translator import say
from advisor.session.model import TOKYO, Appointment, Client, Consent, now, today
from advisor.session.record import SCREEN_IDS
from advisor.session.session import Past, Session
from advisor.store import appointments
from advisor.store.autosave import Autosave
from advisor.store.open_visit import open_visit
from advisor.view.widgets.widgets import Panel
from advisor.view.workbook import private
from advisor.view.workbook.page import Page
from advisor.view.workbook.private_page import PrivatePage
from tests.pages import SAMPLES, html, send, texts, visit
from tests.support import CATALOG, session

if TYPE_CHECKING:
    from datetime import datetime

    from advisor.store import Store

JA = say(CATALOG, "ja")
CANARY = "力は十分。基準を知らされない心細さ"


def opened(one: Session, autosave: Autosave | None = None) -> Page:
    """Return a page whose adviser's part was opened."""
    page = Page(one, autosave)
    press(page, "open_private", "start")
    return page


def press(page: Page, name: str, target: str, value: str | None = None) -> None:
    send(page.header.widget, event="action", name=name, id=target, value=value)


def write(page: Page, name: str, value: Any) -> None:
    send(page.private.fields.widget, event="answer", id=name, value=value)


def field(page: Page, name: str) -> dict[str, Any]:
    return next(question for question in page.private.fields.widget.questions if question["id"] == name)


def lines(page: Page, name: str) -> list[str]:
    return [line["text"] for line in field(page, f"account-{name}")["lines"]]


@pytest.mark.parametrize(("key", "shown"), [("", "f9"), ("F4", "f4"), ("none", None)])
def test_the_office_chooses_the_key_that_opens_it_or_none(key: str, shown: str | None) -> None:
    one = session()
    one.imprint = replace(one.imprint, key=key)
    found = re.search(r'data-action="open_private"[^>]* data-key="(\w+)"', Page(one).header.widget.html)
    assert (found[1] if found else None) == shown


def test_nothing_of_it_is_in_the_page_before_it_is_opened_and_after_it_is_closed() -> None:
    one = session(SAMPLES["a_accounting"])
    one.fill("account-assessment", CANARY)
    page = Page(one)
    for screen in SCREEN_IDS:
        visit(page, screen)
        assert page.drawer.children == ()
    for deed in ("close_private", "go"):  # its button, or another screen
        one.go("summary")
        press(page, "open_private", "summary")
        assert page.private.fields.widget.values["account-assessment"] == CANARY
        assert JA("private_title") in page.private.head.widget.html
        press(page, deed, "start")
        assert (page.private.fields.widget.questions, page.private.fields.widget.values) == ([], {})
        assert "".join(piece.widget.html for piece in page.private.pieces if isinstance(piece.widget, Panel)) == ""


def two_windows(store: Store) -> tuple[Page, PrivatePage]:
    """Return the shared page of a visit and the adviser's own window; something was told on the shared one."""
    one = Session(CATALOG)
    autosave = Autosave(store, one)
    page = Page(one, autosave)
    one.tell_wish("整理したい")
    opened_too = open_visit(store, autosave.visit)
    return page, PrivatePage(opened_too.session, opened_too.autosave, query=f"s={autosave.visit}")


def test_in_a_window_of_its_own_it_is_open_and_follows_what_is_told_on_the_shared_page(store: Store) -> None:
    page, own = two_windows(store)
    one = page.session
    assert JA("private_at", screen=JA("step_start")) in own.header.widget.html
    send(own.private.fields.widget, event="answer", id="account-assessment", value=CANARY)
    one.tell_wish("もう一度、整理したい")  # another field: nobody is asked
    one.go("summary")
    send(own.lifeline, event="look")
    assert JA("private_at", screen=JA("step_summary")) in own.header.widget.html
    concern = next(field for field in own.private.fields.widget.questions if field["id"] == "account-concern")
    assert concern["lines"] == [{"mark": JA("account_own"), "text": "「もう一度、整理したい」"}]
    send(page.lifeline, event="look")
    assert one.record == own.session.record
    assert one.record.account == {"assessment": CANARY}
    assert page.drawer.children == ()
    assert CANARY not in html(page)


def test_the_shared_page_names_nothing_of_the_adviser_s_when_two_pages_meet(store: Store) -> None:
    page, own = two_windows(store)
    one, other = page.session, own.session
    assert page.autosave is not None
    other.fill("account-assessment", CANARY)
    other.place_marker("reward_1", 5)
    other.tell_wish("担当者から")
    page.autosave.known = -math.inf  # it slept
    one.tell_wish("ご本人から")
    assert JA("conflict_title") in page.keeping.widget.html
    assert JA("place_wish") in page.keeping.widget.html
    for word in ("account_assessment", "account_title", "place_markers"):
        assert JA(word) not in page.keeping.widget.html
    send(own.keeping.widget, event="action", name="restart", id="restart")
    assert other.client is one.client
    assert other.record.account["assessment"] == CANARY


def test_a_window_of_its_own_without_its_visit_says_so(store: Store) -> None:
    none = open_visit(store, "-")
    page = PrivatePage(none.session, none.autosave, notice=none.notice)
    assert JA(none.notice) in page.keeping.widget.html
    assert page.columns.layout.display == "none"
    assert "restart" not in page.keeping.widget.html


def test_what_is_written_is_saved_and_comes_back(store: Store) -> None:
    one = Session(CATALOG)
    page = opened(one, Autosave(store, one))
    write(page, "account-concern", "評価の基準がわからない")
    write(page, "notes", "前からのメモ")
    write(page, "way", "phone")
    assert page.autosave is not None
    record = open_visit(store, page.autosave.visit).session.record
    assert (record.account, record.notes, record.way) == (
        {"concern": "評価の基準がわからない"},
        "前からのメモ",
        "phone",
    )


def test_prefilled_lines_stand_with_their_source_and_time_and_never_beside_a_judgement(store: Store) -> None:
    one = Session(CATALOG)
    page = Page(one, Autosave(store, one))
    one.tell_wish("整理したい")
    one.respond("reward_1", 5)
    one.mark("support_1", "skip")
    one.add_action()
    one.fill("action-a1-what", "評価の通知を探す")
    one.fill("next_at", "2026-12-08T14:00")
    press(page, "open_private", "start")
    assert field(page, "account-concern")["lines"] == [{"mark": JA("account_own"), "text": "「整理したい」"}]
    clock = f"{now().astimezone(TOKYO):%H:}"
    answered = next(line for line in lines(page, "progress") if "1問に答えた" in line)
    assert answered.startswith(clock)
    assert any(JA.words.items["support_1"] in line for line in lines(page, "progress"))
    assert any("評価の通知を探す" in line for line in lines(page, "approach"))
    assert any("2026年12月8日" in line for line in lines(page, "until_next"))
    assert [lines(page, name) for name in ("assessment", "goal", "impression")] == [[], [], []]


def test_a_line_that_was_taken_over_stands_in_the_field_and_beside_it_no_more() -> None:
    one = session(SAMPLES["a_accounting"])
    page = opened(one)
    told = lines(page, "progress")
    assert len(told) > 2
    press(page, "take_over", "account-progress", told[1])
    assert one.record.account["progress"] == told[1]
    assert told[1] not in lines(page, "progress")
    press(page, "take_over", "account-assessment", "もともとない行")
    assert "assessment" not in one.record.account
    press(page, "take_all", "account-progress")
    assert one.record.account["progress"].splitlines() == [told[1], told[0], *told[2:]]


def test_last_time_s_record_stands_beside_today_s_with_its_day_and_its_correction() -> None:
    before = session(SAMPLES["b_general_affairs"])
    before.fill("account-goal", "前回の目標")
    record = replace(before.record, corrected=(now(),))
    one = Session(CATALOG, last=Past(record, before.reading, today() - timedelta(days=28)))
    page = opened(one)
    told = page.private.pieces[-1].widget.html
    assert "前回の目標" in told
    assert JA("last_corrected", days="").rstrip("。")[:6] in told
    assert "前回の目標" not in html(page)


@pytest.mark.parametrize(
    ("passed", "key", "fields"),
    [(0, "clock_left", {"minutes": 60}), (50, "clock_closing", {}), (61, "clock_over", {})],
)
def test_the_clock_tells_what_is_left_and_never_stands_in_the_header(
    passed: int, key: str, fields: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Session(CATALOG, started=now())
    at: datetime = now() + timedelta(minutes=passed, seconds=1)
    monkeypatch.setattr(private, "now", lambda: at)
    page = opened(one)
    assert JA(key, **fields) in page.private.head.widget.html
    assert JA("clock_passed", minutes=passed) not in page.header.widget.html
    assert one.started is not None
    old = Session(CATALOG, one.record, started=one.started - timedelta(days=2))
    assert private.clock(old, JA, None) is None


def test_the_clock_goes_by_the_appointment_that_the_visit_keeps(store: Store) -> None:
    consent = Consent("記録のため", today(), today() + timedelta(days=365))
    store.put_client(Client("c1", "K-014", consent))
    begun = now()
    appointments.put(store, Appointment("a1", begun, "c1", minutes=90))
    one = Session(CATALOG, client="c1")
    page = opened(one, Autosave(store, one))
    one.tell_wish("整理したい")
    press(page, "open_private", "start")
    assert any(JA("clock_left", minutes=90 - late) in page.private.head.widget.html for late in (0, 1))


def test_what_stands_in_sight_is_noted_when_it_is_drawn_and_what_is_unfolded_when_it_is(store: Store) -> None:
    one = session(SAMPLES["a_accounting"])
    page = Page(one, Autosave(store, one))
    visit(page, "next")
    seen = one.record.shown
    assert [shown.place for shown in seen if shown.target.startswith("step")] == [1, 2, 3]
    assert seen[0].target == f"step-{one.reading.steps[0].target}"
    revision = one.record.revision
    one.refresh()
    assert one.record.revision == revision
    send(page.header.widget, event="action", name="unfolded", id=seen[0].target)
    send(page.header.widget, event="action", name="unfolded", id=seen[0].target)
    assert [(shown.target, shown.how) for shown in one.record.shown[len(seen) :]] == [(seen[0].target, "unfolded")]
    silent = session()
    visit(Page(silent), "next")
    assert silent.record.shown == ()


def test_a_screen_called_done_is_done_in_the_header_in_words() -> None:
    one = session()
    page = Page(one)
    visit(page, "results")
    send(page.footer.widget, event="action", name="finish", id="results")
    assert JA("state_done") in page.header.widget.html
    assert JA("screen_finished") in page.footer.widget.html
    assert one.record.done == ("results",)


def test_the_end_says_what_is_open_forces_nothing_and_leads_to_the_client(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent = Consent("記録のため", today(), today() + timedelta(days=365))
    store.put_client(Client("c1", "K-014", consent))
    one = Session(CATALOG, client="c1")
    one.add_action()
    autosave = Autosave(store, one)
    page = Page(one, autosave)
    one.fill("action-a1-what", "評価の通知を探す")
    said = visit(page, "summary")
    for text in (
        JA("end_unanswered", screen=JA("step_aptitude"), number=15),
        JA("end_no_first", name="「評価の通知を探す」"),
        JA("end_no_day", name="「評価の通知を探す」"),
        JA("end_no_next"),
    ):
        assert text in said
    led: list[str] = []
    monkeypatch.setattr(page.lifeline, "lead", led.append)
    send(page.header.widget, event="action", name="end", id="visit")
    assert led == ["./?c=c1"]
    stored = store.visit(autosave.visit)
    assert stored is not None
    assert stored.record.ended is not None


def test_the_client_s_answer_about_the_session_is_optional_and_can_be_taken_back() -> None:
    one = session()
    page = Page(one)
    visit(page, "summary")
    sheet = next(piece.widget for piece in page.screens["summary"].pieces if "useful" in texts(piece.widget))
    send(sheet, event="answer", id="useful", value="little")
    send(sheet, event="answer", id="useful_words", value="もう少し話したい")
    assert (one.record.useful, one.record.useful_words) == ("little", "もう少し話したい")
    send(sheet, event="answer", id="useful", value=None)
    assert one.record.useful is None
