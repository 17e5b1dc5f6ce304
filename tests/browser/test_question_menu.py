"""The menu of a question: what can be done with it, by mouse and by keys; and the keys that work without the menu."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from advisor.view.widgets.widgets import Sheet
from tests.browsing import a_tab
from tests.fake_page import ORIGIN, open_blank, sent, show

LABELS = ["まったくない", "まれにある", "ときどきある", "よくある", "いつもある"]
FULL = "3つ付いています。"
ACTIONS = [
    {"name": "prioritise", "label": "★ いちばん変えたい", "pressed": False},
    {"name": "discuss", "label": "話し合いたい", "pressed": True},
    {"name": "skip", "label": "とばす", "pressed": False},
    {"name": "widen", "label": "3問でくわしく", "pressed": False},
]
NOTES = [{"title": "出典", "text": "本文"}]


def scale(name: str, **more: Any) -> dict[str, Any]:
    """A question with five points and everything that can be done with it."""
    return {
        "id": name, "type": "scale", "text": f"質問 {name}", "labels": LABELS, "low": 1, "high": 5,
        "actions": ACTIONS, "notes": NOTES, **more,
    }  # fmt: skip


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A tab for all tests of this file; each begins with a new document in it."""
    with a_tab(browser) as tab:
        yield open_blank(tab)


@pytest.fixture
def blank(page: Page) -> Page:
    """Two questions on an empty page; the first is answered and marked."""
    page.goto(ORIGIN)
    page.set_viewport_size({"width": 1280, "height": 720})
    show(page, "sheet", Sheet(), questions=[scale("a"), scale("b")], values={"a": 4}, marks={"a": "discuss"})
    return page


def button(page: Page, name: str = "a") -> Locator:
    """The button of a question's menu."""
    return page.get_by_role("button", name=f"メニュー：質問 {name}")


def entries(page: Page) -> list[str]:
    """What the open menu offers, in order."""
    found: list[str] = page.locator("[role=menu] [data-entry]").evaluate_all(
        "(all) => all.map((one) => one.dataset.entry)"
    )
    return found


def size(part: Locator) -> tuple[float, float]:
    """Width and height of a part as it is seen."""
    box = part.bounding_box()
    assert box
    return box["width"], box["height"]


def test_it_names_its_question_and_holds_all_that_can_be_done(blank: Page) -> None:
    expect(button(blank)).to_have_attribute("aria-expanded", "false")
    expect(button(blank)).to_have_attribute("aria-haspopup", "menu")
    button(blank).click()
    assert blank.locator(".aw-sheet-list").evaluate("(sheet) => sheet.inert")
    expect(blank.locator("[data-menu]").first).to_have_attribute("aria-expanded", "true")
    expect(blank.get_by_role("menu", name="メニュー：質問 a")).to_be_visible()
    assert entries(blank) == ["prioritise", "discuss", "skip", "widen", "sources", "clear"]
    expect(blank.get_by_role("menuitemcheckbox", name="話し合いたい")).to_have_attribute("aria-checked", "true")
    expect(blank.get_by_role("menuitemcheckbox", name="★ いちばん変えたい")).to_be_focused()
    assert sent(blank) == []


def test_arrows_go_round_escape_closes_and_the_keyboard_is_back_at_the_button(blank: Page) -> None:
    button(blank).focus()
    for opens in ("Enter", "Space", "ArrowDown"):
        blank.keyboard.press(opens)
        here = blank.locator(":focus")
        expect(here).to_have_attribute("data-entry", "prioritise")
        for key, entry in (("ArrowDown", "discuss"), ("ArrowUp", "prioritise"), ("ArrowUp", "clear"),
                           ("ArrowDown", "prioritise"), ("End", "clear"), ("Home", "prioritise")):  # fmt: skip
            blank.keyboard.press(key)
            expect(blank.locator(":focus")).to_have_attribute("data-entry", entry)
        blank.keyboard.press("Escape")
        expect(blank.get_by_role("menu")).to_have_count(0)
        expect(button(blank)).to_be_focused()
        expect(button(blank)).to_have_attribute("aria-expanded", "false")
    assert sent(blank) == []


def test_an_entry_does_its_deed_and_gives_the_keyboard_back(blank: Page) -> None:
    button(blank).click()
    blank.get_by_role("menuitemcheckbox", name="とばす").click()
    assert sent(blank) == [{"event": "action", "name": "skip", "id": "a"}]
    expect(button(blank)).to_be_focused()
    blank.keyboard.press("Enter")
    blank.keyboard.press("m")  # a key of the menu works in it, too
    assert sent(blank)[-1] == {"event": "action", "name": "widen", "id": "a"}
    expect(blank.get_by_role("menu")).to_have_count(0)


def test_a_press_outside_closes_the_menu_and_presses_nothing_that_is_there(blank: Page) -> None:
    where = blank.locator("[data-point='1']").nth(1)
    box = where.bounding_box()
    assert box
    button(blank).click()
    blank.mouse.click(box["x"] + 5, box["y"] + box["height"] / 2)
    expect(blank.get_by_role("menu")).to_have_count(0)
    assert sent(blank) == []
    blank.mouse.click(box["x"] + 5, box["y"] + box["height"] / 2)
    assert sent(blank) == [{"event": "answer", "id": "b", "value": 1}]


def test_an_entry_that_does_not_work_says_why_and_does_nothing(blank: Page) -> None:
    full = [{**ACTIONS[0], "off": FULL}, *ACTIONS[1:]]
    blank.evaluate("async (questions) => { model.update({ questions }); await frames(); }", [scale("b", actions=full)])
    said = blank.get_by_role("status").filter(has_text=FULL)
    expect(said).to_have_count(1)  # said as it comes
    button(blank, "b").click()
    star = blank.get_by_role("menuitemcheckbox", name="★ いちばん変えたい")
    expect(star).to_have_attribute("aria-disabled", "true")
    expect(star).to_have_accessible_description(FULL)
    expect(blank.get_by_role("menu").get_by_text(FULL)).to_be_visible()
    star.click(force=True)
    blank.keyboard.press("s")
    expect(blank.get_by_role("menuitem", name="答えを消す")).to_have_accessible_description("未回答")
    blank.keyboard.press("Escape")
    said.evaluate("(region) => (region.textContent = '')")
    blank.keyboard.press("s")  # a key without the menu says it again
    expect(said).to_have_count(1)
    assert sent(blank) == []


def test_the_answer_can_be_cleared_there_and_the_sources_be_read(blank: Page) -> None:
    button(blank).click()
    blank.get_by_role("menuitem", name="答えを消す").click()
    assert sent(blank) == [{"event": "answer", "id": "a", "value": None}]
    expect(button(blank)).to_be_focused()
    button(blank).click()
    blank.get_by_role("menuitemcheckbox", name="この質問の出典").click()
    expect(blank.get_by_text("本文")).to_be_visible()
    expect(blank.locator(".aw-q-notes")).to_be_focused()
    blank.get_by_role("button", name="閉じる").click()
    expect(blank.get_by_text("本文")).to_have_count(0)
    expect(button(blank)).to_be_focused()


def test_what_was_set_stands_in_the_row_and_is_heard_with_the_question(blank: Page) -> None:
    starred = [{**ACTIONS[0], "pressed": True}, *ACTIONS[1:]]
    blank.evaluate(
        "async (questions) => { model.update({ questions }); await frames(); }", [scale("a", actions=starred)]
    )
    chips = blank.locator(".aw-q-side .aw-chip")
    assert chips.all_inner_texts() == ["★ いちばん変えたい", "話し合いたい"]
    expect(blank.get_by_role("slider")).to_have_accessible_name("質問 a ★ いちばん変えたい 話し合いたい")
    blank.set_viewport_size({"width": 390, "height": 800})
    for chip in chips.all():
        assert size(chip)[0] < 50
    expect(blank.get_by_role("slider")).to_have_accessible_name("質問 a ★ いちばん変えたい 話し合いたい")


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("1", {"event": "answer", "id": "b", "value": 1}),
        ("5", {"event": "answer", "id": "b", "value": 5}),
        ("0", {"event": "action", "name": "skip", "id": "b"}),
        ("s", {"event": "action", "name": "prioritise", "id": "b"}),
        ("D", {"event": "action", "name": "discuss", "id": "b"}),
        ("m", {"event": "action", "name": "widen", "id": "b"}),
    ],
)
def test_keys_act_in_the_question_that_has_the_keyboard(blank: Page, key: str, message: dict[str, Any]) -> None:
    for place in (blank.get_by_role("slider", name="質問 b"), button(blank, "b")):
        place.focus()
        before = len(sent(blank))
        blank.keyboard.press(key)
        assert sent(blank)[before:] == [message]
        expect(place).to_be_focused()
    blank.evaluate("document.activeElement.blur()")
    before = len(sent(blank))
    blank.keyboard.press(key)
    assert sent(blank)[before:] == []


@pytest.mark.parametrize("key", ["6", "9", "Control+1", "Alt+s", "x"])
def test_other_keys_do_nothing(blank: Page, key: str) -> None:
    blank.get_by_role("slider", name="質問 b").focus()
    blank.keyboard.press(key)
    assert sent(blank) == []


def test_a_question_is_one_stop_and_enter_goes_to_the_next(blank: Page) -> None:
    for name in "ab":
        blank.keyboard.press("Tab")
        expect(blank.get_by_role("slider", name=f"質問 {name}")).to_be_focused()
    blank.keyboard.press("Shift+Enter")
    expect(blank.get_by_role("slider", name="質問 a")).to_be_focused()
    blank.keyboard.press("Enter")
    expect(blank.get_by_role("slider", name="質問 b")).to_be_focused()
    blank.keyboard.press("Enter")  # there is no other
    expect(blank.get_by_role("slider", name="質問 b")).to_be_focused()
    assert sent(blank) == []


def test_it_is_heard_as_question_value_menu(blank: Page) -> None:
    assert blank.locator(".aw-sheet").aria_snapshot().splitlines() == [
        '- slider "質問 a 話し合いたい": "4"',
        '- button "メニュー：質問 a"',
        '- slider "質問 b": "3"',
        '- button "メニュー：質問 b"',
    ]


@pytest.mark.parametrize("key", ["Alt+ArrowDown", "Shift+F10", "ContextMenu"])
def test_a_key_opens_the_menu_from_the_slider_and_the_keyboard_comes_back_to_it(blank: Page, key: str) -> None:
    place = blank.get_by_role("slider", name="質問 b")
    place.focus()
    blank.keyboard.press(key)
    expect(blank.get_by_role("menuitemcheckbox", name="★ いちばん変えたい")).to_be_focused()
    blank.keyboard.press("Escape")
    expect(place).to_be_focused()
    assert sent(blank) == []


def test_numbers_and_letters_can_be_switched_off_and_the_other_keys_stay(blank: Page) -> None:
    blank.evaluate("document.documentElement.dataset.awKeys = 'off'")
    blank.get_by_role("slider", name="質問 b").focus()
    for key in ("1", "0", "s", "D", "m", "?"):
        blank.keyboard.press(key)
    assert sent(blank) == []
    for key, value in (("End", 5), ("Delete", None)):
        blank.keyboard.press(key)
        assert sent(blank)[-1]["value"] == value
    blank.evaluate("document.documentElement.dataset.awKeys = 'on'")
    blank.keyboard.press("1")
    assert sent(blank)[-1]["value"] == 1


def test_a_choice_takes_numbers_and_has_a_menu_where_it_is_asked_for(blank: Page) -> None:
    options = [{"id": name, "label": f"選択肢{name}"} for name in "xyz"]
    asked = {"id": "c", "type": "choice", "text": "どれ", "options": options, "menu": True}
    blank.evaluate("async (questions) => { model.update({ questions }); await frames(); }", [asked])
    blank.get_by_role("radio", name="選択肢x").focus()
    blank.keyboard.press("2")
    assert sent(blank)[-1] == {"event": "answer", "id": "c", "value": "y"}
    expect(blank.get_by_role("radio", name="選択肢y")).to_be_checked()
    blank.get_by_role("button", name="メニュー：どれ").click()
    assert entries(blank) == ["clear"]
    blank.get_by_role("menuitem").click()
    assert sent(blank)[-1]["value"] is None


def test_a_question_that_goes_takes_its_menu_with_it(blank: Page) -> None:
    button(blank).click()
    blank.evaluate("async (questions) => { model.update({ questions }); await frames(); }", [scale("b")])
    expect(blank.get_by_role("menu")).to_have_count(0)
    expect(blank.get_by_role("slider", name="質問 b")).to_be_visible()
    button(blank, "b").click()
    blank.evaluate("leave()")
    expect(blank.get_by_role("menu")).to_have_count(0)


def test_a_row_of_one_line_is_a_hundred_pixels_high(blank: Page) -> None:
    blank.evaluate("document.querySelector('.aw-sheet').parentElement.classList.add('aw-page')")
    heights = [size(row)[1] for row in blank.locator(".aw-q").all()]
    assert all(90 < height < 106 for height in heights), heights
