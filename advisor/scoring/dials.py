"""Comparison of a client and a role on four dials, from job tag's figures; the result is near, partly or far.

Each measure of an occupation is standardised over all rated occupations: ``z = (x - mean) / SD``. The occupation's mean
z within the measure's group is then subtracted, because skilled work is rated higher on everything. A trait of a role
is the signed mean of its measures; a dial is the signed sum of its traits. Both are standardised over the roles. The
client's place on a dial is the signed mean of their trait scores, from -1 to 1.

The figures come from people who do the work. They describe these people and are not a demand on the client.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from advisor.scoring.results import RoleNearness

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from advisor.content.catalog import Catalog
    from advisor.scoring.results import Nearness, Score

    Floats = NDArray[np.float64]

CLEAR = 0.25  # distance from the middle (of 1) from which a client is on one side of a dial
MARKED = 0.6  # distance from the middle (SD over the roles) from which a role is on one side of a dial
STRONG = 1.0  # SD over the roles; from here a role needs a dial of demand from the client
NEAR, FAR = 0.3, -0.15  # agreement (-1 to 1) from which a role may be near, and up to which it may be far
SHARES = ("regular_schedule", "irregular_schedule", "seasonal_schedule")  # shares of people, not ratings


@dataclass(frozen=True, slots=True, eq=False)
class Profiles:
    """The places of the roles on the dials: ``values`` (roles x dials) in SD over the roles."""

    dials: tuple[str, ...]
    values: Floats


@lru_cache(maxsize=8)
def profiles(catalog: Catalog) -> Profiles:
    """Return the place of each role on each dial."""
    return Profiles(tuple(catalog.dials), roles_on(catalog, z_scores(catalog)))


def z_scores(catalog: Catalog) -> Floats:
    """Return roles x measures: z over all occupations, minus the role's mean z within the measure's group."""
    groups = [name.partition(".")[0] for name in ratings(catalog)]
    rows = [catalog.occupations[role.jobtag or ""] for role in catalog.roles.values()]
    mean, spread = catalog.occupations["mean"], catalog.occupations["sd"]
    z = np.array([[(row[name] - mean[name]) / spread[name] for name in ratings(catalog)] for row in rows])
    for group in dict.fromkeys(groups):
        columns = [number for number, name in enumerate(groups) if name == group]
        z[:, columns] -= z[:, columns].mean(axis=1, keepdims=True)
    return z


def ratings(catalog: Catalog) -> tuple[str, ...]:
    """Return the measures of job tag that are ratings, without the shares of people (:data:`SHARES`)."""
    return tuple(name for name in catalog.occupations["mean"] if name.partition(".")[2] not in SHARES)


def roles_on(catalog: Catalog, z: Floats) -> Floats:
    """Return roles x dials (SD over the roles); ``z``: roles x measures."""
    column = {name: number for number, name in enumerate(ratings(catalog))}
    traits = {
        trait: _standard(np.mean([sign * z[:, column[name]] for name, sign in row.measures.items()], axis=0))
        for trait, row in catalog.role_traits.items()
    }
    columns = [
        _standard(np.sum([sign * traits[trait] for trait, sign in dial.role.items()], axis=0))
        for dial in catalog.dials.values()
    ]
    return np.stack(columns, axis=1)


def _standard(values: Floats) -> Floats:
    return np.asarray((values - values.mean()) / values.std())


def nearness(catalog: Catalog, scores: Mapping[str, Score]) -> tuple[RoleNearness, ...]:
    """Return near, partly or far for each role, near roles first; empty if a dial lacks one of the client's traits."""
    if not catalog.dials:
        return ()
    places = client_on(catalog, scores)
    if places is None:
        return ()
    rows = [_nearness(catalog, role, places, row) for role, row in zip(catalog.roles, _roles(catalog), strict=True)]
    return tuple(one for _, one in sorted(rows, key=lambda row: (KINDS.index(row[1].nearness), -row[0])))


KINDS: tuple[Nearness, ...] = ("near", "partly", "far")


def _roles(catalog: Catalog) -> Floats:
    """Return roles x dials; on a dial of demand a low role counts as 0, because it asks for nothing."""
    demand = np.array([dial.demand for dial in catalog.dials.values()])
    return np.where(demand, np.maximum(profiles(catalog).values, 0.0), profiles(catalog).values)


def client_on(catalog: Catalog, scores: Mapping[str, Score]) -> Floats | None:
    """Return the client's place on each dial, -1 to 1; None if a trait of any dial has no score."""
    places = []
    for dial in catalog.dials.values():
        traits = [(scores[trait].value, sign) for trait, sign in dial.client.items()]
        if any(value is None for value, _ in traits):
            return None
        places.append(np.mean([sign * ((value or 0.0) - 50) / 50 for value, sign in traits]))
    return np.array(places)


def _nearness(catalog: Catalog, role: str, client: Floats, row: Floats) -> tuple[float, RoleNearness]:
    """Return the agreement of the directions (-1 to 1), and near, partly or far.

    Near: the directions agree, client and role are close on some dial and apart on none, and the client has what the
    role needs. Far: the directions disagree, or client and role are apart on two dials, or they are apart on one and
    close on none. A role is never far if the client is close on its most marked dial.
    """
    dials = tuple(catalog.dials)
    clear, marked = np.abs(client) >= CLEAR, np.abs(row) >= MARKED
    same = np.sign(client) == np.sign(row)
    close, apart = clear & marked & same, clear & marked & ~same
    needed = np.array([dial.demand for dial in catalog.dials.values()]) & (row >= STRONG)
    agreement = float(client @ row / np.abs(row).sum())
    kind: Nearness = "partly"
    if agreement >= NEAR and close.any() and not apart.any() and not (needed & (client < CLEAR)).any():
        kind = "near"
    elif not close[np.abs(row).argmax()] and (agreement <= FAR or apart.sum() > 1 or (apart.any() and not close.any())):
        kind = "far"
    order = np.argsort(-np.abs(client * row), kind="stable")

    def named(chosen: NDArray[np.bool_]) -> tuple[str, ...]:
        return tuple(dials[number] for number in order if chosen[number])

    return agreement, RoleNearness(role, kind, named(close), named(apart))
