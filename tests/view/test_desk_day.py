"""The adviser's day at the desk: who comes today, appointments by hand, names hidden, a client at one glance."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.session.appointments import aware, local
from advisor.session.model import Action, Appointment, Plan
from advisor.store import Store, access_log, advisers, appointments, open_store, tables
from advisor.view.desk.desk import Desk
from advisor.view.desk.page import DeskPage
from advisor.view.widgets.widgets import Lifeline, Sheet
from tests.desks import NEW, STEP, TODAY, client, days, known, visit
from tests.pages import Markup, send, texts
from tests.support import CATALOG
from tests.view.test_desk_page import act, answer, html, opened, shown

JA = say(CATALOG, "ja")
Sent = list[dict[str, Any]]
NOON = aware(datetime.combine(TODAY, time(12)))
QUOTED = "髙﨑 𠮷子"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store in a file."""
    return open_store(f"sqlite:///{tmp_path / 'desk.sqlite3'}", "")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What the page as a whole sends to the browser beside its traits."""
    log: Sent = []
    monkeypatch.setattr(Lifeline, "send", lambda _, content, buffers=None: log.append(content))  # noqa: ARG005
    return log


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moment at which a desk looks at its clock."""
    clock = [NOON]
    monkeypatch.setattr(Desk, "now", lambda _: clock[0])
    return clock


def agreed(store: Store, code: str, at: datetime, **parts: Any) -> str:
    """Store a client who agreed on an appointment at the last visit."""
    return known(store, client(code, **parts), visit(replace(NEW, next_at=local(at)), days(-9)))


def first(store: Store, at: datetime, **parts: Any) -> Appointment:
    """Store an appointment of somebody who comes for the first time."""
    one = Appointment("first", at, **parts)
    appointments.put(store, one)
    return one


def begin(store: Store, name: str, visit: str) -> None:
    """Begin a visit of a client today at noon."""
    store.save(visit, name, None, replace(NEW, revision=2))
    with store.writing() as connection:
        connection.execute(sa.update(tables.visit).where(tables.visit.c.id == visit).values(started=NOON))


def fill(page: DeskPage, **typed: str) -> None:
    """Type into the form of an appointment."""
    for name, text in typed.items():
        answer(page, f"booking-{name}", text)


def sheet(page: DeskPage) -> dict[str, dict[str, Any]]:
    """Return the questions of the form in sight, by id."""
    forms = [part for part in shown(page) if isinstance(part, Sheet)]
    return {question["id"].removeprefix("booking-"): question for form in forms for question in form.questions}


def values(page: DeskPage) -> dict[str, Any]:
    """Return what stands in the fields of the form in sight."""
    return {name: value for part in shown(page) if isinstance(part, Sheet) for name, value in part.values.items()}


def deeds(page: DeskPage) -> list[tuple[str, str]]:
    """Return the time and the deed of each of today's rows; the main one with a star."""
    rows = re.findall(r"<li class=\"aw-desk-row\".*?</li>", html(page), re.DOTALL)
    found = [
        re.search(r"aw-desk-time\">([\d:]+).*?class=\"aw-button([^\"]*)\"[^>]*>([^<]+)<", row, re.DOTALL)
        for row in rows
    ]
    return [(one[1], ("*" if "aw-primary" in one[2] else "") + one[3]) for one in found if one]


# --- today --------------------------------------------------------------------------------------------------------


def test_three_deeds_have_three_words_one_of_them_stands_out_and_a_line_shows_the_time(
    store: Store, noon: list[datetime]
) -> None:
    mine = agreed(store, "A-1", NOON - timedelta(minutes=20))
    agreed(store, "B-2", NOON + timedelta(hours=3))
    first(store, NOON + timedelta(hours=1), note="電話で予約")
    page = opened(store)
    assert deeds(page) == [("11:40", "*始める"), ("13:00", "登録して始める"), ("15:00", "始める")]
    assert JA("desk_today_count", number=3) in html(page)
    assert html(page).index("11:40") < html(page).index("now-line") < html(page).index("13:00")
    begin(store, mine, "today")
    page.desk.show_list()
    assert deeds(page)[0] == ("11:40", "*つづける")
    assert "workbook?s=today" in Markup(html(page)).named("href")
    assert "電話で予約" in html(page)
    noon[0] += timedelta(hours=2)
    send(page.lifeline, event="ping")
    assert deeds(page) == [("11:40", "つづける"), ("13:00", "登録して始める"), ("15:00", "*始める")]
    assert html(page).index("13:00") < html(page).index("now-line") < html(page).index("15:00")


def test_a_day_without_appointments_says_when_the_next_one_is(store: Store) -> None:
    agreed(store, "A-1", NOON + timedelta(days=3, hours=2))
    assert JA("desk_next_is", day="11月24日（火）", time="14:00") in html(opened(store))


# --- appointments -------------------------------------------------------------------------------------------------


def test_a_client_is_found_by_a_part_of_the_name_and_booked_in_ones_own_words(store: Store) -> None:
    name = known(store, client("A-1", name=QUOTED))
    for number in range(9):
        known(store, client(f"B-{number}", name="佐藤"))
    page = opened(store)
    act(page, "book", "new")
    assert "client" not in sheet(page)  # too many to offer without a word
    fill(page, who="佐藤")
    assert len(sheet(page)["client"]["options"]) == 8
    fill(page, who="髙﨑", day="１２／５", time="午後2時", minutes="４５", way="online", note="電話で")
    assert values(page)["booking-day"] == "2026年12月5日（土）"
    act(page, "booking_keep", "booking")
    (row,) = appointments.of_client(store, name)
    assert (local(row.at).isoformat(), row.minutes, row.way, row.note) == (
        "2026-12-05T14:00:00",
        45,
        "online",
        "電話で",
    )
    assert JA("desk_booked", day="2026年12月5日（土）", time="14:00") in html(page)


def test_what_cannot_be_booked_is_told_beside_its_field_and_stays_as_typed(store: Store) -> None:
    known(store, client("A-1"))
    page = opened(store)
    act(page, "book", "new")
    fill(page, who="nobody", day="11/20", time="25時", minutes="長め")
    act(page, "booking_keep", "booking")
    asked = sheet(page)
    assert {name: one["error"] for name, one in asked.items() if "error" in one} == {
        "who": JA("booking_error_client"), "day": JA("booking_error_past"), "time": JA("error_time"),
        "minutes": JA("booking_error_minutes", most=480),
    }  # fmt: skip
    assert asked["who"]["hint"] == JA("booking_nobody")
    assert (values(page)["booking-time"], values(page)["booking-minutes"]) == ("25時", "長め")
    assert page.desk.meetings() == ()


def test_an_appointment_at_the_same_time_is_told_and_not_refused(store: Store) -> None:
    agreed(store, "A-1", NOON + timedelta(days=1))
    page = opened(store)
    act(page, "book", "new")
    fill(page, kind="first", name="田中さま", day="明日", time="12:30")
    other = JA("booking_other", time="12:00", who="A-1")
    assert sheet(page)["time"]["hint"] == JA("booking_overlap", others=other)
    act(page, "booking_keep", "booking")
    assert [one.name for one in appointments.of_client(store, None)] == ["田中さま"]
    assert JA("desk_booked_overlap", day="2026年11月22日（日）", time="12:30") in html(page)


def test_what_was_agreed_is_moved_and_cancelled_at_the_desk_and_stays_in_the_record(store: Store) -> None:
    name = agreed(store, "A-1", NOON + timedelta(hours=1))
    (said,) = store.visits(name)
    page = opened(store)
    act(page, "move", said.id)
    fill(page, day="11/28", time="9")
    act(page, "booking_keep", "booking")
    (row,) = appointments.of_client(store, name)
    assert (row.visit, row.agreed, local(row.at).isoformat()) == (said.id, said.record.next_at, "2026-11-28T09:00:00")
    assert "11月28日 09:00" in html(page)
    act(page, "open", name)
    act(page, "call_off", row.id)
    assert page.desk.screen == "client"
    assert JA("desk_next_none") in html(page)
    assert store.visits(name) == (said,)


def test_two_desks_that_move_the_same_appointment_do_not_lose_each_others_word(store: Store) -> None:
    name = agreed(store, "A-1", NOON + timedelta(hours=1))
    (said,) = store.visits(name)
    one, other = opened(store), opened(store)
    for page in (one, other):
        act(page, "move", said.id)
    for page, typed in ((one, {"note": "先に"}), (other, {"time": "16:00"})):
        fill(page, **typed)
        act(page, "booking_keep", "booking")
    assert JA("desk_appointment_changed") in html(other)
    assert (values(other)["booking-note"], values(other)["booking-time"]) == ("先に", "16:00")
    act(other, "booking_keep", "booking")
    (row,) = appointments.of_client(store, name)
    assert (row.note, f"{local(row.at):%H:%M}") == ("先に", "16:00")


def test_who_comes_for_the_first_time_is_registered_and_the_visit_begins(store: Store, sent: Sent) -> None:
    known(store, client("A-1"))
    first(store, NOON, name="田中 一郎")
    page = opened(store)
    act(page, "receive", "first")
    assert values(page)["name"] == "田中 一郎"
    for name, text in (("code", "C-9"), ("agreed", ["yes"])):
        answer(page, name, text)
    act(page, "hand_in", "form")
    (new,) = [one for one in store.clients() if one.code == "C-9"]
    (begun,) = store.visits(new.id)
    (row,) = appointments.of_client(store, new.id)
    assert (row.id, row.name, appointments.of_client(store, None)) == ("first", "", ())
    assert {"event": "open", "url": f"workbook?s={begun.id}", "over": True} in sent


# --- names hidden -------------------------------------------------------------------------------------------------


def busy(store: Store) -> str:
    """Fill the store with everything that tells of somebody, and return the client's id."""
    told = replace(
        NEW, revision=3, notes=QUOTED, case=Case(facts=Facts(wish=QUOTED)),
        plan=Plan(actions=(Action("a1", STEP, what=QUOTED, first=QUOTED, by=days(-1)),)),
        next_at=local(NOON + timedelta(hours=1)),
    )  # fmt: skip
    name = known(store, client("A-1", name=QUOTED), visit(told, days(-9)))
    first(store, NOON, name=QUOTED, note=QUOTED)
    appointments.put(store, Appointment("own", NOON + timedelta(days=9), name, note=QUOTED))
    store.save("nobodys", None, None, replace(NEW, case=Case(facts=Facts(wish=QUOTED))))
    known(store, client("B-2", name=QUOTED, until=days(-1)))
    return name


def told(page: DeskPage) -> str:
    return "\n".join(text for part in (page.lifeline, *shown(page)) for text in texts(part)) + str(
        [part.values for part in shown(page) if isinstance(part, Sheet)]
    )


def test_hidden_names_and_quoted_words_leave_the_list_the_clients_page_and_the_forms(store: Store) -> None:
    name = busy(store)
    page = opened(store)
    assert QUOTED in told(page)
    answer(page, "search", QUOTED)
    act(page, "names", "hide")
    screens: dict[str, Callable[[], None]] = {
        "list": page.desk.show_list, "client": lambda: page.desk.open(name), "move": lambda: page.desk.move("own"),
        "edit": lambda: page.desk.edit(name), "receive": lambda: page.desk.receive("first"),
    }  # fmt: skip
    for screen, goes in screens.items():
        goes()
        assert QUOTED not in told(page), screen
        assert QUOTED not in str([piece.widget.get_state() for pieces in page.screens.values() for piece in pieces])
        assert page.lifeline.place["names"] == "hidden"
    page.desk.edit(name)
    act(page, "names", "show")
    assert values(page)["name"] == QUOTED  # nothing typed or stored is lost
    page.desk.open(name)
    assert QUOTED in told(page)


def test_the_state_lasts_over_a_reload_and_goes_along_to_a_visit(store: Store) -> None:
    name = busy(store)
    page = DeskPage(CATALOG, store, lambda: TODAY, "workbook", query=f"c={name}&names=hidden&key=off")
    assert (page.desk.screen, page.desk.masked, page.desk.has_key) == ("client", True, False)
    assert QUOTED not in told(page)
    assert [link for link in Markup(html(page)).named("href") if "names=hidden&key=off" not in (link or "")] == []
    assert "data-key" not in html(page)


# --- addresses ----------------------------------------------------------------------------------------------------


def test_an_address_opens_a_client_whom_one_may_see_and_nobody_else(store: Store) -> None:
    me, other = (store.seen_by(advisers.add(store, name).id) for name in ("佐藤", "鈴木"))
    mine, theirs = known(me, client("A-1")), known(other, client("B-2"))

    def reached(of: str) -> tuple[str, str]:
        page = DeskPage(CATALOG, me, lambda: TODAY, "workbook", query=f"c={of}")
        return page.desk.screen, page.desk.note.word if page.desk.note else ""

    assert reached(mine) == ("client", "")
    assert [reached(of) for of in (theirs, "nobody", "x" * 5000)] == [("list", "desk_missing")] * 3
    me.erase_client(mine, TODAY)
    assert reached(mine) == ("list", "desk_gone")


# --- a client at one glance ---------------------------------------------------------------------------------------


def test_a_clients_page_shows_at_one_glance_where_things_stand(store: Store) -> None:
    name = busy(store)
    (told_then,) = store.visits(name)
    store.log("exported", client=name, visit=told_then.id, detail="handout")
    page = opened(store)
    act(page, "open", name)
    said = Markup(html(page)).text
    for part in (
        "13:00", QUOTED, JA("status_open"), JA("export_name_handout"), JA("desk_answers", given=0, asked=28),
        JA("desk_consent"), JA("desk_visits"),
    ):  # fmt: skip
        assert part in said
    assert set(Markup(html(page)).named("data-action")) >= {"book", "move", "start"}
    assert JA("desk_start") in said  # an old visit is read, a new one begun
    assert JA("desk_read") in said
    begin(store, name, "today")
    act(page, "list", "list")
    act(page, "open", name)
    assert JA("desk_continue_today") in html(page)


def test_the_last_account_stands_on_the_clients_page_and_not_while_names_are_hidden(store: Store) -> None:
    told_then = replace(NEW, revision=3, account={"goal": QUOTED}, notes="覚え書き")
    name = known(store, client("K-9"), visit(told_then, days(-9)))
    page = opened(store)
    act(page, "open", name)
    said = Markup(html(page)).text
    assert [part for part in (QUOTED, "覚え書き", JA("account_goal")) if part not in said] == []
    act(page, "names", "hide")
    assert QUOTED not in html(page)
    assert JA("desk_notes_hidden") in html(page)


def test_a_months_sessions_go_out_without_a_name_and_stand_in_the_log(store: Store, sent: Sent) -> None:
    known(store, client("K-9", name=QUOTED), visit(replace(NEW, revision=3), days(-9)))
    page = opened(store)
    assert f'value="{TODAY:%Y}-10" selected' in html(page)
    act(page, "month", "csv", f"{TODAY:%Y-%m}")
    assert [message["name"] for message in sent if message["event"] == "download"] == [
        f"{JA('month_file')}-{TODAY:%Y%m}.csv"
    ]
    assert [(line.action, line.client, line.detail) for line in access_log.entries(store)][-1] == (
        "exported", None, "month_csv",
    )  # fmt: skip
    act(page, "month", "csv", "2026-13")
    assert len([message for message in sent if message["event"] == "download"]) == 1
