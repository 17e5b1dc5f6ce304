"""The client's answers as a table, CSV or XLSX: a row for each item that was asked, then the facts.

The file is for the client: it has no markers and no notes of the adviser. Typed text stays text in every spreadsheet
program and never becomes a formula.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

from advisor.content.translator import Say
from advisor.report import sheets
from advisor.report.heads import given_by, head, line
from advisor.report.sanitize import plain
from advisor.report.sentences import label, of_its_day, question, visit_date
from advisor.report.sheets import FONT, RISKY, SIZE, height, heights

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from advisor.session.session import Session

    Cell = str | int | None
    Row = tuple[Cell, ...]

COLUMNS = ("scale", "id", "question", "number", "answer", "mark")
WIDTHS = (24, 20, 56, 8, 40, 14)  # of the columns, in characters
MOST_PRINTED = 110


def rows(session: Session, today: date) -> list[Row]:
    """Return the rows of the table, without its head. The cells of a missing answer are empty."""
    speech = session.say
    return [*_items(session, speech), *_facts(session, speech), *_whose(session, speech, today)]


def columns(say: Say) -> list[str]:
    """Return the names of the columns."""
    return [say(f"export_column_{name}") for name in COLUMNS]


def _items(session: Session, say: Say) -> Iterator[Row]:
    case = session.record.case
    marks = {None: "", "skip": say("sheet_skipped"), "discuss": say("sheet_discuss")}
    for scale in session.catalog.scales:
        for item in session.catalog.active_items(scale, case.facts.widened):
            answer = case.responses.get(item.id)
            words = "" if answer is None else label(session, say, item.id, answer)
            text = question(session, say, item.id)
            yield say.words.scales[scale].name, item.id, text, answer, words, marks[case.marks.get(item.id)]


def _facts(session: Session, say: Say) -> Iterator[Row]:
    facts, words = session.record.case.facts, say.words
    role = words.roles[facts.role].name if facts.role in words.roles else say("role_other") if facts.role else ""
    experience = say.enumeration(words.experience[name].name for name in facts.experience)
    fixed = say.enumeration(say(f"fixed_{name}") for name in facts.fixed)
    priorities = say.enumeration(words.scales[name].name for name in facts.priorities)
    situation = say(f"situation_{facts.situation}") if facts.situation else ""
    entries: tuple[tuple[str, str, int | None, str], ...] = (
        ("situation", say("ask_situation"), None, situation),
        ("role", say("ask_role"), None, role),
        ("years", say("ask_years"), facts.years, ""),
        ("experience", say("ask_experience"), None, experience),
        *([("fixed", say("ask_fixed"), None, fixed)] if session.catalog.scoring.choosing else []),
        ("priorities", say("marked_title"), None, priorities),
        ("wish", of_its_day(say, session, "ask_wish"), None, plain(facts.wish)),
    )
    for name, text, number, answer in entries:
        yield say("step_start"), name, text, number, answer, ""
    answers: dict[str, str] = {**facts.signs, **facts.tried}
    for name in (*_signs(session), *_steps(session)):
        group = say("heading_signs") if name in session.catalog.signs else say("heading_tried")
        answer = label(session, say, name, answers[name]) if name in answers else ""
        yield group, name, question(session, say, name), None, answer, ""
    yield say("edition_version"), "day", say("export_day"), None, visit_date(say, session, session.day), ""
    yield say("edition_version"), "scoring", say("edition_scoring"), None, session.catalog.stamp, ""


def _whose(session: Session, say: Say, today: date) -> Iterator[Row]:
    """Yield whose table it is, of which visit, and who gives it out."""
    top, imprint = head(say, session.imprint), session.imprint
    entries: tuple[tuple[str, int | None, str], ...] = (
        ("code", None, top.code),
        ("visit", imprint.number or None, top.number),
        ("day", None, visit_date(say, session, today)),
        ("by", None, say("paper_separator").join(text for text in (given_by(say, top), top.adviser) if text)),
    )
    for name, number, text in entries:
        if text:
            yield say("head_title"), name, say(f"head_{name}"), number, text, ""


def _signs(session: Session) -> Iterator[str]:
    """Yield the signs that were asked or answered. Clients who want to enter the field ("wants_in") are not asked."""
    facts = session.record.case.facts
    yield from (name for name in session.catalog.signs if facts.situation != "wants_in" or name in facts.signs)


def _steps(session: Session) -> Iterator[str]:
    """Yield the steps of the client's situation, and those that have an answer."""
    facts = session.record.case.facts
    for name, step in session.catalog.steps.items():
        if facts.situation is None or facts.situation in step.situations or name in facts.tried:
            yield name


def as_csv(session: Session, today: date) -> bytes:
    """Return the table as CSV for Excel.

    A text that would become a formula gets an apostrophe before it, as OWASP advises. Numbers stay numbers.
    """
    table = [tuple(columns(session.say)), *rows(session, today)]
    return sheets.as_csv(map(_harmless, row) for row in table)


def _printed(text: str) -> str:
    """Return text for the head or foot of a printed sheet: "&" begins a code there, and 255 characters are the most."""
    return text[:MOST_PRINTED].replace("&", "&&")


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RISKY) else cell


def as_xlsx(session: Session, today: date) -> bytes:
    """Return the table as an Excel workbook. Every text is stored as text, and stays text when its cell is edited."""
    from xlsxwriter import Workbook  # noqa: PLC0415  (a client's kernel starts without it)

    speech = session.say
    content = io.BytesIO()
    text_only = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(content, {"in_memory": True, **text_only})
    book.set_properties({
        "title": speech("export_name_answers_xlsx"), "author": "", "created": datetime(today.year, today.month, today.day)  # noqa: DTZ001, E501  (a day, the same everywhere)
    })  # fmt: skip
    for name, value in session.catalog.told.items():
        book.set_custom_property(name, value, "text")
    look: dict[str, Any] = {"font_name": FONT, "font_size": SIZE, "text_wrap": True, "valign": "top"}
    body, heading = (
        book.add_format({**look, "quote_prefix": True}),
        book.add_format({**look, "bold": True, "bottom": 1}),
    )
    figure = book.add_format({**look, "align": "left"})  # beside the words of the answer
    sheet = book.add_worksheet(speech("export_answers_sheet"))
    for column, (name, width) in enumerate(zip(columns(speech), WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, heading)
    place = 1
    for row in rows(session, today):
        needed = heights(height((str(cell), width) for cell, width in zip(row, WIDTHS, strict=True) if cell))
        for number, points in enumerate(needed, place):
            sheet.set_row(number, points)
        for column, cell in enumerate(row):
            look = figure if isinstance(cell, int) else body
            if len(needed) > 1:
                sheet.merge_range(place, column, place + len(needed) - 1, column, "", look)
            if isinstance(cell, int):
                sheet.write_number(place, column, cell, look)
            elif cell:
                sheet.write_string(place, column, cell, look)
        place += len(needed)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    top = head(speech, session.imprint)
    whose = line(speech, top, visit_date(speech, session, today))
    sheet.set_header(f"&R&9 {_printed(whose)}")
    sheet.set_footer(f"&L&9 {_printed(given_by(speech, top))}&R&9 &P／&N")
    book.close()
    return content.getvalue()
