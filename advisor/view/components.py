"""Pieces of a screen: each is a widget with the function that draws it from the session. People's input is events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ipywidgets import Box

from advisor.content.translator import Say
from advisor.view.answered import told
from advisor.view.dates import days_in_words, with_days
from advisor.view.rendering import render
from advisor.view.widgets.widgets import SHEET_WORDS, Chart, PageWidget, Panel, Sheet

if TYPE_CHECKING:
    from advisor.report.charts import Figure
    from advisor.session.session import Session


class Shown(Protocol):
    """The object that a page draws: a session, or the desk."""

    @property
    def say(self) -> Say:
        """The words of the page, in its language."""

    @property
    def is_read_only(self) -> bool:
        """Whether the page is only read. It then shows no controls."""

    @property
    def by(self) -> str:
        """Who looks at the page: ``client`` on a client's own screen."""

    @property
    def is_quick(self) -> bool:
        """Whether answers are typed in from paper."""


Context = Callable[[Any, Say], dict[str, Any]]  # takes a session or the desk, gives the values of a template


@dataclass(frozen=True, slots=True)
class Piece:
    """A widget and the function that brings it up to date. The page listens to the events of ``widget``."""

    widget: PageWidget
    draw: Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class PieceBox:
    """Several pieces in one box. The page draws them in this order."""

    widget: Box
    pieces: tuple[Piece, ...]


def panel(template: str, context: Context, classes: tuple[str, ...] = ()) -> Piece:
    """Return a piece that shows a template. Every draw sends the HTML anew, and its language with it."""
    widget = _with(Panel(), classes)

    def draw(session: Shown) -> None:
        speech = session.say
        with widget.hold_sync():
            widget.lang = speech.language
            known = {"say": speech, "words": speech.words, "read_only": session.is_read_only}
            by_client = session.by == "client"
            widget.html = render(template, **known, by_client=by_client, **context(session, speech)).strip()

    return Piece(widget, draw)


def marks_of(session: Session) -> dict[str, Any]:
    """Return the marks of a session's items: item id → ``skip`` or ``discuss``."""
    return dict(session.record.case.marks)


def sheet(
    questions: Callable[[Any, Say], list[dict[str, Any]]],
    values: Callable[[Any], dict[str, Any]],
    scoring: Callable[[Any], dict[str, Any]] = lambda _: {},
    classes: tuple[str, ...] = ("aw-card",),
    marks: Callable[[Any], dict[str, Any]] = marks_of,
) -> Piece:
    """Return a sheet of questions.

    An old visit that is only read shows its answers as text. The supposed answers of もしも stay fields: they are
    never stored.
    """
    widget = _with(Sheet(), classes)

    def draw(session: Shown) -> None:
        speech = session.say
        with widget.hold_sync():
            widget.words = {key: speech(f"sheet_{key}") for key in SHEET_WORDS}
            asked, given = questions(session, speech), values(session)
            read_only = session.is_read_only and widget.resumes
            widget.questions = told(speech, asked, given) if read_only else with_days(asked, given)
            widget.values = {} if read_only else given | days_in_words(speech, asked, given)
            widget.marks = marks(session)
            widget.scoring = {} if read_only else scoring(session)
            widget.quick = session.is_quick

    return Piece(widget, draw)


def form(head: Piece, fields: Piece, *classes: str) -> PieceBox:
    """Return a sheet under its head in one box. The box is hidden while the sheet has no questions."""
    frame = box([head.widget, fields.widget], "aw-group", *classes)

    def draw(session: Any) -> None:  # noqa: ANN401  (a session or the desk)
        fields.draw(session)
        frame.layout.display = None if fields.widget.questions else "none"

    return PieceBox(frame, (head, Piece(fields.widget, draw)))


def chart(
    figure: Callable[[Session, Say], Figure],
    alt: Callable[[Session, Say], str],
    height: int,
    live: Callable[[Session], dict[str, Any]] | None = None,
    classes: tuple[str, ...] = (),
) -> Piece:
    """Return a chart with its text alternative. ``height`` is in px; ``live`` lets it follow a sheet at once."""
    widget = _with(Chart(height=height), classes)

    def draw(session: Session) -> None:
        speech = session.say
        with widget.hold_sync():
            widget.words = {"failed": speech("chart_failed")}
            widget.alt = alt(session, speech)
            widget.figure = figure(session, speech)
            widget.live = live(session) if live else None

    return Piece(widget, draw)


def box(children: list[Any], *classes: str) -> Box:
    """Return a plain box with CSS classes."""
    return _with(Box(children), classes)


class PageBox(Box):
    """The box of a whole page. Its text names the page and its screens.

    nbval compares this text with the one stored in the notebook. So a test fails when a notebook shows another page.
    """

    def __init__(self, name: str, screens: Iterable[str], children: list[Any]) -> None:
        """Take the page's name, the names of its screens, and its widgets."""
        super().__init__(children)
        self._text = f"<{name}: {', '.join(screens)}>"

    def __repr__(self) -> str:
        return self._text


def page_box(name: str, screens: Iterable[str], children: list[Any], *classes: str) -> PageBox:
    """Return the box of a whole page with CSS classes."""
    whole: PageBox = _with(PageBox(name, screens, children), classes)
    return whole


def _with(widget: Any, classes: tuple[str, ...]) -> Any:  # noqa: ANN401  (any widget)
    for name in classes:
        widget.add_class(name)
    return widget
