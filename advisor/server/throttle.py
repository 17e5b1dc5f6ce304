"""A limit of tries in a sliding window. It is in the memory of the server process."""

from __future__ import annotations

import ipaddress
from collections import deque
from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tornado.httputil import HTTPServerRequest

WINDOW = 60.0  # seconds
MOST_KEYS = 10_000  # a flood of names pushes out the oldest names, and does not fill the memory


class Throttle:
    """Allows at most ``tries`` in a minute for each key."""

    def __init__(self, tries: int) -> None:
        self.tries = tries
        self._tried: dict[str, deque[float]] = {}

    def wait(self, key: str, now: float) -> float:
        """Return how many seconds to wait until the next try; 0 if a try is free now."""
        times = self._recent(key, now)
        return 0.0 if len(times) < self.tries else times[0] + WINDOW - now

    def note(self, key: str, now: float) -> None:
        """Remember a try."""
        times = self._recent(key, now)
        times.append(now)
        self._tried.pop(key, None)
        self._tried[key] = times  # the latest last
        while len(self._tried) > MOST_KEYS:
            self._tried.pop(next(iter(self._tried)))

    def take_back(self, key: str, now: float) -> None:
        """Forget one try, because its password was right."""
        with suppress(KeyError, ValueError):
            self._tried[key].remove(now)

    def forget(self, key: str) -> None:
        """Forget all tries of a key, because its password was right."""
        self._tried.pop(key, None)

    def _recent(self, key: str, now: float) -> deque[float]:
        times = self._tried.get(key, deque())
        while times and times[0] <= now - WINDOW:
            times.popleft()
        return times


def asker_of(request: HTTPServerRequest, proxies: Collection[str]) -> str:
    """Return the key of the address that a request comes from; behind a trusted proxy, the one that the proxy names."""
    peer = request.remote_ip or ""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if peer in proxies else ""
    return place_of(forwarded or peer)


def place_of(address: str) -> str:
    """Return the key of an address for counting tries. For IPv6 it is the /64 network: one owner has all of it."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or ipaddress.ip_network((known, 64), strict=False))
