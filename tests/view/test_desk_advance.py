"""The advance sheet at the desk: a link once, how far the client is, their answers; in the session: what is theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.session import record as records
from advisor.session.appointments import aware
from advisor.session.model import Advance, Appointment, now
from advisor.session.session import Rejected, Session
from advisor.store import Store, access_log, appointments, invitations, open_store
from advisor.view.desk.desk import Desk
from advisor.view.desk.page import DeskPage
from advisor.view.widgets.widgets import Lifeline
from advisor.view.workbook.page import Page
from tests.databases import believed
from tests.desks import TODAY, client, days, known
from tests.pages import shown as in_sight
from tests.pages import texts
from tests.papers import pages
from tests.support import CATALOG
from tests.view.test_desk_page import act, html

JA = say(CATALOG, "ja")
LINKS = "https://workbook.example/before"
NOON = aware(datetime.combine(TODAY, time(12)))
Sent = list[tuple[dict[str, Any], Any]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store in a file."""
    return open_store(f"sqlite:///{tmp_path / 'desk.sqlite3'}", "")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What the page as a whole sends to the browser beside its traits."""
    log: Sent = []
    monkeypatch.setattr(Lifeline, "send", lambda _, content, buffers=None: log.append((content, buffers)))
    return log


def opened(store: Store, links: str = LINKS) -> DeskPage:
    """Return a desk on which the page of a client is open."""
    name = store.clients()[0].id if store.clients() else known(store, client("A-001", name="髙﨑 𠮷子"))
    believed(store, days(-1))
    page = DeskPage(CATALOG, store, lambda: TODAY, "workbook", links=links)
    page.desk.open(name)
    return page


def tell(store: Store, link: str, case: Case, *, done: bool = False) -> None:
    """Answer by a link."""
    at, token = now(), link.rpartition("=")[2]
    ended = at if done else None
    answered = lambda one: replace(one, agreed=at, changed=at, case=case, done=ended)  # noqa: E731
    assert invitations.tell(store, token, "", answered)


def test_a_link_is_shown_once_with_its_code_and_slip_and_is_gone_with_the_page(
    store: Store, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.view.desk.links.secrets.randbelow", lambda _: 8403)  # no year, as others may be
    page = opened(store)
    name = page.desk.row.client.id if page.desk.row else ""
    assert JA("advance_card_text") in html(page)
    act(page, "invite", name, "digits")
    made = page.desk.links.made
    assert made is not None
    assert made.link.startswith(f"{LINKS}?k=")
    assert made.link in html(page)
    assert made.digits in html(page)
    assert "aw-qr-dark" in html(page)
    act(page, "slip", name)
    content, buffers = sent[-1]
    assert content["name"].startswith("annai-A-001")
    (paper,) = pages(bytes(buffers[0]))
    on_one_line = paper.replace("\r\n", "")
    assert made.link in on_one_line
    assert "髙﨑" not in paper
    assert made.digits not in on_one_line.replace(made.link, ""), "they are told by another way"
    page.desk.show_list()
    page.desk.open(name)
    assert "k=" not in html(page)
    with pytest.raises(Rejected):
        page._slip()  # noqa: SLF001  (no button leads there any more)


def test_the_page_says_how_far_the_client_is_and_who_looked(store: Store) -> None:
    page = opened(store)
    row = page.desk.row
    assert row is not None
    act(page, "invite", row.client.id, "")
    assert page.desk.links.made is not None
    link = page.desk.links.made.link
    assert JA("advance_chip_sent") in html(page)
    told = Case(
        {"support_1": 4},
        {"accuracy_1": "skip", "reward_1": "discuss"},
        Facts("unsure", years=12, experience=("sales", "it"), wish="評価のことを話したい"),
    )
    tell(store, link, told)
    page = opened(store)
    assert JA("advance_chip_partly", answered=2, asked=28) in html(page)
    assert "評価のことを話したい" not in html(page), "nobody looked yet"
    made = page.desk.row.invitations[0].id if page.desk.row else ""
    act(page, "answers_look", made)
    for text in ("評価のことを話したい", JA.words.items["support_1"], JA("advance_marked_skip")):
        assert text in html(page)
    named = JA.enumeration(JA.words.experience[one].name for one in ("sales", "it"))
    for text in (JA("ask_years"), ">12<", JA("ask_experience"), named):
        assert text in html(page)
    assert JA("advance_looked_you") in html(page)
    page.desk.hide_names(hides=True)
    assert "評価のことを話したい" not in html(page)
    page.desk.hide_names(hides=False)
    act(page, "invite_stop", made)
    assert JA("advance_chip_withdrawn") in html(page)
    act(page, "answers_erase", made)
    assert page.desk.row is not None
    assert page.desk.row.invitations == ()
    deeds = [line.detail for line in access_log.entries(store) if line.action == "invitation"]
    assert deeds == ["made", "agreed", "looked", "withdrawn", "erased"]


def test_todays_list_says_of_each_sheet_whether_it_was_sent_is_half_or_done(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "now", lambda _: NOON)
    page = opened(store)
    row = page.desk.row
    assert row is not None
    appointments.put(store, Appointment("a1", NOON + timedelta(hours=1), row.client.id))

    def top(links: str = LINKS) -> str:
        return html(DeskPage(CATALOG, store, lambda: TODAY, "workbook", links=links))

    assert JA("advance_chip_none") in top()
    assert JA("advance_title") not in top(""), "where nothing can be sent nothing is missing"
    _, token = invitations.make(store, row.client.id)
    assert JA("advance_chip_sent") in top()
    tell(store, token, Case({"support_1": 4}))
    assert JA("advance_chip_partly", answered=1, asked=28) in top()
    tell(store, token, Case({"support_1": 4}, {"reward_1": "discuss"}), done=True)
    assert JA("advance_chip_done") in top()
    assert JA("advance_chip_discuss", number=1) in top()


def test_without_a_server_that_clients_reach_the_page_offers_paper_and_no_link(store: Store, sent: Sent) -> None:
    page = opened(store, links="")
    assert JA("advance_card_paper") in html(page)
    assert 'data-action="invite"' not in html(page)
    with pytest.raises(Rejected):
        page.desk.invite(page.desk.row.client.id if page.desk.row else "", guarded=False)
    for form in ("quick", "full"):
        act(page, "question_sheet", form)
        assert sent[-1][0]["name"].startswith("shitsumon")
    assert "A-001" not in sent[-1][0]["name"]


def test_an_invitation_of_another_client_is_refused(store: Store) -> None:
    mine, other = known(store, client("A-001")), known(store, client("B-002"))
    made, _ = invitations.make(store, other)
    desk = opened(store).desk
    desk.open(mine)
    for deed in (desk.stop_invitation, desk.look_at_answers, desk.erase_answers):
        with pytest.raises(Rejected):
            deed(made.id)


# --- in the session -----------------------------------------------------------------------------------------------


def before() -> Session:
    """Return a session that opened with answers from before."""
    case = Case({"support_1": 4, "accuracy_1": 2}, {"perseverance_1": "skip", "reward_1": "discuss"})
    record = replace(records.new(CATALOG), case=case, advance=Advance(NOON, case.responses), revision=1)
    return Session(CATALOG, record)


def test_answers_from_before_are_marked_until_they_change_and_a_list_to_start_from_is_the_advisers() -> None:
    session = before()
    page = Page(session)
    assert "21日(土) 12:00" in shown(page)
    session.go("aptitude")
    marked = {one["id"]: one["from"] for one in _asked(page) if one["type"] == "scale"}
    assert {name for name, text in marked.items() if text} == {"support_1", "accuracy_1"}
    session.respond("support_1", 5)
    assert [one["from"] for one in _asked(page) if one["id"] == "support_1"] == [""]
    assert "private-before" not in shown(page)
    page._open_private()  # noqa: SLF001  (as the adviser's deed does)
    session.refresh()
    for item in ("reward_1", "perseverance_1"):
        assert JA.words.items[item] in shown(page)


def test_paper_is_typed_in_on_the_screens_with_scales_and_only_while_the_visit_is_open() -> None:
    session = before()
    page = Page(session)
    session.enter_quickly()
    assert session.record.screen == "aptitude"
    assert _asked(page)[0]["text"] == JA("advance_quick")
    session.enter_quickly()
    assert _asked(page)[0]["text"] != JA("advance_quick")
    session.is_read_only = True
    with pytest.raises(Rejected):
        session.enter_quickly()


def shown(page: Page) -> str:
    """Return every text of the screen in sight and of the adviser's part."""
    widgets = [*in_sight(page), *(piece.widget for piece in page.private.pieces)]
    return "\n".join(text for widget in widgets for text in texts(widget))


def _asked(page: Page) -> list[dict[str, Any]]:
    screen = page.screens[page.session.record.screen]
    return [one for piece in screen.pieces for one in getattr(piece.widget, "questions", [])]


def test_a_link_to_the_screen_of_a_session_is_told_apart_and_can_be_closed(store: Store) -> None:
    name = known(store, client("A-001"))
    store.save("v1", name, None, replace(records.new(CATALOG), revision=1))
    made, token = invitations.make_live(store, "v1")
    page = opened(store)
    assert JA("advance_card_text") in html(page), "no advance sheet was sent"
    assert f'data-action="invite_stop" data-id="{made.id}"' in html(page)
    act(page, "invite_stop", made.id)
    assert JA("screen_link_closed") in html(page)
    assert invitations.opened(store, token, "", "live") is None
    assert made.id not in html(page)
