"""Choice of the open questions that a screen asks beside the order of paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.scoring.openness import open_questions

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog
    from advisor.content.model import Case
    from advisor.scoring.openness import OpenQuestion


class Asking:
    """The open questions on the screen, by place.

    After one question of a place is answered, the questions there stay until :meth:`forget`. Otherwise they would move
    while the client is still answering.
    """

    def __init__(self) -> None:
        self._asked: dict[str, tuple[str, ...]] = {}
        self._open: tuple[Catalog, Case, tuple[OpenQuestion, ...]] | None = None

    def at(self, catalog: Catalog, case: Case, place: str, most: int) -> tuple[str, ...]:
        """Return the questions to ask at ``place``: at most ``most``, the most valuable first."""
        asked = self._asked.get(place, ())
        if not any(answered(case, question) for question in asked):
            valuable = self.open(catalog, case)[:most] if most else ()
            self._asked[place] = asked = tuple(question.question for question in valuable)
        return asked

    def open(self, catalog: Catalog, case: Case) -> tuple[OpenQuestion, ...]:
        """Return the open questions that could change the order of paths, most valuable first.

        Skipped questions are left out. A version without ``choosing`` has no open questions. The result is computed
        once for each case.
        """
        if catalog.scoring.choosing is None:
            return ()
        if self._open is None or self._open[0] is not catalog or self._open[1] is not case:
            questions = open_questions(catalog, case.responses, case.facts)
            kept = tuple(question for question in questions if case.marks.get(question.question) != "skip")
            self._open = (catalog, case, kept)
        return self._open[2]

    def forget(self) -> None:
        """Forget the questions of all places; the next call of :meth:`at` chooses again."""
        self._asked = {}


def answered(case: Case, question: str) -> bool:
    """Return whether a question (item id, ``sign_…``, ``tried_…`` or ``situation``) was answered or skipped."""
    kind, _, target = question.partition("_")
    facts = {
        "situation": case.facts.situation,
        "sign": case.facts.signs.get(target),
        "tried": case.facts.tried.get(target),
    }
    if question in case.responses or case.marks.get(question) == "skip":
        return True
    return facts.get(kind) is not None
