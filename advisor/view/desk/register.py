"""The clients as they were last read from the store: all of them as a list, and one client in full.

The list is read when the list screen opens, not at every click. A client's page reads only that client.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from advisor.session.appointments import key as appointment_key
from advisor.session.session import Rejected
from advisor.store import StoreError, access_log, appointments, invitations
from advisor.store.overview import Overview, overview
from advisor.view.desk import clients

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from advisor.session.model import Appointment, Client, Invitation, Listed, Visit
    from advisor.store import Store, Tombstone
    from advisor.view.desk.clients import ListedClient, Meeting, OpenedClient


class Register:
    """The clients and visits that the desk shows.

    ``rows``: all clients in the order of the list. ``opened``: the client that was read in full. ``first_timers``: the
    appointments of people who are not registered yet.

    ``hidden``: ids of clients and visits whose time is over; they are no longer shown. ``waiting``: how many of these
    are clients. ``doubt``: the last day that was believed, while somebody has to say whether today's date is right;
    else None.

    ``unread``: the word that says why the store could not be read; else empty. ``unswept``: whether erased bytes are
    still in the files.
    """

    def __init__(self, store: Store, today: Callable[[], date]) -> None:
        self.store, self.today = store, today
        self.rows: tuple[ListedClient, ...] = ()
        self.opened: OpenedClient | None = None
        self.first_timers: tuple[Appointment, ...] = ()
        self.sheets: dict[str, Invitation] = {}  # client id → the latest invitation that is in no session yet
        self.codes: dict[str, str] = {}  # client id → folded code, hidden clients too
        self.hidden: frozenset[str] = frozenset()
        self.waiting = 0
        self.doubt: date | None = None
        self.denied: date | None = None  # the day that somebody at this desk called wrong
        self.unread = ""
        self.unswept = False
        self._overview = Overview()

    @property
    def nobody(self) -> tuple[Visit, ...]:
        """The latest visits without a client, except those whose time is over."""
        return tuple(visit for visit in self._overview.nobody if visit.id not in self.hidden)

    @property
    def nobodys(self) -> int:
        """The number of visits without a client, except those whose time is over."""
        return self._overview.nobodys - len(self._overview.nobody) + len(self.nobody)

    @property
    def damaged(self) -> tuple[str, ...]:
        """The codes of clients, one for each record that cannot be read; an empty code if the client is not known."""
        return self._overview.unread

    def read(self) -> None:
        """Read all clients anew. If that fails, keep the old rows and set ``unread`` to the reason."""
        try:
            self._overview = overview(self.store, self._overview, self.today())
        except StoreError as failure:
            self.unread = failure.word
            return
        rows: dict[str | None, list[Appointment]] = {}
        for one in self._overview.appointments.values():
            rows.setdefault(one.client, []).append(one)
        self.first_timers = tuple(one for one in rows.get(None, ()) if one.id not in self.hidden)
        links = sorted(self._overview.invitations.values(), key=lambda one: one.made)
        self.sheets = {one.client: one for one in links if one.id not in self.hidden}
        before = {line.client.id: line for line in self.rows}
        lines = [
            self._line(client, rows.get(client.id, ()), before.get(client.id))
            for client in self._overview.listed.values()
        ]
        self.codes = {line.client.id: line.code for line in lines}
        self.rows = clients.in_order((line for line in lines if line.client.id not in self.hidden), self.today())
        self.unread = ""

    def _line(self, client: Listed, rows: Sequence[Appointment], before: ListedClient | None) -> ListedClient:
        """Return a client's line; the one from before if nothing that it is made of has changed."""
        made_of = (tuple(rows), self._overview.earlier.get(client.id, ()), self.today())
        if before is not None and before.client is client and before.made_of == made_of:
            return before
        return clients.listed_client(client, *made_of)

    def read_client(self, client: str | None) -> None:
        """Read one client with all visits. If that fails, set ``unread`` to the reason."""
        if client is None or (self.opened and self.opened.client.id != client):
            self.opened = None
        if client is None:
            return
        try:
            stored, visits = self.store.client(client), self.store.visits(client)
            rows, log = appointments.of_client(self.store, client), access_log.about(self.store, client)
            links = invitations.of_client(self.store, client)
        except StoreError as failure:
            self.unread = failure.word
            return
        opened = clients.opened_client(stored, visits, rows, self.today()) if stored else None
        self.opened, self.unread = None, ""
        if opened is not None:
            self.opened = replace(opened, log=log, rows=rows, unread=visits.unread, invitations=links)

    def line(self, client: str) -> ListedClient | None:
        """Return a client's line in the list; None if the list has no such id."""
        return next((line for line in self.rows if line.client.id == client), None)

    def existing(self, client: str) -> Client | Listed:
        """Return a client: the one that was read in full, or one of the list.

        Raises:
            Rejected: No client has this id.
        """
        if self.opened and self.opened.client.id == client:
            return self.opened.client
        line = self.line(client)
        if line is None:
            raise Rejected("client")
        return line.client

    def meetings(self, on: date | None = None) -> tuple[Meeting, ...]:
        """Return all known appointments by their time; ``on``: only those of that day."""
        return clients.meetings(self.rows, self.first_timers, on)

    def appointment(self, key: str) -> Appointment:
        """Return an appointment that the desk shows; ``key``: see :func:`.appointments.key`.

        Raises:
            Rejected: there is none.
        """
        shown = (*(self.opened.appointments if self.opened else ()), *(one.appointment for one in self.meetings()))
        found = next((one for one in shown if appointment_key(one) == key), None)
        if found is None:
            raise Rejected("appointment")
        return found

    def taken(self, mine: Client | None = None) -> set[str]:
        """Return the folded codes of all other clients."""
        return {code for name, code in self.codes.items() if mine is None or name != mine.id}

    def expire(self) -> Note | None:
        """Hide the clients and visits whose time is over, and erase those that were hidden on an earlier day.

        Return the note about it; None if there is nothing to say. On a day that somebody at this desk called wrong,
        nothing is hidden or erased.
        """
        self.hidden, self.waiting, self.doubt = frozenset(), 0, None
        if self.denied == self.today():
            return Note("desk_day_denied", kind="error")
        try:
            over = self.store.expire(self.today())
        except StoreError as failure:
            return Note(failure.word, kind="error")
        self.hidden, self.waiting, self.doubt = over.hidden, over.waiting, over.doubt
        if over.erased:
            return Note("desk_expired", {"number": len(over.erased)})
        return Note("desk_hidden", {"number": over.waiting}) if over.waiting and not over.doubt else None

    def lapsed(self, row: OpenedClient | ListedClient) -> bool:
        """Return whether a client's time is over; False while today's date is in doubt: a wrong date erases nobody."""
        return self.doubt is None and self.denied != self.today() and row.lapsed(self.today())

    def swept(self, clean: bool) -> None:
        """Remember the result of an erasure. ``clean`` is False if a reader kept erased bytes in the files."""
        self.unswept = self.unswept or not clean

    def was_erased(self, client: str) -> bool:
        """Return whether a client was erased; False if the store cannot be read."""
        try:
            return self.store.is_erased(client)
        except StoreError:
            return False

    def stone(self, client: str) -> Tombstone | None:
        """Return the tombstone of an erased client; None if there is none or the store cannot be read."""
        try:
            return next((stone for stone in self.store.tombstones() if stone.id == client), None)
        except StoreError:
            return None


@dataclass(frozen=True, slots=True)
class Note:
    """The result of the last action: a word of the interface with its fields.

    ``at`` is its place: at the top of the page, or beside the chosen file.
    """

    word: str
    fields: dict[str, object] = field(default_factory=dict)
    kind: Literal["done", "error"] = "done"
    at: Literal["top", "import"] = "top"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A client with their visits, or visits without a client: read from a file and not stored yet.

    ``asked``: the fields of the form that have to be filled in first.
    """

    client: Client | None
    visits: tuple[Visit, ...]
    asked: tuple[str, ...] = ()
