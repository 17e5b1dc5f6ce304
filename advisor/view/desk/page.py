"""The page of the desk: it draws a :class:`Desk` with widgets and carries out the events of the browser."""

from __future__ import annotations

import base64
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from advisor.report.filenames import file_name
from advisor.session.session import Rejected
from advisor.store import access_log
from advisor.store import office as office_store
from advisor.store.open_visit import inviter
from advisor.view import address
from advisor.view.components import Piece, box, page_box, panel, sheet
from advisor.view.desk import consent, day, office
from advisor.view.desk import context as desk_screens
from advisor.view.desk import events as desk_events
from advisor.view.desk import form as forms
from advisor.view.desk import questions as desk_forms
from advisor.view.desk.desk import Desk
from advisor.view.guard import guarded, refused
from advisor.view.widgets.widgets import THEIRS, Lifeline, Panel, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from advisor.content.catalog import Catalog
    from advisor.content.translator import Say
    from advisor.session.model import Event
    from advisor.store import Store
    from advisor.store.rows import Readable
    from advisor.view.desk.clients import OpenedClient

LIFELINE = ("title", "trying", "restored", *THEIRS)
DESK_LIFELINE = ("lost", "slow", "ended", "reload")  # the desk's own words: a half filled form is lost with its kernel
TITLES = {
    "list": "desk_title", "client": "desk_client_title", "booking": "booking_title", "office": "office_title",
    "case": "case_title",
}  # fmt: skip
KINDS = {"pdf": "application/pdf", "json": "application/json"}


class DeskPage:
    """The widgets of the desk. A notebook displays ``widget``."""

    def __init__(  # noqa: PLR0913  (the addresses of the pages around it)
        self,
        catalog: Catalog,
        store: Store,
        today: Callable[[], date],
        workbook_url: str,
        account_url: str = "",
        *,
        query: str = "",
        links: str = "",
    ) -> None:
        """Open the desk.

        ``workbook_url`` is the address of the workbook; ``?s=`` and the id of a visit are added to it. ``account_url``
        is the address of the adviser's account page; it is empty if advisers do not log in. ``query`` is the query of
        the page's address: it may name a client and whether names are hidden (:mod:`advisor.view.address`).
        ``links`` is the address at which clients' links begin; it is empty if clients cannot reach this server.
        """
        self.desk = Desk(catalog, store, today, links=links)
        asked = address.read(query)
        self.desk.masked, self.desk.has_key = asked.masked, asked.has_key
        if asked.client:
            self.desk.visit(asked.client)
        self.minute = ""  # of the last draw: the line for this moment moves on
        self.store, self.workbook_url, self.account_url = store, workbook_url, account_url
        self.trouble = False
        self.lifeline = Lifeline(owner=store.mark)
        self.lifeline.on_event(guarded(self._hear_page, self._tell))
        self.top = (
            self._heard(panel("desk_header", self._header, ("aw-header",))),
            _panel("notice", desk_screens.notice),
        )
        self.screens: dict[str, tuple[Piece, ...]] = {
            "list": (
                _panel("top", desk_screens.top(self._address)),
                _panel("list_head", desk_screens.list_head),
                _sheet(desk_forms.search, desk_forms.search_values, "aw-desk-search"),
                _panel("list", desk_screens.found),
                _panel("more", desk_screens.more(workbook_url)),
            ),
            "client": (_panel("client", desk_screens.client(self._address)),),
            "form": (
                _panel("form_top", desk_screens.form_top),
                _sheet(desk_forms.client, desk_forms.client_values, "aw-card", "aw-desk-who"),
                _panel("form_told", consent.told),
                _sheet(desk_forms.consent, desk_forms.client_values, "aw-card", "aw-desk-form"),
                _panel("form_foot", desk_screens.form_foot),
            ),
            "booking": (
                _panel("booking_top", day.booking_top),
                _sheet(day.booking_questions, day.booking_values, "aw-card", "aw-booking"),
                _panel("booking_foot", day.booking_foot),
            ),
            "office": (
                _panel("office", office.top),
                _sheet(office.questions, office.values, "aw-card", "aw-contact-form"),
                _panel("office_foot", office.foot),
            ),
            "case": (
                _panel("case_top", consent.case_top),
                _sheet(consent.case_questions, consent.case_values, "aw-card", "aw-desk-case"),
                _panel("case_foot", consent.case_foot),
            ),
        }
        for piece in chain(*(self.screens[name] for name in ("form", "booking", "office", "case"))):
            if isinstance(piece.widget, Sheet):
                piece.widget.asks = True  # a form is only on this page until it is handed in
        self.boxes = {
            name: box([piece.widget for piece in pieces], "aw-stack") for name, pieces in self.screens.items()
        }
        top, head, search, *rest = self.boxes["list"].children
        self.boxes["list"].children = [top, box([head, search], "aw-desk-find"), *rest]
        self.footer = panel("desk_footer", self._footer)
        for piece in (self.top[1], *(piece for pieces in self.screens.values() for piece in pieces)):
            self._heard(piece)
        header, notice = (piece.widget for piece in self.top)
        main = box([notice, *self.boxes.values(), self.footer.widget], "aw-stack", "aw-main")
        parts = [self.lifeline, header, main]
        self.widget = page_box("desk", self.screens, parts, "aw-page", "aw-desk")
        self.desk.on_change(self.draw)
        self.draw(self.desk)

    def draw(self, desk: Desk) -> None:
        """Bring the visible widgets up to date, and empty the hidden screens: they hold no data of any client.

        A new screen is shown after it was drawn. Otherwise a button could move while somebody clicks it.
        """
        for piece in (*self.top, *self.screens[desk.screen]):
            piece.draw(desk)
        for name in self.screens.keys() - {desk.screen}:  # first of all: an open dialog would keep the keyboard
            self.boxes[name].layout.display = "none"
            for piece in self.screens[name]:
                _empty(piece)
        self.boxes[desk.screen].layout.display = None
        self.footer.draw(desk)
        self.minute = f"{desk.now():%H:%M}"
        self._draw_lifeline(desk.say)

    def _draw_lifeline(self, say: Say) -> None:
        with self.lifeline.hold_sync():
            self.lifeline.lang = say.language
            self.lifeline.place = address.place(self.desk.client or "", self.desk.masked, self.desk.has_key)
            form = "desk_form_edit" if self.desk.client else "desk_form_new"
            screen = say(TITLES.get(self.desk.screen, form))
            self.lifeline.title = say("desk_tab", screen=screen, title=say("title"))
            words = {key: say(f"lifeline_{key}") for key in LIFELINE}
            self.lifeline.words = {**words, **{key: say(f"desk_{key}") for key in DESK_LIFELINE}}

    # --- events ---

    def _heard(self, piece: Piece) -> Piece:
        piece.widget.on_event(guarded(self._hear, self._tell))
        return piece

    def _tell(self, trouble: bool) -> None:
        self.trouble = trouble
        if trouble:
            self.top[0].draw(self.desk)

    def _hear_page(self, event: dict[str, Any]) -> None:
        """Move the line for this moment on, once a minute, with the page's heartbeat."""
        desk = self.desk
        if event["event"] == "ping" and desk.screen == "list" and self.minute != f"{desk.now():%H:%M}":
            self.minute = f"{desk.now():%H:%M}"
            self.screens["list"][0].draw(desk)

    def _hear(self, event: dict[str, Any]) -> None:
        """Carry out a message. The page itself handles messages that leave the desk or carry a file."""
        name = event.get("name") if event.get("event") == "action" else None
        leaves: dict[str, Callable[[], None]] = {
            "start": lambda: self._start(desk_events.text(event, "id")),
            "hand_in": self._hand_in,
            "everything": lambda: self._hand_over(desk_events.text(event, "id")),
            "month": lambda: self._month(desk_events.text(event, "id"), desk_events.text(event, "value")),
            "consent_form": lambda: self._consent_form(desk_events.text(event, "id")),
            "case_make": self._case_sheet,
            "slip": self._slip,
            "question_sheet": lambda: self._question_sheet(desk_events.text(event, "id")),
        }
        try:
            if isinstance(name, str) and name in leaves:
                leaves[name]()
            elif event.get("event") == "upload":
                self._take_in(event.get("bytes"))
            else:
                desk_events.hear(self.desk, event)
        except Rejected:
            refused("an event that asks for the impossible")
            self.desk.refresh()  # the browser shows the stored values again

    def _start(self, client: str) -> None:
        visit = self.desk.start(client)
        if visit is not None:
            self.lifeline.lead(self._address(visit), over=True)  # no way back from a visit to the list of clients

    def _hand_in(self) -> None:
        if (arrived := self.desk.hand_in()) is not None:
            self._start(arrived)

    def _month(self, month: str, kind: str) -> None:
        made = self.desk.month(month, kind)
        if made is not None:
            self.lifeline.download(*made)

    def _address(self, visit: str, screen: str = "") -> str:
        named = {"s": visit, **({"go": screen} if screen else {})}
        return f"{self.workbook_url}?{urlencode(named | address.kept(self.desk.masked, self.desk.has_key))}"

    def _hand_over(self, kind: str) -> None:
        """Send the browser all data of the client whose page is open, as PDF or JSON."""
        if self.desk.row is None or kind not in KINDS:
            raise Rejected(kind)
        row = self.desk.fresh(self.desk.row.client.id)
        if row is None or not self.desk.hands_over(row.client.id, kind):
            return
        events = [self.store.events(visit.id) for visit in row.visits]
        made = _document(self.desk, self.store, row, events) if kind == "pdf" else _interchange(self.store, row, events)
        is_whole = not row.unread and not any(changes.unread for changes in events)
        stem = self.desk.say("desk_file")
        name = file_name(stem, kind, self.desk.today(), code=row.client.code)
        self.lifeline.download(name, KINDS[kind], made)
        self.desk.tell("desk_handed_over" if is_whole else "desk_handed_over_damaged")

    def _consent_form(self, target: str) -> None:
        """Send the browser the consent form: of the open client, as the open form says so far, or a blank one."""
        from advisor.report import pdf  # noqa: PLC0415  (typst and its fonts: only on request)
        from advisor.report.consent_form import consent_form  # noqa: PLC0415  (as above)

        desk, client = self.desk, None
        if target == "form" and desk.form is not None:
            client = forms.drafted(desk.form, desk.today())
        elif target == "client" and desk.row is not None:
            row = desk.fresh(desk.row.client.id)
            if row is None or not desk.hands_over(row.client.id, "consent_form"):
                return
            client = row.client
        elif target != "blank":
            raise Rejected(target)
        say = desk.say
        imprint = office_store.imprint(self.store, client)
        paper = consent_form(say, client, office_store.letterhead(self.store), imprint)
        name = file_name(say("consent_file"), "pdf", desk.today(), code=client.code if client else "")
        self.lifeline.download(name, KINDS["pdf"], pdf.pdf(paper))
        desk.tell("consent_form_made")

    def _slip(self) -> None:
        """Send the browser the slip of the invitation that was just made."""
        from advisor.report import pdf  # noqa: PLC0415  (as above)
        from advisor.report.slip import slip  # noqa: PLC0415  (as above)

        desk, made = self.desk, self.desk.links.made
        if made is None or desk.row is None or made.invitation.client != desk.row.client.id:
            raise Rejected("slip")
        paper = slip(desk.say, made.invitation, made.link, inviter(self.store, desk.row.client.id))
        name = file_name(desk.say("slip_file"), "pdf", desk.today(), code=desk.row.client.code)
        self.lifeline.download(name, KINDS["pdf"], pdf.pdf(paper))

    def _question_sheet(self, form: str) -> None:
        """Send the browser the blank question sheet, in the quick or the full form."""
        from advisor.report import pdf  # noqa: PLC0415  (as above)
        from advisor.report.question_sheet import question_sheet  # noqa: PLC0415  (as above)

        if form not in {"quick", "full"}:
            raise Rejected(form)
        say = self.desk.say
        paper = question_sheet(self.desk.catalog, say, office_store.imprint(self.store), full=form == "full")
        name = file_name(say("advance_paper_file"), "pdf", self.desk.today())
        self.lifeline.download(name, KINDS["pdf"], pdf.pdf(paper))

    def _case_sheet(self) -> None:
        """Send the browser the case sheet, if nothing in it is open and the client still allows it."""
        from advisor.report import pdf  # noqa: PLC0415  (as above)
        from advisor.report.case_sheet import case_sheet  # noqa: PLC0415  (as above)

        row, cases, say = self.desk.ready_case(), self.desk.cases, self.desk.say
        if row is None or cases.sheet is None:
            return
        adviser = office_store.imprint(self.store, row.client).adviser
        paper = case_sheet(say, cases.sheet, cases.known, adviser, self.desk.today())
        name = file_name(say("case_file"), "pdf", self.desk.today(), code=cases.sheet.mark)
        self.lifeline.download(name, KINDS["pdf"], pdf.pdf(paper))
        self.desk.tell("case_made")

    def _take_in(self, sent: object) -> None:
        """Read a file, sent as base64. The browser sends a file that is too large without its content."""
        from advisor.report import interchange  # noqa: PLC0415  (only on request)

        if not isinstance(sent, str):
            self.desk.refuse("desk_import_large")
            return
        try:
            client, visits = interchange.load(base64.b64decode(sent, validate=True), self.desk.catalog)
        except interchange.Unreadable as fault:
            self.desk.refuse("desk_import_broken", why="\n".join(["", *fault.sentences(self.desk.say)]))
        except ValueError:
            raise Rejected("bytes") from None
        else:
            self.desk.take_in(client, visits)

    # --- what header and footer show ---

    def _header(self, _: Desk, __: Say) -> dict[str, Any]:
        return {
            "screen": self.desk.screen,
            "trouble": self.trouble,
            "account": self.account_url,
            "masked": self.desk.masked,
            "has_key": self.desk.has_key,
        }

    def _footer(self, desk: Desk, _: Say) -> dict[str, Any]:
        return {"place": self.store.place, "sealed": self.store.vault.seals, "unswept": desk.unswept}


def _interchange(store: Store, row: OpenedClient, events: list[Readable[Event]]) -> bytes:
    from advisor.report import interchange  # noqa: PLC0415  (only on request)

    changes = tuple(chain.from_iterable(events))
    log = access_log.about(store, row.client.id)
    return interchange.dump(row.client, row.visits, changes, log, row.rows, invitations=row.invitations)


def _document(desk: Desk, store: Store, row: OpenedClient, events: list[Readable[Event]]) -> bytes:
    from advisor.report import pdf  # noqa: PLC0415  (typst and its fonts: only on request)
    from advisor.report.disclosure import Everything, everything  # noqa: PLC0415  (as above)

    changes = sum(len(visit) + len(visit.unread) for visit in events)
    log, imprint = access_log.about(store, row.client.id), office_store.imprint(store, row.client)
    kept = Everything(row.client, row.visits, changes, len(row.unread), log, row.rows, imprint, row.invitations)
    return pdf.pdf(everything(desk.catalog, desk.language, kept, store.catalogue, desk.today()))


def _panel(name: str, context: Callable[[Desk, Say], dict[str, Any]]) -> Piece:
    return panel(f"desk_{name}", context)


def _sheet(
    questions: Callable[[Desk, Say], list[dict[str, Any]]], values: Callable[[Desk], dict[str, Any]], *classes: str
) -> Piece:
    return sheet(questions, values, classes=classes, marks=lambda _: {})


def _empty(piece: Piece) -> None:
    if isinstance(piece.widget, Sheet):
        with piece.widget.hold_sync():
            piece.widget.questions, piece.widget.values = [], {}
    elif isinstance(piece.widget, Panel):
        piece.widget.html = ""
