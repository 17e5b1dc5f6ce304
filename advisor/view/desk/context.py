"""The values for the desk's templates: rows, due days and dates in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from advisor.report.sentences import days
from advisor.session.model import TOKYO, day_of, is_over
from advisor.view.desk import activity, clients, day, glance, invites, paging, questions
from advisor.view.desk.consent import card
from advisor.view.desk.words import person, short_day, short_moment, spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.content.translator import Say
    from advisor.session.model import Visit
    from advisor.view.desk.clients import ListedClient
    from advisor.view.desk.desk import Desk
    from advisor.view.desk.paging import ListPage

Context = dict[str, Any]
T = TypeVar("T")
_PAGES = dict.fromkeys(("list", "lapsed", "today"), "desk_page_people") | dict.fromkeys(
    ("soon", "nobody"), "desk_page_things"
)


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


def top(address: Callable[..., str]) -> Callable[[Desk, Say], Context]:
    """Return the values for the top of the list: today's appointments, what is due, clients whose consent is over.

    ``address`` makes the addresses of visits.
    """

    def context(desk: Desk, say: Say) -> Context:
        today = desk.today()
        over = sorted((line for line in desk.rows if desk.lapsed(line)), key=lambda line: line.client.until)
        lapsed = _page(desk, "lapsed", over)
        meetings = desk.meetings(today)
        shown = _page(desk, "today", meetings)
        dues = _page(desk, "soon", clients.due(desk.rows, today))
        return {
            "title": spoken(say, today, today),
            "count": say("desk_today_count", number=len(meetings)) if meetings else "",
            "anybody": bool(desk.codes),  # hidden clients count, too
            "booked": bool(desk.codes or desk.first_timers),
            "today": day.rows(desk, say, shown.items, address),
            "today_pager": _pager(say, "today", shown),
            "next": "" if meetings else day.empty(desk, say),
            "dues": [day.due(desk, say, line, one) for line, one in dues.items],
            "due_pager": _pager(say, "soon", dues),
            "lapsed": [
                person(desk, line.client) | {"until": spoken(say, line.client.until), "visits": line.client.visits}
                for line in lapsed.items
            ],
            "pager": _pager(say, "lapsed", lapsed),
            "mistyped": desk.mistyped,
            "empty": not desk.codes and not desk.unread,
            "day": _day_asked(desk, say),
        }

    return context


def _day_asked(desk: Desk, say: Say) -> Context:
    """Return the question whether today's date is right; empty if it is not asked."""
    if desk.doubt is None:
        return {}
    if desk.waiting:
        why = say("desk_day_clients", number=desk.waiting)
    else:
        why = say("desk_day_visits" if desk.hidden else "desk_day_long")
    today = desk.today()
    return {"id": today.isoformat(), "today": spoken(say, today), "last": spoken(say, desk.doubt), "why": why}


def list_head(desk: Desk, say: Say) -> Context:
    """Return the values for the heading of the list: how many clients there are, and how many of them are found."""
    page = _listed(desk)
    return {"all": len(desk.rows), "searching": bool(desk.query.strip()), "count": _count(desk, say, page)}


def found(desk: Desk, say: Say) -> Context:
    """Return the values for the list of clients."""
    today, page = desk.today(), _listed(desk)
    return {
        "all": len(desk.rows),
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
            "visits": [_visit(desk, say, visit) for visit in visits.items],
            "pager": _pager(say, "nobody", visits),
            "anybody": bool(desk.rows),
            "few": few,
            "clients": [person(desk, line.client) for line in people],
            "workbook": workbook,
            "refused": _note(desk, say, "import"),
            "months": activity.months(say, desk.today()),
        }

    return context


def client(address: Callable[..., str]) -> Callable[[Desk, Say], Context]:
    """Return the values for a client's page; ``address`` makes the addresses of visits."""

    def context(desk: Desk, say: Say) -> Context:
        row = desk.row
        if row is None:
            return {"client": None}
        consent = row.client.consent
        visits = [
            _visit(desk, say, visit) | _opened(desk, say, visit, address) | {"number": number}
            for number, visit in enumerate(row.visits, 1)
        ]
        return {
            "client": person(desk, row.client)
            | {"visits": len(row.visits) + len(row.unread), "adviser": _adviser(desk, row.client.id)},
            "visits": visits[::-1],
            "damaged": [{"id": name, "day": say("desk_damaged_visit")} for name in row.unread],
            "compare": address(row.visits[-1].id, "results") if len(row.visits) > 1 else "",
            "glance": glance.of(desk, say, row),
            "consent": consent,
            "given": spoken(say, consent.given_on),
            "until": spoken(say, consent.until),
            "lapsed": desk.lapsed(row),
            "mistyped": desk.mistyped,
            **card(desk, say, row),
            **invites.card(desk, say, row),
        }

    return context


def form_top(desk: Desk, say: Say) -> Context:
    """Return which form is open (new, edit or import), and the sentences that say why it asks."""
    kind, client = _kind(desk), desk.incoming.client if desk.incoming else None
    if desk.masked and kind:
        return {"kind": kind, "leads": [say("desk_form_hidden")]}
    if desk.incoming is None or client is None:
        return {"kind": kind, "leads": [say(f"desk_form_{kind}_lead")] if kind else []}
    asked, until = desk.incoming.asked, spoken(say, client.consent.until)
    over = [say("desk_form_import_over", code=client.code, day=until)] if "agreed" in asked else []
    return {"kind": kind, "leads": [*([say("desk_form_import_lead")] if "code" in asked else []), *over]}


def form_foot(desk: Desk, say: Say) -> Context:
    """Return the word of the button that hands the form in, and the names of the fields with errors."""
    called = questions.names(say)
    wrong = say.quoted(called[field] for field in called if field in desk.problems)
    kind = "arriving" if desk.arriving else _kind(desk)
    words = {"new": "desk_register", "arriving": "desk_receive", "edit": "desk_save", "import": "desk_take_in"}
    return {"hand_in": words.get(kind), "wrong": wrong, "hidden": desk.masked}


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


def _adviser(desk: Desk, client: str) -> str:
    line = desk.line(client)
    return line.client.adviser if line else ""


def _row(desk: Desk, say: Say, line: ListedClient, today: date) -> Context:
    upcoming = line.next(today)
    return person(desk, line.client) | {
        "last": short_day(say, day_of(line.client.begun), today) if line.client.begun else "",
        "actions": len(line.actions),
        "overdue": line.overdue(today),
        "next": short_moment(say, upcoming.at, today) if upcoming else "",
        "today": upcoming is not None and day_of(upcoming.at) == today,
        "lapsed": desk.lapsed(line),
        "adviser": line.client.adviser,
    }


def _visit(desk: Desk, say: Say, visit: Visit) -> Context:
    wish = visit.record.case.facts.wish.strip()
    return {
        "id": visit.id,
        "day": spoken(say, day_of(visit.started)),
        "time": f"{visit.started.astimezone(TOKYO):%H:%M}",
        "step": say(f"step_{visit.record.screen}"),
        "wish": "" if desk.masked else wish,
    }


def _opened(desk: Desk, say: Say, visit: Visit, address: Callable[..., str]) -> Context:
    """Return the address of a visit, whether its day is over (it is then only read), and its days of correction."""
    return {
        "url": address(visit.id),
        "private": address(visit.id).replace("workbook", "private", 1),  # the adviser's own window, beside the visit's
        "over": is_over(visit.started, desk.now()),
        "corrected": days(say, visit.record.corrected),
    }
