"""The screen 次の一歩: the values of its pieces, and the open questions that are answered on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.report import sentences, standing
from advisor.scoring.asking import answered
from advisor.session.plans import MOST_CHOSEN
from advisor.view.components import Piece, PieceBox, box, panel, sheet
from advisor.view.workbook import advice_cards
from advisor.view.workbook import questions as sheets

if TYPE_CHECKING:
    from advisor.content.translator import Say
    from advisor.session.session import Session
    from advisor.view.workbook.questions import Question

IN_SILENCE, BESIDE = 3, 1  # numbers of questions asked on this screen: during silence, and beside the paths
SHEET_ID = {"sign": "sign-", "tried": "tried-"}


def silent(session: Session, say: Say) -> dict[str, Any]:
    """Return why no path is shown yet, what is known so far, and the screens for the missing answers.

    ``opened``: the client has given the missing answers here, so that paths are shown now.
    """
    lacking, catalog, case = session.reading.lacking, session.catalog, session.record.case
    short = {"start": lacking.situation, "aptitude": lacking.traits, "frustrations": lacking.worries} if lacking else {}
    why, need, *decides = standing.silence_on_screen(session.reading, say) or ("", "")
    parts = ((why, need), decides[:-1], decides[-1:])
    joined = [say.prose(part) for part in parts] if lacking else []
    items = [item.id for scale in catalog.scales for item in catalog.active_items(scale, case.facts.widened)]
    answered = sum(item in case.responses for item in items)
    return {
        "paragraphs": joined,
        "situation": case.facts.situation is not None,
        "answered": answered,
        "asked": len(items),
        "share": round(answered / len(items), 2),
        "places": [step for step, missing in short.items() if missing],
        "opened": lacking is None and bool(_asked(session, "silence")),
    }


def steps(session: Session, say: Say) -> dict[str, Any]:
    """Return the steps as cards, and how many actions are chosen."""
    cards = advice_cards.steps(session, say)
    chosen = len(session.record.plan.chosen)
    return {
        "silent": session.reading.lacking is not None,
        "steps": cards,
        "left_out": standing.left_out(session, say),
        "chosen": chosen,
        "most": MOST_CHOSEN,
        "full": chosen >= MOST_CHOSEN,
    }


def paths(session: Session, say: Say) -> dict[str, Any]:
    """Return the paths as cards; paths of a near tie are named together."""
    cards = advice_cards.paths(session, say)
    return {
        "silent": session.reading.lacking is not None,
        "steps": bool(session.record.plan.steps),
        "paths": cards,
        "level": standing.level(session, say),
        "gate_note": sentences.gate_note(session, say),
    }


def in_sight(session: Session) -> tuple[str, ...]:
    """Return the steps and paths that stand on this screen before anything is unfolded, in their order."""
    cards = [*advice_cards.steps(session, session.say), *advice_cards.paths(session, session.say)]
    return tuple(card["target"] for card in cards if card["shown"])


def rest(session: Session, say: Say) -> dict[str, Any]:
    """Return the values of the folds below the paths: other steps and paths, and what the order hangs on."""
    shown, ways = steps(session, say), paths(session, say)
    others = {
        "other_steps": [card for card in shown["steps"] if not card["shown"]],
        "other_paths": [card for card in ways["paths"] if not card["shown"]],
    }
    hints = {
        f"{name}_hint": say("fold_chosen", names=say.quoted(card["words"].name for card in cards if card["chosen"]))
        if any(card["chosen"] for card in cards)
        else say("fold_number", number=len(cards))
        for name, cards in others.items()
    }
    return shown | ways | others | hints | {"hangs": _hangs(session, say) if in_words(session) else None}


def in_words(session: Session) -> bool:
    """Return whether this scoring version says in words how clear the order is; older ones have figures for it."""
    return session.catalog.scoring.choosing is not None


def _hangs(session: Session, say: Say) -> dict[str, Any] | None:
    """Return how clear the order is, and what would put another path first; None without paths."""
    if not session.reading.paths:
        return None
    values = sentences.stability_note(session, say)
    return values | {"stability": "" if session.reading.near else values["stability"]}


def adviser(session: Session, say: Say) -> dict[str, Any]:
    """Return the values of the adviser's part: points that add up, remarks, and figures on the order."""
    cards = [*advice_cards.steps(session, say), *advice_cards.paths(session, say)]
    return {"cards": cards, "hangs": None if in_words(session) else _hangs(session, say)}


# --- open questions, answered on this screen --------------------------------------------------------------------------


def asked(place: str) -> PieceBox:
    """Return the box of open questions at ``place``: in ``silence``, or ``beside`` the paths. Hidden without any."""

    def head(session: Session, say: Say) -> dict[str, Any]:
        begun = _begun(session, place)
        folded = place == "beside" and not session.reading.near and not begun
        words = "silent_ask" if place == "silence" else "ask_done" if begun else "near_ask"
        return {"place": place, "folded": folded, "head": say(words)}

    def questions(session: Session, say: Say) -> list[Question]:
        return [sheets.open_question(session, say, name) for name in _asked(session, place)]

    def values(session: Session) -> dict[str, Any]:
        every = sheets.values(session)
        return {name: every.get(name) for name in map(_sheet_id, _asked(session, place))}

    def foot(session: Session, _: Say) -> dict[str, Any]:
        shown = _asked(session, place)
        others = any(name not in shown for name in session.asked_next())
        return {"place": place, "more": _begun(session, place) and others}

    fields = sheet(questions, values, classes=())
    above, below = panel("asked", head), panel("asked_more", foot)
    frame = box([above.widget, fields.widget, below.widget], "aw-group", "aw-asked", f"aw-asked-{place}")

    def draw(session: Session) -> None:
        fields.draw(session)
        frame.layout.display = None if fields.widget.questions else "none"

    return PieceBox(frame, (above, Piece(fields.widget, draw), below))


def _asked(session: Session, place: str) -> tuple[str, ...]:
    if session.is_read_only:  # an old visit asks nothing more
        return ()
    lacking = session.reading.lacking is not None
    in_silence = session.asked_in_place("silence", IN_SILENCE if lacking else 0)
    if place == "silence":
        return in_silence
    return session.asked_in_place("beside", 0 if lacking or in_silence else BESIDE)


def _begun(session: Session, place: str) -> bool:
    return any(answered(session.record.case, question) for question in _asked(session, place))


def _sheet_id(question: str) -> str:
    """Return the id that an open question has on a sheet."""
    kind, _, target = question.partition("_")
    return f"{SHEET_ID[kind]}{target}" if kind in SHEET_ID else question
