"""The session: the only mutable object of the app. Every change makes a new record and, from it, a new reading.

Whatever comes from the browser is untrusted: a value that no question offers raises :class:`Rejected` and changes
nothing. Text that a person typed and that cannot be used yet is kept in ``typed`` beside the reason, so that nothing
typed is lost.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from advisor import measures
from advisor import record as records
from advisor.cases import WISH_MAX, problems_of_case
from advisor.insight import smallest_change, stability
from advisor.model import Case, Flip, Mark, Plan, Reading, Record, Stability
from advisor.reading import read
from advisor.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.catalog import Catalog


_SMALL_NUMBER = re.compile("[0-9]{1,4}")


Typed = tuple[str, str]  # what was typed into a field, and the interface word that says what is wrong with it


class Rejected(ValueError):  # noqa: N818  (named after what happens to the value)
    """A value that no question offers."""


class Session:
    """One client's session: ``record`` and ``reading`` are frozen and always belong together."""

    def __init__(self, catalog: Catalog) -> None:
        """Start with an empty record."""
        self.catalog = catalog
        self.record: Record = records.new(catalog)
        self.reading: Reading = self._read(self.record.case)
        self.supposed: Case | None = None
        self.typed: dict[str, Typed] = {}
        self._listeners: list[Callable[[Session], None]] = []
        self._insight: tuple[Case, Flip | None, Stability] | None = None

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
            self.typed["years"] = (text, "error_years")
            self._announce()
        else:
            self.tell(years=int(typed) if typed else None)

    def tell_wish(self, text: str) -> None:
        """Set what the client wishes from today; what is too long is kept beside the reason."""
        self.typed.pop("wish", None)
        if len(text) > WISH_MAX:
            self.typed["wish"] = (text, "error_wish")
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

    # --- plan ---

    def choose(self, step: str) -> None:
        """Pick a step for the plan, or put it back. A fourth is rejected."""
        steps = _toggle(self.record.plan.steps, step)
        if step not in self.catalog.steps or len(steps) > records.MOST_CHOSEN:
            raise Rejected(step)
        self._change(plan=replace(self.record.plan, steps=steps))

    def follow(self, path: str) -> None:
        """Pick a path to think about, or put it back."""
        if path not in self.catalog.paths:
            raise Rejected(path)
        self._change(plan=replace(self.record.plan, path=None if self.record.plan.path == path else path))

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
        """Begin a new session in the same language; nothing of the present one is kept."""
        self._begin(replace(records.new(self.catalog), language=self.record.language))

    def open_case(self, case: Case) -> None:
        """Begin a session with a case that is filled in already (a sample)."""
        self._begin(replace(self.record, case=self._checked(case), plan=Plan(), revision=self.record.revision + 1))

    def resume(self, text: str) -> None:
        """Go on with a record that the browser kept over a reload; anything else is rejected."""
        found = records.load(self.catalog, text)
        if found is None:
            raise Rejected("record")
        self._begin(replace(found, digest=self.record.digest, scoring=self.record.scoring))

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

    def _change(self, **parts: Any) -> None:  # noqa: ANN401  (any part of the record)
        self._adopt(replace(self.record, revision=self.record.revision + 1, **parts))

    def _begin(self, record: Record) -> None:
        """Adopt a record that does not go on from the present one: whatever stands beside that is forgotten."""
        self.typed, self.supposed, self._insight = {}, None, None
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
