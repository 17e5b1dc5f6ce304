"""A piece of a screen: a widget, and how it is drawn from the session. What people do comes in by events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ipywidgets import Box

from advisor.view.say import Say, render, say
from advisor.view.widgets import SHEET_WORDS, Chart, Panel, Part, Sheet

if TYPE_CHECKING:
    from advisor.charts import Figure
    from advisor.session import Session

Context = Callable[["Session", Say], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A widget and the function that brings it up to date; events of ``widget`` are heard by the page."""

    widget: Part
    draw: Callable[[Session], None]


def words_of(session: Session) -> Say:
    """Return the words of the session's language."""
    return say(session.catalog, session.record.language)


def panel(template: str, context: Context, classes: tuple[str, ...] = ()) -> Piece:
    """Return a piece of page from a template."""
    widget = _with(Panel(), classes)

    def draw(session: Session) -> None:
        speech = words_of(session)
        with widget.hold_sync():
            widget.lang = speech.language
            widget.html = render(template, say=speech, words=speech.words, **context(session, speech)).strip()

    return Piece(widget, draw)


def sheet(
    questions: Callable[[Session, Say], list[dict[str, Any]]],
    values: Callable[[Session], dict[str, Any]],
    scoring: Callable[[Session], dict[str, Any]] = lambda _: {},
    classes: tuple[str, ...] = ("aw-card",),
) -> Piece:
    """Return a sheet of questions."""
    widget = _with(Sheet(), classes)

    def draw(session: Session) -> None:
        speech = words_of(session)
        with widget.hold_sync():
            widget.words = {key: speech(f"sheet_{key}") for key in SHEET_WORDS}
            widget.questions = questions(session, speech)
            widget.values = values(session)
            widget.marks = dict(session.record.case.marks)
            widget.scoring = scoring(session)

    return Piece(widget, draw)


def chart(
    figure: Callable[[Session, Say], Figure],
    alt: Callable[[Session, Say], str],
    height: int,
    live: Callable[[Session], dict[str, Any]] | None = None,
    classes: tuple[str, ...] = (),
) -> Piece:
    """Return a chart with its text alternative."""
    widget = _with(Chart(height=height), classes)

    def draw(session: Session) -> None:
        speech = words_of(session)
        with widget.hold_sync():
            widget.words = {"failed": speech("chart_failed")}
            widget.alt = alt(session, speech)
            widget.figure = figure(session, speech)
            widget.live = live(session) if live else None

    return Piece(widget, draw)


def box(children: list[Any], *classes: str) -> Box:
    """Return a plain box with CSS classes."""
    return _with(Box(children), classes)


def _with(widget: Any, classes: tuple[str, ...]) -> Any:  # noqa: ANN401  (any widget)
    for name in classes:
        widget.add_class(name)
    return widget
