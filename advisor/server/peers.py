"""Who on this machine is at the other end of a connection: every user may connect, and browsers of all send cookies.

A cookie of 127.0.0.1 goes to every port there: a server of another user could get hold of it, and a link that is
printed can be read over a shoulder. Linux knows whose each connection is, so neither is of use to anybody else. It
also knows whether a header comes from the proxy in front or from somebody else who sits beside it.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tornado.web import RequestHandler

_TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
_UID = 7  # the column
ROOT = 0
Address = tuple[str, int]


def user_of(handler: RequestHandler) -> int | None:
    """Return the user on this machine who sent a request; None where it came from elsewhere, or nobody can know."""
    context = handler.request.connection.context  # type: ignore[union-attr]  # of HTTP/1, always
    if not hasattr(context, "advisor_user"):  # asked once for a connection
        stream = getattr(handler.request.connection, "stream", None)
        line = getattr(stream, "socket", None)
        context.advisor_user = uid_of(line.getpeername()[:2], line.getsockname()[:2]) if line is not None else None
    found: int | None = context.advisor_user
    return found


def is_own(handler: RequestHandler) -> bool:
    """Return whether a request comes from the user who runs the server, or from no other user of this machine."""
    found = user_of(handler)
    return found is None or found in {ROOT, os.getuid()} or os.getuid() == ROOT


def uid_of(theirs: Address, ours: Address) -> int | None:
    """Return the user whose socket is bound to ``theirs`` and connected to ``ours``."""
    if sys.platform != "linux":
        return None
    wanted = {f"{_written(*theirs, family)} {_written(*ours, family)}" for family in (socket.AF_INET, socket.AF_INET6)}
    for table in _TABLES:
        try:
            lines = Path(table).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            columns = line.split()
            if f"{columns[1]} {columns[2]}" in wanted:
                return int(columns[_UID])
    return None


def _written(host: str, port: int, family: socket.AddressFamily) -> str:
    """Return an address as the kernel's tables have it; empty where it cannot be written in that family."""
    plain = host.removeprefix("::ffff:") if "." in host else host
    if family == socket.AF_INET6 and "." in plain:
        plain = f"::ffff:{plain}"
    try:
        packed = socket.inet_pton(family, plain.partition("%")[0])
    except OSError:
        return ""
    words = (packed[start : start + 4] for start in range(0, len(packed), 4))
    return "".join(f"{int.from_bytes(word, sys.byteorder):08X}" for word in words) + f":{port:04X}"
