"""Alternative answers: every possible score once, at its smallest cost, with its effect on the paths."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.content import measures
from advisor.content.model import SIGN_ANSWERS, TRIED, Case, Facts
from advisor.scoring.counterfactual import apply
from advisor.scoring.options import Option, SearchState, scale_options, search_state, sign_options, step_options
from advisor.scoring.reading import read
from tests.support import THEN, cases, quick, ranked, told

UNIT = 12  # three items of five points
REWARD = THEN.items_of("reward")
WIDE = Facts(situation="inside", widened=("reward",))


def seen(case: Case) -> SearchState:
    return search_state(THEN, case.responses, case.facts)


def apart(after: tuple[int, ...], before: tuple[int, ...]) -> int:
    return sum(abs(one - other) for one, other in zip(after, before, strict=True))


def check_gain(who: SearchState, option: Option) -> None:
    """Compare the gain and gates of an option with the client after its changes."""
    after = seen(apply(THEN, who.case, option.changes))
    assert (option.gain == after.points - who.points).all()


@settings(max_examples=30)
@given(st.tuples(*(st.integers(item.low, item.high) for item in REWARD)))
def test_a_scale_offers_every_score_once_and_at_its_smallest_cost(now: tuple[int, ...]) -> None:
    case = Case(dict(zip([item.id for item in REWARD], now, strict=True)), facts=WIDE)
    who = seen(case)
    cheapest: dict[float, int] = {}
    for values in product(range(1, 6), repeat=3):
        total = values[0] + values[1] + 6 - values[2]
        cheapest[total] = min(cheapest.get(total, 99), apart(values, now))
    options = scale_options(who, "reward", UNIT)
    assert sorted(option.cost for option in options) == sorted(cheapest.values())
    current = now[0] + now[1] + 6 - now[2]
    assert {current + option.shift: option.cost for option in options} == cheapest
    for option in options:
        check_gain(who, option)


def test_a_tendency_moves_the_index_the_other_way() -> None:
    who = seen(Case(quick("novelty", "support", point=3)))
    shifts = {trait: [option.shift for option in scale_options(who, trait, 4)] for trait in ("novelty", "support")}
    up = [[option.changes[0].after for option in scale_options(who, "support", 4) if option.shift > 0]]
    assert sorted(shifts["novelty"]) == sorted(shifts["support"]) == [-2, -1, 0, 1, 2]
    assert up == [[4, 5]]
    assert [option.changes[0].after for option in scale_options(who, "novelty", 4) if option.shift > 0] == [2, 1]


def test_a_scale_without_a_score_offers_nothing() -> None:
    assert scale_options(seen(Case({"reward_1": 3}, facts=WIDE)), "reward", UNIT) == []


@settings(max_examples=30)
@given(told(THEN.signs, SIGN_ANSWERS))
def test_signs_move_along_yes_unknown_no(signs: Any) -> None:
    who = seen(Case(facts=Facts(situation="inside", signs=signs)))
    options = sign_options(who)
    assert len(options) == 3 ** len(signs)
    place = {"yes": 0, "unknown": 1, "no": 2}
    for option in options:
        assert option.cost == sum(abs(place[str(one.after)] - place[str(one.before)]) for one in option.changes)
        yes = list(apply(THEN, who.case, option.changes).facts.signs.values()).count("yes")
        assert option.opens is (yes >= 2)
        check_gain(who, option)


@settings(max_examples=30)
@given(told(THEN.steps, TRIED))
def test_steps_are_shared_out_in_every_way_with_as_few_moves_as_can_be(tried: Any) -> None:
    who = seen(Case(facts=Facts(situation="inside", tried=tried)))
    options = step_options(who)
    present = [answer for name, answer in tried.items() if name in measures.present_steps(THEN.steps)]
    assert len(options) == (len(present) + 1) * (len(present) + 2) // 2
    found = set()
    for option in options:
        after = apply(THEN, who.case, option.changes).facts.tried
        counts = tuple(
            [after[name] for name in after if name in measures.present_steps(THEN.steps)].count(one) for one in TRIED
        )
        found.add(counts)
        moved = sum(abs(count - present.count(one)) for count, one in zip(counts, TRIED, strict=True)) // 2
        assert option.cost == len(option.changes) == moved
        assert option.opens is (counts[TRIED.index("without_effect")] >= 2)
        check_gain(who, option)
    assert len(found) == len(options)


@pytest.mark.parametrize("case", [Case(), Case(quick("reward", point=3))])
def test_what_was_not_told_offers_nothing_but_to_stay_so(case: Case) -> None:
    who = seen(case)
    for option, *others in (sign_options(who), step_options(who)):
        assert (others, option.cost, option.changes, option.opens) == ([], 0, (), False)
        assert not option.gain.any()


@settings(max_examples=50)
@given(cases(THEN))
def test_the_client_as_the_search_sees_it_is_the_client_as_the_reading_sees_it(case: Case) -> None:
    who, reading = seen(case), read(THEN, case.responses, case.facts)
    targets = list(THEN.paths)
    assert targets[who.first] == reading.paths[0].target
    assert {one.target: one.points for one in reading.paths}.items() <= dict(
        zip(targets, who.points, strict=True)
    ).items()
    assert {targets[place] for place in range(len(targets)) if who.fits[place]} == set(ranked(reading.paths))
