"""Old visits are what was said then: read first, corrected on purpose, and a new one belongs to the same client."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.report.handout import handout
from advisor.report.sentences import day, full_day
from advisor.session import record as records
from advisor.session.model import LONGEST_SESSION, TOKYO, Action, Plan, Record, Visit, day_of, is_over
from advisor.session.session import Rejected, Session
from advisor.store import NotRead, NotSaved, Store, access_log
from advisor.store.import_visits import FIRST, import_visits
from advisor.store.open_visit import Opened, open_visit
from advisor.view.desk.desk import Desk
from advisor.view.widgets.widgets import Sheet
from advisor.view.workbook.page import Page
from tests.desks import STEP, client
from tests.pages import everything, html, panels, send, sheets, tour
from tests.session.test_session import CHANGES
from tests.support import CATALOG, FRUSTRATIONS, quick

if TYPE_CHECKING:
    from collections.abc import Callable

JA = say(CATALOG, "ja")
NOW = datetime.now(UTC)
TODAY = day_of(NOW)
CANARY = "カナリア株式会社"
SKIPPED = next(CATALOG.active_items(one)[0].id for one in FRUSTRATIONS if one not in {"reward", "criteria"})
SAID = replace(
    records.new(CATALOG),
    case=Case(quick("reward", "criteria", point=5), facts=Facts(situation="inside", wish="評価のことを話したい")),
    plan=Plan(actions=(Action("a1", STEP, by=TODAY),)),
    revision=7,
)


def at(days: int) -> datetime:
    """Return noon in the room, so many days from today."""
    return datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=TOKYO) + timedelta(days=days)


def kept(store: Store, *visits: Visit) -> str:
    """Store a client with these visits and return its id."""
    name = import_visits(store, client("C-001", until=TODAY + timedelta(days=300)), visits)
    assert name is not None
    return name


def visit(days: int, record: Record = SAID, name: str = "v") -> Visit:
    """Return a visit that began at noon, so many days from today."""
    return Visit(name, record, at(days), at(days), "somebody")


@pytest.fixture
def known(store: Store) -> str:
    """A client with a visit of 25 days ago."""
    return kept(store, visit(-25))


def old(store: Store, owner: str) -> Opened:
    """Open the client's first visit."""
    return open_visit(store, store.visits(owner)[0].id)


def shown(opened: Opened) -> Page:
    """Return the page of an opened visit."""
    return Page(opened.session, opened.autosave, notice=opened.notice)


def state(page: Page) -> str:
    """Return whether the page's visit is today's, read or corrected."""
    return page.session.state


def press(page: Page, name: str) -> None:
    """Press a button of the page."""
    send(page.keeping.widget, event="action", name=name, id="x")


def stored(store: Store, opened: Opened) -> Visit:
    """Return a visit as it is stored."""
    found = store.visit(opened.autosave.visit)
    assert found is not None
    return found


# --- which visit is an old one ---


@pytest.mark.parametrize(
    ("begun", "seen", "over"),
    [
        ("2026-11-03 09:00", "2026-11-03 23:59", False),
        ("2026-11-03 01:00", "2026-11-03 20:00", False),
        ("2026-11-03 22:30", "2026-11-04 00:10", False),  # a session that runs over midnight
        ("2026-11-03 22:30", "2026-11-04 09:00", True),
        ("2026-11-03 14:00", "2026-11-04 00:10", True),
        ("2026-11-05 14:00", "2026-11-04 09:00", False),  # a clock that was wrong
    ],
)
def test_a_visit_is_old_when_its_day_and_the_session_are_past(begun: str, seen: str, over: bool) -> None:
    moments = [datetime.fromisoformat(text).replace(tzinfo=TOKYO) for text in (begun, seen)]
    assert is_over(moments[0], moments[1].astimezone(UTC)) is over


def test_a_visit_of_today_goes_on_and_an_old_one_is_read(store: Store) -> None:
    owner = kept(store, visit(-1), Visit("v2", SAID, NOW, NOW, "somebody"))
    first, second = (open_visit(store, one.id).session for one in store.visits(owner))
    assert (first.state, first.day) == ("read", TODAY - timedelta(days=1))
    assert (second.state, second.day) == ("live", TODAY)


def test_a_new_session_that_nobody_used_over_night_begins_on_the_day_of_its_first_answer(store: Store) -> None:
    opened = open_visit(store)
    assert (opened.session.started, opened.session.day) == (None, TODAY)
    opened.session.tell_wish(CANARY)
    assert opened.session.started == stored(store, opened).started


# --- reading ---


@pytest.mark.parametrize("name", [name for name in CHANGES if name not in {"go", "speak"}])
def test_the_session_itself_refuses_every_change_of_a_visit_that_is_read(store: Store, known: str, name: str) -> None:
    session = old(store, known).session
    before = session.record
    with pytest.raises(Rejected):
        CHANGES[name](session)
    assert session.record == before


READ_ONLY: dict[str, Callable[[Session], None]] = {
    "an action": lambda one: one.fill("action-a1-what", CANARY),
    "notes": lambda one: one.fill("notes", CANARY),
    "an appointment": lambda one: one.fill("next_at", "2031-01-01T10:00"),
    "a worksheet": lambda one: one.fill("sheet-goals-0-goal", CANARY),
    "a marker": lambda one: one.place_marker("reward_1", 2),
    "put aside": lambda one: one.put_aside("a1"),
    "take home": lambda one: one.take_home("goals"),
    "another action": lambda one: one.add_action(),
    "unusable years": lambda one: one.tell_years("たくさん"),
    "today's scoring": lambda one: one.modernise(),
}


@pytest.mark.parametrize("name", READ_ONLY)
def test_neither_plan_nor_notes_nor_worksheets_can_be_changed_while_reading(
    store: Store, known: str, name: str
) -> None:
    session = old(store, known).session
    before = (session.record, dict(session.typed), session.catalog)
    with pytest.raises(Rejected):
        READ_ONLY[name](session)
    assert (session.record, dict(session.typed), session.catalog) == before


def test_one_can_walk_through_an_old_visit_and_switch_its_language_without_a_trace(store: Store, known: str) -> None:
    opened = old(store, known)
    page, before = shown(opened), stored(store, opened)
    for _ in tour(page):
        pass
    page.session.speak("en")
    assert page.session.record.language == "en"
    assert stored(store, opened) == before
    assert [one.action for one in access_log.entries(store) if one.visit == before.id] == ["imported", "opened"]


def test_the_day_stands_on_every_screen_and_nothing_there_is_a_control_of_the_record(store: Store, known: str) -> None:
    page = shown(old(store, known))
    allowed = {"go", "speak", "suppose", "open_sheet", "export"}
    for name in tour(page):
        assert JA("visit_day", day=full_day("ja", at(-25).date())) in page.header.widget.html
        assert JA("read_title", day=full_day("ja", at(-25).date())) in page.keeping.widget.html
        for sheet in sheets(page) if name != "supposing" else ():
            assert {one["type"] for one in sheet.questions} <= {"heading", "told"}, name
            assert not any(one.get("actions") for one in sheet.questions), name
        for panel in panels(page)[1:-1]:
            assert {part.split('"')[0] for part in panel.html.split('data-action="')[1:]} <= allowed, name


def test_what_was_answered_stands_as_text(store: Store) -> None:
    full = replace(
        SAID,
        case=replace(SAID.case, marks={SKIPPED: "skip"}, facts=replace(SAID.case.facts, experience=())),
        next_at=datetime(2026, 12, 5, 14, 0),  # noqa: DTZ001  (the room's own time)
    )
    page = shown(old(store, kept(store, visit(-25, full))))

    def told() -> dict[str, Any]:
        return {one["id"]: one for sheet in sheets(page) for one in sheet.questions if one["type"] == "told"}

    assert told()["wish"]["answer"] == "評価のことを話したい"
    assert told()["situation"]["answer"] == JA("situation_inside")
    assert (told()["years"]["answer"], told()["years"]["given"]) == (JA("read_nothing"), False)
    page.session.go("frustrations")
    item = CATALOG.items["reward_1"]
    labels = CATALOG.words["ja"].labels[item.labels]
    asked = told()["reward_1"]
    assert (asked["answer"], asked["point"], asked["low"], asked["high"]) == (labels[5 - item.low], 5, 1, 5)
    assert told()[SKIPPED]["answer"] == JA("sheet_unanswered")
    page.session.go("plan")
    assert told()["action-a1-by"]["answer"] == day("ja", TODAY)
    assert told()["next_at"]["answer"] == "2026年12月5日(土) 14:00"


def test_what_if_can_be_played_beside_an_old_visit(store: Store, known: str) -> None:
    opened = old(store, known)
    page = shown(opened)
    page.session.go("next")
    page.session.suppose(page.session.record.case)
    (playing,) = (part for part in everything(page) if isinstance(part, Sheet) and not part.resumes)
    send(playing, event="answer", id="reward_1", value=1)
    assert page.session.supposed is not None
    assert page.session.supposed.responses["reward_1"] == 1
    assert stored(store, opened).record == page.session.record or page.session.record.case == SAID.case


def test_no_sample_takes_the_place_of_an_old_visit_of_nobody(store: Store) -> None:
    import_visits(store, None, (replace(visit(-2), client=None),))
    (lonely,) = store.visits(None)
    page = shown(open_visit(store, lonely.id))
    assert 'data-action="sample"' not in html(page)
    for _ in range(2):
        send(page.footer.widget, event="action", name="sample", id="a_accounting")
        page.session.is_read_only = False
    assert store.visit(lonely.id) == lonely


# --- correcting ---


def test_correcting_is_an_act_of_its_own_that_keeps_the_day_and_stands_in_the_history(store: Store, known: str) -> None:
    opened = old(store, known)
    page, before = shown(opened), stored(store, opened)
    press(page, "correct")
    assert state(page) == "correct"
    assert JA("correcting_title", day=full_day("ja", at(-25).date())) in page.keeping.widget.html
    assert stored(store, opened).record == before.record  # nothing was changed yet
    assert "corrected" not in [one.action for one in access_log.entries(store)]
    page.session.respond("reward_1", 2)
    page.session.respond("reward_1", 3)
    after = stored(store, opened)
    assert after.record.case.responses["reward_1"] == 3
    assert (after.started, [day_of(moment) for moment in after.record.corrected]) == (before.started, [TODAY])
    assert store.events(after.id)[-1].patch["case"] == {"responses": {"reward_1": 3}}
    assert day_of(store.events(after.id)[-1].at) == TODAY
    logged = [one for one in access_log.entries(store) if one.action == "corrected"]
    assert [(one.client, one.visit) for one in logged] == [(known, after.id)]
    assert store.replay(after.id) == after.record
    press(page, "end_correction")
    assert state(page) == "read"
    with pytest.raises(Rejected):
        page.session.respond("reward_1", 5)


def test_each_time_somebody_corrects_is_told_apart(store: Store, known: str) -> None:
    for point in (2, 3):
        page = shown(old(store, known))
        press(page, "correct")
        page.session.respond("reward_1", point)
    corrected = store.visits(known)[0].record.corrected
    assert len(corrected) == 2
    assert [one.action for one in access_log.entries(store)].count("corrected") == 2


def test_only_looking_around_while_correcting_is_no_correction(store: Store, known: str) -> None:
    page = shown(old(store, known))
    page.session.go("results")
    press(page, "correct")
    page.session.go("plan")
    assert store.visits(known)[0].record.corrected == ()
    assert "corrected" not in [one.action for one in access_log.entries(store)]


def test_a_visit_of_today_is_never_noted_as_corrected(store: Store) -> None:
    opened = open_visit(store)
    opened.session.tell_wish(CANARY)
    opened.session.tell_wish("別のこと")
    assert stored(store, opened).record.corrected == ()


def test_going_back_to_reading_waits_until_all_is_stored(
    store: Store, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(old(store, known))
    press(page, "correct")

    def fail(*_: object) -> None:
        raise NotSaved

    with monkeypatch.context() as broken:
        broken.setattr(Store, "save", fail)
        page.session.respond("reward_1", 2)
        press(page, "end_correction")
        assert state(page) == "correct"
        assert JA("correct_end") not in page.keeping.widget.html
    send(page.lifeline, event="ping")
    page.session.tell_years("たくさん")
    press(page, "end_correction")
    assert page.session.typed  # nothing that was typed goes
    assert store.visits(known)[0].record.case.responses["reward_1"] == 2


def test_papers_carry_the_day_of_the_visit_and_of_the_correction(store: Store, known: str) -> None:
    opened, then = old(store, known), day("ja", at(-25).date())
    paper = handout(opened.session, TODAY)
    assert paper.date == f"{then}　{JA('paper_made', day=day('ja', TODAY))}"
    assert paper.title == JA("summary_title_then")
    assert "今日" not in f"{paper.title} {paper.wish_title} {paper.told_title}"
    opened.autosave.correct()
    opened.session.respond("reward_1", 2)
    assert f"　{JA('paper_corrected', days=day('ja', TODAY))}　" in handout(opened.session, TODAY).date


def test_a_paper_of_today_has_one_day_only(store: Store) -> None:
    opened = open_visit(store)
    opened.session.tell_wish(CANARY)
    assert handout(opened.session, TODAY).date == day("ja", TODAY)


def test_where_last_time_was_corrected_the_comparison_says_so(store: Store) -> None:
    owner = kept(store, visit(-25), Visit("v2", SAID, NOW, NOW, "somebody"))
    second = store.visits(owner)[1].id
    words = JA("last_corrected", days=day("ja", TODAY))
    page = shown(open_visit(store, second))
    page.session.go("results")
    assert words not in html(page)
    page = shown(old(store, owner))
    press(page, "correct")
    page.session.respond("reward_1", 1)
    page = shown(open_visit(store, second))
    page.session.go("results")
    assert html(page).count(words) == 2  # under the picture and above the changes
    radar = handout(page.session, TODAY).radar
    assert radar is not None
    assert words in radar.last


# --- two screens, and a page left open ---


def test_a_screen_that_reads_shows_the_state_of_its_opening_and_asks_nothing(store: Store, known: str) -> None:
    reading, other = shown(old(store, known)), shown(old(store, known))
    press(other, "correct")
    other.session.respond("reward_1", 2)
    reading.session.go("results")
    send(reading.lifeline, event="ping")
    assert reading.session.record.case == SAID.case
    assert 'role="alert"' not in reading.keeping.widget.html
    press(reading, "correct")  # who corrects now begins with what is stored now
    assert reading.session.record.case.responses["reward_1"] == 2
    reading.session.respond("criteria_1", 1)
    record = store.visits(known)[0].record
    assert record.case.responses | {"reward_1": 2, "criteria_1": 1} == record.case.responses
    assert len(record.corrected) == 2


def test_two_who_correct_at_once_are_both_noted(store: Store, known: str) -> None:
    one, other = shown(old(store, known)), shown(old(store, known))
    for page in (one, other):
        press(page, "correct")
    one.session.respond("reward_1", 2)
    other.session.respond("criteria_1", 1)
    press(other, "keep_mine")
    record = store.visits(known)[0].record
    assert (record.case.responses["reward_1"], record.case.responses["criteria_1"]) == (2, 1)
    assert len(record.corrected) == 2


def overnight(page: Page, opened: Opened) -> None:
    """Let a day go by on an open page: its visit began yesterday."""
    opened.session.started = at(-1)
    send(page.lifeline, event="ping")


def test_a_page_left_open_over_night_loses_nothing_and_says_whose_day_it_is(store: Store) -> None:
    opened = open_visit(store)
    opened.session.tell_wish("昨日のこと")
    page = shown(opened)
    assert "aw-old-visit" not in page.keeping.widget.html
    overnight(page, opened)
    assert JA("left_open_title", day=full_day("ja", at(-1).date())) in page.keeping.widget.html
    (sheet,) = (one for one in sheets(page) if any(asked["id"] == "wish" for asked in one.questions))
    send(sheet, event="answer", id="wish", value=CANARY)
    record = stored(store, opened).record
    assert (record.case.facts.wish, [day_of(moment) for moment in record.corrected]) == (CANARY, [TODAY])
    press(page, "end_correction")
    assert state(page) == "read"


def test_a_session_over_midnight_goes_on_under_the_fingers(store: Store) -> None:
    begun = datetime.now(UTC) - LONGEST_SESSION + timedelta(minutes=10)  # NOW is when the tests began, long ago
    import_visits(store, None, (Visit("late", SAID, begun, begun),))
    opened = open_visit(store, store.visits(None)[0].id)
    assert opened.session.state == "live"
    opened.session.tell_wish(CANARY)
    assert stored(store, opened).record.corrected == ()


def test_what_a_tab_kept_of_an_old_visit_goes_in_as_a_correction(
    store: Store, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(old(store, known))
    press(page, "correct")

    def fail(*_: object) -> None:
        raise NotSaved

    with monkeypatch.context() as broken:
        broken.setattr(Store, "save", fail)
        page.session.tell_wish(CANARY)
    copy = page.lifeline.unsaved
    again = shown(old(store, known))
    assert state(again) == "read"
    send(again.lifeline, event="resume", copy=copy)
    assert state(again) == "correct"
    record = store.visits(known)[0].record
    assert (record.case.facts.wish, len(record.corrected)) == (CANARY, 1)


def test_what_was_typed_and_never_heard_is_not_lost_on_an_old_visit(store: Store, known: str) -> None:
    page = shown(old(store, known))
    send(page.lifeline, event="unheard", answers=[])
    assert state(page) == "read"
    answer = {"id": "wish", "value": CANARY, "known": ["評価のことを話したい"]}
    send(page.lifeline, event="unheard", answers=[answer])
    assert state(page) == "correct"
    assert store.visits(known)[0].record.case.facts.wish == CANARY


# --- the next visit ---


def test_a_new_visit_within_a_client_s_session_belongs_to_the_same_client(store: Store, known: str) -> None:
    opened = old(store, known)
    page = shown(opened)
    for _ in tour(page):
        pass
    press(page, "next_visit")
    first, second = store.visits(known)
    assert store.visits(None) == ()
    assert opened.autosave.visit == page.lifeline.visit == second.id != first.id
    assert (page.session.client, page.session.state, page.autosave and page.autosave.code) == (known, "live", "C-001")
    assert "C-001" in page.header.widget.html
    assert page.session.last is not None
    assert (page.session.last.record, page.session.last.day) == (SAID, at(-25).date())
    assert [action.step for action in page.session.record.review] == [STEP]
    assert page.session.record.case.facts.wish == ""
    page.session.tell_wish(CANARY)
    assert store.visits(known)[1].record.case.facts.wish == CANARY
    assert store.visits(known)[0].record == SAID
    assert access_log.entries(store)[-1].visit == second.id


def test_a_new_visit_leaves_nothing_of_the_one_before_on_hidden_screens(store: Store, known: str) -> None:
    page = shown(old(store, known))
    press(page, "correct")
    page.session.fill("notes", CANARY)
    for _ in tour(page):
        pass
    page.session.go("start")
    press(page, "next_visit")
    assert not [part for part in everything(page) if isinstance(part, Sheet) and CANARY in str(part.values)]


def test_the_new_visit_is_that_of_the_desk(store: Store, known: str) -> None:
    page = shown(old(store, known))
    press(page, "next_visit")
    desk = Desk(CATALOG, store, lambda: TODAY)
    assert page.autosave is not None
    assert desk.start(known) == page.autosave.visit  # it was not used yet
    page.session.tell_wish(CANARY)
    assert desk.start(known) != page.autosave.visit


def test_a_visit_that_was_only_begun_does_not_hide_what_was_agreed_before_it(store: Store) -> None:
    begun = replace(records.follow_up(CATALOG, SAID), revision=FIRST)
    owner = kept(store, visit(-25), visit(-1, begun, "v2"))
    name = Desk(CATALOG, store, lambda: TODAY).start(owner)
    session = open_visit(store, name or "").session
    assert [action.step for action in session.record.review] == [STEP]
    assert session.last is not None
    assert session.last.day == at(-25).date()


def test_who_read_an_old_visit_goes_back_to_that_of_today(store: Store) -> None:
    owner = kept(store, visit(-25), Visit("v2", SAID, NOW, NOW, "somebody"))
    page = shown(old(store, owner))
    assert JA("read_today") in page.keeping.widget.html
    press(page, "next_visit")
    assert page.autosave is not None
    assert page.autosave.visit == store.visits(owner)[1].id
    assert len(store.visits(owner)) == 2
    press(page, "next_visit")  # from there it is another one
    assert len(store.visits(owner)) == 3


def test_of_somebody_else_is_chosen_by_name(store: Store, known: str) -> None:
    page = shown(old(store, known))
    footer = page.footer.widget.html
    assert JA("restart_same") in footer
    assert JA("restart_other") in footer
    assert JA("restart_erase") not in footer
    send(page.footer.widget, event="action", name="restart", id="restart")
    assert (page.session.client, state(page), page.lifeline.visit) == (None, "live", "")
    assert "C-001" not in page.header.widget.html
    assert JA("restart_same") not in page.footer.widget.html


def test_a_visit_that_is_not_stored_yet_is_not_left(store: Store, known: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = shown(old(store, known))
    press(page, "next_visit")

    def fail(*_: object) -> None:
        raise NotSaved("not_saved_locked")

    with monkeypatch.context() as broken:
        broken.setattr(Store, "save", fail)
        page.session.tell_wish(CANARY)
        for name in ("next_visit", "restart"):
            press(page, name)
            assert page.session.record.case.facts.wish == CANARY
            assert JA("leave_unsaved") in page.keeping.widget.html
    press(page, "next_visit")
    assert JA("leave_unsaved") not in page.keeping.widget.html
    assert [one.record.case.facts.wish for one in store.visits(known)[1:]] == [CANARY, ""]


def test_where_the_next_visit_cannot_be_begun_the_page_stays_and_says_why(
    store: Store, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(old(store, known))

    def fail(*_: object) -> None:
        raise NotSaved("not_saved_locked")

    with monkeypatch.context() as broken:
        broken.setattr(Store, "save", fail)
        press(page, "next_visit")
    assert (page.session.state, page.session.client) == ("read", known)
    assert JA("not_saved_locked") in page.keeping.widget.html
    store.erase_client(known, TODAY)
    press(page, "next_visit")
    assert JA("desk_gone") in page.keeping.widget.html
    assert store.visits(None) == ()


def test_a_visit_that_the_desk_gave_away_meanwhile_is_not_left_for_one_of_nobody(store: Store, known: str) -> None:
    opened = open_visit(store)
    opened.session.tell_wish(CANARY)
    page = shown(opened)
    store.assign(opened.autosave.visit, known)
    send(page.footer.widget, event="action", name="restart", id="restart")
    assert page.session.client == known
    assert JA("leave_client") in page.keeping.widget.html
    assert JA("restart_same") in page.footer.widget.html


@pytest.mark.parametrize("reason", ["unknown", "unread"])
def test_where_a_visit_cannot_be_opened_nothing_is_told_to_nobody_s_visit(
    store: Store, known: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise NotRead

    name = store.visits(known)[0].id if reason == "unread" else "nothing-like-this"
    with monkeypatch.context() as broken:
        if reason == "unread":
            broken.setattr(Store, "visit", fail)
        page = shown(open_visit(store, name))
    assert JA(f"visit_{reason}") in page.keeping.widget.html
    assert not [child for child in page.body.children if child.layout.display != "none"]
    with pytest.raises(Rejected):
        page.session.tell_wish(CANARY)
    send(page.lifeline, event="unheard", answers=[{"id": "wish", "value": CANARY}])
    press(page, "correct")
    assert store.visits(None) == ()
    press(page, "restart")
    assert JA(f"visit_{reason}") not in page.keeping.widget.html
    page.session.tell_wish(CANARY)
    assert [one.record.case.facts.wish for one in store.visits(None)] == [CANARY]


# --- the desk ---


def test_the_desk_tells_apart_what_goes_on_what_is_read_and_what_is_new(store: Store) -> None:
    from advisor.view.desk.page import DeskPage

    owner = kept(store, visit(-25))

    def told() -> str:
        page = DeskPage(CATALOG, store, lambda: TODAY, "workbook")
        page.desk.open(owner)
        return str(page.screens["client"][0].widget.html)

    before = told()
    assert (JA("desk_start") in before, JA("desk_read_last") in before) == (True, True)
    assert (JA("desk_continue_today") in before, f">{JA('desk_continue')}<" in before) == (False, False)
    page = shown(old(store, owner))
    press(page, "correct")
    page.session.respond("reward_1", 2)
    press(page, "next_visit")
    page.session.tell_wish(CANARY)
    after = told()
    assert (JA("desk_continue_today") in after, JA("desk_start_another") in after) == (True, True)
    assert (after.count(f">{JA('desk_continue')}<"), after.count(f">{JA('desk_read')}<")) == (1, 1)
    assert after.count(JA("desk_corrected", days=day("ja", TODAY))) == 1
