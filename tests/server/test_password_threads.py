"""Passwords have threads of their own, few and in order; what else the server does never waits for them."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time

import pytest

from advisor.server.password_threads import POLITE, BusyError, Turns
from tests.waits import done


def test_everybody_comes_in_by_the_order_in_which_they_came_and_never_too_many_at_once() -> None:
    came: list[int] = []
    inside, most = [0], [0]

    def work(number: int) -> None:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        came.append(number)
        time.sleep(0.002)
        inside[0] -= 1

    async def all_at_once() -> None:
        turns = Turns(at_once=1, most=30)

        async def one(number: int) -> None:
            async with turns.turn():
                await turns.run(work, number)

        await asyncio.gather(*map(one, range(25)))

    done(all_at_once())
    assert came == list(range(25))
    assert most == [1]


def test_what_else_is_to_be_done_in_a_thread_does_not_wait() -> None:
    go_on = threading.Event()

    async def flood() -> str:
        turns = Turns(at_once=2, most=60)

        async def one() -> None:
            async with turns.turn():
                await turns.run(go_on.wait)

        waiting = [asyncio.ensure_future(one()) for _ in range(50)]
        try:
            return await asyncio.wait_for(asyncio.to_thread(lambda: "an open page"), 10)
        finally:
            go_on.set()
            await asyncio.gather(*waiting)

    assert done(flood()) == "an open page"


def test_only_so_many_wait_and_only_so_long() -> None:
    go_on = threading.Event()

    async def one(turns: Turns) -> str:
        try:
            async with turns.turn():
                await turns.run(go_on.wait)
        except BusyError:
            return "busy"
        return "came in"

    async def crowd() -> list[str]:
        turns = Turns(at_once=1, most=2, patience=0.05)
        first = asyncio.ensure_future(one(turns))
        others = await asyncio.gather(*(one(turns) for _ in range(4)))
        go_on.set()
        return [await first, *others, await one(turns)]

    assert done(crowd()) == ["came in", *["busy"] * 4, "came in"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux knows how polite one thread is")
def test_the_processor_prefers_everything_else() -> None:
    assert done(Turns().run(os.nice, 0)) == min(os.nice(0) + POLITE, 19)
