"""The adviser copy of a visit: the account, what was agreed and discussed, cues; figures last. Not for the client."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from advisor.content.translator import Say
from advisor.report import account, standing
from advisor.report.document import Document, Section, table
from advisor.report.heads import head
from advisor.report.sanitize import action_name, first_move
from advisor.report.sentences import (
    cues,
    label,
    moment,
    of_its_day,
    paper_date,
    question,
    reason_name,
    stability_note,
    weekday,
)
from advisor.session.account import minutes
from advisor.session.model import ACCOUNT, TOKYO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from advisor.report.document import Pair
    from advisor.scoring.results import Advice
    from advisor.session.model import Action, Record
    from advisor.session.moments import Moments
    from advisor.session.session import Session

AGREED = ("approach", "until_next")  # fields about what was agreed
FIRST = 3  # so many steps and paths stand with their reasons


def adviser_copy(session: Session, today: date, moments: Moments | None = None) -> Document:
    """Return the adviser copy of a session, for the adviser's own file: words first, figures on a page of their own.

    ``moments``: when each part of the visit was told, for the times in the prefilled lines.
    """
    words = session.say
    figures = (
        *_figures(session, words),
        *_advice(session, words),
        *_gates(session, words),
        *_version(session, words),
    )
    return Document(
        language=words.language,
        title=words("edition_title"),
        date=paper_date(words, session, today),
        mark=words("edition_mark"),
        footer=words("edition_footer"),
        lead=words("edition_lead"),
        parts=(
            _account(session, words, moments or {}),
            *_agreed(session, words),
            *_discussed(session, words),
            *_cues(session, words),
            *_markers(session, words),
            *_unfit(session, words),
            replace(figures[0], turns=True),
            *figures[1:],
        ),
        head=head(words, session.imprint),
    )


def _account(session: Session, words: Say, moments: Moments) -> Section:
    """Return the account: how the client and the adviser met, and every field, also those that are empty.

    What was agreed has a part of its own. Its prefilled lines stand in a field only if the adviser wrote nothing there.
    """
    record = session.record
    lines_of = account.prefilled(session, words, moments)
    pairs = [(words("account_met"), met(session, words))]
    for field in ACCOUNT:
        own = record.account.get(field, "").strip()
        told = () if own and field in AGREED else account.left(record, field, lines_of[field])
        lines = [own, *(words("account_line", source=words(f"account_{one.source}"), text=one.text) for one in told)]
        text = "\n".join(line for line in lines if line)
        pairs.append((words(f"account_{field}"), text or words("edition_nothing")))
    pairs += [(words("edition_notes"), record.notes.strip())] if record.notes.strip() else []
    return Section(words("account_title"), pairs=tuple(pairs))


def met(session: Session, words: Say) -> str:
    """Return how client and adviser met, and from when to when as far as that is known."""
    started, ended = session.started, session.record.ended
    times = [f"{at.astimezone(TOKYO):%H:%M}" if at else "" for at in (started, ended)]
    took = minutes(started, ended) if started else None
    parts = [words("account_span", first=times[0], last=times[1])] if started else []
    parts += [words("account_minutes", minutes=took)] if took is not None else []
    return words("paper_separator").join([*parts, words(f"way_{session.record.way}")])


def _agreed(session: Session, words: Say) -> Iterator[Section]:
    """Yield the actions that were agreed, the path, and the next appointment."""
    record, language = session.record, words.language
    pairs = [(words("handout_next"), moment(language, record.next_at))] if record.next_at else []
    if record.plan.path:
        pairs.append((words("summary_path"), words.words.paths[record.plan.path].name))
    nothing = () if pairs or record.plan.chosen else (words("edition_nothing"),)
    yield Section(words("edition_agreed"), texts=nothing, pairs=tuple(pairs))
    for action in record.plan.chosen:
        told = (
            ("first_action", first_move(session.catalog, words, session.reading, action)),
            ("edition_by", weekday(language, action.by) if action.by else ""),
            ("worked", action.known_by.strip()),
            ("handout_helper", action.helper.strip()),
            ("edition_status", status(words, action) if action.status != "open" else ""),
            ("edition_helped", helped(words, action)),
        )
        yield Section(
            action_name(words, action), 2, pairs=tuple((words(label_of), text) for label_of, text in told if text)
        )


def _discussed(session: Session, words: Say) -> Iterator[Section]:
    """Yield what was talked about: the wish, what the client would change most, last time's actions, their answer."""
    record, facts = session.record, session.record.case.facts
    starred = words.quoted(words.words.scales[scale].name for scale in facts.priorities)
    marked = [question(session, words, name) for name, mark in record.case.marks.items() if mark == "discuss"]
    told = (
        (of_its_day(words, session, "wish_is"), facts.wish.strip()),
        (words("marked_title"), starred),
        (words("discuss_title"), words.quoted(marked)),
        (of_its_day(words, session, "ask_useful"), useful(words, record)),
    )
    if pairs := tuple((name, text) for name, text in told if text):
        yield Section(words("edition_discussed"), pairs=pairs)
    yield from _review(session, words)


def useful(words: Say, record: Record) -> str:
    """Return the client's answer whether the session was of use; empty if they gave none."""
    answer = words(f"useful_{record.useful}") if record.useful else ""
    return words("paper_separator").join(text for text in (answer, record.useful_words.strip()) if text)


def _cues(session: Session, words: Say) -> Iterator[Section]:
    points = [words("edition_hint", **cue) for cue in cues(session, words)]
    yield Section(words("edition_hints"), texts=() if points else (words("adviser_none"),), points=tuple(points))
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
    """Yield only what is high or low, and the aptitude index."""
    reading, index = session.reading, session.reading.index
    pairs = []
    for band in ("high", "low"):
        scored = [(scale, score.value) for scale, score in reading.scores.items() if score.band == band]
        listed = sorted(scored, key=lambda one: -(one[1] or 0), reverse=band == "low")
        names = [
            words("edition_value", name=words.words.scales[scale].name, value=f"{one:.0f}") for scale, one in listed
        ]
        pairs += [(words(f"edition_band_{band}"), words.enumeration(names))] if names else []
    if index.value is not None:
        pairs.append((words("index_title"), f"{index.value:.0f}"))
    texts = (words("edition_figures_text"),) if pairs else (words("not_enough"),)
    yield Section(words("edition_figures"), texts=texts, pairs=tuple(pairs))


def _advice(session: Session, words: Say) -> Iterator[Section]:
    """Yield the first steps and paths with their reasons, and those that the client chose."""
    reading, named, plan = session.reading, words.words, session.record.plan
    if early := standing.silence(reading, words):
        yield Section(words("paths_title"), texts=(words("silent_title"), *early))
        return
    for title, ranked, names, chosen in (
        ("next_steps_title", reading.steps, {step: one.name for step, one in named.steps.items()}, plan.steps),
        ("paths_title", reading.paths, {path: one.name for path, one in named.paths.items()}, (plan.path,)),
    ):
        told = [advice for place, advice in enumerate(ranked) if place < FIRST or advice.target in chosen]
        rows = [(names[advice.target], str(advice.points), _reasons(words, advice)) for advice in told]
        columns = ("edition_what", "edition_points", "why")
        said = {"next_steps_title": standing.left_out(session, words), "paths_title": standing.level(session, words)}
        texts = tuple(text for text in (said[title],) if text)
        yield Section(words(title), 2, texts=texts, table=table(words, columns, (4, 1, 7), rows))


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
    pairs = []
    for gate in session.reading.gates:
        gate_words = words.words.gates[gate.gate]
        meaning = gate_words.open if gate.open else gate_words.closed
        if weighed:
            closed = "closed" if standing.is_told(session, gate.gate) else "untold"
            meaning = spoken.get(gate.gate) or words(f"edition_gate_{'idle' if gate.open else closed}")
        pairs.append((gate_words.name, meaning))
    yield Section(words("edition_gates"), 2, pairs=tuple(pairs))
    if not weighed or session.reading.paths:
        yield _hangs(session, words, figures=weighed)


def _hangs(session: Session, words: Say, *, figures: bool) -> Section:
    """Return what the order hangs on; the sentence on a change leads to its points."""
    hangs = stability_note(session, words)
    behind = standing.figures(words, *session.insight()) if figures else ()
    texts = tuple(text for text in (hangs["stability"], *behind, hangs["change"]) if text)
    return Section(words("hangs_title"), 2, texts=texts, points=tuple(hangs["moves"]))


def _version(session: Session, words: Say) -> Iterator[Section]:
    record = session.record
    pairs = [(words("edition_scoring"), record.scoring), (words("edition_digest"), record.digest)]
    present = session.reading_today()
    if present is not None and present.paths and session.reading.paths:
        first = present.paths[0].target
        pairs.append((words("edition_today"), words.words.paths[first].name))
    yield Section(words("edition_version"), 2, pairs=tuple(pairs), small=True)


def unfit(record: Record, words: Say) -> tuple[Pair, ...]:
    """Return the paths and steps that the adviser marked as unfit, each with the adviser's remark."""
    named = {f"path-{name}": one.name for name, one in words.words.paths.items()}
    named |= {f"step-{name}": one.name for name, one in words.words.steps.items()}
    return tuple((named[target], word or words("edition_unfit_no_word")) for target, word in record.unfit.items())


def status(words: Say, action: Action) -> str:
    """Return the status of an action in words."""
    return words(f"edition_status_{action.status}")


def helped(words: Say, action: Action) -> str:
    """Return in words whether an action helped; empty if nobody has said, or if it was not done at all."""
    tried = action.status in {"done", "partly"}
    return words(f"edition_helped_{action.helped}") if action.helped and tried else ""
