"""Appointments: what a visit agreed and what the desk made of it since, whichever of the two came last."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from advisor.session import appointments
from advisor.session.appointments import Agreed, aware, local, standing
from advisor.session.model import Appointment

TODAY = date(2026, 11, 28)
AGREED, OTHER = datetime(2026, 12, 5, 14), datetime(2026, 12, 8, 10)  # noqa: DTZ001  (local times)
LAST = Agreed("v2", TODAY - timedelta(days=20), AGREED)
times = st.sampled_from([AGREED, OTHER, AGREED + timedelta(days=1)])
agreements = st.builds(
    Agreed,
    st.just(""),
    st.integers(0, 40).map(lambda ago: TODAY - timedelta(days=ago)),
    st.none() | times,
    st.booleans(),
)
rows = st.builds(
    Appointment, st.just(""), times.map(aware), st.just("c"), st.none() | st.sampled_from(["v0", "v1", "gone"]),
    st.none() | times, cancelled=st.booleans(),
)  # fmt: skip


def at(hours: float) -> datetime:
    """Return a moment of today by its hour."""
    return aware(datetime.combine(TODAY, time()) + timedelta(hours=hours))


def days(found: tuple[Appointment, ...]) -> list[datetime]:
    return [local(one.at) for one in found]


def of(*told: Agreed, rows: tuple[Appointment, ...] = (), today: date = TODAY) -> list[datetime]:
    """Return the appointments that stand, in local time."""
    return days(standing("c", told, rows, today))


def replaced(word: Agreed, to: datetime, *, cancelled: bool = False) -> Appointment:
    """Return the row with which the desk replaces what a visit agreed."""
    return Appointment("a1", aware(to), "c", word.visit, word.at, cancelled=cancelled)


def test_what_the_latest_visit_agreed_stands_until_the_desk_moves_or_cancels_it() -> None:
    assert of(LAST) == [AGREED]
    assert of(LAST, rows=(replaced(LAST, OTHER),)) == [OTHER]
    assert of(LAST, rows=(replaced(LAST, AGREED, cancelled=True),)) == []


def test_a_word_that_was_changed_since_counts_more_than_what_replaced_the_old_one() -> None:
    newer = replace(LAST, at=AGREED + timedelta(days=30))
    for row in (replaced(LAST, OTHER), replaced(LAST, OTHER, cancelled=True)):
        assert of(newer, rows=(row,)) == [newer.at]
        assert of(replace(LAST, at=None), rows=(row,)) == []


def test_a_later_visit_has_the_word_unless_it_was_only_begun() -> None:
    later = Agreed("v3", TODAY - timedelta(days=2))
    assert of(later, LAST) == []
    assert of(replace(later, used=False), LAST) == [AGREED]
    assert of(replace(later, used=False), later, LAST) == []


def test_what_was_moved_stays_moved_after_a_later_visit_and_after_its_own_visit_is_erased() -> None:
    row = replaced(LAST, OTHER)
    assert of(Agreed("v3", TODAY), LAST, rows=(row,)) == [OTHER]
    assert of(Agreed("v3", TODAY), rows=(row,)) == [OTHER]


def test_the_visit_of_today_keeps_the_appointment_of_today() -> None:
    said = Agreed("v2", TODAY - timedelta(days=20), local(at(10)))
    begun = Agreed("v3", TODAY, AGREED)
    found = standing("c", (begun, said), (), TODAY)
    assert days(found) == [said.at, AGREED]
    kept = appointments.met(found, TODAY)
    assert kept is not None
    assert kept.visit == "v2"
    assert days(appointments.ahead(found, TODAY, TODAY)) == [AGREED]
    assert of(begun, said, today=TODAY + timedelta(days=1)) == [AGREED]


def test_a_day_that_passed_without_a_visit_is_missed_and_no_longer_ahead() -> None:
    found = standing("c", (LAST,), (), AGREED.date() + timedelta(days=1))
    assert appointments.ahead(found, AGREED.date() + timedelta(days=1), LAST.on) == ()
    assert appointments.missed(found, AGREED.date() + timedelta(days=1), LAST.on) == found[0]
    assert appointments.missed(found, AGREED.date() + timedelta(days=1), AGREED.date()) is None
    assert appointments.missed(found, AGREED.date(), LAST.on) is None


def test_what_takes_place_at_the_same_time_overlaps_and_what_follows_does_not() -> None:
    first = Appointment("a", at(10), minutes=50)
    others = (Appointment("b", at(10.5)), Appointment("c", at(9), minutes=61), Appointment("d", at(10 + 5 / 6)),
              replace(first, id="e", cancelled=True), first)  # fmt: skip
    assert [one.id for one in appointments.overlapping(first, others)] == ["c", "b"]


@given(st.lists(agreements, max_size=3), st.lists(rows, max_size=3))
def test_whatever_was_said_and_done_each_appointment_comes_from_one_word_or_one_row(
    told: list[Agreed], desk: list[Appointment]
) -> None:
    visits = tuple(
        replace(word, visit=f"v{place}")
        for place, word in enumerate(sorted(told, key=lambda one: one.on, reverse=True))
    )
    kept = tuple(replace(row, id=f"a{place}") for place, row in enumerate(desk))
    found = standing("c", visits, kept, TODAY)
    said = {word.visit: word.at for word in visits}
    assert list(found) == sorted(found, key=lambda one: one.at)
    assert not any(one.cancelled for one in found)
    keys = [appointments.key(one) for one in found]
    assert len(set(keys)) == len(keys)
    for one in found:
        if one.id:
            assert one in kept
            assert one.visit is None or said.get(one.visit, one.agreed) == one.agreed
        else:
            assert local(one.at) == said[one.visit or ""]
            assert not any(row.visit == one.visit and row.agreed == one.agreed for row in kept)
    latest = visits[0] if visits else None
    if latest and latest.at and not any(row.visit == latest.visit and row.agreed == latest.at for row in kept):
        assert latest.visit in keys
