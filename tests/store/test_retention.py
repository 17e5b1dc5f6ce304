"""A clock that is wrong erases nobody, loses no order and keeps no login for ever."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.session.session import Rejected
from advisor.store import Expiry, Store, access_log, advisers, logins, open_store, tables
from advisor.store.open_visit import open_visit
from advisor.store.retention import LEAP, MANY
from advisor.view.desk.desk import Desk
from advisor.view.desk.register import Note
from tests.databases import CONSENT, NEW, Server, client, later, saved
from tests.support import CATALOG

DAY = timedelta(days=1)
TODAY = date(2026, 11, 21)
ERASE = replace(CONSENT, until=date(2027, 11, 1), then="erase")


class Clock:
    """The clock of this machine, which can be set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = self
        self.now = datetime(2026, 11, 21, 1, tzinfo=UTC)

        class Moved(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Any:
                return clock.now.astimezone(tz)

        for module in ("session.model", "store.store", "store.access_log", "store.import_visits", "store.advisers"):
            monkeypatch.setattr(f"advisor.{module}.datetime", Moved)

    def set(self, day: date) -> date:
        """Set the clock to ten in the morning in Tokyo, and return the day."""
        self.now = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
        return day


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave erased bytes where they are: their going has tests of its own."""
    monkeypatch.setattr(Store, "sweep", lambda _: True)


def peopled(store: Store, number: int = 20) -> None:
    for each in range(number):
        store.put_client(client(f"c{each}", code=f"A-{each}", consent=ERASE))
    saved(store, "v0", later(NEW), of="c0")


def desk(store: Store, day: date) -> Desk:
    return Desk(CATALOG, store, lambda: day)


def actions(store: Store) -> list[str]:
    return [entry.action for entry in access_log.entries(store)]


# --- a leap forward -----------------------------------------------------------------------------------------------


def test_one_look_at_the_list_under_a_wrong_clock_erases_nobody_and_asks(store: Store, clock: Clock) -> None:
    peopled(store)
    assert len(desk(store, TODAY).rows) == 20
    wrong = clock.set(TODAY + 400 * DAY)
    for _ in range(3):
        one = desk(store, wrong)
        assert (one.rows, one.doubt, one.waiting, one.note) == ((), TODAY, 20, None)
    assert desk(store, clock.set(wrong + DAY)).doubt == TODAY, "nor does another day that nobody has called right"
    right = desk(store, clock.set(TODAY + DAY))
    assert (len(right.rows), right.doubt, right.note) == (20, None, None)
    assert "expired" not in actions(store)


def test_a_day_that_somebody_calls_wrong_shows_everybody_again_and_is_logged(store: Store, clock: Clock) -> None:
    peopled(store)
    desk(store, TODAY)
    wrong = clock.set(TODAY + 400 * DAY)
    one = desk(store, wrong)
    one.answer_day(wrong.isoformat(), is_right=False)
    assert (len(one.rows), one.doubt, one.note) == (20, None, Note("desk_day_denied", kind="error"))
    one.open("c3")
    one.show_list()
    assert (len(one.rows), one.note) == (20, Note("desk_day_denied", kind="error"))
    last = access_log.entries(store)[-2:]
    assert [(entry.action, entry.detail) for entry in last if entry.action != "opened"] == [
        ("day_denied", wrong.isoformat())
    ]
    for name in ("c3", "c4"):  # somebody works on under the wrong clock, and the list is opened the day after
        saved(store, f"of {name}", later(NEW), of=name)
    assert desk(store, clock.set(wrong + DAY)).doubt == TODAY


def test_a_day_that_somebody_calls_right_is_the_first_of_two(store: Store, clock: Clock) -> None:
    peopled(store)
    desk(store, TODAY)
    day = clock.set(TODAY + 400 * DAY)
    one = desk(store, day)
    one.answer_day(day.isoformat(), is_right=True)
    assert (one.rows, one.doubt, one.note) == ((), None, Note("desk_hidden", {"number": 20}))
    assert len(store.clients()) == 20
    again = desk(store, clock.set(day + DAY))
    assert (again.note, store.clients()) == (Note("desk_expired", {"number": 20}), ())
    assert (actions(store).count("day_confirmed"), actions(store).count("expired")) == (1, 20)


def test_an_answer_counts_for_the_day_it_was_asked_about(store: Store, clock: Clock) -> None:
    peopled(store)
    desk(store, TODAY)
    days = [clock.set(TODAY + 400 * DAY)]
    one = Desk(CATALOG, store, lambda: days[0])
    days[0] += DAY
    for day in (days[0] - DAY, TODAY):
        with pytest.raises(Rejected):
            one.answer_day(day.isoformat(), is_right=True)
    with pytest.raises(Rejected):
        desk(store, TODAY).answer_day(TODAY.isoformat(), is_right=True)
    assert "day_confirmed" not in actions(store)


def test_a_store_of_before_is_believed_by_its_newest_moment(store: Store, clock: Clock) -> None:
    peopled(store)
    assert store.expire(clock.set(TODAY + 400 * DAY)).doubt == TODAY


def test_most_at_once_are_asked_about_without_any_leap(store: Store, clock: Clock) -> None:
    peopled(store, MANY)
    store.put_client(client("other", code="B", consent=CONSENT))
    day = TODAY
    while day < ERASE.until:  # the list is opened every month
        assert store.expire(clock.set(day)) == Expiry()
        day += 30 * DAY
    found = store.expire(clock.set(day))
    assert found.doubt == day - 30 * DAY
    assert found.waiting == MANY
    store.answer_day(day, is_right=True)
    assert store.expire(day) == Expiry(hidden=found.hidden, waiting=MANY)
    assert len(store.expire(day + DAY).erased) == MANY


def test_a_few_at_a_time_go_without_a_question(store: Store, clock: Clock) -> None:
    peopled(store, MANY - 1)
    day = clock.set(ERASE.until + DAY)
    store.log("backup")
    assert store.expire(day) == Expiry(hidden=frozenset({"c0", "c1"}), waiting=2)
    assert store.expire(day + DAY).erased == ("c0", "c1")


def test_who_works_without_opening_the_list_is_not_asked(store: Store, clock: Clock) -> None:
    peopled(store)
    desk(store, TODAY)
    record, day = later(NEW), TODAY
    for _ in range(5):
        day += LEAP - DAY
        clock.set(day)
        before, record = record, later(record)
        store.save("v0", "c0", before, record)
    assert store.expire(day + DAY) == Expiry()


def test_visits_of_nobody_wait_for_a_day_that_is_believed_too(store: Store, clock: Clock) -> None:
    for name in ("v1", "v2"):
        saved(store, name, later(NEW))
    store.expire(TODAY)
    wrong = clock.set(TODAY + 400 * DAY)
    assert [store.expire(wrong).doubt, store.expire(wrong + DAY).doubt] == [TODAY, TODAY]
    one = desk(store, wrong)
    assert (one.nobody, one.waiting, one.hidden) == ((), 0, frozenset({"v1", "v2"}))
    assert len(store.visits(None)) == 2


def test_whoever_is_asked_is_told_of_their_own_clients_only(store: Store, clock: Clock) -> None:
    mine, theirs = (store.seen_by(advisers.add(store, name).id) for name in ("甲", "乙"))
    for each in range(4):
        mine.put_client(client(f"c{each}", code=f"A-{each}", consent=ERASE))
    mine.expire(TODAY)
    wrong = clock.set(TODAY + 400 * DAY)
    assert (mine.expire(wrong).waiting, theirs.expire(wrong).waiting) == (4, 0)
    theirs.answer_day(wrong, is_right=True)
    assert access_log.entries(store)[-1].by == theirs.viewer
    assert mine.expire(wrong).doubt is None


DAYS = st.lists(st.tuples(st.integers(-500, 900), st.sampled_from([None, None, True, False])), max_size=12)


@settings(max_examples=25, deadline=None)
@given(DAYS)
def test_nobody_is_erased_but_on_two_days_after_their_time_that_were_near_or_called_right(
    days: list[tuple[int, bool | None]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/a.sqlite3", "")
        try:
            live_through(store, days)
        finally:
            store.engine.dispose()


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DAYS)
def test_nobody_is_erased_sooner_in_postgresql_either(postgres: Server, days: list[tuple[int, bool | None]]) -> None:
    live_through(open_store(postgres.emptied_database(), ""), days)


def live_through(store: Store, days: list[tuple[int, bool | None]]) -> None:
    """Whatever the clock does: each who went was due on an earlier look, and no step between the two was a leap."""
    until = {f"c{number}": TODAY + 40 * number * DAY for number in range(6)}
    for name, day in until.items():
        store.put_client(client(name, code=name, consent=replace(ERASE, until=day)))
    store.expire(TODAY)
    sure, seen = TODAY, dict[str, set[date]]()
    for number, answer in days:
        day = TODAY + number * DAY
        found = store.expire(day)
        if found.doubt is not None:
            assert found.erased == ()
            if answer is not None:
                store.answer_day(day, is_right=answer)
        elif day > sure + LEAP:
            pytest.fail("a leap was believed")
        if found.doubt is not None and not answer:
            continue
        sure = day if found.doubt is not None else max(sure, day)
        for name in found.erased:
            assert until[name] < day
            assert any(before < day for before in seen[name])
        for name, end in until.items():
            if end < day:
                seen.setdefault(name, set()).add(day)
    left = {one.id for one in store.clients()}
    assert all(name in left for name, end in until.items() if end >= sure)


# --- a clock that is set back -------------------------------------------------------------------------------------


def test_what_is_begun_under_a_clock_that_was_set_back_is_the_latest_visit_all_the_same(
    store: Store, clock: Clock
) -> None:
    store.put_client(client("c1"))
    before = saved(store, "z", later(NEW), of="c1")
    clock.set(date(2001, 1, 1))
    saved(store, "a", later(NEW, notes="今日"), of="c1")
    saved(store, "b", later(NEW, notes="もう一度"), of="c1")
    assert [visit.id for visit in store.visits("c1")] == ["z", "a", "b"]
    last = open_visit(store, "a").session.last
    assert last is not None
    assert last.record == before


def test_a_visit_is_saved_and_replayed_in_order_while_the_clock_goes_back(store: Store, clock: Clock) -> None:
    record = saved(store, "v1", later(NEW))
    for year in (2001, 1999, 2030, 1980):
        clock.set(date(year, 1, 1))
        before, record = record, later(record, notes=str(year))
        store.save("v1", None, before, record)
    assert store.replay("v1") == record
    assert [event.revision for event in store.events("v1")] == [1, 2, 3, 4, 5]


def test_a_clock_that_was_set_back_makes_no_visit_of_nobody_look_old(store: Store, clock: Clock) -> None:
    record = saved(store, "old", later(NEW))
    store.log("backup")
    store.expire(TODAY)
    clock.set(date(2001, 1, 1))
    saved(store, "new", later(NEW))
    store.save("old", None, record, later(record))
    for day in range(1, 5):
        assert store.expire(clock.set(TODAY + day * DAY)) == Expiry()
    assert len(store.visits(None)) == 2


def test_pressing_start_twice_under_a_clock_that_was_set_back_makes_one_visit(store: Store, clock: Clock) -> None:
    store.put_client(client("c1"))
    saved(store, "v1", later(NEW), later(later(NEW)), of="c1")
    one = desk(store, clock.set(date(2001, 1, 1)))
    assert one.start("c1") == one.start("c1")
    assert len(store.visits("c1")) == 2


def test_a_login_of_a_day_that_has_not_come_ends_with_the_clock_s_mistake(store: Store) -> None:
    me = advisers.add(store, "佐藤").id
    now = datetime(2026, 11, 21, 9, tzinfo=UTC)
    token = logins.begin(store, me, now + 400 * DAY)
    assert logins.adviser_of(store, token, now + 400 * DAY) is not None
    assert logins.adviser_of(store, token, now) is None
    logins.begin(store, me, now)
    with store.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.login)).scalar_one() == 1
    near = logins.begin(store, me, now)
    assert logins.adviser_of(store, near, now - timedelta(minutes=4)) is not None, "clocks differ a little"
