"""The worksheets on the screen: one stands open, rows come and go, and what is beside them follows what is typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page as Browsed

from advisor.content.model import Case, Facts
from advisor.content.translator import Say, say
from advisor.content.words import LANGUAGES, Language
from advisor.session.worksheets import paper
from advisor.view.widgets.widgets import Sheet
from advisor.view.workbook.page import Page
from tests.fake_page import open_blank, sent, show
from tests.pages import Markup, html, panels, send, sheets, texts, visit
from tests.support import CATALOG, session

if TYPE_CHECKING:
    from collections.abc import Mapping

JA = say(CATALOG, "ja")
HOSTILE = "<script>alert(1)</script> {0} {{ 7 }}"
INVOICES = {"task": "請求書", "before": "30", "after": "10", "times": "3", "per": "day"}
ERRORS = {"task": "入力", "errors_before": "5", "errors_after": "1"}


def opened(name: str = "quantify", facts: Facts | None = None, language: Language = "ja") -> Page:
    """Return the page with a worksheet open."""
    one = session(Case(facts=facts or Facts(situation="inside")))
    one.speak(language)
    page = Page(one)
    visit(page, "worksheets")
    one.open_sheet(name)
    return page


def fill(page: Page, name: str, number: int, entry: Mapping[str, Any]) -> None:
    """Type into the fields of a row as the browser would."""
    for field, value in entry.items():
        send(sheets(page)[0], event="answer", id=f"sheet-{name}-{number}-{field}", value=value)


def press(page: Page, name: str, target: str) -> None:
    """Press a button."""
    send(panels(page)[0], event="action", name=name, id=target)


def asked(page: Page) -> dict[str, dict[str, Any]]:
    """Return the questions that stand there by id."""
    return {question["id"]: question for question in sheets(page)[0].questions}


def values(page: Page) -> dict[str, Any]:
    return sheets(page)[0].values


def rows(page: Page, name: str) -> int:
    """Return how many rows are offered."""
    return len({key.split("-")[2] for key in asked(page) if key.startswith(f"sheet-{name}-")})


def buttons(page: Page, action: str) -> list[str]:
    """Return the targets of the buttons for an action that can be pressed."""
    tags = Markup(html(page)).tags
    return [
        str(told["data-id"]) for _, told in tags if told.get("data-action") == action and "aria-disabled" not in told
    ]


# --- which one is open ---


def test_one_worksheet_is_open_and_the_others_are_a_button_away() -> None:
    page = opened()
    for name in CATALOG.worksheets:
        if name != "quantify":
            press(page, "open_sheet", name)
        assert {key.split("-")[1] for key in asked(page) if key.startswith("sheet-")} == {name}
        assert set(buttons(page, "open_sheet")) == set(CATALOG.worksheets) - {name}
        assert f'id="open-{name}" class="aw-pick" aria-current="true"' in html(page)


@pytest.mark.parametrize(
    ("situation", "first"), [(None, "quantify"), ("inside", "quantify"), ("wants_in", "inventory")]
)
def test_the_first_worksheet_to_stand_open_suits_the_situation(situation: Any, first: str) -> None:
    page = Page(session(Case(facts=Facts(situation=situation))))
    visit(page, "worksheets")
    assert f"form-{first}" in asked(page)


def test_which_one_is_open_is_no_part_of_the_record_and_a_new_session_forgets_it() -> None:
    page = opened()
    before = page.session.record
    press(page, "open_sheet", "goals")
    press(page, "open_sheet", "nothing")
    assert page.session.record is before
    assert page.session.sheet == "goals"
    page.session.restart()
    assert page.session.sheet is None


# --- rows ---


@pytest.mark.parametrize("name", CATALOG.worksheets)
def test_every_field_stands_there_with_its_words_and_can_be_filled_in_and_read_back(name: str) -> None:
    samples = {"line": "力", "text": "文", "number": "3", "date": "2026-12-01"}
    page, form = opened(name), CATALOG.worksheets[name]
    typed: dict[str, Any] = {}
    for field, row in form.fields.items():
        typed[field] = list(row.options[:2]) if row.type == "checks" else samples.get(row.type) or row.options[0]
    fill(page, name, 0, typed)
    shown = {field: "2026年12月1日（火）" if value == "2026-12-01" else value for field, value in typed.items()}
    assert {field: values(page)[f"sheet-{name}-0-{field}"] for field in typed} == shown
    for field, words in JA.words.worksheets[name].fields.items():
        question = asked(page)[f"sheet-{name}-0-{field}"]
        assert question["text"] == words.label
        assert [option["label"] for option in question.get("options", ())] == list(words.options.values())


@pytest.mark.parametrize("name", [name for name, form in CATALOG.worksheets.items() if form.rows > 1])
def test_an_empty_row_is_offered_until_there_are_as_many_as_there_may_be(name: str) -> None:
    page, form = opened(name), CATALOG.worksheets[name]
    first = next(iter(form.fields))
    for number in range(form.rows):
        assert rows(page, name) == number + 1
        assert not asked(page)[f"{name}-{number}"]["actions"]
        fill(page, name, number, {first: f"{number}"})
        assert asked(page)[f"{name}-{number}"]["actions"]
    assert rows(page, name) == form.rows


def test_a_row_is_removed_by_the_button_in_its_heading() -> None:
    page = opened("goals")
    for number, goal in enumerate(("一", "二", "三")):
        fill(page, "goals", number, {"goal": goal})
    heading = asked(page)["goals-1"]
    send(sheets(page)[0], event="action", name=heading["actions"][0]["name"], id=heading["id"])
    assert [entry["goal"] for entry in page.session.record.worksheets["goals"]] == ["一", "三"]
    assert values(page)["sheet-goals-1-goal"] == "三"


def test_what_cannot_be_used_stays_beside_the_reason() -> None:
    page = opened()
    fill(page, "quantify", 0, {"before": "三十分", "task": "あ" * 81})
    for field in ("before", "task"):
        assert asked(page)[f"sheet-quantify-0-{field}"]["error"]
    assert values(page)["sheet-quantify-0-before"] == "三十分"
    assert not page.session.record.worksheets
    fill(page, "quantify", 0, {"before": "３０"})
    assert "error" not in asked(page)["sheet-quantify-0-before"]
    assert values(page)["sheet-quantify-0-before"] == "30"


def test_what_a_client_writes_never_becomes_markup() -> None:
    page = opened("goals")
    fill(page, "goals", 0, {"goal": HOSTILE})
    for name, field in (("quantify", "task"), ("inventory", "experience"), ("motive", "reason")):
        press(page, "open_sheet", name)
        fill(page, name, 0, {**(INVOICES if name == "quantify" else {}), field: HOSTILE})
        fill(page, name, 0, dict.fromkeys(("experience", "role"), "店") if name == "motive" else {})
        assert "<script>" not in html(page)
        assert name == "inventory" or HOSTILE in Markup(html(page)).text
    press(page, "open_sheet", "goals")
    assert HOSTILE in Markup(html(page)).text
    assert "<script>" not in html(page)


# --- the handout ---


def test_a_worksheet_is_put_into_the_handout_and_taken_out_again() -> None:
    page = opened("goals")
    assert JA("form_handout_empty") in html(page)
    fill(page, "goals", 0, {"goal": "締めを早める"})
    assert JA("form_handout_empty") not in html(page)
    for there in (True, False):
        press(page, "take_home", "goals")
        assert ("goals" in page.session.record.handout) is there
        state = f'data-action="take_home" data-id="goals" aria-pressed="{str(there).lower()}"'
        assert state in html(page)
        assert (f'<span class="aw-chip aw-good">{JA("form_taken")}</span>' in html(page)) is there


# --- quantify ---


def test_the_sums_stand_beside_the_fields() -> None:
    page = opened()
    assert JA("form_sums_none") in html(page)
    fill(page, "quantify", 0, INVOICES)
    said = Markup(html(page)).text
    assert "月に1,200分（20時間）減" in said
    assert JA("form_total") not in said
    fill(page, "quantify", 1, {**INVOICES, "times": "1", **ERRORS})
    said = Markup(html(page)).text
    assert "月に1,600分（26.7時間）減" in said
    assert "月に4件減" in said
    assert "合わせて、月に約26.7時間の短縮になり、ミスも4件減りました。" in said
    fill(page, "quantify", 2, {"task": "月次", "before": "5"})
    assert "「月次」は入力の途中" in Markup(html(page)).text


def test_a_doubt_stands_beside_the_sums_and_withholds_the_drafts() -> None:
    page = opened()
    fill(page, "quantify", 0, {**INVOICES, "after": "40"})
    said = Markup(html(page)).text
    assert JA("form_doubt_slower", name="「請求書」") in said
    assert "月に600分（10時間）増" in said
    assert "sheet-quantify-0-boss" not in asked(page)


def test_a_draft_can_be_put_into_its_field_to_be_edited() -> None:
    page = opened()
    fill(page, "quantify", 0, {"task": "請求書"})
    assert "sheet-quantify-0-boss" not in asked(page)
    fill(page, "quantify", 0, INVOICES)
    question = asked(page)["sheet-quantify-0-boss"]
    assert "約20時間" in question["hint"]
    send(sheets(page)[0], event="action", name=question["actions"][0]["name"], id=question["id"])
    text = values(page)["sheet-quantify-0-boss"]
    assert text in question["hint"]
    assert "hint" not in asked(page)["sheet-quantify-0-boss"]
    fill(page, "quantify", 0, {"boss": "もっと早く出せます。", "after": "40"})
    assert asked(page)["sheet-quantify-0-boss"]  # own words stay, whatever becomes of the numbers


@pytest.mark.parametrize("target", ["", "boss", "sheet-quantify-9-boss", "sheet-goals-0-goal", "sheet-quantify-0-task"])
def test_a_draft_for_something_else_changes_nothing(target: str) -> None:
    page = opened()
    fill(page, "quantify", 0, INVOICES)
    before = page.session.record
    press(page, "use_draft", target)
    assert page.session.record is before
    assert not page.trouble


# --- the others ---


def test_a_goal_says_what_it_lacks_until_it_can_be_talked_about() -> None:
    page = opened("goals")
    fill(page, "goals", 0, {"goal": "締めを早める"})
    assert "「何で確かめますか」、「いつまでに」" in Markup(html(page)).text
    fill(page, "goals", 0, {"measure": "2日", "deadline": "2026-12-01"})
    assert JA("form_goal_ready") in html(page)
    fill(page, "goals", 0, {"agreed": "agreed"})
    assert JA("form_goal_settled") in html(page)


def test_the_signs_answered_here_stand_beside_what_is_healthy() -> None:
    page = opened("evaluation")
    assert buttons(page, "go").count("workplace") == 3  # in the head, in its menu, and where the signs would be
    page.session.answer_sign("no_feedback", "yes")
    said = Markup(html(page)).text
    assert JA.words.signs["no_feedback"].healthy in said
    assert JA.words.signs["boss_feelings"].name not in said
    page.session.tell(situation="wants_in")
    assert JA.words.signs["no_feedback"].name not in html(page)


def test_each_question_for_an_interview_says_what_a_vague_answer_may_mean() -> None:
    options = asked(opened("evaluation"))["sheet-evaluation-0-questions"]["options"]
    assert len(options) == 5
    assert len({option["note"] for option in options}) == 5


def test_a_suggestion_becomes_a_row_that_can_be_edited() -> None:
    page = opened("inventory", Facts(situation="unsure", experience=("service",)))
    first = buttons(page, "add_suggestion")[0]
    press(page, "add_suggestion", first)
    assert values(page)["sheet-inventory-0-experience"] == JA.words.experience["service"].name
    assert first not in buttons(page, "add_suggestion")
    fill(page, "inventory", 0, {"experience": "カフェの店長"})
    assert page.session.record.worksheets["inventory"][0]["experience"] == "カフェの店長"
    before = page.session.record
    press(page, "add_suggestion", "nothing")
    assert page.session.record is before


def test_no_suggestion_is_offered_for_a_full_list() -> None:
    page = opened("inventory")
    for number in range(CATALOG.worksheets["inventory"].rows):
        fill(page, "inventory", number, {"experience": f"{number}"})
    assert buttons(page, "add_suggestion") == []
    assert JA("form_suggestions_full") in html(page)
    before = page.session.record
    press(page, "add_suggestion", "documents_data")
    assert page.session.record is before


def test_who_has_told_no_experience_is_shown_the_way_to_tell_it() -> None:
    page = opened("inventory", Facts(situation="wants_in"))
    assert JA("form_suggestions_untold") in html(page)
    assert buttons(page, "go").count("start") == 3  # in the head, in its menu, and here


def test_a_reason_that_convinces_nobody_gets_a_gentle_word_beside_the_field() -> None:
    page = opened("motive")
    fill(page, "motive", 0, {"reason": "楽そうで、残業がないから"})
    weak = JA.words.weak_reasons
    assert asked(page)["sheet-motive-0-reason"]["hint"] == [weak["easy"].text, weak["fixed_hours"].text]
    fill(page, "motive", 0, {"reason": "支えたいから"})
    assert "hint" not in asked(page)["sheet-motive-0-reason"]


def test_three_parts_of_a_motive_become_a_draft() -> None:
    page = opened("motive")
    fill(page, "motive", 0, {"reason": "支えたい。", "experience": "店で教えた。"})
    assert JA("form_motive_lacks", fields="「その仕事で活かしたいこと」") in html(page)
    fill(page, "motive", 0, {"role": "総務で活かす。"})
    assert JA("form_motive_draft", reason="支えたい。", experience="店で教えた。", role="総務で活かす。") in html(page)


# --- words ---


SUMS: list[list[dict[str, Any]]] = [  # every kind of gain, loss, doubt and gap
    [{**INVOICES, **ERRORS}, {**INVOICES, "task": ""}, {**ERRORS, "errors_after": "9"}, {**INVOICES, "after": "40"}],
    [INVOICES, INVOICES], [ERRORS, ERRORS], [{**INVOICES, **ERRORS}] * 2, [{**INVOICES, "before": "6000"}],
    [{**INVOICES, "after": "30", "errors_before": "5", "errors_after": "5"}], [{**INVOICES, "before": "10.5"}],
    [{**INVOICES, "before": "100", "after": "90"}] * 4,
]  # fmt: skip


def everything(language: Language) -> None:
    """Show every worksheet empty, half filled, full and doubtful, to clients in every situation."""
    experience = tuple(CATALOG.statements["experience"])
    for facts in (Facts(situation="inside", role="hr"), Facts(situation="wants_in"), Facts(experience=experience)):
        page = opened("evaluation", facts, language)
        page.session.answer_sign("no_feedback", "yes")
        _take_stock(page)
        _set_goals(page)
        _give_reasons(page, language)
        press(page, "open_sheet", "quantify")
        for entries in SUMS if facts.role else ():
            while page.session.record.worksheets.get("quantify"):
                page.session.drop_row("quantify", 0)
            for number, entry in enumerate(entries):
                fill(page, "quantify", number, entry)
            for name in CATALOG.worksheets:
                paper(CATALOG, say(CATALOG, language), page.session.record, name)


def _take_stock(page: Page) -> None:
    press(page, "open_sheet", "inventory")
    while offered := buttons(page, "add_suggestion"):
        press(page, "add_suggestion", offered[0])
    fill(page, "inventory", 0, dict.fromkeys(("experience", "strength"), ""))


def _set_goals(page: Page) -> None:
    press(page, "open_sheet", "goals")
    for number, done in enumerate(({}, {"deadline": "2026-12-01"}, {"deadline": "2026-12-01", "agreed": "agreed"})):
        fill(page, "goals", number, {"goal": "締め", "measure": "2日", **done})
    press(page, "take_home", "goals")


def _give_reasons(page: Page, language: Language) -> None:
    press(page, "open_sheet", "motive")
    weak = CATALOG.words[language].weak_reasons.values()
    fill(page, "motive", 0, {"reason": ".".join(reason.phrases[0] for reason in weak)})
    fill(page, "motive", 0, {"experience": "店", "role": "総務"})


@pytest.fixture(params=LANGUAGES)
def heard(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[Language, dict[str, set[str]]]:
    """Everything that was said on the way through all worksheets: the fields given, by key."""
    given: dict[str, set[str]] = {}
    real = Say.__call__

    def spy(self: Say, key: str, **fields: object) -> str:
        given.setdefault(key, set()).update(fields)
        return real(self, key, **fields)

    monkeypatch.setattr(Say, "__call__", spy)
    everything(request.param)
    return request.param, given


def test_every_sentence_of_the_worksheets_is_said_somewhere_with_the_fields_it_has(
    heard: tuple[Language, dict[str, set[str]]],
) -> None:
    language, given = heard
    sentences = CATALOG.words[language].worksheet
    assert set(sentences) - set(given) == set()
    fields = {key: set(re.findall(r"\{(\w+)\}", sentence)) for key, sentence in sentences.items()}
    assert {key: given[key] for key in fields} == fields


@pytest.mark.parametrize("name", CATALOG.worksheets)
def test_an_english_worksheet_is_english(name: str) -> None:
    page = opened(name, Facts(situation="unsure", role="hr", experience=("service",)), "en")
    page.session.answer_sign("no_feedback", "yes")
    known = {text for source in CATALOG.sources.values() for text in (source.publisher, source.title) if text}
    for part in (*panels(page)[2:-1], sheets(page)[0]):
        for text in texts(part):
            rest = text
            for own in known:
                rest = rest.replace(own, "")
            assert not re.search("[\u3040-\u30ff\u4e00-\u9fff]", rest), rest


# --- in the browser ---


def row(number: int, **more: Any) -> list[dict[str, Any]]:
    """Return a row of a form as the sheet gets it."""
    heading = {"id": f"goals-{number}", "type": "heading", "text": f"{number}", "actions": []}
    return [heading | more, {"id": f"sheet-goals-{number}-goal", "type": "line", "text": "目指すこと"}]


DROP = [{"name": "drop_row", "label": "消す"}]


def test_the_heading_of_a_row_carries_its_button_and_none_where_there_is_none(page: Browsed) -> None:
    show(open_blank(page), "sheet", Sheet(), questions=[*row(0, actions=DROP), *row(1)])
    page.get_by_role("button", name="消す").click()
    assert sent(page) == [{"event": "action", "name": "drop_row", "id": "goals-0"}]
    assert page.locator('[data-id="goals-1"]').inner_text() == "1"


def test_what_was_typed_is_sent_before_the_button_that_was_pressed(page: Browsed) -> None:
    show(open_blank(page), "sheet", Sheet(), questions=[*row(0, actions=DROP), *row(1)])
    page.evaluate("""() => {
      const field = document.querySelector("[data-id$=goal] input");
      field.value = "速く";
      field.dispatchEvent(new Event("input", { bubbles: true }));
      document.querySelector("[data-name=drop_row]").click();
    }""")
    assert [message["event"] for message in sent(page)] == ["answer", "action"]


def test_the_keyboard_stays_where_a_button_has_gone(page: Browsed) -> None:
    draft = {"hint": ["下書き：速くします。"], "actions": [{"name": "use_draft", "label": "入れる"}]}
    field = {"id": "sheet-quantify-0-boss", "type": "text", "text": "一文"}
    show(open_blank(page), "sheet", Sheet(), questions=[*row(0, actions=DROP), {**field, **draft}])
    described = str(page.locator("textarea").get_attribute("aria-describedby"))
    assert page.locator(f"#{described}").inner_text() == "下書き：速くします。"
    page.get_by_role("button", name="入れる").press("Enter")
    show_again(page, [*row(0, actions=DROP), field])
    assert page.evaluate("document.activeElement.nodeName") == "TEXTAREA"
    page.get_by_role("button", name="消す").press("Enter")
    show_again(page, [*row(0), field])
    after = "document.querySelector('[data-id=goals-0]').nextElementSibling.contains(document.activeElement)"
    assert page.evaluate(after)  # a heading has no field: the first one below it
    assert page.evaluate("document.activeElement.matches('input, textarea, select')")


def show_again(page: Browsed, questions: list[dict[str, Any]]) -> None:
    """Let Python give the sheet other questions."""
    page.evaluate("async (questions) => { model.update({ questions }); await frames(); }", questions)
