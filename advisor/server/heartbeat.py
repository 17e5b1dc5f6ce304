"""Whether the process of a kernel still runs: it is asked about once a second, over its heartbeat channel.

A kernel's heartbeat is answered by a thread of its own, in C: also while Python computes, makes a PDF or waits for a
database, and never by a process that is stopped. So a long computation is not taken for a hung one, and nothing need
be known of what a kernel does. A machine so busy that the thread has no turn is told by the second witness: a process
that computes is not stopped.

What is counted are questions, not seconds. Where the whole machine slept, or only this server was stopped, none was
asked, and nobody is blamed for not having answered.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import zmq

from advisor.server.fork_client import computed

MISSED = 3  # looks without an answer: three seconds
FIRST = 20  # before the first answer: a Python of its own has to start


class Heartbeat:
    """The heartbeat of one kernel."""

    def __init__(self, context: zmq.Context[Any], url: str, pid: int, *, beats: bool) -> None:
        """Take down where the kernel listens; ``beats``: it is known to have run just now."""
        # a socket of this kind is asked, it does not call: that of an event loop's own context would do both
        self._context = zmq.Context[zmq.Socket[bytes]].shadow(context.underlying)
        self._url, self._pid, self._patience = url, pid, MISSED if beats else FIRST
        self._socket: zmq.Socket[bytes] | None = None
        self._missed, self._seen = 0, computed(pid)

    def has_stopped(self) -> bool:
        """Look for the last answer, ask again, and return whether too many have not come."""
        try:
            if self._socket is None:
                self._ask()
            elif self._socket.poll(0):
                self._socket.recv()
                self._socket.send(b"ping", zmq.NOBLOCK)
                self._patience, self._missed = MISSED, 0
            else:
                self._missed += 1
        except zmq.ZMQError:  # no handle is left to look with
            return False
        now = computed(self._pid)
        if now is not None and now != self._seen:
            self._missed = 0
        self._seen = now
        return self._missed >= self._patience

    def _ask(self) -> None:
        made = self._context.socket(zmq.REQ)
        made.linger = 0
        try:
            made.connect(self._url)
            made.send(b"ping", zmq.NOBLOCK)
        except zmq.ZMQError:
            made.close()
            raise
        self._socket = made

    def close(self) -> None:
        """Ask no more."""
        if self._socket is not None:
            with suppress(zmq.ZMQError):
                self._socket.close()
            self._socket = None
