"""One visitor in a real browser: it opens a page until it is usable, moves sliders, and counts the bytes.

A page is *usable* at the moment at which the first move is answered by Python. The visitor waits until the slider is
to be seen and something of Python's stands beside it, then presses a key on the slider, and after 0.4, 0.8, 1.6 … s on
another one and the first in turn (Streamlit drops the work for a move when the next one comes; the note beside a
question that was answered twice says nothing new), until what Python draws says something new. The
time runs from the start of the navigation to that change of the page, by the page's own clock. It is the same for
every app; all that differs are the selectors in ``benchmarks.apps``.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Error, Page, ViewportSize

from benchmarks.apps import App, Site

WATCH = (Path(__file__).parent / "watch.js").read_text(encoding="utf-8")
WINDOW: ViewportSize = {"width": 1280, "height": 900}
OPEN_MS = 120_000
AGAIN_MS = 400  # before the second key press; then doubled each time
ANSWER_MS = 3000
PAUSE_MS = (150, 300)  # between two moves
QUIET_SECONDS = 1.5  # so long until the opening is complete


@dataclass
class Visitor:
    """An open page; ``raised``: which of its two sliders are one point above their first value."""

    app: App
    page: Page
    usable: float = 0.0
    raised: list[bool] = field(default_factory=lambda: [False, False])
    last: int = 1

    async def press(self) -> None:
        """Move by one, there or back, the slider that was not moved last."""
        self.last = which = 1 - self.last
        await self.page.locator(self.app.handle.format(which)).focus()
        await self.page.keyboard.press(self.app.keys[self.raised[which]])
        self.raised[which] = not self.raised[which]

    async def seen(self) -> dict[str, Any]:
        """Return the times that the page noted for the last move."""
        seen: dict[str, Any] = await self.page.evaluate("window.benchmark.state")
        return seen


@asynccontextmanager
async def a_browser(browser: Browser, app: App, site: Site) -> AsyncIterator[BrowserContext]:
    """Open a browser context with an empty cache and the cookies of the site."""
    context = await browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo", viewport=WINDOW)
    context.set_default_timeout(OPEN_MS)
    await context.add_cookies(site.cookies)
    looks = json.dumps({"there": app.there, "answer": app.answer})
    await context.add_init_script(f"({WATCH})({looks})")
    try:
        yield context
    finally:
        await context.close()


async def leave(page: Page) -> None:
    """Leave a page as people do: its leave events run before it closes."""
    await page.goto("about:blank")
    await page.close()


async def arrive(page: Page, app: App, url: str) -> Visitor:
    """Open a page and wait until it is usable (see the top of this file).

    Raises:
        TimeoutError: no move was answered.
    """
    visitor, patience, until = Visitor(app, page), AGAIN_MS, time.monotonic() + OPEN_MS / 1000
    await page.goto(url, wait_until="commit")
    began = await page.evaluate("performance.timeOrigin")
    while time.monotonic() < until:
        try:
            await page.locator(app.handle.format(0)).wait_for()
            await page.locator(app.there).first.wait_for(state="attached")
            await visitor.press()
            answered = await noted(page, ["answer"], patience)
            seen = await page.evaluate("({ ...window.benchmark.state, began: performance.timeOrigin })")
        except Error as error:
            if "Execution context was destroyed" not in str(error):
                raise
            continue  # NiceGUI reloads its page if its websocket is slow; the clock goes on
        if answered:
            visitor.usable = seen["began"] + seen["at"] + seen["answer"] - began
            return visitor
        patience *= 2
    raise TimeoutError(f"{app.name}: no move was answered")


async def noted(page: Page, names: list[str], patience: float) -> bool:
    """Wait at most ``patience`` ms until the page has noted all of these; return whether it has."""
    # Not wait_for_function: it needs eval, and the policy of a page may forbid eval.
    return bool(
        await page.evaluate("([names, patience]) => window.benchmark.noted(names, patience)", [names, patience])
    )


async def drawn(page: Page) -> float:
    """Wait for the radar; return when it was drawn first, in milliseconds since the navigation."""
    await noted(page, ["drawn"], OPEN_MS)
    return float(await page.evaluate("window.benchmark.state.drawn"))


async def move(visitor: Visitor, moves: int, draw: random.Random) -> list[dict[str, float | None]]:
    """Move two sliders in turn; return for each move the milliseconds until radar and answer changed, None if never."""
    answered = []
    for _ in range(moves):
        await visitor.press()
        await asyncio.sleep(draw.uniform(*PAUSE_MS) / 1000)
        await noted(visitor.page, ["radar", "answer"], ANSWER_MS)
        seen = await visitor.seen()
        answered.append({"radar": seen["radar"], "answer": seen["answer"]})
    return answered


async def count(context: BrowserContext, page: Page) -> dict[str, int]:
    """Count from now on: requests, transferred bytes of responses, bytes of websocket frames before compression."""
    counted = {"http": 0, "websocket": 0, "requests": 0}
    session = await context.new_cdp_session(page)

    def on_frame(event: dict[str, Any]) -> None:
        data = event["response"]["payloadData"]
        text = event["response"]["opcode"] == 1
        counted["websocket"] += len(data.encode()) if text else len(base64.b64decode(data))

    def on_finished(event: dict[str, Any]) -> None:
        counted["http"] += int(event["encodedDataLength"])

    def on_request(_: dict[str, Any]) -> None:
        counted["requests"] += 1

    session.on("Network.webSocketFrameReceived", on_frame)
    session.on("Network.loadingFinished", on_finished)
    session.on("Network.requestWillBeSent", on_request)
    await session.send("Network.enable")
    return counted
