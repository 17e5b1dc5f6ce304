"""The analysts' notebooks: what they claim of the synthetic sample holds, and one changed line opens another file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from advisor.analysis.cohort.groups import SILENT
from advisor.content import loading
from tests.support import CATALOG
from tests.test_notebooks import FOLDER, cells

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("10_scoring", "20_quality", "30_cohort")
PEOPLE = 30
LINE = re.compile(r"^FILE = None(?=  #)", re.MULTILINE)


def ran(name: str, file: Path | None = None) -> Iterator[dict[str, Any]]:
    """Run a notebook cell by cell, and yield its names after each; ``file``: what its one line is changed to."""
    source = cells(FOLDER / "analyst" / f"{name}.ipynb")
    assert source[0].startswith("FILE = None  #"), "the line to change stands on top"
    assert len(LINE.findall("\n".join(source))) == 1
    told: dict[str, Any] = {"display": lambda *_: None}
    for cell in source:
        text = cell if file is None else LINE.sub(lambda _: f"FILE = {str(file)!r}", cell)
        exec(compile(text, name, "exec"), told)  # noqa: S102  (our own notebooks)
        yield told


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small file of somebody else: one scale in full, half of the quick items, one column that parts it."""
    chance = np.random.default_rng(5)
    quick = [item.id for item in CATALOG.items.values() if item.quick]
    items = list(dict.fromkeys([*(item.id for item in CATALOG.items_of("reward")), *quick[: len(quick) // 2]]))
    answers = pd.DataFrame(chance.integers(1, 6, (PEOPLE, len(items))), columns=items).astype("Int64")
    answers.iloc[3, 2] = None
    answers.insert(0, "社員番号", [f"e{number:03d}" for number in range(PEOPLE)])
    answers.insert(1, "勤務地", chance.choice(["東京", "大阪"], PEOPLE))
    path = tmp_path_factory.mktemp("foreign") / "回答.csv"
    answers.to_csv(path, index=False, encoding="cp932")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_on_a_file_of_ones_own_by_one_changed_line(name: str, foreign: Path) -> None:
    *_, told = ran(name, foreign)
    if name == "10_scoring":
        assert len(told["trial"].before) == PEOPLE
    if name == "20_quality":
        assert len(told["answers"].answers) == PEOPLE
        assert told["best"] == "reward"
    if name == "30_cohort":
        assert len(told["scores"]) == PEOPLE
        assert told["keep"] == ("勤務地",)
        assert set(told["first"]["group"]) == {"東京", "大阪"}


def test_a_file_with_headings_of_its_own_is_looked_at_and_scored_by_the_map_that_is_confirmed(
    foreign: Path, tmp_path: Path
) -> None:
    path = tmp_path / "headings.csv"
    own = pd.read_csv(foreign, encoding="cp932")
    items = [name for name in own.columns if name in CATALOG.items]
    own.rename(columns={name: f"問{number}" for number, name in enumerate(items)}).to_csv(path, index=False)
    source = cells(FOLDER / "analyst" / "30_cohort.ipynb")
    (line,) = [text for cell in source for text in cell.splitlines() if text.startswith("MAP = {}  #")]
    told: dict[str, Any] = {"display": lambda *_: None}
    asked = {f"問{number}": name for number, name in enumerate(items)}
    for cell in source:
        text = LINE.sub(lambda _: f"FILE = {str(path)!r}", cell).replace(line, f"MAP = {asked!r}")
        exec(compile(text, "30_cohort", "exec"), told)  # noqa: S102  (our own notebook)
    assert "問0" in told["seen"].lines[0], "it says what was found, and that no item was"
    assert dict(told["seen"].pairs).keys() == {"社員番号", "勤務地", *asked}
    assert len(told["scores"]) == PEOPLE
    assert told["scores"]["reward"].notna().sum() >= PEOPLE - 1


def test_a_file_without_a_column_that_parts_it_is_one_group(foreign: Path, tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    pd.read_csv(foreign, encoding="cp932").drop(columns="勤務地").to_csv(path, index=False)
    *_, told = ran("30_cohort", path)
    assert set(told["first"]["group"]) == {"all"}


# --- what the notebooks claim of the sample -----------------------------------------------------------------------


@pytest.mark.slow
def test_10_scoring_on_the_sample() -> None:
    states = ran("10_scoring")
    trial = next(states)["trial"]
    assert len(trial.before) >= 10_000
    found = next(states)["found"]
    assert found.first_paths.counts.sum() == found.n, "nobody gets lost on the way"
    assert found.first_paths.moved == 0, "the weight of a step moves no path"
    assert len(next(states)["flips"].rows) == trial.comparison.first_paths.moved > 0
    assert next(states)["bars"][["below", "above"]].to_numpy().max() <= 1
    assert next(states)["steady"]["kept"].is_monotonic_decreasing
    forms = next(states)["forms"]
    assert forms.n > 4000
    assert forms.same > 0.7 * forms.told
    quiet = next(states)["quiet"]
    assert not quiet.features
    assert not quiet.gates_never
    assert not quiet.gates_always
    next(states)
    assert trial.comparison.empty


@pytest.mark.slow
def test_20_quality_on_the_sample() -> None:
    *_, told = ran("20_quality")
    answers, scales, say = told["answers"], told["scales"], told["answers"].say
    alpha, low, high, empty = answers.columns("alpha", "alpha_low", "alpha_high", "empty")
    assert answers.problems == 0
    assert len(scales) == len(CATALOG.scales)
    assert scales[say["n"]].min() > 4000
    assert ((scales[low] < scales[alpha]) & (scales[alpha] < scales[high])).all()
    assert set(scales[empty]) == {"rmsea: always_fits"}, "every other figure of three items can be said"
    feldt = scales.loc[answers.scales[told["best"]], [low, high]]
    assert max(abs(one - other) for one, other in zip(told["drawn"], feldt, strict=True)) < 0.02
    assert told["rest"].min() > 0, "no item works against its scale"
    assert told["n"].to_numpy().min() > 4000
    made = told["flagged"].loc[say["any"]]
    assert made[say["style_ordinary"]] < 0.02
    assert made[say["style_straight_lining"]] > 0.9
    assert made[say["style_random"]] > 0.7
    unflagged, everybody = answers.columns("unflagged", "everybody")
    with_and_without = told["both"][alpha]
    assert (with_and_without[unflagged] > with_and_without[everybody]).all(), "careless answers lower alpha here"
    assert len(told["people"]) == len(answers.ids), "everybody is still there"
    assert told["changes"][say["retest"]].between(0.9, 1).all()


def test_30_cohort_on_the_sample() -> None:
    *_, told = ran("30_cohort")
    scores, scales, found = told["scores"], told["scales"], told["found"]
    catalog = loading.load()
    assert found.report.empty
    assert told["keep"] == ("department", "age_band", "employment")
    assert len(scores) >= 10_000
    assert scores[scales].min().min() >= 0
    assert scores[scales].max().max() <= 100
    assert set(scores["path"].dropna()) == set(catalog.paths), "every path comes first for somebody"
    assert 0 < scores["path"].isna().mean() < 0.2, "some told too little"
    silent = told["shares"][told["shares"]["path"] == SILENT]
    assert (silent["share"] * silent["n"]).sum() == pytest.approx(scores["path"].isna().sum())
    mended = told["mended"]
    assert (mended.source.encoding, len(mended.scores)) == ("cp932", 200)
    assert {"support_1", "reward_1", "situation", "respondent"} <= set(mended.report["column"])
    assert not told["first"]["hidden"].any()
    assert told["first"]["g"].abs().max() < 0.5, "the generator's groups differ modestly"
    worries = told["worries"]
    assert ((worries["low"] < worries["mean"]) & (worries["mean"] < worries["high"])).all()
    assert told["shares"].groupby("group")["share"].sum().round(9).eq(1).all()
    rare = told["rare"][told["rare"]["group"] == "tiny"]
    assert rare["hidden"].all()
    assert rare["mean"].isna().all()
