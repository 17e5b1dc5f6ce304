"""The page: lifeline, header, the screen of the present step, footer. Built once, drawn after every change."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from advisor.record import STEPS, dump
from advisor.view import events
from advisor.view.pieces import Piece, box, panel, words_of
from advisor.view.screens import SCREENS, Screen, supposing
from advisor.view.widgets import Lifeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from ipywidgets import Box

    from advisor.session import Session
    from advisor.view.say import Say

log = logging.getLogger(__name__)
LIFELINE = ("title", "lost", "reload", "restored")


class Page:
    """The widgets of one session. ``widget`` is what a notebook displays."""

    def __init__(self, session: Session) -> None:
        """Build the first screen; the others are built when they are first visited."""
        self.session = session
        self.screens: dict[str, Screen] = {}
        self.trouble = False
        self.lifeline = Lifeline()
        self.lifeline.on_event(self._guarded(lambda event: events.hear(session, event)))
        self.header = self._heard(panel("header", self._header, ("aw-header",)))
        self.footer = self._heard(panel("footer", self._footer))
        self.body = box([], "aw-stack")
        self.widget: Box = box([self.lifeline, self.header.widget, self.body, self.footer.widget], "aw-page")
        session.on_change(self.draw)
        self.draw(session)

    def draw(self, session: Session) -> None:
        """Bring what is visible up to date, in reading order; what did not change is not sent again."""
        step = session.record.step
        shown = [self._screen(step)]
        if step == "next" and session.supposed is not None:
            shown.append(self._screen("supposing"))
        drawn = shown if session.record.revision else self.screens.values()  # a new session: hidden screens forget too
        for piece in (self.header, *(piece for screen in drawn for piece in screen.pieces), self.footer):
            piece.draw(session)
        self._place(shown)
        self._draw_lifeline(session)

    def _screen(self, name: str) -> Screen:
        if name not in self.screens:
            screen = supposing() if name == "supposing" else SCREENS[name]()
            hear = events.hear_supposed if name == "supposing" else events.hear
            for piece in screen.pieces:
                self._heard(piece, hear)
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
            if session.record.revision:
                self.lifeline.keepsake = dump(session.record)
            elif self.lifeline.keepsake:
                self.lifeline.forget()

    # --- events ---

    def _heard(self, piece: Piece, hear: Callable[[Session, dict[str, Any]], None] = events.hear) -> Piece:
        piece.widget.on_event(self._guarded(lambda event: hear(self.session, event)))
        return piece

    def _guarded(self, handle: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
        """Return a callback that turns our own failures into a sentence on the page; nobody sees a traceback."""

        def call(event: dict[str, Any]) -> None:
            try:
                self.trouble = False
                handle(event)
            except Exception as error:  # noqa: BLE001  (whatever it is, the client goes on)
                log.error("an event could not be handled: %s", type(error).__name__)  # noqa: TRY400  (a traceback may hold answers)
                self.trouble = True
                self.header.draw(self.session)

        return call

    # --- what header and footer show ---

    def _header(self, session: Session, _: Say) -> dict[str, Any]:
        return {"steps": STEPS, "current": session.record.step, "states": states(session), "trouble": self.trouble}

    def _footer(self, session: Session, _: Say) -> dict[str, Any]:
        place = STEPS.index(session.record.step)
        before = STEPS[place - 1] if place else None
        return {"before": before, "after": STEPS[place + 1] if place + 1 < len(STEPS) else None}


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
        "next": share(len(plan.steps), 1),
        "summary": "partly" if plan.steps else "todo",
    }
