"""Waiting in a test: for a change, and for what runs a loop, in a thread of its own (playwright's may run in ours)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from advisor.session.model import TOKYO

TEST_MOST = timedelta(minutes=3)  # a test that depends on the day is over by then, also on a busy machine
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


def steady_day() -> date:
    """Return the day in Tokyo, once it is sure to be the same until a test is over: shortly before midnight, wait."""
    at = datetime.now(TOKYO)
    midnight = datetime.combine(at.date() + timedelta(days=1), datetime.min.time(), TOKYO)
    if midnight - at < TEST_MOST:
        time.sleep((midnight - at).total_seconds())
    return datetime.now(TOKYO).date()
