"""The adviser's own window of a visit: the account, and what helps to write it. It follows the shared page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from advisor.view.address import with_client
from advisor.view.components import box, page_box, panel
from advisor.view.guard import refused
from advisor.view.workbook import save_status
from advisor.view.workbook.client_link import ClientLink
from advisor.view.workbook.private import Private, clock
from advisor.view.workbook.visit_page import VisitPage

if TYPE_CHECKING:
    from advisor.content.translator import Say
    from advisor.session.session import Session
    from advisor.store.autosave import Autosave


class PrivatePage(VisitPage):
    """The adviser's part in a window of its own, always open. The client looks at the other window of the visit.

    It stays with its visit: it neither begins another one nor ends this one.
    """

    own = True

    def __init__(  # noqa: PLR0913  (what a page is opened with)
        self, session: Session, autosave: Autosave | None = None, *, notice: str = "", desk: str = "./",
        query: str = "", client: str = "client", links: str = "",
    ) -> None:  # fmt: skip
        """Build the window, and fill it with the lines of this visit; ``client``, ``links``: as of :class:`.Page`."""
        super().__init__(session, autosave, notice=notice, desk=desk, query=query)
        visit = urlencode({"s": autosave.visit}) if autosave else ""
        self.private = Private(own=True, link=ClientLink(links, f"{client}?{visit}"))
        self.header = self._heard(panel("private_top", self._header, ("aw-header",)))
        self.pieces = [piece for piece in self.private.pieces if piece is not self.private.head]
        for piece in self.pieces:
            self._heard(piece)
        left = box([self.private.fields.widget], "aw-card", "aw-private", "aw-own-fields")
        right = box([part.widget for part in self.private.beside], "aw-stack", "aw-private")
        self.columns = box([left, right], "aw-own-columns")
        main = box([self.keeping.widget, self.columns], "aw-stack", "aw-main")
        self.widget = page_box("private", (), [self.lifeline, self.header.widget, main], "aw-page", "aw-own")
        self._filled: float | None = None  # when the change of another page came that the lines know
        self._open_private()
        session.on_change(self.draw)
        self.draw(session)

    def draw(self, session: Session) -> None:
        """Bring everything up to date; after a change of the shared page with what it says now."""
        self.drawn = (self.autosave.visit if self.autosave else "", session.state)
        if self.autosave is not None and self.autosave.followed != self._filled:
            self._filled = self.autosave.followed
            self._open_private()
        self.columns.layout.display = "none" if session.is_missing else None
        self._draw([self.header, self.keeping, *self.pieces])
        self._draw_lifeline(session)

    def _acted(self, event: dict[str, Any]) -> bool:
        name = event.get("name") if event.get("event") == "action" else None
        if name in ("restart", "next_visit", "end", "discard"):  # a tuple: ``name`` may be unhashable
            refused("an action of the shared page")
            return True
        return super()._acted(event)

    def _title(self, say: Say) -> str:
        return say.enumeration([say("private_title"), self.private.code]) if self.private.code else say("private_title")

    def _draw_clock(self) -> None:
        self.header.draw(self.session)

    def _tell_trouble(self) -> None:
        self.header.draw(self.session)

    def _header(self, session: Session, say: Say) -> dict[str, Any]:
        return {
            "code": self.private.code,
            "number": session.imprint.number,
            "clock": clock(session, say, self.private.until),
            "current": "" if session.is_missing else session.record.screen,
            "day": save_status.day_told(session, say),
            "kept": save_status.told(say, self.autosave),
            "trouble": self.trouble,
            "desk": with_client(self.desk, session.client or "", self.query),
        }
