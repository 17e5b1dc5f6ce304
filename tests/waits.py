"""Waiting in a test: for coroutines, in a thread of their own (playwright's loop may run in ours), and for a change."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def done(work: Coroutine[Any, Any, Result]) -> Result:
    """Return what a coroutine returns."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(asyncio.run, work).result()


def until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until something holds; it is asked ten times a second."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)
