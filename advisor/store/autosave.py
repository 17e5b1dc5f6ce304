"""The autosave saves the session after every change, and knows whether the change is stored.

It listens to the session before any view does. So a view that is drawn after a change shows whether the change was
saved. Two pages on one visit follow each other (:meth:`Autosave.look`). What they change in different fields is put
together. In the same field the later change stays, and both pages say so and offer the earlier one. A change that was
made while the page was asleep or without its store is different: then the person is asked which to keep.
"""

from __future__ import annotations

import json
import logging
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from advisor.session import client_screen, moments
from advisor.session import record as records
from advisor.session.model import now
from advisor.session.session import Rejected
from advisor.store import (
    ChangedElsewhere,
    Gone,
    NotAllowed,
    NotRead,
    NotSaved,
    StoreError,
    is_id,
    new_id,
    office,
    past_plans,
)

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog
    from advisor.session.model import By, Client, Record, Visit
    from advisor.session.moments import Moments
    from advisor.session.session import Session
    from advisor.store import Store

log = logging.getLogger(__name__)
QUIET = (*records.PLACE, "shown")  # pages may differ in these without a question; what both have shown is put together
OURS = ("digest", "scoring", "corrected")  # a copy that a tab kept must not change these
AWAKE = 30.0  # seconds since this page last knew what is stored; later its changes were made asleep
MEETING = 3.0  # seconds: so close together, two changes of one field were made without knowing of each other


@dataclass(frozen=True, slots=True)
class SaveState:
    """Whether the record on the screen is stored. ``at``: when it was last saved; ``word``: why saving failed.

    States: new (there is nothing to save yet) · saved · failed (it will be tried again) · elsewhere (another screen
    has saved ``theirs``, and the person has to choose) · gone (the visit was erased; nothing is saved any more).
    """

    state: Literal["new", "saved", "failed", "elsewhere", "gone"]
    at: datetime | None = None
    word: str = ""
    theirs: Record | None = None


@dataclass(frozen=True, slots=True)
class Met:
    """Two pages changed the same fields: their paths, and records with the values that did not stay and that did."""

    places: frozenset[records.Path]
    earlier: Record
    later: Record


@dataclass(frozen=True, slots=True)
class Moved:
    """The fields that another page has changed, as this page took them in last; ``by``: who changed them."""

    places: frozenset[records.Path]
    by: By


class Autosave:
    """Saves one session in the store. ``base`` is the record as it was last stored.

    ``met``: the fields that both pages changed last. ``moved``: what this page last took in of another page.
    ``refused``: why the viewer may not use the store any more; empty while they may. ``known``: when this page last
    knew what is stored; ``followed``: when it last took in another page's change (as of :func:`time.monotonic`).
    """

    def __init__(self, store: Store, session: Session, visit: Visit | None = None) -> None:
        """Save ``session`` as ``visit``. Without one, the first answer makes a new visit."""
        self.store, self.session = store, session
        self.visit: str = visit.id if visit else new_id()
        self.base: Record | None = visit.record if visit else None
        self.kept = SaveState("saved", visit.changed) if visit else SaveState("new")
        self.code = ""  # the client's code; the screen shows it, because two tabs of one day look alike
        self.todays = False  # True: this is an old visit, and its client also has one of today
        self.alias = ""  # stands for the visit's id where the page may not tell it
        self.asked = ""  # the id in the address of a visit that could not be read: a reload may find it
        self.met: Met | None = None
        self.moved: Moved | None = None
        self.followed: float | None = None
        self.refused = ""
        self.known = time.monotonic()
        self._changed: dict[records.Path, float] = {}  # the fields that this page saved last, and when
        self._tried: Record | None = None  # the record that the last call tried to save
        session.on_change(self.keep)

    def keep(self, session: Session) -> None:
        """Save what changed. After a failure only :meth:`retry` tries again: otherwise each key press would wait.

        A visit that is open for reading is not saved, not even which screen it shows.
        """
        record = session.record
        if session.is_read_only:
            return
        if record.revision == 0:  # the session was begun anew
            self.visit, self.base, self.kept = new_id(), None, SaveState("new")
            self._forget_others()
            self.code, self.asked = "", ""
        elif record != self.base and self.kept.state in {"new", "saved"} and not (self.base is None and _blank(record)):
            self._save(record)

    def retry(self) -> bool:
        """Try again to save after a failure; return whether the state changed."""
        if self.kept.state != "failed":
            return False
        before = self.kept
        self._save(self.session.record)
        return self.kept != before

    def look(self) -> bool:
        """Take in what another page has saved of this visit since; return whether it was anything.

        A page that is only read, or that has not saved its own changes, takes in nothing.
        """
        base = self.base
        if base is None or self.kept.state != "saved" or self.session.is_read_only:
            return False
        try:
            revision = self.store.revision(self.visit)
            stored = self.store.visit(self.visit) if revision not in {None, base.revision} else None
            if revision is None and self.store.is_erased(self.visit):
                self.kept = SaveState("gone", self.kept.at)
                self.session.refresh()
                return True
        except StoreError as failure:
            self.refused = failure.word if isinstance(failure, NotAllowed) else self.refused
            return False
        self.known = time.monotonic()
        if stored is None or self._catalogue(stored.record) is None:
            return False
        mine = self.session.record
        recent = [place for place, at in self._changed.items() if self.known - at < MEETING and place[-1] != "rows"]
        changed = _places(base, stored.record)
        met = frozenset(place for place in changed if any(one[: len(place)] == place for one in recent))
        if self._crossed(base, stored.record):  # else the other page knew of our change: two people take turns
            self._note(met, mine, stored.record)
        self._follow(stored.record, stored.record, stored.changed)
        return True

    def _crossed(self, base: Record, stored: Record) -> bool:
        """Return whether one of the changes since ``base`` was made without knowing of the one before."""
        if stored.crossed or stored.revision == base.revision + 1:
            return stored.crossed
        try:
            events = self.store.events(self.visit)
        except StoreError:
            return True
        return any(event.patch.get("crossed") for event in events if event.revision > base.revision)

    def put_back(self) -> None:
        """Give the fields that both pages changed the values that did not stay; what was changed since then stays.

        Raises:
            Rejected: they do not fit the record any more.
        """
        met = self.met
        if met is None:
            return
        places = met.places - _places(met.later, self.session.record)
        self.session.revise(lambda record: records.put_back(record, met.earlier, places) or record)
        self.leave_as_it_is()

    def leave_as_it_is(self) -> None:
        """Say no more that both pages changed the same fields."""
        self.met = None
        self.session.refresh()

    def take_theirs(self) -> None:
        """Go on with the record of the other screen. The changes of this screen are dropped: the person chose so."""
        if self.kept.theirs is not None:
            self._go_on(self.kept.theirs, self.kept.theirs)

    def keep_mine(self) -> None:
        """Apply the changes of this screen on top of what the other screen saved."""
        theirs = self.kept.theirs
        if theirs is None or self.base is None:
            return
        mine = self.session.record
        merged = records.on_top(self.base, theirs, mine)
        if merged is None or self._catalogue(merged) is None:
            merged = mine  # together they break a limit: four actions, for example
        by = self.session.by
        self._go_on(theirs, replace(merged, revision=theirs.revision + 1, changed_by=by, crossed=False))

    def correct(self) -> None:
        """Open an old visit for correction. It loads the stored record first: another screen may have corrected it.

        Raises:
            Rejected: the visit is not open for reading.
        """
        if not self.session.is_read_only or self.session.is_missing:
            raise Rejected("reads")
        _, visit = self.stored()
        if visit is not None and visit.record != self.base:
            self._go_on(visit.record, visit.record)
        self.session.correct()

    def end_correction(self) -> None:
        """End the correction and go back to reading.

        Raises:
            Rejected: something is not stored yet.
        """
        if self.kept.state != "saved":
            raise Rejected("unsaved")
        self.session.end_correction()

    def restart(self) -> None:
        """Begin a new session without a client. It is refused if the screen did not show that this visit has a client.

        Raises:
            Rejected: the desk gave this visit to a client meanwhile, or something is not stored yet.
        """
        if self.session.client is None:
            self.look_whose()
            if self.session.client is not None:
                raise Rejected("client")
        self.require_stored()
        self.session.restart()

    def require_stored(self) -> None:
        """Check that nothing is lost when the page leaves this visit; a failed save is tried again first.

        Raises:
            Rejected: something is not stored yet.
        """
        self.retry()
        if self.kept.state in {"failed", "elsewhere"}:
            raise Rejected("unsaved")

    def turn_to(self, visit: Visit, session: Session) -> None:
        """Replace this visit by another one of the same client, with the session made for it."""
        self.visit, self.base, self.kept, self.asked = visit.id, visit.record, SaveState("saved", visit.changed), ""
        self.todays = False
        self._forget_others()
        self.session.turn_to(session)

    @property
    def owner(self) -> str:
        """The mark of the adviser, for the copy that a tab keeps; empty if the viewer sees everything.

        On a client's page it is the alias of the visit, so that a new link finds the copies of an old one.
        """
        return self.alias or self.store.mark

    @property
    def known_as(self) -> str:
        """The name of the visit in the copies that a tab keeps."""
        return self.alias or self.visit

    @property
    def address(self) -> str:
        """The visit's id for the page's address; empty while nothing is stored."""
        return self.visit if self.base is not None else self.asked

    def look_whose(self) -> None:
        """Look up the client of this visit: the desk may have given it to one meanwhile."""
        _, visit = self.stored()
        if visit is not None:
            self.session.client = visit.client

    def look_up_imprint(self, client: Client | None) -> None:
        """Look up what stands at the head of the papers of this visit; without the store it stays as it is."""
        with suppress(StoreError):
            self.session.imprint = office.imprint(self.store, client, self.visit)

    def stored(self) -> tuple[Client | None, Visit | None]:
        """Return the client and the visit as they are stored; None for both if the store cannot be read."""
        try:
            client = self.store.client(self.session.client) if self.session.client else None
            return client, self.store.visit(self.visit)
        except StoreError:
            return None, None

    def moments(self) -> Moments:
        """Return when each part of this visit was told; empty if the store cannot be read."""
        try:
            return moments.of(self.store.events(self.visit), self.session.started or now())
        except StoreError:
            return {}

    def past(self) -> tuple[Visit, ...]:
        """Return all earlier states of this visit and of the same client's visits before it.

        Empty if the store cannot be read. See :mod:`advisor.store.past_plans`.
        """
        try:
            visit = self.store.visit(self.visit)
            return past_plans.states(self.store, visit) if visit else ()
        except StoreError:
            return ()

    def exported(self, kind: str) -> None:
        """Log a download or print of this visit. If the store cannot be written, the download goes on without the log.

        Raises:
            StoreError: the adviser may not use the store (any more).
        """
        try:
            self.store.log("exported", client=self.session.client, visit=self.visit, detail=kind)
        except (NotSaved, NotRead):
            log.warning("what left the room could not be logged")

    def discard(self) -> None:
        """Erase this visit if it has no client yet, and begin a new one.

        Raises:
            StoreError: it could not be erased.
        """
        if self.session.client is not None:
            return
        visit = self.store.visit(self.visit)
        if visit is not None and visit.client is not None:  # the desk gave it to a client meanwhile
            self.session.client = visit.client
            self.session.refresh()
            return
        if visit is not None:
            self.store.erase_visit(self.visit)
        self.session.restart()

    # --- a copy in the tab while the store cannot be written ---

    def unsaved(self) -> str:
        """Return the changes that are not stored yet as JSON, for the tab to keep; empty if everything is stored."""
        if self.kept.state not in {"failed", "elsewhere"}:
            return ""
        base = self.base or records.new(self.session.catalog)
        patch = records.difference(base, self.session.record)
        head = {"owner": self.owner, "visit": self.known_as, "base": base.revision, "stored": bool(self.base)}
        return json.dumps({**head, "patch": patch}, ensure_ascii=False)

    def resume(self, text: str) -> bool:
        """Go on with a copy that the tab kept.

        Return False if it belongs to another visit or adviser, or cannot be used now: then the tab keeps it.

        Raises:
            Rejected: the copy is of no use: it cannot be read, does not fit, or its visit was erased.
        """
        copy = _copy(text)
        if copy is None:
            raise Rejected("copy")
        if copy["owner"] not in {"", self.owner}:  # copies of older versions have no owner
            return False
        if copy["visit"] != self.known_as and (copy["stored"] or self.base is not None):
            if copy["stored"] and not self.alias and self._is_gone(copy["visit"]):
                raise Rejected("visit")
            return False
        if self.kept.state not in {"new", "saved"} or self.session.is_missing:
            return False
        base = self.base or records.new(self.session.catalog)
        merged = self._with(base, copy["patch"])
        if self.base is not None and not content(base, merged):
            return True  # the store has these changes already
        if base.revision != copy["base"]:  # another screen saved since: the person chooses
            self.kept = SaveState("elsewhere", theirs=base)
            self.base = replace(base, revision=copy["base"])
        if self.session.is_read_only:  # the copy is of an earlier day: it goes in as a correction
            self.session.correct()
        by = self.session.by
        merged = replace(merged, revision=base.revision + 1, changed_by=by, crossed=False)
        self.session.adopt(self.session.stamped(merged))
        return True

    def _with(self, base: Record, changes: dict[str, Any]) -> Record:
        """Return a record with the changes that a tab kept.

        Raises:
            Rejected: they do not fit, or are not what whoever sits there may change.
        """
        merged = records.changed(base, {name: change for name, change in changes.items() if name not in OURS})
        if merged is None or not records.fits(self.session.catalog, merged):
            raise Rejected("record")
        if self.session.by == "client" and not client_screen.may_change(base, merged):
            raise Rejected("record")
        return merged

    def take_up(self, visit: object) -> str:
        """Take the id of a visit that this tab began but did not store; return the id if the store has it after all.

        Without it, the copy in the tab would belong to no visit.
        """
        is_free = self.base is None and _blank(self.session.record)
        if not isinstance(visit, str) or not is_id(visit) or visit == self.visit or not is_free:
            return ""
        try:
            stored = self.store.visit(visit) is not None
        except StoreError:
            return ""
        if not stored:
            self.visit = visit
        return visit if stored else ""

    def ask_first(self) -> None:
        """Ask the person before the next save: the changes that come now were typed before another screen saved."""
        if self.base is not None and self.kept.state == "saved":
            self.kept = SaveState("elsewhere", self.kept.at, theirs=self.base)

    def _is_gone(self, visit: str) -> bool:
        """Return whether a visit was erased. A visit that is only missing may come back, with its drive for example."""
        try:
            return self.store.is_erased(visit)
        except StoreError:
            return False

    def _forget_others(self) -> None:
        """Forget what is known of other pages: it belongs to the visit that this page leaves."""
        self.met, self.moved, self.followed, self._changed = None, None, None, {}

    def _go_on(self, theirs: Record, record: Record) -> None:
        """Go on with ``record``, based on ``theirs``. Without its catalogue nothing changes: the question stays."""
        session, catalog = self.session, self._catalogue(record)
        if catalog is None:
            return
        today = session.today or session.catalog
        session.catalog, session.today = catalog, None if catalog is today else today
        self.base, self.kept, self.met = theirs, SaveState("saved", self.kept.at), None
        session.adopt(record)

    def _catalogue(self, record: Record) -> Catalog | None:
        """Return the catalogue of a record, None if it is lost or does not fit.

        It may be another one than this screen's: the other screen may use today's catalogue.
        """
        session = self.session
        catalogs = {each.digest: each for each in (session.catalog, session.today) if each is not None}
        catalogs[session.record.digest] = session.catalog  # if the original is lost, this one reads the record
        catalog = catalogs.get(record.digest) or self.store.catalogue(record.digest)
        return catalog if catalog is not None and records.fits(catalog, record) else None

    def _save(self, record: Record) -> None:
        self.kept, tried, self._tried = SaveState("failed", self.kept.at, NotSaved.word), self._tried, record
        try:
            at = self.store.save(self.visit, self.session.client, self.base, record)
        except ChangedElsewhere as changed:
            if changed.visit.record == tried:  # our own save: it was stored, only the database's answer was lost
                self.base = tried
                self._save(record)
            else:
                self._meet(changed.visit)
        except Gone as gone:
            word = "not_saved_missing"  # a drive or the right copy of the store may come back
            self.kept = SaveState("gone", self.kept.at) if gone.is_erased else SaveState("failed", self.kept.at, word)
        except (NotSaved, NotAllowed) as failure:
            self.kept = SaveState("failed", self.kept.at, failure.word)
            self.refused = failure.word if isinstance(failure, NotAllowed) else self.refused
        except StoreError:  # the key or the schema changed under a running session
            self.kept = SaveState("failed", self.kept.at, NotSaved.word)
        else:
            self.session.started = self.session.started or at
            self.known = time.monotonic()
            told = _places(self.base or records.new(self.session.catalog), record)
            self._changed |= dict.fromkeys(told, self.known)
            self.base, self.kept = record, SaveState("saved", at)

    def _note(self, places: frozenset[records.Path], earlier: Record, later: Record) -> None:
        """Offer the values that did not stay, together with those that are offered already."""
        if not places:
            return
        before = self.met
        if before is not None:
            earlier = records.put_back(earlier, before.earlier, before.places - places) or earlier
            places |= before.places
        self.met = Met(places, earlier, later)

    def _follow(self, theirs: Record, record: Record, at: datetime) -> None:
        """Go on with ``record``, which is, or holds, what another page has saved."""
        session, catalog = self.session, self._catalogue(record)
        if catalog is not None and catalog is not session.catalog:
            session.catalog, session.today = catalog, None
        if self.base is not None:
            self.moved = Moved(_places(self.base, theirs), theirs.changed_by)
        self.base, self.kept, self.followed = theirs, SaveState("saved", at), time.monotonic()
        session.go_on_with(record)

    def _meet(self, stored: Visit) -> None:
        """Put this page's changes together with those that another page has saved meanwhile.

        In a field that both changed, this page's value stays, because it is the later one. A person chooses where that
        would guess: this page did not know what is stored, or the changes cannot stand together.
        """
        theirs, mine = stored.record, self.session.record
        self.base = base = self.base or records.new(self.session.catalog)  # None: two pages began this visit
        self.kept = SaveState("elsewhere", stored.changed, theirs=theirs)
        ours, others = _places(base, mine), _places(base, theirs)
        differing = _places(theirs, mine)
        both = ours & others & differing
        is_awake = time.monotonic() - self.known < AWAKE
        if differing and ((both and not is_awake) or records.clash(ours, others)):
            return
        together = records.on_top(base, theirs, mine)
        if together is None or self._catalogue(together) is None:
            return
        self._note(both, theirs, mine)
        merged = replace(together, revision=theirs.revision + 1, changed_by=self.session.by, crossed=True)
        self._follow(theirs, merged, stored.changed)


def content(before: Record, after: Record) -> dict[str, Any]:
    """Return the difference between two records as a JSON Merge Patch, without the fields of :data:`QUIET`."""
    return records.difference(before, _loud(before, after))


def _places(before: Record, after: Record) -> frozenset[records.Path]:
    """Return the paths of all fields of content that differ between two records."""
    return records.places(before, _loud(before, after))


def _loud(before: Record, after: Record) -> Record:
    """Return ``after`` with the quiet fields of ``before``."""
    return replace(after, **{name: getattr(before, name) for name in QUIET})


def _blank(record: Record) -> bool:
    """Return whether a record has no content yet. A visit is stored from its first answer on."""
    return record == replace(_empty(record), **{name: getattr(record, name) for name in records.PLACE})


def _empty(record: Record) -> Record:
    return type(record)(digest=record.digest, scoring=record.scoring)


def _copy(text: str) -> dict[str, Any] | None:
    try:
        copy = json.loads(text)
    except ValueError:
        return None
    shape = {"owner": str, "visit": str, "base": int, "stored": bool, "patch": dict}
    if isinstance(copy, dict):
        copy = {"owner": "", **copy}
    if not isinstance(copy, dict) or copy.keys() != shape.keys():
        return None
    return copy if all(isinstance(copy[name], kind) for name, kind in shape.items()) else None
