"""The store: clients, visits with every change, and the catalogues they belong to, in SQLite or PostgreSQL.

One call is one transaction. If the database fails, a read raises :class:`NotRead` and a write :class:`NotSaved`; the
next call may succeed. Rows that the viewer may not see count as missing: see :mod:`advisor.store.ownership`.
"""

from __future__ import annotations

import re
import secrets
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, insert, select, update

from advisor.content import loading
from advisor.session import client_screen
from advisor.session import record as records
from advisor.session.model import today
from advisor.store import access_log, catalogues, erasure, keys, ownership, retention, rows, tables
from advisor.store.database import Database, insert_new
from advisor.store.errors import ChangedElsewhere, ClientChanged, Gone, NotAllowed, NotRead, Sealed
from advisor.store.retention import Expiry
from advisor.store.rows import Readable, Tombstone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine

    from advisor.content.catalog import Catalog
    from advisor.session.model import Client, Event, Record, Visit
    from advisor.store.encryption import Vault

_ID_BYTES = 16
_A_DAY = timedelta(days=1)  # a clock that is further behind the newest log line is wrong
_ID = re.compile(r"[\w-]{22}", re.ASCII)


def new_id() -> str:
    """Return a new random id. Nobody can guess it, and it holds nothing of a client."""
    return secrets.token_urlsafe(_ID_BYTES)


def is_id(text: str) -> bool:
    """Return whether a text has the form of an id of :func:`new_id`."""
    return _ID.fullmatch(text) is not None


class Store(Database):
    """The store. ``vault`` seals personal columns; ``current`` returns today's catalogue.

    ``kept_digests``: those of catalogues that are kept already.
    """

    def __init__(self, engine: Engine, vault: Vault, current: Callable[[], Catalog]) -> None:
        super().__init__(engine)
        self.vault, self.current = vault, current
        self.kept_digests: set[str] = set()
        self._loaded: dict[str, Catalog | None] = {}
        self._is_noted = False  # whether the store has a note of the key that seals

    @contextmanager
    def sealing(self, *, by_client: bool = False) -> Iterator[Connection]:
        """Open a transaction that writes sealed values; it checks the keys. ``by_client``: see :meth:`writing`.

        Raises:
            KeyRetired: the keys were changed meanwhile; nothing was written.
        """
        with self.writing(by_client=by_client) as connection:
            if not self._is_noted:
                keys.note(connection, self.vault)
            try:
                yield connection
            except Sealed:  # the stored value is sealed with another key
                keys.require(connection, self.vault)
                raise
            keys.require(connection, self.vault)
        self._is_noted = True

    # --- visits ---

    def visit(self, visit: str) -> Visit | None:
        """Return a visit as it is stored now; None if it is not there."""
        with self.reading() as connection:
            return self._find(connection, visit)

    def revision(self, visit: str) -> int | None:
        """Return how many changes a visit has had; None if it is not there. It reads no record, so it costs little."""
        table = tables.visit
        chosen = select(table.c.revision).where(table.c.id == visit, self._seen(table))
        with self.reading() as connection:
            return connection.execute(chosen).scalar_one_or_none()

    def visits(self, client: str | None) -> Readable[Visit]:
        """Return the visits of a client, oldest first; None: the visits without a client."""
        table = tables.visit
        of = table.c.client.is_(None) if client is None else table.c.client == client
        chosen = select(table).where(of, self._seen(table)).order_by(table.c.started, table.c.id)
        with self.reading() as connection:
            return rows.readable(connection, self.vault, chosen, table, rows.visit_of)

    def save(self, visit: str, client: str | None, before: Record | None, after: Record) -> datetime:
        """Save a change of a visit, or a new visit (``before`` None), all or nothing; return the moment of the save.

        It is safe to save the same change again, after the database's answer was lost for example. The first change
        of a correction is logged.

        Raises:
            ChangedElsewhere: another screen saved this visit meanwhile.
            Gone: the visit or its client was erased, or is not there.
            NotSaved: the database could not write. If only its answer was lost, the change may be stored.
        """
        if before is not None and after.revision <= before.revision:
            raise ValueError("a saved record has a later revision than the one before")
        at = datetime.now(UTC)
        with self.sealing(by_client=True) as connection:
            written = self.vault.seal(records.dump(after))
            values: dict[str, Any] = {"revision": after.revision, "record": written, "changed": at}
            if isinstance(self.viewer, ownership.Guest):
                self._require_of_client(connection, visit, after)
            if before is None:
                is_ours = self._begin(connection, {"id": visit, "client": client, "started": at} | values)
            else:
                table = tables.visit
                mine = (table.c.id == visit, table.c.revision == before.revision, ownership.changeable(self.viewer))
                values["changed"] = case((table.c.changed > at, table.c.changed), else_=at)  # a clock may be set back
                is_ours = connection.execute(update(table).where(*mine).values(values)).rowcount == 1
            if not is_ours:
                return self._found(connection, visit, after)
            patch = self.vault.seal(rows.patch_text(before, after))
            change = {"visit": visit, "revision": after.revision, "at": at, "patch": patch}
            connection.execute(insert(tables.event).values(change))
            if before is not None and not {*after.corrected} <= {*before.corrected}:
                access_log.write(connection, self.by, "corrected", client=client, visit=visit)
            if before is None or before.digest != after.digest:
                current = self.current()  # an older catalogue is in the store already
                if after.digest not in self.kept_digests and after.digest == current.digest:
                    self.keep(connection, current)
        self.kept_digests.add(after.digest)
        return at

    def _require_of_client(self, connection: Connection, visit: str, after: Record) -> None:
        """Check that a client changes only what is theirs, by the record as it is stored.

        Raises:
            NotAllowed: something else would change.
        """
        stored = self._find(connection, visit)
        is_next = stored is not None and after.revision > stored.record.revision
        if stored is not None and is_next and not client_screen.may_change(stored.record, after):
            raise NotAllowed
        if after.changed_by != "client":
            raise NotAllowed

    def _begin(self, connection: Connection, values: dict[str, Any]) -> bool:
        """Insert a visit; return whether it is new."""
        if ownership.is_erased(connection, values["id"], None):
            raise ownership.not_found_error(connection, values["id"], self.viewer)
        owner = ownership.owner_of_new(connection, values["client"], self.viewer)
        times = self._times(connection, values["client"], values["started"])
        begun = insert_new(connection, tables.visit, values | times | {"adviser": owner}).returning(tables.visit.c.id)
        return connection.execute(begun).one_or_none() is not None

    def _times(self, connection: Connection, client: str | None, at: datetime) -> dict[str, datetime]:
        """Return ``started`` and ``changed`` of a new visit; the clock may have been set back.

        ``started`` is later than all other visits of the client, so that this one is the latest. ``changed`` is the
        moment of the newest log line if the clock is more than a day behind it: otherwise the visit would look old,
        and retention would erase it.
        """
        others, log = tables.visit, tables.access
        query = select(others.c.id, others.c.started).where(others.c.client == client).order_by(others.c.started.desc())
        before = None
        if client is not None:  # a visit whose day cannot be read is left out, as in lists
            known_visits = rows.rows_with_ids(connection, query, others.c.id)
            before = max((row.started for _, row in known_visits if row is not None), default=None)
        newest = connection.execute(select(func.max(log.c.at))).scalar_one()
        started = at if before is None else max(at, before + timedelta(microseconds=1))
        return {"started": started, "changed": newest if newest is not None and newest > at + _A_DAY else at}

    def _found(self, connection: Connection, visit: str, after: Record) -> datetime:
        """Return the moment at which this same change was saved before.

        Raises:
            ChangedElsewhere: another change is stored.
            Gone: the visit is not there.
        """
        stored = self._find(connection, visit)
        if stored is None:
            raise ownership.not_found_error(connection, visit, self.viewer)
        if stored.record != after:
            raise ChangedElsewhere(stored)
        return stored.changed

    def _find(self, connection: Connection, visit: str) -> Visit | None:
        chosen = select(tables.visit).where(tables.visit.c.id == visit, self._seen(tables.visit))
        row = connection.execute(chosen).one_or_none()
        return None if row is None else rows.visit_of(row, self.vault)

    def assign(self, visit: str, client: str | None) -> None:
        """Give a visit to a client and to the client's adviser; ``client`` None: take it from its client.

        Raises:
            Gone: there is no such visit or client.
        """
        with self.writing() as connection:
            owner = (
                {} if client is None else {"adviser": ownership.require(connection, tables.client, client, self.viewer)}
            )
            ownership.require(connection, tables.visit, visit, self.viewer)
            connection.execute(update(tables.visit).where(tables.visit.c.id == visit).values(client=client, **owner))
            access_log.write(connection, self.by, "assigned", client=client, visit=visit)

    def events(self, visit: str) -> Readable[Event]:
        """Return every change of a visit, oldest first."""
        table = tables.event
        mine = table.c.visit.in_(ownership.seen_visits(self.viewer, visit))
        chosen = select(table).where(mine).order_by(table.c.revision)
        with self.reading() as connection:
            return rows.readable(connection, self.vault, chosen, table, rows.event_of)

    def replay(self, visit: str) -> Record:
        """Apply all events of a visit and return the record.

        Raises:
            Gone: there are no events of this visit.
            NotRead: an event cannot be read or applied.
        """
        events = self.events(visit)
        if not events and not events.unread:
            raise Gone if self.is_erased(visit) else Gone("missing")
        record = None if events.unread else rows.replayed(events)
        if record is None:
            raise NotRead
        return record

    # --- clients ---

    def clients(self) -> Readable[Client]:
        """Return all clients, by code."""
        chosen = select(tables.client).where(self._seen(tables.client))
        with self.reading() as connection:
            readable = rows.readable(connection, self.vault, chosen, tables.client, rows.client_of)
        listed = Readable(sorted(readable, key=lambda client: (client.code, client.id)))
        listed.unread = readable.unread
        return listed

    def client(self, client: str) -> Client | None:
        """Return a client; None if they are not there."""
        chosen = select(tables.client).where(tables.client.c.id == client, self._seen(tables.client))
        with self.reading() as connection:
            row = connection.execute(chosen).one_or_none()
            return None if row is None else rows.client_of(row, self.vault)

    def put_client(self, client: Client, before: Client | None = None) -> None:
        """Save a client, new or changed. ``before``: the client before the change; it must be what is stored.

        Raises:
            ClientChanged: another screen changed the client meanwhile.
            Gone: the client was erased, or is not there.
        """
        table, values = tables.client, rows.client_row(client, self.vault)
        with self.sealing() as connection:
            if ownership.is_erased(connection, client.id, None):
                raise ownership.not_found_error(connection, client.id, self.viewer)
            if before is not None:
                chosen = select(table).where(table.c.id == client.id, self._seen(table)).with_for_update()
                row = connection.execute(chosen).one_or_none()
                stored = rows.client_of(row, self.vault) if row is not None else None
                if stored is None:
                    raise Gone("missing")
                if stored != before:
                    raise ClientChanged(stored)
            change = update(table).where(table.c.id == client.id, self._seen(table)).values(values)
            if not connection.execute(change).rowcount:
                new = insert_new(connection, table, values | {"adviser": self.viewer}).returning(table.c.id)
                if connection.execute(new).one_or_none() is None:  # the id is another adviser's client
                    raise Gone("missing")

    # --- erasure ---

    def erase_visit(self, visit: str) -> bool:
        """Erase a visit; return whether its bytes are gone, too. If not, call :meth:`sweep` again later.

        Raises:
            Gone: there is no such visit.
        """
        with self.writing() as connection:
            ownership.require(connection, tables.visit, visit, self.viewer)
            erasure.erase_visit(connection, visit, today())
            access_log.write(connection, self.by, "erased", visit=visit)
        return self.sweep()

    def erase_client(self, client: str, on: date) -> bool:
        """Erase a client with all visits; return whether their bytes are gone, too: see :meth:`erase_visit`.

        Raises:
            Gone: there is no such client.
        """
        with self.writing() as connection:
            ownership.require(connection, tables.client, client, self.viewer)
            erasure.erase_client(connection, client, on)
            access_log.write(connection, self.by, "erased", client=client)
        return self.sweep()

    def expire(self, today: date) -> Expiry:
        """Erase clients and visits whose time is over: see :func:`advisor.store.retention.expire`."""
        return retention.expire(self, today)

    def answer_day(self, today: date, *, is_right: bool) -> None:
        """Take a person's answer whether today's date is right, after :meth:`expire` doubted it."""
        retention.answer(self, today, is_right=is_right)

    def is_erased(self, name: str) -> bool:
        """Return whether a client or visit was erased. One that is only missing was not."""
        with self.reading() as connection:
            return ownership.is_erased(connection, name, self.viewer)

    def tombstones(self) -> tuple[Tombstone, ...]:
        """Return what is left of erased clients and of visits that were erased alone, oldest first."""
        table = tables.tombstone
        chosen = select(table).where(table.c.part_of.is_(None), self._seen(table))
        chosen = chosen.order_by(table.c.erased_on, table.c.id)
        with self.reading() as connection:
            result = connection.execute(chosen)
            return tuple(Tombstone(row.id, row.erased_on, row.visits, row.events) for row in result)

    def sweep(self) -> bool:
        """Write the files anew so that no erased byte stays; return False if other connections were in the way."""
        return erasure.sweep(self.engine)

    # --- catalogues ---

    def catalogue(self, digest: str) -> Catalog | None:
        """Return a catalogue: today's, else a release, else the copy in the store; None if none can be loaded."""
        current = self.current()
        if digest == current.digest:
            return current
        released = loading.released(digest)
        if released is not None:
            return released
        if digest not in self._loaded:
            chosen = select(tables.catalogue.c.packed).where(tables.catalogue.c.digest == digest)
            with self.reading() as connection:
                packed = connection.execute(chosen).scalar_one_or_none()
            if packed is None:
                return None
            self._loaded[digest] = catalogues.unpack(packed, digest)
        return self._loaded[digest]

    def keep(self, connection: Connection, catalog: Catalog) -> None:
        """Store a copy of a catalogue, unless there is one, so that its visits can be read years later."""
        table = tables.catalogue
        existing = connection.execute(select(table.c.digest).where(table.c.digest == catalog.digest)).one_or_none()
        packed = None if existing else catalogues.pack(catalog)
        if packed is not None:
            connection.execute(insert_new(connection, table, {"digest": catalog.digest, "packed": packed}))

    # --- the access log ---

    def log(
        self, action: access_log.Action, *, client: str | None = None, visit: str | None = None, detail: str = ""
    ) -> None:
        """Add a line to the access log; ``detail`` holds nothing personal."""
        with self.writing(by_client=True) as connection:
            access_log.write(connection, self.by, action, client=client, visit=visit, detail=detail)

    # --- the database itself ---

    def check(self) -> None:
        """Make a new SQLite file ready if there is none, and check that this workbook and its keys can use the store.

        Raises:
            NeedsUpgrade, TooNew, Sealed: they cannot use it.
            NotRead: the database does not answer.
        """
        with self.reading() as connection:
            keys.require_opens(connection, self.vault)

    def reseal(self) -> bool:
        """Seal all personal columns with the first key; return whether the old bytes are gone, as :meth:`sweep` does.

        It retires all other keys and ends every login. A page that still has an old key cannot save any more. A value
        that no key opens stays as it is (:mod:`advisor.store.unread` finds it).

        Raises:
            Sealed: there is no key, or no key opens what is stored.
        """
        self.require_everything()
        if not self.vault.seals:
            raise Sealed
        with self.writing() as connection:
            self.hold_off(connection)
            known = keys.noted_keys(connection)
            if known is not None and known.current not in self.vault.fingerprints:
                raise Sealed
            keys.require_opens(connection, self.vault)
            for table, columns in tables.SEALED.items():
                rows.reseal(connection, self.vault, table, columns)
            keys.change(connection, self.vault)
            access_log.write(connection, self.by, "resealed")
        return self.sweep()
