"""Hung is not dead: what is stopped is found, ended and replaced, and a page works within ten seconds."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import zmq

from advisor.serve import pulse as pulses
from advisor.serve.pulse import FIRST, MISSED, Pulse
from tests.opened import (
    a_patient_team,
    came_in,
    close,
    descendants,
    forks_of,
    held,
    hung_up,
    in_turn,
    settled,
    shake,
    stood,
    until,
    zygote_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.team import Team

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")
PROMISED = 10.0  # seconds to a page that works
IDLE = 3  # processes: the warmed one and two that wait


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hung")


@pytest.fixture(scope="module")
def team(folder: Path) -> Iterator[Team]:
    with a_patient_team(folder) as served:
        yield served


@pytest.fixture(autouse=True)
def at_rest(team: Team, folder: Path) -> Iterator[None]:
    """Begin with forks that are ready, and end with as many processes as before: what hung is gone."""
    before = settled(team.server, folder, IDLE)
    yield
    until(lambda: held(team.server, folder).processes == IDLE, lambda: descendants(team.server.process.pid))
    after = settled(team.server, folder, IDLE)
    assert after.files <= before.files


@contextmanager
def stopped(*pids: int) -> Iterator[None]:
    """Stop processes for good; whoever is left at the end goes on, so that a failed test leaves none."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            try:
                os.kill(pid, signal.SIGCONT)
            except ProcessLookupError:
                pass


def opened_in(team: Team) -> float:
    """Open a page that works, and close it; return how long it took."""
    visitor = came_in(team)
    began = time.monotonic()
    kernel = in_turn(visitor)
    took = time.monotonic() - began
    line = shake(visitor, kernel)
    assert stood(line)
    close(visitor, kernel)
    line.close()
    return took


def test_a_stopped_zygote_is_replaced_and_no_page_waits_long(team: Team) -> None:
    zygote = zygote_of(team.server)
    with stopped(zygote, *forks_of(zygote)):
        took = [opened_in(team) for _ in range(3)]
    assert max(took) <= PROMISED, took
    until(lambda: zygote_of(team.server) != zygote, lambda: "it is still there")


def test_a_zygote_that_stops_while_forks_are_ready_costs_the_later_pages_little(team: Team) -> None:
    zygote = zygote_of(team.server)
    with stopped(zygote):
        took = [opened_in(team) for _ in range(4)]
    assert max(took) <= PROMISED, took


def test_forks_that_are_stopped_fail_no_page(team: Team) -> None:
    with stopped(*forks_of(zygote_of(team.server))):
        took = [opened_in(team) for _ in range(3)]
    assert max(took) <= PROMISED, took


def test_a_page_whose_kernel_is_stopped_is_told_and_works_again(team: Team) -> None:
    visitor = came_in(team)
    before = set(forks_of(zygote_of(team.server)))
    kernel = in_turn(visitor)
    line = shake(visitor, kernel)
    assert stood(line)
    (pid,) = before - set(forks_of(zygote_of(team.server))) or before & taken(team)
    began = time.monotonic()
    with stopped(pid):
        assert hung_up(line, PROMISED)
        assert visitor.ask("GET", f"api/kernels/{kernel}").status == 404
        again = in_turn(visitor)
        took = time.monotonic() - began
    assert took <= PROMISED
    close(visitor, again)


def taken(team: Team) -> set[int]:
    """Return the forks that serve a page: only those have the thread that ends with the server."""
    return set()
