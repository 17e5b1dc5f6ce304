"""The database behind the store: transactions for one viewer, with errors that hold nothing personal.

Each transaction has its own connection. No lock is held between two transactions.
"""

from __future__ import annotations

import copy
import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy.exc import OperationalError, SQLAlchemyError

from advisor.store import ownership, schema, store_id
from advisor.store.engine import file_of, make_file, shown
from advisor.store.errors import Misplaced, NotAllowed, NotRead, NotSaved, reason
from advisor.store.ownership import Guest, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import ColumnElement, Connection, Engine, Table

COMMAND, CLIENT = "command", "client"  # ``by`` of the command line, and of a client, in the access log
_DEADLOCK = "40P01"  # PostgreSQL: two transactions waited for each other, and this one was ended
_TRIES = 5
_TURNS = 7_301_117  # the number of a PostgreSQL lock; any number, but schema uses another one


class Database:
    """A database, checked before use: it has today's schema, and it is the store that is known at this address.

    ``id``: the id of that store, None while none is known. ``makes``: whether the first use makes a new SQLite file, if
    no store is known. ``viewer``: the id of an adviser, or a client with a link; None sees everything. ``by``: the
    viewer's name in the access log.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.id: str | None = None
        self.makes = True
        self.viewer: Viewer = None
        self.by = COMMAND
        self._writer = engine.execution_options(writes=True)
        self._ready = False
        self._server: dict[Any, Any] = {}  # for a PostgreSQL server: whether _meet has passed

    @property
    def file(self) -> Path | None:
        """The database's file; None for PostgreSQL."""
        return file_of(self.engine)

    @property
    def adviser(self) -> str | None:
        """The id of the adviser who looks; None if everything is seen.

        Raises:
            NotAllowed: a client looks.
        """
        if isinstance(self.viewer, Guest):
            raise NotAllowed
        return self.viewer

    @property
    def mark(self) -> str:
        """A hash of the viewer's id, for the copy that a browser keeps; empty for a viewer who sees everything."""
        if self.viewer is None:
            return ""
        known = self.viewer.link if isinstance(self.viewer, Guest) else self.viewer
        return hashlib.sha256(f"mark {known}".encode()).hexdigest()[:16]

    def seen_by(self, adviser: str) -> Self:
        """Return the same store as one adviser sees it. If no active adviser has this id, it refuses everything."""
        return self._of(adviser, adviser)

    def seen_by_client(self, link: str) -> Self:
        """Return the same store as a client with a live link sees it; ``link``: the hash of its capability.

        When the link is closed, it refuses everything.
        """
        return self._of(Guest(link), CLIENT)

    def _of(self, viewer: Viewer, by: str) -> Self:
        seen = self.logged_as(by)
        seen.viewer = viewer
        return seen

    def logged_as(self, by: str) -> Self:
        """Return the same store; the access log names ``by`` for what is done with it."""
        other = copy.copy(self)
        other.by = by
        return other

    @property
    def place(self) -> str:
        """Where the store is, as text for a person; empty for an adviser of a team, who need not know it."""
        return shown(self.engine.url) if self.viewer is None else ""

    def require_everything(self) -> None:
        """Raise NotAllowed if the viewer is one adviser: the caller works on the data of everybody."""
        if self.viewer is not None:
            raise NotAllowed

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction for reading. All reads in it see the data of one moment.

        Raises:
            NotAllowed: the viewer is no adviser, or is disabled.
            NotRead: the database does not answer.
        """
        with _calm(NotRead):
            self._prepare()
            with self._reader().begin() as connection:
                self._meet(connection)
                ownership.require_active(connection, self.viewer)
                yield connection

    @contextmanager
    def writing(self, *, by_client: bool = False) -> Iterator[Connection]:
        """Open a transaction for writing. It stores everything or nothing.

        ``by_client``: a client with a link may open it, too. They write answers and lines of the log, nothing else.

        Raises:
            NotAllowed: the viewer is no adviser or is disabled, or is a client who may not write this.
            NotSaved: the database could not write.
        """
        if isinstance(self.viewer, Guest) and not by_client:
            raise NotAllowed
        with _calm(NotSaved):
            self._prepare()
            with self._writer.begin() as connection:
                self._meet(connection)
                ownership.require_active(connection, self.viewer, writes=True)
                yield connection

    def upgrade(self) -> None:
        """Bring the database to today's schema. If there is none and no store was known here, make it."""
        with _calm(NotSaved):
            if not self._is_there():
                self._make_file()
            with self._writer.begin() as connection:
                if self.id is not None and schema.revision(connection) is None:
                    raise Misplaced("gone")
                self._bring_up(connection)
                self._meet(connection)
        self._ready = True

    def sketch(self) -> None:
        """Make a store that is soon thrown away: a new file with today's tables."""
        with _calm(NotSaved):
            self._make_file()
            with self._writer.begin() as connection:
                schema.sketch(connection)
                self._bring_up(connection)

    def hold_off(self, connection: Connection) -> None:
        """Stop all other writers until this transaction ends. SQLite does so anyway.

        No order of the tables is right for every writer: a foreign key makes PostgreSQL take the table of clients after
        that of visits, others take it before. So a writer may hold one table and wait for another, and PostgreSQL ends
        one of the two. If it was this one, its savepoint gives all tables back, and it tries again.
        """
        if self.engine.dialect.name != "postgresql":
            return
        for left in reversed(range(_TRIES)):
            try:
                with connection.begin_nested():
                    connection.exec_driver_sql(
                        "LOCK TABLE adviser, client, visit, event, appointment, invitation IN EXCLUSIVE MODE"
                    )
            except OperationalError as error:
                if not left or getattr(error.orig, "sqlstate", None) != _DEADLOCK:
                    raise
            else:
                return

    def take_turns(self, connection: Connection) -> None:
        """Let one transaction after the other run the code that follows this call. Other writers do not wait."""
        if self.engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURNS})")

    def _seen(self, table: Table) -> ColumnElement[bool]:
        return ownership.seen(table, self.viewer)

    def _reader(self) -> Engine:
        if self.engine.dialect.name == "sqlite":
            return self.engine
        return self.engine.execution_options(isolation_level="REPEATABLE READ")

    def _prepare(self) -> None:
        """Make the store if there is none and none is known. It looks for a file each time: its drive may be gone."""
        is_there = self._is_there()
        if self._ready and is_there:
            return
        if not is_there:
            if not self.makes:
                raise Misplaced("gone" if self.id else "none")
            self._make_file()
        with self.engine.begin() as connection:
            is_bare = self.makes and self._is_bare(connection)
        if is_bare:
            with self._writer.begin() as connection:
                self._bring_up(connection)
        self._ready = True

    def _is_there(self) -> bool:
        return self.file is None or self.file.exists()

    def _make_file(self) -> None:
        if self.id is not None:
            raise Misplaced("gone")
        make_file(self.engine)

    def _is_bare(self, connection: Connection) -> bool:
        """Return whether this is a new file with no known store, or a store without an id."""
        revision = schema.revision(connection)
        if revision is None:
            return self.file is not None and self.id is None
        return revision == schema.REVISIONS[-1] and store_id.stored(connection) is None

    def _bring_up(self, connection: Connection) -> None:
        """Bring the database to today's schema, and give it an id if it has none."""
        schema.upgrade(connection)
        if store_id.stored(connection) is None:
            store_id.assign(connection, self.id)

    def _meet(self, connection: Connection) -> None:
        """Check that this is the known store: once for each connection to a file, once for a server.

        Without it, a change could go into another database that stands at the same address.
        """
        state = self._server if self.file is None else connection.info
        if state.get("met"):
            return
        if schema.revision(connection) is None and (self.id or self.file):
            raise Misplaced("gone" if self.id else "none")
        schema.require_current(connection)
        stored_id = store_id.stored(connection)
        if self.id is not None and stored_id != self.id:
            raise Misplaced("other")
        self.id, state["met"] = stored_id, True


def insert_new(connection: Connection, table: Table, values: dict[str, Any]) -> Any:  # noqa: ANN401  (a statement of either dialect)
    """Return a statement that inserts a row, and does nothing if its key is taken."""
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415  (only one of the two is loaded)

        return sqlite.insert(table).values(values).on_conflict_do_nothing()
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  (as above)

    return postgresql.insert(table).values(values).on_conflict_do_nothing()


@contextmanager
def _calm(failure: type[NotRead | NotSaved]) -> Iterator[None]:
    """Turn every error of the database into ``failure``, which holds nothing that was read or written."""
    try:
        yield
    except (SQLAlchemyError, OSError, ValueError, OverflowError) as error:  # OverflowError: a number of 65 bits
        raise failure(f"{failure.stem}_{reason(error)}") from None
