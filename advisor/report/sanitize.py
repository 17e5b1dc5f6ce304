"""Cleans typed text for the files of other programs: one kind of line end, and no control characters."""

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
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # XML and iCalendar refuse these


def plain(text: str) -> str:
    """Return text with plain newlines as line ends and without control characters. All visible characters stay."""
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)).strip()


def action_name(say: Say, action: Action, unnamed: str = "export_action_unnamed") -> str:
    """Return the name of an action: the client's words, else the name of its step, else the sentence ``unnamed``."""
    step = say.words.steps.get(action.step or "")  # None if only another catalogue has the step
    return plain(action.what) or (step.name if step else say(unnamed))


def first_move(catalog: Catalog, say: Say, reading: Reading, action: Action) -> str:
    """Return the first move of an action: the client's words, else the first move of its step as told to them."""
    if own := plain(action.first):
        return own
    if action.step not in say.words.steps:  # as above
        return ""
    return personal.step_words(catalog, say.words, reading, action.step).first_action
