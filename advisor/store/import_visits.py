"""Import of visits from a file: they keep their days, get new ids, and are stored all or not at all."""

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

FIRST = 1  # the revision of a visit that is stored but not yet changed; 0 means: nothing is stored


def import_visits(store: Store, client: Client | None, visits: tuple[Visit, ...]) -> str | None:
    """Store a client and visits under new ids, owned by the viewer; return the client's new id.

    Visits without a client count as changed now. Otherwise an old one would be erased within days.

    Raises:
        NotSaved: the database could not write, or the keys were changed; nothing was stored.
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
