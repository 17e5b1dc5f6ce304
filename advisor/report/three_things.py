"""The things that 結果 says first: what weighs most, what carries the client, what to talk about.

Each is said only if it is true for this client, so there may be fewer than three.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from advisor.scoring.personal import step_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from advisor.content.catalog import Catalog
    from advisor.content.model import Case, Kind
    from advisor.content.translator import Say
    from advisor.scoring.results import Reading

Name = Literal["heavy", "change", "carries", "talk"]
LEVEL = 10  # scores (0-100) that differ by less count as level: one answer may turn their order round
MOST_NAMED = 2  # names in a title
MOST_LISTED = 3  # names in a sentence


@dataclass(frozen=True, slots=True)
class Thing:
    """One of the things: its kind, a title, and a few sentences."""

    kind: Name
    title: str
    sentences: tuple[str, ...]


def three_things(catalog: Catalog, say: Say, reading: Reading, case: Case) -> tuple[Thing, ...]:
    """Return what weighs most, what carries the client, and what to talk about; without those that are not true."""
    first = _weighs(catalog, say, reading, case)
    return tuple(
        thing
        for thing in (first, _carries(catalog, say, reading, case), _talk(catalog, say, reading, case))
        if thing is not None
    )


def worries_note(catalog: Catalog, say: Say, reading: Reading) -> str:
    """Return the sentence that no worry stands out; empty if one does, or if none is scored."""
    bands = {scale: reading.scores[scale].band for scale in catalog.of_kind("frustration")}
    if "high" in bands.values() or not any(bands.values()):
        return ""
    if middle := [scale for scale, band in bands.items() if band == "middle"]:
        return say("told_frustrations_middle", names=_quoted(say, middle[:MOST_LISTED]))
    return "" if _high(catalog, reading, "consequence") else say("told_frustrations_low")


def _high(catalog: Catalog, reading: Reading, kind: Kind) -> list[str]:
    """Return the high scales of a kind, the highest first."""
    found = [scale for scale in catalog.of_kind(kind) if reading.scores[scale].band == "high"]
    return sorted(found, key=lambda scale: -(reading.scores[scale].value or 0))


def _quoted(say: Say, scales: Sequence[str]) -> str:
    return say.quoted(say.words.scales[scale].name for scale in scales)


def _listed(say: Say, scales: Sequence[str]) -> str:
    """Return up to three names in quotation marks, and that there are more."""
    names = _quoted(say, scales[:MOST_LISTED])
    return say("three_such", names=names) if len(scales) > MOST_LISTED else names


# --- what weighs most -------------------------------------------------------------------------------------------------


def _weighs(catalog: Catalog, say: Say, reading: Reading, case: Case) -> Thing | None:
    """Return the heaviest worry; if none of the heaviest has a star, what the client wants to change most."""
    high = _high(catalog, reading, "frustration")
    heaviest = [scale for scale in high if _score(reading, scale) > _score(reading, high[0]) - LEVEL]
    starred = sorted(case.facts.priorities, key=lambda scale: -_score(reading, scale))
    both = [scale for scale in starred if scale in heaviest]
    if starred and not both:
        others = [say("three_heavy_too", names=_listed(say, heaviest))] if heaviest else []
        sentences = [*_meanings(say, reading, starred[:MOST_NAMED]), *_stars(say, starred[MOST_NAMED:]), *others]
        return Thing("change", _title(say, starred), tuple(sentences))
    if not heaviest:
        return None
    named = both or heaviest
    if len(named) > MOST_NAMED:
        rest = [scale for scale in starred if scale not in named]
        return Thing("heavy", _title(say, named), (say("three_level", names=_listed(say, named)), *_stars(say, rest)))
    level = [scale for scale in heaviest if scale not in named]
    as_heavy = [say("three_as_heavy", names=_listed(say, level))] if level else []
    rest = [scale for scale in starred if scale not in named]
    return Thing("heavy", _title(say, named), (*_meanings(say, reading, named), *as_heavy, *_stars(say, rest)))


def _score(reading: Reading, scale: str) -> float:
    """Return a score; less than any score if the scale has none."""
    value = reading.scores[scale].value
    return -1 if value is None else value


def _title(say: Say, scales: Sequence[str]) -> str:
    names = say.enumeration(say.words.scales[scale].name for scale in scales[:MOST_NAMED])
    return say("three_and_more", names=names) if len(scales) > MOST_NAMED else names


def _meanings(say: Say, reading: Reading, scales: Sequence[str]) -> Iterator[str]:
    """Yield what these worries may mean, if they are middle or high."""
    for scale in scales:
        if reading.scores[scale].band in {"middle", "high"}:
            yield say.words.scales[scale].high


def _stars(say: Say, scales: Sequence[str]) -> list[str]:
    return [say("three_stars", names=_quoted(say, scales))] if scales else []


# --- what carries -----------------------------------------------------------------------------------------------------


def _carries(catalog: Catalog, say: Say, reading: Reading, case: Case) -> Thing | None:
    """Return the client's highest strengths; without a high one, a step that helped."""
    words = say.words
    if high := _high(catalog, reading, "fit"):
        best = [scale for scale in high if _score(reading, scale) > _score(reading, high[0]) - LEVEL][:MOST_NAMED]
        names = [words.scales[scale].name for scale in best]
        title = say("three_both", first=names[0], second=names[1]) if len(names) > 1 else names[0]
        return Thing("carries", title, tuple(words.scales[scale].high for scale in best))
    helped = [step for step, answer in case.facts.tried.items() if answer == "with_effect"]
    if helped:
        return Thing("carries", step_words(catalog, words, reading, helped[0]).name, (say("three_helped"),))
    return None


# --- what to talk about -----------------------------------------------------------------------------------------------


def _talk(catalog: Catalog, say: Say, reading: Reading, case: Case) -> Thing | None:
    """Return a question that the client marked; else an effect of the worries that stands out, else a sign."""
    words = say.words
    marked = [item for item, mark in case.marks.items() if mark == "discuss" and item in catalog.items]
    if marked:
        first, *others = marked
        more = [say("three_discuss_more", names=say.quoted(words.items[item] for item in others))] if others else []
        title = words.scales[catalog.items[first].scale].name
        return Thing("talk", title, (say("three_discuss", question=words.items[first]), *more))
    if effects := _high(catalog, reading, "consequence"):
        return Thing("talk", _title(say, effects), (*_meanings(say, reading, effects[:1]), say("three_effect")))
    signs = [sign for sign, answer in case.facts.signs.items() if answer == "yes"]
    if signs and case.facts.situation != "wants_in":  # they have no workplace
        return Thing("talk", words.signs[signs[0]].name, (say("three_sign"),))
    return None
