"""The client's own screen of a visit, as pure functions: it follows the adviser, is held, or goes on alone.

The adviser decides. While the screen follows, it shows the screen of the workbook on which the adviser is.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from advisor.session.model import ClientScreen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from advisor.session.model import Mode, Record

# the fields of a record that a client changes on a screen of their own; ``client_screen`` has a rule of its own
CLIENT_FIELDS = frozenset([
    *("case", "plan", "worksheets", "handout", "review", "next_at", "help_leaf", "help_topics"),
    *("useful", "useful_words", "shown", "revision", "changed_by", "crossed", "client_screen"),
])  # fmt: skip
_PART = re.compile(r"[A-Za-z][\w-]{0,79}", re.ASCII)  # the name of a part of a page


def shown(record: Record) -> str:
    """Return the screen of the workbook that the client sees."""
    own = record.client_screen
    return own.at if own.mode in ("held", "alone") and own.at else record.screen


def opened(record: Record) -> Record:
    """Return the record with a client's own screen; one that is there stays as it is."""
    return record if record.client_screen.mode else replace(record, client_screen=ClientScreen("follows"))


def closed(record: Record) -> Record:
    """Return the record without a client's own screen."""
    return replace(record, client_screen=ClientScreen())


def switched(record: Record, mode: Mode) -> Record:
    """Return the record after a press on ``held`` or ``alone``; the same again lets the screen follow.

    The client stays on the screen where they are; what is pointed at is no longer.
    """
    if not record.client_screen.mode or mode not in ("held", "alone"):
        raise KeyError(mode)
    if record.client_screen.mode == mode:
        return replace(record, client_screen=ClientScreen("follows"))
    return replace(record, client_screen=ClientScreen(mode, shown(record)))


def pointing(record: Record) -> Record:
    """Return the record in which the adviser begins to point, or ends it; the client's screen then follows."""
    own = record.client_screen
    if not own.mode:
        raise KeyError("points")
    return replace(record, client_screen=ClientScreen("follows", points=not own.points))


def pointed(record: Record, part: str) -> Record:
    """Return the record in which the adviser points at a part of the screen; it stays as it is if they do not point.

    Raises:
        KeyError: no part has such a name.
    """
    if not _PART.fullmatch(part):
        raise KeyError(part)
    own = record.client_screen
    return replace(record, client_screen=replace(own, part=part)) if own.points else record


def left(record: Record) -> Record:
    """Return the record after the adviser went to another screen: nothing there is pointed at yet."""
    own = record.client_screen
    return replace(record, client_screen=replace(own, part="")) if own.part else record


def gone_on(record: Record, screen: str) -> Record:
    """Return the record in which the client, who goes on alone, went to a screen.

    Raises:
        KeyError: the client's screen does not go on alone.
    """
    own = record.client_screen
    if own.mode != "alone":
        raise KeyError(screen)
    return replace(record, client_screen=replace(own, at=screen))


def may_change(before: Record, after: Record) -> bool:
    """Return whether a client may turn one record of a visit into another by what they answer and choose.

    Everything that is not in :data:`CLIENT_FIELDS` is the adviser's: notes, account, markers, the end of the session, …
    """
    names = [one.name for one in fields(before) if one.name not in CLIENT_FIELDS]
    own = replace(before.client_screen, at=after.client_screen.at) if before.client_screen.mode == "alone" else None
    goes = after.client_screen in (before.client_screen, own)
    return goes and all(getattr(before, name) == getattr(after, name) for name in names)


def problems(record: Record, screens: Collection[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the place and the reason of each wrong value; ``screens``: the screens of the workbook."""
    own = record.client_screen
    if own.at and own.at not in screens:
        yield ("client_screen", "at"), "no screen has this id"
    if own.part and not _PART.fullmatch(own.part):
        yield ("client_screen", "part"), "must be the name of a part of a page"
