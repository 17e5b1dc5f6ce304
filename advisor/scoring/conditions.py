"""For whom something may be said or advised, for any number of clients and conditions at once.

What was not told never holds: no sentence is said because an answer is missing.
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
    """Conditions as matrices with a row for each: which situations and roles they allow, what else they ask for.

    The last column of ``situations`` and ``roles`` is for what was not told, the one before it in ``roles`` for a role
    that the catalogue does not know. ``bounds``: column of a measure, its bound, 1 (at least) or -1 (at most), and
    whose condition it is. ``fixed``: what must be free to move.
    """

    situations: Bools
    roles: Bools
    experience: Bools
    fixed: Bools
    bounds: tuple[Ints, Floats, Floats, Floats]


def rows_of(catalog: Catalog, group: str) -> Mapping[str, object]:
    """Return the steps, paths, variants, sayings or disagreements of a catalogue, or a group of its statements."""
    found: Mapping[str, object] = catalog.statements[group] if group in catalog.statements else getattr(catalog, group)
    return found


@lru_cache(maxsize=64)
def of_group(catalog: Catalog, group: str) -> Conditions:
    """Return the conditions of all rows of a group, in the catalogue's order."""
    rows = rows_of(catalog, group)
    whens = [getattr(row, "when", When()) for row in rows.values()]
    return _conditions(catalog, whens, [getattr(row, "against", ()) for row in rows.values()])


def of(catalog: Catalog, whens: Sequence[When]) -> Conditions:
    """Return any conditions over a catalogue."""
    return _conditions(catalog, whens, [()] * len(whens))


def _conditions(catalog: Catalog, whens: Sequence[When], against: Sequence[Sequence[str]]) -> Conditions:
    roles, known = tuple(catalog.roles), tuple(catalog.statements["experience"])
    columns = scores.measure_columns(catalog)
    told = [
        (columns[name], bound, sign, number)
        for number, when in enumerate(whens)
        for bounds, sign in ((when.above, 1.0), (when.below, -1.0))
        for name, bound in bounds.items()
    ]
    owners = np.zeros((len(told), len(whens)))
    for row, (_, _, _, number) in enumerate(told):
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
            np.array([column for column, _, _, _ in told], np.int64),
            np.array([bound for _, bound, _, _ in told]),
            np.array([sign for _, _, sign, _ in told]),
            owners,
        ),
    )


def hold(conditions: Conditions, table: scores.Table, measured: Floats) -> Bools:
    """Return clients x conditions: whether everything that a condition names was told and holds."""
    if not len(conditions.situations):
        return np.zeros((len(measured), 0), dtype=bool)
    found = conditions.situations.T[table.situation] & conditions.roles.T[table.role]
    found &= ~conditions.experience.any(axis=1) | (table.experience @ conditions.experience.T)
    found &= ~(table.fixed @ conditions.fixed.T)
    columns, bounds, signs, owners = conditions.bounds
    if len(columns):
        kept = (measured[:, columns] - bounds) * signs >= -SLACK
        found &= (~kept @ owners) == 0
    return found
