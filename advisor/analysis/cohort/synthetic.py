"""Makes synthetic respondents of the workbook's own questionnaire: from a seed latent traits, from these the answers.

Answers follow the graded response model in its normal ogive form (Samejima, F. (1969). Estimation of latent ability
using a response pattern of graded scores. Psychometrika Monograph Supplement, No. 17): an answer is the number of
thresholds that lie below ``loading x trait + error``. A scale's trait is partly the factor of its kind and
partly its own. Facts follow from the traits, too: respondents who feel more frustration report more trouble.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.special import ndtr, ndtri

from advisor import __version__
from advisor.analysis.cohort.synthetic_model import (
    DEFAULT,
    FACTORS,
    Parameters,
    RecipePart,
    lists_of,
    names_of,
    normal,
    normal_for_all,
    positions,
    uniform,
)
from advisor.content import disk, measures
from advisor.content.case_checks import OTHER_ROLE, PRIORITIES_MAX
from advisor.content.messages import messages
from advisor.content.model import FIXED, NOTHING_FIXED, SIGN_ANSWERS, SITUATIONS, TRIED
from advisor.content.words import LANGUAGES
from advisor.scoring import likert, scores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from advisor.content.catalog import Catalog

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

STYLES = ("ordinary", "straight_lining", "random", "contradictory", "unfinished")
USUAL_RUN = 40  # the usual length of a run of one answer, by a respondent who gives the same answer on and on
FEW_WIDENED = (2, 8)  # how many scales were widened by respondents who widened neither none nor all
PART = 10_000  # respondents at a time
COMPRESSION = {"compression": "zstd", "compression_level": 19}


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that is needed to make a file of synthetic respondents again."""

    n: int
    seed: int
    parameters: Parameters = DEFAULT


def respondents(catalog: Catalog, recipe: Recipe) -> Iterator[pa.Table]:
    """Yield synthetic respondents, one row each, :data:`PART` at a time, so that memory stays bounded.

    Columns: those of a cohort file, segments, ``style`` (how somebody was made to answer, one of :data:`STYLES`: so
    methods that find careless respondents can be judged) and ``synthetic``, which is always true. The same recipe and
    catalogue give the same rows on every machine, and a larger ``n`` only adds to them.
    """
    for start in range(0, recipe.n, PART):
        yield _made(catalog, RecipePart(recipe.seed, start, min(PART, recipe.n - start), recipe.parameters))


def _made(catalog: Catalog, part: RecipePart) -> pa.Table:
    told = part.parameters
    groups = _segments(part)
    shift = np.zeros((part.n, len(FACTORS)))
    for segment in told.segments:
        shift += np.array([group.shift for group in segment.groups])[groups[segment.name]]
    factors = normal(part, "factors", len(FACTORS)) @ np.linalg.cholesky(np.array(told.correlations)).T + shift
    traits = _traits(catalog, part, factors)
    style = _style(part)
    widened = _widened(catalog, part)
    answers = _answers(catalog, part, traits, style)
    shown = _shown(catalog, part, widened, style)
    situation = positions(uniform(part, "situations", 1)[:, 0], told.situations)
    felt = factors[:, FACTORS.index("frustration")]
    columns: dict[str, Any] = {
        "respondent": [f"S{number:05d}" for number in range(part.start + 1, part.start + part.n + 1)],
        "synthetic": np.ones(part.n, bool),
        "style": names_of(style, STYLES),
        **{
            segment.name: names_of(groups[segment.name], [group.name for group in segment.groups])
            for segment in told.segments
        },
        "situation": names_of(situation, SITUATIONS),
        "role": _role(catalog, part),
        "years": _years(part, groups, situation),
        "priorities": _priorities(catalog, part, traits),
        "experience": _experience(catalog, part, situation),
        "fixed": _fixed(part),
        "widened": lists_of(widened, tuple(catalog.scales)),
        **_signs(catalog, part, felt),
        **_tried(catalog, part, felt, situation),
        **{
            item: pa.array(answers[:, column].astype(np.int8), mask=~shown[:, column])
            for column, item in enumerate(scores.key(catalog).items)
        },
    }
    return pa.table(columns)


def write(catalog: Catalog, recipe: Recipe, path: Path, watch: Callable[[int], object] = int) -> None:
    """Write :func:`respondents` as Parquet, with the recipe and the sentence that they are synthetic in its metadata.

    An old file stays until the new one is complete. ``watch`` is called after each part with its number of respondents.
    """
    metadata = {
        "synthetic": " / ".join(messages(language)["synthetic_sentence"] for language in LANGUAGES),
        "recipe": json.dumps(asdict(recipe)),
        "advisor": __version__,
        "catalogue": catalog.digest,
        "scoring": catalog.scoring.version,
    }
    parts = respondents(catalog, recipe)
    first = next(parts)
    with (
        disk.beside(path) as unfinished,
        pq.ParquetWriter(unfinished, first.schema.with_metadata(metadata), **COMPRESSION) as writer,
    ):
        for part in chain((first,), parts):
            writer.write_table(part.replace_schema_metadata(metadata))
            watch(part.num_rows)


# --- how they answer ---


def _segments(part: RecipePart) -> dict[str, Ints]:
    """Return for each segment the position of everybody's group."""
    segments = part.parameters.segments
    drawn = uniform(part, "segments", len(segments))
    found = {}
    for number, segment in enumerate(segments):
        position = positions(drawn[:, number], [group.share for group in segment.groups])
        found[segment.name] = np.where(position < 0, len(segment.groups) - 1, position)
    return found


def _traits(catalog: Catalog, part: RecipePart, factors: Floats) -> Floats:
    """Return respondents x scales: each scale's trait, partly the factor of its kind, partly its own."""
    kinds = [FACTORS.index(scale.kind) for scale in catalog.scales.values()]
    common = np.array(part.parameters.common)[kinds]
    own = normal(part, "scales", len(kinds))
    return np.asarray(np.sqrt(common) * factors[:, kinds] + np.sqrt(1 - common) * own)


def _answers(catalog: Catalog, part: RecipePart, traits: Floats, style: Ints) -> Ints:
    """Return respondents x items: the answers if every item were asked and answered."""
    key = scores.key(catalog).instrument
    meant = _meant(catalog, part, traits)
    dragged, anything = _careless(key, part)
    answers = likert.keyed(key, meant)
    for name, given in (("contradictory", meant), ("straight_lining", dragged), ("random", anything)):
        answers = np.where(style[:, None] == STYLES.index(name), given, answers)
    return answers.astype(np.int64)


def _meant(catalog: Catalog, part: RecipePart, traits: Floats) -> Floats:
    """Return respondents x items: the keyed answers that follow from the traits; high speaks for the scale."""
    told, key = part.parameters, scores.key(catalog).instrument
    scale = key.member.argmax(axis=0)
    kind = np.array([FACTORS.index(one.kind) for one in catalog.scales.values()])[scale]
    spread = np.clip(normal_for_all(part, "items", (2, len(key.items))), -2, 2)
    loading = told.loading + told.loading_spread * spread[0] - told.reverse_loss * key.reverse
    ease = np.array(told.ease)[kind] + told.ease_spread * spread[1]
    felt = loading * traits[:, scale] + np.sqrt(1 - loading**2) * normal(part, "errors", len(key.items)) + ease
    thresholds_passed = np.rint(felt / told.step + (key.high - key.low) / 2)  # thresholds lie at equal distances
    return np.asarray(np.clip(key.low + thresholds_passed, key.low, key.high))


def _careless(key: likert.Instrument, part: RecipePart) -> tuple[Floats, Floats]:
    """Return respondents x items, twice: long runs of the same answer, and random answers."""
    items = len(key.items)
    drawn = uniform(part, "careless", 2 * items)
    anything = np.clip(np.floor(key.low + drawn[:, :items] * (key.high - key.low + 1)), key.low, key.high)
    begins = np.where(drawn[:, items:] < 1 / USUAL_RUN, np.arange(items), 0)
    dragged = np.take_along_axis(anything, np.maximum.accumulate(begins, axis=1), axis=1)
    return np.clip(dragged, key.low, key.high), anything


def _style(part: RecipePart) -> Ints:
    """Return the position of each respondent's style in STYLES."""
    told = part.parameters
    shares = (told.straight_lining, told.random, told.contradictory, told.unfinished)
    return 1 + positions(uniform(part, "styles", 1)[:, 0], shares)


def _widened(catalog: Catalog, part: RecipePart) -> Bools:
    """Return respondents x scales: whether all items of a scale were asked."""
    told = part.parameters
    drawn = uniform(part, "forms", len(catalog.scales) + 2)
    form = positions(drawn[:, 0], (told.quick_only, told.all_widened))
    least, most = FEW_WIDENED
    many = np.floor(least + drawn[:, 1] * (most - least + 1))
    few = drawn[:, 2:].argsort(axis=1).argsort(axis=1) < many[:, None]
    return np.where((form == 0)[:, None], False, np.where((form == 1)[:, None], True, few))


def _shown(catalog: Catalog, part: RecipePart, widened: Bools, style: Ints) -> Bools:
    """Return respondents x items: whether an item was asked and answered."""
    key = scores.key(catalog)
    asked = key.quick | widened[:, key.instrument.member.argmax(axis=0)]
    drawn = uniform(part, "missing", len(key.items) + 1)
    stop = np.where(style == STYLES.index("unfinished"), np.floor(drawn[:, 0] * len(key.items)), len(key.items))
    reached = np.arange(len(key.items)) < stop[:, None]
    return np.asarray(asked & reached & (drawn[:, 1:] >= part.parameters.missing))


# --- the facts that they tell: more trouble where they feel more frustration ---

_YEARS_BY_AGE = {"20s": 7, "30s": 15, "40s": 25, "50s": 33, "60s": 40}


def _role(catalog: Catalog, part: RecipePart) -> pa.Array:
    """Return roles: those of the catalogue are equally common."""
    return names_of(_roles(catalog, part), (*catalog.roles, OTHER_ROLE))


def _roles(catalog: Catalog, part: RecipePart) -> Ints:
    told = part.parameters
    each = (1 - told.untold - told.other_role) / len(catalog.roles)
    shares = [*(each for _ in catalog.roles), told.other_role]
    return positions(uniform(part, "roles", 1)[:, 0], shares)


def _years(part: RecipePart, groups: dict[str, Ints], situation: Ints) -> pa.Array:
    """Return years in the present role: few are more common than many, and none exceed a working life."""
    segment = next((one for one in part.parameters.segments if one.name == "age_band"), None)
    most = np.full(part.n, measures.YEARS_MAX // 2)
    if segment is not None:
        by_group = [_YEARS_BY_AGE.get(group.name, measures.YEARS_MAX // 2) for group in segment.groups]
        most = np.array(by_group)[groups["age_band"]]
    drawn = uniform(part, "years", 2)
    counted = np.floor(drawn[:, 0] ** 2 * (most + 1))
    untold = (drawn[:, 1] < part.parameters.untold) | (situation == SITUATIONS.index("wants_in"))
    return pa.array(counted.astype(np.int16), mask=untold)


def _priorities(catalog: Catalog, part: RecipePart, traits: Floats) -> pa.Array:
    """Return the frustrations that a respondent feels most, up to three."""
    names, scales = catalog.of_kind("frustration"), tuple(catalog.scales)
    drawn = uniform(part, "priorities", len(names) + 1)
    felt = traits[:, [scales.index(name) for name in names]] + 0.3 * ndtri(drawn[:, 1:])
    place = (-felt).argsort(axis=1).argsort(axis=1)
    many = np.clip(positions(drawn[:, 0], part.parameters.priorities), 0, PRIORITIES_MAX)
    return lists_of(place < many[:, None], names)


def _experience(catalog: Catalog, part: RecipePart, situation: Ints) -> pa.Array:
    """Return kinds of experience, more of it where the situation asks for it."""
    names = tuple(catalog.statements["experience"])
    shares = np.array(part.parameters.experience)[np.maximum(situation, 0)]
    return lists_of(uniform(part, "experience", len(names)) < shares[:, None], names)


def _fixed(part: RecipePart) -> pa.Array:
    """Return what cannot move: few respondents name anything, some say that nothing is fixed."""
    drawn = uniform(part, "fixed", len(FIXED) + 1)
    held = drawn[:, : len(FIXED)] < np.array(part.parameters.fixed)
    free = ~held.any(axis=1) & (drawn[:, -1] < part.parameters.nothing_fixed)
    return lists_of(np.column_stack([held, free]), (*FIXED, NOTHING_FIXED))


def _leaning(part: RecipePart, felt: Floats, drawn: Floats) -> Floats:
    """Return numbers from 0 to 1 that rise with the frustration felt, as closely as the parameters say."""
    follows = part.parameters.pattern
    return np.asarray(ndtr(follows * felt[:, None] + np.sqrt(1 - follows**2) * ndtri(drawn)))


def _signs(catalog: Catalog, part: RecipePart, felt: Floats) -> dict[str, pa.Array]:
    """Return the answers about the signs: frustrated respondents see more of them."""
    told = part.parameters
    drawn = uniform(part, "signs", len(catalog.signs) + 1)
    shares = {"yes": told.sign_yes, "unknown": told.sign_unknown, "no": 1 - told.sign_yes - told.sign_unknown}
    found = positions(1 - _leaning(part, felt, drawn[:, 1:]), tuple(shares.values()))
    position = np.array([SIGN_ANSWERS.index(answer) for answer in shares] + [-1])[found]
    position[drawn[:, 0] < told.signs_untold] = -1
    return {f"sign_{name}": names_of(position[:, column], SIGN_ANSWERS) for column, name in enumerate(catalog.signs)}


def _tried(catalog: Catalog, part: RecipePart, felt: Floats, situation: Ints) -> dict[str, pa.Array]:
    """Return the result of each step that fits the situation and the role.

    Frustrated respondents have tried more steps, and more of them in vain.
    """
    told, steps = part.parameters, len(catalog.steps)
    drawn = uniform(part, "tried", 2 * steps + 1)
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
    return {f"tried_{name}": names_of(position[:, column], TRIED) for column, name in enumerate(catalog.steps)}
