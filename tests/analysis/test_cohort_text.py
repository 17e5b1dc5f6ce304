"""Text tables: whatever the encoding, and wherever they are cut, the same cells come back."""

import csv
import io
from itertools import chain
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.analysis.cohort import reader
from advisor.analysis.cohort.model import Asked, CohortFile, RefusedError

ITEMS = {"q": (1, 5)}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp932")
FOUND = (*ENCODINGS, "utf-16-le", "utf-16-be")
CELL = st.text(st.sampled_from('a7 "",\t\n\r\'髙﨑表ソｱ０é'[:-1]), max_size=6)
ANSWER = st.sampled_from(["", "1", "5"])
SIZES = st.sampled_from([1, 2, 7, 64])


def looked(path: Path, encoding: str | None = None) -> CohortFile:
    return reader.look(path, Asked(ITEMS, encoding=encoding), carry=lambda names: names)[0]


def cells(source: CohortFile, size: int) -> list[list[str]]:
    """The rows of a file, read in blocks of some size: the answer and all else."""
    found = []
    for block in reader.blocks(source, size=size):
        batch = reader.read(block)
        texts = zip(*batch.texts.to_pydict().values(), strict=True)
        answers = ["" if np.isnan(value) else f"{value:.0f}" for value in batch.answers[:, 0]]
        found += [[answer, *row] for answer, row in zip(answers, texts, strict=True)]
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(ANSWER, CELL, CELL), max_size=8),
    encoding=st.sampled_from(ENCODINGS),
    form=st.sampled_from([(",", "\n"), (",", "\r\n"), ("\t", "\n"), ("\t", "\r")]),
    quoting=st.sampled_from([0, 1]),  # csv.QUOTE_MINIMAL, csv.QUOTE_ALL
    by_pandas=st.booleans(),
    size=SIZES,
)
@pytest.mark.slow
def test_a_table_cut_into_tiny_blocks_is_the_table_that_was_written(  # noqa: PLR0913, PLR0917  (all that may differ)
    tmp_path: Path,
    rows: list[tuple[str, str, str]],
    encoding: str,
    form: tuple[str, str],
    quoting: Literal[0, 1],
    by_pandas: bool,
    size: int,
) -> None:
    path = tmp_path / ("x.csv" if form[0] == "," else "x.tsv")
    header = ["q", "氏名", "text\nof two lines"]
    quoting = quoting if form[1] == "\r\n" else 1  # else Python leaves the other line end unquoted
    if by_pandas:
        table = pd.DataFrame(rows, columns=header)
        text = table.to_csv(index=False, sep=form[0], lineterminator=form[1], quoting=quoting)
    else:
        written = io.StringIO(newline="")
        csv.writer(written, delimiter=form[0], lineterminator=form[1], quoting=quoting).writerows([header, *rows])
        text = written.getvalue()
    path.write_bytes(text.encode(encoding))
    source = looked(path, "cp932" if encoding == "cp932" else None)
    assert source.columns == ("q", "氏名", "text of two lines")
    people = [list(row) for row in rows if any(map(str.strip, row))]
    assert cells(source, size) == people
    assert cells(source, 1 << 20) == people


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(st.sampled_from('1a",\n\r'), max_size=40), size=SIZES)
@pytest.mark.slow
def test_quotes_strewn_about_are_read_as_python_reads_them_wherever_the_file_is_cut(
    tmp_path: Path, body: str, size: int
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("q,a\n" + body, encoding="utf-8", newline="")
    *records, last = csv.reader(io.StringIO(f"{body}\n\0,\0", newline=""))
    for cut in (size, 1 << 20):
        if last == ["\0", "\0"]:
            found = iter(row[1] for row in cells(looked(path), cut))
            assert all(
                row[1] in found for row in records if len(row) == 2 and any(map(str.strip, row))
            )  # others: mended
        else:
            with pytest.raises(RefusedError, match="quote_open"):
                cells(looked(path), cut)


def test_records_are_counted_so_that_rows_are_those_of_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("q,a\n1,one\n\n2,3,x\n9,'\n", encoding="utf-8")
    source = looked(path)
    for size in (1, 1 << 20):
        batches = [reader.read(block) for block in reader.blocks(source, size=size)]
        starts = np.cumsum([0, *(batch.records for batch in batches)])
        rows = [[start + row for row in batch.rows] for start, batch in zip(starts, batches, strict=False)]
        told = [
            (start + finding.row, finding.kind)
            for start, batch in zip(starts, batches, strict=False)
            for finding in batch.findings
        ]
        assert list(chain(*rows)) == [0, 3]
        assert told == [(2, "cells"), (3, "out_of_range")]
        assert starts[-1] == 4


@pytest.mark.parametrize("encoding", FOUND)
def test_the_encoding_is_found_and_said(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("q,氏名\n3,髙﨑\n".encode(encoding))
    expected = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(encoding, encoding)
    assert looked(path).encoding == expected
    assert cells(looked(path), 1 << 20) == [["3", "髙﨑"]]
    assert reader.preview(looked(path)).to_dict("list") == {"q": ["3"], "氏名": ["髙﨑"]}


@pytest.mark.parametrize(
    ("data", "asked", "kind", "told"),
    [
        (b"q,a\n1,\x82\xa0\n2,\xff\n", None, "no_encoding", {"line": "2", "byte": "7", "cp932_line": "3"}),
        (b"q,a\n1,\x82\xa0\n", "utf-8", "not_encoding", {"line": "2", "byte": "7", "encoding": "utf-8"}),
        (b"\xef\xbb\xbfq,a\n1,\x82\xa0\n", None, "not_encoding", {"line": "2", "encoding": "utf-8"}),
        (b"q,a\n1,caf\xe9\n", None, "no_encoding", {"line": "2", "byte": "10", "cp932_line": "2"}),
        (b"q,a\n1,\x80\n", None, "no_encoding", {"cp932_byte": "7"}),
        (b"q,a\n1,b\n2,\0\n", None, "nul", {"line": "3", "byte": "11"}),
        (b"q,a\n1,b\n", "utf-7", "encoding_unknown", {"encoding": "utf-7"}),
        (b'q,a\n1,b\n2,"c\n', None, "quote_open", {"line": "3"}),
        (b"", None, "empty", {}),
        (b"\xef\xbb\xbf", None, "header_empty", {}),
        (b"\n ,\n", None, "header_empty", {}),
    ],
)
def test_what_is_no_text_is_refused_by_line_and_byte(
    tmp_path: Path, data: bytes, asked: str | None, kind: str, told: dict[str, str]
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    with pytest.raises(RefusedError) as refused:
        cells(looked(path, asked), 1 << 20)
    assert refused.value.kind == kind
    assert told.items() <= refused.value.told.items()


def test_a_byte_that_is_split_between_two_pieces_is_found_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    filler = "1,あ\n".encode() * 149_797  # the piece ends inside of a character
    path.write_bytes(b"q,a\n" + filler + b"1,\xff\n")
    with pytest.raises(RefusedError) as refused:
        looked(path)
    assert (refused.value.told["line"], refused.value.told["byte"]) == ("149799", str(4 + len(filler) + 3))


def test_what_is_neither_utf_8_nor_cp932_may_be_euc_jp(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("q,社員番号\n3,一\n".encode("euc_jp"))
    assert looked(path).encoding == "euc_jp"
    assert cells(looked(path), 1) == [["3", "一"]]


def test_another_encoding_is_read_when_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("q,氏名\n3,髙木\n".encode("utf-16-le"))
    assert cells(looked(path, "UTF-16LE"), 1) == [["3", "髙木"]]


def test_a_packed_table_is_read_as_if_it_were_not(tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "x.tsv.gz"
    path.write_bytes(gzip.compress("q\ta\n3\t一\n4\t二\n".encode("cp932")))
    source = looked(path)
    assert (source.encoding, source.delimiter, source.packed) == ("cp932", "\t", "gzip")
    assert cells(source, 1) == [["3", "一"], ["4", "二"]]


def test_text_stands_as_it_stood_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("q,a,b\n1,007,NA\n2, x ,null\n,,-\n", encoding="utf-8")
    assert cells(looked(path), 1 << 20) == [["1", "007", "NA"], ["2", " x ", "null"], ["", "", "-"]]


@pytest.mark.parametrize(("name", "delimiter"), [("x.csv", "\t"), ("x.tsv", ","), ("x.txt", "\t"), ("x", ",")])
def test_the_header_says_which_delimiter_where_the_suffix_does_not(tmp_path: Path, name: str, delimiter: str) -> None:
    path = tmp_path / name
    path.write_text(f"q{delimiter}a\n1{delimiter}b\n", encoding="utf-8")
    assert looked(path).delimiter == delimiter
