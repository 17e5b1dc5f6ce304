"""The state of saving in words: in the header, beside a field, and when two screens saved different records."""

from __future__ import annotations

import time
from dataclasses import fields
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from advisor.content.model import Facts
from advisor.report.sanitize import action_name
from advisor.report.sentences import answer_in_words, days, full_day
from advisor.session import record as records
from advisor.session.model import ACCOUNT, TOKYO
from advisor.view.workbook.plan import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from advisor.content.translator import Say
    from advisor.session.model import Action, Entry, Record
    from advisor.session.session import Session
    from advisor.store.autosave import Autosave

MOST_LISTED, LONGEST_NAME = 8, 40
MOVED_SECONDS = 3.0  # so long a page says that somebody else moves an answer
PLACES = (
    "markers", "handout", "notes", "next_at", "unfit", "help_leaf", "help_topics",
    "done", "way", "ended", "useful", "useful_words", "advance",
)  # fmt: skip
OWN = ("markers", "notes", "unfit", "way", "ended")  # of these, the adviser's alone


def told(say: Say, autosave: Autosave | None) -> dict[str, str]:
    """Return the state of saving and its sentence for the header; no sentence while there is nothing to save."""
    if autosave is None or autosave.kept.state == "new" or autosave.session.is_read_only:
        return {"state": "new", "text": ""}
    kept = autosave.kept
    if kept.state == "saved" and kept.at is not None:
        return {"state": "saved", "text": say("kept_saved", time=f"{kept.at.astimezone(TOKYO):%H:%M}")}
    return {"state": kept.state, "text": say(f"kept_{kept.state}")}


def beside(say: Say, autosave: Autosave | None, question: str) -> dict[str, str]:
    """Return the note beside the question answered last; empty without one."""
    kept = told(say, autosave)
    return {"id": question, **kept} if question and kept["text"] else {}


def moved(session: Session, autosave: Autosave | None) -> dict[str, Any]:
    """Return the questions that somebody else changed last, with a sentence that says who; empty without any.

    A page of the same side says nothing: an adviser's two windows are one person.
    """
    other = autosave.moved if autosave else None
    is_late = autosave is None or autosave.followed is None or time.monotonic() - autosave.followed > MOVED_SECONDS
    if other is None or is_late or other.by == session.by:
        return {}
    names = sorted({name for place in other.places if (name := question_of(place))})
    if not names:
        return {}
    return {"ids": names, "text": who_moves(session.say, session, other.by), "at": session.record.revision}


def who_moves(say: Say, session: Session, by: str) -> str:
    """Return the sentence that says who changes an answer now."""
    name = session.imprint.adviser
    return say("moves_client") if by else say("moves_adviser", name=name) if name else say("moves_some_adviser")


def question_of(place: records.Path) -> str:
    """Return the id of the question at a place of a record; empty where no question stands."""
    match place:
        case ("case", "responses" | "marks", str(item), *_):
            parts: tuple[object, ...] = (item,)
        case ("case", "facts", "signs" | "tried" as kind, str(name), *_):
            parts = (kind.removesuffix("s"), name)
        case ("case", "facts", str(fact), *_) | (("next_at" | "useful" | "useful_words") as fact, *_):
            parts = (fact,)
        case ("plan", "actions", action, str(field), *_):
            parts = ("action", action, field)
        case ("worksheets", str(name), int(row), str(field), *_):
            parts = ("sheet", name, row, field)
        case _:
            parts = ()
    return "-".join(map(str, parts))


def notices(session: Session, say: Say, autosave: Autosave | None, *, own: bool = False) -> dict[str, Any]:
    """Return the values for the notices above every screen: not saved and why, changed elsewhere, an older scoring.

    ``own``: only the adviser looks at them. Else they do not name what is the adviser's alone.
    """
    kept = autosave.kept if autosave else None
    both: dict[str, list[str]] = {}
    if autosave and kept and kept.theirs and autosave.base:
        sides = {"theirs": kept.theirs, "mine": session.record}
        both = {side: list(changes(session, say, autosave.base, record, own=own)) for side, record in sides.items()}
    today = session.reading_today()
    return {
        "client": session.client,
        "missing": session.is_missing,
        "old_visit": _old_visit(session, say, autosave),
        "state": kept.state if kept else "new",
        "why": say(kept.word) if kept and kept.word else "",
        "place": autosave.store.place if autosave else "",
        "homeless": session.homeless,
        "met": _met(session, say, autosave, own=own) if autosave else [],
        "changes": {side: rows[:MOST_LISTED] for side, rows in both.items()},
        "more": {side: max(0, len(rows) - MOST_LISTED) for side, rows in both.items()},
        "old": session.today is not None,
        "version": session.catalog.scoring.version,
        "then": _first(say, session.reading),
        "now": _first(say, today) if today else "",
        "fits": today is not None,
    }


def _met(session: Session, say: Say, autosave: Autosave, *, own: bool) -> list[str]:
    """Return what stands now in the fields that two pages changed at the same time; empty without such a field."""
    met = autosave.met
    before = records.put_back(session.record, met.earlier, met.places) if met else None
    return list(changes(session, say, before, session.record, own=own))[:MOST_LISTED] if before else []


def day_told(session: Session, say: Say) -> str:
    """Return the day of an old visit in words; empty for today's visit."""
    return "" if session.state == "live" or session.is_missing else full_day(say.language, session.day)


def _old_visit(session: Session, say: Say, autosave: Autosave | None) -> dict[str, Any] | None:
    """Return the notice above every screen of an old visit: its day, and its buttons; None for today's visit."""
    if session.state == "live" or session.is_missing or autosave is None:
        return None
    word = "read_title" if session.is_read_only else "correcting_title" if session.correction else "left_open_title"
    return {
        "word": word,
        "day": day_told(session, say),
        "text": "" if session.is_read_only else say("correcting_text"),
        "corrected": days(say, session.record.corrected),
        "todays": autosave.todays,
        "can_end": autosave.kept.state == "saved" and not session.typed,
    }


def _first(say: Say, reading: Any) -> str:  # noqa: ANN401  (a Reading)
    return say.words.paths[reading.paths[0].target].name if reading.paths else ""


def changes(session: Session, say: Say, before: Record, after: Record, *, own: bool = True) -> Iterator[str]:
    """Yield the changes between two records: answers in words, and for all else the name of the changed place.

    Without ``own``, what is the adviser's alone is left out: the client looks at the screen, too.
    """
    old, new = before.case, after.case
    for item in _differing(old.responses, new.responses):
        yield answer_in_words(session, say, new, item)
    if old.marks != new.marks:
        yield say("place_marks")
    named: dict[str, dict[str, Any]] = {"signs": say.words.signs, "tried": say.words.steps}
    for name in (field.name for field in fields(Facts)):
        was, now = getattr(old.facts, name), getattr(new.facts, name)
        if name in named:
            yield from (named[name][key].name for key in _differing(was, now))
        elif was != now:
            yield say(f"place_{name}")
    for name in _differing(before.worksheets, after.worksheets):
        yield _worksheet(session, say, name, before.worksheets.get(name, ()), after.worksheets.get(name, ()))
    if before.plan.path != after.plan.path:
        path = say.words.paths.get(after.plan.path or "")
        yield say("answer_was", question=say("summary_path"), answer=path.name if path else say("sheet_unanswered"))
    yield from _actions(say, "place_plan", before.plan.actions, after.plan.actions)
    yield from _actions(say, "place_review", before.review, after.review)
    names = {field: say(f"account_{field}") for field in ACCOUNT}
    changed = _differing(before.account, after.account) if own else []
    yield from (say("place_in", place=say("account_title"), what=names[field]) for field in ACCOUNT if field in changed)
    named_places = [name for name in PLACES if own or name not in OWN]
    yield from (say(f"place_{name}") for name in named_places if getattr(before, name) != getattr(after, name))


def _worksheet(session: Session, say: Say, name: str, before: Sequence[Entry], after: Sequence[Entry]) -> str:
    """Return the names of a worksheet's fields that changed in any row."""
    words, empty = say.words.worksheets[name], dict[str, str]()
    rows = list(zip_longest(before, after, fillvalue=empty))
    changed = [
        words.fields[field].label
        for field in session.catalog.worksheets[name].fields
        if any(old.get(field) != new.get(field) for old, new in rows)
    ]
    return say("place_in", place=words.name, what=say.quoted(changed)) if changed else words.name


def _actions(say: Say, place: str, before: Sequence[Action], after: Sequence[Action]) -> Iterator[str]:
    """Yield the changed actions with their changed fields. If only their order changed, yield the name of the place."""
    old, new = ({action.id: action for action in actions} for actions in (before, after))
    changed = [_action(say, place, old.get(name), new.get(name)) for name in _differing(old, new)]
    yield from changed or ([say(place)] if before != after else [])


def _action(say: Say, place: str, old: Action | None, new: Action | None) -> str:
    if old is None or new is None or (old.step, old.aside) != (new.step, new.aside):
        what = say("place_added" if new is not None and not new.aside else "place_taken_out")
    else:
        what = say.quoted(say(f"ask_action_{field}") for field in FIELDS if getattr(old, field) != getattr(new, field))
    name = next(action_name(say, action) for action in (new, old) if action is not None)
    brief = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
    return say("place_in_action", place=say(place), name=say("quoted", name=brief), what=what)


def _differing(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    return [name for name in {**before, **after} if before.get(name) != after.get(name)]
