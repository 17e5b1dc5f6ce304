"""Sentences on the advice for this client: why no path is shown, which paths are level, how clear the order is.

Only scoring versions with rules for choosing (2026-2 and later) have these sentences. Screens, papers and
:mod:`advisor.report.addressed` all take them from here, so that they never differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.content import measures
from advisor.content.model import FIXED, When
from advisor.scoring.reading import true_for

if TYPE_CHECKING:
    from advisor.content.model import Path, Step
    from advisor.content.translator import Say
    from advisor.scoring.results import Flip, Reading, Stability
    from advisor.session.session import Session

# The first path is called clear if all three hold:
CLEAR_SHARE = 0.9  # it stays first in at least this share of the draws,
CLEAR_TIES = 2  # it is more than so many near ties ahead in points,
CLEAR_NOTCHES = 3  # and at least so many notches of change are needed to put another path first


def silence(reading: Reading, say: Say) -> tuple[str, ...]:
    """Return why no path is shown yet: what is missing, and what it would decide. Empty if paths are shown."""
    lacking = reading.lacking
    if lacking is None:
        return ()
    missing = {"situation": say("silent_need_situation")} if lacking.situation else {}
    short = {"traits": lacking.traits, "worries": lacking.worries}
    missing |= {name: say(f"silent_need_{name}", number=number) for name, number in short.items() if number}
    return (
        say("silent_text"),
        say("silent_need", what=say.enumeration(missing.values())),
        *(say(f"silent_decides_{name}") for name in missing),
    )


def silence_on_screen(reading: Reading, say: Say) -> tuple[str, ...]:
    """Return the sentences of :func:`silence` and what to do instead of answering: nobody has to answer."""
    sentences = silence(reading, say)
    return (*sentences, say("silent_talk")) if sentences else ()


def level(session: Session, say: Say) -> str:
    """Return the sentence that names the paths in a near tie; empty if there is none."""
    near = session.reading.near
    return say("near_tie", names=say.quoted(say.words.paths[path].name for path in near)) if near else ""


def left_out(session: Session, say: Say) -> str:
    """Return the sentence that advice is left out because it needs something that the client cannot change.

    Empty if nothing is left out.
    """
    catalog, fixed = session.catalog, session.record.case.facts.fixed
    targets: tuple[Step | Path, ...] = (*catalog.steps.values(), *catalog.paths.values())
    stopped = [one for one in targets if {*one.against} & {*fixed} and _else_there(session, one)]
    gone = {name for one in stopped for name in one.against if name in fixed}
    names = say.enumeration(say(f"fixed_{name}") for name in FIXED if name in gone)
    return say("left_out_fixed", names=names) if gone and session.reading.lacking is None else ""


def _else_there(session: Session, target: Step | Path) -> bool:
    """Return whether a step or path would be shown if the client could change everything."""
    in_situation = When(situations=target.situations)
    return all(true_for(session.catalog, session.reading, when) for when in (in_situation, target.when))


# --- how clear the order is -------------------------------------------------------------------------------------------


def firmness(session: Session, say: Say) -> str:
    """Return the sentence on how clear the first path is.

    It is not clear if a small change, or an answer that is still open, may put another path first.
    """
    first = say.words.paths[session.reading.paths[0].target].name
    kind = "held" if _lifted(session) else "clear" if _clear(session) else "rather"
    return level(session, say) or say(f"firm_{kind}", path=first)


def _lifted(session: Session) -> bool:
    """Return whether a gate holds back a path with more points than the first."""
    return any(path.held for path in session.reading.paths)


def _clear(session: Session) -> bool:
    flip, stability = session.insight()
    doubted = any(cue.cue == "straight_line" for cue in session.reading.cues)  # the same answer many times
    if _lifted(session) or session.may_move() or doubted:
        return False
    easily = flip is not None and flip.notches < CLEAR_NOTCHES
    return not easily and stability.share >= CLEAR_SHARE and _ahead(session)


def _ahead(session: Session) -> bool:
    """Return whether the first path is well ahead of all others. Paths that a gate holds back do not count."""
    choosing = session.catalog.scoring.choosing
    first, *others = session.reading.paths
    rivals = [path.points for path in others if not path.held]
    gap = CLEAR_TIES * choosing.near_tie if choosing else 0
    return not rivals or first.points - max(rivals) > gap


def change(session: Session, say: Say) -> str:
    """Return the sentence that a small change puts another path first, or that the first path stays first.

    Empty if no such change was found, but the order is not clear either.
    """
    flip, _ = session.insight()
    if flip is not None:
        return say("firm_change", path=say.words.paths[flip.path].name)
    return say("firm_stays") if not session.reading.near and _clear(session) else ""


def figures(say: Say, flip: Flip | None, stability: Stability) -> tuple[str, ...]:
    """Return sentences with the figures behind :func:`firmness` and :func:`change`, for the adviser."""
    names = {path: words.name for path, words in say.words.paths.items()}
    sentences = [say("flip", path=names[flip.path], notches=flip.notches)] if flip else []
    sentences.append(
        say("edition_steady", path=names[stability.path], percent=round(100 * stability.share), draws=stability.draws,
            spread=round(100 * stability.spread))
    )  # fmt: skip
    if stability.rivals:
        rival, share = stability.rivals[0]
        sentences.append(say("stability_rival", path=names[rival], percent=round(100 * share)))
    return tuple(sentences)


# --- why a leaving path is first, or is not -------------------------------------------------------------------------


def gates(session: Session, say: Say) -> dict[str, str]:
    """Return by gate the sentence for this client; none if they are not employed, or have no high worry."""
    if not _employed(session) or not _worried(session):
        return {}
    words, states = say.words.gates, {gate.gate: gate for gate in session.reading.gates}
    if any(gate.open for gate in states.values()):
        return {name: words[name].open for name, gate in states.items() if gate.open}
    return {name: words[name].closed for name in states if is_told(session, name)}


def quiet(session: Session, say: Say) -> str:
    """Return the sentence that paths that leave are held back because no worry is high; empty if that is not so."""
    return say("gate_quiet") if _lifted(session) and _employed(session) and not _worried(session) else ""


def is_told(session: Session, gate: str) -> bool:
    """Return whether the client gave all answers that a closed gate depends on.

    These are: every sign, at least one step that was tried, or the answers of the aptitude index.
    """
    facts, measure = session.record.case.facts, session.catalog.scoring.gates[gate].measure
    if measure in measures.SIGN_COUNTS:
        known = [answer for answer in facts.signs.values() if answer != "unknown"]
        return len(known) == len(session.catalog.signs)
    if measure == measures.IN_VAIN or measure in measures.STEP_COUNTS:
        return any(answer != "untried" for answer in facts.tried.values())
    return session.reading.index.value is not None


def _employed(session: Session) -> bool:
    return true_for(session.catalog, session.reading, When(above={measures.EMPLOYED: 100}))


def _worried(session: Session) -> bool:
    choosing = session.catalog.scoring.choosing
    return choosing is not None and true_for(
        session.catalog, session.reading, When(above={measures.WORRY: choosing.worry})
    )
