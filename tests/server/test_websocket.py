"""The line between a page and its kernel: only one that stands is joined, and what it took is given back."""

from __future__ import annotations

import random
import sys
import time
from typing import TYPE_CHECKING

import pytest

from advisor.server.websocket import MOST
from tests.opened import (
    a_page,
    a_patient_team,
    came_in,
    close,
    cut,
    held,
    hung_up,
    in_turn,
    settled,
    shake,
    stood,
    until,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from pathlib import Path

    from tests.team import Team

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="handles are counted as Linux tells them")
PATIENCE = 2.0
READY = 4  # processes: the warmed one, a page's, and two that wait


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lines")


@pytest.fixture(scope="module")
def team(folder: Path) -> Iterator[Team]:
    """A team with two seats."""
    with a_patient_team(folder, "--sessions", "2", patience=PATIENCE) as served:
        yield served


def cut_soon(line: socket.socket, chance: random.Random) -> None:
    """Cut a handshake at any moment of it, as a network does or as a page that is left."""
    time.sleep(chance.choice((0, 0.001, 0.003, 0.01, 0.03)))
    if chance.random() < 0.5:
        cut(line)
    else:
        line.close()


def test_handshakes_that_are_cut_leave_nothing_behind(team: Team, folder: Path) -> None:
    visitor = came_in(team)
    chance = random.Random(7)
    with a_page(visitor) as kernel:
        line = shake(visitor, kernel, "stays")
        assert stood(line)
        before = settled(team.server, folder, READY)
        for number in range(30):
            cut_soon(shake(visitor, kernel, f"cut-{number}"), chance)
        until(lambda: held(team.server, folder) == before, lambda: (before, held(team.server, folder)))
        cut(line)


def test_pages_whose_handshake_was_cut_give_their_seats_to_whoever_waits(team: Team) -> None:
    visitor, other = came_in(team), came_in(team, "佐藤")
    for _ in range(2):
        kernel = in_turn(visitor)
        for _ in range(4):
            cut(shake(visitor, kernel))
    close(other, in_turn(other))  # no seat was free


def test_a_login_whose_handshakes_were_cut_is_nobody_who_is_there(team: Team, folder: Path) -> None:
    visitor = came_in(team)
    with a_page(visitor) as kernel:
        for _ in range(4):
            cut(shake(visitor, kernel))
        # not asked for: a page without a line that asks for its kernel keeps its seat
        until(lambda: not list((folder / "tmp").glob(f"*/kernel-{kernel}.json")), lambda: "it counts for ever")
        assert visitor.ask("GET", f"api/kernels/{kernel}").status == 404


def test_a_page_whose_line_stood_after_a_cut_handshake_keeps_its_seat(team: Team) -> None:
    visitor = came_in(team)
    with a_page(visitor) as kernel:
        cut(shake(visitor, kernel, "one"))
        line = shake(visitor, kernel, "other")
        assert stood(line)
        assert not hung_up(line, 3 * PATIENCE)
        cut(line)


def test_lines_to_one_kernel_are_few_and_those_that_stand_stay(team: Team, folder: Path) -> None:
    visitor = came_in(team)
    with a_page(visitor) as kernel:
        first = [shake(visitor, kernel, f"first-{number}") for number in range(MOST)]
        assert all(map(stood, first))
        before = settled(team.server, folder, READY)
        later = [shake(visitor, kernel, f"later-{number}") for number in range(300)]
        assert all(stood(line) and hung_up(line, 10) for line in later)
        for line in later:
            line.close()
        assert not any(hung_up(line, 0.1) for line in first)
        until(lambda: held(team.server, folder) == before, lambda: (before, held(team.server, folder)))
        for line in first:
            cut(line)


def test_a_page_that_makes_its_line_anew_takes_the_place_of_its_old_one(team: Team, folder: Path) -> None:
    visitor = came_in(team)
    with a_page(visitor) as kernel:
        old = shake(visitor, kernel, "same")
        assert stood(old)
        most = settled(team.server, folder, READY).zmq
        chance = random.Random(11)
        for _ in range(10):
            new = shake(visitor, kernel, "same")
            if chance.random() < 0.5:
                cut(new)
                continue
            assert stood(new)
            assert hung_up(old, 10)
            old = new
        until(lambda: held(team.server, folder).zmq <= most, lambda: (most, held(team.server, folder)))
        cut(old)
