"""For whom something may be said or advised, for any number of clients at once.

What was not told never holds: no sentence is said because an answer is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from advisor import scoring
from advisor.likert import SLACK
from advisor.model import ANYBODY, SITUATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from advisor.catalog import Catalog
    from advisor.model import When

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


def holds(catalog: Catalog, when: When, table: scoring.Table, measured: Floats) -> Bools:
    """Return, for each client, whether everything that ``when`` names was told and holds."""
    found = np.ones(len(measured), dtype=bool)
    if when == ANYBODY:
        return found
    if when.situations:
        found &= np.isin(table.situation, _positions(when.situations, SITUATIONS))
    if when.roles:
        found &= np.isin(table.role, _positions(when.roles, tuple(catalog.roles)))
    if when.not_roles:
        found &= ~np.isin(table.role, _positions(when.not_roles, tuple(catalog.roles)))
    if when.experience:
        known = tuple(catalog.statements["experience"])
        found &= table.experience[:, _positions(when.experience, known)].any(axis=1)
    columns = scoring.measure_columns(catalog)
    for name, least in when.above.items():
        found &= measured[:, columns[name]] >= least - SLACK
    for name, most in when.below.items():
        found &= measured[:, columns[name]] <= most + SLACK
    return found


def _positions(names: Iterable[str], known: Sequence[str]) -> list[int]:
    return [known.index(name) for name in names]
