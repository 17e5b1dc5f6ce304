"""Where the store is: opened for use, or looked at without changing anything."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import false, update

from advisor.store import keys as keys_in_use
from advisor.store import tables
from advisor.store.engine import WAIT_SECONDS, address, make_engine, shown
from advisor.store.errors import NotRead, StoreError
from advisor.store.store import Store
from advisor.store.vault import Vault

if TYPE_CHECKING:
    from pathlib import Path

_PATIENCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where the store is; ``word`` says why it cannot be used, empty when it can."""

    where: str
    word: str = ""
    is_sealed: bool = False


def open_store(
    url: str | None = None,
    keys: str | None = None,
    *,
    wait: float = WAIT_SECONDS,
    checked: bool = True,
    **options: Any,  # noqa: ANN401  (more for create_engine)
) -> Store:
    """Return the store at ``url`` (default: ADVISOR_DATABASE_URL, else a file of this user) under ``keys``.

    A database that does not answer now raises nothing here: each call tries again. ``checked=False`` is for an upgrade.

    Raises:
        NeedsUpgrade: advisor db upgrade has to run first.
        TooNew: a newer workbook made the database.
        Sealed: the keys do not open what is stored.
        BadKey: the keys are no keys.
        NoDriver: nobody here knows such a database.
    """
    store = Store(make_engine(address(url), wait, **options), Vault(keys))
    with suppress(NotRead):
        if checked:
            store.check()
    return store


def look(url: str | None = None, keys: str | None = None) -> Place:
    """Return where the store is, and what is wrong with it."""
    where = ""
    try:
        at = address(url)
        where = shown(at)
        store = Store(make_engine(at, _PATIENCE_SECONDS), Vault(keys))
        path = store.file
        if path is not None and not path.exists():
            return Place(where, "" if _can_be_made(path) else "store_broken", store.vault.seals)
        store.check()
        with store.writing() as connection:
            keys_in_use.require_in_use(connection, store.vault)
            connection.execute(update(tables.visit).where(false()).values(revision=0))
    except StoreError as error:
        return Place(where, error.plain_word)
    return Place(where, is_sealed=store.vault.seals)


def _can_be_made(path: Path) -> bool:
    there = next(folder for folder in path.parents if folder.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)
