"""Cards of advice: the values of a step or a path for a template. Each reason carries its answers and sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.report import addressed, agents
from advisor.report.sentences import answer_in_words, reason_name
from advisor.scoring import personal
from advisor.session.remarks import WORD_MAX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.content.translator import Say
    from advisor.scoring.results import Advice, Reason
    from advisor.session.session import Session

Card = dict[str, Any]
SHOWN = 3  # cards shown at once, and all level paths; the rest is folded
LONGEST_BAR = 30  # points; a bar of this length fills its half


def steps(session: Session, say: Say) -> list[Card]:
    """Return the ranked steps as cards, in the words for this client."""
    catalog, reading, chosen = session.catalog, session.reading, session.record.plan.steps
    cards = []
    for place, advice in enumerate(personal.listed(reading.steps, chosen)):
        step = personal.step_for(catalog, reading, advice.target)
        words = personal.step_words(catalog, say.words, reading, advice.target)
        tried = session.record.case.facts.tried.get(advice.target)
        cards.append({
            "key": advice.target, "target": f"step-{advice.target}", "words": words,
            "notes": personal.sayings(catalog, say.words, reading, advice.target, "note"),
            "agents": agents.notice(say, addressed.step_itself(catalog, say, reading, advice.target)),
            "agents_seen": agents.notice(say, (words.name, words.first_action)),
            **_known(session, say, advice.target),
            "effort": step.effort, "weeks": step.weeks,
            "chosen": advice.target in chosen, "tried": tried if tried != "untried" else None,
            "shown": place < SHOWN, **_why(session, say, advice), **_unfit(session, f"step-{advice.target}"),
        })  # fmt: skip
    return cards


def paths(session: Session, say: Say) -> list[Card]:
    """Return the ranked paths as cards, each with what the sources say about it.

    No path of a near tie is first, and none before anything is answered: older versions rank them even then.
    """
    catalog, reading, chosen = session.catalog, session.reading, session.record.plan.path
    clear = bool(reading.paths and session.record.case.responses) and not reading.near
    cards = []
    for place, advice in enumerate(personal.listed(reading.paths, (chosen,) if chosen else ())):
        differ = [
            pair for pair in personal.differ(catalog, say.words, reading).values() if advice.target in pair[0].about
        ]
        words = personal.path_words(catalog, say.words, reading, advice.target)
        cards.append({
            "key": advice.target, "target": f"path-{advice.target}", "words": words,
            "first": place == 0 and clear, "near": advice.target in reading.near, "held": advice.held,
            "chosen": advice.target == chosen, "disagreements": differ,
            "agents": agents.notice(say, addressed.path_itself(catalog, say, reading, advice.target)),
            "agents_seen": agents.notice(say, (words.name, words.summary)),
            **_known(session, say, advice.target),
            "shown": place < SHOWN or advice.target in reading.near,
            **_why(session, say, advice), **_unfit(session, f"path-{advice.target}"),
        })  # fmt: skip
    return cards


def _known(session: Session, say: Say, target: str) -> Card:
    """Return the statements about a step or path that are true for this client, and their sources.

    Each statement that names recruitment agents carries the notice about them.
    """
    catalog, words, reading = session.catalog, say.words, session.reading
    statements = [said for _, said in personal.about(catalog, words, reading, target)]
    return {
        "knowledge": [(said, agents.notice(say, (said.name, said.text))) for said in statements],
        "sources": personal.sources_of(catalog, words, reading, target),
    }


def _unfit(session: Session, target: str) -> Card:
    """Return the adviser's remark that a step or path does not fit: a text, maybe empty; None without a remark."""
    return {"unfit": session.record.unfit.get(target), "unfit_most": WORD_MAX}


def _why(session: Session, say: Say, advice: Advice) -> Card:
    """Return the reasons, strongest first: those for it, those against it, and all with their points."""
    reasons = [_reason(session, say, advice, reason) for reason in advice.reasons]
    by_weight = sorted(reasons, key=lambda reason: -abs(reason["points"]))
    return {
        "points": advice.points,
        "reasons": reasons,
        "speak_for": [reason for reason in by_weight if reason["points"] > 0],
        "against": [reason for reason in by_weight if reason["points"] < 0],
        "reason_sources": [source for reason in by_weight for source in reason["sources"]],
    }


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
    """Yield the answers behind a reason, in words."""
    case = session.record.case
    for name in reason.items:
        yield answer_in_words(session, say, case, name)
