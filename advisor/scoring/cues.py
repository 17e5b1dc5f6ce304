"""What only the adviser is told of the answers: their style, contradictions, the cue to help, what was passed over.

For any number of clients at once: one client is a cohort of one. None of it changes a score.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from advisor.scoring import scores as scoring
from advisor.scoring.results import Hint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advisor.content.catalog import Catalog
    from advisor.content.model import Case

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

HINTS = ("straight_line", "opposed_items", "contradiction", "few_answers", "help")


@dataclass(frozen=True, slots=True, eq=False)
class Cues:
    """What stands out, with respondents as rows.

    ``runs`` (x items in the order in which they are asked): the how manieth same answer in a row this one is, 0 where
    there is none; ``opposed`` (x scales); ``contradictions`` (x the pairs of the scoring version); ``few``; ``help``:
    the effects of the worries stand so high that help should be named.
    """

    catalog: Catalog
    runs: Ints
    opposed: Bools
    contradictions: Bools
    few: Bools
    help: Bools

    @property
    def shown(self) -> Bools:
        """Return respondents x :data:`HINTS`: which of them the adviser sees."""
        straight = self.runs.max(axis=1, initial=0) >= self.catalog.scoring.hints.longest_run
        return np.column_stack(
            [straight, self.opposed.any(axis=1), self.contradictions.any(axis=1), self.few, self.help]
        )

    def hints(self, row: int = 0) -> tuple[Hint, ...]:
        """Return the hints of one respondent with the items or scales they are about; the cue to help is none."""
        shown = dict(zip(HINTS, self.shown[row].tolist(), strict=True))
        pairs = self.catalog.scoring.hints.contradictions
        found = [Hint("straight_line", self._longest_run(row))] if shown["straight_line"] else []
        found += [
            Hint("opposed_items", (scale,))
            for scale, is_so in zip(self.catalog.scales, self.opposed[row].tolist(), strict=True)
            if is_so
        ]
        found += [
            Hint("contradiction", (pair.first, pair.second))
            for pair, is_so in zip(pairs, self.contradictions[row].tolist(), strict=True)
            if is_so
        ]
        return (*found, Hint("few_answers")) if shown["few_answers"] else tuple(found)

    def _longest_run(self, row: int) -> tuple[str, ...]:
        runs = self.runs[row]
        end = int(runs.argmax())
        answered = [place for place in range(end + 1) if runs[place]]
        items, (order, _) = scoring.key(self.catalog).items, _asked(self.catalog)
        return tuple(items[order[place]] for place in answered[-int(runs[end]) :])


def cues(catalog: Catalog, table: scoring.Table, scores: Floats) -> Cues:
    """Return what stands out in the answers of ``table``, whose scores are ``scores``."""
    limits, columns = catalog.scoring.hints, scoring.measure_columns(catalog)
    known = np.nan_to_num(scores, nan=0.0)
    given = np.where(table.asked, table.answers, np.nan)
    count = (~np.isnan(given)).sum(axis=1)
    pairs = [
        (known[:, columns[pair.first]] >= pair.at) & (known[:, columns[pair.second]] >= pair.at)
        for pair in limits.contradictions
    ]
    return Cues(
        catalog,
        runs=_runs(catalog, given),
        opposed=_opposed(catalog, given),
        contradictions=np.array(pairs, dtype=bool).reshape(len(pairs), len(scores)).T,
        few=(count > 0) & (count < len(catalog.scales) / 2),
        help=scoring.help_needed(catalog, scores),
    )


def passed_over(catalog: Catalog, case: Case) -> tuple[str, ...]:
    """Return the effects of the worries that the client went past: skipped, or left open where others are answered.

    A question that hurts is the first to be skipped, so the adviser is told. The client's papers do not say it.
    """
    effects = {scale: [item.id for item in catalog.items_of(scale)] for scale in catalog.of_kind("consequence")}
    told = {scale for scale, items in effects.items() if any(item in case.responses for item in items)}
    skipped = {scale for scale, items in effects.items() if any(case.marks.get(item) == "skip" for item in items)}
    return tuple(scale for scale in effects if scale in skipped or (told and scale not in told))


@lru_cache(maxsize=8)
def _asked(catalog: Catalog) -> tuple[Ints, Ints]:
    """Return the columns of the items in the order in which they are asked, and where each scale begins there."""
    instrument = scoring.key(catalog).instrument
    groups = [np.asarray(instrument.items_of(scale)) for scale in instrument.scales]
    starts = np.cumsum([0, *(len(group) for group in groups[:-1])])
    return np.concatenate(groups), starts


def _runs(catalog: Catalog, given: Floats) -> Ints:
    """Return how often the same point was given in a row up to each item; unanswered items do not end a run."""
    answers = given[:, _asked(catalog)[0]]
    told, place = ~np.isnan(answers), np.arange(answers.shape[1])
    last = np.maximum.accumulate(np.where(told, place, -1), axis=1)
    before = np.column_stack([np.full(len(last), -1), last[:, :-1]])
    changed = told & ((before < 0) | (answers != np.take_along_axis(answers, np.maximum(before, 0), axis=1)))
    count = told.cumsum(axis=1)
    since = np.maximum.accumulate(np.where(changed, count - 1, 0), axis=1)
    return np.where(told, count - since, 0)


def _opposed(catalog: Catalog, given: Floats) -> Bools:
    """Return respondents x scales: whether the answers differ so much, keyed, that they contradict each other."""
    instrument, (order, starts) = scoring.key(catalog).instrument, _asked(catalog)
    keyed = np.where(instrument.reverse, instrument.low + instrument.high - given, given)[:, order]
    highest, lowest = (part.reduceat(keyed, starts, axis=1) for part in (np.fmax, np.fmin))
    return np.asarray(highest - lowest >= catalog.scoring.hints.opposed_items, dtype=np.bool_)
