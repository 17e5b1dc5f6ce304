"""The panel of exports at the end of まとめ. It says what each file holds before the file is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.report import calendar, worksheet_pages
from advisor.report.exports import EXPORTS, Export

if TYPE_CHECKING:
    from advisor.content.translator import Say
    from advisor.session.session import Session


def context(session: Session, say: Say) -> dict[str, Any]:
    """Return the exports in two lists: for the client and for the adviser."""
    empty = _empty(session, say)
    return {
        audience: [
            _shown(say, export, ready=export.id not in empty) for export in EXPORTS if export.audience == audience
        ]
        for audience in ("client", "adviser")
    }


def _empty(session: Session, say: Say) -> set[str]:
    """Return the ids of exports that would be empty now."""
    record = session.record
    holds = {
        "calendar": calendar.holds_any(record),
        "worksheets": bool(worksheet_pages.chosen(session.catalog, say, record)),
    }
    return {name for name, is_filled in holds.items() if not is_filled}


def _shown(say: Say, export: Export, *, ready: bool) -> dict[str, Any]:
    return {
        "id": export.id,
        "name": say(f"export_name_{export.id}"),
        "what": say(f"export_what_{export.id}"),
        "who": say(f"export_who_{export.id}"),
        "make": say("export_make", format=say(f"export_format_{export.ending}")),
        "notes": export.notes,
        "ready": ready,
    }
