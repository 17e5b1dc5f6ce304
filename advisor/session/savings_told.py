"""Savings in words: sums, doubts about them, and sentences made from the numbers, for the superior and the CV."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from advisor.session.quantify import MONTH_HOURS, MONTHS, WEEKS, WORKING_DAYS, Saving, Savings, hours

if TYPE_CHECKING:
    from advisor.content.translator import Say

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
