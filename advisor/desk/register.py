"""Who is known: everybody at a glance, and one client in full, as they were last read from the store.

The list is read when somebody looks at it, not at every click; a client's page reads that client alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.desk import clients
from advisor.desk.nouns import Note
from advisor.session import Rejected
from advisor.store import StoreError
from advisor.store.overview import Overview, overview

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from advisor.client import Client, Listed, Visit
    from advisor.desk.clients import Line, Row
    from advisor.store import Store, Tombstone


class Register:
    """The clients and visits that the desk shows: ``rows``, everybody in order; ``opened``, who was read in full.

    ``unread``: the word that says why the store could not be read. ``unswept``: erased bytes are still in the files.
    """

    def __init__(self, store: Store, today: Callable[[], date]) -> None:
        self.store, self.today = store, today
        self.rows: tuple[Line, ...] = ()
        self.opened: Row | None = None
        self.unread = ""
        self.unswept = False
        self._overview = Overview()

    @property
    def nobody(self) -> tuple[Visit, ...]:
        """The latest visits that belong to nobody."""
        return self._overview.nobody

    @property
    def nobodys(self) -> int:
        """How many visits belong to nobody."""
        return self._overview.nobodys

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
        lines = (
            line if (line := before.get(one.id)) and line.client is one else clients.line(one)
            for one in self._overview.listed.values()
        )
        self.rows, self.unread = clients.in_order(lines), ""

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

    def line(self, client: str) -> Line | None:
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
        return {line.code for line in self.rows if mine is None or line.client.id != mine.id}

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
