"""How a client and a role meet, from job tag's figures: on four dials, in words, without a figure of fit.

A measure of an occupation is standardised over all rated occupations, ``z = (x - mean) / SD``, less the occupation's
mean z within the measure's group: skilled work is rated higher on everything. A trait of a role is the signed mean of
its measures, a dial the signed sum of its traits, each standardised over the roles. The client stands on a dial by the
signed mean of their trait scores, -1 to 1. People who do the work said so: a profile of them, not a demand on anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from advisor.scoring.results import RoleMeeting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from advisor.content.catalog import Catalog
    from advisor.scoring.results import Meets, Score

    Floats = NDArray[np.float64]

CLEAR = 0.25  # from here a client stands on one side of a dial
MARKED = 0.6  # SD over the roles: from here a role does
STRONG = 1.0  # a role that stands so far needs what a demand dial measures
NEAR, FAR = 0.3, -0.15  # how far the directions of a client and a role agree, -1 to 1
SHARES = ("regular_schedule", "irregular_schedule", "seasonal_schedule")  # shares of people, no ratings


@dataclass(frozen=True, slots=True, eq=False)
class Profiles:
    """Where the roles stand: ``values`` (roles x dials) in SD over the roles."""

    dials: tuple[str, ...]
    values: Floats


@lru_cache(maxsize=8)
def profiles(catalog: Catalog) -> Profiles:
    """Return where each role stands on each dial."""
    return Profiles(tuple(catalog.dials), stand(catalog, z_scores(catalog)))


def z_scores(catalog: Catalog) -> Floats:
    """Return roles x measures: z over all occupations, less the role's mean within the measure's group."""
    groups = [name.partition(".")[0] for name in measures(catalog)]
    rows = [catalog.occupations[role.jobtag or ""] for role in catalog.roles.values()]
    mean, spread = catalog.occupations["mean"], catalog.occupations["sd"]
    found = np.array([[(row[name] - mean[name]) / spread[name] for name in measures(catalog)] for row in rows])
    for group in dict.fromkeys(groups):
        columns = [number for number, name in enumerate(groups) if name == group]
        found[:, columns] -= found[:, columns].mean(axis=1, keepdims=True)
    return found


def measures(catalog: Catalog) -> tuple[str, ...]:
    """Return the measures that are ratings of every occupation."""
    return tuple(name for name in catalog.occupations["mean"] if name.partition(".")[2] not in SHARES)


def stand(catalog: Catalog, z: Floats) -> Floats:
    """Return roles x dials from roles x measures."""
    column = {name: number for number, name in enumerate(measures(catalog))}
    traits = {
        trait: _standard(np.mean([sign * z[:, column[name]] for name, sign in row.measures.items()], axis=0))
        for trait, row in catalog.role_traits.items()
    }
    found = [
        _standard(np.sum([sign * traits[trait] for trait, sign in dial.role.items()], axis=0))
        for dial in catalog.dials.values()
    ]
    return np.stack(found, axis=1)


def _standard(values: Floats) -> Floats:
    return np.asarray((values - values.mean()) / values.std())


def meet(catalog: Catalog, scores: Mapping[str, Score]) -> tuple[RoleMeeting, ...]:
    """Return how the client meets each role, near ones first; nothing where a dial cannot be told."""
    if not catalog.dials:
        return ()
    places = client_on(catalog, scores)
    if places is None:
        return ()
    rows = [_meeting(catalog, role, places, row) for role, row in zip(catalog.roles, _roles(catalog), strict=True)]
    return tuple(meeting for _, meeting in sorted(rows, key=lambda row: (KINDS.index(row[1].meets), -row[0])))


KINDS: tuple[Meets, ...] = ("near", "partly", "far")


def _roles(catalog: Catalog) -> Floats:
    """Return roles x dials; on a dial of demand, a role that is low asks for nothing."""
    demand = np.array([dial.demand for dial in catalog.dials.values()])
    return np.where(demand, np.maximum(profiles(catalog).values, 0.0), profiles(catalog).values)


def client_on(catalog: Catalog, scores: Mapping[str, Score]) -> Floats | None:
    """Return where the client stands on each dial, -1 to 1; None where a trait of one is not told."""
    found = []
    for dial in catalog.dials.values():
        told = [(scores[trait].value, sign) for trait, sign in dial.client.items()]
        if any(value is None for value, _ in told):
            return None
        found.append(np.mean([sign * ((value or 0.0) - 50) / 50 for value, sign in told]))
    return np.array(found)


def _meeting(catalog: Catalog, role: str, client: Floats, row: Floats) -> tuple[float, RoleMeeting]:
    """Return how far the directions agree, and what that comes to.

    Near: they agree, nothing that is marked stands against it, and what the role needs is there. Far: they disagree,
    or two things stand against it, or one does and nothing speaks for it; never where they are close in what marks the
    role most.
    """
    dials = tuple(catalog.dials)
    clear, marked = np.abs(client) >= CLEAR, np.abs(row) >= MARKED
    same = np.sign(client) == np.sign(row)
    close, apart = clear & marked & same, clear & marked & ~same
    needed = np.array([dial.demand for dial in catalog.dials.values()]) & (row >= STRONG)
    agreement = float(client @ row / np.abs(row).sum())
    meets: Meets = "partly"
    if agreement >= NEAR and close.any() and not apart.any() and not (needed & (client < CLEAR)).any():
        meets = "near"
    elif not close[np.abs(row).argmax()] and (agreement <= FAR or apart.sum() > 1 or (apart.any() and not close.any())):
        meets = "far"
    order = np.argsort(-np.abs(client * row), kind="stable")

    def named(chosen: NDArray[np.bool_]) -> tuple[str, ...]:
        return tuple(dials[number] for number in order if chosen[number])

    return agreement, RoleMeeting(role, meets, named(close), named(apart))
