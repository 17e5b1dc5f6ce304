"""What synthetic respondents tell beside the scales: more trouble where they feel more frustration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from scipy.special import ndtr, ndtri

from advisor.analysis.cohort import synthetic_chance as chance
from advisor.content import measures
from advisor.content.case_checks import OTHER_ROLE, PRIORITIES_MAX
from advisor.content.model import FIXED, NOTHING_FIXED, SIGN_ANSWERS, SITUATIONS, TRIED

if TYPE_CHECKING:
    from advisor.analysis.cohort.synthetic_chance import Floats, Ints
    from advisor.content.catalog import Catalog

_YEARS_BY_AGE = {"20s": 7, "30s": 15, "40s": 25, "50s": 33, "60s": 40}


def role(catalog: Catalog, part: chance.Part) -> pa.Array:
    """Return roles: those of the catalogue are equally common."""
    return chance.names_of(_roles(catalog, part), (*catalog.roles, OTHER_ROLE))


def _roles(catalog: Catalog, part: chance.Part) -> Ints:
    told = part.parameters
    each = (1 - told.untold - told.other_role) / len(catalog.roles)
    shares = [*(each for _ in catalog.roles), told.other_role]
    return chance.choice(chance.uniform(part, "roles", 1)[:, 0], shares)


def years(part: chance.Part, groups: dict[str, Ints], situation: Ints) -> pa.Array:
    """Return years in the present role: few are more common than many, and nobody's exceed a working life."""
    segment = next((one for one in part.parameters.segments if one.name == "age_band"), None)
    most = np.full(part.n, measures.YEARS_MAX // 2)
    if segment is not None:
        by_group = [_YEARS_BY_AGE.get(group.name, measures.YEARS_MAX // 2) for group in segment.groups]
        most = np.array(by_group)[groups["age_band"]]
    drawn = chance.uniform(part, "years", 2)
    counted = np.floor(drawn[:, 0] ** 2 * (most + 1))
    untold = (drawn[:, 1] < part.parameters.untold) | (situation == SITUATIONS.index("wants_in"))
    return pa.array(counted.astype(np.int16), mask=untold)


def priorities(catalog: Catalog, part: chance.Part, traits: Floats) -> pa.Array:
    """Return the frustrations that are felt most, up to three."""
    names, scales = catalog.of_kind("frustration"), tuple(catalog.scales)
    drawn = chance.uniform(part, "priorities", len(names) + 1)
    felt = traits[:, [scales.index(name) for name in names]] + 0.3 * ndtri(drawn[:, 1:])
    place = (-felt).argsort(axis=1).argsort(axis=1)
    many = np.clip(chance.choice(drawn[:, 0], part.parameters.priorities), 0, PRIORITIES_MAX)
    return chance.lists(place < many[:, None], names)


def experience(catalog: Catalog, part: chance.Part, situation: Ints) -> pa.Array:
    """Return kinds of experience, more of it where the situation asks for it."""
    names = tuple(catalog.statements["experience"])
    shares = np.array(part.parameters.experience)[np.maximum(situation, 0)]
    return chance.lists(chance.uniform(part, "experience", len(names)) < shares[:, None], names)


def fixed(part: chance.Part) -> pa.Array:
    """Return what cannot move: few people tell of anything, some that everything can."""
    drawn = chance.uniform(part, "fixed", len(FIXED) + 1)
    held = drawn[:, : len(FIXED)] < np.array(part.parameters.fixed)
    free = ~held.any(axis=1) & (drawn[:, -1] < part.parameters.nothing_fixed)
    return chance.lists(np.column_stack([held, free]), (*FIXED, NOTHING_FIXED))


def _leaning(part: chance.Part, felt: Floats, chance: Floats) -> Floats:
    """Return numbers from 0 to 1 that rise with what is felt, as closely as the parameters say."""
    follows = part.parameters.pattern
    return np.asarray(ndtr(follows * felt[:, None] + np.sqrt(1 - follows**2) * ndtri(chance)))


def signs(catalog: Catalog, part: chance.Part, felt: Floats) -> dict[str, pa.Array]:
    """Return what is answered about the signs: who is frustrated sees more of them."""
    told = part.parameters
    drawn = chance.uniform(part, "signs", len(catalog.signs) + 1)
    shares = {"yes": told.sign_yes, "unknown": told.sign_unknown, "no": 1 - told.sign_yes - told.sign_unknown}
    found = chance.choice(1 - _leaning(part, felt, drawn[:, 1:]), tuple(shares.values()))
    position = np.array([SIGN_ANSWERS.index(answer) for answer in shares] + [-1])[found]
    position[drawn[:, 0] < told.signs_untold] = -1
    return {
        f"sign_{name}": chance.names_of(position[:, column], SIGN_ANSWERS) for column, name in enumerate(catalog.signs)
    }


def tried(catalog: Catalog, part: chance.Part, felt: Floats, situation: Ints) -> dict[str, pa.Array]:
    """Return what became of the steps that fit the situation and the role.

    Who is frustrated has tried more, and more in vain.
    """
    told, steps = part.parameters, len(catalog.steps)
    drawn = chance.uniform(part, "tried", 2 * steps + 1)
    attempted = _leaning(part, felt, drawn[:, 1 : steps + 1]) > 1 - told.tried
    in_vain = _leaning(part, felt, drawn[:, steps + 1 :]) > 1 - told.tried_in_vain
    outcome = np.where(in_vain, TRIED.index("without_effect"), TRIED.index("with_effect"))
    position = np.where(attempted, outcome, TRIED.index("untried"))
    fits = np.array([[one in step.situations for step in catalog.steps.values()] for one in SITUATIONS])
    known = tuple(catalog.roles)
    own = np.array(
        [
            [not step.when.roles or name in step.when.roles for step in catalog.steps.values()]
            for name in (*known, OTHER_ROLE, None)
        ]
    )[_roles(catalog, part)]
    position[~fits[np.maximum(situation, 0)] | ~own | (drawn[:, :1] < told.tried_untold)] = -1
    return {f"tried_{name}": chance.names_of(position[:, column], TRIED) for column, name in enumerate(catalog.steps)}
