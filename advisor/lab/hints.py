"""The hints that only the adviser sees, for any number of respondents: the same as advisor.reading gives to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from advisor import measures, scoring

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advisor.catalog import Catalog

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

HINTS = ("straight_line", "opposed_items", "contradiction", "few_answers", "help")


def hints(catalog: Catalog, table: scoring.Table, scores: Floats, measured: Floats) -> Bools:
    """Return respondents x :data:`HINTS`; ``help``: consequences so high that help should be named."""
    limits = catalog.scoring.hints
    columns = scoring.measure_columns(catalog)
    known = np.nan_to_num(scores, nan=0.0)
    given = np.where(table.asked, table.answers, np.nan)
    count = (~np.isnan(given)).sum(axis=1)
    contradictions = [
        (known[:, columns[pair.first]] >= pair.at) & (known[:, columns[pair.second]] >= pair.at)
        for pair in limits.contradictions
    ]
    return np.column_stack(
        [
            _longest_run(catalog, given) >= limits.longest_run,
            _opposed(catalog, given, limits.opposed_items),
            np.logical_or.reduce([np.zeros(len(scores), dtype=bool), *contradictions]),
            (count > 0) & (count < len(catalog.scales) / 2),
            (measured[:, columns[measures.CONSEQUENCES]] >= limits.help_at)
            | (known[:, columns["motivation"]] > limits.help_at),
        ]
    )


def _longest_run(catalog: Catalog, given: Floats) -> NDArray[np.int64]:
    """Return how often the same point was given in a row, scale by scale; unanswered items do not end a run."""
    position = {item: number for number, item in enumerate(scoring.key(catalog).items)}
    run, longest = np.zeros(len(given), dtype=np.int64), np.zeros(len(given), dtype=np.int64)
    last = np.full(len(given), np.nan)
    for scale in catalog.scales:
        for item in catalog.items_of(scale):
            answer = given[:, position[item.id]]
            told = ~np.isnan(answer)
            run = np.where(told, np.where(answer == last, run + 1, 1), run)
            last = np.where(told, answer, last)
            longest = np.maximum(longest, run)
    return longest


def _opposed(catalog: Catalog, given: Floats, at: int) -> Bools:
    """Return who gave answers to one scale that differ by ``at`` points or more after keying."""
    instrument = scoring.key(catalog).instrument
    keyed = np.where(instrument.reverse, instrument.low + instrument.high - given, given)
    found = np.zeros(len(given), dtype=bool)
    for scale in instrument.scales:
        part = keyed[:, instrument.items_of(scale)]
        highest = np.where(np.isnan(part), -np.inf, part).max(axis=1)
        lowest = np.where(np.isnan(part), np.inf, part).min(axis=1)
        found |= highest - lowest >= at
    return found
