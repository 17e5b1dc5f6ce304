"""What an office says of itself: name and contact, the advisers' names, two sentences for consent, its own word.

Everything may be empty. What is empty is left out of screens and papers.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from advisor.session.forms import Unusable, has_unseen, line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

# the most characters of each field
LIMITS = {"office": 60, "reach": 80, "adviser": 40, "seen": 120, "employer": 120, "called": 12, "key": 4}
KEYS = ("F9", "F2", "F4", "F8", "none")  # those that browsers leave free; the first is the usual one


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The identity of the office.

    ``reach``: how it is reached, by telephone or mail.
    ``seen``: a sentence that says who in the office sees what is told. ``employer``: whether an employer is told.
    ``called``: the office's own word for whoever is advised; without it, Japanese screens and papers say 相談者.
    ``key``: the key that opens the adviser's part on a shared screen; empty: the usual one.
    ``advisers``: an adviser's id → the name on papers. The id is empty for somebody who works alone.
    """

    office: str = ""
    reach: str = ""
    seen: str = ""
    employer: str = ""
    advisers: dict[str, str] = field(default_factory=dict)
    called: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Imprint:
    """Whose paper it is and who gives it out: code, number of the visit among the client's visits, adviser, office.

    ``number`` is 0 if the visit has no client. ``called``, ``key``: as in :class:`Letterhead`.
    """

    code: str = ""
    number: int = 0
    adviser: str = ""
    office: str = ""
    reach: str = ""
    called: str = ""
    key: str = ""


NOBODY = Imprint()


@dataclass(frozen=True, slots=True)
class Inviter:
    """Who invites a client to answer before a session: the letterhead, the adviser's name, and when they meet next."""

    letterhead: Letterhead
    adviser: str = ""
    meeting: datetime | None = None


_LETTERHEAD = TypeAdapter(Letterhead)


def dump(letterhead: Letterhead) -> str:
    """Return a letterhead as JSON."""
    return _LETTERHEAD.dump_json(letterhead, exclude_defaults=True).decode()


def parse(text: str) -> Letterhead:
    """Return the letterhead in a JSON text; raise ValueError for any other text."""
    return _LETTERHEAD.validate_json(text)


def values(letterhead: Letterhead, adviser: str) -> dict[str, str]:
    """Return the texts for the form: field → text. ``adviser`` is the id of whoever fills it in."""
    told = {name: getattr(letterhead, name) for name in LIMITS if name != "adviser"}
    return {**told, "key": letterhead.key or KEYS[0], "adviser": letterhead.advisers.get(adviser, "")}


def filled(letterhead: Letterhead, typed: dict[str, str], adviser: str) -> Letterhead:
    """Return the letterhead with the texts of a form without problems. Names of other advisers stay."""
    own = typed["adviser"].strip()
    others = {name: told for name, told in letterhead.advisers.items() if name != adviser}
    texts = {name: text.strip() for name, text in typed.items() if name != "adviser"}
    texts["key"] = "" if texts["key"] == KEYS[0] else texts["key"]
    return replace(letterhead, **texts, advisers={**others, adviser: own} if own else others)


def problems(typed: dict[str, str]) -> dict[str, tuple[str, int]]:
    """Return, for each field with a problem, the key of the sentence about it and the limit in that sentence."""
    return {name: (unusable.word, unusable.most) for name, unusable in _problems(typed)}


def _problems(typed: dict[str, str]) -> Iterator[tuple[str, Unusable]]:
    for name, most in LIMITS.items():
        text = typed[name].strip()
        try:
            line(text, most)
        except Unusable as unusable:
            yield name, unusable
        if has_unseen(text):
            yield name, Unusable("desk_error_unseen")
