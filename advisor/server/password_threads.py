"""The threads that hash passwords. They are few and have low priority, so that open pages do not wait for them."""

from __future__ import annotations

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

Result = TypeVar("Result")
Given = ParamSpec("Given")
AT_ONCE = 2  # each takes 64 MiB and four threads
MOST_WAITING = 60  # enough for a team that begins to work at nine; each takes a tenth of a second
PATIENCE = 30.0  # seconds; browsers wait longer
POLITE = 10  # niceness: the processor prefers everything else


class BusyError(Exception):
    """Too many wait, or one has waited too long."""


class Turns:
    """A queue for the threads: a few may use them at once, the others wait in the order in which they came."""

    def __init__(self, at_once: int = AT_ONCE, most: int = MOST_WAITING, patience: float = PATIENCE) -> None:
        self._pool = ThreadPoolExecutor(at_once, "password", _be_polite)
        self._free, self._most, self._patience = asyncio.Semaphore(at_once), most, patience
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and keep it for the ``with`` block.

        Raises:
            BusyError: Too many wait already, or it took too long.
        """
        if self._waiting >= self._most:
            raise BusyError
        self._waiting += 1
        try:
            await asyncio.wait_for(self._free.acquire(), self._patience)
        except TimeoutError:
            raise BusyError from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()

    async def run(self, work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
        """Run ``work`` in one of the threads and return its result."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: work(*args, **kwargs))


def _be_polite() -> None:
    """Lower the priority of this thread. The threads that Argon2 starts inherit it."""
    if sys.platform == "linux":  # elsewhere it would lower the priority of the whole process
        os.nice(POLITE)
