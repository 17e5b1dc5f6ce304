"""Opens a visit by the id in the address, with the catalogue of its time, and begins a client's next visit."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from advisor.scoring.reading import read
from advisor.session import client_screen
from advisor.session import record as records
from advisor.session.advance import taken_in
from advisor.session.appointments import ahead, ends, met, standing
from advisor.session.letterhead import Inviter
from advisor.session.model import day_of
from advisor.session.model import today as day_in_the_room
from advisor.session.session import Past, Session
from advisor.store import Gone, NotAllowed, StoreError, appointments, invitations, new_id, office
from advisor.store.autosave import Autosave
from advisor.store.import_visits import FIRST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from advisor.content.catalog import Catalog
    from advisor.content.words import Language
    from advisor.session.model import Record, Visit
    from advisor.session.office import Contact
    from advisor.store import Store


@dataclass(frozen=True, slots=True)
class Opened:
    """A session with its autosave; ``notice`` is the interface word for why the visit was not opened, if it was not."""

    session: Session
    autosave: Autosave
    notice: str = ""


def open_visit(store: Store, name: str = "", screen: str = "") -> Opened:
    """Return the session of the visit with the id ``name``, at its own screen or at ``screen``. No name: a new session.

    A visit is opened only if the access log can be written. If it cannot be opened, the new session takes no answers
    until a person chooses to begin a new visit: answers meant for this client would have no client.
    """
    today, session, why = store.current(), None, "visit_unread"
    try:
        visit = store.visit(name)  # also without a name: it raises if the viewer may not use the store
        if visit is None and not name:
            return _new(store, today, screen=screen)
        if visit is None:
            return _new(store, today, "visit_erased" if store.is_erased(name) else "visit_unknown")
        session = _session(store, today, visit)
        client, reads = visit.client, session is not None and session.is_read_only
        has_todays = reads and client is not None and bool(todays(store.visits(client), day_in_the_room()))
        store.log("opened", client=visit.client, visit=visit.id)
    except NotAllowed as refused:
        return _new(store, today, refused.word)
    except StoreError as failure:
        visit = None
        why = failure.word if failure.is_misplaced else why if name else ""
    if visit is None or session is None:
        opened = _new(store, today, why, "" if name else screen)
        opened.autosave.asked = name
        return opened
    session.contacts = _contacts(store)
    autosave = Autosave(store, session, visit)
    stored_client, _ = autosave.stored()
    autosave.code = stored_client.code if stored_client else ""
    autosave.look_up_imprint(stored_client)
    autosave.todays = has_todays
    if screen in records.SCREEN_IDS and screen != visit.record.screen:
        session.go(screen)
    return Opened(session, autosave)


def _contacts(store: Store) -> tuple[Contact, ...]:
    """Return the office's own contacts; none if the store cannot be read: the session goes on without them."""
    try:
        return office.contacts(store)
    except StoreError:
        return ()


def unused(visits: Sequence[Visit], on: date) -> Visit | None:
    """Return a client's latest visit if it began on this day or later and has no change yet.

    Later: after the clock was set back, the store dates a new visit after the one before it.
    """
    last = visits[-1] if visits and day_of(visits[-1].started) >= on else None
    return last if last and last.record.revision <= FIRST else None


def todays(visits: Sequence[Visit], on: date) -> Visit | None:
    """Return a client's latest visit if it began on this day."""
    return visits[-1] if visits and day_of(visits[-1].started) == on else None


def last_used(visits: Sequence[Visit]) -> Visit:
    """Return the latest visit with a change, else the latest one. A visit only begun would hide the plan before it."""
    return next((one for one in reversed(visits) if one.record.revision > FIRST), visits[-1])


def begin_next(store: Store, today: Catalog, client: str, language: Language, on: date) -> str:
    """Begin a client's next visit and return its id. A visit that began on this day and is unused is taken instead.

    What the client told before, by an invitation, stands in it from the beginning; the link ends.

    Raises:
        StoreError: the visit could not be stored.
    """
    visits = store.visits(client)
    begun = unused(visits, on)
    visit = begun.id if begun else new_id()
    sheet = invitations.close(store, client, visit)
    if begun:
        if sheet and begun.record.advance is None:
            told = taken_in(store.catalogue(begun.record.digest) or today, begun.record, sheet)
            store.save(visit, client, begun.record, replace(told, revision=begun.record.revision + 1))
        return visit
    record = replace(records.new(today), language=language)
    if visits:
        last = last_used(visits)
        record = records.follow_up(today, last.record, last.id)
        record = _with_left(today, record, visits[-1])
    if sheet:
        record = taken_in(today, record, sheet)
    store.save(visit, client, None, replace(record, revision=FIRST))
    return visit


def _with_left(today: Catalog, record: Record, last: Visit) -> Record:
    """Return the record with what an advance sheet told in a visit that was begun and never used."""
    left = last.record
    if left.advance is None or left.revision > FIRST:
        return record
    told = replace(record, case=left.case, advance=left.advance, language=left.language)
    return told if records.fits(today, told) else record


def go_on_with_client(autosave: Autosave) -> None:
    """Change the page to the client's next visit. From an old visit it goes to the one of today, if there is one.

    Raises:
        Rejected: something of this visit is not stored yet.
        StoreError: the next visit could not be begun or opened; the page keeps this visit.
    """
    autosave.require_stored()
    store, session, on = autosave.store, autosave.session, day_in_the_room()
    today, client = session.today or session.catalog, session.client
    if client is None:
        raise Gone
    begun = todays(store.visits(client), on) if session.state != "live" else None
    name = begun.id if begun else begin_next(store, today, client, session.language, on)
    if name == autosave.visit:
        return
    visit = store.visit(name)
    other = _session(store, today, visit) if visit else None
    if visit is None or other is None:
        raise Gone
    store.log("opened", client=client, visit=name)
    other.imprint = office.imprint(store, store.client(client), name)
    autosave.turn_to(visit, other)


def close_screen(store: Store, visit: str, client: str | None, record: Record | None) -> None:
    """End the client's own screen of a visit that a page has left; ``record``: as it was stored last.

    It is not worth a question: where the store cannot be written, or another page has just saved, it stays as it is.
    """
    if record is not None and record.client_screen.mode:
        closed = replace(client_screen.closed(record), revision=record.revision + 1, changed_by="", crossed=False)
        with suppress(StoreError):
            store.save(visit, client, record, closed)


def until(autosave: Autosave) -> datetime | None:
    """Return the end of the appointment that today's visit keeps; None without one, or if the store cannot be read."""
    store, session = autosave.store, autosave.session
    if session.client is None or session.started is None or session.state != "live":
        return None
    try:
        visits, rows = store.visits(session.client), appointments.of_client(store, session.client)
    except StoreError:
        return None
    kept = met(standing(session.client, appointments.agreed_in(visits), rows, session.day), session.day)
    return ends(kept) if kept else None


def inviter(store: Store, client: str) -> Inviter:
    """Return who invites a client to answer before the next session."""
    visits, on = store.visits(client), day_in_the_room()
    begun = day_of(visits[-1].started) if visits else None
    known = standing(client, appointments.agreed_in(visits), appointments.of_client(store, client), on)
    meeting = next((one.at for one in ahead(known, on, begun)), None)
    return Inviter(office.letterhead(store), office.imprint(store, store.client(client)).adviser, meeting)


def _session(store: Store, today: Catalog, visit: Visit) -> Session | None:
    """Return the session of a stored visit, or None if its catalogue is lost."""
    catalog = _catalogue(store, today, visit.record)
    if catalog is None:
        return None
    last, now = last_time(store, today, visit), None if catalog is today else today
    return Session(catalog, visit.record, client=visit.client, last=last, today=now, started=visit.started)


def last_time(store: Store, today: Catalog, visit: Visit) -> Past | None:
    """Return the same client's visit before this one, read with the catalogue of its time; None if there is none."""
    if visit.client is None:
        return None
    before = [other for other in store.visits(visit.client) if other.started < visit.started]
    if not before:
        return None
    last = last_used(before)
    record = last.record
    catalog = _catalogue(store, today, record)
    if catalog is None:
        return None
    return Past(record, read(catalog, record.case.responses, record.case.facts), day_of(last.started))


def _new(store: Store, today: Catalog, notice: str = "", screen: str = "") -> Opened:
    session = Session(today)
    autosave = Autosave(store, session)
    session.is_read_only = bool(notice)
    session.contacts = () if notice else _contacts(store)
    autosave.look_up_imprint(None)
    if screen in records.SCREEN_IDS:
        session.go(screen)  # a screen alone is not stored: the visit has no answer yet
    return Opened(session, autosave, notice)


def _catalogue(store: Store, today: Catalog, record: Record) -> Catalog | None:
    """Return the catalogue of a record: the original, else today's if the record fits it, else None."""
    catalog = today if record.digest == today.digest else store.catalogue(record.digest)
    if catalog is None and records.fits(today, record):
        catalog = today
    return catalog if catalog is not None and records.fits(catalog, record) else None
