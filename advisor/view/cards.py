"""Advice as cards: what a template shows of a step or a path, each reason with the answers and sources behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor import measures
from advisor.model import Advice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from advisor.model import Case, Reason
    from advisor.session import Session
    from advisor.view.say import Say

Card = dict[str, Any]
FACTS = ("situation", "years", "experience")
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


def reason_name(say: Say, reason: Reason, target: str) -> str:
    """Return a reason as a phrase."""
    tried = {measures.helped(target): "tried_with_effect", measures.in_vain(target): "tried_without_effect"}
    return say.words.features[tried.get(reason.feature, reason.feature)]


def _answers(session: Session, say: Say, reason: Reason) -> Iterator[str]:
    """Yield the answers a reason came from, as a person gave them."""
    case = session.record.case
    for name in reason.items:
        yield answer_in_words(session, say, case, name)


def answer_in_words(session: Session, say: Say, case: Case, name: str) -> str:
    """Return the answer to an item, sign, step or fact, with its question."""
    facts = case.facts
    if name == "experience":
        answer = say.enumeration(say.words.experience[part].name for part in facts.experience)
    elif name in FACTS:
        answer = say(f"situation_{facts.situation}") if name == "situation" else str(facts.years)
    else:
        answers: dict[str, int | str] = {**case.responses, **facts.signs, **facts.tried}
        answer = label(session, say, name, answers[name])
    return say("answer_was", question=question(session, say, name), answer=answer)


def label(session: Session, say: Say, name: str, answer: int | str) -> str:
    """Return the label of an answer to an item, sign or step."""
    if name in session.catalog.items:
        item = session.catalog.items[name]
        return say.words.labels[item.labels][int(answer) - item.low]
    return say(f"{'sign' if name in session.catalog.signs else 'tried'}_{answer}")


def question(session: Session, say: Say, name: str) -> str:
    """Return the question behind the id of an item, sign, step or fact."""
    if name in session.catalog.items:
        return say.words.items[name]
    if name in FACTS:
        return say(f"ask_{name}")
    return say.words.signs[name].question if name in session.catalog.signs else say.words.steps[name].name


def gate_note(session: Session, say: Say) -> Card | None:
    """Return why no leaving path stands first, or what opened the way; None when no leaving path fits the situation."""
    gates = session.reading.gates
    leaving = [advice for advice in session.reading.paths if session.catalog.paths[advice.target].leaves]
    if not leaving or not any(advice.reasons for advice in leaving):
        return None
    is_open = [gate.gate for gate in gates if gate.open]
    shown = is_open or [gate.gate for gate in gates if _asked(session, gate.gate)]
    words = say.words.gates
    return {
        "name": say("gate_open" if is_open else "gate_closed"),
        "open": bool(is_open) or any(advice.held for advice in leaving),  # it decided something: say so at once
        "sentences": [words[name].open if is_open else words[name].closed for name in shown],
    }


def _asked(session: Session, gate: str) -> bool:
    """Return whether a gate looks at something this client is asked: who wants in has no workplace to speak of yet."""
    return session.record.case.facts.situation != "wants_in" or session.catalog.scoring.gates[gate].measure == "index"


def hangs_on(session: Session, say: Say) -> Card:
    """Return in sentences what would put another path first, and how the first one bears other weights."""
    flip, stability = session.insight()
    names = {path: words.name for path, words in say.words.paths.items()}
    bears = say("stability", percent=round(100 * stability.share), path=names[stability.path])
    if stability.rivals:
        bears += say("stability_rival", path=names[stability.rivals[0][0]], percent=round(100 * stability.rivals[0][1]))
    if flip is None:
        return {"change": say("flip_none"), "moves": [], "stability": bears}
    moves = [
        say("flip_move", question=question(session, say, change.variable),
            before=label(session, say, change.variable, change.before),
            after=label(session, say, change.variable, change.after))
        for change in flip.changes
    ]  # fmt: skip
    return {"change": say("flip", path=names[flip.path], notches=flip.notches), "moves": moves, "stability": bears}
