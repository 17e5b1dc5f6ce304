"""The desk's appointments in the store: whose they are, what two screens at once do to them, and when they go."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from advisor.session.appointments import Agreed, aware, cancelled, standing
from advisor.session.model import Appointment, Listed
from advisor.store import AppointmentChanged, Gone, Store, access_log, advisers, appointments, new_id, tables
from advisor.store.overview import Overview, overview
from tests.databases import believed, client, later, saved
from tests.desks import NEW, TODAY, days

AT = datetime(2026, 12, 5, 14)  # noqa: DTZ001  (the local time of the room)
FIRST = Appointment("first", aware(AT), name="田中さま", note="電話で", minutes=50, way="online")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave erased bytes where they are: their going has tests of its own."""
    monkeypatch.setattr(Store, "sweep", lambda _: True)


def agreed(store: Store, at: datetime | None = AT) -> Appointment:
    """Store a client with a visit that agreed on an appointment, and return that appointment."""
    store.put_client(client("c1"))
    saved(store, "v1", later(NEW, next_at=at), of="c1")
    return Appointment("", aware(AT), "c1", "v1", at)


def seen(found: Overview, name: str = "c1") -> list[datetime]:
    """Return the appointments of a client as an overview has them."""
    (one,) = [one for one in found.listed.values() if one.id == name]
    words = (_word(one), *found.earlier.get(name, ()))
    rows = [row for row in found.appointments.values() if row.client == name]
    return [one.at for one in standing(name, words, rows, TODAY)]


def _word(one: Listed) -> Agreed:
    return Agreed(one.visit, TODAY, one.ahead.next_at, one.used)


def test_what_is_put_is_read_back_moved_cancelled_and_erased(store: Store) -> None:
    store.put_client(client("c1"))
    mine = replace(FIRST, id=new_id(), client="c1")
    appointments.put(store, mine)
    moved = replace(mine, at=mine.at + timedelta(days=1))
    appointments.put(store, moved, mine)
    gone = cancelled(moved, "")
    appointments.put(store, gone, moved)
    assert appointments.of_client(store, "c1") == (gone,)
    appointments.erase(store, mine.id)
    assert appointments.of_client(store, "c1") == ()
    with pytest.raises(Gone):
        appointments.put(store, mine, gone)
    told = [(one.client, one.detail) for one in access_log.entries(store) if one.action == "appointment"]
    assert told == [("c1", "made"), ("c1", "moved"), ("c1", "cancelled")]


def test_a_second_screen_is_told_what_the_first_one_did(store: Store) -> None:
    appointments.put(store, FIRST)
    moved = replace(FIRST, note="変更")
    appointments.put(store, moved, FIRST)
    with pytest.raises(AppointmentChanged) as told:
        appointments.put(store, cancelled(FIRST, ""), FIRST)
    assert told.value.appointment == moved
    assert appointments.of_client(store, None) == (moved,)


def test_one_word_of_a_visit_is_replaced_once_and_a_newer_word_frees_the_place(store: Store) -> None:
    word = agreed(store)
    first, second = (replace(word, id=name, at=word.at + timedelta(days=1)) for name in ("a1", "a2"))
    appointments.put(store, first)
    with pytest.raises(AppointmentChanged) as told:
        appointments.put(store, second)
    assert told.value.appointment == first
    newer = replace(second, agreed=AT + timedelta(days=9))
    appointments.put(store, newer)
    assert appointments.of_client(store, "c1") == (newer,)


def test_a_row_belongs_to_the_adviser_of_its_client_and_without_one_to_whoever_made_it(store: Store) -> None:
    me, other = (store.seen_by(advisers.add(store, name).id) for name in ("佐藤", "鈴木"))
    me.put_client(client("c1"))
    appointments.put(me, replace(FIRST, id="mine", client="c1"))
    appointments.put(me, FIRST)
    assert [appointments.of_client(other, of) for of in ("c1", None)] == [(), ()]
    assert overview(other).appointments == {}
    for attempt in (
        lambda: appointments.put(other, replace(FIRST, id="theirs", client="c1")),
        lambda: appointments.put(other, replace(FIRST, note="x"), FIRST),
        lambda: appointments.erase(other, "mine"),
    ):
        with pytest.raises(Gone):
            attempt()
    appointments.put(me, replace(FIRST, client="c1", name=""), FIRST)  # the first-timer was registered
    assert [len(appointments.of_client(me, of)) for of in ("c1", None)] == [2, 0]


def test_a_client_who_is_erased_takes_their_appointments_along_and_gets_no_new_ones(store: Store) -> None:
    store.put_client(client("c1"))
    appointments.put(store, replace(FIRST, client="c1"))
    store.erase_client("c1", TODAY)
    assert appointments.of_client(store, "c1") == ()
    with pytest.raises(Gone):
        appointments.put(store, replace(FIRST, client="c1"))


# --- the overview -------------------------------------------------------------------------------------------------


def test_the_overview_shows_what_the_desk_made_of_the_latest_word_however_old_it_is(store: Store) -> None:
    word = agreed(store)
    appointments.put(store, replace(cancelled(word, "a1"), at=aware(AT)))
    assert seen(overview(store, on=days(99))) == []  # a cancelled one of long ago does not come back
    (visit,) = store.visits("c1")
    saved(store, "v2", later(NEW), of="c1")
    assert overview(store, on=days(99)).appointments == {}  # a later visit has the word: the row is not read any more
    assert visit.record.next_at == AT  # what was agreed then stays


def test_a_visit_of_today_or_only_begun_does_not_hide_what_was_agreed_before(store: Store) -> None:
    agreed(store, at=datetime.combine(TODAY, datetime.min.time()) + timedelta(hours=14))
    saved(store, "v2", later(NEW), later(later(NEW)), of="c1")
    with store.writing() as connection:
        for name, on in (("v1", days(-20)), ("v2", TODAY)):
            at = datetime(on.year, on.month, on.day, 3, tzinfo=UTC)
            connection.execute(sa.update(tables.visit).where(tables.visit.c.id == name).values(started=at))
    found = overview(store, on=TODAY)
    assert [len(words) for words in found.earlier.values()] == [1]
    assert seen(found) == [datetime(2026, 11, 21, 5, tzinfo=UTC)]
    assert overview(store, found, on=TODAY) == found


def test_rows_before_yesterday_that_replace_nothing_are_not_read(store: Store) -> None:
    for place, on in enumerate((-30, -2, -1, 0, 30)):
        appointments.put(store, replace(FIRST, id=f"a{place}", at=aware(datetime.combine(days(on), AT.time()))))
    assert sorted(one.id for one in overview(store, on=TODAY).appointments.values()) == ["a2", "a3", "a4"]


# --- retention ----------------------------------------------------------------------------------------------------


def test_a_first_timers_row_goes_a_month_after_its_day_on_a_second_look_and_on_no_doubted_day(store: Store) -> None:
    store.put_client(client("c1"))
    appointments.put(store, FIRST)
    appointments.put(store, replace(FIRST, id="registered", client="c1"))
    last = AT.date() + timedelta(days=30)

    def looked(on: date) -> int:
        believed(store, on - timedelta(days=1))
        store.expire(on)
        return len(appointments.of_client(store, None))

    assert [looked(last), looked(last + timedelta(days=1)), looked(last + timedelta(days=2))] == [1, 1, 0]
    appointments.put(store, FIRST)
    assert looked(last + timedelta(days=3)) == 1
    far = last + timedelta(days=400)
    assert store.expire(far).doubt is not None
    assert store.expire(far + timedelta(days=1)).doubt is not None
    assert len(appointments.of_client(store, None)) == 1
    assert len(appointments.of_client(store, "c1")) == 1  # with a client it goes with the client
