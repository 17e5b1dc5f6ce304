"""The office's own contacts and its letterhead, kept in the store. Every adviser sees them.

They hold nothing of a client. :func:`imprint` puts the letterhead together with whose paper it is.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from advisor.session import letterhead as letterheads
from advisor.session import office
from advisor.session.letterhead import Imprint, Letterhead
from advisor.store import settings, tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from advisor.session.model import Client
    from advisor.session.office import Contact
    from advisor.store.store import Store

_SETTING, _LETTERHEAD = "office", "letterhead"


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


def letterhead(store: Store) -> Letterhead:
    """Return the letterhead of the office; an empty one if none is stored or the stored text cannot be read."""
    with store.reading() as connection:
        return _letterhead(connection)


def change_letterhead(store: Store, how: Callable[[Letterhead], Letterhead]) -> Letterhead:
    """Call ``how`` with the letterhead that is stored now, store what it returns, and return that.

    Raises:
        NotSaved: the database could not write.
    """
    with store.writing() as connection:
        store.take_turns(connection)
        after = how(_letterhead(connection))
        settings.put(connection, _LETTERHEAD, letterheads.dump(after))
    return after


def imprint(store: Store, client: Client | None = None, visit: str = "") -> Imprint:
    """Return what identifies a paper about a client, or about one visit; without both, the office and the viewer.

    The adviser is the one of the visit or the client, whoever looks at it.
    """
    with store.reading() as connection:
        told = _letterhead(connection)
        owner, number = None if client else store.adviser, 0
        if client is not None:
            mine, other = tables.visit.alias("mine"), tables.visit.alias("other")
            before = or_(
                other.c.started < mine.c.started, and_(other.c.started == mine.c.started, other.c.id <= mine.c.id)
            )
            same = select(func.count()).where(mine.c.id == visit, other.c.client == mine.c.client, before)
            number = connection.execute(same).scalar_one()
            owned = select(tables.client.c.adviser).where(tables.client.c.id == client.id)
            owner = connection.execute(owned).scalar_one_or_none()
    code = client.code if client else ""
    return Imprint(code, number, told.advisers.get(owner or "", ""), told.office, told.reach, told.called, told.key)


def texts_of(connection: Connection) -> dict[str, str]:
    """Return the stored texts by the name of their setting, for a backup."""
    told = {name: settings.get(connection, name) for name in (_SETTING, _LETTERHEAD)}
    return {name: text for name, text in told.items() if text}


def bring_back(connection: Connection, texts: dict[str, object], *, replace: bool) -> None:
    """Store contacts and letterhead of a backup. What this store has already stays, unless ``replace``."""
    sound: dict[str, Callable[[str], str]] = {
        _SETTING: lambda text: office.dump(office.parse(text)),
        _LETTERHEAD: lambda text: letterheads.dump(letterheads.parse(text)),
    }
    for name, checked in sound.items():
        text = texts.get(name)
        if isinstance(text, str) and (replace or not settings.get(connection, name)):
            with suppress(ValueError):
                settings.put(connection, name, checked(text))


def _letterhead(connection: Connection) -> Letterhead:
    text = settings.get(connection, _LETTERHEAD)
    try:
        return letterheads.parse(text) if text else Letterhead()
    except ValueError:
        return Letterhead()


def _read(connection: Connection) -> tuple[Contact, ...]:
    text = settings.get(connection, _SETTING)
    try:
        return office.parse(text) if text else ()
    except ValueError:
        return ()
