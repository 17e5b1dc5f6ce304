"""Somebody at a page of a served team, who answers while things go wrong, and what became of the answers.

The times are those of the page's own clock, which is this machine's.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from advisor.session.model import Record
from advisor.store import Store, advisers, open_store
from tests.browsing import a_browser, arrive, go, pick, row, title
from tests.browsing import field as field_of
from tests.line import Line, a_line
from tests.serving import Server, free_ports, running
from tests.support import CATALOG
from tests.team import PASSWORDS, Visitor

SCREENS: dict[str, tuple[str, ...]] = {"aptitude": ("fit", "misfit"), "frustrations": ("frustration", "consequence")}
NAME = next(iter(PASSWORDS))
# Notes what the overlay says and when, and beside which answers the page said 保存済み: from then on they are promised.
WATCH = """(() => {
  window.seen = [];
  window.promised = new Set();
  const look = () => {
    const said = document.querySelector("dialog.aw-lost[open] #aw-lost-now")?.dataset.state ?? "well";
    if (said !== (seen.at(-1)?.said ?? "well")) seen.push({ said, at: Date.now() });
    for (const note of document.querySelectorAll('.aw-q-kept[data-state="saved"]')) {
      promised.add(note.closest("[data-id]").dataset.id);
    }
  };
  const everything = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver(look).observe(document, everything);
})()"""


@dataclass(frozen=True, slots=True)
class Run:
    """One fault of one page."""

    kind: str
    told: float | None  # seconds; None: nothing was said
    promised: int  # answers that the page had called saved
    given: int  # all answers, with what was typed and not called saved
    lost: int  # of those called saved
    missing: int  # of all
    back: bool  # at the same screen
    healed: bool  # without a button


@dataclass
class Place:
    """A server of a team with a store of its own, at the far end of a line."""

    folder: Path
    line: Line
    store: Store
    server: Server | None = None
    _running: ExitStack = field(default_factory=ExitStack)

    @property
    def url(self) -> str:
        """Return the address of the front page, as browsers have it."""
        return f"http://127.0.0.1:{self.line.port}/"

    def start(self) -> None:
        """Start the server, always at the same port."""
        if not self.line.target:
            (self.line.target,) = free_ports(1)
        command = [sys.executable, "-m", "advisor", "serve", "--no-browser", "--port", str(self.line.target)]
        command += ["--login", "team", "--origin", self.url.rstrip("/")]
        environment = os.environ | {"ADVISOR_DATABASE_URL": database(self.folder), "ADVISOR_LANG": "en"}
        log = self.folder / "serve.log"
        self.server = self._running.enter_context(running(*command, log=log, environment=environment))

    def stop(self) -> None:
        """Stop the server as a person would."""
        self._running.close()

    def log_in(self, context: BrowserContext) -> None:
        """Give a browser the cookie of a login."""
        visitor = Visitor(self.url)
        visitor.log_in(NAME)
        context.add_cookies(
            [{"name": name, "value": value, "url": self.url} for name, value in visitor.cookies.items()]
        )


def database(folder: Path) -> str:
    """Return where the store of a place is."""
    return f"sqlite:///{folder}/faults.sqlite3"


@contextmanager
def a_place(folder: Path) -> Iterator[Place]:
    """Serve at the far end of a line."""
    folder.mkdir(parents=True, exist_ok=True)
    store = open_store(database(folder))
    for name, password in PASSWORDS.items():
        advisers.add(store, name, password)
    with a_line() as line:
        place = Place(folder, line, store)
        place.start()
        try:
            yield place
        finally:
            place.stop()


@dataclass
class Sitting:
    """A page with somebody at it, who answers one question after the other."""

    place: Place
    page: Page
    chance: random.Random
    screen: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    promised: set[str] = field(default_factory=set)
    since: float = 0.0

    def answer(self) -> None:
        """Go to a screen and answer some questions at it, or type; the last answers are still on their way."""
        page, chance = self.page, self.chance
        self.screen, self.given = chance.choice([*SCREENS, "start"]), {}
        go(page, self.screen)
        page.evaluate("promised.clear(); seen.length = 0")
        before = self.record()
        if self.screen == "start":
            self.given["wish"] = f"{before.case.facts.wish[-60:]}。今日は{chance.randrange(1000)}番目のこと"
            field_of(page, "wish").fill(self.given["wish"])
        else:
            scales = [scale for scale in CATALOG.scales if CATALOG.scales[scale].kind in SCREENS[self.screen]]
            for item in (CATALOG.active_items(scale)[0].id for scale in chance.sample(scales, 4)):
                point = chance.choice([point for point in range(1, 6) if point != before.case.responses.get(item)])
                self.given[item] = point
                row(page, item).locator(f'[data-point="{point}"]').dispatch_event("click")
                page.wait_for_timeout(chance.choice((0, 0, 20, 60)))
        page.wait_for_timeout(chance.uniform(0, 150))

    def struck(self) -> None:
        """Note the moment of the fault."""
        self.since = time.time() * 1000

    def look(self) -> None:
        """Note what the page has promised so far."""
        self.promised = set(self.page.evaluate("[...promised]")) & self.given.keys()

    def told(self) -> float | None:
        """Return the seconds until the page said that the line was lost."""
        for note in self.page.evaluate("seen"):
            if note["said"] != "well" and note["at"] >= self.since:
                return float(note["at"] - self.since) / 1000
        return None

    def said(self) -> str:
        """Return what the page says of its line now."""
        seen = self.page.evaluate("seen")
        return str(seen[-1]["said"]) if seen else "well"

    def record(self) -> Record:
        """Return what is stored of the visit."""
        visit = self.place.store.visit(self.page.evaluate("new URL(location).searchParams.get('s')"))
        assert visit is not None
        return visit.record

    def ended(self, kind: str, told: float | None, *, healed: bool) -> Run:
        """Return what became of it, once everything that was on its way has had time to arrive."""
        missing: set[str] = set()
        for _ in range(50):
            case = self.record().case
            there = {"wish": case.facts.wish, **case.responses}
            missing = {name for name, value in self.given.items() if there.get(name) != value}
            if not missing:
                break
            self.page.wait_for_timeout(100)
        shown = title(self.page).get_attribute("data-title")
        back = shown == self.screen == self.record().screen
        lost = self.promised & missing
        return Run(kind, told, len(self.promised), len(self.given), len(lost), len(missing), back, healed)


def sit_down(place: Place, context: BrowserContext, chance: random.Random) -> Sitting:
    """Open a page and give it a first answer, so that its visit is stored."""
    page = context.new_page()
    page.add_init_script(WATCH)
    arrive(page, f"{place.url}workbook")
    pick(page, "situation", "inside")
    expect(row(page, "situation").locator(".aw-q-kept")).to_be_visible()
    return Sitting(place, page, chance)


@contextmanager
def a_room(browser: Browser, place: Place) -> Iterator[BrowserContext]:
    """Return a browser that is logged in."""
    with a_browser(browser) as context:
        place.log_in(context)
        yield context
