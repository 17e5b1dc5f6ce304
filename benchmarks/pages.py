"""Our workbook beside Dash, NiceGUI, Streamlit and plain Voilà, in real Chromium, in one run. Run: make bench-peers.

All servers run at the same time. Each round visits them in another order, so that other work of the machine slows all
of them alike: trust the ratios, not the milliseconds. For ten sessions at once, only one server runs.
``benchmarks.visits`` measures pages, moves and bytes, ``benchmarks.processes`` memory and processor time. Nothing
leaves this machine. The figures go to the terminal and to artefacts/bench.json.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Error, async_playwright

from benchmarks import processes, visits
from benchmarks.apps import APPS, OURS, PLAIN, PYTHON, App, Site, serving
from benchmarks.figures import FIGURES, table, value, verdicts
from tests.chromium import FLAGS, HELP, find_chromium
from tests.serving import ARTEFACTS

ELSEWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"  # no app reaches another host
MOVES = 20
TOGETHER = 10
KILO = 1000
MOST_SECONDS = 1800  # after this time the run stops and ends everything that it started


@dataclass
class Run:
    """One run: its options, and the values measured so far."""

    apps: list[App]
    rounds: int
    moves: int
    together: int
    seed: int
    failures: int = 0
    machine: dict[str, Any] = field(default_factory=dict)
    samples: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def note(self, app: App, **figures: float) -> None:
        """Add measured values of an app."""
        for name, figure in figures.items():
            self.samples[app.name][name].append(figure)


async def first_visit(run: Run, browser: Browser, app: App, site: Site) -> None:
    """Count the bytes of a first visit. Its times do not count, because the server has just started."""
    async with visits.a_browser(browser, app, site) as context:
        page = await context.new_page()
        counted = await visits.count(context, page)
        await visits.arrive(page, app, site.address(app.name))
        if app.name == app.server:
            await visits.drawn(page)
        await asyncio.sleep(visits.QUIET_SECONDS)
        run.note(
            app,
            kilobytes=(counted["http"] + counted["websocket"]) / KILO,
            websocket=counted["websocket"] / KILO,
            requests=counted["requests"],
        )
        await visits.leave(page)


async def one_round(run: Run, browser: Browser, app: App, site: Site, draw: random.Random) -> None:
    """Visit an app with an empty cache, then again with the filled cache, and move its sliders."""
    async with visits.a_browser(browser, app, site) as context:
        page = await context.new_page()
        run.note(app, cold=(await visits.arrive(page, app, site.address(app.name))).usable)
        await visits.leave(page)
        await asyncio.sleep(visits.QUIET_SECONDS)
        before = processes.processor_seconds(site.pid)
        page = await context.new_page()
        visitor = await visits.arrive(page, app, site.address(app.name))
        run.note(app, warm=visitor.usable)
        if app.name == app.server:
            run.note(app, drawn=await visits.drawn(page))
            await asyncio.sleep(visits.QUIET_SECONDS)
            run.note(app, cpu_open=processes.processor_seconds(site.pid) - before)
            moves = await visits.move(visitor, run.moves, draw)
            await asyncio.sleep(visits.QUIET_SECONDS)
            run.note(app, cpu=processes.processor_seconds(site.pid) - before)
            for answered in moves:
                run.note(app, radar=answered["radar"] or visits.ANSWER_MS)
                run.note(app, advice=answered["answer"] or visits.ANSWER_MS)
            run.note(app, lost=sum(None in answered.values() for answered in moves))
        await visits.leave(page)


async def at_once(run: Run, browser: Browser, app: App, site: Site) -> None:
    """Open one session, then many at the same moment; note the time until all are usable, and the memory of each."""
    run.note(app, server=processes.mebibytes(site.pid))
    async with AsyncExitStack() as stack:

        async def visit() -> visits.Visitor:
            context = await stack.enter_async_context(visits.a_browser(browser, app, site))
            return await visits.arrive(await context.new_page(), app, site.address(app.name))

        await visit()
        await asyncio.sleep(2 * visits.QUIET_SECONDS)
        one = processes.mebibytes(site.pid)
        start = time.perf_counter()
        visitors = await asyncio.gather(*(visit() for _ in range(run.together)))
        run.note(app, together=1000 * (time.perf_counter() - start))
        await asyncio.sleep(2 * visits.QUIET_SECONDS)
        every = processes.mebibytes(site.pid)
        run.note(app, memory=(every - one) / run.together, memory_all=every)
        for visitor in visitors:
            await visits.leave(visitor.page)


async def attempt(run: Run, app: App, visit: Awaitable[None]) -> None:
    """Make a visit. A failure is printed and counted, and the run goes on with the other visits."""
    try:
        await visit
    except (Error, TimeoutError) as error:
        run.failures += 1
        say(f"{app.name} FAILED: {str(error).splitlines()[0]}")


async def measure(run: Run, browser: Browser, folder: Path) -> None:
    """Measure everything."""
    draw = random.Random(run.seed)  # noqa: S311  (an order, not a secret)
    servers = list(dict.fromkeys(app.server for app in run.apps))
    with ExitStack() as stack:
        sites = {server: stack.enter_context(serving(server, folder)) for server in servers}
        for app in run.apps:
            await attempt(run, app, first_visit(run, browser, app, sites[app.server]))
        for number in range(run.rounds):
            say(f"round {number + 1} of {run.rounds} …")
            for app in draw.sample(run.apps, len(run.apps)):
                await attempt(run, app, one_round(run, browser, app, sites[app.server], draw))
    for app in draw.sample(run.apps, len(run.apps)):
        if app.name == app.server and run.together:
            say(f"{run.together} at once: {app.name} …")
            alone = folder / "alone"
            alone.mkdir(exist_ok=True)
            with serving(app.server, alone) as site:
                await attempt(run, app, at_once(run, browser, app, site))


async def browse(run: Run) -> None:
    """Measure in one browser."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit(HELP)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, ELSEWHERE])
        run.machine |= {"chromium": browser.version, "python": platform.python_version(), "cores": os.cpu_count()}
        try:
            with tempfile.TemporaryDirectory(prefix="advisor-bench-", ignore_cleanup_errors=True) as folder:
                async with asyncio.timeout(MOST_SECONDS):
                    await measure(run, browser, Path(folder))
        finally:
            await browser.close()


def result(run: Run) -> dict[str, Any]:
    """Return everything as plain values, with all samples."""
    judged = verdicts(run.samples, OURS, _peers(run), PLAIN)
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": run.machine,
        "rounds": run.rounds,
        "seed": run.seed,
        "failures": run.failures,
        "goals": [asdict(one) | {"ratio": one.ratio, "reached": one.reached} for one in judged],
        "figures": {app.name: {one.id: value(run.samples, app.name, one) for one in FIGURES} for app in run.apps},
        "samples": run.samples,
    }


def _peers(run: Run) -> list[str]:
    return [app.name for app in run.apps if app.server != OURS]


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201


def asked(arguments: Sequence[str] | None = None) -> Run:
    """Return the run that the command line asks for."""
    names = {app.name: app for app in APPS}
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description="The workbook beside its peers.")
    parser.add_argument("--rounds", type=int, default=5, help="rounds over all apps (5: about ten minutes)")
    parser.add_argument("--apps", nargs="+", choices=names, default=list(names), metavar="APP", help=", ".join(names))
    parser.add_argument("--quick", action="store_true", help="one round, few moves, three at once: does it work?")
    parser.add_argument("--seed", type=int, default=20261121, help="of order and pauses")
    given = parser.parse_args(arguments)
    apps = [names[name] for name in given.apps]
    if given.quick:
        return Run(apps, 1, 6, 3, given.seed)
    return Run(apps, given.rounds, MOVES, TOGETHER, given.seed)


def stop(*_: object) -> None:
    """Stop the run and end everything that it started. A second signal is ignored meanwhile."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> None:
    """Measure and print."""
    run = asked()
    if not processes.measurable():
        sys.exit("This benchmark reads memory and processor time from /proc and needs Linux.")
    if not PYTHON.is_file() and _peers(run):
        sys.exit("The peers are not installed: make bench")
    signal.signal(signal.SIGTERM, stop)
    try:
        asyncio.run(browse(run))
    finally:  # a run that was stopped also writes its values
        ARTEFACTS.mkdir(exist_ok=True)
        told = json.dumps(result(run), indent=1, ensure_ascii=False)
        (ARTEFACTS / "bench.json").write_text(f"{told}\n", encoding="utf-8")
        say(table(run.samples, [app.name for app in run.apps], verdicts(run.samples, OURS, _peers(run), PLAIN)))
    if run.failures:
        sys.exit(f"{run.failures} visits failed; see above.")


if __name__ == "__main__":
    main()
