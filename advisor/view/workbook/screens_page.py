"""A page that shows the screens of a visit: the one that is looked at together, and the client's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.view.components import box
from advisor.view.widgets.widgets import Sheet
from advisor.view.workbook import events
from advisor.view.workbook.screens import SCREENS, Screen, supposing
from advisor.view.workbook.visit_page import VisitPage

if TYPE_CHECKING:
    from advisor.session.session import Session
    from advisor.store.autosave import Autosave


class ScreensPage(VisitPage):
    """A page with one screen of the workbook in sight. Each screen is built when it is first shown."""

    def __init__(
        self, session: Session, autosave: Autosave | None = None, *, notice: str = "", desk: str = "./", query: str = ""
    ) -> None:
        """Make the place for the screens; none is built yet."""
        super().__init__(session, autosave, notice=notice, desk=desk, query=query)
        self.screens: dict[str, Screen] = {}
        self.body = box([], "aw-stack")

    @property
    def screen(self) -> str:
        """The screen of the workbook that this page shows."""
        return self.session.record.screen

    def _shown(self, session: Session) -> list[Screen]:
        """Return the screens in sight: the present one; below 次の一歩 also the trial of other answers."""
        shown = [] if session.is_missing else [self._screen(self.screen)]
        if self.screen == "next" and session.supposed is not None and shown:
            shown.append(self._screen("supposing"))
        return shown

    def _screen(self, name: str) -> Screen:
        if name not in self.screens:
            screen = supposing() if name == "supposing" else SCREENS[name]()
            for piece in screen.pieces:
                self._heard(piece, events.hear_supposed if name == "supposing" else None)
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

    def _sheets(self) -> list[Sheet]:
        # the present screen comes last: only its values are surely up to date
        screens = sorted(self.screens.items(), key=lambda named: named[0] == self.screen)
        widgets = (piece.widget for _, screen in screens for piece in screen.pieces)
        return [widget for widget in widgets if isinstance(widget, Sheet) and widget.resumes]
