"""Answers as pure changes: what a client says, takes back, skips or stars, by question.

Functions take the case that stands and return the case afterwards; :mod:`advisor.content.case_checks` says whether that
may be. An id that nothing has raises :class:`KeyError`, a typed text that cannot be used yet :class:`Unusable`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from advisor.content.case_checks import WISH_MAX
from advisor.content.measures import YEARS_MAX
from advisor.content.model import NOTHING_FIXED
from advisor.session.forms import Unusable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.content.catalog import Catalog
    from advisor.content.model import Case, Mark

Answer = TypeVar("Answer")
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_SMALL_NUMBER = re.compile("[0-9]{1,4}")


def respond(catalog: Catalog, case: Case, item: str, value: int | None) -> Case:
    """Return the case with an item answered and no longer skipped, or with the answer taken back (None)."""
    marks = {name: mark for name, mark in case.marks.items() if name != item or mark != "skip"}
    return replace(case, responses=changed(case.responses, catalog.items, item, value), marks=marks)


def mark(catalog: Catalog, case: Case, item: str, chosen: Mark) -> Case:
    """Return the case with an item skipped (its answer goes) or to be discussed; the same mark again removes it."""
    marks = changed(case.marks, catalog.items, item, None if case.marks.get(item) == chosen else chosen)
    responses = changed(case.responses, catalog.items, item, None) if marks.get(item) == "skip" else case.responses
    return replace(case, responses=responses, marks=marks)


def tell(case: Case, **facts: Any) -> Case:  # noqa: ANN401  (any fact; what it may hold is checked later)
    """Return the case with facts of the client set: situation, role, experience, wish, ... ."""
    return replace(case, facts=replace(case.facts, **facts))


def tell_years(case: Case, text: str) -> Case:
    """Return the case with the years in the present role set from typed text (empty: not told)."""
    typed = text.strip().translate(_DIGITS)
    if typed and not (_SMALL_NUMBER.fullmatch(typed) and int(typed) <= YEARS_MAX):
        raise Unusable("error_years", YEARS_MAX)
    return tell(case, years=int(typed) if typed else None)


def tell_fixed(case: Case, chosen: tuple[str, ...]) -> Case:
    """Return the case with what cannot move; that nothing is fixed, and anything that is, take each other's place."""
    if NOTHING_FIXED in chosen and NOTHING_FIXED not in case.facts.fixed:
        return tell(case, fixed=(NOTHING_FIXED,))
    return tell(case, fixed=tuple(one for one in chosen if one != NOTHING_FIXED or len(chosen) == 1))


def tell_wish(case: Case, text: str) -> Case:
    """Return the case with what the client wishes from today."""
    if len(text) > WISH_MAX:
        raise Unusable("error_wish", WISH_MAX)
    return tell(case, wish=text)


def answer_sign(catalog: Catalog, case: Case, sign: str, answer: str | None) -> Case:
    """Return the case with a sign answered (yes, no, unknown), or with the answer taken back (None)."""
    return tell(case, signs=changed(case.facts.signs, catalog.signs, sign, answer))


def answer_tried(catalog: Catalog, case: Case, step: str, answer: str | None) -> Case:
    """Return the case with what became of a step that was tried, or with that taken back (None)."""
    return tell(case, tried=changed(case.facts.tried, catalog.steps, step, answer))


def prioritise(case: Case, frustration: str) -> Case:
    """Return the case with a frustration among those to change most, or no longer among them."""
    return tell(case, priorities=toggled(case.facts.priorities, frustration))


def widen(case: Case, scale: str) -> Case:
    """Return the case with all items of a scale asked, or only its quick one again; answers to the others stay."""
    return tell(case, widened=toggled(case.facts.widened, scale))


def toggled(chosen: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Return the chosen names with one more, or without it where it stands already."""
    return tuple(other for other in chosen if other != name) if name in chosen else (*chosen, name)


def changed(
    answers: Mapping[str, Answer], known: Mapping[str, object], name: str, answer: Answer | None
) -> dict[str, Answer]:
    """Return the answers with one of them changed, or taken back (None)."""
    if name not in known:
        raise KeyError(name)
    others = {other: given for other, given in answers.items() if other != name}
    return others if answer is None else {**others, name: answer}
