"""Typed text on its way into files of other programs: lines end in one way, and no unseen control characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from advisor.scoring import personal

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog
    from advisor.content.translator import Say
    from advisor.scoring.results import Reading
    from advisor.session.model import Action

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # XML and iCalendar refuse them


def plain(text: str) -> str:
    """Return text with plain line ends and without control characters; everything that can be seen stays."""
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)).strip()


def action_name(say: Say, action: Action, unnamed: str = "export_action_unnamed") -> str:
    """Return what an action is called: in the client's words, else as the step it came from, else ``unnamed``."""
    step = say.words.steps.get(action.step or "")  # none where only another catalogue knows it
    return plain(action.what) or (step.name if step else say(unnamed))


def first_move(catalog: Catalog, say: Say, reading: Reading, action: Action) -> str:
    """Return an action's first move: in the client's words, else that of the step it came from, as told to them."""
    if own := plain(action.first):
        return own
    if action.step not in say.words.steps:  # as above
        return ""
    return personal.step_words(catalog, say.words, reading, action.step).first_action
