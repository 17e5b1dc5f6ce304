"""The account (相談記録) in words: its fields, and the lines that the adviser can take over into them.

A prefilled line says what the client typed, or what was asked, chosen and skipped, with the time. None is a judgement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from advisor.report.sanitize import action_name, first_move, plain
from advisor.report.sentences import moment, question, weekday
from advisor.session.model import ACCOUNT, TOKYO
from advisor.session.plans import open_actions
from advisor.session.record import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from advisor.content.translator import Say
    from advisor.session.model import Action, Record
    from advisor.session.moments import Moments
    from advisor.session.session import Session

MOST_NAMES, SHOWN_NAMES = 6, 3  # names in one line; the others are counted
When = tuple["datetime", "datetime"]


@dataclass(frozen=True, slots=True)
class Prefilled:
    """A line beside a field of the account. ``source``: ``own`` words of the client, or ``auto``: what was done."""

    source: Literal["own", "auto"]
    text: str


def prefilled(session: Session, say: Say, moments: Moments) -> dict[str, tuple[Prefilled, ...]]:
    """Return the prefilled lines of each field of the account. The fields of judgement have none."""
    record = session.record
    wish = plain(record.case.facts.wish)
    told: dict[str, Iterable[Prefilled]] = {
        "concern": [Prefilled("own", say("quoted", name=wish))] if wish else (),
        "progress": _progress(session, say, moments),
        "approach": [Prefilled("auto", text) for text in _approach(session, say)],
        "until_next": [Prefilled("auto", text) for text in _until_next(say, record)],
    }
    return {field: tuple(told.get(field, ())) for field in ACCOUNT}


def left(record: Record, field: str, told: Iterable[Prefilled]) -> tuple[Prefilled, ...]:
    """Return the lines that are not in the text of a field yet."""
    text = record.account.get(field, "")
    return tuple(line for line in told if line.text not in text)


def _progress(session: Session, say: Say, moments: Moments) -> tuple[Prefilled, ...]:
    lines = sorted(_lines(session, say, moments), key=lambda line: (line[0] is None, line[0] or ()))
    return tuple(Prefilled("auto", _timed(say, when, text)) for when, text in lines)


def _timed(say: Say, when: When | None, text: str) -> str:
    if when is None:
        return text
    first, last = (f"{at.astimezone(TOKYO):%H:%M}" for at in when)
    return say("account_at", time=first if first == last else say("account_span", first=first, last=last), text=text)


def _lines(session: Session, say: Say, moments: Moments) -> Iterator[tuple[When | None, str]]:
    """Yield what was done in the session, each with its time if that is known."""
    record = session.record
    reviewed = [action for action in record.review if action.status != "open"]
    if reviewed:
        names = say.enumeration(_reviewed(say, action) for action in reviewed)
        yield _last_time(moments, ["review"]), say("account_review", names=names)
    yield from _asked(session, say, moments)
    yield from _marked(session, say, moments)
    yield from _shown(record, say)
    for action in record.plan.chosen:
        known = moments.get(f"action-{action.id}")
        name = say("quoted", name=action_name(say, action))
        yield (known[0], known[0]) if known else None, say("account_chosen", name=name)


def _asked(session: Session, say: Say, moments: Moments) -> Iterator[tuple[When | None, str]]:
    case, catalog = session.record.case, session.catalog
    for screen, kinds in KINDS.items():
        items = [item.id for scale in catalog.of_kind(*kinds) for item in catalog.items_of(scale)]
        answered = [f"item-{item}" for item in items if item in case.responses]
        if answered:
            told = say("account_answered", screen=say(f"step_{screen}"), number=len(answered))
            yield _span(moments, answered), told
    signs, tried = case.facts.signs, case.facts.tried
    names = [*(f"sign-{name}" for name in signs), *(f"tried-{name}" for name in tried)]
    if moments or session.last:  # many of them come from last time; only those of today were asked
        names = [name for name in names if name in moments]
    if names:
        asked = sum(name.startswith("sign-") for name in names)
        numbers = {"signs": asked, "tried": len(names) - asked}
        yield _span(moments, names), say("account_workplace", screen=say("step_workplace"), **numbers)


def _marked(session: Session, say: Say, moments: Moments) -> Iterator[tuple[When | None, str]]:
    case = session.record.case
    for mark in ("skip", "discuss"):
        marked = [item for item, own in case.marks.items() if own == mark]
        if marked:
            names = _some(say, [question(session, say, item) for item in marked])
            yield _last_time(moments, (f"item-{item}" for item in marked)), say(f"account_{mark}", names=names)
    if case.facts.priorities:
        names = say.quoted(say.words.scales[scale].name for scale in case.facts.priorities)
        yield _last_time(moments, ["priorities"]), say("account_starred", names=names)


def _span(moments: Moments, names: Iterable[str]) -> When | None:
    """Return the first and the last moment of these parts; None if none is known."""
    known = [moments[name] for name in names if name in moments]
    return (min(first for first, _ in known), max(last for _, last in known)) if known else None


def _last_time(moments: Moments, names: Iterable[str]) -> When | None:
    span = _span(moments, names)
    return (span[1], span[1]) if span else None


def _shown(record: Record, say: Say) -> Iterator[tuple[When | None, str]]:
    named = target_names(say)
    for how, kind in (("sight", "step"), ("sight", "path"), ("unfolded", "")):
        shown = [one for one in record.shown if one.how == how and one.target in named and one.target.startswith(kind)]
        if shown:
            key = f"account_shown_{kind}" if kind else "account_unfolded"
            names = _some(say, [named[one.target] for one in shown], SHOWN_NAMES)
            yield (shown[0].at, shown[0].at), say(key, names=names)


def target_names(say: Say) -> dict[str, str]:
    """Return the names of all steps and paths, by target."""
    paths = {f"path-{name}": words.name for name, words in say.words.paths.items()}
    return {f"step-{name}": words.name for name, words in say.words.steps.items()} | paths


def _some(say: Say, names: list[str], most: int = MOST_NAMES) -> str:
    text = say.quoted(names[:most])
    return say("account_more", names=text, number=len(names) - most) if len(names) > most else text


def _reviewed(say: Say, action: Action) -> str:
    tried = action.status in {"done", "partly"}
    told = [say(f"edition_status_{action.status}")]
    told += [say(f"edition_helped_{action.helped}")] if tried and action.helped else []
    return say("account_reviewed", name=say("quoted", name=action_name(say, action)), told=say.enumeration(told))


def _approach(session: Session, say: Say) -> Iterator[str]:
    plan = session.record.plan
    for action in plan.chosen:
        first = first_move(session.catalog, say, session.reading, action)
        yield _action(say, action, say("account_first", text=first) if first else "")
    if plan.path and plan.path in say.words.paths:
        yield say("account_path", name=say("quoted", name=say.words.paths[plan.path].name))


def _action(say: Say, action: Action, more: str = "") -> str:
    by = say("account_by", day=weekday(say.language, action.by)) if action.by else ""
    return say("account_action", name=say("quoted", name=action_name(say, action)), by=by, more=more)


def _until_next(say: Say, record: Record) -> Iterator[str]:
    if record.next_at:
        yield say("account_next", date=moment(say.language, record.next_at))
    for action in open_actions(record):
        yield _action(say, action, say("account_since_last") if action in record.review else "")


def fields(say: Say, account: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the names of the written fields of an account, each with its text."""
    return tuple((say(f"account_{field}"), account[field]) for field in ACCOUNT if field in account)
