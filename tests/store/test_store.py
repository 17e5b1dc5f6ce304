"""The store: what was acknowledged is there, nobody is overwritten unawares, and every change can be told again."""

from __future__ import annotations

import os
import random
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.content.model import Case
from advisor.scoring.reading import read
from advisor.session.model import Action, Event, Plan, Record
from advisor.session.record import changed, difference
from advisor.store import (
    ChangedElsewhere,
    ClientChanged,
    Gone,
    NotSaved,
    Store,
    new_id,
    open_store,
)
from tests.databases import CONSENT, NEW, client, later, saved
from tests.support import CATALOG, cases

ORDERS = 5 * int(os.environ.get("ADVISOR_FAULTS", "0")) or 150
FIRST = later(NEW, case=Case(responses={"support_1": 4}), notes="カナリア <b>'; DROP TABLE visit; --")
SECOND = later(FIRST, plan=Plan(actions=(Action("a1", what="上司と話す"),)), next_at=datetime(2026, 12, 1, 14))  # noqa: DTZ001  (local)


# --- visits -------------------------------------------------------------------------------------------------------


def test_what_was_saved_is_there_for_the_next_who_opens_the_store(store: Store, database: str) -> None:
    at = store.save("v1", None, None, FIRST)
    visit = open_store(database, "").visit("v1")
    assert visit is not None
    assert (visit.record, visit.started, visit.changed, visit.client) == (FIRST, at, at, None)
    later_at = store.save("v1", None, FIRST, SECOND)
    visit = open_store(database, "").visit("v1")
    assert visit is not None
    assert (visit.record, visit.started, visit.changed) == (SECOND, at, later_at)
    assert timedelta() <= datetime.now(UTC) - later_at < timedelta(minutes=1)
    assert later_at.tzinfo is UTC


def test_a_visit_that_nobody_saved_is_none(store: Store) -> None:
    assert store.visit("v1") is None
    assert store.visits(None) == ()
    assert store.events("v1") == ()
    with pytest.raises(Gone):
        store.replay("v1")


def test_visits_are_those_of_a_client_oldest_first_or_those_of_nobody(store: Store) -> None:
    for name in ("c1", "c2"):
        store.put_client(client(name))
    for name, owner in (("z", "c1"), ("b", "c2"), ("a", "c1"), ("n", None)):
        store.save(name, owner, None, FIRST)
    assert [visit.id for visit in store.visits("c1")] == ["z", "a"]
    assert [visit.id for visit in store.visits("c2")] == ["b"]
    assert [visit.id for visit in store.visits(None)] == ["n"]
    store.assign("n", "c2")
    assert [visit.id for visit in store.visits("c2")] == ["b", "n"]
    assert store.visits(None) == ()


def test_a_visit_is_given_only_to_a_client_who_is_there(store: Store) -> None:
    saved(store, "v1", FIRST)
    for visit, owner in (("v1", "nobody"), ("nothing", None)):
        with pytest.raises(Gone):
            store.assign(visit, owner)
    with pytest.raises(Gone):
        store.save("v2", "nobody", None, FIRST)
    assert store.visit("v2") is None


def test_every_change_is_an_event_with_what_changed_and_they_lead_to_the_record(store: Store) -> None:
    at = store.save("v1", None, None, FIRST)
    store.save("v1", None, FIRST, SECOND)
    first, second = store.events("v1")
    assert first == Event("v1", 1, at, difference(replace(FIRST, digest="", scoring="", **_EMPTY), FIRST))
    assert second.patch == difference(FIRST, SECOND)
    assert changed(FIRST, second.patch) == SECOND == store.replay("v1")


_EMPTY: dict[str, Any] = {"case": Case(), "notes": "", "revision": 0}


def test_a_failed_change_may_come_with_the_next_one(store: Store) -> None:
    saved(store, "v1", FIRST, replace(SECOND, revision=7))
    assert [event.revision for event in store.events("v1")] == [1, 7]
    assert store.replay("v1").revision == 7


def test_whoever_saves_second_learns_what_is_stored_now_and_changes_nothing(store: Store) -> None:
    saved(store, "v1", FIRST, SECOND)
    with pytest.raises(ChangedElsewhere) as told:
        store.save("v1", None, FIRST, later(FIRST, notes="別の人"))
    assert told.value.visit == store.visit("v1")
    assert told.value.visit.record == SECOND
    with pytest.raises(ChangedElsewhere):
        store.save("v1", None, None, later(NEW, notes="別の人"))
    assert len(store.events("v1")) == 2


def test_the_same_change_again_is_saved_once(store: Store) -> None:
    """The answer of the database may get lost after its commit; the next try must not be taken for somebody else's."""
    first = store.save("v1", None, None, FIRST)
    assert store.save("v1", None, None, FIRST) == first
    second = store.save("v1", None, FIRST, SECOND)
    assert store.save("v1", None, FIRST, SECOND) == second
    assert len(store.events("v1")) == 2


def test_a_visit_that_was_erased_does_not_come_back(store: Store) -> None:
    saved(store, "v1", FIRST)
    assert store.erase_visit("v1")
    for before in (None, FIRST):
        with pytest.raises(Gone):
            store.save("v1", None, before, SECOND)
    assert store.visit("v1") is None
    with pytest.raises(Gone):
        store.erase_visit("v1")


def test_a_record_without_a_later_revision_is_refused(store: Store) -> None:
    saved(store, "v1", FIRST)
    with pytest.raises(ValueError, match="later revision"):
        store.save("v1", None, FIRST, replace(SECOND, revision=FIRST.revision))


def records() -> st.SearchStrategy[Record]:
    return st.builds(
        lambda case, notes, markers, rows: replace(
            NEW, case=case, notes=notes, markers=markers, worksheets={"reasons": rows} if rows else {}
        ),
        cases(),
        st.text(st.characters(codec="utf-8"), max_size=40),
        st.dictionaries(st.sampled_from(list(CATALOG.items)), st.integers(1, 5), max_size=3),
        st.lists(st.dictionaries(st.sampled_from(["a", "b"]), st.text("字\x00'\\", min_size=1)), max_size=2).map(tuple),
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(told=st.lists(records(), min_size=1, max_size=4))
def test_any_record_comes_back_as_it_was_with_the_same_reading(store: Store, told: list[Record]) -> None:
    name = new_id()
    last = saved(store, name, *(replace(record, revision=number) for number, record in enumerate(told, 1)))
    visit = store.visit(name)
    assert visit is not None
    assert visit.record == last == store.replay(name)
    case = visit.record.case
    assert read(CATALOG, case.responses, case.facts) == read(CATALOG, last.case.responses, last.case.facts)


# --- two writers --------------------------------------------------------------------------------------------------


class Writer:
    """Somebody at a screen who changes and saves, and after a conflict does it again, insists or gives in."""

    def __init__(self, name: str, store: Store, visit: str, record: Record) -> None:
        self.name, self.store, self.visit, self.base = name, store, visit, record
        self.mine: tuple[str, Record] | None = None
        self.acknowledged: set[str] = set()
        self.overwritten: set[str] = set()  # knowingly

    def step(self, chance: random.Random, number: int) -> None:
        """Do the next thing: change something, or save it."""
        if self.mine is None:
            self.mine = self._with(f"{self.name}{number}", self.base.notes)
            return
        word, record = self.mine
        try:
            self.store.save(self.visit, None, self.base, record)
        except ChangedElsewhere as told:
            self._decide(chance.choice(("again", "insist", "give in")), word, told.visit.record)
        else:
            self.acknowledged.add(word)
            self.overwritten |= words_of(self.base) - words_of(record)
            self.base, self.mine = record, None

    def _decide(self, choice: str, word: str, theirs: Record) -> None:
        own, self.base = self.base.notes, theirs
        self.mine = {"again": self._with(word, theirs.notes), "insist": self._with(word, own)}.get(choice)

    def _with(self, word: str, notes: str) -> tuple[str, Record]:
        """Return one more word, and the record that follows what is stored as far as this writer knows, with it."""
        return word, later(self.base, notes=f"{notes}{word} ")


def words_of(record: Record) -> set[str]:
    return set(record.notes.split())


def assert_nothing_is_lost(store: Store, visit: str, writers: list[Writer]) -> None:
    """What was acknowledged stands in the log, and in the record too unless somebody overwrote it knowingly."""
    stored = store.visit(visit)
    assert stored is not None
    acknowledged = set[str]().union(*(writer.acknowledged for writer in writers))
    overwritten = set[str]().union(*(writer.overwritten for writer in writers))
    events = store.events(visit)
    logged = set(" ".join(event.patch.get("notes") or "" for event in events).split())
    assert logged == acknowledged
    assert len(events) == 1 + len(acknowledged)
    assert acknowledged - overwritten <= words_of(stored.record) <= acknowledged
    assert store.replay(visit) == stored.record


def test_two_writers_in_many_orders_lose_nothing_that_was_acknowledged(database: str) -> None:
    """Here in a hundred and fifty, in ``make faults`` in a thousand."""
    stores = [open_store(database, "", poolclass=sa.QueuePool) for _ in "ab"]  # connections kept: the same, sooner
    conflicts = 0
    for seed in range(ORDERS):
        chance = random.Random(seed)
        visit = f"v{seed}"
        record = saved(stores[0], visit, later(NEW))
        writers = [Writer(name, store, visit, record) for name, store in zip("甲乙", stores, strict=True)]
        for number in range(6):
            chance.choice(writers).step(chance, number)
        assert_nothing_is_lost(stores[0], visit, writers)
        conflicts += len({writer.base.revision for writer in writers}) > 1
    assert conflicts > ORDERS / 5, "they do get in each other's way"


def test_writers_at_the_very_same_time_lose_nothing_either(store: Store, database: str) -> None:
    record = saved(store, "v1", later(NEW))
    writers = [Writer(name, open_store(database, ""), "v1", record) for name in "甲乙丙"]
    failures: list[Exception] = []

    def work(writer: Writer) -> None:
        chance = random.Random(writer.name)
        try:
            for number in range(40):
                writer.step(chance, number)
        except Exception as failure:  # noqa: BLE001  (a thread's failure would go unseen)
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert_nothing_is_lost(store, "v1", writers)


# --- clients ------------------------------------------------------------------------------------------------------


def test_a_client_is_kept_and_changed(store: Store) -> None:
    one, other = client("c1", since=date(2026, 1, 1)), client("c2", code="A-000", name="")
    store.put_client(one)
    store.put_client(other)
    assert store.client("c1") == one
    assert store.clients() == (other, one)
    changed_one = replace(one, name="髙﨑", consent=replace(CONSENT, then="erase"))
    store.put_client(changed_one)
    assert store.clients() == (other, changed_one)
    assert store.client("c3") is None


def test_whoever_changes_a_client_second_changes_nothing(store: Store) -> None:
    first = client("c1")
    store.put_client(first)
    store.put_client(replace(first, name="一人目"), first)
    with pytest.raises(ClientChanged) as told:
        store.put_client(replace(first, name="二人目"), first)
    assert told.value.client == replace(first, name="一人目")
    assert store.client("c1") == told.value.client
    store.put_client(replace(first, name="二人目"), told.value.client)
    with pytest.raises(Gone):
        store.put_client(client("c2"), client("c2"))  # erased, or never there


def test_a_number_that_no_database_holds_is_not_saved_and_nothing_else_is_raised(store: Store) -> None:
    with pytest.raises(NotSaved):
        store.save("v1", None, None, replace(NEW, revision=2**70))
    assert store.visit("v1") is None
