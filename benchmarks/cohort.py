"""How fast cohorts are scored, beside the least that it could take, and how much memory it needs. Run: make scale.

The ratios are of medians over interleaved rounds in one process, so that a busy machine slows both sides. The last
column is the workbook's own limit. ``python -m benchmarks.cohort 100000`` takes a tenth of the rows.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is imported, as in advisor.cli.cohort

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from advisor.analysis.cohort import cluster, score, shards
from advisor.analysis.cohort.facts import fact_columns
from advisor.analysis.cohort.model import Asked
from advisor.analysis.cohort.scores import ScoringPlan
from advisor.content import loading
from advisor.scoring import likert, scores

ROUNDS = 3
ITEMS, SCALES = 50, 10  # of the other instrument
GAPS = 0.03  # share of unanswered items
MIB = 1 << 20
# A process inherits the memory peak of its parent, so a small process starts the measured one.
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
Floats = NDArray[np.float64]


def seconds(call: Callable[[], object]) -> float:
    """Return how long one call takes, in seconds."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def interleaved(*calls: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Return the median time of each call, in seconds. The calls take turns."""
    times = [[seconds(call) for call in calls] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def report(name: str, ours: str, theirs: str, ratio: float, limit: str = "") -> None:
    """Print one line of the table."""
    print(f"{name:<52}{ours:>12}{theirs:>12}{ratio:>8.2f}   {limit}", flush=True)  # noqa: T201


def answers(rows: int, low: Floats, high: Floats) -> Floats:
    """Return random answers of people × items; a missing answer is NaN."""
    draw = np.random.default_rng(20261121)
    found = draw.integers(low.astype(int), high.astype(int) + 1, (rows, len(low))).astype(float)
    found[draw.random(found.shape) < GAPS] = np.nan
    return found


def brought(folder: Path, items: int = ITEMS, scales: int = SCALES) -> likert.Instrument:
    """Return an instrument that is not the workbook's own."""
    rows = [f"q{n:02},s{n % scales},{int(n % 3 == 0)},1,5" for n in range(items)]
    (folder / likert.FILE).write_text("\n".join(["id,scale,reverse,low,high", *rows]) + "\n")
    return likert.read_instrument(folder)


def file_of(instrument: likert.Instrument, rows: int, path: Path) -> Path:
    """Write a cohort file: an id, and an answer to each item."""
    frame = pd.DataFrame(answers(rows, instrument.low, instrument.high), columns=list(instrument.items))
    frame = frame.astype("Int8")
    frame.insert(0, "id", [f"r{n:07}" for n in range(rows)])
    frame.to_csv(path, index=False)
    return path


def score_to(plan: ScoringPlan, path: Path, out: Path, pieces: score.Pieces = score.here) -> None:
    """Score a file as ``advisor score`` does."""
    low, high = plan.instrument.low.astype(int).tolist(), plan.instrument.high.astype(int).tolist()
    items = dict(zip(plan.instrument.items, zip(low, high, strict=True), strict=True))
    found = shards.opened((path,), Asked(items, fact_columns(plan.catalog) if plan.catalog else ()))
    chosen = found.chosen
    whole = ScoringPlan(plan.instrument, chosen.carried, chosen.identity, plan.min_answered, plan.metric, plan.catalog)
    score.score(whole, found.shards, out, out.with_suffix(shards.REPORT), pieces=pieces)


def measure_scoring(rows: int, instrument: likert.Instrument) -> None:
    """Compare the scoring of answers in memory with the matrix products that it needs at least."""
    given = answers(rows, instrument.low, instrument.high)
    factors, added = instrument.keys["percent"]
    weights, sums = factors.T.copy(), np.concatenate([added, instrument.member]).T.copy()
    told, filled = (~np.isnan(given)).astype(float), np.nan_to_num(given)

    def products() -> None:
        for start in range(0, rows, likert.BLOCK):
            _ = filled[start : start + likert.BLOCK] @ weights, told[start : start + likert.BLOCK] @ sums

    ours, bare = interleaved(partial(likert.score, instrument, given), products, rounds=2 * ROUNDS + 1)
    report(f"scores of {rows:,} x {given.shape[1]}, bare products", f"{ours:.2f} s", f"{bare:.2f} s", ours / bare, "3")


def measure_files(name: str, plan: ScoringPlan, path: Path, folder: Path) -> None:
    """Compare scoring from CSV to CSV with pandas, which reads the same file and writes the same table."""
    out = folder / "scores.csv"
    score_to(plan, path, out)
    frame = pd.read_csv(out)

    def pandas() -> None:
        pd.read_csv(path)
        frame.to_csv(folder / "pandas.csv", index=False)

    ours, theirs = interleaved(partial(score_to, plan, path, out), pandas)
    report(f"CSV to CSV, {name}, pandas", f"{ours:.1f} s", f"{theirs:.1f} s", ours / theirs, "2")


def measure_memory(rows: int, instrument: likert.Instrument, folder: Path) -> None:
    """Compare the memory peak for ``rows`` with that for a quarter of them."""
    peaks = []
    for count in (rows // 4, rows):
        path = file_of(instrument, count, folder / f"{count}.csv")
        command = [sys.executable, "-m", "advisor", "score", str(path), "--instrument", str(folder), "--quiet"]
        command = [sys.executable, "-c", PEAK, *command, "--out", str(folder / "scores.csv")]
        told = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  (our own command)
        peaks.append(int(told.stdout) / (MIB if sys.platform == "darwin" else 1024))
    four, one = peaks[1], peaks[0]
    report(f"peak memory, {rows:,} rows, {rows // 4:,}", f"{four:.0f} MiB", f"{one:.0f} MiB", four / one, "1.2")


def measure_cluster(plan: ScoringPlan, path: Path, folder: Path) -> None:
    """Compare two workers on this machine with one, and the work of a worker with that of the main process.

    The second ratio says how many workers one main process (it cuts, fetches and writes) can keep busy.
    """
    out = folder / "scores.csv"
    with cluster.connected("local:1") as first, cluster.connected("local:2") as second:
        calls = [partial(score_to, plan, path, out, cluster.pieces_of(client)) for client in (first, second)]
        for call in calls:  # a worker imports pandas with its first block
            call()
        alone, both = interleaved(*calls)
        here, there = time.process_time(), sum(first.run(time.process_time).values())
        calls[0]()
        here, there = time.process_time() - here, sum(first.run(time.process_time).values()) - there
    size = path.stat().st_size / MIB
    report("MiB of CSV in a second, 2 workers, 1", f"{size / both:.0f}", f"{size / alone:.0f}", alone / both)
    report("processor time, worker, who writes", f"{there:.1f} s", f"{here:.1f} s", there / here)


def main() -> None:
    """Measure and print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    content = loading.load()
    own = ScoringPlan(scores.key(content).instrument, min_answered=content.scoring.min_answered, catalog=content)
    print(f"{'':<52}{'ours':>12}{'beside':>12}{'ratio':>8}   limit")  # noqa: T201
    measure_scoring(rows, own.instrument)
    with tempfile.TemporaryDirectory(prefix="advisor-") as name:
        folder = Path(name)
        plan = ScoringPlan(brought(folder))
        measure_memory(rows, plan.instrument, folder)
        path = folder / f"{rows}.csv"
        measure_files(f"{rows:,} x {ITEMS}", plan, path, folder)
        wide = file_of(own.instrument, rows, folder / "own.csv")
        measure_files(f"{rows:,} x {len(own.instrument.items)} with advice", own, wide, folder)
        measure_cluster(own, wide, folder)


if __name__ == "__main__":
    main()
