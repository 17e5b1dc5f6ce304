"""What the desk says of the advance sheet: the link that was just made, how far the client is, their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.report import qr
from advisor.report.question_sheet import PARTS, answer_of, text_of
from advisor.session import advance
from advisor.session.model import now
from advisor.store import StoreError, office
from advisor.view.desk.words import short_moment, spoken

if TYPE_CHECKING:
    from datetime import datetime

    from advisor.content.translator import Say
    from advisor.session.advance import Counts, State
    from advisor.session.model import Invitation
    from advisor.view.desk.clients import OpenedClient
    from advisor.view.desk.desk import Desk
    from advisor.view.desk.links import Made

Context = dict[str, Any]
CHIPS = {"done": "aw-good", "partly": "", "sent": "", "locked": "aw-warm"}


def card(desk: Desk, say: Say, row: OpenedClient) -> Context:
    """Return the values of the card of the advance sheet."""
    sheets = (one for one in row.invitations if one.purpose == "before")
    latest = max(sheets, key=lambda one: one.made, default=None)
    made = desk.links.made
    shown = made if made and latest and made.invitation.id == latest.id and not latest.withdrawn else None
    live = next((one for one in row.invitations if one.purpose == "live" and advance.is_open(one, now())), None)
    return {
        "can_invite": bool(desk.links.address),
        "live": {"id": live.id, "until": short_moment(say, live.expires, desk.today())} if live else None,
        "latest": _listed(desk, say, latest) if latest else None,
        "made": _made(say, desk, shown) if shown else None,
        "answers": _answers(desk, say, latest) if latest and desk.links.looking == latest.id else None,
    }


def chip(desk: Desk, say: Say, client: str) -> Context | None:
    """Return the chip of today's list for a client; None where nothing can be said."""
    one = desk.sheets.get(client)
    if one is None:
        return {"text": say("advance_chip_none"), "kind": "", "told": ""} if desk.links.address else None
    told = ""
    state, counts = advance.state(one, now()), advance.counts(desk.catalog, one.case)
    if state == "done" and counts.discuss:
        told = say("advance_chip_discuss", number=counts.discuss)
    elif state == "partly" and one.changed:
        told = short_moment(say, one.changed, desk.today())
    return {"text": _state(say, state, counts), "kind": CHIPS.get(state, ""), "told": told}


def _state(say: Say, state: State, counts: Counts) -> str:
    return say(f"advance_chip_{state}", answered=counts.answered + counts.skipped, asked=counts.asked)


def _listed(desk: Desk, say: Say, one: Invitation) -> Context:
    def when(at: datetime) -> str:
        return short_moment(say, at, desk.today())

    state = advance.state(one, now())
    lines = [say("advance_line_made", when=when(one.made), until=spoken(say, one.expires.date(), desk.today()))]
    moments = (("opened", one.opened), ("changed", one.changed), ("done", one.done), ("withdrawn", one.withdrawn))
    lines += [say(f"advance_line_{name}", when=when(at)) for name, at in moments if at]
    lines += [say("advance_line_wrong", number=one.wrong)] if one.wrong else []
    if one.looked:
        lines.append(say("advance_line_looked", when=when(one.looked), who=_who(desk, say, one.looked_by)))
    return {
        "id": one.id,
        "state": _state(say, state, advance.counts(desk.catalog, one.case)),
        "kind": CHIPS.get(state, ""),
        "lines": lines,
        "open": advance.is_open(one, now()),
        "told": advance.is_told(one.case),
        "taken": one.visit is not None,
    }


def _who(desk: Desk, say: Say, by: str) -> str:
    if by == desk.store.by:
        return say("advance_looked_you")
    try:
        name = office.letterhead(desk.store).advisers.get(by, "")
    except StoreError:
        name = ""
    return name or say("advance_looked_other")


def _made(say: Say, desk: Desk, made: Made) -> Context:
    width, dark = qr.shape(made.link)
    until = spoken(say, made.invitation.expires.date(), desk.today())
    return {"link": made.link, "digits": made.digits, "width": width, "dark": dark, "until": until}


def _answers(desk: Desk, say: Say, one: Invitation) -> Context:
    """Return what the client told, by part; while names are hidden, without their own words."""
    asked = advance.questions(desk.catalog, one.case)
    parts = []
    for part, title in PARTS.items():
        rows = []
        for question in (each for each in asked if each.part == part):
            hidden = desk.masked and question.id == advance.WISH
            mark = one.case.marks.get(question.id)
            answer = "" if hidden else answer_of(desk.catalog, say, one.case, question)
            if answer or mark:
                rows.append({
                    "text": text_of(desk.catalog, say, question), "answer": answer,
                    "mark": say(f"advance_marked_{mark}") if mark else "",
                })  # fmt: skip
        if rows:
            parts.append({"title": say(title), "rows": rows})
    return {"parts": parts}
