"""What the tests of the front desk share: a day, clients, visits of certain days, and a desk over a store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert

from advisor.session import record as records
from advisor.session.model import Action, Ahead, Client, Consent, Listed, Plan, Record, Visit
from advisor.store import Store, rows, tables
from advisor.store.import_visits import import_visits
from advisor.view.desk import clients
from advisor.view.desk.clients import ListedClient
from advisor.view.desk.desk import Desk
from tests.databases import believed
from tests.support import CATALOG

TODAY = date(2026, 11, 21)
CONSENT = Consent("職業相談の記録のため", date(2026, 10, 1), date(2027, 10, 1))
NEW = replace(records.new(CATALOG), revision=1)
TYPED = {"code": "A-001", "name": "佐藤 𠮷子", "agreed": "yes"}
STEP = next(iter(CATALOG.steps))


def days(number: int) -> date:
    """Return the day so many days from today."""
    return TODAY + timedelta(days=number)


def client(code: str = "A-001", /, **parts: Any) -> Client:
    """Return a client; parts of the consent are named as such."""
    consent = {name: parts.pop(name) for name in ("until", "then", "given_on", "purpose") if name in parts}
    return replace(Client("somebody", code, replace(CONSENT, **consent)), **parts)


def visit(record: Record = NEW, on: date = TODAY, name: str = "v1") -> Visit:
    """Return a visit that began at noon of a day."""
    at = datetime.combine(on, time(3), UTC)  # noon in Tokyo
    return Visit(name, record, at, at, "somebody")


def planned(*actions: Action, **parts: Any) -> Record:
    """Return a record with actions in its plan."""
    return replace(NEW, plan=Plan(actions=actions), **parts)


def line(one: Client, *visits: Visit) -> ListedClient:
    """Return a client's line in the list."""
    who = Listed(one.id, one.code, one.name, one.consent.until)
    if visits:
        record = visits[-1].record
        ahead = Ahead(record.plan, record.review, record.next_at)
        who = replace(who, visits=len(visits), begun=visits[-1].started, ahead=ahead)
    return clients.listed_client(who)


def known(store: Store, one: Client, *visits: Visit) -> str:
    """Store a client with visits and return the id."""
    name = import_visits(store, one, visits)
    assert name is not None
    return name


def desk(store: Store, today: date = TODAY) -> Desk:
    """Return a desk that is opened today, the day before it was opened too."""
    believed(store, today - timedelta(days=1))
    return Desk(CATALOG, store, lambda: today)


def register(one: Desk, **typed: str) -> None:
    """Fill in the form for a new client and hand it in."""
    one.register_new()
    for name, text in {**TYPED, **typed}.items():
        one.fill(name, text)
    one.hand_in()


def crowd(store: Store, number: int, record: Callable[[int], Record]) -> None:
    """Store many clients, K-00000 and on, with a visit each, in one transaction."""
    people, visits = [], []
    for place in range(number):
        one = client(f"K-{place:05}", id=f"client-{place}", name=f"佐藤 花子{place}", until=days(place % 600))
        at = datetime.combine(days(-place % 300 - 300), time(3), UTC)
        told = store.vault.seal(records.dump(record(place)))
        begun = {"id": f"visit-{place}", "client": one.id, "revision": 1, "record": told, "started": at, "changed": at}
        people.append(rows.client_row(one, store.vault) | {"adviser": store.viewer})
        visits.append(begun | {"adviser": store.viewer})
    with store.writing() as connection:
        connection.execute(insert(tables.client), people)
        connection.execute(insert(tables.visit), visits)
