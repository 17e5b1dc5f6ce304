"""Samples from one click to the paper: their advice, and a summary of one page with nothing of the screen around it."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor.content import worked_cases
from advisor.content.case_checks import WISH_MAX
from advisor.content.words import LANGUAGES
from advisor.scoring import personal
from advisor.session import record as records
from advisor.session.record import SCREEN_IDS
from tests.browsing import (
    SAY,
    choose_step,
    draw_charts,
    go,
    load_sample,
    reading_of,
    row,
    speak,
    stored,
    visiting,
)
from tests.looks import CLOSE_ALL, open_all
from tests.pages import STRAINED
from tests.serving import ARTEFACTS
from tests.support import CATALOG, planned

JA = SAY["ja"]
WORKED = worked_cases.load(CATALOG)
COLOURS = """() => ["[data-title=summary]", ".aw-note"].map((name) => {
  const node = [...document.querySelectorAll(name)].find((one) => one.checkVisibility());
  const { color, backgroundColor } = getComputedStyle(node);
  return [color, backgroundColor];
})"""
WHITE = ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")


@dataclass(frozen=True)
class Printed:
    """A PDF as Chromium writes it: how many pages, and the text that can be selected in it."""

    pages: int
    text: str

    def has(self, sentence: str) -> bool:
        """Whether a sentence stands in it; a PDF knows neither white space nor lines."""
        return "".join(sentence.split()) in self.text


def letters(table: str) -> dict[int, str]:
    """A font's table from codes to letters (ToUnicode)."""
    found: dict[int, str] = {}
    for first, last, letter in re.findall(r"<(\w\w)> <(\w\w)> <(\w{4})>", table):
        for code in range(int(first, 16), int(last, 16) + 1):
            found[code] = chr(int(letter, 16) + code - int(first, 16))
    for code, letter in re.findall(r"^<(\w\w)> <(\w{4,})>$", table, re.MULTILINE):
        found[int(code, 16)] = bytes.fromhex(letter).decode("utf-16-be")
    return found


def read_pdf(data: bytes) -> Printed:
    """Read a PDF of Chromium's: enough of the format to get at its text."""
    objects = {int(number): body for number, body in re.findall(rb"(\d+) 0 obj\n(.*?)\nendobj", data, re.DOTALL)}

    def stream(number: str) -> str:
        packed = objects[int(number)].partition(b"stream\n")[2].rpartition(b"\nendstream")[0]
        return zlib.decompress(packed).decode("latin-1")

    pages = [body.decode("latin-1") for body in objects.values() if b"/Type /Page\n" in body or b"/Type /Page " in body]
    text = ""
    for page in pages:
        fonts: dict[str, dict[int, str]] = {}
        for name, number in re.findall(r"/(F\d+) (\d+) 0 R", page):
            table = re.search(r"/ToUnicode (\d+) 0 R", objects[int(number)].decode("latin-1"))
            fonts[name] = letters(stream(table[1])) if table else {}
        contents = re.search(r"/Contents (\d+) 0 R", page)
        assert contents
        font: dict[int, str] = {}
        drawn = re.sub(r"/ActualText <\w+>", "", stream(contents[1]))
        for name, codes in re.findall(r"/(F\d+) [\d.]+ Tf|<([0-9A-F]+)>", drawn):
            if name:
                font = fonts[name]
            else:
                text += "".join(font.get(code, "\ufffd") for code in bytes.fromhex(codes))
    text = text.replace("\u2027", "・")  # one glyph, two letters
    return Printed(len(pages), "".join(unicodedata.normalize("NFKC", text).split()))


def printed(page: Page, name: str) -> Printed:
    """What comes out of the printer; kept beside the screenshots."""
    path = ARTEFACTS / "screens" / f"{name}.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    return read_pdf(page.pdf(path=path, format="A4"))


@pytest.fixture(scope="module")
def visit(browser: Browser, workbook_url: str) -> Iterator[Page]:
    """A page for tests that begin by loading a sample, whatever stood there before."""
    with visiting(browser, workbook_url) as page:
        yield page


def shows_its_worked_advice(page: Page, sample_name: str) -> None:
    """A sample was loaded: 次の一歩 shows the advice that was worked out for it by hand."""
    words, sample = JA.words, WORKED[sample_name]
    expect(row(page, "situation").locator(f"[value={sample.facts.situation}]")).to_be_checked()
    go(page, "next")
    path, points = sample.expected.paths[0]
    expect(page.locator(".aw-path[data-first]:visible h3")).to_contain_text(
        words.paths[sample.expected.first or ""].name
    )
    expect(page.locator(f"#points-{path} .aw-total .aw-reason-points")).to_have_text(str(points))
    first_paths = [words.paths[path].name for path, _ in sample.expected.paths[:3]]
    expect(page.locator("article[id^=path-]:visible h3")).to_contain_text(first_paths)
    first_steps = [words.steps[step].name for step, _ in sample.expected.steps[:3]]
    expect(page.locator("article[id^=step-]:visible h3")).to_have_text(first_steps)


@pytest.mark.parametrize("name", WORKED)
def test_a_sample_shows_its_worked_advice_and_its_summary_is_one_page_with_all_that_was_said(
    visit: Page, name: str
) -> None:
    load_sample(visit, name)
    shows_its_worked_advice(visit, name)
    reading = reading_of(visit)
    steps, path = [advice.target for advice in reading.steps[:3]], reading.paths[0].target
    for chosen in (*steps, path):
        choose_step(visit, chosen)
    go(visit, "summary")
    for language in LANGUAGES:
        speak(visit, language)
        draw_charts(visit)
        paper = printed(visit, f"summary-{language}-{name}")
        say = SAY[language]
        words = say.words
        assert paper.pages == 1
        wanted = [say("summary_title"), JA.words.samples[name].text, words.paths[path].name, words.paths[path].summary]
        told = [personal.step_words(CATALOG, words, reading, step) for step in steps]
        wanted += [text for step in told for text in (step.name, step.first_action)]
        wanted += [say("summary_limits"), say("limits_text")]
        assert [text for text in wanted if not paper.has(text)] == []
    speak(visit, "ja")


def test_nothing_of_the_screen_around_it_is_printed_and_the_button_prints(visit: Page) -> None:
    load_sample(visit, "a_accounting")
    for screen in SCREEN_IDS:
        go(visit, screen)
        open_all(visit)
    go(visit, "next")
    visit.evaluate(CLOSE_ALL)
    paper = printed(visit, "next-ja")
    assert paper.has(JA("title_next"))
    assert not paper.has(JA("title_aptitude"))
    assert not paper.has(JA("summary_title"))
    go(visit, "summary")
    draw_charts(visit)
    paper = printed(visit, "summary-ja-after-all")
    assert paper.has(JA("summary_title"))
    around = ["title", "print", "restart", "restart_title", "footer_note", "adviser_none", "summary_choose"]
    around += ["hangs_title", "title_next", "lead_results", "promise_title", "traits_title", "profile_caption"]
    assert [word for word in (*around, "suppose_title") if paper.has(JA(word))] == []
    assert not paper.has(JA("back_to", name=JA("step_next")))
    assert not paper.has("English")
    assert not paper.has(JA("step_frustrations") + JA("state_done"))
    visit.evaluate("window.print = () => (window.asked = true)")
    visit.get_by_role("button", name=JA("print")).click()
    assert visit.evaluate("window.asked") is True


def test_an_empty_summary_prints_a_page_that_says_so(browser: Browser, workbook_url: str) -> None:
    with visiting(browser, workbook_url) as page:
        go(page, "summary")
        draw_charts(page)
        paper = printed(page, "summary-ja-empty")
        assert paper.pages == 1
        assert paper.has(JA("summary_empty"))
        assert paper.has(JA("limits_text"))


def test_the_longest_summary_takes_two_pages_at_most_and_paper_is_white_when_the_screen_is_dark(
    browser: Browser, workbook_url: str
) -> None:
    case = replace(STRAINED, facts=replace(STRAINED.facts, wish="落ち着いて働ける場所を見つけたい。" * 40))
    case = replace(case, facts=replace(case.facts, wish=case.facts.wish[:WISH_MAX]))
    words = JA.words.steps
    longest = sorted(CATALOG.steps, key=lambda step: len(words[step].first_action + words[step].worked))
    chosen = planned("fair_employer", *longest[-3:])
    record = replace(records.new(CATALOG), case=case, plan=chosen, screen="summary", revision=1)
    with visiting(browser, workbook_url + stored(record)) as page:
        draw_charts(page)
        paper = printed(page, "summary-ja-longest")
        assert paper.pages <= 2
        assert paper.has(case.facts.wish)
        assert all(paper.has(words[step].worked) for step in chosen.steps)
        assert paper.has(JA("limits_text"))
        paper_is_white(page)


def paper_is_white(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    on_screen = page.evaluate(COLOURS)
    page.emulate_media(media="print", color_scheme="dark")
    on_paper = page.evaluate(COLOURS)
    assert on_paper[0][0] == "rgb(0, 0, 0)" != on_screen[0][0]
    assert on_paper[1][1] in WHITE
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in WHITE
