"""Sentences on how a client and the roles meet: the client's own role first, then up to three near ones.

They have no figures. Only scoring versions with dials (2026-2 and later) have these sentences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.content.translator import Say
    from advisor.scoring.results import RoleNearness
    from advisor.session.session import Session

MOST_NEAR = 3  # so many other roles are shown at most
ONET_CLOSE, NEITHER, ONET_APART = 60.0, 50.0, 40.0  # fit by O*NET, 0-100: from 60 clearly close, to 40 clearly apart


def own_role(session: Session) -> str | None:
    """Return the client's own role. None: not told, not in the catalogue, or the client is not in the field yet."""
    facts = session.record.case.facts
    return facts.role if facts.situation != "wants_in" and facts.role in session.catalog.roles else None


def near_roles(session: Session) -> tuple[RoleNearness, ...]:
    """Return the near roles that are shown after the client's own role."""
    mine = own_role(session)
    near = [one for one in session.reading.role_nearness if one.nearness == "near" and one.role != mine]
    return tuple(near[:MOST_NEAR])


def own_nearness(session: Session) -> RoleNearness | None:
    """Return how near the client is to their own role; None while the answers for it are missing."""
    mine = own_role(session)
    return next((one for one in session.reading.role_nearness if one.role == mine), None)


def sentence(say: Say, met: RoleNearness) -> str:
    """Return a sentence: on which dials a client and a role are close, and on which apart."""
    sides = {side: dials for side, dials in (("close", met.close), ("apart", met.apart)) if dials}
    texts = {side: say("dial_separator").join(say(f"dial_{dial}") for dial in dials) for side, dials in sides.items()}
    kind = "both" if len(sides) > 1 else next(iter(sides), "neither")
    return say(f"role_meets_{kind}", role=say.words.roles[met.role].name, **texts)


def none_near(session: Session, say: Say) -> str:
    """Return the sentence that no role, or no other role, is near; empty if some are, or if answers are missing."""
    mine = own_nearness(session)
    if not session.reading.role_nearness or near_roles(session):
        return ""
    return say("roles_none_other" if mine and mine.nearness == "near" else "roles_none")


def onet_sentences(session: Session, say: Say) -> tuple[str, ...]:
    """Return the sentences on O*NET: its closest roles, and where it disagrees with job tag on a role not shown."""
    top = _top(session)
    texts = [say("roles_onet", names=_names(say, top))] if top else []
    return (*texts, *_differ(session, say, [role for role in top if role not in shown(session)]))


def disagreement_sentences(session: Session, say: Say) -> tuple[str, ...]:
    """Return the sentences on roles that are shown and on which O*NET and job tag clearly disagree."""
    return _differ(session, say, shown(session))


def _differ(session: Session, say: Say, roles: Sequence[str]) -> tuple[str, ...]:
    fits = {fit.role: fit.value for fit in session.reading.roles}
    seen = [(one, fits.get(one.role, NEITHER)) for one in session.reading.role_nearness if one.role in roles]
    apart = [one.role for one, value in seen if one.nearness == "near" and value <= ONET_APART]
    close = [one.role for one, value in seen if one.nearness == "far" and value >= ONET_CLOSE]
    both = (("roles_onet_apart", apart), ("roles_onet_close", close))
    return tuple(say(key, names=_names(say, names)) for key, names in both if names)


def shown(session: Session) -> list[str]:
    """Return the roles that are shown: the client's own, then the near ones."""
    mine = own_role(session)
    return [*([mine] if mine else []), *(one.role for one in near_roles(session))]


def _top(session: Session) -> list[str]:
    """Return the closest roles by O*NET; only those above NEITHER, and none while answers are missing."""
    met = session.reading.roles if session.reading.role_nearness else ()
    return [fit.role for fit in met if fit.value > NEITHER][:MOST_NEAR]


def sentences(session: Session, say: Say) -> tuple[str, ...]:
    """Return all sentences about roles that address this client."""
    mine, others = own_nearness(session), near_roles(session)
    met = [sentence(say, one) for one in ((mine, *others) if mine else others)]
    return tuple(
        text
        for text in (
            *met,
            none_near(session, say),
            *disagreement_sentences(session, say),
            *onet_sentences(session, say),
        )
        if text
    )


def _names(say: Say, roles: list[str]) -> str:
    return say.quoted(say.words.roles[role].name for role in roles)
