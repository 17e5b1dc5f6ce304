"""Invitations: links by which a client answers before a session, or sees one visit on a screen of their own (live).

The store keeps only hashes of links and digits. Two sides use this module. The adviser makes, lists, withdraws and
looks at invitations, as :mod:`.ownership` allows. The client has the capability in the link and reaches exactly its one
row, by a condition of its own (:func:`.ownership.by_link`).
"""

from __future__ import annotations

import hashlib
import secrets
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import and_, delete, insert, or_, select, update

from advisor.session import advance
from advisor.session.model import Invitation
from advisor.store import access_log, ownership, rows
from advisor.store.database import CLIENT
from advisor.store.errors import Gone, NotAllowed, WrongDigits
from advisor.store.rows import Readable
from advisor.store.store import new_id
from advisor.store.tables import client as clients
from advisor.store.tables import invitation as table
from advisor.store.tables import visit as visits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import ColumnElement, Connection, Row

    from advisor.content.words import Language
    from advisor.session.model import Purpose
    from advisor.store.store import Store

BYTES = 16  # of a capability: 128 bits
LIVE_HOURS = 12  # a live link ends with its visit, and at the latest after so long
LAST_WORDS = timedelta(seconds=5)  # so long a link that is ended still takes what the client was typing
Deed = Literal[
    "made", "opened", "wrong_digits", "agreed", "answered", "done", "taken_back", "withdrawn", "looked", "begun",
]  # fmt: skip


# --- the adviser's side -------------------------------------------------------------------------------------------


def make(
    store: Store, client: str, *, days: int = advance.DAYS, digits: str = "", language: Language = "ja"
) -> tuple[Invitation, str]:
    """Make an invitation and return it with its capability, which is nowhere else. Earlier links of the client end.

    What the client told by an earlier link goes on with this one.

    Raises:
        Gone: the client was erased, or is not there.
    """
    token, at = secrets.token_hex(BYTES), datetime.now(UTC)  # no hyphen, at which paper would end a line
    new = Invitation(new_id(), client, at, at + timedelta(days=days), guarded=bool(digits), language=language)
    with store.sealing() as connection:
        owner = ownership.owner_of_new(connection, client, store.viewer)  # locks the client's row
        for before in _waiting(connection, store, client):
            if advance.waits(before):
                kept = {name: getattr(before, name) for name in ("agreed", "changed", "done", "case", "place")}
                new = replace(new, **kept, language=before.language)
            ended = replace(advance.taken_back(before), withdrawn=before.withdrawn or at)
            _write(connection, store, ended)
        _insert(connection, store, new, owner, token, digits)
    return new, token


def make_live(store: Store, visit: str, *, digits: str = "") -> tuple[Invitation, str]:
    """Make a live link to a visit and return it with its capability. Earlier live links of the client end.

    Raises:
        Gone: the visit has no client, was erased, or is not there.
    """
    token, at = secrets.token_hex(BYTES), datetime.now(UTC)
    with store.sealing() as connection:
        owner = ownership.require(connection, visits, visit, store.viewer)
        client = connection.execute(select(visits.c.client).where(visits.c.id == visit)).scalar_one()
        if client is None:
            raise Gone("missing")
        ownership.require(connection, clients, client, store.viewer)
        _end_live(connection, store, table.c.client == client)
        new = Invitation(
            new_id(), client, at, at + timedelta(hours=LIVE_HOURS), "live", guarded=bool(digits), visit=visit
        )
        _insert(connection, store, new, owner, token, digits)
    return new, token


def end_live(store: Store, visit: str) -> None:
    """End the live links of a visit, if there are any that the viewer may end.

    They still open for :data:`LAST_WORDS`, so that what the client was typing arrives. :func:`withdraw` ends at once.
    """
    if live_of(store, visit) is None:
        return
    with store.sealing() as connection:
        _end_live(connection, store, and_(table.c.visit == visit, ownership.seen(table, store.viewer)))


def live_of(store: Store, visit: str) -> Invitation | None:
    """Return the live link of a visit that is open now; None without one."""
    mine = (table.c.visit == visit, ownership.seen(table, store.viewer), *_LIVE)
    with store.reading() as connection:
        found = rows.readable(connection, store.vault, select(table).where(*mine), table, rows.invitation_of)
    soon = datetime.now(UTC) + LAST_WORDS
    return next((one for one in found if advance.is_open(one, soon)), None)


_LIVE = (table.c.purpose == "live", table.c.withdrawn.is_(None))


def _end_live(connection: Connection, store: Store, which: ColumnElement[bool]) -> None:
    chosen = select(table).where(which, *_LIVE).order_by(table.c.id).with_for_update()
    now = datetime.now(UTC)
    for one in rows.readable(connection, store.vault, chosen, table, rows.invitation_of):
        if one.expires > now + LAST_WORDS:
            ended = replace(one, expires=now + LAST_WORDS)
            _write(connection, store, ended)
            _log(connection, store, ended, "withdrawn", ended.visit)


def _insert(  # noqa: PLR0913, PLR0917  (a row and where it goes)
    connection: Connection, store: Store, new: Invitation, owner: str | None, token: str, digits: str
) -> None:
    hashes = {"token_hash": hash_of(token), "digits_hash": hash_of(token, digits) if digits else None}
    connection.execute(insert(table).values(rows.invitation_row(new, store.vault) | hashes | {"adviser": owner}))
    _log(connection, store, new, "made", new.visit)


def of_client(store: Store, client: str) -> Readable[Invitation]:
    """Return the invitations of a client for all purposes, the latest first."""
    mine = (table.c.client == client, ownership.seen(table, store.viewer))
    chosen = select(table).where(*mine).order_by(table.c.expires.desc(), table.c.id)
    with store.reading() as connection:
        return rows.readable(connection, store.vault, chosen, table, rows.invitation_of)


def withdraw(store: Store, name: str) -> None:
    """End the link of an invitation. Answers that were given stay for the session.

    Raises:
        Gone: there is no such invitation.
    """

    def ended(one: Invitation) -> Invitation:
        return one if one.withdrawn else replace(one, withdrawn=datetime.now(UTC))

    _change(store, name, ended, "withdrawn")


def look(store: Store, name: str) -> Invitation:
    """Note that the viewer looks at the answers, and return the invitation.

    Raises:
        Gone: there is no such invitation.
    """
    return _change(store, name, lambda one: replace(one, looked=datetime.now(UTC), looked_by=store.by), "looked")


def erase(store: Store, name: str) -> bool:
    """Erase an invitation with its answers; return whether its bytes are gone, too: see ``Store.erase_visit``.

    Raises:
        Gone: there is no such invitation.
    """
    with store.writing() as connection:
        ownership.require(connection, table, name, store.viewer)
        client = connection.execute(delete(table).where(table.c.id == name).returning(table.c.client)).scalar_one()
        access_log.write(connection, store.by, "invitation", client=client, detail="erased")
    return store.sweep()


def close(store: Store, client: str, visit: str) -> Invitation | None:
    """Close the links of a client because ``visit`` begins; return the sheet that goes into it, None without one.

    From here on the client cannot change it any more. If the visit is not stored then, the next one that begins gets
    the same sheet: an answer that was called saved is never lost.

    Raises:
        Gone: the client was erased, or is not there.
    """
    _end_others(store, client, visit)
    if not _may_wait(store, client, visit):
        return None
    with store.sealing() as connection:
        ownership.owner_of_new(connection, client, store.viewer)
        found = [replace(one, visit=visit) for one in _waiting(connection, store, client, visit)]
        for one in found:
            _write(connection, store, one)
            _log(connection, store, one, "begun", visit)
    told = [one for one in found if advance.waits(one)]
    return max(told, key=lambda one: one.changed or one.made, default=None)


def _end_others(store: Store, client: str, visit: str) -> None:
    """End the live links to other visits of a client: another one begins."""
    mine = (table.c.client == client, ownership.seen(table, store.viewer), *_LIVE)
    with store.reading() as connection:
        found = connection.execute(select(table.c.visit).where(*mine, table.c.visit != visit)).scalars().all()
    for name in found:
        end_live(store, name)


def _may_wait(store: Store, client: str, visit: str) -> bool:
    mine = (table.c.client == client, table.c.purpose == "before", ownership.seen(table, store.viewer))
    with store.reading() as connection:
        return connection.execute(select(table.c.id).where(*mine, _untaken(visit)).limit(1)).one_or_none() is not None


def _waiting(connection: Connection, store: Store, client: str, visit: str | None = None) -> list[Invitation]:
    """Return the client's invitations whose answers are in no stored visit yet, and lock them."""
    mine = (table.c.client == client, table.c.purpose == "before", _untaken(visit))
    chosen = select(table).where(*mine).order_by(table.c.id).with_for_update()
    return list(rows.readable(connection, store.vault, chosen, table, rows.invitation_of))


def _untaken(visit: str | None) -> ColumnElement[bool]:
    is_lost = and_(table.c.visit.is_not(None), table.c.visit.not_in(select(visits.c.id)))
    return or_(table.c.visit.is_(None), table.c.visit == visit, is_lost)


def _change(store: Store, name: str, how: Callable[[Invitation], Invitation], deed: Deed) -> Invitation:
    with store.sealing() as connection:
        ownership.require(connection, table, name, store.viewer)
        before = rows.invitation_of(connection.execute(select(table).where(table.c.id == name)).one(), store.vault)
        after = how(before)
        if after != before:
            _write(connection, store, after)
            _log(connection, store, after, deed)
    return after


# --- the client's side --------------------------------------------------------------------------------------------


def opened(store: Store, token: str, digits: str = "", purpose: Purpose = "before") -> Invitation | None:
    """Return the invitation of a capability; None if there is none, or it is closed.

    Raises:
        WrongDigits: it asks for digits, and these are wrong; none were given if they are empty.
    """
    with _counting_wrong(store, token, digits, purpose), store.reading() as connection:
        row = connection.execute(select(table).where(ownership.by_link(hash_of(token), purpose))).one_or_none()
        if row is None:
            return None
        _require_digits(row, token, digits)
    return rows.invitation_of(row, store.vault)


def visit_of(store: Store) -> str:
    """Return the visit of the live link by which the viewer came; empty if the link is closed.

    Raises:
        NotRead: the database does not answer.
    """
    if not isinstance(store.viewer, ownership.Guest):
        return ""
    chosen = select(table.c.visit).where(ownership.by_link(store.viewer.link, "live"))
    try:
        with store.reading() as connection:
            return connection.execute(chosen).scalar_one_or_none() or ""
    except NotAllowed:
        return ""


def is_open(store: Store, link: str) -> bool:
    """Return whether a live link is open; ``link``: the hash of its capability."""
    with store.reading() as connection:
        chosen = select(table.c.id).where(ownership.by_link(link, "live"))
        return connection.execute(chosen).one_or_none() is not None


def note_presence(store: Store) -> None:
    """Note that the page of the viewer, who came by a live link, is there now."""
    if not isinstance(store.viewer, ownership.Guest):
        return
    with store.sealing(by_client=True) as connection:
        chosen = select(table).where(ownership.by_link(store.viewer.link, "live")).with_for_update()
        row = connection.execute(chosen).one_or_none()
        if row is not None:
            _write(connection, store, replace(rows.invitation_of(row, store.vault), opened=datetime.now(UTC)))


def tell(
    store: Store, token: str, digits: str, how: Callable[[Invitation], Invitation], purpose: Purpose = "before"
) -> Invitation | None:
    """Change the client's invitation by ``how`` and return it as it is stored now; None if it is closed.

    One change comes after the other, so two devices lose nothing.

    Raises:
        WrongDigits: as :func:`opened`.
        NotSaved: the database could not write.
    """
    with _counting_wrong(store, token, digits, purpose), store.sealing() as connection:
        row = connection.execute(
            select(table).where(ownership.by_link(hash_of(token), purpose)).with_for_update()
        ).one_or_none()
        if row is None:
            return None
        _require_digits(row, token, digits)
        before = rows.invitation_of(row, store.vault)
        after = how(before)
        if after != before:
            _write(connection, store, after)
        if deed := _deed(before, after):
            _log(connection, store, after, deed)
    return after


def _require_digits(row: Row[Any], token: str, digits: str) -> None:
    if row.digits_hash is not None and not secrets.compare_digest(row.digits_hash, hash_of(token, digits)):
        raise WrongDigits


@contextmanager
def _counting_wrong(store: Store, token: str, digits: str, purpose: Purpose) -> Iterator[None]:
    """Count it if the ``with`` block finds that wrong digits were given."""
    try:
        yield
    except WrongDigits:
        if digits:
            _note_wrong(store, token, purpose)
        raise


def _note_wrong(store: Store, token: str, purpose: Purpose) -> None:
    with store.writing() as connection:
        change = (
            update(table)
            .where(ownership.by_link(hash_of(token), purpose))
            .values(wrong=table.c.wrong + 1)
            .returning(table.c.client)
        )
        client = connection.execute(change).scalar_one_or_none()
        if client is not None:
            access_log.write(connection, CLIENT, "invitation", client=client, detail="wrong_digits")


def _deed(before: Invitation, after: Invitation) -> Deed | None:
    """Return what the client did, for the log; answers of one sitting are one line."""
    if before.agreed and not after.agreed:
        return "taken_back"
    if after.done and not before.done:
        return "done"
    if after.agreed and not before.agreed:
        return "agreed"
    if after.changed and (before.changed is None or after.changed - before.changed > advance.SITTING):
        return "answered"
    return "opened" if after.opened != before.opened else None


# --- both ---------------------------------------------------------------------------------------------------------


def _write(connection: Connection, store: Store, one: Invitation) -> None:
    connection.execute(update(table).where(table.c.id == one.id).values(rows.invitation_row(one, store.vault)))


def _log(connection: Connection, store: Store, one: Invitation, deed: Deed, visit: str | None = None) -> None:
    access_log.write(connection, store.by, "invitation", client=one.client, visit=visit, detail=deed)


def hash_of(token: str, digits: str = "") -> str:
    """Return the hash of a capability, or of its digits with it: four digits alone would be guessed from their hash.

    The hash opens no page: a page is opened by the capability itself.
    """
    return hashlib.sha256(f"{token} {digits}".encode(errors="surrogatepass")).hexdigest()
