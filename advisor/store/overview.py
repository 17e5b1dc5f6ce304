"""The overview of all clients, for the client list: read in one transaction.

Names and records are sealed, so the database can neither search nor sort them, and the list has to hold all of them. Of
each client it decrypts only the latest visit, and of that it takes only the dates after the visit. A row that has not
changed since the last overview is not decrypted again: a second overview takes a fraction of the time.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from advisor.session.model import Ahead, Listed, Visit
from advisor.store import keys, ownership, rows
from advisor.store.tables import adviser, client, visit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row, Select

    from advisor.store.encryption import Vault
    from advisor.store.store import Store

MOST_UNASSIGNED = 20  # so many visits without a client are read; nobody sorts out more at once
_AT_ONCE = 10_000  # ids in one statement; SQLite takes at most 32,766
Written = tuple[Any, ...]  # the stored columns of a client and of their latest visit, without its record


@dataclass(frozen=True, slots=True)
class Overview:
    """All clients at one moment, in no order; the keys are their stored columns.

    ``nobody``: visits without a client, the latest first, at most NOBODYS; ``nobodys``: how many there are.
    ``damaged``: the codes of clients with a row or latest visit that cannot be read; ``lost``: how many other rows
    cannot be read.
    """

    listed: Mapping[Written, Listed] = field(default_factory=dict)
    nobody: tuple[Visit, ...] = ()
    nobodys: int = 0
    damaged: Mapping[Written, str] = field(default_factory=dict)
    lost: int = 0

    @property
    def unread(self) -> tuple[str, ...]:
        """The client's code for each row that cannot be read; empty text if the code cannot be read either."""
        return (*self.damaged.values(), *("" for _ in range(self.lost)))


def overview(store: Store, before: Overview | None = None) -> Overview:
    """Return all clients as they are stored now; ``before``: an earlier overview of the same viewer.

    A client with no change since ``before`` comes back as the same object. If a client's latest visit cannot be read,
    the client is listed without the dates after it.

    Raises:
        NotRead: the database does not answer.
        Sealed: no key of this process opens what is stored.
    """
    known, vault = before.listed if before else {}, store.vault
    if before and before.damaged:  # they may have been repaired since
        known = {key: entry for key, entry in known.items() if key not in before.damaged}
    with store.reading() as connection:
        latest = _latest(store.viewer)
        visited = rows.rows_of(connection, latest, latest.selected_columns.id)
        last = {row.client: row for row in visited if row is not None}
        client_rows = rows.rows_of(connection, _people(store.viewer), client.c.id)
        people = [row for row in client_rows if row is not None]
        written = [(*row, *last.get(row.id, ())) for row in people]
        new = [row.id for row, key in zip(people, written, strict=True) if key not in known and row.id in last]
        aheads = _aheads(connection, [last[name].id for name in new], vault)
        listed: dict[Written, Listed] = {}
        damaged: dict[Written, str] = {}
        for row, key in zip(people, written, strict=True):
            entry = known.get(key) or _listed(row, last.get(row.id), aheads, vault)
            if entry is not None:
                listed[key] = entry
            if entry is None or (key not in known and row.id in last and last[row.id].id not in aheads):
                damaged[key] = vault.opened(row.code) or ""
        of_nobody = (visit.c.client.is_(None), ownership.seen(visit, store.viewer))
        latest_first = (
            select(visit).where(*of_nobody).order_by(visit.c.changed.desc(), visit.c.id).limit(MOST_UNASSIGNED)
        )
        nobody = rows.readable(connection, vault, latest_first, visit, rows.visit_of)
        nobodys = connection.execute(select(func.count()).select_from(visit).where(*of_nobody)).scalar_one()
        lost = sum(row is None for row in (*visited, *client_rows)) + len(nobody.unread)
        if damaged or lost:
            keys.require_reading(connection, vault)
    return Overview(listed, nobody, nobodys, damaged, lost)


def _listed(row: Row[Any], last: Row[Any] | None, aheads: Mapping[str, Ahead], vault: Vault) -> Listed | None:
    """Return a client for the list; None if their code or name cannot be read."""
    code, name = vault.opened(row.code), vault.opened(row.name)
    if code is None or name is None:
        return None
    who = row.id, code, name, row.until, row.adviser or ""
    return Listed(*who) if last is None else Listed(*who, last.visits, last.started, aheads.get(last.id, Ahead()))


def _people(viewer: str | None) -> Select[Any]:
    """Return the query for the clients, each with the name of their adviser, if that is not the viewer."""
    theirs = client.c.adviser == adviser.c.id
    other = theirs if viewer is None else and_(theirs, adviser.c.id != viewer)
    columns = (client.c.id, client.c.code, client.c.name, client.c.until, adviser.c.name.label("adviser"))
    return select(*columns).outerjoin(adviser, other).where(ownership.seen(client, viewer))


def _latest(viewer: str | None) -> Select[Any]:
    """Return the query for the latest visit of each client, without its record, with the number of their visits."""
    latest_first = (visit.c.started.desc(), visit.c.id.desc())
    place = func.row_number().over(partition_by=visit.c.client, order_by=latest_first)
    visits = func.count().over(partition_by=visit.c.client)
    columns = (visit.c.id, visit.c.client, visit.c.revision, visit.c.started, visit.c.changed)
    numbered = select(*columns, visits.label("visits"), place.label("place"))
    visible = numbered.where(visit.c.client.is_not(None), ownership.seen(visit, viewer)).subquery()
    return select(visible).where(visible.c.place == 1)


def _aheads(connection: Connection, names: Sequence[str], vault: Vault) -> dict[str, Ahead]:
    """Return the dates after each visit, by the visit's id; visits that cannot be read are left out."""
    aheads: dict[str, Ahead] = {}
    for start in range(0, len(names), _AT_ONCE):
        chosen = select(visit.c.id, visit.c.record).where(visit.c.id.in_(names[start : start + _AT_ONCE]))
        for row in connection.execute(chosen):  # one at a time: all rows at once would fill the memory of a new kernel
            with suppress(*rows.DAMAGED):
                aheads[row.id] = rows.ahead_of(row.record, vault)
    return aheads
