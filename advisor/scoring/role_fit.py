"""Role fit: how well a client's profile fits each of the ten roles, from O*NET Work Styles.

Each Work Style is standardised over all occupations that have styles: ``z = (x - mean) / SD``. A trait's demand in an
occupation is the weighted mean of the z of its styles (``onet/work_styles.yaml`` of the scoring version). A role's
demand is the mean over its occupations. With the client's trait scores as ``d = (score - 50) / 50`` the role's fit is
``50 + 50 x sum(demand x d) / sum(|demand|)``. 100 means that every trait has the direction that the role demands, 50
that profile and role are not related. The occupations are American: they are evidence for a role's profile, not a norm
for Japan.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from advisor.scoring import likert
from advisor.scoring import scores as scoring
from advisor.scoring.results import RoleFit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advisor.content.catalog import Catalog

    Floats = NDArray[np.float64]


@lru_cache(maxsize=8)
def demands(catalog: Catalog) -> Floats:
    """Return roles x traits (fit and misfit scales): the role's demand minus the average occupation's demand, in SD."""
    names = list(next(iter(catalog.styles.values())))
    values = np.array([[row[name] for name in names] for row in catalog.styles.values()], float)
    standard = (values - values.mean(axis=0)) / values.std(axis=0)
    row_of = {code: number for number, code in enumerate(catalog.styles)}
    traits = [catalog.work_styles[trait].styles for trait in catalog.of_kind("fit", "misfit")]
    mapping = np.array([[styles.get(name, 0.0) for name in names] for styles in traits])
    mapping /= np.abs(mapping).sum(axis=1, keepdims=True)
    roles = np.stack(
        [standard[[row_of[code] for code in role.occupations]].mean(axis=0) for role in catalog.roles.values()]
    )
    return np.asarray(roles @ mapping.T)


def fits(catalog: Catalog, scores: Floats) -> tuple[Floats, Floats]:
    """Return the fits (clients x roles, 0-100, NaN if too few traits are scored) and the parts of each trait.

    The parts (clients x roles x traits) sum to the fit minus 50.
    """
    columns = [scoring.key(catalog).instrument.scales.index(trait) for trait in catalog.of_kind("fit", "misfit")]
    direction = (scores[:, columns] - 50) / 50
    scored = ~np.isnan(direction)
    demand = demands(catalog)
    size = scored @ np.abs(demand).T
    enough = (scored.mean(axis=1) >= catalog.scoring.min_answered - likert.SLACK)[:, None] & (size > 0)
    parts = 50 * np.where(scored, direction, 0.0)[:, None, :] * demand / np.where(enough, size, np.nan)[:, :, None]
    return 50 + parts.sum(axis=2), parts


def fit(catalog: Catalog, scores: Floats) -> tuple[RoleFit, ...]:
    """Return one client's role fits, best first, with the part of each trait; empty if too few traits are scored."""
    values, parts = fits(catalog, scores)
    traits = catalog.of_kind("fit", "misfit")
    roles = [
        RoleFit(
            role,
            float(value),
            tuple(sorted(zip(traits, map(float, by_trait), strict=True), key=lambda part: -abs(part[1]))),
        )
        for role, value, by_trait in zip(catalog.roles, values[0], parts[0], strict=True)
        if not np.isnan(value)
    ]
    return tuple(sorted(roles, key=lambda role: -role.value))
