"""A reading in plain sentences: no verdict, nothing that is not in the answers, and what is missing said openly."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from advisor.content.catalog import Catalog
    from advisor.content.model import Facts, Kind
    from advisor.content.translator import Say
    from advisor.content.words import Words
    from advisor.scoring.results import Reading
    from advisor.session.comparison import ScaleChange

MOST_NAMES = 3


def narrate(catalog: Catalog, words: Words, reading: Reading, facts: Facts) -> tuple[str, ...]:
    """Return the reading as sentences in the language of ``words``, the client's own concern first."""

    def say(key: str, names: Iterable[str] = (), **fields: object) -> str:
        quoted = words.interface["list_separator"].join(
            words.interface["quoted"].format(name=words.scales[name].name) for name in names
        )
        return words.interface[key].format(**({"names": quoted} if quoted else {}), **fields)

    def standing(kind: Kind, band: str) -> list[str]:
        found = [scale for scale in catalog.of_kind(kind) if reading.scores[scale].band == band]
        return sorted(found, key=lambda scale: -(reading.scores[scale].value or 0))[:MOST_NAMES]

    outside = facts.situation == "wants_in" and catalog.scoring.choosing is not None  # no workplace to speak of
    signs = reading.signs_told and not outside
    sentences: list[str] = []
    paragraphs: tuple[Callable[[], Iterable[str]], ...] = (
        lambda: [say("told_priorities", facts.priorities)] if facts.priorities else [],
        lambda: _frustrations(catalog, reading, say, standing("frustration", "high")),
        lambda: [say("told_consequences", high)] if (high := standing("consequence", "high")) else [],
        lambda: [say("told_help")] if reading.help_needed and catalog.scoring.choosing is not None else [],
        lambda: [say("told_signs", yes=reading.signs_yes, told=reading.signs_told)] if signs else [],
        lambda: [say("told_strengths", high)] if (high := standing("fit", "high")) else [],
        lambda: [say("told_preferences", high)] if (high := standing("misfit", "high")) else [],
        lambda: [say(f"told_index_{reading.index.band}")] if reading.index.band else [],
    )
    for paragraph in paragraphs:
        sentences += paragraph()
    return tuple(sentences)


def _frustrations(catalog: Catalog, reading: Reading, say: Callable[..., str], high: list[str]) -> list[str]:
    if high:
        return [say("told_frustrations", high)]
    scored = [
        reading.scores[scale] for scale in catalog.of_kind("frustration") if reading.scores[scale].value is not None
    ]
    if not scored:
        return []
    if middle := [score.scale for score in scored if score.band == "middle"]:
        return [say("told_frustrations_middle", middle[:MOST_NAMES])]
    effects = catalog.of_kind("consequence")  # where one is high, all is not well
    return [] if any(reading.scores[scale].band == "high" for scale in effects) else [say("told_frustrations_low")]


def told_change(catalog: Catalog, say: Say, change: ScaleChange) -> str:
    """Return what became of one scale since last time as a sentence."""
    kind = catalog.scales[change.scale].kind
    way = "harder" if change.difference > 0 else "easier"
    key = f"change_{way}" if kind in {"frustration", "consequence"} else "change_moved"  # a trait has no better side
    name = say.words.scales[change.scale].name
    return say(key, name=name, before=round(change.before), after=round(change.after))


def told_reliability(say: Say, change: ScaleChange) -> str:
    """Return how a change compares with measurement error; nothing where the quick form cannot tell."""
    if change.reliable is None:
        return ""
    sentence = say("change_beyond" if change.reliable else "change_within")
    return say("change_rough", text=sentence) if change.provisional else sentence
