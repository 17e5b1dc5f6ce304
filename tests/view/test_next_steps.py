"""What 次の一歩 and 結果 say under the newest version: silence, level paths, questions in place, roles."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.content.model import FIXED, Case, Facts, SignAnswer, Tried
from advisor.content.translator import say
from advisor.content.words import LANGUAGES
from advisor.report import roles, standing
from advisor.report.addressed import to_client
from advisor.report.adviser_copy import adviser_copy
from advisor.report.handout import handout
from advisor.report.sentences import gate_note, stability_note
from advisor.scoring import asking, openness, personal
from advisor.scoring.results import Flip, Stability
from advisor.session.session import Session
from advisor.view.workbook import events, questions
from advisor.view.workbook.page import Page
from tests.newest import NEWEST, SILENT
from tests.pages import Markup, adviser_part, visit
from tests.pages import sheets as seen
from tests.scoring.test_clients import CLIENTS, session_of
from tests.support import THEN, cases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.content.translator import Say
    from advisor.content.words import PathWords, StepWords, VariantWords

JA = say(NEWEST, "ja")
TODAY = date(2026, 12, 1)
BY_ID = {client["id"]: client for client in CLIENTS}
ACCOUNTANT, BOOKKEEPER = BY_ID["accountant_nothing_tried_told"], BY_ID["bookkeeper_who_has_outgrown_the_firm"]
STAGE, UNTOLD, FACTORY = BY_ID["clerk_who_wants_the_stage"], BY_ID["nothing_told"], BY_ID["factory_worker_wants_in"]
WORRIES, TRAITS = NEWEST.of_kind("frustration"), NEWEST.of_kind("fit", "misfit")


def told(client: dict[str, Any], **facts: Any) -> Session:
    one = session_of(client)
    if facts:
        one.tell(**facts)
    return one


def opened(case: Case) -> Session:
    one = Session(NEWEST)
    one.open_case(case)
    return one


def text(page: Page, *steps: str) -> str:
    """Return everything that some screens say, with the questions asked there."""
    said = []
    for step in steps:
        said.append(Markup(visit(page, step)).text)
        said += [
            str(question.get(key, ""))
            for sheet in seen(page)
            for question in sheet.questions
            for key in ("text", "help")
        ]
    return flat(" ".join(said))


def flat(words: str) -> str:
    return "".join(words.split())


def near() -> Session:
    """Return a session in which two paths stand level and an open question matters."""
    facts, chance = Facts(situation="inside", role="accounting", tried={"goal_talk": "without_effect"}), Random(4)
    drawn = (Case({f"{scale}_1": chance.randint(1, 5) for scale in NEWEST.scales}, facts=facts) for _ in range(2000))
    return next(one for one in map(opened, drawn) if one.reading.near and one.asked_next())


# --- words for this client --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_screens_and_papers_tell_a_step_in_the_words_for_this_client(language: Any) -> None:
    one, speaker = told(ACCOUNTANT), say(NEWEST, language)
    one.speak(language)
    step = next(step.target for step in one.reading.steps if personal.variant_of(NEWEST, one.reading, step.target))
    own, base = personal.step_words(NEWEST, speaker.words, one.reading, step), speaker.words.steps[step]
    assert own.first_action != base.first_action
    one.choose(step)
    page = Page(one)
    for screen in ("next", "plan", "summary"):
        said = text(page, screen)
        assert flat(own.first_action) in said
        assert flat(base.first_action) not in said
    paper = handout(one, TODAY)
    assert own.first_action in [words for _, words in paper.tasks[0].details]


def test_a_path_is_said_to_suit_only_for_reasons_that_hold() -> None:
    one = told(ACCOUNTANT)
    shown = personal.path_words(NEWEST, JA.words, one.reading, "fair_employer")
    assert JA.words.sayings["fair_worry"] in shown.suits
    assert JA.words.sayings["fair_signs"] not in shown.suits


# --- silence ----------------------------------------------------------------------------------------------------------


def test_in_silence_no_path_and_no_step_stands_on_any_screen_or_paper() -> None:
    one = told(UNTOLD)
    page = Page(one)
    said = text(page, "next", "summary") + flat(str(handout(one, TODAY))) + flat(str(adviser_copy(one, TODAY)))
    named: tuple[PathWords | StepWords, ...] = (*JA.words.paths.values(), *JA.words.steps.values())
    for words in named:
        assert flat(words.summary) not in said
        assert flat(words.first_action) not in said
    told_why, would_help, *decides = standing.silence(one.reading, JA)
    assert handout(one, TODAY).early == (told_why, would_help)
    for sentence in (told_why, would_help, *decides):
        assert flat(sentence) in text(page, "next")
        assert flat(sentence) in flat(str(adviser_copy(one, TODAY)))


def test_silence_names_what_is_missing_and_what_it_would_decide() -> None:
    one = opened(Case())
    assert standing.silence(one.reading, JA)[1:] == (
        JA("silent_need", what=JA("silent_need_situation")), JA("silent_decides_situation"),
    )  # fmt: skip
    one.tell(situation="wants_in")
    need = JA("silent_need_traits", number=SILENT.silence["wants_in"].traits)
    assert standing.silence(one.reading, JA)[1:] == (JA("silent_need", what=need), JA("silent_decides_traits"))


def test_in_silence_the_most_valuable_questions_are_answered_in_place_and_kept() -> None:
    one = told(UNTOLD)
    page = Page(one)
    visit(page, "next")
    (sheet,) = seen(page)
    asked = [question["id"] for question in sheet.questions]
    assert asked == [name.replace("sign_", "sign-").replace("tried_", "tried-") for name in one.asked_next()[:3]]
    item = asked[0]
    events.hear(one, {"event": "answer", "id": item, "value": 4})
    assert one.record.case.responses[item] == 4
    assert [question["id"] for question in sheet.questions] == asked  # nothing moves under a hand
    assert sheet.values[item] == 4
    events.hear(one, {"event": "action", "name": "ask_more", "id": "silence"})
    assert item not in [question["id"] for question in sheet.questions]


def test_answers_in_place_end_the_silence_and_the_order_appears() -> None:
    one = told(UNTOLD)
    page = Page(one)
    visit(page, "next")
    for _ in range(40):
        if one.reading.lacking is None:
            break
        for question in seen(page)[0].questions:
            value: Any = 3 if question["type"] == "scale" else question["options"][0]["id"]
            events.hear(one, {"event": "answer", "id": question["id"], "value": value})
        if one.reading.lacking is not None:
            events.hear(one, {"event": "action", "name": "ask_more", "id": "silence"})
    assert one.reading.paths
    said = text(page, "next")
    assert flat(JA.words.paths[one.reading.paths[0].target].summary) in said


def test_what_was_skipped_is_not_asked_again() -> None:
    one = told(UNTOLD)
    item = next(name for name in one.asked_in_place("silence", 3) if name in NEWEST.items)
    one.mark(item, "skip")
    assert item in one.asked_in_place("silence", 3)  # it can be taken up again as long as it stands there
    one.ask_more()
    assert item not in one.asked_next()


@given(cases(NEWEST))
@settings(max_examples=15)
def test_a_question_asked_in_place_can_be_answered_there(case: Case) -> None:
    one = opened(case)
    for name in one.asked_next():
        question = questions.open_question(one, JA, name)
        assert not asking.answered(one.record.case, name)
        value: Any = question["low"] if question["type"] == "scale" else question["options"][0]["id"]
        events.hear(one, {"event": "answer", "id": question["id"], "value": value})
        assert asking.answered(one.record.case, name)


def test_open_questions_are_computed_once_for_each_case(monkeypatch: pytest.MonkeyPatch) -> None:
    one, calls = told(STAGE), list[Any]()
    real = openness.open_questions

    def counted(*asked: Any) -> Any:
        calls.append(asked)
        return real(*asked)

    monkeypatch.setattr(asking, "open_questions", counted)
    page = Page(one)
    visit(page, "results")
    assert not calls  # no screen showed them yet
    visit(page, "next")
    one.choose(one.reading.steps[0].target)
    visit(page, "next")
    assert len(calls) == 1


def test_an_old_version_asks_nothing() -> None:
    old = Session(THEN)
    old.open_case(Case({"reward_1": 4}, facts=Facts(situation="inside")))
    assert old.asked_next() == ()
    assert standing.silence(old.reading, say(THEN, "ja")) == ()


# --- level paths ------------------------------------------------------------------------------------------------------


def test_level_paths_are_shown_as_one_with_a_question_beside_them() -> None:
    one = near()
    page = Page(one)
    said = visit(page, "next")
    assert flat(standing.level(one, JA)) in text(page, "next")
    assert "data-first" not in said
    assert flat(JA("path_first")) not in text(page, "next")
    (sheet,) = seen(page)
    assert len(sheet.questions) == 1
    assert flat(JA("near_ask")) in text(page, "next")


# --- what cannot move -------------------------------------------------------------------------------------------------


def test_what_cannot_move_is_told_by_ticking_and_that_nothing_is_takes_its_place() -> None:
    one = told(ACCOUNTANT)
    for ticked, kept in ((["hours", "pay"], ("hours", "pay")), (["hours", "pay", "none"], ("none",)),
                         (["hours", "none"], ("hours",)), ([], ())):  # fmt: skip
        events.hear(one, {"event": "answer", "id": "fixed", "value": ticked})
        assert one.record.case.facts.fixed == kept
        assert questions.start_values(one)["fixed"] == list(kept)
    events.hear(one, {"event": "answer", "id": "fixed", "value": ["money"]})
    assert one.record.case.facts.fixed == ()
    question = next(row for row in questions.start(one, JA) if row["id"] == "fixed")
    assert [option["id"] for option in question["options"]] == [*FIXED, "none"]


def test_what_would_go_against_it_is_left_out_and_that_is_said_once() -> None:
    one = told(STAGE)
    assert "front_office" in [path.target for path in one.reading.paths]
    assert standing.left_out(one, JA) == ""
    one.tell(fixed=("hours", "pay"))
    assert "front_office" not in [path.target for path in one.reading.paths]
    sentence = JA("left_out_fixed", names=JA("fixed_hours"))
    assert standing.left_out(one, JA) == sentence
    assert text(Page(one), "next").count(flat(sentence)) == 1
    one.tell(fixed=("none",))
    assert standing.left_out(one, JA) == ""


# --- how clear the order is -------------------------------------------------------------------------------------------

FLIP = Flip("change_role", 1, ())


@pytest.mark.parametrize(
    ("flip", "share", "word"),
    [
        (None, 1.0, "firm_clear"),
        (replace(FLIP, notches=standing.CLEAR_NOTCHES), 1.0, "firm_clear"),
        (FLIP, 1.0, "firm_rather"),
        (None, 0.6, "firm_rather"),
    ],
)
def test_how_clear_it_is_never_contradicts_the_small_change(
    flip: Flip | None, share: float, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = told(ACCOUNTANT)
    first = one.reading.paths[0].target
    monkeypatch.setattr(one, "insight", lambda: (flip, Stability(first, share, 400, 0.2, ())))
    assert stability_note(one, JA)["stability"] == JA(word, path=JA.words.paths[first].name)
    assert (stability_note(one, JA)["change"] == JA("firm_stays")) is (flip is None and word == "firm_clear")


def test_while_an_open_answer_may_put_another_first_nothing_is_called_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    one = told(ACCOUNTANT)
    first = JA.words.paths[one.reading.paths[0].target].name
    monkeypatch.setattr(one, "insight", lambda: (None, Stability(one.reading.paths[0].target, 1.0, 400, 0.2, ())))
    assert stability_note(one, JA)["stability"] == JA("firm_clear", path=first)
    monkeypatch.setattr(one, "may_move", lambda: True)
    assert (stability_note(one, JA)["stability"], stability_note(one, JA)["change"]) == (
        JA("firm_rather", path=first),
        "",
    )


def test_a_path_that_only_a_gate_puts_first_is_not_called_clear() -> None:
    one = told(BY_ID["secretary_unsure_whether_to_stay"])
    assert any(path.held for path in one.reading.paths)
    assert stability_note(one, JA)["stability"] == JA(
        "firm_held", path=JA.words.paths[one.reading.paths[0].target].name
    )


def test_figures_of_it_stand_in_the_adviser_s_edition_only() -> None:
    one = told(BOOKKEEPER)
    behind = standing.figures(JA, *one.insight())
    paper, screen = flat(str(adviser_copy(one, TODAY))), text(Page(one), "next")
    for sentence in behind:
        assert flat(sentence) in paper
        assert flat(sentence) not in screen
    assert not [sentence for sentence in to_client(one, JA) if "%" in sentence or "目盛り" in sentence]


# --- gates ------------------------------------------------------------------------------------------------------------


@given(cases(NEWEST))
def test_a_gate_is_spoken_of_only_where_what_it_looks_at_was_told(case: Case) -> None:
    one = opened(case)
    facts, spoken = case.facts, standing.gates(one, JA)
    if "steps_in_vain" in spoken:
        assert set(facts.tried.values()) - {"untried"}
    if "signs_against" in spoken and spoken["signs_against"] == JA.words.gates["signs_against"].closed:
        assert len(facts.signs) == len(NEWEST.signs)
        assert "unknown" not in facts.signs.values()
    if spoken:
        assert facts.situation != "wants_in"
        assert max(one.reading.scores[worry].value or 0 for worry in WORRIES) >= SILENT.worry


def test_without_a_high_worry_moving_is_not_suggested_however_many_signs_there_are() -> None:
    one = told(BY_ID["no_worry_at_all_with_signs"])
    note = gate_note(one, JA)
    assert note is None or note["sentences"] == [JA("gate_quiet")]
    assert gate_note(told(FACTORY), JA) is None


# --- roles ------------------------------------------------------------------------------------------------------------


def test_the_own_role_stands_first_with_everything_about_it_and_never_a_figure() -> None:
    one = told(ACCOUNTANT)
    said = text(Page(one), "results")
    words = JA.words.roles["accounting"]
    parts = (words.duties, words.preparation, JA.words.qualifications["nissho_bookkeeping"].text)
    places = [said.index(flat(part)) for part in parts]
    assert places == sorted(places)
    assert flat(JA.words.growth["financial_analysis"].text) in said
    assert all(flat(sentence) in said for sentence in roles.sentences(one, JA))
    shown = roles.near_roles(one)
    assert len(shown) <= 3
    assert all(one.nearness == "near" and one.role != "accounting" for one in shown)
    assert not [sentence for sentence in roles.sentences(one, JA) if re.search(r"[0-9%]", sentence)]
    for notice in ("jobtag", "onet-29.3"):
        assert flat(JA.words.sources[notice]) in said


@pytest.mark.parametrize("role", [*NEWEST.roles])
def test_duties_preparation_and_a_way_to_grow_show_for_every_own_role_also_without_traits(role: str) -> None:
    one = opened(Case(facts=Facts(situation="inside", role=role)))
    said, row = text(Page(one), "results"), NEWEST.roles[role]
    assert flat(JA.words.roles[role].duties) in said
    assert flat(JA.words.roles[role].preparation) in said
    assert all(flat(JA.words.qualifications[name].text) in said for name in row.qualifications)
    grown = row.growth or ("efficiency_specialist", "back_office_manager", "improvement_consultant")
    assert all(flat(JA.words.growth[name].text) in said for name in grown)
    assert flat(JA("roles_wait")) in said
    assert flat(JA("roles_text_met")) not in said  # nothing was compared


@given(cases(NEWEST), st.sampled_from(LANGUAGES))
@settings(max_examples=25)
def test_if_no_role_is_near_that_is_said(case: Case, language: Any) -> None:
    one, speaker = opened(case), say(NEWEST, language)
    said = roles.none_near(one, speaker)
    if one.reading.role_nearness:
        assert bool(said) is not bool(roles.near_roles(one))
    else:
        assert said == ""


def test_where_the_two_sources_of_roles_disagree_the_screen_says_so() -> None:
    one = told(ACCOUNTANT)
    apart = next(met.role for met in one.reading.role_nearness if met.nearness == "far")
    fits = tuple(replace(fit, value=90.0 if fit.role == apart else 10.0) for fit in one.reading.roles)
    one.reading = replace(one.reading, roles=tuple(sorted(fits, key=lambda fit: -fit.value)))
    names = JA.quoted([JA.words.roles[apart].name])
    assert JA("roles_onet_close", names=names) in roles.onet_sentences(one, JA)
    assert JA.words.roles["accounting"].name in "".join(roles.disagreement_sentences(one, JA))


# --- screens and what is said to address the client -------------------------------------------------------------------


def everything_versioned(speaker: Say) -> Iterator[str]:
    words = speaker.words
    told: tuple[StepWords | VariantWords, ...] = (*words.steps.values(), *words.variants.values())
    for step in told:
        yield from filter(None, (step.first_action, step.summary, step.worked, *step.hints))
    for path in words.paths.values():
        yield from (path.summary, path.first_action, path.worked)
    yield from words.sayings.values()
    for gate in words.gates.values():
        yield from (gate.open, gate.closed)


@pytest.mark.parametrize("client", CLIENTS, ids=[client["id"] for client in CLIENTS])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_screens_say_exactly_what_is_said_to_address_the_client(client: dict[str, Any], language: Any) -> None:
    one, speaker = told(client), say(NEWEST, language)
    one.speak(language)
    page, addressed = Page(one), to_client(one, speaker)
    said = text(page, "results", "next") + flat(Markup(adviser_part(page, "results")).text)
    assert [sentence for sentence in addressed if flat(sentence) not in said] == []
    heard = "".join(map(flat, addressed))
    assert [words for words in everything_versioned(speaker) if flat(words) in said and flat(words) not in heard] == []


def test_open_questions_take_little_time() -> None:
    case = told(STAGE).record.case
    took = []
    for _ in range(5):
        start = perf_counter()
        openness.open_questions(NEWEST, case.responses, case.facts)
        took.append(perf_counter() - start)
    assert min(took) < 0.05


# --- what a stranger caught with fifty clients of their own -----------------------------------------------------------


def strained(**facts: Any) -> Session:
    """Return a session of somebody without a worry whose effects weigh heavily all the same."""
    answers = {f"{scale}_1": 3 for scale in TRAITS} | {f"{scale}_1": 2 for scale in WORRIES}
    answers |= {f"{scale}_1": 5 for scale in NEWEST.of_kind("consequence")}
    return opened(Case(answers, facts=Facts(**{"situation": "inside", "role": "hr", **facts})))


def test_nobody_is_told_that_all_is_well_while_the_effects_weigh_heavily() -> None:
    for situation in ("inside", "unsure", "wants_in"):
        one = strained(situation=situation)
        assert one.reading.help_needed
        said = to_client(one, JA)
        assert JA("told_help") in said
        assert JA("told_frustrations_low") not in said
        assert JA.words.sayings["stay_quiet"] not in said


def test_rest_comes_first_for_who_needs_help_and_says_where_to_turn() -> None:
    one = strained(years=1)
    assert one.reading.steps[0].target == "care_for_stress"
    words = personal.step_words(NEWEST, JA.words, one.reading, "care_for_stress")
    assert set(JA.words.variants["stress_strained"].hints) <= set(words.hints)


def test_who_talked_in_vain_is_not_told_that_a_talk_bears_fruit() -> None:
    healthy: dict[str, SignAnswer] = dict.fromkeys(NEWEST.signs, "no")
    answers = {f"{scale}_1": 4 for scale in TRAITS} | {f"{scale}_1": 3 for scale in WORRIES}
    said = JA.words.sayings["stay_healthy"]
    answers_to_hear: dict[Tried, bool] = {"untried": True, "without_effect": False, "with_effect": True}
    for answer, hears in answers_to_hear.items():
        facts = Facts(situation="inside", role="hr", signs=healthy, tried={"goal_talk": answer})
        assert (said in to_client(opened(Case(answers, facts=facts)), JA)) is hears


@given(cases(NEWEST))
@settings(max_examples=60)
@pytest.mark.slow
def test_no_small_change_undoes_what_was_done_or_known(case: Case) -> None:
    flip = openness.small_change(NEWEST, case.responses, case.facts)
    assert not {change.after for change in (flip.changes if flip else ())} & {"untried", "unknown"}


def test_an_order_from_one_answer_given_again_and_again_is_not_called_clear() -> None:
    answers = {f"{scale}_1": 3 for scale in NEWEST.scales}
    one = opened(Case(answers, facts=Facts(situation="inside", role="hr")))
    assert [cue.cue for cue in one.reading.cues] == ["straight_line"]
    first = JA.words.paths[one.reading.paths[0].target].name
    assert standing.firmness(one, JA) != JA("firm_clear", path=first)
    assert standing.change(one, JA) != JA("firm_stays")


def test_nobody_is_shown_their_own_role_as_another_one() -> None:
    said = JA.words.transfers["documents_data"].text
    for role in NEWEST.roles:
        one = opened(Case({f"{scale}_1": 4 for scale in (*TRAITS, *WORRIES)}, facts=Facts("inside", role)))
        assert (said in to_client(one, JA)) is (role not in {"sales_admin", "secretary"})
