"""On a machine with several users, each connection has one: neither a cookie nor a link is of use to another."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from advisor.server import identity, peers
from advisor.server.identity import Alone, Proxy
from advisor.server.options import Options, problem

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux knows whose a connection is")
NOBODY = 65534
CONNECT = "exec 3<>/dev/tcp/$0/$1 && read -r -n 1 -u 3"  # for bash, which everybody may run


def user_behind(host: str, family: socket.AddressFamily, **how: Any) -> int | None:
    """Return whom the server sees behind a connection of another process."""
    with socket.socket(family) as listening:
        listening.bind((host, 0))
        listening.listen()
        where = listening.getsockname()[:2]
        process = subprocess.Popen(["bash", "-c", CONNECT, where[0], str(where[1])], **how)
        line, _ = listening.accept()
        with line:
            found = peers.uid_of(line.getpeername()[:2], line.getsockname()[:2])
        process.wait(20)
    return found


@pytest.mark.parametrize(("host", "family"), [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)])
def test_a_connection_has_its_user(host: str, family: socket.AddressFamily) -> None:
    try:
        socket.create_server((host, 0), family=family).close()
    except OSError:
        pytest.skip(f"no {host} here")
    assert user_behind(host, family) == os.getuid()


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can be somebody else")
def test_another_user_is_seen_as_another_user() -> None:
    assert user_behind("127.0.0.1", socket.AF_INET, user=NOBODY) == NOBODY


def test_what_comes_from_elsewhere_has_no_user_here() -> None:
    assert peers.uid_of(("192.0.2.1", 4711), ("192.0.2.2", 80)) is None
    assert peers.uid_of(("no address", 1), ("", 2)) is None


class Request:
    """A handler as far as identities look at it; ``user``: who sits at the other end."""

    def __init__(self, user: int | None, **headers: str) -> None:
        context = type("Context", (), {"advisor_user": user})()
        connection = type("Connection", (), {"context": context})()
        told = type("Headers", (), {"get_list": lambda _, name: [headers[name]] if name in headers else []})()
        self.request = type("Told", (), {"connection": connection, "headers": told, "remote_ip": "127.0.0.1"})()
        self.application = type("Application", (), {"settings": {"port": 1}})()

    def get_signed_cookie(self, *_: object, **__: object) -> bytes:
        """Return the cookie that lets in."""
        return b"alone"


@pytest.fixture
def me(monkeypatch: pytest.MonkeyPatch) -> int:
    """Be an ordinary user."""
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    return 1000


def test_a_cookie_that_another_users_server_got_hold_of_lets_nobody_in(me: int) -> None:
    alone = Alone()
    alone.options = Options()
    for user, comes_in in ((me, True), (peers.ROOT, True), (None, True), (1001, False)):
        seen: Any = Request(user)
        assert (alone.get_user(seen) is not None) is comes_in


def test_the_header_of_the_proxy_counts_from_the_user_it_runs_as(
    me: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, asked: Callable[[Any], Any]
) -> None:
    monkeypatch.setattr(identity, "uid", lambda name: {"www-data": 33}[name])
    proxy = Proxy()
    proxy.options = Options("proxy", proxy_header="X-User", proxy_from=("127.0.0.1",), proxy_user=("www-data",))
    for user, comes_in in ((33, True), (me, True), (None, True), (1001, False)):
        seen: Any = Request(user, **{"X-User": "sato"})
        assert (asked(proxy.get_user(seen)) is not None) is comes_in
    assert "user 1001" in caplog.text
    assert "sato" not in caplog.text


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], Any]:
    """Let the store know everybody."""
    from tests.waits import done

    async def known(*_: object) -> Any:
        return type("Adviser", (), {"id": "one"})()

    monkeypatch.setattr(identity, "asked", known)
    monkeypatch.setattr(Proxy, "store", None, raising=False)
    return done


def test_a_user_that_the_machine_does_not_have_is_refused_at_the_start() -> None:
    proxy = {"proxy_header": "X-User", "proxy_from": ("127.0.0.1",)}
    assert problem(Options("proxy", proxy_user=("root",), **proxy)) == ""  # type: ignore[arg-type]
    assert problem(Options("proxy", proxy_user=("nobody there",), **proxy)) == "serve_bad_user"  # type: ignore[arg-type]
