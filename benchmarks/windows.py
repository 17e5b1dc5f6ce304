"""Two windows on one visit: how long until a slider that is moved in one has moved in the other. Run: make scale.

Both pages are in browsers of their own, so that they hear of each other only through the store. The clock runs from the
key press in one page to the new value in the other, by the clock of this process, read every five milliseconds.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.apps import OURS, serving
from benchmarks.pages import say
from tests.chromium import FLAGS, HELP, find_chromium

MOVES, EVERY = 60, 0.005
SLIDER = "role=slider >> nth=0"


def value(page: Page) -> str:
    """Return where the first slider stands."""
    return page.locator(SLIDER).input_value()


def moved(here: Page, there: Page) -> float:
    """Move the first slider of one page by one; return the seconds until that of the other stands there."""
    up = value(here) < "4"
    began = time.perf_counter()
    here.locator(SLIDER).press("ArrowRight" if up else "ArrowLeft")
    wanted = value(here)
    while value(there) != wanted:
        time.sleep(EVERY)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit(HELP)
    with tempfile.TemporaryDirectory() as folder, serving(OURS, Path(folder)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        address, pages = site.address(OURS), []
        for _ in range(2):
            context = browser.new_context(locale="ja-JP", viewport={"width": 1280, "height": 900})
            context.add_cookies(list(site.cookies))
            page = context.new_page()
            page.goto(address)
            page.locator(SLIDER).wait_for()
            pages.append(page)
        moved(pages[0], pages[1])  # from now on both look often
        moved(pages[1], pages[0])
        took = sorted(1000 * moved(pages[turn % 2], pages[1 - turn % 2]) for turn in range(MOVES))
        p95 = took[int(0.95 * (len(took) - 1))]
        say(f"slider in one window, the other: p50 {statistics.median(took):.0f} ms, p95 {p95:.0f} ms, n {MOVES}")
        browser.close()


if __name__ == "__main__":
    main()
