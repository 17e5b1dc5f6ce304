"""The user at the other end of a connection from this machine (Linux).

Every user of the machine can connect to 127.0.0.1, and browsers send a cookie of 127.0.0.1 to every port there. So a
server of another user can get our cookie, and another person can read the printed link over a shoulder. Linux knows the
user of each connection, so neither helps them: the server refuses other users. It also tells whether a header comes
from the proxy or from another user of the proxy's machine.
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
_UID = 7  # the column of the user in these tables
ROOT = 0
Address = tuple[str, int]


def user_of(handler: RequestHandler) -> int | None:
    """Return the user of this machine who sent a request; None if it came from elsewhere or the system does not say."""
    context = handler.request.connection.context  # type: ignore[union-attr]  # HTTP/1 always has one
    if not hasattr(context, "advisor_user"):  # looked up once for each connection
        stream = getattr(handler.request.connection, "stream", None)
        line = getattr(stream, "socket", None)
        context.advisor_user = uid_of(line.getpeername()[:2], line.getsockname()[:2]) if line is not None else None
    user: int | None = context.advisor_user
    return user


def is_own(handler: RequestHandler) -> bool:
    """Return whether a request comes from the server's own user, from root, or from another machine.

    A server that runs as root takes requests of all users.
    """
    user = user_of(handler)
    return user is None or user in {ROOT, os.getuid()} or os.getuid() == ROOT


def uid_of(theirs: Address, ours: Address) -> int | None:
    """Return the user whose socket is bound to ``theirs`` and connected to ``ours``; None if it is not found."""
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
    """Return an address as Linux writes it in its tables; empty if the family has no such address."""
    plain = host.removeprefix("::ffff:") if "." in host else host
    if family == socket.AF_INET6 and "." in plain:
        plain = f"::ffff:{plain}"
    try:
        packed = socket.inet_pton(family, plain.partition("%")[0])
    except OSError:
        return ""
    words = (packed[start : start + 4] for start in range(0, len(packed), 4))
    return "".join(f"{int.from_bytes(word, sys.byteorder):08X}" for word in words) + f":{port:04X}"
