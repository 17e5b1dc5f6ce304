"""Days and people as the desk says them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.content.words import LOCALES
from advisor.session.appointments import local
from advisor.session.model import day_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from advisor.content.translator import Say
    from advisor.session.model import Client, Listed
    from advisor.view.desk.desk import Desk


def spoken(say: Say, day: date, today: date | None = None) -> str:
    """Return a day in words, with its day of the week. The year is left out if it is the year of ``today``."""
    from babel.dates import format_date, format_skeleton  # noqa: PLC0415  (the workbook's kernel needs it late)

    is_near = today is not None and day.year == today.year
    if say.language == "ja":
        return format_date(day, format="M月d日（E）" if is_near else "y年M月d日（E）", locale=LOCALES["ja"])
    return format_skeleton("MMMEd" if is_near else "yMMMEd", day, locale=LOCALES[say.language])


def short_day(say: Say, day: date, today: date) -> str:
    """Return a day in words without its day of the week. The year is left out if it is the year of ``today``."""
    from babel.dates import format_skeleton  # noqa: PLC0415  (as above)

    return format_skeleton("MMMd" if day.year == today.year else "yMMMd", day, locale=LOCALES[say.language])


def short_moment(say: Say, at: datetime, today: date) -> str:
    """Return a moment in words: 11月28日 10:00."""
    return f"{short_day(say, day_of(at), today)} {local(at):%H:%M}"


def person(desk: Desk, client: Client | Listed) -> dict[str, Any]:
    """Return id, code and name of a client. While names are hidden, only whether there is one."""
    is_masked = desk.masked and bool(client.name)
    return {"id": client.id, "code": client.code, "name": "" if desk.masked else client.name, "masked": is_masked}
