"""The seven screens as text: complete in both languages, escaped, and the summary fit for the client's eyes."""

from __future__ import annotations

import html as markup
import re
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.content.model import Case, Facts
from advisor.content.words import LANGUAGES, Language
from advisor.scoring import personal
from advisor.session.model import Plan
from advisor.session.record import SCREEN_IDS
from advisor.session.session import Session
from advisor.view.workbook import events
from tests.pages import (
    CASES,
    STRAINED,
    Markup,
    adviser_part,
    charts,
    html,
    opened,
    panels,
    sheets,
    shown,
    texts,
    tour,
    visit,
)
from tests.support import CATALOG, FRUSTRATIONS, cases, planned, quick, some

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.view.workbook.page import Page

JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff9f]+")
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"' {0} {{ 7 * 7 }} %s & 「」"
PLAN = planned(list(CATALOG.paths)[1], *tuple(CATALOG.steps)[:2])


def plans() -> st.SearchStrategy[Plan]:
    paths = st.sampled_from((None, *CATALOG.paths))
    return st.builds(lambda path, steps: planned(path, *steps), paths, some(CATALOG.steps, 3))


def whole(page: Page) -> None:
    """Assert that what stands on the screen is all there: no gap, no trouble, no id twice, no reference to nothing."""
    said = html(page)
    read = Markup(said)
    assert not page.trouble
    assert "{" not in said
    assert not re.search(r"\bNone\b(?! of these| is required)", read.text)
    assert "nan" not in re.findall(r"[a-z]+", read.text)
    twice = [name for name, count in Counter(read.named("id")).items() if count > 1]
    assert not twice
    for attribute in ("aria-labelledby", "data-open-dialog", "data-close-dialog"):
        assert set(read.named(attribute)) <= set(read.named("id"))
    for chart in charts(page):
        assert chart.alt
        assert chart.figure["data"]
    for sheet in sheets(page):
        ids = [question["id"] for question in sheet.questions]
        assert len(ids) == len(set(ids))
        assert {value for value in texts(sheet.questions) if "{" in value} == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_screen_is_whole(case: Case, language: Language) -> None:
    page = opened(case, PLAN, language)
    for _ in tour(page):
        whole(page)


@settings(max_examples=15)
@given(case=cases(), plan=plans(), language=st.sampled_from(LANGUAGES))
def test_every_screen_is_whole_whatever_was_answered(case: Case, plan: Plan, language: Language) -> None:
    page = opened(case, plan, language)
    for _ in tour(page):
        whole(page)


@pytest.mark.parametrize("screen", SCREEN_IDS)
def test_a_screen_has_one_first_heading(screen: str) -> None:
    page = opened(CASES["a_accounting"])
    assert [tag for tag, _ in Markup(visit(page, screen)).tags].count("h1") == 1


# --- languages ---


def foreign(page: Page) -> Iterator[str]:
    """Yield what is Japanese on a page that should be English; the sources may be called what they are called."""
    sources = [markup.escape(text) for text in CATALOG.words["en"].sources.values()]
    sources += [text for source in CATALOG.sources.values() for text in (source.publisher, source.title) if text]
    allowed = sorted([*sources, "日本語", "言語"], key=len, reverse=True)
    for part in shown(page):
        for text in texts(part):
            rest = text
            for known in allowed:
                rest = rest.replace(known, "")
            yield from JAPANESE.findall(rest)


@pytest.mark.parametrize("case", [Case(), STRAINED, *(CASES[name] for name in CASES if "_" in name)])
def test_no_japanese_is_left_on_an_english_page(case: Case) -> None:
    told = replace(case, facts=replace(case.facts, wish=""))  # the wish is the client's, in any language
    page = opened(told, PLAN, "en")
    for name in tour(page):
        assert list(foreign(page)) == [], name
        page.session.tell_years("abc")


def test_japanese_would_be_noticed() -> None:
    assert list(foreign(opened(Case(facts=Facts(wish="休みたい")), language="en"))) == ["休みたい"]


def test_the_language_switch_changes_everything_at_once_and_keeps_the_widgets() -> None:
    page = opened(CASES["a_accounting"], PLAN)
    for name in tour(page):
        japanese, parts = [set(texts(part)) for part in shown(page)], shown(page)
        page.session.speak("en")
        english = [set(texts(part)) for part in shown(page)]
        page.session.speak("ja")
        assert shown(page) == parts
        assert [set(texts(part)) for part in shown(page)] == japanese
        assert all(before != after for before, after in zip(japanese, english, strict=True)), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_panel_names_its_language(language: Language) -> None:
    page = opened(language=language)
    for _ in tour(page):
        assert {panel.lang for panel in panels(page)} == {language}


# --- what a client writes ---


@pytest.mark.parametrize("screen", ["results", "summary"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_client_writes_is_shown_as_written_and_never_becomes_markup(screen: str, language: Language) -> None:
    page = opened(Case(quick("reward", point=5), facts=Facts(wish=HOSTILE)), language=language)
    said = visit(page, screen)
    read = Markup(said)
    assert HOSTILE in read.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" in said
    assert not [tag for tag, attributes in read.tags if tag in {"script", "img"} or "onerror" in attributes]


def test_no_screen_lets_markup_through() -> None:
    page = opened(Case(quick("reward", point=5), facts=Facts(wish=HOSTILE)))
    for _ in tour(page):
        assert not [
            tag for tag, attributes in Markup(html(page)).tags if tag in {"script", "img"} or "onerror" in attributes
        ]


# --- buttons ---


OF_THE_PAGE = {"discard", "end", "export"}  # these change what is kept or leaves the room, not the session


def works(now: Session, action: str, target: str) -> bool:
    """Return whether a button pressed in a session like this one changes the record or what is shown of it."""
    twin = Session(CATALOG, now.record)
    twin.suppose(now.supposed)
    events.hear(twin, {"event": "action", "name": action, "id": target})
    states = [(replace(one.record, revision=0), one.supposed, one.sheet, one.is_quick) for one in (twin, now)]
    return states[0] != states[1]


def test_every_button_on_every_screen_does_something() -> None:
    page = opened(CASES["a_accounting"], planned(PLAN.path, *PLAN.steps[:1]))
    now, pressed = page.session, 0
    for name in tour(page):
        present = {now.record.screen, now.record.language}  # the place and the language that are there already
        for _, attributes in Markup(html(page)).tags:
            action, target = attributes.get("data-action"), attributes.get("data-id")
            if action and target not in present and action not in OF_THE_PAGE:
                assert works(now, action, str(target)), (name, action, target)
                pressed += 1
    assert pressed > 50


# --- results, next, summary ---


def test_gaps_are_told_of_a_screen_that_was_begun_and_not_of_one_that_was_left_out() -> None:
    first, *rest = (CATALOG.words["ja"].scales[scale].short for scale in FRUSTRATIONS)
    told = Markup(visit(opened(Case(quick(FRUSTRATIONS[0], point=4))), "results")).text
    gaps = told[told.index(CATALOG.words["ja"].interface["told_gaps"].partition("{")[0]) :].split("」 ")[0]
    assert all(f"「{name}」" in gaps for name in rest)
    assert f"「{first}」" not in gaps
    traits = (CATALOG.words["ja"].scales[scale].short for scale in CATALOG.of_kind("fit", "misfit"))
    assert not any(f"「{name}」" in gaps for name in traits)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_advisers_hints_stand_in_their_part_and_never_on_the_results_or_the_summary(language: Language) -> None:
    page = opened(STRAINED, PLAN, language)
    words = CATALOG.words[language]
    reading = page.session.reading
    assert reading.help_needed
    assert {cue.cue for cue in reading.cues} >= {"straight_line", "contradiction", "opposed_items"}
    hints = [words.hints[cue.cue] for cue in reading.cues] + [words.hints["strain"], *words.help.values()]
    marked = words.items[next(iter(STRAINED.marks))]
    private = {text for hint in hints for text in (hint.name, hint.text)} | {marked, words.interface["discuss_title"]}
    results, summary = (Markup(visit(page, screen)).text for screen in ("results", "summary"))
    assert [text for text in private if text in summary] == []
    private |= {words.interface[f"{key}_{reading.index.band}"] for key in ("index", "told_index")}
    told = Markup(adviser_part(page, "results")).text
    assert [text for text in private if text not in told] == []
    private -= {marked}  # the client chose to talk about it
    assert [text for text in private if text in results] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_about_an_effect_that_was_skipped_is_told_in_the_advisers_part_only(language: Language) -> None:
    case = Case({**quick(*CATALOG.of_kind("consequence"), point=5)}, {"motivation_1": "skip"})
    del case.responses["motivation_1"]
    page, words = opened(case, PLAN, language), CATALOG.words[language].interface
    assert page.session.reading.help_needed
    results, summary = (visit(page, screen) for screen in ("results", "summary"))
    assert words["passed_over_name"] not in Markup(results + summary).text
    assert words["passed_over_text"] in Markup(adviser_part(page, "results")).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_holds_the_wish_the_day_the_path_and_the_steps_that_were_picked(language: Language) -> None:
    page = opened(Case(quick(*FRUSTRATIONS, point=4), facts=Facts(wish="早く帰りたい")), PLAN, language)
    words = CATALOG.words[language]
    said = Markup(visit(page, "summary")).text
    assert "早く帰りたい" in said
    assert words.paths[str(PLAN.path)].name in said
    for step in PLAN.steps:
        assert words.steps[step].name in said
        assert words.steps[step].first_action in said
    today = datetime.now(ZoneInfo("Asia/Tokyo"))
    assert str(today.year) in said
    assert (f"{today.month}月{today.day}日" if language == "ja" else f"{today.day} {today:%B}") in said


def test_steps_and_paths_that_were_not_picked_stay_off_the_summary() -> None:
    page = opened(CASES["a_accounting"], PLAN)
    words, said = CATALOG.words["ja"], Markup(visit(page, "summary")).text
    told = {name: personal.step_words(CATALOG, words, page.session.reading, name) for name in CATALOG.steps}
    assert [name for name in CATALOG.steps if told[name].first_action in said] == list(PLAN.steps)
    assert [name for name in CATALOG.paths if words.paths[name].summary in said] == [PLAN.path]


def sums(said: str) -> list[list[int]]:
    """Return the points of each card as they stand there, one after the other: the reasons, then the total."""
    cards = re.findall(r"<article.*?</article>", said, re.DOTALL)
    shown_points = (re.findall(r'<span class="aw-reason-points">([^<]*)</span>', card) for card in cards)
    return [[int(points.replace("−", "-").replace("+", "")) for points in card] for card in shown_points if card]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_reasons_shown_add_up_to_the_total_shown(case: Case) -> None:
    page = opened(case)
    cards = sums(adviser_part(page, "next"))
    reading = page.session.reading
    assert len(cards) == sum(bool(advice.reasons) for advice in (*reading.steps, *reading.paths))
    for *reasons, total in cards:
        assert reasons
        assert sum(reasons) == total


def test_the_clients_own_role_and_what_is_near_stand_on_the_results_once_there_are_traits_to_compare() -> None:
    page, words = opened(), CATALOG.words["ja"].roles
    duties = {name: row.duties for name, row in words.items()}
    assert not [name for name in duties if duties[name] in Markup(visit(page, "results")).text]
    page.session.open_case(CASES["a_accounting"])
    said = Markup(visit(page, "results")).text
    near = [
        one.role for one in page.session.reading.role_nearness if one.nearness == "near" and one.role != "accounting"
    ]
    assert near
    assert duties["accounting"] in said
    assert [name for name in near[:3] if words[name].name not in said] == []
