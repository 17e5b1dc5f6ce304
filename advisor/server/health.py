"""The health of the server: whether a visitor would get a page now. It tries each part that a page needs."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

from advisor.server import handles
from advisor.store import StoreError

if TYPE_CHECKING:
    from advisor.server.seats import Seats
    from advisor.store import Store

log = logging.getLogger(__name__)
GOOD = ("ok", "full")  # the words of a healthy server
SPARE_HANDLES = 64


class Health:
    """Checks the server, one check at a time and at most every few seconds: many probes must not load the server."""

    SECONDS = 5.0  # an answer is used again for so long
    BUDGET = 3.0  # seconds for all checks

    def __init__(self, store: Store, kernels: Any, seats: Seats) -> None:  # noqa: ANN401  (a class made by Voilà)
        self.store, self.kernels, self.seats = store, kernels, seats
        self._begun, self._look = float("-inf"), None
        self._said = "ok"

    _look: asyncio.Task[str] | None

    async def word(self) -> str:
        """Return one of :data:`GOOD`, or the missing part: store, kernels, folder, handles."""
        if self._look is None or (self._look.done() and time.monotonic() - self._begun > self.SECONDS):
            self._begun, self._look = time.monotonic(), asyncio.create_task(self._found())
        return await asyncio.shield(self._look)

    async def _found(self) -> str:
        word = await self._missing() or ("ok" if self.seats.free() > 0 else "full")
        if word != self._said:
            log.warning("healthz: %s (%d seats and %d handles are free)", word, self.seats.free(), handles.left())
        self._said = word
        return word

    async def _missing(self) -> str:
        if handles.left() < SPARE_HANDLES:
            return "handles"
        if not self.kernels.look_after_folder():
            return "folder"
        reads, forks = await asyncio.gather(self._reads(), self.kernels.can_start(self.BUDGET))
        return "" if reads and forks else "kernels" if reads else "store"

    async def _reads(self) -> bool:
        try:
            await asyncio.wait_for(asyncio.to_thread(self.store.check), self.BUDGET)
        except (StoreError, TimeoutError):
            return False
        return True
