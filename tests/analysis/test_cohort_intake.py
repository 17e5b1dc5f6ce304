"""Cohort files: which columns are answers, which cells count, and what is told about all others."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from advisor.analysis.cohort import answers, kinds, limits, problems, reader
from advisor.analysis.cohort.model import AnswerRules, Asked, Batch, CohortFile, FileFinding, RefusedError
from advisor.content.messages import messages

ITEMS = {"q1": (1, 5), "q2": (0, 10)}
FORMATS = ("csv", "tsv", "xlsx", "parquet")


def looked(path: Path, **options: Any) -> tuple[CohortFile, tuple[FileFinding, ...]]:
    return reader.look(path, Asked(ITEMS, **options), carry=lambda names: tuple(name for name in names if name == "id"))


def only(path: Path) -> Batch:
    """The batch of a file that is one block."""
    (block,) = reader.blocks(looked(path)[0])
    return reader.read(block)


def stored(table: pd.DataFrame, folder: Path, form: str) -> Path:
    path = folder / f"answers.{form}"
    if form == "xlsx":
        table.to_excel(path, index=False)
    elif form == "parquet":
        table.to_parquet(path)
    else:
        table.to_csv(path, index=False, sep="," if form == "csv" else "\t")
    return path


def text(folder: Path, content: str) -> Path:
    path = folder / "answers.csv"
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_table_is_read_from_every_format(tmp_path: Path, form: str) -> None:
    table = pd.DataFrame({"id": ["007", "008", "髙"], "q2": [0, 10, 11], "note": ["x", "", None], "q1": [1, None, 2.5]})
    path = stored(table, tmp_path, form)
    source, told = looked(path)
    assert source.items == (("q1", 1, 5), ("q2", 0, 10))
    assert [(finding.kind, dict(finding.told)) for finding in told] == [("unread", {"count": "1", "columns": "note"})]
    batch = only(path)
    assert np.array_equal(batch.answers, np.array([[1, 0], [np.nan, 10], [np.nan, np.nan]]), equal_nan=True)
    assert batch.texts.to_pydict() == {"id": ["007", "008", "髙"]}
    assert [(f.row, f.column, f.value, f.kind) for f in batch.findings] == [
        (2, "q1", "2.5", "fraction"),
        (2, "q2", "11", "out_of_range"),
    ]
    assert reader.preview(source)["note"].tolist() == ["x", "", ""]


@pytest.mark.parametrize(
    ("cell", "value", "kind"),
    [
        ("", np.nan, ""),
        (" ", np.nan, ""),
        ("3", 3, ""),
        ("3.0", 3, ""),
        (" 3 ", 3, ""),
        ("+3", 3, ""),
        ("3e0", 3, ""),
        ("３", 3, "wide"),
        ("③", 3, "wide"),
        ("A3", 3, "coded"),
        ("3：やや", 3, "coded"),
        ("3. somewhat", 3, "coded"),
        ("やや（3）", 3, "coded"),
        ("6：やや", np.nan, "out_of_range"),
        ("3.5", np.nan, "fraction"),
        ("6", np.nan, "out_of_range"),
        ("-1", np.nan, "out_of_range"),
        ("5.5", np.nan, "out_of_range"),
        ("1e999", np.nan, "out_of_range"),
        ("NA", np.nan, "missing_code"),
        ("nan", np.nan, "missing_code"),
        ("N/A", np.nan, "missing_code"),
        ("999", np.nan, "missing_code"),
        ("無回答", np.nan, "missing_code"),
        ("4点", np.nan, "not_number"),
        ("inf", np.nan, "not_number"),
        ("0x3", np.nan, "not_number"),
        ("1_0", np.nan, "not_number"),
        ("3,5", np.nan, "not_number"),
        ("三", np.nan, "not_number"),
    ],
)
@pytest.mark.parametrize("beside", ["4", "text"])
def test_an_answer_is_a_whole_number_in_range_and_all_else_is_told(
    tmp_path: Path, cell: str, value: float, kind: str, beside: str
) -> None:
    batch = only(text(tmp_path, f'id,q1,q2\na,"{cell}",1\nb,{beside},2\nc,5,2\nd,5,2\ne,5,2\n'))
    assert np.array_equal(batch.answers[0], np.array([value, 1]), equal_nan=True)
    if kind in answers.ONCE:
        found = [(f.value, f.kind, dict(f.told)) for f in batch.findings if f.row < 0]
        assert found == [(cell if kind == "missing_code" else "", kind, {"count": "1"})]
    else:
        found = [(f.value, f.kind, dict(f.told)) for f in batch.findings if f.row == 0]
        assert found == ([(cell.strip(), kind, {"low": "1", "high": "5"})] if kind else [])
    assert len(batch.rows) == 5


def test_a_bad_value_is_shown_on_one_line_and_not_at_length(tmp_path: Path) -> None:
    (finding,) = only(text(tmp_path, f'id,q1\na,"two\nlines {"x" * 100}"\n')).findings
    assert finding.value.startswith("two lines x")
    assert len(finding.value) == limits.SHOWN


def test_rows_of_another_length_are_mended_where_that_is_plain_and_told(tmp_path: Path) -> None:
    rows = [
        "a,1,1,x",
        "b,1",
        "c,1,1,x,,",
        "d,2,2",
        "e,1,2,x,※電話",
        "f,g,3,4,5",
        "h,3,4,x,y,z",
        "k,3,4,い",
        "い",
        "m,1,2,x",
    ]
    batch = only(text(tmp_path, "\n".join(["id,q1,q2,note", *rows, ""])))
    assert batch.texts["id"].to_pylist() == ["a", "b", "c", "d", "e", "h", "k", "い", "m"]
    assert np.nan_to_num(batch.answers).tolist() == [
        [1, 1], [1, 0], [1, 1], [2, 2], [1, 2], [3, 4], [3, 4], [0, 0], [1, 2],
    ]  # fmt: skip
    assert [(f.row, f.kind, f.value, dict(f.told).get("count")) for f in batch.findings] == [
        (-1, "surplus", "", "1"), (-1, "filled", "", "1"),
        (1, "short", "", None), (4, "note", "※電話", None), (5, "cells", "", None), (6, "note", "y z", None),
        (8, "short", "", None),
    ]  # fmt: skip


def test_a_row_that_a_line_break_cut_in_two_is_one_person(tmp_path: Path) -> None:
    batch = only(text(tmp_path, "id,note,q1,q2\na,いい\nです,1,2\nb,x,3\n2,1,4\nc,x,5,5\n"))
    assert batch.texts["id"].to_pylist() == ["a", "b", "2", "c"]
    assert np.nan_to_num(batch.answers).tolist() == [[1, 2], [3, 0], [4, 0], [5, 5]]
    assert [(f.row, f.kind) for f in batch.findings] == [(0, "joined"), (2, "short"), (3, "short")]


def test_findings_without_number_are_counted_beyond_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CELLS_REPORTED", 3)
    findings = only(text(tmp_path, "id,q1,q2\n" + "a,x,y\n" * 5 + "a,1,2\n" * 7 + "a,b,1,2,3\n" * 5)).findings
    assert [(f.row, f.column, f.kind) for f in findings] == [
        (0, "q1", "not_number"),
        (0, "q2", "more_cells_column"),
        (1, "q1", "not_number"),
        (2, "q1", "not_number"),
        (3, "q1", "more_cells_column"),
        (12, "", "cells"),
        (13, "", "cells"),
        (14, "", "cells"),
        (14, "", "more_cells"),
    ]
    assert [dict(f.told)["count"] for f in findings if f.kind.startswith("more")] == ["5", "2", "2"]


def test_columns_that_are_missing_unknown_or_nameless_are_told(tmp_path: Path) -> None:
    source, told = looked(text(tmp_path, "id,q1,氏名,,\na,1,x,,\n"))
    assert (source.items, source.carried) == ((("q1", 1, 5),), ("id",))
    assert [(f.row, f.column, f.kind, dict(f.told)) for f in told] == [
        (-1, "q2", "missing_item", {"count": "1"}),
        (-1, "", "unread", {"count": "1", "columns": "氏名"}),
        (-1, "", "nameless", {"count": "2"}),
    ]
    assert reader.read(next(reader.blocks(source))).answers.tolist() == [[1]]
    assert reader.preview(source).columns.tolist() == ["id", "q1", "氏名"]


@pytest.mark.parametrize(
    ("content", "kind", "told"),
    [
        ("id,q1,q2,q1,id\na,1,2,3,4\n", "doubled", {"columns": "id, q1"}),
        ("id,x1\na,1\n", "no_items", {"columns": "id, x1", "items": "q1, q2"}),
        ("id,q11\na,1\n", "near", {"columns": "id, q11", "items": "q1, q2", "heading": "q11", "item": "q1"}),
        ("id,Q1, q1\na,1,2\n", "doubled", {"columns": "q1"}),
        ("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "kind_old_excel", {}),
        ("PK\3\4 and then nothing", "zip_broken", {}),
        ("PAR1 and then nothing", "parquet_broken", {}),
        ("\x1f\x8b and then nothing", "gzip_broken", {}),
    ],
)
def test_a_file_of_no_use_is_refused_with_the_reason(
    tmp_path: Path, content: str, kind: str, told: dict[str, str]
) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(RefusedError) as refused:
        looked(path)
    assert (refused.value.kind, refused.value.told) == (kind, told)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(RefusedError, match="no_file"):
            looked(path)


def test_a_file_without_respondents_has_no_blocks(tmp_path: Path) -> None:
    for form in FORMATS:
        source, _ = looked(stored(pd.DataFrame({"id": [], "q1": []}), tmp_path, form))
        assert list(reader.blocks(source)) == []
        assert reader.preview(source).columns.tolist() == ["id", "q1"]


def test_a_file_that_is_cut_off_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = text(tmp_path, "id,q1\na,1\nb,2\n")
    blocks = list(reader.blocks(looked(path)[0]))
    text(tmp_path, "id,q1\na,1\n")
    with pytest.raises(RefusedError, match="changed"):
        reader.read(blocks[0])


def test_blocks_and_refusals_travel_between_processes(tmp_path: Path) -> None:
    for form in FORMATS:
        source, _ = looked(stored(pd.DataFrame({"id": ["a", "b"], "q1": [1, 2]}), tmp_path, form))
        blocks = list(pickle.loads(pickle.dumps(list(reader.blocks(source, size=1, cells=1)))))  # noqa: S301  (ours)
        assert [reader.read(block).texts["id"].to_pylist() for block in blocks] == [["a"], ["b"]]
    error = pickle.loads(pickle.dumps(RefusedError("doubled", {"columns": "x"})))  # noqa: S301  (ours)
    assert (error.kind, error.told) == ("doubled", {"columns": "x"})


def test_excel_cells_are_read_as_they_are_seen(tmp_path: Path) -> None:
    from datetime import date, datetime

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["q1", "id"],
        [3.0, 7],
        ["4", "007"],
        [],
        [None, None],
        [None, date(2026, 11, 21)],
        [None, datetime(2026, 11, 21, 9, 30)],  # noqa: DTZ001  (Excel knows no time zones)
        [True, 0.1],
        [1, 'a,"b"\nc'],
        [2, None, None, "beside"],
    ):  # fmt: skip
        sheet.append(row)
    sheet["F30"].number_format = "0.00"  # touched, and empty
    book.create_sheet("第2").append(["q2"])
    path = tmp_path / "answers.xlsx"
    book.save(path)
    batch = only(path)
    expected = ["7", "007", "2026-11-21", "2026-11-21 09:30:00", "0.1", 'a,"b"\nc', ""]
    assert batch.texts["id"].to_pylist() == expected
    assert batch.answers[:, 0].tolist()[:2] == [3, 4]
    assert batch.rows.tolist() == [0, 1, 4, 5, 6, 7, 8]
    assert [(f.row, f.kind, f.value) for f in batch.findings] == [(6, "not_number", "TRUE"), (8, "note", "beside")]
    assert looked(path, sheet="第2")[0].items == (("q2", 0, 10),)
    with pytest.raises(RefusedError) as refused:
        looked(path, sheet="第3")
    assert refused.value.told == {"sheet": "第3", "sheets": "Sheet, 第2"}


def test_parquet_is_read_a_range_of_rows_at_a_time_whatever_its_row_groups(tmp_path: Path) -> None:
    table = pa.table(
        {
            "q1": pa.array([index % 5 + 1 for index in range(100)], pa.int8()),
            "q2": pa.array([str(index % 11) for index in range(100)]).dictionary_encode(),
            "id": pa.array(range(100)),
        }
    )
    path = tmp_path / "answers.parquet"
    parquet.write_table(table, path, row_group_size=33)
    source, _ = looked(path)
    blocks = list(reader.blocks(source, cells=3 * 10))
    assert [block.stop for block in blocks] == [block.start for block in blocks[1:]] + [100]
    assert max(block.stop - block.start for block in blocks) <= 10
    batches = [reader.read(block) for block in blocks]
    assert sum((batch.texts["id"].to_pylist() for batch in batches), []) == [str(index) for index in range(100)]  # noqa: RUF017
    expected = [[index % 5 + 1, index % 11] for index in range(100)]
    assert np.array_equal(np.concatenate([batch.answers for batch in batches]), expected)


def test_a_parquet_column_of_lists_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "answers.parquet"
    parquet.write_table(pa.table({"q1": [[1], [2]], "id": ["a", "b"]}), path)
    with pytest.raises(RefusedError) as refused:
        only(path)
    assert (refused.value.kind, refused.value.told["column"]) == ("column_type", "q1")


def test_every_finding_and_refusal_has_its_sentences() -> None:
    from re import findall

    folder = Path(reader.__file__).parent
    code = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    refused = {f"refused_{kind}" for kind in findall(r'RefusedError\(\s*"(\w+)"', code)}
    told = {f"finding_{kind}" for kind in findall(r'FileFinding\([^()]*(?:\([^()]*\))?[^()]*?, "(\w+)"[,)]', code)}
    told |= {
        f"finding_{answers.judge(cell, ('q', 1, 5), AnswerRules())[1]}" for cell in ("x", "３", "A3", "2.5", "6", "NA")
    }
    told |= {f"finding_{kind}" for kind in (*problems.NOTES, *problems.SAID, *problems.COUNTED)}
    refused |= {f"refused_kind_{kind}" for kind in kinds.NAMED}
    assert len(refused) > 20
    assert {"finding_missing_item", "finding_cells", "finding_unread", "finding_wide"} <= told
    for spoken in ("ja", "en"):
        known = messages(spoken)
        wanted = refused | told | {f"{key}_fix" for key in told} | {f"said_{kind}" for kind in problems.COUNTED}
        assert wanted <= set(known)
