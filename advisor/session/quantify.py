"""What another way of working saves: minutes and errors a month, summed and checked, and put into sentences.

A row comes to whole minutes, so that what stands on the screen adds up. All figures here are our judgement (workbook).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from advisor.content.translator import Say

WORKING_DAYS = 20  # a month
WEEKS, MONTHS = 52, 12  # a year
MONTH_HOURS = 200  # what one person works in a month at most; more is worth a second look
TIMES_A_MONTH = {"day": Fraction(WORKING_DAYS), "week": Fraction(WEEKS, MONTHS), "month": Fraction(1)}
TIME = ("before", "after", "times", "per")  # the fields that make up a saving of time: all of them or none
ERRORS = ("errors_before", "errors_after")  # and one of errors

Doubt = Literal["slower", "more_errors", "too_long"]


@dataclass(frozen=True, slots=True)
class Saving:
    """What one row comes to in a month; ``load``: the minutes its task takes, before or after, whichever is more.

    While something is ``missing`` the row counts for nothing. None: nothing was said about time, or about errors.
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
    """All rows that say anything, and what the complete ones come to together."""

    rows: tuple[Saving, ...]
    minutes: int | None
    errors: Decimal | None
    load: int
    too_long: bool

    @property
    def counted(self) -> tuple[Saving, ...]:
        """The rows that count."""
        return tuple(row for row in self.rows if not row.missing)

    @property
    def doubtful(self) -> bool:
        """Whether anything should be looked at again before it is told to others."""
        return self.too_long or any(row.doubts for row in self.rows)


def savings(rows: Sequence[Mapping[str, str]]) -> Savings:
    """Return what the rows of the worksheet come to; numbers are plain digits, as records hold them."""
    told = tuple(_saving(place, row) for place, row in enumerate(rows) if any(row.values()))
    minutes = [row.minutes for row in told if row.minutes is not None]
    errors = [row.errors for row in told if row.errors is not None]
    load = sum(row.load for row in told)
    return Savings(
        told,
        sum(minutes) if minutes else None,
        sum(errors, Decimal(0)) if errors else None,
        load,
        # where a row is too long by itself, the total says nothing new
        too_long=load > MONTH_HOURS * 60 and not any("too_long" in row.doubts for row in told),
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
    """Return how many times a month."""
    return Fraction(row["times"]) * TIMES_A_MONTH[row["per"]]


def whole(minutes: Fraction) -> int:
    """Return the nearest whole number of minutes; half a minute counts as one."""
    return int(minutes + Fraction(1, 2))


def hours(minutes: int) -> Decimal:
    """Return minutes as hours with one decimal."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.1"), "ROUND_HALF_UP")


AN_HOUR = 60
SENTENCES = ("boss", "cv")  # the fields that have a draft


def figure(number: Decimal | int) -> str:
    """Return a number with separators, without zeros that say nothing."""
    text = f"{Decimal(number):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def row_name(say: Say, saving: Saving) -> str:
    """Return how a row is called in a sentence: its task, or its place."""
    return say("quoted", name=saving.task) if saving.task else say("form_row", number=saving.row + 1)


def time_change(say: Say, minutes: int) -> str:
    """Return a change of time in words."""
    if not minutes:
        return say("form_time_same")
    told = {"minutes": figure(abs(minutes)), "hours": figure(hours(abs(minutes)))}
    return say("form_time_less", **told) if minutes > 0 else say("form_time_more", **told)


def errors_change(say: Say, errors: Decimal) -> str:
    """Return a change of errors in words."""
    if not errors:
        return say("form_errors_same")
    number = figure(abs(errors))
    return say("form_errors_less", number=number) if errors > 0 else say("form_errors_more", number=number)


def saved(say: Say, minutes: int) -> str:
    """Return a saving for a sentence: in hours once there is one."""
    if minutes < AN_HOUR:
        return say("form_about_minutes", minutes=minutes)
    return say("form_about_hours", hours=figure(hours(minutes)))


def doubts(say: Say, found: Savings) -> list[str]:
    """Return what should be looked at again, row by row, then of the total."""
    told = []
    for row in found.rows:
        for doubt in row.doubts:
            fields = {"hours": figure(hours(row.load)), "most": MONTH_HOURS} if doubt == "too_long" else {}
            told.append(say(f"form_doubt_{doubt}", name=row_name(say, row), **fields))
    if found.too_long:
        told.append(say("form_doubt_total", hours=figure(hours(found.load)), most=MONTH_HOURS))
    return told


def incomplete(say: Say, saving: Saving) -> str:
    """Return which fields a row still needs to be counted."""
    labels = say.words.worksheets["quantify"].fields
    missing = say.quoted(labels[name].label for name in saving.missing)
    return say("form_incomplete", name=row_name(say, saving), fields=missing)


def assumption(say: Say) -> str:
    """Return what counts as a month."""
    return say("form_assumption", days=WORKING_DAYS, weeks=WEEKS, months=MONTHS)


def _gain(saving: Saving | Savings) -> Literal["time", "errors", "both"] | None:
    """Return what became better; None where nothing did."""
    time, errors = (saving.minutes or 0) > 0, (saving.errors or 0) > 0
    return "both" if time and errors else "time" if time else "errors" if errors else None


def draft(say: Say, saving: Saving, entry: Mapping[str, str], field: str) -> str | None:
    """Return a sentence made from the numbers of a row, for the superior or the CV; None without a gain."""
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
    """Return one sentence about all rows together; None for a single row, or while there are doubts."""
    gain = _gain(found)
    if len(found.counted) < 2 or found.doubtful or gain is None:  # noqa: PLR2004  (one row speaks for itself)
        return None
    fields = {}
    if gain != "errors":
        fields["saved"] = saved(say, found.minutes or 0)
    if gain != "time":
        fields["errors"] = figure(found.errors or Decimal(0))
    return say(f"form_total_{gain}", **fields)
