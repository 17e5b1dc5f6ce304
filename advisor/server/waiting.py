"""The waiting room: how many pages may be open at once, and in which order those who wait come in.

A ticket is what a waiting page shows when it asks again. Whoever has not asked for a while has left. No time is read
here: ``now`` is the caller's clock in seconds.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

LEFT_AFTER = 15.0  # seconds without asking


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands: ``number`` 0 may come in, 1 is the first in line."""

    ticket: str
    number: int


class WaitingRoom:
    """People in the order in which they came."""

    def __init__(self) -> None:
        self._asked: dict[str, float] = {}  # ticket → when it was last shown, in order of arrival

    def ask(self, ticket: str, free: int, now: float) -> Place:
        """Return the place of ``ticket`` while ``free`` seats are free; an unknown ticket gets a new one at the end."""
        self._asked = {known: at for known, at in self._asked.items() if now - at <= LEFT_AFTER}
        if ticket not in self._asked:
            ticket = secrets.token_urlsafe(16)
        self._asked[ticket] = now
        ahead = list(self._asked).index(ticket)
        return Place(ticket, 0 if ahead < free else ahead - max(free, 0) + 1)

    def __contains__(self, ticket: str) -> bool:
        return ticket in self._asked

    def leave(self, ticket: str) -> None:
        """Take away the ticket of somebody who came in."""
        self._asked.pop(ticket, None)

    def __len__(self) -> int:
        return len(self._asked)
