"""A Python that has imported what a server needs, and is forked for each server that a test starts (Linux).

These imports take longer than all else that a server does in most tests. Our own modules are not among them: each fork
imports them anew, with its own environment. ``python -m tests.starter FD`` is the process; on the socket FD it is
asked for forks. Each fork has a line of its own, on which its process id comes, and its exit code when it has ended.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

WARM = (
    *("alembic.command", "argon2", "babel", "click", "cryptography.hazmat.primitives.ciphers.aead", "jinja2"),
    *("jupyter_server.serverapp", "nbclient", "nbconvert", "numpy", "platformdirs", "pydantic", "sqlalchemy"),
    *("sqlalchemy.dialects.sqlite", "tornado.web", "voila.app", "voila.handler", "yaml", "zmq", "zxcvbn"),
)
PACKET = 1 << 20  # more than any environment


@dataclass
class Started:
    """A forked process, as far as tests use those of ``subprocess``."""

    pid: int
    line: socket.socket
    stdout: IO[str]
    returncode: int | None = field(default=None, init=False)

    def poll(self) -> int | None:
        """Return the exit code; None while the process runs."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the process has ended, and return its exit code.

        Raises:
            TimeoutExpired: It runs still.
        """
        if self.returncode is None:
            with selectors.DefaultSelector() as waiting:
                waiting.register(self.line, selectors.EVENT_READ)
                if not waiting.select(timeout):
                    raise subprocess.TimeoutExpired("a fork", timeout or 0)
            self.returncode = int(self.line.recv(PACKET) or -signal.SIGKILL)  # nothing: the starter itself was killed
            self.line.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to the process, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Tell the process to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process at once."""
        self.send_signal(signal.SIGKILL)


class Starter:
    """The warmed process, and how to ask it."""

    def __init__(self, root: Path) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = (sys.executable, "-m", "tests.starter", str(theirs.fileno()))
            self._process = subprocess.Popen(
                command,
                cwd=root,
                pass_fds=[theirs.fileno()],
                env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # threads of numpy would not survive a fork
            )

    def start(self, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str], errors: IO[str]) -> Started:
        """Start ``python ARGUMENTS``, that is ``-m MODULE`` or ``-c CODE`` and what follows."""
        reading, writing = os.pipe()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        asked = json.dumps([list(arguments), str(cwd), dict(environment)]).encode()
        socket.send_fds(self._control, [asked], [writing, errors.fileno(), theirs.fileno()])
        os.close(writing)
        theirs.close()
        return Started(int(ours.recv(PACKET)), ours, os.fdopen(reading, encoding="utf-8"))

    def close(self) -> None:
        """End the warmed process. Forks that still run are none of its business."""
        self._control.close()
        self._process.wait(60)


def can_fork() -> bool:
    """Return whether a warmed process can be asked for forks here."""
    return sys.platform == "linux"


# ---- the process itself ---------------------------------------------------------------------------------------------


def main() -> None:
    """Import, then fork at each request. In the fork this returns, and Python goes on and ends as it always does."""
    control = socket.socket(fileno=int(sys.argv[1]))
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # as in advisor.server
    for name in WARM:
        importlib.import_module(name)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the forks
    job = next_job(control)
    if job is not None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # a run in the background may ignore it
        become(*job)


def next_job(control: socket.socket) -> tuple[list[str], str, dict[str, str]] | None:
    """Fork at each request and tell of each end; return what to run, in a fork, or None when no request can come."""
    running: dict[int, tuple[int, socket.socket]] = {}  # by pidfd: the process id, and its line
    waiting = selectors.DefaultSelector()
    waiting.register(control, selectors.EVENT_READ)
    while True:
        for key, _ in waiting.select():
            if key.fileobj is not control:
                pid, line = running.pop(key.fd)
                waiting.unregister(key.fd)
                os.close(key.fd)
                with line, suppress(OSError):  # nobody may want to know any more
                    line.send(str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())
                continue
            asked, handles, _, _ = socket.recv_fds(control, PACKET, 3)
            if not handles:
                return None
            output, errors, told = handles
            line = socket.socket(fileno=told)
            pid = os.fork()
            if pid == 0:
                waiting.close()
                for one in (control, line, *(other for _, other in running.values())):
                    one.close()
                for other in running:
                    os.close(other)
                for number, handle in ((1, output), (2, errors)):
                    os.dup2(handle, number)
                    os.close(handle)
                job: Any = json.loads(asked)
                return (job[0], job[1], job[2])
            os.close(output)
            os.close(errors)
            line.send(str(pid).encode())
            pidfd = os.pidfd_open(pid)
            running[pidfd] = (pid, line)
            waiting.register(pidfd, selectors.EVENT_READ)


def become(arguments: list[str], cwd: str, environment: dict[str, str]) -> None:
    """Be ``python ARGUMENTS`` in this folder and with this environment."""
    (kind, what), more = arguments[:2], arguments[2:]
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None
    sys.path[0] = cwd if kind == "-m" else ""
    sys.stdout = open(1, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115  (it stays open)
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115  (as above)
    sys.argv = [kind, *more]
    if kind == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102  (as python -c does)


if __name__ == "__main__":
    main()
