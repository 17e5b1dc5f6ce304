"""The questions in the browser: unanswered is unanswered, nothing jumps under the hand, nothing typed is lost."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor.view.widgets.widgets import Sheet
from tests.browsing import a_tab
from tests.fake_page import ORIGIN, open_blank, sent, show

LABELS = ["まったくない", "まれにある", "ときどきある", "よくある", "いつもある"]


def scale(name: str, **more: Any) -> dict[str, Any]:
    """A question with five points."""
    return {"id": name, "type": "scale", "text": f"質問 {name}", "labels": LABELS, "low": 1, "high": 5, **more}


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """A tab for all tests of this file; each begins with a new document in it."""
    with a_tab(browser) as page:
        yield open_blank(page)


@pytest.fixture
def blank(tab: Page) -> Page:
    """An empty page that can import the widgets' modules."""
    tab.goto(ORIGIN)
    return tab


def show_sheet(page: Page, *questions: dict[str, Any], **state: Any) -> None:
    """Show a sheet."""
    show(page, "sheet", Sheet(), questions=list(questions), **state)


def answers(page: Page) -> list[Any]:
    """The values that were sent."""
    return [message["value"] for message in sent(page) if message["event"] == "answer"]


def see_all(page: Page, **values: Any) -> None:
    """Answer as Python does: new values come down, then the last message is confirmed."""
    page.evaluate(
        """async (values) => {
            await frames();
            model.update({ values: { ...model.state.values, ...values } });
            model.receive({ event: "seen", n: model.sent.at(-1).n });
            await frames();
        }""",
        values,
    )


# ---- scores in the browser -------------------------------------------------------------------------------------------


def reference_scores(scoring: dict[str, Any], values: dict[str, int | None]) -> dict[str, float | None]:
    """What the browser has to agree with; to be swapped for the scoring of the workbook."""
    scores: dict[str, float | None] = {}
    for name, items in scoring["scales"].items():
        told = [(item, values.get(item["id"])) for item in items]
        percents = []
        for item, value in told:
            if value is not None:
                keyed = item["low"] + item["high"] - value if item["reverse"] else value
                percents.append(100 * (keyed - item["low"]) / (item["high"] - item["low"]))
        enough = bool(percents) and len(percents) >= scoring["min_answered"] * len(items) - 1e-9
        scores[name] = sum(percents) / len(percents) if enough else None
    return scores


def random_case(rng: random.Random) -> tuple[dict[str, Any], dict[str, int | None]]:
    """Scales of one to five items, some reversed, some unanswered or missing altogether."""
    scales: dict[str, list[dict[str, Any]]] = {}
    values: dict[str, int | None] = {}
    for name in "abcd"[: rng.randint(1, 4)]:
        low = rng.choice([0, 1])
        high = low + rng.choice([1, 4, 6])
        scales[name] = [
            {"id": f"{name}{number}", "reverse": rng.random() < 0.4, "low": low, "high": high}
            for number in range(rng.randint(1, 5))
        ]
        for item in scales[name]:
            if rng.random() < 0.8:
                values[item["id"]] = rng.randint(low, high)
            elif rng.random() < 0.5:
                values[item["id"]] = None
    return {"min_answered": rng.choice([0.5, 0.6, 0.8, 1.0]), "scales": scales}, values


def test_the_browser_scores_as_python_does(blank: Page) -> None:
    rng = random.Random(20261)
    cases = [random_case(rng) for _ in range(400)]
    script = """async (cases) => {
        const { scaleScores } = await import("/sheet.js");
        return cases.map(([scoring, values]) => scaleScores(scoring, values));
    }"""
    found = blank.evaluate(script, [list(case) for case in cases])
    expected = [reference_scores(*case) for case in cases]
    assert [list(scores) for scores in found] == [list(scores) for scores in expected]
    assert any(None in scores.values() for scores in expected)
    for got, want in zip(found, expected, strict=True):
        assert got == {name: None if value is None else pytest.approx(value, abs=1e-9) for name, value in want.items()}


# ---- a slider --------------------------------------------------------------------------------------------------------


def test_unanswered_shows_no_point_and_the_first_arrow_chooses_the_middle(blank: Page) -> None:
    show_sheet(blank, scale("a"))
    slider = blank.get_by_role("slider", name="質問 a")
    expect(slider).to_have_attribute("aria-valuetext", "未回答")
    expect(blank.locator(".aw-scale")).to_have_attribute("data-empty", "")
    expect(blank.locator("[data-chosen]")).to_have_count(0)
    assert sent(blank) == []
    slider.focus()
    blank.keyboard.press("ArrowRight")
    assert sent(blank) == [{"event": "answer", "id": "a", "value": 3}]
    expect(slider).to_have_attribute("aria-valuetext", "ときどきある")
    expect(blank.locator(".aw-scale")).not_to_have_attribute("data-empty", "")
    blank.keyboard.press("ArrowRight")
    assert answers(blank) == [3, 4]


@pytest.mark.parametrize(("key", "value"), [("ArrowLeft", 3), ("Space", 3), ("PageUp", 3), ("Home", 1), ("End", 5)])
def test_the_first_key_answers(blank: Page, key: str, value: int) -> None:
    show_sheet(blank, scale("a"))
    blank.get_by_role("slider").focus()
    blank.keyboard.press(key)
    assert answers(blank) == [value]


@pytest.mark.parametrize("key", ["Tab", "Enter", "a", "Escape", "Delete"])
def test_other_keys_answer_nothing(blank: Page, key: str) -> None:
    show_sheet(blank, scale("a"))
    blank.get_by_role("slider").focus()
    blank.keyboard.press(key)
    assert sent(blank) == []


@pytest.mark.parametrize(("share", "value"), [(0.02, 1), (0.5, 3), (0.98, 5)])
def test_the_first_click_answers_even_in_the_middle(blank: Page, share: float, value: int) -> None:
    show_sheet(blank, scale("a"))
    box = blank.get_by_role("slider").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    blank.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
    assert answers(blank)[-1] == value
    expect(blank.get_by_role("slider")).to_have_attribute("aria-valuetext", LABELS[value - 1])


def test_a_label_can_be_clicked(blank: Page) -> None:
    show_sheet(blank, scale("a"))
    blank.get_by_text("よくある").click()
    assert answers(blank) == [4]
    expect(blank.get_by_role("slider")).to_be_focused()


@pytest.mark.parametrize("way", ["Delete", "Backspace", "menu"])
def test_there_is_a_way_back_to_unanswered(blank: Page, way: str) -> None:
    show_sheet(blank, scale("a"), values={"a": 5})
    slider = blank.get_by_role("slider")
    if way == "menu":
        blank.get_by_role("button", name="メニュー：質問 a").click()
        blank.locator("[data-entry=clear]").click()
    else:
        slider.focus()
        blank.keyboard.press(way)
    assert answers(blank) == [None]
    expect(slider).to_have_attribute("aria-valuetext", "未回答")
    expect(blank.locator("[data-id=a] :focus")).to_have_count(1)


def test_a_frame_carries_one_message_at_most_and_the_last_one_arrives(blank: Page) -> None:
    show_sheet(blank, scale("a"), values={"a": 1})
    per_frame = blank.evaluate(
        """async () => {
            const slider = document.querySelector("input");
            const counts = [];
            for (const burst of [[2, 3, 4], [3, 2], [5, 4, 3, 5]]) {
              const before = model.sent.length;
              for (const value of burst) {
                slider.value = value;
                slider.dispatchEvent(new Event("input", { bubbles: true }));
              }
              await frames(2);
              counts.push(model.sent.length - before);
            }
            return counts;
        }"""
    )
    assert per_frame == [1, 1, 1]
    assert answers(blank) == [4, 2, 5]


def test_an_older_answer_from_python_does_not_move_a_slider(blank: Page) -> None:
    show_sheet(blank, scale("a"), values={"a": 1})
    slider = blank.get_by_role("slider")
    slider.focus()
    for value in (2, 3, 4):
        blank.keyboard.press("ArrowRight")
        assert answers(blank)[-1] == value
    blank.evaluate(
        "() => { model.update({ values: { a: 2 } }); model.receive({ event: 'seen', n: model.sent[0].n }); }"
    )
    assert (answers(blank)[-1], slider.input_value()) == (4, "4")
    see_all(blank, a=2)  # Python has seen the last one and says otherwise: that counts
    assert slider.input_value() == "2"


def test_a_slider_under_the_finger_stays(blank: Page) -> None:
    show_sheet(blank, scale("a"), values={"a": 1})
    slider = blank.get_by_role("slider")
    box = slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    blank.mouse.move(box["x"] + 10, middle)
    blank.mouse.down()
    blank.mouse.move(box["x"] + box["width"] / 2, middle)
    see_all(blank, a=1)
    assert slider.input_value() == "3"
    blank.mouse.up()
    assert slider.input_value() == "1"  # let go: Python's value again


TOUCH = """async ([end, shares, [clientX, clientY]]) => {
  const slider = document.querySelector("input");
  const tell = (type, place) =>
    slider.dispatchEvent(new PointerEvent(type, { pointerType: "touch", bubbles: true, ...place }));
  tell("pointerdown", { clientX: 100, clientY: 300 });
  for (const value of shares) {
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }
  tell(end, { clientX: 100 + clientX, clientY: 300 + clientY });
}"""


@pytest.mark.parametrize(
    ("end", "values", "way", "told"),
    [
        ("pointerup", [], (0, 0), [3]),
        ("pointerup", [4], (0, 0), [4]),
        ("pointerup", [2, 3, 5], (90, 30), [5]),
        ("pointerup", [2, 3, 5], (60, 50), [5]),  # a hand moves in a bow
        ("pointerup", [2, 3], (20, -120), []),  # 20 px sideways, then up
        ("pointercancel", [4], (0, 0), []),
        ("pointercancel", [2, 3], (20, -120), []),
    ],
)
def test_a_tap_answers_and_a_scroll_that_begins_on_a_slider_does_not(
    blank: Page, end: str, values: list[int], way: tuple[int, int], told: list[int]
) -> None:
    show_sheet(blank, scale("a"))
    blank.evaluate(TOUCH, [end, values, way])
    assert answers(blank) == told
    expect(blank.get_by_role("slider")).to_have_attribute("aria-valuetext", LABELS[told[-1] - 1] if told else "未回答")
    assert blank.get_by_role("slider").input_value() == str(told[-1] if told else 3)


def test_a_scroll_leaves_the_answer_and_the_charts_as_they_were(blank: Page) -> None:
    scoring = {"min_answered": 0.8, "scales": {"one": [{"id": "a", "reverse": False, "low": 1, "high": 5}]}}
    show_sheet(blank, scale("a"), scoring=scoring, values={"a": 1})
    blank.evaluate("() => { window.heard = []; addEventListener('advisor-draft', (e) => heard.push(e.detail)); }")
    blank.evaluate(TOUCH, ["pointerup", [2, 3], (20, -120)])
    expect(blank.get_by_role("slider")).to_have_attribute("aria-valuetext", LABELS[0])
    assert blank.evaluate("heard") == [
        {"scores": {"one": 50}, "settled": False},
        {"scores": {"one": 0}, "settled": True},
    ]


def test_charts_hear_of_a_change_at_once(blank: Page) -> None:
    items = [{"id": name, "reverse": name == "b", "low": 1, "high": 5} for name in "ab"]
    scoring = {"min_answered": 0.8, "scales": {"one": items[:1], "two": items}}
    show_sheet(blank, scale("a"), scale("b"), scoring=scoring, values={"a": 1})
    blank.evaluate("() => { window.heard = []; addEventListener('advisor-draft', (e) => heard.push(e.detail)); }")
    blank.get_by_role("slider", name="質問 b").press("End")
    assert blank.evaluate("heard") == [{"scores": {"one": 0, "two": 0}, "settled": False}]
    see_all(blank, b=5)
    assert blank.evaluate("heard.at(-1)") == {"scores": {"one": 0, "two": 0}, "settled": True}
    blank.get_by_role("slider", name="質問 a").press("Delete")
    assert blank.evaluate("heard.at(-1).scores") == {"one": None, "two": None}


# ---- other questions, marks, updates ---------------------------------------------------------------------------------

OPTIONS = [{"id": name, "label": f"選択肢{name}"} for name in "xyz"]


def test_a_choice_is_made_and_cleared(blank: Page) -> None:
    show_sheet(blank, {"id": "c", "type": "choice", "text": "どれ", "options": OPTIONS})
    blank.get_by_role("radio", name="選択肢y").check()
    blank.get_by_role("button", name="答えを消す").click()
    assert answers(blank) == ["y", None]
    expect(blank.get_by_role("radio", checked=True)).to_have_count(0)
    expect(blank.get_by_role("radiogroup", name="どれ")).to_be_visible()


def test_checks_stop_at_their_limit_and_say_so(blank: Page) -> None:
    show_sheet(blank, {"id": "c", "type": "checks", "text": "どれ", "options": OPTIONS, "max": 2}, values={"c": ["x"]})
    blank.get_by_role("checkbox", name="選択肢z").check()
    last = blank.get_by_role("checkbox", name="選択肢y")
    expect(last).to_have_attribute("aria-disabled", "true")
    blank.get_by_text("選択肢y").click(force=True)
    expect(last).not_to_be_checked()
    expect(blank.get_by_text("2つ選びました")).to_be_visible()
    blank.get_by_role("checkbox", name="選択肢x").uncheck()
    assert answers(blank) == [["x", "z"], ["z"]]


def test_a_select_can_be_left_empty_again(blank: Page) -> None:
    show_sheet(blank, {"id": "s", "type": "select", "text": "どれ", "options": OPTIONS})
    blank.get_by_label("どれ").select_option("x")
    blank.get_by_label("どれ").select_option("")
    assert answers(blank)[-1] is None


def test_a_number_that_cannot_be_read_stays_as_typed_beside_its_error(blank: Page) -> None:
    years = {"id": "years", "type": "number", "text": "年数"}
    show_sheet(blank, years)
    field = blank.get_by_label("年数")
    field.press_sequentially("三年")
    blank.get_by_label("年数").blur()
    assert answers(blank) == ["三年"]
    blank.evaluate(
        "(question) => model.update({ questions: [question] })", {**years, "error": "数字で入力してください。"}
    )
    see_all(blank, years=None)
    assert field.input_value() == "三年"
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("エラー： 数字で入力してください。")
    expect(blank.get_by_role("status")).to_have_text("数字で入力してください。")  # told when it comes
    field.fill("3")
    blank.evaluate("(question) => model.update({ questions: [question] })", years)
    field.blur()
    see_all(blank, years=3)
    assert field.input_value() == "3"
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_text_is_sent_after_a_pause_and_its_caret_stays(blank: Page) -> None:
    show_sheet(blank, {"id": "t", "type": "text", "text": "ひとこと"}, values={"t": "あいう"})
    field = blank.get_by_label("ひとこと")
    field.focus()
    field.evaluate("(node) => node.setSelectionRange(1, 1)")
    blank.evaluate("async () => { model.update({ values: { t: 'あいうえ' } }); await frames(); }")
    assert field.evaluate("(node) => [node.value, node.selectionStart]") == ["あいうえ", 1]
    blank.keyboard.type("xyz")
    assert answers(blank) == []
    blank.wait_for_function("model.sent.length > 0")
    see_all(blank, t="trimmed by Python")
    assert answers(blank) == ["あxyzいうえ"]
    assert field.evaluate("(node) => [node.value, node.selectionStart]") == ["あxyzいうえ", 4]
    field.blur()
    assert field.input_value() == "trimmed by Python"


def test_nothing_is_sent_in_the_middle_of_a_conversion_but_when_it_ends_or_when_the_page_goes(blank: Page) -> None:
    short = {"id": "t", "type": "text", "text": "ひとこと", "maxlength": 2}
    show_sheet(blank, short)
    blank.get_by_label("ひとこと").focus()
    keys = blank.context.new_cdp_session(blank)
    convert = {"selectionStart": 3, "selectionEnd": 3}
    keys.send("Input.imeSetComposition", {"text": "こうし", **convert})
    blank.wait_for_timeout(600)  # longer than a pause in typing
    assert answers(blank) == []
    expect(blank.locator(".aw-q-limit")).to_have_text("")  # three letters that become two are not complained about
    keys.send("Input.insertText", {"text": "講師"})
    blank.wait_for_function("model.sent.length > 0")
    keys.send("Input.imeSetComposition", {"text": "です", "selectionStart": 2, "selectionEnd": 2})
    blank.evaluate("window.dispatchEvent(new Event('advisor-flush'))")
    assert answers(blank) == ["講師", "講師です"]
    keys.detach()


def test_actions_and_marks(blank: Page) -> None:
    actions = [{"name": "discuss", "label": "話す", "pressed": True}, {"name": "widen", "label": "くわしく"}]
    show_sheet(blank, scale("a", actions=actions), scale("b"), marks={"a": "discuss", "b": "skip"})
    blank.get_by_role("button", name="メニュー：質問 a").click()
    expect(blank.locator("[data-entry=discuss]")).to_have_attribute("aria-checked", "true")
    blank.locator("[data-entry=widen]").click()
    assert sent(blank) == [{"event": "action", "name": "widen", "id": "a"}]
    for name, mark in (("a", "話し合いたい"), ("b", "とばしました")):
        expect(blank.get_by_role("slider", name=f"質問 {name}")).to_have_accessible_name(f"質問 {name} {mark}")


def test_focus_and_open_sources_stay_when_language_and_questions_change(blank: Page) -> None:
    notes = [{"title": "出典", "text": "本文"}]
    show_sheet(blank, scale("a"), scale("b", notes=notes), values={"b": 2})
    blank.get_by_role("button", name="メニュー：質問 b").click()
    blank.locator("[data-entry=sources]").click()
    slider = blank.get_by_role("slider", name="質問 b")
    slider.focus()
    changed = [scale("new"), scale("b", text="Question b", labels=list("12345"), notes=notes)]
    blank.evaluate("async (questions) => { model.update({ questions }); await frames(); }", changed)
    renamed = blank.get_by_role("slider", name="Question b")
    expect(renamed).to_be_focused()
    expect(renamed).to_have_attribute("aria-valuetext", "2")
    expect(blank.get_by_text("本文")).to_be_visible()
    expect(blank.get_by_role("slider", name="質問 a")).to_have_count(0)


def test_what_was_typed_leaves_with_the_page_and_no_listener_stays(blank: Page) -> None:
    show_sheet(blank, {"id": "t", "type": "text", "text": "ひとこと"})
    blank.get_by_label("ひとこと").press_sequentially("まだ")
    blank.evaluate("leave()")
    assert answers(blank) == ["まだ"]
    assert blank.evaluate("model.ears()") == 0
