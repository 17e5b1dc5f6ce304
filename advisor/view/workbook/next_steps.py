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
    """Return why no path is shown yet, and the screens for the missing answers.

    ``opened``: the client has given the missing answers here, so that paths are shown now.
    """
    lacking = session.reading.lacking
    short = {"start": lacking.situation, "aptitude": lacking.traits, "frustrations": lacking.worries} if lacking else {}
    why, need, *decides = standing.silence_on_screen(session.reading, say) or ("", "")
    parts = ((why, need), decides[:-1], decides[-1:])
    joined = [say.prose(part) for part in parts] if lacking else []
    return {
        "paragraphs": joined,
        "places": [screen for screen, missing in short.items() if missing],
        "opened": lacking is None and bool(_asked(session, "silence")),
    }


def steps(session: Session, say: Say) -> dict[str, Any]:
    """Return the steps as cards, and how many actions are chosen."""
    cards = advice_cards.steps(session, say)
    chosen = len(session.record.plan.chosen)
    return {
        "silent": session.reading.lacking is not None,
        "steps": cards,
        "more_steps": sum(not card["shown"] for card in cards),
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
        "more_paths": sum(not card["shown"] for card in cards),
        "level": standing.level(session, say),
        "gate_note": sentences.gate_note(session, say),
    }


def in_sight(session: Session) -> tuple[str, ...]:
    """Return the steps and paths that stand on this screen before anything is unfolded, in their order."""
    say = session.say
    steps, paths = advice_cards.steps(session, say), advice_cards.paths(session, say)
    in_list = [("step", card) for card in steps] + [("path", card) for card in paths]
    return tuple(f"{kind}-{card['key']}" for kind, card in in_list if card["shown"])


def more(session: Session, say: Say) -> dict[str, Any]:
    """Return the values for the end of the screen: the paths again, and ``hangs``, the answers the order depends on."""
    hangs: dict[str, Any] | None = None
    if session.reading.paths:
        values = sentences.stability_note(session, say)
        in_words = session.catalog.scoring.choosing is not None  # these versions say first how clear the order is
        hangs = values | {
            "first": values["stability"] if in_words and not session.reading.near else "",
            "last": "" if in_words else values["stability"],
        }
    return paths(session, say) | {"hangs": hangs}


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
    frame = box([above.widget, fields.widget, below.widget], "aw-group", "aw-card", "aw-asked")

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
