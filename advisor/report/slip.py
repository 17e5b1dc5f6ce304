"""The slip (ご案内): one half page to print or to mail, with the link of an invitation as a QR code and no name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from advisor.report import qr
from advisor.report.sanitize import plain
from advisor.session.appointments import local

if TYPE_CHECKING:
    from datetime import datetime

    from advisor.content.translator import Say
    from advisor.content.words import Language
    from advisor.session.letterhead import Inviter
    from advisor.session.model import Invitation


@dataclass(frozen=True, slots=True)
class Slip:
    """Everything on the slip, in its order."""

    language: Language
    title: str
    office: str
    kind: str
    when: str
    adviser: str
    ask: str
    points: tuple[str, ...]
    picture: str
    alt: str
    link: str
    digits: str
    footer: tuple[str, ...]
    reach: str


def slip(say: Say, invitation: Invitation, link: str, inviter: Inviter) -> Slip:
    """Return the slip of an invitation."""
    letterhead, adviser = inviter.letterhead, plain(inviter.adviser)
    own = (plain(letterhead.seen), plain(letterhead.employer))
    return Slip(
        language=say.language,
        title=say("slip_title"),
        office=plain(letterhead.office),
        kind=say("slip_kind"),
        when=_when(say, inviter.meeting) if inviter.meeting else "",
        adviser=say("advance_adviser", name=adviser) if adviser else "",
        ask=say("slip_ask"),
        points=(
            say("slip_scan"),
            say("slip_skip"),
            *(text for text in own if text),
            say("slip_together"),
        ),
        picture=qr.picture(link),
        alt=say("slip_alt"),
        link=link,
        digits=say("slip_digits") if invitation.guarded else "",
        footer=(say("slip_until", day=_when(say, invitation.expires)), say("slip_paper")),
        reach=plain(letterhead.reach),
    )


def _when(say: Say, at: datetime) -> str:
    from advisor.report.sentences import moment  # noqa: PLC0415  (babel: only for a paper)

    return moment(say.language, local(at))
