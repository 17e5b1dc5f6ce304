"""What the tests of exports share: a session with something everywhere, and text that other programs might obey."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from advisor.session.model import Client, Consent, Visit
from tests.support import CATALOG, FRUSTRATIONS, quick, session, suited

if TYPE_CHECKING:
    from advisor.session.session import Session

TODAY = date(2026, 11, 21)
NOTES = "カナリア覚え書き"
NAME = "髙﨑 太郎"
MARKUP = ("<script>alert(1)</script>", "=HYPERLINK(1)", "{\\rtf1", "BEGIN:VEVENT;X,Y\\n", '#import "x"', "𠮷髙﨑👨‍👩‍👧")
NASTY = "\n".join(MARKUP)
CLIENT = Client("c" * 22, "C-012", Consent("相談の記録", date(2026, 4, 1), date(2027, 4, 1)), NAME, date(2026, 4, 1))
MOMENT = datetime(2026, 11, 21, 5, 3, tzinfo=UTC)


def filled(text: str = "月次を早める") -> Session:
    """Return a session in which everything that can be typed says ``text``, and the adviser noted something."""
    one = session()
    for item, point in {**suited(100), **quick("spotlight", *FRUSTRATIONS[:3], point=5)}.items():
        one.respond(item, point)
    one.tell(situation="inside", role="accounting", years=6, priorities=FRUSTRATIONS[:2], signs={"no_feedback": "yes"})
    one.tell_wish(text)
    one.follow(next(iter(CATALOG.paths)))
    one.choose("quantify")
    one.add_action()
    for field in ("what", "first", "known_by", "helper"):
        one.fill(f"action-a2-{field}", text)
    one.fill("action-a1-by", "2026-12-01")
    one.fill("action-a2-by", "2026-12-24")
    for worksheet, form in CATALOG.worksheets.items():
        for name, typed in form.fields.items():
            if typed.type in {"line", "text"}:
                one.fill(f"sheet-{worksheet}-0-{name}", text)
    one.fill("sheet-goals-0-deadline", "2027-03-31")
    one.fill("next_at", "2026-12-05T14:00")
    one.fill("notes", NOTES)
    one.place_marker(next(iter(CATALOG.items)), 1)
    return one


def visit(of: Session, name: str = "v" * 22) -> Visit:
    """Return a session as it might be stored."""
    return Visit(name, of.record, MOMENT, MOMENT)


def inside(content: bytes) -> str:
    """Return everything in a file as one text, of an Office file all of its parts."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
