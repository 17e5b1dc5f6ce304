"""The front desk: clients, their visits and what is due. :class:`Desk` is its only mutable object.

As in a session, whatever comes from the browser is untrusted: an id that nothing has raises :class:`Rejected` and
changes nothing; typed text that cannot be used yet stays in the form beside the reason.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from advisor.content.translator import say
from advisor.content.words import LANGUAGES, Language
from advisor.session.forms import folded
from advisor.session.session import Rejected
from advisor.store import ClientChanged, Gone, StoreError, new_id
from advisor.store.import_visits import take_in
from advisor.store.open_visit import begin_next
from advisor.view.desk import form, paging
from advisor.view.desk.clients import OpenedClient
from advisor.view.desk.contacts import Contacts
from advisor.view.desk.form import Form
from advisor.view.desk.register import Incoming, Note, Register

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from advisor.content.catalog import Catalog
    from advisor.session.model import Client, Visit
    from advisor.store import Store
    from advisor.view.desk.clients import OpenedClient

Screen = Literal["list", "client", "form", "office"]


class Desk(Register):
    """The state of the desk. ``client`` is whose page is open; ``pages``: the page in sight of each list, by its name.

    ``mistyped``: the client for whose erasure another code was typed.
    """

    reads = False  # it is never only read

    def __init__(self, catalog: Catalog, store: Store, today: Callable[[], date], language: Language = "ja") -> None:
        """Open the desk: what was to be erased by itself goes first."""
        super().__init__(store, today)
        self.catalog, self.language = catalog, language
        self.screen: Screen = "list"
        self.client: str | None = None
        self.query = ""
        self.pages = dict.fromkeys(paging.SIZES, 1)
        self.form: Form | None = None
        self.contacts = Contacts(store, today)
        self.incoming: Incoming | None = None
        self.mistyped: str | None = None
        self._listeners: list[Callable[[Desk], None]] = []
        self.note: Note | None = self.expire()
        self.read()

    def on_change(self, listener: Callable[[Desk], None]) -> None:
        """Call ``listener`` with this desk after every change."""
        self._listeners.append(listener)

    def refresh(self) -> None:
        """Announce the desk as it is."""
        for listener in self._listeners:
            listener(self)

    # --- what stands ---

    @property
    def row(self) -> OpenedClient | None:
        """The client whose page is open."""
        return self.opened if self.opened and self.opened.client.id == self.client else None

    @property
    def problems(self) -> dict[str, tuple[str, int]]:
        """What is wrong in the form, by field; said only after it was handed in once."""
        if self.form is None or not self.form.asked:
            return {}
        found = form.problems(self.form, self.taken(self.form.client), self.today())
        return found if self.incoming is None else {name: found[name] for name in self.incoming.asked if name in found}

    def fresh(self, client: str) -> OpenedClient | None:
        """Return a client as the store has them now; None, and why is said, when it cannot tell or they are gone."""
        self.known(client)
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
        """Show the clients whose code or name holds what was typed, from the first on."""
        self.query, self.pages["list"] = text, 1
        self.refresh()

    def turn(self, name: str, number: int) -> None:
        """Turn to a page of a list."""
        if name not in self.pages:
            raise Rejected("list")
        self.pages[name] = number
        self.refresh()

    def show_list(self) -> None:
        """Go back to the list, read anew; what is to be erased by now goes first."""
        self.unswept = self.unswept and not self.store.sweep()
        self._go("list", note=self.expire())

    def answer_day(self, day: str, *, is_right: bool) -> None:
        """Take in whether today's date is right: only then may anybody be erased because of it."""
        if self.doubt is None or day != self.today().isoformat():  # the question is as old as yesterday
            raise Rejected("day")
        if self._kept(lambda: self.store.answer_day(self.today(), is_right=is_right)):
            self.denied = None if is_right else self.today()
            self.show_list()

    def open(self, client: str) -> None:
        """Open a client's page."""
        self.known(client)
        if self._kept(lambda: self.store.log("opened", client=client)):
            self._go("client", client)

    def register_new(self) -> None:
        """Open the form for a new client."""
        self._go("form", form=form.blank(self.today(), self._purpose(self.language)))

    def edit(self, client: str) -> None:
        """Open the form with what is known of a client."""
        if row := self.fresh(client):
            self._go("form", client, form=form.of(row.client))

    def renew(self, client: str) -> None:
        """Open the form to keep a client for another year, with a consent of today."""
        if row := self.fresh(client):
            self._go("form", client, form=form.renewed(row.client, self.today()))

    def cancel(self) -> None:
        """Leave the form as if it had not been opened: to the client's page, or to the list."""
        self._go("client" if self.client else "list", self.client)

    def dismiss(self) -> None:
        """Take away what was said."""
        self.note = None
        self.refresh()

    # --- clients ---

    def fill(self, name: str, text: str) -> None:
        """Set a field of the form from typed text."""
        if self.form is None:
            raise Rejected("form")
        try:
            self.form = form.filled(self.form, name, text)
        except KeyError:
            raise Rejected("field") from None
        self.refresh()

    def hand_in(self) -> None:
        """Keep what the form says, if nothing is wrong with it; else say beside the fields what is."""
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
                self._go("client", client.id, Note("desk_changed" if before else "desk_registered"))

    def erase(self, client: str, typed: str) -> None:
        """Erase a client with everything that is kept, if their code was typed; then say what went."""
        code = self.known(client).code
        self.mistyped = None if folded(typed) == folded(code) else client
        if self.mistyped:
            self.refresh()
        elif self._kept(lambda: self.swept(self.store.erase_client(client, self.today()))):
            stone = self.stone(client)
            told = {"day": stone.erased_on, "visits": stone.visits, "events": stone.events} if stone else {}
            self._go("list", note=Note("desk_erased", told) if told else None)

    # --- the office's own contacts ---

    def show_office(self) -> None:
        """Go to the office's contacts, read anew."""
        if self._kept(self.contacts.read):
            self._go("office")

    def open_contact(self, contact: str = "") -> None:
        """Open the form of a contact, of a new one without an id."""
        self.contacts.begin(contact)
        self._go("office")

    def close_contact(self) -> None:
        """Leave the form of a contact as if it had not been opened."""
        self.contacts.form = None
        self._go("office")

    def fill_contact(self, name: str, text: str) -> None:
        """Set a field of the form of a contact."""
        self.contacts.fill(name, text)
        self.refresh()

    def keep_contact(self) -> None:
        """Keep what the form of a contact says, if nothing is wrong with it."""
        done: list[bool] = []
        if not self._kept(lambda: done.append(self.contacts.hand_in())):
            return
        self._go("office", note=Note("office_kept") if done[0] else None)

    def confirm_contact(self, contact: str) -> None:
        """Note that a contact was checked today."""
        if self._kept(lambda: self.contacts.confirm(contact)):
            self._go("office", note=Note("office_confirmed"))

    def drop_contact(self, contact: str) -> None:
        """Take a contact away."""
        if self._kept(lambda: self.contacts.drop(contact)):
            self._go("office", note=Note("office_dropped"))

    # --- visits ---

    def start(self, client: str) -> str | None:
        """Begin a client's next visit and return its id; one that was begun today and not used is gone on with."""
        if self.fresh(client) is None:
            return None
        begun: list[str] = []
        change = (self.store, self.catalog, client, self.language, self.today())
        if not self._kept(lambda: begun.append(begin_next(*change))):
            return None
        self._go("client", client)
        return begun[0]

    def erase_visit(self, visit: str) -> None:
        """Erase one visit."""
        theirs = (*(one.id for one in self.row.visits), *self.row.unread) if self.row else ()
        if visit not in {*theirs, *(one.id for one in self.nobody)}:
            raise Rejected("visit")
        if self._kept(lambda: self.swept(self.store.erase_visit(visit))):
            self._go(self.screen, self.client, Note("desk_visit_erased"))

    def assign(self, visit: str, client: str) -> None:
        """Say whose a visit is that belonged to nobody."""
        known = self.known(client)
        if not any(visit == one.id for one in self.nobody):
            raise Rejected("visit")
        if self._kept(lambda: self.store.assign(visit, client)):
            self._go("list", note=Note("desk_assigned", {"code": known.code}))

    # --- from elsewhere ---

    def take_in(self, client: Client | None, visits: tuple[Visit, ...]) -> None:
        """Take in a client from a file, or visits of nobody; what cannot be used here is asked for anew."""
        if client is not None:
            filled, asked = form.from_elsewhere(client, self.taken(), self.today())
            if asked:
                self._go("form", form=filled, incoming=Incoming(client, visits, asked))
                return
        self._take_in(Incoming(client, visits))

    def hands_over(self, client: str, kind: str) -> bool:
        """Log that everything of a client leaves the room; return whether it may: what cannot be logged stays here."""
        return self._kept(lambda: self.store.log("exported", client=client, detail=kind))

    def refuse(self, word: str, **fields: object) -> None:
        """Say why a file could not be taken in."""
        self.note = Note(word, fields, "error", at="import")
        self.refresh()

    def tell(self, word: str) -> None:
        """Say that something was done."""
        self.note = Note(word)
        self.refresh()

    # --- inside ---

    def _take_in(self, incoming: Incoming) -> None:
        new: list[str | None] = []
        if self._kept(lambda: new.append(take_in(self.store, incoming.client, incoming.visits))):
            self._go("client" if new[0] else "list", new[0], Note("desk_taken_in", {"visits": len(incoming.visits)}))

    def _go(
        self,
        screen: Screen,
        client: str | None = None,
        note: Note | None = None,
        *,
        form: Form | None = None,
        incoming: Incoming | None = None,
    ) -> None:
        self.screen, self.client, self.note, self.form, self.incoming = screen, client, note, form, incoming
        self.mistyped = None
        self.read_client(client)
        if client and not self.row:
            self.screen, self.client, self.form = "list", None, None
            self.note = (
                note if self.unread else Note("desk_gone" if self.was_erased(client) else "desk_missing", kind="error")
            )
        if self.screen != "client":  # the form asks who has which code
            self.read()
        self.refresh()

    def _purpose(self, language: Language) -> str:
        return say(self.catalog, language)("desk_purpose_default")

    def _kept(self, change: Callable[[], object]) -> bool:
        """Carry out a change of the store; a failure is said, and what was typed stays."""
        try:
            change()
        except Gone as gone:
            self._go("list", note=Note("desk_gone" if gone.is_erased else "desk_missing", kind="error"))
            return False
        except ClientChanged as changed:
            self.form = form.rebased(self.form, changed.client) if self.form else None
            self.note = Note("desk_client_changed", kind="error")
        except StoreError as failure:
            self.note = Note(failure.word, kind="error")
        else:
            return True
        self.refresh()
        return False
