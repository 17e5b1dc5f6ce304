"""The fork server: the warmed process that forks kernels. ``python -m advisor.server.kernel.fork_server FD``.

On the socket FD the server asks for forks. A request is one packet: the kernel's connection, and one end of a socket
pair, the line between the server and that fork. When a fork has ended, the fork server reports its exit code. The
process is single-threaded and runs no cell. It ends when the server ends, because then the socket closes.

Over its line, a fork first sends its process id. It answers each question that it is ready. Then it waits for its
visitor: environment and folder. When the line closes, the server is gone and the fork ends.
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
ASKED, READY = b"?", b"ready"  # the same words as in advisor.server.fork_client


def main() -> None:
    """Warm up, then fork at each request of the server."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C ends the server, and the server ends this process
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # threads of numpy would not survive a fork
    control = socket.socket(fileno=int(sys.argv[1]))
    app = PageKernelApp.instance()
    app.prepare([])
    preload.warm()
    serve(control, app)


def serve(control: socket.socket, app: PageKernelApp) -> None:
    """Fork at every request and report the end of every fork, until no request can come and the last fork has ended."""
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
    """Return the next request and its line; no line if the server sends no more requests."""
    try:
        request, lines, _, _ = socket.recv_fds(control, PACKET, 1)
    except OSError:  # the server was killed
        return b"", None
    return request, socket.socket(fileno=lines[0]) if lines else None


def report(control: socket.socket, pid: int, code: int) -> None:
    """Tell the server the exit code of a fork, if the server still listens."""
    with suppress(OSError):
        control.send(json.dumps({"pid": pid, "code": code}).encode())


def become(app: PageKernelApp, connection: dict[str, Any], line: socket.socket) -> NoReturn:
    """Turn a fork into a kernel: set up all that needs no visitor, wait for a visitor, serve, and end the process."""
    code = 1
    try:
        os.setsid()  # a group of its own: a signal then reaches the kernel and all it started, and nothing else
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
    except BaseException:  # noqa: BLE001  (a fork must never return into the loop of the fork server)
        sys.excepthook(*sys.exc_info())
    finally:
        app.cleanup_ipc_files()
        atexit._run_exitfuncs()  # noqa: SLF001  (like the end of any Python, but without the slow cleanup of modules)
        os._exit(code)


def settle_in(visitor: dict[str, Any]) -> None:
    """Take the environment and the folder of a visitor. No variable from before stays."""
    os.environ.clear()
    os.environ.update(visitor["env"])
    if visitor["cwd"]:
        os.chdir(visitor["cwd"])


def say(line: socket.socket, word: bytes) -> None:
    """Send a word to the server. If the server is gone, the next ``heard`` notices it."""
    with suppress(OSError):
        line.send(word)


def heard(line: socket.socket) -> bytes:
    """Return the next word of the server; empty if the server is gone or has closed the line."""
    try:
        return line.recv(PACKET)
    except OSError:
        return b""


def end_with_the_server(line: socket.socket) -> None:
    """Wait until the server is gone, then end at once. Every answer that is shown as saved is in the store."""
    heard(line)
    os._exit(0)


if __name__ == "__main__":
    main()
