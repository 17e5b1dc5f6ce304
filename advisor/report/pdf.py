"""A paper as a PDF (A4, tagged, PDF/UA-1): the templates beside this file set what stands in its tree, nothing else."""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import asdict, dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from advisor.report import fonts, radar_picture
from advisor.report.handout import Handout, without_leaves

if TYPE_CHECKING:
    from typst import Compiler, Fonts

    from advisor.report.document import Document

LENGTHS = (2000, 1600, 1200, 800, 500, 300, 200, 120, 60)  # of the client's own texts, from whole to what always fits
LINE = 40  # characters
SURELY = 1200  # characters of the client's own that fit without trying
FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Layout:
    """How a handout is set: the size of letters and spaces; whether the plan begins the second page; how many pages."""

    scale: float = 1.0
    turns: bool = True
    pages: int = 2


LAYOUTS = (  # from comfortable to tight; what nearly fits on one page shall not leave a second one empty
    Layout(pages=1, turns=False),
    Layout(0.92, pages=1, turns=False),
    Layout(1.08),
    Layout(),
    Layout(0.92),
    Layout(0.92, turns=False),
    Layout(0.85, turns=False),
    Layout(0.78, turns=False),
)


def pdf(paper: Handout | Document) -> bytes:
    """Return a paper as a PDF; a handout is made to fit on two pages, and the leaf of help follows on its own."""
    return _fitted(paper)[1] if isinstance(paper, Handout) else _written(_set(paper))


def fit(whole: Handout) -> Handout:
    """Return what of the handout fits on two pages: worksheets are left out before a text is shortened."""
    typed = [whole.wish, *(text for task in whole.tasks for text in (task.what, *(told for _, told in task.details)))]
    if not whole.leaves and sum(map(_length, typed)) < SURELY:
        return whole
    return _fitted(whole)[0]


def _length(text: str) -> int:
    return len(text) + (LINE - 1) * text.count("\n")


@lru_cache(maxsize=4)
def _fitted(whole: Handout) -> tuple[Handout, bytes]:
    def fits(most: int) -> bool:
        return _fits(without_leaves(_shortened(whole, most), ()), LAYOUTS[-1])

    # by halves: each try sets the whole paper, and the page waits
    first = 0 if fits(LENGTHS[0]) else bisect_left(LENGTHS, True, lo=1, hi=len(LENGTHS) - 1, key=fits)
    paper = _with_leaves_that_fit(_shortened(whole, LENGTHS[first]))
    layout = next(layout for layout in LAYOUTS if _fits(paper, layout))
    return paper, _written(_set(paper, layout))


def _fits(paper: Handout, layout: Layout) -> bool:
    return int(_set(replace(paper, help=None), layout).query("<pages>", field="value", one=True)) <= layout.pages


def _with_leaves_that_fit(whole: Handout) -> Handout:
    """Return the handout with the worksheets that fit, the client's first choice first."""
    kept = without_leaves(whole, ())
    for leaf in whole.leaves:
        more = without_leaves(whole, (*kept.leaves, leaf))
        if _fits(more, LAYOUTS[-1]):
            kept = more
    return kept


def _shortened(whole: Handout, most: int) -> Handout:
    """Return the handout with no text of the client's own longer than ``most``; worksheets are never cut."""
    tasks = (
        replace(
            task,
            what=shorten(task.what, most),
            details=tuple((name, shorten(text, most)) for name, text in task.details),
        )
        for task in whole.tasks
    )
    return replace(whole, wish=shorten(whole.wish, most), tasks=tuple(tasks))


def shorten(text: str, most: int) -> str:
    """Return text of about ``most`` characters at most; a line break counts like the line it costs."""
    left = most
    for place, letter in enumerate(text):
        left -= LINE if letter == "\n" else 1
        if left < 0:
            return text[:place].rstrip() + "…"
    return text


def _set(paper: Handout | Document, layout: Layout | None = None) -> Compiler:
    """Return the compiler of a paper's template with everything that stands in the paper as data."""
    import typst  # noqa: PLC0415  (a client's kernel starts without it)

    data = _printable(asdict(paper))
    if isinstance(paper, Handout) and paper.radar:
        axes = [replace(axis, name=tuple(map(fonts.printable, axis.name))) for axis in paper.radar.axes]
        data["radar"]["picture"] = radar_picture.picture(axes)
    template = "handout" if isinstance(paper, Handout) else "document"
    return typst.Compiler(
        FOLDER / f"{template}.typ",
        root=FOLDER,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data), "layout": json.dumps(asdict(layout or Layout()))},
    )


@cache
def _fonts() -> Fonts:
    """Return the fonts, read once: each reading costs as much memory as they are large."""
    import typst  # noqa: PLC0415  (as above)

    return typst.Fonts(include_system_fonts=False, font_paths=[fonts.folder()])


def _written(compiler: Compiler) -> bytes:
    return cast("bytes", compiler.compile(format="pdf", pdf_standards=["ua-1"]))


def _printable(value: Any) -> Any:  # noqa: ANN401  (whatever stands in a tree of plain values)
    if isinstance(value, str):
        return fonts.printable(value)
    if isinstance(value, dict):
        return {key: _printable(inner) for key, inner in value.items()}
    return [_printable(inner) for inner in value] if isinstance(value, list | tuple) else value
