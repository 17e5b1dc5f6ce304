"""What two scoring versions say differently: figure by figure, and for how many people it matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from advisor.lab import worked
from advisor.lab.compare import compare
from advisor.lab.knobs import WEIGHT, is_weight, leaves
from advisor.lab.outcome import evaluate

if TYPE_CHECKING:
    from advisor.catalog import Catalog
    from advisor.lab.worked import CaseChange
    from advisor.model import Scoring
    from advisor.scoring import Table

Kind = Literal["weight", "feature", "gate", "band", "general", "hint", "source"]
KINDS: tuple[Kind, ...] = ("weight", "feature", "gate", "band", "general", "hint", "source")
_HEADS: dict[str, Kind] = {
    "steps": "weight",
    "paths": "weight",
    "features": "feature",
    "gates": "gate",
    "bands": "band",
    "hints": "hint",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that two versions say differently; ``old`` None: added, ``new`` None: removed.

    ``path``: as in ``knobs``, for what is no figure too (``gates.signs_against.measure``, ``paths.x.y.sources``).
    """

    kind: Kind
    path: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Effect:
    """For how many of a cohort of ``n`` the first path, the first three steps, or the open gates are others."""

    n: int
    first_path: int
    top_steps: int
    gates: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different from version ``old`` to ``new``, in the order of the file.

    ``cases``: the worked cases that change, of ``cases_n``; ``effect``: what it does to a cohort, None without one.
    """

    old: str
    new: str
    changes: tuple[Change, ...]
    cases: tuple[CaseChange, ...]
    cases_n: int
    effect: Effect | None

    @property
    def empty(self) -> bool:
        """Return whether both versions say the same."""
        return not self.changes


def diff(old: Catalog, new: Catalog, table: Table | None = None) -> Difference:
    """Return what ``new`` says differently from ``old``.

    ``table``: a cohort on which to count whose advice changes.
    """
    effect = None
    if table is not None:
        before = evaluate(old, table)
        found = compare(before, evaluate(new, table, before))
        effect = Effect(found.n, found.first_paths.moved, found.top_changed, found.gates_changed)
    return Difference(
        old=old.scoring.version,
        new=new.scoring.version,
        changes=changes(old.scoring, new.scoring),
        cases=worked.changes(old, new),
        cases_n=len(worked.cases(old)),
        effect=effect,
    )


def changes(old: Scoring, new: Scoring) -> tuple[Change, ...]:
    """Return everything that two versions say differently but their names; an added or removed rule is one change."""
    before, after = leaves(old), leaves(new)
    found: list[Change] = []
    for path in [*before, *(path for path in after if path not in before)]:
        was, now = before.get(path), after.get(path)
        if path == "version" or was == now:
            continue
        whole = _rule(path)
        if whole and (_rule_stands(before, whole) != _rule_stands(after, whole)):
            if not any(change.path == whole for change in found):
                found.append(Change(_kind(whole), whole, _told(before, whole), _told(after, whole)))
            continue
        found.append(Change("source" if path.endswith(".sources") else _kind(path), path, was, now))
    places = {".".join(path.split(".")[:2]): place for place, path in reversed([*enumerate([*before, *after])])}
    return tuple(sorted(found, key=lambda one: (KINDS.index(one.kind), places[".".join(one.path.split(".")[:2])])))


def _kind(path: str) -> Kind:
    return _HEADS.get(path.split(".", 1)[0], "general")


def _rule(path: str) -> str | None:
    """Return the path of the weight, feature, gate or contradiction that a path is part of."""
    parts = path.split(".")
    if parts[0] in {"features", "gates"}:
        return ".".join(parts[:2])
    if parts[0] in {"steps", "paths"} or parts[:2] == ["hints", "contradictions"]:
        return ".".join(parts[:WEIGHT])
    return None


def _rule_stands(told: dict[str, Any], rule: str) -> bool:
    return f"{rule}.sources" in told


def _told(told: dict[str, Any], rule: str) -> Any:  # noqa: ANN401  (points, or all that a rule says)
    """Return a rule as a whole: the points of a weight, else what it says without its sources; None: not there."""
    if not _rule_stands(told, rule):
        return None
    if is_weight(rule):
        return told[rule]
    parts = {path.removeprefix(f"{rule}."): value for path, value in told.items() if path.startswith(f"{rule}.")}
    return ", ".join(f"{name} {value}" for name, value in parts.items() if name != "sources")
