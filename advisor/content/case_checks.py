"""Whether a case may be: what comes from a file, a browser or an old session is checked here before it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from advisor.content.measures import YEARS_MAX
from advisor.content.model import FIXED, NOTHING_FIXED, SIGN_ANSWERS, SITUATIONS, TRIED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from advisor.content.catalog import Catalog
    from advisor.content.model import Case, Facts

    Wrong = Iterator[tuple[tuple[str, ...], str]]

MARKS = ("skip", "discuss")
OTHER_ROLE = "other"  # a role that the catalogue does not describe
PRIORITIES_MAX = 3
WISH_MAX = 2000


def problems_of_case(catalog: Catalog, case: Case) -> Wrong:
    """Yield where in the case something is wrong, and what; nothing when it can be read."""
    yield from _answers(catalog, case)
    yield from _choices(("marks",), case.marks, catalog.items, MARKS)
    yield from _facts(catalog, case.facts)


def _answers(catalog: Catalog, case: Case) -> Wrong:
    for name, answer in case.responses.items():
        yield from problems_of_answer(catalog, ("responses", name), name, answer)
        if case.marks.get(name) == "skip":
            yield ("responses", name), "answered and marked as skipped"


def problems_of_answer(catalog: Catalog, at: tuple[str, ...], name: str, answer: object) -> Wrong:
    """Yield what is wrong with an answer to an item."""
    item = catalog.items.get(name)
    if item is None:
        yield at, "no item has this id"
    elif not _whole(answer, item.low, item.high):
        yield at, f"must be a whole number from {item.low} to {item.high}"


def _facts(catalog: Catalog, facts: Facts) -> Wrong:
    if facts.situation is not None and facts.situation not in SITUATIONS:
        yield ("facts", "situation"), f"must be one of {', '.join(SITUATIONS)}"
    if facts.role is not None and facts.role not in (*catalog.roles, OTHER_ROLE):
        yield ("facts", "role"), f"must be a role or {OTHER_ROLE!r}"
    if facts.years is not None and not _whole(facts.years, 0, YEARS_MAX):
        yield ("facts", "years"), f"must be a whole number from 0 to {YEARS_MAX}"
    yield from _choices(("facts", "signs"), facts.signs, catalog.signs, SIGN_ANSWERS)
    yield from _choices(("facts", "tried"), facts.tried, catalog.steps, TRIED)
    yield from _ids(("facts", "priorities"), facts.priorities, catalog.of_kind("frustration"))
    if isinstance(facts.priorities, tuple) and len(facts.priorities) > PRIORITIES_MAX:
        yield ("facts", "priorities"), f"at most {PRIORITIES_MAX}"
    yield from _ids(("facts", "experience"), facts.experience, tuple(catalog.statements["experience"]))
    yield from _ids(("facts", "fixed"), facts.fixed, (*FIXED, NOTHING_FIXED))
    if NOTHING_FIXED in facts.fixed and len(facts.fixed) > 1:
        yield ("facts", "fixed"), f"{NOTHING_FIXED!r} stands alone"
    yield from _ids(("facts", "widened"), facts.widened, tuple(catalog.scales))
    if not isinstance(facts.wish, str) or len(facts.wish) > WISH_MAX:
        yield ("facts", "wish"), f"must be text of at most {WISH_MAX} characters"


def _choices(at: tuple[str, ...], told: Any, known: Collection[str], answers: tuple[str, ...]) -> Wrong:  # noqa: ANN401  (checked here)
    """Yield what is wrong with a mapping of known ids to one of ``answers``."""
    if not isinstance(told, Mapping):
        yield at, "must be a mapping"
        return
    for name, answer in told.items():
        if name not in known:
            yield (*at, str(name)), "nothing has this id"
        elif answer not in answers:
            yield (*at, str(name)), f"must be one of {', '.join(answers)}"


def _ids(at: tuple[str, ...], told: Any, known: tuple[str, ...]) -> Wrong:  # noqa: ANN401  (checked here)
    """Yield what is wrong with a tuple of known ids, none of them twice."""
    if not isinstance(told, tuple):
        yield at, "must be a list"
        return
    for number, name in enumerate(told):
        if name not in known:
            yield (*at, str(number)), "nothing that can stand here has this id"
        elif name in told[:number]:
            yield (*at, str(number)), "stands twice"


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
