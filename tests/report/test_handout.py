"""What a client takes home: everything they chose, in their words, and nothing that is the adviser's own."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.content.words import LANGUAGES, Language
from advisor.report.handout import Handout, handout, public, shareable, without_leaves
from advisor.scoring import personal
from advisor.session.model import Action
from tests.pages import SAMPLES, STRAINED
from tests.papers import BEFORE, LONG, TODAY, full, of, planned, private, texts
from tests.support import CATALOG, FRUSTRATIONS, cases, quick, session

JA = say(CATALOG, "ja")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_handout_holds_what_was_wished_chosen_and_planned(language: Language) -> None:
    one = planned(language, "毎日 6 時に帰りたい")
    words = CATALOG.words[language]
    paper = handout(one, TODAY)
    said = list(texts(paper))
    assert paper.language == language
    assert paper.wish == "毎日 6 時に帰りたい"
    assert paper.course is not None
    assert paper.course.name == words.paths[str(one.record.plan.path)].name
    assert [task.what for task in paper.tasks][1:] == [words.steps[step].name for step in one.record.plan.steps[1:]]
    assert [leaf.title for leaf in paper.leaves] == [words.worksheets[name].name for name in ("goals", "motive")]
    assert ("12月1日(火)まで" if language == "ja" else "by Tue 1 Dec") in said
    assert ("2026年12月20日(日) 14:00" if language == "ja" else "Sunday 20 December 2026, 14:00") in said
    assert ("2026年11月21日" if language == "ja" else "21 November 2026") in said
    assert words.interface["limits_text"] in said


def test_an_action_says_what_the_client_typed_and_else_what_its_step_suggests() -> None:
    one = of(SAMPLES["a_accounting"])
    one.fill("action-a1-what", "  表計算を覚える ")
    one.add_action() if len(one.record.plan.chosen) < 3 else one.put_aside("a3")
    first, second = handout(one, TODAY).tasks[:2]
    step = personal.step_words(CATALOG, JA.words, one.reading, str(one.record.plan.chosen[1].step))
    assert first.what == "表計算を覚える"
    assert second.what == step.name
    assert [told for _, told in second.details] == [step.first_action, step.worked]
    assert len(handout(one, TODAY).tasks) == 2


def test_an_empty_session_makes_a_paper_that_says_so() -> None:
    paper = handout(session(), TODAY)
    assert (paper.points, paper.told) == ((), ())
    assert paper.early_title == JA("silent_title")
    assert paper.no_tasks == JA("summary_no_steps")
    assert [name for name, _ in paper.ideas] == [JA("calm_list"), JA("calm_tell"), JA("calm_rest")]
    assert (paper.wish, paper.radar, paper.course, paper.tasks, paper.leaves, paper.next_at) == (
        "",
        None,
        None,
        (),
        (),
        "",
    )


def test_who_chose_nothing_is_shown_what_could_be_a_first_small_thing_and_that_nothing_is_decided() -> None:
    one = session(SAMPLES["a_accounting"])
    paper, first = handout(one, TODAY), one.reading.steps[0].target
    told = personal.step_words(CATALOG, JA.words, one.reading, first)
    assert (paper.tasks, paper.no_tasks) == ((), JA("summary_no_steps"))
    assert (paper.ideas_title, paper.ideas) == (JA("handout_ideas"), ((told.name, told.first_action),))
    one.choose(first)
    assert (handout(one, TODAY).ideas_title, handout(one, TODAY).ideas) == ("", ())


def test_last_time_s_actions_stand_there_with_what_became_of_them() -> None:
    one = of(SAMPLES["a_accounting"])
    done = Action("a1", what="評価の通知を探す", status="done", helped="yes")
    one.adopt(replace(one.record, review=(done, Action("a2", step="quantify", status="not"))))
    assert handout(one, TODAY).review == (
        ("評価の通知を探す", JA("status_done") + JA("paper_separator") + JA("handout_helped_yes")),
        (JA.words.steps["quantify"].name, JA("status_not")),
    )


def test_last_time_s_actions_wait_until_the_client_has_told_of_one() -> None:
    one = of(SAMPLES["a_accounting"])
    one.adopt(replace(one.record, review=(Action("a1", what="評価の通知を探す"), Action("a2", step="quantify"))))
    assert handout(one, TODAY).review == ()


def test_who_prepares_for_an_interview_takes_questions_home_as_questions() -> None:
    one, options = of(SAMPLES["a_accounting"]), JA.words.worksheets["evaluation"].fields["questions"].options
    assert "interview_questions" in one.record.plan.steps
    assert handout(one, TODAY).questions == tuple(options.values())[:3]
    one.fill("sheet-evaluation-0-questions", "pay_table")
    one.take_home("evaluation")
    paper = handout(one, TODAY)
    assert paper.questions == ()
    assert [asked for asked, _ in paper.leaves[0].questions] == [options["pay_table"]]


def test_an_empty_worksheet_is_no_page_of_the_handout() -> None:
    one = of(SAMPLES["a_accounting"])
    one.take_home("inventory")
    assert handout(one, TODAY).leaves == ()


def test_last_time_stands_beside_today_where_there_was_one() -> None:
    paper = handout(planned(), TODAY)
    assert paper.radar is not None
    assert any(axis.last is not None for axis in paper.radar.axes)
    assert f"{BEFORE.year}年{BEFORE.month}月{BEFORE.day}日" in paper.radar.last
    alone = handout(of(SAMPLES["a_accounting"]), TODAY).radar
    assert alone is not None
    assert {axis.last for axis in alone.axes} == {None}
    assert (alone.now, alone.last) == ("", "")


def test_what_was_not_answered_is_a_gap_and_no_zero() -> None:
    paper = handout(session(Case(quick(*FRUSTRATIONS[:2], point=4))), TODAY)
    assert paper.radar is not None
    assert [axis.now for axis in paper.radar.axes] == [75, 75, *[None] * 7]
    assert JA("not_enough") in paper.radar.alt


def test_the_axes_carry_a_star_where_the_client_set_one() -> None:
    case = Case(quick(*FRUSTRATIONS, point=4), facts=Facts(priorities=FRUSTRATIONS[3:4]))
    radar = handout(session(case), TODAY).radar
    assert radar is not None
    assert [place for place, axis in enumerate(radar.axes) if axis.name[0].startswith("★")] == [3]


# --- nothing of the adviser's own ---


@given(
    case=cases(), notes=st.text(max_size=50), points=st.dictionaries(st.sampled_from(list(CATALOG.items)), st.just(1))
)
def test_notes_and_markers_change_nothing_on_the_handout(case: Case, notes: str, points: dict[str, int]) -> None:
    one = session(case)
    before = handout(one, TODAY)
    account = {"assessment": notes} if notes else {}
    one.adopt(replace(one.record, notes=notes, account=account, markers=points, useful="little", useful_words=notes))
    assert handout(one, TODAY) == before


@given(case=cases())
def test_hints_gates_and_roles_change_nothing_on_the_handout(case: Case) -> None:
    one = session(case)
    before = handout(one, TODAY)
    one.reading = replace(one.reading, cues=(), gates=(), roles=(), help_needed=not one.reading.help_needed)
    assert handout(one, TODAY) == before


@given(case=cases(), more=st.integers(1, 50))
def test_points_show_on_the_handout_only_as_the_order_of_reasons(case: Case, more: int) -> None:
    one = session(case)
    one.follow(next(iter(CATALOG.paths)))
    before = handout(one, TODAY)
    higher = tuple(
        replace(
            advice,
            points=advice.points + more,
            reasons=tuple(replace(reason, points=reason.points * 2) for reason in advice.reasons),
        )
        for advice in one.reading.paths
    )
    one.reading = replace(one.reading, paths=higher)
    assert handout(one, TODAY) == before


def test_a_public_record_and_a_shareable_reading_have_no_private_part() -> None:
    one = private(of(STRAINED))
    assert one.record.notes
    assert one.record.markers
    record, reading = public(one.record), shareable(one.reading)
    assert (record.notes, record.account, record.markers) == ("", {}, {})
    assert (reading.cues, reading.gates, reading.help_needed) == ((), (), False)
    assert record.case is one.record.case


# --- what does not fit ---


def test_worksheets_that_are_left_out_are_named() -> None:
    whole = handout(full("ja"), TODAY)
    some = without_leaves(whole, whole.leaves[:1])
    assert some.left_out == tuple(leaf.title for leaf in whole.leaves[1:])
    assert whole.left_out == ()
    assert without_leaves(whole, whole.leaves) == whole


def test_everything_on_the_handout_is_text() -> None:
    assert LONG["ja"] in handout(full("ja"), TODAY).wish
    assert {type(text) for text in texts(handout(full("ja"), TODAY))} == {str}
    assert {"ja", "en"} == set(get_args(Handout.__annotations__["language"]) or LANGUAGES)
