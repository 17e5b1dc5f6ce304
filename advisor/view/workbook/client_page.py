"""The client's own screen of a visit: what the adviser's page shows, without anything of the adviser's alone."""

from __future__ import annotations

import hashlib
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from advisor.session import client_screen
from advisor.session.record import SCREEN_IDS
from advisor.store import NotAllowed, StoreError, invitations
from advisor.view.components import box, page_box, panel
from advisor.view.guard import refused
from advisor.view.workbook import events, save_status
from advisor.view.workbook.private import Private
from advisor.view.workbook.screens import SCREENS
from advisor.view.workbook.screens_page import ScreensPage
from advisor.view.workbook.visit_page import PACE

if TYPE_CHECKING:
    from advisor.content.translator import Say
    from advisor.session.session import Session
    from advisor.store.autosave import Autosave

PRESENCE = 15.0  # seconds between two signs that this page is there
# what a client may press, of all that a page of a visit carries out itself
ACTIONS = ("take_theirs", "keep_mine", "put_back", "leave_as_it_is", "export")


class ClientPage(ScreensPage):
    """The screen that the client looks at alone: it follows the adviser, is held, or goes on by itself.

    What the client answers stands on the adviser's page within a second, and the other way round.
    """

    hear = staticmethod(events.hear_client)

    def __init__(
        self, session: Session, autosave: Autosave, *, notice: str = "", query: str = "", door: str = ""
    ) -> None:
        """Build the screen on which the client is. ``door``: where the page leads when the client's link is closed."""
        session.by = "client"
        super().__init__(session, autosave, notice=notice, query=query)
        self.door = door
        self._present = float("-inf")  # when this page last said that it is there
        self.closing = False  # the screen is over, and the browser was asked for what is being typed
        self.missed: list[str] = []  # what came too late to be saved; empty for an answer without words
        self._told = ""  # what was said last of the client's own saving
        if door:
            autosave.alias = hashlib.sha256(f"client {autosave.visit}".encode()).hexdigest()[:16]
        self.private = Private()  # never opened, so nothing of it is made
        self.header = self._heard(panel("client_top", self._header, ("aw-header",)))
        self.note = panel("client_note", self._note)
        self.footer = self._heard(panel("client_foot", self._footer))
        main = box([self.note.widget, self.keeping.widget, self.body, self.footer.widget], "aw-stack", "aw-main")
        self.widget = page_box("client", SCREENS, [self.lifeline, self.header.widget, main], "aw-page", "aw-client")
        session.on_change(self.draw)
        self.draw(session)

    @property
    def screen(self) -> str:
        """The screen of the workbook that the client sees."""
        return client_screen.shown(self.session.record)

    @property
    def is_over(self) -> bool:
        """Whether there is nothing to see: the link or the visit has ended, or the adviser has closed this screen."""
        lost = self.autosave is None or self.autosave.refused or self.autosave.kept.state == "gone"
        return bool(lost) or self.session.state != "live" or not self.session.record.client_screen.mode

    def draw(self, session: Session) -> None:
        """Bring the visible widgets up to date. When the screen is over, nothing of the visit stays in the browser."""
        over = self.is_over
        self._close() if over else self._open()
        shown = [] if over else self._shown(session)
        as_now = (over, session.state)
        drawn = shown if as_now == self.drawn else self.screens.values()
        self.drawn = as_now
        pieces = [] if over else [self.keeping, *(piece for one in drawn for piece in one.pieces)]
        self._draw([self.header, self.note, *pieces, self.footer])
        self._place(shown)
        follows = not over and session.record.client_screen.mode != "alone"
        (self.widget.add_class if follows else self.widget.remove_class)("aw-follows")
        self._draw_lifeline(session)

    def _open(self) -> None:
        self.closing, self.missed, self.body.layout.display = False, [], None

    def _close(self) -> None:
        """Hide the screens, and ask the browser for what is being typed; then :meth:`_leave_nothing`."""
        self.body.layout.display, self.keeping.widget.html = "none", ""
        if not self.closing:
            self.closing = True
            self.lifeline.send({"event": "flush"})

    def _leave_nothing(self) -> None:
        """Take every screen out of the browser. What is left says that the screen is closed."""
        self.body.children = []
        for screen in self.screens.values():
            for piece in screen.pieces:
                piece.widget.close()
        self.screens.clear()
        self.note.draw(self.session)
        self._lead_away()

    def _lead_away(self) -> None:
        """When the link is closed, lead to its door, which says so without a kernel; but not from unsaved words."""
        if self.door and self.autosave is not None and self.autosave.refused and not self.missed and not self.screens:
            self.lifeline.lead(self.door, over=True)

    # --- events ---

    def _acted(self, event: dict[str, Any]) -> bool:
        name = event.get("name") if event.get("event") == "action" else None
        if self.is_over:
            self._take_last(event)
            return True
        if name == "export" and event.get("id") not in self._files():
            refused("a file that is not for the client")
            return True
        return name in ACTIONS and super()._acted(event)  # a tuple: ``name`` may be unhashable

    def _take_last(self, event: dict[str, Any]) -> None:
        """Take an answer that was on its way when the screen was closed; if it cannot be saved, say so."""
        if event.get("event") != "answer" or not self._asks(event.get("id")):
            return
        before = self.session.record
        self.hear(self.session, event)
        if self.session.record is before or self.autosave is None or self.autosave.kept.state != "saved":
            value = event.get("value")
            self.missed.append(value.strip() if isinstance(value, str) else "")

    def _files(self) -> list[str]:
        from advisor.report.exports import EXPORTS  # noqa: PLC0415  (only on request)

        return [export.id for export in EXPORTS if export.audience == "client"]

    def _asks(self, question: object) -> bool:
        return events.is_for_client(self.session, question)

    def _standing(self) -> dict[str, Any]:
        return {name: value for name, value in super()._standing().items() if self._asks(name)}

    def _hear_page(self, event: dict[str, Any]) -> None:
        """Handle those events of the lifeline that a client's page may send; all others are refused."""
        kind = event["event"]
        if kind in ("ping", "look"):
            self._look(is_ping=kind == "ping")
        elif kind == "flushed" and self.is_over:
            self._leave_nothing()
        elif kind == "back":
            self.hear(self.session, {"event": "action", "name": "go", "id": event.get("screen")})
        elif kind in ("unheard", "resume") and not self.is_over:
            super()._hear_page(event)
        else:
            refused("an event that only an adviser's page sends")

    def _look(self, *, is_ping: bool) -> None:
        """Take in what the adviser has saved, and notice when the screen is over."""
        was_over, autosave = self.is_over, self.autosave
        if autosave is None:
            return
        autosave.look()
        if is_ping and not autosave.refused:
            self._ask_link(autosave)
            changed = autosave.retry() or self.drawn[1] != self.session.state
            if changed:
                self.session.refresh()
        if self.is_over and not was_over:
            self.session.refresh()
        elif self.is_over and is_ping and self.screens:
            self._leave_nothing()  # the browser did not answer
        elif self.is_over and is_ping:
            self._lead_away()

    def _ask_link(self, autosave: Autosave) -> None:
        """Ask whether the link is open, also while nothing can be taken in, and tell that this page is there."""
        if not self.door:
            return
        with suppress(StoreError):
            if not invitations.visit_of(autosave.store):
                autosave.refused = NotAllowed.word
            elif not self.is_over:
                self._tell_presence()

    def _tell_presence(self) -> None:
        """Let the adviser know that this page is there; a store that cannot write is told by the saving of answers."""
        if self.autosave is None or time.monotonic() - self._present < PRESENCE:
            return
        self._present = time.monotonic()
        with suppress(StoreError):
            invitations.note_presence(self.autosave.store)

    def _title(self, say: Say) -> str:
        return say("client_tab", page=say("client_over" if self.is_over else f"step_{self.screen}"))

    def _dress(self, session: Session) -> None:
        say, own = session.say, session.record.client_screen
        words = {"title": say("client_lost"), "lost": say("client_lost_text"), "ended": say("client_lost_ended")}
        self.lifeline.words = {**self.lifeline.words, **words}
        self.lifeline.pace, self.lifeline.screen = PACE, ""
        # the way back leads through screens only while the client chooses them
        self.lifeline.step = self.screen if own.mode == "alone" and not self.is_over else ""
        self.lifeline.part = "" if self.is_over else own.part
        if self.door:
            self.lifeline.saved = 0  # how often an adviser saves is theirs

    def _names(self, autosave: Autosave) -> tuple[str, str]:
        # the link names no visit, so its page names none; copies in the tab go by an alias
        return ("", autosave.known_as) if self.door else super()._names(autosave)

    def _tell_trouble(self) -> None:
        self.header.draw(self.session)

    # --- what header, note and footer show ---

    def _header(self, session: Session, say: Say) -> dict[str, Any]:
        mode = "" if self.is_over else session.record.client_screen.mode
        return {
            "screens": SCREEN_IDS,
            "current": self.screen if mode else "",
            "line": self._line(session, say) if mode else "",
            "alone": mode == "alone",
            "kept": self._kept(session, say),
            "trouble": self.trouble,
        }

    def _kept(self, session: Session, say: Say) -> dict[str, str]:
        """Return the state of saving; its time is that of the client's own last answer."""
        kept = save_status.told(say, None if self.is_over else self.autosave)
        if session.record.changed_by == "client" or kept["state"] != "saved":
            self._told = kept["text"] if kept["state"] == "saved" else ""
            return kept
        return kept | {"text": self._told}

    def _line(self, session: Session, say: Say) -> str:
        own = session.record.client_screen
        if own.mode in ("alone", "held"):
            return say(f"client_{own.mode}")
        return _by_name(say, session, "client_pointed" if own.part else "client_follows", "")

    def _note(self, session: Session, say: Say) -> dict[str, Any]:
        held = not self.is_over and session.record.client_screen.mode == "held"
        return {
            "over": self.is_over,
            "unsaved": bool(self.missed),
            "texts": [text for text in self.missed if text],
            "held": _by_name(say, session, "client_held", "_text") if held else "",
            "alone": not self.is_over and session.record.client_screen.mode == "alone",
        }

    def _footer(self, session: Session, _: Say) -> dict[str, Any]:
        place = SCREEN_IDS.index(self.screen)
        alone = not self.is_over and session.record.client_screen.mode == "alone"
        before = SCREEN_IDS[place - 1] if alone and place else None
        after = SCREEN_IDS[place + 1] if alone and place + 1 < len(SCREEN_IDS) else None
        return {"before": before, "after": after, "over": self.is_over}


def _by_name(say: Say, session: Session, word: str, named: str) -> str:
    """Return a sentence about the adviser, by name if the letterhead has it."""
    name = session.imprint.adviser
    return say(f"{word}{named}", name=name) if name else say(f"{word}_some")
