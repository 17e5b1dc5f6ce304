"""Synthetic respondents: the same from the same seed, labelled, answering as the model says, and of every kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from scipy.stats import norm

from advisor.analysis.cohort import synthetic
from advisor.analysis.cohort.facts import fact_columns, load
from advisor.analysis.cohort.synthetic import PART, STYLES, Recipe
from advisor.analysis.cohort.synthetic_model import DEFAULT, Parameters
from advisor.cli import data, main
from advisor.content.case_checks import problems_of_case
from advisor.content.folder import data_dir
from advisor.content.messages import messages
from advisor.content.model import SITUATIONS, Case, Facts
from advisor.scoring import advice, likert, scores
from tests.support import CATALOG

SAMPLE = data_dir() / "samples" / "cohort.parquet"
ITEMS = tuple(CATALOG.items)
CAREFUL = replace(DEFAULT, straight_lining=0, random=0, contradictory=0, unfinished=0, missing=0)
FULL = replace(CAREFUL, quick_only=0, all_widened=1)
KEY = scores.key(CATALOG).instrument


def made(n: int, seed: int = 1, parameters: Parameters = DEFAULT) -> pa.Table:
    return pa.concat_tables(synthetic.respondents(CATALOG, Recipe(n, seed, parameters)))


def recipe_in(path: Path) -> Recipe:
    """Return the recipe in the metadata of a file of synthetic respondents."""
    told = json.loads(pq.read_schema(path).metadata[b"recipe"])
    return Recipe(told["n"], told["seed"], TypeAdapter(Parameters).validate_python(told["parameters"]))


def answers(table: pa.Table) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return respondents x items, NaN where nothing is answered."""
    return np.asarray(table.select(ITEMS).to_pandas().to_numpy(float))


def cases_in(table: pa.Table) -> Iterator[Case]:
    """Return each row as the case it stands for."""
    for row in table.to_pylist():
        facts = Facts(
            situation=row["situation"],
            role=row["role"],
            years=row["years"],
            priorities=tuple((row["priorities"] or "").split()),
            experience=tuple((row["experience"] or "").split()),
            fixed=tuple((row["fixed"] or "").split()),
            widened=tuple((row["widened"] or "").split()),
            signs={name: row[f"sign_{name}"] for name in CATALOG.signs if row[f"sign_{name}"]},
            tried={name: row[f"tried_{name}"] for name in CATALOG.steps if row[f"tried_{name}"]},
        )
        yield Case({item: row[item] for item in ITEMS if row[item] is not None}, facts=facts)


# ---- the file that comes with the workbook ----


def test_the_sample_cohort_can_be_made_again_from_its_own_metadata() -> None:
    recipe = recipe_in(SAMPLE)
    assert recipe.n >= 10_000
    assert made(recipe.n, recipe.seed, recipe.parameters).equals(pq.read_table(SAMPLE))


def test_the_sample_cohort_is_small_and_says_that_it_is_synthetic() -> None:
    assert SAMPLE.stat().st_size < 0.6 * recipe_in(SAMPLE).n * len(ITEMS)  # bytes: 600 KB with 84 items
    metadata = pq.read_schema(SAMPLE).metadata
    assert "synthetic" in metadata[b"synthetic"].decode()
    assert "架空" in metadata[b"synthetic"].decode()
    assert set(pq.read_table(SAMPLE, columns=["synthetic"])["synthetic"].to_pylist()) == {True}
    assert "cohort.parquet" in (SAMPLE.parent / "README.md").read_text(encoding="utf-8")


def test_the_catalogue_does_not_read_the_sample_cohort() -> None:
    assert not [name for name in CATALOG.files if name.startswith("samples/")]


def test_every_path_and_every_step_comes_first_for_somebody_in_the_sample_cohort() -> None:
    cohort = load(CATALOG, SAMPLE)
    assert cohort.findings == ()
    measured = scores.measure(CATALOG, cohort.table, scores.score(CATALOG, cohort.table))
    for group in ("paths", "steps"):
        first = advice.standing(CATALOG, group, cohort.table, measured).order[:, 0]
        assert set(first.tolist()) == set(range(len(getattr(CATALOG, group))))
    assert 0.2 < advice.any_open(CATALOG, measured).mean() < 0.8


# ---- chance ----


def test_the_same_seed_makes_the_same_respondents_and_another_seed_others() -> None:
    assert made(200).equals(made(200))
    assert not made(200).equals(made(200, seed=2))


def test_more_respondents_are_added_behind_the_others() -> None:
    many = made(PART + 50)
    assert many.num_rows == PART + 50
    assert many.slice(0, 300).equals(made(300))
    assert len(set(many["respondent"].to_pylist())) == PART + 50
    assert not many.slice(0, 50).select(ITEMS).equals(many.slice(PART).select(ITEMS))


@settings(max_examples=10)
@given(st.integers(0, 2**63 - 1), st.integers(1, 30))
def test_whatever_the_seed_every_row_is_a_case_that_may_be(seed: int, n: int) -> None:
    table = made(n, seed)
    assert set(fact_columns(CATALOG)) < set(table.column_names)
    for case in cases_in(table):
        assert list(problems_of_case(CATALOG, case)) == []
        for name in case.responses:
            item = CATALOG.items[name]
            assert item in CATALOG.active_items(item.scale, case.facts.widened)


# ---- the model ----


def test_answers_are_as_frequent_as_the_normal_ogive_of_the_graded_response_model_says() -> None:
    flat = replace(FULL, segments=(), ease=(0.0, 0.0, 0.0, 0.0), ease_spread=0.0)
    found = answers(made(8000, parameters=flat))
    thresholds = np.array([-1.5, -0.5, 0.5, 1.5]) * flat.step
    expected = np.diff(norm.cdf([-np.inf, *thresholds, np.inf]))
    shares = np.stack([(found == point).mean(axis=0) for point in range(1, 6)], axis=1)
    assert np.abs(shares - expected).max() < 0.025  # five standard errors


def test_a_contradictory_respondent_takes_reverse_keyed_items_for_plain_ones() -> None:
    plain, reverse = (np.flatnonzero(KEY.reverse == is_reverse) for is_reverse in (False, True))

    def agreement(parameters: Parameters) -> float:
        found = answers(made(1500, parameters=parameters))
        scale = KEY.member.argmax(axis=0)
        pairs = [(one, other) for one in plain for other in reverse if scale[one] == scale[other]]
        return float(np.mean([np.corrcoef(found[:, one], found[:, other])[0, 1] for one, other in pairs]))

    assert agreement(FULL) < -0.3
    assert agreement(replace(FULL, contradictory=1.0)) > 0.3


def test_a_straight_liner_stays_on_one_point_and_a_random_one_does_not() -> None:
    def longest(found: np.ndarray[Any, np.dtype[np.float64]]) -> float:
        same = np.diff(found, axis=1) == 0
        runs = np.zeros(len(found))
        best = np.zeros(len(found))
        for column in range(same.shape[1]):
            runs = np.where(same[:, column], runs + 1, 0)
            best = np.maximum(best, runs)
        return float(np.median(best + 1))

    straight = longest(answers(made(500, parameters=replace(FULL, straight_lining=1.0))))
    chance = longest(answers(made(500, parameters=replace(FULL, random=1.0))))
    honest = longest(answers(made(500, parameters=FULL)))
    assert straight > 25
    assert chance < 6
    assert honest < 10


def test_styles_forms_and_missing_answers_come_in_the_shares_that_are_stated() -> None:
    table = made(6000)
    styles = table["style"].to_pylist()
    for name in STYLES[1:]:
        assert abs(styles.count(name) / len(styles) - getattr(DEFAULT, name)) < 0.01
    widened = [len((cell or "").split()) for cell in table["widened"].to_pylist()]
    assert abs(widened.count(0) / len(widened) - DEFAULT.quick_only) < 0.03
    assert abs(widened.count(len(CATALOG.scales)) / len(widened) - DEFAULT.all_widened) < 0.03
    missing = np.isnan(answers(made(1000, parameters=replace(FULL, missing=0.1)))).mean()
    assert abs(missing - 0.1) < 0.01


def test_segments_differ_as_far_as_is_stated() -> None:
    table = made(9000, parameters=FULL)
    scores = likert.score(KEY, answers(table))
    kinds = np.array([scale.kind == "misfit" for scale in CATALOG.scales.values()])
    mean = np.nanmean(scores[:, kinds], axis=1)
    sales = np.array(table["department"].to_pylist()) == "sales"
    difference = (mean[sales].mean() - mean[~sales].mean()) / mean.std()
    assert 0.2 < difference < 0.45  # 0.30 of the factor, and 0.10 of the others away from it


def test_who_feels_more_frustration_sees_more_signs_and_has_tried_more_in_vain() -> None:
    table = made(5000, parameters=FULL)
    scores = likert.score(KEY, answers(table))
    felt = np.nanmean(scores[:, [scale.kind == "frustration" for scale in CATALOG.scales.values()]], axis=1)
    for prefix, answer in (("sign_", "yes"), ("tried_", "without_effect")):
        names = [name for name in table.column_names if name.startswith(prefix)]
        seen = (table.select(names).to_pandas() == answer).sum(axis=1)
        assert np.corrcoef(felt, seen)[0, 1] > 0.2


def test_what_was_tried_fits_the_situation() -> None:
    frame = made(500).to_pandas()
    for name, step in CATALOG.steps.items():
        told = frame[frame[f"tried_{name}"].notna() & frame["situation"].notna()]
        assert set(told["situation"]) <= set(step.situations)
    assert set(frame["situation"].dropna()) == set(SITUATIONS)


# ---- the command ----


def advisor(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> Result:
    monkeypatch.setattr(data, "SAY", messages("en"))
    return CliRunner().invoke(main.main, ["synthetic", *map(str, arguments)])


def test_the_command_writes_a_labelled_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    told = advisor(monkeypatch, "--n", "30", "--seed", "7", "--out", path)
    assert told.exit_code == 0, told.output
    assert "30 respondents" in told.output
    assert "synthetic" in told.output
    assert recipe_in(path) == Recipe(30, 7)
    assert pq.read_table(path).equals(made(30, seed=7))
    assert [file.name for file in tmp_path.iterdir()] == ["a.parquet"]


@pytest.mark.parametrize(
    ("name", "exit_code", "sentence"), [("a.csv", 2, ".parquet"), ("no/a.parquet", 1, "cannot be written")]
)
def test_a_file_that_cannot_be_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, exit_code: int, sentence: str
) -> None:
    told = advisor(monkeypatch, "--n", "5", "--out", tmp_path / name)
    assert told.exit_code == exit_code
    assert sentence in told.output
    assert list(tmp_path.iterdir()) == []
