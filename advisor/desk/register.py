"""Who is known: the clients with their visits as they were last read from the store, and what becomes of them there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.desk import clients
from advisor.desk.nouns import Note
from advisor.session import Rejected
from advisor.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from advisor.client import Client, Visit
    from advisor.desk.clients import Row
    from advisor.store import Store, Tombstone


class Register:
    """The clients and visits that the desk shows; ``rows`` and ``nobody`` are as last read from the store.

    ``owners``: by client, whose they are, where that is not who sits here.

    ``hidden``: ids of the clients and visits whose time is over and who are not shown any more; ``waiting``: how many
    clients that are. ``doubt``: the last day that was believed, where somebody has to say whether today's is right.

    ``unread``: the word that says why the store could not be read. ``unswept``: erased bytes are still in the files.
    """

    def __init__(self, store: Store, today: Callable[[], date]) -> None:
        self.store, self.today = store, today
        self.rows: tuple[Row, ...] = ()
        self.nobody: tuple[Visit, ...] = ()
        self.owners: dict[str, str] = {}
        self.codes: dict[str, str] = {}  # as they are compared, also of who is not shown any more
        self.hidden: frozenset[str] = frozenset()
        self.waiting = 0
        self.doubt: date | None = None
        self.denied: date | None = None  # a day that somebody here has called wrong
        self.unread = ""
        self.unswept = False

    def read(self) -> None:
        """Read everything anew; where that fails, what was read before stays, and why is said."""
        try:
            known, visits, owners = self.store.clients(), self.store.all_visits(), self.store.owners()
        except StoreError as failure:
            self.unread = failure.word
            return
        shown = (client for client in known if client.id not in self.hidden)
        self.rows = clients.in_order(clients.row(client, visits.get(client.id, ())) for client in shown)
        self.codes = {client.id: clients.folded(client.code) for client in known}
        self.nobody = tuple(visit for visit in visits.get(None, ()) if visit.id not in self.hidden)
        self.owners, self.unread = owners, ""

    def found(self, client: str | None) -> Row | None:
        """Return a client, None where nobody has this id."""
        return next((row for row in self.rows if row.client.id == client), None)

    def known(self, client: str) -> Row:
        """Return a client.

        Raises:
            Rejected: nobody has this id.
        """
        row = self.found(client)
        if row is None:
            raise Rejected("client")
        return row

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

    def lapsed(self, row: Row) -> bool:
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
