"""Measures how long the scoring lab takes for a cohort: for one change of a figure, and for each of its analyses.

Run: python -m benchmarks.lab [FILE]. The figures are medians of seven; the last column is the workbook's own limit.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from advisor.analysis.cohort.facts import load
from advisor.analysis.lab import rules, search
from advisor.analysis.lab.compare import Comparison, compare
from advisor.analysis.lab.outcome import Outcome, evaluate
from advisor.analysis.lab.parameters import vary
from advisor.analysis.lab.sensitivity import stability, ties, tornado
from advisor.content import loading
from benchmarks.reading import milliseconds

ROUNDS = 7
ONE: dict[str, dict[str, float]] = {
    "a weight of a path": {"paths.change_role.misfit": 25},
    "a weight of a step": {"steps.quantify.visibility": 20},
    "a gate": {"gates.signs_against.at": 1},
    "the share that must be answered": {"min_answered": 0.5},
}


def changed(base: Outcome, changes: Mapping[str, float]) -> Comparison:
    """Return the comparison that the lab shows after a change."""
    return compare(base, evaluate(vary(base.catalog, changes), base.table, base))


def main() -> None:
    """Measure and print."""
    data = loading.load()
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else data.folder / "samples" / "cohort.parquet"
    table = load(data, file).table
    base = evaluate(data, table)
    print(f"{f'{len(base):,} respondents, ms':<64}{'median':>9}   limit")  # noqa: T201
    calls: dict[str, tuple[Callable[[], object], str]] = {
        "scores, measures, points and order of all": (partial(evaluate, data, table), "")
    }
    calls |= {
        f"change, evaluate and compare: {name}": (partial(changed, base, one), "< 300") for name, one in ONE.items()
    }
    calls |= {
        "tornado of every weight": (partial(tornado, base), "< 5,000"),
        "rank stability, 3 spreads of 100 draws": (partial(stability, base), "< 5,000"),
        "ties": (partial(ties, base), ""),
        "rules that never speak": (partial(rules.silent, base), ""),
        "answers that matter to nobody": (partial(search.inert, base), "< 5,000"),
        "advice that is never reached": (partial(search.unreached, base), "< 5,000"),
    }
    for name, (call, limit) in calls.items():
        median = statistics.median(milliseconds(call) for _ in range(ROUNDS))
        print(f"{name:<64}{median:>9.0f}   {limit}")  # noqa: T201


if __name__ == "__main__":
    main()
