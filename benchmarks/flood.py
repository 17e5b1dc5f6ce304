"""Measures an adviser's page while 1,000 wrong links of clients come in a minute. Run: python -m benchmarks.flood.

Quiet rounds and rounds with the flood take turns. The wrong links come from 250 addresses of this machine (Linux), so
that the limit for each address holds none of them back. Nothing leaves this machine.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from pathlib import Path

from advisor.content import loading
from advisor.content.model import Case
from advisor.session import record as records
from advisor.store import advisers, new_id
from benchmarks import lines, processes
from benchmarks.figures import percentile
from tests.team import Team, Visitor, a_team, elsewhere

A_MINUTE, ADDRESSES = 1000, 250
ROUNDS, ANSWERS, PAGES = 8, 30, 2
APART = get_context("spawn")
PAUSE = 0.15  # seconds between two answers


def send(url: str, took: SimpleQueue[float]) -> None:
    """Send wrong links for ever, so many a minute; tell how long each took, in ms."""
    number, start = 0, time.perf_counter()
    while True:
        visitor = Visitor(url, place=elsewhere(2 + number % ADDRESSES))
        began = time.perf_counter()
        visitor.get(f"before?k={secrets.token_hex(16)}")
        took.put((time.perf_counter() - began) * 1000)
        number += 1
        time.sleep(max(0.0, start + number * 60 / A_MINUTE - time.perf_counter()))


@contextmanager
def flood(url: str, *, runs: bool) -> Iterator[list[float]]:
    """Send wrong links from a process of its own while the ``with`` block runs; then tell how long each took."""
    took: SimpleQueue[float] = APART.SimpleQueue()
    told = list[float]()
    sender = APART.Process(target=send, args=(url, took), daemon=True)
    if runs:
        sender.start()
    try:
        yield told
    finally:
        if runs:
            sender.terminate()
            sender.join()
        while not took.empty():
            told.append(took.get())


def visit_of(team: Team) -> str:
    """Store a client of the adviser suzuki with a visit in which something is answered; return the visit's id."""
    known = advisers.external(team.store, "suzuki")
    if known is None:
        sys.exit("there is no adviser")
    from tests.databases import client  # noqa: PLC0415  (brings PostgreSQL along)

    own, catalog, visit = team.store.seen_by(known.id), loading.load(), new_id()
    own.put_client(client("c1"))
    items = [item.id for scale in catalog.of_kind("fit", "misfit") for item in catalog.active_items(scale)]
    begun = replace(records.new(catalog), case=Case(dict.fromkeys(items, 2)), screen="aptitude", revision=1)
    own.save(visit, "c1", None, begun)
    return visit


async def measure(team: Team, url: str, cookie: str, *, floods: bool) -> tuple[list[float], list[float], list[float]]:
    """Return the times of answers, of pages until they are connected, and of the wrong links, in ms."""
    saved, opened = [], []
    with flood(team.url, runs=floods) as took:
        line = await lines.opened(url, cookie)
        for _ in range(ANSWERS):
            saved.append(await line.answer())
            await asyncio.sleep(PAUSE)
        await line.close()
        for _ in range(PAGES):
            start = time.perf_counter()
            page = await lines.opened(url, cookie)
            opened.append((time.perf_counter() - start) * 1000)
            await page.close()
            await asyncio.sleep(1)
    return saved, opened, took


async def run(folder: Path) -> None:
    """Measure in turns, and print medians and 95th percentiles."""
    found: dict[bool, tuple[list[float], list[float], list[float]]] = {False: ([], [], []), True: ([], [], [])}
    with a_team(folder, "--sessions", "200", "--tabs", "200") as team:  # pages that end without a goodbye hold seats
        visitor = Visitor(team.url)
        visitor.log_in("suzuki")
        cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        url = f"{team.url}workbook?s={visit_of(team)}"
        await measure(team, url, cookie, floods=False)  # the first round warms up
        used = {False: 0.0, True: 0.0}
        for _ in range(ROUNDS):
            for floods in (False, True):
                before = processes.processor_seconds(team.server.process.pid)
                for kept, times in zip(found[floods], await measure(team, url, cookie, floods=floods), strict=True):
                    kept.extend(times)
                used[floods] += processes.processor_seconds(team.server.process.pid) - before
    print("                     quiet p50/p95    1,000 wrong links a minute p50/p95 (ms)")  # noqa: T201  (a command)
    for place, name in enumerate(("answer → 保存済み", "page → connected", "a wrong link")):
        told = [
            f"{percentile(one[place], 0.5):6.1f} / {percentile(one[place], 0.95):6.1f}" if one[place] else "–"
            for one in (found[False], found[True])
        ]
        print(f"{name:20} {told[0]:>16}    {told[1]:>16}   n={len(found[True][place])}")  # noqa: T201  (as above)
    links = len(found[True][2])
    each = (used[True] - used[False]) * 1000 / links
    print(f"processor of the server: {each:.1f} ms a wrong link, {each * A_MINUTE / 600:.1f} % of a core")  # noqa: T201  (as above)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="advisor-flood-") as made:
        asyncio.run(run(Path(made)))
