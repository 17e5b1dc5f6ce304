"""The exports: every file that can be downloaded from a visit, and how it is made.

The name of a file has its kind, the client's code, and the day and time at which the visit began. It has no name of a
person.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Literal

from advisor.report import answer_table, calendar, interchange, jobcard
from advisor.report.filenames import file_name
from advisor.session.model import Visit

if TYPE_CHECKING:
    from advisor.session.model import Client
    from advisor.session.moments import Moments
    from advisor.session.session import Session

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Export:
    """A kind of file: who gets it, the ending of its name, its media type, and whether it holds private notes."""

    id: str
    audience: Literal["client", "adviser"]
    ending: str
    type: str
    notes: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file for the browser to download."""

    name: str
    type: str
    content: bytes


EXPORTS: tuple[Export, ...] = (
    Export("handout", "client", "pdf", "application/pdf"),
    Export("worksheets", "client", "pdf", "application/pdf"),
    Export("calendar", "client", "ics", "text/calendar; charset=utf-8"),
    Export("jobcard", "client", "docx", DOCX),
    Export("answers_xlsx", "client", "xlsx", XLSX),
    Export("answers_csv", "client", "csv", "text/csv; charset=utf-8"),
    Export("edition", "adviser", "pdf", "application/pdf", notes=True),
    Export("json", "adviser", "json", "application/json", notes=True),
)


def make(  # noqa: PLR0913  (what a file is made of)
    kind: str,
    session: Session,
    client: Client | None,
    today: date,
    visit: Visit | None = None,
    *,
    past: Callable[[], tuple[Visit, ...]] = tuple,
    moments: Callable[[], Moments] = dict,
) -> File:
    """Make the file of one kind from the session as it is now.

    ``visit``: the session as it was last stored. A calendar needs its id: without it, every file has new entries
    instead of updated ones. ``past``: the earlier states of the client's visits, for the calendar only.
    ``moments``: when each part of the visit was told, for the adviser copy only.

    Raises:
        KeyError: there is no such export.
    """
    export = {export.id: export for export in EXPORTS}[kind]
    stem = session.say(f"export_file_{kind}")
    name = file_name(stem, export.ending, today, code=client.code if client else "", visit=visit)
    return File(name, export.type, _makers(session, client, today, visit, (past, moments))[kind]())


def _makers(
    session: Session,
    client: Client | None,
    today: date,
    visit: Visit | None,
    stored: tuple[Callable[[], tuple[Visit, ...]], Callable[[], Moments]],
) -> dict[str, Callable[[], bytes]]:
    past, moments = stored

    def handout() -> bytes:
        from advisor.report import pdf  # noqa: PLC0415  (only a PDF needs these modules, and they load slowly)
        from advisor.report.handout import handout as paper  # noqa: PLC0415  (as above)

        return pdf.pdf(paper(session, today))

    def worksheets() -> bytes:
        from advisor.report import pdf  # noqa: PLC0415  (as above)
        from advisor.report.worksheet_pages import leaves  # noqa: PLC0415  (as above)

        return pdf.pdf(leaves(session, today))

    def adviser_copy() -> bytes:
        from advisor.report import pdf  # noqa: PLC0415  (as above)
        from advisor.report.adviser_copy import adviser_copy as paper  # noqa: PLC0415  (as above)

        return pdf.pdf(paper(session, today, moments()))

    def present() -> Visit:
        now = datetime.now(UTC)
        kept = visit or Visit(secrets.token_urlsafe(16), session.record, now, now)
        return replace(kept, record=session.record, client=client.id if client else None)

    return {
        "handout": handout,
        "worksheets": worksheets,
        "edition": adviser_copy,
        "calendar": lambda: calendar.calendar(session.catalog, present(), past(), session.today, session.imprint),
        "json": lambda: interchange.dump(client, (present(),)),
        "jobcard": lambda: jobcard.jobcard(session, today),
        "answers_csv": lambda: answer_table.as_csv(session, today),
        "answers_xlsx": lambda: answer_table.as_xlsx(session, today),
    }
