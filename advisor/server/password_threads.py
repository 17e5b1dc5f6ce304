"""Passwords are hashed by few threads of their own, one after the other: an open page does not wait for them."""

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
AT_ONCE = 2  # 64 MiB and four threads each
MOST_WAITING = 60  # a team that begins to work at nine; a tenth of a second each
PATIENCE = 30.0  # seconds; a browser waits longer
POLITE = 10  # how much the processor prefers everything else


class BusyError(Exception):
    """Too many wait, or one has waited too long."""


class Turns:
    """Lets a few in at once, the others in the order in which they came; who is let in may use the threads."""

    def __init__(self, at_once: int = AT_ONCE, most: int = MOST_WAITING, patience: float = PATIENCE) -> None:
        self._pool = ThreadPoolExecutor(at_once, "password", _be_polite)
        self._free, self._most, self._patience = asyncio.Semaphore(at_once), most, patience
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until it is one's turn, and keep it.

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
        """Return what ``work`` returns, in one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: work(*args, **kwargs))


def _be_polite() -> None:
    """Let everything else go first; what Argon2 starts inherits it."""
    if sys.platform == "linux":  # there, it concerns this thread alone
        os.nice(POLITE)
