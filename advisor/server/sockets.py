"""Accepting connections, also while the process has no free handle."""

from __future__ import annotations

import errno
import logging
from typing import TYPE_CHECKING, Any

import tornado.httpserver
import tornado.ioloop

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterable

log = logging.getLogger(__name__)
NONE_LEFT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
REST_SECONDS = 1.0  # until connections are accepted again
AT_ONCE = 100  # connections accepted in one go; then the event loop does other work


class Door(tornado.httpserver.HTTPServer):
    """Tornado's server, but it rests while no handle is free. Tornado would try again at once, in an endless loop."""

    def add_sockets(self, sockets: Iterable[socket.socket]) -> None:
        """Begin to accept connections."""
        for listening in sockets:
            self._sockets[listening.fileno()] = listening
            self._handlers[listening.fileno()] = Taking(listening, self._handle_connection).end


class Taking:
    """Accepts connections on one socket and passes each to ``take``, until ``end`` is called."""

    def __init__(self, listening: socket.socket, take: Callable[[socket.socket, Any], None]) -> None:
        self._listening, self._take = listening, take
        self._loop = tornado.ioloop.IOLoop.current()
        self._resting: object | None = None
        self._begin()

    def end(self) -> None:
        """Accept no more connections."""
        if self._resting is None:
            self._loop.remove_handler(self._listening)
        else:
            self._loop.remove_timeout(self._resting)

    def _begin(self) -> None:
        self._resting = None
        self._loop.add_handler(self._listening, self._come_in, self._loop.READ)

    def _come_in(self, *_: object) -> None:
        for _turn in range(AT_ONCE):
            try:
                connection, address = self._listening.accept()
            except BlockingIOError:
                return
            except ConnectionAbortedError:
                continue
            except OSError as error:
                if error.errno not in NONE_LEFT:
                    raise
                log.error("no connection can be taken: %s", error.strerror)  # noqa: TRY400  (a traceback would not help)
                self._loop.remove_handler(self._listening)
                self._resting = self._loop.call_later(REST_SECONDS, self._begin)
                return
            self._take(connection, address)
