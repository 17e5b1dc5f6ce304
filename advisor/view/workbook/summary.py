"""The screen まとめ: the handout for the client, shown as it will be printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.report import charts
from advisor.report.handout import Handout, handout
from advisor.report.pdf import fit
from advisor.session.model import HELP_TOPICS, today
from advisor.view.components import Piece, chart, panel

if TYPE_CHECKING:
    from advisor.content.translator import Say
    from advisor.session.session import Session


def pieces() -> tuple[Piece, Piece, Piece, Piece, Piece]:
    """Return the pieces of the handout: wish and actions, the reading, the radar, its legend, and the rest."""
    return (
        panel("handout_top", _context),
        panel("handout_told", _context),
        chart(_figure, _alt, 360),
        panel("handout_radar", _context),
        panel("handout", _context),
    )


def help_leaf() -> Piece:
    """Return the help leaf as it will be printed, its topics to choose, and the button that prints."""
    return panel("help_leaf", _help)


def _help(session: Session, _: Say) -> dict[str, Any]:
    record = session.record
    return {
        "leaf": handout(session, today()).help,
        "topics": [{"id": name, "on": name in record.help_topics} for name in HELP_TOPICS],
    }


def _paper(session: Session) -> Handout:
    return fit(handout(session, today()))


def _context(session: Session, _: Say) -> dict[str, Any]:
    return {"handout": _paper(session)}


def _figure(session: Session, say: Say) -> charts.Figure:
    last = session.last.reading if session.last else None
    return charts.radar(session.catalog, say.words, session.reading, session.record.case.facts.priorities, last=last)


def _alt(session: Session, say: Say) -> str:
    radar = _paper(session).radar
    return radar.alt if radar else say("chart_empty")
