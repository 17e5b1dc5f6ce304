"""Worksheets on sheets of their own: whole, only those chosen, and offered where the handout has no room for them."""

from __future__ import annotations

import pytest

from advisor.content.translator import say
from advisor.content.words import LANGUAGES, Language
from advisor.report.handout import handout
from advisor.report.pdf import fit, pdf
from advisor.report.worksheet_pages import chosen, leaves
from advisor.view.workbook.page import Page
from tests import pages as screen
from tests.pages import Markup
from tests.papers import HOSTILE, NAMES, TODAY, bare, full, on_paper, pages, planned, private, read
from tests.support import CATALOG, session


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.slow
def test_what_two_pages_do_not_hold_is_whole_on_sheets_of_its_own(language: Language) -> None:
    one = full(language)
    left_out = fit(handout(one, TODAY)).left_out
    assert left_out
    paper = leaves(one, TODAY)
    said = read(pdf(paper), paper.footer)
    assert set(left_out) <= {part.title for part in paper.parts}
    written = [text for leaf in handout(one, TODAY).leaves for row in leaf.rows for text in row]
    written += [line for leaf in handout(one, TODAY).leaves for line in leaf.lines]
    assert [text for text in written if on_paper(text) not in said] == []
    assert len(pages(pdf(paper))) > 2


def test_only_what_was_chosen_and_written_is_on_them_and_nothing_of_the_advisers() -> None:
    one = private(planned("ja", HOSTILE + NAMES))
    one.take_home("quantify")  # nobody wrote anything there
    one.take_home("motive")  # taken out again
    paper = leaves(one, TODAY)
    said = read(pdf(paper), paper.footer)
    assert [part.title for part in paper.parts] == [CATALOG.words["ja"].worksheets["goals"].name]
    assert on_paper(HOSTILE + NAMES) in said
    assert bare("canary-notes") not in said
    assert chosen(CATALOG, say(CATALOG, "ja"), one.record) == handout(one, TODAY).leaves


def test_without_a_worksheet_the_paper_says_how_one_gets_there() -> None:
    paper = leaves(session(), TODAY)
    assert (paper.parts, paper.lead) == ((), say(CATALOG, "ja")("export_worksheets_empty"))


def test_the_preview_says_where_to_find_what_the_handout_leaves_out() -> None:
    words = say(CATALOG, "en")
    page = Page(full("en"))
    shown = Markup(screen.visit(page, "summary"))
    assert words("handout_left_out") in shown.text
    assert words("handout_left_out_how", name=words("export_name_worksheets")) in shown.text
    offered = next(told for tag, told in shown.tags if tag == "button" and told.get("data-id") == "worksheets")
    assert "aria-disabled" not in offered
