"""Likert scores: any instrument and any number of respondents; the same bits in blocks of any size."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.content.datafiles import DataError, problem_text
from advisor.scoring import likert
from advisor.scoring.likert import Instrument, ItemRow, instrument, keyed, read_instrument, score

if TYPE_CHECKING:
    from pathlib import Path

    from advisor.scoring.likert import Floats, Metric


def items(*rows: tuple[str, str, int, int, int]) -> Instrument:
    return instrument(tuple(ItemRow(id=i, scale=s, reverse=bool(r), low=low, high=high) for i, s, r, low, high in rows))


MOOD = items(("a", "mood", 0, 1, 5), ("b", "mood", 1, 1, 5), ("c", "mood", 0, 1, 5), ("d", "drive", 0, 0, 10))
FIVE = items(*((f"i{n}", "one", 0, 1, 5) for n in range(5)))
NO = float("nan")


@st.composite
def cohorts(draw: st.DrawFn) -> tuple[Instrument, Floats]:
    """Draw an instrument with different ranges, and answers with gaps."""
    ranges = st.sampled_from([(1, 5), (0, 1), (0, 10), (-3, 3), (1, 7), (1, 4), (0, 100)])
    rows = draw(st.lists(st.tuples(st.sampled_from("xyz"), st.booleans(), ranges), min_size=1, max_size=9))
    made = items(*((f"i{n}", scale, reverse, low, high) for n, (scale, reverse, (low, high)) in enumerate(rows)))
    one = st.tuples(*(st.none() | st.integers(low, high) for _, _, (low, high) in rows))
    people = draw(st.lists(one, max_size=6))
    return made, np.array([[NO if point is None else point for point in given] for given in people], float).reshape(
        len(people), len(rows)
    )


def plain(made: Instrument, answers: Floats, least: float, metric: Metric) -> list[list[float | None]]:
    """Return the score by its definition, for one respondent and one scale, in exact fractions, rounded once."""
    found = []
    for given_ in answers:
        row: list[float | None] = []
        for scale in made.scales:
            columns = made.items_of(scale)
            problem_text = [column for column in columns if not np.isnan(given_[column])]
            if not problem_text or len(problem_text) < least * len(columns) - 1e-9:
                row.append(None)
                continue
            parts = []
            for column in problem_text:
                low, high, point = int(made.low[column]), int(made.high[column]), int(given_[column])
                point = low + high - point if made.reverse[column] else point
                parts.append(Fraction(point - low, high - low) * 100 if metric == "percent" else Fraction(point))
            row.append(float(sum(parts) / len(parts)))
        found.append(row)
    return found


@given(cohorts(), st.sampled_from([0.0, 0.5, 2 / 3, 0.8, 1.0]), st.sampled_from(["percent", "mean"]))
def test_scores_are_what_the_definition_says(cohort: tuple[Instrument, Floats], least: float, metric: Metric) -> None:
    made, answers = cohort
    found = score(made, answers, min_answered=least, metric=metric)
    assert [[None if np.isnan(value) else value for value in row] for row in found.tolist()] == plain(
        made, answers, least, metric
    )


@given(cohorts(), st.integers(1, 5))
def test_a_respondent_scores_the_same_alone_and_among_others_however_they_are_cut_up(
    cohort: tuple[Instrument, Floats], size: int
) -> None:
    made, answers = cohort
    together = score(made, np.tile(answers, (3, 1)))
    pieces = [score(made, np.tile(answers, (3, 1))[start : start + size]) for start in range(0, 3 * len(answers), size)]
    assert together.tobytes() == np.concatenate([*pieces, np.empty((0, len(made.scales)))]).tobytes()
    assert together.tobytes() == score(made, np.asfortranarray(np.tile(answers, (3, 1)))).tobytes()


def test_more_respondents_than_are_worked_on_at_a_time_score_as_they_would_alone() -> None:
    draw = np.random.default_rng(5)
    answers = draw.integers(1, 6, (2 * likert.BLOCK + 7, 4)).astype(float)
    answers[draw.random(answers.shape) < 0.1] = NO
    found = score(MOOD, answers)
    for row in (0, likert.BLOCK - 1, likert.BLOCK, 2 * likert.BLOCK, len(answers) - 1):
        assert found[row].tobytes() == score(MOOD, answers[row : row + 1])[0].tobytes()


def test_a_cohort_may_be_empty() -> None:
    assert score(MOOD, np.empty((0, 4))).shape == (0, 2)


@pytest.mark.parametrize(
    ("answered", "least", "scored"),
    [
        (4, 0.8, True),
        (3, 0.8, False),
        (3, 0.6, True),  # 0.6 x 5 is 3, and a little more in floating point
        (5, 1.0, True),
        (4, 1.0, False),
        (1, 0.0, True),
        (0, 0.0, False),  # without answers there is no mean
    ],
)
def test_exactly_the_share_that_is_asked_for_is_enough(answered: int, least: float, scored: bool) -> None:
    answers = np.array([[3.0] * answered + [NO] * (5 - answered)])
    assert np.isnan(score(FIVE, answers, min_answered=least)[0, 0]) != scored


def test_only_what_was_asked_has_to_be_answered_and_counts() -> None:
    answers = np.array([[5.0, 1.0, 1.0, 10.0]])
    asked = np.array([[True, False, False, False]])
    found = score(MOOD, answers, asked=asked)
    assert found[0, 0] == 100
    assert np.isnan(found[0, 1])


def test_items_of_different_ranges_weigh_the_same() -> None:
    made = items(("a", "one", 0, 0, 1), ("b", "one", 1, 1, 7), ("c", "one", 0, 0, 100))
    # 1 of 0-1 is 100, 1 of 1-7 turned is 100, 10 of 0-100 is 10
    assert score(made, np.array([[1.0, 1.0, 10.0]]))[0, 0] == 70
    assert made.units[0] == lcm(1, 6, 100)


def test_the_mean_is_of_keyed_items_in_their_own_points() -> None:
    assert score(MOOD, np.array([[4.0, 2.0, 5.0, 7.0]]), metric="mean")[0].tolist() == [13 / 3, 7]
    assert keyed(MOOD, np.array([[4.0, 2.0, NO, 7.0]])).tolist()[0][:2] == [4, 4]


# --- instruments --------------------------------------------------------------------------------------------------


def written(folder: Path, text: str) -> Path:
    (folder / likert.FILE).write_text(text, encoding="utf-8")
    return folder


def test_an_instrument_is_read_with_its_scales_in_order_and_further_columns_ignored(tmp_path: Path) -> None:
    text = "text,id,scale,reverse,low,high\nHow?,q2,z,1,1,7\nWhy?,q1,a,0,0,3\n,q3,z,0,1,7\n"
    made = read_instrument(written(tmp_path, text))
    assert (made.items, made.scales) == (("q2", "q1", "q3"), ("z", "a"))
    assert made.reverse.tolist() == [True, False, False]
    assert (made.low.tolist(), made.high.tolist()) == ([1, 0, 1], [7, 3, 7])
    assert made.items_of("z").tolist() == [0, 2]


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("id,scale,reverse,low,high\na,s,0,1,5\na,s,0,1,5\n", 3, "1.id"),
        ("id,scale,reverse,low,high\na,s,0,5,5\n", 2, "0.low"),
        ("id,scale,reverse,low,high\na,s,2,1,5\n", 2, "0.reverse"),
        ("id,scale,reverse,low,high\na,s,0,one,5\n", 2, "0.low"),
        ("id,scale,reverse,low,high\n,s,0,1,5\n", 2, "0.id"),
        ("id,scale,reverse,low,high\na,,0,1,5\n", 2, "0.scale"),
        ("id,scale,low,high\na,s,1,5\n", 2, "0.reverse"),
        ("id,scale,reverse,low,high\na,s,0,1\n", 2, "0.high"),
        ("id,scale,reverse,low,high\n", 1, ""),
    ],
)
def test_what_is_wrong_with_an_instrument_is_told_with_line_field_and_fix(
    text: str, line: int, field: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError) as error:
        read_instrument(written(tmp_path, text))
    (problem,) = error.value.problems
    assert (problem.file, problem.line, problem.field) == (likert.FILE, line, field)
    assert problem_text(problem, "ja") != problem_text(problem, "en"), "it has its sentences"


def test_a_missing_instrument_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"items\.csv"):
        read_instrument(tmp_path)
