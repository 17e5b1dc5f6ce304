"""The database as somebody looks at it: an adviser, or whoever sees everything."""

from __future__ import annotations

import copy
import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from advisor.store import access_log, ownership
from advisor.store.database import Database
from advisor.store.engine import shown
from advisor.store.errors import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Connection, Engine, Table


class Viewed(Database):
    """A database and who looks at it: ``viewer`` is an adviser's id, None for whoever sees everything.

    ``by``: who that is in the access log.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.viewer: str | None = None
        self.by = access_log.COMMAND

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
        """Give a transaction to read in, to a viewer who may.

        Raises:
            NotAllowed: the viewer may not, or not any more.
        """
        with super().reading() as connection:
            ownership.admit(connection, self.viewer)
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction to write in, to a viewer who may.

        Raises:
            NotAllowed: the viewer may not, or not any more.
        """
        with super().writing() as connection:
            ownership.admit(connection, self.viewer, writes=True)
            yield connection

    def log(
        self, action: access_log.Action, *, client: str | None = None, visit: str | None = None, detail: str = ""
    ) -> None:
        """Add a line to the access log; ``detail`` holds nothing personal."""
        with self.writing() as connection:
            access_log.write(connection, self.by, action, client=client, visit=visit, detail=detail)

    def _seen(self, table: Table) -> ColumnElement[bool]:
        return ownership.seen(table, self.viewer)
