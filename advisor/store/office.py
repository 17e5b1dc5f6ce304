"""The office's own contacts, kept in the store. Every adviser sees them; they hold nothing of a client."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from advisor.session import office
from advisor.store import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from advisor.session.office import Contact
    from advisor.store.store import Store

_SETTING = "office"


def contacts(store: Store) -> tuple[Contact, ...]:
    """Return the office's contacts; none if the stored text cannot be read."""
    with store.reading() as connection:
        return _read(connection)


def change(store: Store, how: Callable[[tuple[Contact, ...]], tuple[Contact, ...]]) -> tuple[Contact, ...]:
    """Call ``how`` with the contacts that are stored now, store what it returns, and return that.

    Raises:
        NotSaved: the database could not write.
    """
    with store.writing() as connection:
        store.take_turns(connection)
        after = how(_read(connection))
        settings.put(connection, _SETTING, office.dump(after))
    return after


def text_of(connection: Connection) -> str | None:
    """Return the stored text of the contacts, for a backup."""
    return settings.get(connection, _SETTING)


def bring_back(connection: Connection, text: object, *, replace: bool) -> None:
    """Store the contacts of a backup. Contacts that this store has already stay, unless ``replace``."""
    if not isinstance(text, str) or (settings.get(connection, _SETTING) and not replace):
        return
    with suppress(ValueError):
        settings.put(connection, _SETTING, office.dump(office.parse(text)))


def _read(connection: Connection) -> tuple[Contact, ...]:
    text = settings.get(connection, _SETTING)
    try:
        return office.parse(text) if text else ()
    except ValueError:
        return ()
