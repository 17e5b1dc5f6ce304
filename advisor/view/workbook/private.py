"""The adviser's part of a visit: the account (相談記録), a clock, cues, last time's record.

It stands in a window of its own (:mod:`.private_page`), or in a drawer of the shared page. In that page nothing of it
is there before the adviser opens it, and nothing when it is closed.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from advisor.report import account
from advisor.report.adviser_copy import helped, status
from advisor.report.sanitize import action_name
from advisor.report.sentences import day, last_corrected, moment
from advisor.session.account import FIELD_MAX
from advisor.session.advance import open_points
from advisor.session.model import ACCOUNT, TOKYO, WAYS, now
from advisor.session.plans import NOTES_MAX
from advisor.view.components import Piece, PieceBox, form, panel, sheet
from advisor.view.workbook import exports, next_steps, results
from advisor.view.workbook.client_link import ClientLink
from advisor.view.workbook.questions import marker_questions, marker_values, typed, with_errors

if TYPE_CHECKING:
    from datetime import datetime

    from advisor.content.translator import Say
    from advisor.session.moments import Moments
    from advisor.session.session import Session
    from advisor.view.workbook.questions import Question

HOUR = 60  # minutes of a session without an appointment
CLOSING = 10  # in the last minutes the clock says that it is time for the summary
PAUSE = 1500  # ms after the last key until a text is sent
ROWS = {"progress": 4}


class Private:
    """The pieces of the adviser's part, made when they are first needed. Nothing is in them until it is opened.

    ``own``: it has a window of its own, so it shows what belongs to every screen. ``link``: the client's own screen.
    ``window``: the address of the adviser's window, for the drawer. ``screen``: the screen on which it was opened.
    ``moments``: when each part of the visit was told, as it was then. ``code``: the client's code. ``until``: the end
    of the appointment, if there is one.
    """

    def __init__(self, *, own: bool = False, link: ClientLink | None = None) -> None:
        self.own, self.link = own, link or ClientLink("", "")
        self.opened = False
        self.screen = ""
        self.moments: Moments = {}
        self.code = ""
        self.window = ""
        self.until: datetime | None = None

    @cached_property
    def head(self) -> Piece:
        """What stands above: title, code, clock, and the way to close."""
        return panel("private_head", self._head)

    @cached_property
    def fields(self) -> Piece:
        """The fields of the account."""
        piece = sheet(self._questions, self._values, classes=(), marks=lambda _: {})
        piece.widget.resumes = True
        return piece

    @cached_property
    def client(self) -> Piece:
        """What moves the client's own screen."""
        return panel("private_client", self._client)

    @cached_property
    def markers(self) -> PieceBox:
        """Where the adviser would set the answers of the present screen; folded."""
        asked = sheet(self._marker_questions, self._marker_values, classes=(), marks=lambda _: {})
        asked.widget.resumes = True
        return form(panel("private_markers", lambda *_: {"opened": self.opened}), asked, "aw-notes")

    @cached_property
    def beside(self) -> tuple[Piece | PieceBox, ...]:
        """What helps to fill them: last time, the advance sheet, cues, points, files."""
        return (
            self.client,
            panel("private_foot", self._foot),
            panel("results_adviser", self._cues),
            self.markers,
            panel("next_adviser", self._points),
            panel("exports_adviser", self._files),
        )

    @property
    def parts(self) -> tuple[Piece | PieceBox, ...]:
        """Everything in reading order."""
        client, foot, *rest = self.beside
        return (self.head, client, self.fields, *rest, foot)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Every widget that is drawn, in reading order."""
        return tuple(piece for part in self.parts for piece in ((part,) if isinstance(part, Piece) else part.pieces))

    def open(self, moments: Moments, screen: str) -> None:
        """Fill the part; ``moments`` as they are stored now."""
        self.opened, self.moments, self.screen = True, moments, screen

    def close(self) -> None:
        """Empty the part."""
        self.opened, self.moments = False, {}

    def prefilled(self, session: Session, say: Say) -> dict[str, tuple[account.Prefilled, ...]]:
        """Return the lines that the adviser can take over, by the id of the question."""
        told = account.prefilled(session, say, self.moments)
        return {f"account-{field}": account.left(session.record, field, told[field]) for field in ACCOUNT}

    def _head(self, session: Session, say: Say) -> dict[str, Any]:
        return {
            "opened": self.opened,
            "code": self.code,
            "window": self.window,
            "clock": clock(session, say, self.until) if self.opened else None,
        }

    def _questions(self, session: Session, say: Say) -> list[Question]:
        if not self.opened:
            return []
        lines = self.prefilled(session, say)
        every = [{"name": "take_all", "label": say("account_take_all")}]
        questions: list[Question] = [
            {
                "id": f"account-{field}", "type": "text", "text": say(f"account_{field}"), "maxlength": FIELD_MAX,
                "rows": ROWS.get(field, 2), "pause": PAUSE,
                "lines": _lines(say, lines[f"account-{field}"]), "take": say("account_take"),
                "actions": every if len(lines[f"account-{field}"]) > 1 else [],
                "placeholder": say("account_later") if field == "impression" else "",
            }
            for field in ACCOUNT
        ]  # fmt: skip
        memo = {
            "id": "notes", "type": "text", "text": say("account_memo"), "maxlength": NOTES_MAX, "rows": 2,
            "pause": PAUSE, "help": say("account_memo_help"),
        }  # fmt: skip
        ways = [{"id": way, "label": say(f"way_{way}")} for way in WAYS]
        about: list[Question] = [
            {"id": "private-about", "type": "heading", "text": say("private_about"), "level": 2},
            {"id": "way", "type": "choice", "text": say("ask_way"), "options": ways, "required": True},
        ]
        if session.record.ended or session.state != "live":
            about.append({"id": "ended", "type": "moment", "text": say("ask_ended"), "help": say("ask_ended_help")})
        return with_errors(session, say, [*questions, memo, *about])

    def values(self, session: Session) -> dict[str, Any]:
        """Return what stands in the fields, by the id of the question, whether or not they are shown."""
        record, ended = session.record, session.record.ended
        texts: dict[str, str] = {**record.account}
        return marker_values(session) | {
            **{f"account-{field}": texts.get(field, "") for field in ACCOUNT},
            "notes": record.notes,
            "way": record.way,
            "ended": f"{ended.astimezone(TOKYO):%Y-%m-%dT%H:%M}" if ended else None,
        }

    def _values(self, session: Session) -> dict[str, Any]:
        return self.values(session) | typed(session) if self.opened else {}

    def _marker_questions(self, session: Session, say: Say) -> list[Question]:
        return marker_questions(session, say) if self.opened else []

    def _marker_values(self, session: Session) -> dict[str, Any]:
        return marker_values(session) if self.opened else {}

    def _cues(self, session: Session, say: Say) -> dict[str, Any]:
        return results.adviser(session, say) | {"unfolded": self.own} if self.opened else {}

    def _points(self, session: Session, say: Say) -> dict[str, Any]:
        return next_steps.adviser(session, say) if self._is_at(session, "next") else {"cards": []}

    def _files(self, session: Session, say: Say) -> dict[str, Any]:
        return exports.context(session, say) if self._is_at(session, "summary") else {"adviser": []}

    def _is_at(self, session: Session, screen: str) -> bool:
        return self.opened and (self.own or session.record.screen == screen)

    def _client(self, session: Session, say: Say) -> dict[str, Any]:
        return self.link.context(session, say) if self.opened else {"live": False}

    def _foot(self, session: Session, say: Say) -> dict[str, Any]:
        told = _before(session, say) if self.opened else None
        return {
            "last": _last(session, say) if self.opened else None,
            "opened": self.opened,
            "before": told,
            "unfolded": self.own,
        }


def _lines(say: Say, lines: tuple[account.Prefilled, ...]) -> list[dict[str, str]]:
    return [{"mark": say(f"account_{line.source}"), "text": line.text} for line in lines]


def clock(session: Session, say: Say, until: datetime | None) -> dict[str, Any] | None:
    """Return the minutes since the visit began, and what is left; None for an old visit and before the first save.

    ``until``: the end of the appointment; without it a session takes HOUR minutes.
    """
    started, ended = session.started, session.record.ended
    if started is None or session.state != "live":
        return None
    if ended is not None:
        return {"text": say("clock_ended", time=f"{ended.astimezone(TOKYO):%H:%M}"), "share": None}
    end = until if until is not None and until > started else started + timedelta(minutes=HOUR)
    passed, left = (int(span.total_seconds() // 60) for span in (now() - started, end - now()))
    texts = [say("clock_passed", minutes=max(0, passed))]
    texts += [say("clock_left", minutes=left + 1)] if left >= 0 else [say("clock_over")]
    texts += [say("clock_closing")] if 0 <= left < CLOSING else []
    whole = max(1.0, (end - started).total_seconds())
    return {"text": say("sentence_separator").join(texts), "share": min(1.0, round(60 * passed / whole, 2))}


def _before(session: Session, say: Say) -> dict[str, Any] | None:
    """Return what the advance sheet left to talk about and what is left out now; None without a sheet."""
    before = session.record.advance
    if before is None:
        return None
    wanted, left = open_points(session.catalog, session.record.case)
    return {
        "when": moment(say.language, before.at.astimezone(TOKYO)),
        "discuss": [say.words.items[item] for item in wanted],
        "skip": [say.words.items[item] for item in left],
    }


def _last(session: Session, say: Say) -> dict[str, Any] | None:
    """Return last time's record, as it is told beside today's; None for a first visit."""
    if session.last is None:
        return None
    record = session.last.record
    actions = [
        {"name": action_name(say, action), "told": [status(say, action), helped(say, action)]}
        for action in session.record.review or record.plan.chosen
    ]
    return {
        "day": day(say.language, session.last.day),
        "corrected": last_corrected(say, session),
        "wish": record.case.facts.wish.strip(),
        "fields": account.fields(say, record.account),
        "notes": record.notes.strip(),
        "actions": actions,
        "next_at": moment(say.language, record.next_at) if record.next_at else "",
    }
