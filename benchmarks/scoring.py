"""How fast ``advisor score`` reads, scores and writes a file, beside pandas and polars. Run: make bench.

All take turns, so that a busy machine slows all of them. Ours also checks every cell, looks for people who are there
twice, and writes a report. The last column is the workbook's own limit. ``python -m benchmarks.scoring 100000`` takes
a tenth of the rows; with ``workers`` behind it, one and two workers of a Dask cluster are measured, too.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is imported, as in advisor.cli.cohort

import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from advisor.analysis.cohort import cluster
from advisor.analysis.cohort.scores import ScoringPlan
from advisor.scoring import likert
from benchmarks.cohort import MIB, brought, file_of, report, score_to, seconds

ITEMS, SCALES = 25, 5
ROUNDS = 7
FEW = 1000  # rows of a file whose scoring is all start-up
POLARS = Path(".venv-bench") / ("Scripts" if sys.platform == "win32" else "bin") / "python"


def with_pandas(instrument: likert.Instrument, path: Path, out: Path) -> None:
    """Read, score and write a file with pandas, as an analyst would write it."""
    given = pd.read_csv(path)
    scores = pd.DataFrame({"id": given["id"]})
    for scale in instrument.scales:
        own = instrument.items_of(scale)
        answers = given[[instrument.items[number] for number in own]]
        low, high = instrument.low[own], instrument.high[own]
        shares = np.where(instrument.reverse[own], high - answers, answers - low) / (high - low)
        enough = answers.notna().mean(axis=1) >= likert.MIN_ANSWERED
        scores[scale] = (100 * pd.DataFrame(shares).mean(axis=1)).where(enough)
    scores.to_csv(out, index=False)


def with_polars(peer: subprocess.Popen[str]) -> float:
    """Return how long polars takes in its own environment, in seconds."""
    if peer.stdin is None or peer.stdout is None:
        raise RuntimeError("the peer has no pipes")
    peer.stdin.write("\n")
    peer.stdin.flush()
    return float(peer.stdout.readline())


def measure_peers(plan: ScoringPlan, path: Path, rows: int) -> None:
    """Compare ours with pandas and polars on the same file."""
    folder = path.parent
    command = [str(POLARS), "-m", "benchmarks.peers.polars_scores", str(folder / likert.FILE), str(path)]
    times: dict[str, list[float]] = {"ours": [], "pandas": [], "polars": []}
    with subprocess.Popen(  # noqa: S603  (our own command)
        [*command, str(folder / "polars.csv")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as peer:
        for _ in range(ROUNDS):
            times["ours"].append(seconds(partial(score_to, plan, path, folder / "scores.csv")))
            times["pandas"].append(seconds(partial(with_pandas, plan.instrument, path, folder / "pandas.csv")))
            times["polars"].append(with_polars(peer))
        peer.terminate()
    _check(folder, plan.instrument.scales)
    ours = statistics.median(times["ours"])
    for name, limit in (("pandas", ""), ("polars", "2")):
        theirs = statistics.median(times[name])
        report(f"CSV to CSV, {rows:,} x {ITEMS}, {name}", f"{ours:.2f} s", f"{theirs:.2f} s", ours / theirs, limit)


def _check(folder: Path, scales: tuple[str, ...]) -> None:
    """Raise if one of the three came to other scores."""
    ours = pd.read_csv(folder / "scores.csv")[list(scales)]
    for name in ("pandas", "polars"):
        np.testing.assert_allclose(pd.read_csv(folder / f"{name}.csv")[list(scales)], ours, rtol=1e-9)


def measure_start(folder: Path, instrument: likert.Instrument) -> None:
    """Compare the command on a small file with Python that only imports what it needs at least."""
    path = file_of(instrument, FEW, folder / "few.csv")
    command = [sys.executable, "-m", "advisor", "score", str(path), "--instrument", str(folder), "--quiet", "--out"]
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    run = partial(subprocess.run, check=True, env=compiled)
    ours = partial(run, [*command, str(folder / "few.scores.csv")])
    least = partial(run, [sys.executable, "-c", "import numpy, pyarrow, pydantic, click, yaml"])
    ours()  # Python compiles what it has not compiled yet
    times = [(seconds(ours), seconds(least)) for _ in range(ROUNDS)]
    start, bare = (statistics.median(one) for one in zip(*times, strict=True))
    report(f"advisor score of {FEW:,} rows, bare imports", f"{start:.2f} s", f"{bare:.2f} s", start / bare, "0.5 s")


def measure_workers(plan: ScoringPlan, path: Path, rows: int) -> None:
    """Compare two workers with one, and one with no cluster; say what a cluster costs before its first block."""
    out = path.parent / "scores.csv"
    with ExitStack() as stack:
        begun = time.perf_counter()
        first = stack.enter_context(cluster.connected("local:1"))
        start = time.perf_counter() - begun
        second = stack.enter_context(cluster.connected("local:2"))
        calls = [partial(score_to, plan, path, out, cluster.pieces_of(client)) for client in (first, second)]
        calls.append(partial(score_to, plan, path, out))
        for call in calls:  # a worker imports Arrow with its first block
            call()
        one, two, none = (statistics.median(times) for times in zip(*_rounds(calls), strict=True))
    size = path.stat().st_size / MIB
    report(
        f"{rows:,} rows, {size:.0f} MiB: 2 workers, 1", f"{two:.1f} s", f"{one:.1f} s", one / two, "1.6 where cores are"
    )
    report(f"{rows:,} rows: 2 workers, no cluster", f"{two:.1f} s", f"{none:.1f} s", none / two)
    report("start of a local cluster", f"{start:.1f} s", "", 0)


def _rounds(calls: list[partial[None]]) -> list[list[float]]:
    return [[seconds(call) for call in calls] for _ in range(3)]


def main() -> None:
    """Measure and print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"{'':<52}{'ours':>12}{'beside':>12}{'ratio':>8}   limit")  # noqa: T201
    with tempfile.TemporaryDirectory(prefix="advisor-") as name:
        folder = Path(name)
        plan = ScoringPlan(brought(folder, ITEMS, SCALES))
        path = file_of(plan.instrument, rows, folder / f"{rows}.csv")
        if "workers" in sys.argv:
            measure_workers(plan, path, rows)
            return
        measure_start(folder, plan.instrument)
        measure_peers(plan, path, rows)


if __name__ == "__main__":
    main()
