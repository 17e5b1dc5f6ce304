"""Savings of another way of working: minutes and errors in a month, their sums, doubts and sentences.

Each row is rounded to whole minutes, so that the rows on the screen add up to the total. All constants of this module
are our judgement (workbook).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from advisor.content.translator import Say

WORKING_DAYS = 20  # in a month
WEEKS, MONTHS = 52, 12  # in a year
MONTH_HOURS = 200  # the most hours that one person works in a month; more raises a doubt
TIMES_A_MONTH = {"day": Fraction(WORKING_DAYS), "week": Fraction(WEEKS, MONTHS), "month": Fraction(1)}
TIME = ("before", "after", "times", "per")  # the fields of a saving of time; all or none must be filled in
ERRORS = ("errors_before", "errors_after")  # the fields of a saving of errors; both or none must be filled in

Doubt = Literal["slower", "more_errors", "too_long"]


@dataclass(frozen=True, slots=True)
class Saving:
    """The saving of one row in a month.

    ``missing``: the fields that are still empty; as long as there are any, the row does not count.
    ``minutes``, ``errors``: the minutes and errors saved; None if the row has no fields of time, or of errors.
    ``load``: the minutes of the task, before or after; the greater of the two.
    ``doubts``: the reasons to look at the row again.
    """

    row: int
    task: str
    missing: tuple[str, ...] = ()
    minutes: int | None = None
    errors: Decimal | None = None
    load: int = 0
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Savings:
    """The rows that are not empty, and the sums over the complete rows.

    ``too_long``: the total load is more than :data:`MONTH_HOURS`, but no single row is.
    """

    rows: tuple[Saving, ...]
    minutes: int | None
    errors: Decimal | None
    load: int
    too_long: bool

    @property
    def counted(self) -> tuple[Saving, ...]:
        """The complete rows."""
        return tuple(row for row in self.rows if not row.missing)

    @property
    def doubtful(self) -> bool:
        """Whether a row or the total raises a doubt, so that no sentence may be made from it."""
        return self.too_long or any(row.doubts for row in self.rows)


def savings(rows: Sequence[Mapping[str, str]]) -> Savings:
    """Return the savings of the rows of the worksheet; numbers must be plain digits, as records hold them."""
    filled = tuple(_saving(place, row) for place, row in enumerate(rows) if any(row.values()))
    minutes = [row.minutes for row in filled if row.minutes is not None]
    errors = [row.errors for row in filled if row.errors is not None]
    load = sum(row.load for row in filled)
    return Savings(
        filled,
        sum(minutes) if minutes else None,
        sum(errors, Decimal(0)) if errors else None,
        load,
        # if a single row is too long, its doubt is enough
        too_long=load > MONTH_HOURS * 60 and not any("too_long" in row.doubts for row in filled),
    )


def _saving(place: int, row: Mapping[str, str]) -> Saving:
    task = row.get("task", "").strip()
    begun = [group for group in (TIME, ERRORS) if any(row.get(name) for name in group)] or [TIME]
    missing = [name for group in begun for name in group if not row.get(name)]
    if missing or not task:
        return Saving(place, task, missing=("task", *missing) if not task else tuple(missing))
    minutes, load, errors = None, 0, None
    if TIME in begun:
        before, after = (whole(Fraction(row[name]) * _often(row)) for name in ("before", "after"))
        minutes, load = before - after, max(before, after)
    if ERRORS in begun:
        errors = Decimal(row["errors_before"]) - Decimal(row["errors_after"])
    doubts: list[Doubt] = []
    if minutes is not None and minutes < 0:
        doubts.append("slower")
    if errors is not None and errors < 0:
        doubts.append("more_errors")
    if load > MONTH_HOURS * 60:
        doubts.append("too_long")
    return Saving(place, task, (), minutes, errors, load, tuple(doubts))


def _often(row: Mapping[str, str]) -> Fraction:
    """Return how often the task is done in a month."""
    return Fraction(row["times"]) * TIMES_A_MONTH[row["per"]]


def whole(minutes: Fraction) -> int:
    """Return the nearest whole number of minutes; half a minute is rounded up."""
    return int(minutes + Fraction(1, 2))


def hours(minutes: int) -> Decimal:
    """Return minutes as hours with one decimal."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.1"), "ROUND_HALF_UP")


AN_HOUR = 60
SENTENCES = ("boss", "cv")  # the fields for which the workbook makes a draft


def figure(number: Decimal | int) -> str:
    """Return a number with thousands separators and without trailing zeros."""
    text = f"{Decimal(number):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def row_name(say: Say, saving: Saving) -> str:
    """Return the name of a row for a sentence: its task, or its number if it has no task."""
    return say("quoted", name=saving.task) if saving.task else say("form_row", number=saving.row + 1)


def time_change(say: Say, minutes: int) -> str:
    """Return a change of time in words; positive ``minutes`` are saved."""
    if not minutes:
        return say("form_time_same")
    figures = {"minutes": figure(abs(minutes)), "hours": figure(hours(abs(minutes)))}
    return say("form_time_less", **figures) if minutes > 0 else say("form_time_more", **figures)


def errors_change(say: Say, errors: Decimal) -> str:
    """Return a change of errors in words; positive ``errors`` are saved."""
    if not errors:
        return say("form_errors_same")
    number = figure(abs(errors))
    return say("form_errors_less", number=number) if errors > 0 else say("form_errors_more", number=number)


def saved(say: Say, minutes: int) -> str:
    """Return saved time for a sentence: in hours from one hour on, else in minutes."""
    if minutes < AN_HOUR:
        return say("form_about_minutes", minutes=minutes)
    return say("form_about_hours", hours=figure(hours(minutes)))


def doubts(say: Say, found: Savings) -> list[str]:
    """Return a sentence for each doubt: first of each row, then of the total."""
    sentences = []
    for row in found.rows:
        for doubt in row.doubts:
            fields = {"hours": figure(hours(row.load)), "most": MONTH_HOURS} if doubt == "too_long" else {}
            sentences.append(say(f"form_doubt_{doubt}", name=row_name(say, row), **fields))
    if found.too_long:
        sentences.append(say("form_doubt_total", hours=figure(hours(found.load)), most=MONTH_HOURS))
    return sentences


def incomplete(say: Say, saving: Saving) -> str:
    """Return a sentence that names the fields that the row still needs."""
    labels = say.words.worksheets["quantify"].fields
    missing = say.quoted(labels[name].label for name in saving.missing)
    return say("form_incomplete", name=row_name(say, saving), fields=missing)


def assumption(say: Say) -> str:
    """Return the sentence that says how many days and weeks the workbook counts as a month."""
    return say("form_assumption", days=WORKING_DAYS, weeks=WEEKS, months=MONTHS)


def _gain(saving: Saving | Savings) -> Literal["time", "errors", "both"] | None:
    """Return whether time, errors or both are saved; None if nothing is saved."""
    time, errors = (saving.minutes or 0) > 0, (saving.errors or 0) > 0
    return "both" if time and errors else "time" if time else "errors" if errors else None


def draft(say: Say, saving: Saving, entry: Mapping[str, str], field: str) -> str | None:
    """Return a draft from the numbers of a complete row; None if it saves nothing or raises a doubt.

    ``field``: ``boss`` for a sentence to the superior, ``cv`` for the CV.
    """
    gain = _gain(saving)
    if saving.missing or saving.doubts or gain is None:
        return None
    fields = {"task": say("quoted", name=saving.task) if field == "boss" else saving.task}
    if gain != "errors":
        minutes = {name: figure(Decimal(entry[name])) for name in ("before", "after")}
        fields |= minutes | {"saved": saved(say, saving.minutes or 0)}
    if gain != "time":
        fields |= {name: figure(Decimal(entry[name])) for name in ("errors_before", "errors_after")}
    return say(f"form_{field}_{gain}", **fields)


def total_sentence(say: Say, found: Savings) -> str | None:
    """Return a sentence about all rows together; None for less than two rows, with a doubt, or if nothing is saved."""
    gain = _gain(found)
    if len(found.counted) < 2 or found.doubtful or gain is None:  # noqa: PLR2004  (a single row needs no total)
        return None
    fields = {}
    if gain != "errors":
        fields["saved"] = saved(say, found.minutes or 0)
    if gain != "time":
        fields["errors"] = figure(found.errors or Decimal(0))
    return say(f"form_total_{gain}", **fields)
