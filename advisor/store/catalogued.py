"""A database that keeps the catalogue of every visit in it, and gives it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from advisor.content import loading as catalogs
from advisor.store import catalogues, tables
from advisor.store.viewing import Viewed

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from advisor.content.catalog import Catalog


class Catalogued(Viewed):
    """A database and the catalogues of its visits; ``known``: digests of those that were seen to be kept."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.known: set[str] = set()
        self._loaded: dict[str, Catalog | None] = {}

    def keep_catalogue(self, catalog: Catalog) -> None:
        """Keep a catalogue, once."""
        if catalog.digest not in self.known:
            with self.writing() as connection:
                self._keep(connection, catalog)
            self.known.add(catalog.digest)

    def keep_today(self, connection: Connection, digest: str) -> None:
        """Keep today's catalogue where ``digest`` is its own; older ones were kept in their time."""
        if digest not in self.known and digest == catalogs.load().digest:
            self._keep(connection, catalogs.load())

    def catalogue(self, digest: str) -> Catalog | None:
        """Return a catalogue: one of the releases here, else as it was kept; None where neither can be loaded."""
        today = catalogs.load()
        if digest == today.digest:
            return today
        released = catalogs.released(digest)
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

    def _keep(self, connection: Connection, catalog: Catalog) -> None:
        table = tables.catalogue
        kept = connection.execute(select(table.c.digest).where(table.c.digest == catalog.digest)).one_or_none()
        packed = None if kept else catalogues.pack(catalog)
        if packed is not None:
            connection.execute(self.insert_new(table, {"digest": catalog.digest, "packed": packed}))
