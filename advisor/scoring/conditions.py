"""Evaluation of conditions (``When``) for any number of clients at once.

A condition on an answer that the client has not given never holds. So no sentence appears because an answer is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from advisor.content.model import FIXED, SITUATIONS, When
from advisor.scoring import scores
from advisor.scoring.likert import SLACK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from advisor.content.catalog import Catalog

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Conditions:
    """Conditions as arrays, one row for each condition.

    ``situations``: the situations that are allowed; the last column is for a situation that was not told.
    ``roles``: the roles that are allowed; the last column is for a role that was not told, the column before it for a
    role that the catalogue does not describe.
    ``experience``: the kinds of experience of which one must be named; no True means that none is needed.
    ``fixed``: the conditions of work (FIXED) that must be free to move.
    ``bounds``: four arrays with a row for each bound: column of the measure; bound; 1 (at least) or -1 (at most); and
    bounds x conditions, 1 if the bound belongs to the condition.
    """

    situations: Bools
    roles: Bools
    experience: Bools
    fixed: Bools
    bounds: tuple[Ints, Floats, Floats, Floats]


def rows_of(catalog: Catalog, group: str) -> Mapping[str, object]:
    """Return the steps, paths, variants, sayings or disagreements of a catalogue, or a group of its statements."""
    rows: Mapping[str, object] = catalog.statements[group] if group in catalog.statements else getattr(catalog, group)
    return rows


@lru_cache(maxsize=64)
def of_group(catalog: Catalog, group: str) -> Conditions:
    """Return the conditions of all rows of a group, in the catalogue's order."""
    rows = rows_of(catalog, group)
    whens = [getattr(row, "when", When()) for row in rows.values()]
    return _conditions(catalog, whens, [getattr(row, "against", ()) for row in rows.values()])


def as_arrays(catalog: Catalog, whens: Sequence[When]) -> Conditions:
    """Return these conditions as arrays."""
    return _conditions(catalog, whens, [()] * len(whens))


def _conditions(catalog: Catalog, whens: Sequence[When], against: Sequence[Sequence[str]]) -> Conditions:
    roles, known = tuple(catalog.roles), tuple(catalog.statements["experience"])
    columns = scores.measure_columns(catalog)
    all_bounds = [
        (columns[name], bound, sign, number)
        for number, when in enumerate(whens)
        for bounds, sign in ((when.above, 1.0), (when.below, -1.0))
        for name, bound in bounds.items()
    ]
    owners = np.zeros((len(all_bounds), len(whens)))
    for row, (_, _, _, number) in enumerate(all_bounds):
        owners[row, number] = 1

    def allowed(names: Sequence[str], wanted: Sequence[str], unwanted: Sequence[str], others: int) -> list[bool]:
        if wanted:
            return [*(name in wanted for name in names), *[False] * others]
        return [*(name not in unwanted for name in names), *[True] * others]

    return Conditions(
        situations=np.array([allowed(SITUATIONS, when.situations, (), 1) for when in whens], bool),
        roles=np.array([allowed(roles, when.roles, when.not_roles, 2) for when in whens], bool),
        experience=np.array([[name in when.experience for name in known] for when in whens], bool),
        fixed=np.array([[name in names for name in FIXED] for names in against], bool),
        bounds=(
            np.array([column for column, _, _, _ in all_bounds], np.int64),
            np.array([bound for _, bound, _, _ in all_bounds]),
            np.array([sign for _, _, sign, _ in all_bounds]),
            owners,
        ),
    )


def hold(conditions: Conditions, table: scores.Table, measured: Floats) -> Bools:
    """Return clients x conditions: whether every part of a condition was told and holds."""
    if not len(conditions.situations):
        return np.zeros((len(measured), 0), dtype=bool)
    holds = conditions.situations.T[table.situation] & conditions.roles.T[table.role]
    holds &= ~conditions.experience.any(axis=1) | (table.experience @ conditions.experience.T)
    holds &= ~(table.fixed @ conditions.fixed.T)
    columns, bounds, signs, owners = conditions.bounds
    if len(columns):
        kept = (measured[:, columns] - bounds) * signs >= -SLACK
        holds &= (~kept @ owners) == 0
    return holds
