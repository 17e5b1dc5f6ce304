"""The questions of each step: what is asked of whom, and what can be done about a question."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from advisor.content.case_checks import PRIORITIES_MAX, WISH_MAX
from advisor.content.measures import YEARS_MAX
from advisor.content.model import SIGN_ANSWERS, SITUATIONS, TRIED, Case, Facts, Situation
from advisor.content.translator import Say, say
from advisor.content.words import LANGUAGES
from advisor.session.session import Session
from advisor.view.workbook import questions as sheets
from tests.pages import CASES
from tests.support import CATALOG, FRUSTRATIONS, TRAITS, cases, quick, session

JA = say(CATALOG, "ja")
KINDS = ("heading", "scale", "choice", "select", "number", "checks", "text")


def asked(questions: list[sheets.Question]) -> dict[str, sheets.Question]:
    """Return the questions by id, without headings."""
    return {question["id"]: question for question in questions if question["type"] != "heading"}


def item(one: Session, name: str) -> sheets.Question:
    """Return the question of an item as it stands on its sheet."""
    kinds = ("fit", "misfit", "frustration", "consequence")
    return asked(sheets.scales(one, JA, *kinds))[name]  # type: ignore[arg-type]


def actions(question: sheets.Question) -> dict[str, bool]:
    """Return what can be done about a question, and whether it is done."""
    return {action["name"]: action["pressed"] for action in question["actions"]}


def every(one: Session, words: Say) -> list[sheets.Question]:
    return [
        *sheets.start(one, words),
        *sheets.scales(one, words, "fit", "misfit"),
        *sheets.scales(one, words, "frustration", "consequence"),
        *sheets.workplace(one, words),
        *sheets.supposable(one, words),
    ]


@settings(max_examples=40)
@given(case=cases())
def test_every_question_is_of_a_known_kind_and_has_its_words(case: Case) -> None:
    one = session(case)
    for language in LANGUAGES:
        for question in every(one, say(CATALOG, language)):
            assert question["type"] in KINDS
            assert question["text"]
            for option in question.get("options", ()):
                assert option["id"]
                assert option["label"]


# --- はじめに ---


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        (None, {"situation", "role", "years", "fixed", "wish"}),
        ("inside", {"situation", "role", "years", "fixed", "wish"}),
        ("wants_in", {"situation", "experience", "fixed", "wish"}),
        ("unsure", {"situation", "role", "years", "experience", "fixed", "wish"}),
    ],
)
def test_who_wants_in_is_asked_for_experience_instead_of_the_present_role(situation: Any, expected: set[str]) -> None:
    assert asked(sheets.start(session(Case(facts=Facts(situation=situation))), JA)).keys() == expected


def test_the_present_role_may_be_any_role_or_another() -> None:
    role = asked(sheets.start(session(), JA))["role"]
    assert [option["id"] for option in role["options"]] == [*CATALOG.roles, "other"]


def test_every_option_of_a_fact_is_one_that_may_be_told() -> None:
    one = session(Case(facts=Facts(situation="unsure")))
    questions = asked(sheets.start(one, JA))
    for situation in questions["situation"]["options"]:
        one.tell(situation=situation["id"])
    for role in questions["role"]["options"]:
        one.tell(role=role["id"])
    one.tell(experience=tuple(option["id"] for option in questions["experience"]["options"]))
    assert len(one.record.case.facts.experience) == len(CATALOG.statements["experience"])


def test_what_was_typed_and_cannot_be_used_stands_there_with_the_reason() -> None:
    one = session(Case(facts=Facts(years=4, wish="早く帰りたい")))
    assert not [question for question in sheets.start(one, JA) if "error" in question]
    one.tell_years("三年")
    one.tell_wish("あ" * (WISH_MAX + 1))
    questions, values = asked(sheets.start(one, JA)), sheets.start_values(one)
    assert (values["years"], values["wish"]) == ("三年", "あ" * (WISH_MAX + 1))
    assert str(YEARS_MAX) in questions["years"]["error"]
    assert str(WISH_MAX) in questions["wish"]["error"]
    assert "error" not in questions["situation"]


def test_facts_stand_as_they_were_told() -> None:
    facts = Facts(situation="unsure", role="other", years=0, experience=("sales", "it"), wish="早く帰りたい")
    assert sheets.start_values(session(Case(facts=facts))) == {
        "situation": "unsure", "role": "other", "years": "0", "experience": ["sales", "it"], "fixed": [],
        "wish": "早く帰りたい",
    }  # fmt: skip
    assert not any(sheets.start_values(session()).values())


# --- scales ---


@pytest.mark.parametrize("name", [item.id for item in CATALOG.items.values() if item.quick])
def test_each_point_of_an_item_has_its_label(name: str) -> None:
    question = item(session(), name)
    assert question["text"] == JA.words.items[name]
    assert len(question["labels"]) == question["high"] - question["low"] + 1
    assert (question["low"], question["high"], question["scale"]) == (1, 5, CATALOG.items[name].scale)


def test_one_item_a_scale_is_asked_under_a_heading_for_each_kind() -> None:
    questions = sheets.scales(session(), JA, "fit", "misfit")
    assert [question["id"] for question in questions if question["type"] == "heading"] == [
        "heading-fit",
        "heading-misfit",
    ]
    assert [question["scale"] for question in questions if question["type"] == "scale"] == list(TRAITS)


def test_a_widened_scale_asks_all_three_of_its_items_and_no_other_scale_does() -> None:
    one = session(Case(facts=Facts(widened=("accuracy",))))
    questions = asked(sheets.scales(one, JA, "fit", "misfit"))
    of_accuracy = [question for question in questions.values() if question["scale"] == "accuracy"]
    assert [question["id"] for question in of_accuracy] == ["accuracy_1", "accuracy_2", "accuracy_3"]
    assert [question["indent"] for question in of_accuracy] == [False, True, True]
    assert len(questions) == len(TRAITS) + 2
    assert [actions(question).get("widen") for question in of_accuracy] == [True, None, None]


def test_every_item_can_be_skipped_or_marked_to_be_discussed() -> None:
    one = session(Case(marks={"support_1": "skip", "accuracy_1": "discuss"}))
    assert actions(item(one, "support_1")) == {"skip": True, "discuss": False, "widen": False}
    assert actions(item(one, "accuracy_1")) == {"skip": False, "discuss": True, "widen": False}
    assert {"skip", "discuss"} <= actions(item(session(Case(facts=Facts(widened=("support",)))), "support_3")).keys()


def test_only_worries_can_be_starred() -> None:
    for name in (item.id for item in CATALOG.items.values() if item.quick):
        is_worry = CATALOG.items[name].scale in FRUSTRATIONS
        assert ("prioritise" in actions(item(session(), name))) == is_worry


def test_a_fourth_star_says_why_it_cannot_be_given() -> None:
    starred = FRUSTRATIONS[:PRIORITIES_MAX]
    for chosen in (starred[:-1], starred):
        one = session(Case(facts=Facts(priorities=chosen)))
        stars = {
            question["scale"]: next(entry for entry in question["actions"] if entry["name"] == "prioritise")
            for question in asked(sheets.scales(one, JA, "frustration")).values()
        }
        assert {scale for scale, star in stars.items() if star["pressed"]} == set(chosen)
        off = {scale: star["off"] for scale, star in stars.items() if "off" in star}
        others = set(FRUSTRATIONS) - set(starred) if chosen == starred else set()
        assert off == dict.fromkeys(others, JA("prioritise_full", most=PRIORITIES_MAX))


def test_the_entries_of_a_menu_stand_in_order_and_the_adviser_s_is_marked() -> None:
    one = session()
    entries = item(one, "reward_1")["actions"]
    assert [entry["name"] for entry in entries] == ["prioritise", "discuss", "skip", "widen"]
    assert [entry["name"] for entry in item(one, "support_1")["actions"]] == ["discuss", "skip", "widen"]
    for question in (sheets.sign_question(one, JA, "no_feedback"), sheets.tried_question(one, JA, "goal_talk")):
        assert question["menu"] is True


def test_a_question_says_where_it_comes_from_and_where_the_sources_differ() -> None:
    for scale in CATALOG.scales:
        name = CATALOG.active_items(scale)[0].id
        notes = item(session(), name)["notes"]
        told = " ".join(note["title"] + note["text"] for note in notes)
        assert all(label in told for label in JA.sources(CATALOG.scales[scale].sources))
        differing = [name for name, row in CATALOG.disagreements.items() if scale in row.about]
        assert len(notes) == 1 + len(differing)
        for disagreement in differing:
            words = JA.words.disagreements[disagreement]
            assert all(text in told for text in (words.claim, words.against, words.reconciled))


def test_the_browser_can_score_what_is_asked() -> None:
    one = session(Case(facts=Facts(widened=("support",))))
    told = sheets.scoring(one, "fit", "misfit")
    assert told["min_answered"] == CATALOG.scoring.min_answered
    assert tuple(told["scales"]) == TRAITS
    ids = [item["id"] for items in told["scales"].values() for item in items]
    assert ids == list(asked(sheets.scales(one, JA, "fit", "misfit")))
    assert [item["reverse"] for item in told["scales"]["support"]] == [False, False, True]


# --- 職場 ---


def test_who_wants_in_is_asked_for_preparation_only() -> None:
    questions = sheets.workplace(session(Case(facts=Facts(situation="wants_in"))), JA)
    assert [question["id"] for question in questions if question["type"] == "heading"] == ["heading-prepared"]
    steps = [CATALOG.steps[name.removeprefix("tried-")] for name in asked(questions)]
    assert all("wants_in" in step.situations for step in steps)
    assert sorted(str(step.topic) for step in steps) == sorted(
        {str(step.topic) for step in CATALOG.steps.values() if "wants_in" in step.situations}
    )


@pytest.mark.parametrize("situation", [None, *SITUATIONS])
def test_steps_are_asked_of_those_who_could_have_tried_them(situation: Situation | None) -> None:
    questions = asked(sheets.workplace(session(Case(facts=Facts(situation=situation))), JA))
    steps = [CATALOG.steps[name.removeprefix("tried-")] for name in questions if name.startswith("tried-")]
    there = [step for step in CATALOG.steps.values() if situation is None or situation in step.situations]
    assert all(step in there and not step.when.roles for step in steps), "nobody's role was told"
    assert sorted(str(step.topic) for step in steps) == sorted(
        {str(step.topic) for step in there if not step.when.roles}
    )
    signs = [name.removeprefix("sign-") for name in questions if name.startswith("sign-")]
    assert signs == ([] if situation == "wants_in" else list(CATALOG.signs))


def test_signs_and_steps_offer_their_answers_in_order() -> None:
    questions = asked(sheets.workplace(session(), JA))
    for name, question in questions.items():
        expected = SIGN_ANSWERS if name.startswith("sign-") else TRIED
        assert tuple(option["id"] for option in question["options"]) == expected


def test_answers_of_the_workplace_stand_under_the_ids_of_their_questions() -> None:
    case = CASES["a_accounting"]
    values = sheets.workplace_values(case)
    assert len(values) == len(case.facts.signs) + len(case.facts.tried)
    assert values.keys() <= asked(sheets.workplace(session(case), JA)).keys()
    assert values["sign-no_feedback"] == "yes"
    assert values["tried-quantify"] == "without_effect"


# --- もしも ---


def test_what_weighs_most_can_be_supposed_otherwise_starred_worries_first() -> None:
    answers = {**quick(*FRUSTRATIONS, point=2), **quick("monotony", "criteria", point=5)}
    one = session(Case(answers, facts=Facts(situation="inside", priorities=("connection",))))
    questions = asked(sheets.supposable(one, JA))
    assert list(questions)[:3] == ["connection_1", "monotony_1", "criteria_1"]
    assert list(questions)[3:] == [f"tried-{advice.target}" for advice in one.reading.steps[:3]]
    assert not any(question.get("actions") for question in questions.values())


def test_without_answers_only_steps_can_be_supposed() -> None:
    assert all(name.startswith("tried-") for name in asked(sheets.supposable(session(), JA)))


def test_a_step_tried_in_vain_can_be_supposed_to_help() -> None:
    one = session(Case(facts=Facts(situation="inside", tried={"quantify": "without_effect"})))
    assert "quantify" not in [advised.target for advised in one.reading.steps[:3]]
    assert "tried-quantify" in [question["id"] for question in sheets.supposable(one, JA)]
