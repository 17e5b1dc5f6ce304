"""Whether what is on the screen is safe, in words: beside the field, in the header, and when two screens differ."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from advisor.client import TOKYO
from advisor.model import Facts
from advisor.view.cards import answer_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from advisor.client import Record
    from advisor.keeper import Keeper
    from advisor.say import Say
    from advisor.session import Session

MOST_LISTED = 8
PLACES = ("plan", "markers", "handout", "review", "notes", "next_at")


def told(say: Say, keeper: Keeper | None) -> dict[str, str]:
    """Return the state of keeping and its sentence for the header; no sentence while there is nothing to keep."""
    if keeper is None or keeper.kept.state == "new":
        return {"state": "new", "text": ""}
    kept = keeper.kept
    if kept.state == "saved" and kept.at is not None:
        return {"state": "saved", "text": say("kept_saved", time=f"{kept.at.astimezone(TOKYO):%H:%M}")}
    return {"state": kept.state, "text": say(f"kept_{kept.state}")}


def beside(say: Say, keeper: Keeper | None, question: str) -> dict[str, str]:
    """Return what stands beside the question answered last."""
    kept = told(say, keeper)
    return {"id": question, **kept} if question and kept["text"] else {}


def notices(session: Session, say: Say, keeper: Keeper | None) -> dict[str, Any]:
    """Return what the page has to say above every step: not saved and why, changed elsewhere, an older scoring."""
    kept = keeper.kept if keeper else None
    both: dict[str, list[str]] = {}
    if keeper and kept and kept.theirs and keeper.base:
        sides = {"theirs": kept.theirs, "mine": session.record}
        both = {side: list(changes(session, say, keeper.base, record)) for side, record in sides.items()}
    today = session.reading_today()
    return {
        "state": kept.state if kept else "new",
        "why": say(kept.word) if kept and kept.word else "",
        "changes": {side: rows[:MOST_LISTED] for side, rows in both.items()},
        "more": {side: max(0, len(rows) - MOST_LISTED) for side, rows in both.items()},
        "old": session.today is not None,
        "version": session.catalog.scoring.version,
        "then": _first(say, session.reading),
        "now": _first(say, today) if today else "",
        "fits": today is not None,
    }


def _first(say: Say, reading: Any) -> str:  # noqa: ANN401  (a Reading)
    return say.words.paths[reading.paths[0].target].name if reading.paths else ""


def changes(session: Session, say: Say, before: Record, after: Record) -> Iterator[str]:
    """Yield what changed between two records: answers in words, everything else by the name of its place."""
    old, new = before.case, after.case
    for item in _differing(old.responses, new.responses):
        yield answer_in_words(session, say, new, item)
    if old.marks != new.marks:
        yield say("place_marks")
    named: dict[str, dict[str, Any]] = {"signs": say.words.signs, "tried": say.words.steps}
    for name in (field.name for field in fields(Facts)):
        was, now = getattr(old.facts, name), getattr(new.facts, name)
        if name in named:
            yield from (named[name][one].name for one in _differing(was, now))
        elif was != now:
            yield say(f"place_{name}")
    yield from (say.words.worksheets[name].name for name in _differing(before.worksheets, after.worksheets))
    yield from (say(f"place_{name}") for name in PLACES if getattr(before, name) != getattr(after, name))


def _differing(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    return [name for name in {**before, **after} if before.get(name) != after.get(name)]
