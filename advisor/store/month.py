"""The visits of a month, for the report that offices hand in. Only those that the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from advisor.session.model import TOKYO
from advisor.store import ownership, rows
from advisor.store.import_visits import FIRST
from advisor.store.tables import visit as table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.session.model import Visit
    from advisor.store.store import Store


@dataclass(frozen=True, slots=True)
class Month:
    """The visits of clients that began in a month, oldest first. Visits without a change are left out.

    ``first``: client → the beginning of their first visit. ``nobody``: how many more visits of the month have no
    client. ``unread``: how many cannot be read.
    """

    year: int
    month: int
    visits: tuple[Visit, ...] = ()
    first: Mapping[str, datetime] = field(default_factory=dict)
    nobody: int = 0
    unread: int = 0


def of(store: Store, year: int, month: int) -> Month:
    """Return the visits of a month (local time).

    Raises:
        NotRead: the database does not answer.
        Sealed: no key of this process opens what is stored.
    """
    begins = datetime.combine(date(year, month, 1), time(), TOKYO)
    ends = datetime.combine(date(year + month // 12, month % 12 + 1, 1), time(), TOKYO)
    used = (table.c.revision > FIRST, ownership.seen(table, store.viewer))
    within = (table.c.started >= begins, table.c.started < ends)
    chosen = select(table).where(*used, *within, table.c.client.is_not(None)).order_by(table.c.started, table.c.id)
    of_nobody = select(func.count()).select_from(table).where(*used, *within, table.c.client.is_(None))
    with store.reading() as connection:
        visits = rows.readable(connection, store.vault, chosen, table, rows.visit_of)
        clients = {one.client for one in visits}
        query = select(table.c.id, table.c.client, table.c.started).where(*used, table.c.client.is_not(None))
        first: dict[str, datetime] = {}
        for _, row in rows.rows_with_ids(connection, query, table.c.id):
            if row is not None and row.client in clients:
                first[row.client] = min(row.started, first.get(row.client, row.started))
        nobody: Any = connection.execute(of_nobody).scalar_one()
    return Month(year, month, visits, first, nobody, len(visits.unread))
