"""In a real browser: silence until enough is told, "this does not fit", the leaf of help, the office's contacts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.scoring.reading import read
from advisor.session import record as records
from advisor.session.office import Contact
from advisor.store import office, open_store
from tests.browser.conftest import Served
from tests.browsing import SAY, go, open_private, stored, visiting
from tests.looks import look, violations, violations_in_the_dark
from tests.newest import NEWEST, SILENT
from tests.pages import SAMPLES
from tests.support import CATALOG

JA, NEW_JA = SAY["ja"], say(NEWEST, "ja")
OURS = Contact("c1", "所内相談室", "仕事の量や人間関係のこと", "内線または受付で", "所内の一覧", date(2099, 1, 1))
OLD = Contact("c2", "地域の労働相談", "働く条件のこと", "市役所の2階", "市のサイト", date(2025, 1, 1))
TRAITS = NEWEST.of_kind("fit", "misfit")
TOLD = {f"{trait}_1": 4 for trait in TRAITS[: SILENT.silence["wants_in"].traits - 1]}  # one is missing


@pytest.fixture
def workbook(browser: Browser, workbook_url: str) -> Iterator[Page]:
    """A visit with advice, in an office that has contacts of its own."""
    case = SAMPLES["a_accounting"]
    office.change(open_store(), lambda _: (OURS, OLD))
    record = replace(records.new(CATALOG), case=case, screen="next", revision=1)
    with visiting(browser, workbook_url + stored(record)) as page:
        yield page


def test_a_card_that_does_not_fit_is_said_with_a_word_and_the_leaf_of_help_is_put_on_the_paper(workbook: Page) -> None:
    page = workbook
    open_private(page)
    page.locator("#adviser-next > summary").click()
    button = page.locator("#adviser-next [data-action='unfit'][data-id^='path-']").first
    target = str(button.get_attribute("data-id"))
    expect(button).to_have_attribute("aria-pressed", "false")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    page.keyboard.press("Tab")
    field = page.locator(f"#unfit-{target}")
    expect(field).to_be_focused()
    page.keyboard.type("本人は残りたいと話している")
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("value", "本人は残りたいと話している")
    expect(page.locator(".aw-kept")).to_have_attribute("data-kept", "saved")
    assert violations(page) + violations_in_the_dark(page) == []
    page.keyboard.press("Escape")

    go(page, "summary")
    page.locator("#help-choose > summary").click()
    take = page.locator("[data-action='take_help']:visible")
    take.focus()
    page.keyboard.press("Space")
    expect(take).to_have_attribute("aria-pressed", "true")
    leaf = page.locator(".aw-leaf")
    expect(leaf).to_contain_text("キャリア形成・リスキリング支援センター")
    expect(leaf).to_contain_text(JA("help_old"))
    page.locator("[data-action='about_help'][data-id='hours']").click()
    expect(leaf.locator("h3").nth(1)).to_have_text(JA("help_topic_hours"))
    look(page, "help", (1280, 390))
    page.emulate_media(media="print")
    assert leaf.evaluate("node => getComputedStyle(node).breakBefore") == "page"
    expect(leaf.get_by_text(JA("help_old"))).to_be_hidden()
    expect(page.get_by_text("本人は残りたい")).to_have_count(0)


def test_an_office_enters_a_contact_at_the_desk(browser: Browser, empty: Served) -> None:
    with visiting(browser, empty.url) as page:
        page.locator("#office > summary").click()
        page.locator("[data-action='office']").click()
        expect(page.get_by_role("heading", name=JA("office_screen_title"), exact=True)).to_be_focused()
        page.locator("[data-action='contact_new']").click()
        for name, text in {"name": "所内相談室", "purpose": "仕事の量のこと", "reach": "内線で", "source": ""}.items():
            page.locator(f"[data-id='contact-{name}'] input").fill(text)
        page.locator("[data-id='contact-checked'] input.aw-line").fill("2025-01-05")
        page.locator("[data-action='contact_keep']").click()
        expect(page.locator("[data-id='contact-source'] .aw-q-error")).to_contain_text(JA("office_error_empty"))
        look(page, "office-form", (1280, 390))
        page.locator("[data-id='contact-source'] input").fill("所内の一覧")
        page.locator("[data-action='contact_keep']").click()
        expect(page.get_by_text(JA("help_old"))).to_be_visible()
        look(page, "office", (1280, 390))
        page.locator("[data-action='contact_confirm']").click()
        expect(page.get_by_text(JA("help_old"))).to_have_count(0)
        page.locator("[data-open-dialog]:visible").click()
        page.locator("dialog[open] [data-action='contact_drop']").click()
        expect(page.get_by_text(JA("office_none"))).to_be_visible()


def test_an_answer_in_place_by_the_keyboard_ends_the_silence_and_is_kept(browser: Browser, workbook_url: str) -> None:
    record = replace(records.new(NEWEST), case=Case(TOLD, facts=Facts(situation="wants_in")), screen="next", revision=1)
    with visiting(browser, workbook_url + stored(record)) as page:
        why = page.get_by_role("heading", name=NEW_JA("silent_title"))
        expect(why).to_be_visible()
        expect(page.locator("#paths-title")).to_have_count(0)
        look(page, "silent", (390,))

        asked = page.locator(".aw-asked .aw-q:visible")
        expect(asked).to_have_count(3)
        items = [str(row.get_attribute("data-id")) for row in asked.all()]
        first = page.get_by_role("slider", name=NEW_JA.words.items[items[0]])
        first.focus()
        page.keyboard.press("ArrowRight")
        expect(why).to_have_count(0)
        expect(page.get_by_text(NEW_JA("silent_open"))).to_be_visible()
        expect(first).to_be_focused()  # nothing was taken from under the hand
        expect(asked).to_have_count(3)

        answer = int(first.input_value())
        reading = read(NEWEST, {**TOLD, items[0]: answer}, Facts(situation="wants_in"))
        expect(page.locator(f"#path-{reading.paths[0].target}")).to_be_visible()
        expect(page.locator(f"#step-{reading.steps[0].target}")).to_be_visible()
        expect(page.locator(".aw-kept")).to_have_attribute("data-kept", "saved")
        assert violations(page) == []
