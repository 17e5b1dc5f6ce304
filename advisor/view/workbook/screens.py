"""The nine screens of the workbook, and もしも below one of them: the pieces of each, in their layout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from advisor.content.model import TRAITS, WORRIES
from advisor.report import charts
from advisor.report.sentences import day, last_corrected, moment
from advisor.scoring import personal
from advisor.session.model import TOKYO
from advisor.session.plans import MOST_CHOSEN
from advisor.view.components import Piece, PieceBox, box, chart, panel, sheet
from advisor.view.workbook import ending, exports, results
from advisor.view.workbook import next_steps as advising
from advisor.view.workbook import plan as planning
from advisor.view.workbook import questions as sheets
from advisor.view.workbook import summary as papers
from advisor.view.workbook import worksheets as forms

if TYPE_CHECKING:
    from ipywidgets import Box

    from advisor.content.model import Kind
    from advisor.content.translator import Say
    from advisor.session.session import Session

Row = Piece | PieceBox


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: its box, and its pieces in the order in which the page draws them."""

    box: Box
    pieces: tuple[Piece, ...]


def _title(screen: str, notice: Callable[[Session], str | None] = lambda _: None) -> Piece:
    def context(session: Session, say: Say) -> dict[str, Any]:
        own = ["silent"] if session.reading.lacking else []  # silence and some situations have their own titles
        keys = [f"{screen}_{name}" for name in (*own, session.record.case.facts.situation)]
        key = next((name for name in keys if f"title_{name}" in say.words.interface), screen)
        return {"screen": screen, "key": key, "notice": notice(session)}

    return panel("title", context)


def _progress(note: str, *kinds: Kind, marks: bool = False) -> Piece:
    def context(session: Session, say: Say) -> dict[str, Any]:
        case = session.record.case
        items = [
            item.id
            for kind in kinds
            for scale in session.catalog.of_kind(kind)
            for item in session.catalog.active_items(scale, case.facts.widened)
        ]
        chips = [f"★ {say.words.scales[scale].short}" for scale in case.facts.priorities] if marks else []
        return {
            "answered": sum(item in case.responses for item in items),
            "asked": len(items),
            "chips": chips,
            "note": note,
        }

    return panel("progress", context)


def _radar(*, supposed: bool = False, live: bool = False, compared: bool = False, height: int = 420) -> Piece:
    """Return the radar; ``height`` in px. ``compared`` adds last time's line.

    Screens with questions leave that line out, because it would influence the answers.
    """

    def figure(session: Session, say: Say) -> charts.Figure:
        other = session.supposed_reading() if supposed else None
        last = session.last.reading if compared and session.last else None
        marked = session.record.case.facts.priorities
        return charts.radar(session.catalog, say.words, session.reading, marked, other, last=last)

    def alt(session: Session, say: Say) -> str:
        worries = session.catalog.of_kind("frustration")
        text = say("radar_alt", values=charts.chart_in_words(say.words, session.reading, worries))
        if not compared or session.last is None:
            return text
        values = charts.chart_in_words(say.words, session.last.reading, worries)
        return f"{text} {say('radar_alt_last', date=day(say.language, session.last.day), values=values)}"

    return chart(figure, alt, height, (lambda session: charts.radar_live(session.catalog)) if live else None)


def _profile(*, live: bool = False, height: int = 500) -> Piece:
    return chart(
        lambda session, say: charts.profile(session.catalog, say.words, session.reading),
        lambda session, say: say(
            "profile_alt", values=charts.chart_in_words(say.words, session.reading, session.catalog.of_kind(*TRAITS))
        ),
        height,
        (lambda session: charts.profile_live(session.catalog)) if live else None,
    )


def _in_words(title: str, *kinds: Kind, supposed: bool = False, compared: bool = False) -> Piece:
    """Return what a chart shows as a folded table of words. ``supposed``, ``compared``: a column for a second line."""

    def context(session: Session, say: Say) -> dict[str, Any]:
        readings = {"column_shown": session.reading}
        if compared and session.last is not None:
            readings["column_before"] = session.last.reading
        if supposed:
            readings["column_if"] = session.supposed_reading() or session.reading
        scales = session.catalog.of_kind(*kinds)
        rows = [
            {
                "name": say.words.scales[scale].name,
                "shown": [charts.in_words(say.words, one, scale) for one in readings.values()],
            }
            for scale in scales
        ]
        return {"name": title, "title": say(title), "columns": [say(column) for column in readings], "rows": rows}

    return panel("chart_words", context)


def _caption(title: str) -> Piece:
    return panel("caption", lambda _session, _say: {"title": title})


def _note(text: str) -> Piece:
    return panel("note", lambda _session, _say: {"text": text})


def _legend() -> Piece:
    def context(session: Session, say: Say) -> dict[str, Any]:
        last = day(say.language, session.last.day) if session.last else ""
        return {"last": last, "corrected": last_corrected(say, session)}

    return panel("legend", context)


def _screen(*rows: Row | tuple[Row | tuple[Row, ...], ...], classes: tuple[str, ...] = ()) -> Screen:
    """Return a screen of rows. A row is a piece, a box of pieces, or a tuple of columns.

    A column is a piece, a box of pieces, or a tuple of both: a stack.
    """
    pieces: list[Piece] = []
    children = []
    for row in rows:
        if isinstance(row, Piece | PieceBox):
            pieces += row.pieces if isinstance(row, PieceBox) else (row,)
            children.append(row.widget)
            continue
        columns = []
        for column in row:
            stacked = column if isinstance(column, tuple) else (column,)
            pieces += [piece for part in stacked for piece in (part.pieces if isinstance(part, PieceBox) else (part,))]
            columns.append(box([part.widget for part in stacked], "aw-stack"))
        children.append(box(columns, "aw-two"))
    return Screen(box(children, "aw-stack", *classes), tuple(pieces))


def start() -> Screen:
    """Return はじめに: the review, questions about situation and wish, and an introduction with samples."""
    return _screen(
        _title("start"),
        panel("start_before", lambda session, say: {"when": _before(session, say)}),
        planning.review(),
        (
            sheet(sheets.start, sheets.start_values),
            panel("start_aside", lambda session, say: {"samples": say.words.samples if _is_free(session) else {}}),
        ),
    )


def _before(session: Session, say: Say) -> str:
    """Return when the client last answered the advance sheet; empty if none came into this visit."""
    before = session.record.advance
    return moment(say.language, before.at.astimezone(TOKYO)) if before else ""


def _is_free(session: Session) -> bool:
    """Return whether a sample may be opened: it must replace no client and no old visit."""
    return session.client is None and session.state == "live" and not session.by


def aptitude() -> Screen:
    """Return 適性: the questions about traits, beside their profile."""
    questions = sheet(
        lambda session, say: sheets.scales(session, say, *TRAITS),
        sheets.responses,
        lambda session: sheets.scoring(session, *TRAITS),
    )
    progress = _progress("profile_note", *TRAITS)
    words = _in_words("profile_title", *TRAITS)
    return _screen(_title("aptitude"), _watched(questions, _profile(live=True), progress, words))


def frustrations() -> Screen:
    """Return 悩み: the questions about frustrations and consequences, beside the radar.

    Who wants to enter back-office work may skip them, and sees no radar before an answer.
    """

    def notice(session: Session) -> str | None:
        return "frustrations_wants_in" if session.record.case.facts.situation == "wants_in" else None

    def is_shown(session: Session) -> bool:
        scores = session.reading.scores
        told = any(scores[scale].value is not None for scale in session.catalog.of_kind("frustration"))
        return told or session.record.case.facts.situation != "wants_in"

    questions = sheet(
        lambda session, say: sheets.scales(session, say, *WORRIES),
        sheets.responses,
        lambda session: sheets.scoring(session, *WORRIES),
    )
    progress = _progress("radar_note", *WORRIES, marks=True)
    beside = _watched(questions, _radar(live=True, height=328), progress, _in_words("radar_title", *WORRIES), is_shown)
    return _screen(_title("frustrations", notice), beside)


def _watched(
    questions: Piece,
    drawing: Piece,
    progress: Piece,
    words: Piece,
    is_shown: Callable[[Session], bool] = lambda _: True,
) -> PieceBox:
    """Return questions with a chart that stays in sight: in a column beside them; on a phone, in the head.

    There a press on it shows it large below the questions, with ``words``: its values as a table.
    """
    glance = box([drawing.widget, progress.widget, words.widget], "aw-card", "aw-glance")

    def draw(session: Session) -> None:
        drawing.draw(session)
        glance.layout.display = None if is_shown(session) else "none"

    whole = box([questions.widget, glance], "aw-watch")
    return PieceBox(whole, (questions, Piece(drawing.widget, draw), progress, words))


def workplace() -> Screen:
    """Return 職場: the questions about signs of the evaluation system and about tried steps."""

    def aside(session: Session, say: Say) -> dict[str, Any]:
        known = personal.told(session.catalog, say.words, session.reading, personal.RULES)
        rules = [known[name] for name in ("never_quit_at_once",) if name in known]
        minuses = personal.told(session.catalog, say.words, session.reading, "minuses")
        return {
            "situation": session.record.case.facts.situation,
            "reading": session.reading,
            "signs": len(session.catalog.signs),
            "minuses": [words for _, words in minuses.values()],
            "rules": [words for _, words in rules],
            "sources": [
                *(source for row, _ in rules for source in row.sources),
                *(source for sign in session.catalog.signs.values() for source in sign.sources),
            ],
        }

    questions = sheet(sheets.workplace, lambda session: sheets.workplace_values(session.record.case))
    beside = panel("workplace_aside", aside)
    return _screen(
        _title("workplace"), PieceBox(box([questions.widget, beside.widget], "aw-beside"), (questions, beside))
    )


def result() -> Screen:
    """Return 結果: three things beside the charts, and what is folded below them."""
    three, folds = panel("three", results.first), panel("folds", results.folds)
    worries = _in_words("radar_title", *WORRIES, compared=True)
    radar = _figure("frustration", _caption("radar_title"), _radar(compared=True, height=300), _legend(), worries)
    traits = _in_words("profile_title", *TRAITS)
    profile = _figure("fit", _caption("profile_title"), _profile(height=400), _note("profile_caption"), traits)
    charts_box = box([radar.widget, profile.widget], "aw-figures")
    whole = box([three.widget, charts_box, folds.widget], "aw-result")

    def draw(session: Session) -> None:
        three.draw(session)
        charts_box.layout.display = "none" if _is_empty(session, "frustration") and _is_empty(session, "fit") else None

    pieces = (Piece(three.widget, draw), *radar.pieces, *profile.pieces, folds)
    return _screen(_title("results"), PieceBox(whole, pieces))


def _figure(kind: Kind, *parts: Piece) -> PieceBox:
    """Return a chart with its title and notes in a card. The card is hidden while no scale of ``kind`` has a score."""
    card = box([part.widget for part in parts], "aw-card", "aw-figure")
    first, *rest = parts

    def draw(session: Session) -> None:
        first.draw(session)
        card.layout.display = "none" if _is_empty(session, kind) else None

    return PieceBox(card, (Piece(first.widget, draw), *rest))


def _is_empty(session: Session, kind: Kind) -> bool:
    return all(session.reading.scores[scale].value is None for scale in session.catalog.of_kind(kind))


def next_steps() -> Screen:
    """Return 次の一歩: why the advice is silent, or steps and paths; and what is folded."""

    def suppose(session: Session, _: Say) -> dict[str, Any]:
        return {"supposing": session.supposed is not None, "shown": bool(session.reading.paths)}

    silent, in_silence, beside = panel("silent", advising.silent), advising.asked("silence"), advising.asked("beside")
    paths, others = panel("next_paths", advising.paths), panel("next_level", advising.paths)
    return _screen(
        _title("next"),
        PieceBox(box([silent.widget, in_silence.widget], "aw-silence"), (silent, *in_silence.pieces)),
        panel("calm", lambda session, _: {"silent": session.reading.lacking is not None}),
        panel("next_steps", advising.steps),
        PieceBox(box([paths.widget, beside.widget, others.widget], "aw-paths"), (paths, *beside.pieces, others)),
        panel("next_folds", advising.rest),
        panel("suppose", suppose),
    )


def supposing() -> Screen:
    """Return もしも: a few answers to change for trial, beside radar and ranking. Shown below 次の一歩 on demand."""

    def rows(session: Session, say: Say) -> dict[str, Any]:
        other = session.supposed_reading() or session.reading
        names = [
            [say.words.paths[advice.target].name for advice in reading.paths[:3]]
            for reading in (session.reading, other)
        ]
        (first, *_), (then, *_) = (row or [""] for row in names)
        moved = names[0] != names[1]
        return {"rows": list(zip_longest(*names, fillvalue="")), "first": first, "then": then, "moved": moved}

    def values(session: Session) -> dict[str, Any]:
        case = session.supposed or session.record.case
        return {**case.responses, **sheets.workplace_values(case)}

    questions = sheet(sheets.supposable, values)
    words = _in_words("radar_title", "frustration", supposed=True)
    return _screen((questions, (panel("supposed", rows), _radar(supposed=True), words)))


def plan() -> Screen:
    """Return 行動計画: up to three actions with dates, and the days ahead."""
    appointment = sheet(planning.appointment, planning.appointment_values, marks=lambda _: {})
    return _screen(
        _title("plan"),
        (
            (*(planning.card(place) for place in range(MOST_CHOSEN)), panel("plan_more", planning.more)),
            (panel("plan_ahead", planning.ahead), appointment),
        ),
    )


def worksheets() -> Screen:
    """Return ワークシート: the forms that the client may take home."""
    choice, fields, beside = forms.pieces()
    return _screen(_title("worksheets"), choice, (fields, beside))


def summary() -> Screen:
    """Return まとめ: the handout to print, without cues for the adviser; the help leaf, the exports, the end."""
    top, told, radar, legend, rest = papers.pieces()
    words = _in_words("radar_title", "frustration", compared=True)
    leaf = papers.help_leaf()
    files, end = panel("exports", exports.context), panel("end", ending.context)
    paper = ((top, told), (_caption("radar_title"), radar, legend, words))
    return _screen(paper, rest, leaf, files, ending.useful(), end, classes=("aw-print",))


SCREENS: dict[str, Callable[[], Screen]] = {
    "start": start,
    "aptitude": aptitude,
    "frustrations": frustrations,
    "workplace": workplace,
    "results": result,
    "next": next_steps,
    "plan": plan,
    "worksheets": worksheets,
    "summary": summary,
}
