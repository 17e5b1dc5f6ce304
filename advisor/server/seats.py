"""The seats: each kernel has an owner, and their number is limited. The end of a login ends its kernels.

A visitor who has to wait gets a ticket. Their page sends it each time it asks again. A page that has not asked for a
while loses its place in line.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from jupyter_core.utils import ensure_async
from jupyter_server.auth.authorizer import Authorizer

from advisor.server import handles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_server.auth.identity import User
    from jupyter_server.base.handlers import JupyterHandler

    from advisor.server.identity import Identity, Visitor

log = logging.getLogger(__name__)
END_UNUSED_SECONDS = 10
REMOVE_DEAD_SECONDS = 1
CONNECTING = 5.0  # seconds that a page may take to connect before a newer one of the same adviser gets its seat
NEVER_CAME = 60.0  # seconds after which a page that never connected loses its seat
GOODBYE = 3.0  # seconds that a kernel gets to handle the last messages of its closed page
WENT_AWAY = 120.0  # seconds after which a page that lost its line may lose its seat to a waiting visitor
LEFT_AFTER = 15.0  # seconds without a question, after which a waiting page loses its place


@dataclass(frozen=True, slots=True)
class PlaceInLine:
    """A visitor's place in line. ``number`` 0 may come in, 1 is the first in line."""

    ticket: str
    number: int


class WaitingRoom:
    """The waiting visitors, in the order in which they came."""

    def __init__(self) -> None:
        self._asked: dict[str, float] = {}  # ticket → when it was last shown, in order of arrival

    def ask(self, ticket: str, free: int, now: float) -> PlaceInLine:
        """Return the place of ``ticket`` if ``free`` seats are free. An unknown ticket gets a new one, at the end."""
        self._asked = {known: moment for known, moment in self._asked.items() if now - moment <= LEFT_AFTER}
        if ticket not in self._asked:
            ticket = secrets.token_urlsafe(16)
        self._asked[ticket] = now
        ahead = list(self._asked).index(ticket)
        return PlaceInLine(ticket, 0 if ahead < free else ahead - max(free, 0) + 1)

    def __contains__(self, ticket: str) -> bool:
        return ticket in self._asked

    def leave(self, ticket: str) -> None:
        """Remove the ticket of a visitor who came in."""
        self._asked.pop(ticket, None)

    def __len__(self) -> int:
        return len(self._asked)


@dataclass(slots=True)
class Seat:
    """The owner of one kernel. ``came``: its page has connected once.

    ``alone_since``: the time of ``time.monotonic`` since which no page is connected.
    """

    visitor: Visitor
    alone_since: float
    came: bool = False


class Seats:
    """All seats of this server. ``kernels`` is jupyter_server's kernel manager."""

    def __init__(self, kernels: Any, identity: Identity, most: int, tabs: int) -> None:  # noqa: ANN401  (a class made by Voilà)
        self.kernels, self.identity, self.most, self.tabs = kernels, identity, most, tabs
        self.room = WaitingRoom()
        self._taken: dict[str, Seat] = {}
        self._coming: list[Visitor] = []  # visitors whose kernels are being started; each holds a seat

    def owner(self, kernel: str) -> str | None:
        """Return the id of a kernel's owner; None for an unknown kernel."""
        seat = self._taken.get(kernel)
        return seat.visitor.username if seat else None

    def take(self, kernel: str, visitor: Visitor) -> None:
        """Give a kernel to its owner. It uses the seat that was held for it."""
        self._release(visitor)
        self._taken[kernel] = Seat(visitor, time.monotonic())

    async def ask(self, visitor: Visitor, ticket: str) -> PlaceInLine | None:
        """Return the visitor's place in line; None if this adviser has too many pages open."""
        self._forget()
        if self._of(visitor.username) >= self.tabs and not await self._make_room(visitor.username):
            return None
        if self.free() <= len(self.room) and not await self._make_room() and not self.room:
            await self._make_room(visitor.username, CONNECTING)
        place = self._place(ticket)
        if place.number == 0:
            self.room.leave(place.ticket)
        return place

    async def look_at(self, ticket: str, visitor: Visitor) -> int:
        """Return the number of a waiting page; 0 if it may come in, or if its ticket is not known any more."""
        if ticket not in self.room:
            return 0
        self._forget()
        if self.free() <= 0 and not await self._make_room() and self._place(ticket).number == 1:
            await self._make_room(visitor.username, CONNECTING)
        return self._place(ticket).number

    @contextmanager
    def coming(self, visitor: Visitor) -> Iterator[None]:
        """Hold a seat for a visitor while their kernel is being started."""
        self._coming.append(visitor)
        try:
            yield
        finally:
            self._release(visitor)

    def left(self, visitor: Visitor) -> None:
        """Give back the seat held for a request. Its page was loaded again or closed."""
        self._release(visitor)

    def came(self, kernel: str) -> None:
        """Note that the page of a kernel has connected."""
        if kernel in self._taken:
            self._taken[kernel].came = True

    def sent(self, kernel: str) -> None:
        """Note that a page has been sent completely, or closed before. From now on, it should connect."""
        self.kernels.building.discard(kernel)
        if kernel in self._taken:
            self._taken[kernel].alone_since = time.monotonic()

    async def end_unused(self) -> None:
        """End the kernels of pages that never connected, and of visitors whose login has ended."""
        now = time.monotonic()
        self._forget()
        connected = {}
        for kernel, seat in list(self._taken.items()):
            if self._connections(kernel):
                seat.came, seat.alone_since = True, now
                connected[seat.visitor.login] = seat.visitor
            elif not seat.came and kernel not in self.kernels.building and now - seat.alone_since > NEVER_CAME:
                await self.end(kernel)
        for visitor in connected.values():
            if not await asyncio.to_thread(self.identity.still_in, visitor):
                await self.end_login(visitor.login)

    async def remove_dead(self) -> None:
        """Remove kernels whose process has died or hangs, so that their pages notice it at once."""
        gone = [
            kernel
            for kernel in list(self._taken)
            if kernel in self.kernels and (self.kernels.hangs(kernel) or not await self._lives(kernel))
        ]
        await asyncio.gather(*map(self.end, gone))

    async def say_goodbye(self, kernel: str) -> None:
        """End the kernel of a closed page.

        After its last input, the page has asked the kernel to end. If that message did not arrive, end the kernel here.
        """
        end = time.monotonic() + GOODBYE
        while time.monotonic() < end and await self._lives(kernel):  # noqa: ASYNC110  (the end of a process sends no event)
            await asyncio.sleep(0.05)
        await self.end(kernel)

    def note(self, kernel: str) -> None:
        """Note that a page without a line asks for its kernel. It keeps its seat, unless another visitor waits."""
        seat = self._taken.get(kernel)
        if seat is not None and not seat.came and not len(self.room):
            seat.alone_since = time.monotonic()

    async def end_login(self, login: str) -> None:
        """End every kernel of a login. Their pages show that the connection is lost."""
        for kernel, seat in list(self._taken.items()):
            if seat.visitor.login == login:
                await self.end(kernel)

    async def _make_room(self, owner: str | None = None, after: float = 0) -> bool:
        """End the kernel whose page has been away longest, if that is long enough; return whether one was ended.

        No answer is lost: all are stored.

        With ``owner``, look only at pages of this adviser; then a page that has not connected within ``after`` seconds
        is ended, too. So a person who loads a page again and again gets the latest one. A page that is still being
        sent stays: it would show an error.
        """
        now = time.monotonic()
        away = [
            (seat.came or owner is None, seat.alone_since, kernel)
            for kernel, seat in self._taken.items()
            if not self._connections(kernel)
            and kernel not in self.kernels.building
            and (owner is None or seat.visitor.username == owner)
        ]
        counts, since, kernel = min(away, default=(True, now, ""))
        if now - since <= WENT_AWAY if counts else now - since < after:
            return False
        await self.end(kernel)
        return True

    def _place(self, ticket: str) -> PlaceInLine:
        return self.room.ask(ticket, self.free(), time.monotonic())

    async def _lives(self, kernel: str) -> bool:
        return kernel in self.kernels and bool(await ensure_async(self.kernels.is_alive(kernel)))

    async def end(self, kernel: str) -> None:
        """End a kernel at once, also a hung one. Its seat is free from now on."""
        self._taken.pop(kernel, None)
        if kernel in self.kernels:
            try:
                await ensure_async(self.kernels.shutdown_kernel(kernel, now=True))
            except Exception as error:  # noqa: BLE001  (the kernel may end by itself at this moment)
                log.warning("a kernel could not be ended: %s", type(error).__name__)

    def _forget(self) -> None:
        """Forget kernels that are gone (closed, culled or dead), and kernels that have been told to end."""
        self._taken = {
            kernel: seat
            for kernel, seat in self._taken.items()
            if kernel in self.kernels and not self.kernels.is_ending(kernel)
        }

    def _release(self, visitor: Visitor) -> None:
        """Give back the seat held for this request. Other requests of the same adviser keep theirs."""
        self._coming = [other for other in self._coming if other is not visitor]

    def free(self) -> int:
        """Return how many seats are free. Without enough handles there are fewer, so that visitors wait, not fail."""
        return min(self.most - len(self._taken), handles.room_for_pages()) - len(self._coming)

    def _of(self, owner: str) -> int:
        visitors = [*(seat.visitor for seat in self._taken.values()), *self._coming]
        return sum(visitor.username == owner for visitor in visitors)

    def _connections(self, kernel: str) -> int:
        return int(self.kernels._kernel_connections.get(kernel, 0))  # noqa: SLF001  (it has no public method for this)


class OwnersOnly(Authorizer):
    """Lets visitors use only their own kernels, and nothing else that jupyter_server guards."""

    def is_authorized(self, handler: JupyterHandler, user: User, action: str, resource: str) -> bool:  # noqa: ARG002
        """Return whether the kernel in the address belongs to the visitor."""
        kernel = handler.path_kwargs.get("kernel_id") or next(iter(handler.path_args), "")
        seats: Seats = cast("Any", handler.identity_provider).seats
        owner = seats.owner(kernel)
        if owner not in (None, user.username):
            log.warning("refused: the kernel of somebody else")
        return resource == "kernels" and owner == user.username
