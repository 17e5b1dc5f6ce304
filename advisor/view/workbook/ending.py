"""The end of a session, on まとめ: the question whether it was of use, and what is still open. Nothing is forced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.report.sanitize import action_name, first_move
from advisor.report.sentences import of_its_day
from advisor.session.model import USEFUL
from advisor.session.record import KINDS
from advisor.view.components import PieceBox, form, panel, sheet
from advisor.view.workbook.questions import typed, with_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.content.translator import Say
    from advisor.session.session import Session
    from advisor.view.workbook.questions import Question


def useful() -> PieceBox:
    """Return the question whether the session was of use, with a line for own words. It may be left out."""

    def asked(session: Session, say: Say) -> list[Question]:
        options = [{"id": one, "label": say(f"useful_{one}")} for one in USEFUL]
        return with_errors(session, say, [
            {"id": "useful", "type": "choice", "text": of_its_day(say, session, "ask_useful"), "options": options},
            {"id": "useful_words", "type": "line", "text": say("ask_useful_words")},
        ])  # fmt: skip

    def values(session: Session) -> dict[str, Any]:
        record = session.record
        return {"useful": record.useful, "useful_words": record.useful_words} | typed(session)

    fields = sheet(asked, values, classes=(), marks=lambda _: {})
    return form(panel("useful", lambda *_: {}), fields, "aw-card", "aw-screen", "aw-useful")


def context(session: Session, say: Say) -> dict[str, Any]:
    """Return the values for the button that ends the session, and for the dialog that says what is open."""
    return {
        "live": session.state == "live" and not session.by,
        "open": list(_open(session, say)),
    }


def _open(session: Session, say: Say) -> Iterator[str]:
    """Yield what both may want to see before the session ends."""
    record, catalog = session.record, session.catalog
    if session.typed:
        yield say("end_unusable")
    for screen, kinds in KINDS.items():
        items = [
            item.id
            for scale in catalog.of_kind(*kinds)
            for item in catalog.active_items(scale, record.case.facts.widened)
        ]
        left = [item for item in items if item not in record.case.responses and record.case.marks.get(item) != "skip"]
        if left and screen not in record.done:
            yield say("end_unanswered", screen=say(f"step_{screen}"), number=len(left))
    chosen = record.plan.chosen
    if not chosen:
        yield say("end_no_action")
    for action in chosen:
        name = say("quoted", name=action_name(say, action))
        if not first_move(catalog, say, session.reading, action):
            yield say("end_no_first", name=name)
        if action.by is None:
            yield say("end_no_day", name=name)
    if record.next_at is None:
        yield say("end_no_next")
