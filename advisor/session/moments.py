"""When each part of a record was told, from the stored changes of its visit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from advisor.session.model import LONGEST_SESSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from advisor.session.model import Event

Moments = dict[str, tuple[datetime, datetime]]  # name of a part → the first and the last change of it
_LISTS = ("priorities", "wish")  # facts that change as a whole


def of(events: Iterable[Event], started: datetime) -> Moments:
    """Return the moments of each part that was told in a visit. Corrections long after its beginning are left out.

    Parts: ``item-ID``, ``sign-ID``, ``tried-ID``, ``priorities``, ``wish``, ``path``, ``action-ID``, ``review``,
    ``next_at``.
    """
    moments: Moments = {}
    for number, event in enumerate(events):
        parts = [*_parts(event.patch)]
        brought = number == 0 and len(parts) > 1  # a first change with many parts: they come from last time or a file
        if not brought and started - LONGEST_SESSION <= event.at <= started + LONGEST_SESSION:
            for name in parts:
                moments[name] = (moments.get(name, (event.at, event.at))[0], event.at)
    return moments


def _parts(patch: dict[str, Any]) -> Iterator[str]:
    """Yield the parts that a change names. Null, which takes a part away, has none."""
    case, plan = patch.get("case") or {}, patch.get("plan") or {}
    facts = case.get("facts") or {}
    yield from (f"item-{name}" for group in ("responses", "marks") for name in case.get(group) or ())
    yield from (f"sign-{name}" for name in facts.get("signs") or ())
    yield from (f"tried-{name}" for name in facts.get("tried") or ())
    yield from (name for name in _LISTS if name in facts)
    yield from (f"action-{action['id']}" for action in plan.get("actions") or ())
    yield from ("path",) if "path" in plan else ()
    yield from (name for name in ("review", "next_at") if name in patch)
