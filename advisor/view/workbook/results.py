"""The values for the screen 結果, beside and below the charts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from advisor.report import agents
from advisor.report import roles as meeting
from advisor.report.sentences import (
    change_sentence,
    cues,
    day,
    label,
    last_corrected,
    marked,
    question,
    told_reliability,
)
from advisor.scoring import personal
from advisor.session import comparison

if TYPE_CHECKING:
    from advisor.content.model import Kind
    from advisor.content.translator import Say
    from advisor.scoring.results import RoleFit, RoleMeeting
    from advisor.session.comparison import ScaleChange
    from advisor.session.session import Session

MOST_TRAITS = 3
LIMITS = ("people", "two", "untold")  # the limits of the figures about roles
SIDES = ("pluses", "minuses", "limits")
QUESTIONS = ("faq", "glossary")
MOST_CHANGES = 5  # sentences for changes of one kind; the table holds all changes


def traits(session: Session, say: Say) -> dict[str, Any]:
    """Return the values beside the profile: the aptitude index, every scored trait, and the client's priorities."""
    reading = session.reading
    return {
        "index": reading.index,
        "traits": [
            _trait(session, say, trait)
            for trait in session.catalog.of_kind("fit", "misfit")
            if reading.scores[trait].value is not None
        ],
        "priorities": marked(session, say),
    }


def context(session: Session, say: Say) -> dict[str, Any]:
    """Return the values for the end of the screen: roles, knowledge, questions and answers, cues, norms."""
    catalog, reading, words = session.catalog, session.reading, say.words
    case = session.record.case
    touched = {scale for scale, score in reading.scores.items() if score.band == "high"} | {session.record.plan.path}
    statements = {group: personal.told(catalog, words, reading, group) for group in SIDES + QUESTIONS}
    pluses = sorted(statements["pluses"].values(), key=lambda pair: not touched & set(pair[0].about))
    differ = personal.differ(catalog, words, reading)
    return {
        "roles": [] if catalog.dials else [_role(session, say, role) for role in reading.roles],
        "met": _met(session, say) if catalog.dials else None,
        "pluses": [said for _, said in pluses],
        "minuses": [said for _, said in statements["minuses"].values()],
        "limits": [said for _, said in statements["limits"].values()],
        "knowledge_sources": [
            source for group in SIDES for row, _ in statements[group].values() for source in row.sources
        ],
        "faq": statements["faq"],
        "agents": {name: agents.notice(say, (item.name, item.text)) for name, (_, item) in statements["faq"].items()},
        "glossary": statements["glossary"],
        "disagreements": [differ[name] for name in reading.disagreements if name in differ],
        "cues": cues(session, say),
        "help_needed": reading.help_needed,
        "help_leaf": session.record.help_leaf,
        "discuss": [question(session, say, name) for name, mark in case.marks.items() if mark == "discuss"],
        "norms": _norms(session, say),
        "norm_sources": dict.fromkeys(source for norm in catalog.norms.values() for source in norm.sources),
    }


def _norms(session: Session, say: Say) -> list[dict[str, str]]:
    """Return each score of the quick form beside the norm of other people, if the scale has a released norm."""
    widened, scores = session.record.case.facts.widened, session.reading.scores
    rows = []
    for scale, norm in session.catalog.norms.items():
        value = scores[scale].value
        if value is None or scale in widened:
            continue
        apart = "about" if abs(value - norm.mean) < norm.sd else "above" if value > norm.mean else "below"
        rows.append({
            "name": say.words.scales[scale].name,
            "score": f"{value:.0f}",
            "mean": f"{norm.mean:.0f}",
            "meaning": say(f"norm_{apart}"),
            "people": say("norm_people", number=f"{norm.n:,}", date=day(say.language, date.fromisoformat(norm.date))),
        })  # fmt: skip
    return rows


def _trait(session: Session, say: Say, trait: str) -> dict[str, Any]:
    score = session.reading.scores[trait]
    return {"words": say.words.scales[trait], "score": f"{score.value:.0f}", "band": score.band}


def _role(session: Session, say: Say, fit: RoleFit) -> dict[str, Any]:
    """Return a role with the traits that count most for and against it."""
    row = session.catalog.roles[fit.role]

    def named(sign: int) -> str:
        return say.quoted(
            say.words.scales[trait].short
            for trait, part in [part for part in fit.reasons if part[1] * sign >= 1][:MOST_TRAITS]
        )

    return {
        "mine": fit.role == session.record.case.facts.role,
        "plus": named(1),
        "minus": named(-1),
        "growth": [say.words.growth[name] for name in row.growth],
        **_about_role(session, say, fit.role),
    }


def _about_role(session: Session, say: Say, role: str) -> dict[str, Any]:
    """Return the statements about a role, and their sources."""
    row = session.catalog.roles[role]
    statements = personal.about(session.catalog, say.words, session.reading, role)
    return {
        "key": role,
        "words": say.words.roles[role],
        "qualifications": [say.words.qualifications[name] for name in row.qualifications],
        "known": [said for _, said in statements],
        "sources": [*row.sources, *(source for statement, _ in statements for source in statement.sources)],
        "disagreements": [
            pair
            for pair in personal.differ(session.catalog, say.words, session.reading).values()
            if role in pair[0].about
        ],
    }


def _met(session: Session, say: Say) -> dict[str, Any] | None:
    """Return the client's own role, the near roles, and the notes about them; None without any.

    The own role always shows, also if it is not near.
    """
    mine, own, others = meeting.own_role(session), meeting.own_meeting(session), meeting.near_meetings(session)
    if not mine and not session.reading.meets:
        return None

    def card(role: str, met: RoleMeeting | None) -> dict[str, Any]:
        return _about_role(session, say, role) | {
            "meets": met.meets if met else "",
            "sentence": meeting.sentence(say, met) if met else "",
            **_growth(session, say, role),
        }

    return {
        "own": card(mine, own) if mine else None,
        "near": [card(one.role, one) for one in others],
        "none": meeting.none_near(session, say),
        "wait": not session.reading.meets,
        "differ": meeting.disagreement_sentences(session, say),
        "beside": meeting.onet_sentences(session, say),
        "limits": say.prose(say(f"roles_limit_{name}") for name in LIMITS),
    }


def _growth(session: Session, say: Say, role: str) -> dict[str, Any]:
    """Return the ways to grow from a role. Ways open from any role are named only, or shown in full without others."""
    roles, words = session.catalog.roles, say.words.growth
    named = {name for row in roles.values() for name in row.growth}
    anybody = [words[name] for name in session.catalog.statements["growth"] if name not in named]
    own = [words[name] for name in roles[role].growth]
    names = say.enumeration(way.name for way in anybody)
    return {"growth": own or anybody, "any": say("role_growth_any", names=names) if own else ""}


# --- beside last time, and beside the adviser ---------------------------------------------------------------------


def compared(session: Session, say: Say) -> dict[str, Any]:
    """Return the comparison: the changes since last time, and the items that client and adviser answer differently."""
    changes = _changes(session)
    moved = sorted((change for change in changes if not change.same), key=lambda change: -abs(change.difference))

    def told(*kinds: Kind) -> list[dict[str, str]]:
        mine = [change for change in moved if session.catalog.scales[change.scale].kind in kinds]
        return [
            {"text": change_sentence(session.catalog, say, change), "reliable": _reliable(say, change)}
            for change in mine[:MOST_CHANGES]
        ]

    worries, traits = told("frustration", "consequence"), told("fit", "misfit")
    return {
        "last": day(say.language, session.last.day) if session.last else "",
        "corrected": last_corrected(say, session),
        "worries": worries,
        "traits": traits,
        "rest": len(moved) - len(worries) - len(traits),
        "same": _same(say, [change.scale for change in changes if change.same]),
        "quick": any(change.reliable is None for change in changes),
        "rough": any(change.provisional for change in changes),
        "rows": [_row(say, change) for change in changes],
        "talking": [
            {
                "question": say.words.items[point.item],
                "client": label(session, say, point.item, point.client),
                "adviser": label(session, say, point.item, point.adviser),
            }
            for point in comparison.talking_points(session.catalog, session.record)
        ],
    }


def _reliable(say: Say, change: ScaleChange) -> str:
    """Return the sentence that compares a change with measurement error, with the number of people measured for it."""
    sentence = told_reliability(say, change)
    if not change.measured:
        return sentence
    number, until = change.measured
    day_of = day(say.language, date.fromisoformat(until))
    return say("change_measured", text=sentence, number=f"{number:,}", date=day_of)


def _changes(session: Session) -> tuple[ScaleChange, ...]:
    if session.last is None:
        return ()
    before, case = session.last.record.case, session.record.case
    return comparison.changes(session.catalog, session.last.reading, session.reading, before, case)


def _same(say: Say, scales: list[str]) -> str:
    """Return the scales that stayed much the same, by name. If they are too many to read, return only their number."""
    if len(scales) > MOST_CHANGES:
        return say("change_same_many", number=len(scales))
    return say("change_same", names=say.quoted(say.words.scales[scale].name for scale in scales)) if scales else ""


def _row(say: Say, change: ScaleChange) -> dict[str, str]:
    """Return a change as a row of the table. Its difference is that of the rounded figures, so that the row adds up."""
    before, after = round(change.before), round(change.after)
    meaning = {None: "none", True: "beyond", False: "within"}[change.reliable]
    return {
        "name": say.words.scales[change.scale].name,
        "before": str(before),
        "after": str(after),
        "difference": f"{after - before:+d}".replace("-", "−") if after != before else "±0",
        "meaning": say(f"meaning_{meaning}"),
    }
