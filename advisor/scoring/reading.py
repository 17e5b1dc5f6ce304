"""The reading of a case: one pure call computes everything that the workbook says about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from advisor.content import measures
from advisor.content.model import Case, Facts
from advisor.scoring import advice, conditions, cues, dials, likert, role_fit
from advisor.scoring import scores as scoring
from advisor.scoring.results import Lacking, Reading, Score

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from advisor.content.catalog import Catalog
    from advisor.content.model import When
    from advisor.scoring.results import Band


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """The client of a reading, for the evaluation of conditions: a table with one row, and 1 x measures."""

    table: scoring.Table
    measured: NDArray[np.float64]


def read(catalog: Catalog, responses: Mapping[str, int], facts: Facts) -> Reading:
    """Return the reading of one client: scores, index, paths, steps, gates, roles, cues, disagreements and gaps.

    ``responses``: item id → answer between the item's low and high. Items that the present form does not ask do not
    count. The same case and catalogue always give the same reading.
    """
    case = Case(responses=dict(responses), facts=facts)
    table = scoring.tabulate(catalog, [case])
    scored = scoring.score(catalog, table)
    measured = scoring.measure(catalog, table, scored)
    seen = cues.cues(catalog, table, scored)
    values = dict(zip(scoring.key(catalog).measures, measured[0], strict=True))
    scores = {scale: _score(catalog, case, scale, values[scale]) for scale in catalog.scales}
    paths = advice.path_standing(catalog, table, measured)
    known = advice.with_first(catalog, measured, paths)
    steps = advice.step_standing(catalog, table, known)
    return Reading(
        scores=scores,
        index=_index(catalog, scores, values[measures.INDEX]),
        signs_yes=sum(answer == "yes" for answer in facts.signs.values()),
        signs_told=len(facts.signs),
        paths=advice.advise(catalog, "paths", case, paths, measured),
        steps=advice.advise(catalog, "steps", case, steps, known),
        gates=advice.gate_states(catalog, measured),
        roles=role_fit.fit(catalog, scored),
        role_nearness=dials.nearness(catalog, scores),
        cues=seen.of_one(),
        help_needed=bool(seen.help[0]),
        disagreements=_disagreements(catalog, scores),
        gaps=tuple(scale for scale, score in scores.items() if score.value is None),
        lacking=_lacking(catalog, table, measured),
        near=_near(catalog, table, measured, paths),
        client=Measured(table, known),
    )


def _lacking(catalog: Catalog, table: scoring.Table, measured: NDArray[np.float64]) -> Lacking | None:
    (situation,), (traits,), (worries,) = advice.missing_answers(catalog, table, measured)
    return Lacking(bool(situation), int(traits), int(worries)) if situation or traits or worries else None


def _near(
    catalog: Catalog, table: scoring.Table, measured: NDArray[np.float64], paths: advice.Standing
) -> tuple[str, ...]:
    together = advice.near_ties(catalog, paths, advice.may_leave(catalog, table, measured))[0]
    return tuple(paths.targets[position] for position in paths.order[0] if together[position])


def true_for(catalog: Catalog, reading: Reading, when: When) -> bool:
    """Return whether a condition holds for the client of a reading."""
    client: Measured = reading.client
    return bool(conditions.hold(conditions.as_arrays(catalog, [when]), client.table, client.measured)[0, 0])


def true_ones(catalog: Catalog, reading: Reading, group: str) -> tuple[str, ...]:
    """Return the ids of a group's rows whose condition holds for the client of a reading, in the catalogue's order."""
    return _true_ones(catalog, reading.client, group)


@lru_cache(maxsize=64)  # one screen asks for each group many times
def _true_ones(catalog: Catalog, client: Measured, group: str) -> tuple[str, ...]:
    rows = conditions.rows_of(catalog, group)
    if not rows:
        return ()
    held = conditions.hold(conditions.of_group(catalog, group), client.table, client.measured)[0]
    return tuple(name for name, holds in zip(rows, held.tolist(), strict=True) if holds)


def band(catalog: Catalog, value: float | None, of: Literal["score", "index"] = "score") -> Band | None:
    """Return the band of a score or index (0-100): low, middle or high; None for None."""
    if value is None:
        return None
    cuts = catalog.scoring.bands[of]
    return "high" if value >= cuts.high else "middle" if value >= cuts.middle else "low"


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _needed(catalog: Catalog, asked: int) -> int:
    """Return how many of ``asked`` items or scales must be answered for a score."""
    return next(n for n in range(asked + 1) if n >= catalog.scoring.min_answered * asked - likert.SLACK)


def _score(catalog: Catalog, case: Case, scale: str, value: float) -> Score:
    items = catalog.active_items(scale, case.facts.widened)
    answered = tuple(item.id for item in items if item.id in case.responses)
    needed = _needed(catalog, len(items))
    return Score(scale, _number(value), band(catalog, _number(value)), len(answered), needed, answered)


def _index(catalog: Catalog, scores: Mapping[str, Score], value: float) -> Score:
    traits = catalog.of_kind("fit", "misfit")
    answered = [trait for trait in traits if scores[trait].value is not None]
    needed = _needed(catalog, len(traits))
    items = tuple(item for trait in answered for item in scores[trait].items)
    return Score(measures.INDEX, _number(value), band(catalog, _number(value), "index"), len(answered), needed, items)


def _disagreements(catalog: Catalog, scores: Mapping[str, Score]) -> tuple[str, ...]:
    """Return the disagreements of the sources about a scale that is high for this client."""
    high = {scale for scale, score in scores.items() if score.band == "high"}
    return tuple(name for name, row in catalog.disagreements.items() if high & set(row.about))
