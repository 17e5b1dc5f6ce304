"""The line between a browser and a server, for a test to cut, hold and mend: everything passes through here."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

PACKET = 1 << 16
UPGRADE = b"Upgrade: websocket\r\n"
NO_WAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing resets


@dataclass(eq=False)
class Call:
    """One connection through the line: its two ends, and whether the network has forgotten it."""

    ends: tuple[socket.socket, socket.socket]
    forgotten: bool = False


@dataclass
class Line:
    """A port of this machine that leads to another one. ``target`` may be set later, and again.

    open: everything passes, after ``delay`` · cut: connections are reset, new ones too · held: everything is swallowed,
    and nobody is told. ``websockets``: whether these pass; stripped: as an ordinary request.
    """

    target: int = 0
    state: Literal["open", "cut", "held"] = "open"
    delay: float = 0.0  # seconds that every packet takes longer
    websockets: Literal["open", "refused", "stripped", "swallowed"] = "open"
    _calls: list[Call] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _door: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0), backlog=128))

    @property
    def port(self) -> int:
        """Return the port that browsers are sent to."""
        return int(self._door.getsockname()[1])

    def cut(self) -> None:
        """Reset every connection, and each new one until the line is mended."""
        self._turn("cut")
        for call in list(self._calls):
            for end in call.ends:
                _reset(end)

    def hold(self) -> None:
        """Swallow everything, without a word to either side."""
        self._turn("held")

    def mend(self, *, forget: bool = False) -> None:
        """Let everything pass again: what was held too, unless the network has forgotten those connections."""
        for call in list(self._calls):
            call.forgotten |= forget
        self._turn("open")

    def refuse_forgotten(self) -> None:
        """Reset what the network has forgotten, as it does sooner or later."""
        for call in list(self._calls):
            if call.forgotten:
                self._calls.remove(call)
                for end in call.ends:
                    _reset(end)

    def answer(self) -> None:
        """Take calls until the line is closed."""
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._door.accept()
                threading.Thread(target=self._connect, args=(caller,), daemon=True).start()

    def close(self) -> None:
        """End everything."""
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.cut()

    def _turn(self, state: Literal["open", "cut", "held"]) -> None:
        with self._changed:
            self.state = state
            self._changed.notify_all()

    def _connect(self, caller: socket.socket) -> None:
        try:
            if not self._wait(None):
                raise ConnectionResetError
            server = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            _reset(caller)
            return
        call = Call((caller, server))
        self._calls.append(call)
        for end in call.ends:
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=self._pass, args=(call, server, caller), daemon=True).start()
        self._pass(call, caller, server)

    def _pass(self, call: Call, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while packet := source.recv(PACKET):
                if not self._wait(call):
                    return  # swallowed; both ends stay open and hear nothing more
                time.sleep(self.delay)
                if self.websockets != "open" and UPGRADE in packet:
                    packet = packet.replace(UPGRADE, b"")
                    if self.websockets == "refused":
                        source.sendall(NO_WAY)
                    if self.websockets != "stripped":
                        continue
                sink.sendall(packet)
        if not self._wait(call):
            return
        for end in call.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        with contextlib.suppress(ValueError):
            self._calls.remove(call)

    def _wait(self, call: Call | None) -> bool:
        """Wait while the line is held; return whether this call still passes."""
        with self._changed:
            self._changed.wait_for(lambda: self.state != "held")
        return self.state == "open" and not (call and call.forgotten)


def _reset(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        end.shutdown(socket.SHUT_RDWR)  # wakes whoever reads
        end.close()


@contextmanager
def a_line(target: int = 0) -> Iterator[Line]:
    """Return a line that is open."""
    line = Line(target)
    threading.Thread(target=line.answer, daemon=True).start()
    try:
        yield line
    finally:
        line.close()
