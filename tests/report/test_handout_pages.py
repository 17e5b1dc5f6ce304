"""The pages of many handouts: the actions stand on the first, no page is half empty, no text ends in a lone letter."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from random import Random

import numpy as np
import pypdfium2
import pytest

from advisor.content.words import LANGUAGES, Language
from advisor.report.handout import Handout, handout
from advisor.report.pdf import fit, pdf
from advisor.session.model import HELPED, STATUSES, Action
from advisor.session.session import Session
from tests.papers import LONG, TODAY, full, on_paper, pages, texts
from tests.report.test_true_for_whom import client
from tests.support import CATALOG

MANY = 10 * int(os.environ.get("ADVISOR_FAULTS", "0")) or 12  # so many clients in each language; make faults: more
HALF, FOOT = 0.5, 0.93  # of a page's height; the foot stands below
FEW = 200  # letters: three lines
LONE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]{1,2}[。、」』）]*")


def visited(chance: Random, language: Language) -> Session:
    """Return a session with somebody who told, planned and typed little or much."""
    one = client(chance)
    one.speak(language)
    typed = chance.choice((0.1, 0.8))
    one.tell_wish(LONG[language][: chance.choice((0, 12, 40))] * chance.choice((1, 1, 12)))
    for action in one.record.plan.chosen:
        for field in ("what", "first", "known_by", "helper"):
            if chance.random() < typed:
                one.fill(f"action-{action.id}-{field}", (LONG[language] * 9)[: chance.randint(3, 200)])
        one.fill(f"action-{action.id}-by", "2026-12-01")
    old = tuple(
        Action(f"a{number + 1}", what=LONG[language][: chance.randint(4, 40)].strip(), status=chance.choice(STATUSES),
               helped=chance.choice((*HELPED, None)))
        for number in range(chance.choice((0, 0, 1, 3)))
    )  # fmt: skip
    one.adopt(replace(one.record, review=old, help_leaf=chance.random() < 0.3))
    for sheet in ("goals", "motive"):
        if chance.random() < typed / 2:
            for row in range(chance.choice((1, CATALOG.worksheets[sheet].rows))):
                one.fill(f"sheet-{sheet}-{row}-{'goal' if sheet == 'goals' else 'reason'}", LONG[language])
            one.take_home(sheet)
    return one


def lowest(page: pypdfium2.PdfPage) -> float:
    """Return how far down the ink of a page goes above its foot: 0 (its top) to 1."""
    grey = page.render(scale=0.5, grayscale=True).to_numpy()
    inked = np.flatnonzero((grey.reshape(grey.shape[:2]) < 230).any(axis=1)) / len(grey)
    return float(inked[inked < FOOT].max())


def lone(paper: Handout, written: bytes) -> list[str]:
    """Return the lines of one or two letters that are the end of a text."""
    labels = {on_paper(line) for axis in (paper.radar.axes if paper.radar else ()) for line in axis.name}
    whole = {on_paper(line) for text in texts(paper) for line in text.split("\n")} | labels
    found = [on_paper(line) for page in pages(written) for line in page.splitlines()]
    return [line for line in found if LONE.fullmatch(line) and line not in whole]


def holds(one: Session) -> None:
    """Assert what every handout holds."""
    whole = handout(one, TODAY)
    paper, written = fit(whole), pdf(whole)
    shown = pages(written)
    first = on_paper(shown[0])
    will_do = [text for task in paper.tasks for text in (task.what, task.by, *(told for _, told in task.details))]
    will_do += [paper.no_tasks, paper.next_at, *(text for idea in paper.ideas for text in idea)]
    assert [text for text in will_do if on_paper(text) not in first] == []
    own = len(shown) - bool(paper.help)
    assert own <= 2
    assert own == 1 or len(on_paper(shown[1])) - len(on_paper(paper.limits + paper.sources)) > FEW
    before = list(pypdfium2.PdfDocument(written))[: len(shown) - 1]
    assert [lowest(page) for page in before if lowest(page) < HALF] == []
    assert lone(paper, written) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_many_handouts(language: Language) -> None:
    chance = Random(17)
    for _ in range(MANY):
        holds(visited(chance, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_the_fullest_handout(language: Language) -> None:
    holds(full(language))


def test_a_lone_end_of_a_line_would_be_seen() -> None:
    assert [end for end in ("す。", "の", "です」", "ものです。", "12", "of") if LONE.fullmatch(end)] == [
        "す。",
        "の",
        "です」",
    ]
