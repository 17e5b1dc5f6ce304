"""Who is known: everybody at a glance, and one client in full, as they were last read from the store.

The list is read when somebody looks at it, not at every click; a client's page reads that client alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from advisor.session.session import Rejected
from advisor.store import StoreError
from advisor.store.overview import Overview, overview
from advisor.view.desk import clients

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from advisor.session.model import Client, Listed, Visit
    from advisor.store import Store, Tombstone
    from advisor.view.desk.clients import ListedClient, OpenedClient


class Register:
    """The clients and visits that the desk shows: ``rows``, everybody in order; ``opened``, who was read in full.

    ``hidden``: ids of the clients and visits whose time is over and who are not shown any more; ``waiting``: how many
    clients that are. ``doubt``: the last day that was believed, where somebody has to say whether today's is right.

    ``unread``: the word that says why the store could not be read. ``unswept``: erased bytes are still in the files.
    """

    def __init__(self, store: Store, today: Callable[[], date]) -> None:
        self.store, self.today = store, today
        self.rows: tuple[ListedClient, ...] = ()
        self.opened: OpenedClient | None = None
        self.codes: dict[str, str] = {}  # as they are compared, also of who is not shown any more
        self.hidden: frozenset[str] = frozenset()
        self.waiting = 0
        self.doubt: date | None = None
        self.denied: date | None = None  # a day that somebody here has called wrong
        self.unread = ""
        self.unswept = False
        self._overview = Overview()

    @property
    def nobody(self) -> tuple[Visit, ...]:
        """The latest visits that belong to nobody, without those whose time is over."""
        return tuple(visit for visit in self._overview.nobody if visit.id not in self.hidden)

    @property
    def nobodys(self) -> int:
        """How many visits belong to nobody, without those whose time is over."""
        return self._overview.nobodys - len(self._overview.nobody) + len(self.nobody)

    @property
    def damaged(self) -> tuple[str, ...]:
        """Of each record that cannot be read, the code of its client; empty where it is not known."""
        return self._overview.unread

    def read(self) -> None:
        """Look at everybody anew; where that fails, what was read before stays, and why is said."""
        try:
            self._overview = overview(self.store, self._overview)
        except StoreError as failure:
            self.unread = failure.word
            return
        before = {line.client.id: line for line in self.rows}
        lines = [
            line if (line := before.get(one.id)) and line.client is one else clients.line(one)
            for one in self._overview.listed.values()
        ]
        self.codes = {line.client.id: line.code for line in lines}
        self.rows = clients.in_order(line for line in lines if line.client.id not in self.hidden)
        self.unread = ""

    def read_client(self, client: str | None) -> None:
        """Read one client with all visits; where that fails, it is as :meth:`read` says."""
        if client is None or (self.opened and self.opened.client.id != client):
            self.opened = None
        if client is None:
            return
        try:
            found, visits = self.store.client(client), self.store.visits(client)
        except StoreError as failure:
            self.unread = failure.word
            return
        self.opened, self.unread = clients.row(found, visits, visits.unread) if found else None, ""

    def line(self, client: str) -> ListedClient | None:
        """Return a client as the list has them, None where it has nobody of this id."""
        return next((line for line in self.rows if line.client.id == client), None)

    def known(self, client: str) -> Client | Listed:
        """Return a client: who was read in full, or one of the list.

        Raises:
            Rejected: nobody has this id.
        """
        if self.opened and self.opened.client.id == client:
            return self.opened.client
        line = self.line(client)
        if line is None:
            raise Rejected("client")
        return line.client

    def taken(self, mine: Client | None = None) -> set[str]:
        """Return the codes of everybody else, as they are compared."""
        return {code for name, code in self.codes.items() if mine is None or name != mine.id}

    def expire(self) -> Note | None:
        """Hide whose time is over, erase who was hidden on another day, and return what there is to say about that.

        On a day that somebody here has called wrong, nothing of it is done.
        """
        self.hidden, self.waiting, self.doubt = frozenset(), 0, None
        if self.denied == self.today():
            return Note("desk_day_denied", kind="error")
        try:
            found = self.store.expire(self.today())
        except StoreError as failure:
            return Note(failure.word, kind="error")
        self.hidden, self.waiting, self.doubt = found.hidden, found.waiting, found.doubt
        if found.erased:
            return Note("desk_expired", {"number": len(found.erased)})
        return Note("desk_hidden", {"number": found.waiting}) if found.waiting and not found.doubt else None

    def lapsed(self, row: OpenedClient | ListedClient) -> bool:
        """Return whether a client's time is over, on a day that nobody doubts: a wrong one is to erase nobody."""
        return self.doubt is None and self.denied != self.today() and row.lapsed(self.today())

    def swept(self, clean: bool) -> None:
        """Remember whether erased bytes are still in the files, because somebody was reading there."""
        self.unswept = self.unswept or not clean

    def was_erased(self, client: str) -> bool:
        """Return whether a client was erased, as far as the store can be read."""
        try:
            return self.store.is_erased(client)
        except StoreError:
            return False

    def stone(self, client: str) -> Tombstone | None:
        """Return what is left of an erased client, as far as the store can be read."""
        try:
            return next((stone for stone in self.store.tombstones() if stone.id == client), None)
        except StoreError:
            return None


@dataclass(frozen=True, slots=True)
class Note:
    """What the desk has to say about what was done last: a word of the interface with its fields.

    ``at``: where it is said: at the top of the page, or beside the file that was chosen.
    """

    word: str
    fields: dict[str, object] = field(default_factory=dict)
    kind: Literal["done", "error"] = "done"
    at: Literal["top", "import"] = "top"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A client with their visits from elsewhere, or visits of nobody; read from a file and not taken in yet.

    ``asked``: the fields of the form that have to be filled in first.
    """

    client: Client | None
    visits: tuple[Visit, ...]
    asked: tuple[str, ...] = ()
