"""The store: clients, visits with every change, and the catalogues they belong to, in SQLite or PostgreSQL.

One call is one transaction. Reading raises :class:`NotRead` and writing :class:`NotSaved` when the database cannot, and
the next call starts afresh.
"""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from advisor import catalog as catalogs
from advisor import record as records
from advisor.store import catalogues, erasure, rows, tables
from advisor.store.database import Database
from advisor.store.errors import ChangedElsewhere, Gone, NotRead, Sealed
from advisor.store.rows import Tombstone

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from advisor.catalog import Catalog
    from advisor.client import Client, Event, Record, Visit
    from advisor.store.vault import Vault

_ID_BYTES = 16


def new_id() -> str:
    """Return a new id that nobody can guess and that says nothing."""
    return secrets.token_urlsafe(_ID_BYTES)


class Store(Database):
    """Everything that is kept; ``vault`` seals what is personal."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        super().__init__(engine)
        self.vault = vault
        self._kept: set[str] = set()
        self._catalogues: dict[str, Catalog | None] = {}

    # --- visits ---

    def visit(self, visit: str) -> Visit | None:
        """Return a visit as it is stored now."""
        with self.reading() as connection:
            return rows.find_visit(connection, self.vault, visit)

    def visits(self, client: str | None) -> tuple[Visit, ...]:
        """Return the visits of a client, oldest first; those of no client for None."""
        table = tables.visit
        mine = table.c.client.is_(None) if client is None else table.c.client == client
        with self.reading() as connection:
            found = connection.execute(select(table).where(mine).order_by(table.c.started, table.c.id))
            return tuple(rows.visit_of(row, self.vault) for row in found)

    def save(self, visit: str, client: str | None, before: Record | None, after: Record) -> datetime:
        """Save a change of a visit, or a new visit (``before`` None), and return when; all of it, or nothing.

        The same change again is no second one: a retry after a lost answer of the database finds it saved.

        Raises:
            ChangedElsewhere: somebody else saved meanwhile.
            Gone: the visit or its client was erased.
            NotSaved: the database could not; nothing was changed, as far as it can tell.
        """
        if before is not None and after.revision <= before.revision:
            raise ValueError("a saved record has a later revision than the one before")
        at = datetime.now(UTC)
        with self.writing() as connection:
            written = self.vault.seal(records.dump(after))
            values = {"revision": after.revision, "record": written, "changed": at}
            if before is None:
                is_ours = self._begin(connection, {"id": visit, "client": client, "started": at} | values)
            else:
                mine = (tables.visit.c.id == visit) & (tables.visit.c.revision == before.revision)
                is_ours = connection.execute(update(tables.visit).where(mine).values(values)).rowcount == 1
            if not is_ours:
                return self._found(connection, visit, after)
            patch = self.vault.seal(rows.patch_text(before, after))
            change = {"visit": visit, "revision": after.revision, "at": at, "patch": patch}
            connection.execute(insert(tables.event).values(change))
            if before is None or before.digest != after.digest:
                self._keep_today(connection, after.digest)
        self._kept.add(after.digest)
        return at

    def _begin(self, connection: Connection, values: dict[str, Any]) -> bool:
        """Insert a visit; return whether it is new."""
        if rows.is_erased(connection, values["id"]):
            raise Gone
        try:
            new = connection.execute(self.insert_new(tables.visit, values).returning(tables.visit.c.id))
            return new.one_or_none() is not None
        except IntegrityError:  # the only thing that it refers to is its client
            raise Gone from None

    def _found(self, connection: Connection, visit: str, after: Record) -> datetime:
        """Return when this very change was saved before; anything else that is stored is somebody else's."""
        stored = rows.find_visit(connection, self.vault, visit)
        if stored is None:
            raise Gone
        if stored.record != after:
            raise ChangedElsewhere(stored)
        return stored.changed

    def assign(self, visit: str, client: str | None) -> None:
        """Give a visit to a client.

        Raises:
            Gone: there is no such visit or client.
        """
        with self.writing() as connection:
            change = update(tables.visit).where(tables.visit.c.id == visit).values(client=client)
            try:
                found = connection.execute(change).rowcount
            except IntegrityError:
                raise Gone from None
            if not found:
                raise Gone

    def events(self, visit: str) -> tuple[Event, ...]:
        """Return every change of a visit, first to last."""
        chosen = select(tables.event).where(tables.event.c.visit == visit).order_by(tables.event.c.revision)
        with self.reading() as connection:
            return tuple(rows.event_of(row, self.vault) for row in connection.execute(chosen))

    def replay(self, visit: str) -> Record:
        """Return the record that the events of a visit lead to.

        Raises:
            Gone: there are no events of this visit.
        """
        events = self.events(visit)
        if not events:
            raise Gone
        record = rows.folded(events)
        if record is None:
            raise NotRead
        return record

    # --- clients ---

    def clients(self) -> tuple[Client, ...]:
        """Return all clients, by code."""
        with self.reading() as connection:
            found = [rows.client_of(row, self.vault) for row in connection.execute(select(tables.client))]
        return tuple(sorted(found, key=lambda client: (client.code, client.id)))

    def client(self, client: str) -> Client | None:
        """Return a client."""
        with self.reading() as connection:
            row = connection.execute(select(tables.client).where(tables.client.c.id == client)).one_or_none()
            return None if row is None else rows.client_of(row, self.vault)

    def put_client(self, client: Client) -> None:
        """Save a client, new or changed.

        Raises:
            Gone: the client was erased.
        """
        with self.writing() as connection:
            if rows.is_erased(connection, client.id):
                raise Gone
            values = rows.client_row(client, self.vault)
            connection.execute(self.put(tables.client, values))

    # --- erasure ---

    def erase_visit(self, visit: str) -> bool:
        """Erase a visit; return whether its bytes are gone too, or somebody stood in the way (then :meth:`sweep`).

        Raises:
            Gone: there is no such visit.
        """
        with self.writing() as connection:
            if not erasure.erase_visit(connection, visit, datetime.now(UTC).date()):
                raise Gone
        return self.sweep()

    def erase_client(self, client: str, on: date) -> bool:
        """Erase a client with all visits; return whether their bytes are gone too, as :meth:`erase_visit` does.

        Raises:
            Gone: there is no such client.
        """
        with self.writing() as connection:
            if not erasure.erase_client(connection, client, on):
                raise Gone
        return self.sweep()

    def expire(self, today: date) -> tuple[str, ...]:
        """Erase the clients whose time is over and who agreed to it, and old visits of nobody; return these clients."""
        with self.reading() as connection:
            found = erasure.overdue(connection, today)
        if not any(found):
            return ()
        with self.writing() as connection:
            clients, visits = erasure.overdue(connection, today)  # again: somebody may have come meanwhile
            erased = tuple(client for client in clients if erasure.erase_client(connection, client, today))
            for visit in visits:
                erasure.erase_visit(connection, visit, today)
        self.sweep()
        return erased

    def tombstones(self) -> tuple[Tombstone, ...]:
        """Return what is left of erased clients and of visits that were erased alone, oldest first."""
        table = tables.tombstone
        chosen = select(table).where(table.c.part_of.is_(None)).order_by(table.c.erased_on, table.c.id)
        with self.reading() as connection:
            found = connection.execute(chosen)
            return tuple(Tombstone(row.id, row.erased_on, row.visits, row.events) for row in found)

    def sweep(self) -> bool:
        """Write the files anew so that no erased byte stays; return whether nobody stood in the way."""
        return erasure.sweep(self.engine)

    # --- catalogues ---

    def keep_catalogue(self, catalog: Catalog) -> None:
        """Keep a catalogue, once."""
        if catalog.digest not in self._kept:
            with self.writing() as connection:
                self._keep(connection, catalog)
            self._kept.add(catalog.digest)

    def catalogue(self, digest: str) -> Catalog | None:
        """Return a catalogue, or None when it was not kept or this workbook cannot load it."""
        today = catalogs.load()
        if digest == today.digest:
            return today
        if digest not in self._catalogues:
            chosen = select(tables.catalogue.c.packed).where(tables.catalogue.c.digest == digest)
            with self.reading() as connection:
                packed = connection.execute(chosen).scalar_one_or_none()
            if packed is None:
                return None
            self._catalogues[digest] = catalogues.unpack(packed, digest)
        return self._catalogues[digest]

    def _keep_today(self, connection: Connection, digest: str) -> None:
        """Keep today's catalogue where ``digest`` is its own; older ones were kept in their time."""
        if digest not in self._kept and digest == catalogs.load().digest:
            self._keep(connection, catalogs.load())

    def _keep(self, connection: Connection, catalog: Catalog) -> None:
        table = tables.catalogue
        kept = connection.execute(select(table.c.digest).where(table.c.digest == catalog.digest)).one_or_none()
        packed = None if kept else catalogues.pack(catalog)
        if packed is not None:
            values = {"digest": catalog.digest, "packed": packed}
            connection.execute(self.insert_new(table, values))

    # --- the database itself ---

    def check(self) -> None:
        """Make a new SQLite file ready, and see that this workbook and its keys can use what is stored.

        Raises:
            NeedsUpgrade, TooNew, Sealed: they cannot.
            NotRead: the database does not answer.
        """
        with self.reading() as connection:
            for table, columns in tables.SEALED.items():
                for value in connection.execute(select(table.c[columns[0]]).limit(1)).scalars():
                    self.vault.open(value)

    def reseal(self) -> bool:
        """Seal everything personal under the first key; return whether no plain byte is left, as :meth:`sweep` does.

        Workbooks that are open with other keys have to be started anew.

        Raises:
            Sealed: there is no key, or none that opens what is stored.
        """
        if not self.vault.seals:
            raise Sealed
        with self.writing() as connection:
            self.hold_off(connection)
            for table, columns in tables.SEALED.items():
                rows.reseal(connection, self.vault, table, columns)
        return self.sweep()
