"""Changes of a case: answers, marks, facts and priorities of a client, as pure functions.

Each function takes the present case and returns the changed case. The functions do not check the new values;
:mod:`advisor.content.case_checks` does. An unknown id raises :class:`KeyError`. A typed text that cannot be used yet
raises :class:`Unusable`.
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
HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")  # digits as a Japanese keyboard may type them
_SMALL_NUMBER = re.compile("[0-9]{1,4}")


def respond(catalog: Catalog, case: Case, item: str, value: int | None) -> Case:
    """Return the case with a new answer to an item, or without the answer (None); the item is no longer skipped."""
    marks = {name: mark for name, mark in case.marks.items() if name != item or mark != "skip"}
    return replace(case, responses=changed(case.responses, catalog.items, item, value), marks=marks)


def mark(catalog: Catalog, case: Case, item: str, chosen: Mark) -> Case:
    """Return the case with a mark on an item; the same mark again removes it. ``skip`` also removes the answer."""
    marks = changed(case.marks, catalog.items, item, None if case.marks.get(item) == chosen else chosen)
    responses = changed(case.responses, catalog.items, item, None) if marks.get(item) == "skip" else case.responses
    return replace(case, responses=responses, marks=marks)


def tell(case: Case, **facts: Any) -> Case:  # noqa: ANN401  (any fact; what it may hold is checked later)
    """Return the case with these facts changed: situation, role, experience, wish, ... ."""
    return replace(case, facts=replace(case.facts, **facts))


def tell_years(case: Case, text: str) -> Case:
    """Return the case with the years in the present role from typed text (empty: not told).

    Raises:
        Unusable: the text is not a whole number from 0 to YEARS_MAX.
    """
    typed = text.strip().translate(HALF_WIDTH)
    if typed and not (_SMALL_NUMBER.fullmatch(typed) and int(typed) <= YEARS_MAX):
        raise Unusable("error_years", YEARS_MAX)
    return tell(case, years=int(typed) if typed else None)


def tell_fixed(case: Case, chosen: tuple[str, ...]) -> Case:
    """Return the case with the conditions that cannot move.

    NOTHING_FIXED excludes all conditions. If the client newly chooses it, the function removes the conditions. If the
    client chooses a condition, the function removes NOTHING_FIXED.
    """
    if NOTHING_FIXED in chosen and NOTHING_FIXED not in case.facts.fixed:
        return tell(case, fixed=(NOTHING_FIXED,))
    return tell(case, fixed=tuple(name for name in chosen if name != NOTHING_FIXED or len(chosen) == 1))


def tell_wish(case: Case, text: str) -> Case:
    """Return the case with the client's wish for today.

    Raises:
        Unusable: the text is longer than WISH_MAX characters.
    """
    if len(text) > WISH_MAX:
        raise Unusable("error_wish", WISH_MAX)
    return tell(case, wish=text)


def answer_sign(catalog: Catalog, case: Case, sign: str, answer: str | None) -> Case:
    """Return the case with a new answer to a sign (yes, no, unknown), or without the answer (None)."""
    return tell(case, signs=changed(case.facts.signs, catalog.signs, sign, answer))


def answer_tried(catalog: Catalog, case: Case, step: str, answer: str | None) -> Case:
    """Return the case with a new answer to "tried" for a step (see TRIED), or without the answer (None)."""
    return tell(case, tried=changed(case.facts.tried, catalog.steps, step, answer))


def prioritise(case: Case, frustration: str) -> Case:
    """Return the case with a frustration added to the priorities, or removed if it is one already."""
    return tell(case, priorities=toggled(case.facts.priorities, frustration))


def widen(case: Case, scale: str) -> Case:
    """Return the case with the full form of a scale, or with the quick form if it has the full one; answers stay."""
    return tell(case, widened=toggled(case.facts.widened, scale))


def toggled(chosen: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Return the chosen names with ``name`` added, or removed if it is chosen already."""
    return tuple(other for other in chosen if other != name) if name in chosen else (*chosen, name)


def changed(
    answers: Mapping[str, Answer], known: Mapping[str, object], name: str, answer: Answer | None
) -> dict[str, Answer]:
    """Return the answers with a new answer for ``name``, or without it (None); an unknown ``name`` raises KeyError."""
    if name not in known:
        raise KeyError(name)
    others = {other: given for other, given in answers.items() if other != name}
    return others if answer is None else {**others, name: answer}
