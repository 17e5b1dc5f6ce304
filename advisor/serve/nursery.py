"""Forks of a warmed process, some of them ready before a visitor comes (Linux).

The server starts ``advisor.kernel.zygote`` and asks it for forks. Each has a line to the server of its own, a socket
pair: over it the fork says that it is ready and is given its visitor, and its end is the server's end.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from logging import Logger
from pathlib import Path
from typing import Any

from advisor.catalog import data_dir
from advisor.serve.files import PACKAGE

PORTS = ("shell_port", "iopub_port", "stdin_port", "hb_port", "control_port")
READY_SECONDS = 20.0  # for a fork to be ready; warming up takes about two
REFILL_SECONDS = 3.0  # the page is built first, and first used
RETRY_SECONDS = 60.0  # until forks are tried again after they failed
REPORT_SECONDS = 0.2  # a fork's end is seen a moment before it is reported
END_SECONDS = 5.0
PACKET = 1 << 16


def can_fork() -> bool:
    """Return whether kernels may be forked here: elsewhere processes cannot, or not safely."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and os.environ.get("ADVISOR_FORK") != "0"


class Zygote:
    """The warmed process, as the server sees it: forks are asked for, and their exit codes heard."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Start it; requests wait in the socket until it is warm."""
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603  (this very Python)
                [sys.executable, "-m", "advisor.kernel.zygote", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        self.begun = time.monotonic()
        self._codes: dict[int, int] = {}

    def fork(self, connection: Mapping[str, Any]) -> socket.socket:
        """Ask for a fork that serves ``connection``; return the line to it.

        Raises:
            OSError: the process is gone.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                socket.send_fds(self.control, [json.dumps(connection).encode()], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        ours.setblocking(False)
        return ours

    def code(self, pid: int) -> int | None:
        """Return the exit code of a fork that has ended, if it is known."""
        patience = time.monotonic() + REPORT_SECONDS
        while pid not in self._codes and self._hear(patience - time.monotonic()):
            pass
        return self._codes.pop(pid, None)

    def _hear(self, seconds: float) -> bool:
        """Take in one report; return whether there was one within ``seconds``."""
        if self.control.fileno() < 0 or not select.select([self.control], [], [], max(0.0, seconds))[0]:
            return False
        try:
            packet = self.control.recv(PACKET)
        except OSError:
            return False
        if packet:
            told = json.loads(packet)
            self._codes[told["pid"]] = told["code"]
        return bool(packet)

    def retire(self) -> None:
        """Ask for no more forks: the process goes when its last fork has gone."""
        with suppress(OSError):
            self.control.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """End the process, whose forks have ended or are not in use."""
        self.retire()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        while self._hear(0):
            pass
        self.control.close()


class ForkedProcess:
    """A fork that serves a visitor, with the part of ``subprocess.Popen`` that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, line: socket.socket, zygote: Zygote) -> None:
        """Take over the line: the fork ends when it is closed."""
        self.pid, self._line, self._zygote = pid, line, zygote
        self._handle = os.pidfd_open(pid)
        self.returncode: int | None = None

    def begin(self, visitor: Mapping[str, Any]) -> None:
        """Hand the fork its visitor: environment and folder.

        Raises:
            OSError: the fork has just died.
        """
        self._line.setblocking(True)
        self._line.send(json.dumps(visitor).encode())

    def poll(self) -> int | None:
        """Return the exit code once the process has ended."""
        if self.returncode is None and select.select([self._handle], [], [], 0)[0]:
            self._ended()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the process has ended."""
        if self.returncode is None and not select.select([self._handle], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("kernel", timeout or 0.0)
        return self._ended()

    def send_signal(self, number: int) -> None:
        """Send a signal to the process and to all that it started."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process."""
        self.send_signal(signal.SIGKILL)

    def _ended(self) -> int:
        if self.returncode is None:
            code = self._zygote.code(self.pid)
            if code is None:  # the zygote was killed before; an orphan may have become a child of the server
                with suppress(ChildProcessError):
                    pid, status = os.waitpid(self.pid, os.WNOHANG)
                    code = os.waitstatus_to_exitcode(status) if pid else None
            self.returncode = 0 if code is None else code
            os.close(self._handle)
            self._line.close()
        return self.returncode


@dataclass(frozen=True)
class Fork:
    """A fork without a visitor: ready, or on its way."""

    connection: dict[str, Any]
    line: socket.socket
    zygote: Zygote

    async def ready(self) -> int | None:
        """Wait until the fork can serve; return its process id, or None where it came to nothing."""
        try:
            loop = asyncio.get_running_loop()
            return int(await asyncio.wait_for(loop.sock_recv(self.line, PACKET), READY_SECONDS))
        except (OSError, TimeoutError, ValueError):  # the last: nothing came, the line is closed
            self.end()
            return None

    def end(self) -> None:
        """Have the fork end; it leaves its sockets to whoever asked for it."""
        self.line.close()
        for number in range(1, len(PORTS) + 1):
            Path(f"{self.connection['ip']}-{number}").unlink(missing_ok=True)


class Nursery:
    """Ready forks, and the process they come from."""

    def __init__(self, environment: Mapping[str, str], folder: str, size: int, log: Logger) -> None:
        """Start warming up.

        Args:
            environment: What the warmed process may see.
            folder: For the sockets of the kernels, closed to other users.
            size: How many forks to keep ready.
            log: Told, once, when kernels have to be started the ordinary way.
        """
        self._environment, self._folder, self._size, self._log = dict(environment), folder, size, log
        self._ready: deque[Fork] = deque()
        self._retired: list[Zygote] = []
        self._not_before = 0.0
        self._tried: Fork | None = None  # asked for by could_fork
        self._warm: Zygote | None = None  # that has been heard of
        self._stamp = stamp()
        self._zygote: Zygote | None = Zygote(environment)
        self.fill()

    @property
    def processes(self) -> list[int]:
        """The processes that forks come from, today's first."""
        return [zygote.process.pid for zygote in (self._zygote, *self._retired) if zygote is not None]

    def fill(self) -> None:
        """Ask for as many forks as should be ready."""
        with suppress(OSError):  # a zygote that is gone: the next visitor finds out
            while self._zygote is not None and len(self._ready) < self._size:
                self._ready.append(self._fork(self._zygote))

    async def take(self) -> tuple[Fork, int] | None:
        """Return a fork that can serve, with its process id; None: a kernel has to be started the ordinary way."""
        self._look()
        for _ in range(self._size + 2):  # those that were ready, a new one, and one of a new zygote
            if self._zygote is None:
                break
            try:
                fork = self._ready.popleft() if self._ready else self._fork(self._zygote)
            except OSError:
                self._renew()
                continue
            asyncio.get_running_loop().call_later(REFILL_SECONDS, self.fill)
            pid = await fork.ready()
            if pid is not None:
                self._warm = fork.zygote
                return fork, pid
            self._look()
        if self._zygote is not None:
            self._give_up()
        return None

    async def could_fork(self, seconds: float) -> bool:
        """Return whether a fork can be had: one is asked for and let go. Warming up is no fault while it may last.

        One that does not come is waited for again the next time, so that no requests pile up at a process that hangs.
        """
        self._look()
        zygote = self._zygote
        if zygote is None:  # each page starts a Python of its own
            return True
        if self._tried is None or self._tried.zygote is not zygote:
            self._drop_tried()
            try:
                self._tried = self._fork(zygote)
            except OSError:
                return False
        said = await asyncio.to_thread(_said, self._tried.line, seconds)
        if said is None:
            return self._warm is not zygote and time.monotonic() - zygote.begun < READY_SECONDS
        self._drop_tried()
        if said:
            self._warm = zygote
        return bool(said)

    def _drop_tried(self) -> None:
        if self._tried is not None:
            self._tried.end()
            self._tried = None

    def move(self, folder: str) -> None:
        """Have the sockets of every fork to come in another folder; those of the ready ones are gone."""
        self._folder = folder
        self._drop_ready()

    def close(self) -> None:
        """End the warmed process and the forks that nobody took."""
        self._drop_tried()
        self._retire()
        for zygote in self._retired:
            zygote.close()

    def _fork(self, zygote: Zygote) -> Fork:
        ports = dict(zip(PORTS, range(1, 6), strict=True))
        names = {"transport": "ipc", "ip": str(Path(self._folder, f"fork-{secrets.token_hex(6)}"))}
        seal = {"key": secrets.token_hex(32), "signature_scheme": "hmac-sha256"}
        connection: dict[str, Any] = names | seal | ports
        return Fork(connection, zygote.fork(connection), zygote)

    def _look(self) -> None:
        """See whether the zygote still lives, and whether what it has loaded is still what lies on the disk."""
        for zygote in [gone for gone in self._retired if gone.process.poll() is not None]:
            zygote.close()
            self._retired.remove(zygote)
        now = stamp()
        died = self._zygote is not None and self._zygote.process.poll() is not None
        again = self._zygote is None and time.monotonic() > self._not_before
        if died or again or now != self._stamp:
            self._stamp = now
            self._renew()

    def _renew(self) -> None:
        """Start a new zygote; kernels of the old one live on."""
        self._retire()
        self._zygote = Zygote(self._environment)

    def _retire(self) -> None:
        self._drop_ready()
        if self._zygote is not None:
            self._zygote.retire()
            self._retired.append(self._zygote)
            self._zygote = None

    def _drop_ready(self) -> None:
        while self._ready:
            self._ready.popleft().end()

    def _give_up(self) -> None:
        self._log.warning("Forking kernels does not work here; each page starts its own Python instead (slower).")
        self._not_before = time.monotonic() + RETRY_SECONDS
        self._retire()


def _said(line: socket.socket, seconds: float) -> bytes | None:
    """Return what comes over a line, nothing where its other end has gone, None where nothing comes in time."""
    line.settimeout(seconds)
    try:
        return line.recv(PACKET)
    except TimeoutError:
        return None
    except OSError:
        return b""


def stamp() -> float:
    """Return something that changes when code or data in a checkout changes; an installed package does not."""
    data = data_dir()
    if data.parent == PACKAGE:
        return 0.0
    return sum(_changed(part) for part in (*PACKAGE.iterdir(), data) if part.name not in {"serve", "__pycache__"})


def _changed(path: Path) -> float:
    """Return the sum of when the files in a folder, or one file, were last changed (2 ms for all of ours)."""
    if not path.is_dir():
        return path.stat().st_mtime
    with os.scandir(path) as entries:
        return sum(
            _changed(Path(entry)) if entry.is_dir() else entry.stat().st_mtime
            for entry in entries
            if entry.name != "__pycache__"
        )
