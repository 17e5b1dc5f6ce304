"""Papers as they look: each page is drawn by another program, and then it is looked at where the ink is."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2
import pytest

from advisor.report.adviser_copy import adviser_copy
from advisor.report.document import Document, Section
from advisor.report.handout import handout
from advisor.report.pdf import pdf
from advisor.report.worksheet_pages import leaves
from tests.papers import HOSTILE, NAMES, STRANGE, TODAY, full, planned, private

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Ink = NDArray[np.bool_]
    Boxes = NDArray[np.float64]

MARGIN = 20  # points: more than any printer leaves white
NEIGHBOURS = 2  # letters
LONG_NAME = "寿限無" * 60
PAPERS: dict[str, Callable[[], bytes]] = {
    "handout": lambda: pdf(handout(planned(), TODAY)),
    "handout in English": lambda: pdf(handout(planned("en"), TODAY)),
    "the fullest handout": lambda: pdf(handout(full("ja"), TODAY)),
    "markup": lambda: pdf(handout(planned("ja", HOSTILE), TODAY)),
    "rare names": lambda: pdf(handout(planned("ja", NAMES + STRANGE), TODAY)),
    "a long name": lambda: pdf(handout(planned("ja", LONG_NAME), TODAY)),
    "worksheets": lambda: pdf(leaves(full("ja"), TODAY)),
    "edition": lambda: pdf(adviser_copy(private(planned("ja", HOSTILE)), TODAY)),
}


def drawn(page: pypdfium2.PdfPage, scale: int = 1) -> Ink:
    """Return where on a page there is ink; ``scale``: how many places a point has, in each direction."""
    grey = page.render(scale=scale, grayscale=True).to_numpy()
    return np.asarray(grey.reshape(grey.shape[:2]) < 200)  # of 255; a coloured ground is no ink


def letters(page: pypdfium2.PdfPage) -> Boxes:
    """Return the boxes of all letters that can be seen: left, bottom, right, top."""
    text = page.get_textpage()
    signs = [(place, text.get_text_range(place, 1)) for place in range(text.count_chars())]
    seen = [place for place, sign in signs if sign.strip() and unicodedata.category(sign[0]) not in {"Mn", "Cf", "Cc"}]
    boxes = np.array([text.get_charbox(place) for place in seen])
    return np.asarray(boxes[(boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])])


def covered(boxes: Boxes) -> int:
    """Return how many letters have their middle within another letter; neighbours may be one sign, as in ﬁ."""
    low, high = boxes[:, :2], boxes[:, 2:]
    middle = (low + high)[:, None] / 2
    within = np.all((low < middle) & (middle < high), axis=2)
    places = np.arange(len(boxes))
    within[abs(places[:, None] - places[None, :]) <= NEIGHBOURS] = False
    return int(within.any(axis=1).sum())


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.slow
def test_on_every_page_the_margins_are_white_and_no_letter_stands_on_another(name: str) -> None:
    for page in pypdfium2.PdfDocument(PAPERS[name]()):
        ink = drawn(page)
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        assert rows.size
        height, width = ink.shape
        white = (rows[0], columns[0], height - 1 - rows[-1], width - 1 - columns[-1])
        assert min(white) >= MARGIN
        assert covered(letters(page)) == 0


def test_letters_that_stand_on_each_other_would_be_seen() -> None:
    """So the test above can fail."""
    boxes = letters(pypdfium2.PdfDocument(PAPERS["handout"]())[0])
    assert len(boxes) > 100
    assert covered(np.vstack([boxes, boxes[:3] + 1])) >= 3


def test_each_form_of_a_kanji_in_a_name_is_drawn_as_itself() -> None:
    names = ("吉", "𠮷", "高", "髙", "崎", "﨑", "葛", "葛󠄀", "〓")  # the last: what stands for a sign the font lacks
    papers = [pdf(Document("ja", "題", "", "", "足", "", (Section(name),))) for name in names]
    pictures = [drawn(pypdfium2.PdfDocument(paper)[0], 2) for paper in papers]
    assert len({picture.tobytes() for picture in pictures}) == len(names)
