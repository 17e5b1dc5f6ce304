"""The session: the mutable object of a visit. Every change makes a new record and, from it, a new reading.

All values from the browser are untrusted. A value that no question offers raises :class:`Rejected` and changes nothing.
A typed text that cannot be used yet is kept in ``typed`` with the reason, so that the person does not lose it.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from advisor.content.model import Case, Mark
from advisor.content.translator import Say, say
from advisor.content.words import LANGUAGES, Language
from advisor.scoring.asking import Asking
from advisor.scoring.counterfactual import smallest_change, stability
from advisor.scoring.openness import small_change, steadiness
from advisor.scoring.reading import read
from advisor.scoring.results import Flip, Reading, Stability
from advisor.session import account, answers, client_screen, forms, plans, remarks
from advisor.session import record as records
from advisor.session.forms import Unusable
from advisor.session.letterhead import NOBODY, Imprint
from advisor.session.model import Entry, Plan, Record, day_of, is_over, now, today

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date, datetime

    from advisor.content.catalog import Catalog
    from advisor.session.model import By, Mode, Sight
    from advisor.session.office import Contact

# the typed text of a field, the key of the sentence that says what is wrong, and the limit in that sentence
Typed = tuple[str, str, int]
State = Literal["live", "read", "correct"]
MOST_HOMELESS = 3
QUICK_SCREENS = ("aptitude", "frustrations")  # the screens into which answers are typed from paper


class Rejected(ValueError):  # noqa: N818  (named after what happens to the value)
    """A value that no question offers."""


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier visit for comparison: its record, its reading by the catalogue of that time, and its day."""

    record: Record
    reading: Reading
    day: date

    @property
    def corrected(self) -> date | None:
        """The day of the last correction; None if the visit was never corrected."""
        return day_of(self.record.corrected[-1]) if self.record.corrected else None


class Session:
    """One client's session: ``record`` and ``reading`` are frozen, and the reading is always that of the record.

    ``client``: the id of the client; None until the visit gets a client.
    ``last``: the visit before this one.
    ``today``: the present catalogue, if the record belongs to an older one; else None.
    ``started``: the moment at which the visit was first stored; None before that.
    ``is_read_only``: a visit of an earlier day is opened; the adviser must call :meth:`correct` to change it.

    A change after the day of the visit is noted in the record as a correction, also on a page that stayed open
    overnight. ``by``: who changes this session; the record names them as the one who made the last change.
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
        """Start with ``record``, or with an empty record."""
        self.catalog = catalog
        self.client = client
        self.last = last
        self.today = today
        self.started = started
        self.is_read_only = started is not None and is_over(started, now())
        self.correction: datetime | None = None  # the moment at which the present correction began
        self.record: Record = record or records.new(catalog)
        self.reading: Reading = self._read(self.record.case)
        self.supposed: Case | None = None
        self.sheet: str | None = None  # the open worksheet
        self.typed: dict[str, Typed] = {}
        self.is_quick = False  # answers are typed in from paper, one key each
        self.turns: dict[str, int] = {}  # worksheet → how often another page added, moved or removed its rows
        self.homeless: tuple[str, ...] = ()  # typed texts whose field another page took away meanwhile
        self._listeners: list[Callable[[Session], None]] = []
        self._insight: tuple[Case, Flip | None, Stability] | None = None
        self._asking = Asking()
        self.contacts: tuple[Contact, ...] = ()  # the office's contacts for the help leaf
        self.imprint: Imprint = NOBODY  # what stands at the head of every paper of this visit
        self.by: By = ""

    @property
    def language(self) -> Language:
        """The language of the screen."""
        return self.record.language

    @property
    def say(self) -> Say:
        """The words of the screen and of the papers, in their language."""
        return say(self.catalog, self.language, self.today, self.imprint.called)

    @property
    def day(self) -> date:
        """The day of the visit; the present day until the visit is stored."""
        return day_of(self.started) if self.started else today()

    @property
    def is_missing(self) -> bool:
        """Whether the requested visit could not be opened; then the page has nothing to read and allows no changes."""
        return self.is_read_only and self.started is None

    @property
    def state(self) -> State:
        """``live`` for today's visit, ``read`` for an old visit that is read, ``correct`` while it is corrected."""
        if self.is_read_only:
            return "read"
        return "correct" if self.started and is_over(self.started, now()) else "live"

    def on_change(self, listener: Callable[[Session], None]) -> None:
        """Call ``listener`` with this session after every change, in the order of subscription."""
        self._listeners.append(listener)

    def refresh(self) -> None:
        """Call all listeners, so that every view shows the present session."""
        for listener in self._listeners:
            listener(self)

    # --- changes ---

    def revise(self, change: Callable[[Record], Record]) -> None:
        """Replace the record by ``change(record)``.

        Raises:
            Rejected: the session is for reading only, an id is unknown, or the new record is not sound.
        """
        if self.is_read_only:
            raise Rejected("reads")
        self._revise(change)

    def _revise(self, change: Callable[[Record], Record]) -> None:
        try:
            record = change(self.record)
        except KeyError:
            record = None
        if record is None:
            raise Rejected("id")  # not in the except block: the chained KeyError would carry the value that was sent
        record = replace(record, revision=self.record.revision + 1, changed_by=self.by, crossed=False)
        record = self.stamped(self._sound(record))
        for new in {action.id for action in record.plan.actions} - {action.id for action in self.record.plan.actions}:
            self._forget(f"action-{new}-")  # a removed empty action may have had the same id
        self._go_on(record)

    def stamped(self, record: Record) -> Record:
        """Return the record, with a mark of the correction if it changes an old visit.

        Where somebody is in the visit, and its language, are no content: a change of them is not a correction.
        """
        same = replace(self.record, **{name: getattr(record, name) for name in records.PLACE})
        if self.state == "live" or record == same:
            return record
        self.correction = self.correction or now()
        return replace(record, corrected=tuple(sorted({*record.corrected, self.correction})))

    def correct(self) -> None:
        """Open an old visit for correction; its day stays, and changes are noted as a correction."""
        self.is_read_only, self.correction = False, now()
        self.refresh()

    def end_correction(self) -> None:
        """Go back to reading; rejected while a typed text cannot be used yet, because it would be lost."""
        if self.state != "correct" or self.typed:
            raise Rejected("typed")
        self.is_read_only = True
        self.refresh()

    def adopt(self, record: Record) -> None:
        """Replace the record by another one, for example a merged one; forget typed texts and all other page state."""
        self._sound(record)
        self.typed, self.supposed, self.sheet, self._insight, self.homeless = {}, None, None, None, ()
        self._asking.forget()
        self._go_on(record)

    def go_on_with(self, record: Record) -> None:
        """Go on with a record in which another page has changed something. What is typed, open or on trial here stays.

        Raises:
            Rejected: the record is not sound for the session's catalogue.
        """
        self._sound(record)
        changed = records.places(self.record, record)
        for name in {place[1] for place in changed if place[0] == "worksheets" and place[-1] == "rows"}:
            self.turns[str(name)] = self.turns.get(str(name), 0) + 1
        for gone in {one.id for one in self.record.plan.actions} - {one.id for one in record.plan.actions}:
            self._forget(f"action-{gone}-")
        self._go_on(record)

    def _sound(self, record: Record) -> Record:
        for location, _ in records.problems(self.catalog, record):
            raise Rejected(".".join(location))  # the error names the place, never the value, which may be secret
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
        """Keep a typed text with the reason if it cannot be used yet; rejected where nothing can be typed."""
        if self.is_read_only:
            raise Rejected("reads")
        self.typed.pop(name, None)
        try:
            yield
        except Unusable as unusable:
            self.typed[name] = (text, unusable.word, unusable.most)
            self.refresh()

    def keep_homeless(self, text: str) -> None:
        """Keep a typed text for which there is no field any more, so that the person can copy it; the last three."""
        self.homeless = (*(one for one in self.homeless if one != text), text)[-MOST_HOMELESS:]
        self.refresh()

    def let_go(self) -> None:
        """Forget the texts without a field: the person has seen them."""
        self.homeless = ()
        self.refresh()

    def _forget(self, form: str) -> None:
        """Forget the unusable texts of the fields whose names begin with ``form``."""
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
        """Set the years in the present role from typed text; a text that cannot be used is kept with the reason."""
        with self._typing("years", text):
            self._answer(lambda case: answers.tell_years(case, text))

    def tell_fixed(self, chosen: tuple[str, ...]) -> None:
        """Set the conditions that cannot move, or that everything can move."""
        self._answer(lambda case: answers.tell_fixed(case, chosen))

    def tell_wish(self, text: str) -> None:
        """Set the client's wish for today; a text that is too long is kept with the reason."""
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
        """Ask the full form of a scale, or only its quick item again; answers to the other items are kept."""
        self._answer(lambda case: answers.widen(case, scale))

    def enter_quickly(self) -> None:
        """Begin to type answers in from paper, on the first screen of questions with a scale; or end that."""
        if self.is_read_only:
            raise Rejected("reads")
        self.is_quick = not self.is_quick
        if self.is_quick and self.record.screen not in QUICK_SCREENS:
            self.go(QUICK_SCREENS[0])
        else:
            self.refresh()

    def place_marker(self, item: str, value: int | None) -> None:
        """Set the adviser's marker on an item, or remove it with None."""
        known = self.catalog.items
        self.revise(lambda record: replace(record, markers=answers.changed(record.markers, known, item, value)))

    # --- plan and worksheets ---

    def follow(self, path: str) -> None:
        """Choose a path to think about, or put it back."""
        self._plan(lambda plan: plans.follow(plan, path))

    def choose(self, step: str) -> None:
        """Choose a step for the plan, or put it aside with its texts. A fourth is rejected."""
        self._plan(lambda plan: plans.choose(plan, step))

    def add_action(self) -> None:
        """Add an action of the client's own. A fourth is rejected."""
        self._plan(plans.add)

    def put_aside(self, action: str) -> None:
        """Put an action aside; its texts are kept, and an action without texts is removed."""
        self._plan(lambda plan: plans.put_aside(plan, action))

    def take_back(self, action: str) -> None:
        """Choose an action again after it was put aside. A fourth is rejected."""
        self._plan(lambda plan: plans.take_back(plan, action))

    def carry(self, reviewed: str) -> None:
        """Continue one of last time's actions in the plan. A fourth is rejected."""
        last_time = {action.id: action for action in self.record.review}
        self._plan(lambda plan: plans.carry(plan, last_time[reviewed]))

    def fill(self, name: str, text: str) -> None:
        """Set a field of the forms (see :func:`.plans.fill`); a text that cannot be used is kept with the reason."""
        with self._typing(name, text):
            self.revise(lambda record: plans.fill(self.catalog, record, name, text, self.day))

    def drop_row(self, worksheet: str, row: int) -> None:
        """Remove a row of a worksheet."""
        self._forget(f"sheet-{worksheet}-")
        self.revise(lambda record: forms.without_row(record, worksheet, row))

    def add_row(self, worksheet: str, entry: Entry) -> None:
        """Add a filled row to a worksheet."""
        self.revise(lambda record: forms.with_rows(record, worksheet, [*record.worksheets.get(worksheet, ()), entry]))

    def open_sheet(self, worksheet: str) -> None:
        """Show a worksheet; the record does not hold which worksheet is open."""
        if worksheet not in self.catalog.worksheets:
            raise Rejected(worksheet)
        self.sheet = worksheet
        self.refresh()

    def take_home(self, worksheet: str) -> None:
        """Put a worksheet into the handout, or take it out again."""
        self.revise(lambda record: replace(record, handout=answers.toggled(record.handout, worksheet)))

    # --- remarks ---

    def unfit(self, target: str) -> None:
        """Add the remark that a path or step does not fit this client, or remove it."""
        self.revise(lambda record: remarks.unfit(record, target))

    def unfit_because(self, target: str, text: str) -> None:
        """Set the adviser's reason why a path or step does not fit."""
        self.revise(lambda record: remarks.unfit_because(record, target, text))

    def take_help(self) -> None:
        """Put the help leaf into the handout, or take it out again."""
        self.revise(remarks.take_help)

    def about_help(self, topic: str) -> None:
        """Add a topic of the help leaf, or remove it."""
        self.revise(lambda record: remarks.about_help(record, topic))

    # --- the adviser's account ---

    def take_over(self, field: str, line: str) -> None:
        """Add a line at the end of a field of the account; a text that becomes too long is kept with the reason."""
        name = f"account-{field}"
        texts: dict[str, str] = {**self.record.account}
        before = self.typed[name][0] if name in self.typed else texts.get(field, "")
        self.fill(name, f"{before.rstrip()}\n{line}" if before.strip() else line)

    def saw(self, how: Sight, targets: Iterable[str]) -> None:
        """Note the steps and paths that were shown now, if they are new. An old visit notes none."""
        places = {f"{kind}-{name}": place for kind, name, place in self._places()}
        seen = [(target, places[target]) for target in targets if target in places]
        if self.state == "live" and account.saw(self.record, how, seen, now()) is not self.record:
            self.revise(lambda record: account.saw(record, how, seen, now()))

    def _places(self) -> Iterator[tuple[str, str, int]]:
        for kind, ranked in (("step", self.reading.steps), ("path", self.reading.paths)):
            yield from ((kind, advice.target, place) for place, advice in enumerate(ranked, 1))

    def finish(self, screen: str) -> None:
        """Call a screen done, or no longer if it was."""
        self.revise(lambda record: account.finish(record, screen))

    def end(self) -> None:
        """Note that the session ends now; rejected for an old visit."""
        if self.state != "live":
            raise Rejected("ended")
        self.revise(lambda record: replace(record, ended=now()))

    def end_at(self, text: str) -> None:
        """Set the moment at which the session ended from typed text; a text that cannot be used is kept."""
        with self._typing("ended", text):
            ended = account.ended_at(text, self.started or now())
            self.revise(lambda record: replace(record, ended=ended))

    # --- place ---

    def go(self, screen: str) -> None:
        """Move to another screen; this also works in a session for reading only. What was pointed at is left there."""
        self._asking.forget()
        self._revise(lambda record: client_screen.left(replace(record, screen=screen)))

    def speak(self, language: str) -> None:
        """Switch the language of the screen."""
        if language not in LANGUAGES:
            raise Rejected("language")
        self._revise(lambda record: replace(record, language=language))

    # --- the client's own screen ---

    def open_client_screen(self) -> None:
        """Give the client a screen of their own, beside this one; rejected for an old visit."""
        if not self.record.client_screen.mode:
            self._screen_of_client(client_screen.opened)

    def close_client_screen(self) -> None:
        """End the client's own screen; it then shows nothing of the visit."""
        self._screen_of_client(client_screen.closed)

    def switch_client_screen(self, mode: Mode) -> None:
        """Hold the client's screen, or let the client go on alone; the same again lets it follow."""
        self._screen_of_client(lambda record: client_screen.switched(record, mode))

    def point(self) -> None:
        """Begin to point at parts of the screen, or end it."""
        self._screen_of_client(client_screen.pointing)

    def point_at(self, part: str) -> None:
        """Point at a part of the screen; without :meth:`point` nothing happens."""
        self._screen_of_client(lambda record: client_screen.pointed(record, part))

    def go_on_alone(self, screen: str) -> None:
        """Lead the client's own screen, which goes on alone, to a screen of the workbook."""
        self._screen_of_client(lambda record: client_screen.gone_on(record, screen))

    def _screen_of_client(self, change: Callable[[Record], Record]) -> None:
        if self.state != "live":
            raise Rejected("reads")
        self._revise(change)

    # --- whole records ---

    def restart(self) -> None:
        """Begin a new session without a client, in the same language; all data of the present one are dropped."""
        fresh = Session(self.today or self.catalog)
        fresh.imprint = replace(self.imprint, code="", number=0)
        self.turn_to(fresh, self.record.language)

    def turn_to(self, other: Session, language: Language | None = None) -> None:
        """Take over the state of another session; the listeners stay, so the same page shows the other visit."""
        self.catalog, self.today, self.client, self.last = other.catalog, other.today, other.client, other.last
        self.started, self.is_read_only, self.correction = other.started, other.is_read_only, None
        self.imprint = other.imprint
        self.adopt(replace(other.record, language=language or other.record.language))

    def open_case(self, case: Case) -> None:
        """Begin with a sample case; rejected for a client's visit and for an old visit, whose answers would be lost."""
        if self.client is not None or self.state != "live":
            raise Rejected("client")
        self.adopt(replace(self.record, case=case, plan=Plan(), revision=self.record.revision + 1))

    def modernise(self) -> None:
        """Change an old record to today's catalogue and scoring; rejected if the record is not sound for them."""
        reading = self.reading_today()
        if self.today is None or reading is None or self.is_read_only:
            raise Rejected("record")
        fresh = records.new(self.today)
        self.catalog, self.today, self.reading, self._insight = self.today, None, reading, None
        self.revise(lambda record: replace(record, digest=fresh.digest, scoring=fresh.scoring))

    def reading_today(self) -> Reading | None:
        """Return the reading by today's catalogue; None if the record has today's already, or is not sound for it."""
        if self.today is None or not records.fits(self.today, self.record):
            return None
        return read(self.today, self.record.case.responses, self.record.case.facts)

    # --- what if ---

    def suppose(self, case: Case | None) -> None:
        """Set a case for "what if"; the record does not change. None removes the case."""
        if case is not None:
            self._sound(replace(self.record, case=case))
        self.supposed = case
        self.refresh()

    def supposed_reading(self) -> Reading | None:
        """Return the reading of the supposed case, if there is one."""
        return None if self.supposed is None else self._read(self.supposed)

    # --- reading ---

    def insight(self) -> tuple[Flip | None, Stability]:
        """Return the smallest change that puts another path first, and how firmly the first path stands first.

        The result is computed once for each case.
        """
        case = self.record.case
        if self._insight is None or self._insight[0] is not case:
            client = (self.catalog, case.responses, case.facts)
            if self.catalog.scoring.choosing is None:
                self._insight = (case, smallest_change(*client), stability(*client))
            else:
                self._insight = (case, small_change(*client), steadiness(*client))
        return self._insight[1:]

    def asked_in_place(self, place: str, most: int) -> tuple[str, ...]:
        """Return the open questions to ask at a place of a screen (see :class:`advisor.scoring.asking.Asking`)."""
        return self._asking.at(self.catalog, self.record.case, place, most)

    def asked_next(self) -> tuple[str, ...]:
        """Return every open question that could change the order, most valuable first; computed once for each case."""
        return tuple(question.question for question in self._asking.open(self.catalog, self.record.case))

    def may_move(self) -> bool:
        """Return whether the answer to an open question could put another path first."""
        return any(question.first for question in self._asking.open(self.catalog, self.record.case))

    def ask_more(self) -> None:
        """Choose new open questions for all places."""
        self._asking.forget()
        self.refresh()

    def _read(self, case: Case) -> Reading:
        return read(self.catalog, case.responses, case.facts)
