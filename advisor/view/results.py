"""What the results screen shows beside and below the charts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from advisor import comparison
from advisor.narrative import told_change, told_reliability
from advisor.report.wording import day, hints, label, last_corrected
from advisor.view import cards

if TYPE_CHECKING:
    from advisor.comparison import ScaleChange
    from advisor.findings import RoleFit
    from advisor.model import Kind
    from advisor.say import Say
    from advisor.session import Session

MOST_TRAITS = 3
MOST_CHANGES = 5  # of a kind that stand as sentences; the table holds all


def traits(session: Session, say: Say) -> dict[str, Any]:
    """Return what stands beside the profile: the index, every trait in both directions, what the client marked."""
    reading, words = session.reading, say.words
    return {
        "index": reading.index,
        "traits": [
            _trait(session, say, trait)
            for trait in session.catalog.of_kind("fit", "misfit")
            if reading.scores[trait].value is not None
        ],
        "priorities": [words.scales[scale] for scale in session.record.case.facts.priorities],
    }


def context(session: Session, say: Say) -> dict[str, Any]:
    """Return everything the rest of the screen shows."""
    catalog, reading, words = session.catalog, session.reading, say.words
    case = session.record.case
    touched = {scale for scale, score in reading.scores.items() if score.band == "high"} | {session.record.plan.path}
    pluses = sorted(
        catalog.statements["pluses"], key=lambda name: not touched & set(catalog.statements["pluses"][name].about)
    )
    knowledge = [row for group in ("pluses", "minuses", "limits") for row in catalog.statements[group].values()]
    return {
        "roles": [_role(session, say, role) for role in reading.roles],
        "pluses": [words.pluses[name] for name in pluses],
        "minuses": list(words.minuses.values()),
        "limits": list(words.limits.values()),
        "knowledge_sources": [source for row in knowledge for source in row.sources],
        "disagreements": [(catalog.disagreements[name], words.disagreements[name]) for name in reading.disagreements],
        "hints": hints(session, say),
        "help_needed": reading.help_needed,
        "discuss": [cards.question(session, say, name) for name, mark in case.marks.items() if mark == "discuss"],
        "norms": _norms(session, say),
        "norm_sources": dict.fromkeys(source for norm in catalog.norms.values() for source in norm.sources),
    }


def _norms(session: Session, say: Say) -> list[dict[str, str]]:
    """Return each score of the quick form beside those of other people, where a norm is released."""
    widened, found = session.record.case.facts.widened, session.reading.scores
    rows = []
    for scale, norm in session.catalog.norms.items():
        value = found[scale].value
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
    """Return a role with the traits that speak most for and against it."""
    row = session.catalog.roles[fit.role]

    def named(sign: int) -> str:
        return say.quoted(
            say.words.scales[trait].short
            for trait, part in [part for part in fit.reasons if part[1] * sign >= 1][:MOST_TRAITS]
        )

    return {
        "key": fit.role,
        "words": say.words.roles[fit.role],
        "mine": fit.role == session.record.case.facts.role,
        "plus": named(1),
        "minus": named(-1),
        "qualifications": [say.words.qualifications[name] for name in row.qualifications],
        "growth": [say.words.growth[name] for name in row.growth],
        "sources": row.sources,
        "disagreements": [
            (other, say.words.disagreements[name])
            for name, other in session.catalog.disagreements.items()
            if fit.role in other.about
        ],
    }


# --- beside last time, and beside the adviser ---------------------------------------------------------------------


def compared(session: Session, say: Say) -> dict[str, Any]:
    """Return what changed since last time, and where client and adviser see things differently."""
    found = _changes(session)
    moved = sorted((change for change in found if not change.same), key=lambda change: -abs(change.difference))

    def told(*kinds: Kind) -> list[dict[str, str]]:
        mine = [change for change in moved if session.catalog.scales[change.scale].kind in kinds]
        return [
            {"text": told_change(session.catalog, say, change), "reliable": _reliable(say, change)}
            for change in mine[:MOST_CHANGES]
        ]

    worries, traits = told("frustration", "consequence"), told("fit", "misfit")
    return {
        "last": day(say.language, session.last.day) if session.last else "",
        "corrected": last_corrected(say, session),
        "worries": worries,
        "traits": traits,
        "rest": len(moved) - len(worries) - len(traits),
        "same": _same(say, [change.scale for change in found if change.same]),
        "quick": any(change.reliable is None for change in found),
        "rough": any(change.provisional for change in found),
        "rows": [_row(say, change) for change in found],
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
    """Return how a change compares with measurement error, with the people on whom that was measured."""
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
    """Return what stayed much the same: by name, or by number where the names would bury the rest."""
    if len(scales) > MOST_CHANGES:
        return say("change_same_many", number=len(scales))
    return say("change_same", names=say.quoted(say.words.scales[scale].name for scale in scales)) if scales else ""


def _row(say: Say, change: ScaleChange) -> dict[str, str]:
    """Return a change as a row of a table, the difference between the rounded figures that stand beside it."""
    before, after = round(change.before), round(change.after)
    meaning = {None: "none", True: "beyond", False: "within"}[change.reliable]
    return {
        "name": say.words.scales[change.scale].name,
        "before": str(before),
        "after": str(after),
        "difference": f"{after - before:+d}".replace("-", "−") if after != before else "±0",
        "meaning": say(f"meaning_{meaning}"),
    }
