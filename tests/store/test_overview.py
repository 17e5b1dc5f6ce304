"""Everybody at a glance: what the list is made of is what the store holds, read again only where it was changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from hypothesis import given

from advisor.session import record as records
from advisor.session.model import Action, Ahead, Client, Listed, Record
from advisor.store import Sealed, Store, new_key, open_store
from advisor.store import overview as overviews
from advisor.store import tables as t
from advisor.store.encryption import Vault
from advisor.store.overview import MOST_UNASSIGNED, Overview, overview
from tests.desks import NEW, STEP, TODAY, client, days, known, planned, visit
from tests.support import records as any_records

AT = datetime(2026, 11, 30, 14)  # noqa: DTZ001  (the local time of the room)
DUE = planned(Action("a1", STEP, by=days(3)), Action("a2", what="話す", status="done"), next_at=AT)


@pytest.fixture(params=[False, True], ids=["plain", "sealed"])
def store(request: pytest.FixtureRequest, database: str) -> Store:
    """An empty store of either kind, with a key and without."""
    return open_store(database, new_key() if request.param else "")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the vaults have opened."""
    told: list[str] = []
    opens = Vault.open

    def listen(vault: Vault, written: str) -> str:
        told.append(written)
        return opens(vault, written)

    monkeypatch.setattr(Vault, "open", listen)
    return told


def by_code(found: Overview) -> dict[str, Listed]:
    return {one.code: one for one in found.listed.values()}


def put(store: Store, one: Client) -> None:
    """Save a change of a client."""
    store.put_client(one, store.client(one.id))


@given(kept=any_records())
def test_what_a_record_says_of_the_days_after_it_is_read_alone_as_it_is_read_with_the_rest(kept: Record) -> None:
    full = replace(kept, review=kept.plan.actions, next_at=AT)
    assert records.ahead(records.dump(full)) == Ahead(full.plan, full.review, full.next_at)
    assert records.ahead(records.dump(NEW)) == Ahead()


@pytest.mark.parametrize("text", ["", "[]", "null", '{"plan": []}', '{"next_at": 7}'])
def test_what_is_no_record_says_nothing_of_the_days_after_it(text: str) -> None:
    assert records.ahead(text) is None


def test_it_tells_of_each_client_who_they_are_and_how_the_latest_visit_left_things(store: Store) -> None:
    seen = known(
        store, client("A-1", name="髙﨑 𠮷子", until=days(9)), visit(NEW, days(-9)), visit(DUE, days(-2), "v2")
    )
    new = known(store, client("B-2"))
    found = by_code(overview(store))
    begun = datetime(2026, 11, 19, 3, tzinfo=UTC)
    ahead = Ahead(DUE.plan, DUE.review, DUE.next_at)
    last = store.visits(seen)[-1].id
    assert found == {
        "A-1": Listed(seen, "A-1", "髙﨑 𠮷子", days(9), "", 2, begun, ahead, last, used=False),
        "B-2": Listed(new, "B-2", "", client().consent.until),
    }


def test_the_latest_visit_is_the_one_that_the_clients_own_page_has_last(store: Store) -> None:
    same = tuple(visit(planned(Action("a1", what=f"{number}")), TODAY, f"v{number}") for number in range(5))
    name = known(store, client("A-1"), *same)
    last = store.visits(name)[-1].record
    assert by_code(overview(store))["A-1"].ahead.plan == last.plan


def test_a_second_look_opens_only_what_was_changed_since_the_first(store: Store, opened: list[str]) -> None:
    names = [known(store, client(f"A-{number}", name="花子"), visit(DUE)) for number in range(9)]
    first = overview(store)
    opened.clear()
    again = overview(store, first)
    assert opened == []
    assert all(mine is theirs for mine, theirs in zip(first.listed.values(), again.listed.values(), strict=True))
    (before,) = store.visits(names[4])
    store.save(before.id, names[4], before.record, replace(before.record, next_at=None, revision=2))
    opened.clear()
    third = overview(store, again)
    assert len(opened) == 3  # code, name and record of one
    assert by_code(third)["A-4"].ahead.next_at is None
    assert [code for code, one in by_code(third).items() if one is not by_code(again)[code]] == ["A-4"]


def test_whatever_was_changed_a_second_look_shows_what_a_first_one_would(store: Store) -> None:
    names = [known(store, client(f"A-{number}"), visit(DUE, days(-3)), visit(NEW, days(-1))) for number in range(4)]
    store.save("nobodys", None, None, NEW)
    found = overview(store)
    one = store.client(names[0])
    assert one is not None
    for change in (
        lambda: put(store, replace(one, code="Z-9")),
        lambda: put(store, replace(one, consent=replace(one.consent, until=days(99)))),
        lambda: store.erase_visit(store.visits(names[1])[-1].id),
        lambda: store.erase_client(names[2], TODAY),
        lambda: store.assign("nobodys", names[3]),
        lambda: store.save("another", None, None, NEW),
        lambda: known(store, client("B-1"), visit(DUE)),
    ):
        change()
        before, found = found, overview(store, found)
        assert found == overview(store)
        assert found != before


def test_ids_are_asked_for_in_as_many_statements_as_the_database_takes_them_in(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        known(store, client(f"A-{number}"), visit(DUE))
    whole = overview(store)
    monkeypatch.setattr(overviews, "_AT_ONCE", 3)
    assert overview(store) == whole


def test_of_the_visits_of_nobody_the_latest_are_read_and_all_are_counted(store: Store) -> None:
    for number in range(MOST_UNASSIGNED + 3):
        store.save(f"v{number:02}", None, None, NEW)
    found = overview(store)
    assert found.nobodys == MOST_UNASSIGNED + 3
    assert [one.id for one in found.nobody] == [f"v{number:02}" for number in reversed(range(3, MOST_UNASSIGNED + 3))]


def test_without_the_key_nobody_is_listed(store: Store) -> None:
    known(store, client("A-1"), visit(DUE))
    if store.vault.seals:
        with pytest.raises(Sealed):
            overview(open_store(store.engine.url.render_as_string(hide_password=False), new_key(), checked=False))


def test_what_is_no_record_is_not_taken_for_an_empty_one(store: Store) -> None:
    known(store, client("A-1"), visit(DUE))
    with store.writing() as connection:
        connection.execute(sa.update(t.visit).values(record=store.vault.seal("[]")))
    seen = overview(store)
    (line,) = seen.listed.values()
    assert seen.unread == (line.code,)
    assert line.ahead == Ahead()
