"""Measures how long a reading, a page update and the start of a kernel take. Run: make bench.

The figures are medians over seeded random clients, in the quick form and the full form. Absolute times depend on the
machine; the last column is the workbook's own limit.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial

from advisor.content import loading
from advisor.content.catalog import Catalog
from advisor.content.model import SIGN_ANSWERS, TRIED, Facts
from advisor.scoring.counterfactual import smallest_change, stability
from advisor.scoring.reading import read
from advisor.session.session import Session
from advisor.view.workbook.page import Page

CLIENTS = 40
Client = tuple[dict[str, int], Facts]


def clients(data: Catalog, *, full: bool) -> list[Client]:
    """Return random clients who answered everything."""
    draw = random.Random(20261121)  # noqa: S311  (a benchmark, not a secret)
    widened = tuple(data.scales) if full else ()
    return [
        (
            {item.id: draw.randint(item.low, item.high) for item in data.items.values() if item.quick or full},
            Facts(
                situation="inside",
                priorities=tuple(draw.sample(data.of_kind("frustration"), 2)),
                signs={sign: draw.choice(SIGN_ANSWERS) for sign in data.signs},
                tried={step: draw.choice(TRIED) for step in data.steps},
                widened=widened,
            ),
        )
        for _ in range(CLIENTS)
    ]


def milliseconds(call: Callable[[], object]) -> float:
    """Return how long one call takes, in milliseconds."""
    start = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - start)


def report(name: str, times: list[float], limit: str = "") -> None:
    """Print median and 95th percentile."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    print(f"{name:<44}{statistics.median(times):>9.2f}{p95:>9.2f}   {limit}")  # noqa: T201


def main() -> None:
    """Measure and print."""
    data = loading.load()
    print(f"{'ms':<44}{'median':>9}{'p95':>9}   limit")  # noqa: T201
    for form, full in (("quick form", False), ("full form", True)):
        people = clients(data, full=full)
        read(data, *people[0])
        report(f"read, {form}", [milliseconds(partial(read, data, *one)) for one in people], "< 2")
        report(
            f"smallest change, {form}",
            [milliseconds(partial(smallest_change, data, *one)) for one in people],
            "< 50",
        )
        report(
            f"stability (1,000 draws), {form}",
            [milliseconds(partial(stability, data, *one)) for one in people],
            "< 50",
        )
    session = Session(data)
    Page(session)
    for screen in ("frustrations", "results", "next"):
        session.go(screen)
        times = [milliseconds(partial(session.respond, "reward_1", n % 5 + 1)) for n in range(30)]
        report(f"one slider move to page drawn, {screen}", times)
    for name, code in (("python alone", "pass"), ("import advisor.app", "import advisor.app"), (
        "import and open the workbook", "from advisor.app import open_workbook; open_workbook()")):  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:  # not the user's own store
            place = os.environ | {"ADVISOR_DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"}
            run = partial(subprocess.run, [sys.executable, "-c", code], check=True, env=place)
            report(name, [milliseconds(run) for _ in range(5)])


if __name__ == "__main__":
    main()
