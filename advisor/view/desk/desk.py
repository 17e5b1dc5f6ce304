"""The state of the desk: the open screen, the search, the forms. :class:`Desk` changes; the values it holds do not.

Input from the browser is not trusted. An unknown id raises :class:`Rejected` and changes nothing. Typed text that
cannot be used yet stays in the form, with the reason beside it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from advisor.content.translator import Say, say
from advisor.content.words import LANGUAGES, Language
from advisor.session import permissions
from advisor.session.appointments import cancelled, local, overlapping
from advisor.session.forms import folded
from advisor.session.model import TOKYO, USES, now
from advisor.session.session import Rejected
from advisor.store import AppointmentChanged, ClientChanged, Gone, StoreError, appointments, invitations, new_id
from advisor.store.import_visits import import_visits
from advisor.store.open_visit import begin_next
from advisor.view.desk import activity, booking, clients, form, paging
from advisor.view.desk.booking import Booking
from advisor.view.desk.cases import Cases
from advisor.view.desk.contacts import Contacts
from advisor.view.desk.form import Form
from advisor.view.desk.letterheads import Letterheads
from advisor.view.desk.links import Links, Made
from advisor.view.desk.register import Incoming, Note, Register

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from advisor.content.catalog import Catalog
    from advisor.session.model import Appointment, Client, Details, Invitation, Use, Visit
    from advisor.store import Store
    from advisor.view.desk.clients import ListedClient, Meeting, OpenedClient

Screen = Literal["list", "client", "form", "booking", "office", "case"]
MOST_MATCHES = 8  # so many clients are offered for what was typed into the form of an appointment


class Desk(Register):
    """The state of the desk.

    ``client`` is the id of the client whose page is open. ``pages`` is the shown page of each list, by the list's
    name. ``mistyped`` is the id of a client: somebody asked for their erasure and typed another code. ``booking`` is
    the form of an appointment. ``arriving`` is the appointment of the first-timer whom the form registers. ``masked``:
    names and quoted words are not shown. ``has_key``: the key H hides them and shows them again.
    """

    is_read_only = is_quick = False  # a session may be only read, or filled in from paper; the desk never is
    by = ""  # no client looks at it

    def __init__(
        self, catalog: Catalog, store: Store, today: Callable[[], date], language: Language = "ja", *, links: str = ""
    ) -> None:
        """Open the desk. Clients and visits whose time is over are hidden or erased before the list is read.

        ``links``: the address at which clients' links begin; empty if clients cannot reach the server.
        """
        super().__init__(store, today)
        self.catalog, self.language = catalog, language
        self.screen: Screen = "list"
        self.client: str | None = None
        self.query = ""
        self.pages = dict.fromkeys(paging.SIZES, 1)
        self.form: Form | None = None
        self.booking: Booking | None = None
        self.arriving: Appointment | None = None
        self.masked, self.has_key = False, True
        self.contacts = Contacts(store, today)
        self.letterheads = Letterheads(store)
        self.cases = Cases()
        self.links = Links(links)
        self.incoming: Incoming | None = None
        self.mistyped: str | None = None
        self._listeners: list[Callable[[Desk], None]] = []
        self.note: Note | None = self.expire()
        with suppress(StoreError):  # without it, the desk speaks of 相談者
            self.letterheads.read()
        self.read()

    def on_change(self, listener: Callable[[Desk], None]) -> None:
        """Call ``listener`` with this desk after every change."""
        self._listeners.append(listener)

    def refresh(self) -> None:
        """Call every listener, also if nothing changed."""
        for listener in self._listeners:
            listener(self)

    # --- what stands ---

    @property
    def row(self) -> OpenedClient | None:
        """The client whose page is open, read in full; None if no page is open."""
        return self.opened if self.opened and self.opened.client.id == self.client else None

    @property
    def problems(self) -> dict[str, tuple[str, int]]:
        """The errors of the form, by field: word and limit. Empty until the form was handed in once."""
        if self.form is None or not self.form.asked:
            return {}
        errors = form.problems(self.form, self.taken(self.form.client), self.today())
        if self.incoming is None:
            return errors
        return {name: errors[name] for name in self.incoming.asked if name in errors}

    @property
    def booking_problems(self) -> dict[str, tuple[str, int]]:
        """The errors of the form of an appointment, by field. Empty until the form was handed in once."""
        if self.booking is None or not self.booking.asked:
            return {}
        return booking.problems(self.booking, self.today(), self._is_known)

    @property
    def matches(self) -> tuple[ListedClient, ...]:
        """The clients that fit what was typed into the form of an appointment; all of a few without a word."""
        typed = self.booking.values["who"] if self.booking else ""
        hits = clients.found(self.rows, typed) if typed.strip() or len(self.rows) <= MOST_MATCHES else ()
        return hits[:MOST_MATCHES]

    @property
    def overlapping(self) -> tuple[Meeting, ...]:
        """The appointments at the same time as the one in the form."""
        mine = booking.appointment_of(self.booking, "", self.today()) if self.booking else None
        if mine is None:
            return ()
        known = self.meetings()
        others = overlapping(mine, (one.appointment for one in known))
        return tuple(one for one in known if one.appointment in others)

    def now(self) -> datetime:
        """Return this moment of today, with its zone."""
        return datetime.combine(self.today(), now().astimezone(TOKYO).timetz())

    def fresh(self, client: str) -> OpenedClient | None:
        """Return a client, read from the store now.

        If the store cannot be read or the client is gone, return None; the page then says why.
        """
        self.existing(client)
        self.read_client(client)
        if self.unread:
            self.refresh()
        elif self.opened is None:
            self._go("list", note=Note("desk_gone" if self.was_erased(client) else "desk_missing", kind="error"))
        return None if self.unread else self.opened

    # --- moving about ---

    def speak(self, language: str) -> None:
        """Switch the language of the desk."""
        if language not in LANGUAGES:
            raise Rejected(language)
        default, self.language = self._purpose(self.language), language
        if self.form and self.form.client is None and self.form.values["purpose"] == default:  # nobody changed it
            self.form = form.filled(self.form, "purpose", self._purpose(language))
        self.refresh()

    def search(self, text: str) -> None:
        """Search: show the first page of the clients whose code or name holds the typed words."""
        self.query, self.pages["list"] = text, 1
        self.refresh()

    def turn(self, name: str, number: int) -> None:
        """Turn to a page of a list."""
        if name not in self.pages:
            raise Rejected("list")
        self.pages[name] = number
        self.refresh()

    def show_list(self) -> None:
        """Go back to the list and read it anew. Clients and visits whose time is over are hidden or erased first."""
        self.unswept = self.unswept and not self.store.sweep()
        self._go("list", note=self.expire())

    def answer_day(self, day: str, *, is_right: bool) -> None:
        """Take the answer to the question whether today's date is right. Only then may this date erase anybody."""
        if self.doubt is None or day != self.today().isoformat():  # the question was asked on another day
            raise Rejected("day")
        if self._kept(lambda: self.store.answer_day(self.today(), is_right=is_right)):
            self.denied = None if is_right else self.today()
            self.show_list()

    def open(self, client: str) -> None:
        """Open a client's page."""
        self.existing(client)
        if self._kept(lambda: self.store.log("opened", client=client)):
            self._go("client", client)

    def visit(self, client: str) -> None:
        """Open the page of the client whom the page's address names; the list if the viewer may not see them."""
        if self.unread:
            return
        if self._is_known(client):
            self.open(client)
        else:
            self.note = Note("desk_gone" if self.was_erased(client) else "desk_missing", kind="error")

    def register_new(self) -> None:
        """Open the form for a new client."""
        self._go("form", form=form.blank(self.today(), self._purpose(self.language)))

    def edit(self, client: str) -> None:
        """Open the form with the data of a client."""
        if row := self.fresh(client):
            self._go("form", client, form=form.of(row.client))

    def renew(self, client: str) -> None:
        """Open the form to keep a client for another year; it proposes a consent given today."""
        if row := self.fresh(client):
            self._go("form", client, form=form.renewed(row.client, self.today()))

    def hide_names(self, *, hides: bool) -> None:
        """Hide names and quoted words, or show them again. A search by name ends."""
        self.masked, self.query = hides, "" if hides else self.query
        self.refresh()

    def use_key(self, *, uses: bool) -> None:
        """Let the key H hide names, or not."""
        self.has_key = uses
        self.refresh()

    def cancel(self) -> None:
        """Leave the form without storing it: go to the client's page, or to the list."""
        self._go("client" if self.client else "list", self.client)

    def dismiss(self) -> None:
        """Remove the notice."""
        self.note = None
        self.refresh()

    # --- clients ---

    def fill(self, name: str, text: str) -> None:
        """Set a field of the form from typed text."""
        if self.form is None:
            raise Rejected("form")
        try:
            self.form = form.filled(self.form, name, form.stored(name, text, self.today()))
        except KeyError:
            raise Rejected("field") from None
        self.refresh()

    def hand_in(self) -> str | None:
        """Store the client of the form. If the form has errors, store nothing and show them beside the fields.

        If a first-timer with an appointment was registered, give them the appointment and return their id: their visit
        begins now.
        """
        arriving = self.arriving
        if self.form is None:
            raise Rejected("form")
        self.form = replace(self.form, asked=True)
        if self.problems:
            self.refresh()
        elif self.incoming is not None and self.incoming.client is not None:
            whole = form.completed(self.form, self.incoming.client, self.incoming.asked, self.today())
            self._take_in(replace(self.incoming, client=whole))
        else:
            before = self.form.client
            client = form.client_of(self.form, new_id(), self.today())
            if self._kept(lambda: self.store.put_client(client, before)):
                note = Note("desk_changed" if before else "desk_registered")
                given = replace(arriving, client=client.id, name="") if arriving else None
                is_given = given is not None and self._kept(lambda: appointments.put(self.store, given, arriving))
                self._go("client", client.id, note if is_given or given is None else self.note)
                return client.id if is_given else None
        return None

    def erase(self, client: str, typed: str) -> None:
        """Erase a client and all their data, if their code was typed; then say how much was erased."""
        code = self.existing(client).code
        self.mistyped = None if folded(typed) == folded(code) else client
        if self.mistyped:
            self.refresh()
        elif self._kept(lambda: self.swept(self.store.erase_client(client, self.today()))):
            self.cases.forget(client)
            stone = self.stone(client)
            counts = {"day": stone.erased_on, "visits": stone.visits, "events": stone.events} if stone else {}
            self._go("list", note=Note("desk_erased", counts) if counts else None)

    # --- appointments ---

    def book(self, client: str = "") -> None:
        """Open the form for a new appointment; ``client``: for whom."""
        if client:
            self.existing(client)
        self._go("booking", self.client, form=booking.blank(client, anybody=bool(self.rows)))

    def move(self, key: str) -> None:
        """Open the form with an appointment."""
        self._go("booking", self.client, form=booking.of(self.appointment(key)))

    def fill_booking(self, name: str, text: str) -> None:
        """Set a field of the form of an appointment. If one client fits what was typed, it is chosen."""
        if self.booking is None or (name == "client" and not self._is_known(text)):
            raise Rejected("booking")
        try:
            self.booking = booking.filled(self.booking, name, text, self.today())
        except KeyError:
            raise Rejected("field") from None
        if name == "who":
            fitting = [line.client.id for line in self.matches] if text.strip() else []
            self.booking = booking.filled(self.booking, "client", fitting[0] if len(fitting) == 1 else "", self.today())
        self.refresh()

    def keep_booking(self) -> None:
        """Store the appointment of the form. If the form has errors, store nothing and show them beside the fields."""
        if self.booking is None:
            raise Rejected("booking")
        self.booking = replace(self.booking, asked=True)
        kept = booking.appointment_of(self.booking, new_id(), self.today())
        if self.booking_problems or kept is None:
            self.refresh()
            return
        before = self.booking.before if self.booking.before and self.booking.before.id else None
        word = "desk_moved" if self.booking.before else "desk_booked"
        if self.overlapping:
            word += "_overlap"
        if self._kept(lambda: appointments.put(self.store, kept, before)):
            at = local(kept.at)
            self._go(
                "client" if self.client else "list", self.client, Note(word, {"day": at.date(), "time": f"{at:%H:%M}"})
            )

    def call_off(self, key: str) -> None:
        """Cancel an appointment."""
        known = self.appointment(key)
        row = cancelled(known, new_id())
        if self._kept(lambda: appointments.put(self.store, row, known if known.id else None)):
            at = local(known.at)
            note = Note("desk_called_off", {"day": at.date(), "time": f"{at:%H:%M}"})
            self._go("client" if self.client else "list", self.client, note)

    def receive(self, key: str) -> None:
        """Open the form that registers a first-timer who comes now."""
        known = self.appointment(key)
        if known.client is not None:
            raise Rejected("appointment")
        self._go("form", form=form.filled(form.blank(self.today(), self._purpose(self.language)), "name", known.name))
        self.arriving = known
        self.refresh()

    # --- the advance sheet ---

    def invite(self, client: str, *, guarded: bool) -> None:
        """Make an invitation for a client and show its link, with four digits if it is ``guarded``."""
        self.existing(client)
        made: list[Made] = []
        if self._kept(lambda: made.append(self.links.make(self.store, client, self.language, guarded=guarded))):
            self._go("client", client, Note("advance_made"))
            self.links.made = made[0]
            self.refresh()

    def stop_invitation(self, name: str) -> None:
        """End the link of an invitation of the open client."""
        one = self.invitation(name)
        if self._kept(lambda: invitations.withdraw(self.store, name)):
            self._go("client", one.client, Note("screen_link_closed" if one.purpose == "live" else "advance_stopped"))

    def look_at_answers(self, name: str) -> None:
        """Show what the open client told by an invitation; the log keeps who looked."""
        one = self.invitation(name)
        if self._kept(lambda: invitations.look(self.store, name)):
            self._go("client", one.client)
            self.links.looking = name
            self.refresh()

    def erase_answers(self, name: str) -> None:
        """Erase an invitation of the open client, with what was told by it."""
        one = self.invitation(name)
        if self._kept(lambda: self.swept(invitations.erase(self.store, name))):
            self._go("client", one.client, Note("advance_erased"))

    def invitation(self, name: str) -> Invitation:
        """Return an invitation of the open client.

        Raises:
            Rejected: there is none.
        """
        found = next((one for one in self.row.invitations if one.id == name), None) if self.row else None
        if found is None:
            raise Rejected("invitation")
        return found

    # --- what the client allows ---

    def allow(self, use: str) -> None:
        """Note that the client of the open page allows a use from today on."""
        self._permit(use, permissions.allowed, "desk_allowed")

    def withdraw(self, use: str) -> None:
        """Note that the client of the open page withdrew a use today."""
        self._permit(use, permissions.withdrawn, "desk_withdrawn")

    def _permit(self, use: str, change: Callable[[Details, Use, date], Details], word: str) -> None:
        named = next((name for name in USES if name == use), None)
        if named is None or self.row is None:
            raise Rejected("use")
        row = self.fresh(self.row.client.id)
        if row is None:
            return
        after = replace(row.client, details=change(row.client.details, named, self.today()))
        if self._kept(lambda: self.store.put_client(after, row.client)):
            self.cases.forget(after.id)
            self._go("client", after.id, Note(word))

    def begin_case(self, client: str, *, anew: bool = False) -> None:
        """Open the screen of the case sheet; ``anew`` drafts it again. A client who does not allow it has none."""
        row = self.fresh(client)
        if row is None or not self._kept(self.letterheads.read):
            return
        if not row.client.details.allows("supervision"):
            self._go("client", client, Note("case_not_allowed", kind="error"))
            return
        if anew:
            self.cases.forget(client)
        others = [line.client for line in self.rows]
        self.cases.begin(self.say, row, others, self.letterheads.now)
        self._go("case", client)

    def fill_case(self, name: str, text: str) -> None:
        """Set a part of the case sheet."""
        self.cases.fill(name, text)
        self.refresh()

    def decide_case(self, word: str, *, masks: bool) -> None:
        """Mask a word of the case sheet, or keep it on purpose."""
        (self.cases.mask if masks else self.cases.keep)(self.say, word)
        self.refresh()

    def ready_case(self) -> OpenedClient | None:
        """Return the client whose case sheet may be made now; None if a word is open, or the client withdrew it."""
        if self.row is None or self.cases.sheet is None:
            raise Rejected("case")
        if self.cases.telling(self.say) or self.cases.too_long:
            raise Rejected("case")
        client = self.row.client.id
        row = self.fresh(client)
        if row is not None and not row.client.details.allows("supervision"):
            self._go("client", client, Note("case_not_allowed", kind="error"))
            return None
        return row if row is not None and self.hands_over(client, "case_sheet") else None

    # --- the office's letterhead ---

    def open_letterhead(self) -> None:
        """Open the form of the letterhead."""
        if self._kept(self.letterheads.read):
            self.contacts.form = None
            self.letterheads.begin()
            self._go("office")

    def close_letterhead(self) -> None:
        """Leave the form of the letterhead without storing it."""
        self.letterheads.typed = None
        self._go("office")

    def fill_letterhead(self, name: str, text: str) -> None:
        """Set a field of the letterhead."""
        self.letterheads.fill(name, text)
        self.refresh()

    def keep_letterhead(self) -> None:
        """Store the letterhead, if the form has no errors."""
        done: list[bool] = []
        if self._kept(lambda: done.append(self.letterheads.hand_in())):
            self._go("office", note=Note("letterhead_kept") if done[0] else None)

    # --- the office's own contacts ---

    def show_office(self) -> None:
        """Go to the office's letterhead and contacts and read them anew."""
        if self._kept(self.contacts.read) and self._kept(self.letterheads.read):
            self._go("office")

    def open_contact(self, contact: str = "") -> None:
        """Open the form of a contact; without an id, of a new one."""
        self.contacts.begin(contact)
        self.letterheads.typed = None
        self._go("office")

    def close_contact(self) -> None:
        """Leave the form of a contact without storing it."""
        self.contacts.form = None
        self._go("office")

    def fill_contact(self, name: str, text: str) -> None:
        """Set a field of the form of a contact."""
        self.contacts.fill(name, text)
        self.refresh()

    def keep_contact(self) -> None:
        """Store the contact of the form, if the form has no errors."""
        done: list[bool] = []
        if not self._kept(lambda: done.append(self.contacts.hand_in())):
            return
        self._go("office", note=Note("office_kept") if done[0] else None)

    def confirm_contact(self, contact: str) -> None:
        """Store that somebody checked a contact today."""
        if self._kept(lambda: self.contacts.confirm(contact)):
            self._go("office", note=Note("office_confirmed"))

    def drop_contact(self, contact: str) -> None:
        """Remove a contact."""
        if self._kept(lambda: self.contacts.drop(contact)):
            self._go("office", note=Note("office_dropped"))

    # --- visits ---

    def start(self, client: str) -> str | None:
        """Begin a client's next visit and return its id; None if that fails. An unused visit of today is used again."""
        if self.fresh(client) is None:
            return None
        begun: list[str] = []
        change = (self.store, self.catalog, client, self.language, self.today())
        if not self._kept(lambda: begun.append(begin_next(*change))):
            return None
        self._go("client", client)
        return begun[0]

    def erase_visit(self, visit: str) -> None:
        """Erase one visit of the open client, or one visit without a client."""
        theirs = (*(each.id for each in self.row.visits), *self.row.unread) if self.row else ()
        if visit not in {*theirs, *(each.id for each in self.nobody)}:
            raise Rejected("visit")
        if self._kept(lambda: self.swept(self.store.erase_visit(visit))):
            self._go(self.screen, self.client, Note("desk_visit_erased"))

    def assign(self, visit: str, client: str) -> None:
        """Give a visit without a client to a client."""
        known = self.existing(client)
        if not any(visit == each.id for each in self.nobody):
            raise Rejected("visit")
        if self._kept(lambda: self.store.assign(visit, client)):
            self._go("list", note=Note("desk_assigned", {"code": known.code}))

    # --- from elsewhere ---

    def take_in(self, client: Client | None, visits: tuple[Visit, ...]) -> None:
        """Store a client from a file, or visits without a client. The form asks for fields that cannot be used here."""
        if client is not None:
            filled, asked = form.from_elsewhere(client, self.taken(), self.today())
            if asked:
                self._go("form", form=filled, incoming=Incoming(client, visits, asked))
                return
        self._take_in(Incoming(client, visits))

    def hands_over(self, client: str, kind: str) -> bool:
        """Log that all data of a client are exported; return whether that was logged. If not, nothing may go out."""
        return self._kept(lambda: self.store.log("exported", client=client, detail=kind))

    def month(self, ending: str, chosen: str) -> tuple[str, str, bytes] | None:
        """Return name, media type and content of the file of a month's sessions; None if the store cannot be read."""
        made: list[tuple[str, str, bytes]] = []
        words = self.say
        change = lambda: made.append(activity.made(self.store, words, ending, chosen))  # noqa: E731
        log = lambda: self.store.log("exported", detail=f"month_{ending}")  # noqa: E731
        return made[0] if self._kept(change) and self._kept(log) else None

    def refuse(self, word: str, **fields: object) -> None:
        """Show why a file could not be taken in."""
        self.note = Note(word, fields, "error", at="import")
        self.refresh()

    def tell(self, word: str) -> None:
        """Show a notice that something was done."""
        self.note = Note(word)
        self.refresh()

    # --- inside ---

    def _is_known(self, client: str) -> bool:
        return any(client == one for one in (*(line.client.id for line in self.rows), self.row and self.row.client.id))

    def _take_in(self, incoming: Incoming) -> None:
        new: list[str | None] = []
        if self._kept(lambda: new.append(import_visits(self.store, incoming.client, incoming.visits))):
            self._go("client" if new[0] else "list", new[0], Note("desk_taken_in", {"visits": len(incoming.visits)}))

    def _go(
        self,
        screen: Screen,
        client: str | None = None,
        note: Note | None = None,
        *,
        form: Form | Booking | None = None,
        incoming: Incoming | None = None,
    ) -> None:
        self.screen, self.client, self.note, self.incoming = screen, client, note, incoming
        self.booking = form if isinstance(form, Booking) else None
        self.form = form if isinstance(form, Form) else None
        self.mistyped = self.arriving = None
        self.links.leave(client)
        if screen != "case":
            self.cases.close()
        if screen == "form":
            with suppress(StoreError):  # without it, the form says nothing of the office
                self.letterheads.read()
        self.read_client(client)
        if client and not self.row:
            self.screen, self.client, self.form = "list", None, None
            self.cases.close()
            self.note = (
                note if self.unread else Note("desk_gone" if self.was_erased(client) else "desk_missing", kind="error")
            )
        if self.screen != "client":  # the form, too, needs the codes of all clients
            self.read()
        self.refresh()

    @property
    def say(self) -> Say:
        """The words of the page, in its language."""
        return say(self.catalog, self.language, called=self.letterheads.now.called)

    def _purpose(self, language: Language) -> str:
        return say(self.catalog, language)("desk_purpose_default")

    def _kept(self, change: Callable[[], object]) -> bool:
        """Change the store and return whether that worked. A failure is shown; the typed text stays in the form."""
        try:
            change()
        except Gone as gone:
            self._go("list", note=Note("desk_gone" if gone.is_erased else "desk_missing", kind="error"))
            return False
        except ClientChanged as changed:
            self.form = form.rebased(self.form, changed.client) if self.form else None
            self.note = Note("desk_client_changed", kind="error")
        except AppointmentChanged as changed:
            self.booking = booking.rebased(self.booking, changed.appointment) if self.booking else None
            self.note = Note("desk_appointment_changed", kind="error")
            if self.booking is None:
                self._go(self.screen, self.client, self.note)
                return False
        except StoreError as failure:
            self.note = Note(failure.word, kind="error")
        else:
            return True
        self.refresh()
        return False
