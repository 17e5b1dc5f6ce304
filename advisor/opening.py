"""How a visit is opened: by the opaque id in the address, with the catalogue of its time and the visit before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from advisor import catalog as catalogs
from advisor import record as records
from advisor.client import TOKYO
from advisor.keeper import Keeper
from advisor.reading import read
from advisor.session import Past, Session
from advisor.store import NotAllowed, StoreError

if TYPE_CHECKING:
    from advisor.catalog import Catalog
    from advisor.client import Record, Visit
    from advisor.store import Store


@dataclass(frozen=True, slots=True)
class Opened:
    """A session with its keeper; ``notice`` is the interface word for what stood in the way, if anything did."""

    session: Session
    keeper: Keeper
    notice: str = ""


def open_visit(store: Store, name: str = "", step: str = "") -> Opened:
    """Return the session of the visit ``name``, at its own step or at ``step``; a new one where there is none.

    What cannot be logged is not opened.
    """
    today, session, why = catalogs.load(), None, "visit_unread"
    try:
        visit = store.visit(name)  # a new one asks, too: may anything be stored here?
        if visit is None and not name:
            return _new(store, today, step=step)
        if visit is None:
            return _new(store, today, "visit_erased" if store.is_erased(name) else "visit_unknown")
        session = _session(store, today, visit)
        store.log("opened", client=visit.client, visit=visit.id)
    except NotAllowed as refused:
        return _new(store, today, refused.word)
    except StoreError as failure:
        visit = None
        why = failure.word if failure.is_misplaced else why if name else ""
    if visit is None or session is None:
        opened = _new(store, today, why, "" if name else step)
        opened.keeper.asked = name
        return opened
    keeper = Keeper(store, session, visit)
    client, _ = keeper.stored()
    keeper.code = client.code if client else ""
    if step in records.STEPS and step != visit.record.step:
        session.go(step)
    return Opened(session, keeper)


def _session(store: Store, today: Catalog, visit: Visit) -> Session | None:
    """Return the session of a stored visit, or None where nobody knows its catalogue any more."""
    catalog = _catalogue(store, today, visit.record)
    if catalog is None:
        return None
    last, now = last_time(store, today, visit), None if catalog is today else today
    return Session(catalog, visit.record, client=visit.client, last=last, today=now)


def last_time(store: Store, today: Catalog, visit: Visit) -> Past | None:
    """Return the same client's visit before this one, read by the catalogue of its time."""
    if visit.client is None:
        return None
    before = [other for other in store.visits(visit.client) if other.started < visit.started]
    if not before:
        return None
    record = before[-1].record
    catalog = _catalogue(store, today, record)
    if catalog is None:
        return None
    day = before[-1].started.astimezone(TOKYO).date()
    return Past(record, read(catalog, record.case.responses, record.case.facts), day)


def _new(store: Store, today: Catalog, notice: str = "", step: str = "") -> Opened:
    session = Session(today)
    keeper = Keeper(store, session)
    if step in records.STEPS:
        session.go(step)  # nothing was told there yet, so nothing was stored
    return Opened(session, keeper, notice)


def _catalogue(store: Store, today: Catalog, record: Record) -> Catalog | None:
    """Return the catalogue a record belongs to, or None where it is lost or the record does not fit it."""
    catalog = today if record.digest == today.digest else store.catalogue(record.digest)
    if catalog is None and records.fits(today, record):
        catalog = today
    return catalog if catalog is not None and records.fits(catalog, record) else None
