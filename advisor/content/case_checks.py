"""Checks of a case: values from a file, a browser or an old record must be known answers before scoring reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from advisor.content.datafiles import Reason, reason
from advisor.content.measures import YEARS_MAX
from advisor.content.model import FIXED, NOTHING_FIXED, SIGN_ANSWERS, SITUATIONS, TRIED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from advisor.content.catalog import Catalog
    from advisor.content.model import Case, Facts

    Wrong = Iterator[tuple[tuple[str, ...], Reason]]

MARKS = ("skip", "discuss")
OTHER_ROLE = "other"  # a role that the catalogue does not describe
PRIORITIES_MAX = 3
WISH_MAX = 2000


def problems_of_case(catalog: Catalog, case: Case) -> Wrong:
    """Yield the place and the reason of each wrong value in the case; yield nothing for a sound case."""
    yield from _answers(catalog, case)
    yield from _choices(("marks",), case.marks, catalog.items, MARKS)
    yield from _facts(catalog, case.facts)


def _answers(catalog: Catalog, case: Case) -> Wrong:
    for name, answer in case.responses.items():
        yield from problems_of_answer(catalog, ("responses", name), name, answer)
        if case.marks.get(name) == "skip":
            yield ("responses", name), Reason("skipped_answer")


def problems_of_answer(catalog: Catalog, at: tuple[str, ...], name: str, answer: object) -> Wrong:
    """Yield ``at`` and the reason if the item is unknown, or if the answer is not a whole number on its scale."""
    item = catalog.items.get(name)
    if item is None:
        yield at, Reason("no_item")
    elif not _whole(answer, item.low, item.high):
        yield at, reason("whole_number", low=item.low, high=item.high)


def _facts(catalog: Catalog, facts: Facts) -> Wrong:
    if facts.situation is not None and facts.situation not in SITUATIONS:
        yield ("facts", "situation"), reason("one_of", choices=", ".join(SITUATIONS))
    if facts.role is not None and facts.role not in (*catalog.roles, OTHER_ROLE):
        yield ("facts", "role"), reason("role", other=OTHER_ROLE)
    if facts.years is not None and not _whole(facts.years, 0, YEARS_MAX):
        yield ("facts", "years"), reason("whole_number", low=0, high=YEARS_MAX)
    yield from _choices(("facts", "signs"), facts.signs, catalog.signs, SIGN_ANSWERS)
    yield from _choices(("facts", "tried"), facts.tried, catalog.steps, TRIED)
    yield from _ids(("facts", "priorities"), facts.priorities, catalog.of_kind("frustration"))
    if isinstance(facts.priorities, tuple) and len(facts.priorities) > PRIORITIES_MAX:
        yield ("facts", "priorities"), reason("too_many", most=PRIORITIES_MAX)
    yield from _ids(("facts", "experience"), facts.experience, tuple(catalog.statements["experience"]))
    yield from _ids(("facts", "fixed"), facts.fixed, (*FIXED, NOTHING_FIXED))
    if NOTHING_FIXED in facts.fixed and len(facts.fixed) > 1:
        yield ("facts", "fixed"), reason("stands_alone", alone=NOTHING_FIXED)
    yield from _ids(("facts", "widened"), facts.widened, tuple(catalog.scales))
    if not isinstance(facts.wish, str) or len(facts.wish) > WISH_MAX:
        yield ("facts", "wish"), reason("text_length", most=WISH_MAX)


def _choices(at: tuple[str, ...], told: Any, known: Collection[str], answers: tuple[str, ...]) -> Wrong:  # noqa: ANN401  (checked here)
    """Check a mapping: each key must be in ``known``, each value in ``answers``."""
    if not isinstance(told, Mapping):
        yield at, Reason("no_mapping")
        return
    for name, answer in told.items():
        if name not in known:
            yield (*at, str(name)), Reason("no_id")
        elif answer not in answers:
            yield (*at, str(name)), reason("one_of", choices=", ".join(answers))


def _ids(at: tuple[str, ...], told: Any, known: tuple[str, ...]) -> Wrong:  # noqa: ANN401  (checked here)
    """Check a tuple: each id must be in ``known`` and may stand only once."""
    if not isinstance(told, tuple):
        yield at, Reason("no_list")
        return
    for number, name in enumerate(told):
        if name not in known:
            yield (*at, str(number)), Reason("no_fitting_id")
        elif name in told[:number]:
            yield (*at, str(number)), Reason("twice")


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
