"""The values for the desk's templates: rows, due days and dates in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from advisor.content.words import LOCALES
from advisor.report.sanitize import action_name
from advisor.report.sentences import days
from advisor.session.model import TOKYO, day_of, is_over, now
from advisor.view.desk import clients, paging, questions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.content.translator import Say
    from advisor.session.model import Action, Client, Listed, Visit
    from advisor.view.desk.clients import Due, ListedClient
    from advisor.view.desk.desk import Desk
    from advisor.view.desk.paging import ListPage

Context = dict[str, Any]
T = TypeVar("T")
_PAGES = dict.fromkeys(("list", "lapsed", "today"), "desk_page_people") | dict.fromkeys(
    ("soon", "nobody"), "desk_page_things"
)


def spoken(say: Say, day: date, today: date | None = None) -> str:
    """Return a day in words, with its day of the week. The year is left out if it is the year of ``today``."""
    from babel.dates import format_skeleton  # noqa: PLC0415  (the workbook's kernel needs it on its last screen only)

    parts = "MMMEd" if today and day.year == today.year else "yMMMEd"
    return format_skeleton(parts, day, locale=LOCALES[say.language])


def sentence(say: Say, word: str, **fields: object) -> str:
    """Return the sentence for a word, with days in words. A word without a sentence gives the one for any failure."""
    if word not in say.sentences:
        return say("desk_trouble")
    values = {name: spoken(say, value) if isinstance(value, date) else value for name, value in fields.items()}
    return say(word, **values)


def notice(desk: Desk, say: Say) -> Context:
    """Return the values for the notices: the result of the last action, and whether the store could be read."""
    note = None if desk.note and desk.note.word == desk.unread else _note(desk, say, "top")  # not said twice
    return {
        "note": note,
        "refused": _note(desk, say, "import"),
        "unread": sentence(say, desk.unread) if desk.unread else "",
        "place": desk.store.place,
        "damaged": _damaged(desk, say),
    }


def _note(desk: Desk, say: Say, at: str) -> Context | None:
    note = desk.note
    if note is None or note.at != at:
        return None
    return {"text": sentence(say, note.word, **note.fields), "kind": note.kind}


def _damaged(desk: Desk, say: Say) -> Context | None:
    """Return how many records on this screen cannot be read, and the codes of their clients; None if all can."""
    if desk.screen == "client":
        number, codes = len(desk.row.unread) if desk.row else 0, {desk.row.client.code} if desk.row else set()
    else:
        number, codes = len(desk.damaged) if desk.screen == "list" else 0, set(desk.damaged)
    if not number:
        return None
    return {"number": number, "codes": say.enumeration(sorted(codes - {""})), "nameless": "" in codes}


def top(desk: Desk, say: Say) -> Context:
    """Return the values for the top of the list: the clients whose consent is over, and whether any client is known."""
    over = sorted((line for line in desk.rows if desk.lapsed(line)), key=lambda line: line.client.until)
    lapsed = _page(desk, "lapsed", over)
    return {
        "anybody": bool(desk.codes),  # hidden clients count, too
        "lapsed": [
            _client(line.client) | {"until": spoken(say, line.client.until), "visits": line.client.visits}
            for line in lapsed.items
        ],
        "pager": _pager(say, "lapsed", lapsed),
        "mistyped": desk.mistyped,
        "empty": not desk.codes and not desk.unread,
        "day": _day_asked(desk, say),
    }


def _day_asked(desk: Desk, say: Say) -> Context:
    """Return the question whether today's date is right; empty if it is not asked."""
    if desk.doubt is None:
        return {}
    if desk.waiting:
        why = say("desk_day_clients", number=desk.waiting)
    else:
        why = say("desk_day_visits" if desk.hidden else "desk_day_long")
    day = desk.today()
    return {"id": day.isoformat(), "today": spoken(say, day), "last": spoken(say, desk.doubt), "why": why}


def found(desk: Desk, say: Say) -> Context:
    """Return the values for the list: today's appointments and due days (not while searching), and the clients."""
    today, page, searching = desk.today(), _listed(desk), bool(desk.query.strip())
    lines = () if searching else desk.rows
    others = [(line, due) for line, due in clients.soon(lines, today) if not (due.at and due.on == today)]
    appointments, dues = _page(desk, "today", clients.appointments(lines, today)), _page(desk, "soon", others)
    hours = [
        _client(line.client) | {"day": f"{due.at:%H:%M}", "chip": "", "what": ""} for line, due in appointments.items
    ]
    days = [_client(line.client) | _due(say, due, today) for line, due in dues.items]
    sections = (
        {"id": "today", "day": spoken(say, today, today), "items": hours, "pager": _pager(say, "today", appointments)},
        {"id": "soon", "day": "", "items": days, "pager": _pager(say, "soon", dues)},
    )
    return {
        "sections": [section for section in sections if section["items"]],
        "searching": searching,
        "all": len(desk.rows),
        "count": _count(desk, say, page),
        "rows": [_row(desk, say, line, today) for line in page.items],
        "pager": _pager(say, "list", page),
    }


def more(workbook: str) -> Callable[[Desk, Say], Context]:
    """Return the values for the end of the list: visits without a client, latest first, and clients to give them to.

    All clients are offered if they fit on one page of the list; else only the clients that the list shows now.
    """

    def context(desk: Desk, say: Say) -> Context:
        visits = _page(desk, "nobody", desk.nobody)
        few = len(desk.rows) <= paging.SIZES["list"]
        people = sorted(desk.rows if few else _listed(desk).items, key=lambda line: line.code) if visits.items else []
        return {
            "nobody": desk.nobodys,
            "read": len(desk.nobody),
            "visits": [_visit(say, visit) for visit in visits.items],
            "pager": _pager(say, "nobody", visits),
            "anybody": bool(desk.rows),
            "few": few,
            "clients": [_client(line.client) for line in people],
            "workbook": workbook,
            "refused": _note(desk, say, "import"),
        }

    return context


def client(address: Callable[..., str]) -> Callable[[Desk, Say], Context]:
    """Return the values for a client's page; ``address`` makes the addresses of visits."""

    def context(desk: Desk, say: Say) -> Context:
        row = desk.row
        if row is None or desk.screen != "client":
            return {"client": None}
        consent, today = row.client.consent, desk.today()
        visits = [_visit(say, visit) | _opened(desk, say, visit, address) for visit in reversed(row.visits)]
        by_action = {due.action.id: due for due in row.dues if due.action}
        appointment = next((due for due in row.dues if due.action is None), None)
        return {
            "client": _client(row.client)
            | {"visits": len(row.visits) + len(row.unread), "adviser": _adviser(desk, row.client.id)},
            "visits": visits,
            "damaged": [{"id": name, "day": say("desk_damaged_visit")} for name in row.unread],
            "compare": address(row.visits[-1].id, "results") if len(row.visits) > 1 else "",
            "actions": [_action(say, one, by_action.get(one.id), today) for one in row.actions],
            "appointment": _due(say, appointment, today) if appointment else None,
            "consent": consent,
            "given": spoken(say, consent.given_on),
            "until": spoken(say, consent.until),
            "lapsed": desk.lapsed(row),
            "mistyped": desk.mistyped,
        }

    return context


def form_top(desk: Desk, say: Say) -> Context:
    """Return which form is open (new, edit or import), and the sentences that say why it asks."""
    kind, client = _kind(desk), desk.incoming.client if desk.incoming else None
    if desk.incoming is None or client is None:
        return {"kind": kind, "leads": [say(f"desk_form_{kind}_lead")] if kind else []}
    asked, until = desk.incoming.asked, spoken(say, client.consent.until)
    over = [say("desk_form_import_over", code=client.code, day=until)] if "agreed" in asked else []
    return {"kind": kind, "leads": [*([say("desk_form_import_lead")] if "code" in asked else []), *over]}


def form_foot(desk: Desk, say: Say) -> Context:
    """Return the word of the button that hands the form in, and the names of the fields with errors."""
    called = questions.names(say)
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


def _listed(desk: Desk) -> ListPage[ListedClient]:
    """Return the page of the list that is shown now."""
    return _page(desk, "list", clients.found(desk.rows, desk.query))


def _page(desk: Desk, name: str, items: Sequence[T]) -> ListPage[T]:
    return paging.page(items, desk.pages[name], paging.SIZES[name])


def _pager(say: Say, name: str, page: ListPage[Any]) -> Context | None:
    """Return the values for the buttons that turn the pages of a list; None if the list has one page."""
    if page.pages == 1:
        return None
    sentence = say(_PAGES[name], first=f"{page.first:,}", last=f"{page.last:,}", all=f"{page.all:,}")
    return {"id": name, "number": page.number, "pages": page.pages, "told": sentence}


def _count(desk: Desk, say: Say, page: ListPage[ListedClient]) -> str:
    """Return the sentence with the number of clients, and how many of them the search finds."""
    everybody, number = f"{len(desk.rows):,}", f"{page.all:,}"
    if not page.all:
        return say("desk_not_found")
    if page.all == len(desk.rows):
        return say("desk_all", all=everybody)
    return say("desk_found" if page.pages == 1 else "desk_found_many", all=everybody, found=number)


def _client(client: Client | Listed) -> Context:
    return {"id": client.id, "code": client.code, "name": client.name}


def _adviser(desk: Desk, client: str) -> str:
    line = desk.line(client)
    return line.client.adviser if line else ""


def _row(desk: Desk, say: Say, line: ListedClient, today: date) -> Context:
    return _client(line.client) | {
        "last": spoken(say, day_of(line.client.begun), today) if line.client.begun else "",
        "actions": line.actions,
        "due": _due(say, line.due, today) if line.due else None,
        "lapsed": desk.lapsed(line),
        "adviser": line.client.adviser,
    }


def _visit(say: Say, visit: Visit) -> Context:
    return {
        "id": visit.id,
        "day": spoken(say, day_of(visit.started)),
        "time": f"{visit.started.astimezone(TOKYO):%H:%M}",
        "step": say(f"step_{visit.record.screen}"),
        "wish": visit.record.case.facts.wish.strip(),
    }


def _opened(desk: Desk, say: Say, visit: Visit, address: Callable[..., str]) -> Context:
    """Return the address of a visit, whether its day is over (it is then only read), and its days of correction."""
    moment = datetime.combine(desk.today(), now().astimezone(TOKYO).timetz())
    return {
        "url": address(visit.id),
        "over": is_over(visit.started, moment),
        "corrected": days(say, visit.record.corrected),
    }


def _due(say: Say, due: Due, today: date) -> Context:
    if due.action:
        what = say("desk_action_due", what=action_name(say, due.action, "desk_unnamed_action"))
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
    return {**when, "what": action_name(say, action, "desk_unnamed_action"), "first": action.first.strip()}
