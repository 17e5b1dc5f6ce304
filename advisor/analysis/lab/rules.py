"""Finds rules without effect on a cohort, and tells what each answer is used for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from advisor.analysis.lab.outcome import NOBODY, top
from advisor.analysis.lab.sensitivity import GROUPS
from advisor.content import measures
from advisor.content.model import FIXED, SITUATIONS, When
from advisor.scoring import advice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.analysis.lab.outcome import Outcome
    from advisor.content.catalog import Catalog
    from advisor.scoring.advice import Group


@dataclass(frozen=True, slots=True)
class Silent:
    """Rules without effect on a cohort: ``features`` without strength for anybody, gates that are never or always open.

    ``weights``: paths of weights that give nobody a whole point. Respondents who are told no first path do not count.
    """

    features: tuple[str, ...]
    weights: tuple[str, ...]
    gates_never: tuple[str, ...]
    gates_always: tuple[str, ...]


def silent(base: Outcome) -> Silent:
    """Return the rules that have no effect on anybody in this cohort."""
    figures = base.catalog.scoring
    some_open, all_open = np.asarray(base.gates.any(axis=0)), np.asarray(base.gates.all(axis=0))
    speaking: set[str] = set()
    parts: list[str] = []
    for group in GROUPS:
        weights = advice.weights(base.catalog, group)
        strength = advice.strengths(weights, base.measures_of(group)[~base.silent])
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
    """For how many respondents a step or path comes first, and for how many it is among the first three."""

    group: Group
    target: str
    first: int
    top: int


def reached(base: Outcome) -> tuple[Reach, ...]:
    """Return one row for every step and path, in the order of the catalogue."""
    found = []
    for group in GROUPS:
        standing = base.standing(group)
        firsts = base.first_path if group == "paths" else base.first_step
        first = np.bincount(firsts[firsts != NOBODY], minlength=len(standing.targets))
        among = top(standing).sum(axis=0)
        found += [Reach(group, *row) for row in zip(standing.targets, first.tolist(), among.tolist(), strict=True)]
    return tuple(found)


# --- answers ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Use:
    """What an answer is used for.

    ``kind``: item, sign, tried, priority, experience, fixed or fact; ``name``: the id of the item, sign, step, scale,
    kind of experience, what cannot move, or fact. ``uses``: steps and paths (their points, or whether they fit), gates,
    silence (whether enough is told), words (which sentences are shown), hints (a threshold on what it measures), index;
    also roles (the role fit) and style (hints on how somebody answers), which do not change the advice.
    """

    kind: str
    name: str
    uses: tuple[str, ...]

    @property
    def idle(self) -> bool:
        """Return whether no weight, condition, gate, hint or index depends on the answer."""
        return not set(self.uses) & {"steps", "paths", "gates", "silence", "words", "hints", "index"}


def uses(catalog: Catalog) -> tuple[Use, ...]:
    """Return what every answer is used for: read from the rules of the scoring version, without any cohort."""
    asked, named = _asked(catalog), _named(catalog)
    heard = {"silence"} if catalog.scoring.choosing else set[str]()
    found = []
    for item in catalog.items.values():
        kind = catalog.scales[item.scale].kind
        pooled = {name for name, kinds in advice.COMPOSITES.items() if kind in kinds}
        shown = {"index", "roles"} if measures.INDEX in pooled else set[str]()
        worry = {measures.WORRY, measures.IN_VAIN} if kind == "frustration" else set[str]()
        needed = heard if kind in _SILENCE else set[str]()
        found.append(_use(asked, "item", item.id, {item.scale} | pooled | worry, shown | needed | {"style"}))
    counts = {measures.EMPLOYED, *measures.SIGN_COUNTS}
    found += [_use(asked, "sign", sign, counts) for sign in catalog.signs]
    present = measures.present_steps(catalog.steps)
    for step in catalog.steps:
        counts = {measures.EMPLOYED, *((*measures.STEP_COUNTS, measures.IN_VAIN) if step in present else ())}
        found.append(_use(asked, "tried", step, {measures.helped(step), measures.in_vain(step)} | counts))
    for scale in catalog.of_kind("frustration"):
        found.append(_use(asked, "priority", scale, {measures.priority(scale)}))
    for name in catalog.statements["experience"]:
        told = {"experience_any", f"experience_{name}"}
        found.append(_use(asked, "experience", name, told, named["experience", name]))
    found += [_use(asked, "fixed", name, {f"fixed_{name}"}, named["fixed", name]) for name in FIXED]
    situations = {measures.EMPLOYED, *(f"situation_{one}" for one in SITUATIONS)}
    found.append(_use(asked, "fact", "situation", situations, named["fact", "situation"] | heard))
    found.append(_use(asked, "fact", "years", {"years", measures.EMPLOYED}))
    roles = {measures.EMPLOYED, *(f"role_{role}" for role in catalog.roles)}
    found.append(_use(asked, "fact", "role", roles, named["fact", "role"]))
    return tuple(found)


_SILENCE = ("fit", "misfit", "frustration")  # kinds of scales that must be answered enough for a first path


def _use(asked: dict[str, set[str]], kind: str, name: str, measured: set[str], other: set[str] | None = None) -> Use:
    purposes = {purpose for measure in measured for purpose in asked.get(measure, ())} | (other or set())
    return Use(kind, name, tuple(sorted(purposes)))


def _asked(catalog: Catalog) -> dict[str, set[str]]:
    """Return what each measure is used for by weights, conditions, gates and the thresholds of hints."""
    asked: dict[str, set[str]] = {}
    for group in GROUPS:
        weights = advice.weights(catalog, group)
        for (_, feature), weight in weights.rows.items():
            if weight.points:
                asked.setdefault(weights.ramps[feature].measure, set()).add(group)
    for gate in catalog.scoring.gates.values():
        asked.setdefault(gate.measure, set()).add("gates")
    if catalog.scoring.choosing:
        asked.setdefault(measures.WORRY, set()).add("gates")
    for purpose, when in _whens(catalog):
        for measure in (*when.above, *when.below):
            asked.setdefault(measure, set()).add(purpose)
    hinted = [scale for pair in catalog.scoring.hints.contradictions for scale in (pair.first, pair.second)]
    for measure in (*hinted, measures.CONSEQUENCES, "motivation"):
        asked.setdefault(measure, set()).add("hints")
    return asked


def _named(catalog: Catalog) -> dict[tuple[str, str], set[str]]:
    """Return the uses of each fact that a condition names directly, not through a measure."""
    found: dict[tuple[str, str], set[str]] = {("fact", name): set() for name in ("situation", "role")}
    found |= {("experience", name): set() for name in catalog.statements["experience"]}
    found |= {("fixed", name): set() for name in FIXED}
    for purpose, when in _whens(catalog):
        found["fact", "situation"] |= {purpose} if when.situations else set()
        found["fact", "role"] |= {purpose} if when.roles or when.not_roles else set()
        for name in when.experience:
            found["experience", name].add(purpose)
    for group in GROUPS:
        for target in getattr(catalog, group).values():
            found["fact", "situation"] |= {group} if len(target.situations) < len(SITUATIONS) else set()
            for name in getattr(target, "against", ()):
                found["fixed", name].add(group)
    return found


def _whens(catalog: Catalog) -> Iterator[tuple[str, When]]:
    """Yield every condition of the catalogue, after what it decides on: steps, paths or words."""
    for group in GROUPS:
        yield from ((group, getattr(target, "when", When())) for target in getattr(catalog, group).values())
    yield from (("words", variant.when) for variant in catalog.variants.values())
    yield from (("words", saying.when) for saying in catalog.sayings.values())
