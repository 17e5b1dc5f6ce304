"""The handout that a client takes home, as plain text: the screen previews it and the PDF prints it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from advisor.content.translator import Say
from advisor.report import agents, charts, standing
from advisor.report.document import Head, Pair
from advisor.report.heads import head
from advisor.report.help_page import HelpLeaf, help_leaf
from advisor.report.radar_picture import Axis
from advisor.report.sanitize import action_name, first_move, plain
from advisor.report.sentences import (
    day,
    last_corrected,
    moment,
    of_its_day,
    paper_date,
    reading_sentences,
    reason_name,
    weekday,
)
from advisor.report.three_things import three_things, worries_note
from advisor.report.worksheet_pages import chosen
from advisor.scoring import personal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from advisor.content.catalog import Catalog
    from advisor.content.words import Language
    from advisor.scoring.results import Reading
    from advisor.session.model import Action, Record
    from advisor.session.session import Session
    from advisor.session.worksheets import Paper

MOST_REASONS = 3
CALM = ("list", "tell", "rest")  # what helps anybody, as on 次の一歩 before there are steps
INTERVIEW = "interview"  # the topic of steps before which questions help


@dataclass(frozen=True, slots=True)
class Radar:
    """The radar of worries: the values of today and of last time.

    ``now`` and ``last`` say what the two lines mean; ``alt`` says the same values in words.
    """

    caption: str
    alt: str
    axes: tuple[Axis, ...]
    now: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """The path that the client wants to think about, and why it was suggested."""

    name: str
    summary: str
    because: str


@dataclass(frozen=True, slots=True)
class Task:
    """An action: what to do, until when, and the other fields as pairs."""

    what: str
    by: str
    details: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One of the things that were seen: what it is, its name, and a few sentences in one text."""

    label: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Handout:
    """Everything on the client's paper, in its order. A part with an empty text or tuple is left out.

    ``ideas``: what could be a first small thing, if no action was chosen; a name and a sentence for each.
    ``review``: last time's actions, each with what became of it. ``questions``: to ask in an interview.
    ``memo``: the title over lines to write on, where the printed page has room.
    ``help``: a separate leaf at the end, so that the client can keep it in another place.
    """

    language: Language
    title: str
    date: str
    wish_title: str
    wish: str
    tasks_title: str
    tasks: tuple[Task, ...]
    no_tasks: str
    ideas_title: str
    ideas: tuple[Pair, ...]
    agents: str
    next_at_title: str
    next_at: str
    review_title: str
    review: tuple[Pair, ...]
    told_title: str
    points: tuple[Point, ...]
    told: tuple[str, ...]
    early_title: str
    early: tuple[str, ...]
    radar: Radar | None
    course_title: str
    course: Course | None
    questions_title: str
    questions: tuple[str, ...]
    leaves_title: str
    leaves: tuple[Paper, ...]
    memo: str
    limits_title: str
    limits: str
    sources: str
    footer: str
    left_out_title: str
    left_out: tuple[str, ...] = ()
    help: HelpLeaf | None = None
    head: Head = field(default_factory=Head)


def public(record: Record) -> Record:
    """Return the record without what is the adviser's own, and without the client's answer about the session."""
    return replace(record, notes="", account={}, markers={}, unfit={}, useful=None, useful_words="")


def shareable(reading: Reading) -> Reading:
    """Return the reading without the parts that only the adviser sees."""
    return replace(reading, gates=(), roles=(), cues=(), help_needed=False)


def handout(session: Session, today: date) -> Handout:
    """Return the handout of a session, whole: :func:`advisor.report.pdf.fit` fits it to two pages."""
    catalog, record, reading = session.catalog, public(session.record), shareable(session.reading)
    words = session.say
    early = standing.silence(reading, words)[:2]  # why, and what would help; not what it would decide
    points = _points(catalog, words, record, reading)
    tasks = tuple(_task(catalog, words, reading, action) for action in record.plan.chosen)
    ideas = () if tasks else _ideas(catalog, words, reading)
    course = _course(words, record, reading)
    empty = not (points or tasks or early or course)
    leaves, questions = chosen(catalog, words, record), _questions(catalog, words, record)
    return Handout(
        language=words.language,
        title=of_its_day(words, session, "summary_title"),
        date=paper_date(words, session, today),
        wish_title=of_its_day(words, session, "wish_is"),
        wish=plain(record.case.facts.wish),
        tasks_title=words("handout_tasks"),
        tasks=tasks,
        no_tasks="" if tasks else words("summary_no_steps"),
        ideas_title=words("handout_ideas") if ideas else "",
        ideas=ideas,
        agents=agents.notice(words, _said(points, course, tasks, ideas)),
        next_at_title=words("handout_next"),
        next_at=moment(words.language, record.next_at) if record.next_at else "",
        review_title=words("handout_review"),
        review=_review(words, record),
        told_title=of_its_day(words, session, "summary_told"),
        points=points,
        told=_told(catalog, words, record, reading, points) or ((words("summary_empty"),) if empty else ()),
        early_title=words("silent_title") if early else "",
        early=early,
        radar=_radar(session, words, record, reading),
        course_title=words("summary_path"),
        course=course,
        questions_title=words("handout_questions"),
        questions=questions,
        leaves_title=words("handout_leaves"),
        leaves=leaves,
        memo=words("handout_memo"),
        limits_title=words("summary_limits"),
        limits=words("limits_text"),
        sources=_sources(catalog, words, record),
        footer=words("handout_footer"),
        left_out_title=words("handout_left_out"),
        help=help_leaf(catalog, words, record, session.contacts, today),
        head=head(words, session.imprint),
    )


def without_leaves(whole: Handout, kept: tuple[Paper, ...]) -> Handout:
    """Return the handout with the worksheets ``kept``, and the titles of the others in ``left_out``."""
    return replace(whole, leaves=kept, left_out=tuple(leaf.title for leaf in whole.leaves if leaf not in kept))


def _points(catalog: Catalog, words: Say, record: Record, reading: Reading) -> tuple[Point, ...]:
    """Return the three things of 結果, as far as they are true for this client.

    What to talk about is only named: others may see the paper, and the client's questions stay in the session.
    """
    return tuple(
        Point(
            words(f"three_{one.kind}"),
            one.title,
            words("handout_talk") if one.kind == "talk" else words.prose(one.sentences),
        )
        for one in three_things(catalog, words, reading, record.case)
    )


def _told(catalog: Catalog, words: Say, record: Record, reading: Reading, points: tuple[Point, ...]) -> tuple[str, ...]:
    """Return what is said beside the things: that no worry stands out; without any thing, what the answers show."""
    if not points:
        return reading_sentences(catalog, words.words, reading, record.case.facts)
    note = worries_note(catalog, words, reading)
    return (note,) if note else ()


def _ideas(catalog: Catalog, words: Say, reading: Reading) -> tuple[Pair, ...]:
    """Return what could be a first small thing: the move of the first step; without steps, what helps anybody."""
    if not reading.steps:
        return tuple((words(f"calm_{name}"), words(f"calm_{name}_text")) for name in CALM)
    step = personal.step_words(catalog, words.words, reading, reading.steps[0].target)
    return ((step.name, step.first_action),)


def _review(words: Say, record: Record) -> tuple[Pair, ...]:
    """Return last time's actions and what became of each; none before the client has told of any."""
    if all(action.status == "open" for action in record.review):
        return ()
    return tuple((action_name(words, action), _became(words, action)) for action in record.review)


def _became(words: Say, action: Action) -> str:
    """Return what became of an action of last time, and whether it helped."""
    told = (words(f"status_{action.status}"), words(f"handout_helped_{action.helped}") if action.helped else "")
    return words("paper_separator").join(filter(None, told))


def _questions(catalog: Catalog, words: Say, record: Record) -> tuple[str, ...]:
    """Return questions to ask, if the client prepares for an interview and takes no questions of their own home."""
    topics = {catalog.steps[step].topic for step in record.plan.steps if step in catalog.steps}
    if INTERVIEW not in topics or "evaluation" in record.handout:
        return ()
    return tuple(words.words.worksheets["evaluation"].fields["questions"].options.values())[:MOST_REASONS]


def _radar(session: Session, words: Say, record: Record, reading: Reading) -> Radar | None:
    scales, last = session.catalog.of_kind("frustration"), session.last
    if all(reading.scores[scale].value is None for scale in scales):
        return None
    starred = record.case.facts.priorities
    before = {scale: score.value for scale, score in last.reading.scores.items()} if last else {}
    axes = tuple(
        Axis(
            charts.two_lines(words.words.scales[scale].short, "★ " if scale in starred else ""),
            reading.scores[scale].value,
            before.get(scale),
        )
        for scale in scales
    )
    alt = words("radar_alt", values=charts.chart_in_words(words.words, reading, scales))
    if last is None or all(axis.last is None for axis in axes):
        return Radar(words("radar_caption"), alt, axes)
    known = [scale for scale in scales if scale in last.reading.scores]
    alt += words("handout_radar_last", values=charts.chart_in_words(words.words, last.reading, known))
    past = words("handout_line_last", date=day(words.language, last.day)) + last_corrected(words, session)
    return Radar(words("radar_caption"), alt, axes, of_its_day(words, session, "handout_line_now"), past)


def _course(words: Say, record: Record, reading: Reading) -> Course | None:
    chosen = record.plan.path
    if chosen is None:
        return None
    advice = next((advice for advice in reading.paths if advice.target == chosen), None)
    reasons = [reason for reason in advice.reasons if reason.points > 0][:MOST_REASONS] if advice else []
    because = words.enumeration(reason_name(words, reason, chosen) for reason in reasons)
    path = words.words.paths[chosen]
    return Course(path.name, path.summary, words("summary_because", names=because) if because else "")


def _said(
    points: tuple[Point, ...], course: Course | None, tasks: tuple[Task, ...], ideas: tuple[Pair, ...]
) -> Iterator[str]:
    """Yield the texts in which recruitment agents may be named."""
    for point in points:
        yield from (point.name, point.text)
    for name, text in ideas:
        yield from (name, text)
    if course:
        yield from (course.name, course.summary, course.because)
    for task in tasks:
        yield from (task.what, *(text for _, text in task.details))


def _task(catalog: Catalog, words: Say, reading: Reading, action: Action) -> Task:
    """Return an action in the client's words, else in the words of its step."""
    step = personal.step_words(catalog, words.words, reading, action.step) if action.step else None
    details = (
        (words("first_action"), first_move(catalog, words, reading, action)),
        (words("worked"), plain(action.known_by) or (step.worked if step else "")),
        (words("handout_helper"), plain(action.helper)),
    )
    return Task(
        what=action_name(words, action),
        by=words("handout_by", date=weekday(words.language, action.by)) if action.by else "",
        details=tuple((label, text) for label, text in details if text),
    )


def _sources(catalog: Catalog, words: Say, record: Record) -> str:
    """Return who wrote what the chosen steps, path and worksheets rest on; if none is chosen, the questions."""
    plan = record.plan
    used = [source for step in plan.steps for source in catalog.steps[step].sources]
    used += catalog.paths[plan.path].sources if plan.path else []
    used += [source for name in record.handout for source in catalog.worksheets[name].sources]
    used = used or [source for scale in catalog.scales.values() for source in scale.sources]
    articles = [source for source in used if source in words.articles]
    authors = dict.fromkeys(re.split("[:：]", name)[0] for name in words.sources(articles))
    return words("handout_sources", names=words.enumeration(authors)) + words.marketing(articles) if authors else ""
