"""What the templates of the desk are given: rows, dues and days, as they are said."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from advisor.client import TOKYO
from advisor.desk import clients
from advisor.forms import folded
from advisor.view import desk_forms
from advisor.words import LOCALES

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.client import Action, Client, Visit
    from advisor.desk import Desk
    from advisor.desk.clients import Due, Row
    from advisor.say import Say

Context = dict[str, Any]
ROWS, DUES, VISITS = 60, 6, 20  # how many stand on the page at once


def spoken(say: Say, day: date, today: date | None = None) -> str:
    """Return a day as it is said, with its day of the week; without the year where it is that of ``today``."""
    from babel.dates import format_skeleton  # noqa: PLC0415  (the workbook's kernel needs it on its last screen only)

    parts = "MMMEd" if today and day.year == today.year else "yMMMEd"
    return format_skeleton(parts, day, locale=LOCALES[say.language])


def sentence(say: Say, word: str, **fields: object) -> str:
    """Return the sentence of a word that comes from below; one nobody has written yet says that something failed."""
    if word not in say.sentences:
        return say("desk_trouble")
    told = {name: spoken(say, value) if isinstance(value, date) else value for name, value in fields.items()}
    return say(word, **told)


def notice(desk: Desk, say: Say) -> Context:
    """Return what the desk has to say about what was done last, and whether the store could be read."""
    return {
        "note": _note(desk, say, "top"),
        "refused": _note(desk, say, "import"),
        "unread": sentence(say, desk.unread) if desk.unread else "",
    }


def _note(desk: Desk, say: Say, at: str) -> Context | None:
    note = desk.note
    if note is None or note.at != at:
        return None
    return {"text": sentence(say, note.word, **note.fields), "kind": note.kind}


def top(desk: Desk, say: Say) -> Context:
    """Return whose time is over, and whether there is anybody yet."""
    lapsed = [
        _client(row.client) | {"until": spoken(say, row.client.consent.until), "visits": len(row.visits)}
        for row in desk.rows
        if row.lapsed(desk.today())
    ]
    return {
        "anybody": bool(desk.rows),
        "lapsed": lapsed,
        "mistyped": desk.mistyped,
        "empty": not desk.rows and not desk.unread,
    }


def found(desk: Desk, say: Say) -> Context:
    """Return what is due today and this week (not while searching), and the clients that the search finds."""
    today, rows = desk.today(), clients.found(desk.rows, desk.query)
    soon = [] if desk.query.strip() else clients.soon(desk.rows, today)
    dues = [_due(say, due, today) | _client(row.client) for row, due in soon]
    return {
        "soon": dues[:DUES],
        "later": dues[DUES:],
        "all": len(desk.rows),
        "found": len(rows),
        "rows": [_row(desk, say, row) for row in rows[:ROWS]],
        "more": max(0, len(rows) - ROWS),
    }


def more(workbook: str) -> Callable[[Desk, Say], Context]:
    """Return what the end of the list is given: visits of nobody, the latest first, and whom they may be given to."""

    def context(desk: Desk, say: Say) -> Context:
        latest = sorted(desk.nobody, key=lambda visit: visit.changed, reverse=True)
        people = sorted((row.client for row in desk.rows), key=lambda client: folded(client.code))
        return {
            "nobody": len(latest),
            "visits": [_visit(say, visit) for visit in latest[:VISITS]],
            "clients": [_client(client) for client in people],
            "workbook": workbook,
            "refused": _note(desk, say, "import"),
        }

    return context


def client(address: Callable[..., str]) -> Callable[[Desk, Say], Context]:
    """Return what a client's page is given; ``address`` makes the addresses of visits."""

    def context(desk: Desk, say: Say) -> Context:
        row = desk.row
        if row is None or desk.screen != "client":
            return {"client": None}
        consent, today = row.client.consent, desk.today()
        visits = [
            _visit(say, visit) | {"url": address(visit.id), "done": visit is not row.last}
            for visit in reversed(row.visits)
        ]
        by_action = {due.action.id: due for due in row.dues if due.action}
        appointment = next((due for due in row.dues if due.action is None), None)
        return {
            "client": _client(row.client) | {"visits": len(row.visits), "adviser": desk.owners.get(row.client.id, "")},
            "visits": visits,
            "compare": address(row.visits[-1].id, "results") if len(row.visits) > 1 else "",
            "actions": [_action(say, one, by_action.get(one.id), today) for one in row.actions],
            "appointment": _due(say, appointment, today) if appointment else None,
            "consent": consent,
            "given": spoken(say, consent.given_on),
            "until": spoken(say, consent.until),
            "lapsed": row.lapsed(today),
            "mistyped": desk.mistyped,
        }

    return context


def form_top(desk: Desk, say: Say) -> Context:
    """Return which form is open (new, edit or import), and why it asks."""
    kind, client = _kind(desk), desk.incoming.client if desk.incoming else None
    if desk.incoming is None or client is None:
        return {"kind": kind, "leads": [say(f"desk_form_{kind}_lead")] if kind else []}
    asked, until = desk.incoming.asked, spoken(say, client.consent.until)
    over = [say("desk_form_import_over", code=client.code, day=until)] if "agreed" in asked else []
    return {"kind": kind, "leads": [*([say("desk_form_import_lead")] if "code" in asked else []), *over]}


def form_foot(desk: Desk, say: Say) -> Context:
    """Return the button that hands the form in, and which fields are to be looked at again."""
    called = desk_forms.names(say)
    wrong = say.quoted(called[field] for field in called if field in desk.problems)
    kind = _kind(desk)
    return {
        "hand_in": {"new": "desk_register", "edit": "desk_save", "import": "desk_take_in"}.get(kind),
        "wrong": wrong,
    }


def _kind(desk: Desk) -> str:
    if desk.form is None:
        return ""
    return "import" if desk.incoming else "edit" if desk.form.client else "new"


def _client(client: Client) -> Context:
    return {"id": client.id, "code": client.code, "name": client.name}


def _row(desk: Desk, say: Say, row: Row) -> Context:
    return _client(row.client) | {
        "last": spoken(say, clients.day_of(row.last.started), desk.today()) if row.last else "",
        "actions": len(row.actions),
        "due": _due(say, row.due, desk.today()) if row.due else None,
        "lapsed": row.lapsed(desk.today()),
        "adviser": desk.owners.get(row.client.id, ""),
    }


def _visit(say: Say, visit: Visit) -> Context:
    return {
        "id": visit.id,
        "day": spoken(say, clients.day_of(visit.started)),
        "time": f"{visit.started.astimezone(TOKYO):%H:%M}",
        "step": say(f"step_{visit.record.step}"),
        "wish": visit.record.case.facts.wish.strip(),
    }


def _due(say: Say, due: Due, today: date) -> Context:
    if due.action:
        what = say("desk_action_due", what=_called(say, due.action))
    else:
        what = say("desk_appointment", time=f"{due.at:%H:%M}")
    return {
        "what": what,
        "day": spoken(say, due.on, today),
        "overdue": due.on < today,
        "chip": _chip(say, due.on, today),
    }


def _chip(say: Say, day: date, today: date) -> str:
    days = (day - today).days
    if days < 0:
        return say("desk_overdue")
    if days == 0:
        return say("desk_today")
    return say("desk_in_days", days=days) if day <= today + clients.SOON else ""


def _action(say: Say, action: Action, due: Due | None, today: date) -> Context:
    when = _due(say, due, today) if due else {"day": "", "chip": "", "overdue": False}
    return {**when, "what": _called(say, action), "first": action.first.strip()}


def _called(say: Say, action: Action) -> str:
    """Return what an action is called: in the client's words, else by its step."""
    step = say.words.steps.get(action.step or "")
    return action.what.strip() or (step.name if step else say("desk_unnamed_action"))
