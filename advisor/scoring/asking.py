"""Which open questions are asked in place, where the order they could change is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.scoring.openness import open_questions

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog
    from advisor.content.model import Case
    from advisor.scoring.openness import OpenQuestion


class Asking:
    """The questions that stand on the screen now. One that was begun keeps its place: nothing moves under a hand."""

    def __init__(self) -> None:
        """Ask nothing yet."""
        self._asked: dict[str, tuple[str, ...]] = {}
        self._open: tuple[Catalog, Case, tuple[OpenQuestion, ...]] | None = None

    def at(self, catalog: Catalog, case: Case, place: str, most: int) -> tuple[str, ...]:
        """Return the questions at ``place``: the ``most`` valuable, and once one is answered these, until forgotten."""
        asked = self._asked.get(place, ())
        if not any(answered(case, question) for question in asked):
            found = self.open(catalog, case)[:most] if most else ()
            self._asked[place] = asked = tuple(one.question for one in found)
        return asked

    def open(self, catalog: Catalog, case: Case) -> tuple[OpenQuestion, ...]:
        """Return what could change the order of paths, most valuable first: computed once for each case.

        What was skipped is not asked again. A version that is never silent asks nothing.
        """
        if catalog.scoring.choosing is None:
            return ()
        if self._open is None or self._open[0] is not catalog or self._open[1] is not case:
            found = open_questions(catalog, case.responses, case.facts)
            kept = tuple(one for one in found if case.marks.get(one.question) != "skip")
            self._open = (catalog, case, kept)
        return self._open[2]

    def forget(self) -> None:
        """Begin anew: what is shown next is what matters most then."""
        self._asked = {}


def answered(case: Case, question: str) -> bool:
    """Return whether an item, sign, step or the situation was answered, or skipped."""
    kind, _, target = question.partition("_")
    told = {
        "situation": case.facts.situation,
        "sign": case.facts.signs.get(target),
        "tried": case.facts.tried.get(target),
    }
    if question in case.responses or case.marks.get(question) == "skip":
        return True
    return told.get(kind) is not None
