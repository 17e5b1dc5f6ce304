"""The differences between two versions, one by one (figures, questions, texts), and how many people they affect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from advisor.analysis.lab import worked_cases
from advisor.analysis.lab.compare import compare
from advisor.analysis.lab.outcome import evaluate
from advisor.analysis.lab.parameters import WEIGHT, is_weight, leaves
from advisor.content.words import LANGUAGES, VERSIONED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from advisor.analysis.lab.worked_cases import CaseChange
    from advisor.content.catalog import Catalog
    from advisor.content.model import Scoring
    from advisor.scoring.scores import Table

Kind = Literal[
    "weight",
    "feature",
    "gate",
    "band",
    "choosing",
    "general",
    "hint",
    "item",
    "scale",
    "reliability",
    "content",
    "text",
    "source",
]
KINDS: tuple[Kind, ...] = (
    "weight", "feature", "gate", "band", "choosing", "general", "hint", "item", "scale", "reliability", "content",
    "text", "source",
)  # fmt: skip
_HEADS: dict[str, Kind] = {
    "steps": "weight",
    "paths": "weight",
    "features": "feature",
    "gates": "gate",
    "bands": "band",
    "choosing": "choosing",
    "hints": "hint",
}


@dataclass(frozen=True, slots=True)
class VersionChange:
    """One thing that two versions say differently; ``old`` None: added, ``new`` None: removed.

    ``path``: where it stands, written as in ``parameters.py``, also for what is no number
    (``gates.signs_against.measure``, ``paths.x.y.sources``). For other files than that of the scoring, their group
    comes first (``items.reward_1.reverse``, ``text.ja.items.reward_1``).
    """

    kind: Kind
    path: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Effect:
    """For how many of a cohort of ``n`` the first path, the first three steps, or the open gates change.

    ``silent``: who is told no first path any more; ``spoken``: who is told one now. Both are counted in ``first_path``.
    """

    n: int
    first_path: int
    top_steps: int
    gates: int
    silent: int
    spoken: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different from version ``old`` to ``new``, in the order of the file.

    ``cases``: the worked cases that change; ``cases_n``: how many there are in all; ``effect``: on a cohort, None when
    there is none.
    """

    old: str
    new: str
    changes: tuple[VersionChange, ...]
    cases: tuple[CaseChange, ...]
    cases_n: int
    effect: Effect | None

    @property
    def empty(self) -> bool:
        """Return whether both versions say the same."""
        return not self.changes


def diff(old: Catalog, new: Catalog, table: Table | None = None, again: Table | None = None) -> Difference:
    """Return what ``new`` says differently from ``old``.

    ``table``: a cohort, as ``old`` reads its file, on which to count whose advice changes; ``again``: the same file as
    ``new`` reads it, needed where both do not read alike (:func:`read_alike`).
    """
    effect = None
    if table is not None:
        before = evaluate(old, table)
        found = compare(before, evaluate(new, table if again is None else again, before))
        effect = Effect(
            found.n, found.first_paths.moved, found.top_changed, found.gates_changed, found.silent.gained,
            found.silent.lost,
        )  # fmt: skip
    return Difference(
        old=old.scoring.version,
        new=new.scoring.version,
        changes=differences(old, new),
        cases=worked_cases.changes(old, new),
        cases_n=len(worked_cases.cases(new)),
        effect=effect,
    )


def read_alike(old: Catalog, new: Catalog) -> bool:
    """Return whether both versions read a cohort file into the same table: they ask the same, in the same order."""
    asked = [(c.items, c.scales, c.signs, c.steps, c.roles, c.statements["experience"]) for c in (old, new)]
    return all([*one] == [*other] for one, other in zip(*asked, strict=True)) and old.items == new.items


def differences(old: Catalog, new: Catalog) -> tuple[VersionChange, ...]:
    """Return everything that two versions say differently: scoring, questions, keys, reliabilities, content, texts."""
    found = [*changes(old.scoring, new.scoring), *_contents(old, new)]
    return tuple(sorted(found, key=lambda change: KINDS.index(change.kind)))


def _contents(old: Catalog, new: Catalog) -> Iterator[VersionChange]:
    """Yield what differs outside of the scoring; an entry that came or went is one change."""
    before, after = _groups(old), _groups(new)
    for (kind, group), now in after.items():
        was = before.get((kind, group), {})
        for name in dict.fromkeys((*was, *now)):
            one, other = was.get(name), now.get(name)
            if one is None or other is None:
                yield VersionChange(kind, f"{group}.{name}", _named(one), _named(other))
                continue
            for field in dict.fromkeys((*one, *other)):
                if one.get(field) != other.get(field):
                    told: Kind = "source" if field.endswith(("sources", "claimed_by", "opposed_by")) else kind
                    path = ".".join(filter(None, (group, name, field)))
                    yield VersionChange(told, path, one.get(field), other.get(field))


def _groups(catalog: Catalog) -> dict[tuple[Kind, str], Mapping[str, dict[str, Any]]]:
    """Return the entries of every group; each entry maps the paths within it to its values."""
    content: dict[str, Mapping[str, Any]] = {
        "sources": catalog.sources, "signs": catalog.signs, "steps": catalog.steps, "paths": catalog.paths,
        "roles": catalog.roles, "disagreements": catalog.disagreements, "work_styles": catalog.work_styles,
        **catalog.statements,
    }  # fmt: skip
    kinds: dict[tuple[Kind, str], Mapping[str, Any]] = {
        ("item", "items"): catalog.items,
        ("scale", "scales"): catalog.scales,
        ("reliability", "reliability"): catalog.reliability,
        **{("content", name): rows for name, rows in content.items()},
        **{
            ("text", f"text.{language}.{group}"): getattr(catalog.words[language], group)
            for language in LANGUAGES
            for group in VERSIONED
        },
    }
    return {place: {name: dict(_flat(row)) for name, row in rows.items()} for place, rows in kinds.items()}


def _flat(row: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  (a row, or part of one)
    value = row.model_dump() if hasattr(row, "model_dump") else row
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _flat(child, (*at, name))
    else:
        yield ".".join(at), value


def _named(entry: dict[str, Any] | None) -> Any:  # noqa: ANN401  (a text, or how much there is)
    """Return the text that stands for a whole entry in a difference; None where there is no entry."""
    if entry is None:
        return None
    return entry.get("name") or entry.get("") or f"({len(entry)})"


def changes(old: Scoring, new: Scoring) -> tuple[VersionChange, ...]:
    """Return every difference of two scorings but their names; a rule that was added or removed is one change."""
    before, after = leaves(old), leaves(new)
    found: list[VersionChange] = []
    for path in [*before, *(path for path in after if path not in before)]:
        was, now = before.get(path), after.get(path)
        if path == "version" or was == now:
            continue
        whole = _rule(path)
        if whole and (_rule_stands(before, whole) != _rule_stands(after, whole)):
            if not any(change.path == whole for change in found):
                found.append(VersionChange(_kind(whole), whole, _told(before, whole), _told(after, whole)))
            continue
        found.append(VersionChange("source" if path.endswith(".sources") else _kind(path), path, was, now))
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
    """Return the points of a weight, or all that another rule says but its sources; None: no such rule."""
    if not _rule_stands(told, rule):
        return None
    if is_weight(rule):
        return told[rule]
    parts = {path.removeprefix(f"{rule}."): value for path, value in told.items() if path.startswith(f"{rule}.")}
    return ", ".join(f"{name} {value}" for name, value in parts.items() if name != "sources")
