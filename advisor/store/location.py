"""The place of the store: open it for use, or look at it without a change."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import false, update

from advisor.content import loading
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
    """Where the store is; ``word`` says why it cannot be used, and is empty if it can."""

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
    """Return the store at ``url`` (default: ADVISOR_DATABASE_URL, else a file of this user), opened with ``keys``.

    A database that does not answer now is no error here: each later call tries again. ``checked=False`` is for an
    upgrade. ``makes``: make a store if there is none and none is known, and remember it.

    Raises:
        NeedsUpgrade: advisor db upgrade has to run first.
        TooNew: a newer workbook made the database.
        Sealed: the keys do not open what is stored.
        BadKey: one of the keys is not valid.
        NoDriver: the workbook cannot use this kind of database, or its driver is not installed.
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
    """Write the store's id and address into this user's configuration: a later call knows which store belongs there."""
    store_id.remember(shown(store.engine.url), store.id)


def adopt(url: str | None = None, keys: str | None = None) -> str:
    """Remember the store that is at ``url`` now, also in place of another one; return its id.

    Raises:
        StoreError: there is no store, or it cannot be used.
    """
    store = _at(address(url), Vault(keys))
    store.id, store.makes = None, False
    store.check()
    remember(store)
    return store.id or ""


def forget(url: str | None = None) -> bool:
    """Forget the store at ``url``, so that a new one can be made there; return whether one was known."""
    where = shown(address(url))
    was_known = store_id.remembered(where) is not None
    store_id.remember(where, None)
    return was_known


def here() -> str:
    """Return where the commands look for the store, as text for a person."""
    with suppress(StoreError):
        return shown(address())
    return "ADVISOR_DATABASE_URL"


def for_kernels(store: Store) -> dict[str, str]:
    """Return the environment variables with which a kernel finds this store, also if its folders are others."""
    url = store.engine.url.render_as_string(hide_password=False)
    return {"ADVISOR_DATABASE_URL": url, store_id.ENVIRONMENT: store.id or ""}


def _at(url: URL, vault: Vault, wait: float = WAIT_SECONDS, **options: Any) -> Store:  # noqa: ANN401  (create_engine's)
    store = Store(make_engine(url, wait, **options), vault, loading.load)
    store.id = store_id.remembered(shown(url))
    return store


def inspect_place(url: str | None = None, keys: str | None = None) -> StorePlace:
    """Return where the store is and why it cannot be used, if so. It tries a write, but changes nothing."""
    where = ""
    try:
        target = address(url)
        where = shown(target)
        store = _at(target, Vault(keys), _PATIENCE_SECONDS)
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
    ancestor = next(folder for folder in path.parents if folder.exists())
    return ancestor.is_dir() and os.access(ancestor, os.W_OK | os.X_OK)
