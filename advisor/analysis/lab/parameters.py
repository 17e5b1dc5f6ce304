"""Every figure of a scoring version by its path, and catalogues with other figures.

A path is where a figure stands in the file: ``features.reward.start``, ``gates.signs_against.at``, ``min_answered``.
The points of a weight stand at its target and feature: ``steps.quantify.visibility``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from advisor.analysis.lab.errors import ParameterError
from advisor.content import measures
from advisor.content.datafiles import mismatch
from advisor.content.model import Scoring
from advisor.scoring import advice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from advisor.content.catalog import Catalog

Number = int | float
TARGETS = ("steps", "paths")
WEIGHT = 3  # parts of the path of a weight: group, target, feature
MOST_POINTS = 100.0
MOST_LEVEL = 20  # points: the highest value of near_tie
SHARE_STEP = 0.05
DECIMALS = 4  # values are rounded to so many, so that 0.1 + 0.2 is 0.3


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure that can be changed: its value now, the lowest and the highest it can have, and the step of its slider.

    ``group``: ``steps.quantify`` or ``paths.change_role`` (weights, in points), ``features``,
    ``gates``, ``choosing``, ``bands``, ``hints``, or ``general`` for the single figures.
    """

    path: str
    value: Number
    low: float
    high: float
    step: float
    group: str


def leaves(scoring: Scoring) -> dict[str, Any]:
    """Return everything that a scoring version says, by its path: numbers, words, and tuples of sources."""
    return dict(_leaves(scoring.model_dump(), ()))


def _leaves(value: Any, at: tuple[str, ...]) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  (any value a file may hold)
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _leaves(child, at if name == "points" else (*at, name))
    elif at[-1] == "contradictions":
        for number, child in enumerate(value):
            yield from _leaves(child, (*at, str(number)))
    else:
        yield ".".join(at), value


def figures(scoring: Scoring) -> dict[str, Number]:
    """Return every number of a scoring version by its path."""
    return {path: value for path, value in leaves(scoring).items() if type(value) in (int, float)}


def parameters(catalog: Catalog) -> tuple[Parameter, ...]:
    """Return every figure of the catalogue's scoring version, in the order of its file."""
    return tuple(_parameter(catalog, path, value) for path, value in figures(catalog.scoring).items())


def is_weight(path: str) -> bool:
    """Return whether this is the path of a weight."""
    parts = path.split(".")
    return len(parts) == WEIGHT and parts[0] in TARGETS


def _parameter(catalog: Catalog, path: str, value: Number) -> Parameter:
    low, high, step = _range(catalog, path)
    head, *rest = path.split(".")
    group = f"{head}.{rest[0]}" if is_weight(path) else head if rest else "general"
    return Parameter(path, value, low, high, step, group)


def _range(catalog: Catalog, path: str) -> tuple[float, float, float]:
    """Return the lowest and the highest value of a figure, and its step."""
    head, *rest = path.split(".")
    if is_weight(path) or head.startswith("tried_"):
        return -MOST_POINTS, MOST_POINTS, 1.0
    if head in {"features", "gates"}:
        table: Mapping[str, Any] = getattr(catalog.scoring, head)
        low, high = measures.ranges(catalog)[table[rest[0]].measure]
        return min(low, 0.0), high, 1.0
    items = catalog.items.values()
    if head == "choosing":
        return _range_of_choosing(catalog, rest[-1])
    special = {
        "min_answered": (SHARE_STEP, 1.0, SHARE_STEP),
        "priority_share": (0.0, 1.0, SHARE_STEP),
        "hints.longest_run": (3.0, float(len(items)), 1.0),
        "hints.opposed_items": (1.0, float(max(item.high - item.low for item in items)), 1.0),
    }
    return special.get(path, (0.0, 100.0, 1.0))


def _range_of_choosing(catalog: Catalog, name: str) -> tuple[float, float, float]:
    """Return the range of a figure of ``choosing``: points, steps, or how many scales must be told."""
    most = {
        "serve": advice.CHOSEN,
        "near_tie": MOST_LEVEL,
        "traits": len(catalog.of_kind("fit", "misfit")),
        "worries": len(catalog.of_kind("frustration")),
    }
    return (-MOST_POINTS if name == "serves_first" else 0.0), float(most.get(name, MOST_POINTS)), 1.0


def vary(catalog: Catalog, changes: Mapping[str, Number | None]) -> Catalog:
    """Return a copy of the catalogue with other figures.

    ``changes``: new values by path. A weight that a target does not have yet is added (its source is the workbook's own
    judgement); None removes a weight.

    Raises:
        ParameterError: there is no such path (similar ones are named), or the figure cannot have this value (its range
            is named).
    """
    found = figures(catalog.scoring)
    raw = catalog.scoring.model_dump()
    for path, value in changes.items():
        if path in found or _may_be_added(catalog, path):
            _put(catalog, raw, path, value)
        else:
            near = get_close_matches(path, [*found, *_addable(catalog)], n=3, cutoff=0.6)
            raise ParameterError("lab_no_knob", path, near=", ".join(near) or "–")
    try:
        scoring = Scoring.model_validate(raw)
    except ValidationError as error:
        detail = error.errors()[0]
        at = ".".join(str(part) for part in detail["loc"] if part != "points")
        raise ParameterError("lab_not_valid", at, value=repr(detail["input"])[:40], why=mismatch(detail)) from None
    _consistent(scoring)
    return replace(catalog, scoring=scoring)


def _addable(catalog: Catalog) -> Iterator[str]:
    """Yield the path of every weight that could be added."""
    for group in TARGETS:
        for target in getattr(catalog, group):
            yield from (f"{group}.{target}.{feature}" for feature in catalog.scoring.features)


def _may_be_added(catalog: Catalog, path: str) -> bool:
    if not is_weight(path):
        return False
    group, target, feature = path.split(".")
    if target not in getattr(catalog, group) or feature not in catalog.scoring.features:
        return False
    if group == "paths" and catalog.scoring.features[feature].measure in (measures.FRUSTRATIONS, measures.CONSEQUENCES):
        raise ParameterError("lab_pooled", path)
    return True


def _put(catalog: Catalog, raw: dict[str, Any], path: str, value: Number | None) -> None:
    """Write one value into ``raw``, a scoring version as plain dicts."""
    *before, last = path.split(".")
    place: Any = raw
    for part in before:
        place = place[int(part)] if isinstance(place, tuple) else place[part]
    if value is None:
        if not is_weight(path):
            raise ParameterError("lab_cannot_remove", path)
        place.pop(last, None)
        return
    low, high, _ = _range(catalog, path)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ParameterError("lab_out_of_range", path, value=repr(value)[:40], low=f"{low:g}", high=f"{high:g}")
    if is_weight(path):
        weight = place.get(last, {"sources": ("workbook",)})
        place[last] = {**weight, "points": value}
    else:
        place[last] = round(value, DECIMALS) if isinstance(value, float) else value


def _consistent(scoring: Scoring) -> None:
    """Refuse values that are wrong only together: a ramp without a slope, a band whose limits cross."""
    for name, ramp in scoring.features.items():
        if ramp.start == ramp.end:
            raise ParameterError("lab_flat_ramp", f"features.{name}", value=f"{ramp.start:g}")
    for band, cuts in scoring.bands.items():
        if cuts.middle >= cuts.high:
            raise ParameterError("lab_bands_crossed", f"bands.{band}", middle=f"{cuts.middle:g}", high=f"{cuts.high:g}")
