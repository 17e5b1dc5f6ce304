"""The session: the only mutable object of the app. Every change makes a new record and, from it, a new reading.

Whatever comes from the browser is untrusted: a value that no question offers raises :class:`Rejected` and changes
nothing. Text that a person typed and that cannot be used yet is kept in ``typed`` beside the reason, so that nothing
typed is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from advisor import measures, plans
from advisor import record as records
from advisor.cases import WISH_MAX, problems_of_answer, problems_of_case
from advisor.client import Entry, Plan, Record
from advisor.insight import smallest_change, stability
from advisor.model import Case, Flip, Mark, Reading, Stability
from advisor.reading import read
from advisor.words import LANGUAGES, Language

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.catalog import Catalog


_SMALL_NUMBER = re.compile("[0-9]{1,4}")


# what was typed into a field, the interface word that says what is wrong with it, and the limit that word names
Typed = tuple[str, str, int]


class Rejected(ValueError):  # noqa: N818  (named after what happens to the value)
    """A value that no question offers."""


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier visit to compare with: its record, its reading by the catalogue of that time, its day."""

    record: Record
    reading: Reading
    day: date


class Session:
    """One client's session: ``record`` and ``reading`` are frozen and always belong together.

    ``client``: the id of whose visit it is, None for nobody's. ``last``: the visit before this one. ``today``: the
    present catalogue, where the record belongs to an older one.
    """

    def __init__(
        self,
        catalog: Catalog,
        record: Record | None = None,
        *,
        client: str | None = None,
        last: Past | None = None,
        today: Catalog | None = None,
    ) -> None:
        """Go on with ``record``, or start with an empty one."""
        self.catalog = catalog
        self.client = client
        self.last = last
        self.today = today
        self.record: Record = record or records.new(catalog)
        self.reading: Reading = self._read(self.record.case)
        self.supposed: Case | None = None
        self.sheet: str | None = None  # the worksheet that was opened
        self.typed: dict[str, Typed] = {}
        self.marking: set[str] = set()  # items at which the adviser is about to place a marker
        self._listeners: list[Callable[[Session], None]] = []
        self._insight: tuple[Case, Flip | None, Stability] | None = None

    @property
    def language(self) -> Language:
        """The language of the screen."""
        return self.record.language

    def on_change(self, listener: Callable[[Session], None]) -> None:
        """Call ``listener`` with this session after every change, in the order of subscription."""
        self._listeners.append(listener)

    def refresh(self) -> None:
        """Announce the session as it is, so that every view shows what holds."""
        self._announce()

    # --- answers ---

    def respond(self, item: str, value: int | None) -> None:
        """Answer an item, or take the answer back with None."""
        if item not in self.catalog.items:
            raise Rejected("responses")
        case = self.record.case
        responses = {name: answer for name, answer in case.responses.items() if name != item}
        marks = {name: mark for name, mark in case.marks.items() if name != item or mark != "skip"}
        if value is not None:
            responses[item] = value
        self._change_case(replace(case, responses=responses, marks=marks))

    def mark(self, item: str, mark: Mark) -> None:
        """Mark an item as skipped (which takes its answer back) or to be discussed; the same mark again removes it."""
        case = self.record.case
        marks = {name: own for name, own in case.marks.items() if name != item}
        if case.marks.get(item) != mark:
            marks[item] = mark
        skipped = marks.get(item) == "skip"
        responses = {name: answer for name, answer in case.responses.items() if not (skipped and name == item)}
        self._change_case(replace(case, responses=responses, marks=marks))

    def tell(self, **facts: Any) -> None:  # noqa: ANN401  (any fact; what it may hold is checked)
        """Set facts of the client: situation, role, experience, wish, ... ."""
        self._change_case(replace(self.record.case, facts=replace(self.record.case.facts, **facts)))

    def tell_years(self, text: str) -> None:
        """Set the years in the present role from typed text; what is not a whole number is kept beside the reason."""
        typed = text.strip().translate(str.maketrans("０１２３４５６７８９", "0123456789"))
        self.typed.pop("years", None)
        if typed and not (_SMALL_NUMBER.fullmatch(typed) and int(typed) <= measures.YEARS_MAX):
            self.typed["years"] = (text, "error_years", measures.YEARS_MAX)
            self._announce()
        else:
            self.tell(years=int(typed) if typed else None)

    def tell_wish(self, text: str) -> None:
        """Set what the client wishes from today; what is too long is kept beside the reason."""
        self.typed.pop("wish", None)
        if len(text) > WISH_MAX:
            self.typed["wish"] = (text, "error_wish", WISH_MAX)
            self._announce()
        else:
            self.tell(wish=text)

    def answer_sign(self, sign: str, answer: str | None) -> None:
        """Answer a sign (yes, no, unknown), or take the answer back with None."""
        if sign not in self.catalog.signs:
            raise Rejected("facts.signs")
        self.tell(signs=_set(dict(self.record.case.facts.signs), sign, answer))

    def answer_tried(self, step: str, answer: str | None) -> None:
        """Say whether a step was tried and whether it helped, or take that back with None."""
        if step not in self.catalog.steps:
            raise Rejected("facts.tried")
        self.tell(tried=_set(dict(self.record.case.facts.tried), step, answer))

    def prioritise(self, frustration: str) -> None:
        """Mark a frustration as one to change most, or unmark it. A fourth is rejected."""
        self.tell(priorities=_toggle(self.record.case.facts.priorities, frustration))

    def widen(self, scale: str) -> None:
        """Ask all items of a scale, or only its quick one again. Answers to the others are kept."""
        self.tell(widened=_toggle(self.record.case.facts.widened, scale))

    def place_marker(self, item: str, value: int | None) -> None:
        """Set where the adviser would answer an item, or take that back with None."""
        markers = {name: point for name, point in self.record.markers.items() if name != item}
        if value is not None:
            markers[item] = value
        for location, _ in problems_of_answer(self.catalog, ("markers", item), item, value or 1):
            raise Rejected(".".join(location))
        self._change(markers=markers)

    def show_marker(self, item: str) -> None:
        """Show where the adviser may place a marker, or take both away again."""
        if item not in self.catalog.items:
            raise Rejected("markers")
        if item not in self.marking and item not in self.record.markers:
            self.marking.add(item)
            self._announce()
        else:
            self.marking.discard(item)
            self.place_marker(item, None)

    # --- plan and worksheets ---

    def follow(self, path: str) -> None:
        """Pick a path to think about, or put it back."""
        self._change_plan(replace(self.record.plan, path=None if self.record.plan.path == path else path))

    def choose(self, step: str) -> None:
        """Pick a step for the plan, or put it aside with what was typed about it. A fourth is rejected."""
        self._change_plan(plans.choose(self.record.plan, step))

    def add_action(self) -> None:
        """Add an action of the client's own. A fourth is rejected."""
        self._change_plan(plans.add(self.record.plan))

    def put_aside(self, action: str) -> None:
        """Take an action out of the plan; what was typed stays."""
        self._change_known(lambda: replace(self.record, plan=plans.put_aside(self.record.plan, action)))

    def take_back(self, action: str) -> None:
        """Take an action that was put aside into the plan again. A fourth is rejected."""
        self._change_known(lambda: replace(self.record, plan=plans.take_back(self.record.plan, action)))

    def carry(self, reviewed: str) -> None:
        """Go on with one of last time's actions. A fourth is rejected."""
        for action in self.record.review:
            if action.id == reviewed:
                self._change_plan(plans.carry(self.record.plan, action))

    def fill(self, name: str, text: str) -> None:
        """Set a field of the forms (see :func:`advisor.plans.fill`); what cannot be used is kept beside the reason."""
        self.typed.pop(name, None)
        try:
            self._change_known(lambda: plans.fill(self.catalog, self.record, name, text))
        except plans.Unusable as unusable:
            self.typed[name] = (text, unusable.word, unusable.most)
            self._announce()

    def drop_row(self, worksheet: str, row: int) -> None:
        """Remove a row of a worksheet."""
        self._forget(f"sheet-{worksheet}-")
        self._change_known(lambda: plans.without_row(self.record, worksheet, row))

    def add_row(self, worksheet: str, entry: Entry) -> None:
        """Add a filled row to a worksheet."""
        rows = [*self.record.worksheets.get(worksheet, ()), entry]
        self._change_known(lambda: plans.with_rows(self.record, worksheet, rows))

    def open_sheet(self, worksheet: str) -> None:
        """Show a worksheet; which one stands open is no part of the record."""
        if worksheet not in self.catalog.worksheets:
            raise Rejected(worksheet)
        self.sheet = worksheet
        self._announce()

    def take_home(self, worksheet: str) -> None:
        """Put a worksheet into the handout, or take it out again."""
        self._change_known(lambda: replace(self.record, handout=_toggle(self.record.handout, worksheet)))

    # --- place ---

    def go(self, step: str) -> None:
        """Move to a step of the session."""
        if step not in records.STEPS:
            raise Rejected(step)
        self._change(step=step)

    def speak(self, language: str) -> None:
        """Switch the language of the screen."""
        if language not in LANGUAGES:
            raise Rejected(language)
        self._change(language=language)

    # --- whole records ---

    def restart(self) -> None:
        """Begin a new session of nobody, in the same language; nothing of the present one is kept."""
        self.catalog, self.today = self.today or self.catalog, None
        self.client, self.last = None, None
        self._begin(replace(records.new(self.catalog), language=self.record.language))

    def open_case(self, case: Case) -> None:
        """Begin a session with a case that is filled in already (a sample); never over a client's own answers."""
        if self.client is not None:
            raise Rejected("client")
        self._begin(replace(self.record, case=self._checked(case), plan=Plan(), revision=self.record.revision + 1))

    def adopt(self, record: Record) -> None:
        """Go on with a record that was stored or merged elsewhere; one that does not fit is rejected."""
        if not records.fits(self.catalog, record):
            raise Rejected("record")
        self._begin(record)

    def modernise(self) -> None:
        """Go on with today's catalogue and scoring, where the record fits them."""
        if self.today is None or not records.fits(self.today, self.record):
            raise Rejected("record")
        fresh = records.new(self.today)
        self.catalog, self.today = self.today, None
        self.reading = self._read(self.record.case)
        self._insight = None
        self._change(digest=fresh.digest, scoring=fresh.scoring)

    def reading_today(self) -> Reading | None:
        """Return what today's scoring would say, where the record belongs to another one and still fits."""
        if self.today is None or not records.fits(self.today, self.record):
            return None
        return read(self.today, self.record.case.responses, self.record.case.facts)

    # --- what if ---

    def suppose(self, case: Case | None) -> None:
        """Set a case beside the record to look at; the record stays untouched. None ends supposing."""
        self.supposed = None if case is None else self._checked(case)
        self._announce()

    def supposed_reading(self) -> Reading | None:
        """Return the reading of the supposed case, if there is one."""
        return None if self.supposed is None else self._read(self.supposed)

    # --- reading ---

    def insight(self) -> tuple[Flip | None, Stability]:
        """Return what the first path hangs on; computed once for each case."""
        case = self.record.case
        if self._insight is None or self._insight[0] is not case:
            self._insight = (
                case,
                smallest_change(self.catalog, case.responses, case.facts),
                stability(self.catalog, case.responses, case.facts),
            )
        return self._insight[1:]

    def _read(self, case: Case) -> Reading:
        return read(self.catalog, case.responses, case.facts)

    def _checked(self, case: Case) -> Case:
        for location, _ in problems_of_case(self.catalog, case):
            raise Rejected(".".join(location))  # where, never what: a value may be a secret
        return case

    def _change_case(self, case: Case) -> None:
        self._change(case=self._checked(case))

    def _forget(self, form: str) -> None:
        """Forget what was typed into a form and could not be used."""
        self.typed = {name: kept for name, kept in self.typed.items() if not name.startswith(form)}

    def _change_plan(self, plan: Plan) -> None:
        for new in {action.id for action in plan.actions} - {action.id for action in self.record.plan.actions}:
            self._forget(f"action-{new}-")  # it may have the id of an empty one that was taken out
        self._change_known(lambda: replace(self.record, plan=plan))

    def _change_known(self, change: Callable[[], Record]) -> None:
        """Adopt a changed record; an id that nothing has, or more than there may be, is rejected."""
        try:
            record = change()
        except KeyError:
            record = None
        if record is None:
            raise Rejected("id")  # out here: the other error holds what was sent
        for location, _ in plans.problems_of_plan(self.catalog, record):
            raise Rejected(".".join(location))
        self._adopt(replace(record, revision=self.record.revision + 1))

    def _change(self, **parts: Any) -> None:  # noqa: ANN401  (any part of the record)
        self._adopt(replace(self.record, revision=self.record.revision + 1, **parts))

    def _begin(self, record: Record) -> None:
        """Adopt a record that does not go on from the present one: whatever stands beside that is forgotten."""
        self.typed, self.supposed, self.sheet, self._insight = {}, None, None, None
        self.marking = set()
        self._adopt(record)

    def _adopt(self, record: Record) -> None:
        reading = self.reading if record.case is self.record.case else self._read(record.case)
        self.record, self.reading = record, reading
        self._announce()

    def _announce(self) -> None:
        for listener in self._listeners:
            listener(self)


def _toggle(chosen: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(other for other in chosen if other != name) if name in chosen else (*chosen, name)


def _set(answers: dict[str, Any], name: str, answer: str | None) -> dict[str, Any]:
    answers.pop(name, None)
    return answers if answer is None else {**answers, name: answer}
