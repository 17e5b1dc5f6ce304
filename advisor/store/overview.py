"""Everybody at a glance: what a list of all clients is made of, read at one moment and opened once.

Names and records are sealed, so the database can neither search nor sort them: whoever looks has to hold them all. Of
each client only the latest visit is read, and of that only what it says of the days after it. What was opened before
is not opened again while it stands as it was written, so that a second look costs a fraction of the first.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from advisor.client import Ahead, Listed, Visit
from advisor.store import keys, ownership, rows
from advisor.store.tables import adviser, client, visit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection, Select

    from advisor.store.store import Store
    from advisor.store.vault import Vault

NOBODYS = 20  # how many visits of nobody are read: more at once help nobody to sort them out
_AT_ONCE = 10_000  # ids in one statement; SQLite takes at most 32,766
Written = tuple[str, int, datetime]  # a visit, its revision, and when that was written


@dataclass(frozen=True, slots=True)
class Overview:
    """Everybody as they stood at one moment, in no order.

    ``nobody``: the latest visits without a client, the latest first; ``nobodys``: how many there are. ``names`` and
    ``aheads``: what was opened, by what was written there. ``unread``: of each row that cannot be read, the code of its
    client; empty where that cannot be read either, or there is none.
    """

    listed: tuple[Listed, ...] = ()
    nobody: tuple[Visit, ...] = ()
    nobodys: int = 0
    names: Mapping[str, str] = field(default_factory=dict, repr=False)
    aheads: Mapping[Written, Ahead] = field(default_factory=dict, repr=False)
    unread: tuple[str, ...] = ()


def overview(store: Store, before: Overview | None = None) -> Overview:
    """Return everybody as they stand now; ``before``: the last such look of the same viewer.

    Raises:
        NotRead: the database does not answer.
        KeyRetired: the keys were changed.
    """
    known, vault = before or Overview(), store.vault
    with store.reading() as connection:
        people = dict(rows.each(connection, _people(store.viewer), client.c.id))
        last_ones = _latest(store.viewer)
        visited = [row for _, row in rows.each(connection, last_ones, last_ones.selected_columns.id)]
        latest = {row.client: row for row in visited if row is not None}
        stands = {whose: (row.id, row.revision, row.changed) for whose, row in latest.items()}
        aheads = _aheads(connection, stands.values(), known.aheads, vault)
        texts = {text for row in people.values() if row is not None for text in (row.code, row.name)}
        names = _names(texts, known.names, vault)
        of_nobody = (visit.c.client.is_(None), ownership.seen(visit, store.viewer))
        latest_first = select(visit).where(*of_nobody).order_by(visit.c.changed.desc(), visit.c.id).limit(NOBODYS)
        nobody = rows.readable(connection, vault, latest_first, visit, rows.visit_of)
        nobodys = connection.execute(select(func.count()).select_from(visit).where(*of_nobody)).scalar_one()
        listed, unread = [], ["" for _ in (*nobody.unread, *(row for row in visited if row is None))]
        for row in people.values():
            if row is None or row.code not in names or row.name not in names:
                unread.append(names.get(row.code, "") if row is not None else "")
                continue
            one = Listed(row.id, names[row.code], names[row.name], row.until, row.adviser or "")
            if row.id in latest:
                last = latest[row.id]
                ahead = aheads.get(stands[row.id])
                if ahead is None:
                    unread.append(one.code)
                one = replace(one, visits=last.visits, begun=last.started, ahead=ahead or Ahead())
            listed.append(one)
        if unread:
            keys.require_reading(connection, vault)
    return Overview(tuple(listed), nobody, nobodys, names, aheads, tuple(unread))


def _people(viewer: str | None) -> Select[Any]:
    """Return the query for the clients, with the names of their advisers where that is not the viewer."""
    theirs = client.c.adviser == adviser.c.id
    other = theirs if viewer is None else and_(theirs, adviser.c.id != viewer)
    columns = (client.c.id, client.c.code, client.c.name, client.c.until, adviser.c.name.label("adviser"))
    return select(*columns).outerjoin(adviser, other).where(ownership.seen(client, viewer))


def _latest(viewer: str | None) -> Select[Any]:
    """Return the query for the latest visit of each client, without its record, and how many they have."""
    latest_first = (visit.c.started.desc(), visit.c.id.desc())
    place = func.row_number().over(partition_by=visit.c.client, order_by=latest_first)
    visits = func.count().over(partition_by=visit.c.client)
    columns = (visit.c.id, visit.c.client, visit.c.revision, visit.c.started, visit.c.changed)
    numbered = select(*columns, visits.label("visits"), place.label("place"))
    found = numbered.where(visit.c.client.is_not(None), ownership.seen(visit, viewer)).subquery()
    return select(found).where(found.c.place == 1)


def _aheads(
    connection: Connection, stands: Iterable[Written], known: Mapping[Written, Ahead], vault: Vault
) -> dict[Written, Ahead]:
    """Return what these records say of the days after them, where they open; only those not known are read."""
    wanted = list(stands)
    new = {written[0]: written for written in wanted if written not in known}
    opened = {written: known[written] for written in wanted if written in known}
    ids = list(new)
    for start in range(0, len(ids), _AT_ONCE):
        chosen = select(visit.c.id, visit.c.record).where(visit.c.id.in_(ids[start : start + _AT_ONCE]))
        for row in connection.execute(chosen).all():
            with suppress(*rows.DAMAGED):
                opened[new[row.id]] = rows.ahead_of(row.record, vault)
    return opened


def _names(written: set[str], known: Mapping[str, str], vault: Vault) -> dict[str, str]:
    """Return by what was written what it says, where it opens."""
    said = {text: known[text] if text in known else vault.opened(text) for text in written}
    return {text: name for text, name in said.items() if name is not None}
