"""Pages without a browser, by the thousand: HTTP, handshakes of websockets that may be cut, and what a server holds."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import struct
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from jupyter_client.blocking.client import BlockingKernelClient

from advisor.store import open_store
from tests.serving import Server, running
from tests.team import CHEAP, KERNEL, PASSWORDS, Answer, Team, Visitor, add

CLOSING = 8  # the opcode of a frame that ends a websocket
IDLE = 3  # processes of a server when no page is open: the warmed one and two that wait
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing resets
# `advisor serve` with the patience of a test: seconds after which seats are given to somebody else. Its visitors are no
# browsers, and say no last words to their kernel: it need not wait for them.
SERVE = f"""
import sys
from advisor.server import app, fork_pool, seats
from advisor.store import passwords
from advisor.cli.main import main
patience = float(sys.argv.pop(1))
seats.NEVER_CAME = seats.WENT_AWAY = patience
seats.GOODBYE = 0.3
app.END_UNUSED_SECONDS = min(app.END_UNUSED_SECONDS, patience)
fork_pool.REFILL_SECONDS = 1.0
passwords.MEMORY, passwords.TIME, passwords.LANES = {CHEAP}
main()
"""


@contextmanager
def a_patient_team(folder: Path, *options: str, patience: float = 60.0, before: str = "") -> Iterator[Team]:
    """Serve the workbook to a team below ``folder``; ``before`` is Python that runs first."""
    database, own = f"sqlite:///{folder}/team.sqlite3", folder / "tmp"
    if not own.is_symlink():  # a short path: a socket's has 107 bytes at most, and a long folder is passed over
        own.symlink_to(tempfile.mkdtemp(prefix="own-"))
    store = open_store(database)
    add(store, **PASSWORDS)
    command = [sys.executable, "-c", before + SERVE, str(patience)]
    command += ["serve", "--no-browser", "--port", "0", "--login", "team", *options]
    environment = os.environ | {"ADVISOR_DATABASE_URL": database, "ADVISOR_LANG": "en", "TMPDIR": str(own.resolve())}
    environment.pop("XDG_RUNTIME_DIR", None)
    with running(*command, log=folder / "serve.log", environment=environment) as server:
        yield Team(server, store)


def came_in(team: Team, name: str = "suzuki") -> Visitor:
    """Log in."""
    visitor = Visitor(team.url)
    visitor.log_in(name)
    return visitor


def ask_for(visitor: Visitor, path: str, **headers: str) -> socket.socket:
    """Ask on a socket of one's own, which a test may cut; nothing is read."""
    address = urlsplit(visitor.url)
    asked = socket.create_connection((address.hostname or "", address.port or 0), timeout=60)
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    sent = {"Host": address.netloc, "Cookie": cookies} | headers
    lines = [f"GET /{path} HTTP/1.1", *(f"{name.replace('_', '-')}: {value}" for name, value in sent.items()), "", ""]
    asked.sendall("\r\n".join(lines).encode())
    return asked


def shake(visitor: Visitor, kernel: str, session: str = "s") -> socket.socket:
    """Begin the handshake of the line to a kernel."""
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13"}
    upgrade |= {"Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": visitor.origin}
    return ask_for(visitor, f"api/kernels/{kernel}/channels?session_id={session}", **upgrade)


def stood(line: socket.socket) -> bool:
    """Return whether a handshake came to a line that stands."""
    answer = b""
    while b"\r\n\r\n" not in answer and (more := line.recv(1)):  # what the kernel says may follow at once
        answer += more
    return b" 101 " in answer.split(b"\r\n")[0]


def hung_up(line: socket.socket, seconds: float) -> bool:
    """Return whether the server ends a line that stood within some seconds."""
    end = time.monotonic() + seconds
    try:
        while (left := end - time.monotonic()) > 0:
            line.settimeout(left)
            head = exactly(line, 2)
            if len(head) < 2 or head[0] & 15 == CLOSING:
                return True
            size = head[1] & 127
            if size > 125:  # 126: two more bytes tell it, 127: eight
                size = int.from_bytes(exactly(line, 2 if size == 126 else 8))
            exactly(line, size)
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return False


def exactly(line: socket.socket, size: int) -> bytes:
    """Return so many bytes, fewer where the other end has hung up; a socket with a timeout gives what is there."""
    read = b""
    while len(read) < size and (more := line.recv(min(size - len(read), 65536))):
        read += more
    return read


def cut(line: socket.socket) -> None:
    """Reset a connection, as a lost network does."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    line.close()


def page(visitor: Visitor, path: str = "workbook", answer: Answer | None = None) -> str:
    """Open a page that must open; return its kernel."""
    answer = answer or visitor.get(path)
    found = KERNEL.search(answer.text)
    assert answer.status == 200, answer.status
    assert found
    assert "advisor-failed" not in answer.text
    return found[0]


def in_turn(visitor: Visitor, seconds: float = 60.0) -> str:
    """Open a page, waiting in line for it as its page does; return its kernel."""
    answer = visitor.get("workbook")
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        (ticket,) = re.findall(r'data-ticket="([^"]+)"', answer.text)
        asked = f"place?ticket={ticket}"
        until(lambda: json.loads(visitor.get(asked).text)["number"] == 0, lambda: "the line never moves", seconds)
        return page(visitor, f"workbook?place={ticket}")
    return page(visitor, answer=answer)


def close(visitor: Visitor, kernel: str) -> None:
    """Say what a page says when it is closed."""
    visitor.ask("POST", f"voila/api/shutdown/{kernel}", Origin=visitor.origin)


@contextmanager
def a_page(visitor: Visitor) -> Iterator[str]:
    """Open a page, give its kernel, and close it."""
    kernel = in_turn(visitor)
    try:
        yield kernel
    finally:
        close(visitor, kernel)


def ask_kernel(kernel: str, expression: str, folder: Path) -> str:
    """Return what a kernel makes of an expression, asked through its connection file below ``folder``."""
    (file,) = folder.glob(f"*/kernel-{kernel}.json")
    client = BlockingKernelClient(connection_file=str(file))
    client.load_connection_file()
    client.start_channels()
    try:
        asked = client.execute("", store_history=False, user_expressions={"answer": expression})
        while True:
            reply = client.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == asked:
                return str(reply["content"]["user_expressions"]["answer"]["data"]["text/plain"])
    finally:
        client.stop_channels()


# ---- what a server holds --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """What a server holds: handles, sockets of zmq (each has an event of its own), processes, temporary files.

    The database's handles are left out: SQLite keeps some for later, as many as questions were asked at once.
    """

    handles: int
    zmq: int
    processes: int
    files: int


def held(server: Server, folder: Path) -> Held:
    """Count what a server holds now."""
    pid = server.process.pid
    names = Counter[str]()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            names[str(link.readlink())] += ".sqlite3" not in link.readlink().name
    files = sum(1 for _ in (folder / "tmp").rglob("*"))
    return Held(names.total(), names["anon_inode:[eventfd]"], len(descendants(pid)), files)


def settled(server: Server, folder: Path, processes: int, seconds: float = 1.0) -> Held:
    """Count what a server holds once it has so many processes, forks that are ready among them, and all is quiet."""
    until(lambda: held(server, folder).processes == processes, lambda: (processes, held(server, folder)))
    before, since = held(server, folder), time.monotonic()
    while time.monotonic() < since + seconds:
        time.sleep(0.1)
        now = held(server, folder)
        if now != before:
            before, since = now, time.monotonic()
    return before


def at_rest(server: Server, folder: Path) -> Held:
    """Count what a server holds while no page is open, once its next two forks are ready."""
    until(lambda: not list((folder / "tmp").glob("*/kernel-*.json")), lambda: "a page is open")
    return settled(server, folder, IDLE)


def descendants(pid: int) -> list[int]:
    """Return all processes below one."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (thread / "children").read_text().split()):
                found += [child, *descendants(child)]
    return found


def until(holds: Callable[[], bool], what: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something holds; ``what`` is told where it never does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, what()
        time.sleep(0.05)


def fork_server_of(server: Server) -> int:
    """Return the warmed process of a server."""
    (found,) = (pid for pid in descendants(server.process.pid) if re.search(r"kernel\.fork_server", _command(pid)) and
                _parent(pid) == server.process.pid)  # fmt: skip
    return found


def forks_of(fork_server: int) -> list[int]:
    """Return the forks of a warmed process."""
    return descendants(fork_server)


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def _parent(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0
