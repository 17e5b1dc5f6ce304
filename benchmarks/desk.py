"""What a desk with thousands of clients costs: opening it, searching, coming back to it. Run: make scale.

Every client has a visit with a full form, a plan and notes. The first part runs in this process: an overview of all
clients, a second overview, a search until it is drawn. The second part runs in real Chromium: from the start of the
navigation to the list, and from a key press to the found clients. The figures are medians in milliseconds, without and
with an encryption key. Options: ``--clients 10000``, ``--rounds 15``, and ``--database`` with the address of an empty
PostgreSQL database to use instead of a SQLite file.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from advisor.content import loading
from advisor.content.model import Case
from advisor.session.model import Action, Plan, Record, today
from advisor.store import new_key, open_store
from advisor.store.overview import overview
from advisor.view.desk.page import DeskPage
from benchmarks.reading import clients, milliseconds, report
from tests.chromium import FLAGS, HELP, find_chromium
from tests.desks import NEW, crowd
from tests.serving import COOKIES, running

KILO, PAUSE = 1000, 1500
THERE = (
    """() => document.querySelector(".aw-desk-name") && document.querySelector("h1[data-title]").checkVisibility()"""
)
# Types into the search field and returns the milliseconds until the list has changed.
FIND = """(text) => new Promise((resolve) => {
  const list = document.querySelector(".aw-desk-table").closest("section");
  const field = document.querySelector(".aw-desk-search input");
  const start = performance.now();
  new MutationObserver((_, watch) => { watch.disconnect(); resolve(performance.now() - start); })
    .observe(list, { childList: true, subtree: true, characterData: true });
  field.focus();
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
})"""


@dataclass(frozen=True)
class Asked:
    """What to measure: the number of clients and rounds, the address of the database, its key."""

    clients: int
    rounds: int
    database: str
    key: str

    @property
    def name(self) -> str:
        """The name of this run, printed before each figure."""
        return f"{self.clients:,} clients, {'a key' if self.key else 'no key'}"


def record(place: int) -> Record:
    """Return the record of a visit with as much content as after an hour's session."""
    data = loading.load()
    responses, facts = clients(data, full=True)[place % 40]
    day = today() + timedelta(days=place % 180 - 20)
    actions = (Action("a1", next(iter(data.steps)), by=day), Action("a2", what="簿記の教材を読む", first="書店で選ぶ"))
    case = Case(responses, {}, replace(facts, wish="営業から企画に移りたい。" * 4))
    at = datetime.combine(day, time(14)) if place % 2 else None
    return replace(NEW, case=case, plan=Plan(None, actions), next_at=at, notes="よく話してくださった。" * 20)


def here(asked: Asked) -> None:
    """Measure in this process, without a browser."""
    store = open_store(asked.database, asked.key)
    known = overview(store)
    report(f"{asked.name}: look at everybody", [milliseconds(partial(overview, store)) for _ in range(asked.rounds)])
    again = [milliseconds(partial(overview, store, known)) for _ in range(asked.rounds)]
    report(f"{asked.name}: look again", again)
    page = DeskPage(loading.load(), store, today, "workbook")
    texts = [f"花子{number}" for number in range(asked.rounds)]
    report(f"{asked.name}: search and draw", [milliseconds(partial(page.desk.search, text)) for text in texts])
    report(f"{asked.name}: back to the list", [milliseconds(page.desk.show_list) for _ in range(asked.rounds)])


def in_a_browser(asked: Asked) -> None:
    """Measure a served desk in a browser. The first visit fills the browser's cache and does not count."""
    command = (sys.executable, "-m", "advisor", "serve", "--no-browser", "--port", "0")
    environment = os.environ | {"ADVISOR_LANG": "en", "ADVISOR_DATABASE_URL": asked.database, "ADVISOR_KEY": asked.key}
    with (
        tempfile.TemporaryDirectory() as folder,
        running(*command, log=Path(folder) / "serve.log", environment=environment) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        context = browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo")
        context.add_cookies(COOKIES)
        visits = [_visit(context, server.url, f"花子{number}") for number in range(asked.rounds + 1)][1:]
        browser.close()
    opening, finding, kilobytes = (list(figures) for figures in zip(*visits, strict=True))
    report(f"{asked.name}: open, in Chromium", opening, "< 700")
    report(f"{asked.name}: search, in Chromium", finding, "< 200")
    report(f"{asked.name}: opening (kB by websocket)", kilobytes, "< 150")


def _visit(context: BrowserContext, url: str, text: str) -> tuple[float, float, float]:
    """Return how long the opening and a search took, in ms, and how many kB the opening received."""
    page, received = context.new_page(), [0]
    page.on("websocket", lambda line: line.on("framereceived", lambda frame: received.append(len(frame))))
    page.wait_for_timeout(PAUSE)  # so that a new kernel is ready, as between two visitors

    def arrive() -> None:
        page.goto(url, wait_until="commit")
        page.wait_for_function(THERE, timeout=120_000)

    opened = milliseconds(arrive)
    page.wait_for_timeout(PAUSE)
    kilobytes, found = sum(received) / KILO, float(page.evaluate(FIND, text))
    page.close()
    return opened, found, kilobytes


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    if find_chromium() is None:
        sys.exit(HELP)
    for key in ("", new_key()):
        with tempfile.TemporaryDirectory() as folder:
            database = given.database or f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
            asked = Asked(given.clients, given.rounds, database, key)
            crowd(open_store(database, key), given.clients, record)
            here(asked)
            in_a_browser(asked)
        if given.database:
            break  # this database is filled without a key, so it cannot be used with one


if __name__ == "__main__":
    main()
