"""``advisor reliability``, as someone at a terminal meets it."""

from __future__ import annotations

import csv
from math import nan
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from advisor.analysis.cohort import reliability
from advisor.analysis.psychometrics.moments import moments
from advisor.cli import cohort, main
from advisor.content.messages import messages
from advisor.scoring import likert
from tests.reference import psychometrics as reference
from tests.support import CATALOG

SAY = messages("en")
REASONS = (
    "one_item", "few_items", "too_few", "no_variance", "same_total", "impossible", "below_zero", "no_alpha",
    "not_positive", "heywood", "not_converged", "few_complete", "nobody", "same_rest", "always_fits", "few_people",
)  # fmt: skip


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An English terminal in a folder of its own."""
    monkeypatch.setattr(cohort, "SAY", SAY)
    monkeypatch.setenv("ADVISOR_LANG", "en")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def advisor(*arguments: str) -> Result:
    return CliRunner().invoke(main.main, ["reliability", *arguments])


def measure(responses: Path | str, *arguments: str, instrument: Path = reference.FOLDER) -> Result:
    return advisor(str(responses), "--instrument", str(instrument), "--out", "out.csv", *arguments)


def rows(path: str = "out.csv") -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_each_scale_has_a_row_with_the_figures_of_r() -> None:
    told = measure(reference.FOLDER / "answers.csv")
    assert (told.exit_code, told.stdout) == (0, ""), told.output
    assert told.stderr.splitlines() == [
        "300 rows read, 3 scale(s) examined: out.csv",
        f"rmsea left empty for c: {SAY['why_always_fits']}",
    ]
    assert (
        Path("out.csv")
        .read_text(encoding="utf-8-sig")
        .startswith("scale,n_items,n,mean,sd,alpha,alpha_std,omega_one_factor,sem,alpha_complete,")
    )
    for row in rows():
        expected: dict[str, Any] = reference.told()["scales"][row["scale"]]
        for figure in ("n", "mean", "sd", "alpha", "alpha_std", "sem", "alpha_complete", "alpha_low"):
            assert float(row[figure]) == pytest.approx(expected[figure], rel=1e-6), figure
        fit: dict[str, Any] = reference.told()["fit"][row["scale"]]
        assert float(row["omega_one_factor"]) == pytest.approx(expected["omega_total"], rel=1e-6)
        assert int(row["factors"]) == fit["factors"]
        if fit["df"]:
            assert float(row["rmsea_high"]) == pytest.approx(fit["rmsea_high"], abs=1e-5)
    assert not Path("out.report.csv").exists()


def test_with_mean_the_figures_are_in_units_of_the_answers() -> None:
    measure(reference.FOLDER / "answers.csv")
    percent = rows()
    measure(reference.FOLDER / "answers.csv", "--mean")
    for one, other, width in zip(percent, rows(), (4, 4, 6), strict=True):
        assert float(other["mean"]) == pytest.approx(1 + float(one["mean"]) / 100 * width)
        assert float(other["sem"]) == pytest.approx(float(one["sem"]) / 100 * width)
        assert one["alpha"] == other["alpha"]


def test_fewer_answers_may_be_enough() -> None:
    measure(reference.FOLDER / "answers.csv", "--min-answered", "0.5", "--quiet")
    answered = ~np.isnan(reference.answers()) @ reference.instrument().member.T
    assert [int(row["n"]) for row in rows()] == (answered >= np.array([2.5, 2, 1.5])).sum(axis=0).tolist()


def test_a_file_in_pieces_gives_the_figures_of_the_whole_to_the_last_bit(folder: Path) -> None:
    measure(reference.FOLDER / "answers.csv", "--items", "items.csv")
    whole = Path("out.csv").read_text(encoding="utf-8-sig"), Path("items.csv").read_text(encoding="utf-8-sig")
    header, *people = (reference.FOLDER / "answers.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    (folder / "parts").mkdir()
    for number, start in enumerate(range(0, 300, 110)):
        (folder / "parts" / f"{number}.csv").write_text(header + "".join(people[start : start + 110]))
    told = measure("parts", "--items", "items.csv")
    assert told.exit_code == 0, told.output
    assert (Path("out.csv").read_text(encoding="utf-8-sig"), Path("items.csv").read_text(encoding="utf-8-sig")) == whole


def test_items_have_a_table_of_their_own() -> None:
    measure(reference.FOLDER / "answers.csv", "--items", "items.csv")
    found = rows("items.csv")
    told = reference.told()["scales"]
    assert [float(row["item_rest"]) for row in found[:5]] == pytest.approx(told["a"]["item_rest"])
    assert [float(row["alpha_if_dropped"]) for row in found[9:]] == pytest.approx(told["c"]["alpha_if_dropped"])
    assert [row["item"] for row in found if row["reverse"] == "1"] == ["a2", "a4", "b3", "c2"]
    for row, answers in zip(found, reference.answers().T, strict=True):
        assert [int(row[f"n_{value}"]) for value in range(1, 8)] == [int((answers == v).sum()) for v in range(1, 8)]


@pytest.mark.parametrize("suffix", ["xlsx", "parquet", "tsv"])
def test_figures_go_into_other_tables_as_numbers(suffix: str) -> None:
    told = advisor(
        str(reference.FOLDER / "answers.csv"), "--instrument", str(reference.FOLDER), "--out", f"out.{suffix}"
    )
    assert told.exit_code == 0, told.output
    read: Any = {"xlsx": pd.read_excel, "parquet": pd.read_parquet, "tsv": lambda path: pd.read_csv(path, sep="\t")}
    found = read[suffix](f"out.{suffix}")
    assert found["alpha"].tolist() == pytest.approx([reference.told()["scales"][name]["alpha"] for name in "abc"])


def instrument(folder: Path, *items: str) -> Path:
    """Write an instrument of items from 1 to 5, ``scale:id`` each, with a ``-`` before a reversed one."""
    lines = [f"{name.split(':')[1]},{name.split(':')[0].strip('-')},{int(name[0] == '-')},1,5" for name in items]
    (folder / "items.csv").write_text("\n".join(["id,scale,reverse,low,high", *lines]) + "\n")
    return folder


def test_what_is_wrong_is_reported_as_for_scores_and_the_rest_still_counts(folder: Path) -> None:
    Path("in.csv").write_text("id,q1,q2,q3\np1,1,2,1\np2,2,3,2\np2,9,5,4\np4,5,x,5\np5,3,3,4\n")
    told = measure("in.csv", instrument=instrument(folder, "s:q1", "s:q2", "s:q3"))
    assert told.exit_code == 0, told.output
    assert [(row["row"], row["column"], row["value"]) for row in rows("out.report.csv")] == [
        ("4", "q1", "9"), ("5", "q2", "x"), ("4", "id", "p2"),
    ]  # fmt: skip
    assert [(row["n"], row["missing"], row["n_complete"]) for row in rows()] == [("3", "2", "3")]
    assert "3 problem(s), listed in out.report.csv" in told.stderr


def test_what_cannot_be_said_is_empty_with_the_reason(folder: Path) -> None:
    Path("in.csv").write_text("id,q1,q2,u,v1,v2,v3\np1,1,2,1,3,3,3\np2,2,4,5,3,3,3\np3,5,4,1,3,3,3\np4,3,1,2,3,3,3\n")
    told = measure(
        "in.csv", instrument=instrument(folder, "two:q1", "two:q2", "one:u", "same:v1", "same:v2", "same:v3", "gone:w")
    )
    two, one, same, gone = rows()
    assert (two["omega_one_factor"], two["empty"]) == ("", "omega_one_factor: few_items; rmsea: few_items")
    assert two["alpha"] != ""
    assert (one["n"], one["alpha"], one["sem"], one["mean"]) == ("4", "", "", "31.25")
    assert (same["sd"], same["alpha"], same["omega_one_factor"]) == ("0", "", "")
    assert (gone["n"], gone["mean"], gone["floor"]) == ("0", "", "")
    told_lines = told.stderr.splitlines()
    assert f"omega_one_factor, rmsea left empty for two: {SAY['why_few_items']}" in told_lines
    of_one = "alpha, alpha_std, alpha_complete, omega_one_factor, rmsea, factors"
    assert f"{of_one} left empty for one: {SAY['why_one_item']}" in told_lines
    assert f"mean left empty for gone: {SAY['why_nobody']}" in told_lines
    assert f"alpha_complete, rmsea, factors left empty for gone: {SAY['why_few_complete']}" in told_lines


def test_a_scale_that_was_keyed_the_wrong_way_has_no_standard_error(folder: Path) -> None:
    Path("in.csv").write_text("id,q1,q2\np1,1,4\np2,2,4\np3,5,2\np4,4,1\np5,4,3\n")
    told = measure("in.csv", instrument=instrument(folder, "s:q1", "s:q2"))
    (row,) = rows()
    assert (float(row["alpha"]) < 0, row["sem"]) == (True, "")
    assert SAY["why_below_zero"] in told.stderr
    measure("in.csv", instrument=instrument(folder, "s:q1", "-s:q2"))
    assert float(rows()[0]["alpha"]) > 0.7


def test_without_an_instrument_the_workbooks_own_scales_are_those_whose_columns_are_there() -> None:
    items = [item.id for scale in ("support", "accuracy") for item in CATALOG.items_of(scale)][:-1]
    people = "".join(
        f"p{n},{'support' if n % 2 else ''},{','.join(str(1 + (n * 7 + k) % 5) for k in range(len(items)))}\n"
        for n in range(20)
    )
    Path("in.csv").write_text(f"id,widened,{','.join(items)}\n{people}")
    told = advisor("in.csv", "--out", "out.csv")
    assert told.exit_code == 0, told.output
    support, accuracy = rows()
    assert (support["scale"], support["n_items"], support["n"]) == ("support", "3", "10")
    assert (accuracy["scale"], accuracy["n_items"], accuracy["n"], accuracy["missing"]) == ("accuracy", "2", "0", "0")
    Path("in.csv").write_text(Path("in.csv").read_text(encoding="utf-8-sig").replace(",widened,", ",other,"))
    advisor("in.csv", "--out", "out.csv")
    assert [row["n"] for row in rows()] == ["20", "20"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--out", "out.doc"), "out.doc"),
        (("--out", "out.csv", "--items", "out.csv"), "out.csv"),
        (("--out", "out.csv", "--items", "items.txt"), "items.txt"),
    ],
)
def test_a_table_that_cannot_be_written_is_refused_before_anything_is_read(
    arguments: tuple[str, ...], expected: str
) -> None:
    told = advisor(str(reference.FOLDER / "answers.csv"), "--instrument", str(reference.FOLDER), *arguments)
    assert told.exit_code == 1
    assert "Error" in told.output
    assert list(Path().iterdir()) == []
    del expected


def test_figures_are_plain_decimals_however_small() -> None:
    frame = pd.DataFrame({"scale": ["s"], "floor": [0.0000123], "mean": [nan], "sd": [1e21]})
    reliability.write([(Path("out.csv"), frame)])
    assert (
        Path("out.csv").read_text(encoding="utf-8-sig") == "scale,floor,mean,sd\ns,0.0000123,,1000000000000000000000\n"
    )


def test_every_reason_has_words_in_both_languages() -> None:
    for spoken in (messages("ja"), messages("en")):
        assert all(spoken[f"why_{reason}"] for reason in REASONS)


def test_a_table_of_items_with_many_different_answers_does_not_count_them() -> None:
    wide = likert.instrument(tuple(likert.ItemRow(id=i, scale="s", reverse=False, low=0, high=100) for i in ("x", "y")))
    found = reliability.items(moments(wide, np.array([[1.0, 2], [50, 60], [100, 90]])))
    assert not [name for name in found.columns if name.startswith("n_")]
