"""A cohort file in one call: what a notebook shows is what the command line would write."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from advisor.analysis.cohort.model import RefusedError
from advisor.analysis.cohort.score import score_file
from advisor.cli import main
from tests.support import CATALOG

ITEMS = tuple(CATALOG.items)


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    """A small file from a Japanese Windows: an id, a name, a group, answers, one of them impossible."""
    rows = [
        {"respondent": f"R{n}", "氏名": "佐藤 花子", "部署": "総務部", **dict.fromkeys(ITEMS, n)} for n in range(1, 6)
    ]
    frame = pd.DataFrame(rows)
    frame.loc[2, ITEMS[0]] = 9
    path = tmp_path / "answers.csv"
    frame.to_csv(path, index=False, encoding="cp932")
    return path


def test_scores_preview_and_report_come_together(cohort: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    found = score_file(CATALOG, cohort, tmp_path / "out", keep=["部署"])
    assert found.source.encoding == "cp932"
    assert found.preview["respondent"].tolist() == [f"R{n}" for n in range(1, 6)]
    assert found.report[["file", "row", "column", "value"]].to_numpy().tolist() == [["answers.csv", "4", ITEMS[0], "9"]]
    assert len(found.scores) == 5
    assert found.scores["部署"].tolist() == ["総務部"] * 5
    assert found.left_out == ("氏名",)
    assert "氏名" not in found.scores


def test_the_scores_are_those_of_the_command_line(cohort: Path, tmp_path: Path) -> None:
    found = score_file(CATALOG, cohort, tmp_path)
    out = tmp_path / "cli.parquet"
    done = CliRunner().invoke(main.main, ["score", str(cohort), "--out", str(out), "--quiet"])
    assert done.exit_code == 0, done.output
    pd.testing.assert_frame_equal(found.scores, pd.read_parquet(out))


def test_a_file_without_faults_has_an_empty_report(cohort: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean.parquet"
    pd.read_csv(cohort, encoding="cp932").drop(index=2).to_parquet(clean)
    found = score_file(CATALOG, clean, tmp_path)
    assert found.report.empty
    assert list(found.report.columns) == ["file", "row", "column", "value", "problem", "fix"]


def test_a_column_that_is_not_there_is_named(cohort: Path, tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        score_file(CATALOG, cohort, tmp_path, keep=["課"])
    assert refused.value.told["column"] == "課"
