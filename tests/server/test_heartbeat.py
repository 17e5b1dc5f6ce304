"""Hung is not dead: what is stopped is found, ended and replaced, and a page works within ten seconds."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import zmq

from advisor.server import heartbeat
from advisor.server.heartbeat import FIRST, MISSED, Heartbeat
from tests.opened import (
    Held,
    a_page,
    a_patient_team,
    ask_kernel,
    at_rest,
    came_in,
    close,
    descendants,
    fork_server_of,
    forks_of,
    hung_up,
    in_turn,
    shake,
    stood,
    until,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from pathlib import Path

    from tests.team import Team, Visitor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")
PROMISED = 10.0  # seconds to a page that works
PID = "__import__('os').getpid()"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hung")


@pytest.fixture(scope="module")
def team(folder: Path) -> Iterator[Team]:
    with a_patient_team(folder) as served:
        at_rest(served.server, folder)
        yield served


@pytest.fixture(scope="module")
def promised(team: Team, folder: Path) -> float:
    """Return the seconds to a page that works: ten, where what kernels are forked from is there in three seconds.

    A machine that tests other things meanwhile is slower, and so are its pages.
    """
    fork_server = fork_server_of(team.server)
    began = time.monotonic()
    os.kill(fork_server, signal.SIGKILL)
    opened_in(team)
    return PROMISED * max(1.0, (time.monotonic() - began) / 3)


@pytest.fixture(scope="module")
def rested(team: Team, folder: Path, promised: float) -> list[Held]:
    """Return what the server held each time when all was quiet."""
    return [at_rest(team.server, folder)]


@pytest.fixture
def quiet(team: Team, folder: Path, rested: list[Held]) -> Iterator[Team]:
    """The team, with forks that are ready; it ends with as many processes as before: what hung is gone."""
    before = rested[-1]
    yield team
    after = at_rest(team.server, folder)
    assert after.handles <= before.handles  # a connection of the test before may still have been open
    assert replace(after, handles=before.handles) == before
    rested.append(after)


@contextmanager
def stopped(*pids: int) -> Iterator[None]:
    """Stop processes for good; whoever is left at the end goes on, so that a failed test leaves none."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


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


def test_a_stopped_fork_server_is_replaced_and_no_page_waits_long(quiet: Team, promised: float) -> None:
    fork_server = fork_server_of(quiet.server)
    with stopped(fork_server, *forks_of(fork_server)):
        took = [opened_in(quiet) for _ in range(3)]
    assert max(took) <= promised, took
    until(lambda: fork_server_of(quiet.server) != fork_server, lambda: "it is still there")


def test_a_fork_server_that_stops_while_forks_are_ready_costs_little_later(quiet: Team, promised: float) -> None:
    fork_server = fork_server_of(quiet.server)
    with stopped(fork_server):
        took = [opened_in(quiet) for _ in range(4)]
    assert max(took) <= promised, took


def test_forks_that_are_stopped_fail_no_page(quiet: Team, promised: float) -> None:
    with stopped(*forks_of(fork_server_of(quiet.server))):
        took = [opened_in(quiet) for _ in range(3)]
    assert max(took) <= promised, took


def test_a_page_whose_kernel_is_stopped_is_told_and_works_again(quiet: Team, folder: Path, promised: float) -> None:
    with a_line(quiet) as (visitor, kernel, line):
        pid = int(ask_kernel(kernel, PID, folder / "tmp"))
        began = time.monotonic()
        with stopped(pid):
            assert hung_up(line, promised)
            assert visitor.ask("GET", f"api/kernels/{kernel}").status == 404
            close(visitor, in_turn(visitor))
            took = time.monotonic() - began
            assert took <= promised
            until(lambda: pid not in descendants(quiet.server.process.pid), lambda: "it is not ended")


def test_closing_a_page_whose_kernel_is_stopped_frees_its_seat(quiet: Team, folder: Path, promised: float) -> None:
    with a_line(quiet) as (visitor, kernel, _):
        pid = int(ask_kernel(kernel, PID, folder / "tmp"))
        with stopped(pid):
            close(visitor, kernel)
            until(lambda: pid not in descendants(quiet.server.process.pid), lambda: "it is not ended", promised)


def test_a_kernel_that_computes_is_not_taken_for_one_that_hangs(quiet: Team, folder: Path) -> None:
    with a_line(quiet) as (_, kernel, line):
        began = time.monotonic()
        computing = threading.Thread(target=ask_kernel, args=(kernel, "sum(range(300_000_000))", folder / "tmp"))
        computing.start()  # in one call of C, so that no other thread of Python has a turn
        assert not hung_up(line, MISSED + 2)
        computing.join()
        assert time.monotonic() - began > MISSED
        assert ask_kernel(kernel, "6 * 7", folder / "tmp") == "42"


def test_after_the_whole_machine_slept_nothing_is_taken_for_hung(quiet: Team, folder: Path) -> None:
    fork_server = fork_server_of(quiet.server)
    with a_line(quiet) as (_, kernel, line):
        ready = descendants(quiet.server.process.pid)
        with stopped(quiet.server.process.pid, *ready):  # the server wakes first
            time.sleep(MISSED + 2)
        assert not hung_up(line, MISSED + 2)
        assert ask_kernel(kernel, "6 * 7", folder / "tmp") == "42"
        assert fork_server_of(quiet.server) == fork_server


@contextmanager
def a_line(team: Team) -> Iterator[tuple[Visitor, str, socket.socket]]:
    """Open a page with a line that stands, and close it."""
    visitor = came_in(team)
    with a_page(visitor) as kernel:
        line = shake(visitor, kernel)
        assert stood(line)
        try:
            yield visitor, kernel, line
        finally:
            line.close()


# ---- the heartbeat by itself -----------------------------------------------------------------------------------------


@pytest.fixture
def heart(tmp_path: Path) -> Iterator[tuple[zmq.Context[Any], zmq.Socket[bytes], str]]:
    """A heartbeat that answers when a test says so."""
    context = zmq.Context()
    socket = context.socket(zmq.ROUTER)
    url = f"ipc://{tmp_path}/hb"
    socket.bind(url)
    yield context, socket, url
    context.destroy(linger=0)


Heart = tuple[zmq.Context[Any], "zmq.Socket[bytes]", str]


def answer(socket: zmq.Socket[bytes]) -> None:
    """Answer one question, as a kernel does."""
    assert socket.poll(30_000)
    socket.send_multipart(socket.recv_multipart())
    time.sleep(0.1)  # on its way


def test_a_heartbeat_that_misses_three_beats_has_stopped(heart: Heart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "computed", lambda _: None)  # a system that does not say
    context, socket, url = heart
    beat = Heartbeat(context, url, 1, beats=True)
    for _ in range(5):
        assert not beat.has_stopped()
        answer(socket)
    assert [beat.has_stopped() for _ in range(MISSED + 1)] == [False, *[False] * (MISSED - 1), True]
    answer(socket)  # it has woken
    assert not beat.has_stopped()
    beat.close()


def test_who_computes_has_not_stopped_and_who_starts_is_given_time(
    heart: Heart, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, _, url = heart
    ticks = iter(range(1000))
    monkeypatch.setattr(heartbeat, "computed", lambda _: (str(next(ticks)),))
    busy = Heartbeat(context, url, 1, beats=True)
    assert not any(busy.has_stopped() for _ in range(10 * MISSED))
    monkeypatch.setattr(heartbeat, "computed", lambda _: None)
    starting = Heartbeat(context, url, 1, beats=False)
    assert [starting.has_stopped() for _ in range(FIRST + 1)] == [*[False] * FIRST, True]
    busy.close()
    starting.close()
