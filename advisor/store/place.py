"""Where the store is and whether it can be used, found out without changing anything."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import false, update

from advisor.store import tables
from advisor.store.engine import address, make_engine, shown
from advisor.store.errors import StoreError
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
            connection.execute(update(tables.visit).where(false()).values(revision=0))
    except StoreError as error:
        return Place(where, error.plain_word)
    return Place(where, is_sealed=store.vault.seals)


def _can_be_made(path: Path) -> bool:
    there = next(folder for folder in path.parents if folder.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)
