"""Sentences for screens and papers: a reading, answers, reasons, gates and days in plain words.

They give no verdict and nothing that is not in the answers. They say what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.content import measures
from advisor.content.words import LOCALES
from advisor.report import standing
from advisor.scoring.cues import passed_over
from advisor.session.model import day_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from advisor.content.catalog import Catalog
    from advisor.content.model import Case, Facts, Kind
    from advisor.content.translator import Say
    from advisor.content.words import Language, Words
    from advisor.scoring.results import Cue, Flip, Reading, Reason
    from advisor.session.comparison import ScaleChange
    from advisor.session.session import Session

Note = dict[str, Any]
FACTS = ("situation", "role", "years", "experience")


def day(language: Language, when: date) -> str:
    """Return a day in words: 2026年12月1日, 1 December 2026."""
    from babel.dates import format_date  # noqa: PLC0415  (a client's kernel needs it on its papers only)

    return format_date(when, format="long", locale=LOCALES[language])


def full_day(language: Language, when: date) -> str:
    """Return a day with its year and weekday: 2026年12月1日(火), Tue 1 Dec 2026."""
    from babel.dates import format_date  # noqa: PLC0415  (as above)

    return format_date(when, format="y年M月d日(E)" if language == "ja" else "EEE d MMM y", locale=LOCALES[language])


def weekday(language: Language, when: date) -> str:
    """Return a day of the near future in words: 12月1日(火), Tue 1 Dec."""
    from babel.dates import format_date  # noqa: PLC0415  (as above)

    return format_date(when, format="M月d日(E)" if language == "ja" else "EEE d MMM", locale=LOCALES[language])


def weekday_name(language: Language, when: date) -> str:
    """Return the day of the week in short: 火, Tue."""
    from babel.dates import format_date  # noqa: PLC0415  (as above)

    return format_date(when, format="EEE", locale=LOCALES[language])


def moment(language: Language, when: datetime) -> str:
    """Return a day and its time in words: 2026年12月1日(火) 14:00."""
    from babel.dates import format_datetime  # noqa: PLC0415  (as above)

    form = "y年M月d日(E) H:mm" if language == "ja" else "EEEE d MMMM y, H:mm"
    return format_datetime(when, format=form, locale=LOCALES[language])


def field_day(language: Language, when: date) -> str:
    """Return a day as a field shows it: 2026年12月5日（土）, Sat 5 Dec 2026. ``forms.day`` reads it again."""
    from babel.dates import format_date  # noqa: PLC0415  (as above)

    return format_date(when, format="y年M月d日（E）" if language == "ja" else "EEE d MMM y", locale=LOCALES[language])


def field_moment(language: Language, when: datetime) -> str:
    """Return a local moment as a field shows it: 2026年12月5日（土）14:00. ``forms.moment`` reads it again."""
    return f"{field_day(language, when)}{'' if language == 'ja' else ' '}{when:%H:%M}"


def days(say: Say, moments: Iterable[datetime]) -> str:
    """Return the days of these moments in words, each day once."""
    return say.enumeration(day(say.language, one) for one in sorted({day_of(moment) for moment in moments}))


def visit_date(say: Say, session: Session, today: date) -> str:
    """Return the day of the visit, and the days of its corrections. Before the first save the day is ``today``."""
    on = day(say.language, session.day if session.started else today)
    corrected = session.record.corrected
    parts = [on, say("paper_corrected", days=days(say, corrected))] if corrected else [on]
    return say("paper_separator").join(parts)


def paper_date(say: Say, session: Session, today: date) -> str:
    """Return the day of the visit; if the paper is made on another day, also that day."""
    text = visit_date(say, session, today)
    if session.started and session.day != today:
        return say("paper_separator").join((text, say("paper_made", day=day(say.language, today))))
    return text


def of_its_day(say: Say, session: Session, key: str) -> str:
    """Return the sentence ``key`` about today; for an old visit its variant about the day of the visit."""
    return say(key if session.state == "live" else f"{key}_then")


def last_corrected(say: Say, session: Session) -> str:
    """Return the sentence that the previous visit was corrected; empty if it was not.

    A correction can change figures that the client has seen before, so the screen says it.
    """
    corrected = session.last.record.corrected if session.last else ()
    return say("last_corrected", days=days(say, corrected)) if corrected else ""


def reason_name(say: Say, reason: Reason, target: str) -> str:
    """Return a reason as a phrase; ``target`` is the step or path that it is for."""
    tried = {measures.helped(target): "tried_with_effect", measures.in_vain(target): "tried_without_effect"}
    return say.words.features[tried.get(reason.feature, reason.feature)]


def answer_in_words(session: Session, say: Say, case: Case, name: str) -> str:
    """Return a sentence with the question and the answer to an item, sign, step or fact."""
    facts = case.facts
    if name == "experience":
        answer = say.enumeration(say.words.experience[part].name for part in facts.experience)
    elif name == "role":
        answer = say.words.roles[facts.role].name if facts.role in say.words.roles else say("role_other")
    elif name in FACTS:
        answer = say(f"situation_{facts.situation}") if name == "situation" else str(facts.years)
    else:
        answers: dict[str, int | str] = {**case.responses, **facts.signs, **facts.tried}
        answer = label(session, say, name, answers[name]) if name in answers else say("sheet_unanswered")
    return say("answer_was", question=question(session, say, name), answer=answer)


def label(session: Session, say: Say, name: str, answer: int | str) -> str:
    """Return the label of an answer to an item, sign or step."""
    if name in session.catalog.items:
        item = session.catalog.items[name]
        return say.words.labels[item.labels][int(answer) - item.low]
    return say(f"{'sign' if name in session.catalog.signs else 'tried'}_{answer}")


def question(session: Session, say: Say, name: str) -> str:
    """Return the question of an item, sign, step or fact."""
    if name in session.catalog.items:
        return say.words.items[name]
    if name in FACTS:
        return say(f"ask_{name}")
    return say.words.signs[name].question if name in session.catalog.signs else say.words.steps[name].name


def gate_note(session: Session, say: Say) -> Note | None:
    """Return why no path that leaves comes first, or which gate let one come first.

    None if no path that leaves fits the client's situation, or nothing may be said about the gates.
    """
    gates = session.reading.gates
    leaving = [advice for advice in session.reading.paths if session.catalog.paths[advice.target].leaves]
    if not leaving or not any(advice.reasons for advice in leaving):
        return None
    held = any(advice.held for advice in leaving)
    if session.catalog.scoring.choosing:
        by_gate, quiet = standing.gates(session, say), standing.quiet(session, say)
        opened = bool(by_gate) and any(gate.open for gate in gates)
        told = [say("gate_open_several")] if opened and len(by_gate) > 1 else list(by_gate.values())
        sentences = [quiet] if quiet else told
        name = say("gate_open" if opened else "gate_closed")
        return {"name": name, "open": opened or held, "sentences": sentences} if sentences else None
    is_open = [gate.gate for gate in gates if gate.open]
    shown = is_open or [gate.gate for gate in gates if _asked(session, gate.gate)]
    words = say.words.gates
    return {
        "name": say("gate_open" if is_open else "gate_closed"),
        "open": bool(is_open) or held,  # it changed the order of paths, so the note is shown open
        "sentences": [words[name].open if is_open else words[name].closed for name in shown],
    }


def _asked(session: Session, gate: str) -> bool:
    """Return whether the client was asked about a gate's measure. "wants_in" clients have no workplace to ask about."""
    return session.record.case.facts.situation != "wants_in" or session.catalog.scoring.gates[gate].measure == "index"


def stability_note(session: Session, say: Say) -> Note:
    """Return sentences on which answers would put another path first, and how stable the first path is.

    Keys: change, moves (a list), stability.
    """
    flip, stability = session.insight()
    names = {path: words.name for path, words in say.words.paths.items()}
    if session.catalog.scoring.choosing:
        told = (standing.change(session, say), standing.firmness(session, say))
        return {"change": told[0], "moves": _moves(session, say, flip), "stability": told[1]}
    bears = say("stability", percent=round(100 * stability.share), path=names[stability.path])
    if stability.rivals:
        bears += say("stability_rival", path=names[stability.rivals[0][0]], percent=round(100 * stability.rivals[0][1]))
    if flip is None:
        return {"change": say("flip_none"), "moves": [], "stability": bears}
    moves = _moves(session, say, flip)
    return {"change": say("flip", path=names[flip.path], notches=flip.notches), "moves": moves, "stability": bears}


def _moves(session: Session, say: Say, flip: Flip | None) -> list[str]:
    return [
        say("flip_move", question=question(session, say, change.variable),
            before=label(session, say, change.variable, change.before),
            after=label(session, say, change.variable, change.after))
        for change in (flip.changes if flip else ())
    ]  # fmt: skip


def marked(session: Session, say: Say) -> list[Note]:
    """Return the worries that the client wants to change most: what each may mean, and another way to see it.

    From version 2026-2 on, the meaning of a high worry is told only if the worry is middle or high.
    """
    notes = []
    for scale in session.record.case.facts.priorities:
        words, band = say.words.scales[scale], session.reading.scores[scale].band
        high = [] if session.catalog.scoring.choosing and band in {None, "low"} else [words.high]
        notes.append({"name": words.name, "sentences": [*high, *([words.reframe] if words.reframe else [])]})
    return notes


def cues(session: Session, say: Say) -> list[Note]:
    """Return the cues for the adviser, each with ``name``, ``text`` and ``about`` (the scales that it concerns)."""
    words = say.words.hints
    notes = [
        {"name": words[cue.cue].name, "text": words[cue.cue].text, "about": _about(say, cue)}
        for cue in session.reading.cues
    ]
    if past := passed_over(session.catalog, session.record.case):
        about = say.quoted(say.words.scales[scale].name for scale in past)
        notes.append({"name": say("passed_over_name"), "text": say("passed_over_text"), "about": about})
    return notes


def _about(say: Say, cue: Cue) -> str:
    if cue.cue == "straight_line":
        return say("straight_line_about", number=len(cue.about))
    return say.quoted(say.words.scales[scale].name for scale in cue.about)


MOST_NAMES = 3


def reading_sentences(catalog: Catalog, words: Words, reading: Reading, facts: Facts) -> tuple[str, ...]:
    """Return the reading as sentences in the language of ``words``, the client's own concern first."""

    def say(key: str, names: Iterable[str] = (), **fields: object) -> str:
        quoted = words.interface["list_separator"].join(
            words.interface["quoted"].format(name=words.scales[name].name) for name in names
        )
        return words.interface[key].format(**({"names": quoted} if quoted else {}), **fields)

    def standing(kind: Kind, band: str) -> list[str]:
        found = [scale for scale in catalog.of_kind(kind) if reading.scores[scale].band == band]
        return sorted(found, key=lambda scale: -(reading.scores[scale].value or 0))[:MOST_NAMES]

    outside = facts.situation == "wants_in" and catalog.scoring.choosing is not None  # they have no workplace
    signs = reading.signs_told and not outside
    sentences: list[str] = []
    paragraphs: tuple[Callable[[], Iterable[str]], ...] = (
        lambda: [say("told_priorities", facts.priorities)] if facts.priorities else [],
        lambda: _frustrations(catalog, reading, say, standing("frustration", "high")),
        lambda: [say("told_consequences", high)] if (high := standing("consequence", "high")) else [],
        lambda: [say("told_help")] if reading.help_needed and catalog.scoring.choosing is not None else [],
        lambda: [say("told_signs", yes=reading.signs_yes, told=reading.signs_told)] if signs else [],
        lambda: [say("told_strengths", high)] if (high := standing("fit", "high")) else [],
        lambda: [say("told_preferences", high)] if (high := standing("misfit", "high")) else [],
        lambda: [say(f"told_index_{reading.index.band}")] if reading.index.band else [],
    )
    for paragraph in paragraphs:
        sentences += paragraph()
    return tuple(sentences)


def _frustrations(catalog: Catalog, reading: Reading, say: Callable[..., str], high: list[str]) -> list[str]:
    if high:
        return [say("told_frustrations", high)]
    scored = [
        reading.scores[scale] for scale in catalog.of_kind("frustration") if reading.scores[scale].value is not None
    ]
    if not scored:
        return []
    if middle := [score.scale for score in scored if score.band == "middle"]:
        return [say("told_frustrations_middle", middle[:MOST_NAMES])]
    effects = catalog.of_kind("consequence")  # if one is high, "low" would be wrong
    return [] if any(reading.scores[scale].band == "high" for scale in effects) else [say("told_frustrations_low")]


def change_sentence(catalog: Catalog, say: Say, change: ScaleChange) -> str:
    """Return a sentence on the change of one scale since last time."""
    kind = catalog.scales[change.scale].kind
    way = "harder" if change.difference > 0 else "easier"
    key = f"change_{way}" if kind in {"frustration", "consequence"} else "change_moved"  # a trait has no better side
    name = say.words.scales[change.scale].name
    return say(key, name=name, before=round(change.before), after=round(change.after))


def told_reliability(say: Say, change: ScaleChange) -> str:
    """Return a sentence: is a change more than error of measurement? Empty if the quick form cannot tell."""
    if change.reliable is None:
        return ""
    sentence = say("change_beyond" if change.reliable else "change_within")
    return say("change_rough", text=sentence) if change.provisional else sentence
