"""A scoring version that is being tried out on a cohort: the only mutable object of the lab, beside its widgets."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.analysis.lab.compare import compare
from advisor.analysis.lab.outcome import evaluate
from advisor.analysis.lab.parameters import figures, parameters, vary
from advisor.content import loading
from advisor.content.folder import data_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from advisor.analysis.cohort.facts import Cohort
    from advisor.analysis.lab.compare import Comparison
    from advisor.analysis.lab.parameters import Number, Parameter
    from advisor.content.catalog import Catalog

SAMPLE = "samples/cohort.parquet"  # 12,000 synthetic respondents


class Trial:
    """A catalogue, the cohort it is tried on, and the changes so far; every change is evaluated at once.

    ``varied``: the catalogue with the changes; ``before`` and ``after``: the outcomes without and with them;
    ``comparison``: the difference of both; ``seconds``: how long the last evaluation took.
    """

    def __init__(self, catalog: Catalog, cohort: Cohort) -> None:
        self.catalog, self.cohort = catalog, cohort
        self.varied = catalog
        self.changes: dict[str, Number | None] = {}
        self.before = self.after = evaluate(catalog, cohort.table)
        self.comparison: Comparison = compare(self.before, self.after)
        self.seconds = 0.0
        self._listeners: list[Callable[[], None]] = []

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Return every figure of the trial with its present value and its range."""
        return parameters(self.varied)

    @property
    def original(self) -> Mapping[str, Number]:
        """Return every figure of the version that the trial is based on, by its path."""
        return figures(self.catalog.scoring)

    def change(self, path: str, value: Number | None) -> None:
        """Give a figure another value; None removes a weight, and the original value undoes the change.

        Raises:
            ParameterError: there is no such figure, or it cannot have this value; the trial stays as it was.
        """
        changes = {name: kept for name, kept in self.changes.items() if name != path}
        if value != self.original.get(path):
            changes[path] = value
        self._try(changes)

    def put_back(self, path: str | None = None) -> None:
        """Undo the change of one figure, or all changes."""
        self._try({name: value for name, value in self.changes.items() if path is not None and name != path})

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after every change."""
        self._listeners.append(listener)

    def _try(self, changes: dict[str, Number | None]) -> None:
        if changes == self.changes:
            return
        started = time.perf_counter()
        varied = vary(self.catalog, changes)
        after = evaluate(varied, self.cohort.table, self.before)
        self.comparison = compare(self.before, after)
        self.changes, self.varied, self.after = changes, varied, after
        self.seconds = time.perf_counter() - started
        for listener in self._listeners:
            listener()


def open_trial(cohort: Path | str | None = None, *, version: str | None = None, data: Path | None = None) -> Trial:
    """Return a trial for a scoring version (default: the last released) and a cohort file (default: the synthetic one).

    Raises:
        DataError: the data cannot be used.
        RefusedError: the cohort file cannot be read.
    """
    from advisor.analysis.cohort.facts import load  # noqa: PLC0415  (pandas and pyarrow take a second)

    catalog = loading.load(data, version)
    return Trial(catalog, load(catalog, Path(cohort) if cohort else data_dir() / SAMPLE))
