"""The whole way with the keyboard only: every control is reached, seen and left again, and nothing needs a mouse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from advisor.session.record import SCREEN_IDS
from tests.browsing import SAY, field, go, label, load_sample, reading_of, record_of, row, slider, title, visiting
from tests.support import CATALOG, FRUSTRATIONS, TRAITS

JA = SAY["ja"]
MOST_STOPS = 250

# Where the keyboard is: which part of the page, what, and whether one can see it there.
HERE = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const ring = [node, node.closest(".aw-tile")].filter(Boolean).map((one) => getComputedStyle(one));
  const box = (node.closest(".aw-tile") ?? node).getBoundingClientRect();
  const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const below = over?.closest(".aw-header") && !node.closest(".aw-header");
  return {
    what: [node.nodeName, node.id, node.dataset.action, node.dataset.id, node.textContent.slice(0, 40)].join(" "),
    number: [...document.querySelectorAll("body *")].indexOf(node),
    ring: ring.some(({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2),
    inSight: box.bottom > 0 && box.top < innerHeight && !below,
  };
}"""


MORE_TRAITS = [f"{scale}_1" for scale in TRAITS[3:13]]
MORE_WORRIES = [f"{scale}_1" for scale in FRUSTRATIONS[2:7]]


@pytest.fixture(scope="module")
def sample(browser: Browser, workbook_url: str) -> Iterator[Page]:
    """A session with a sample, for tests that only look."""
    with visiting(browser, workbook_url) as page:
        load_sample(page, "a_accounting")
        yield page


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until the target has the focus."""
    for _ in range(MOST_STOPS):
        if target.evaluate("(node) => node === document.activeElement"):
            return
        page.keyboard.press(key)
    pytest.fail(f"{key} does not lead to {target}")


def move_on(page: Page, screen: str) -> None:
    """Go on by the button at the foot of the page; the next screen begins at its title."""
    tab_to(page, page.get_by_role("button", name=JA("on_to", name=JA(f"step_{screen}"))))
    page.keyboard.press("Enter")
    expect(title(page, screen)).to_be_focused()


def say_by_keyboard(page: Page, item: str, key: str, point: int) -> None:
    """Answer an item by a key on its slider."""
    tab_to(page, slider(page, item))
    page.keyboard.press(key)
    expect(slider(page, item)).to_have_attribute("aria-valuetext", label(page, item, point))


def press(page: Page, item: str, word: str, key: str) -> None:
    """Press a small button below an item; the keyboard stays there."""
    button = row(page, item).get_by_role("button", name=JA(word), exact=True)
    tab_to(page, button)
    page.keyboard.press(key)
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()


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
    for item in MORE_TRAITS:  # so many that the workbook speaks
        say_by_keyboard(page, item, "ArrowRight", 3)


def answer_some_worries(page: Page) -> None:
    say_by_keyboard(page, "reward_1", "End", 5)
    press(page, "reward_1", "prioritise", "Enter")
    say_by_keyboard(page, "visibility_1", "PageUp", 3)
    press(page, "visibility_1", "widen", "Space")
    say_by_keyboard(page, "visibility_3", "Home", 1)
    for item in MORE_WORRIES:
        say_by_keyboard(page, item, "Home", 1)


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
        expect(page.get_by_role("heading", name=JA.words.steps[step].name)).to_be_visible()

        tab_to(page, page.get_by_role("button", name="English"), "Shift+Tab")
        page.keyboard.press("Enter")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.get_by_role("button", name="English")).to_be_focused()
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


def test_the_first_arrow_answers_and_delete_takes_it_back(sample: Page) -> None:
    load_sample(sample, "c_wants_in")
    go(sample, "frustrations")
    where = slider(sample, "reward_1")
    expect(where).to_have_attribute("aria-valuetext", JA("sheet_unanswered"))
    where.focus()
    for key, point in (("ArrowLeft", 3), ("ArrowLeft", 2), ("ArrowUp", 3)):
        sample.keyboard.press(key)
        expect(where).to_have_attribute("aria-valuetext", label(sample, "reward_1", point))
    sample.keyboard.press("Delete")
    expect(where).to_have_attribute("aria-valuetext", JA("sheet_unanswered"))
    expect(where).to_be_focused()
    assert "reward_1" not in record_of(sample).case.responses
    load_sample(sample, "a_accounting")


@pytest.mark.parametrize("screen", SCREEN_IDS)
def test_every_stop_of_the_keyboard_is_seen_and_none_holds_it(sample: Page, screen: str) -> None:
    go(sample, "start" if screen != "start" else "summary")
    go(sample, screen)
    expect(title(sample, screen)).to_be_focused()  # the page has arrived; it moves the keyboard no more
    sample.evaluate("document.activeElement.blur()")
    sample.locator(".aw-title").click()  # the way begins at the top
    stops: list[dict[str, Any]] = []
    for _ in range(MOST_STOPS):
        sample.keyboard.press("Tab")
        here = sample.evaluate(HERE)
        if here is None or (stops and here["number"] == stops[0]["number"]):
            break  # once round
        stops.append(here)
    else:
        pytest.fail(f"the keyboard does not come round: {stops[-3:]}")
    assert [stop["what"] for stop in stops if not stop["ring"]] == []
    assert [stop["what"] for stop in stops if not stop["inSight"]] == []
    order = [stop["number"] for stop in stops]
    assert order == sorted(order)
    assert len(stops) > len(SCREEN_IDS) + 3
    sample.keyboard.press("Shift+Tab")
    sample.keyboard.press("Shift+Tab")
    back = sample.evaluate(HERE)
    assert back is not None
    assert back["number"] in order[-2:]


@pytest.mark.parametrize("width", [1280, 390])
def test_the_way_back_is_not_hidden_by_the_header(sample: Page, width: int) -> None:
    sample.set_viewport_size({"width": width, "height": 700})
    go(sample, "frustrations")
    sample.get_by_role("button", name=JA("restart"), exact=True).focus()
    for _ in range(60):
        sample.keyboard.press("Shift+Tab")
        here = sample.evaluate(HERE)
        assert here is None or here["inSight"], here
    sample.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("screen", SCREEN_IDS)
def test_another_screen_begins_at_its_title(sample: Page, screen: str) -> None:
    go(sample, "start" if screen != "start" else "summary")
    number = sample.locator(f".aw-steps [data-id={screen}]")
    number.focus()
    sample.keyboard.press("Enter")
    expect(title(sample, screen)).to_be_focused()
    assert sample.evaluate("window.scrollY") == 0


def test_the_keyboard_goes_to_what_was_added_and_stays_near_what_was_taken_away(
    browser: Browser, workbook_url: str
) -> None:
    with visiting(browser, workbook_url) as page:
        go(page, "plan")
        for number in (1, 2):
            page.locator("[data-action=add_action]:visible").focus()
            page.keyboard.press("Enter")
            expect(field(page, f"action-a{number}-what")).to_be_focused()
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


def test_escape_closes_the_dialog_and_gives_the_focus_back(sample: Page) -> None:
    asks = sample.get_by_role("button", name=JA("restart"), exact=True)
    asks.focus()
    sample.keyboard.press("Enter")
    dialog = sample.get_by_role("dialog", name=JA("restart_title"))
    expect(dialog.get_by_role("button", name=re.compile(JA("restart_no")))).to_be_focused()
    sample.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(asks).to_be_focused()
    assert record_of(sample).case.responses
