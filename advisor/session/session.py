"""The session: the only mutable object of the app. Every change makes a new record and, from it, a new reading.

Whatever comes from the browser is untrusted: a value that no question offers raises :class:`Rejected` and changes
nothing. Text that a person typed and that cannot be used yet is kept in ``typed`` beside the reason, so that nothing
typed is lost.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from advisor.content.model import Case, Mark
from advisor.content.words import LANGUAGES, Language
from advisor.scoring.asking import Asking
from advisor.scoring.counterfactual import smallest_change, stability
from advisor.scoring.openness import small_change, steadiness
from advisor.scoring.reading import read
from advisor.scoring.results import Flip, Reading, Stability
from advisor.session import answers, forms, plans, remarks
from advisor.session import record as records
from advisor.session.forms import Unusable
from advisor.session.model import Entry, Plan, Record, day_of, is_over, now, today

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from advisor.content.catalog import Catalog
    from advisor.session.office import Contact

# what was typed into a field, the interface word that says what is wrong with it, and the limit that word names
Typed = tuple[str, str, int]
State = Literal["live", "read", "correct"]


class Rejected(ValueError):  # noqa: N818  (named after what happens to the value)
    """A value that no question offers."""


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier visit to compare with: its record, its reading by the catalogue of that time, its day."""

    record: Record
    reading: Reading
    day: date

    @property
    def corrected(self) -> date | None:
        """The day on which it was corrected last, None where it stands as it was left."""
        return day_of(self.record.corrected[-1]) if self.record.corrected else None


class Session:
    """One client's session: ``record`` and ``reading`` are frozen and always belong together.

    ``client``: the id of whose visit it is, None for nobody's. ``last``: the visit before this one. ``today``: the
    present catalogue, where the record belongs to an older one. ``started``: when the visit was first stored, None
    before that.

    A visit of an earlier day is opened to be read: ``reads``. Whoever corrects it says so first. What is changed after
    a visit's day is noted in its record as a correction, also on a page that stood open over night.
    """

    def __init__(  # noqa: PLR0913  (what a session is made of)
        self,
        catalog: Catalog,
        record: Record | None = None,
        *,
        client: str | None = None,
        last: Past | None = None,
        today: Catalog | None = None,
        started: datetime | None = None,
    ) -> None:
        """Go on with ``record``, or start with an empty one."""
        self.catalog = catalog
        self.client = client
        self.last = last
        self.today = today
        self.started = started
        self.reads = started is not None and is_over(started, now())
        self.correction: datetime | None = None  # when somebody set about correcting an old visit on this page
        self.record: Record = record or records.new(catalog)
        self.reading: Reading = self._read(self.record.case)
        self.supposed: Case | None = None
        self.sheet: str | None = None  # the worksheet that was opened
        self.typed: dict[str, Typed] = {}
        self.marking: set[str] = set()  # items at which the adviser is about to place a marker
        self._listeners: list[Callable[[Session], None]] = []
        self._insight: tuple[Case, Flip | None, Stability] | None = None
        self._asking = Asking()
        self.contacts: tuple[Contact, ...] = ()  # the office's own, for the leaf of help

    @property
    def language(self) -> Language:
        """The language of the screen."""
        return self.record.language

    @property
    def day(self) -> date:
        """The day of the visit; as long as nothing of it is stored, the day in the room."""
        return day_of(self.started) if self.started else today()

    @property
    def is_missing(self) -> bool:
        """Whether a visit was asked for that cannot be had: there is nothing to read, and nothing is told yet."""
        return self.reads and self.started is None

    @property
    def state(self) -> State:
        """Whether this is today's visit, or an old one that is read, or one that is corrected."""
        if self.reads:
            return "read"
        return "correct" if self.started and is_over(self.started, now()) else "live"

    def on_change(self, listener: Callable[[Session], None]) -> None:
        """Call ``listener`` with this session after every change, in the order of subscription."""
        self._listeners.append(listener)

    def refresh(self) -> None:
        """Announce the session as it is, so that every view shows what holds."""
        for listener in self._listeners:
            listener(self)

    # --- changes ---

    def revise(self, change: Callable[[Record], Record]) -> None:
        """Go on with what ``change`` makes of the record; an id that nothing has is rejected like what may not be.

        An old visit that is only read refuses every change.
        """
        if self.reads:
            raise Rejected("reads")
        self._revise(change)

    def _revise(self, change: Callable[[Record], Record]) -> None:
        try:
            record = change(self.record)
        except KeyError:
            record = None
        if record is None:
            raise Rejected("id")  # out here: the other error holds what was sent
        record = self.stamped(self._sound(replace(record, revision=self.record.revision + 1)))
        for new in {action.id for action in record.plan.actions} - {action.id for action in self.record.plan.actions}:
            self._forget(f"action-{new}-")  # it may have the id of an empty one that was taken out
        self._go_on(record)

    def stamped(self, record: Record) -> Record:
        """Return the record that follows the present one, marked as corrected where an old visit is changed by it."""
        same = replace(self.record, step=record.step, language=record.language, revision=record.revision)
        if self.state == "live" or record == same:
            return record
        self.correction = self.correction or now()
        return replace(record, corrected=tuple(sorted({*record.corrected, self.correction})))

    def correct(self) -> None:
        """Open an old visit to be corrected: its day stays, and what is changed is noted as a correction."""
        self.reads, self.correction = False, now()
        self.refresh()

    def end_correction(self) -> None:
        """Go back to reading; not while something that was typed cannot be used yet."""
        if self.state != "correct" or self.typed:
            raise Rejected("typed")
        self.reads, self.marking = True, set()
        self.refresh()

    def adopt(self, record: Record) -> None:
        """Go on with a record from elsewhere, such as a merged one; what stood beside the present one is forgotten."""
        self._sound(record)
        self.typed, self.supposed, self.sheet, self._insight = {}, None, None, None
        self.marking = set()
        self._asking.forget()
        self._go_on(record)

    def _sound(self, record: Record) -> Record:
        for location, _ in records.problems(self.catalog, record):
            raise Rejected(".".join(location))  # where, never what: a value may be a secret
        return record

    def _go_on(self, record: Record) -> None:
        reading = self.reading if record.case is self.record.case else self._read(record.case)
        self.record, self.reading = record, reading
        self.refresh()

    def _answer(self, change: Callable[[Case], Case]) -> None:
        self.revise(lambda record: replace(record, case=change(record.case)))

    def _plan(self, change: Callable[[Plan], Plan]) -> None:
        self.revise(lambda record: replace(record, plan=change(record.plan)))

    @contextmanager
    def _typing(self, name: str, text: str) -> Iterator[None]:
        """Keep a typed text that cannot be used yet beside the reason."""
        self.typed.pop(name, None)
        try:
            yield
        except Unusable as unusable:
            self.typed[name] = (text, unusable.word, unusable.most)
            self.refresh()

    def _forget(self, form: str) -> None:
        """Forget what was typed into a form and could not be used."""
        self.typed = {name: kept for name, kept in self.typed.items() if not name.startswith(form)}

    # --- answers ---

    def respond(self, item: str, value: int | None) -> None:
        """Answer an item, or take the answer back with None."""
        self._answer(lambda case: answers.respond(self.catalog, case, item, value))

    def mark(self, item: str, mark: Mark) -> None:
        """Mark an item as skipped (which takes its answer back) or to be discussed; the same mark again removes it."""
        self._answer(lambda case: answers.mark(self.catalog, case, item, mark))

    def tell(self, **facts: Any) -> None:  # noqa: ANN401  (any fact; what it may hold is checked)
        """Set facts of the client: situation, role, experience, wish, ... ."""
        self._answer(lambda case: answers.tell(case, **facts))

    def tell_years(self, text: str) -> None:
        """Set the years in the present role from typed text; what is not a whole number is kept beside the reason."""
        with self._typing("years", text):
            self._answer(lambda case: answers.tell_years(case, text))

    def tell_fixed(self, chosen: tuple[str, ...]) -> None:
        """Set what cannot move, or that everything can."""
        self._answer(lambda case: answers.tell_fixed(case, chosen))

    def tell_wish(self, text: str) -> None:
        """Set what the client wishes from today; what is too long is kept beside the reason."""
        with self._typing("wish", text):
            self._answer(lambda case: answers.tell_wish(case, text))

    def answer_sign(self, sign: str, answer: str | None) -> None:
        """Answer a sign (yes, no, unknown), or take the answer back with None."""
        self._answer(lambda case: answers.answer_sign(self.catalog, case, sign, answer))

    def answer_tried(self, step: str, answer: str | None) -> None:
        """Say whether a step was tried and whether it helped, or take that back with None."""
        self._answer(lambda case: answers.answer_tried(self.catalog, case, step, answer))

    def prioritise(self, frustration: str) -> None:
        """Mark a frustration as one to change most, or unmark it. A fourth is rejected."""
        self._answer(lambda case: answers.prioritise(case, frustration))

    def widen(self, scale: str) -> None:
        """Ask all items of a scale, or only its quick one again. Answers to the others are kept."""
        self._answer(lambda case: answers.widen(case, scale))

    def place_marker(self, item: str, value: int | None) -> None:
        """Set where the adviser would answer an item, or take that back with None."""
        known = self.catalog.items
        self.revise(lambda record: replace(record, markers=answers.changed(record.markers, known, item, value)))

    def show_marker(self, item: str) -> None:
        """Show where the adviser may place a marker, or take both away again."""
        if item not in self.catalog.items or self.reads:
            raise Rejected("markers")
        if item not in self.marking and item not in self.record.markers:
            self.marking.add(item)
            self.refresh()
        else:
            self.marking.discard(item)
            self.place_marker(item, None)

    # --- plan and worksheets ---

    def follow(self, path: str) -> None:
        """Pick a path to think about, or put it back."""
        self._plan(lambda plan: plans.follow(plan, path))

    def choose(self, step: str) -> None:
        """Pick a step for the plan, or put it aside with what was typed about it. A fourth is rejected."""
        self._plan(lambda plan: plans.choose(plan, step))

    def add_action(self) -> None:
        """Add an action of the client's own. A fourth is rejected."""
        self._plan(plans.add)

    def put_aside(self, action: str) -> None:
        """Take an action out of the plan; what was typed stays."""
        self._plan(lambda plan: plans.put_aside(plan, action))

    def take_back(self, action: str) -> None:
        """Take an action that was put aside into the plan again. A fourth is rejected."""
        self._plan(lambda plan: plans.take_back(plan, action))

    def carry(self, reviewed: str) -> None:
        """Go on with one of last time's actions. A fourth is rejected."""
        last_time = {action.id: action for action in self.record.review}
        self._plan(lambda plan: plans.carry(plan, last_time[reviewed]))

    def fill(self, name: str, text: str) -> None:
        """Set a field of the forms, see :func:`.plans.fill`; what cannot be used is kept beside the reason."""
        with self._typing(name, text):
            self.revise(lambda record: plans.fill(self.catalog, record, name, text))

    def drop_row(self, worksheet: str, row: int) -> None:
        """Remove a row of a worksheet."""
        self._forget(f"sheet-{worksheet}-")
        self.revise(lambda record: forms.without_row(record, worksheet, row))

    def add_row(self, worksheet: str, entry: Entry) -> None:
        """Add a filled row to a worksheet."""
        self.revise(lambda record: forms.with_rows(record, worksheet, [*record.worksheets.get(worksheet, ()), entry]))

    def open_sheet(self, worksheet: str) -> None:
        """Show a worksheet; which one stands open is no part of the record."""
        if worksheet not in self.catalog.worksheets:
            raise Rejected(worksheet)
        self.sheet = worksheet
        self.refresh()

    def take_home(self, worksheet: str) -> None:
        """Put a worksheet into the handout, or take it out again."""
        self.revise(lambda record: replace(record, handout=answers.toggled(record.handout, worksheet)))

    # --- remarks ---

    def unfit(self, target: str) -> None:
        """Say that a path or step does not fit this client, or take that back."""
        self.revise(lambda record: remarks.unfit(record, target))

    def unfit_because(self, target: str, text: str) -> None:
        """Say in a word why it does not fit."""
        self.revise(lambda record: remarks.unfit_because(record, target, text))

    def take_help(self) -> None:
        """Put the leaf of help into the handout, or take it out again."""
        self.revise(remarks.take_help)

    def about_help(self, topic: str) -> None:
        """Tick what the leaf of help is about, or untick it."""
        self.revise(lambda record: remarks.about_help(record, topic))

    # --- place ---

    def go(self, step: str) -> None:
        """Move to a step of the session, also of one that is only read."""
        self._asking.forget()
        self._revise(lambda record: replace(record, step=step))

    def speak(self, language: str) -> None:
        """Switch the language of the screen."""
        if language not in LANGUAGES:
            raise Rejected("language")
        self._revise(lambda record: replace(record, language=language))

    # --- whole records ---

    def restart(self) -> None:
        """Begin a new session of nobody, in the same language; nothing of the present one is kept."""
        self.turn_to(Session(self.today or self.catalog), self.record.language)

    def turn_to(self, other: Session, language: Language | None = None) -> None:
        """Go on as another session: another visit in the same place, before the same listeners."""
        self.catalog, self.today, self.client, self.last = other.catalog, other.today, other.client, other.last
        self.started, self.reads, self.correction = other.started, other.reads, None
        self.adopt(replace(other.record, language=language or other.record.language))

    def open_case(self, case: Case) -> None:
        """Begin a session with a case that is filled in already (a sample); never over a client's own answers."""
        if self.client is not None or self.state != "live":
            raise Rejected("client")
        self.adopt(replace(self.record, case=case, plan=Plan(), revision=self.record.revision + 1))

    def modernise(self) -> None:
        """Go on with today's catalogue and scoring, where the record fits them."""
        reading = self.reading_today()
        if self.today is None or reading is None or self.reads:
            raise Rejected("record")
        fresh = records.new(self.today)
        self.catalog, self.today, self.reading, self._insight = self.today, None, reading, None
        self.revise(lambda record: replace(record, digest=fresh.digest, scoring=fresh.scoring))

    def reading_today(self) -> Reading | None:
        """Return what today's scoring would say, where the record belongs to another one and still fits."""
        if self.today is None or not records.fits(self.today, self.record):
            return None
        return read(self.today, self.record.case.responses, self.record.case.facts)

    # --- what if ---

    def suppose(self, case: Case | None) -> None:
        """Set a case beside the record to look at; the record stays untouched. None ends supposing."""
        if case is not None:
            self._sound(replace(self.record, case=case))
        self.supposed = case
        self.refresh()

    def supposed_reading(self) -> Reading | None:
        """Return the reading of the supposed case, if there is one."""
        return None if self.supposed is None else self._read(self.supposed)

    # --- reading ---

    def insight(self) -> tuple[Flip | None, Stability]:
        """Return what the first path hangs on; computed once for each case."""
        case = self.record.case
        if self._insight is None or self._insight[0] is not case:
            asked = (self.catalog, case.responses, case.facts)
            if self.catalog.scoring.choosing is None:
                self._insight = (case, smallest_change(*asked), stability(*asked))
            else:
                self._insight = (case, small_change(*asked), steadiness(*asked))
        return self._insight[1:]

    def asked_in_place(self, place: str, most: int) -> tuple[str, ...]:
        """Return the open questions that are answered in place (see :class:`advisor.scoring.asking.Asking`)."""
        return self._asking.at(self.catalog, self.record.case, place, most)

    def asked_next(self) -> tuple[str, ...]:
        """Return every open question that could change the order, most valuable first; computed once for each case."""
        return tuple(one.question for one in self._asking.open(self.catalog, self.record.case))

    def may_move(self) -> bool:
        """Return whether the answer to an open question could put another path first."""
        return any(one.first for one in self._asking.open(self.catalog, self.record.case))

    def ask_more(self) -> None:
        """Ask other questions in place than those that were answered."""
        self._asking.forget()
        self.refresh()

    def _read(self, case: Case) -> Reading:
        return read(self.catalog, case.responses, case.facts)
