"""Long lists in pages, and everybody found in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from hypothesis import given
from hypothesis import strategies as st

from advisor.session.appointments import aware
from advisor.session.forms import folded
from advisor.session.model import Appointment
from advisor.view.desk import clients
from advisor.view.desk.paging import page
from tests.desks import NEW, TODAY, client, days, line, visit

LISTS, SIZES = st.lists(st.integers(), max_size=60), st.integers(1, 12)
CODES = st.lists(st.text("ABｃ-0１２", min_size=1, max_size=5), unique_by=folded, max_size=30)
NAMES = st.text("佐藤花子ｱｲｳﾞMarÍa ", max_size=8)


@given(LISTS, SIZES)
def test_the_pages_together_are_exactly_the_list_in_its_order(items: list[int], size: int) -> None:
    first = page(items, 1, size)
    pages = [page(items, number, size) for number in range(1, first.pages + 1)]
    assert [item for one in pages for item in one.items] == items
    assert [one.number for one in pages] == list(range(1, first.pages + 1))
    assert all(one.items for one in pages) == bool(items)
    assert max(len(one.items) for one in pages) <= size


@given(LISTS, SIZES, st.integers(-5, 99))
def test_every_page_says_which_part_of_the_whole_it_is(items: list[int], size: int, number: int) -> None:
    one = page(items, number, size)
    assert one.items == tuple(items[one.first - 1 : one.last])
    assert one.all == len(items)
    assert one.number == min(max(1, number), one.pages)


@given(CODES, st.data())
def test_everybody_is_found_by_code_and_by_name_on_one_of_the_pages(codes: list[str], data: st.DataObject) -> None:
    lines = clients.in_order((line(client(code, name=data.draw(NAMES), id=code)) for code in codes), TODAY)
    for one in lines:
        for query in (one.client.code, one.client.name, one.client.name.upper(), f" {one.client.code}　"):
            hits = clients.found(lines, query)
            pages = [page(hits, number, 4) for number in range(1, page(hits, 1, 4).pages + 1)]
            assert one in [hit for each in pages for hit in each.items]
            assert hits == tuple(hit for hit in lines if hit in hits)  # in the order of the list


def test_appointments_of_a_day_stand_by_their_time_with_those_of_first_timers() -> None:
    def at(hour: int, ahead: int = 0) -> datetime:
        return datetime.combine(days(ahead), time(hour))

    lines = [
        line(client(f"{when:%d %H}"), visit(replace(NEW, next_at=when), days(-9)))
        for when in (at(15), at(9), at(11, 1), at(8, -1))
    ]
    firsts = (Appointment("first", aware(at(10))), Appointment("cancelled", aware(at(10)), cancelled=True))
    found = clients.meetings(lines, firsts, TODAY)
    assert [one.line.client.code if one.line else one.appointment.id for one in found] == ["21 09", "first", "21 15"]
