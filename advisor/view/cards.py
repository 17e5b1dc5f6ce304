"""Advice as cards: what a template shows of a step or a path, each reason with the answers and sources behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.findings import Advice
from advisor.report.wording import answer_in_words, gate_note, hangs_on, label, question, reason_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from advisor.findings import Reason
    from advisor.say import Say
    from advisor.session import Session

__all__ = ["answer_in_words", "gate_note", "hangs_on", "label", "paths", "question", "reason_name", "steps"]
Card = dict[str, Any]
KNOWLEDGE = ("moving", "entry", "transfers", "habits")
SHOWN = 3  # cards that stand open; more on demand, but never what was chosen or held back
LONGEST_BAR = 30  # points; a bar of this length fills its half


def steps(session: Session, say: Say) -> list[Card]:
    """Return the ranked steps as cards."""
    facts = session.record.case.facts
    cards = []
    for place, advice in enumerate(_listed(session.reading.steps, session.record.plan.steps)):
        step = session.catalog.steps[advice.target]
        tried = facts.tried.get(advice.target)
        cards.append({
            "key": advice.target, "words": say.words.steps[advice.target], "effort": step.effort, "weeks": step.weeks,
            "chosen": advice.target in session.record.plan.steps, "tried": tried if tried != "untried" else None,
            "shown": place < SHOWN or advice.target in session.record.plan.steps,
            "open": False, **_why(session, say, advice),
        })  # fmt: skip
    return cards


def paths(session: Session, say: Say) -> list[Card]:
    """Return the ranked paths as cards, with what the sources know about each."""
    catalog, chosen = session.catalog, session.record.plan.path
    cards = []
    for place, advice in enumerate(_listed(session.reading.paths, (chosen,) if chosen else ())):
        knowledge = [
            getattr(say.words, group)[name]
            for group in KNOWLEDGE
            for name, row in catalog.statements[group].items()
            if advice.target in row.about
        ]
        differ = [
            (row, say.words.disagreements[name])
            for name, row in catalog.disagreements.items()
            if advice.target in row.about
        ]
        cards.append({
            "key": advice.target, "words": say.words.paths[advice.target], "first": place == 0, "held": advice.held,
            "chosen": advice.target == chosen, "knowledge": knowledge, "disagreements": differ,
            "shown": place < SHOWN or advice.held or advice.target == chosen,
            "open": place == 0, **_why(session, say, advice),
        })  # fmt: skip
    return cards


def _listed(ranked: Sequence[Advice], chosen: Sequence[str]) -> list[Advice]:
    """Return the ranked advice, then what was chosen while another situation held, so that it can be put back."""
    fitting = {advice.target for advice in ranked}
    return [*ranked, *(Advice(name, 0, ()) for name in chosen if name not in fitting)]


def _why(session: Session, say: Say, advice: Advice) -> Card:
    return {"points": advice.points, "reasons": [_reason(session, say, advice, reason) for reason in advice.reasons]}


def _reason(session: Session, say: Say, advice: Advice, reason: Reason) -> Card:
    return {
        "key": reason.feature,
        "name": reason_name(say, reason, advice.target),
        "points": reason.points,
        "shown": f"{reason.points:+d}".replace("-", "−"),
        "size": min(1.0, round(abs(reason.points) / LONGEST_BAR, 2)),
        "stated": reason.stated,
        "answers": list(_answers(session, say, reason)),
        "sources": reason.sources,
    }


def _answers(session: Session, say: Say, reason: Reason) -> Iterator[str]:
    """Yield the answers a reason came from, as a person gave them."""
    case = session.record.case
    for name in reason.items:
        yield answer_in_words(session, say, case, name)
