"""A server at its edges: the store away, no handle left, a fork server that hangs, requests that no page sends."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from advisor.store import advisers
from tests.browsing import a_browser
from tests.serving import ARTEFACTS
from tests.team import HOLDS, PASSWORDS, Team, Visitor, a_team, add, elsewhere
from tests.waits import done, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into Linux's /proc")
CANARY = "カナリアの秘密"


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A served team; the third adviser's tries are used up by a test."""
    with a_team(tmp_path_factory.mktemp("edges")) as served:
        add(served.store, tanaka="quiet lamps above the harbour")
        yield served


@pytest.fixture
def visitor(team: Team) -> Visitor:
    """Somebody who has logged in."""
    known = Visitor(team.url)
    assert known.log_in("suzuki").status == 303
    return known


def log_of(team: Team) -> str:
    return team.server.log.read_text(encoding="utf-8")


# --- the store is away ---


@contextmanager
def away(team: Team) -> Iterator[None]:
    """Let the database's file be nothing that a database can be read from."""
    file = team.store.file
    assert file
    kept = file.with_name("kept")
    file.rename(kept)
    file.mkdir()
    try:
        yield
    finally:
        file.rmdir()
        kept.replace(file)


def test_while_the_store_is_away_a_page_of_ours_says_so_and_healthz_too(team: Team, visitor: Visitor) -> None:
    with away(team):
        for path in ("", "workbook?s=abc", "account", "login"):
            told = visitor.get(path)
            assert told.status == 503
            assert int(told.headers["Retry-After"]) > 0
            assert told.headers["Cache-Control"] == "no-store"
            assert "保存先につながりません" in told.text
            assert "cannot be reached" in told.text
            assert "sqlite" not in told.text.lower()
        assert visitor.ask("POST", "logout", Origin=visitor.origin).status == 503
        until(lambda: visitor.get("healthz").text == "store\n")
    assert visitor.get("account").status == 200
    until(lambda: visitor.get("healthz").text == "ok\n", 90)


def test_the_page_comes_by_itself_when_the_store_is_back(
    team: Team, visitor: Visitor, browser: Browser, axe_violations: Callable[[Page], list[str]]
) -> None:
    with a_browser(browser) as context:
        context.add_cookies(
            [{"name": name, "value": value, "url": team.url} for name, value in visitor.cookies.items()]
        )
        page = context.new_page()
        with away(team):
            answer = page.goto(f"{team.url}account")
            assert answer is not None
            assert answer.status == 503
            assert axe_violations(page) == []
            for width in (1280, 820, 390):
                page.set_viewport_size({"width": width, "height": 800})
                page.screenshot(path=ARTEFACTS / "screens" / f"away-{width}.png", full_page=True)
        expect(page.get_by_label("今のパスワード")).to_be_visible(timeout=60_000)


# --- what no page asks ---

PARAMETERS = (
    "next",
    "key",
    "place",
    "ticket",
    "s",
    "go",
    "session_id",
    "template",
    "theme",
    "token",
    "no_track_activity",
)
CROOKED = (
    "%0d%0aSet-Cookie:%20x=1",
    "%00",
    "%ff%fe",
    "%ed%a0%80",
    "%2e%2e%2f" * 99,
    "{{7*7}}",
    quote(CANARY),
    "%0a/",
    "/%0b",
)


def test_no_parameter_of_any_route_makes_the_server_fail(team: Team, visitor: Visitor) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    routes = ["healthz", "place", "login", "account", "logout", f"api/kernels/{nobody}", f"voila/api/shutdown/{nobody}"]
    routes += [f"api/kernels/{nobody}/channels", "advisor/static/x.js", "voila/templates/advisor/static/x", "nothing"]
    failed = []
    for route in routes:
        for crooked in CROOKED:
            query = "&".join(f"{name}={crooked}" for name in PARAMETERS)
            for who in (visitor, Visitor(team.url)):
                told = who.get(f"{route}?{query}")
                if told.status >= 500 or "x=1" in str(told.headers.get_all("Set-Cookie")):
                    failed.append((route, crooked, told.status))
    assert failed == []


@pytest.mark.parametrize("crooked", CROOKED)
def test_no_parameter_of_a_page_makes_it_fail(visitor: Visitor, crooked: str) -> None:
    for route, name in (("", "place"), ("workbook", "s"), ("workbook", "go")):
        told = visitor.get(f"{route}?{name}={crooked}")
        assert told.status in {200, 400}
        assert "advisor-failed" not in told.text
        for kernel in re.findall(r'data-kernel="([0-9a-f-]+)"', told.text):
            visitor.ask("POST", f"voila/api/shutdown/{kernel}", Origin=visitor.origin)


@pytest.mark.parametrize("crooked", ["/%0d%0aX-Told:%20yes", "/work%0abook", "/%0b", "/%e2%80%a8"])
def test_a_line_break_in_where_to_go_next_leads_to_the_front_page(visitor: Visitor, crooked: str) -> None:
    told = visitor.get(f"login?next={crooked}")
    assert (told.status, told.place) == (302, "/")


async def sent(visitor: Visitor, kernel: str, messages: list[str]) -> None:
    """Send messages over the line to a kernel."""
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in visitor.cookies.items()),
        "Origin": visitor.origin,
    }
    line = await websocket_connect(
        HTTPRequest(f"ws://{urlsplit(visitor.url).netloc}/api/kernels/{kernel}/channels?session_id=s", headers=headers)
    )
    for one in messages:
        await line.write_message(one)
    await asyncio.sleep(0)
    line.close()


def test_what_is_refused_stands_in_the_log_without_a_word_of_anybody_and_not_for_ever(
    team: Team, visitor: Visitor
) -> None:
    kernel = visitor.open_page()
    other = Visitor(team.url)
    other.log_in("佐藤")
    assert other.ask("GET", f"api/kernels/{kernel}").status == 404
    assert other.ask("GET", "workbook", Host="evil.example").status == 403
    assert other.ask("POST", f"voila/api/shutdown/{kernel}", Origin="https://evil.example").status == 403
    header = {"msg_id": "1", "msg_type": CANARY, "username": CANARY, "session": "s", "version": "5.3"}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": {"code": CANARY}, "channel": "shell"}
    done(sent(visitor, kernel, [json.dumps(message), json.dumps({**message, "channel": CANARY})]))
    told_before, since = log_of(team).count("403 by KernelSocketHandler"), time.monotonic()
    for _ in range(100):
        other.connect(f"api/kernels/{kernel}/channels", Origin="https://evil.example")
    told = (
        "refused: the kernel of somebody else",
        "refused: a request for another host",
        "refused: 403 by ShutdownHandler to POST",
        "refused: 403 by KernelSocketHandler to GET",
        "Received message of type",
        "No such channel",
    )
    until(lambda: all(one in log_of(team) for one in told))
    written = log_of(team)
    minutes = (time.monotonic() - since) // 60 + 1
    assert written.count("403 by KernelSocketHandler") - told_before <= 11 * minutes
    for secret in (CANARY, kernel, "suzuki", "佐藤", "evil.example"):
        assert secret not in written


@linux
def test_what_a_page_may_not_send_to_its_kernel_stands_in_the_log(team: Team, visitor: Visitor) -> None:
    kernel = visitor.open_page()
    comm = re.compile(r'"model_id": ?"([0-9a-f]+)"').search(visitor.get("workbook").text)
    assert comm  # of another page: the kernel has no such widget, but its own are asked for below
    header = {"msg_id": "1", "msg_type": "comm_msg", "username": "", "session": "s", "version": "5.3"}
    asked = {"method": "request_states"}
    opening: dict[str, object] = {
        "comm_id": "ours",
        "target_name": "jupyter.widget.control",
        "data": {},
        "target_module": None,
    }

    async def ask() -> None:
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        line = await websocket_connect(
            HTTPRequest(
                f"ws://{urlsplit(visitor.url).netloc}/api/kernels/{kernel}/channels?session_id=s",
                headers={"Cookie": cookies, "Origin": visitor.origin},
            )
        )

        async def tell(kind: str, content: object) -> None:
            told = {"header": header | {"msg_type": kind}, "parent_header": {}, "metadata": {}, "channel": "shell"}
            await line.write_message(json.dumps(told | {"content": content}))

        metadata = {"version": "1.0.0"}
        told = {"header": header | {"msg_type": "comm_open"}, "parent_header": {}, "metadata": metadata}
        await line.write_message(json.dumps(told | {"channel": "shell", "content": opening}))
        await tell("comm_msg", {"comm_id": "ours", "data": asked})
        lifelines: list[str] = []
        while not lifelines:
            heard = await asyncio.wait_for(line.read_message(), 30)
            if isinstance(heard, bytes):
                heard = heard.decode("utf-8", errors="replace")
            lifelines = re.findall(r'"([0-9a-f]{32})": ?\{"model_name": ?"AnyModel"', heard or "")
        for model in lifelines:
            await tell("comm_msg", {"comm_id": model, "data": {"method": "custom", "content": {"event": CANARY}}})
            action = {"event": "action", "name": CANARY, "id": CANARY}
            await tell("comm_msg", {"comm_id": model, "data": {"method": "custom", "content": action}})
            state = {"method": "update", "state": {"html": CANARY}, "buffer_paths": []}
            await tell("comm_msg", {"comm_id": model, "data": state})
        until(lambda: "refused: a change of a widget's state" in log_of(team))
        line.close()

    done(ask())
    written = log_of(team)
    assert "refused: a message that no widget sends" in written
    assert "refused: an event that asks for the impossible" in written
    assert CANARY not in written


# --- no handle is free ---


@linux
def test_without_a_free_handle_the_log_stays_short_and_afterwards_all_is_well(team: Team) -> None:
    import resource

    guest, pid, told = Visitor(team.url), team.server.process.pid, len(log_of(team))
    until(lambda: guest.get("healthz").text == "ok\n", 90)
    most = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    open_now = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (open_now + 10, most[1]))
    place = urlsplit(team.url)
    idle = [socket.create_connection((place.hostname or "", place.port or 0)) for _ in range(60)]
    until(lambda: "no connection can be taken" in log_of(team)[told:])
    time.sleep(3)
    assert len(log_of(team)) - told < 20_000
    resource.prlimit(pid, resource.RLIMIT_NOFILE, most)
    for one in idle:
        one.close()
    assert guest.get("login").status == 200
    until(lambda: guest.get("healthz").text == "ok\n", 90)


# --- what healthz looks at ---


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


@linux
def test_healthz_takes_a_fork_and_says_so_in_time_when_none_can_be_had(team: Team, visitor: Visitor) -> None:
    visitor.open_page()
    (fork_server,) = [
        pid for pid in children(team.server.process.pid) if b"fork_server" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    forks = len(children(fork_server))
    until(lambda: visitor.get("healthz").text == "ok\n", 90)
    with ThreadPoolExecutor(20) as crowd:
        assert {one.text for one in crowd.map(lambda _: Visitor(team.url).get("healthz"), range(200))} == {"ok\n"}
    until(lambda: len(children(fork_server)) <= forks + 1)  # two hundred askers took no more than one
    os.kill(fork_server, signal.SIGSTOP)
    try:
        time.sleep(HOLDS)
        begun = time.monotonic()
        told = visitor.get("healthz")
        assert (told.status, told.text) == (503, "kernels\n")
        assert time.monotonic() - begun < 15
    finally:
        os.kill(fork_server, signal.SIGCONT)
    until(lambda: visitor.get("healthz").text == "ok\n", 90)


# --- many at the login ---


def test_a_whole_office_behind_one_address_comes_in_at_the_same_moment(team: Team) -> None:
    with ThreadPoolExecutor(25) as office:
        came = list(office.map(lambda number: Visitor(team.url).log_in(list(PASSWORDS)[number % 2]).status, range(25)))
    assert came == [303] * 25


def test_however_a_name_is_written_it_has_five_tries(team: Team) -> None:
    written = ("tanaka", "ｔａｎａｋａ", "TANAKA", " Ｔanaka ", "ⓣⓐⓝⓐⓚⓐ", "tanaka", "ＴＡＮＡＫＡ")
    came = [Visitor(team.url).log_in(name, "wrong wrong wrong").status for name in written]
    assert came == [403] * 5 + [429] * 2


def test_wrong_logins_at_once_keep_no_open_page_waiting(team: Team, visitor: Visitor) -> None:
    """Their passwords cost what they cost people. The last: for a minute nobody comes in from where these come."""
    for number in range(5):
        advisers.add(team.store, f"mori {number}", "a tall blue ladder")
    with ThreadPoolExecutor(24) as crowd:
        guessing = [Visitor(team.url, place=elsewhere(2)) for _ in range(24)]
        tries = [
            crowd.submit(one.log_in, f"mori {number % 5}", "wrong wrong wrong") for number, one in enumerate(guessing)
        ]
        begun = time.monotonic()
        assert visitor.get("account").status == 200
        took = time.monotonic() - begun
        assert {one.result().status for one in tries} <= {403, 429}
    assert took < max(3, (time.monotonic() - begun) / 3)  # where the machine is busy, they take long, too
