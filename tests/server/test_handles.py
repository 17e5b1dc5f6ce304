"""Handles: a busy server has more than a thousand; where they run out, people wait, and come in when some are free."""

from __future__ import annotations

import socket
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from advisor.server import handles
from tests.opened import (
    a_page,
    a_patient_team,
    at_rest,
    came_in,
    fork_server_of,
    held,
    in_turn,
    page,
    shake,
    stood,
    until,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.team import Team

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="handles are counted as Linux tells them")
OLD_END = 1024  # select.select looks at no handle from here on
FEW, MANY = 200, 1100
BEGINS = 256  # as a system's default may be
BEFORE = f"""
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, ({BEGINS}, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("handles")


@pytest.fixture(scope="module")
def team(folder: Path) -> Iterator[Team]:
    """A team whose server began with few handles, and allows itself what the system lets it have."""
    with a_patient_team(folder, before=BEFORE) as served:
        yield served


@contextmanager
def idle(team: Team, count: int) -> Iterator[list[socket.socket]]:
    """Hold sockets to a server that say nothing."""
    address = urlsplit(team.url)
    with ExitStack() as stack:
        place = (address.hostname or "", address.port or 0)
        yield [stack.enter_context(socket.create_connection(place)) for _ in range(count)]


@pytest.fixture(autouse=True)
def _many() -> None:
    """Let the test itself hold as many."""
    handles.allow_many()


def test_pages_open_and_work_beyond_a_thousand_handles(team: Team, folder: Path) -> None:
    visitor = came_in(team)
    with idle(team, MANY):
        until(lambda: held(team.server, folder).handles > OLD_END, lambda: held(team.server, folder))
        for _ in range(4):  # two that were ready before, and two with new handles only
            with a_page(visitor) as kernel:
                line = shake(visitor, kernel)
                assert stood(line)
                line.close()


def test_where_handles_run_out_people_wait_and_nothing_breaks(team: Team, folder: Path) -> None:
    import resource

    at_rest(team.server, folder)
    resource.prlimit(team.server.process.pid, resource.RLIMIT_NOFILE, (FEW, FEW))
    visitor = came_in(team)
    page(visitor)
    fork_server = fork_server_of(team.server)
    with idle(team, FEW - held(team.server, folder).handles - handles.OF_A_PAGE // 2):
        assert visitor.get("workbook").status == 503
    in_turn(visitor)
    with idle(team, FEW):  # more than there are: nobody can even ask
        until(lambda: held(team.server, folder).handles >= FEW - 10, lambda: held(team.server, folder))
    in_turn(visitor)
    assert fork_server_of(team.server) == fork_server


def test_a_limit_is_raised_as_far_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    limits, asked = [256, resource.RLIM_INFINITY], list[tuple[int, int]]()

    def refuse_no_limit(_: int, wanted: tuple[int, int]) -> None:
        asked.append(wanted)
        if wanted[0] == resource.RLIM_INFINITY:
            raise ValueError  # as macOS does
        limits[0] = wanted[0]

    monkeypatch.setattr(resource, "getrlimit", lambda _: tuple(limits))
    monkeypatch.setattr(resource, "setrlimit", refuse_no_limit)
    handles.allow_many()
    assert asked == [(resource.RLIM_INFINITY, resource.RLIM_INFINITY), (limits[0], resource.RLIM_INFINITY)]
    assert limits[0] >= 10 * OLD_END
    assert handles.room_for_pages() > 100


def test_where_a_system_has_no_such_limit_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    handles.allow_many()
    assert handles.room_for_pages() > 100
