"""The month's sessions (相談実績) at the desk: the months to choose from, and the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from advisor.session.session import Rejected

if TYPE_CHECKING:
    from datetime import date

    from advisor.content.translator import Say
    from advisor.store import Store

MONTHS = 24  # so many are offered, the present one and those before it
_MONTH = re.compile("(20[0-9]{2})-(0[1-9]|1[0-2])")


def months(say: Say, today: date) -> list[dict[str, Any]]:
    """Return the months to choose from, the latest first; last month is chosen."""
    now = 12 * today.year + today.month - 1
    listed = [divmod(now - back, 12) for back in range(MONTHS)]
    return [
        {
            "id": f"{year}-{month + 1:02}",
            "name": say("month_title", year=year, month=month + 1),
            "chosen": place == 1,
        }
        for place, (year, month) in enumerate(listed)
    ]


def made(store: Store, say: Say, ending: str, chosen: str) -> tuple[str, str, bytes]:
    """Return name, media type and content of the file of a month.

    Raises:
        Rejected: the desk offers no such file.
        StoreError: the visits cannot be read.
    """
    from advisor.report import month as paper  # noqa: PLC0415  (only on request)
    from advisor.store import month as kept  # noqa: PLC0415  (as above)

    match = _MONTH.fullmatch(chosen)
    if match is None or ending not in paper.ENDINGS:
        raise Rejected("month")
    year, number = map(int, match.groups())
    read = kept.of(store, year, number)
    month = paper.Month(year, number, paper.held(read.visits, read.first), read.nobody, read.unread)
    content = paper.as_csv(month, say) if ending == "csv" else paper.as_xlsx(month, say)
    return f"{say('month_file')}-{year}{number:02}.{ending}", paper.ENDINGS[ending], content
