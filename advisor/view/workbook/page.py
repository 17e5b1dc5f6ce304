"""The page of one visit: lifeline, header, the present screen, footer. Built once, drawn after every change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from advisor.session.letterhead import KEYS
from advisor.session.record import KINDS, SCREEN_IDS
from advisor.view.address import with_client
from advisor.view.components import box, page_box, panel
from advisor.view.workbook import next_steps, save_status
from advisor.view.workbook.client_link import ClientLink
from advisor.view.workbook.private import Private
from advisor.view.workbook.screens import SCREENS
from advisor.view.workbook.screens_page import ScreensPage

if TYPE_CHECKING:
    from advisor.content.translator import Say
    from advisor.session.session import Session
    from advisor.store.autosave import Autosave


class Page(ScreensPage):
    """The workbook of one session, which client and adviser look at together.

    Nothing of the adviser's alone is in it before the adviser opens their part (:mod:`.private`).
    """

    def __init__(  # noqa: PLR0913  (what a page is opened with)
        self, session: Session, autosave: Autosave | None = None, *, notice: str = "", desk: str = "./",
        query: str = "", window: str = "private", client: str = "client", links: str = "",
    ) -> None:  # fmt: skip
        """Build the present screen. The page builds each other screen when it is first opened.

        ``window``, ``client``: the addresses of the adviser's own window (:mod:`.private_page`) and of the client's
        screen (:mod:`.client_page`). ``links``: where links for clients begin; empty if they cannot reach this server.
        """
        super().__init__(session, autosave, notice=notice, desk=desk, query=query)
        self.window, self.client = window, client
        self._followed: float | None = None  # when the change of another page came that was drawn last
        self.header = self._heard(panel("header", self._header, ("aw-header",)))
        self.footer = self._heard(panel("footer", self._footer))
        self.private = Private(link=ClientLink(links, client))
        self.drawer = box([], "aw-private")  # the adviser's part; empty until it is opened
        main = box([self.keeping.widget, self.body, self.footer.widget], "aw-stack", "aw-main")
        self.widget = page_box("workbook", SCREENS, [self.lifeline, self.header.widget, main, self.drawer], "aw-page")
        session.on_change(self.draw)
        self.draw(session)

    def draw(self, session: Session) -> None:
        """Bring the visible widgets up to date, in reading order. Unchanged traits are not sent again."""
        screen = session.record.screen
        shown = self._shown(session)
        as_now = (self.autosave.visit if self.autosave else session.record.revision > 0, session.state)
        drawn = shown if as_now == self.drawn else self.screens.values()  # for another visit, hidden screens, too
        followed = self.autosave.followed if self.autosave else None
        if followed != self._followed:  # another page went on: it closes nothing under the adviser's hands
            self._followed, self.private.screen = followed, screen
        if self.drawn and (as_now[0] != self.drawn[0] or screen != self.private.screen):
            self.private.close()  # whoever opened it did not open it for what comes now
        self.drawn = as_now
        self._draw([self.header, self.keeping, *(piece for one in drawn for piece in one.pieces), self.footer])
        self._draw_drawer()
        self._place(shown)
        self._draw_lifeline(session)
        if session.record.screen == "next" and session.state == "live":
            session.saw("sight", next_steps.in_sight(session))  # draws again if something is new

    def _open_private(self) -> None:
        super()._open_private()
        if self.autosave is not None and self.autosave.base is not None:
            visit = urlencode({"s": self.autosave.visit})
            self.private.window, self.private.link.window = f"{self.window}?{visit}", f"{self.client}?{visit}"
        if not self.drawer.children:  # made when it is first needed: most pages of a session never open it
            for piece in self.private.pieces:
                self._heard(piece)
            self.drawer.children = [part.widget for part in self.private.parts]

    def _draw_drawer(self) -> None:
        if self.drawer.children:  # closed, it says nothing; then its head, which says that it is open, goes last
            pieces = self.private.pieces
            self._draw(pieces if self.private.opened else reversed(pieces))
        is_open = self.private.opened and not self.session.is_missing
        (self.widget.add_class if is_open else self.widget.remove_class)("aw-with-drawer")

    # --- events ---

    def _acted(self, event: dict[str, Any]) -> bool:
        """Open or close the adviser's part, or carry out an action that every page has; return whether it was one."""
        name = event.get("name") if event.get("event") == "action" else None
        if name not in ("open_private", "close_private"):
            return super()._acted(event)
        if name == "open_private":
            self._open_private()
        else:
            self.private.close()
        self.session.refresh()
        return True

    def _title(self, say: Say) -> str:
        return say("tab_title", step=say(f"step_{self.session.record.screen}"), title=say("title"))

    def _hear_page(self, event: dict[str, Any]) -> None:
        if event["event"] == "back":
            self.hear(self.session, {"event": "action", "name": "go", "id": event.get("screen"), "value": None})
        super()._hear_page(event)

    def _dress(self, session: Session) -> None:
        self.lifeline.step = "" if session.is_missing else session.record.screen
        self.lifeline.points, self.lifeline.part = (
            session.record.client_screen.points,
            session.record.client_screen.part,
        )

    def _tell_trouble(self) -> None:
        self.header.draw(self.session)

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
            "key": (session.imprint.key or KEYS[0]).lower(),
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
        "aptitude": items_of(*KINDS["aptitude"]),
        "frustrations": items_of(*KINDS["frustrations"]),
        "workplace": share(len(facts.signs) + len(facts.tried), len(catalog.signs) + 1),
        "results": "partly" if scored else "todo",
        "next": share(len(plan.chosen), 1),
        "plan": share(sum(action.by is not None for action in plan.chosen), max(1, len(plan.chosen))),
        "worksheets": "partly" if session.record.worksheets else "todo",
        "summary": "partly" if plan.chosen else "todo",
    }
