"""Where the store is: opened for use, or looked at without changing anything."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import false, update

from advisor.store import keys as keys_in_use
from advisor.store import store_id, tables
from advisor.store.encryption import Vault
from advisor.store.engine import WAIT_SECONDS, address, make_engine, shown
from advisor.store.errors import NotRead, StoreError
from advisor.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL

_PATIENCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class StorePlace:
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
    makes: bool = True,
    **options: Any,  # noqa: ANN401  (more for create_engine)
) -> Store:
    """Return the store at ``url`` (default: ADVISOR_DATABASE_URL, else a file of this user) under ``keys``.

    A database that does not answer now raises nothing here: each call tries again. ``checked=False`` is for an upgrade.
    ``makes``: make one where none is and none was known, and know it from now on.

    Raises:
        NeedsUpgrade: advisor db upgrade has to run first.
        TooNew: a newer workbook made the database.
        Sealed: the keys do not open what is stored.
        BadKey: the keys are no keys.
        NoDriver: nobody here knows such a database.
    """
    store = _at(address(url), Vault(keys), wait, **options)
    store.makes = makes
    with suppress(NotRead):
        if checked:
            store.check()
            if makes:
                remember(store)
    return store


def remember(store: Store) -> None:
    """Know from now on, in this user's configuration, which store stands at this address."""
    store_id.remember(shown(store.engine.url), store.id)


def adopt(url: str | None = None, keys: str | None = None) -> str:
    """Know from now on the store that stands at ``url``, whichever stood there before; return its id.

    Raises:
        StoreError: there is none, or it cannot be used.
    """
    store = _at(address(url), Vault(keys))
    store.id, store.makes = None, False
    store.check()
    remember(store)
    return store.id or ""


def forget(url: str | None = None) -> bool:
    """Know of no store at ``url`` any more, so that a new one may be made there; return whether one was known."""
    where = shown(address(url))
    was_known = store_id.known(where) is not None
    store_id.remember(where, None)
    return was_known


def here() -> str:
    """Return where the store is that the commands use, for a person."""
    with suppress(StoreError):
        return shown(address())
    return "ADVISOR_DATABASE_URL"


def for_kernels(store: Store) -> dict[str, str]:
    """Return what a kernel has to know in order to use this very store, whatever its own folders are."""
    url = store.engine.url.render_as_string(hide_password=False)
    return {"ADVISOR_DATABASE_URL": url, store_id.ENVIRONMENT: store.id or ""}


def _at(url: URL, vault: Vault, wait: float = WAIT_SECONDS, **options: Any) -> Store:  # noqa: ANN401  (create_engine's)
    store = Store(make_engine(url, wait, **options), vault)
    store.id = store_id.known(shown(url))
    return store


def look(url: str | None = None, keys: str | None = None) -> StorePlace:
    """Return where the store is, and what is wrong with it."""
    where = ""
    try:
        at = address(url)
        where = shown(at)
        store = _at(at, Vault(keys), _PATIENCE_SECONDS)
        store.makes, path = False, store.file
        if path is not None and not path.exists() and store.id is None:
            return StorePlace(where, "" if _can_be_made(path) else "store_broken", store.vault.seals)
        store.check()
        with store.writing() as connection:
            keys_in_use.require(connection, store.vault)
            connection.execute(update(tables.visit).where(false()).values(revision=0))
    except StoreError as error:
        return StorePlace(where, error.plain_word)
    return StorePlace(where, is_sealed=store.vault.seals)


def _can_be_made(path: Path) -> bool:
    there = next(folder for folder in path.parents if folder.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)
