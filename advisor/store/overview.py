"""The overview of all clients, for the client list: read in one transaction.

Names and records are sealed, so the database can neither search nor sort them, and the list has to hold all of them. Of
each client it decrypts only the latest visit, and of that it takes only the dates after the visit. A row that has not
changed since the last overview is not decrypted again: a second overview takes a fraction of the time.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from advisor.session.appointments import Agreed
from advisor.session.model import TOKYO, Ahead, Appointment, Invitation, Listed, Visit, day_of, today
from advisor.store import keys, ownership, rows
from advisor.store.errors import NotRead
from advisor.store.import_visits import FIRST
from advisor.store.tables import adviser, client, visit
from advisor.store.tables import appointment as meeting
from advisor.store.tables import invitation as link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Row, Select

    from advisor.store.encryption import Vault
    from advisor.store.store import Store

MOST_UNASSIGNED = 20  # so many visits without a client are read; nobody sorts out more at once
_AT_ONCE = 10_000  # ids in one statement; SQLite takes at most 32,766
Written = tuple[Any, ...]  # the stored columns of a client and of their latest visit, without its record


@dataclass(frozen=True, slots=True)
class Overview:
    """All clients at one moment, in no order; the keys are their stored columns.

    ``nobody``: visits without a client, the latest first, at most MOST_UNASSIGNED; ``nobodys``: how many there are.
    ``appointments``: the desk's rows from yesterday on, and those in place of what a latest visit agreed; the keys are
    their stored columns. ``earlier``: client → what visits before the latest agreed and still counts, latest first.
    ``invitations``: those that are in no session yet; the keys are their stored columns.
    ``damaged``: the codes of clients with a row or latest visit that cannot be read; ``lost``: how many other rows
    cannot be read.
    """

    listed: Mapping[Written, Listed] = field(default_factory=dict)
    nobody: tuple[Visit, ...] = ()
    nobodys: int = 0
    damaged: Mapping[Written, str] = field(default_factory=dict)
    lost: int = 0
    appointments: Mapping[Written, Appointment] = field(default_factory=dict)
    earlier: Mapping[str, tuple[Agreed, ...]] = field(default_factory=dict)
    invitations: Mapping[Written, Invitation] = field(default_factory=dict)

    @property
    def unread(self) -> tuple[str, ...]:
        """The client's code for each row that cannot be read; empty text if the code cannot be read either."""
        return (*self.damaged.values(), *("" for _ in range(self.lost)))


def overview(store: Store, before: Overview | None = None, on: date | None = None) -> Overview:
    """Return all clients as they are stored now; ``before``: an earlier overview of the same viewer; ``on``: today.

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
        latest = _latest(store.adviser)
        visited = rows.rows_of(connection, latest, latest.selected_columns.id)
        last = {row.client: row for row in visited if row is not None}
        client_rows = rows.rows_of(connection, _people(store.adviser), client.c.id)
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
        midnight = datetime.combine(on or today(), time(), TOKYO)
        meetings, unread = _appointments(connection, store, last.values(), midnight - timedelta(days=1), before)
        earlier = _earlier(connection, vault, last, meetings.values(), midnight)
        links, unread_links = _invitations(connection, store, before)
        lost = sum(row is None for row in (*visited, *client_rows)) + len(nobody.unread) + unread + unread_links
        if damaged or lost:
            keys.require_reading(connection, vault)
    return Overview(listed, nobody, nobodys, damaged, lost, meetings, earlier, links)


def _appointments(
    connection: Connection, store: Store, last: Iterable[Row[Any]], since: datetime, before: Overview | None
) -> tuple[dict[Written, Appointment], int]:
    """Return the rows of the desk that :class:`Overview` holds, and how many of them cannot be read."""
    columns = (meeting.c.id, meeting.c.client, meeting.c.visit, meeting.c.at, meeting.c.details)
    mine = ownership.seen(meeting, store.viewer)
    chosen = select(*columns).where(mine, or_(meeting.c.at >= since, meeting.c.visit.is_not(None)))
    latest = {row.id for row in last}
    known = before.appointments if before else {}
    found: dict[Written, Appointment] = {}
    unread = 0
    for row in rows.rows_of(connection, chosen, meeting.c.id):
        if row is None:
            unread += 1
        elif row.at >= since or row.visit in latest:
            written = tuple(row)
            try:
                found[written] = known.get(written) or rows.appointment_of(row, store.vault)
            except rows.DAMAGED:
                unread += 1
    return found, unread


def _invitations(
    connection: Connection, store: Store, before: Overview | None
) -> tuple[dict[Written, Invitation], int]:
    """Return the invitations that are in no session yet, and how many of them cannot be read."""
    chosen = select(link).where(ownership.seen(link, store.viewer), link.c.visit.is_(None))
    known = before.invitations if before else {}
    found: dict[Written, Invitation] = {}
    unread = 0
    for row in rows.rows_of(connection, chosen, link.c.id):
        try:
            if row is None:
                raise NotRead
            written = tuple(row)
            found[written] = known.get(written) or rows.invitation_of(row, store.vault)
        except rows.DAMAGED:
            unread += 1
    return found, unread


def _earlier(
    connection: Connection, vault: Vault, last: Mapping[str, Row[Any]], meetings: Iterable[Appointment], today: datetime
) -> dict[str, tuple[Agreed, ...]]:
    """Return what visits before the latest agreed, by client, for the few clients for whom they may count.

    These are clients whose latest visit is of today or was only begun, and clients with a row in place of what an
    earlier visit agreed.
    """
    open_now = {
        name for name, row in last.items() if row.visits > 1 and (row.started >= today or row.revision <= FIRST)
    }
    named = {one.visit: one.client for one in meetings if one.visit and one.client}
    named = {name: of for name, of in named.items() if of in last and name != last[of].id}
    visits = _visits_before(connection, sorted(open_now | set(named.values())), last)
    chosen: list[Row[Any]] = []
    for name, theirs in visits.items():
        counting = [row.id for row in _until_used(theirs, today)] if name in open_now else []
        chosen += [row for row in theirs if row.id in counting or row.id in named]
    aheads = _aheads(connection, [row.id for row in chosen], vault)
    agreed: dict[str, tuple[Agreed, ...]] = {}
    for row in chosen:
        if row.id in aheads:
            one = Agreed(row.id, day_of(row.started), aheads[row.id].next_at, row.revision > FIRST)
            agreed[row.client] = (*agreed.get(row.client, ()), one)
    return agreed


def _visits_before(
    connection: Connection, names: Sequence[str], last: Mapping[str, Row[Any]]
) -> dict[str, list[Row[Any]]]:
    """Return the visits before the latest of these clients, without their records, latest first."""
    columns = (visit.c.id, visit.c.client, visit.c.started, visit.c.revision)
    visits: dict[str, list[Row[Any]]] = {name: [] for name in names}
    for start in range(0, len(names), _AT_ONCE):
        theirs = visit.c.client.in_(names[start : start + _AT_ONCE])
        chosen: Select[Any] = select(*columns).where(theirs).order_by(visit.c.started.desc(), visit.c.id.desc())
        for row in rows.rows_of(connection, chosen, visit.c.id):
            if row is not None and row.id != last[row.client].id:
                visits[row.client].append(row)
    return visits


def _until_used(visits: Iterable[Row[Any]], today: datetime) -> Iterator[Row[Any]]:
    """Yield visits, latest first, until the first of an earlier day that was changed since it began."""
    for row in visits:
        yield row
        if row.started < today and row.revision > FIRST:
            return


def _listed(row: Row[Any], last: Row[Any] | None, aheads: Mapping[str, Ahead], vault: Vault) -> Listed | None:
    """Return a client for the list; None if their code or name cannot be read."""
    code, name = vault.opened(row.code), vault.opened(row.name)
    if code is None or name is None:
        return None
    who = row.id, code, name, row.until, row.adviser or ""
    if last is None:
        return Listed(*who)
    return Listed(*who, last.visits, last.started, aheads.get(last.id, Ahead()), last.id, last.revision > FIRST)


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
