"""What the results screen shows beside and below the charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.view import cards

if TYPE_CHECKING:
    from advisor.model import Hint, RoleFit
    from advisor.session import Session
    from advisor.view.say import Say

MOST_TRAITS = 3


def traits(session: Session, say: Say) -> dict[str, Any]:
    """Return what stands beside the profile: the index, every trait in both directions, what the client marked."""
    reading, words = session.reading, say.words
    return {
        "index": reading.index,
        "traits": [
            _trait(session, say, trait)
            for trait in session.catalog.of_kind("fit", "misfit")
            if reading.scores[trait].value is not None
        ],
        "priorities": [words.scales[scale] for scale in session.record.case.facts.priorities],
    }


def context(session: Session, say: Say) -> dict[str, Any]:
    """Return everything the rest of the screen shows."""
    catalog, reading, words = session.catalog, session.reading, say.words
    case = session.record.case
    touched = {scale for scale, score in reading.scores.items() if score.band == "high"} | {session.record.plan.path}
    pluses = sorted(
        catalog.statements["pluses"], key=lambda name: not touched & set(catalog.statements["pluses"][name].about)
    )
    knowledge = [row for group in ("pluses", "minuses", "limits") for row in catalog.statements[group].values()]
    return {
        "roles": [_role(session, say, role) for role in reading.roles],
        "pluses": [words.pluses[name] for name in pluses],
        "minuses": list(words.minuses.values()),
        "limits": list(words.limits.values()),
        "knowledge_sources": [source for row in knowledge for source in row.sources],
        "disagreements": [(catalog.disagreements[name], words.disagreements[name]) for name in reading.disagreements],
        "hints": [{"words": words.hints[hint.hint], "about": _about(say, hint)} for hint in reading.hints],
        "help_needed": reading.help_needed,
        "discuss": [cards.question(session, say, name) for name, mark in case.marks.items() if mark == "discuss"],
    }


def _trait(session: Session, say: Say, trait: str) -> dict[str, Any]:
    score = session.reading.scores[trait]
    return {"words": say.words.scales[trait], "score": f"{score.value:.0f}", "band": score.band}


def _role(session: Session, say: Say, fit: RoleFit) -> dict[str, Any]:
    """Return a role with the traits that speak most for and against it."""
    row = session.catalog.roles[fit.role]

    def named(sign: int) -> str:
        return say.quoted(
            say.words.scales[trait].short
            for trait, part in [part for part in fit.reasons if part[1] * sign >= 1][:MOST_TRAITS]
        )

    return {
        "key": fit.role,
        "words": say.words.roles[fit.role],
        "mine": fit.role == session.record.case.facts.role,
        "plus": named(1),
        "minus": named(-1),
        "qualifications": [say.words.qualifications[name] for name in row.qualifications],
        "growth": [say.words.growth[name] for name in row.growth],
        "sources": row.sources,
        "disagreements": [
            (other, say.words.disagreements[name])
            for name, other in session.catalog.disagreements.items()
            if fit.role in other.about
        ],
    }


def _about(say: Say, hint: Hint) -> str:
    if hint.hint == "straight_line":
        return say("straight_line_about", number=len(hint.about))
    return say.quoted(say.words.scales[scale].name for scale in hint.about)
