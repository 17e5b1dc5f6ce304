"""The store: clients, visits with every change, and the catalogues they belong to, in SQLite or PostgreSQL.

One call is one transaction. Reading raises :class:`NotRead` and writing :class:`NotSaved` when the database cannot, and
the next call starts afresh. What the viewer may not see is not there for them: see :mod:`advisor.store.ownership`.
"""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from advisor import record as records
from advisor.client import today
from advisor.store import access, erasure, ownership, rows, tables
from advisor.store.catalogued import Catalogued
from advisor.store.errors import ChangedElsewhere, ClientChanged, Gone, NotRead, Sealed
from advisor.store.rows import Tombstone

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from advisor.client import Client, Event, Record, Visit
    from advisor.store.vault import Vault

_ID_BYTES = 16


def new_id() -> str:
    """Return a new id that nobody can guess and that says nothing."""
    return secrets.token_urlsafe(_ID_BYTES)


class Store(Catalogued):
    """Everything that is kept; ``vault`` seals what is personal."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        super().__init__(engine)
        self.vault = vault

    # --- visits ---

    def visit(self, visit: str) -> Visit | None:
        """Return a visit as it is stored now."""
        with self.reading() as connection:
            return self._find(connection, visit)

    def visits(self, client: str | None) -> tuple[Visit, ...]:
        """Return the visits of a client, oldest first; those of no client for None."""
        table = tables.visit
        of = table.c.client.is_(None) if client is None else table.c.client == client
        chosen = select(table).where(of, self._seen(table)).order_by(table.c.started, table.c.id)
        with self.reading() as connection:
            found = connection.execute(chosen)
            return tuple(rows.visit_of(row, self.vault) for row in found)

    def all_visits(self) -> dict[str | None, tuple[Visit, ...]]:
        """Return every visit by client, as :meth:`visits` does for one; a client without a visit is not in it."""
        table = tables.visit
        chosen = select(table).where(self._seen(table)).order_by(table.c.started, table.c.id)
        found: dict[str | None, list[Visit]] = {}
        with self.reading() as connection:
            for row in connection.execute(chosen):
                found.setdefault(row.client, []).append(rows.visit_of(row, self.vault))
        return {client: tuple(visits) for client, visits in found.items()}

    def save(self, visit: str, client: str | None, before: Record | None, after: Record) -> datetime:
        """Save a change of a visit, or a new visit (``before`` None), and return when; all of it, or nothing.

        The same change again is no second one: a retry after a lost answer of the database finds it saved. Who corrects
        an old visit is logged with the first change.

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
                table = tables.visit
                mine = (table.c.id == visit, table.c.revision == before.revision, self._seen(table))
                is_ours = connection.execute(update(table).where(*mine).values(values)).rowcount == 1
            if not is_ours:
                return self._found(connection, visit, after)
            patch = self.vault.seal(rows.patch_text(before, after))
            change = {"visit": visit, "revision": after.revision, "at": at, "patch": patch}
            connection.execute(insert(tables.event).values(change))
            if before is not None and not {*after.corrected} <= {*before.corrected}:
                access.write(connection, self.by, "corrected", client=client, visit=visit)
            if before is None or before.digest != after.digest:
                self.keep_today(connection, after.digest)
        self.known.add(after.digest)
        return at

    def _begin(self, connection: Connection, values: dict[str, Any]) -> bool:
        """Insert a visit; return whether it is new."""
        if rows.is_erased(connection, values["id"]):
            raise Gone
        owner = ownership.owner_of_new(connection, values["client"], self.viewer)
        begun = self.insert_new(tables.visit, values | {"adviser": owner}).returning(tables.visit.c.id)
        return connection.execute(begun).one_or_none() is not None

    def _found(self, connection: Connection, visit: str, after: Record) -> datetime:
        """Return when this very change was saved before; anything else that is stored is somebody else's."""
        stored = self._find(connection, visit)
        if stored is None:
            raise Gone
        if stored.record != after:
            raise ChangedElsewhere(stored)
        return stored.changed

    def _find(self, connection: Connection, visit: str) -> Visit | None:
        chosen = select(tables.visit).where(tables.visit.c.id == visit, self._seen(tables.visit))
        row = connection.execute(chosen).one_or_none()
        return None if row is None else rows.visit_of(row, self.vault)

    def assign(self, visit: str, client: str | None) -> None:
        """Give a visit to a client, and so to the client's adviser.

        Raises:
            Gone: there is no such visit or client.
        """
        with self.writing() as connection:
            owner = (
                {} if client is None else {"adviser": ownership.require(connection, tables.client, client, self.viewer)}
            )
            ownership.require(connection, tables.visit, visit, self.viewer)
            connection.execute(update(tables.visit).where(tables.visit.c.id == visit).values(client=client, **owner))
            access.write(connection, self.by, "assigned", client=client, visit=visit)

    def events(self, visit: str) -> tuple[Event, ...]:
        """Return every change of a visit, first to last."""
        table = tables.event
        mine = table.c.visit.in_(ownership.seen_visits(self.viewer, visit))
        chosen = select(table).where(mine).order_by(table.c.revision)
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
        chosen = select(tables.client).where(self._seen(tables.client))
        with self.reading() as connection:
            found = [rows.client_of(row, self.vault) for row in connection.execute(chosen)]
        return tuple(sorted(found, key=lambda client: (client.code, client.id)))

    def client(self, client: str) -> Client | None:
        """Return a client."""
        chosen = select(tables.client).where(tables.client.c.id == client, self._seen(tables.client))
        with self.reading() as connection:
            row = connection.execute(chosen).one_or_none()
            return None if row is None else rows.client_of(row, self.vault)

    def put_client(self, client: Client, before: Client | None = None) -> None:
        """Save a client, new or changed; ``before``: what was changed, which has to be what is stored.

        Raises:
            ClientChanged: somebody else changed the client meanwhile.
            Gone: the client was erased.
        """
        table, values = tables.client, rows.client_row(client, self.vault)
        with self.writing() as connection:
            if rows.is_erased(connection, client.id):
                raise Gone
            if before is not None:
                chosen = select(table).where(table.c.id == client.id, self._seen(table)).with_for_update()
                row = connection.execute(chosen).one_or_none()
                stored = rows.client_of(row, self.vault) if row is not None else None
                if stored is None:
                    raise Gone
                if stored != before:
                    raise ClientChanged(stored)
            change = update(table).where(table.c.id == client.id, self._seen(table)).values(values)
            if not connection.execute(change).rowcount:
                new = self.insert_new(table, values | {"adviser": self.viewer}).returning(table.c.id)
                if connection.execute(new).one_or_none() is None:  # it is somebody else's
                    raise Gone

    def owners(self) -> dict[str, str]:
        """Return by client the names of the advisers whose they are, where that is not the viewer."""
        whose, table = tables.adviser, tables.client
        chosen = select(table.c.id, whose.c.name).join(whose, table.c.adviser == whose.c.id).where(self._seen(table))
        if self.viewer is not None:
            chosen = chosen.where(whose.c.id != self.viewer)
        with self.reading() as connection:
            return {row.id: row.name for row in connection.execute(chosen)}

    # --- erasure ---

    def erase_visit(self, visit: str) -> bool:
        """Erase a visit; return whether its bytes are gone too, or somebody stood in the way (then :meth:`sweep`).

        Raises:
            Gone: there is no such visit.
        """
        with self.writing() as connection:
            ownership.require(connection, tables.visit, visit, self.viewer)
            erasure.erase_visit(connection, visit, today())
            access.write(connection, self.by, "erased", visit=visit)
        return self.sweep()

    def erase_client(self, client: str, on: date) -> bool:
        """Erase a client with all visits; return whether their bytes are gone too, as :meth:`erase_visit` does.

        Raises:
            Gone: there is no such client.
        """
        with self.writing() as connection:
            ownership.require(connection, tables.client, client, self.viewer)
            erasure.erase_client(connection, client, on)
            access.write(connection, self.by, "erased", client=client)
        return self.sweep()

    def expire(self, today: date) -> tuple[str, ...]:
        """Erase the clients whose time is over and who agreed to it, and old visits of nobody, whosever they are.

        Return those of the clients whom the viewer could see.
        """
        with self.reading() as connection:
            found = erasure.overdue(connection, today)
        if not any(found):
            return ()
        with self.writing() as connection:
            clients, visits = erasure.overdue(connection, today)  # again: somebody may have come meanwhile
            known = select(tables.client.c.id).where(tables.client.c.id.in_(clients), self._seen(tables.client))
            seen = set(connection.execute(known).scalars())
            erased = [client for client in clients if erasure.erase_client(connection, client, today)]
            for client in erased:
                access.write(connection, access.POLICY, "expired", client=client)
            for visit in visits:
                if erasure.erase_visit(connection, visit, today):
                    access.write(connection, access.POLICY, "expired", visit=visit)
        self.sweep()
        return tuple(client for client in erased if client in seen)

    def tombstones(self) -> tuple[Tombstone, ...]:
        """Return what is left of erased clients and of visits that were erased alone, oldest first."""
        table = tables.tombstone
        chosen = select(table).where(table.c.part_of.is_(None), self._seen(table))
        chosen = chosen.order_by(table.c.erased_on, table.c.id)
        with self.reading() as connection:
            found = connection.execute(chosen)
            return tuple(Tombstone(row.id, row.erased_on, row.visits, row.events) for row in found)

    def sweep(self) -> bool:
        """Write the files anew so that no erased byte stays; return whether nobody stood in the way."""
        return erasure.sweep(self.engine)

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
        self.require_everything()
        if not self.vault.seals:
            raise Sealed
        with self.writing() as connection:
            self.hold_off(connection)
            for table, columns in tables.SEALED.items():
                rows.reseal(connection, self.vault, table, columns)
        return self.sweep()
