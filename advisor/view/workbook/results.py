"""The values for the screen 結果: three things first, what is folded below them, and the adviser's part at the end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from advisor.content.model import TRAITS, WORRIES
from advisor.report import agents
from advisor.report import roles as near_to
from advisor.report import three_things as things
from advisor.report.sentences import (
    change_sentence,
    cues,
    day,
    label,
    last_corrected,
    marked,
    of_its_day,
    question,
    reading_sentences,
    told_reliability,
)
from advisor.scoring import personal
from advisor.session import comparison

if TYPE_CHECKING:
    from advisor.content.model import Kind
    from advisor.content.translator import Say
    from advisor.scoring.results import RoleFit, RoleNearness
    from advisor.session.comparison import ScaleChange
    from advisor.session.session import Session

MOST_TRAITS = 3
LIMITS = ("people", "two", "untold")  # the limits of the figures about roles
SIDES = ("pluses", "minuses", "limits")
QUESTIONS = ("faq", "glossary")
MOST_CHANGES = 5  # sentences for changes of one kind; the table holds all changes
MOST_HINTED = 3  # names beside the heading of a fold


def first(session: Session, say: Say) -> dict[str, Any]:
    """Return what stands at the top: the wish and up to three things; or that nothing can be read yet."""
    catalog, reading, case = session.catalog, session.reading, session.record.case
    found = things.three_things(catalog, say, reading, case)
    note = things.worries_note(catalog, say, reading)
    return {
        "wish_title": of_its_day(say, session, "wish_is"),
        "wish": case.facts.wish.strip(),
        "things": [{"kind": say(f"three_{one.kind}"), "name": one.kind, "title": one.title,
                    "text": say.prose(one.sentences)} for one in found],
        "note": note,
        "help": say("told_help") if reading.help_needed and catalog.scoring.choosing is not None else "",
        "empty": not found and not note and not _sentences(session, say),
    }  # fmt: skip


def _sentences(session: Session, say: Say) -> tuple[str, ...]:
    """Return the reading in sentences, without the one about the index: that is for the adviser."""
    told = reading_sentences(session.catalog, say.words, session.reading, session.record.case.facts)
    band = session.reading.index.band
    return tuple(sentence for sentence in told if not band or sentence != say(f"told_index_{band}"))


def gaps(session: Session, kinds: tuple[Kind, ...]) -> list[str]:
    """Return the scales with too few answers. If no scale has enough, return none: the screen says that elsewhere."""
    scales = session.catalog.of_kind(*kinds)
    missing = [scale for scale in scales if session.reading.scores[scale].value is None]
    return missing if len(missing) < len(scales) else []


def folds(session: Session, say: Say) -> dict[str, Any]:
    """Return the values of the shared folds: what the answers say one by one, roles, knowledge, questions."""
    catalog, reading, words = session.catalog, session.reading, say.words
    situation = session.record.case.facts.situation
    groups = (TRAITS,) if situation == "wants_in" else (TRAITS, WORRIES)
    touched = {scale for scale, score in reading.scores.items() if score.band == "high"} | {session.record.plan.path}
    statements = {group: personal.told(catalog, words, reading, group) for group in SIDES + QUESTIONS}
    pluses = sorted(statements["pluses"].values(), key=lambda pair: not touched & set(pair[0].about))
    differ = personal.differ(catalog, words, reading)
    met = _met(session, say) if catalog.dials else None
    roles = [] if catalog.dials else [_role(session, say, role) for role in reading.roles]
    shown = [met["own"], *met["near"]] if met else roles
    return {
        "compared": compared(session, say),
        "sentences": _sentences(session, say),
        "gaps": say.quoted(words.scales[scale].short for kinds in groups for scale in gaps(session, kinds)),
        "priorities": marked(session, say),
        "worries": _bands(session, say, *WORRIES),
        "traits": _bands(session, say, *TRAITS),
        "roles": roles,
        "met": met,
        "role_names": say.enumeration(role["words"].name for role in [role for role in shown if role][:MOST_HINTED]),
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
    }


def adviser(session: Session, say: Say) -> dict[str, Any]:
    """Return the values of the adviser's part: cues, help, figures, norms, and what the markers differ in."""
    catalog, reading, case = session.catalog, session.reading, session.record.case
    return {
        "cues": cues(session, say),
        "help_needed": reading.help_needed,
        "help_leaf": session.record.help_leaf,
        "discuss": [question(session, say, name) for name, mark in case.marks.items() if mark == "discuss"],
        "index": reading.index,
        "figures": [
            {"name": say.words.scales[scale].name, "score": f"{score.value:.0f}", "band": say(f"band_{score.band}")}
            for scale, score in reading.scores.items()
            if score.value is not None
        ],
        "compared": compared(session, say),
        "norms": _norms(session, say),
        "norm_sources": dict.fromkeys(source for norm in catalog.norms.values() for source in norm.sources),
    }


def _bands(session: Session, say: Say, *kinds: Kind) -> list[dict[str, Any]]:
    """Return each scored scale of these kinds with its band in words: what a chart shows, as rows of a table."""
    scores = session.reading.scores
    return [
        {"words": say.words.scales[scale], "band": scores[scale].band, "shown": say(f"band_{scores[scale].band}")}
        for scale in session.catalog.of_kind(*kinds)
        if scores[scale].value is not None
    ]


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
    mine, own, others = near_to.own_role(session), near_to.own_nearness(session), near_to.near_roles(session)
    if not mine and not session.reading.role_nearness:
        return None

    def card(role: str, met: RoleNearness | None) -> dict[str, Any]:
        return _about_role(session, say, role) | {
            "nearness": met.nearness if met else "",
            "sentence": near_to.sentence(say, met) if met else "",
            **_growth(session, say, role),
        }

    return {
        "own": card(mine, own) if mine else None,
        "near": [card(one.role, one) for one in others],
        "none": near_to.none_near(session, say),
        "wait": not session.reading.role_nearness,
        "differ": near_to.disagreement_sentences(session, say),
        "beside": near_to.onet_sentences(session, say),
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

    def named(*kinds: Kind, way: int = 0) -> str:
        """Return the names of what moved: up (1), down (-1), or either way (0)."""
        mine = [change for change in moved if session.catalog.scales[change.scale].kind in kinds]
        return say.quoted(say.words.scales[change.scale].name for change in mine if way * change.difference >= 0)

    worries, traits = told(*WORRIES), told(*TRAITS)
    return {
        "harder": named(*WORRIES, way=1),
        "easier": named(*WORRIES, way=-1),
        "changed": named(*TRAITS),
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
