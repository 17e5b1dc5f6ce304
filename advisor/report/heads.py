"""The head of a paper: the office with its contact, the client's code, the number of the visit, and the adviser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.report.document import Head
from advisor.report.sanitize import plain

if TYPE_CHECKING:
    from advisor.content.translator import Say
    from advisor.session.letterhead import Imprint


def head(say: Say, imprint: Imprint) -> Head:
    """Return the head of a paper. What nobody entered is empty, and the paper leaves it out."""
    code, adviser = plain(imprint.code), plain(imprint.adviser)
    return Head(
        office=plain(imprint.office),
        reach=plain(imprint.reach),
        code=code,
        number=say("head_number", number=imprint.number) if imprint.number else "",
        adviser=say("head_adviser", name=adviser) if adviser else "",
        short=f"{code}-{imprint.number}" if code and imprint.number else code,
    )


def line(say: Say, top: Head, day: str) -> str:
    """Return code, number, day and adviser as one line."""
    return say("paper_separator").join(text for text in (top.code, top.number, day, top.adviser) if text)


def given_by(say: Say, top: Head) -> str:
    """Return the office and its contact as one line; empty if nobody entered them."""
    return say("paper_separator").join(text for text in (top.office, top.reach) if text)
