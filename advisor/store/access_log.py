"""The access log: who opened, exported or erased which record.

It holds opaque ids only. Rows are added, never changed or deleted.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import insert, select

from advisor.session.model import Logged
from advisor.store import ownership, tables
from advisor.store.tables import access, visit

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from advisor.store.database import Database

Action = Literal[
    "opened", "corrected", "exported", "imported", "erased", "expired", "assigned", "appointment", "invitation",
    "handed_over", "login", "login_refused", "logout", "adviser_added", "adviser_changed", "adviser_disabled",
    "adviser_enabled", "password_reset", "backup", "restored", "resealed", "day_confirmed", "day_denied",
]  # fmt: skip
ALONE = "alone"  # ``by`` for one person on a laptop, without advisers; the command line has database.COMMAND
POLICY, UNKNOWN = "policy", "unknown"  # ``by`` for an erasure the client agreed to, and for a login name not known
_ID_BYTES = 16


def write(  # noqa: PLR0913  (the columns)
    connection: Connection,
    by: str,
    action: Action,
    *,
    client: str | None = None,
    visit: str | None = None,
    detail: str = "",
) -> None:
    """Add a line to the log. It uses the caller's transaction, so that action and line are written together."""
    values = {"id": secrets.token_urlsafe(_ID_BYTES), "at": datetime.now(UTC), "by": by, "action": action}
    connection.execute(insert(access).values(values | {"client": client, "visit": visit, "detail": detail}))


def about(store: Database, client: str) -> tuple[Logged, ...]:
    """Return the lines on a client and their visits, oldest first; none if the viewer may not see the client."""
    visits = select(visit.c.id).where(visit.c.client == client)
    table = tables.client
    is_seen = select(table.c.id).where(table.c.id == client, ownership.seen(table, store.viewer))
    chosen = select(access).where((access.c.client == client) | access.c.visit.in_(visits))
    with store.reading() as connection:
        if connection.execute(is_seen).one_or_none() is None:
            return ()
        return tuple(map(_entry, connection.execute(chosen.order_by(access.c.at, access.c.id))))


def entries(store: Database, since: datetime | None = None, by: str | None = None) -> tuple[Logged, ...]:
    """Return the log, oldest first; ``since`` leaves out earlier lines, ``by`` those of other advisers."""
    store.require_everything()
    chosen = select(access).order_by(access.c.at, access.c.id)
    if since is not None:
        chosen = chosen.where(access.c.at >= since)
    if by is not None:
        chosen = chosen.where(access.c.by == by)
    with store.reading() as connection:
        return tuple(map(_entry, connection.execute(chosen)))


def _entry(row: Row[Any]) -> Logged:
    return Logged(row.at, row.by, row.action, row.client, row.visit, row.detail)
