"""The warmed process that kernels are forked from: ``python -m advisor.server.kernel.fork_server FD``.

On the socket FD the server asks for forks: one packet with a kernel's connection, together with the end of a socket
pair that becomes the line between the server and that kernel. It is answered when a fork has ended, with its exit
code. The process is single-threaded, runs no cell, and ends with the server, because the socket does.

Over its line a fork says its process id at once, and that it is ready whenever it is asked and could serve. Then it
waits until it is taken, with the environment and folder of its visitor. When the line closes, the server is gone, and
the fork ends.
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import signal
import socket
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from advisor.server.kernel import preload
from advisor.server.kernel.process import PageKernelApp

if TYPE_CHECKING:
    from typing import NoReturn

PACKET = 1 << 20  # more than any environment
ASKED, READY = b"?", b"ready"  # as advisor.server.fork_client has them


def main() -> None:
    """Warm up, then fork whenever the server asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy's threads would not survive a fork
    control = socket.socket(fileno=int(sys.argv[1]))
    app = PageKernelApp.instance()
    app.prepare([])
    preload.warm()
    serve(control, app)


def serve(control: socket.socket, app: PageKernelApp) -> None:
    """Fork at every request and report every end, until the server asks no more and the last fork has ended."""
    waiting = selectors.DefaultSelector()
    waiting.register(control, selectors.EVENT_READ)
    while waiting.get_map():
        for key, _ in waiting.select():
            if key.data is None:
                request, line = asked(control)
                if line is None:
                    waiting.unregister(control)
                    continue
                pid = os.fork()
                if pid == 0:
                    waiting.close()
                    control.close()
                    become(app, json.loads(request), line)
                line.close()
                waiting.register(os.pidfd_open(pid), selectors.EVENT_READ, pid)
            else:
                waiting.unregister(key.fileobj)
                os.close(key.fd)
                _, status = os.waitpid(key.data, 0)
                report(control, key.data, os.waitstatus_to_exitcode(status))


def asked(control: socket.socket) -> tuple[bytes, socket.socket | None]:
    """Return the next request and the line that came with it; no line when the server asks no more."""
    try:
        request, lines, _, _ = socket.recv_fds(control, PACKET, 1)
    except OSError:  # the server was killed
        return b"", None
    return request, socket.socket(fileno=lines[0]) if lines else None


def report(control: socket.socket, pid: int, code: int) -> None:
    """Tell the server how a fork ended, if it still listens."""
    with suppress(OSError):
        control.send(json.dumps({"pid": pid, "code": code}).encode())


def become(app: PageKernelApp, connection: dict[str, Any], line: socket.socket) -> NoReturn:
    """Be a kernel: set up everything that belongs to no visitor yet, wait for one, serve, end."""
    code = 1
    try:
        os.setsid()  # a group of its own, so that signals reach what a kernel started and nobody else
        say(line, str(os.getpid()).encode())
        preload.reseed()
        app.open(connection)
        visitor = heard(line)
        while visitor == ASKED:
            say(line, READY)
            visitor = heard(line)
        if visitor:
            settle_in(json.loads(visitor))
            threading.Thread(target=end_with_the_server, args=(line,), daemon=True).start()
            app.start()
            code = 0
    except BaseException:  # noqa: BLE001  (nothing may return into the code that forks)
        sys.excepthook(*sys.exc_info())
    finally:
        app.cleanup_ipc_files()
        atexit._run_exitfuncs()  # noqa: SLF001  (as at the end of any Python, but without taking all modules apart)
        os._exit(code)


def settle_in(visitor: dict[str, Any]) -> None:
    """Take on the environment and the folder of a visitor: exactly these."""
    os.environ.clear()
    os.environ.update(visitor["env"])
    if visitor["cwd"]:
        os.chdir(visitor["cwd"])


def say(line: socket.socket, word: bytes) -> None:
    """Say something to the server; where nobody listens any more, whoever hears next finds out."""
    with suppress(OSError):
        line.send(word)


def heard(line: socket.socket) -> bytes:
    """Return what the server says next; nothing when it is gone or has closed the line."""
    try:
        return line.recv(PACKET)
    except OSError:
        return b""


def end_with_the_server(line: socket.socket) -> None:
    """Wait until the server is gone, then end at once: every answer that was called saved is in the store."""
    heard(line)
    os._exit(0)


if __name__ == "__main__":
    main()
