"""What 結果 says first: only what is true for this client, and nothing where nothing was told."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.content.words import LANGUAGES, Language
from advisor.report.three_things import LEVEL, Thing, three_things, worries_note
from advisor.scoring.reading import read
from tests.support import CATALOG, CONSEQUENCES, FRUSTRATIONS, cases, quick, suited

JA = say(CATALOG, "ja")
NAMES = {scale: words.name for scale, words in JA.words.scales.items()}


def told(case: Case, language: Language = "ja") -> dict[str, Thing]:
    reading = read(CATALOG, case.responses, case.facts)
    found = three_things(CATALOG, say(CATALOG, language), reading, case)
    assert len({one.kind for one in found}) == len(found) <= 3
    return {one.kind: one for one in found}


def note(case: Case) -> str:
    return worries_note(CATALOG, JA, read(CATALOG, case.responses, case.facts))


def worries(**points: int) -> dict[str, int]:
    """Return answers to all worries: 1, or the point that is given."""
    return quick(*FRUSTRATIONS, point=1) | {f"{scale}_1": point for scale, point in points.items()}


def test_nothing_is_said_where_nothing_was_told() -> None:
    assert told(Case()) == {}
    assert told(Case(facts=Facts(situation="inside", role="accounting", wish="休みたい"))) == {}
    assert note(Case()) == ""


def test_where_everything_is_low_nothing_weighs_and_nothing_carries() -> None:
    low = Case({**worries(), **quick(*CONSEQUENCES, *CATALOG.of_kind("fit"), point=1)}, facts=Facts("inside"))
    assert told(low) == {}
    assert note(low) == JA("told_frustrations_low")


def test_middling_worries_are_named_and_none_of_them_is_called_the_heaviest() -> None:
    case = Case(worries(monotony=3, criteria=3))
    assert told(case) == {}
    assert note(case) == JA("told_frustrations_middle", names=JA.quoted([NAMES["monotony"], NAMES["criteria"]]))


def test_low_worries_are_not_called_low_where_an_effect_is_high() -> None:
    case = Case({**worries(), **quick("motivation", point=5)})
    assert note(case) == ""
    assert told(case)["talk"].title == NAMES["motivation"]


def test_who_wants_in_and_skipped_the_worries_hears_of_none() -> None:
    case = Case(suited(100), facts=Facts(situation="wants_in", signs={"no_feedback": "yes"}))
    assert told(case).keys() == {"carries"}  # a sign would be about a workplace
    assert note(case) == ""


def test_the_heaviest_worry_is_told_with_what_it_may_mean() -> None:
    heavy = told(Case(worries(monotony=5, reward=4)))["heavy"]
    assert heavy == Thing("heavy", NAMES["monotony"], (JA.words.scales["monotony"].high,))


def test_worries_that_are_level_are_told_as_level() -> None:
    two = told(Case(worries(monotony=5, reward=5)))["heavy"]
    assert two.title == JA.enumeration([NAMES["reward"], NAMES["monotony"]])
    many = told(Case(quick(*FRUSTRATIONS, point=5)))["heavy"]
    assert many.title.endswith("ほか")
    assert many.sentences == (
        JA("three_level", names=JA("three_such", names=JA.quoted(NAMES[scale] for scale in FRUSTRATIONS[:3]))),
    )


def test_one_answer_of_three_less_is_level_and_two_are_not() -> None:
    full = Facts(widened=("monotony",))
    for second, level in ((2, True), (3, False)):  # the last item is keyed the other way
        answers = {"reward_1": 5, "monotony_1": 5, "monotony_2": 5 if level else 4, "monotony_3": second}
        reading = read(CATALOG, answers, full)
        apart = 100 - (reading.scores["monotony"].value or 0)
        assert (apart < LEVEL) is level
        assert (NAMES["monotony"] in told(Case(answers, facts=full))["heavy"].title) is level


def test_a_star_decides_between_level_worries_and_the_others_are_named() -> None:
    case = Case(worries(monotony=5, reward=5, criteria=4), facts=Facts(priorities=("monotony", "criteria")))
    assert told(case)["heavy"].title == NAMES["monotony"]
    assert told(case)["heavy"].sentences == (
        JA.words.scales["monotony"].high,
        JA("three_as_heavy", names=JA.quoted([NAMES["reward"]])),
        JA("three_stars", names=JA.quoted([NAMES["criteria"]])),
    )


def test_a_star_beside_the_heaviest_is_what_the_client_wants_to_change_and_not_what_weighs_most() -> None:
    case = Case(worries(monotony=5, reward=3), facts=Facts(priorities=("reward",)))
    assert told(case).keys() == {"change"}
    assert told(case)["change"].title == NAMES["reward"]
    assert told(case)["change"].sentences[-1] == JA("three_heavy_too", names=JA.quoted([NAMES["monotony"]]))


def test_a_star_on_a_low_or_unanswered_worry_gets_no_meaning_that_would_be_false() -> None:
    for answers in (worries(), {}):
        change = told(Case(answers, facts=Facts(priorities=("reward",))))["change"]
        assert (change.title, change.sentences) == (NAMES["reward"], ())


def test_a_question_marked_to_talk_about_comes_before_an_effect_that_stands_out() -> None:
    answers = quick(*CONSEQUENCES, point=5)
    marked = Case(answers, marks={"advancement_1": "discuss", "reward_1": "discuss", "envy_1": "skip"})
    talk = told(marked)["talk"]
    assert talk.title == NAMES["advancement"]
    assert talk.sentences == (
        JA("three_discuss", question=JA.words.items["advancement_1"]),
        JA("three_discuss_more", names=JA.quoted([JA.words.items["reward_1"]])),
    )
    assert told(Case(answers))["talk"].sentences[-1] == JA("three_effect")


def test_without_marks_and_effects_a_sign_is_there_to_talk_about() -> None:
    talk = told(Case(facts=Facts(situation="inside", signs={"criteria_hidden": "no", "no_feedback": "yes"})))["talk"]
    assert talk == Thing("talk", JA.words.signs["no_feedback"].name, (JA("three_sign"),))


def test_what_helped_carries_where_no_strength_is_high() -> None:
    tried = Facts(situation="inside", tried={"quantify": "without_effect", "goal_talk": "with_effect"})
    carries = told(Case(facts=tried))["carries"]
    assert carries == Thing("carries", JA.words.steps["goal_talk"].name, (JA("three_helped"),))
    assert told(Case(suited(100), facts=tried))["carries"].title == JA(
        "three_both", first=NAMES["support"], second=NAMES["perseverance"]
    )


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=40)
@given(case=cases())
def test_whatever_was_answered_only_high_scales_are_named_and_no_figure(language: Language, case: Case) -> None:
    reading, speaker = read(CATALOG, case.responses, case.facts), say(CATALOG, language)
    names = {scale: words.name for scale, words in speaker.words.scales.items()}
    found = told(case, language)
    for kind, scales in (("heavy", FRUSTRATIONS), ("carries", CATALOG.of_kind("fit"))):
        named = [scale for scale in scales if kind in found and names[scale] in found[kind].title]
        assert all(reading.scores[scale].band == "high" for scale in named)
    assert ("heavy" in found or "change" in found) is bool(
        case.facts.priorities or any(reading.scores[scale].band == "high" for scale in FRUSTRATIONS)
    )
    assert not re.search(r"\d|[{}]", " ".join(text for one in found.values() for text in (one.title, *one.sentences)))
