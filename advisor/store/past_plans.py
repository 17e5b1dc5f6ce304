"""What a plan was before: every state that an earlier file of a calendar may have been made of."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from advisor.session import record as records
from advisor.session.model import Visit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.store.store import Store

DATED = {"plan", "review", "next_at"}  # what a calendar is made of


def states(store: Store, visit: Visit) -> tuple[Visit, ...]:
    """Return the visit and the same client's earlier ones as they ever stood in the store, oldest first.

    Changes of anything but plan, review and appointment are left out; the last state of each visit is there.

    Raises:
        NotRead: the store cannot be read.
    """
    visits = store.visits(visit.client) if visit.client else (visit,)
    earlier = [one for one in visits if (one.started, one.id) < (visit.started, visit.id)]
    return tuple(state for one in (*earlier, visit) for state in (*_states(store, one), one))


def _states(store: Store, visit: Visit) -> Iterator[Visit]:
    document: dict[str, Any] = {}
    for event in store.events(visit.id):
        document = records.merged(document, event.patch)
        record = records.parse(json.dumps(document)) if DATED & event.patch.keys() else None
        if record is not None:
            yield replace(visit, record=record)
