"""Strict reading of data files: values by the rules of YAML 1.2, a line for every value, no guesses, no lost values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from advisor.content.datafiles import (
    DataError,
    DataFile,
    Problem,
    Reason,
    flag,
    problem_text,
    read_csv,
    read_yaml,
    validate,
    whole,
    words,
)
from advisor.content.datafiles import problem_of as a_problem

if TYPE_CHECKING:
    from pathlib import Path


def parsed(folder: Path, text: str) -> Any:
    (folder / "x.yaml").write_text(text, encoding="utf-8")
    return read_yaml(folder / "x.yaml", "x.yaml").value


def problem_of(folder: Path, text: str) -> Problem:
    """Return the only problem of reading ``text``."""
    with pytest.raises(DataError) as raised:
        parsed(folder, text)
    (problem,) = raised.value.problems
    return problem


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("0123", "0123"), ("1:30", "1:30"), ("0x1F", "0x1F"),
        ("1_000", "1_000"), ("2026-01-02", "2026-01-02"), (".5", ".5"), ("1e5", "1e5"), ("True", "True"),
        (".inf", ".inf"), ("=", "="),
        ("12", 12), ("-3", -3), ("0", 0), ("1.10", 1.1), ("-0.5", -0.5),
        ("true", True), ("false", False), ("null", None), ("~", None),
        ('"12"', "12"), ("'true'", "true"), ('""', ""), ('"null"', "null"),
    ],
)  # fmt: skip
def test_a_plain_value_means_what_it_looks_like(tmp_path: Path, text: str, value: object) -> None:
    found = parsed(tmp_path, f"key: {text}\n")["key"]
    assert (found, type(found)) == (value, type(value))


def test_a_key_without_a_value_has_none(tmp_path: Path) -> None:
    assert parsed(tmp_path, "key:\nother: []\n") == {"key": None, "other": ()}


def test_keys_are_text_whatever_they_look_like(tmp_path: Path) -> None:
    assert parsed(tmp_path, "no: 1\n12: 2\n") == {"no": 1, "12": 2}


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.integers() | st.booleans(), min_size=1))
def test_numbers_and_switches_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, tree: dict[str, Any]
) -> None:
    text = "\n".join(f"{key}: {str(value).lower()}" for key, value in tree.items())
    assert parsed(tmp_path_factory.getbasetemp(), text) == tree


def test_every_part_knows_its_line(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("# first\na:\n  b: 1\n  c:\n    - d\n    - e: 2\n", encoding="utf-8")
    document = read_yaml(tmp_path / "x.yaml", "x.yaml")
    places = [("a",), ("a", "b"), ("a", "c"), ("a", "c", 0), ("a", "c", 1, "e")]
    assert [document.line(place) for place in places] == [2, 3, 4, 5, 6]
    assert document.line(("a", "c", 1, "missing")) == 6  # the nearest part around it
    assert document.line(("nowhere",)) == 2


def test_a_key_that_stands_twice_is_named_where_it_stands_again(tmp_path: Path) -> None:
    problem = problem_of(tmp_path, "a:\n  b: 1\n  c: 2\n  b: 3\n")
    assert (problem.line, problem.field, problem.reason) == (4, "a.b", Reason("key_twice"))


@pytest.mark.parametrize("text", ["a: &x 1\nb: *x\n", "a: &x [*x]\n", "a: &x {k: 1}\nb: {<<: *x}\n"])
def test_an_alias_is_refused_even_if_it_holds_itself(tmp_path: Path, text: str) -> None:
    assert problem_of(tmp_path, text).reason == Reason("alias")


def test_a_problem_reads_as_one_line_with_file_place_and_remedy() -> None:
    problem, whole_file = a_problem("a.yaml", 3, "x.y", "missing"), a_problem("a.yaml", 1, "", "file_empty")
    assert problem_text(problem, "en") == str(problem) == "a.yaml:3: x.y: missing; add it"
    assert str(whole_file) == "a.yaml:1: (file): the file is empty; fill it or remove it"
    assert problem_text(problem, "ja") == "a.yaml:3: x.y: 必要な値がありません; 書き足してください"
    assert problem_text(whole_file, "ja").startswith("a.yaml:1: （ファイル全体）: ファイルが空です; ")
    assert str(DataError([problem, whole_file])) == f"{whole_file}\n{problem}"


def test_problems_are_told_in_the_order_of_files_and_lines() -> None:
    late, early, first = (a_problem(file, line, "", "missing") for file, line in (("b", 1), ("a", 10), ("a", 9)))
    assert DataError([late, early, first]).problems == (first, early, late)


def test_a_document_of_several_files_names_the_file_that_holds_the_part() -> None:
    part, why = DataFile("part.yaml", {}, {("items",): 7}), Reason("m", (("n", "1"),))
    whole_document = DataFile("all", {}, parts={"items": part})
    assert whole_document.problem(("items", "x"), "m", "f", n=1) == Problem("part.yaml", 7, "items.x", why, "f")
    assert whole_document.problem(("other",), "m").file == "all"
    assert whole_document.problem(("other",), "m").fix == "m_fix"


def test_a_csv_row_keeps_its_line_and_reads_its_cells(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,on,point,tags\na,1,-3,x  y\n\nb,0,2,\n", encoding="utf-8-sig")
    document = read_csv(tmp_path / "x.csv", "x.csv", on=flag, point=whole, tags=words)
    assert document.value == (
        {"id": "a", "on": True, "point": -3, "tags": ("x", "y")},
        {"id": "b", "on": False, "point": 2, "tags": ()},
    )
    assert [document.line((number, "id")) for number in (0, 1)] == [2, 4]


def test_what_is_no_flag_or_number_stays_text_for_validation_to_name() -> None:
    assert [flag(cell) for cell in ("1", "0", "true", "")] == [True, False, "true", ""]
    assert [whole(cell) for cell in ("12", "-1", "012", "1.0", "１", "")] == [12, -1, "012", "1.0", "１", ""]


def test_validation_names_every_fault_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("a: 1\nb: two\nc: [3]\n", encoding="utf-8")
    with pytest.raises(DataError) as raised:
        validate(read_yaml(tmp_path / "x.yaml", "x.yaml"), TypeAdapter(dict[str, int]))
    assert [(problem.line, problem.field) for problem in raised.value.problems] == [(2, "b"), (3, "c")]


def test_a_long_wrong_value_is_cut_in_the_message(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(f"a: {'x' * 100}\n", encoding="utf-8")
    with pytest.raises(DataError) as raised:
        validate(read_yaml(tmp_path / "x.yaml", "x.yaml"), TypeAdapter(dict[str, int]))
    assert str(raised.value).endswith(f"; it is '{'x' * 36}... now; correct it")
