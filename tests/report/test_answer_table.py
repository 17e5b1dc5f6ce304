"""The client's answers as CSV and XLSX: what stands in them, and that no cell is ever more than a text or a number."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.content.case_checks import WISH_MAX
from advisor.content.model import Case, Facts
from advisor.report.answer_table import WIDTHS, as_csv, as_xlsx, rows
from advisor.report.sheets import RISKY
from advisor.session.session import Session
from tests.leaving import NAME, NASTY, NOTES, TODAY, filled, inside
from tests.support import CATALOG, quick, session

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

WORDS = CATALOG.words["ja"]
QUICK = sum(item.quick for item in CATALOG.items.values())
NEUTRAL = {"support_1": 4}


def told(wish: str) -> Session:
    one = session(Case(NEUTRAL))
    one.tell_wish(wish)
    return one


def read_csv(of: Session) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(of, TODAY).decode("utf-8-sig"), newline=""), strict=True))


def sheet(of: Session) -> Worksheet:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(of, TODAY)))
    found: Any = book.active
    return found


def row(of: Session, name: str) -> list[str]:
    return next(found for found in read_csv(of) if found[1] == name)


def test_there_is_a_row_for_each_item_asked_in_the_order_of_the_catalogue() -> None:
    one = session(Case(quick("support", point=4)))
    ids = [found[1] for found in read_csv(one)[1:] if found[1] in CATALOG.items]
    assert ids == [item.id for item in CATALOG.items.values() if item.quick]
    one.widen("support")
    ids = [found[1] for found in read_csv(one)[1:] if found[1] in CATALOG.items]
    assert ids == [item.id for item in CATALOG.items.values() if item.quick or item.scale == "support"]


def test_an_answer_stands_as_a_number_and_in_words_with_its_question_and_mark() -> None:
    one = session(Case(NEUTRAL, {"support_1": "discuss", "accuracy_1": "skip"}))
    item = CATALOG.items["support_1"]
    assert row(one, "support_1") == [
        WORDS.scales["support"].name,
        "support_1",
        WORDS.items["support_1"],
        "4",
        WORDS.labels[item.labels][3],
        WORDS.interface["sheet_discuss"],
    ]
    assert row(one, "accuracy_1")[3:] == ["", "", WORDS.interface["sheet_skipped"]]
    assert row(one, "reward_1")[3:] == ["", "", ""]


def test_facts_follow_in_words() -> None:
    one = filled("願い")
    assert row(one, "situation")[4] == WORDS.interface["situation_inside"]
    assert row(one, "role")[4] == WORDS.roles["accounting"].name
    assert row(one, "years")[3] == "6"
    assert row(one, "wish")[4] == "願い"
    assert row(one, "no_feedback")[2:] == [
        WORDS.signs["no_feedback"].question,
        "",
        WORDS.interface["sign_yes"],
        "",
    ]
    assert WORDS.scales[one.record.case.facts.priorities[0]].name in row(one, "priorities")[4]


@pytest.mark.parametrize("role", [None, "other"])
def test_a_role_that_the_catalogue_does_not_describe_can_be_told(role: str | None) -> None:
    one = session(Case(facts=Facts(role=role)))
    assert row(one, "role")[4] == (WORDS.interface["role_other"] if role else "")


def test_who_wants_in_is_asked_neither_for_signs_nor_for_steps_of_a_workplace() -> None:
    ids = {found[1] for found in read_csv(session(Case(facts=Facts(situation="wants_in"))))}
    assert not ids & CATALOG.signs.keys()
    assert {name for name, step in CATALOG.steps.items() if "wants_in" in step.situations} <= ids
    assert "goal_talk" not in ids
    answered = session(Case(facts=Facts(situation="wants_in", signs={"no_feedback": "no"})))
    assert row(answered, "no_feedback")[4] == WORDS.interface["sign_no"]


def test_both_files_name_the_version_and_the_digest_by_which_the_questions_were_asked() -> None:
    one = filled("a")
    assert row(one, "scoring")[4] == f"{CATALOG.scoring.version} {CATALOG.digest[:12]}"
    properties = openpyxl.load_workbook(io.BytesIO(as_xlsx(one, TODAY))).custom_doc_props
    assert {found.name: found.value for found in properties.props} == {
        "scoring": CATALOG.scoring.version,
        "digest": CATALOG.digest,
    }


def test_both_files_say_the_same() -> None:
    one = filled("a")
    cells = [["" if cell.value is None else str(cell.value) for cell in line] for line in sheet(one).iter_rows()]
    assert cells == read_csv(one)
    assert len(cells) > QUICK
    assert {len(line) for line in cells} == {len(WIDTHS)}


def test_the_files_are_in_the_language_of_the_session() -> None:
    one = filled("a")
    one.speak("en")
    names = ("scale", "id", "question", "number", "answer", "mark")
    assert read_csv(one)[0] == [CATALOG.words["en"].report[f"export_column_{name}"] for name in names]
    assert sheet(one).title == "Answers"
    assert row(one, "situation")[4] == CATALOG.words["en"].interface["situation_inside"]


# --- long texts show whole ---


@pytest.mark.parametrize("length", [4, 300, WISH_MAX])
def test_a_row_is_as_high_as_its_longest_text_and_no_higher_than_a_spreadsheet_allows(length: int) -> None:
    found = sheet(told("あ" * length))
    place = next(cell.row for cell in found["B"] if cell.value == "wish")
    until = next((area.max_row for area in found.merged_cells.ranges if area.min_row == place), place)
    heights = [found.row_dimensions[row].height or 0 for row in range(place, until + 1)]
    letters = WIDTHS[4] // 2  # in a line of full-width letters
    assert sum(heights) >= 15 * length / letters  # points: a line of 10.5-point letters needs no less
    assert sum(heights) <= 3 * 18 * (1 + length / letters)
    assert max(heights) <= 409


def test_every_text_wraps_in_its_cell() -> None:
    cells = [cell for line in sheet(filled("a")).iter_rows() for cell in line if cell.value is not None]
    assert all(cell.alignment.wrap_text and cell.alignment.vertical == "top" for cell in cells)


# --- safe cells ---


@pytest.mark.parametrize("sign", RISKY)
def test_a_text_that_a_spreadsheet_would_obey_gets_an_apostrophe_in_csv(sign: str) -> None:
    one = told("x")
    case = one.record.case
    one.adopt(replace(one.record, case=replace(case, facts=replace(case.facts, wish=f"{sign}1+1"))))
    assert row(one, "wish")[4] in {f"'{sign}1+1", "1+1"}  # white space at the beginning is left out altogether


@given(wish=st.text(alphabet=st.characters() | st.sampled_from([*RISKY, '"', ",", "'"]), max_size=40))
def test_no_cell_of_the_csv_begins_like_a_formula_and_every_line_keeps_its_cells(wish: str) -> None:
    one = told(wish)
    read = read_csv(one)
    assert {len(line) for line in read} == {len(WIDTHS)}
    assert not [cell for line in read for cell in line if cell.startswith(RISKY)]
    assert len(read) == len(rows(one, TODAY)) + 1


def test_the_csv_says_its_encoding_and_ends_its_lines_as_the_standard_asks() -> None:
    content = as_csv(told("一行目\n二行目"), TODAY)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    assert content.count(b"\r\n") == len(rows(told(""), TODAY)) + 1
    assert row(told("一行目\r\n二行目"), "wish")[4] == "一行目\n二行目"


@pytest.mark.parametrize("wish", [NASTY, "=1+1", "+1", "-1", "@SUM(A1)", "http://example.com", "123", "{=1}", "\t=1"])
def test_no_cell_of_the_workbook_is_a_formula_a_link_or_a_number_that_was_text(wish: str) -> None:
    cells = {cell.coordinate: cell for line in sheet(told(wish)).iter_rows() for cell in line if cell.value is not None}
    assert {cell.data_type for cell in cells.values()} == {"s", "n"}
    assert [cell for cell in cells.values() if cell.hyperlink] == []
    assert [cell.value for cell in cells.values() if cell.data_type == "n"] == [4]
    kept = next(cell for cell in cells.values() if cell.value == wish.strip())
    assert kept.data_type == "s"
    assert kept.quotePrefix
    assert "<f>" not in inside(as_xlsx(told(wish), TODAY))


def test_rare_characters_and_markup_survive_in_both() -> None:
    one = told(NASTY)
    assert row(one, "wish")[4] == NASTY
    assert NASTY in {cell.value for line in sheet(one).iter_rows() for cell in line}


def test_characters_that_no_file_can_hold_are_left_out() -> None:
    one = told("a\x00b\x0bc\ufffe")
    assert row(one, "wish")[4] == "ab\nc"
    assert "ab\nc" in {cell.value for line in sheet(one).iter_rows() for cell in line}


# --- whose file it is ---


def test_neither_the_advisers_notes_and_markers_nor_a_name_is_in_it() -> None:
    one = filled("a")
    without = filled("a")
    for item in one.record.markers:
        without.place_marker(item, None)
    without.fill("notes", "")
    assert as_csv(one, TODAY) == as_csv(without, TODAY)
    assert as_xlsx(one, TODAY) == as_xlsx(without, TODAY)
    for content in (as_csv(one, TODAY), as_xlsx(one, TODAY)):
        assert NOTES not in inside(content)
        assert NAME not in inside(content)


def test_the_workbook_tells_nothing_of_the_machine_that_made_it() -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(filled("a"), TODAY)))
    assert (book.properties.creator or "") == ""
    assert (book.properties.lastModifiedBy or "") == ""
    assert book.properties.created.date() == TODAY
