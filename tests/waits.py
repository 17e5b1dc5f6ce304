"""Waiting in a test: for a change, and for what runs a loop, in a thread of its own (playwright's may run in ours)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def apart(work: Callable[[], Result]) -> Result:
    """Return what a function returns that runs a loop of its own."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(work).result()


def done(work: Coroutine[Any, Any, Result]) -> Result:
    """Return what a coroutine returns."""
    return apart(lambda: asyncio.run(work))


def until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something holds; it is asked ten times a second."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)
