"""The autosave: saves the session after every change, and knows whether what is on the screen is safe.

It listens to the session before any view does, so a view that is drawn after a change shows what became of it. Two
screens on one visit never overwrite each other: whoever saves second is told what changed, and chooses.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from advisor.session import record as records
from advisor.session.session import Rejected
from advisor.store import ChangedElsewhere, Gone, NotAllowed, NotRead, NotSaved, StoreError, is_id, new_id, past_plans

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog
    from advisor.session.model import Client, Record, Visit
    from advisor.session.session import Session
    from advisor.store import Store

log = logging.getLogger(__name__)
PLACE = ("step", "language", "revision")  # where a screen stands: not worth a question when two screens differ
OURS = ("digest", "scoring", "corrected")  # what a copy in a tab has no say in


@dataclass(frozen=True, slots=True)
class SaveState:
    """Whether the screen is safe: ``at`` is when it was last saved, ``word`` says why it is not.

    new: nothing to keep yet · saved · failed: will be tried again · elsewhere: another screen has saved ``theirs``, the
    person chooses · gone: the visit was erased and is not saved any more.
    """

    state: Literal["new", "saved", "failed", "elsewhere", "gone"]
    at: datetime | None = None
    word: str = ""
    theirs: Record | None = None


class Autosave:
    """Keeps one session in the store. ``base`` is the record as it was last stored."""

    def __init__(self, store: Store, session: Session, visit: Visit | None = None) -> None:
        """Keep ``session`` as ``visit``, or as a new visit as soon as something is told."""
        self.store, self.session = store, session
        self.visit: str = visit.id if visit else new_id()
        self.base: Record | None = visit.record if visit else None
        self.kept = SaveState("saved", visit.changed) if visit else SaveState("new")
        self.code = ""  # the client's, to be seen on the screen: two tabs of one day look alike
        self.todays = False  # an old visit is read, and its client has one of today, too
        self.asked = ""  # the visit that the address names and that could not be read: a reload may find it
        self._tried: Record | None = None  # what could not be saved, as far as anybody knows
        session.on_change(self.keep)

    def keep(self, session: Session) -> None:
        """Save what changed. After a failure the next try is :meth:`retry`'s, so that nobody waits at every key.

        Of a visit that is only read, nothing is saved: where this screen stands is its own affair.
        """
        record = session.record
        if session.reads:
            return
        if record.revision == 0:  # the session was begun anew
            self.visit, self.base, self.kept = new_id(), None, SaveState("new")
            self.code, self.asked = "", ""
        elif record != self.base and self.kept.state in {"new", "saved"} and not (self.base is None and _blank(record)):
            self._save(record)

    def retry(self) -> bool:
        """Try again what could not be saved; return whether anything is different now."""
        if self.kept.state != "failed":
            return False
        before = self.kept
        self._save(self.session.record)
        return self.kept != before

    def take_theirs(self) -> None:
        """Go on with what the other screen saved; what was changed here is dropped, as the person chose."""
        if self.kept.theirs is not None:
            self._go_on(self.kept.theirs, self.kept.theirs)

    def keep_mine(self) -> None:
        """Put what was changed here on top of what the other screen saved."""
        theirs = self.kept.theirs
        if theirs is None or self.base is None:
            return
        mine = self.session.record
        merged = records.on_top(self.base, theirs, mine)
        if merged is None or self._catalogue(merged) is None:
            merged = mine  # together they would be too much: four actions, say
        self._go_on(theirs, replace(merged, revision=theirs.revision + 1))

    def correct(self) -> None:
        """Open an old visit to be corrected, as it is stored now: another screen may have corrected it meanwhile.

        Raises:
            Rejected: it is not one that is read.
        """
        if not self.session.reads or self.session.is_missing:
            raise Rejected("reads")
        _, visit = self.stored()
        if visit is not None and visit.record != self.base:
            self._go_on(visit.record, visit.record)
        self.session.correct()

    def end_correction(self) -> None:
        """Go back to reading, once all is stored.

        Raises:
            Rejected: something is not.
        """
        if self.kept.state != "saved":
            raise Rejected("unsaved")
        self.session.end_correction()

    def restart(self) -> None:
        """Begin a new session of nobody, as somebody chose who knew whose this one is.

        Raises:
            Rejected: the desk has given this visit to a client meanwhile, or what stands here is not stored yet.
        """
        if self.session.client is None:
            self.look_whose()
            if self.session.client is not None:
                raise Rejected("client")
        self.require_stored()
        self.session.restart()

    def require_stored(self) -> None:
        """See that nothing is lost when this visit is left.

        Raises:
            Rejected: something is not stored yet.
        """
        self.retry()
        if self.kept.state in {"failed", "elsewhere"}:
            raise Rejected("unsaved")

    def turn_to(self, visit: Visit, session: Session) -> None:
        """Keep another visit in this one's place: the same client's, in a session of its own."""
        self.visit, self.base, self.kept, self.asked = visit.id, visit.record, SaveState("saved", visit.changed), ""
        self.todays = False
        self.session.turn_to(session)

    @property
    def owner(self) -> str:
        """The mark of whose session it is, for what a tab keeps; empty where one person has everything."""
        return self.store.mark

    @property
    def address(self) -> str:
        """The id that the page's address shall name, empty while nothing is stored."""
        return self.visit if self.base is not None else self.asked

    def look_whose(self) -> None:
        """Learn whether the desk has given this visit to a client meanwhile."""
        _, visit = self.stored()
        if visit is not None:
            self.session.client = visit.client

    def stored(self) -> tuple[Client | None, Visit | None]:
        """Return the client and the visit as they are stored, as far as the store can be read."""
        try:
            client = self.store.client(self.session.client) if self.session.client else None
            return client, self.store.visit(self.visit)
        except StoreError:
            return None, None

    def past(self) -> tuple[Visit, ...]:
        """Return how this visit and the same client's earlier ones ever stood, as far as the store can be read."""
        try:
            visit = self.store.visit(self.visit)
            return past_plans.states(self.store, visit) if visit else ()
        except StoreError:
            return ()

    def exported(self, kind: str) -> None:
        """Log that something of this visit leaves the room; a store that cannot be written keeps no paper from anybody.

        Raises:
            StoreError: the adviser may not, or not any more.
        """
        try:
            self.store.log("exported", client=self.session.client, visit=self.visit, detail=kind)
        except (NotSaved, NotRead):
            log.warning("what left the room could not be logged")

    def discard(self) -> None:
        """Erase this visit, where it belongs to nobody yet, and begin a new one.

        Raises:
            StoreError: it could not be erased.
        """
        if self.session.client is not None:
            return
        visit = self.store.visit(self.visit)
        if visit is not None and visit.client is not None:  # the desk has given it to a client meanwhile
            self.session.client = visit.client
            self.session.refresh()
            return
        if visit is not None:
            self.store.erase_visit(self.visit)
        self.session.restart()

    # --- a copy in the tab while the store cannot be written ---

    def unsaved(self) -> str:
        """Return what is not stored yet as JSON, for the tab to keep; empty when all is safe."""
        if self.kept.state not in {"failed", "elsewhere"}:
            return ""
        base = self.base or records.new(self.session.catalog)
        patch = records.difference(base, self.session.record)
        told = {"owner": self.owner, "visit": self.visit, "base": base.revision, "stored": bool(self.base)}
        return json.dumps({**told, "patch": patch}, ensure_ascii=False)

    def resume(self, text: str) -> bool:
        """Go on with a copy that the tab kept; return False where the tab shall keep it for another visit or person.

        Raises:
            Rejected: nobody can use the copy: it cannot be read, does not fit, or its visit is gone.
        """
        copy = _copy(text)
        if copy is None:
            raise Rejected("copy")
        if copy["owner"] not in {"", self.owner}:  # as it was kept before, it bears no mark
            return False
        if copy["visit"] != self.visit and (copy["stored"] or self.base is not None):
            if copy["stored"] and self._is_gone(copy["visit"]):
                raise Rejected("visit")
            return False
        if self.kept.state not in {"new", "saved"} or self.session.is_missing:
            return False
        base = self.base or records.new(self.session.catalog)
        patch = {name: change for name, change in copy["patch"].items() if name not in OURS}
        merged = records.changed(base, patch)
        if merged is None or not records.fits(self.session.catalog, merged):
            raise Rejected("record")
        if self.base is not None and not content(base, merged):
            return True  # it was stored after all
        if base.revision != copy["base"]:  # somebody saved since: the person chooses
            self.kept = SaveState("elsewhere", theirs=base)
            self.base = replace(base, revision=copy["base"])
        if self.session.reads:  # it was typed before the visit was left: it goes in, and is told as what it is
            self.session.correct()
        self.session.adopt(self.session.stamped(replace(merged, revision=base.revision + 1)))
        return True

    def take_up(self, visit: object) -> str:
        """Be the visit that was told in this tab before it was stored; return its id if it is stored after all."""
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
        """Let the person choose before anything more is saved: what comes now was typed before somebody else saved."""
        if self.base is not None and self.kept.state == "saved":
            self.kept = SaveState("elsewhere", self.kept.at, theirs=self.base)

    def _is_gone(self, visit: str) -> bool:
        """Return whether a visit was erased, as far as the store can be read; what is only not there may come back."""
        try:
            return self.store.is_erased(visit)
        except StoreError:
            return False

    def _go_on(self, theirs: Record, record: Record) -> None:
        """Go on with ``record`` on top of ``theirs``; where its catalogue cannot be had, the person is asked still."""
        session, catalog = self.session, self._catalogue(record)
        if catalog is None:
            return
        today = session.today or session.catalog
        session.catalog, session.today = catalog, None if catalog is today else today
        self.base, self.kept = theirs, SaveState("saved", self.kept.at)
        session.adopt(record)

    def _catalogue(self, record: Record) -> Catalog | None:
        """Return the catalogue that a record belongs to and fits: the other screen may have gone on to today's."""
        session = self.session
        known = {one.digest: one for one in (session.catalog, session.today) if one is not None}
        known[session.record.digest] = session.catalog  # where that of its time is lost, it is read by today's
        catalog = known.get(record.digest) or self.store.catalogue(record.digest)
        return catalog if catalog is not None and records.fits(catalog, record) else None

    def _save(self, record: Record) -> None:
        self.kept, tried, self._tried = SaveState("failed", self.kept.at, NotSaved.word), self._tried, record
        try:
            at = self.store.save(self.visit, self.session.client, self.base, record)
        except ChangedElsewhere as changed:
            if changed.visit.record == tried:  # our own: it was stored, only the answer to that was lost
                self.base = tried
                self._save(record)
            else:
                self._meet(changed.visit)
        except Gone as gone:
            word = "not_saved_missing"  # its drive, or the right copy of the store, may come back
            self.kept = SaveState("gone", self.kept.at) if gone.is_erased else SaveState("failed", self.kept.at, word)
        except (NotSaved, NotAllowed) as failure:
            self.kept = SaveState("failed", self.kept.at, failure.word)
        except StoreError:  # the key or the schema changed under a running session
            self.kept = SaveState("failed", self.kept.at, NotSaved.word)
        else:
            self.session.started = self.session.started or at
            self.base, self.kept = record, SaveState("saved", at)

    def _meet(self, stored: Visit) -> None:
        """Somebody else has saved: ask, unless one of the two has only moved to another step, or both say the same."""
        theirs, mine = stored.record, self.session.record
        self.base = base = self.base or records.new(self.session.catalog)  # two pages began this visit
        self.kept = SaveState("elsewhere", stored.changed, theirs=theirs)
        if content(base, theirs):
            if not content(base, mine) or not content(theirs, mine):
                place = {name: getattr(mine, name) for name in PLACE[:2]}
                self._go_on(theirs, replace(theirs, **place, revision=theirs.revision + 1))
        else:
            self._go_on(theirs, replace(mine, revision=theirs.revision + 1))


def content(before: Record, after: Record) -> dict[str, Any]:
    """Return what differs between two records (JSON Merge Patch), leaving aside where their screens stand."""
    return {name: change for name, change in records.difference(before, after).items() if name not in PLACE}


def _blank(record: Record) -> bool:
    """Return whether nothing was told yet: a visit is stored from its first answer on."""
    return record == replace(_empty(record), **{name: getattr(record, name) for name in PLACE})


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
