"""Visits from elsewhere, with their own days: read from a file, stored under new ids, all of them or none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert

from advisor.store import access_log, rows, tables
from advisor.store.store import new_id

if TYPE_CHECKING:
    from advisor.session.model import Client, Visit
    from advisor.store.store import Store

FIRST = 1  # revision of a visit that was taken in unchanged; 0 would mean that nothing is stored


def take_in(store: Store, client: Client | None, visits: tuple[Visit, ...]) -> str | None:
    """Store a client and visits under new ids, as the viewer's; visits of nobody count as touched now.

    Return the client's id.

    Raises:
        NotSaved: the database could not, or the keys were changed; nothing was stored.
    """
    now = datetime.now(UTC)
    owner = None if client is None else new_id()
    with store.sealing() as connection:
        if client is not None and owner is not None:
            values = rows.client_row(replace(client, id=owner), store.vault)
            connection.execute(insert(tables.client).values(values | {"adviser": store.viewer}))
            access_log.write(connection, store.by, "imported", client=owner)
        for visit in visits:
            name, record = new_id(), replace(visit.record, revision=max(FIRST, visit.record.revision))
            changed = now if client is None else visit.changed
            text = store.vault.seal(rows.patch_text(None, record))
            row = {"id": name, "client": owner, "revision": record.revision, "record": text, "adviser": store.viewer}
            connection.execute(insert(tables.visit).values(row | {"started": visit.started, "changed": changed}))
            event = {"visit": name, "revision": record.revision, "at": changed, "patch": text}
            connection.execute(insert(tables.event).values(event))
            access_log.write(connection, store.by, "imported", client=owner, visit=name)
    return owner
