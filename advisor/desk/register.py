"""Who is known: the clients with their visits as they were last read from the store, and what becomes of them there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.desk import clients
from advisor.desk.nouns import Note
from advisor.forms import folded
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

    ``unread``: the word that says why the store could not be read. ``unswept``: erased bytes are still in the files.
    """

    def __init__(self, store: Store, today: Callable[[], date]) -> None:
        self.store, self.today = store, today
        self.rows: tuple[Row, ...] = ()
        self.nobody: tuple[Visit, ...] = ()
        self.owners: dict[str, str] = {}
        self.unread = ""
        self.unswept = False

    def read(self) -> None:
        """Read everything anew; where that fails, what was read before stays, and why is said."""
        try:
            known, visits, owners = self.store.clients(), self.store.all_visits(), self.store.owners()
        except StoreError as failure:
            self.unread = failure.word
            return
        self.rows = clients.in_order(clients.row(client, visits.get(client.id, ())) for client in known)
        self.nobody, self.owners, self.unread = visits.get(None, ()), owners, ""

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
        return {folded(row.client.code) for row in self.rows if mine is None or row.client.id != mine.id}

    def expire(self) -> Note | None:
        """Erase whose time is over, and return what there is to say about that."""
        try:
            erased = self.store.expire(self.today())
        except StoreError as failure:
            return Note(failure.word, kind="error")
        return Note("desk_expired", {"number": len(erased)}) if erased else None

    def swept(self, clean: bool) -> None:
        """Remember whether erased bytes are still in the files, because somebody was reading there."""
        self.unswept = self.unswept or not clean

    def stone(self, client: str) -> Tombstone | None:
        """Return what is left of an erased client, as far as the store can be read."""
        try:
            return next((stone for stone in self.store.tombstones() if stone.id == client), None)
        except StoreError:
            return None
