"""Taking in from elsewhere: under new ids, with the old days, all of it or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from advisor.report import interchange
from advisor.store import NotSaved, Store, import_visits
from tests.databases import CONSENT, NEW, client, later
from tests.desks import days, visit
from tests.support import CATALOG


def test_a_client_and_visits_are_stored_under_new_ids_with_their_days(store: Store) -> None:
    old = visit(replace(NEW, revision=7, notes="メモ"), days(-40))
    name = import_visits.import_visits(store, client(), (old, visit(name="v2")))
    assert name not in {None, "c1"}
    (kept,) = store.clients()
    first, second = store.visits(name)
    assert kept == replace(client(), id=name)
    assert {first.id, second.id}.isdisjoint({"v1", "v2"})
    assert (first.record, first.started, first.changed) == (old.record, old.started, old.changed)
    assert (len(store.events(first.id)), store.replay(first.id)) == (1, old.record)


def test_a_visit_that_was_taken_in_goes_on_like_any_other(store: Store) -> None:
    name = import_visits.import_visits(store, client(), (visit(NEW),))
    (taken,) = store.visits(name)
    after = later(taken.record, notes="その後")
    store.save(taken.id, name, taken.record, after)
    assert store.replay(taken.id) == after


def test_visits_of_nobody_count_as_touched_now(store: Store) -> None:
    assert import_visits.import_visits(store, None, (visit(on=days(-400)),)) is None
    (taken,) = store.visits(None)
    assert taken.client is None
    assert (datetime.now(UTC) - taken.changed).total_seconds() < 60


def test_a_file_that_is_not_refused_can_be_stored_in_either_database(store: Store) -> None:
    odd, seen = "\x01\x1b\x7f\ufffe\U0001f469", "\ufffe\ue000󠄀\u3000\U0001f469"
    stored = client("x", code=f"A{seen}", name=seen, consent=replace(CONSENT, purpose=odd))
    visits = (replace(visit(replace(NEW, notes=odd)), client="x"),)
    read, found = interchange.load(interchange.dump(stored, visits), CATALOG)
    assert (read, found) == (stored, visits)
    name = import_visits.import_visits(store, read, found)
    assert store.client(str(name)) == replace(stored, id=str(name))
    assert [one.record.notes for one in store.visits(name)] == [odd]


def test_when_one_visit_cannot_be_stored_nothing_is(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = iter(("c9", "same", "same"))
    monkeypatch.setattr(import_visits, "new_id", lambda: next(ids))
    with pytest.raises(NotSaved):
        import_visits.import_visits(store, client(), (visit(), visit(name="v2")))
    assert (store.clients(), store.visit("same"), store.visits("c9")) == ((), None, ())
