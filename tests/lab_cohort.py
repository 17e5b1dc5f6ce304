"""Random cohorts and random changes of a scoring version, for the tests of the lab."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st
from ruamel.yaml import YAML

from advisor.analysis.lab.errors import ParameterError
from advisor.analysis.lab.files import fresh
from advisor.analysis.lab.outcome import evaluate
from advisor.analysis.lab.parameters import is_weight, parameters, vary
from advisor.analysis.lab.worked_cases import unaccepted
from advisor.content.model import FIXED, SIGN_ANSWERS, SITUATIONS, TRIED
from advisor.content.worked_cases import FILE
from advisor.scoring import scores
from tests.support import CATALOG, FIRST, as_first_released

if TYPE_CHECKING:
    from pathlib import Path

    from advisor.analysis.lab.parameters import Number, Parameter
    from advisor.content.catalog import Catalog


def cohort(size: int, seed: int = 1, catalog: Catalog = CATALOG) -> scores.Table:
    """Return random respondents: some scales widened, some answers and facts missing."""
    chance = np.random.default_rng(seed)
    items, scales = tuple(catalog.items.values()), tuple(catalog.scales)
    answers = np.stack([chance.integers(item.low, item.high + 1, size) for item in items], axis=1).astype(float)
    widened = chance.random((size, len(scales))) < 0.3
    asked = scores.key(catalog).quick | widened[:, [scales.index(item.scale) for item in items]]
    answers[~asked | (chance.random(answers.shape) < 0.05)] = np.nan
    marked = chance.random((size, len(catalog.of_kind("frustration")))) < 0.2
    return scores.Table(
        answers=answers,
        asked=asked,
        signs=chance.integers(-1, len(SIGN_ANSWERS), (size, len(catalog.signs))),
        tried=chance.integers(-1, len(TRIED), (size, len(catalog.steps))),
        situation=chance.integers(-1, len(SITUATIONS), size),
        years=np.where(chance.random(size) < 0.2, np.nan, chance.integers(0, 30, size)),
        role=chance.integers(-2, len(catalog.roles), size),
        experience=chance.random((size, len(catalog.statements["experience"]))) < 0.15,
        fixed=chance.random((size, len(FIXED))) < 0.1,
        priorities=marked,
    )


TABLE = cohort(400)
BASE = evaluate(CATALOG, TABLE)
PARAMETERS = {parameter.path: parameter for parameter in parameters(CATALOG)}
ADDABLE = tuple(
    f"{group}.{target}.{feature}"
    for group in ("steps", "paths")
    for target in getattr(CATALOG, group)
    for feature in ("reward", "learning", "experienced")
    if f"{group}.{target}.{feature}" not in PARAMETERS
)


def value_of(parameter: Parameter) -> st.SearchStrategy[Number]:
    """Return a strategy for the values that a parameter can have."""
    if isinstance(parameter.value, int):
        return st.integers(round(parameter.low), round(parameter.high))
    steps = round((parameter.high - parameter.low) / parameter.step)
    return st.integers(0, steps).map(lambda count: round(parameter.low + count * parameter.step, 4))


@st.composite
def changes(draw: st.DrawFn, most: int = 6) -> dict[str, Number | None]:
    """Draw changes that a scoring version can take: figures turned, weights added and removed."""
    drawn: dict[str, Number | None] = {}
    for path in draw(st.lists(st.sampled_from(tuple(PARAMETERS)), min_size=1, max_size=most, unique=True)):
        drawn[path] = draw(value_of(PARAMETERS[path]))
    weights = [path for path in PARAMETERS if is_weight(path)]
    for path in draw(st.lists(st.sampled_from(weights), max_size=1)):
        drawn[path] = None
    for path in draw(st.lists(st.sampled_from(ADDABLE), max_size=2, unique=True)):
        drawn[path] = draw(st.integers(1, 100))
    try:
        vary(CATALOG, drawn)
    except ParameterError:  # a ramp without a slope, bands crossed
        drawn = {path: value for path, value in drawn.items() if path.startswith(("steps.", "paths.", "tried_"))}
    return drawn


def accept(data: Path, version: str) -> None:
    """Correct what is expected of the worked clients in ``data`` where ``version`` says something else."""
    found = unaccepted(fresh(data, version))
    if found:
        yaml, file = YAML(), data / FILE
        tree = yaml.load(file)
        for case in found:
            now = case.after.model_dump(mode="json")
            tree[case.name]["expected"].update({field: now[field] for field in case.broken})
        yaml.dump(tree, file)


def released(folder: Path) -> Path:
    """Return a copy of the data in ``folder``/data as at the first release, and without the large cohort."""
    data = as_first_released(folder / "data", "*.parquet")
    accept(data, FIRST)
    return data
