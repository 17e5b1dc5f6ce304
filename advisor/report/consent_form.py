"""The consent form (同意書): what a client agrees to, in plain words, on one page to sign. Also as a blank form.

The screen of the desk tells the same explanation. A sentence about the office that the office did not enter is left
out: it may not be true there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from advisor.report.document import Head, Pair
from advisor.report.heads import head
from advisor.report.sanitize import plain
from advisor.report.sentences import day
from advisor.session.model import USES

if TYPE_CHECKING:
    from advisor.content.translator import Say
    from advisor.content.words import Language
    from advisor.session.letterhead import Imprint, Letterhead
    from advisor.session.model import Client, Permission

EXPLAINED = ("secret", "limits", "kept", "health", "withdraw")


@dataclass(frozen=True, slots=True)
class UseLine:
    """A use with its box to tick; ``when`` says since when it is allowed, or that it was withdrawn."""

    ticked: bool
    name: str
    what: str
    when: str


@dataclass(frozen=True, slots=True)
class ConsentForm:
    """Everything on the consent form, in its order. A pair without text is printed with a line to write on."""

    language: Language
    title: str
    date: str
    footer: str
    lead: str
    points: tuple[Pair, ...]
    agreed_title: str
    agreed: tuple[Pair, ...]
    uses_title: str
    uses_lead: str
    uses: tuple[UseLine, ...]
    sign: str
    lines: tuple[str, ...]
    head: Head = field(default_factory=Head)


def explained(say: Say, letterhead: Letterhead) -> tuple[Pair, ...]:
    """Return what the client has to know, as pairs of a heading and a text."""
    points = [(say(f"consent_{name}_title"), say(f"consent_{name}")) for name in EXPLAINED]
    own = "\n".join(text for text in (plain(letterhead.seen), plain(letterhead.employer)) if text)
    return (points[0], (say("consent_office_title"), own), *points[1:]) if own else tuple(points)


def permission_told(say: Say, permission: Permission | None) -> str:
    """Return in words whether a use is allowed, since when, and since when no more."""
    if permission is None:
        return say("permission_never")
    given = day(say.language, permission.given_on)
    if permission.withdrawn_on is None:
        return say("permission_given", given=given)
    return say("permission_withdrawn", given=given, withdrawn=day(say.language, permission.withdrawn_on))


def consent_form(say: Say, client: Client | None, letterhead: Letterhead, imprint: Imprint) -> ConsentForm:
    """Return the form of a client as they agreed; None: a blank form, with the purpose that the office proposes."""
    return ConsentForm(
        language=say.language,
        title=say("consent_title"),
        date=day(say.language, client.consent.given_on) if client else "",
        footer=say("consent_footer"),
        lead=say("consent_lead"),
        points=explained(say, letterhead),
        agreed_title=say("consent_agreed_title"),
        agreed=_agreed(say, client),
        uses_title=say("consent_uses_title"),
        uses_lead=say("consent_uses_lead"),
        uses=tuple(_uses(say, client)),
        sign=say("consent_sign"),
        lines=(say("consent_line_day"), say("consent_line_name"), say("consent_line_adviser")),
        head=head(say, imprint),
    )


def _agreed(say: Say, client: Client | None) -> tuple[Pair, ...]:
    told = {"code": "", "purpose": say("desk_purpose_default"), "until": "", "then": say("consent_then_choose")}
    if client is not None:
        consent = client.consent
        told = {"code": client.code, "purpose": consent.purpose, "until": day(say.language, consent.until)}
        told["then"] = say(f"consent_then_{consent.then}")
    return tuple((say(f"consent_{name}"), plain(text)) for name, text in told.items())


def _uses(say: Say, client: Client | None) -> list[UseLine]:
    lines = []
    for use in USES:
        permission = client.details.permissions.get(use) if client else None
        ticked = client is not None and client.details.allows(use)
        when = permission_told(say, permission) if permission else ""
        lines.append(UseLine(ticked, say(f"use_{use}"), say(f"use_{use}_what"), when))
    return lines
