"""The reading: one pure call with cues, the cue to help, disagreements and gaps."""

from __future__ import annotations

from copy import deepcopy
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.content.model import Case, Facts
from advisor.scoring import scores
from advisor.scoring.cues import passed_over
from advisor.scoring.reading import band, read
from advisor.scoring.results import Cue
from tests.support import CATALOG, CONSEQUENCES, FRUSTRATIONS, THEN, TRAITS, cases, quick, suited, varied

QUICK = [CATALOG.active_items(scale)[0].id for scale in CATALOG.scales]
ANYONE = Facts()


def cues(responses: dict[str, int], facts: Facts = ANYONE) -> list[Cue]:
    return list(read(CATALOG, responses, facts).cues)


def mixed(points: str) -> dict[str, int]:
    """Return answers to the quick items in the order of asking, from one digit each; 0 is unanswered."""
    return {item: int(point) for item, point in zip(QUICK, points, strict=False) if point != "0"}


# --- pure ---------------------------------------------------------------------------------------------------------


@given(cases())
def test_reading_twice_gives_the_same_and_leaves_the_case_as_it_was(case: Case) -> None:
    before = deepcopy(case)
    assert read(CATALOG, case.responses, case.facts) == read(CATALOG, case.responses, case.facts)
    assert case == before


@given(cases())
def test_what_is_read_is_only_looked_at(case: Case) -> None:
    assert read(CATALOG, MappingProxyType(case.responses), case.facts) == read(CATALOG, case.responses, case.facts)


def test_a_reading_does_not_follow_later_changes_of_the_answers() -> None:
    responses = suited(75)
    reading = read(CATALOG, responses, ANYONE)
    responses.clear()
    assert reading.scores["support"].value == 75


# --- scores and gaps ----------------------------------------------------------------------------------------------


@given(cases())
def test_gaps_are_exactly_the_scales_without_a_score(case: Case) -> None:
    reading = read(CATALOG, case.responses, case.facts)
    assert tuple(reading.scores) == tuple(CATALOG.scales)
    assert list(reading.gaps) == [scale for scale, score in reading.scores.items() if score.value is None]


@given(cases())
def test_a_scale_has_a_score_when_as_many_items_are_answered_as_are_needed(case: Case) -> None:
    reading = read(CATALOG, case.responses, case.facts)
    for score in (*reading.scores.values(), reading.index):
        assert (score.value is not None) is (score.answered >= score.needed)
        assert score.band == band(CATALOG, score.value, "index" if score is reading.index else "score")
        assert set(score.items) <= case.responses.keys()


def test_a_score_tells_how_much_of_its_scale_was_answered() -> None:
    reading = read(THEN, {"reward_1": 4, "reward_2": 5}, Facts(widened=("reward",)))
    reward, monotony = reading.scores["reward"], reading.scores["monotony"]
    assert (reward.value, reward.band, reward.answered, reward.needed, reward.items) == (
        None,
        None,
        2,
        3,
        ("reward_1", "reward_2"),
    )
    assert (monotony.answered, monotony.needed, monotony.items) == (0, 1, ())
    assert (reading.index.answered, reading.index.needed) == (0, 12)


@pytest.mark.parametrize(
    ("of", "value", "expected"),
    [
        ("score", 39.9, "low"), ("score", 40, "middle"), ("score", 64.9, "middle"), ("score", 65, "high"),
        ("index", 44.9, "low"), ("index", 45, "middle"), ("index", 61.9, "middle"), ("index", 62, "high"),
    ],
)  # fmt: skip
def test_bands_begin_at_their_cuts(of: str, value: float, expected: str) -> None:
    assert band(THEN, value, "index" if of == "index" else "score") == expected


def test_what_is_missing_lies_in_no_band() -> None:
    assert band(CATALOG, None) is None


def test_signs_are_counted_apart_from_how_many_were_told() -> None:
    reading = read(CATALOG, {}, Facts(signs={"criteria_hidden": "yes", "no_feedback": "unknown"}))
    assert (reading.signs_yes, reading.signs_told) == (1, 2)


def test_the_index_names_the_answers_behind_it() -> None:
    reading = read(CATALOG, suited(75) | quick("reward", point=3), ANYONE)
    assert set(reading.index.items) == {f"{trait}_1" for trait in TRAITS}


# --- cues for the adviser ----------------------------------------------------------------------------------------


def test_the_same_point_ten_times_running_is_hinted_at() -> None:
    nine, ten = mixed("3333333334" + "2" * 5), mixed("3333333333" + "24242")
    assert [cue for cue in cues(nine) if cue.cue == "straight_line"] == []
    assert [cue for cue in cues(ten) if cue.cue == "straight_line"] == [Cue("straight_line", tuple(QUICK[:10]))]


def test_an_unanswered_question_does_not_break_a_run() -> None:
    assert [cue.about for cue in cues(mixed("33333033333" + "24242")) if cue.cue == "straight_line"] == [
        tuple(QUICK[:5] + QUICK[6:11])
    ]


def test_answers_of_one_scale_that_contradict_each_other_are_hinted_at() -> None:
    wide = Facts(widened=("reward",))
    # keyed: 5, 3 and, reverse-keyed, 6 - 4 = 2: three points apart
    assert Cue("opposed_items", ("reward",)) in cues({"reward_1": 5, "reward_2": 3, "reward_3": 4}, wide)
    assert Cue("opposed_items", ("reward",)) not in cues({"reward_1": 5, "reward_2": 3, "reward_3": 3}, wide)
    # answers to items that are not asked do not count as contradictions
    assert Cue("opposed_items", ("reward",)) not in cues({"reward_1": 5, "reward_2": 1, "reward_3": 5})


def test_two_traits_that_rarely_stand_high_together_are_hinted_at() -> None:
    pair = Cue("contradiction", ("accuracy", "roughness"))
    assert pair in cues(quick("accuracy", "roughness", point=4))
    assert pair not in cues(quick("accuracy", point=5) | quick("roughness", point=3))
    assert pair not in cues(quick("accuracy", point=5))


def test_few_answers_are_hinted_at_but_an_empty_sheet_is_not() -> None:
    assert cues(mixed("23" * 6 + "2")) == [Cue("few_answers")]
    assert cues(mixed("23" * 7)) == []
    assert cues({}) == []


@given(cases())
def test_every_hint_has_words_and_is_about_something_that_exists(case: Case) -> None:
    for cue in read(CATALOG, case.responses, case.facts).cues:
        assert all(cue.cue in words.hints for words in CATALOG.words.values())
        assert set(cue.about) <= CATALOG.items.keys() | CATALOG.scales.keys()


@given(cases())
def test_cues_change_no_score_and_no_advice(case: Case) -> None:
    quiet = CATALOG.scoring.hints.model_copy(update={"longest_run": 999, "opposed_items": 999, "contradictions": ()})
    loud, silent = (read(catalog, case.responses, case.facts) for catalog in (CATALOG, varied(hints=quiet)))
    assert {cue.cue for cue in silent.cues} <= {"few_answers"}
    assert (loud.scores, loud.paths, loud.steps, loud.roles) == (
        silent.scores,
        silent.paths,
        silent.steps,
        silent.roles,
    )


# --- the cue to help ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "needed"),
    [
        ("4444", True),
        ("3444", False),
        ("4355", True),
        ("5111", True),
        ("4111", False),
        ("0555", True),
        ("0544", True),
        ("0543", True),
        ("0443", False),
        ("0440", True),
        ("0044", True),
        ("0043", False),
        ("0005", False),
        ("4000", False),
        ("5000", True),
        ("0000", False),
    ],
)
def test_high_effects_among_those_answered_or_a_very_low_motivation_cue_help(points: str, needed: bool) -> None:
    answers = {f"{scale}_1": int(point) for scale, point in zip(CONSEQUENCES, points, strict=True) if point != "0"}
    assert read(THEN, answers, ANYONE).help_needed is needed


@given(points=st.tuples(*[st.integers(1, 5)] * len(CONSEQUENCES)), left_out=st.integers(0, len(CONSEQUENCES) - 1))
def test_a_low_answer_that_is_left_out_never_silences_the_cue(points: tuple[int, ...], left_out: int) -> None:
    answers = {f"{scale}_1": point for scale, point in zip(CONSEQUENCES, points, strict=True)}
    without = {item: point for item, point in answers.items() if item != f"{CONSEQUENCES[left_out]}_1"}
    if read(THEN, answers, ANYONE).help_needed and points[left_out] <= min(points):
        assert read(THEN, without, ANYONE).help_needed


@pytest.mark.parametrize(
    ("points", "marked", "told"),
    [
        ("5550", (), ("envy",)),
        ("5550", ("envy",), ("envy",)),
        ("0000", ("growth",), ("growth",)),
        ("0000", CONSEQUENCES, CONSEQUENCES),
        ("0000", (), ()),
        ("5555", (), ()),
    ],
)
def test_an_effect_that_was_passed_over_is_told(points: str, marked: tuple[str, ...], told: tuple[str, ...]) -> None:
    answers = {f"{scale}_1": int(point) for scale, point in zip(CONSEQUENCES, points, strict=True) if point != "0"}
    case = Case(answers, {f"{scale}_1": "skip" for scale in marked})
    assert passed_over(THEN, case) == told


def test_frustrations_alone_cue_no_help() -> None:
    assert not read(CATALOG, quick(*FRUSTRATIONS, point=5), ANYONE).help_needed


# --- disagreements ------------------------------------------------------------------------------------------------


def test_a_disagreement_appears_with_a_scale_that_stands_high() -> None:
    assert read(CATALOG, quick("skill_anxiety", point=4), ANYONE).disagreements == ("skills_last",)
    assert read(CATALOG, quick("skill_anxiety", point=3), ANYONE).disagreements == ()
    assert read(CATALOG, quick("connection", point=5), ANYONE).disagreements == ("contacts", "loneliness")


@given(cases())
def test_disagreements_shown_are_about_something_high(case: Case) -> None:
    reading = read(CATALOG, case.responses, case.facts)
    high = {scale for scale, score in reading.scores.items() if score.band == "high"}
    for name in CATALOG.disagreements:
        assert (name in reading.disagreements) is bool(high & set(CATALOG.disagreements[name].about))


def test_an_empty_case_reads_as_one_that_told_nothing() -> None:
    reading = read(CATALOG, {}, ANYONE)
    assert reading.gaps == tuple(CATALOG.scales)
    assert (reading.index.value, reading.roles, reading.cues, reading.disagreements) == (None, (), (), ())
    assert (reading.paths, reading.steps) == ((), ())
    assert reading.lacking is not None
    assert not any(gate.open for gate in reading.gates)
    assert read(THEN, {}, ANYONE).paths[0].target == "consult_first"
    assert scores.VERSION
