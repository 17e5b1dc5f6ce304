"""Papers as PDF (A4, tagged, PDF/UA-1). The Typst templates in this folder print the paper's texts and add none."""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import asdict, dataclass, replace
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from advisor.report import fonts, radar_picture
from advisor.report.consent_form import ConsentForm
from advisor.report.handout import Handout, without_leaves
from advisor.report.question_sheet import QuestionSheet
from advisor.report.slip import Slip

if TYPE_CHECKING:
    from typst import Compiler, Fonts

    from advisor.report.document import Document

    Paper = Handout | Document | ConsentForm | QuestionSheet | Slip

LENGTHS = (2000, 1600, 1200, 800, 500, 300, 200, 120, 60)  # limits for the client's texts; the last one always fits
LINE = 40  # a line break counts like so many characters
SURELY = 1200  # so many characters of the client's texts fit in any case
FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout of the handout.

    ``scale``: the size of letters and spaces, 1.0 is normal. ``pages``: how many pages the handout may have.
    ``dense``: long actions in narrow lines, so that they still stand on the first page.
    """

    scale: float = 1.0
    pages: int = 2
    dense: bool = False


LAYOUTS = (  # tried in this order; first one page, so that a short handout has no nearly empty second page
    *(Layout(scale, pages=1) for scale in (1.0, 0.94, 0.88)),
    *(Layout(scale) for scale in (1.0, 1.06, 0.94)),
    *(Layout(scale, dense=True) for scale in (0.94, 0.88, 0.78)),
)
ONE_PAGE = tuple(Layout(scale, pages=1) for scale in (1.0, 0.94, 0.88, 0.82, 0.76))
HALF, FEW = 0.5, 0.25  # of a page's height: where a page before another one, and where the last page may end


def pdf(paper: Paper) -> bytes:
    """Return a paper as a PDF.

    A handout is fitted to two pages; its help leaf comes after them on a separate page. A consent form is fitted to one
    page.
    """
    if isinstance(paper, Handout):
        return _fitted(paper)[1]
    if isinstance(paper, ConsentForm):
        return _written(next((one for one in map(partial(_set, paper), ONE_PAGE) if _pages(one) == 1), _set(paper)))
    return _written(_set(paper))


def fit(whole: Handout) -> Handout:
    """Return the handout as it fits on two pages. Worksheets are left out before a text is shortened."""
    typed = [whole.wish, *(text for task in whole.tasks for text in (task.what, *(told for _, told in task.details)))]
    typed += [name for name, _ in whole.review]
    if not whole.leaves and sum(map(_length, typed)) < SURELY:
        return whole
    return _fitted(whole)[0]


def _length(text: str) -> int:
    return len(text) + (LINE - 1) * text.count("\n")


@lru_cache(maxsize=4)
def _fitted(whole: Handout) -> tuple[Handout, bytes]:
    def fits(most: int) -> bool:
        return _fits(_laid_out(without_leaves(_shortened(whole, most), ()), LAYOUTS[-1]), LAYOUTS[-1])

    # Binary search: each try lays out the whole paper, and the page waits meanwhile.
    first = 0 if fits(LENGTHS[0]) else bisect_left(LENGTHS, True, lo=1, hi=len(LENGTHS) - 1, key=fits)
    paper = _with_leaves_that_fit(_shortened(whole, LENGTHS[first]))
    return paper, _written(_set(paper, _layout(paper)))


def _layout(paper: Handout) -> Layout:
    """Return the first layout in which the handout fits and is balanced; without one, the first in which it fits."""
    fitting = []
    for layout in LAYOUTS:
        laid_out = _laid_out(paper, layout)
        if _fits(laid_out, layout):
            if _is_balanced(laid_out):
                return layout
            fitting.append(layout)
    return fitting[0]


def _laid_out(paper: Handout, layout: Layout) -> Compiler:
    """Return the handout in a layout, without its help leaf, which has a page of its own."""
    return _set(replace(paper, help=None), layout)


def _fits(compiler: Compiler, layout: Layout) -> bool:
    """Return whether the handout has no more pages than it may, with the actions on the first one."""
    return _pages(compiler) <= layout.pages and _ends(compiler, "tasks")[0][0] == 1


def _is_balanced(compiler: Compiler) -> bool:
    """Return whether no page that another follows ends before its half, and the last one has more than a few lines."""
    last, ends = _pages(compiler), _ends(compiler, "ends")
    lowest = {page: max((y for at, y in ends if at == page), default=0.0) for page in range(1, last + 1)}
    return last == 1 or (lowest[last] >= FEW and all(lowest[page] >= HALF for page in range(1, last)))


def _ends(compiler: Compiler, name: str) -> list[tuple[int, float]]:
    """Return where parts of the handout end: the page, and how far down on it (0 to 1)."""
    return [(mark["page"], mark["y"]) for mark in json.loads(compiler.query(f"<{name}>", field="value"))]


def _pages(compiler: Compiler) -> int:
    return int(compiler.query("<pages>", field="value", one=True))


def _with_leaves_that_fit(whole: Handout) -> Handout:
    """Return the handout with the worksheets that fit; those that the client chose first are tried first."""
    kept = without_leaves(whole, ())
    for leaf in whole.leaves:
        more = without_leaves(whole, (*kept.leaves, leaf))
        if _fits(_laid_out(more, LAYOUTS[-1]), LAYOUTS[-1]):
            kept = more
    return kept


def _shortened(whole: Handout, most: int) -> Handout:
    """Return the handout with the client's texts cut to ``most`` characters each. Worksheets are never cut."""
    tasks = (
        replace(
            task,
            what=shorten(task.what, most),
            details=tuple((name, shorten(text, most)) for name, text in task.details),
        )
        for task in whole.tasks
    )
    review = tuple((shorten(name, most), became) for name, became in whole.review)
    return replace(whole, wish=shorten(whole.wish, most), tasks=tuple(tasks), review=review)


def shorten(text: str, most: int) -> str:
    """Return text cut to ``most`` characters and "…". A line break counts as LINE characters, as it uses a line."""
    left = most
    for place, letter in enumerate(text):
        left -= LINE if letter == "\n" else 1
        if left < 0:
            return text[:place].rstrip() + "…"
    return text


def _set(paper: Paper, layout: Layout | None = None) -> Compiler:
    """Return the compiler for a paper: its template, with the content of the paper as JSON data."""
    import typst  # noqa: PLC0415  (a client's kernel starts without it)

    data = _printable(asdict(paper))
    if isinstance(paper, Handout) and paper.radar:
        axes = [replace(axis, name=tuple(map(fonts.printable, axis.name))) for axis in paper.radar.axes]
        data["radar"]["picture"] = radar_picture.picture(axes)
    if isinstance(paper, Slip):
        data |= {"picture": paper.picture, "link": paper.link}  # a link has to stay as it is
    own = {Handout: "handout", ConsentForm: "consent", QuestionSheet: "question_sheet", Slip: "slip"}
    template = own.get(type(paper), "document")
    return typst.Compiler(
        FOLDER / f"{template}.typ",
        root=FOLDER,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data), "layout": json.dumps(asdict(layout or Layout()))},
    )


@cache
def _fonts() -> Fonts:
    """Return the fonts. They are read once, because each read takes as much memory as their files."""
    import typst  # noqa: PLC0415  (as above)

    return typst.Fonts(include_system_fonts=False, font_paths=[fonts.folder()])


def _written(compiler: Compiler) -> bytes:
    return cast("bytes", compiler.compile(format="pdf", pdf_standards=["ua-1"]))


def _printable(value: Any) -> Any:  # noqa: ANN401  (a tree of plain values)
    if isinstance(value, str):
        return fonts.printable(value)
    if isinstance(value, dict):
        return {key: _printable(inner) for key, inner in value.items()}
    return [_printable(inner) for inner in value] if isinstance(value, list | tuple) else value
