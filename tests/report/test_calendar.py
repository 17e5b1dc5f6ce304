"""The client's dates as a calendar file: what is in it, what is not, and that phones can read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from advisor.report.calendar import calendar
from advisor.session.model import Action, Plan
from tests.leaving import MARKUP, NASTY, NOTES, filled, visit
from tests.support import CATALOG

if TYPE_CHECKING:
    from advisor.session.model import Visit

FILLED = visit(filled())


def entries(of: Visit) -> list[Any]:
    return Calendar.from_ical(calendar(CATALOG, of)).events


def changed(**parts: Any) -> Visit:
    return replace(FILLED, record=replace(FILLED.record, **parts))


def with_action(**parts: Any) -> Visit:
    action = replace(Action("a1", what="x", by=date(2026, 12, 1)), **parts)
    return changed(plan=Plan(actions=(action,)), next_at=None)


def test_an_open_action_with_a_day_is_an_all_day_entry_that_leaves_the_day_free() -> None:
    first = entries(FILLED)[0]
    assert first["summary"] == CATALOG.words["ja"].steps["quantify"].name
    assert (first.start, first.end) == (date(2026, 12, 1), date(2026, 12, 2))
    assert (first["transp"], first["class"]) == ("TRANSPARENT", "PRIVATE")


def test_an_action_rings_on_the_morning_before_and_an_appointment_a_day_before() -> None:
    first, _, appointment = entries(FILLED)
    assert [bell["trigger"].dt for bell in first.walk("VALARM")] == [timedelta(hours=-15)]
    assert [bell["trigger"].dt for bell in appointment.walk("VALARM")] == [timedelta(days=-1)]


def test_the_next_appointment_is_an_hour_in_the_time_of_tokyo() -> None:
    appointment = entries(FILLED)[-1]
    assert appointment["dtstart"].params["TZID"] == "Asia/Tokyo"
    assert appointment.start.astimezone(UTC) == datetime(2026, 12, 5, 5, tzinfo=UTC)
    assert appointment.end - appointment.start == timedelta(hours=1)
    zones = Calendar.from_ical(calendar(CATALOG, FILLED)).timezones
    assert [(zone["tzid"], zone.to_tz().utcoffset(datetime(2040, 7, 1))) for zone in zones] == [  # noqa: DTZ001
        ("Asia/Tokyo", timedelta(hours=9))
    ]


def test_actions_without_a_day_done_or_put_aside_stay_out() -> None:
    assert len(entries(with_action())) == 1
    for parts in ({"by": None}, {"status": "done"}, {"status": "partly"}, {"status": "not"}, {"aside": True}):
        assert entries(with_action(**parts)) == []


def test_an_action_of_the_clients_own_has_its_name_and_first_move_and_nothing_else_that_was_typed() -> None:
    told = with_action(what="名前", first="最初", known_by="目印カナリア", helper="助けカナリア")
    assert (entries(told)[0]["summary"], entries(told)[0]["description"]) == ("名前", "最初の一歩：最初")
    assert "カナリア" not in calendar(CATALOG, told).decode()
    assert NOTES not in calendar(CATALOG, FILLED).decode()


def test_an_action_without_a_name_is_still_an_entry() -> None:
    assert entries(with_action(what=" "))[0]["summary"] == CATALOG.words["ja"].report["export_action_unnamed"]


def test_a_later_file_updates_the_entries_of_an_earlier_one() -> None:
    later = changed(revision=FILLED.record.revision + 1)
    assert [one["uid"] for one in entries(later)] == [one["uid"] for one in entries(FILLED)]
    assert entries(later)[0]["sequence"] == entries(FILLED)[0]["sequence"] + 1


def test_the_ids_of_entries_are_their_own_and_do_not_give_the_visit_away() -> None:
    other = replace(FILLED, id="w" * 22)
    ids = [one["uid"] for of in (FILLED, other) for one in entries(of)]
    assert len(set(ids)) == len(ids) == 6
    assert FILLED.id not in calendar(CATALOG, FILLED).decode()


def test_what_looks_like_calendar_language_stays_text() -> None:
    told = visit(filled(NASTY))
    assert len(entries(told)) == 3
    for text in MARKUP:
        assert text in entries(told)[1]["summary"]
        assert text in entries(told)[1]["description"]


@given(text=st.text(alphabet=st.characters() | st.sampled_from('\r\n\t;,\\:"𠮷髙👨\x85\u2028'), max_size=150))
def test_lines_end_as_the_standard_says_and_break_between_characters(text: str) -> None:
    content = calendar(CATALOG, with_action(what=f"x{text}", first=text))
    for line in content.split(b"\r\n"):
        line.decode()
        assert len(line) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert len(Calendar.from_ical(content).events) == 1


@given(by=st.dates(), at=st.datetimes())
def test_every_day_that_can_be_typed_can_be_written(by: date, at: datetime) -> None:
    told = changed(plan=Plan(actions=(Action("a1", what="x", by=by),)), next_at=at.replace(second=0, microsecond=0))
    action, appointment = entries(told)
    assert action.start == by
    assert appointment.start.replace(tzinfo=None) == told.record.next_at


def test_english_sessions_have_english_dates() -> None:
    told = changed(language="en")
    assert entries(told)[-1]["summary"] == "Next session"
    assert entries(told)[0]["summary"] == CATALOG.words["en"].steps["quantify"].name
