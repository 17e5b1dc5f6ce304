"""What a scoring version says of each worked case, beside what was worked out for it by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from advisor.analysis.lab.outcome import evaluate
from advisor.content.worked_cases import FILE, Expected, case, people
from advisor.scoring.scores import tabulate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from advisor.analysis.lab.outcome import Outcome
    from advisor.content.catalog import Catalog
    from advisor.content.worked_cases import Sample

STEPS_TOLD = 5  # a worked case names so many steps


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A worked case before and after; ``broken``: the fields of its ``expected`` that do not hold afterwards."""

    name: str
    before: Expected
    after: Expected
    broken: tuple[str, ...]


def cases(catalog: Catalog) -> Mapping[str, Sample]:
    """Return the worked cases beside the catalogue's files; none where there is no such file.

    What is expected of them belongs to the present version: it may name steps that an older catalogue does not have.

    Raises:
        DataError: the file of the cases cannot be used.
    """
    file = catalog.folder / FILE
    if not file.is_file():
        return {}
    return _cases(_Origin(catalog.folder, catalog.scoring.version, file.stat().st_mtime_ns, catalog))


@dataclass(frozen=True, slots=True)
class _Origin:
    """The key of the cache: what worked cases depend on. A varied catalogue has the same: it is not compared."""

    folder: Path
    version: str
    written: int
    catalog: Catalog = field(compare=False)


@lru_cache(maxsize=4)
def _cases(origin: _Origin) -> Mapping[str, Sample]:
    return people(origin.catalog, origin.folder)


def told(outcome: Outcome, row: int) -> Expected:
    """Return what an outcome says of one respondent, in the form of a worked case."""
    scores = [None if np.isnan(value) else float(value) for value in outcome.scores[row]]
    index = float(outcome.index[row])
    ranked = {
        group: tuple(
            (standing.targets[target], int(standing.points[row, target]))
            for target in standing.order[row].tolist()
            if standing.fits[row, target]
        )
        for group, standing in (("paths", outcome.paths), ("steps", outcome.steps))
    }
    return Expected(
        index=None if np.isnan(index) else index,
        scores=dict(zip(outcome.catalog.scales, scores, strict=True)),
        paths=ranked["paths"],
        steps=ranked["steps"][:STEPS_TOLD],
        gates_open=tuple(np.array(list(outcome.catalog.scoring.gates))[outcome.gates[row]].tolist()),
        first=ranked["paths"][0][0] if ranked["paths"] else None,
    )


def broken(expected: Expected, found: Expected) -> tuple[str, ...]:
    """Return the fields in which two worked cases differ."""
    return tuple(name for name in Expected.model_fields if getattr(expected, name) != getattr(found, name))


def changes(before: Catalog, after: Catalog) -> tuple[CaseChange, ...]:
    """Return the worked cases of which ``after`` says something else than ``before``."""
    known = cases(after)
    if not known:
        return ()
    asked = [case(sample, "") for sample in known.values()]
    one, other = (evaluate(catalog, tabulate(catalog, asked)) for catalog in (before, after))
    found = []
    for row, (name, sample) in enumerate(known.items()):
        was, now = told(one, row), told(other, row)
        if was != now:
            found.append(CaseChange(name, was, now, broken(sample.expected, now)))
    return tuple(found)


def unaccepted(catalog: Catalog) -> tuple[CaseChange, ...]:
    """Return the worked cases whose ``expected`` does not hold; ``before`` is what is expected."""
    known = cases(catalog)
    if not known:
        return ()
    outcome = evaluate(catalog, tabulate(catalog, [case(sample, "") for sample in known.values()]))
    pairs = [(name, sample.expected, told(outcome, row)) for row, (name, sample) in enumerate(known.items())]
    changed = (CaseChange(name, expected, found, broken(expected, found)) for name, expected, found in pairs)
    return tuple(change for change in changed if change.broken)
