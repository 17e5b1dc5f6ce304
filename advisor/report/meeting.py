"""How a client and the roles meet, in sentences: the client's own role first, then the few that are near.

Never a figure. Only versions with dials (2026-2 and later) speak of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advisor.findings import RoleMeeting
    from advisor.say import Say
    from advisor.session import Session

MOST_NEAR = 3  # other roles that are shown
ONET_CLOSE, ONET_APART = 60.0, 40.0  # from here O*NET's view is clearly on one side (50 is neither nor)


def own_role(session: Session) -> str | None:
    """Return the client's own role; None where it was not told, is none of the catalogue's, or they are outside."""
    facts = session.record.case.facts
    return facts.role if facts.situation != "wants_in" and facts.role in session.catalog.roles else None


def near(session: Session) -> tuple[RoleMeeting, ...]:
    """Return the near roles that are shown beside the client's own."""
    mine = own_role(session)
    return tuple(one for one in session.reading.meets if one.meets == "near" and one.role != mine)[:MOST_NEAR]


def own(session: Session) -> RoleMeeting | None:
    """Return how the client meets their own role; None while the traits for it are not told."""
    mine = own_role(session)
    return next((one for one in session.reading.meets if one.role == mine), None)


def sentence(say: Say, met: RoleMeeting) -> str:
    """Return where a client and a role are close, and where apart."""
    sides = {"close": met.close, "apart": met.apart}
    told = {side: say("dial_separator").join(say(f"dial_{dial}") for dial in dials) for side, dials in sides.items()}
    kind = "both" if met.close and met.apart else next((side for side, dials in sides.items() if dials), "neither")
    return say(f"role_meets_{kind}", role=say.words.roles[met.role].name, **told)


def none_near(session: Session, say: Say) -> str:
    """Return that no role is near, or no other one; nothing while some are, or while nothing can be said."""
    mine = own(session)
    if not session.reading.meets or near(session):
        return ""
    return say("roles_none_other" if mine and mine.meets == "near" else "roles_none")


def beside(session: Session, say: Say) -> tuple[str, ...]:
    """Return how O*NET sees it, and where the two clearly disagree."""
    if not session.reading.meets or not session.reading.roles:
        return ()
    fits = {fit.role: fit.value for fit in session.reading.roles}
    top = [fit.role for fit in session.reading.roles if fit.value > 50][:MOST_NEAR]  # noqa: PLR2004  (neither nor)
    shown = {own_role(session), *(one.role for one in near(session)), *top}
    told = [say("roles_onet", names=_names(say, top))] if top else []
    seen = [(one.role, one.meets, fits.get(one.role, 50.0)) for one in session.reading.meets if one.role in shown]
    apart = [role for role, meets, value in seen if meets == "near" and value <= ONET_APART]
    close = [role for role, meets, value in seen if meets == "far" and value >= ONET_CLOSE]
    differ = (("roles_onet_apart", apart), ("roles_onet_close", close))
    return (*told, *(say(key, names=_names(say, roles)) for key, roles in differ if roles))


def sentences(session: Session, say: Say) -> tuple[str, ...]:
    """Return everything about roles that addresses this client."""
    mine, others = own(session), near(session)
    met = [sentence(say, one) for one in ((mine, *others) if mine else others)]
    return tuple(text for text in (*met, none_near(session, say), *beside(session, say)) if text)


def _names(say: Say, roles: list[str]) -> str:
    return say.quoted(say.words.roles[role].name for role in roles)
