"""Cues for the adviser: answering style, contradictions, need of help, and effects that the client passed over.

The functions take any number of clients; one client is a cohort of one. A cue never changes a score.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from advisor.scoring import scores as scoring
from advisor.scoring.results import Cue

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advisor.content.catalog import Catalog
    from advisor.content.model import Case

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

CUES = ("straight_line", "opposed_items", "contradiction", "few_answers", "help")


@dataclass(frozen=True, slots=True, eq=False)
class Cues:
    """The cues of many respondents, one row each.

    ``runs`` (x items, in the order of asking): how many equal answers in a row end with this answer; 0 if unanswered.
    ``opposed`` (x scales): the answers to the scale's items contradict each other.
    ``contradictions`` (x pairs of the scoring version): both scales of the pair are high.
    ``few``: fewer answers than half the number of scales, but at least one.
    ``help``: the effects of the worries are so high that the adviser should name help.
    """

    catalog: Catalog
    runs: Ints
    opposed: Bools
    contradictions: Bools
    few: Bools
    help: Bools

    @property
    def shown(self) -> Bools:
        """Return respondents x :data:`CUES`: whether the adviser sees each cue."""
        straight = self.runs.max(axis=1, initial=0) >= self.catalog.scoring.hints.longest_run
        return np.column_stack(
            [straight, self.opposed.any(axis=1), self.contradictions.any(axis=1), self.few, self.help]
        )

    def of_one(self, row: int = 0) -> tuple[Cue, ...]:
        """Return the cues of one respondent with their items or scales; that to help is not among them."""
        shown = dict(zip(CUES, self.shown[row].tolist(), strict=True))
        pairs = self.catalog.scoring.hints.contradictions
        found = [Cue("straight_line", self._longest_run(row))] if shown["straight_line"] else []
        found += [
            Cue("opposed_items", (scale,))
            for scale, opposed in zip(self.catalog.scales, self.opposed[row].tolist(), strict=True)
            if opposed
        ]
        found += [
            Cue("contradiction", (pair.first, pair.second))
            for pair, contradicts in zip(pairs, self.contradictions[row].tolist(), strict=True)
            if contradicts
        ]
        return (*found, Cue("few_answers")) if shown["few_answers"] else tuple(found)

    def _longest_run(self, row: int) -> tuple[str, ...]:
        runs = self.runs[row]
        end = int(runs.argmax())
        answered = [place for place in range(end + 1) if runs[place]]
        items, (order, _) = scoring.key(self.catalog).items, _asked(self.catalog)
        return tuple(items[order[place]] for place in answered[-int(runs[end]) :])


def cues(catalog: Catalog, table: scoring.Table, scores: Floats) -> Cues:
    """Return the cues for the answers of ``table``; ``scores`` (clients x scales): their scores."""
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
    """Return the effects of the worries that the client skipped, or left open although others are answered.

    Clients skip painful questions first, so the adviser should know. The client's papers do not show it.
    """
    effects = {scale: [item.id for item in catalog.items_of(scale)] for scale in catalog.of_kind("consequence")}
    answered = {scale for scale, items in effects.items() if any(item in case.responses for item in items)}
    skipped = {scale for scale, items in effects.items() if any(case.marks.get(item) == "skip" for item in items)}
    return tuple(scale for scale in effects if scale in skipped or (answered and scale not in answered))


@lru_cache(maxsize=8)
def _asked(catalog: Catalog) -> tuple[Ints, Ints]:
    """Return the columns of the items in the order of asking, and the position in it at which each scale begins."""
    instrument = scoring.key(catalog).instrument
    groups = [np.asarray(instrument.items_of(scale)) for scale in instrument.scales]
    starts = np.cumsum([0, *(len(group) for group in groups[:-1])])
    return np.concatenate(groups), starts


def _runs(catalog: Catalog, given: Floats) -> Ints:
    """Return respondents x items: the length of the run of equal answers up to each item; gaps do not end a run."""
    answers = given[:, _asked(catalog)[0]]
    told, place = ~np.isnan(answers), np.arange(answers.shape[1])
    last = np.maximum.accumulate(np.where(told, place, -1), axis=1)
    before = np.column_stack([np.full(len(last), -1), last[:, :-1]])
    changed = told & ((before < 0) | (answers != np.take_along_axis(answers, np.maximum(before, 0), axis=1)))
    count = told.cumsum(axis=1)
    since = np.maximum.accumulate(np.where(changed, count - 1, 0), axis=1)
    return np.where(told, count - since, 0)


def _opposed(catalog: Catalog, given: Floats) -> Bools:
    """Return respondents x scales: whether the keyed answers differ by at least ``opposed_items`` points."""
    instrument, (order, starts) = scoring.key(catalog).instrument, _asked(catalog)
    keyed = np.where(instrument.reverse, instrument.low + instrument.high - given, given)[:, order]
    highest, lowest = (part.reduceat(keyed, starts, axis=1) for part in (np.fmax, np.fmin))
    return np.asarray(highest - lowest >= catalog.scoring.hints.opposed_items, dtype=np.bool_)
