"""Earlier states of plans: every state from which an earlier calendar file may have been made."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from advisor.session import record as records
from advisor.session.model import Visit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.store.store import Store

DATED = {"plan", "review", "next_at"}  # the fields that go into a calendar file


def states(store: Store, visit: Visit) -> tuple[Visit, ...]:
    """Return all states of the visit and of the same client's earlier visits, oldest first.

    A state is left out if its change touched neither plan, review nor appointment. The last state of each visit is
    always there.

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
