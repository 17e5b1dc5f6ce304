"""The waiting room lets people in by the order in which they came."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from advisor.server.seats import LEFT_AFTER, WaitingRoom


def test_with_a_free_seat_nobody_waits() -> None:
    assert WaitingRoom().ask("", 1, 0).number == 0


def test_people_stand_in_line_by_the_order_in_which_they_came() -> None:
    room = WaitingRoom()
    first, second, third = (room.ask("", 0, 0) for _ in range(3))
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert room.ask(third.ticket, 1, 1).number == 2
    assert room.ask(second.ticket, 1, 1).number == 1
    assert room.ask(first.ticket, 1, 1).number == 0
    room.leave(first.ticket)
    assert room.ask(third.ticket, 1, 2).number == 1
    assert room.ask(second.ticket, 1, 2).number == 0


def test_who_does_not_ask_any_more_has_left() -> None:
    room = WaitingRoom()
    gone = room.ask("", 0, 0)
    stays = room.ask("", 0, 0)
    assert room.ask(stays.ticket, 0, LEFT_AFTER).number == 2
    assert room.ask(stays.ticket, 0, LEFT_AFTER + 1).number == 1
    again = room.ask(gone.ticket, 0, LEFT_AFTER + 1)
    assert again.ticket != gone.ticket
    assert again.number == 2


def test_a_made_up_ticket_goes_to_the_end() -> None:
    room = WaitingRoom()
    room.ask("", 0, 0)
    cheat = room.ask("a made up ticket", 0, 0)
    assert cheat.number == 2
    assert cheat.ticket != "a made up ticket"


@given(st.lists(st.sampled_from(["come", "seat"]), max_size=60))
def test_nobody_overtakes_and_everybody_gets_in(moves: list[str]) -> None:
    room, arrived, waiting, free = WaitingRoom(), list[str](), list[str](), 0
    for now, move in enumerate([*moves, *["seat"] * len(moves)]):
        if move == "come":
            waiting.append(room.ask("", free, now / 100).ticket)
            arrived.append(waiting[-1])
        else:
            free += 1
        for ticket in list(reversed(waiting)):  # the last to come asks first
            if room.ask(ticket, free, now / 100).number == 0:
                room.leave(ticket)
                waiting.remove(ticket)
                free -= 1
        assert waiting == arrived[len(arrived) - len(waiting) :]
        assert free == 0 or not waiting
    assert waiting == []
