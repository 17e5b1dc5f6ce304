"""Words for one client: the variants of steps, and the sentences and statements that are true for this client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from advisor.scoring.reading import true_ones
from advisor.scoring.results import Advice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.content.catalog import Catalog
    from advisor.content.model import Disagreement, Statement, Step
    from advisor.content.words import DisagreementWords, StatementWords, StepWords, Words
    from advisor.scoring.results import Reading

KNOWLEDGE = ("moving", "entry", "transfers", "habits")  # groups of statements that are shown with a path
RULES = "rules"  # versions with ``choosing`` also show this group, and show statements with steps too


@dataclass(frozen=True, slots=True)
class PathTold:
    """The words of a path for one client: when it suits, the first action, how to go on, cautions and notes."""

    name: str
    summary: str
    suits: tuple[str, ...]
    first_action: str
    next: tuple[str, ...]
    worked: str
    caution: tuple[str, ...]
    note: tuple[str, ...]


def listed(ranked: Sequence[Advice], chosen: Sequence[str]) -> list[Advice]:
    """Return the ranked advice, then the chosen targets that no longer fit, so that the client can put them back."""
    fitting = {advice.target for advice in ranked}
    return [*ranked, *(Advice(name, 0, ()) for name in chosen if name not in fitting)]


def variant_of(catalog: Catalog, reading: Reading, step: str) -> str | None:
    """Return the variant of a step for the client of ``reading``: the first whose condition holds, or None."""
    return next((name for name in true_ones(catalog, reading, "variants") if catalog.variants[name].step == step), None)


def step_for(catalog: Catalog, reading: Reading, step: str) -> Step:
    """Return a step with the effort and weeks for this client."""
    row, variant = catalog.steps[step], catalog.variants.get(variant_of(catalog, reading, step) or "")
    if variant is None:
        return row
    return row.model_copy(update={"effort": variant.effort or row.effort, "weeks": variant.weeks or row.weeks})


def step_words(catalog: Catalog, words: Words, reading: Reading, step: str) -> StepWords:
    """Return the words of a step for this client; the hints of the variant come before the step's hints."""
    base, variant = words.steps[step], words.variants.get(variant_of(catalog, reading, step) or "")
    if variant is None:
        return base
    return base.model_copy(
        update={
            "first_action": variant.first_action,
            "hints": (*variant.hints, *base.hints),
            "summary": variant.summary or base.summary,
            "worked": variant.worked or base.worked,
        }
    )


def sayings(catalog: Catalog, words: Words, reading: Reading, about: str, slot: str) -> tuple[str, ...]:
    """Return the sentences about a path, step, gate or role that are true for this client, in the catalogue's order."""
    rows = ((name, catalog.sayings[name]) for name in true_ones(catalog, reading, "sayings"))
    return tuple(words.sayings[name] for name, row in rows if row.about == about and row.slot == slot)


def path_words(catalog: Catalog, words: Words, reading: Reading, path: str) -> PathTold:
    """Return the words of a path for this client: first the path's own sentences, then the sayings that are true."""
    base = words.paths[path]
    said = {slot: sayings(catalog, words, reading, path, slot) for slot in ("suits", "next", "caution", "note")}
    return PathTold(
        name=base.name,
        summary=base.summary,
        suits=(*([base.suits] if base.suits else []), *said["suits"]),
        first_action=base.first_action,
        next=said["next"],
        worked=base.worked,
        caution=(*([base.caution] if base.caution else []), *said["caution"]),
        note=said["note"],
    )


def sources_of(catalog: Catalog, words: Words, reading: Reading, target: str) -> list[str]:
    """Return the sources of all texts about a step or path that this client reads, each once."""
    row = catalog.steps.get(target) or catalog.paths[target]
    variant = catalog.variants.get(variant_of(catalog, reading, target) or "")
    said = [catalog.sayings[name] for name in true_ones(catalog, reading, "sayings")]
    sources = [*row.sources, *(variant.sources if variant else ())]
    sources += [source for saying in said if saying.about == target for source in saying.sources]
    sources += [source for row, _ in about(catalog, words, reading, target) for source in row.sources]
    return [*dict.fromkeys(sources)]


# --- statements of the sources --------------------------------------------------------------------------------------


def told(catalog: Catalog, words: Words, reading: Reading, group: str) -> dict[str, tuple[Statement, StatementWords]]:
    """Return the statements of a group that are true for this client, by id, in the catalogue's order."""
    rows, said = catalog.statements[group], getattr(words, group)
    return {name: (rows[name], said[name]) for name in true_ones(catalog, reading, group)}


def about(catalog: Catalog, words: Words, reading: Reading, target: str) -> list[tuple[Statement, StatementWords]]:
    """Return the statements about a path, step or role that are true for this client, with their words."""
    weighed = catalog.scoring.choosing is not None
    if not weighed and target not in catalog.paths:
        return []
    groups = (*KNOWLEDGE, RULES) if weighed else KNOWLEDGE
    named = [group for group in groups if any(target in row.about for row in catalog.statements[group].values())]
    true = (pair for group in named for pair in told(catalog, words, reading, group).values())
    return [(row, said) for row, said in true if target in row.about]


def differ(catalog: Catalog, words: Words, reading: Reading) -> dict[str, tuple[Disagreement, DisagreementWords]]:
    """Return the disagreements of the sources that concern this client, by id."""
    names = true_ones(catalog, reading, "disagreements")
    return {name: (catalog.disagreements[name], words.disagreements[name]) for name in names}
