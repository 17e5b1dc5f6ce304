"""Whose is what: nobody reads or changes a row that is not theirs, whatever they try and in whichever order."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.store import (
    AdviserError,
    ChangedElsewhere,
    Gone,
    NotAllowed,
    NotSaved,
    Store,
    advisers,
    backup,
    new_id,
    open_store,
)
from advisor.store import tables as t
from advisor.store.import_visits import import_visits
from advisor.store.overview import overview
from tests.databases import CONSENT, NEW, Server, believed, client, later, saved
from tests.desks import visit

PEOPLE = ("甲", "乙", "丙", "丁")
TEAMS = ("", "東", "西")
CLIENTS = tuple(f"c{number}" for number in range(5))
VISITS = tuple(f"v{number}" for number in range(6))
DUE = CLIENTS[-2:]  # these clients' time is over: they are erased by the policy
TODAY = date(2026, 11, 21)
Snapshot = dict[str, Any]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave erased bytes where they are: their going has tests of its own."""
    monkeypatch.setattr(Store, "sweep", lambda _: True)


@dataclass
class _Model:
    """What should be so, as plain dicts; ``me`` is the number of an adviser, None sees everything."""

    advisers: dict[int, dict[str, Any]] = field(default_factory=dict)
    clients: dict[str, int | None] = field(default_factory=dict)
    visits: dict[str, dict[str, Any]] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    stones: dict[str, int | None] = field(default_factory=dict)

    def circle(self, me: int | None) -> set[int | None]:
        if me is None:
            return {None, *range(len(PEOPLE))}
        mine = self.advisers[me]
        if mine["disabled"]:
            raise NotAllowed
        team = {other for other, one in self.advisers.items() if mine["leads"] and one["team"] == mine["team"] != ""}
        return {me, *team}

    def put_client(self, me: int | None, name: str, _: str) -> None:
        circle = self.circle(me)
        if name in self.erased or (name in self.clients and self.clients[name] not in circle):
            raise Gone
        self.clients.setdefault(name, me)

    def begin(self, me: int | None, name: str, of: str | None) -> None:
        circle = self.circle(me)
        if name in self.erased or (of is not None and (of not in self.clients or self.clients[of] not in circle)):
            raise Gone
        if name not in self.visits:
            self.visits[name] = {"owner": me if of is None else self.clients[of], "client": of, "events": 1}
        elif self.visits[name]["owner"] in circle:
            raise ChangedElsewhere(None)  # type: ignore[arg-type]  # only its kind matters
        else:
            raise Gone

    def go_on(self, me: int | None, name: str, _: str) -> None:
        self._mine(me, name)["events"] += 1

    def assign(self, me: int | None, name: str, of: str) -> None:
        one = self._mine(me, name)
        if of not in self.clients or self.clients[of] not in self.circle(me):
            raise Gone
        one |= {"client": of, "owner": self.clients[of]}

    def erase_visit(self, me: int | None, name: str, _: str) -> None:
        self.stones[name] = self._mine(me, name)["owner"]
        self._drop(name)

    def erase_client(self, me: int | None, name: str, _: str) -> None:
        circle = self.circle(me)
        if name not in self.clients or self.clients[name] not in circle:
            raise Gone
        self._drop_client(name)

    def expire(self, me: int | None, _: str, __: str) -> set[str]:
        circle = self.circle(me)
        due = {name: self.clients[name] for name in DUE if name in self.clients}
        for name in due:
            self._drop_client(name)
        return {name for name, owner in due.items() if owner in circle}

    def hand_over(self, giver: int | None, taker: int) -> None:
        if self.advisers[taker]["disabled"]:
            raise AdviserError
        for name, owner in self.clients.items():
            self.clients[name] = taker if owner == giver else owner
        for one in self.visits.values():
            one["owner"] = taker if one["owner"] == giver else one["owner"]

    def _mine(self, me: int | None, name: str) -> dict[str, Any]:
        circle = self.circle(me)
        if name not in self.visits or self.visits[name]["owner"] not in circle:
            raise Gone
        return self.visits[name]

    def _drop(self, name: str) -> None:
        self.erased.add(name)
        del self.visits[name]

    def _drop_client(self, name: str) -> None:
        for one in [each for each, told in self.visits.items() if told["client"] == name]:
            self._drop(one)
        self.stones[name] = self.clients.pop(name)
        self.erased.add(name)

    def seen(self, me: int | None) -> Snapshot:
        circle = self.circle(me)
        visits = {name: one for name, one in self.visits.items() if one["owner"] in circle}
        others = {name: PEOPLE[owner] for name, owner in self.clients.items() if owner is not None and owner != me}
        clients = {name for name, owner in self.clients.items() if owner in circle}
        return {
            "clients": clients,
            "each client": clients,
            "visits": {of: {name for name, one in visits.items() if one["client"] == of} for of in (*CLIENTS, None)},
            "events": {name: visits[name]["events"] if name in visits else 0 for name in VISITS},
            "stones": {name for name, owner in self.stones.items() if owner in circle},
            "owners": {name: owner for name, owner in others.items() if name in clients},
        }


class _Real:
    """The same things done to a store, by somebody who knows every id and every revision."""

    def __init__(self, store: Store) -> None:
        self.store, self.told = store, 0
        self.ids = [advisers.add(store, name).id for name in PEOPLE]
        believed(store, TODAY)

    def of(self, me: int | None) -> Store:
        return self.store if me is None else self.store.seen_by(self.ids[me])

    def put_client(self, me: int | None, name: str, _: str) -> None:
        until = date(2026, 1, 1) if name in DUE else CONSENT.until
        self.of(me).put_client(client(name, consent=replace(CONSENT, until=until, then="erase")))

    def begin(self, me: int | None, name: str, of: str | None) -> None:
        self.told += 1
        self.of(me).save(name, of, None, later(NEW, notes=f"{self.told}"))

    def go_on(self, me: int | None, name: str, _: str) -> None:
        stored = self.store.visit(name)
        before = stored.record if stored else later(NEW)
        self.of(me).save(name, None, before, later(before, notes=f"{before.notes}+"))

    def assign(self, me: int | None, name: str, of: str) -> None:
        self.of(me).assign(name, of)

    def erase_visit(self, me: int | None, name: str, _: str) -> None:
        self.of(me).erase_visit(name)

    def erase_client(self, me: int | None, name: str, _: str) -> None:
        self.of(me).erase_client(name, TODAY)

    def expire(self, me: int | None, _: str, __: str) -> set[str]:
        self.of(me).expire(TODAY)
        return set(self.of(me).expire(TODAY + timedelta(days=1)).erased)

    def hand_over(self, giver: int | None, taker: int) -> None:
        advisers.hand_over(self.store, None if giver is None else PEOPLE[giver], PEOPLE[taker])

    def seen(self, me: int | None) -> Snapshot:
        store = self.of(me)
        visits = {of: {one.id for one in store.visits(of)} for of in (*CLIENTS, None)}
        assert {name for name in VISITS if store.visit(name)} == set().union(*visits.values())
        found = overview(store)
        listed = {one.id: one for one in found.listed.values()}
        assert {name: one.visits for name, one in listed.items()} == {name: len(visits[name]) for name in listed}
        assert ({one.id for one in found.nobody}, found.nobodys) == (visits[None], len(visits[None]))
        assert listed.keys() == {one.id for one in store.clients()}
        return {
            "clients": set(listed),
            "each client": {name for name in CLIENTS if store.client(name)},
            "visits": visits,
            "events": {name: len(store.events(name)) for name in VISITS},
            "stones": {stone.id for stone in store.tombstones()},
            "owners": {name: one.adviser for name, one in listed.items() if one.adviser},
        }


def outcome(act: Callable[[], object]) -> object:
    """Return what something gives, or the kind of error it ends with."""
    try:
        return act()
    except (Gone, NotAllowed, ChangedElsewhere, AdviserError) as error:
        return type(error)


DEEDS = ("put_client", "begin", "begin_for", "go_on", "assign", "erase_visit", "erase_client", "expire")
STORIES = int(os.environ.get("ADVISOR_FAULTS", "0")) or 12
WHO = st.sampled_from((*range(len(PEOPLE)), None))
STEP = st.one_of(
    *(
        st.tuples(
            st.just(deed), WHO, st.sampled_from(CLIENTS if "client" in deed else VISITS), st.sampled_from(CLIENTS)
        )
        for deed in (*DEEDS, "begin_for", "go_on", "put_client")
    ),
    st.tuples(st.just("hand_over"), WHO, st.sampled_from(range(len(PEOPLE)))),
    st.tuples(st.just("disabled"), st.sampled_from(range(len(PEOPLE))), st.booleans()),
    st.tuples(st.just("leads"), st.sampled_from(range(len(PEOPLE))), st.booleans()),
    st.tuples(st.just("team"), st.sampled_from(range(len(PEOPLE))), st.sampled_from(TEAMS)),
)
BEGUN = (  # everybody has a client, and a visit with them or of nobody
    *(("put_client", number, CLIENTS[number], "") for number in range(len(PEOPLE))),
    *(("begin_for", number, VISITS[number], CLIENTS[number]) for number in range(2)),
    *(("begin", number, VISITS[number], "") for number in range(2, 4)),
)
TEAMED = st.lists(st.tuples(st.sampled_from(TEAMS), st.booleans()), min_size=len(PEOPLE), max_size=len(PEOPLE))


def play(store: Store, teamed: list[tuple[str, bool]], steps: list[tuple[Any, ...]]) -> None:
    """Do the same to a store and to the model, and compare whatever anybody can tell."""
    model, real = _Model(), _Real(store)
    for number, (team, leads) in enumerate(teamed):
        model.advisers[number] = {"team": team, "leads": leads, "disabled": False}
        advisers.change(store, PEOPLE[number], team=team, leads=leads)
    for deed, who, *rest in (*BEGUN, *steps):
        if deed in {"disabled", "leads", "team"}:
            model.advisers[who][deed] = rest[0]
            if deed == "disabled":
                (advisers.disable if rest[0] else advisers.enable)(store, PEOPLE[who])
            else:
                advisers.change(store, PEOPLE[who], **{deed: rest[0]})
        elif deed == "hand_over":
            assert outcome(lambda: real.hand_over(who, rest[0])) == outcome(lambda: model.hand_over(who, rest[0]))  # noqa: B023
        else:
            name, of = rest
            method, other = ("begin", None if deed == "begin" else of) if deed.startswith("begin") else (deed, of)
            done, told = (outcome(lambda: getattr(one, method)(who, name, other)) for one in (real, model))  # noqa: B023
            assert done == told, (deed, who, name, other)
    for me in (*range(len(PEOPLE)), None):
        assert outcome(lambda: real.seen(me)) == outcome(lambda: model.seen(me)), me  # noqa: B023
    with store.reading() as connection:  # a visit is never parted from its client
        parted = sa.select(t.visit.c.id).join(t.client, t.visit.c.client == t.client.c.id)
        parted = parted.where(t.visit.c.adviser.is_distinct_from(t.client.c.adviser))
        assert connection.execute(parted).all() == []


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """A new SQLite file to copy: its tables take longer to make than to use."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.sqlite3"
        assert open_store(f"sqlite:///{path}", "").sweep()
        yield path


@settings(max_examples=STORIES, deadline=None, suppress_health_check=list(HealthCheck))
@given(teamed=TEAMED, steps=st.lists(STEP, min_size=5, max_size=30))
def test_nobody_reads_or_changes_what_is_not_theirs(
    template: Path, teamed: list[tuple[str, bool]], steps: list[tuple[Any, ...]]
) -> None:
    """Twelve stories here, two hundred in ``make faults``."""
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copy(template, Path(folder) / "a.sqlite3")
        store = open_store(f"sqlite:///{path}", "", poolclass=sa.QueuePool, checked=False)
        sa.event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
        try:
            play(store, teamed, steps)
        finally:
            store.engine.dispose()


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(teamed=TEAMED, steps=st.lists(STEP, min_size=5, max_size=25))
def test_nobody_does_in_postgresql_either(
    postgres: Server, teamed: list[tuple[str, bool]], steps: list[tuple[Any, ...]]
) -> None:
    store = open_store(postgres.emptied_database(), "", poolclass=sa.QueuePool)
    try:
        play(store, teamed, steps)
    finally:
        store.engine.dispose()


# --- one by one ---------------------------------------------------------------------------------------------------


def named(store: Store, name: str, **parts: Any) -> Store:
    """Return the store as a new adviser sees it."""
    return store.seen_by(advisers.add(store, name, **parts).id)


def test_what_is_taken_in_is_the_viewers(store: Store) -> None:
    mine, theirs = named(store, "甲"), named(store, "乙")
    name = import_visits(mine, client(), (visit(),))
    import_visits(mine, None, (visit(),))
    assert [one.id for one in mine.clients()] == [name]
    assert (len(mine.visits(name)), len(mine.visits(None))) == (1, 1)
    assert (theirs.clients(), theirs.visits(name), theirs.visits(None)) == ((), (), ())


def test_a_visit_that_a_lead_begins_for_somebodys_client_is_that_advisers(store: Store) -> None:
    lead, member = named(store, "甲", team="東", leads=True), named(store, "乙", team="東")
    member.put_client(client("c1"))
    lead.save("v1", "c1", None, later(NEW))
    assert [one.id for one in member.visits("c1")] == ["v1"]
    lead.put_client(client("c1", name="髙﨑"))
    assert [one.name for one in member.clients()] == ["髙﨑"]
    whose = [[one.adviser for one in overview(seen).listed.values()] for seen in (lead, member, store)]
    assert whose == [["乙"], [""], ["乙"]]


@pytest.mark.parametrize("who", ["disabled", "unknown", "nobody"])
def test_who_may_not_neither_reads_nor_writes_nor_logs(store: Store, who: str, tmp_path: Path) -> None:
    adviser = advisers.add(store, "甲")
    one = store.seen_by({"disabled": adviser.id, "unknown": new_id(), "nobody": ""}[who])
    if who == "disabled":
        record = saved(one, "v1", later(NEW))
        one.put_client(client("c1"))
        advisers.disable(store, "甲")
    else:
        record = later(NEW)
    acts: tuple[Callable[[], object], ...] = (
        lambda: one.visit("v1"), lambda: one.visits(None), one.clients, lambda: one.client("c1"), one.tombstones,
        lambda: one.events("v1"), lambda: one.replay("v1"), lambda: overview(one), lambda: one.catalogue("0"),
        one.check,
        lambda: one.save("v1", None, record, later(record)), lambda: one.save("v2", None, None, later(NEW)),
        lambda: one.put_client(client("c2")), lambda: one.assign("v1", "c1"), lambda: one.erase_visit("v1"),
        lambda: one.erase_client("c1", TODAY), lambda: one.expire(TODAY), lambda: one.is_erased("v1"),
        lambda: one.answer_day(TODAY, is_right=True), lambda: import_visits(one, client(), (visit(),)),
        lambda: one.log("opened", visit="v1"), one.reseal, lambda: backup.backup(one, tmp_path / "b", "x"),
    )  # fmt: skip
    for act in acts:
        with pytest.raises(NotAllowed) as told:
            act()
        assert told.value.word == "not_allowed" or who == "nobody"
    with store.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(t.visit)).scalar_one() == (who == "disabled")
        actions = set(connection.execute(sa.select(t.access.c.action)).scalars())
    assert actions == {"adviser_added", "adviser_disabled"} - ({"adviser_disabled"} if who != "disabled" else set())


def test_one_advisers_view_of_the_store_looks_after_nobody(store: Store, tmp_path: Path) -> None:
    one = named(store, "甲", leads=True, team="東")
    acts: tuple[Callable[[], object], ...] = (
        lambda: advisers.add(one, "乙"), lambda: advisers.find(one, "甲"), lambda: advisers.all_of(one),
        lambda: advisers.by_id(one, one.by), lambda: advisers.disable(one, "甲"),
        lambda: advisers.reset(one, "甲", "correct horse battery"),
        lambda: advisers.verify(one, "甲", "x"), lambda: advisers.hand_over(one, None, "甲"), one.reseal,
        lambda: advisers.external(one, "甲"), lambda: advisers.change_password(one, one.by, "x", "y"),
        lambda: advisers.clients_of(one), lambda: backup.backup(one, tmp_path / "b", "x"),
        lambda: backup.restore(one, tmp_path / "b", "x"),
    )  # fmt: skip
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.slow
def test_handing_over_while_somebody_works_parts_no_visit_from_its_client(store: Store, database: str) -> None:
    """Handed over and back six times; each time the taker has saved something before they give the client back."""
    ids = [advisers.add(store, name).id for name in PEOPLE[:2]]
    store.seen_by(ids[0]).put_client(client("c1"))
    acknowledged: dict[str, list[str]] = {who: [] for who in ids}
    failures: list[BaseException] = []
    enough = threading.Event()

    def work(who: str, other: Store) -> None:
        numbers = itertools.count()
        try:
            while not enough.wait(0.002):  # SQLite gives its lock to nobody in turn: a moment for the others
                name = f"{who}{next(numbers)}"
                with suppress(Gone, NotSaved):  # the other one may hold the lock for long
                    record = saved(other, name, later(NEW), of="c1")
                    acknowledged[who].append(name)
                    other.save(name, "c1", record, later(record))
        except BaseException as failure:  # noqa: BLE001  (a thread's failure would go unseen)
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(who, open_store(database, "").seen_by(who))) for who in ids]
    for thread in threads:
        thread.start()
    handed, end = 0, time.monotonic() + 60
    while not failures and time.monotonic() < end and handed < 6:
        for one, other in ((0, 1), (1, 0)):
            known = len(acknowledged[ids[other]])
            advisers.hand_over(store, PEOPLE[one], PEOPLE[other])
            while len(acknowledged[ids[other]]) == known and not failures and time.monotonic() < end:
                time.sleep(0.005)
        handed += 1
    enough.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert {one.id for one in store.seen_by(ids[0]).visits("c1")} == set().union(*acknowledged.values())
    assert all(acknowledged.values())


def test_once_an_adviser_is_disabled_nothing_of_theirs_is_acknowledged(store: Store, database: str) -> None:
    one = open_store(database, "").seen_by(advisers.add(store, "甲").id)
    record, began = saved(one, "v1", later(NEW)), threading.Event()
    last: list[int] = []

    def work() -> None:
        before = record
        with suppress(NotAllowed):
            while True:
                one.save("v1", None, before, later(before))
                before = later(before)
                last[:] = [before.revision]
                began.set()

    thread = threading.Thread(target=work)
    thread.start()
    assert began.wait(30)
    advisers.disable(store, "甲")
    stored = store.visit("v1")
    thread.join(30)
    assert not thread.is_alive()
    assert stored is not None
    assert stored.record.revision == last[0]
    assert store.visit("v1") == stored
