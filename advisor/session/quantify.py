"""What another way of working saves: minutes and errors a month, summed and checked.

A row comes to whole minutes, so that what stands on the screen adds up. All figures here are our judgement (workbook).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

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
