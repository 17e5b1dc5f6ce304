"""The panel of exports at the end of the summary: what each file holds is said before it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.report import calendar
from advisor.report.exports import EXPORTS, Export

if TYPE_CHECKING:
    from advisor.say import Say
    from advisor.session import Session


def context(session: Session, say: Say) -> dict[str, Any]:
    """Return the exports, those for the client and those for the adviser."""
    return {
        audience: [_shown(session, say, export) for export in EXPORTS if export.audience == audience]
        for audience in ("client", "adviser")
    }


def _shown(session: Session, say: Say, export: Export) -> dict[str, Any]:
    record = session.record
    return {
        "id": export.id,
        "name": say(f"export_name_{export.id}"),
        "what": say(f"export_what_{export.id}"),
        "who": say(f"export_who_{export.id}"),
        "make": say("export_make", format=say(f"export_format_{export.ending}")),
        "notes": export.notes,
        "ready": export.id != "calendar" or bool(calendar.dated(record) or record.next_at),
    }
