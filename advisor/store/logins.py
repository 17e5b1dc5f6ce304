"""Logins: which adviser uses a browser. The browser holds a token, the store only its hash."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, or_, select, update

from advisor.store import access_log, rows
from advisor.store.errors import NotAllowed, NotSaved
from advisor.store.tables import adviser, login

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from advisor.session.model import Adviser
    from advisor.store.store import Store

IDLE, LONGEST = timedelta(minutes=60), timedelta(hours=12)
SLACK = timedelta(minutes=5)  # the clocks of two servers may differ by so much
NOTICED = timedelta(minutes=1)  # the last use of a login is written at most so often
_TOKEN_BYTES = 32


def begin(store: Store, adviser_id: str, now: datetime) -> str:
    """Begin a login, log it, and return its token of 256 random bits. The store keeps only the hash of the token.

    Raises:
        NotAllowed: the adviser is unknown or disabled.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    values = {"adviser": adviser_id, "begun": now, "seen": now, "expires": now + LONGEST}
    active = select(adviser.c.id).where(adviser.c.id == adviser_id, adviser.c.disabled_on.is_(None))
    with store.writing() as connection:
        if connection.execute(active.with_for_update(read=True)).one_or_none() is None:
            raise NotAllowed
        connection.execute(delete(login).where(_ended(now)))
        connection.execute(insert(login).values(values | {"token_hash": _hash(token)}))
        access_log.write(connection, adviser_id, "login")
    return token


def adviser_of(store: Store, token: str, now: datetime) -> Adviser | None:
    """Return the adviser of a token; None if the login has ended, or the adviser was disabled."""
    mine = login.c.token_hash == _hash(token)
    chosen = select(adviser, login.c.seen).join(login, login.c.adviser == adviser.c.id)
    chosen = chosen.where(mine, ~_ended(now), adviser.c.disabled_on.is_(None))
    with store.reading() as connection:
        row = connection.execute(chosen).one_or_none()
    if row is None:
        return None
    if now - row.seen >= NOTICED:
        with suppress(NotSaved), store.writing() as connection:  # a busy database must not end a login
            connection.execute(update(login).where(mine, login.c.seen < now).values(seen=now))
    return rows.adviser_of(row)


def end(store: Store, token: str) -> None:
    """End a login, and log it."""
    with store.writing() as connection:
        ended = delete(login).where(login.c.token_hash == _hash(token)).returning(login.c.adviser)
        adviser_id = connection.execute(ended).scalar_one_or_none()
        if adviser_id is not None:
            access_log.write(connection, adviser_id, "logout")


def end_all(store: Store, adviser_id: str) -> None:
    """End all logins of an adviser."""
    with store.writing() as connection:
        end_in(connection, adviser_id)


def end_in(connection: Connection, adviser_id: str) -> None:
    """End all logins of an adviser, in the caller's transaction."""
    connection.execute(delete(login).where(login.c.adviser == adviser_id))


def _ended(now: datetime) -> ColumnElement[bool]:
    """Return the SQL condition of a login that has ended.

    A login that begins in the future counts as ended: after a wrong clock was corrected, it would last for too long.
    """
    return or_(login.c.expires <= now, login.c.seen <= now - IDLE, login.c.begun > now + SLACK)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
