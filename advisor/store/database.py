"""The database behind the store: transactions whose troubles say nothing of what was read or written.

A transaction has a connection of its own; nothing is held between two of them.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from advisor.store import schema
from advisor.store.engine import file_of, make_file
from advisor.store.errors import NotRead, NotSaved, reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine, Table


class Database:
    """A database in today's form, or one that is brought to it: a new SQLite file at its first use."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(writes=True)
        self._ready = False

    @property
    def file(self) -> Path | None:
        """The database's file, if it is one."""
        return file_of(self.engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a transaction to read in: everything it reads is of one moment."""
        with _calm(NotRead):
            self._prepare()
            with self._reader().begin() as connection:
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction to write in: afterwards all that was written stands, or nothing of it."""
        with _calm(NotSaved):
            self._prepare()
            with self._writer.begin() as connection:
                yield connection

    def is_current(self) -> bool:
        """Return whether the database has today's form."""
        with _calm(NotRead), self.engine.begin() as connection:
            return schema.revision(connection) == schema.REVISIONS[-1]

    def upgrade(self) -> None:
        """Bring the database to today's form."""
        with _calm(NotSaved):
            make_file(self.engine)
            with self._writer.begin() as connection:
                schema.upgrade(connection)
        self._ready = True

    def hold_off(self, connection: Connection) -> None:
        """Let nobody else write until this transaction ends; in SQLite nobody can anyway."""
        if self.engine.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE adviser, client, visit, event IN EXCLUSIVE MODE")

    def insert_new(self, table: Table, values: dict[str, Any]) -> Any:  # noqa: ANN401  (a statement of either dialect)
        """Return a statement that inserts a row, or nothing where its key is taken."""
        return self._insert(table, values).on_conflict_do_nothing()

    def _insert(self, table: Table, values: dict[str, Any]) -> Any:  # noqa: ANN401  (a statement of either dialect)
        if self.engine.dialect.name == "sqlite":
            from sqlalchemy.dialects import sqlite  # noqa: PLC0415  (only one of the two is loaded)

            return sqlite.insert(table).values(values)
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415  (as above)

        return postgresql.insert(table).values(values)

    def _reader(self) -> Engine:
        if self.engine.dialect.name == "sqlite":
            return self.engine
        return self.engine.execution_options(isolation_level="REPEATABLE READ")

    def _prepare(self) -> None:
        """See once that the database has today's form; an empty SQLite file gets it."""
        if self._ready:
            return
        is_file = self.engine.dialect.name == "sqlite"
        if is_file:
            make_file(self.engine)
        with self.engine.begin() as connection:
            is_empty = schema.revision(connection) is None
            if not (is_file and is_empty):
                schema.require_current(connection)
        if is_file and is_empty:
            with self._writer.begin() as connection:
                schema.upgrade(connection)
        self._ready = True


@contextmanager
def _calm(failure: type[NotRead | NotSaved]) -> Iterator[None]:
    """Turn any trouble of the database into one error that holds nothing of what was read or written."""
    try:
        yield
    except (SQLAlchemyError, OSError, ValueError, OverflowError) as error:  # the last: a number of 65 bits
        raise failure(f"{failure.stem}_{reason(error)}") from None
