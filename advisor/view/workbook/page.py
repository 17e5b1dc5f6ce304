"""The page: lifeline, header, the screen of the present step, footer. Built once, drawn after every change."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from advisor.session.model import TOKYO
from advisor.session.record import STEPS
from advisor.session.session import Rejected
from advisor.store import Gone, NotSaved, StoreError
from advisor.store.open_visit import go_on_with_client
from advisor.view.components import Piece, box, page_box, panel, words_of
from advisor.view.guard import guarded
from advisor.view.widgets.widgets import THEIRS, Lifeline, Sheet
from advisor.view.workbook import events, save_status
from advisor.view.workbook.screens import SCREENS, Screen, supposing

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.content.translator import Say
    from advisor.session.session import Session
    from advisor.store.autosave import Autosave

log = logging.getLogger(__name__)
LEAVING = {"unsaved": "leave_unsaved", "client": "leave_client"}  # why a visit cannot be left yet
LIFELINE = ("title", "lost", "trying", "slow", "ended", "reload", "restored", "made", *THEIRS)


class Page:
    """The widgets of one session. ``widget`` is what a notebook displays.

    ``notice``: an interface word about how the page was opened. ``desk``: the address of the front desk. Without a
    autosave nothing is stored.
    """

    def __init__(
        self, session: Session, autosave: Autosave | None = None, *, notice: str = "", desk: str = "./"
    ) -> None:
        """Build the first screen; the others are built when they are first visited."""
        self.session, self.autosave, self.notice, self.desk = session, autosave, notice, desk
        self.screens: dict[str, Screen] = {}
        self.trouble = False
        self.drawn: tuple[object, ...] = ()  # which visit was drawn last, and whether to be read
        self.lifeline = Lifeline()
        self.lifeline.on_event(self._guarded(self._hear_page))
        self.header = self._heard(panel("header", self._header, ("aw-header",)))
        self.keeping = self._heard(panel("keeping", self._keeping))
        self.footer = self._heard(panel("footer", self._footer))
        self.body = box([], "aw-stack")
        parts = [self.lifeline, self.header.widget, self.keeping.widget, self.body, self.footer.widget]
        self.widget = page_box("workbook", SCREENS, parts, "aw-page")
        session.on_change(self.draw)
        self.draw(session)

    def draw(self, session: Session) -> None:
        """Bring what is visible up to date, in reading order; what did not change is not sent again."""
        step = session.record.step
        shown = [] if session.is_missing else [self._screen(step)]
        if step == "next" and session.supposed is not None and shown:
            shown.append(self._screen("supposing"))
        as_now = (self.autosave.visit if self.autosave else session.record.revision > 0, session.state)
        drawn = shown if as_now == self.drawn else self.screens.values()  # another visit: hidden screens forget too
        self.drawn = as_now
        pieces = [piece for screen in drawn for piece in screen.pieces]
        for piece in (self.header, self.keeping, *pieces, self.footer):
            with piece.widget.hold_sync():  # one message for each
                piece.draw(session)
                if isinstance(piece.widget, Sheet):
                    piece.widget.kept = self._beside(session, piece.widget)
        self._place(shown)
        self._draw_lifeline(session)

    def _beside(self, session: Session, sheet: Sheet) -> dict[str, str]:
        """Return what stands beside the question that was answered last: whether its answer is safe."""
        unkept = sheet.touched in session.typed or sheet in self._supposed_sheets()
        return save_status.beside(words_of(session), self.autosave, "" if unkept else sheet.touched)

    def _supposed_sheets(self) -> list[Any]:
        """Return the sheets whose answers are only supposed: they are never stored."""
        return [piece.widget for piece in self.screens["supposing"].pieces] if "supposing" in self.screens else []

    def _screen(self, name: str) -> Screen:
        if name not in self.screens:
            screen = supposing() if name == "supposing" else SCREENS[name]()
            hear = events.hear_supposed if name == "supposing" else events.hear
            for piece in screen.pieces:
                self._heard(piece, hear)
                if isinstance(piece.widget, Sheet):
                    piece.widget.resumes = name != "supposing"  # what is only supposed is nobody's answer
            self.screens[name] = screen
        return self.screens[name]

    def _place(self, shown: list[Screen]) -> None:
        """Add screens that are new to the page, and show only those of the present step."""
        known = list(self.body.children)
        added = [screen.box for screen in shown if screen.box not in known]
        visible = [screen.box for screen in shown]
        for child in known:
            child.layout.display = None if child in visible else "none"
        if added:
            self.body.children = [*known, *added]

    def _draw_lifeline(self, session: Session) -> None:
        say = words_of(session)
        with self.lifeline.hold_sync():
            self.lifeline.lang = say.language
            self.lifeline.title = say("tab_title", step=say(f"step_{session.record.step}"), title=say("title"))
            self.lifeline.words = {key: say(f"lifeline_{key}") for key in LIFELINE}
            self.lifeline.step = session.record.step if session.record.step != STEPS[0] else ""
            if self.autosave is not None:
                self.lifeline.visit, self.lifeline.begun = self.autosave.address, self.autosave.visit
                self.lifeline.owner = self.autosave.owner
                self.lifeline.unsaved = self.autosave.unsaved()

    # --- events ---

    def _heard(self, piece: Piece, hear: Callable[[Session, dict[str, Any]], None] = events.hear) -> Piece:
        def listen(event: dict[str, Any]) -> None:
            if not self._acted(event):
                hear(self.session, event)

        piece.widget.on_event(self._guarded(listen))
        return piece

    def _hear_page(self, event: dict[str, Any]) -> None:
        """Hear the page as a whole: its heartbeat is the clock of new tries, and its tab may hold what got lost."""
        if event["event"] == "unheard" and not self.session.is_missing:  # else the tab keeps it for its visit
            self._take_up(event)
        if self.autosave is None:
            return
        if event["event"] == "ping" and (self.autosave.retry() or self.drawn[1] != self.session.state):
            self.session.refresh()  # saved at last; or the day is over, and the page says whose day it is
        elif event["event"] == "resume":
            copy = event["copy"] if isinstance(event.get("copy"), str) else ""
            try:
                used = self.autosave.resume(copy)
            except Rejected:
                log.warning("a copy that a tab kept does not fit its visit")
                used = True  # it is of no use to anybody
            if used:
                self.lifeline.send({"event": "resumed", "copy": copy})

    def _take_up(self, event: dict[str, Any]) -> None:
        """Go on with what a tab kept, as the visit it was told in, which may be stored by now; never with another's."""
        if self.autosave is not None:
            if event.get("owner") not in (None, "", self.autosave.owner):
                return
            if stored := self.autosave.take_up(event.get("visit")):
                self.lifeline.lead(f"?{urlencode({'s': stored})}")
                return
        self._hear_again(event.get("answers"))

    def _hear_again(self, answers: object) -> None:
        """Carry out what was typed while nobody heard it; what somebody else has changed since is asked about first."""
        if answers and self.autosave and self.session.reads:  # typed before the visit was left: nothing of it is lost
            self.autosave.correct()
        present = self.session.record.step  # last: a question that stands on several screens is up to date here
        screens = sorted(self.screens.items(), key=lambda named: named[0] == present)
        shown = {
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
            told = [value, *known] if isinstance(known, list) else [value]
            if self.autosave and shown.get(name, value) not in told:
                self.autosave.ask_first()
            events.hear(self.session, {"event": "answer", "id": name, "value": value})
        self.lifeline.send({"event": "heard"})

    def _acted(self, event: dict[str, Any]) -> bool:
        """Carry out what concerns the keeping of the session, not what it says; return whether it was that."""
        autosave, name = self.autosave, event.get("name") if event.get("event") == "action" else None
        if autosave is None:
            return False
        actions: dict[str, Callable[[], None]] = {
            "take_theirs": autosave.take_theirs,
            "keep_mine": autosave.keep_mine,
            "discard": autosave.discard,
            "restart": lambda: self._leave(autosave.restart),
            "next_visit": lambda: self._leave(lambda: go_on_with_client(autosave)),
            "correct": autosave.correct,
            "end_correction": autosave.end_correction,
            "export": lambda: self._export(autosave, event.get("id")),
        }
        if name == "sample":
            autosave.look_whose()
        if not isinstance(name, str) or name not in actions:
            return False
        try:
            actions[name]()
        except Rejected:
            self.session.refresh()  # show again what holds
        return True

    def _leave(self, turn: Callable[[], None]) -> None:
        """Turn to another visit; where it cannot be had, or something here is not safe yet, say so and stay."""
        before, self.notice = self.notice, ""
        try:
            turn()
        except Rejected as refused:
            self.notice = LEAVING.get(str(refused), before)
        except Gone:
            self.notice = "desk_gone"
        except StoreError as failure:
            self.notice = failure.word if failure.word in words_of(self.session).sentences else NotSaved.word
        if self.notice:
            self.session.refresh()

    def _export(self, autosave: Autosave, kind: object) -> None:
        """Make a file of the session and hand it to the browser."""
        from advisor.report import exports  # noqa: PLC0415  (a kernel needs it when something leaves the room)

        if kind not in [export.id for export in exports.EXPORTS]:  # no set: a message may bring what has no hash
            return
        autosave.exported(str(kind))
        client, visit = autosave.stored()
        made = exports.make(str(kind), self.session, client, datetime.now(TOKYO).date(), visit, past=autosave.past)
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
            "steps": () if session.is_missing else STEPS,
            "current": session.record.step,
            "states": states(session),
            "trouble": self.trouble,
            "kept": save_status.told(say, self.autosave),
            "day": save_status.day_told(session, say),
            "desk": self.desk,
            "code": self.autosave.code if self.autosave else "",
        }

    def _keeping(self, session: Session, say: Say) -> dict[str, Any]:
        return save_status.notices(session, say, self.autosave) | {"notice": self.notice, "desk": self.desk}

    def _footer(self, session: Session, _: Say) -> dict[str, Any]:
        place = STEPS.index(session.record.step)
        before = STEPS[place - 1] if place and not session.is_missing else None
        after = STEPS[place + 1] if place + 1 < len(STEPS) and not session.is_missing else None
        return {"before": before, "after": after, "client": session.client is not None, "missing": session.is_missing}


def states(session: Session) -> dict[str, str]:
    """Return how far each step is: todo, partly or done, by what was answered there."""
    case, plan, catalog = session.record.case, session.record.plan, session.catalog

    def answered(*kinds: Any) -> str:  # noqa: ANN401  (kinds of scales)
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
        "aptitude": answered("fit", "misfit"),
        "frustrations": answered("frustration", "consequence"),
        "workplace": share(len(facts.signs) + len(facts.tried), len(catalog.signs) + 1),
        "results": "partly" if scored else "todo",
        "next": share(len(plan.chosen), 1),
        "plan": share(sum(action.by is not None for action in plan.chosen), max(1, len(plan.chosen))),
        "worksheets": "partly" if session.record.worksheets else "todo",
        "summary": "partly" if plan.chosen else "todo",
    }
