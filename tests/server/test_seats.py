"""Each kernel has an owner; seats are few, and end with their owner's login."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from advisor.server import handles
from advisor.server.handlers import WorkbookHandler
from advisor.server.identity import Visitor
from advisor.server.seats import CONNECTING, END_UNUSED_SECONDS, NEVER_CAME, WENT_AWAY, OwnersOnly, Seats
from tests.waits import done

SATO, SUZUKI = Visitor("sato", login="login of sato"), Visitor("suzuki", login="login of suzuki")


class Kernels(dict[str, Any]):
    """What the seats need of a kernel manager."""

    def __init__(self) -> None:
        super().__init__()
        self._kernel_connections: dict[str, int] = {}
        self.hung, self.ending, self.building = set[str](), set[str](), set[str]()

    def open(self, kernel: str, connections: int = 1) -> None:
        """Let a kernel run, with so many pages connected to it."""
        self[kernel] = object()
        self._kernel_connections[kernel] = connections

    async def is_alive(self, kernel: str) -> bool:
        """Return whether the process of a kernel lives."""
        return self[kernel] is not None

    def hangs(self, kernel: str) -> bool:
        """Return whether the process of a kernel runs no more."""
        return kernel in self.hung

    def is_ending(self, kernel: str) -> bool:
        """Return whether a kernel has been told to end."""
        return kernel in self.ending

    async def shutdown_kernel(self, kernel: str, **_: object) -> None:
        """End a kernel."""
        del self[kernel]


class Room:
    """Seats with a clock that a test moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, most: int = 2, tabs: int = 2) -> None:
        self.now, self.out = 1000.0, set[str]()
        monkeypatch.setattr("advisor.server.seats.time.monotonic", lambda: self.now)
        self.kernels = Kernels()
        identity: Any = SimpleNamespace(still_in=lambda one: one.login not in self.out)
        self.seats = Seats(self.kernels, identity, most, tabs)

    def sit(self, kernel: str, who: Visitor, connections: int = 1) -> None:
        """Let somebody's page have a kernel."""
        self.kernels.open(kernel, connections)
        self.seats.take(kernel, who)

    def ask(self, who: Visitor, ticket: str = "") -> Any:
        """Ask for a place."""
        return done(self.seats.ask(who, ticket))

    def look(self, after: float = 0) -> list[str]:
        """Let the seats look round after a while; return which kernels still run."""
        self.now += after
        done(self.seats.end_unused())
        return sorted(self.kernels)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(monkeypatch)


def test_a_kernel_is_its_owners(room: Room) -> None:
    room.sit("k1", SATO)
    assert room.seats.owner("k1") == "sato"
    assert room.seats.owner("k2") is None


@pytest.mark.parametrize(
    ("kernel", "who", "resource", "allowed"),
    [
        ("k1", SATO, "kernels", True),
        ("k1", SUZUKI, "kernels", False),
        ("k2", SATO, "kernels", False),
        ("", SATO, "kernels", False),
        ("k1", SATO, "contents", False),
    ],
)
def test_only_the_owner_comes_near_a_kernel(
    room: Room, kernel: str, who: Visitor, resource: str, allowed: bool
) -> None:
    room.sit("k1", SATO)
    handler: Any = SimpleNamespace(
        path_kwargs={"kernel_id": kernel}, path_args=[], identity_provider=SimpleNamespace(seats=room.seats)
    )
    assert OwnersOnly().is_authorized(handler, who, "execute", resource) is allowed


def test_when_every_seat_is_taken_people_wait_and_come_in_by_order(room: Room) -> None:
    room.sit("k1", SATO)
    room.sit("k2", SUZUKI)
    first, second = room.ask(SATO), room.ask(SUZUKI)
    assert (first.number, second.number) == (1, 2)
    done(room.kernels.shutdown_kernel("k1"))
    assert done(room.seats.look_at(second.ticket, SUZUKI)) == 1
    assert done(room.seats.look_at(first.ticket, SATO)) == 0
    assert room.ask(SATO, first.ticket).number == 0


def test_a_kernel_that_is_being_started_has_its_seat_already(room: Room) -> None:
    room.sit("k1", SATO)
    with room.seats.coming(SUZUKI):
        assert room.ask(SUZUKI).number == 1
    room.seats.room.leave(next(iter(room.seats.room._asked)))  # noqa: SLF001  (who waited goes away)
    assert room.ask(SUZUKI).number == 0


def test_a_page_is_counted_once_while_it_is_still_being_sent(room: Room) -> None:
    with room.seats.coming(SATO):
        room.sit("k1", SATO)
        assert room.ask(SUZUKI).number == 0


def test_a_ticket_that_is_not_known_any_more_is_asked_for_anew(room: Room) -> None:
    assert done(room.seats.look_at("unknown", SATO)) == 0


def test_one_adviser_cannot_take_every_seat(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(monkeypatch, most=10, tabs=2)
    room.sit("k1", SATO)
    room.sit("k2", SATO)
    assert room.ask(SATO) is None
    assert room.ask(SUZUKI).number == 0


def test_a_page_that_is_loaded_again_and_again_before_it_is_there_is_always_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room = Room(monkeypatch, most=10, tabs=2)
    room.sit("k0", SUZUKI, connections=0)
    for number in range(24):
        room.now += 0.1
        assert room.ask(SATO).number == 0
        room.sit(f"sato{number}", SATO, connections=0)
    assert sorted(room.kernels) == ["k0", "sato22", "sato23"]  # nobody else's gave way


def test_a_page_that_has_connected_does_not_give_way_to_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(monkeypatch, most=10, tabs=1)
    room.sit("k1", SATO, connections=0)
    room.seats.came("k1")
    assert room.ask(SATO) is None


def test_in_a_full_house_ones_own_page_that_never_came_gives_way_unless_others_wait(room: Room) -> None:
    room.sit("k1", SATO, connections=0)
    room.sit("k2", SUZUKI)
    waiting = room.ask(SATO)
    assert waiting.number == 1  # the page may be about to connect
    room.now += CONNECTING
    assert done(room.seats.look_at(waiting.ticket, SATO)) == 0
    room.seats.room.leave(waiting.ticket)
    room.sit("k3", SATO, connections=0)
    room.now += CONNECTING
    assert sorted(room.kernels) == ["k2", "k3"]
    assert room.ask(Visitor("tanaka", login="t")).number == 1
    assert room.ask(SATO).number == 2
    assert sorted(room.kernels) == ["k2", "k3"]


def test_a_request_that_nobody_waits_for_any_more_holds_no_seat(room: Room) -> None:
    one, other = Visitor("sato", login="a"), Visitor("sato", login="a")
    with room.seats.coming(one), room.seats.coming(other):
        assert room.seats.free() == 0
        room.seats.left(one)
        assert room.seats.free() == 1


def test_what_is_left_of_a_kernel_that_died_is_cleared_away(room: Room) -> None:
    room.sit("k1", SATO)
    room.sit("k2", SUZUKI)
    room.kernels["k1"] = None
    done(room.seats.remove_dead())
    assert sorted(room.kernels) == ["k2"]
    assert room.seats.owner("k1") is None


def test_a_kernel_that_hangs_is_ended_as_one_that_died(room: Room) -> None:
    room.sit("k1", SATO)
    room.sit("k2", SUZUKI)
    room.kernels.hung.add("k1")
    done(room.seats.remove_dead())
    assert sorted(room.kernels) == ["k2"]
    assert room.ask(SATO).number == 0


def test_a_kernel_that_has_been_told_to_end_holds_no_seat(room: Room) -> None:
    """The page was reloaded, and its old kernel takes its time: it hangs, say."""
    room.sit("k1", SATO)
    room.sit("k2", SATO)
    assert room.ask(SATO) is None
    room.kernels.ending.add("k1")
    assert room.ask(SATO).number == 0


def test_where_too_few_handles_are_left_people_wait(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handles, "left", lambda: handles.OF_A_PAGE - 1)
    waiting = room.ask(SATO)
    assert waiting.number == 1
    monkeypatch.setattr(handles, "left", lambda: handles.OF_A_PAGE)
    assert done(room.seats.look_at(waiting.ticket, SATO)) == 0


def test_a_page_that_never_came_gives_its_seat_back(room: Room) -> None:
    room.sit("k1", SATO, connections=0)
    assert room.look(NEVER_CAME) == ["k1"]
    assert room.look(1) == []


def test_a_page_that_is_still_being_sent_to_somebody_is_not_taken_for_one_that_never_came(room: Room) -> None:
    room.sit("k1", SATO, connections=0)
    room.sit("k2", SUZUKI)
    room.kernels.building.add("k1")
    assert room.look(NEVER_CAME + 1) == ["k1", "k2"]
    assert room.ask(SATO).number == 1
    room.seats.sent("k1")
    assert room.look(NEVER_CAME) == ["k1", "k2"]
    assert room.look(1) == ["k2"]


def test_a_page_that_lost_its_line_keeps_its_kernel_while_nobody_waits(room: Room) -> None:
    room.sit("k1", SATO)
    room.look()
    room.kernels._kernel_connections["k1"] = 0  # noqa: SLF001  (as jupyter_server keeps it)
    assert room.look(3000) == ["k1"]


def test_who_waits_gets_the_seat_of_the_page_that_has_been_away_longest(room: Room) -> None:
    room.sit("k1", SATO)
    room.sit("k2", SATO)
    room.look()
    room.kernels._kernel_connections["k1"] = 0  # noqa: SLF001  (as above)
    room.look(WENT_AWAY / 2)
    room.kernels._kernel_connections["k2"] = 0  # noqa: SLF001  (as above)
    assert room.ask(SUZUKI).number == 1
    room.now += WENT_AWAY / 2 + 1
    assert room.ask(SUZUKI, next(iter(room.seats.room._asked))).number == 0  # noqa: SLF001  (the ticket just given)
    assert sorted(room.kernels) == ["k2"]


def test_a_login_that_ended_ends_its_pages_and_no_others(room: Room) -> None:
    room.sit("k1", SATO)
    room.sit("k2", SUZUKI)
    room.out.add(SATO.login)
    assert room.look(10) == ["k2"]


def test_logging_out_ends_what_was_opened_under_that_login_only(room: Room) -> None:
    room.sit("k1", SATO)
    room.sit("k2", Visitor("sato", login="login on another device"))
    done(room.seats.end_login(SATO.login))
    assert sorted(room.kernels) == ["k2"]


def test_a_page_that_asks_for_its_kernel_without_a_line_keeps_its_seat_until_somebody_waits(room: Room) -> None:
    room.sit("k1", SATO, connections=0)
    for _ in range(3):
        assert room.look(NEVER_CAME - 1) == ["k1"]
        room.seats.note("k1")
    room.sit("k2", SUZUKI)
    assert room.ask(SUZUKI).number == 1
    room.seats.note("k1")
    assert room.look(NEVER_CAME + END_UNUSED_SECONDS) == ["k2"]
    room.seats.note("unknown")


def test_a_goodbye_waits_until_the_kernel_has_heard_everything_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("advisor.server.seats.GOODBYE", 0.2)
    kernels = Kernels()
    looks: list[str] = []

    async def is_alive(kernel: str) -> bool:
        looks.append(kernel)
        return kernel == "hangs" or len(looks) < 3

    kernels.is_alive = is_alive  # type: ignore[method-assign]
    identity: Any = SimpleNamespace(still_in=lambda _: True)
    seats = Seats(kernels, identity, 2, 2)
    for kernel in ("ends", "hangs"):
        kernels.open(kernel, 0)
        seats.take(kernel, SATO)
    done(seats.say_goodbye("ends"))
    assert (looks, sorted(kernels)) == (["ends"] * 3, ["hangs"])
    done(seats.say_goodbye("hangs"))
    assert sorted(kernels) == []
    done(seats.say_goodbye("unknown"))


def test_a_page_that_is_left_before_it_is_known_who_comes_is_no_error() -> None:
    page = WorkbookHandler.__new__(WorkbookHandler)
    page.on_connection_close()
    assert page.gone
