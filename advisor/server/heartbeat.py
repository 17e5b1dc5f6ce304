"""The heartbeat of a kernel: the server asks about once a second whether the kernel's process still runs.

A thread in C answers for the kernel, also while Python computes, makes a PDF or waits for a database. A stopped process
does not answer. So a long computation is not taken for a hang. On a very busy machine even this thread may get no turn;
therefore a process that uses processor time does not count as stopped either.

Missed answers are counted, not seconds. If the whole machine slept, or only this server was stopped, no question was
asked and no answer was missed.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import zmq

from advisor.server.fork_client import computed

MISSED = 3  # looks without an answer until a kernel counts as stopped: about three seconds
FIRST = 20  # the same before the first answer: an ordinary Python needs time to start


class Heartbeat:
    """The heartbeat of one kernel."""

    def __init__(self, context: zmq.Context[Any], url: str, pid: int, *, beats: bool) -> None:
        """Take the address of the kernel's heartbeat; ``beats``: the kernel has answered just now."""
        # this socket is only polled; a socket of the event loop's own context would also register with the loop
        self._context = zmq.Context[zmq.Socket[bytes]].shadow(context.underlying)
        self._url, self._pid, self._patience = url, pid, MISSED if beats else FIRST
        self._socket: zmq.Socket[bytes] | None = None
        self._missed, self._seen = 0, computed(pid)

    def has_stopped(self) -> bool:
        """Read the last answer and ask again; return whether too many answers are missing."""
        try:
            if self._socket is None:
                self._ask()
            elif self._socket.poll(0):
                self._socket.recv()
                self._socket.send(b"ping", zmq.NOBLOCK)
                self._patience, self._missed = MISSED, 0
            else:
                self._missed += 1
        except zmq.ZMQError:  # no handle is left for the question
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
        """Close the socket of the heartbeat."""
        if self._socket is not None:
            with suppress(zmq.ZMQError):
                self._socket.close()
            self._socket = None
