"""Synthetic respondents of the workbook's own questionnaire: latent traits → answers and facts, from a seed.

Answers follow the graded response model in its normal ogive form (Samejima, F. (1969). Estimation of latent ability
using a response pattern of graded scores. Psychometrika Monograph Supplement, No. 17): an answer is the number of
thresholds that lie below ``loading x trait + error``. A scale's trait is part its kind's factor, part its own.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from advisor import __version__
from advisor.analysis.cohort import synthetic_chance as chance
from advisor.analysis.cohort import synthetic_facts as facts
from advisor.analysis.cohort.synthetic_model import DEFAULT, FACTORS, Parameters
from advisor.content import disk
from advisor.content.messages import messages
from advisor.content.model import SITUATIONS
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
USUAL_RUN = 40  # of one point, by somebody who drags the same one down the page
FEW_WIDENED = (2, 8)  # scales of those who widened neither none nor all
PART = 10_000  # respondents at a time
COMPRESSION = {"compression": "zstd", "compression_level": 19}
_PARAMETERS = TypeAdapter(Parameters)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a file of synthetic respondents was made from; it is all that is needed to make it again."""

    n: int
    seed: int
    parameters: Parameters = DEFAULT


def respondents(catalog: Catalog, recipe: Recipe) -> Iterator[pa.Table]:
    """Yield synthetic respondents, one row each, so many at a time that memory stays bounded.

    Columns: those of a cohort file, segments, ``style`` (the truth about how somebody answers, one of :data:`STYLES`,
    so that what finds careless ones can be judged) and ``synthetic``, which is always true. The same recipe and
    catalogue give the same rows on every machine, and a larger ``n`` only adds to them.
    """
    for start in range(0, recipe.n, PART):
        yield _made(catalog, chance.Part(recipe.seed, start, min(PART, recipe.n - start), recipe.parameters))


def _made(catalog: Catalog, part: chance.Part) -> pa.Table:
    told = part.parameters
    groups = _segments(part)
    shift = np.zeros((part.n, len(FACTORS)))
    for segment in told.segments:
        shift += np.array([group.shift for group in segment.groups])[groups[segment.name]]
    factors = chance.normal(part, "factors", len(FACTORS)) @ np.linalg.cholesky(np.array(told.correlations)).T + shift
    traits = _traits(catalog, part, factors)
    style = _style(part)
    widened = _widened(catalog, part)
    answers = _answers(catalog, part, traits, style)
    shown = _shown(catalog, part, widened, style)
    situation = chance.choice(chance.uniform(part, "situations", 1)[:, 0], told.situations)
    felt = factors[:, FACTORS.index("frustration")]
    columns: dict[str, Any] = {
        "respondent": [f"S{number:05d}" for number in range(part.start + 1, part.start + part.n + 1)],
        "synthetic": np.ones(part.n, bool),
        "style": chance.names_of(style, STYLES),
        **{
            segment.name: chance.names_of(groups[segment.name], [group.name for group in segment.groups])
            for segment in told.segments
        },
        "situation": chance.names_of(situation, SITUATIONS),
        "role": facts.role(catalog, part),
        "years": facts.years(part, groups, situation),
        "priorities": facts.priorities(catalog, part, traits),
        "experience": facts.experience(catalog, part, situation),
        "fixed": facts.fixed(part),
        "widened": chance.lists(widened, tuple(catalog.scales)),
        **facts.signs(catalog, part, felt),
        **facts.tried(catalog, part, felt, situation),
        **{
            item: pa.array(answers[:, column].astype(np.int8), mask=~shown[:, column])
            for column, item in enumerate(scores.key(catalog).items)
        },
    }
    return pa.table(columns)


def write(catalog: Catalog, recipe: Recipe, path: Path, watch: Callable[[int], object] = int) -> None:
    """Write :func:`respondents` as Parquet, with the recipe and the sentence that they are synthetic in its metadata.

    An old file stays until the new one is whole. ``watch`` is told how many respondents were written since it last was.
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


def recipe_of(path: Path) -> Recipe:
    """Return the recipe in the metadata of a file that :func:`write` wrote.

    Raises:
        KeyError: the file has none.
    """
    metadata = pq.read_schema(path).metadata or {}
    made = json.loads(metadata[b"recipe"])
    return Recipe(made["n"], made["seed"], _PARAMETERS.validate_python(made["parameters"]))


# --- how they answer ---


def _segments(part: chance.Part) -> dict[str, Ints]:
    """Return for each segment the position of everybody's group."""
    segments = part.parameters.segments
    drawn = chance.uniform(part, "segments", len(segments))
    found = {}
    for number, segment in enumerate(segments):
        position = chance.choice(drawn[:, number], [group.share for group in segment.groups])
        found[segment.name] = np.where(position < 0, len(segment.groups) - 1, position)
    return found


def _traits(catalog: Catalog, part: chance.Part, factors: Floats) -> Floats:
    """Return respondents x scales: each scale's trait, part its kind's factor, part its own."""
    kinds = [FACTORS.index(scale.kind) for scale in catalog.scales.values()]
    common = np.array(part.parameters.common)[kinds]
    own = chance.normal(part, "scales", len(kinds))
    return np.asarray(np.sqrt(common) * factors[:, kinds] + np.sqrt(1 - common) * own)


def _answers(catalog: Catalog, part: chance.Part, traits: Floats, style: Ints) -> Ints:
    """Return respondents x items: the point everybody would choose, were every item asked and answered."""
    key = scores.key(catalog).instrument
    meant = _meant(catalog, part, traits)
    dragged, anything = _careless(key, part)
    answers = likert.keyed(key, meant)
    for name, given in (("contradictory", meant), ("straight_lining", dragged), ("random", anything)):
        answers = np.where(style[:, None] == STYLES.index(name), given, answers)
    return answers.astype(np.int64)


def _meant(catalog: Catalog, part: chance.Part, traits: Floats) -> Floats:
    """Return respondents x items: the point that the trait asks for, high where it speaks for the scale."""
    told, key = part.parameters, scores.key(catalog).instrument
    scale = key.member.argmax(axis=0)
    kind = np.array([FACTORS.index(one.kind) for one in catalog.scales.values()])[scale]
    spread = np.clip(chance.for_all(part, "items", (2, len(key.items))), -2, 2)
    loading = told.loading + told.loading_spread * spread[0] - told.reverse_loss * key.reverse
    ease = np.array(told.ease)[kind] + told.ease_spread * spread[1]
    felt = loading * traits[:, scale] + np.sqrt(1 - loading**2) * chance.normal(part, "errors", len(key.items)) + ease
    thresholds_passed = np.rint(felt / told.step + (key.high - key.low) / 2)  # they lie at equal distances
    return np.asarray(np.clip(key.low + thresholds_passed, key.low, key.high))


def _careless(key: likert.Instrument, part: chance.Part) -> tuple[Floats, Floats]:
    """Return respondents x items, twice: the same point for long, and any point."""
    items = len(key.items)
    drawn = chance.uniform(part, "careless", 2 * items)
    anything = np.clip(np.floor(key.low + drawn[:, :items] * (key.high - key.low + 1)), key.low, key.high)
    begins = np.where(drawn[:, items:] < 1 / USUAL_RUN, np.arange(items), 0)
    dragged = np.take_along_axis(anything, np.maximum.accumulate(begins, axis=1), axis=1)
    return np.clip(dragged, key.low, key.high), anything


def _style(part: chance.Part) -> Ints:
    """Return the position of everybody's style in STYLES."""
    told = part.parameters
    shares = (told.straight_lining, told.random, told.contradictory, told.unfinished)
    return 1 + chance.choice(chance.uniform(part, "styles", 1)[:, 0], shares)


def _widened(catalog: Catalog, part: chance.Part) -> Bools:
    """Return respondents x scales: whose items were all asked."""
    told = part.parameters
    drawn = chance.uniform(part, "forms", len(catalog.scales) + 2)
    form = chance.choice(drawn[:, 0], (told.quick_only, told.all_widened))
    least, most = FEW_WIDENED
    many = np.floor(least + drawn[:, 1] * (most - least + 1))
    few = drawn[:, 2:].argsort(axis=1).argsort(axis=1) < many[:, None]
    return np.where((form == 0)[:, None], False, np.where((form == 1)[:, None], True, few))


def _shown(catalog: Catalog, part: chance.Part, widened: Bools, style: Ints) -> Bools:
    """Return respondents x items: what was asked and answered."""
    key = scores.key(catalog)
    asked = key.quick | widened[:, key.instrument.member.argmax(axis=0)]
    drawn = chance.uniform(part, "missing", len(key.items) + 1)
    stop = np.where(style == STYLES.index("unfinished"), np.floor(drawn[:, 0] * len(key.items)), len(key.items))
    reached = np.arange(len(key.items)) < stop[:, None]
    return np.asarray(asked & reached & (drawn[:, 1:] >= part.parameters.missing))
