"""``advisor codebook``: every column is described, and its syntax for SPSS scores as the workbook does."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from advisor.analysis.cohort.facts import fact_columns
from advisor.cli import main
from advisor.scoring import likert, scores
from tests.reference import psychometrics as reference
from tests.support import CATALOG


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def advisor(*arguments: str) -> Result:
    return CliRunner().invoke(main.main, ["codebook", *arguments])


def rows() -> dict[tuple[str, str], dict[str, str]]:
    with Path("book.csv").open(encoding="utf-8-sig", newline="") as file:
        return {(row["kind"], row["name"]): row for row in csv.DictReader(file)}


def computed(syntax: str, answers: dict[str, float]) -> dict[str, float]:
    """Return the scores that the syntax computes for complete answers; MEAN is that of SPSS."""
    found = {}
    for name, least, parts in re.findall(r"COMPUTE (\w+) = 100 \* MEAN\.(\d+)\((.*?)\)\.\r\n", syntax, re.DOTALL):
        shares = eval(f"[{parts}]", {}, dict(answers))  # noqa: S307  (our own syntax)
        given = [share for share in shares if not np.isnan(share)]
        found[name] = 100 * float(np.mean(given)) if len(given) >= int(least) else np.nan
    return found


def test_every_column_of_the_workbook_has_a_row_in_the_words_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_LANG", "ja")
    told = advisor("--out", "book.csv", "--spss", "book.sps")
    assert told.exit_code == 0, told.output
    found = rows()
    assert [name for kind, name in found if kind == "item"] == list(CATALOG.items)
    assert [name for kind, name in found if kind == "fact"] == list(fact_columns(CATALOG))
    assert [name for kind, name in found if kind == "scale"] == list(CATALOG.scales)
    assert all(row["label"] and row["scoring"] == CATALOG.stamp for row in found.values())
    support = found["item", "support_1"]
    assert support["label"] == CATALOG.words["ja"].items["support_1"]
    assert support["values"].startswith("1 = まったく感じない; 2 = ")
    assert [int(row["reverse"]) for (kind, _), row in found.items() if kind == "item"] == [
        item.reverse for item in CATALOG.items.values()
    ]
    assert found["fact", "situation"]["values"].startswith("inside = ")
    assert found["scale", "support"]["items"] == "support_1 support_2 support_3"
    syntax = Path("book.sps").read_bytes()
    assert syntax.startswith(b"\xef\xbb\xbf"), "SPSS reads it as UTF-8"
    assert max(map(len, syntax.split(b"\r\n"))) < 400


def test_the_syntax_for_spss_computes_the_scores_of_the_workbook() -> None:
    assert advisor("--out", "book.csv", "--spss", "book.sps").exit_code == 0
    instrument = scores.key(CATALOG).instrument
    chance = np.random.default_rng(2)
    answers = chance.integers(instrument.low.astype(int), instrument.high.astype(int) + 1, (3, len(instrument.items)))
    syntax = Path("book.sps").read_bytes().decode("utf-8-sig")
    for row, expected in zip(answers.astype(float), likert.score(instrument, answers.astype(float)), strict=True):
        found = computed(syntax, dict(zip(instrument.items, row.tolist(), strict=True)))
        assert [found[scale] for scale in instrument.scales] == pytest.approx(expected.tolist())


def test_an_instrument_that_is_brought_has_a_codebook_too_with_gaps_as_for_scores() -> None:
    told = advisor("--out", "book.csv", "--spss", "book.sps", "--instrument", str(reference.FOLDER))
    assert told.exit_code == 0, told.output
    assert [name for kind, name in rows() if kind == "scale"] == ["a", "b", "c"]
    syntax = Path("book.sps").read_bytes().decode("utf-8-sig")
    instrument, answers = reference.instrument(), reference.answers()[:60]
    found = [computed(syntax, dict(zip(instrument.items, row.tolist(), strict=True))) for row in answers]
    expected = likert.score(instrument, answers)
    assert np.array([[row[scale] for scale in "abc"] for row in found]) == pytest.approx(expected, nan_ok=True)


def test_names_and_words_are_such_as_spss_takes(folder: Path) -> None:
    (folder / "items.csv").write_text("id,scale,reverse,low,high\n1 it's,x,0,-2,2\nQ1,q1,1,1,5\n質問３,x,1,0,1\n")
    assert advisor("--out", "book.csv", "--spss", "book.sps", "--instrument", str(folder)).exit_code == 0
    syntax = Path("book.sps").read_bytes().decode("utf-8-sig")
    assert "VARIABLE LABELS v1_it_s '1 it''s'.\r\n" in syntax
    assert "COMPUTE q1_2 = 100 * MEAN.1(\r\n  (5 - Q1) / 4)." in syntax, "a scale called like an item, but for its case"
    assert "(v1_it_s + 2) / 4" in syntax
    assert "(1 - 質問３) / 1)." in syntax


def test_nothing_is_written_where_it_cannot_be(folder: Path) -> None:
    assert advisor("--out", "book.txt").exit_code == 1
    same = advisor("--out", "book.csv", "--spss", "book.csv")
    assert (same.exit_code, list(folder.iterdir())) == (1, [])
    assert advisor("--out", "b.csv", "--instrument", str(reference.FOLDER), "--scoring", "2026-2").exit_code == 2
