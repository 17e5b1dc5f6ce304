"""The month's sessions (相談実績) as CSV and XLSX: day, minutes, kind, way, and sums; no names and no codes."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, get_args

from advisor.report import sheets
from advisor.report.sentences import weekday_name
from advisor.report.sheets import FONT, LINE, SIZE, lines
from advisor.session.account import minutes
from advisor.session.model import WAYS, Way, day_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from advisor.content.translator import Say
    from advisor.session.model import Visit

Kind = Literal["first", "later"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ENDINGS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
COLUMNS = ("day", "weekday", "minutes", "kind", "way")
WIDTHS = (14, 8, 8, 14, 14)  # of the columns, in characters
SUMS = (34, 12, 12)  # the same, of the sheet with the sums
Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Held:
    """One session of the month; ``minutes`` None: its end was not noted."""

    day: date
    kind: Kind
    way: Way
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Month:
    """The sessions of a month. ``nobody``, ``unread``: how many more have no client, or cannot be read."""

    year: int
    month: int
    held: tuple[Held, ...]
    nobody: int = 0
    unread: int = 0


def held(visits: Iterable[Visit], first: Mapping[str, datetime]) -> tuple[Held, ...]:
    """Return the visits as lines; ``first``: client → the beginning of their first visit."""

    def kind(visit: Visit) -> Kind:
        is_first = visit.started <= first.get(visit.client or "", visit.started)
        return "first" if is_first and not visit.record.review else "later"  # an erased visit leaves its review

    return tuple(
        Held(day_of(visit.started), kind(visit), visit.record.way, minutes(visit.started, visit.record.ended))
        for visit in visits
    )


def as_csv(month: Month, say: Say) -> bytes:
    """Return the lines and the notes below them as CSV for Excel."""
    head = [say(f"month_{name}") for name in COLUMNS]
    held = ([one.day.isoformat(), *_cells(say, one)] for one in month.held)
    return sheets.as_csv([head, *held, *([note] for note in notes(month, say))])


def as_xlsx(month: Month, say: Say) -> bytes:
    """Return an Excel workbook: a sheet with the lines, and a sheet with the sums and the notes."""
    from xlsxwriter import Workbook  # noqa: PLC0415  (only on request)

    content = io.BytesIO()
    book = Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = say("month_title", year=month.year, month=month.month)
    made = datetime(month.year, month.month, 1)  # noqa: DTZ001  (a day, the same everywhere)
    book.set_properties({"title": title, "author": "", "created": made})
    look: dict[str, Any] = {"font_name": FONT, "font_size": SIZE, "valign": "top"}
    body, top = book.add_format(look), book.add_format({**look, "bold": True, "bottom": 1})
    dated = book.add_format({**look, "num_format": "yyyy/mm/dd", "align": "left"})
    left = book.add_format({**look, "align": "left"})
    right = book.add_format({**look, "bold": True, "bottom": 1, "align": "right"})
    wrapped = book.add_format({**look, "text_wrap": True})

    listed = book.add_worksheet(say("month_sheet_lines"))
    for column, (name, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
        listed.set_column(column, column, width)
        listed.write_string(0, column, say(f"month_{name}"), top)
    for line, one in enumerate(month.held, 1):
        listed.write_datetime(line, 0, datetime.combine(one.day, datetime.min.time()), dated)
        for column, cell in enumerate(_cells(say, one), 1):
            _write(listed, line, column, cell, left)
    listed.freeze_panes(1, 0)

    sums = book.add_worksheet(say("month_sheet_sums"))
    for column, width in enumerate(SUMS):
        sums.set_column(column, column, width)
    sums.write_string(0, 0, title, top)
    for column, name in enumerate(("month_sessions", "month_minutes"), 1):
        sums.write_string(0, column, say(name), right)
    table = totals(month, say)
    for line, row in enumerate(table, 1):
        _write(sums, line, 0, row[0], body)
        _write(sums, line, 1, row[1], body)
        _write(sums, line, 2, row[2], body)
    for line, note in enumerate(notes(month, say), len(table) + 2):
        sums.merge_range(line, 0, line, 2, note, wrapped)
        sums.set_row(line, LINE * lines(note, sum(SUMS)))
    for sheet in (listed, sums):
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
    book.close()
    return content.getvalue()


def totals(month: Month, say: Say) -> list[tuple[str, int, int]]:
    """Return the sums: a name, the number of sessions, and their minutes as far as these were noted."""
    count: Counter[str] = Counter()
    spent: Counter[str] = Counter()
    for one in month.held:
        for name in ("all", one.kind, one.way):
            count[name] += 1
            spent[name] += one.minutes or 0
    names = [("all", "month_all"), *((kind, f"month_kind_{kind}") for kind in KINDS)]
    names += [(way, f"way_{way}") for way in WAYS]
    days = len({one.day for one in month.held})
    return [*((say(key), count[name], spent[name]) for name, key in names), (say("month_days"), days, spent["all"])]


def notes(month: Month, say: Say) -> list[str]:
    """Return what is not in the file."""
    without = sum(one.minutes is None for one in month.held)
    told = (("month_without_minutes", without), ("month_nobody", month.nobody), ("month_unread", month.unread))
    counted = [say(key, number=number) for key, number in told if number]
    return [say("month_erased"), say("month_seen"), *counted]


def _cells(say: Say, one: Held) -> tuple[Cell, ...]:
    return weekday_name(say.language, one.day), one.minutes, say(f"month_kind_{one.kind}"), say(f"way_{one.way}")


def _write(sheet: Any, line: int, column: int, cell: Cell, look: Any) -> None:  # noqa: ANN401  (of xlsxwriter)
    if isinstance(cell, int):
        sheet.write_number(line, column, cell, look)
    elif cell:
        sheet.write_string(line, column, cell, look)
