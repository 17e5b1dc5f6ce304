"""The page of one visit: lifeline, header, the present screen, footer. Built once, drawn after every change."""

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
from advisor.store.open_visit import go_on_with_client, until
from advisor.view.address import with_client
from advisor.view.components import Piece, box, page_box, panel
from advisor.view.guard import guarded, refused
from advisor.view.widgets.widgets import THEIRS, Lifeline, Sheet
from advisor.view.workbook import events, next_steps, save_status
from advisor.view.workbook.private import Private
from advisor.view.workbook.screens import SCREENS, Screen, supposing

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.content.translator import Say
    from advisor.session.session import Session
    from advisor.store.autosave import Autosave

log = logging.getLogger(__name__)
PACE = 400  # ms between two looks while another page works on the same visit
SHARED = 600.0  # seconds after its last change, in which another page is taken to work on it still
LEAVING = {"unsaved": "leave_unsaved", "client": "leave_client"}  # why a visit cannot be left yet
LIFELINE = ("title", "lost", "trying", "slow", "ended", "reload", "restored", "made", *THEIRS)


class Page:
    """The widgets of one session. A notebook displays ``widget``.

    ``notice``: an interface word about how the page was opened. ``desk``: the address of the desk; ``query``: that of
    the page's own address. Without ``autosave`` nothing is stored.
    """

    def __init__(
        self, session: Session, autosave: Autosave | None = None, *, notice: str = "", desk: str = "./", query: str = ""
    ) -> None:
        """Build the present screen. The page builds each other screen when it is first opened."""
        self.session, self.autosave, self.notice = session, autosave, notice
        self.desk, self.query = desk, query
        self.screens: dict[str, Screen] = {}
        self.trouble = False
        self.drawn: tuple[object, ...] = ()  # the visit that was drawn last, and its state
        self.lifeline = Lifeline()
        self.lifeline.on_event(self._guarded(self._hear_page))
        self.header = self._heard(panel("header", self._header, ("aw-header",)))
        self.keeping = self._heard(panel("keeping", self._keeping))
        self.footer = self._heard(panel("footer", self._footer))
        self.body = box([], "aw-stack")
        self.private = Private()
        for piece in self.private.pieces:
            self._heard(piece)
        self.private.fields.widget.resumes = True
        main = box([self.keeping.widget, self.body, self.footer.widget], "aw-stack", "aw-main")
        parts = [self.lifeline, self.header.widget, main, self.private.widget]
        self.widget = page_box("workbook", SCREENS, parts, "aw-page")
        session.on_change(self.draw)
        self.draw(session)

    def draw(self, session: Session) -> None:
        """Bring the visible widgets up to date, in reading order. Unchanged traits are not sent again."""
        screen = session.record.screen
        shown = [] if session.is_missing else [self._screen(screen)]
        if screen == "next" and session.supposed is not None and shown:
            shown.append(self._screen("supposing"))
        as_now = (self.autosave.visit if self.autosave else session.record.revision > 0, session.state)
        drawn = shown if as_now == self.drawn else self.screens.values()  # for another visit, hidden screens, too
        if self.private.opened and self.drawn and as_now[0] != self.drawn[0]:
            self._open_private()
        self.drawn = as_now
        pieces = [piece for screen in drawn for piece in screen.pieces]
        for piece in (self.header, self.keeping, *pieces, self.footer, *self.private.pieces):
            with piece.widget.hold_sync():  # one message for each widget
                piece.draw(session)
                if isinstance(piece.widget, Sheet):
                    piece.widget.kept = self._beside(session, piece.widget)
        self._place(shown)
        self.private.widget.layout.display = "none" if session.is_missing else None
        self._draw_lifeline(session)
        if session.record.screen == "next" and session.state == "live":
            session.saw("sight", next_steps.in_sight(session))  # draws again if something is new

    def _open_private(self) -> None:
        """Fill the adviser's part with the lines of this visit."""
        if self.autosave is not None:
            self.private.code, self.private.until = self.autosave.code, until(self.autosave)
        self.private.open(self.autosave.moments() if self.autosave else {})

    def _beside(self, session: Session, sheet: Sheet) -> dict[str, str]:
        """Return the note beside the question answered last: whether its answer is saved."""
        unkept = sheet.touched in session.typed or sheet in self._supposed_sheets()
        return save_status.beside(session.say, self.autosave, "" if unkept else sheet.touched)

    def _supposed_sheets(self) -> list[Any]:
        """Return the sheets of もしも. Their answers are never stored."""
        return [piece.widget for piece in self.screens["supposing"].pieces] if "supposing" in self.screens else []

    def _screen(self, name: str) -> Screen:
        if name not in self.screens:
            screen = supposing() if name == "supposing" else SCREENS[name]()
            hear = events.hear_supposed if name == "supposing" else events.hear
            for piece in screen.pieces:
                self._heard(piece, hear)
                if isinstance(piece.widget, Sheet):
                    piece.widget.resumes = name != "supposing"  # a supposed answer is not an answer of the client
            self.screens[name] = screen
        return self.screens[name]

    def _place(self, shown: list[Screen]) -> None:
        """Add new screens to the page, and hide all but those in ``shown``."""
        known = list(self.body.children)
        added = [screen.box for screen in shown if screen.box not in known]
        visible = [screen.box for screen in shown]
        for child in known:
            child.layout.display = None if child in visible else "none"
        if added:
            self.body.children = [*known, *added]

    def _draw_lifeline(self, session: Session) -> None:
        say = session.say
        with self.lifeline.hold_sync():
            self.lifeline.lang = say.language
            self.lifeline.title = say("tab_title", step=say(f"step_{session.record.screen}"), title=say("title"))
            self.lifeline.words = {key: say(f"lifeline_{key}") for key in LIFELINE}
            self.lifeline.screen = session.record.screen if session.record.screen != SCREEN_IDS[0] else ""
            if self.autosave is not None:
                self.lifeline.visit, self.lifeline.begun = self.autosave.address, self.autosave.visit
                self.lifeline.owner = self.autosave.owner
                self.lifeline.unsaved = self.autosave.unsaved()
                self.lifeline.saved = self.autosave.base.revision if self.autosave.base else 0
                self.lifeline.pace = pace(self.autosave)

    # --- events ---

    def _heard(self, piece: Piece, hear: Callable[[Session, dict[str, Any]], None] = events.hear) -> Piece:
        def listen(event: dict[str, Any]) -> None:
            if not self._acted(event):
                hear(self.session, event)

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
            self.private.head.draw(self.session)  # the clock goes on
        elif event["event"] == "resume":
            copy = event["copy"] if isinstance(event.get("copy"), str) else ""
            try:
                used = self.autosave.resume(copy)
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
        present = self.session.record.screen  # the present screen comes last: only its values are surely up to date
        screens = sorted(self.screens.items(), key=lambda named: named[0] == present)
        shown = self.private.values(self.session) | {
            question: list(value) if isinstance(value, tuple) else value
            for _, screen in screens
            for piece in screen.pieces
            if isinstance(piece.widget, Sheet) and piece.widget.resumes
            for question, value in piece.widget.values.items()
        }
        for answer in answers if isinstance(answers, list) else []:
            if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
                continue
            name, value, known = answer["id"], answer.get("value"), answer.get("known")
            expected = [value, *known] if isinstance(known, list) else [value]
            if self.autosave and shown.get(name, value) not in expected:
                self.autosave.ask_first()
            events.hear(self.session, {"event": "answer", "id": name, "value": value})
        self.lifeline.send({"event": "heard"})

    def _acted(self, event: dict[str, Any]) -> bool:
        """Carry out an action on saving, correcting, leaving or exporting the visit; return whether it was one."""
        autosave, name = self.autosave, event.get("name") if event.get("event") == "action" else None
        if name == "open_private":
            self._open_private()
            self.session.refresh()
            return True
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
        try:
            turn()
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
        autosave.require_stored()
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
                self.header.draw(self.session)

        return guarded(handle, tell)

    # --- what header and footer show ---

    def _header(self, session: Session, say: Say) -> dict[str, Any]:
        return {
            "screens": () if session.is_missing else SCREEN_IDS,
            "current": session.record.screen,
            "states": states(session),
            "trouble": self.trouble,
            "kept": save_status.told(say, self.autosave),
            "day": save_status.day_told(session, say),
            "desk": with_client(self.desk, session.client or "", self.query),
            "client": session.client is not None,
            "quick": session.is_quick,
            "code": self.autosave.code if self.autosave else "",
        }

    def _keeping(self, session: Session, say: Say) -> dict[str, Any]:
        return save_status.notices(session, say, self.autosave) | {
            "notice": self.notice,
            "desk": with_client(self.desk, session.client or "", self.query),
        }

    def _footer(self, session: Session, _: Say) -> dict[str, Any]:
        place = SCREEN_IDS.index(session.record.screen)
        before = SCREEN_IDS[place - 1] if place and not session.is_missing else None
        after = SCREEN_IDS[place + 1] if place + 1 < len(SCREEN_IDS) and not session.is_missing else None
        here = session.record.screen
        talks = here == "next" and session.reading.lacking is not None  # to go on without an answer
        return {
            "before": before, "after": after, "client": session.client is not None, "missing": session.is_missing,
            "current": here, "finished": here in session.record.done, "answered": answered(session)[here] == "done",
            "talks": talks and not session.is_read_only,
        }  # fmt: skip


def pace(autosave: Autosave) -> int:
    """Return how many milliseconds lie between two looks at what other pages saved; 0 if none saves this visit now."""
    is_shared = autosave.followed is not None and time.monotonic() - autosave.followed < SHARED
    return PACE if is_shared else 0


def states(session: Session) -> dict[str, str]:
    """Return by screen how far it is: todo, partly or done. A screen is also done if the adviser says so."""
    return answered(session) | dict.fromkeys(session.record.done, "done")


def answered(session: Session) -> dict[str, str]:
    """Return by screen how far it is answered: todo, partly or done."""
    case, plan, catalog = session.record.case, session.record.plan, session.catalog

    def items_of(*kinds: Any) -> str:  # noqa: ANN401  (kinds of scales)
        items = [
            item.id for scale in catalog.of_kind(*kinds) for item in catalog.active_items(scale, case.facts.widened)
        ]
        return share(sum(item in case.responses or case.marks.get(item) == "skip" for item in items), len(items))

    def share(given: int, asked: int) -> str:
        return "done" if given >= asked else "partly" if given else "todo"

    facts = case.facts
    scored = sum(score.value is not None for score in session.reading.scores.values())
    return {
        "start": share((facts.situation is not None) + bool(facts.wish.strip()), 2),
        "aptitude": items_of("fit", "misfit"),
        "frustrations": items_of("frustration", "consequence"),
        "workplace": share(len(facts.signs) + len(facts.tried), len(catalog.signs) + 1),
        "results": "partly" if scored else "todo",
        "next": share(len(plan.chosen), 1),
        "plan": share(sum(action.by is not None for action in plan.chosen), max(1, len(plan.chosen))),
        "worksheets": "partly" if session.record.worksheets else "todo",
        "summary": "partly" if plan.chosen else "todo",
    }
