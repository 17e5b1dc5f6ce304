"""A piece of a screen: a widget, and how it is drawn from the session. What people do comes in by events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ipywidgets import Box

from advisor.content.translator import Say, say
from advisor.view.answered import told
from advisor.view.rendering import render
from advisor.view.widgets.widgets import SHEET_WORDS, Chart, PageWidget, Panel, Sheet

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog
    from advisor.content.words import Language
    from advisor.report.charts import Figure
    from advisor.session.session import Session


class Shown(Protocol):
    """What a page can be drawn from: a session, or the front desk."""

    @property
    def catalog(self) -> Catalog:
        """The catalogue whose words are said."""

    @property
    def language(self) -> Language:
        """The language of the page."""

    @property
    def reads(self) -> bool:
        """Whether it is only read: what cannot be changed has no controls."""


Context = Callable[[Any, Say], dict[str, Any]]  # drawn from a session or the desk: whatever the page is of


@dataclass(frozen=True, slots=True)
class Piece:
    """A widget and the function that brings it up to date; events of ``widget`` are heard by the page."""

    widget: PageWidget
    draw: Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class PieceBox:
    """Pieces in one box, drawn in this order."""

    widget: Box
    pieces: tuple[Piece, ...]


def words_of(shown: Shown) -> Say:
    """Return the words of the page's language."""
    return say(shown.catalog, shown.language)


def panel(template: str, context: Context, classes: tuple[str, ...] = ()) -> Piece:
    """Return a piece of page from a template."""
    widget = _with(Panel(), classes)

    def draw(session: Shown) -> None:
        speech = words_of(session)
        with widget.hold_sync():
            widget.lang = speech.language
            known = {"say": speech, "words": speech.words, "reads": session.reads}
            widget.html = render(template, **known, **context(session, speech)).strip()

    return Piece(widget, draw)


def marks_of(session: Session) -> dict[str, Any]:
    """Return how the items of a session are marked."""
    return dict(session.record.case.marks)


def sheet(
    questions: Callable[[Any, Say], list[dict[str, Any]]],
    values: Callable[[Any], dict[str, Any]],
    scoring: Callable[[Any], dict[str, Any]] = lambda _: {},
    classes: tuple[str, ...] = ("aw-card",),
    marks: Callable[[Any], dict[str, Any]] = marks_of,
) -> Piece:
    """Return a sheet of questions; of an old visit that is read, the answers as text, but where one only supposes."""
    widget = _with(Sheet(), classes)

    def draw(session: Shown) -> None:
        speech = words_of(session)
        with widget.hold_sync():
            widget.words = {key: speech(f"sheet_{key}") for key in SHEET_WORDS}
            asked, given = questions(session, speech), values(session)
            reads = session.reads and widget.resumes
            widget.questions = told(speech, asked, given) if reads else asked
            widget.values = {} if reads else given
            widget.marks = marks(session)
            widget.scoring = {} if reads else scoring(session)

    return Piece(widget, draw)


def form(head: Piece, fields: Piece, *classes: str) -> PieceBox:
    """Return a sheet under its head in one box, out of sight while there is nothing to ask."""
    frame = box([head.widget, fields.widget], "aw-group", *classes)

    def draw(session: Any) -> None:  # noqa: ANN401  (whatever the sheet is drawn from)
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


class PageBox(Box):
    """All of a page. As text it says which page it is: a notebook that shows another one fails under nbval."""

    def __init__(self, name: str, screens: Iterable[str], children: list[Any]) -> None:
        """Take the page's name, the names of its screens, and what stands on it."""
        super().__init__(children)
        self._text = f"<{name}: {', '.join(screens)}>"

    def __repr__(self) -> str:
        return self._text


def page_box(name: str, screens: Iterable[str], children: list[Any], *classes: str) -> PageBox:
    """Return the box of a whole page with CSS classes."""
    box: PageBox = _with(PageBox(name, screens, children), classes)
    return box


def _with(widget: Any, classes: tuple[str, ...]) -> Any:  # noqa: ANN401  (any widget)
    for name in classes:
        widget.add_class(name)
    return widget
