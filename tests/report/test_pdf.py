"""The PDFs: what stands in the tree can be read there and nothing else, on two pages, tagged, whatever was typed."""

from __future__ import annotations

import time
import unicodedata
from dataclasses import replace

import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from advisor.content.words import LANGUAGES, Language
from advisor.report import fonts
from advisor.report.document import Document, PaperTable, Section
from advisor.report.fonts import printable
from advisor.report.handout import Handout, handout
from advisor.report.pdf import LENGTHS, LINE, SURELY, fit, pdf, shorten
from advisor.session.model import today
from advisor.view.workbook.page import Page
from tests import pages as screen
from tests.pages import STRAINED, Markup
from tests.papers import (
    HOSTILE,
    NAMES,
    STRANGE,
    TODAY,
    bare,
    described,
    full,
    of,
    on_paper,
    pages,
    planned,
    private,
    read,
    texts,
)  # fmt: skip
from tests.support import CATALOG, session


def missing(paper: Handout, said: str) -> list[str]:
    """Return the texts of a handout that cannot be read in what is said; its footer stands apart."""
    return [text for text in texts(paper) if on_paper(text) not in said and text != paper.footer]


# --- the tree, the preview and the PDF say the same ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_handout_can_be_read_in_the_pdf_and_on_the_preview(language: Language) -> None:
    one = planned(language)
    paper = handout(one, today())
    written = pdf(paper)
    assert missing(paper, read(written, paper.footer)) == []
    assert all(bare(paper.footer) in bare(page) for page in pages(written))
    page = Page(one)
    said = bare(Markup(screen.visit(page, "summary")).text)
    assert [text for text in texts(paper) if bare(text) not in said] == []
    assert paper.radar is not None
    assert [chart.alt for chart in screen.charts(page)] == [paper.radar.alt]
    assert described(written)[1] == [paper.radar.alt]


@pytest.mark.parametrize("typed", [HOSTILE, NAMES, STRANGE, "x" * 190, "一行目\r\n二行目\n\n四行目"])
def test_what_was_typed_stands_there_as_it_was_typed(typed: str) -> None:
    one = planned("ja", typed)
    paper = handout(one, TODAY)
    said = read(pdf(paper), paper.footer)
    assert said.count(on_paper(paper.wish)) >= 6
    assert missing(paper, said) == []


def test_nothing_private_can_be_read_in_the_client_s_pdf() -> None:
    one = private(of(STRAINED))
    said = read(pdf(handout(one, TODAY)), "")
    words = CATALOG.words["ja"]
    hints = [text for hint in words.hints.values() for text in (hint.name, hint.text)]
    gates = [text for gate in words.gates.values() for text in (gate.closed, gate.open)]
    held = ["canary-notes", words.report["edition_mark"], words.interface["hangs_title"], words.interface["total"]]
    reading = one.reading
    points = [f"+{reason.points}" for advice in (*reading.paths, *reading.steps) for reason in advice.reasons]
    assert [text for text in (*hints, *gates, *held, *points) if bare(text) in said] == []


# --- two pages ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fullest_handout_takes_two_pages_and_says_which_worksheets_are_not_in_it(language: Language) -> None:
    whole = handout(full(language), TODAY)
    started = time.perf_counter()
    paper, written = fit(whole), pdf(whole)
    assert time.perf_counter() - started < 10
    assert len(pages(written)) == 2
    assert missing(paper, read(written, paper.footer)) == []
    assert {leaf.title for leaf in paper.leaves} | set(paper.left_out) == {leaf.title for leaf in whole.leaves}
    assert paper.left_out
    assert len(paper.tasks) == 3
    assert paper.next_at


def test_lines_without_end_are_shortened_too() -> None:
    one = of(STRAINED)
    one.tell_wish("あ\n" * 999)
    whole = handout(one, TODAY)
    assert len(pages(pdf(whole))) == 2
    assert fit(whole).wish.endswith("…")


def test_what_is_short_enough_fits_without_trying() -> None:
    one = of(STRAINED, last=True)
    one.tell_wish("あ" * (SURELY - 600))
    one.fill("next_at", "2026-12-20T14:00")
    whole = handout(one, TODAY)
    assert fit(whole) is whole
    assert len(pages(pdf(whole))) <= 2
    assert missing(whole, read(pdf(whole), whole.footer)) == []


@given(text=st.text(st.sampled_from("あa \n"), max_size=300), most=st.sampled_from(LENGTHS))
def test_a_shortened_text_says_that_it_goes_on(text: str, most: int) -> None:
    cut = shorten(text, most)
    if cut == text:
        assert len(text) + (LINE - 1) * text.count("\n") <= most
    else:
        assert text.startswith(cut.removesuffix("…"))
        assert cut.endswith("…")
        assert len(cut) <= most + 1


# --- the form of the file ---


def test_the_pdf_is_tagged_titled_and_in_its_language() -> None:
    one = planned("ja")
    written = pdf(handout(one, TODAY))
    assert b"/Lang(ja-JP)" in written
    assert b"/StructTreeRoot" in written
    assert b"/Marked true" in written
    assert b"<pdfuaid:part>1</pdfuaid:part>" in written
    document = pypdfium2.PdfDocument(written)
    assert document.get_metadata_dict()["Title"] == "今日の相談のまとめ"
    assert {tuple(round(side) for side in page.get_size()) for page in document} == {(595, 842)}
    tags, _ = described(written)
    assert {"Document", "H1", "H2", "P", "Figure", "BlockQuote"} <= set(tags)
    assert "Table" not in tags
    assert b"/Lang(en-GB)" in pdf(handout(of(STRAINED, "en"), TODAY))


def test_tables_have_a_head_and_every_page_its_mark_and_number() -> None:
    table = PaperTable(("項目", "値"), (3, 1), tuple((f"{HOSTILE} {row}", str(row)) for row in range(60)))
    part = Section("見出し", 2, (NAMES,), (("札", STRANGE),), ("一つ", "二つ"), table)
    paper = Document("ja", "題", "日付", "渡さない", "足もと", "はじめに", (Section("大見出し"), part))
    written = pdf(paper)
    count = len(pages(written))
    assert count > 1
    for number, page in enumerate(pages(written), 1):
        assert bare(page).startswith("渡さない")
        assert bare(page).endswith(f"足もと{number}/{count}ページ")
    assert bare("".join(pages(written))).count(bare(HOSTILE)) == 60
    assert on_paper(STRANGE) in bare("".join(pages(written)))
    tags, _ = described(written)
    assert {"Table", "TH", "TD", "TR", "L", "LI"} <= set(tags)


def test_the_same_paper_is_set_once() -> None:
    whole = handout(planned(), TODAY)
    assert pdf(whole) is pdf(replace(whole))


# --- characters ---


def test_names_keep_their_form() -> None:
    assert printable(NAMES) == NAMES


def test_what_the_font_lacks_becomes_a_sign_and_what_cannot_be_seen_goes() -> None:
    assert printable("👨‍👩‍👧‍👦と👍🏽❤️") == "〓と〓〓"
    assert printable("שלום") == "〓" * 4
    assert printable("a\u200d\u200f\u202eb\x00\x1f\ufeff\ufe0f") == "ab"
    assert printable("a\tb\r\nc\u2028d\u3000e\u2003f") == "a b\nc\nd\u3000e\u2003f"


def test_a_letter_and_its_sound_mark_become_one() -> None:
    assert printable("か\u3099 e\u0301") == "が é"


def test_a_very_long_word_may_break() -> None:
    assert printable("x" * 24) == "x" * 24
    assert printable("x" * 25).split("\u200b") == ["x"] * 25
    assert printable("これはとても長い日本語の文です。" * 9) == "これはとても長い日本語の文です。" * 9


@given(st.text(max_size=40))
def test_every_character_of_a_paper_is_in_the_font_or_is_a_line_s_end(text: str) -> None:
    allowed = {"\n", "\u200b"}
    left = [sign for sign in printable(text) if sign not in allowed and ord(sign) not in fonts.characters()]
    assert [sign for sign in left if not 0xE0100 <= ord(sign) <= 0xE01EF] == []
    assert not [sign for sign in printable(text) if unicodedata.category(sign) == "Cf" and sign != "\u200b"]


def test_every_character_of_the_font_can_be_set() -> None:
    every = "".join(map(chr, sorted(fonts.characters())))
    part = Section("字", texts=tuple(every[place : place + 400] for place in range(0, len(every), 4000)))
    assert pdf(Document("ja", "題", "", "", "足", "", (part,))).startswith(b"%PDF")


def test_an_empty_session_has_a_pdf_of_one_page() -> None:
    assert len(pages(pdf(handout(session(), TODAY)))) == 1


def test_the_font_is_the_file_that_was_checked() -> None:
    assert fonts.is_known()
    with TTFont(fonts.folder() / fonts._FILE, fontNumber=0, lazy=True) as font:  # noqa: SLF001  (the file itself)
        assert font["name"].getDebugName(4) == fonts.FAMILY
        assert "SIL Open Font License" in font["name"].getDebugName(13)
