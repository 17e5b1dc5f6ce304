"""The adviser's account (相談記録), what was shown in the session, the screens that are done, and how it ended.

Each function takes a record and returns the changed record; an unknown id raises KeyError.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args

from advisor.session import forms
from advisor.session.forms import LINE_MAX, Unusable
from advisor.session.model import ACCOUNT, LONGEST_SESSION, TOKYO, USEFUL, WAYS, Shown, Sight, day_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from advisor.session.model import Record

FIELD_MAX = 10_000  # characters of one field of the account
MOST_SHOWN = 400  # far more than the steps and paths of any catalogue, twice
TOLD = ("way", "useful", "useful_words")  # what `tell` changes
_TARGET = re.compile("(step|path)-[a-z0-9_]{1,80}")


def write(record: Record, field: str, text: str) -> Record:
    """Return the record with typed text in one field of the account.

    Raises:
        Unusable: the text is longer than FIELD_MAX.
    """
    if field not in ACCOUNT:
        raise KeyError(field)
    texts = {**record.account, field: forms.line(text, FIELD_MAX)}
    return replace(record, account={name: texts[name] for name in ACCOUNT if texts.get(name)})


def tell(record: Record, name: str, text: str) -> Record:
    """Return the record with the way of meeting, or the client's answer whether the session was of use."""
    if name == "useful_words":
        return replace(record, useful_words=forms.line(text))
    if name == "useful" and text in ("", *USEFUL):
        return replace(record, useful=next((one for one in USEFUL if one == text), None))
    if name == "way" and text in WAYS:
        return replace(record, way=next(one for one in WAYS if one == text))
    raise KeyError(name)


def saw(record: Record, how: Sight, targets: Iterable[tuple[str, int]], at: datetime) -> Record:
    """Return the record with steps and paths (each with its place) as shown; each is noted once for each ``how``."""
    known = {(one.target, one.how) for one in record.shown}
    new = tuple(Shown(target, how, place, at) for target, place in dict(targets).items() if (target, how) not in known)
    return replace(record, shown=(*record.shown, *new)[:MOST_SHOWN]) if new else record


def finish(record: Record, screen: str) -> Record:
    """Return the record with a screen called done, or no longer if it was."""
    others = tuple(name for name in record.done if name != screen)
    return replace(record, done=others if screen in record.done else (*others, screen))


def ended_at(text: str, started: datetime) -> datetime | None:
    """Return the moment at which a session ended from a typed local time; None for an empty text.

    Raises:
        Unusable: it is no moment, or no session that began at ``started`` can end then.
    """
    if not text:
        return None
    moment = forms.moment(text, day_of(started)).replace(tzinfo=TOKYO).astimezone(UTC)
    begun = started.replace(second=0, microsecond=0)
    if not begun <= moment <= begun + LONGEST_SESSION:
        raise Unusable("error_ended")
    return moment


def minutes(started: datetime, ended: datetime | None) -> int | None:
    """Return how many minutes a session took; None if its end is not told, or cannot be right."""
    if ended is None or not started <= ended <= started + LONGEST_SESSION:
        return None
    return round((ended - started).total_seconds() / 60)


def united(theirs: tuple[Shown, ...], mine: tuple[Shown, ...]) -> tuple[Shown, ...]:
    """Return what two screens of one visit have shown: each step and path at its first moment."""
    first: dict[tuple[str, str], Shown] = {}
    for one in sorted((*theirs, *mine), key=lambda one: one.at):
        first.setdefault((one.target, one.how), one)
    return tuple(first.values())[:MOST_SHOWN]


def problems(record: Record, screens: Iterable[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the place and the reason of each wrong value; ``screens``: the screens of the workbook."""
    for name, text in record.account.items():
        if name not in ACCOUNT:
            yield ("account", name), "no field of the account has this name"
        if len(text) > FIELD_MAX:
            yield ("account", name), f"must be text of at most {FIELD_MAX} characters"
    if len(record.useful_words) > LINE_MAX:
        yield ("useful_words",), f"must be text of at most {LINE_MAX} characters"
    if record.ended is not None and record.ended.tzinfo is None:
        yield ("ended",), "a moment needs its time zone"
    if len(set(record.done)) != len(record.done) or not set(record.done) <= set(screens):
        yield ("done",), "must name screens, each once"
    if len(record.shown) > MOST_SHOWN or len({(one.target, one.how) for one in record.shown}) != len(record.shown):
        yield ("shown",), f"at most {MOST_SHOWN}, each step and path once for each of {', '.join(get_args(Sight))}"
    for place, one in enumerate(record.shown):
        if one.at.tzinfo is None or one.place < 1 or not _TARGET.fullmatch(one.target):
            yield ("shown", str(place)), "must be a step or path with its place and a moment with its time zone"
