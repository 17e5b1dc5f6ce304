"""A whole session in a real browser by mouse, in Japanese, with hostile words in it; reasons, what-if, a new start.

``test_keyboard.py`` holds the same in English and without a mouse.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor.scoring import personal
from advisor.scoring.reading import read
from advisor.scoring.results import Advice
from advisor.session import record as records
from advisor.session.model import Record
from advisor.session.record import SCREEN_IDS
from tests.browsing import (
    SAY,
    answer,
    ask_kernel,
    choose_step,
    draw_charts,
    field,
    go,
    kept,
    label,
    open_private,
    pick,
    plots,
    plotted,
    press,
    reading_of,
    record_of,
    row,
    slider,
    speak,
    stored,
    title,
    visiting,
)
from tests.looks import open_all
from tests.pages import SAMPLES
from tests.support import CATALOG, FRUSTRATIONS, TRAITS, keyed

JA = SAY["ja"]
HOSTILE = "<script>window.broken=1</script><img src=x onerror='window.broken=1'>{{7*7}}${7*7}</textarea><b>太字</b>"
WISH = f"評価の話を落ち着いてしたい{HOSTILE}"
HEAVY = {"pandas", "plotly", "statsmodels", "scipy", "matplotlib", "voila", "jupyter_server", "tests"}


# ---- the whole way --------------------------------------------------------------------------------------------------


def tell_the_situation(page: Page) -> None:
    pick(page, "situation", "inside")
    field(page, "role").select_option(label=JA.words.roles["accounting"].name)
    field(page, "years").fill("6")
    field(page, "wish").fill(WISH)
    page.get_by_role("button", name=JA("on_to", name=JA("step_aptitude"))).click()
    expect(title(page, "aptitude")).to_have_text(JA("title_aptitude"))


def drag(page: Page, item: str, share: float) -> None:
    """Drag a slider's thumb with the mouse to a share of the track."""
    slider(page, item).scroll_into_view_if_needed()
    box = slider(page, item).bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * share, middle, steps=4)
    page.mouse.up()


def answer_the_traits(page: Page) -> None:
    for trait in TRAITS[:-2]:
        answer(page, f"{trait}_1", 4 if CATALOG.scales[trait].kind == "fit" else 2)
    drag(page, f"{TRAITS[-2]}_1", 0.98)
    expect(slider(page, f"{TRAITS[-2]}_1")).to_have_value("5")
    press(page, f"{TRAITS[-1]}_1", "skip")


def answer_the_worries(page: Page) -> None:
    for frustration in FRUSTRATIONS:
        answer(page, f"{frustration}_1", 2)
    for item in ("reward_1", "criteria_1", "monotony_1"):
        answer(page, item, 5)
        press(page, item, "prioritise")
    row(page, "visibility_1").locator("[data-menu]").click()
    star = page.get_by_role("menuitemcheckbox", name=JA("prioritise"))
    expect(star).to_have_attribute("aria-disabled", "true")
    expect(star).to_have_accessible_description(JA("prioritise_full", most=3))
    page.keyboard.press("Escape")
    press(page, "sandwiched_1", "discuss")
    expect(row(page, "sandwiched_1").locator("[data-mark=discuss]")).to_have_text(JA("sheet_discuss"))
    press(page, "monotony_1", "widen")
    expect(slider(page, "monotony_3")).to_have_attribute("aria-valuetext", JA("sheet_unanswered"))
    answer(page, "monotony_2", 5)
    answer(page, "monotony_3", 3)


def tell_about_the_workplace(page: Page) -> None:
    for sign, told in zip(CATALOG.signs, ("yes", "no", "unknown"), strict=True):
        pick(page, f"sign-{sign}", told)
    pick(page, "tried-quantify", "without_effect")
    pick(page, "tried-cross_department", "with_effect")


def words_are_words(page: Page) -> None:
    """What was typed is shown as text and obeyed by nobody."""
    open_all(page)
    assert page.locator("img[src=x], .aw-page script, .aw-page b").count() == 0
    assert page.get_by_text("49", exact=True).count() == 0
    assert page.evaluate("window.broken") is None


def a_reason_leads_to_what_is_behind_it(page: Page, advice: Advice, responses: Mapping[str, int]) -> None:
    """A reason opens on the answers and the sources from which it comes."""
    place = next(place for place, reason in enumerate(advice.reasons) if reason.items and reason.items[0] in responses)
    behind = advice.reasons[place]
    page.locator(f"#why-{advice.target} > summary").click()
    item = behind.items[0]
    for text in (JA.words.items[item], label(page, item, responses[item])):
        expect(page.locator(f"#why-{advice.target}")).to_contain_text(text)
    open_private(page)
    page.locator("#adviser-next > summary").click()
    page.locator(f"#points-{advice.target} > summary").click()
    reason = page.locator(f"#points-{advice.target} li > details").nth(place)
    expect(reason.locator("li").first).to_be_hidden()
    reason.locator("summary").click()
    for text in (JA.words.items[item], label(page, item, responses[item])):
        expect(reason.locator("li").first).to_contain_text(text)
    expect(reason.locator("small").last).to_contain_text(JA.words.sources[behind.sources[0]])
    page.keyboard.press("Escape")


def test_a_whole_session_by_mouse(browser: Browser, workbook_url: str) -> None:
    with visiting(browser, workbook_url) as page:
        page.emulate_media(reduced_motion="no-preference")
        page.evaluate("window.sameDocument = true")
        tell_the_situation(page)
        words_are_words(page)
        answer_the_traits(page)
        go(page, "frustrations")
        answer_the_worries(page)
        go(page, "workplace")
        tell_about_the_workplace(page)

        record = record_of(page)
        assert record.case.facts == replace(
            record.case.facts, situation="inside", role="accounting", years=6, wish=WISH,
            priorities=("reward", "criteria", "monotony"), widened=("monotony",),
            signs=dict(zip(CATALOG.signs, ("yes", "no", "unknown"), strict=True)),
            tried={"quantify": "without_effect", "cross_department": "with_effect"},
        )  # fmt: skip
        assert record.case.marks == {f"{TRAITS[-1]}_1": "skip", "sandwiched_1": "discuss"}
        assert f"{TRAITS[-1]}_1" not in record.case.responses

        go(page, "results")
        expect(page.get_by_text(WISH)).to_be_visible()
        draw_charts(page)
        reading = reading_of(page)
        assert plotted(page) == [pytest.approx(reading.scores[scale].value, abs=0.05) for scale in FRUSTRATIONS]
        assert reading.scores["monotony"].value == pytest.approx(250 / 3)  # 100, 100 and, the other way round, 50
        words_are_words(page)

        go(page, "next")
        first = reading.paths[0].target
        expect(page.locator(".aw-path[data-first] h3")).to_contain_text(JA.words.paths[first].name)
        a_reason_leads_to_what_is_behind_it(page, reading.paths[0], record.case.responses)
        steps = [advice.target for advice in reading.steps[:3]]
        for step in steps:
            choose_step(page, step)
        choose_step(page, first)
        no_fourth_step_can_be_chosen(page, steps)

        go(page, "summary")
        expect(page.locator(".aw-note:visible").get_by_text(WISH)).to_be_visible()
        for told in (personal.step_words(CATALOG, JA.words, reading, step) for step in steps[1:]):
            card = page.locator(".aw-card[data-chosen]:visible").filter(has_text=told.name)
            expect(card).to_contain_text(told.first_action)
        open_all(page)
        expect(page.get_by_role("heading", name=JA.words.paths[first].name)).to_be_visible()
        expect(page.get_by_text(JA("limits_text"))).to_be_visible()
        words_are_words(page)
        assert page.evaluate("window.sameDocument") is True

        speak(page, "en")
        before = record_of(page)
        a_reload_keeps_everything(page, before)
        words_are_words(page)
        the_kernel_is_light(page)
        speak(page, "ja")
        a_new_session_asks_first_and_then_forgets_everything(page)


def no_fourth_step_can_be_chosen(page: Page, three: list[str]) -> None:
    """A fourth step waits until one of the three was taken back."""
    page.locator("#more-steps").evaluate("(part) => { part.open = true; }")
    fourth = page.locator("#more-steps [data-action=choose]").first
    expect(fourth).to_have_attribute("aria-disabled", "true")
    fourth.click(force=True)
    page.locator(f"[data-action=choose][data-id={three[0]}]").click()
    expect(fourth).not_to_have_attribute("aria-disabled", "true")
    assert record_of(page).plan.steps == tuple(three[1:])


def a_reload_keeps_everything(page: Page, before: Record) -> None:
    page.reload()
    expect(title(page, "summary")).to_be_visible(timeout=60_000)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".aw-note:visible").get_by_text(WISH)).to_be_visible()
    after = kept(page)
    assert after is not None
    assert (after.case, after.plan, after.screen, after.language) == (before.case, before.plan, "summary", "en")
    go(page, "frustrations")
    expect(slider(page, "sandwiched_1")).to_have_value("2")


def the_kernel_is_light(page: Page) -> None:
    """A kernel that served a whole session never met pandas or plotly."""
    loaded = set(re.findall(r"[\w.]+", ask_kernel(page, "' '.join(__import__('sys').modules)")))
    assert {"advisor.app", "advisor.view.workbook.page", "numpy"} <= loaded
    assert loaded & HEAVY == set()


def a_new_session_asks_first_and_then_forgets_everything(page: Page) -> None:
    go(page, "start")
    page.get_by_role("button", name=JA("restart"), exact=True).click()
    dialog = page.get_by_role("dialog", name=JA("restart_title"))
    dialog.get_by_role("button", name=JA("restart_no")).click()
    expect(dialog).to_be_hidden()
    expect(field(page, "wish")).to_have_value(WISH)

    go(page, "results")
    page.get_by_role("button", name=JA("restart"), exact=True).click()
    dialog.get_by_role("button", name=JA("restart_yes"), exact=True).click()
    expect(title(page, "start")).to_be_focused()
    expect(field(page, "wish")).to_have_value("")
    expect(row(page, "situation").locator(":checked")).to_have_count(0)
    expect(page.locator(".aw-steps [data-state=todo]")).to_have_count(len(SCREEN_IDS))
    assert kept(page) is None
    go(page, "frustrations")
    expect(slider(page, "reward_1")).to_have_attribute("aria-valuetext", JA("sheet_unanswered"))


# ---- what if --------------------------------------------------------------------------------------------------------


def test_what_if_is_drawn_beside_today_and_leaves_the_record_untouched(browser: Browser, workbook_url: str) -> None:
    record = replace(records.new(CATALOG), case=SAMPLES["b_general_affairs"], screen="next", revision=1)
    with visiting(browser, workbook_url + stored(record)) as page:
        suppose(page)


def suppose(page: Page) -> None:
    """Suppose that what weighs most grows light."""
    reading, before = reading_of(page), kept(page)
    assert before is not None
    page.locator("#suppose > summary").click()
    page.get_by_role("button", name=JA("suppose_start")).click()
    draw_charts(page, 1)
    dashes_of = "(plot) => plot.data.slice(0, 2).map((trace) => trace.line.dash ?? 'solid')"
    assert plots(page).evaluate(dashes_of) == ["solid", "dash"]

    # what weighs most grows light, and the first step helps
    case = before.case
    lighter = {
        item.id: keyed(item, item.low)
        for scale in ("monotony", "recognition", "connection")
        for item in CATALOG.active_items(scale, case.facts.widened)
    }
    for item, point in lighter.items():
        answer(page, item, point)
    step = reading.steps[0].target
    pick(page, f"tried-{step}", "with_effect")
    facts = replace(case.facts, tried={**case.facts.tried, step: "with_effect"})
    then = read(CATALOG, {**case.responses, **lighter}, facts)
    assert [one.target for one in then.paths[:3]] != [one.target for one in reading.paths[:3]]
    names = {path: words.name for path, words in JA.words.paths.items()}
    table = page.locator(".aw-table:visible")
    expect(table.locator("td:nth-child(2)")).to_have_text([names[one.target] for one in reading.paths[:3]])
    moved = [
        f"{names[one.target]} {JA('supposed_other')}" if one.target != now.target else names[one.target]
        for one, now in zip(then.paths[:3], reading.paths[:3], strict=True)
    ]
    expect(table.locator("td:nth-child(3)")).to_have_text(moved)
    dashes = [then.scores[scale].value for scale in FRUSTRATIONS]
    page.wait_for_function(
        """(want) => [...document.querySelectorAll(".js-plotly-plot")]
          .some((plot) => JSON.stringify(plot.data[1]?.r.slice(0, -1)) === JSON.stringify(want))""",
        arg=[value if value is None or value % 1 else int(value) for value in dashes],
    )
    solid, dashed = plots(page).evaluate("(plot) => plot.data.slice(0, 2).map((trace) => [...trace.r].slice(0, -1))")
    assert solid == [reading.scores[scale].value for scale in FRUSTRATIONS]
    assert dashed == dashes

    page.get_by_role("button", name=JA("suppose_end")).click()
    expect(table).to_have_count(0)
    expect(page.locator(".aw-path[data-first] h3")).to_contain_text(names[reading.paths[0].target])
    assert kept(page) == before
    go(page, "frustrations")
    expect(slider(page, "monotony_1")).to_have_value(str(case.responses["monotony_1"]))
