"""The database behind the store, as somebody looks at it: transactions whose troubles tell nothing personal.

A transaction has a connection of its own; nothing is held between two of them.
"""

from __future__ import annotations

import copy
import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy.exc import SQLAlchemyError

from advisor.store import ownership, schema, store_id
from advisor.store.engine import file_of, make_file, shown
from advisor.store.errors import Misplaced, NotAllowed, NotRead, NotSaved, reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import ColumnElement, Connection, Engine, Table

COMMAND = "command"  # who it was, in the access log, where it was no adviser but the command line
_TURNS = 7_301_117  # any number that nothing else takes: see schema


class Database:
    """A database in today's form that is the store which is known to stand there.

    ``id``: whose id that is, None while none is known. ``makes``: whether a new SQLite file is made ready at its first
    use, where none is known. ``viewer`` is an adviser's id, None for whoever sees everything; ``by``: who that is in
    the access log.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.id: str | None = None
        self.makes = True
        self.viewer: str | None = None
        self.by = COMMAND
        self._writer = engine.execution_options(writes=True)
        self._ready = False
        self._server: dict[Any, Any] = {}  # whether a server was met; a file is met at each opening

    @property
    def file(self) -> Path | None:
        """The database's file, if it is one."""
        return file_of(self.engine)

    @property
    def mark(self) -> str:
        """A mark of the viewer that tells nothing, for what a browser keeps; empty for whoever sees everything."""
        return "" if self.viewer is None else hashlib.sha256(f"mark {self.viewer}".encode()).hexdigest()[:16]

    def seen_by(self, adviser: str) -> Self:
        """Return the same store as one adviser sees it; for an id that no active adviser has, it refuses everything."""
        seen = self.logged_as(adviser)
        seen.viewer = adviser
        return seen

    def logged_as(self, by: str) -> Self:
        """Return the same store; the access log will say that it was ``by``."""
        other = copy.copy(self)
        other.by = by
        return other

    @property
    def place(self) -> str:
        """Where the store is, for a person; a team's advisers need not know it."""
        return shown(self.engine.url) if self.viewer is None else ""

    def require_everything(self) -> None:
        """Raise NotAllowed where one adviser looks: what follows concerns what is everybody's."""
        if self.viewer is not None:
            raise NotAllowed

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a transaction to read in, to a viewer who may: everything it reads is of one moment.

        Raises:
            NotAllowed: the viewer may not, or not any more.
            NotRead: the database does not answer.
        """
        with _calm(NotRead):
            self._prepare()
            with self._reader().begin() as connection:
                self._meet(connection)
                ownership.admit(connection, self.viewer)
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction to write in, to a viewer who may: afterwards all that was written stands, or nothing.

        Raises:
            NotAllowed: the viewer may not, or not any more.
            NotSaved: the database could not.
        """
        with _calm(NotSaved):
            self._prepare()
            with self._writer.begin() as connection:
                self._meet(connection)
                ownership.admit(connection, self.viewer, writes=True)
                yield connection

    def upgrade(self) -> None:
        """Bring the database to today's form; where there is nothing and nothing was known, make it."""
        with _calm(NotSaved):
            if not self._is_there():
                self._make_file()
            with self._writer.begin() as connection:
                if self.id is not None and schema.revision(connection) is None:
                    raise Misplaced("gone")
                self._bring_up(connection)
                self._meet(connection)
        self._ready = True

    def hold_off(self, connection: Connection) -> None:
        """Let nobody else write until this transaction ends; in SQLite nobody can anyway."""
        if self.engine.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE adviser, client, visit, event IN EXCLUSIVE MODE")

    def take_turns(self, connection: Connection) -> None:
        """Let one after the other do what follows in this transaction, and nobody wait who does something else."""
        if self.engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURNS})")

    def _seen(self, table: Table) -> ColumnElement[bool]:
        return ownership.seen(table, self.viewer)

    def _reader(self) -> Engine:
        if self.engine.dialect.name == "sqlite":
            return self.engine
        return self.engine.execution_options(isolation_level="REPEATABLE READ")

    def _prepare(self) -> None:
        """Make the store where none is and none is known. A file is looked for each time: its drive may be gone."""
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
        """Return whether this is a new file where none is known, or a store that has no id yet."""
        found = schema.revision(connection)
        if found is None:
            return self.file is not None and self.id is None
        return found == schema.REVISIONS[-1] and store_id.of(connection) is None

    def _bring_up(self, connection: Connection) -> None:
        """Bring the database to today's form, and give it an id if it has none."""
        schema.upgrade(connection)
        if store_id.of(connection) is None:
            store_id.give(connection, self.id)

    def _meet(self, connection: Connection) -> None:
        """See, once for each opening of a file and once for a server, that this is the store that is known.

        Without it a change would go into whatever database happens to stand at the address.
        """
        seen = self._server if self.file is None else connection.info
        if seen.get("met"):
            return
        if schema.revision(connection) is None and (self.id or self.file):
            raise Misplaced("gone" if self.id else "none")
        schema.require_current(connection)
        found = store_id.of(connection)
        if self.id is not None and found != self.id:
            raise Misplaced("other")
        self.id, seen["met"] = found, True


def insert_new(connection: Connection, table: Table, values: dict[str, Any]) -> Any:  # noqa: ANN401  (a statement of either dialect)
    """Return a statement that inserts a row, or nothing where its key is taken."""
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415  (only one of the two is loaded)

        return sqlite.insert(table).values(values).on_conflict_do_nothing()
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  (as above)

    return postgresql.insert(table).values(values).on_conflict_do_nothing()


@contextmanager
def _calm(failure: type[NotRead | NotSaved]) -> Iterator[None]:
    """Turn any trouble of the database into one error that holds nothing of what was read or written."""
    try:
        yield
    except (SQLAlchemyError, OSError, ValueError, OverflowError) as error:  # the last: a number of 65 bits
        raise failure(f"{failure.stem}_{reason(error)}") from None
