"""The page without a browser: drawn anew after every change, sparing with messages, silent about what clients said."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from ipywidgets import Widget

from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.session import session as sessions
from advisor.session.record import SCREEN_IDS
from advisor.view.workbook.page import Page, states
from advisor.view.workbook.screens import SCREENS
from tests.pages import (
    CASES,
    Markup,
    charts,
    everything,
    html,
    opened,
    panels,
    receive,
    send,
    sheets,
    shown,
    texts,
    tour,
    visit,
)  # fmt: skip
from tests.support import CATALOG, cases, planned, session
from tests.view.test_events import junk

if TYPE_CHECKING:
    from advisor.view.widgets.widgets import PageWidget

CANARY = "カナリア株式会社"
WISHING = Case({"reward_1": 5, "support_1": 4}, facts=Facts(situation="inside", role="other", wish=CANARY))
PLAN = planned(next(iter(CATALOG.paths)), *tuple(CATALOG.steps)[:2])
WORDS = CATALOG.words["ja"].interface
JA = say(CATALOG, "ja")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Widget, set[str]]]:
    """Every piece of state that any widget sends to the browser."""
    log: list[tuple[Widget, set[str]]] = []

    def spy(widget: Widget, key: Any = None) -> None:
        if key is None or key:
            log.append((widget, {key} if isinstance(key, str) else set(widget.keys if key is None else key)))

    monkeypatch.setattr(Widget, "send_state", spy)
    return log


# --- drawing ---


def test_the_first_screen_is_built_and_the_others_wait_until_they_are_visited() -> None:
    page = opened()
    assert set(page.screens) == {"start"}
    assert set(SCREENS) == set(SCREEN_IDS)
    for visited, screen in enumerate(SCREEN_IDS, start=1):
        page.session.go(screen)
        assert len(page.screens) == visited


def test_only_the_screen_of_the_present_screen_can_be_seen() -> None:
    page = opened()
    for name in tour(page):
        visible = [screen for screen, built in page.screens.items() if built.box.layout.display != "none"]
        assert visible == (["next", "supposing"] if name == "supposing" else [name])
        assert all(built.box in page.body.children for built in page.screens.values())


def test_a_screen_is_built_once_and_is_up_to_date_when_it_is_visited_again() -> None:
    page = opened()
    visit(page, "results")
    built = page.screens["results"]
    page.session.go("start")
    page.session.respond("reward_1", 5)
    assert CATALOG.words["ja"].scales["reward"].name in visit(page, "results")
    assert page.screens["results"] is built


def test_header_and_footer_lead_through_the_steps() -> None:
    page = opened()
    for place, screen in enumerate(SCREEN_IDS):
        page.session.go(screen)
        header, footer = (Markup(part.html) for part in (page.header.widget, page.footer.widget))
        current = [attributes["data-id"] for _, attributes in header.tags if attributes.get("aria-current") == "step"]
        around = [attributes["data-id"] for _, attributes in footer.tags if attributes.get("data-action") == "go"]
        assert current == [screen, screen]  # in the line of words, and in the menu that a phone has instead
        near = [SCREEN_IDS[one] for one in (place - 1, place + 1) if 0 <= one < len(SCREEN_IDS)]
        talk_only = ["summary"] if screen == "next" else []  # nothing is told yet: today may be for talking only
        assert around == [*near[:1], *talk_only, *near[1:]]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_nothing_is_sent_again_when_nothing_changed(case: Case, sent: list[tuple[Widget, set[str]]]) -> None:
    page = opened(case, PLAN)
    for name in tour(page):
        sent.clear()
        page.session.refresh()
        assert sent == [], name


def test_an_answer_is_sent_without_the_questions(sent: list[tuple[Widget, set[str]]]) -> None:
    page = opened()
    page.session.go("aptitude")
    page.session.respond("support_1", 3)
    sent.clear()
    page.session.respond("accuracy_1", 4)
    keys = {key for _, names in sent for key in names}
    assert {"values", "figure", "html"} <= keys
    assert keys.isdisjoint({"questions", "words", "scoring", "live", "lang", "title"})
    (sheet,) = sheets(page)
    assert sheet.values == {"support_1": 3, "accuracy_1": 4}


@settings(max_examples=10)
@given(case=cases())
def test_hidden_screens_wait(case: Case) -> None:
    page = opened()
    page.session.go("aptitude")
    hidden = [piece.widget.get_state() for piece in page.screens["start"].pieces]
    page.session.open_case(case)
    assert [piece.widget.get_state() for piece in page.screens["start"].pieces] == hidden


# --- the lifeline ---


def test_the_tab_is_called_after_the_screen_and_speaks_the_language() -> None:
    page = opened()
    for screen in SCREEN_IDS:
        page.session.go(screen)
        assert JA(f"step_{screen}") in page.lifeline.title
        assert WORDS["title"] in page.lifeline.title
    page.session.speak("en")
    assert page.lifeline.lang == "en"
    assert WORDS["title"] not in page.lifeline.title


def test_a_new_consultation_leaves_nothing_of_the_last_one_anywhere() -> None:
    page = opened(WISHING, PLAN)
    page.session.tell_years(CANARY)
    for _ in tour(page):
        pass
    send(page.header.widget, event="action", name="restart", id="restart")
    assert page.session.record.screen == "start"
    for part in everything(page):
        assert not [text for text in texts(part) if CANARY in text], part


# --- messages ---


def test_the_widgets_of_a_screen_are_heard() -> None:
    page = opened()
    send(sheets(page)[0], event="answer", id="wish", value="早く帰りたい")
    send(page.footer.widget, event="action", name="go", id="aptitude")
    send(sheets(page)[0], event="answer", id="support_1", value=5)
    send(sheets(page)[0], event="action", name="discuss", id="support_1")
    case = page.session.record.case
    assert (case.facts.wish, case.responses, case.marks) == ("早く帰りたい", {"support_1": 5}, {"support_1": "discuss"})


def test_what_is_supposed_stays_apart() -> None:
    page = opened(Case({"reward_1": 5}))
    visit(page, "next")
    send(panels(page)[-2], event="action", name="suppose", id="start")
    record = page.session.record
    sheet = sheets(page)[-1]
    before = charts(page)[0].figure
    send(sheet, event="answer", id="reward_1", value=1)
    assert page.session.record == record
    assert sheet.values["reward_1"] == 1
    assert charts(page)[0].figure["data"][0] == before["data"][0]
    assert charts(page)[0].figure["data"][1] != before["data"][1]


@settings(max_examples=60)
@given(content=junk)
def test_no_message_disturbs_the_page(content: Any) -> None:
    page = opened()
    before = page.session.record
    for part in everything(page):
        receive(part, content)
        receive(part, {"event": content, "id": content, "name": content, "value": content})
        receive(part, {"event": "answer", "id": content, "value": content})
    assert page.session.record == before
    assert not page.trouble


# --- trouble ---


def stumble(page: Page, part: PageWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer a question while the reading fails with a message that holds what the client said."""

    def fail(*_: object) -> None:
        raise ArithmeticError(page.session.record.case.facts.wish)

    with monkeypatch.context() as patch:
        patch.setattr(sessions, "read", fail)
        send(part, event="answer", id="support_1", value=2)


@pytest.mark.parametrize("language", CATALOG.words)
def test_our_own_failure_shows_a_sentence_until_the_next_change_works(
    language: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(WISHING, language=language)
    page.session.go("aptitude")
    sentence = CATALOG.words[language].interface["trouble"]
    assert sentence not in html(page)
    stumble(page, sheets(page)[0], monkeypatch)
    assert sentence in html(page)
    assert page.session.record.case == WISHING
    send(sheets(page)[0], event="answer", id="support_1", value=2)
    assert sentence not in html(page)
    assert page.session.record.case.responses["support_1"] == 2


def test_the_log_names_the_kind_of_failure_and_never_what_a_client_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "advisor")
    page = opened(WISHING)
    stumble(page, page.header.widget, monkeypatch)
    assert [(entry.levelname, entry.exc_info) for entry in caplog.records] == [("ERROR", None)]
    assert "ArithmeticError" in caplog.text
    assert CANARY not in caplog.text
    assert CANARY not in json.dumps([str(vars(entry)) for entry in caplog.records], ensure_ascii=False)
    assert capfd.readouterr() == ("", "")


def test_a_whole_session_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "advisor")
    page = opened(WISHING, PLAN)
    for _ in tour(page):
        send(page.header.widget, event="answer", id="years", value=CANARY)
    assert CANARY not in caplog.text


# --- progress ---


def test_progress_follows_the_answers() -> None:
    one = session()
    assert set(states(one).values()) == {"todo"}
    assert states(one).keys() == set(SCREEN_IDS)
    one.tell(situation="inside")
    one.respond("support_1", 3)
    assert (states(one)["start"], states(one)["aptitude"], states(one)["frustrations"]) == ("partly", "partly", "todo")
    one.tell_wish("早く帰りたい")
    for scale in CATALOG.of_kind("fit", "misfit"):
        one.mark(CATALOG.active_items(scale)[0].id, "skip")
    one.choose(PLAN.steps[0])
    assert (states(one)["start"], states(one)["aptitude"], states(one)["next"]) == ("done", "done", "done")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_header_says_how_far_each_screen_is(case: Case) -> None:
    page = opened(case)
    said = Markup(page.header.widget.html).named("data-state")
    assert said == list(states(page.session).values())
    assert shown(page)[0] is page.header.widget
