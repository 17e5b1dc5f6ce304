"""Reliabilities and norms from real answers: rows of a release, and never from people who were made up."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from advisor.analysis.psychometrics import change
from advisor.cli import cohort, evidence, main
from advisor.content import loading
from advisor.content.folder import data_dir
from advisor.content.messages import messages
from tests.support import CATALOG, unreleased

if TYPE_CHECKING:
    from click.testing import Result

SAY = messages("en")
ITEMS = [item.id for item in CATALOG.items_of("reward")]
GIVEN = ("--date", "2027-04-30", "--source", "workbook")
# Shrout, P. E. & Fleiss, J. L. (1979). Intraclass correlations. Psychological Bulletin, 86(2), 420-428, table 2.
SHROUT = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float)


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An English terminal in a folder of its own."""
    for module in (cohort, evidence):
        monkeypatch.setattr(module, "SAY", SAY)
    monkeypatch.setenv("ADVISOR_LANG", "en")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def advisor(*arguments: str) -> Result:
    return CliRunner().invoke(main.main, arguments)


def answered(name: str, people: int, *, seed: int = 1, **more: object) -> Path:
    """Write a file of people who answer the three items of a scale alike, give or take a point."""
    chance = np.random.default_rng(7)
    felt = chance.integers(1, 6, people)
    wavering = np.random.default_rng(seed).integers(-1, 2, (people, len(ITEMS)))
    meant = np.clip(felt[:, None] + wavering, 1, 5)
    given = {
        item: 6 - meant[:, number] if CATALOG.items[item].reverse else meant[:, number]
        for number, item in enumerate(ITEMS)
    }
    frame = pd.DataFrame({"id": [f"p{number}" for number in range(people)], **more, **given})
    path = Path(name)
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_csv(path, index=False)
    return path


def rows(text: str) -> dict[str, dict[str, str]]:
    return {row["scale"]: row for row in csv.DictReader(io.StringIO(text))}


def test_the_intraclass_correlation_is_that_of_shrout_and_fleiss() -> None:
    assert change.agreement(SHROUT) == pytest.approx(0.29, abs=0.005)


def test_two_occasions_make_the_file_of_reliabilities_with_n_date_and_source() -> None:
    answered("first.csv", 60)
    answered("second.csv", 40, seed=2)
    told = advisor("retest", "first.csv", "second.csv", *GIVEN)
    assert told.exit_code == 0, told.output
    found = rows(told.stdout)
    row = found["reward"]
    assert (row["provisional"], row["method"], row["n"], row["date"]) == ("0", "icc", "40", "2027-04-30")
    assert 0.5 < float(row["r"]) < 1
    assert row["sources"] == "workbook"
    assert found.keys() == CATALOG.reliability.keys()
    assert (found["support"]["provisional"], found["support"]["n"]) == ("1", ""), "what was not measured stays a guess"


def test_the_file_is_what_a_draft_can_hold(tmp_path: Path) -> None:
    answered("first.csv", 60)
    answered("second.csv", 60, seed=2)
    for name, command in (("reliability", ("retest", "first.csv", "second.csv")), ("norms", ("norms", "first.csv"))):
        done = advisor(*command, *GIVEN, "--out", f"{name}.csv")
        assert done.exit_code == 0, done.output
        assert SAY["evidence_done"].format(count=1, path=f"{name}.csv") in done.stderr
    home = tmp_path / "data/releases/2026-1/instrument"
    unreleased(tmp_path / "data")
    for name in ("reliability", "norms"):
        (home / f"{name}.csv").write_bytes(Path(f"{name}.csv").read_bytes())
    loaded = loading.load(tmp_path / "data")
    assert loaded.reliability["reward"].n == 60
    assert loaded.norms["reward"].n == 60


def test_norms_are_mean_and_sd_of_the_quick_form() -> None:
    path = answered("people.csv", 60)
    quick = next(item for item in CATALOG.items_of("reward") if item.quick)
    told = pd.read_csv(path)[quick.id]
    scores = (5 - told if quick.reverse else told - 1) * 25
    row = rows(advisor("norms", "people.csv", *GIVEN).stdout)["reward"]
    assert float(row["mean"]) == pytest.approx(scores.mean(), abs=0.05)
    assert float(row["sd"]) == pytest.approx(scores.std(), abs=0.05)
    assert (row["n"], row["date"], row["sources"]) == ("60", "2027-04-30", "workbook")


def test_too_few_people_are_told_and_make_no_row() -> None:
    answered("few.csv", 20)
    answered("again.csv", 20, seed=2)
    for command, why, least in (
        (("retest", "few.csv", "again.csv"), "few_twice", 30),
        (("norms", "few.csv"), "few_people", 50),
    ):
        told = advisor(*command, *GIVEN)
        assert told.exit_code == 1
        assert SAY[f"evidence_{why}"].format(least=least, scales="reward") in told.stderr
        assert SAY["evidence_none"] in told.stderr
        assert told.stdout == ""


def test_files_that_do_not_say_who_is_who_are_refused() -> None:
    path = answered("first.csv", 40)
    pd.read_csv(path).drop(columns="id").to_csv("second.csv", index=False)
    told = advisor("retest", "first.csv", "second.csv", *GIVEN)
    assert (told.exit_code, told.stdout) == (1, "")
    assert SAY["refused_no_pairs"] in told.stderr


@pytest.mark.parametrize("command", [("norms", "FILE"), ("retest", "FILE", "real.csv"), ("retest", "real.csv", "FILE")])
@pytest.mark.parametrize("what", ["the sample", "made by the command", "a column in CSV", "架空"])
def test_people_who_were_made_up_are_refused_wherever_their_file_says_so(command: tuple[str, ...], what: str) -> None:
    answered("real.csv", 60)
    if what == "the sample":
        file = data_dir() / "samples/cohort.parquet"
    elif what == "made by the command":
        assert advisor("synthetic", "--n", "60", "--seed", "3", "--out", "made.parquet").exit_code == 0
        table = pq.read_table("made.parquet")
        file = Path("without.parquet")
        pq.write_table(table.drop_columns(["synthetic", "style"]), file)  # the note beside the rows stays
    else:
        file = answered("column.csv", 60, **{"Synthetic " if "CSV" in what else what: True})
    told = advisor(*(str(file) if part == "FILE" else part for part in command), *GIVEN)
    assert (told.exit_code, told.stdout) == (1, "")
    assert "made up" in told.stderr
