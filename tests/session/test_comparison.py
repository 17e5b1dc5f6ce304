"""Comparison with last time: a claim only from full forms, and never a judgement on who is right."""

from __future__ import annotations

from dataclasses import replace
from math import isclose

import pytest
from hypothesis import given, settings

from advisor.content.catalog import Catalog
from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.content.words import LANGUAGES, Language
from advisor.report.sentences import change_sentence, told_reliability
from advisor.scoring.reading import read
from advisor.scoring.reliable_change import RELIABLE, rci
from advisor.scoring.results import Reading
from advisor.session.comparison import APART, ScaleChange, TalkingPoint, changes, talking_points
from advisor.session.model import Record
from tests.support import CATALOG, cases, keyed, quick, session, varied

JA = say(CATALOG, "ja")
ITEMS = CATALOG.items_of("sandwiched")


def reading(case: Case) -> Reading:
    return read(CATALOG, case.responses, case.facts)


def compare(before: Case, after: Case, catalog: Catalog = CATALOG) -> dict[str, ScaleChange]:
    """Return the changes between two cases by scale."""
    return {change.scale: change for change in changes(catalog, reading(before), reading(after), before, after)}


def full(*points: int) -> Case:
    """Return a case with the full form of 「板ばさみ」; each answer is given as it counts after keying."""
    answers = {item.id: keyed(item, point) for item, point in zip(ITEMS, points, strict=True)}
    return Case(answers, facts=Facts(widened=("sandwiched",)))


# --- figures ---


def test_a_change_is_the_difference_of_two_scores() -> None:
    change = compare(Case(quick("sandwiched", point=4)), Case(quick("sandwiched", point=3)))["sandwiched"]
    assert (change.before, change.after, change.difference) == (75, 50, -25)


def test_a_scale_that_was_scored_once_only_is_left_out() -> None:
    assert compare(Case(quick("sandwiched", point=4)), Case(quick("reward", point=4))) == {}


def test_a_scale_that_an_earlier_catalogue_did_not_have_is_left_out() -> None:
    case = Case(quick("sandwiched", "reward", point=4))
    old = reading(case)
    old = replace(old, scores={name: score for name, score in old.scores.items() if name != "reward"})
    assert [change.scale for change in changes(CATALOG, old, reading(case), case, case)] == ["sandwiched"]


@settings(max_examples=40)
@given(before=cases(), after=cases())
def test_every_scale_scored_both_times_is_compared_once_in_the_catalogues_order(before: Case, after: Case) -> None:
    both = [reading(case).scores for case in (before, after)]
    scored = [scale for scale in CATALOG.scales if all(scores[scale].value is not None for scores in both)]
    assert list(compare(before, after)) == scored


@settings(max_examples=40)
@given(before=cases(), after=cases())
def test_comparing_the_other_way_round_turns_the_sign_and_nothing_else(before: Case, after: Case) -> None:
    there, back = compare(before, after), compare(after, before)
    for scale, change in there.items():
        assert change.difference == -back[scale].difference
        assert (change.same, change.reliable) == (back[scale].same, back[scale].reliable)


# --- what is small ---


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (Case(quick("sandwiched", point=4)), Case(quick("sandwiched", point=4)), True),
        (Case(quick("sandwiched", point=4)), Case(quick("sandwiched", point=3)), False),
        (full(4, 4, 4), full(4, 4, 3), False),  # one point of one item is the smallest visible change
        (full(4, 4, 4), full(4, 4, 4), True),
        (Case(quick("sandwiched", point=4)), full(4, 4, 3), True),  # the coarser form decides
        (Case(quick("sandwiched", point=4)), full(3, 3, 3), False),
    ],
)
def test_less_than_one_slider_point_is_much_the_same(before: Case, after: Case, same: bool) -> None:
    assert compare(before, after)["sandwiched"].same is same


# --- reliable change ---


def test_the_index_is_the_difference_in_its_own_standard_errors() -> None:
    reference = CATALOG.reliability["sandwiched"].model_copy(update={"r": 0.75, "sd": 20.0})
    assert isclose(rci(20, reference.sd, reference.r), 20 / (20 * 2**0.5 * 0.5))
    assert isclose(rci(-20, reference.sd, reference.r), -rci(20, reference.sd, reference.r))
    assert rci(0, reference.sd, reference.r) == 0


@pytest.mark.parametrize(
    ("points", "reliable"),
    [((5, 5, 5), False), ((5, 5, 4), False), ((4, 4, 3), False), ((1, 5, 5), False),
     ((4, 4, 2), True), ((3, 3, 4), True), ((1, 1, 1), True)],
)  # fmt: skip
def test_a_change_is_reliable_from_five_steps_of_twelve(points: tuple[int, int, int], reliable: bool) -> None:
    # 1.96 · 25 · √2 · √0.3 = 37.96: four steps are 33.3, five are 41.7
    assert compare(full(5, 5, 5), full(*points))["sandwiched"].reliable is reliable


def test_both_directions_can_be_reliable_and_say_that_the_reliability_is_provisional() -> None:
    change = compare(full(1, 1, 1), full(5, 5, 5))["sandwiched"]
    assert (change.reliable, change.provisional) == (True, True)


@settings(max_examples=60)
@given(before=cases(), after=cases())
def test_nothing_is_claimed_unless_every_item_was_asked_and_answered_both_times(before: Case, after: Case) -> None:
    for scale, change in compare(before, after).items():
        answered = all(item.id in case.responses for case in (before, after) for item in CATALOG.items_of(scale))
        asked = all(scale in case.facts.widened for case in (before, after))
        assert (change.reliable is not None) is (answered and asked)


@pytest.mark.parametrize("quick_side", ["before", "after"])
def test_the_quick_form_claims_nothing_even_where_stale_answers_to_the_others_are_left(quick_side: str) -> None:
    narrowed = replace(full(1, 1, 1), facts=Facts())
    pair = (narrowed, full(5, 5, 5)) if quick_side == "before" else (full(5, 5, 5), narrowed)
    change = compare(*pair)["sandwiched"]
    assert (change.reliable, change.provisional) == (None, False)


def test_a_gap_in_the_full_form_claims_nothing() -> None:
    lenient = varied(min_answered=0.5)
    answers = dict(list(full(1, 1, 1).responses.items())[:2])
    gap = Case(answers, facts=Facts(widened=("sandwiched",)))
    before, after = (read(lenient, case.responses, case.facts) for case in (full(5, 5, 5), gap))
    (change,) = changes(lenient, before, after, full(5, 5, 5), gap)
    assert (change.difference, change.reliable) == (-100, None)


def test_without_a_reference_nothing_is_claimed() -> None:
    without = replace(CATALOG, reliability={})
    change = compare(full(5, 5, 5), full(1, 1, 1), without)["sandwiched"]
    assert (change.reliable, change.provisional) == (None, False)


def test_a_measured_reliability_is_not_called_provisional() -> None:
    measured = CATALOG.reliability["sandwiched"].model_copy(update={"provisional": False})
    change = compare(full(5, 5, 5), full(1, 1, 1), replace(CATALOG, reliability={"sandwiched": measured}))["sandwiched"]
    assert (change.reliable, change.provisional) == (True, False)
    assert told_reliability(JA, change) == JA("change_beyond")


def test_our_references_are_cautious_guesses_for_scales_with_a_full_form() -> None:
    assert CATALOG.reliability
    for scale, row in CATALOG.reliability.items():
        assert len(CATALOG.items_of(scale)) > 1
        assert (row.provisional, row.sources) == (True, ("workbook",))
        assert RELIABLE / rci(1, row.sd, row.r) > 25  # a change of one slider point on the quick form is not reliable


# --- in words ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_worry_gets_harder_or_easier_and_a_trait_only_moves(language: Language) -> None:
    words = say(CATALOG, language)

    def told(scale: str, before: int, after: int) -> str:
        return change_sentence(CATALOG, words, ScaleChange(scale, before, after, same=False))

    for scale in CATALOG.scales:
        up, down = told(scale, 25, 50), told(scale, 50, 25)
        name = words.words.scales[scale].name
        trait = CATALOG.scales[scale].kind in {"fit", "misfit"}
        keys = ("change_moved",) * 2 if trait else ("change_harder", "change_easier")
        assert up == words(keys[0], name=name, before=25, after=50)
        assert down == words(keys[1], name=name, before=50, after=25)


def test_scores_are_said_as_whole_numbers() -> None:
    assert "33から67に" in change_sentence(CATALOG, JA, ScaleChange("reward", 100 / 3, 200 / 3, same=False))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_provisional_reliability_is_named_wherever_it_is_used(language: Language) -> None:
    words = say(CATALOG, language)
    before, _, after = words("change_rough", text="|").partition("|")
    for reliable in (True, False):
        told = told_reliability(words, ScaleChange("reward", 0, 100, same=False, reliable=reliable, provisional=True))
        assert (told.startswith(before), told.endswith(after)) == (True, True)
        assert after.strip()
    assert told_reliability(words, ScaleChange("reward", 0, 100, same=False)) == ""


# --- talking points ---


def record(responses: dict[str, int], markers: dict[str, int], widened: tuple[str, ...] = ()) -> Record:
    return Record("d", "s", case=Case(responses, facts=Facts(widened=widened)), markers=markers)


@pytest.mark.parametrize(("client", "adviser"), [(4, 4), (4, 3), (4, 5)])
def test_less_than_two_points_apart_is_nothing_to_talk_about(client: int, adviser: int) -> None:
    assert talking_points(CATALOG, record({"reward_1": client}, {"reward_1": adviser})) == ()


@pytest.mark.parametrize(("client", "adviser"), [(5, 3), (1, 3), (1, 5)])
def test_two_points_apart_in_either_direction_are_a_talking_point(client: int, adviser: int) -> None:
    assert abs(client - adviser) >= APART
    found = talking_points(CATALOG, record({"reward_1": client}, {"reward_1": adviser}))
    assert found == (TalkingPoint("reward_1", client, adviser),)


def test_what_the_client_did_not_answer_or_is_not_asked_is_no_talking_point() -> None:
    assert talking_points(CATALOG, record({}, {"reward_1": 5})) == ()
    assert talking_points(CATALOG, record({"reward_2": 1}, {"reward_2": 5})) == ()
    widened = record({"reward_2": 1}, {"reward_2": 5}, widened=("reward",))
    assert talking_points(CATALOG, widened) == (TalkingPoint("reward_2", 1, 5),)


def test_a_marker_never_changes_a_reading() -> None:
    one = session(Case(quick("reward", "support", point=4)))
    before = one.reading
    one.place_marker("reward_1", 1)
    assert one.record.markers == {"reward_1": 1}
    assert one.reading == before
