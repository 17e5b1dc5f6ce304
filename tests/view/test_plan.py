"""The plan on the screen, what comes back of it, the adviser's markers and what stands beside last time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.content.words import LANGUAGES, Language
from advisor.report import charts
from advisor.report.sanitize import action_name
from advisor.scoring.reading import read
from advisor.session import record as records
from advisor.session.forms import LINE_MAX
from advisor.session.model import STATUSES, Action, Record
from advisor.session.plans import MOST_ACTIONS
from advisor.session.session import Past, Rejected, Session
from advisor.view.widgets.widgets import Sheet
from advisor.view.workbook import plan
from advisor.view.workbook.page import Page
from tests.pages import Markup, adviser_part, html, send, sheets, shown, texts, visit
from tests.pages import charts as charts_of
from tests.support import CATALOG, FRUSTRATIONS, keyed, quick, session

if TYPE_CHECKING:
    from advisor.view.widgets.widgets import Chart
    from advisor.view.workbook.questions import Question

JA = say(CATALOG, "ja")
STEPS = tuple(CATALOG.steps)
TODAY = date(2026, 11, 21)
LAST = date(2026, 10, 3)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>{0}"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be one day in all tests."""
    monkeypatch.setattr(plan, "now", lambda: datetime.combine(TODAY, datetime.min.time()).replace(hour=10))


def page(one: Session, screen: str = "plan") -> Page:
    """Return the page of a session at a screen."""
    opened = Page(one)
    one.go(screen)
    return opened


def asked(opened: Page) -> dict[str, Question]:
    """Return every question that can be seen, by id."""
    return {question["id"]: question for one in sheets(opened) for question in one.questions}


def holding(opened: Page, question: str) -> Sheet:
    """Return the sheet on which a question stands."""
    return next(one for one in sheets(opened) if question in {row["id"] for row in one.questions})


def answer(opened: Page, question: str, value: object) -> None:
    """Answer a question as the browser would."""
    send(holding(opened, question), event="answer", id=question, value=value)


def followed(before: Case, after: Case, review: tuple[Action, ...] = ()) -> Session:
    """Return a session with a visit before it."""
    old = replace(records.new(CATALOG), case=before)
    record = replace(records.new(CATALOG), case=after, review=review, revision=1)
    return Session(CATALOG, record, last=Past(old, read(CATALOG, before.responses, before.facts), LAST))


# --- cards of actions ---


def test_the_plan_says_what_to_do_first_while_it_is_empty() -> None:
    opened = page(session())
    said = Markup(html(opened))
    assert JA("plan_empty_title") in said.text
    assert JA("horizon_empty") in said.text
    assert {"next", ""} <= set(said.named("data-id"))
    assert set(asked(opened)) == {"next_at"}


def test_each_action_has_a_card_and_a_form_and_the_rest_stays_out_of_sight() -> None:
    one = session()
    one.choose(STEPS[0])
    one.add_action()
    opened = page(one)
    fields = ("what", "first", "by", "helper", "known_by", "status")
    wanted = {f"action-{name}-{field}" for name in ("a1", "a2") for field in fields}
    assert wanted <= set(asked(opened))
    cards = opened.screens["plan"].box.children[1].children[0].children[:3]
    assert [card.layout.display for card in cards] == [None, None, "none"]
    one.put_aside("a1")
    assert [card.layout.display for card in cards] == [None, "none", "none"]


def test_an_action_is_filled_in_on_its_card_and_its_name_follows() -> None:
    one = session()
    one.choose(STEPS[0])
    opened = page(one)
    assert CATALOG.words["ja"].steps[STEPS[0]].name in html(opened)
    answer(opened, "action-a1-what", "週に一度、上司に報告する")
    answer(opened, "action-a1-by", "2026-12-01")
    assert one.record.plan.actions[0] == Action("a1", STEPS[0], "週に一度、上司に報告する", by=date(2026, 12, 1))
    assert "週に一度、上司に報告する" in html(opened)
    assert holding(opened, "action-a1-by").values["action-a1-by"] == "2026年12月1日（火）"
    answer(opened, "action-a1-by", "12月1日（水）")
    assert asked(opened)["action-a1-by"]["error"] == JA("error_weekday")
    assert holding(opened, "action-a1-by").values["action-a1-by"] == "12月1日（水）"  # it stays as it was typed
    assert one.record.plan.actions[0].by == date(2026, 12, 1)


def test_a_step_suggests_beside_the_fields_and_fills_none() -> None:
    one = session()
    one.choose(STEPS[0])
    questions, words = asked(page(one)), CATALOG.words["ja"].steps[STEPS[0]]
    assert questions["action-a1-what"]["placeholder"] == words.name
    assert words.first_action in questions["action-a1-first"]["help"]
    assert words.worked in questions["action-a1-known_by"]["help"]
    assert one.record.plan.actions == (Action("a1", STEPS[0]),)


def test_whether_it_helped_is_asked_once_it_was_done() -> None:
    one = session()
    one.add_action()
    opened = page(one)
    for status in STATUSES:
        answer(opened, "action-a1-status", status)
        assert ("action-a1-helped" in asked(opened)) is (status in {"done", "partly"})


@pytest.mark.parametrize(
    ("by", "status", "hint"),
    [(date(2026, 11, 20), "open", True), (date(2026, 11, 20), "partly", True), (date(2026, 11, 20), "done", False),
     (TODAY, "open", False), (TODAY + timedelta(1), "open", False), (None, "open", False)],
)  # fmt: skip
def test_a_day_that_has_passed_is_a_gentle_hint_and_no_error(by: date | None, status: Any, hint: bool) -> None:
    question = {row["id"]: row for row in plan.questions(JA, Action("a1", by=by, status=status))}["action-a1-by"]
    assert (question["help"] == JA("ask_action_by_past")) is hint
    assert "error" not in question


def test_what_cannot_be_used_stands_as_typed_beside_the_reason_and_the_record_keeps_the_last_that_could() -> None:
    one = session()
    one.add_action()
    opened = page(one)
    answer(opened, "action-a1-what", "早く帰る")
    answer(opened, "action-a1-what", "あ" * (LINE_MAX + 1))
    assert asked(opened)["action-a1-what"]["error"] == JA("error_text", most=LINE_MAX)
    assert holding(opened, "action-a1-what").values["action-a1-what"] == "あ" * (LINE_MAX + 1)
    assert one.record.plan.actions[0].what == "早く帰る"
    answer(opened, "action-a1-what", "もっと早く帰る")
    assert "error" not in asked(opened)["action-a1-what"]


def test_a_new_action_never_begins_with_what_was_typed_into_one_that_is_gone() -> None:
    one = session()
    one.add_action()
    one.fill("action-a1-what", "あ" * (LINE_MAX + 1))
    one.put_aside("a1")
    one.add_action()
    assert (one.record.plan.actions, one.typed) == ((Action("a1"),), {})


@settings(max_examples=30)
@given(data=st.data())
def test_whatever_an_action_offers_can_be_chosen(data: st.DataObject) -> None:
    one = session()
    one.choose(STEPS[0])
    one.fill("action-a1-status", "done")
    choices = [row for row in plan.questions(JA, one.record.plan.actions[0]) if "options" in row]
    row = data.draw(st.sampled_from(choices))
    option = data.draw(st.sampled_from(row["options"]))["id"]
    one.fill(row["id"], option)
    assert getattr(one.record.plan.actions[0], row["id"].split("-")[2]) == option


# --- putting aside ---


def test_an_action_put_aside_is_listed_with_the_way_back() -> None:
    one = session()
    one.add_action()
    one.fill("action-a1-what", "早く帰る")
    opened = page(one)
    send(opened.screens["plan"].pieces[1].widget, event="action", name="put_aside", id="a1")
    said = Markup(html(opened))
    assert "早く帰る" in said.text
    assert ("take_back", "a1") in zip(said.named("data-action"), said.named("data-id"), strict=True)
    one.take_back("a1")
    assert JA("plan_aside_title") not in html(opened)


def test_a_full_plan_offers_neither_another_action_nor_the_way_back() -> None:
    one = session()
    for step in STEPS[:3]:
        one.choose(step)
    one.fill("action-a1-first", "電話する")
    one.choose(STEPS[0])
    one.choose(STEPS[3])
    said = Markup(html(page(one)))
    assert "add_action" not in said.named("data-action")
    assert "take_back" not in said.named("data-action")
    assert JA("plan_full", most=3) in said.text


def test_a_plan_that_has_kept_all_it_can_says_so() -> None:
    one = session()
    for _ in range(MOST_ACTIONS):
        one.add_action()
        name = one.record.plan.actions[-1].id
        one.fill(f"action-{name}-what", "x")
        one.put_aside(name)
    said = Markup(html(page(one)))
    assert JA("plan_kept", most=MOST_ACTIONS) in said.text
    assert "add_action" not in said.named("data-action")
    with pytest.raises(Rejected):
        one.add_action()


# --- the days ahead ---


@pytest.mark.parametrize(
    ("days", "group"),
    [(-1, "overdue"), (0, "30"), (30, "30"), (31, "60"), (60, "60"), (61, "90"), (90, "90"), (91, "later"),
     (None, "undated")],
)  # fmt: skip
def test_an_action_stands_where_its_day_is(days: int | None, group: str) -> None:
    action = Action("a1", by=None if days is None else TODAY + timedelta(days))
    found = plan.horizon((action,), TODAY)
    assert [name for name, rows in found.items() if rows] == [group]


@pytest.mark.parametrize("status", ["done", "not"])
def test_what_is_settled_is_never_overdue(status: Any) -> None:
    for by in (TODAY - timedelta(9), TODAY + timedelta(9), None):
        assert plan.horizon((Action("a1", by=by, status=status),), TODAY)["closed"]


@given(st.lists(st.none() | st.dates(date(2025, 1, 1), date(2028, 1, 1)), max_size=6))
def test_the_view_of_the_days_ahead_loses_nothing_and_puts_the_nearest_first(days: list[date | None]) -> None:
    actions = tuple(Action(f"a{number}", by=by) for number, by in enumerate(days, 1))
    groups = plan.horizon(actions, TODAY)
    listed = [action for rows in groups.values() for action in rows]
    assert sorted(action.id for action in listed) == sorted(action.id for action in actions)
    dated = [action.by for action in listed if action.by]
    assert dated == sorted(dated)


@pytest.mark.parametrize(("language", "told"), [("ja", "12月1日(火)"), ("en", "Tue 1 Dec")])
def test_days_are_written_in_the_language_with_their_weekday(language: Language, told: str) -> None:
    one = session()
    one.choose(STEPS[0])
    one.fill("action-a1-by", "2026-12-01")
    one.speak(language)
    assert told in Markup(html(page(one))).text


def test_a_day_of_another_year_carries_its_year() -> None:
    assert plan.when(JA, date(2027, 1, 5), TODAY) == "2027年1月5日"


def test_actions_without_any_day_lead_to_the_first_one() -> None:
    one = session()
    one.choose(STEPS[0])
    opened = page(one)
    assert JA("horizon_no_dates") in html(opened)
    one.fill("action-a1-by", "2026-12-01")
    assert JA("horizon_no_dates") not in html(opened)


# --- next session ---


def test_the_next_session_is_kept_and_shown_and_a_past_one_is_a_hint() -> None:
    one = session()
    opened = page(one)
    answer(opened, "next_at", "12/21")
    assert asked(opened)["next_at"]["error"] == JA("error_moment_time")
    answer(opened, "next_at", "2026年12月21日 午後2時")
    assert one.record.next_at == datetime(2026, 12, 21, 14)  # noqa: DTZ001  (local time)
    assert holding(opened, "next_at").values["next_at"] == "2026年12月21日（月）14:00"
    assert asked(opened)["next_at"]["picked"] == "2026-12-21T14:00"
    assert "2026年12月21日(月) 14:00" in html(opened)
    assert asked(opened)["next_at"]["help"] == JA("ask_next_at_help")
    answer(opened, "next_at", "2026-11-21T09:00")
    assert asked(opened)["next_at"]["help"] == JA("ask_next_at_past")
    answer(opened, "next_at", "")
    assert one.record.next_at is None


# --- last time's actions ---


REVIEW = (
    Action("a1", STEPS[0], first="電話する", by=date(2026, 10, 20)),
    Action("a2", None, what="早く帰る"),
)  # fmt: skip


def test_a_first_visit_has_nothing_to_look_back_on() -> None:
    opened = page(session(), "start")
    assert not [name for name in asked(opened) if name.startswith("review")]
    assert opened.screens["start"].box.children[2].layout.display == "none"


def test_last_times_actions_come_back_with_what_was_agreed() -> None:
    opened = page(followed(Case(), Case(), REVIEW), "start")
    questions = asked(opened)
    assert opened.screens["start"].box.children[1].layout.display is None
    first, second = questions["review-a1-status"], questions["review-a2-status"]
    assert CATALOG.words["ja"].steps[STEPS[0]].name in first["text"]
    assert "電話する" in first["help"]
    assert "2026年10月20日" in first["help"]
    assert "早く帰る" in second["text"]
    assert holding(opened, "review-a1-status").values["review-a1-status"] is None


@pytest.mark.parametrize(("helped", "told"), [("yes", "with_effect"), ("no", "without_effect")])
def test_what_became_of_a_step_counts_as_tried_and_that_is_said(helped: str, told: str) -> None:
    one = followed(Case(), Case(), REVIEW)
    opened = page(one, "start")
    assert "review-a1-helped" not in asked(opened)
    answer(opened, "review-a1-status", "done")
    assert asked(opened)["review-a1-helped"]["help"] == ""
    answer(opened, "review-a1-helped", helped)
    assert one.record.case.facts.tried == {STEPS[0]: told}
    assert asked(opened)["review-a1-helped"]["help"] == JA("review_tried")


def test_enough_steps_tried_in_vain_open_the_gate_of_the_advice() -> None:
    relevant = ("propose_improvement", "quantify", "cross_department")
    review = tuple(Action(f"a{number}", step) for number, step in enumerate(relevant, 1))
    worried = Case(quick("visibility", "sandwiched", point=5), facts=Facts(situation="inside"))
    one = followed(Case(), worried, review)
    opened = page(one, "start")
    closed = {gate.gate for gate in one.reading.gates if gate.open}
    for action in review:
        answer(opened, f"review-{action.id}-status", "done")
        answer(opened, f"review-{action.id}-helped", "no")
    assert {gate.gate for gate in one.reading.gates if gate.open} > closed


def test_an_action_without_a_step_does_not_claim_to_count() -> None:
    one = followed(Case(), Case(), REVIEW)
    opened = page(one, "start")
    answer(opened, "review-a2-status", "partly")
    answer(opened, "review-a2-helped", "yes")
    assert asked(opened)["review-a2-helped"]["help"] == ""
    assert one.record.case.facts.tried == {}


@pytest.mark.parametrize("name", ["a1", "a2"])
def test_an_action_is_carried_into_the_plan_once(name: str) -> None:
    one = followed(Case(), Case(), REVIEW)
    opened = page(one, "start")
    question = f"review-{name}-status"
    assert [action["name"] for action in asked(opened)[question]["actions"]] == ["carry"]
    send(holding(opened, question), event="action", name="carry", id=question)
    old = next(action for action in REVIEW if action.id == name)
    assert [action_name(JA, action) for action in one.record.plan.chosen] == [action_name(JA, old)]
    assert asked(opened)[question]["actions"] == []
    assert JA("review_carried") in asked(opened)[question]["help"]


def test_a_full_plan_takes_nothing_over_and_says_why() -> None:
    one = followed(Case(), Case(), REVIEW)
    for step in STEPS[1:4]:
        one.choose(step)
    opened = page(one, "start")
    assert asked(opened)["review-a1-status"]["actions"] == []
    assert JA("review_full", most=3) in html(opened)
    with pytest.raises(Rejected):
        one.carry("a1")


# --- markers ---


@pytest.mark.parametrize(("screen", "item"), [("aptitude", "support_1"), ("frustrations", "reward_1")])
def test_the_adviser_places_markers_in_their_own_part_for_the_questions_on_the_screen(screen: str, item: str) -> None:
    one = session(Case(quick("support", "reward", point=4)))
    opened, reading = page(one, screen), one.reading
    adviser_part(opened, screen)
    asked_here = [question for question in asked(opened) if not question.startswith("marker-")]
    _, markers = opened.private.markers.pieces
    sheet = markers.widget
    assert isinstance(sheet, Sheet)
    given = {question["id"]: question for question in sheet.questions}
    assert given[f"marker-{item}"]["labels"] == asked(opened)[item]["labels"]
    assert {name.removeprefix("marker-") for name in given} <= set(asked_here)
    send(sheet, event="answer", id=f"marker-{item}", value=1)
    assert sheet.values == {f"marker-{item}": 1}
    assert (one.record.markers, one.record.case.responses[item]) == ({item: 1}, 4)
    assert one.reading == reading
    adviser_part(opened, "results")  # elsewhere only those that were placed
    assert [question["id"] for question in sheet.questions] == [f"marker-{item}"]
    send(sheet, event="answer", id=f"marker-{item}", value=None)
    assert one.record.markers == {}
    assert opened.private.markers.widget.layout.display == "none"


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_the_two_differ_is_offered_on_the_results_in_both_views(language: Language) -> None:
    one = session(Case(quick("reward", "support", point=5)))
    words = say(CATALOG, language)
    one.speak(language)
    one.place_marker("reward_1", 2)
    one.place_marker("support_1", 4)
    said = Markup(adviser_part(page(one), "results")).text
    item = CATALOG.items["reward_1"]
    labels = words.words.labels[item.labels]
    assert words("talking_text") in said
    for text in (words.words.items["reward_1"], labels[4], labels[1]):
        assert text in said
    assert words.words.items["support_1"] not in said


def test_no_marker_is_seen_on_the_summary() -> None:
    one = session(Case(quick("reward", point=5)))
    one.place_marker("reward_1", 1)
    opened = page(one, "summary")
    said = [text for part in shown(opened) for text in texts(part)]
    assert not [text for text in said if JA("talking_title") in text or JA("talking_adviser") + " <strong>" in text]
    assert not [text for text in said if CATALOG.words["ja"].items["reward_1"] in text]


# --- beside last time ---


def full(*points: int) -> Case:
    items = CATALOG.items_of("sandwiched")
    answers = {item.id: keyed(item, point) for item, point in zip(items, points, strict=True)}
    return Case(answers, facts=Facts(widened=("sandwiched",)))


def lines(radar: Chart) -> int:
    """Return how many readings a radar shows."""
    return sum("markers" in trace["mode"] for trace in radar.figure["data"])


def test_nothing_is_compared_at_a_first_visit() -> None:
    opened = page(session(Case(quick(*FRUSTRATIONS, point=4))), "results")
    assert 'id="changes"' not in html(opened)
    assert 'id="change-table"' not in adviser_part(opened, "results")
    assert lines(charts_of(opened)[0]) == 1


def test_changes_are_said_scale_by_scale_with_the_day_of_last_time() -> None:
    before = Case(quick("sandwiched", "reward", "support", "novelty", point=4))
    after = Case({**quick("sandwiched", point=3), **quick("reward", point=5), **quick("support", point=2),
                  **quick("novelty", point=4)})  # fmt: skip
    opened = page(followed(before, after), "results")
    said = Markup(html(opened) + adviser_part(opened, "results")).text
    names = {scale: CATALOG.words["ja"].scales[scale].name for scale in ("sandwiched", "reward", "support", "novelty")}
    assert JA("change_title", date="2026年10月3日") in said
    assert JA("change_easier", name=names["sandwiched"], before=75, after=50) in said
    assert JA("change_harder", name=names["reward"], before=75, after=100) in said
    assert JA("change_moved", name=names["support"], before=75, after=25) in said
    assert JA("change_same", names=JA.quoted([names["novelty"]])) in said


def test_a_quick_form_is_called_what_it_is_and_claims_nothing() -> None:
    said = Markup(html(page(followed(Case(quick("reward", point=1)), Case(quick("reward", point=5))), "results"))).text
    assert JA("change_quick_note") in said
    for key in ("change_beyond", "change_within", "change_full_note", "meaning_beyond", "meaning_within"):
        assert JA(key) not in said


def test_the_full_form_is_compared_with_measurement_error_and_labelled_provisional() -> None:
    opened = page(followed(full(5, 5, 5), full(1, 1, 1)), "results")
    said = Markup(html(opened) + adviser_part(opened, "results")).text
    assert JA("change_rough", text=JA("change_beyond")) in said
    assert JA("change_full_note") in said
    assert JA("change_quick_note") not in said


def test_many_small_changes_are_counted_and_many_large_ones_are_left_to_the_table() -> None:
    calm = followed(Case(quick(*FRUSTRATIONS, point=4)), Case(quick(*FRUSTRATIONS, point=4)))
    assert JA("change_same_many", number=9) in html(page(calm, "results"))
    moved = page(followed(Case(quick(*FRUSTRATIONS, point=4)), Case(quick(*FRUSTRATIONS, point=1))), "results")
    told = adviser_part(moved, "results")
    assert JA("change_rest", number=4) in told
    table = told.partition('id="change-table"')[2]
    assert [table.count(f">{CATALOG.words['ja'].scales[scale].name}</th>") for scale in FRUSTRATIONS] == [1] * 9


def test_before_the_client_changes_are_named_together_without_a_figure_or_a_word_of_statistics() -> None:
    before = Case(
        {**full(5, 5, 5).responses, **quick("reward", "support", point=2)}, facts=Facts(widened=("sandwiched",))
    )
    after = Case(
        {**full(1, 1, 1).responses, **quick("reward", "support", point=5)}, facts=Facts(widened=("sandwiched",))
    )
    opened = page(followed(before, after), "results")
    shared, private = html(opened), adviser_part(opened, "results")
    names = CATALOG.words["ja"].scales
    assert JA("change_all_harder", names=JA.quoted([names["reward"].name])) in shared
    assert JA("change_all_easier", names=JA.quoted([names["sandwiched"].name])) in shared
    assert JA("change_all_moved", names=JA.quoted([names["support"].name])) in shared
    for word in ("Truax", "25から100"):
        assert word not in shared
        assert word in private


def test_nothing_in_common_is_said_openly() -> None:
    opened = page(followed(Case(quick("reward", point=4)), Case(quick("criteria", point=4))), "results")
    assert JA("change_none") in html(opened)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_radar_shows_last_time_as_a_dotted_line_and_says_so_in_words(language: Language) -> None:
    one = followed(Case(quick(*FRUSTRATIONS, point=4)), Case(quick(*FRUSTRATIONS, point=2)))
    one.speak(language)
    opened, words = page(one, "results"), say(CATALOG, language)
    radar = charts_of(opened)[0]
    today, last = radar.figure["data"][:2]
    assert (today["r"][0], last["r"][0]) == (25, 75)
    assert "dash" not in today["line"]
    assert last["line"]["dash"] == "dot"
    assert last["line"]["width"] < today["line"]["width"]
    assert last["marker"]["symbol"] == "diamond-open"
    told = {"ja": "2026年10月3日", "en": "3 October 2026"}[language]
    assert words("radar_last", date=told) in html(opened)
    spoken = charts.chart_in_words(words.words, one.last.reading, FRUSTRATIONS) if one.last else ""
    assert words("radar_alt_last", date=told, values=spoken) in radar.alt


def test_last_time_does_not_lead_the_answers_while_they_are_given() -> None:
    one = followed(Case(quick(*FRUSTRATIONS, point=4)), Case(quick(*FRUSTRATIONS, point=2)))
    opened = page(one, "frustrations")
    (radar,) = charts_of(opened)
    assert lines(radar) == 1
    assert radar.live is not None
    assert radar.live["trace"] == 0


def test_a_scale_that_last_time_did_not_know_is_a_gap_in_its_line() -> None:
    now = read(CATALOG, quick(*FRUSTRATIONS, point=3), Facts())
    old = replace(now, scores={name: score for name, score in now.scores.items() if name != FRUSTRATIONS[0]})
    figure = charts.radar(CATALOG, CATALOG.words["ja"], now, last=old)
    assert figure["data"][1]["r"][:2] == [None, 50]
    assert CATALOG.words["ja"].scales[FRUSTRATIONS[0]].name not in charts.chart_in_words(
        CATALOG.words["ja"], old, FRUSTRATIONS
    )


# --- what is typed never becomes markup ---


@pytest.mark.parametrize("screen", ["start", "plan", "next", "results"])
def test_what_was_typed_into_a_plan_is_shown_as_typed(screen: str) -> None:
    one = followed(Case(), Case(), (Action("a1", what=HOSTILE, first=HOSTILE),))
    one.add_action()
    one.fill("action-a1-what", HOSTILE)
    one.add_action()
    one.fill("action-a2-what", HOSTILE)
    one.put_aside("a2")
    opened = Page(one)
    read_html = Markup(visit(opened, screen))
    assert not [tag for tag, attributes in read_html.tags if tag in {"script", "img"} or "onerror" in attributes]
    if screen == "plan":
        assert HOSTILE in read_html.text


def test_a_record_that_went_through_the_screen_can_be_stored() -> None:
    one = followed(Case(), Case(), REVIEW)
    opened = page(one, "start")
    answer(opened, "review-a1-status", "done")
    answer(opened, "review-a1-helped", "no")
    one.carry("a2")
    one.go("plan")
    answer(opened, "action-a1-by", "2026-12-01")
    one.fill("notes", "𠮷")
    stored: Record | None = records.load(CATALOG, records.dump(one.record))
    assert stored == one.record
