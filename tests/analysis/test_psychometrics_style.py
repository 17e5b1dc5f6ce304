"""Signs of careless answering follow their definitions, and flag people without dropping them."""

from __future__ import annotations

from itertools import groupby, product
from math import isnan, nan
from statistics import fmean, stdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.analysis.psychometrics import honest, moments, reliability, style
from advisor.analysis.psychometrics.mahalanobis import distances
from advisor.scoring import likert
from tests.reference import psychometrics as reference

CELL = st.one_of(st.integers(1, 5).map(float), st.just(nan))


def eight(reverse: tuple[int, ...] = (1, 4)) -> likert.Instrument:
    """Return four scales of two items from 1 to 5."""
    rows = (likert.ItemRow(id=f"q{n}", scale=f"s{n // 2}", reverse=n in reverse, low=1, high=5) for n in range(8))
    return likert.instrument(tuple(rows))


@given(st.lists(CELL, min_size=1, max_size=20))
def test_longstring_is_the_longest_run_of_one_answer_and_a_gap_ends_it(row: list[float]) -> None:
    runs = [len(list(run)) for value, run in groupby(row, key=lambda v: "gap" if isnan(v) else v) if value != "gap"]
    assert style.longstring(np.array([row]))[0] == max(runs, default=0)


def test_an_item_that_was_not_shown_ends_no_run_and_one_that_was_skipped_does() -> None:
    row = np.array([[3, nan, 3, nan, 3, 4.0]])
    asked = np.array([[True, False, True, False, True, True]])
    assert style.longstring(row).tolist() == [1]
    assert style.longstring(row, asked).tolist() == [3]
    asked[0, 3] = True
    assert style.longstring(row, asked).tolist() == [2]


def test_longstring_and_irv_are_those_of_r() -> None:
    instrument, answers = reference.instrument(), reference.answers()
    assert style.longstring(answers).tolist() == reference.told()["longstring"]
    of_five = likert.instrument(
        tuple(likert.ItemRow(id=i, scale="s", reverse=False, low=1, high=5) for i in instrument.items[:9])
    )
    expected = reference.array(reference.told()["irv"])
    assert style.irv(of_five, answers[:, :9]) == pytest.approx(expected, nan_ok=True)


@given(st.lists(CELL, min_size=8, max_size=8))
def test_irv_is_the_standard_deviation_of_a_persons_own_answers(row: list[float]) -> None:
    given_answers = [value for value in row if not isnan(value)]
    found = float(style.irv(eight(), np.array([row]))[0])
    assert found == pytest.approx(stdev(given_answers)) if len(given_answers) > 1 else isnan(found)


def test_irv_puts_items_of_different_range_on_one() -> None:
    rows = tuple(likert.ItemRow(id=f"q{high}", scale="s", reverse=False, low=0, high=high) for high in (4, 8))
    assert style.irv(likert.instrument(rows), np.array([[4.0, 8], [4, 0]])) == pytest.approx([0, 6 * 0.5**0.5])


@given(st.lists(CELL, min_size=8, max_size=8))
@settings(max_examples=200)
def test_even_odd_is_the_stepped_up_correlation_of_half_scales_within_a_person(row: list[float]) -> None:
    keyed = [6 - value if n in (1, 4) else value for n, value in enumerate(row)]
    halves = [(keyed[n], keyed[n + 1]) for n in range(0, 8, 2) if not isnan(keyed[n] + keyed[n + 1])]
    found = float(style.even_odd(eight(), np.array([row]))[0])
    if len(halves) < 3 or any(len(set(half)) == 1 for half in zip(*halves, strict=True)):
        assert isnan(found)
        return
    r = np.corrcoef(np.array(halves).T)[0, 1]
    assert found == pytest.approx(max(-1, 2 * r / (1 + r)) if r > -1 + 1e-9 else -1, abs=1e-6)


def test_distances_are_those_of_r_within_the_answers_given() -> None:
    answers = reference.answers()
    whole = answers[~np.isnan(answers).any(axis=1)]
    told = reference.told()
    assert distances(whole).squared == pytest.approx(told["mahalanobis_complete"], rel=1e-9)
    assert distances(whole).squared == pytest.approx(told["psych_outlier_complete"], rel=1e-9)
    found = distances(answers)
    assert found.squared == pytest.approx(reference.array(told["mahalanobis"]), rel=1e-9, nan_ok=True)
    assert found.p == pytest.approx(reference.array(told["mahalanobis_p"]), rel=1e-8, nan_ok=True)
    assert found.why == ""


def test_whoever_answered_nothing_has_no_distance() -> None:
    answers = np.vstack([reference.answers(), np.full((1, 12), nan)])
    found = distances(answers)
    assert isnan(found.squared[-1])
    assert isnan(found.p[-1])
    assert not np.isnan(found.squared[:-1]).any()


def test_an_item_that_all_answered_alike_has_no_part_in_a_distance() -> None:
    answers = reference.answers()
    more = np.column_stack([answers, np.full(len(answers), 3.0)])
    assert distances(more).squared == pytest.approx(distances(answers).squared)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (np.array([[1.0, 2, 3], [2, 3, 5]]), "no_inverse"),
        (np.column_stack([reference.answers()[:, :2], reference.answers()[:, 0]]), "no_inverse"),
        (np.array([[1.0, nan], [2, nan], [nan, 3], [nan, 5]]), "too_few"),
        (np.full((5, 2), 3.0), "too_few"),
    ],
)
def test_where_no_distance_can_be_said_it_says_why(answers: np.ndarray, why: str) -> None:
    found = distances(answers)
    assert found.why == why
    assert np.isnan(found.squared).all()
    assert np.isnan(found.p).all()


def test_people_who_always_gave_one_answer_are_flagged_and_stay() -> None:
    instrument, answers = reference.instrument(), reference.answers()
    found = style.styles(instrument, answers)
    assert found.flags.shape == (300, len(style.SIGNS))
    assert found.flags[:6, [style.SIGNS.index("longstring"), style.SIGNS.index("irv")]].any(axis=1).all()
    assert found.flags[6:].any(axis=1).sum() < 12


def test_synonyms_and_antonyms_are_those_of_r() -> None:
    found = style.styles(reference.instrument(), reference.answers(), cut=style.CutOffs(alike=0.4))
    told = reference.told()
    assert found.antonyms == pytest.approx(reference.array(told["antonyms"]), nan_ok=True)
    assert found.synonyms == pytest.approx(reference.array(told["synonyms"]), nan_ok=True)


def test_scales_of_one_item_have_no_halves() -> None:
    rows = tuple(likert.ItemRow(id=f"q{n}", scale=f"s{n}", reverse=False, low=1, high=5) for n in range(12))
    assert np.isnan(style.even_odd(likert.instrument(rows), reference.answers())).all()


def test_cut_offs_are_the_callers_to_choose() -> None:
    instrument, answers = reference.instrument(), reference.answers()
    nobody = style.CutOffs(fixed={"longstring": 2, "irv": -1, "even_odd": -2, "mahalanobis": -1})
    assert not style.styles(instrument, answers, cut=nobody).flags.any()
    everybody = style.CutOffs(fixed={"longstring": 0, "irv": 9}, fewest=1)
    assert style.styles(instrument, answers, cut=everybody).flags[:, [0, 1]].all()


# ---- a simulation with known truth: who was made to answer honestly, and who was not ----

HONEST = 1525


def form(items: int, scales: int, high: int) -> likert.Instrument:
    """Return scales whose items take turns; every third item is reversed where there are more than two answers."""
    return likert.instrument(
        tuple(
            likert.ItemRow(id=f"q{n}", scale=f"s{n % scales}", reverse=high > 2 and n % 3 == 0, low=1, high=high)
            for n in range(items)
        )
    )


def answered(instrument: likert.Instrument, loading: float, people: int, seed: int = 7) -> np.ndarray:
    """Return answers of honest people: scales are related, items differ in difficulty.

    The traits are added up by hand: what numpy draws with repeated eigenvalues depends on the processor.
    """
    chance = np.random.default_rng(seed)
    items, scales, high = len(instrument.items), len(instrument.scales), int(instrument.high[0])
    traits = np.sqrt(0.3) * chance.normal(size=(people, 1)) + np.sqrt(0.7) * chance.normal(size=(people, scales))
    latent = loading * traits[:, np.arange(items) % scales] + np.sqrt(1 - loading**2) * chance.normal(
        size=(people, items)
    )
    steps = np.linspace(-1.5, 1.5, high + 1)[1:-1] + chance.normal(0, 0.8, items)[:, None]
    keyed = 1 + (latent[:, :, None] > steps).sum(axis=2)
    return likert.keyed(instrument, keyed.astype(float))


@pytest.mark.parametrize(
    ("items", "scales", "high", "loading"),
    [(16, 4, 2, 0.7), (40, 8, 5, 0.7), (40, 8, 5, 0.85), (12, 3, 3, 0.5), (30, 10, 7, 0.8)],
)
def test_hardly_any_honest_person_is_flagged_whatever_the_instrument(
    items: int, scales: int, high: int, loading: float
) -> None:
    """Cut-offs that were fixed for all instruments flagged every third of them where answers are right or wrong."""
    instrument = form(items, scales, high)
    flags: np.ndarray = style.styles(instrument, answered(instrument, loading, HONEST)).flags
    assert flags.mean(axis=0) == pytest.approx(0.005, abs=0.006)
    assert flags.any(axis=1).mean() < 0.03


def test_the_careless_are_found_among_the_honest() -> None:
    instrument = form(40, 8, 5)
    answers, chance = answered(instrument, 0.7, 1500), np.random.default_rng(8)
    answers[:75] = chance.integers(1, 6, (75, 1))
    answers[75:150] = chance.integers(1, 6, (75, 40))
    flagged = np.asarray(style.styles(instrument, answers).flags.any(axis=1))
    assert flagged[:75].mean() > 0.95
    assert flagged[75:150].mean() > 0.75  # of thirty such samples: 0.69 to 0.91, in the middle 0.81; here 0.80
    assert flagged[150:].mean() < 0.03


def test_short_and_long_forms_have_limits_of_their_own_and_the_same_answers_the_same_limits() -> None:
    instrument = form(40, 8, 5)
    answers = answered(instrument, 0.7, 1500)
    answers[:700, 10:] = nan
    found, again = (style.styles(instrument, given, asked=~np.isnan(given)) for given in (answers, answers.copy()))
    assert found.lengths.tolist() == [10, 40]
    assert found.limits[0, 0] > 1.5 * found.limits[1, 0]
    assert (found.flags == again.flags).all()
    for rows in (slice(700), slice(700, None)):
        assert found.flags[rows].mean(axis=0) == pytest.approx(0.005, abs=0.009)


def test_honest_people_are_like_the_real_ones() -> None:
    answers = answered(form(16, 4, 2), 0.7, HONEST)
    answers[::5, 3] = nan
    made = honest.people(answers, 4000)
    assert made.mean(axis=0) == pytest.approx(np.nanmean(answers, axis=0), abs=0.03)
    real = reliability.correlation(moments.pairwise_covariance(moments.pairs_of(answers)))
    assert np.abs(np.corrcoef(made.T) - real).max() < 0.08


def test_the_same_answers_make_the_same_people_on_every_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where eigenvalues repeat, there are many eigenvectors; which of them come, with what sign, differs."""
    answers = np.array([*product((1.0, 2.0), repeat=4)])  # items that go with no other
    eigh = np.linalg.eigh

    def otherwise(correlations: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values, vectors = eigh(correlations)
        is_one = np.isclose(values, 1, atol=1e-9)
        vectors[:, is_one] = vectors[:, is_one][:, ::-1]
        return values, -vectors

    made = honest.people(answers, 500)
    honest._people.cache_clear()  # noqa: SLF001  (the last people are kept)
    monkeypatch.setattr(np.linalg, "eigh", otherwise)
    assert (honest.people(answers, 500) == made).mean() > 0.99  # rounding may move one who stands at a limit


def test_an_item_that_nobody_or_everybody_answered_alike_does_not_matter() -> None:
    answers = answered(form(16, 4, 2), 0.7, 300)
    answers[:, 0], answers[:, 1] = nan, 2
    made = honest.people(answers, 50)
    assert np.isnan(made[:, 0]).all()
    assert (made[:, 1] == 2).all()
    assert style.styles(form(16, 4, 2), answers).flags.any(axis=1).mean() < 0.03


def test_of_a_few_answers_nothing_is_said() -> None:
    answers = np.full((1, 12), nan)
    answers[0, :5] = 3
    assert not style.styles(reference.instrument(), np.vstack([reference.answers(), answers])).flags[-1].any()


def test_figures_with_and_without_those_who_are_flagged_stand_side_by_side() -> None:
    instrument, answers = reference.instrument(), reference.answers()
    found = style.styles(instrument, answers)
    both = style.with_and_without(instrument, answers, found)
    flagged = int(found.flags.any(axis=1).sum())
    assert [pair.everybody.n + pair.everybody.missing for pair in both] == [300] * 3
    assert [pair.unflagged.n + pair.unflagged.missing for pair in both] == [300 - flagged] * 3
    assert fmean(pair.unflagged.alpha - pair.everybody.alpha for pair in both) != 0
