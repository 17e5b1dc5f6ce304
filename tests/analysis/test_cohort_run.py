"""Cohort files scored piece by piece: what is written, what is told, and that nothing half-written is ever left."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from advisor.analysis.cohort import duplicates, maps, output, problems, reader, score, shards
from advisor.analysis.cohort.duplicates import keys_of, seen
from advisor.analysis.cohort.headings import key
from advisor.analysis.cohort.model import Asked, FileFinding, RefusedError
from advisor.analysis.cohort.scores import ScoringPlan
from advisor.scoring import likert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.analysis.cohort.model import Block, CohortFile

ROWS = tuple(likert.ItemRow(id=f"q{n}", scale="mood", reverse=n == 1, low=1, high=5) for n in range(2))
INSTRUMENT = likert.instrument(ROWS)
ITEMS = {"q0": (1, 5), "q1": (1, 5)}
SOFFICE = shutil.which("soffice")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_LANG", "en")


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in blocks of few rows."""

    def blocks(source: CohortFile) -> Iterator[Block]:
        return reader.blocks(source, size=40, cells=12)

    monkeypatch.setattr(score, "blocks", blocks)


def scored(*files: Path, out: Path, ids: tuple[str, ...] = (), keep: tuple[str, ...] = ()) -> score.Summary:
    found = shards.opened(files, Asked(ITEMS, ids=ids, keep=keep))
    plan = ScoringPlan(INSTRUMENT, found.chosen.carried, found.chosen.identity)
    return score.score(plan, found.shards, out, out.with_suffix(".report.csv"))


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


def plain(path: Path) -> str:
    """The text of a CSV file without what Excel needs."""
    return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


def told(out: Path) -> list[dict[str, str]]:
    path = out.with_suffix(".report.csv")
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))) if path.exists() else []


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# --- scores -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_blocks")
def test_each_respondent_gets_a_row_in_the_order_of_the_file_and_the_id_as_it_came(tmp_path: Path) -> None:
    ids = ["007", "=1+1", 'say "hi"', "a,b", " x ", "山田", "two\nlines", ""]
    rows = io.StringIO()
    csv.writer(rows).writerows([["id", "q0", "q1", "age"], *([name, 5, 1, 40] for name in ids)])
    out = tmp_path / "out.csv"
    summary = scored(written(tmp_path / "in.csv", rows.getvalue()), out=out)
    assert out.read_bytes().startswith("\ufeffid,mood\r\n".encode())
    found = list(csv.reader(io.StringIO(out.read_bytes().decode("utf-8-sig"), newline="")))
    assert found == [["id", "mood"], *([problems.harmless(name), "100"] for name in ids)]
    assert (summary.read, summary.scored, summary.problems) == (8, 8, 0)
    assert left(tmp_path) == {"in.csv", "out.csv"}


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet", ".xlsx"])
def test_every_format_out_holds_the_same(suffix: str, tmp_path: Path) -> None:
    file = written(tmp_path / "in.csv", "id,q0,q1\n01,1,1\n=2,2,1\n03,,\n")
    out = tmp_path / f"out{suffix}"
    summary = scored(file, out=out)
    readers = {
        ".csv": lambda: pd.read_csv(out, dtype={"id": str}),
        ".tsv": lambda: pd.read_csv(out, dtype={"id": str}, sep="\t"),
        ".parquet": lambda: pd.read_parquet(out),
        ".xlsx": lambda: pd.read_excel(out, dtype={"id": str}),
    }
    frame = readers[suffix]()
    assert frame["id"].tolist() == ["01", "'=2" if suffix in (".csv", ".tsv") else "=2", "03"]
    assert frame["mood"].tolist()[:2] == [50, 62.5]
    assert np.isnan(frame["mood"][2])
    assert summary.missing == {"mood": 1}


def test_excel_takes_no_text_for_a_formula(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    scored(written(tmp_path / "in.csv", "id,q0,q1\n=1+1,1,1\n+3,1,1\n-3,1,1\n@x,1,1\nhttp://x.example,1,1\n"), out=out)
    sheet = load_workbook(out).active
    assert sheet.column_dimensions["B"].width >= 10  # "mood" in bold shows whole, and so do longer names
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == ["=1+1", "+3", "-3", "@x", "http://x.example"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


TEXTS = ("髙﨑𠮷", "=1+1", "+A1", "-B2", "@SUM(A1)", "＝１＋１", "a\nb", 'say "x", y', "-5")


@pytest.mark.slow
@pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")
def test_libreoffice_shows_what_was_written_numbers_as_numbers_and_no_text_as_a_formula(tmp_path: Path) -> None:
    rows = [[text, 1, 5] for text in TEXTS]
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["ID", "q0", "q1"], *rows])
    for suffix in ("csv", "xlsx"):
        scored(tmp_path / "in.csv", out=tmp_path / f"scores-{suffix}.{suffix}")
    maps.write(tmp_path / "map-csv.csv", [(text, "q0") for text in TEXTS])
    content = (tmp_path / "scores-csv.csv").read_bytes()
    assert content.startswith(b'\xef\xbb\xbf"ID"')
    assert content.count(b"\r\n") == 1 + len(TEXTS)
    assert list(maps.read([str(tmp_path / "map-csv.csv")], ITEMS)) == list(dict.fromkeys(map(key, TEXTS)))
    place = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"  # settings of its own
    office = [str(SOFFICE), place, "--headless", "--convert-to", "fods", "--outdir", str(tmp_path)]
    texts = "--infilter=CSV:44,34,76,1"  # UTF-8: without a window it takes no notice of the byte order mark
    files = ("scores-csv.csv", "map-csv.csv", "scores-xlsx.xlsx")
    for told in ([texts, *files[:2]], files[2:]):
        subprocess.run([*office, *told], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    for name in files:
        shown = (tmp_path / name).with_suffix(".fods").read_text(encoding="utf-8")
        assert "table:formula" not in shown, name
        assert shown.count('calcext:value-type="error"') == 0
        assert all(text in shown for text in ("髙﨑𠮷", "＝１＋１", "=1+1", "@SUM(A1)", "+A1", "-B2"))
        if name.startswith("scores"):
            assert len(re.findall('value-type="float" office:value="0"', shown)) == len(TEXTS), (
                "every score is a number"
            )


def test_an_empty_row_of_a_single_column_stays_a_row(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    scored(written(tmp_path / "in.csv", "q0,q1\n1,1\n,2\n5,1\n"), out=out)
    assert pd.read_csv(out)["mood"].isna().tolist() == [False, True, False]


def test_a_file_without_respondents_gives_a_table_without_rows(tmp_path: Path) -> None:
    for suffix in (".csv", ".parquet"):
        scored(written(tmp_path / "in.csv", "id,q0,q1\n"), out=tmp_path / f"out{suffix}")
    assert plain(tmp_path / "out.csv") == "id,mood\n"
    assert list(pd.read_parquet(tmp_path / "out.parquet")) == ["id", "mood"]


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["C"]), max_size=4), st.integers(1, 5)), max_size=9))
@settings(max_examples=30)
def test_what_is_written_as_csv_is_read_back_to_the_letter(rows: list[tuple[str, int]]) -> None:
    frame = pd.DataFrame({"id": pd.Series([name for name, _ in rows], dtype="str"), "s": [n / 3 for _, n in rows]})
    text = output.encode(output.table_of(frame), "csv").decode()
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert text.count("\r\n") == len(rows)
    assert [(name, float(number)) for name, number in found] == [(problems.harmless(name), n / 3) for name, n in rows]


def test_excel_never_takes_a_table_for_sylk_and_keeps_line_breaks_inside_a_cell(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    scored(written(tmp_path / "in.csv", 'ID,q0,q1\n"a\nb",1,1\n+3,1,1\n"+3,x",1,1\n'), out=out)
    content = out.read_bytes().decode("utf-8-sig")
    assert content == '"ID",mood\r\n"a\nb",50\r\n"+3",50\r\n"\'+3,x",50\r\n'


def test_ids_are_found_by_name_or_in_a_first_column_of_different_values(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    for first, header in (("who,q0,q1\na,1,1\nb,1,1\n", "who,mood"), ("who,q0,q1\na,1,1\na,1,1\n", "mood")):
        scored(written(tmp_path / "in.csv", first), out=out)
        assert plain(out).splitlines()[0] == header
    file = written(tmp_path / "in.csv", ",q0,q1,name\n1,1,1,A\n2,1,1,B\n")
    scored(file, out=out)
    assert plain(out) == ",mood\n1,50\n2,50\n"
    scored(file, out=out, keep=("name",))
    assert plain(out) == ",name,mood\n1,A,50\n2,B,50\n"


# --- what is told -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_blocks")
def test_every_wrong_value_and_every_later_row_of_an_id_has_a_line_with_its_row(tmp_path: Path) -> None:
    good = "".join(f"p{n:02},3,3\n" for n in range(30))
    out = tmp_path / "out.csv"
    summary = scored(written(tmp_path / "in.csv", f"id,q0,q1\n{good}p05,9,1\nx,1,two\np05,1,1\n"), out=out)
    lines = told(out)
    assert [(line["row"], line["column"], line["value"]) for line in lines] == [
        ("32", "q0", "9"), ("33", "q1", "two"), ("32", "id", "p05"), ("34", "id", "p05"),
    ]  # fmt: skip
    assert all(line["file"] == "in.csv" and line["problem"] and line["fix"] for line in lines)
    assert "row 7 of in.csv" in lines[3]["problem"]
    assert (summary.read, summary.scored, summary.problems) == (33, 31, 4)
    assert len(out.read_text().splitlines()) == 34


def test_shards_are_one_cohort_and_rows_are_told_by_file(tmp_path: Path) -> None:
    folder = tmp_path / "shards"
    folder.mkdir()
    written(folder / "b.csv", "q1,id,q0\n1,z,1\n7,a,1\n")
    written(folder / "a.csv", "id,q0,q1\na,1,1\nb,1,1\n")
    pd.DataFrame({"id": ["c"], "q0": [5], "q1": [1]}).to_parquet(folder / "c.parquet")
    written(folder / "notes.txt", "not a shard")
    written(folder / "scores.csv", "id,mood\nfrom an earlier run,1\n")
    out = folder / "scores.csv"
    files = shards.paths(str(folder), without=(out,))
    assert [file.name for file in files] == ["a.csv", "b.csv", "c.parquet"]
    assert shards.paths(str(folder / "?.csv")) == files[:2]
    scored(*files, out=out)
    assert plain(out) == "id,mood\na,50\nb,50\nz,50\na,\nc,100\n"
    assert [(line["file"], line["row"], line["column"]) for line in told(out)] == [
        ("b.csv", "3", "q1"), ("b.csv", "3", "id"),
    ]  # fmt: skip
    assert "row 2 of a.csv" in told(out)[1]["problem"]


def test_a_shard_without_the_ids_of_the_first_is_refused(tmp_path: Path) -> None:
    files = (written(tmp_path / "a.csv", "id,q0\na,1\n"), written(tmp_path / "b.csv", "q0\n1\n"))
    with pytest.raises(RefusedError) as refused:
        scored(*files, out=tmp_path / "out.csv")
    assert problems.sentence(refused.value) == "b.csv: there is no column id; correct its name"
    with pytest.raises(RefusedError, match="no_file"):
        shards.paths(str(tmp_path / "nothing*"))


def test_a_report_of_an_earlier_run_goes_when_there_is_nothing_to_tell_but_no_other_file(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    scored(written(tmp_path / "in.csv", "id,q0,q1\na,9,1\n"), out=out)
    assert len(told(out)) == 1
    scored(written(tmp_path / "in.csv", "id,q0,q1\na,1,1\n"), out=out)
    assert left(tmp_path) == {"in.csv", "out.csv"}
    mine = written(tmp_path / "out.report.csv", "something else\n")
    scored(tmp_path / "in.csv", out=out)
    assert mine.read_text() == "something else\n"


def test_a_report_can_be_opened_in_a_spreadsheet_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_LANG", "ja")
    path = tmp_path / "r.csv"
    wrong = [FileFinding(0, "q0", "=HYPERLINK(1)", "out_of_range", (("low", "1"), ("high", "5"))),
             FileFinding(1, "q0", "-1", "out_of_range", (("low", "1"), ("high", "5")))]  # fmt: skip
    with problems.reported(path) as lines:
        lines.tell("x.csv", 10, wrong)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert [row[:4] for row in rows[1:]] == [
        ["x.csv", "11", "q0", "'=HYPERLINK(1)"], ["x.csv", "12", "q0", "-1"],
    ]  # fmt: skip


# --- twice --------------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(["a", "b", "c", "", "d", "ab"]), max_size=30), st.integers(1, 7), st.booleans())
def test_each_later_row_of_an_id_is_found_beside_the_first(ids: list[str], size: int, on_disk: bool) -> None:
    expected = [(row, ids.index(name)) for row, name in enumerate(ids) if name and ids.index(name) < row]
    with pytest.MonkeyPatch.context() as patch, seen() as memory:
        if on_disk:
            patch.setattr(duplicates, "WAITING", 3)
            patch.setattr(duplicates, "BUCKETS", 4)
        for start in range(0, len(ids), size):
            part = ids[start : start + size]
            memory.note(keys_of(pa.table({"id": pa.array(part, pa.string())})), np.arange(start, start + len(part)))
        assert [tuple(pair) for pair in memory.duplicates().tolist()] == expected


def test_several_id_columns_tell_people_apart_together() -> None:
    keys = keys_of(pa.table({"a": ["1", "1", "", "x"], "b": ["2", "3", "", "1"]}))
    assert len(np.unique(keys, axis=0)) == 4
    assert not keys[2].any()
    swapped = keys_of(pa.table({"a": ["2"], "b": ["1"]}))
    assert (swapped != keys[0]).all()


# --- nothing half-written -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, MemoryError])
def test_whatever_stops_a_run_the_earlier_files_stay_as_they_were(
    suffix: str, error: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, wrong = written(tmp_path / f"out{suffix}", "earlier"), written(tmp_path / "out.report.csv", "earlier")
    file = written(tmp_path / "in.csv", "id,q0,q1\n" + "a,9,1\n" * 40)
    work, done = score.work, []

    def breaking(plan: ScoringPlan, kind: output.Kind, block: Block) -> score.ScoredBlock:
        done.append(block)
        if len(done) == 3:
            raise error
        return work(plan, kind, block)

    monkeypatch.setattr(score, "work", breaking)
    with pytest.raises(error):
        scored(file, out=out)
    assert (out.read_text(), wrong.read_text()) == ("earlier", "earlier")
    assert left(tmp_path) == {"in.csv", out.name, wrong.name}


def test_more_rows_than_excel_holds_are_refused_before_a_file_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "EXCEL_ROWS", 2)
    file = written(tmp_path / "in.csv", "id,q0,q1\na,1,1\nb,1,1\nc,1,1\n")
    with pytest.raises(RefusedError, match="output_excel_rows"):
        scored(file, out=tmp_path / "out.xlsx")
    monkeypatch.setattr(output, "EXCEL_ROWS", 3)
    monkeypatch.setattr(output, "EXCEL_TEXT", 0)
    with pytest.raises(RefusedError, match="output_excel_text"):
        scored(file, out=tmp_path / "out.xlsx")
    assert left(tmp_path) == {"in.csv"}
