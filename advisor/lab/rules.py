"""Rules and answers without effect: what never speaks in a cohort, and what no answer could ever change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from advisor import advice, measures
from advisor.lab.outcome import top
from advisor.lab.sensitivity import GROUPS
from advisor.model import SITUATIONS

if TYPE_CHECKING:
    from advisor.advice import Group
    from advisor.catalog import Catalog
    from advisor.lab.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Silent:
    """Rules without effect on a cohort: ``features`` without strength for anybody, gates that are never or always open.

    ``weights``: paths of weights whose part is no whole point for anybody.
    """

    features: tuple[str, ...]
    weights: tuple[str, ...]
    gates_never: tuple[str, ...]
    gates_always: tuple[str, ...]


def silent(base: Outcome) -> Silent:
    """Return the rules that never speak in this cohort."""
    figures = base.catalog.scoring
    some_open, all_open = np.asarray(base.gates.any(axis=0)), np.asarray(base.gates.all(axis=0))
    speaking: set[str] = set()
    parts: list[str] = []
    for group in GROUPS:
        weights = advice.weights(base.catalog, group)
        strength = advice.strengths(weights, base.measured)
        speaking |= {
            name for name, some in zip(weights.features, np.asarray(strength.any(axis=0)).tolist(), strict=True) if some
        }
        for target, name in enumerate(weights.targets):
            for feature in getattr(figures, group)[name]:
                column = weights.features.index(feature)
                if not advice.whole_points(strength[:, column] * weights.points[target, column]).any():
                    parts.append(f"{group}.{name}.{feature}")
    return Silent(
        features=tuple(name for name in figures.features if name not in speaking),
        weights=tuple(parts),
        gates_never=tuple(name for name, some in zip(figures.gates, some_open, strict=True) if not some),
        gates_always=tuple(name for name, every in zip(figures.gates, all_open, strict=True) if every),
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """How many respondents a target comes first for, and for how many it is among the first three (steps)."""

    group: Group
    target: str
    first: int
    top: int


def reached(base: Outcome) -> tuple[Reach, ...]:
    """Return one row for every step and path, in the order of the catalogue."""
    found = []
    for group in GROUPS:
        standing = base.standing(group)
        first = np.bincount(standing.order[:, 0], minlength=len(standing.targets))
        among = top(standing).sum(axis=0)
        found += [Reach(group, *row) for row in zip(standing.targets, first.tolist(), among.tolist(), strict=True)]
    return tuple(found)


# --- answers ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Use:
    """What an answer is for.

    ``kind``: item, sign, tried, priority or fact; ``name``: the id of the item, sign, step, scale or fact. ``uses``:
    steps, paths (their points or whether they fit), gates, hints (a threshold on what it measures), index; roles (the
    role fit) and style (hints on how somebody answers) do not touch the advice.
    """

    kind: str
    name: str
    uses: tuple[str, ...]

    @property
    def idle(self) -> bool:
        """Return whether no weight, gate, hint or index depends on the answer."""
        return not set(self.uses) & {"steps", "paths", "gates", "hints", "index"}


def uses(catalog: Catalog) -> tuple[Use, ...]:
    """Return what every answer is for, by the structure of the scoring version, whoever answers."""
    asked = _asked(catalog)
    found = []
    for item in catalog.items.values():
        kind = catalog.scales[item.scale].kind
        pooled = {name for name, kinds in advice.COMPOSITES.items() if kind in kinds}
        shown = {"index", "roles"} if measures.INDEX in pooled else set()
        found.append(_use(asked, "item", item.id, {item.scale} | pooled, shown | {"style"}))
    found += [_use(asked, "sign", sign, set(measures.SIGN_COUNTS)) for sign in catalog.signs]
    present = measures.present_steps(catalog.steps)
    for step in catalog.steps:
        counts = set(measures.STEP_COUNTS) if step in present else set()
        found.append(_use(asked, "tried", step, {measures.helped(step), measures.in_vain(step)} | counts))
    for scale in catalog.of_kind("frustration"):
        found.append(_use(asked, "priority", scale, {measures.priority(scale)}))
    fitting: set[str] = {
        group for group in GROUPS
        if any(len(target.situations) < len(SITUATIONS) for target in getattr(catalog, group).values())
    }  # fmt: skip
    found.append(_use(asked, "fact", "situation", {f"situation_{one}" for one in SITUATIONS}, fitting))
    found.append(_use(asked, "fact", "years", {"years"}))
    found.append(_use(asked, "fact", "experience", {"experience_any"}))
    found.append(_use(asked, "fact", "role", set()))
    return tuple(found)


def _use(asked: dict[str, set[str]], kind: str, name: str, measured: set[str], other: set[str] | None = None) -> Use:
    purposes = {purpose for measure in measured for purpose in asked.get(measure, ())} | (other or set())
    return Use(kind, name, tuple(sorted(purposes)))


def _asked(catalog: Catalog) -> dict[str, set[str]]:
    """Return what each measure is used for by weights, gates and the thresholds of hints."""
    asked: dict[str, set[str]] = {}
    for group in GROUPS:
        weights = advice.weights(catalog, group)
        for (_, feature), weight in weights.rows.items():
            if weight.points:
                asked.setdefault(weights.ramps[feature].measure, set()).add(group)
    for gate in catalog.scoring.gates.values():
        asked.setdefault(gate.measure, set()).add("gates")
    hinted = [scale for pair in catalog.scoring.hints.contradictions for scale in (pair.first, pair.second)]
    for measure in (*hinted, measures.CONSEQUENCES, "motivation"):
        asked.setdefault(measure, set()).add("hints")
    return asked
