"""A whole session with the keyboard only, in English: no mouse, few presses, and no word is Japanese.

``test_access.py`` walks every screen and holds that each stop is seen; ``test_session.py`` is the way of the mouse.
"""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browsing import (
    JAPANESE,
    SAY,
    everything_said,
    field,
    go,
    label,
    reading_of,
    record_of,
    row,
    slider,
    tab_to,
    title,
    visiting,
)
from tests.looks import open_all
from tests.support import CATALOG, FRUSTRATIONS, TRAITS

EN = SAY["en"]
MORE_TRAITS = [f"{scale}_1" for scale in TRAITS[3:]]
MORE_WORRIES = [f"{scale}_1" for scale in (*FRUSTRATIONS[2:], *CATALOG.of_kind("consequence"))]
MOST_PRESSES = 200  # for a whole session, letters of typed words left out
COUNT = """() => {
  window.presses = 0;
  const isTyped = ({ key, target }) => key.length === 1 && target.matches("[type=text], textarea");
  addEventListener("keydown", (event) => (presses += !isTyped(event)), true);
}"""


def nothing_is_japanese(page: Page) -> None:
    """On the English page no Japanese is left, seen or heard."""
    kept = page.evaluate("[...document.querySelectorAll('details')].map((part) => part.open)")
    open_all(page)
    assert [text for text in everything_said(page) if JAPANESE.search(text)] == []
    page.evaluate("(kept) => document.querySelectorAll('details').forEach((part, i) => (part.open = kept[i]))", kept)


def move_on(page: Page, screen: str) -> None:
    """Go on by the button at the foot of the page; the next screen begins at its title."""
    nothing_is_japanese(page)
    if page.evaluate("document.activeElement.matches('.aw-sheet input, .aw-sheet textarea')"):
        page.keyboard.press("Control+Enter")
    tab_to(page, page.get_by_role("button", name=EN("on_to", name=EN(f"step_{screen}"))))
    page.keyboard.press("Enter")
    expect(title(page, screen)).to_be_focused()


def say_by_keyboard(page: Page, item: str, key: str, point: int) -> None:
    """Answer an item by a key on its slider."""
    tab_to(page, slider(page, item))
    page.keyboard.press(key)
    expect(slider(page, item)).to_have_attribute("aria-valuetext", label(page, item, point))


def answer_on(page: Page, items: list[str], point: int) -> None:
    """Answer one item after the other by a number, and go on by Enter."""
    tab_to(page, slider(page, items[0]))
    for item in items:
        expect(slider(page, item)).to_be_focused()
        page.keyboard.press(str(point))
        page.keyboard.press("Enter")
    expect(slider(page, items[-1])).to_have_attribute("aria-valuetext", label(page, items[-1], point))


def press(page: Page, item: str, word: str, key: str) -> None:
    """Choose an entry of an item's menu; the keyboard comes back to the slider."""
    tab_to(page, slider(page, item))
    page.keyboard.press("Alt+ArrowDown")
    entry = page.get_by_role("menuitemcheckbox", name=EN(word), exact=True)
    while not entry.evaluate("(node) => node === document.activeElement"):
        page.keyboard.press("ArrowDown")
    page.keyboard.press(key)
    expect(row(page, item)).to_have_attribute("data-set", re.compile(word))
    expect(slider(page, item)).to_be_focused()


def tell_the_situation(page: Page) -> None:
    tab_to(page, row(page, "situation").get_by_role("radio").first)
    page.keyboard.press("Space")
    expect(row(page, "situation").get_by_role("radio").first).to_be_checked()
    tab_to(page, field(page, "role"))
    page.keyboard.press("ArrowDown")
    tab_to(page, field(page, "years"))
    page.keyboard.type("3")
    tab_to(page, field(page, "wish"))
    page.keyboard.type("Ask for feedback")


def answer_some_traits(page: Page) -> None:
    say_by_keyboard(page, "support_1", "ArrowRight", 3)
    page.keyboard.press("ArrowRight")
    say_by_keyboard(page, "perseverance_1", "End", 5)
    press(page, "accuracy_1", "skip", "Space")
    answer_on(page, MORE_TRAITS, 3)


def answer_some_worries(page: Page) -> None:
    say_by_keyboard(page, "reward_1", "ArrowLeft", 3)
    say_by_keyboard(page, "reward_1", "ArrowLeft", 2)
    page.keyboard.press("Delete")
    expect(slider(page, "reward_1")).to_have_attribute("aria-valuetext", EN("sheet_unanswered"))
    expect(slider(page, "reward_1")).to_be_focused()
    assert "reward_1" not in record_of(page).case.responses
    say_by_keyboard(page, "reward_1", "End", 5)
    press(page, "reward_1", "prioritise", "Enter")
    say_by_keyboard(page, "visibility_1", "PageUp", 3)
    press(page, "visibility_1", "widen", "Space")
    say_by_keyboard(page, "visibility_3", "Home", 1)
    answer_on(page, MORE_WORRIES, 1)


def tell_of_the_workplace(page: Page) -> None:
    for downs, sign in enumerate(CATALOG.signs):
        tab_to(page, row(page, f"sign-{sign}").get_by_role("radio").first)
        page.keyboard.press("Space")
        for _ in range(downs):
            page.keyboard.press("ArrowDown")
        expect(row(page, f"sign-{sign}").get_by_role("radio").nth(downs)).to_be_checked()


def open_by_keyboard(page: Page, part: str) -> None:
    tab_to(page, page.locator(f"#{part} > summary"))
    page.keyboard.press("Enter")
    expect(page.locator(f"#{part}")).to_have_attribute("open", "")


def test_the_whole_way_without_a_mouse(browser: Browser, workbook_url: str) -> None:
    with visiting(browser, workbook_url) as page:
        tab_to(page, page.locator(".aw-page-more"))
        page.keyboard.press("Enter")
        tab_to(page, page.get_by_role("button", name="English"))
        page.keyboard.press("Enter")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator(".aw-page-more")).to_be_focused()
        expect(page.locator("body > [role=status]")).to_have_count(0)  # what was said in Japanese at the start
        page.evaluate(COUNT)
        tell_the_situation(page)
        move_on(page, "aptitude")
        answer_some_traits(page)
        move_on(page, "frustrations")
        answer_some_worries(page)
        move_on(page, "workplace")
        tell_of_the_workplace(page)
        move_on(page, "results")
        open_by_keyboard(page, "plus-all")
        move_on(page, "next")
        step = reading_of(page).steps[0].target
        chosen = page.locator(f"[data-action=choose][data-id={step}]")
        open_by_keyboard(page, f"why-{step}")
        tab_to(page, chosen)
        page.keyboard.press("Space")
        expect(chosen).to_have_attribute("aria-pressed", "true")
        expect(chosen).to_be_focused()
        move_on(page, "plan")
        tab_to(page, field(page, "action-a1-first"))
        page.keyboard.type("Monday")
        move_on(page, "worksheets")
        tab_to(page, field(page, "sheet-quantify-0-task"))
        page.keyboard.type("Invoices")
        move_on(page, "summary")
        assert page.evaluate("presses") <= MOST_PRESSES
        expect(page.get_by_role("heading", name=EN.words.steps[step].name)).to_be_visible()
        nothing_is_japanese(page)

        record = record_of(page)
        case, facts = record.case, record.case.facts
        assert [(action.step, action.first) for action in record.plan.actions] == [(step, "Monday")]
        assert record.worksheets == {"quantify": ({"task": "Invoices"},)}
        assert (facts.situation, facts.role) == ("inside", next(iter(CATALOG.roles)))
        assert (facts.years, facts.wish) == (3, "Ask for feedback")
        assert facts.signs == dict(zip(CATALOG.signs, ("yes", "no", "unknown"), strict=True))
        assert case.responses == {
            "support_1": 4, "perseverance_1": 5, "reward_1": 5, "visibility_1": 3, "visibility_3": 1,
            **dict.fromkeys(MORE_TRAITS, 3), **dict.fromkeys(MORE_WORRIES, 1),
        }  # fmt: skip
        what_is_added_is_gone_to(page)


def what_is_added_is_gone_to(page: Page) -> None:
    """The keyboard goes to what was added, and stays near what was taken away."""
    go(page, "plan")
    page.locator("[data-action=add_action]:visible").focus()
    page.keyboard.press("Enter")
    expect(field(page, "action-a2-what")).to_be_focused()
    page.keyboard.type("Walk")
    page.locator("[data-action=put_aside]:visible").last.focus()
    page.keyboard.press("Enter")  # the card goes with its button
    expect(page.locator("[data-action=go][data-id=next]:visible").first).to_be_visible()
    page.wait_for_function("() => document.activeElement.matches('button, input')")
    page.locator("[data-action=take_back]:visible").focus()
    page.keyboard.press("Enter")
    expect(field(page, "action-a2-what")).to_be_focused()
    go(page, "worksheets")
    field(page, "sheet-quantify-0-task").fill("Invoices")
    page.locator("[data-name=drop_row]:visible").focus()
    page.keyboard.press("Enter")
    expect(field(page, "sheet-quantify-0-task")).to_be_focused()
