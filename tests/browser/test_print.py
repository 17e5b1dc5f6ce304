"""The summary on paper: one page of what was told and chosen, and nothing of the screen around it."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, Page

from advisor.content import worked_cases
from advisor.content.case_checks import WISH_MAX
from advisor.content.words import LANGUAGES, Language
from advisor.scoring import personal
from advisor.session import record as records
from advisor.session.record import SCREEN_IDS
from tests.browsing import SAY, choose_step, draw_charts, go, load_sample, open_all, reading_of, resume, speak, visiting
from tests.pages import STRAINED
from tests.serving import ARTEFACTS
from tests.support import CATALOG, planned

JA = SAY["ja"]


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


def plan(page: Page) -> tuple[list[str], str]:
    """Choose the first three steps and the first path, and go to the summary."""
    go(page, "next")
    reading = reading_of(page)
    steps = [advice.target for advice in reading.steps[:3]]
    for chosen in (*steps, reading.paths[0].target):
        choose_step(page, chosen)
    go(page, "summary")
    draw_charts(page)
    return steps, reading.paths[0].target


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", worked_cases.load(CATALOG))
def test_the_summary_of_a_sample_is_one_page_with_all_that_was_said(visit: Page, name: str, language: Language) -> None:
    speak(visit, language)
    load_sample(visit, name)
    steps, path = plan(visit)
    paper = printed(visit, f"summary-{language}-{name}")
    say = SAY[language]
    words = say.words
    assert paper.pages == 1
    wanted = [say("summary_title"), words.samples[name].text, words.paths[path].name, words.paths[path].summary]
    told = [personal.step_words(CATALOG, words, reading_of(visit), step) for step in steps]
    wanted += [text for step in told for text in (step.name, step.first_action)]
    wanted += [say("summary_limits"), say("limits_text")]
    assert [text for text in wanted if not paper.has(text)] == []
    speak(visit, "ja")


def test_nothing_of_the_screen_around_it_is_printed(visit: Page) -> None:
    load_sample(visit, "a_accounting")
    for screen in SCREEN_IDS:
        go(visit, screen)
    open_all(visit)
    plan(visit)
    paper = printed(visit, "summary-ja-after-all")
    assert paper.has(JA("summary_title"))
    around = [
        "title",
        "print",
        "restart",
        "restart_title",
        "footer_note",
        "adviser_none",
        "summary_choose",
        "hangs_title",
    ]
    around += ["title_next", "lead_results", "promise_title", "traits_title", "profile_caption", "suppose_title"]
    assert [word for word in around if paper.has(JA(word))] == []
    assert not paper.has(JA("back_to", name=JA("step_next")))
    assert not paper.has("English")
    assert not paper.has(JA("step_frustrations") + JA("state_done"))


def test_an_empty_summary_prints_a_page_that_says_so(browser: Browser, workbook_url: str) -> None:
    with visiting(browser, workbook_url) as page:
        go(page, "summary")
        draw_charts(page)
        paper = printed(page, "summary-ja-empty")
        assert paper.pages == 1
        assert paper.has(JA("summary_empty"))
        assert paper.has(JA("limits_text"))


def test_the_longest_summary_takes_two_pages_at_most(visit: Page) -> None:
    case = replace(STRAINED, facts=replace(STRAINED.facts, wish="落ち着いて働ける場所を見つけたい。" * 40))
    case = replace(case, facts=replace(case.facts, wish=case.facts.wish[:WISH_MAX]))
    words = JA.words.steps
    longest = sorted(CATALOG.steps, key=lambda step: len(words[step].first_action + words[step].worked))
    chosen = planned("fair_employer", *longest[-3:])
    record = replace(records.new(CATALOG), case=case, plan=chosen, screen="summary", revision=1)
    resume(visit, record)
    draw_charts(visit)
    paper = printed(visit, "summary-ja-longest")
    assert paper.pages <= 2
    assert paper.has(case.facts.wish)
    assert all(paper.has(words[step].worked) for step in chosen.steps)
    assert paper.has(JA("limits_text"))


def test_another_screen_prints_itself_and_nothing_hidden(visit: Page) -> None:
    load_sample(visit, "a_accounting")
    for screen in ("aptitude", "summary", "next"):
        go(visit, screen)
    paper = printed(visit, "next-ja")
    assert paper.has(JA("title_next"))
    assert not paper.has(JA("title_aptitude"))
    assert not paper.has(JA("summary_title"))


def test_the_button_prints(visit: Page) -> None:
    load_sample(visit, "a_accounting")
    go(visit, "summary")
    visit.evaluate("window.print = () => (window.asked = true)")
    visit.get_by_role("button", name=JA("print")).click()
    assert visit.evaluate("window.asked") is True


def test_paper_is_white_also_when_the_screen_is_dark(browser: Browser, workbook_url: str) -> None:
    with visiting(browser, workbook_url, color_scheme="dark") as page:
        load_sample(page, "a_accounting")
        go(page, "summary")
        draw_charts(page)
        colours = """() => ["[data-title=summary]", ".aw-note"].map((name) => {
          const node = [...document.querySelectorAll(name)].find((one) => one.checkVisibility());
          const { color, backgroundColor } = getComputedStyle(node);
          return [color, backgroundColor];
        })"""
        on_screen = page.evaluate(colours)
        page.emulate_media(media="print")
        on_paper = page.evaluate(colours)
        assert on_paper[0][0] == "rgb(0, 0, 0)" != on_screen[0][0]
        assert on_paper[1][1] in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") in (
            "rgb(255, 255, 255)", "rgba(0, 0, 0, 0)",
        )  # fmt: skip
