"""The month's sessions as CSV and XLSX: what is counted, what is not, and that nobody is named."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest

from advisor.content.translator import say
from advisor.content.words import LANGUAGES, Language
from advisor.report import month as paper
from advisor.session import record
from advisor.session.model import Action, Record, Visit
from tests.support import CATALOG

JA = say(CATALOG, "ja")
NEW = replace(record.new(CATALOG), revision=5)
AT = datetime(2026, 11, 4, 16, 30, tzinfo=UTC)  # half past one on the next day in Tokyo


def visit(minutes: int | None, told: Record = NEW, at: datetime = AT, client: str = "c1") -> Visit:
    """Return a visit that took so many minutes; None: its end was not noted."""
    ended = None if minutes is None else at + timedelta(minutes=minutes, seconds=10)
    return Visit("v", replace(told, ended=ended), at, at, client)


MONTH = paper.Month(
    2026,
    11,
    paper.held(
        (
            visit(55),
            visit(None, replace(NEW, way="phone"), AT + timedelta(days=7)),
            visit(40, replace(NEW, way="online", review=(Action("a1"),)), AT + timedelta(days=7), "c2"),
        ),
        {"c1": AT, "c2": AT + timedelta(days=7)},
    ),
    nobody=2,
)


def test_a_session_has_its_day_in_tokyo_its_minutes_its_kind_and_its_way() -> None:
    assert [(str(one.day), one.minutes, one.kind, one.way) for one in MONTH.held] == [
        ("2026-11-05", 55, "first", "room"),
        ("2026-11-12", None, "later", "phone"),
        ("2026-11-12", 40, "later", "online"),  # the visit before it was erased; its review tells that it was there
    ]


def test_a_session_that_cannot_have_ended_then_has_no_minutes() -> None:
    assert [one.minutes for one in paper.held((visit(-5), visit(7 * 60)), {})] == [None, None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_csv_opens_in_excel_and_says_what_is_not_in_it(language: Language) -> None:
    words = say(CATALOG, language)
    content = paper.as_csv(MONTH, words)
    assert content.startswith("\ufeff".encode())
    assert content.count(b"\r\n") == content.count(b"\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[1][::2] == ["2026-11-05", "55", words("way_room")]
    assert rows[2][2] == ""
    assert [row[0] for row in rows[4:]] == paper.notes(MONTH, words)
    assert words("month_erased") in rows[4]


def test_the_workbook_has_lines_and_sums_and_its_numbers_are_numbers() -> None:
    book = openpyxl.load_workbook(io.BytesIO(paper.as_xlsx(MONTH, JA)))
    lines, sums = book[JA("month_sheet_lines")], book[JA("month_sheet_sums")]
    assert [lines.cell(2, 1).value, lines.cell(2, 3).value] == [datetime(2026, 11, 5), 55]  # noqa: DTZ001  (a day)
    assert lines.cell(3, 3).value is None
    told = {row[0]: row[1:3] for row in sums.iter_rows(values_only=True)}
    assert told[JA("month_all")] == (3, 95)
    assert told[JA("month_kind_first")] == (1, 55)
    assert told[JA("way_phone")] == (1, 0)
    assert told[JA("month_days")] == (2, 95)
    assert JA("month_nobody", number=2) in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_note_has_the_height_of_its_lines(language: Language) -> None:
    words = say(CATALOG, language)
    sums = openpyxl.load_workbook(io.BytesIO(paper.as_xlsx(MONTH, words)))[words("month_sheet_sums")]
    notes = {cell.value: cell for (cell,) in sums.iter_rows(max_col=1) if cell.value in paper.notes(MONTH, words)}
    assert [*notes] == paper.notes(MONTH, words)
    for note, cell in notes.items():
        places = len(note) * (2 if language == "ja" else 1)
        assert (sums.row_dimensions[cell.row].height or 0) >= 15 * places / sum(paper.SUMS)
        assert cell.alignment.wrap_text
