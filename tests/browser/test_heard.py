"""What a screen reader says on 悩み, 結果 and 次の一歩: before anything was told, and after a sample has answered.

The transcripts are in ``tests/heard/``. After a change of words, ``ADVISOR_HEARD=write`` writes them anew. Read the
difference aloud.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_access import TOLD
from tests.browsing import SAY, draw_charts, go, stored, visiting
from tests.serving import ROOT

JA = SAY["ja"]
HEARD = ROOT / "tests" / "heard"
SCREENS = ("frustrations", "results", "next")
VALUES = "(all) => all.map((one) => one.getAttribute('aria-valuetext'))"


@pytest.fixture(scope="module", params=["nothing", "told"])
def visit(request: pytest.FixtureRequest, browser: Browser, workbook_url: str) -> Iterator[tuple[str, Page]]:
    """A visit in which nothing was told yet, and one with answers and a plan."""
    told = {"nothing": "?go=start", "told": stored(TOLD)}[request.param]
    with visiting(browser, workbook_url + told) as page:
        yield request.param, page


def heard(page: Page) -> str:
    """The tree as it is read out. The value of a slider is a word, and the time of saving is left out."""
    expect(page.locator("body > [role=status]")).to_have_count(0)  # what was said at the start is not met again
    values = page.get_by_role("slider").evaluate_all(VALUES)
    tree = page.locator("body").aria_snapshot()
    tree = re.sub(r'(- slider ".*"): "\d"', lambda found: f"{found[1]}: {values.pop(0)}", tree)
    assert not values
    return re.sub(r"\d\d:\d\d", "10:24", tree) + "\n"


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_reads_well_aloud(visit: tuple[str, Page], screen: str) -> None:
    name, page = visit
    go(page, screen)
    draw_charts(page, 0 if name == "nothing" and screen == "results" else None)
    file = HEARD / f"{screen}-{name}.txt"
    said = heard(page)
    if os.environ.get("ADVISOR_HEARD") == "write":
        file.write_text(said, encoding="utf-8")
    assert said.splitlines() == file.read_text(encoding="utf-8").splitlines()
