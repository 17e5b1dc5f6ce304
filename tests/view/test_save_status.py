"""What the page says about keeping: beside the field, in the header, above the screen; and what the tab is told."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.content.words import LANGUAGES, Language
from advisor.session import record as records
from advisor.session.model import TOKYO, Action, Client, Consent, Plan, Record
from advisor.session.session import Session
from advisor.store import NotSaved, Store, new_key, open_store
from advisor.store.autosave import Autosave
from advisor.store.open_visit import open_visit
from advisor.view.widgets.widgets import Sheet
from advisor.view.workbook import save_status
from advisor.view.workbook.page import Page
from tests.pages import CASES, send, sheets
from tests.support import CATALOG, planned

if TYPE_CHECKING:
    from collections.abc import Iterator

JA = say(CATALOG, "ja")
CANARY = "カナリア株式会社"


@pytest.fixture
def opened(store: Store) -> Page:
    """The page of a new session with its autosave."""
    session = Session(CATALOG)
    return Page(session, Autosave(store, session))


def test_a_page_whose_key_was_retired_says_so_and_what_was_typed_waits_for_the_new_key(database: str) -> None:
    old, new = new_key(), new_key()
    session = Session(CATALOG)
    autosave = Autosave(open_store(database, old), session)
    one = Page(session, autosave)
    answer(one, "wish", "はじめ")
    assert autosave.kept.state == "saved"
    assert open_store(database, f"{new},{old}").reseal()
    answer(one, "wish", CANARY)
    assert (autosave.kept.state, autosave.kept.word) == ("failed", "not_saved_key")
    assert JA("not_saved_key") in one.keeping.widget.html
    autosave.retry()
    copy = one.lifeline.unsaved
    assert CANARY in copy
    reloaded = open_visit(open_store(database, new), autosave.visit)  # the server was started anew with the new key
    assert reloaded.session.record.case.facts.wish == "はじめ"
    assert reloaded.autosave.resume(copy)
    assert reloaded.autosave.kept.state == "saved"
    assert open_store(database, new).replay(autosave.visit).case.facts.wish == CANARY


def twin(opened: Page) -> Page:
    """Return another page on the same visit."""
    assert opened.autosave is not None
    visit = opened.autosave.store.visit(opened.autosave.visit)
    assert visit is not None
    session = Session(CATALOG, visit.record)
    return Page(session, Autosave(opened.autosave.store, session, visit))


def answer(opened: Page, name: str, value: Any) -> None:
    """Answer on the sheet in sight, as the browser does."""
    asked = next(sheet for sheet in sheets(opened) if any(one["id"] == name for one in sheet.questions))
    send(asked, event="answer", id=name, value=value)


def touched(opened: Page) -> Sheet:
    """Return the sheet on which the last answer was given."""
    return next(sheet for sheet in sheets(opened) if sheet.touched)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A store that cannot be written until undone."""

    def fail(*_: Any) -> None:
        raise NotSaved("not_saved_locked")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "save", fail)
        yield patch


def test_saved_is_said_beside_the_field_and_in_the_header_with_the_time(opened: Page) -> None:
    assert opened.lifeline.visit == ""
    answer(opened, "wish", CANARY)
    sheet = touched(opened)
    assert opened.autosave is not None
    assert opened.autosave.kept.at is not None
    time = opened.autosave.kept.at.astimezone(TOKYO).strftime("%H:%M")
    assert sheet.kept == {"id": "wish", "state": "saved", "text": JA("kept_saved", time=time)}
    assert JA("kept_saved", time=time) in opened.header.widget.html
    assert opened.lifeline.visit == opened.autosave.visit
    assert opened.lifeline.unsaved == ""


def test_nothing_is_said_while_there_is_nothing_to_keep(opened: Page) -> None:
    opened.session.go("results")
    assert opened.header.widget.html.count('role="status"></span>') == 1
    assert 'role="alert"' not in opened.keeping.widget.html


def test_not_saved_is_said_with_the_reason_and_healed_by_the_heartbeat(
    opened: Page, broken: pytest.MonkeyPatch
) -> None:
    answer(opened, "wish", CANARY)
    sheet = touched(opened)
    assert sheet.kept == {"id": "wish", "state": "failed", "text": JA("kept_failed")}
    assert sheet.values["wish"] == CANARY
    for text in (JA("kept_failed"), JA("not_saved_locked"), JA("kept_failed_text")):
        assert text in opened.keeping.widget.html
    assert CANARY in opened.lifeline.unsaved
    send(opened.lifeline, event="ping")
    assert JA("kept_failed") in opened.keeping.widget.html
    broken.undo()
    send(opened.lifeline, event="ping")
    assert JA("kept_failed") not in opened.keeping.widget.html
    assert opened.lifeline.unsaved == ""
    assert sheet.kept["state"] == "saved"


def test_what_nobody_heard_is_refused_where_it_bears_another_mark_and_led_to_its_visit_where_that_is_stored(
    opened: Page,
) -> None:
    answers = [{"id": "wish", "value": CANARY, "known": [""]}]
    session = Session(CATALOG)
    assert opened.autosave is not None
    reloaded = Page(session, Autosave(opened.autosave.store, session))
    told: list[Any] = []
    reloaded.lifeline.send = lambda *message: told.append(message)
    send(reloaded.lifeline, event="unheard", owner="0123456789abcdef", visit="", answers=answers)
    assert (told, session.record.case.facts.wish) == ([], "")
    answer(opened, "wish", CANARY)
    visit = opened.autosave.visit
    send(reloaded.lifeline, event="unheard", owner="", visit=visit, answers=answers)
    assert (told, session.record.case.facts.wish) == ([({"event": "open", "url": f"?s={visit}", "over": False},)], "")
    send(reloaded.lifeline, event="unheard", owner="", visit=["?"], answers=answers)
    assert told[1:] == [({"event": "heard"},)]
    assert session.record.case.facts.wish == CANARY


def test_a_copy_in_the_tab_is_taken_up_and_the_tab_is_told(opened: Page, broken: pytest.MonkeyPatch) -> None:
    answer(opened, "wish", CANARY)
    copy = opened.lifeline.unsaved
    broken.undo()
    session = Session(CATALOG)
    assert opened.autosave is not None
    reloaded = Page(session, Autosave(opened.autosave.store, session))
    told: list[Any] = []
    reloaded.lifeline.send = lambda *message: told.append(message)
    send(reloaded.lifeline, event="resume", copy=copy)
    assert session.record.case.facts.wish == CANARY
    send(reloaded.lifeline, event="resume", copy="{}")
    send(reloaded.lifeline, event="resume")
    assert told == [({"event": "resumed", "copy": one},) for one in (copy, "{}", "")]
    assert session.record.case.facts.wish == CANARY
    assert not reloaded.trouble


def hand_back(page: Page, *answers: Any) -> list[Any]:
    """Hand a page what its tab kept because no kernel had seen it; return what the tab is told."""
    told: list[Any] = []
    page.lifeline.send = lambda *message: told.append(message)
    send(page.lifeline, event="unheard", answers=list(answers))
    return told


def test_what_no_kernel_saw_is_carried_out_and_saved_by_the_next_one(opened: Page) -> None:
    answer(opened, "wish", "はじめ")
    item = next(iter(CATALOG.items))
    page = twin(opened)
    told = hand_back(
        page,
        {"id": "wish", "value": CANARY, "known": ["はじめ", "はじめの"]},
        {"id": item, "value": 4, "known": [None]},
        {"id": "years", "value": "abc", "known": [None]},
    )
    assert told == [({"event": "heard"},)]
    assert page.autosave is not None
    assert page.autosave.kept.state == "saved"
    visit = page.autosave.store.visit(page.autosave.visit)
    assert visit is not None
    assert (visit.record.case.facts.wish, visit.record.case.responses[item]) == (CANARY, 4)
    assert page.session.typed["years"][0] == "abc"  # as it was typed, beside what is wrong with it


def test_what_no_kernel_saw_never_overwrites_what_somebody_else_saved_since(opened: Page) -> None:
    answer(opened, "wish", "ほかの画面で")
    page = twin(opened)
    hand_back(page, {"id": "wish", "value": CANARY, "known": ["はじめ"]})
    assert page.autosave is not None
    assert page.autosave.kept.state == "elsewhere"
    visit = page.autosave.store.visit(page.autosave.visit)
    assert visit is not None
    assert visit.record.case.facts.wish == "ほかの画面で"
    page.autosave.keep_mine()
    visit = page.autosave.store.visit(page.autosave.visit)
    assert visit is not None
    assert visit.record.case.facts.wish == CANARY


@pytest.mark.parametrize(
    "answers", [None, "x", [None], [{"id": 3}], [{"id": "nothing", "value": 1}], [{"id": "wish", "value": {}}]]
)
def test_what_a_tab_hands_back_is_checked_like_every_message(opened: Page, answers: Any) -> None:
    before = opened.session.record
    told: list[Any] = []
    opened.lifeline.send = lambda *message: told.append(message)
    send(opened.lifeline, event="unheard", answers=answers)
    assert opened.session.record == before
    assert told == [({"event": "heard"},)]
    assert not opened.trouble


def test_only_sheets_whose_answers_are_stored_leave_something_in_the_tab(opened: Page) -> None:
    opened.session.go("next")
    opened.session.suppose(opened.session.record.case)
    parts = [piece.widget for piece in opened.screens["supposing"].pieces]
    supposing = [part for part in parts if isinstance(part, Sheet)]
    assert [sheet.resumes for sheet in supposing] == [False]
    opened.session.go("aptitude")
    assert all(sheet.resumes for sheet in sheets(opened) if sheet not in supposing)


def test_two_screens_see_both_sides_and_choose(opened: Page) -> None:
    answer(opened, "situation", "inside")
    other = twin(opened)
    assert other.autosave is not None
    other.autosave.known = -math.inf  # it slept
    answer(opened, "wish", "一つ目")
    opened.session.choose("quantify")
    opened.session.fill("notes", CANARY)
    answer(other, "wish", "二つ目")
    shown = other.keeping.widget.html
    for key in (
        "conflict_title",
        "conflict_text",
        "conflict_theirs",
        "conflict_mine",
        "place_wish",
        "place_plan",
    ):
        assert JA(key) in shown
    assert JA("place_notes") not in shown  # the client looks at this screen, too
    assert CANARY not in shown
    send(other.keeping.widget, event="action", name="take_theirs", id="theirs")
    assert other.session.record == opened.session.record
    assert JA("conflict_title") not in other.keeping.widget.html
    other.autosave.known = -math.inf
    answer(opened, "wish", "三つ目")
    answer(other, "wish", "四つ目")
    send(other.keeping.widget, event="action", name="keep_mine", id="mine")
    assert other.session.record.case.facts.wish == "四つ目"
    assert other.session.record.plan == opened.session.record.plan


def said(before: Record, after: Record, language: Language = "ja") -> list[str]:
    """Return what the card of a conflict says of a change."""
    return list(save_status.changes(Session(CATALOG, before), say(CATALOG, language), before, after))


def test_a_text_whose_action_was_taken_away_meanwhile_stands_above_until_it_was_seen(opened: Page) -> None:
    opened.session.add_action()
    (action,) = opened.session.record.plan.actions
    opened.session.put_aside(action.id)  # without any text it is removed: as if another page had done it
    typing = next(sheet for sheet in opened._sheets())  # noqa: SLF001
    send(typing, event="answer", id=f"action-{action.id}-what", value="上司に <聞く>")
    assert "上司に &lt;聞く&gt;" in opened.keeping.widget.html
    assert JA("homeless_title") in opened.keeping.widget.html
    send(typing, event="answer", id="nothing_1", value=4)
    assert list(opened.session.homeless) == ["上司に <聞く>"], "only texts are kept"
    send(opened.keeping.widget, event="action", name="let_go", id="homeless", value=None)
    assert JA("homeless_title") not in opened.keeping.widget.html
    opened.session.keep_homeless("もう一つ")
    opened.session.restart()
    assert list(opened.session.homeless) == [], "it does not go along to another visit"


def test_of_a_plan_the_card_says_which_action_and_which_of_its_fields() -> None:
    before = replace(records.new(CATALOG), plan=planned("stay_and_improve", "quantify", "goal_talk"))
    first, second = before.plan.actions
    quantify, goals = (CATALOG.words["ja"].steps[name].name for name in ("quantify", "goal_talk"))

    def after(*actions: Action, path: str | None = "stay_and_improve") -> Record:
        return replace(before, plan=Plan(path, actions))

    changed = replace(first, by=date(2026, 12, 1), helper=CANARY)
    assert said(before, after(changed, second)) == [f"行動計画「{quantify}」：「いつまでに」、「手伝ってくれる人」"]
    assert said(before, after(first, replace(second, aside=True))) == [f"行動計画「{goals}」：計画から外しました"]
    assert said(before, after(first)) == [f"行動計画「{goals}」：計画から外しました"]
    assert said(after(first), before) == [f"行動計画「{goals}」：計画に入れました"]
    assert said(after(first), after(replace(first, step="goal_talk"))) == [f"行動計画「{goals}」：計画に入れました"]
    long = replace(first, what="字" * 200)
    assert said(before, after(long, second)) == [f"行動計画「{'字' * save_status.LONGEST_NAME}…」：「何をしますか」"]
    assert said(before, after(second, first)) == [JA("place_plan")]  # the same ones in another order
    assert said(before, after(first, second, path=None)) == ["「考えてみる道」→ 未回答"]
    path = next(name for name in CATALOG.paths if name != "stay_and_improve")
    assert said(before, after(first, second, path=path)) == [
        f"「考えてみる道」→ {CATALOG.words['ja'].paths[path].name}"
    ]
    english = said(before, after(changed, second), "en")
    assert english == ["Action plan, “Your work in numbers”: “By when”, “Who could help”"]


def test_of_last_times_actions_and_worksheets_the_card_names_the_fields_too() -> None:
    new = records.new(CATALOG)
    before = replace(new, review=(Action("a1", "quantify"),), worksheets={"goals": ({"goal": "一つ"},)})
    reviewed = replace(before, review=(Action("a1", "quantify", status="done", helped="yes"),))
    name = CATALOG.words["ja"].steps["quantify"].name
    assert said(before, reviewed) == [f"前回の行動のふりかえり「{name}」：「今の様子」、「手ごたえはありましたか」"]
    goals = CATALOG.words["ja"].worksheets["goals"]
    typed = replace(before, worksheets={"goals": ({"goal": "一つ", "measure": CANARY}, {"goal": CANARY})})
    labels = [goals.fields[field].label for field in ("goal", "measure")]
    assert said(before, typed) == [f"{goals.name}：{JA.quoted(labels)}"]
    assert said(new, replace(new, worksheets={"goals": ({},)})) == [goals.name]


def test_a_step_that_only_the_other_screens_catalogue_knows_is_told_without_a_name() -> None:
    new = records.new(CATALOG)
    (told,) = said(new, replace(new, plan=Plan(None, (Action("a1", "of_tomorrow"),))))
    assert told == f"行動計画「{JA('export_action_unnamed')}」：計画に入れました"


def test_an_erased_visit_says_so(opened: Page) -> None:
    answer(opened, "wish", CANARY)
    assert opened.autosave is not None
    opened.autosave.store.erase_visit(opened.autosave.visit)
    answer(opened, "wish", "もう一度")
    assert JA("kept_gone") in opened.keeping.widget.html
    assert JA("kept_gone") in opened.header.widget.html


def test_a_session_of_nobody_can_be_erased_from_the_dialog(opened: Page) -> None:
    answer(opened, "wish", CANARY)
    assert opened.autosave is not None
    assert JA("restart_erase") in opened.footer.widget.html
    send(opened.footer.widget, event="action", name="discard", id="discard")
    assert opened.autosave.store.visits(None) == ()
    assert opened.lifeline.visit == ""
    assert opened.session.record.case == Case()


def test_a_sample_never_takes_the_place_of_answers_that_the_desk_gave_to_a_client(opened: Page) -> None:
    answer(opened, "wish", CANARY)
    assert opened.autosave is not None
    consent = Consent("相談", date(2026, 11, 1), date(2027, 11, 1))
    opened.autosave.store.put_client(Client("client-1", "C-001", consent))
    opened.autosave.store.assign(opened.autosave.visit, "client-1")
    send(opened.footer.widget, event="action", name="sample", id="a_accounting")
    assert opened.session.record.case.facts.wish == CANARY
    assert opened.session.client == "client-1"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_old_scoring_is_named_with_what_today_would_say(language: Language) -> None:
    figures = CATALOG.scoring.model_copy(update={"version": "2020-1"})
    old = replace(CATALOG, digest="older", scoring=figures)
    case = CASES["a_accounting"]
    session = Session(old, replace(records.new(old), case=case, language=language), today=CATALOG)
    opened, words = Page(session), say(CATALOG, language)
    first = words.words.paths[session.reading.paths[0].target].name
    assert words("old_title", version="2020-1") in opened.keeping.widget.html
    assert opened.keeping.widget.html.count(first) == 2
    send(opened.keeping.widget, event="action", name="modernise", id="modernise")
    assert words("old_title", version="2020-1") not in opened.keeping.widget.html


def test_an_old_scoring_that_today_does_not_know_stays_and_says_so() -> None:
    smaller = replace(CATALOG, items={})
    session = Session(CATALOG, replace(records.new(CATALOG), case=Case({"reward_1": 5})), today=smaller)
    shown = Page(session).keeping.widget.html
    assert JA("old_text_short") in shown
    assert JA("old_go_on") not in shown


def test_a_notice_of_the_opening_stands_above_the_step() -> None:
    assert JA("visit_unknown") in Page(Session(CATALOG), notice="visit_unknown").keeping.widget.html


def test_every_place_of_a_record_has_a_name() -> None:
    session = Session(CATALOG)
    facts = Facts(
        "inside",
        "other",
        3,
        ("reward",),
        {"no_feedback": "yes"},
        {"quantify": "untried"},
        ("it",),
        ("reward",),
        (),
        "願い",
    )
    after = replace(
        session.record,
        case=Case({"reward_1": 5}, {"reward_1": "discuss"}, facts),
        plan=planned("stay_and_improve", "quantify"),
        markers={"reward_1": 3},
        worksheets={"goals": ({"goal": "目標"},)},
        handout=("goals",),
        review=planned(None, "quantify").actions,
        notes=CANARY,
        next_at=datetime(2026, 12, 1, 14),  # noqa: DTZ001  (local time)
    )
    said = list(save_status.changes(session, JA, session.record, after))
    assert any(one.startswith(CATALOG.words["ja"].worksheets["goals"].name) for one in said)
    assert CATALOG.words["ja"].signs["no_feedback"].name in said
    back = list(save_status.changes(session, JA, after, session.record))
    assert len(said) >= 15
    assert len(back) >= 12
    assert CANARY not in "".join(said + back)


def test_files_go_to_the_browser_under_names_that_the_server_makes(opened: Page) -> None:
    answer(opened, "wish", CANARY)
    made: list[tuple[str, str, bytes]] = []
    opened.lifeline.download = lambda *file: made.append(file)  # type: ignore[method-assign]
    opened.session.go("summary")
    for kind in ("json", "answers_csv", "nothing", "__init__"):
        send(opened.footer.widget, event="action", name="export", id=kind)
    assert [name.rpartition(".")[2] for name, _, _ in made] == ["json", "csv"]
    assert all(name.isascii() for name, _, _ in made)
    assert opened.autosave is not None
    assert opened.autosave.visit.encode() in made[0][2]
    assert not opened.trouble


def test_what_is_only_supposed_is_never_called_saved(opened: Page) -> None:
    answer(opened, "situation", "inside")
    opened.session.respond("reward_1", 5)
    opened.session.go("next")
    opened.session.suppose(opened.session.record.case)
    sheet = next(piece.widget for piece in opened.screens["supposing"].pieces if isinstance(piece.widget, Sheet))
    item = next(one["id"] for one in sheet.questions if one["type"] == "scale")
    send(sheet, event="answer", id=item, value=2)
    assert (sheet.touched, sheet.kept) == (item, {})


def test_text_that_cannot_be_used_is_not_called_saved(opened: Page) -> None:
    answer(opened, "wish", CANARY)
    answer(opened, "wish", "あ" * 3000)
    assert (touched(opened).values["wish"], touched(opened).kept) == ("あ" * 3000, {})
    answer(opened, "wish", "もう一度")
    assert touched(opened).kept["state"] == "saved"


def test_an_erasure_that_failed_is_said_and_nothing_is_begun_anew(
    opened: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise NotSaved("not_saved_locked")

    answer(opened, "wish", CANARY)
    with monkeypatch.context() as locked:
        locked.setattr(Store, "erase_visit", fail)
        send(opened.footer.widget, event="action", name="discard", id="discard")
    assert JA("trouble") in opened.header.widget.html
    assert opened.session.record.case.facts.wish == CANARY
    send(opened.lifeline, event="ping")
    assert not opened.trouble


@pytest.mark.parametrize("name", [["export"], {}, None, 7])
def test_a_message_of_the_wrong_type_is_no_trouble(opened: Page, name: Any) -> None:
    send(opened.header.widget, event="action", name=name, id="handout")
    send(opened.header.widget, event="action", name="export", id=name)
    assert not opened.trouble
