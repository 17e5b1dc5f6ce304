"""The adviser copy of a visit: figures, reasons, gates, cues, markers and private notes. It is not for the client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.content.translator import Say
from advisor.report import standing
from advisor.report.document import Document, Section, table
from advisor.report.sanitize import action_name
from advisor.report.sentences import cues, label, moment, of_its_day, paper_date, question, reason_name, stability_note

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from advisor.report.document import Pair
    from advisor.scoring.results import Advice, Score
    from advisor.session.model import Action, Record
    from advisor.session.session import Session


def adviser_copy(session: Session, today: date) -> Document:
    """Return the adviser copy of a session, for the adviser's own file."""
    words = session.say
    return Document(
        language=words.language,
        title=words("edition_title"),
        date=paper_date(words, session, today),
        mark=words("edition_mark"),
        footer=words("edition_footer"),
        lead=words("edition_lead"),
        parts=(
            *_said(session, words),
            *_cues(session, words),
            *_markers(session, words),
            *_review(session, words),
            *_figures(session, words),
            *_advice(session, words),
            *_unfit(session, words),
            *_gates(session, words),
            *_version(session, words),
        ),
    )


def _said(session: Session, words: Say) -> Iterator[Section]:
    """Yield the parts that come first: the wish, the next appointment, the adviser's notes."""
    record = session.record
    if wish := record.case.facts.wish.strip():
        yield Section(of_its_day(words, session, "wish_is"), texts=(wish,))
    if record.next_at:
        yield Section(words("handout_next"), texts=(moment(words.language, record.next_at),))
    yield Section(words("edition_notes"), texts=(record.notes.strip() or words("edition_nothing"),))


def _cues(session: Session, words: Say) -> Iterator[Section]:
    points = [words("edition_hint", **cue) for cue in cues(session, words)]
    yield Section(words("edition_hints"), texts=() if points else (words("adviser_none"),), points=tuple(points))
    marked = [question(session, words, name) for name, mark in session.record.case.marks.items() if mark == "discuss"]
    if marked:
        yield Section(words("discuss_title"), 2, points=tuple(marked))
    if session.reading.help_needed:
        yield Section(words("edition_help"), 2, pairs=tuple((one.name, one.text) for one in words.words.help.values()))


def _markers(session: Session, words: Say) -> Iterator[Section]:
    """Yield a table of the adviser's markers beside the client's answers."""
    case = session.record.case
    rows = [
        (
            question(session, words, item),
            label(session, words, item, case.responses[item]) if item in case.responses else words("sheet_unanswered"),
            label(session, words, item, point),
            str(abs(point - case.responses[item])) if item in case.responses else "",
        )
        for item, point in session.record.markers.items()
    ]
    if rows:
        columns = ("edition_question", "edition_client", "edition_adviser", "edition_apart")
        yield Section(words("edition_markers"), table=table(words, columns, (8, 4, 4, 2), rows))


def _review(session: Session, words: Say) -> Iterator[Section]:
    rows = [
        (
            action_name(words, action),
            status(words, action),
            helped(words, action),
        )
        for action in session.record.review
    ]
    if rows:
        columns = ("edition_action", "edition_status", "edition_helped")
        yield Section(words("edition_review"), table=table(words, columns, (8, 3, 3), rows))


def _figures(session: Session, words: Say) -> Iterator[Section]:
    def row(name: str, score: Score) -> tuple[str, ...]:
        value = words("not_enough") if score.value is None else f"{score.value:.0f}"
        band = words(f"edition_band_{score.band}") if score.band else ""
        return name, value, band, words("edition_of", answered=score.answered, needed=score.needed)

    reading = session.reading
    rows = [row(words("index_title"), reading.index)]
    rows += [row(words.words.scales[scale].name, score) for scale, score in reading.scores.items()]
    columns = ("column_trait", "column_score", "edition_band", "edition_answers")
    yield Section(words("edition_figures"), table=table(words, columns, (8, 2, 2, 4), rows))


def _advice(session: Session, words: Say) -> Iterator[Section]:
    reading, named = session.reading, words.words
    if early := standing.silence(reading, words):
        yield Section(words("paths_title"), texts=(words("silent_title"), *early))
        return
    for title, ranked, names in (
        ("next_steps_title", reading.steps, {step: one.name for step, one in named.steps.items()}),
        ("paths_title", reading.paths, {path: one.name for path, one in named.paths.items()}),
    ):
        rows = [(names[advice.target], str(advice.points), _reasons(words, advice)) for advice in ranked]
        columns = ("edition_what", "edition_points", "why")
        said = {"next_steps_title": standing.left_out(session, words), "paths_title": standing.level(session, words)}
        texts = tuple(text for text in (said[title],) if text)
        yield Section(words(title), texts=texts, table=table(words, columns, (4, 1, 7), rows))


def _reasons(words: Say, advice: Advice) -> str:
    held = [words("path_held")] if advice.held else []
    lines = [
        words(
            "edition_reason",
            name=reason_name(words, reason, advice.target),
            points=f"{reason.points:+d}".replace("-", "−"),
        )
        + (words("bracketed", text=words("stated")) if reason.stated else "")
        for reason in advice.reasons
    ]
    return "\n".join([*held, *lines]) or words("no_reasons")


def _unfit(session: Session, words: Say) -> Iterator[Section]:
    if pairs := unfit(session.record, words):
        yield Section(words("edition_unfit"), pairs=pairs)


def _gates(session: Session, words: Say) -> Iterator[Section]:
    weighed = session.catalog.scoring.choosing is not None  # such a version tells of a gate only in some cases
    spoken = standing.gates(session, words) if weighed else {}
    rows = []
    for gate in session.reading.gates:
        gate_words = words.words.gates[gate.gate]
        value = words("not_enough") if gate.value is None else f"{gate.value:g}"
        state = words("edition_gate_open" if gate.open else "edition_gate_closed")
        meaning = gate_words.open if gate.open else gate_words.closed
        if weighed:
            meaning = spoken.get(gate.gate) or words("edition_gate_idle" if gate.open else "edition_gate_untold")
        rows.append((gate_words.name, state, value, f"{gate.at:g}", meaning))
    columns = ("edition_gate", "edition_state", "column_score", "edition_limit", "edition_meaning")
    yield Section(words("edition_gates"), table=table(words, columns, (3, 2, 2, 2, 8), rows))
    if not weighed or session.reading.paths:
        yield _hangs(session, words, figures=weighed)


def _hangs(session: Session, words: Say, *, figures: bool) -> Section:
    hangs = stability_note(session, words)
    behind = standing.figures(words, *session.insight()) if figures else ()
    texts = tuple(text for text in (hangs["change"], hangs["stability"], *behind) if text)
    return Section(words("hangs_title"), texts=texts, points=tuple(hangs["moves"]))


def _version(session: Session, words: Say) -> Iterator[Section]:
    record = session.record
    pairs = [(words("edition_scoring"), record.scoring), (words("edition_digest"), record.digest)]
    present = session.reading_today()
    if present is not None and present.paths and session.reading.paths:
        first = present.paths[0].target
        pairs.append((words("edition_today"), words.words.paths[first].name))
    yield Section(words("edition_version"), pairs=tuple(pairs))


def unfit(record: Record, words: Say) -> tuple[Pair, ...]:
    """Return the paths and steps that the adviser marked as unfit, each with the adviser's remark."""
    named = {f"path-{name}": one.name for name, one in words.words.paths.items()}
    named |= {f"step-{name}": one.name for name, one in words.words.steps.items()}
    return tuple((named[target], word or words("edition_unfit_no_word")) for target, word in record.unfit.items())


def status(words: Say, action: Action) -> str:
    """Return the status of an action in words."""
    return words(f"edition_status_{action.status}")


def helped(words: Say, action: Action) -> str:
    """Return in words whether an action helped; empty if nobody has said."""
    return words(f"edition_helped_{action.helped}") if action.helped else ""
