"""A client at one glance: next appointment, last notes, plan, answers so far, papers made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.report import account
from advisor.report.exports import EXPORTS
from advisor.report.sanitize import action_name
from advisor.session import appointments
from advisor.session.appointments import key, local
from advisor.session.model import day_of
from advisor.session.record import fits
from advisor.session.session import Session
from advisor.store import StoreError
from advisor.store.open_visit import last_used
from advisor.view.desk.words import short_day, spoken

if TYPE_CHECKING:
    from datetime import date

    from advisor.content.translator import Say
    from advisor.session.model import Action, Appointment, Visit
    from advisor.view.desk.clients import OpenedClient
    from advisor.view.desk.desk import Desk

Context = dict[str, Any]
MOST_PAPERS = 6
OF_CLIENT = {"consent_form": "consent_title", "case_sheet": "case_title"}  # papers of a client, not of one visit


def of(desk: Desk, say: Say, row: OpenedClient) -> Context:
    """Return the values for the cards of a client's page."""
    last = last_used(row.visits) if row.visits else None
    return {
        "appointments": [_appointment(desk, say, one) for one in _ahead(row, desk.today())],
        "missed": _missed(desk, say, row),
        "notes": _notes(desk, say, row),
        "plan": _plan(desk, say, row, last),
        "answers": _answers(desk, say, last) if last else None,
        "papers": _papers(desk, say, row),
    }


def _ahead(row: OpenedClient, today: date) -> tuple[Appointment, ...]:
    return appointments.ahead(row.appointments, today, row.begun)


def _appointment(desk: Desk, say: Say, one: Appointment) -> Context:
    at = local(one.at)
    length = [say("desk_minutes", number=one.minutes)] if one.id else []
    way = [say(f"way_{one.way}")] if one.way != "room" or one.id else []
    note = one.note.strip() and (say("desk_note_hidden") if desk.masked else one.note.strip())
    return {
        "key": key(one),
        "day": spoken(say, at.date(), desk.today()),
        "time": f"{at:%H:%M}",
        "what": say("list_dot").join([*length, *way, *([note] if note else [])]),
    }


def _missed(desk: Desk, say: Say, row: OpenedClient) -> str:
    missed = appointments.missed(row.appointments, desk.today(), row.begun)
    return say("desk_missed", day=spoken(say, day_of(missed.at), desk.today())) if missed else ""


def _notes(desk: Desk, say: Say, row: OpenedClient) -> Context | None:
    """Return the account and the notes of the latest visit that has any."""
    noted = next((one for one in reversed(row.visits) if one.record.account or one.record.notes.strip()), None)
    if noted is None:
        return None
    text = say("desk_notes_hidden") if desk.masked else noted.record.notes.strip()
    fields = () if desk.masked else account.fields(say, noted.record.account)
    return {"day": spoken(say, day_of(noted.started)), "text": text, "fields": fields}


def _plan(desk: Desk, say: Say, row: OpenedClient, last: Visit | None) -> Context:
    """Return the actions of the latest visit with their states, and open ones from before that it does not continue."""
    chosen = last.record.plan.chosen if last else ()
    left = [action for action in row.actions if action not in chosen]
    items = [_action(desk, say, number, action) for number, action in enumerate([*chosen, *left], 1)]
    return {"day": spoken(say, day_of(last.started)) if last else "", "actions": items}


def _action(desk: Desk, say: Say, number: int, action: Action) -> Context:
    today, is_open = desk.today(), action.status in {"open", "partly"}
    return {
        "what": say("plan_number", number=number) if desk.masked else action_name(say, action, "desk_unnamed_action"),
        "first": "" if desk.masked else action.first.strip(),
        "by": short_day(say, action.by, today) if action.by else "",
        "overdue": action.by is not None and action.by < today and is_open,
        "state": say(f"status_{action.status}"),
        "helped": say(f"edition_helped_{action.helped}") if action.helped else "",
        "done": action.status in {"done", "partly"},
    }


def _answers(desk: Desk, say: Say, last: Visit) -> Context | None:
    """Return how many questions were answered in a visit, and which screens are done; None if that cannot be told."""
    from advisor.view.workbook.page import states  # noqa: PLC0415  (the screens: only for a client's page)

    record = last.record
    try:
        catalog = desk.store.catalogue(record.digest)
    except StoreError:
        catalog = None
    if catalog is None or not fits(catalog, record):
        return None
    session = Session(catalog, record, started=last.started)
    items = [
        item.id
        for scale in catalog.of_kind("fit", "misfit", "frustration", "consequence")
        for item in catalog.active_items(scale, record.case.facts.widened)
    ]
    how_far = states(session)
    return {
        "day": spoken(say, day_of(last.started)),
        "given": sum(item in record.case.responses for item in items),
        "asked": len(items),
        **{
            name: say.enumeration(say(f"step_{step}") for step, state in how_far.items() if state == name)
            for name in ("done", "partly")
        },
    }


def _papers(desk: Desk, say: Say, row: OpenedClient) -> list[Context]:
    """Return the papers and files that were made of the client's visits, the latest first, each once a day."""
    names = {export.id: f"export_name_{export.id}" for export in EXPORTS} | OF_CLIENT
    made = {
        (day_of(line.at), line.detail): None
        for line in reversed(row.log)
        if line.action == "exported" and line.detail in names and (line.visit or line.detail in OF_CLIENT)
    }
    shown = list(made)[:MOST_PAPERS]
    return [{"day": short_day(say, on, desk.today()), "what": say(names[name])} for on, name in shown]
