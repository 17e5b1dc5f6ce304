"""A whole session in a real browser, by mouse, in both languages; samples, what-if, a new start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor.content import worked_cases
from advisor.content.words import Language
from advisor.scoring import personal
from advisor.scoring.reading import read
from advisor.session.record import SCREEN_IDS
from tests.browsing import (
    JAPANESE,
    SAY,
    answer,
    choose_step,
    draw_charts,
    everything_said,
    field,
    go,
    kept,
    load_sample,
    open_all,
    pick,
    plots,
    plotted,
    press,
    reading_of,
    record_of,
    row,
    slider,
    speak,
    title,
    visiting,
)
from tests.support import CATALOG, FRUSTRATIONS, TRAITS, keyed

WISH: dict[Language, str] = {"ja": "評価の話を落ち着いてしたい", "en": "I want to talk calmly about evaluation"}
SAMPLES = worked_cases.load(CATALOG)


@pytest.fixture(scope="module")
def visit(browser: Browser, workbook_url: str) -> Iterator[Page]:
    """A page for tests that begin by loading a sample, whatever stood there before."""
    with visiting(browser, workbook_url) as page:
        yield page


# ---- the whole way --------------------------------------------------------------------------------------------------


def tell_the_situation(page: Page, language: Language) -> None:
    pick(page, "situation", "inside")
    field(page, "role").select_option(label=SAY[language].words.roles["accounting"].name)
    field(page, "years").fill("6")
    field(page, "wish").fill(WISH[language])
    page.get_by_role("button", name=SAY[language]("on_to", name=SAY[language]("step_aptitude"))).click()
    expect(title(page, "aptitude")).to_have_text(SAY[language]("title_aptitude"))


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


def answer_the_worries(page: Page, language: Language) -> None:
    for frustration in FRUSTRATIONS:
        answer(page, f"{frustration}_1", 2)
    for item in ("reward_1", "criteria_1", "monotony_1"):
        answer(page, item, 5)
        press(page, item, "prioritise")
    # a fourth star is not on offer
    expect(row(page, "visibility_1").get_by_role("button", name=SAY[language]("prioritise"))).to_have_count(0)
    press(page, "sandwiched_1", "discuss")
    expect(row(page, "sandwiched_1").locator("[data-mark=discuss]")).to_have_text(SAY[language]("sheet_discuss"))
    press(page, "monotony_1", "widen")
    expect(slider(page, "monotony_3")).to_have_attribute("aria-valuetext", SAY[language]("sheet_unanswered"))
    answer(page, "monotony_2", 5)
    answer(page, "monotony_3", 3)


def tell_about_the_workplace(page: Page) -> None:
    for sign, told in zip(CATALOG.signs, ("yes", "no", "unknown"), strict=True):
        pick(page, f"sign-{sign}", told)
    pick(page, "tried-quantify", "without_effect")
    pick(page, "tried-cross_department", "with_effect")


def nothing_foreign(page: Page, language: Language) -> None:
    """On the English page no Japanese is left, seen or heard."""
    open_all(page)
    if language == "en":
        assert [text for text in everything_said(page) if JAPANESE.search(text)] == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_whole_session_by_mouse(browser: Browser, workbook_url: str, language: Language) -> None:
    words = SAY[language]
    with visiting(browser, workbook_url) as page:
        page.evaluate("window.sameDocument = true")
        if language == "en":
            speak(page, "en")
        tell_the_situation(page, language)
        nothing_foreign(page, language)

        answer_the_traits(page)
        nothing_foreign(page, language)
        go(page, "frustrations")
        answer_the_worries(page, language)
        nothing_foreign(page, language)
        go(page, "workplace")
        tell_about_the_workplace(page)
        nothing_foreign(page, language)

        record = record_of(page)
        assert record.case.facts == replace(
            record.case.facts, situation="inside", role="accounting", years=6, wish=WISH[language],
            priorities=("reward", "criteria", "monotony"), widened=("monotony",),
            signs=dict(zip(CATALOG.signs, ("yes", "no", "unknown"), strict=True)),
            tried={"quantify": "without_effect", "cross_department": "with_effect"},
        )  # fmt: skip
        assert record.case.marks == {f"{TRAITS[-1]}_1": "skip", "sandwiched_1": "discuss"}
        assert f"{TRAITS[-1]}_1" not in record.case.responses

        go(page, "results")
        expect(page.get_by_text(WISH[language])).to_be_visible()
        draw_charts(page)
        scores = reading_of(page).scores
        assert plotted(page) == [pytest.approx(scores[scale].value, abs=0.05) for scale in FRUSTRATIONS]
        assert scores["monotony"].value == pytest.approx(250 / 3)  # 100, 100 and, read the other way round, 50
        nothing_foreign(page, language)

        go(page, "next")
        order = [advice.target for advice in reading_of(page).paths]
        expect(page.locator(".aw-card[data-first] h3")).to_have_text(words.words.paths[order[0]].name)
        steps = [advice.target for advice in reading_of(page).steps[:2]]
        for step in steps:
            choose_step(page, step)
        choose_step(page, order[0])
        nothing_foreign(page, language)

        go(page, "summary")
        expect(page.locator(".aw-note:visible")).to_contain_text(WISH[language])
        for told in (personal.step_words(CATALOG, words.words, reading_of(page), step) for step in steps):
            card = page.locator(".aw-card[data-chosen]:visible").filter(has_text=told.name)
            expect(card).to_contain_text(told.first_action)
        expect(page.get_by_role("heading", name=words.words.paths[order[0]].name)).to_be_visible()
        expect(page.get_by_text(words("limits_text"))).to_be_visible()
        nothing_foreign(page, language)
        assert page.evaluate("window.sameDocument") is True


def test_the_language_changes_on_every_screen_and_nothing_told_is_lost(visit: Page) -> None:
    load_sample(visit, "b_general_affairs")
    before = record_of(visit)
    for screen in SCREEN_IDS:
        go(visit, screen)
        for language in ("en", "ja"):
            speak(visit, language)
            say = SAY[language]
            expect(visit).to_have_title(say("tab_title", step=say(f"step_{screen}"), title=say("title")))
    assert record_of(visit).case == before.case


# ---- samples --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_loads_with_one_click_and_shows_its_worked_advice(visit: Page, name: str) -> None:
    load_sample(visit, name)
    words, expected = SAY["ja"].words, SAMPLES[name].expected
    expect(row(visit, "situation").locator(f"[value={SAMPLES[name].facts.situation}]")).to_be_checked()
    go(visit, "next")
    expect(visit.locator(".aw-card[data-first] h3")).to_have_text(words.paths[expected.first or ""].name)
    expect(visit.locator(".aw-card[data-first]").locator(".aw-total .aw-reason-points")).to_have_text(
        str(expected.paths[0][1])
    )
    first_paths = [words.paths[path].name for path, _ in expected.paths[:3]]
    expect(visit.locator("article[id^=path-]:visible h3")).to_have_text(first_paths)
    first_steps = [words.steps[step].name for step, _ in expected.steps[:3]]
    expect(visit.locator("article[id^=step-]:visible h3")).to_have_text(first_steps)


def test_a_reason_leads_to_the_answers_and_sources_behind_it(visit: Page) -> None:
    load_sample(visit, "a_accounting")
    go(visit, "next")
    words = SAY["ja"].words
    first = reading_of(visit).paths[0]
    behind = first.reasons[0]
    assert behind.items == ("reward_1",)
    visit.locator(f"#why-{first.target} > summary").click()
    reason = visit.locator(".aw-card[data-first] .aw-reasons details").first
    expect(reason.locator("li").first).to_be_hidden()
    reason.locator("summary").click()
    for text in (words.items["reward_1"], words.labels[CATALOG.items["reward_1"].labels][4]):
        expect(reason.locator("li").first).to_contain_text(text)
    expect(reason.locator("small").last).to_contain_text(words.sources[behind.sources[0]])


def test_no_more_than_three_steps_can_be_chosen(visit: Page) -> None:
    load_sample(visit, "a_accounting")
    go(visit, "next")
    for step in ("goal_talk", "quantify", "care_for_stress"):
        choose_step(visit, step)
    visit.locator("#more-steps > summary").click()
    fourth = visit.locator("#more-steps [data-action=choose]").first
    expect(fourth).to_have_attribute("aria-disabled", "true")
    fourth.click(force=True)
    visit.locator("[data-action=choose][data-id=goal_talk]").click()
    expect(fourth).not_to_have_attribute("aria-disabled", "true")
    assert record_of(visit).plan.steps == ("quantify", "care_for_stress")


# ---- what if --------------------------------------------------------------------------------------------------------


def test_what_if_is_drawn_beside_today_and_leaves_the_record_untouched(visit: Page) -> None:
    load_sample(visit, "b_general_affairs")
    go(visit, "next")
    reading, before = reading_of(visit), kept(visit)
    assert before is not None
    visit.get_by_role("button", name=SAY["ja"]("suppose_start")).click()
    draw_charts(visit, 1)
    assert plots(visit).evaluate("(plot) => plot.data.map((trace) => trace.line.dash ?? 'solid')") == ["solid", "dash"]

    # what weighs most grows light, and the first step helps
    case = before.case
    lighter = {
        item.id: keyed(item, item.low)
        for scale in ("monotony", "recognition", "connection")
        for item in CATALOG.active_items(scale, case.facts.widened)
    }
    for item, point in lighter.items():
        answer(visit, item, point)
    step = reading.steps[0].target
    pick(visit, f"tried-{step}", "with_effect")
    facts = replace(case.facts, tried={**case.facts.tried, step: "with_effect"})
    then = read(CATALOG, {**case.responses, **lighter}, facts)
    assert [one.target for one in then.paths[:3]] != [one.target for one in reading.paths[:3]]
    names = {path: words.name for path, words in SAY["ja"].words.paths.items()}
    table = visit.locator(".aw-table:visible")
    expect(table.locator("td:nth-child(2)")).to_have_text([names[one.target] for one in reading.paths[:3]])
    expect(table.locator("td:nth-child(3)")).to_have_text([names[one.target] for one in then.paths[:3]])
    dashes = [then.scores[scale].value for scale in FRUSTRATIONS]
    visit.wait_for_function(
        """(want) => [...document.querySelectorAll(".js-plotly-plot")]
          .some((plot) => JSON.stringify(plot.data[1]?.r.slice(0, -1)) === JSON.stringify(want))""",
        arg=[value if value is None or value % 1 else int(value) for value in dashes],
    )
    solid, dashed = plots(visit).evaluate("(plot) => plot.data.map((trace) => [...trace.r].slice(0, -1))")
    assert solid == [reading.scores[scale].value for scale in FRUSTRATIONS]
    assert dashed == dashes

    visit.get_by_role("button", name=SAY["ja"]("suppose_end")).click()
    expect(table).to_have_count(0)
    expect(visit.locator(".aw-card[data-first] h3")).to_have_text(names[reading.paths[0].target])
    assert kept(visit) == before
    go(visit, "frustrations")
    expect(slider(visit, "monotony_1")).to_have_value(str(case.responses["monotony_1"]))


# ---- a new start ----------------------------------------------------------------------------------------------------


def test_a_new_session_asks_first_and_then_forgets_everything(visit: Page) -> None:
    words = SAY["ja"]
    load_sample(visit, "a_accounting")
    visit.get_by_role("button", name=words("restart"), exact=True).click()
    dialog = visit.get_by_role("dialog", name=words("restart_title"))
    dialog.get_by_role("button", name=words("restart_no")).click()
    expect(dialog).to_be_hidden()
    expect(field(visit, "wish")).to_have_value(words.words.samples["a_accounting"].text)

    go(visit, "results")
    visit.get_by_role("button", name=words("restart"), exact=True).click()
    dialog.get_by_role("button", name=words("restart_yes"), exact=True).click()
    expect(title(visit, "start")).to_be_focused()
    expect(field(visit, "wish")).to_have_value("")
    expect(row(visit, "situation").locator(":checked")).to_have_count(0)
    expect(visit.locator(".aw-steps [data-state=todo]")).to_have_count(len(SCREEN_IDS))
    assert kept(visit) is None
    go(visit, "frustrations")
    expect(slider(visit, "reward_1")).to_have_attribute("aria-valuetext", words("sheet_unanswered"))
