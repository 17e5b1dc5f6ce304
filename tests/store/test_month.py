"""The visits of a month: those that the viewer may see, that were used, and that began in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from advisor.session import record as records
from advisor.session.model import Client, Consent
from advisor.store import advisers, month, tables
from advisor.store.import_visits import FIRST
from tests.support import CATALOG

if TYPE_CHECKING:
    from advisor.store import Store

CONSENT = Consent("記録のため", date(2026, 10, 1), date(2027, 10, 1))
TOKYO_MIDNIGHT = datetime(2026, 10, 31, 15, tzinfo=UTC)
NEW = replace(records.new(CATALOG), revision=FIRST + 1)


def put(store: Store, name: str, client: str | None, at: datetime, revision: int = FIRST + 1) -> None:
    """Store a visit that began at a moment."""
    store.save(name, client, None, replace(NEW, revision=revision))
    with store.writing() as connection:
        connection.execute(update(tables.visit).where(tables.visit.c.id == name).values(started=at))


def test_the_month_is_that_of_tokyo_and_only_used_visits_of_clients_count(store: Store) -> None:
    store.put_client(Client("c1", "K-1", CONSENT))
    put(store, "before", "c1", TOKYO_MIDNIGHT - timedelta(seconds=1))
    put(store, "first", "c1", TOKYO_MIDNIGHT)
    put(store, "begun", "c1", TOKYO_MIDNIGHT + timedelta(days=2), FIRST)
    put(store, "nobody", None, TOKYO_MIDNIGHT + timedelta(days=3))
    put(store, "after", "c1", TOKYO_MIDNIGHT + timedelta(days=30))
    read = month.of(store, 2026, 11)
    assert [visit.id for visit in read.visits] == ["first"]
    assert read.first == {"c1": TOKYO_MIDNIGHT - timedelta(seconds=1)}
    assert (read.nobody, read.unread) == (1, 0)
    store.erase_visit("first")
    assert month.of(store, 2026, 11).visits == ()
    assert month.of(store, 2026, 12).visits[0].id == "after"


def test_an_adviser_counts_their_own_visits_and_a_leader_those_of_the_team(store: Store) -> None:
    one, two, lead = (advisers.add(store, name, "long enough a password", "t", name == "c") for name in "abc")
    for number, adviser in enumerate((one, two)):
        mine = store.seen_by(adviser.id)
        mine.put_client(Client(f"c{number}", f"K-{number}", CONSENT))
        put(mine, f"v{number}", f"c{number}", TOKYO_MIDNIGHT + timedelta(days=1))
    counts = [len(month.of(store.seen_by(adviser.id), 2026, 11).visits) for adviser in (one, two, lead)]
    assert counts == [1, 1, 2]
