"""What all pages of one visit share: saving, following the other pages, and what the browser's tab has kept."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from advisor.session.model import TOKYO
from advisor.session.record import SCREEN_IDS
from advisor.session.session import Rejected
from advisor.store import Gone, NotSaved, StoreError
from advisor.store.open_visit import close_screen, go_on_with_client, until
from advisor.view.address import with_client
from advisor.view.components import Piece, panel
from advisor.view.guard import guarded, refused
from advisor.view.widgets.widgets import THEIRS, Lifeline, Sheet
from advisor.view.workbook import events, save_status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ipywidgets import Box

    from advisor.content.translator import Say
    from advisor.session.session import Session
    from advisor.store.autosave import Autosave
    from advisor.view.workbook.events import Hear
    from advisor.view.workbook.private import Private

log = logging.getLogger(__name__)
PACE = 400  # ms between two looks while another page works on the same visit
SHARED = 600.0  # seconds after its last change, in which another page is taken to work on it still
LEAVING = {"unsaved": "leave_unsaved", "client": "leave_client"}  # why a visit cannot be left yet
LIFELINE = ("title", "lost", "trying", "slow", "ended", "reload", "restored", "made", *THEIRS)


class VisitPage:
    """A page of one visit. A notebook displays ``widget``.

    ``notice``: an interface word about how the page was opened. ``desk``: the address of the desk; ``query``: that of
    the page's own address. Without ``autosave`` nothing is stored.
    """

    private: Private
    widget: Box
    own = False  # whether only the adviser looks at it
    hear: Hear = staticmethod(events.hear)  # carries out what is answered and pressed

    def __init__(
        self, session: Session, autosave: Autosave | None = None, *, notice: str = "", desk: str = "./", query: str = ""
    ) -> None:
        """Make what every page has. The page adds its own pieces, listens to the session and draws."""
        self.session, self.autosave, self.notice = session, autosave, notice
        self.desk, self.query = desk, query
        self.trouble = False
        self.drawn: tuple[object, ...] = ()  # the visit that was drawn last, and its state
        self.lifeline = Lifeline()
        self.lifeline.on_event(self._guarded(self._hear_page))
        self.keeping = self._heard(panel("keeping", self._keeping))

    def _draw(self, pieces: Iterable[Piece]) -> None:
        """Bring these widgets up to date. Unchanged traits are not sent again."""
        moved = save_status.moved(self.session, self.autosave)
        for piece in pieces:
            with piece.widget.hold_sync():  # one message for each widget
                piece.draw(self.session)
                if isinstance(piece.widget, Sheet):
                    piece.widget.kept = self._beside(self.session, piece.widget)
                    piece.widget.moved = moved

    def _title(self, say: Say) -> str:
        """Return the title of the browser's tab."""
        return say("title")

    def _sheets(self) -> list[Sheet]:
        """Return the sheets of questions that are answered for the client, the one on the screen last."""
        return []

    def _draw_clock(self) -> None:
        """Let the clock of the adviser's part go on."""
        self.private.head.draw(self.session)

    def _tell_trouble(self) -> None:
        """Show the note that something went wrong."""

    def _open_private(self) -> None:
        """Fill the adviser's part with the lines of this visit."""
        if self.autosave is not None:
            self.private.code, self.private.until = self.autosave.code, until(self.autosave)
        self.private.open(self.autosave.moments() if self.autosave else {}, self.session.record.screen)

    def _beside(self, session: Session, sheet: Sheet) -> dict[str, str]:
        """Return the note beside the question answered last: whether its answer is saved."""
        unkept = sheet.touched in session.typed or not sheet.resumes
        return save_status.beside(session.say, self.autosave, "" if unkept else sheet.touched)

    def _draw_lifeline(self, session: Session) -> None:
        say = session.say
        with self.lifeline.hold_sync():
            self.lifeline.lang = say.language
            self.lifeline.title = self._title(say)
            self.lifeline.words = {key: say(f"lifeline_{key}") for key in LIFELINE}
            self.lifeline.screen = session.record.screen if session.record.screen != SCREEN_IDS[0] else ""
            if self.autosave is not None:
                self.lifeline.visit, self.lifeline.begun = self._names(self.autosave)
                self.lifeline.owner = self.autosave.owner
                self.lifeline.unsaved = self.autosave.unsaved()
                self.lifeline.saved = self.autosave.base.revision if self.autosave.base else 0
                self.lifeline.pace = pace(self.autosave)
            self._dress(session)

    def _dress(self, session: Session) -> None:
        """Set what the lifeline of this page says otherwise or more; it goes in the same message."""

    def _names(self, autosave: Autosave) -> tuple[str, str]:
        """Return the id of the visit for the address, and the one by which the tab keeps copies."""
        return autosave.address, autosave.visit

    def _heard(self, piece: Piece, hear: Hear | None = None) -> Piece:
        def listen(event: dict[str, Any]) -> None:
            if not self._acted(event):
                (hear or self.hear)(self.session, event)

        piece.widget.on_event(self._guarded(listen))
        return piece

    def _hear_page(self, event: dict[str, Any]) -> None:
        """Handle the events of the lifeline.

        Each ping of its heartbeat tries again to save, and takes in what another page has saved. Its tab may hold
        answers and copies of an earlier kernel.
        """
        if event["event"] == "unheard" and not self.session.is_missing:  # if missing, the tab keeps the answers
            self._take_up(event)
        if self.autosave is None:
            return
        if event["event"] in ("ping", "look"):
            self.autosave.look()
            self.lifeline.pace = pace(self.autosave)
        if event["event"] == "ping" and (self.autosave.retry() or self.drawn[1] != self.session.state):
            self.session.refresh()  # it is saved now; or the day is over, and the page now shows the visit's day
        elif event["event"] == "ping" and self.private.opened:
            self._draw_clock()
            if self.private.link.look(self.autosave):
                self.private.client.draw(self.session)
        elif event["event"] == "point":
            with suppress(Rejected):
                self.session.point_at(str(event.get("id")))
        elif event["event"] == "resume":
            self._resume(self.autosave, event["copy"] if isinstance(event.get("copy"), str) else "")

    def _resume(self, autosave: Autosave, copy: str) -> None:
        """Go on with a copy of unsaved changes that the tab has kept."""
        try:
            used = autosave.resume(copy)
        except Rejected:
            log.warning("a copy that a tab kept does not fit its visit")
            used = True  # nobody can use it, so the tab may drop it
        if used:
            self.lifeline.send({"event": "resumed", "copy": copy})

    def _take_up(self, event: dict[str, Any]) -> None:
        """Take the answers that a tab kept, for the visit in which they were typed.

        If that visit is stored by now, lead the browser to it. Answers of another adviser are not taken.
        """
        if self.autosave is not None:
            if event.get("owner") not in (None, "", self.autosave.owner):
                return
            if stored := self.autosave.take_up(event.get("visit")):
                self.lifeline.lead(f"?{urlencode({'s': stored})}")
                return
        self._hear_again(event.get("answers"))

    def _hear_again(self, answers: object) -> None:
        """Carry out answers that no kernel has seen. If somebody else changed one since, the page asks before it saves.

        The tab keeps the answers until this method sends ``heard``.
        """
        if answers and self.autosave and self.session.is_read_only:  # typed before the visit was over: keep them
            self.autosave.correct()
        shown = self._standing()
        for answer in answers if isinstance(answers, list) else []:
            if not isinstance(answer, dict) or not self._asks(answer.get("id")):
                continue
            name, value, known = answer["id"], answer.get("value"), answer.get("known")
            expected = [value, *known] if isinstance(known, list) else [value]
            if self.autosave and shown.get(name, value) not in expected:
                self.autosave.ask_first()
            self.hear(self.session, {"event": "answer", "id": name, "value": value})
        self.lifeline.send({"event": "heard"})

    def _standing(self) -> dict[str, Any]:
        """Return what stands in the fields of this page, by the id of the question."""
        return self.private.values(self.session) | {
            question: list(value) if isinstance(value, tuple) else value
            for sheet in self._sheets()
            for question, value in sheet.values.items()
        }

    def _asks(self, question: object) -> bool:
        """Return whether this page may have asked a question."""
        return isinstance(question, str)

    def _acted(self, event: dict[str, Any]) -> bool:
        """Carry out an action on saving, correcting, leaving or exporting the visit; return whether it was one."""
        autosave, name = self.autosave, event.get("name") if event.get("event") == "action" else None
        if name in ("take_over", "take_all"):  # a tuple: ``name`` may be unhashable
            self._take_over(event.get("id"), event.get("value") if name == "take_over" else None)
            return True
        if autosave is None:
            return False
        actions: dict[str, Callable[[], None]] = {
            "take_theirs": autosave.take_theirs,
            "keep_mine": autosave.keep_mine,
            "put_back": autosave.put_back,
            "leave_as_it_is": autosave.leave_as_it_is,
            "discard": autosave.discard,
            "restart": lambda: self._leave(autosave.restart),
            "next_visit": lambda: self._leave(lambda: go_on_with_client(autosave)),
            "correct": autosave.correct,
            "end_correction": autosave.end_correction,
            "export": lambda: self._export(autosave, event.get("id")),
            "end": lambda: self._leave(lambda: self._end(autosave)),
            "make_link": lambda: self._make_link(autosave, guarded=event.get("id") == "digits"),
            "close_client": lambda: self._close_client(autosave),
        }
        if name == "sample":
            autosave.look_whose()
        if not isinstance(name, str) or name not in actions:
            return False
        try:
            actions[name]()
        except Rejected:
            self.session.refresh()  # the browser shows the recorded values again
        return True

    def _leave(self, turn: Callable[[], None]) -> None:
        """Go to another visit with ``turn``. If that fails, or this visit is not saved, stay and show a notice."""
        before, self.notice = self.notice, ""
        autosave = self.autosave
        visit, client, base = (autosave.visit, self.session.client, autosave.base) if autosave else ("", None, None)
        try:
            turn()
            if autosave is not None and autosave.visit != visit:
                close_screen(autosave.store, visit, client, base)
                self.private.link.end(autosave, visit)
        except Rejected as refused:
            self.notice = LEAVING.get(str(refused), before)
        except Gone:
            self.notice = "desk_gone"
        except StoreError as failure:
            self.notice = failure.word if failure.word in self.session.say.sentences else NotSaved.word
        if self.session.is_missing:
            self.notice = self.notice or before  # the page still has to say why it shows no visit
        if self.notice:
            self.session.refresh()

    def _make_link(self, autosave: Autosave, *, guarded: bool) -> None:
        """Make a link by which the client sees this visit on a device of their own."""
        self.private.link.make(autosave, guarded=guarded)
        self.session.refresh()

    def _close_client(self, autosave: Autosave) -> None:
        """End the client's own screen and its link."""
        self.private.link.end(autosave, autosave.visit)
        self.session.close_client_screen()

    def _take_over(self, question: object, line: object) -> None:
        """Write a prefilled line into the field of the account beside which it stands; ``line`` None: all of them."""
        known = self.private.prefilled(self.session, self.session.say).get(str(question), ())
        texts = [one.text for one in known if line in (None, one.text)]
        if not texts:
            refused("a line that stands beside no field")
            return
        with suppress(Rejected):
            self.session.take_over(str(question).removeprefix("account-"), "\n".join(texts))

    def _end(self, autosave: Autosave) -> None:
        """Note that the session ends, and lead the browser to the client's page; without a client, to the desk."""
        if autosave.base is not None:  # else nothing was told: there is no session to end
            self.session.end()
            self.session.close_client_screen()
        autosave.require_stored()
        self.private.link.end(autosave, autosave.visit)
        self.lifeline.lead(with_client(self.desk, self.session.client or "", self.query))

    def _export(self, autosave: Autosave, kind: object) -> None:
        """Make a file of the session and send it to the browser."""
        from advisor.report import exports  # noqa: PLC0415  (only on request)

        if kind not in [export.id for export in exports.EXPORTS]:  # a list, not a set: ``kind`` may be unhashable
            return
        autosave.exported(str(kind))
        client, visit = autosave.stored()
        autosave.look_up_imprint(client)  # somebody may have changed the letterhead meanwhile
        made = exports.make(
            str(kind), self.session, client, datetime.now(TOKYO).date(), visit,
            past=autosave.past, moments=autosave.moments,
        )  # fmt: skip
        self.lifeline.download(made.name, made.type, made.content)

    def _guarded(self, handle: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
        def tell(trouble: bool) -> None:
            self.trouble = trouble
            if trouble:
                self._tell_trouble()

        return guarded(handle, tell)

    def _keeping(self, session: Session, say: Say) -> dict[str, Any]:
        return save_status.notices(session, say, self.autosave, own=self.own) | {
            "own": self.own,
            "notice": self.notice,
            "desk": with_client(self.desk, session.client or "", self.query),
        }


def pace(autosave: Autosave) -> int:
    """Return how many milliseconds lie between two looks at what other pages saved; 0 if none saves this visit now."""
    is_followed = autosave.followed is not None and time.monotonic() - autosave.followed < SHARED
    is_shared = is_followed or bool(autosave.session.record.client_screen.mode)
    is_well = autosave.kept.state == "saved" and not autosave.session.is_read_only
    return PACE if is_shared and is_well else 0
