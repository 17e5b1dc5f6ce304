"""Samples from one click to the paper: their advice, and a summary of one page with nothing of the screen around it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pypdfium2
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
    a_tab,
    choose_step,
    draw_charts,
    go,
    load_sample,
    open_private,
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
FEW = 40  # letters: a page with fewer has a title, or a few words that fitted nowhere
CONTROLS = ("sheet_clear", "sources_title", "samples_title", "plan_put_aside", "page_menu")
PRIVATE = ("account_concern", "account_impression", "account_memo", "private_about")
WHITE = ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")


@dataclass(frozen=True)
class Printed:
    """A PDF as Chromium writes it: how many pages, the text that can be selected in it, the letters of each page."""

    pages: int
    text: str
    letters: tuple[int, ...]

    def has(self, sentence: str) -> bool:
        """Whether a sentence stands in it; a PDF knows neither white space nor lines."""
        return "".join(unicodedata.normalize("NFKC", sentence).split()) in self.text


def read_pdf(data: bytes) -> Printed:
    """Read a PDF of Chromium's."""
    found = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]
    said = ["".join(unicodedata.normalize("NFKC", text.replace("\u2027", "・")).split()) for text in found]
    return Printed(len(said), "".join(said), tuple(map(len, said)))


def printed(page: Page, name: str) -> Printed:
    """What comes out of the printer; kept beside the screenshots."""
    path = ARTEFACTS / "screens" / f"{name}.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    return read_pdf(page.pdf(path=path, format="A4"))


@pytest.fixture(scope="module")
def visited(browser: Browser, workbook_url: str) -> Iterator[Page]:
    """A page for tests that begin by loading a sample, whatever stood there before."""
    with visiting(browser, workbook_url) as page:
        yield page


@pytest.fixture
def visit(visited: Page) -> Page:
    """The same in front: a tab behind another one draws once in a while."""
    visited.bring_to_front()
    return visited


def shows_its_worked_advice(page: Page, sample_name: str) -> None:
    """A sample was loaded: 次の一歩 shows the advice that was worked out for it by hand."""
    words, sample = JA.words, WORKED[sample_name]
    expect(row(page, "situation").locator(f"[value={sample.facts.situation}]")).to_be_checked()
    go(page, "next")
    path, points = sample.expected.paths[0]
    expect(page.locator(".aw-path[data-first]:visible h3")).to_contain_text(
        words.paths[sample.expected.first or ""].name
    )
    open_private(page)
    expect(page.locator(f"#points-{path} .aw-total .aw-reason-points")).to_have_text(str(points))
    page.keyboard.press("Escape")
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
        visit.evaluate(CLOSE_ALL)
        draw_charts(visit)
        paper = printed(visit, f"screen-{screen}")
        assert paper.pages <= 2, screen
        assert min(paper.letters) > FEW, (screen, paper.letters)
        assert paper.has(JA(f"title_{screen}" if screen != "summary" else "summary_title")), screen
        assert [word for word in CONTROLS if paper.has(JA(word))] == [], screen
        open_all(visit)
    go(visit, "frustrations")
    open_private(visit)
    assert [word for word in PRIVATE if printed(visit, "private-open").has(JA(word))] == []
    visit.keyboard.press("Escape")
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


def test_a_line_prints_all_of_a_long_text_and_the_desk_prints_its_list(browser: Browser, desk_url: str) -> None:
    with visiting(browser, desk_url + "workbook") as page:
        go(page, "plan")
        page.get_by_role("button", name=JA("plan_add")).click()
        typed = "この行動には、たくさんの字で名前を付けてあります。" * 6
        page.locator("[data-id^=action-][data-id$=-what] input").fill(typed)
        assert printed(page, "plan-long").has(typed)
    with a_tab(browser) as page:
        page.goto(desk_url)
        expect(page.locator(".aw-desk h1:visible")).to_be_visible()
        paper = printed(page, "desk")
        assert paper.has(page.locator(".aw-desk h1:visible").inner_text())
        assert min(paper.letters) > FEW
        assert [word for word in ("desk_new", "desk_search", "page_menu") if paper.has(JA(word))] == []


def test_a_summary_without_answers_prints_a_page_that_says_so(browser: Browser, workbook_url: str) -> None:
    with visiting(browser, workbook_url) as page:
        go(page, "summary")
        draw_charts(page)
        paper = printed(page, "summary-ja-empty")
        assert paper.pages == 1
        assert paper.has(JA("silent_title"))
        assert paper.has(JA("calm_list"))
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
