"""The pool of forks: some forks of a warmed process wait ready for visitors (Linux).

The server starts ``advisor.server.kernel.fork_server`` and asks it for forks. Each fork has its own line to the server,
a socket pair. Over it the server asks whether the fork is ready, and sends it its visitor. When the server ends, the
line closes and the fork ends.
"""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
import sys
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from logging import Logger
from pathlib import Path
from typing import Any

from advisor.content.folder import data_dir
from advisor.server.fork_client import Fork, ForkServer
from advisor.server.paths import PACKAGE

PORTS = ("shell_port", "iopub_port", "stdin_port", "hb_port", "control_port")
READY_SECONDS = 60.0  # for a fork or a kernel to be ready on a busy machine; a hung one is noticed long before
WARM_SECONDS = 20.0  # warming up takes about two
REFILL_SECONDS = 3.0  # until the next fork is made; the new page needs the processor first
RETRY_SECONDS = 60.0  # until forks are tried again after they failed
SPENT = (errno.EMFILE, errno.ENFILE)  # no handle is left; a new fork server would not help


def can_fork() -> bool:
    """Return whether kernels may be forked here. Only Linux can do that safely; ``ADVISOR_FORK=0`` forbids it."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and os.environ.get("ADVISOR_FORK") != "0"


class ForkPool:
    """Ready forks, and the process they come from."""

    def __init__(self, environment: Mapping[str, str], folder: str, size: int, log: Logger) -> None:
        """Start warming up.

        Args:
            environment: The environment of the warmed process.
            folder: The folder for the sockets of the kernels; other users cannot open it.
            size: How many forks to keep ready.
            log: Gets a warning when a fork server hangs, and when kernels cannot be forked.
        """
        self._environment, self._folder, self._size, self._log = dict(environment), folder, size, log
        self._ready: deque[Fork] = deque()
        self._retired: list[ForkServer] = []
        self._not_before = 0.0  # time.monotonic() from which forks may be tried again
        self._hung_before = False  # the last fork server hung, and no fork was ready since
        self._tried: Fork | None = None  # the fork that could_fork has asked for
        self._warm: ForkServer | None = None  # the fork server whose fork was ready
        self._stamp = stamp()
        self._fork_server: ForkServer | None = ForkServer(environment)
        self.fill()

    @property
    def processes(self) -> list[int]:
        """The process ids of the fork servers, the present one first."""
        servers = (self._fork_server, *self._retired)
        return [server.process.pid for server in servers if server is not None]

    def fill(self) -> None:
        """Ask for forks until enough are ready or on their way."""
        with suppress(OSError):  # the fork server is gone; the next take notices it
            while self._fork_server is not None and len(self._ready) < self._size:
                self._ready.append(self._fork(self._fork_server))

    async def take(self) -> Fork | None:
        """Return a fork that can serve; None if a kernel has to be started as an ordinary process.

        Raises:
            OSError: No handle is left.
        """
        self._look()
        until = time.monotonic() + READY_SECONDS
        for _ in range(self._size + 2):  # the ready forks, a new one, and one of a new fork server
            if self._fork_server is None:
                return None
            try:
                fork = self._ready.popleft() if self._ready else self._fork(self._fork_server)
            except OSError as error:
                if error.errno in SPENT:
                    raise
                self._renew()
                continue
            asyncio.get_running_loop().call_later(REFILL_SECONDS, self.fill)
            try:
                if await fork.ready(until):
                    self._hung_before, self._warm = False, fork.fork_server
                    return fork
            except TimeoutError:
                self._replace(fork)
            self._look()
        if self._fork_server is not None:
            self._give_up()
        return None

    async def could_fork(self, seconds: float) -> bool:
        """Return whether a fork is ready within ``seconds``: ask for one and end it. True while the process warms up.

        If the fork does not come in time, the next call waits for the same one. So requests never pile up at a process
        that hangs.
        """
        self._look()
        fork_server = self._fork_server
        if fork_server is None:  # each page starts its own Python
            return True
        try:
            if self._tried is None or self._tried.fork_server is not fork_server:
                self._drop_tried()
                self._tried = self._fork(fork_server)
            is_ready = await asyncio.wait_for(self._tried.ready(time.monotonic() + seconds), seconds)
        except TimeoutError:
            return self._warm is not fork_server and time.monotonic() - fork_server.begun < WARM_SECONDS
        except OSError:
            return False
        self._drop_tried()
        if is_ready:
            self._warm = fork_server
        return is_ready

    def _drop_tried(self) -> None:
        if self._tried is not None:
            self._tried.end()
            self._tried = None

    def move(self, folder: str) -> None:
        """Use another folder for the sockets of new forks. Ready forks are ended: their sockets are gone."""
        self._folder = folder
        self._drop_ready()

    def close(self) -> None:
        """End the fork servers and the forks without a visitor."""
        self._drop_tried()
        self._retire()
        for fork_server in self._retired:
            fork_server.close()

    def _fork(self, fork_server: ForkServer) -> Fork:
        ports = dict(zip(PORTS, range(1, 6), strict=True))
        names = {"transport": "ipc", "ip": str(Path(self._folder, f"fork-{secrets.token_hex(6)}"))}
        seal = {"key": secrets.token_hex(32), "signature_scheme": "hmac-sha256"}
        connection: dict[str, Any] = names | seal | ports
        return Fork(connection, fork_server.fork(connection), fork_server)

    def _look(self) -> None:
        """Start a new fork server if the present one died, or if code or data on the disk have changed since."""
        for fork_server in [server for server in self._retired if server.process.poll() is not None]:
            fork_server.close()
            self._retired.remove(fork_server)
        now = stamp()
        died = self._fork_server is not None and self._fork_server.process.poll() is not None
        again = self._fork_server is None and time.monotonic() > self._not_before
        if died or again or now != self._stamp:
            self._stamp = now
            self._renew()

    def _replace(self, hung: Fork) -> None:
        """End a hung fork, its fork server, and all ready forks: the cause may have stopped them all.

        The waiting page gets a fork of a new fork server, about two seconds later. If that hangs too, the page gets its
        own Python. Kernels that serve a page live on without the fork server.
        """
        hung.end()
        if hung.fork_server is not self._fork_server:  # another waiting page has already replaced it
            return
        hung.fork_server.process.kill()
        if self._hung_before:
            self._give_up()
        else:
            self._log.warning("What kernels are forked from did not answer, and is started anew.")
            self._hung_before = True
            self._renew()

    def _renew(self) -> None:
        """Start a new fork server. Kernels of the old one live on."""
        self._retire()
        self._fork_server = ForkServer(self._environment)

    def _retire(self) -> None:
        self._drop_ready()
        if self._fork_server is not None:
            self._fork_server.retire()
            self._retired.append(self._fork_server)
            self._fork_server = None

    def _drop_ready(self) -> None:
        while self._ready:
            self._ready.popleft().end()

    def _give_up(self) -> None:
        self._log.warning("Forking kernels does not work here; each page starts its own Python instead (slower).")
        self._not_before = time.monotonic() + RETRY_SECONDS
        self._retire()


def stamp() -> float:
    """Return a number that changes when code or data of a checkout change; always 0 for an installed package."""
    data = data_dir()
    if data.parent == PACKAGE:
        return 0.0
    return sum(_changed(part) for part in (*PACKAGE.iterdir(), data) if part.name != "__pycache__")


def _changed(path: Path) -> float:
    """Return the sum of the change times of all files in a folder, or of one file. Ours take 2 ms."""
    if not path.is_dir():
        return path.stat().st_mtime
    with os.scandir(path) as entries:
        return sum(
            _changed(Path(entry)) if entry.is_dir() else entry.stat().st_mtime
            for entry in entries
            if entry.name != "__pycache__"
        )
