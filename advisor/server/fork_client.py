"""The server's side of the fork server and its forks (Linux); ``kernel/fork_server.py`` is the other side.

A process can hang without being dead: if it is stopped, or waits for ever, its sockets stay open and it says nothing.
So the server asks each process. A process hangs if it neither answers nor uses processor time for ``STILL_SECONDS``.
A slow process on a busy machine still uses processor time.

The seconds are counted in short slices that this server itself waited. If the whole machine slept, or only this server
was stopped, no slice passed. So no process is taken for hung because of that.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STILL_SECONDS = 3.0
SLICE = 0.25  # seconds
REPORT_SECONDS = 0.2  # the server sees the end of a fork a moment before the fork server reports it
END_SECONDS = 5.0
PACKET = 1 << 16
ASKED, READY = b"?", b"ready"
_COMPUTED = slice(11, 13)  # user and system time, counted after the name in /proc/PID/stat


def readable(handle: socket.socket | int, seconds: float | None) -> bool:
    """Return whether the handle can be read, or has ended, within ``seconds``; with None, wait without end.

    ``select.select`` would fail for handles from 1024 on: that is at the 68th open page. So this uses ``poll``.
    """
    looking = select.poll()
    looking.register(handle, select.POLLIN)
    return bool(looking.poll(None if seconds is None else max(0.0, seconds) * 1000))


def computed(pid: int) -> tuple[str, ...] | None:
    """Return the processor time of a process, in ticks; None if the system does not say, or the process is gone."""
    try:
        columns = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return tuple(columns[_COMPUTED])


class ForkServer:
    """The warmed process. The server asks it for forks, and gets the exit codes of forks that ended."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Start the process. Requests wait in the socket until it is warm."""
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                self.process = subprocess.Popen(  # noqa: S603  (this very Python)
                    [sys.executable, "-m", "advisor.server.kernel.fork_server", str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    env=dict(environment),
                    stdin=subprocess.DEVNULL,
                    cwd="/",
                    start_new_session=True,
                )
            except OSError:
                self.control.close()
                raise
        self.begun = time.monotonic()
        self.control.setblocking(False)  # if the fork server hangs, sending a request must not block the server
        self._codes: dict[int, int] = {}

    def fork(self, connection: Mapping[str, Any]) -> socket.socket:
        """Ask for a fork with the sockets of ``connection``; return the line to it.

        Raises:
            OSError: The process is gone or takes no more requests, or the server has no handle left.
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
        """Return the exit code of a fork that has ended; None if the fork server does not report it."""
        patience = time.monotonic() + REPORT_SECONDS
        while pid not in self._codes and self._hear(patience - time.monotonic()):
            pass
        return self._codes.pop(pid, None)

    def _hear(self, seconds: float) -> bool:
        """Read one report of an exit code; return whether one came within ``seconds``."""
        if self.control.fileno() < 0 or not readable(self.control, seconds):
            return False
        try:
            packet = self.control.recv(PACKET)
        except OSError:
            return False
        if packet:
            report = json.loads(packet)
            self._codes[report["pid"]] = report["code"]
        return bool(packet)

    def retire(self) -> None:
        """Ask for no more forks. The process ends when its last fork has ended."""
        with suppress(OSError):
            self.control.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """End the process. Call this only when its forks have ended or are not in use."""
        self.retire()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        while self._hear(0):
            pass
        self.control.close()


@dataclass
class Fork:
    """A fork without a visitor, ready or still starting. ``pid`` is 0 until the fork has sent its process id."""

    connection: dict[str, Any]
    line: socket.socket
    fork_server: ForkServer
    pid: int = 0

    async def ready(self, until: float) -> bool:
        """Ask the fork whether it can serve; return False if it is gone, or not ready at ``until``.

        ``until`` is a time of ``time.monotonic``.

        Raises:
            TimeoutError: The fork hangs, or the fork server does.
        """
        with suppress(OSError):  # the fork is gone; reading below notices it
            self.line.send(ASKED)
        while time.monotonic() < until:
            word = await self._word()
            if word == READY:
                return True
            if not word.isdigit():
                break
            self.pid = int(word)
        self.line.close()
        return False

    async def _word(self) -> bytes:
        """Return the next word of the fork; empty if it is gone.

        Raises:
            TimeoutError: The fork hangs, or the fork server does.
        """
        word = asyncio.ensure_future(asyncio.get_running_loop().sock_recv(self.line, PACKET))
        awaited = self.pid or self.fork_server.process.pid
        seen, still = computed(awaited), 0.0
        try:
            while still < STILL_SECONDS:
                await asyncio.wait([word], timeout=SLICE)
                if word.done():
                    return b"" if word.exception() else word.result()
                now = computed(awaited)
                still, seen = (still + SLICE if now == seen else 0.0), now
        finally:
            word.cancel()
        raise TimeoutError

    def end(self) -> None:
        """Kill the fork. Closing its line is not enough: a stopped process does not notice that."""
        with suppress(OSError, ValueError):
            self.pid = self.pid or int(self.line.recv(PACKET))
        # while the fork's end of the line is open, its process id cannot belong to another process
        if self.pid and self.line.fileno() >= 0 and not _ended(self.line):
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.line.close()
        for name, number in self.connection.items():
            if name.endswith("_port"):
                Path(f"{self.connection['ip']}-{number}").unlink(missing_ok=True)


def _ended(line: socket.socket) -> bool:
    try:
        return not line.recv(PACKET, socket.MSG_PEEK)
    except OSError as error:
        return not isinstance(error, BlockingIOError)


class ForkedProcess:
    """A fork that serves a visitor. It has those methods of ``subprocess.Popen`` that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, fork: Fork) -> None:
        """Take over the fork and its line. When the line closes, the fork ends.

        Raises:
            OSError: No handle is left.
        """
        self.pid, self._line, self._fork_server = fork.pid, fork.line, fork.fork_server
        self._handle = os.pidfd_open(fork.pid)
        self.returncode: int | None = None

    def begin(self, visitor: Mapping[str, Any]) -> None:
        """Send the fork its visitor: environment and folder.

        Raises:
            OSError: The fork has just died.
        """
        self._line.setblocking(True)
        self._line.send(json.dumps(visitor).encode())

    def poll(self) -> int | None:
        """Return the exit code; None while the process runs."""
        if self.returncode is None and readable(self._handle, 0):
            self._ended()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the process has ended, and return its exit code."""
        if self.returncode is None and not readable(self._handle, timeout):
            raise subprocess.TimeoutExpired("kernel", timeout or 0.0)
        return self._ended()

    def send_signal(self, number: int) -> None:
        """Send a signal to the process and to all processes that it started."""
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
            code = self._fork_server.code(self.pid)
            if code is None:  # the fork server was killed, so this fork may have become a child of the server
                with suppress(ChildProcessError):
                    pid, status = os.waitpid(self.pid, os.WNOHANG)
                    code = os.waitstatus_to_exitcode(status) if pid else None
            self.returncode = 0 if code is None else code
            os.close(self._handle)
            self._line.close()
        return self.returncode
