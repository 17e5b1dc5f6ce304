"""Everybody at a glance: what a list of all clients is made of, read at one moment and opened once.

Names and records are sealed, so the database can neither search nor sort them: whoever looks has to hold them all. Of
each client only the latest visit is read, and of that only what it says of the days after it. What was opened before
is not opened again while it stands as it was written, so that a second look costs a fraction of the first.
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

NOBODYS = 20  # how many visits of nobody are read: more at once help nobody to sort them out
_AT_ONCE = 10_000  # ids in one statement; SQLite takes at most 32,766
Written = tuple[Any, ...]  # what stands written of a client and their latest visit, but for its record


@dataclass(frozen=True, slots=True)
class Overview:
    """Everybody as they stood at one moment, in no order, by what was written of them.

    ``nobody``: the latest visits without a client, the latest first, and ``nobodys`` how many there are. ``damaged``:
    whose row or latest visit cannot be read, with their code; ``lost``: how many more rows cannot be read.
    """

    listed: Mapping[Written, Listed] = field(default_factory=dict)
    nobody: tuple[Visit, ...] = ()
    nobodys: int = 0
    damaged: Mapping[Written, str] = field(default_factory=dict)
    lost: int = 0

    @property
    def unread(self) -> tuple[str, ...]:
        """Of each row that cannot be read, the code of its client; empty where nobody knows it."""
        return (*self.damaged.values(), *("" for _ in range(self.lost)))


def overview(store: Store, before: Overview | None = None) -> Overview:
    """Return everybody as they stand now; ``before``: an earlier look of the same viewer.

    Of whom nothing was written since then, the very same object comes back. Whose latest visit cannot be read is there
    as if it told nothing of the days after it.

    Raises:
        NotRead: the database does not answer.
        Sealed: no key of ours opens what is stored.
    """
    known, vault = before.listed if before else {}, store.vault
    if before and before.damaged:  # somebody may have mended it
        known = {key: one for key, one in known.items() if key not in before.damaged}
    with store.reading() as connection:
        latest = _latest(store.viewer)
        visited = rows.whole(connection, latest, latest.selected_columns.id)
        last = {row.client: row for row in visited if row is not None}
        told = rows.whole(connection, _people(store.viewer), client.c.id)
        people = [row for row in told if row is not None]
        written = [(*row, *last.get(row.id, ())) for row in people]
        new = [row.id for row, key in zip(people, written, strict=True) if key not in known and row.id in last]
        aheads = _aheads(connection, [last[name].id for name in new], vault)
        listed: dict[Written, Listed] = {}
        damaged: dict[Written, str] = {}
        for row, key in zip(people, written, strict=True):
            one = known.get(key) or _listed(row, last.get(row.id), aheads, vault)
            if one is not None:
                listed[key] = one
            if one is None or (key not in known and row.id in last and last[row.id].id not in aheads):
                damaged[key] = vault.opened(row.code) or ""
        of_nobody = (visit.c.client.is_(None), ownership.seen(visit, store.viewer))
        latest_first = select(visit).where(*of_nobody).order_by(visit.c.changed.desc(), visit.c.id).limit(NOBODYS)
        nobody = rows.readable(connection, vault, latest_first, visit, rows.visit_of)
        nobodys = connection.execute(select(func.count()).select_from(visit).where(*of_nobody)).scalar_one()
        lost = sum(row is None for row in (*visited, *told)) + len(nobody.unread)
        if damaged or lost:
            keys.require_reading(connection, vault)
    return Overview(listed, nobody, nobodys, damaged, lost)


def _listed(row: Row[Any], last: Row[Any] | None, aheads: Mapping[str, Ahead], vault: Vault) -> Listed | None:
    """Return a client as the list has them, None where their code or name cannot be read."""
    code, name = vault.opened(row.code), vault.opened(row.name)
    if code is None or name is None:
        return None
    who = row.id, code, name, row.until, row.adviser or ""
    return Listed(*who) if last is None else Listed(*who, last.visits, last.started, aheads.get(last.id, Ahead()))


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


def _aheads(connection: Connection, names: Sequence[str], vault: Vault) -> dict[str, Ahead]:
    """Return by visit what its record says of the days after it, where it can be read."""
    found: dict[str, Ahead] = {}
    for start in range(0, len(names), _AT_ONCE):
        chosen = select(visit.c.id, visit.c.record).where(visit.c.id.in_(names[start : start + _AT_ONCE]))
        for row in connection.execute(chosen):  # one by one: all together would fill the memory of a new kernel
            with suppress(*rows.DAMAGED):
                found[row.id] = rows.ahead_of(row.record, vault)
    return found
