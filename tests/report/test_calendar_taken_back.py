"""A calendar that reads in one file after the other shows what holds: nothing twice, nothing that was taken back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from icalendar import Calendar

from advisor.report.calendar import calendar
from advisor.report.exports import make
from advisor.session import plans
from advisor.session import record as records
from advisor.session.model import TOKYO, Visit
from advisor.session.session import Session
from advisor.store import Store, past_plans
from advisor.store.autosave import Autosave
from tests.databases import client, saved
from tests.support import CATALOG

STEPS = list(CATALOG.steps)[:3]
START = datetime(2026, 11, 21, 1, tzinfo=UTC)  # ten in the morning in Tokyo
NAMES = CATALOG.words["ja"].steps


@dataclass
class Phone:
    """What a calendar does with a file (RFC 5545): the higher sequence holds, and what is cancelled goes."""

    known: dict[str, Any] = field(default_factory=dict)

    def read_in(self, content: bytes) -> None:
        """Take what a file says."""
        for event in entries(content):
            before = self.known.get(event["uid"])
            if before is None or event["sequence"] >= before["sequence"]:
                self.known[str(event["uid"])] = event

    @property
    def shown(self) -> set[tuple[str, Any]]:
        """Return what stands in the calendar."""
        return {(str(one["summary"]), one.start) for one in self.known.values() if one["status"] != "CANCELLED"}


@dataclass
class Person:
    """A client's visits as the store would hold them, and how each of them ever stood."""

    visits: list[Visit] = field(default_factory=list)
    past: list[Visit] = field(default_factory=list)
    session: Session = field(default_factory=lambda: Session(CATALOG))

    def __post_init__(self) -> None:
        self.begin(START)

    def begin(self, at: datetime) -> None:
        """Begin a visit."""
        last = self.visits[-1] if self.visits else None
        record = records.follow_up(CATALOG, last.record, last.id) if last else records.new(CATALOG)
        self.session = Session(CATALOG, replace(record, revision=1))
        self.session.on_change(lambda _: self.keep())
        self.visits.append(Visit(f"visit-{len(self.visits)}", self.session.record, at, at, "c1"))
        self.keep()

    def keep(self) -> None:
        """Remember how the visit stands."""
        self.visits[-1] = replace(self.visits[-1], record=self.session.record)
        self.past.append(self.visits[-1])

    def file(self) -> bytes:
        """Return the calendar file of today."""
        return calendar(CATALOG, self.visits[-1], tuple(self.past))


def entries(content: bytes) -> list[Any]:
    return Calendar.from_ical(content).events


def dated(session: Session, step: str, by: str) -> str:
    """Choose a step with a day and return the action's id."""
    session.choose(step)
    name = session.record.plan.chosen[-1].id
    session.fill(f"action-{name}-by", by)
    return name


def both(person: Person, phone: Phone) -> set[tuple[str, Any]]:
    phone.read_in(person.file())
    return phone.shown


# --- one visit ---


def test_what_is_moved_put_aside_done_or_given_up_leaves_its_old_day() -> None:
    person, phone = Person(), Phone()
    one = [dated(person.session, step, f"2026-12-0{day}") for day, step in enumerate(STEPS, 1)]
    assert len(both(person, phone)) == 3
    person.session.fill(f"action-{one[0]}-by", "2026-12-24")
    person.session.put_aside(one[1])
    person.session.fill(f"action-{one[2]}-status", "done")
    assert both(person, phone) == {(NAMES[STEPS[0]].name, date(2026, 12, 24))}
    person.session.take_back(one[1])
    assert (NAMES[STEPS[1]].name, date(2026, 12, 2)) in both(person, phone)


def test_an_appointment_is_moved_and_taken_back() -> None:
    person, phone = Person(), Phone()
    person.session.fill("next_at", "2026-12-05T14:00")
    both(person, phone)
    person.session.fill("next_at", "2026-12-06T15:00")
    ((_, at),) = both(person, phone)
    assert at.astimezone(UTC) == datetime(2026, 12, 6, 6, tzinfo=UTC)
    person.session.fill("next_at", "")
    assert both(person, phone) == set()


def test_what_is_taken_back_says_so_under_the_same_id_with_a_higher_sequence_and_does_not_ring() -> None:
    person = Person()
    name = dated(person.session, STEPS[0], "2026-12-01")
    (before,) = entries(person.file())
    person.session.put_aside(name)
    (after,) = entries(person.file())
    assert (before["status"], after["status"], after["uid"]) == ("CONFIRMED", "CANCELLED", before["uid"])
    assert after["sequence"] > before["sequence"]
    assert (before.start, after.start, after.walk("VALARM")) == (after.start, before.start, [])


# --- from visit to visit ---


def test_an_action_that_is_gone_on_with_keeps_its_id_over_many_visits_whatever_it_is_called() -> None:
    person, phone = Person(), Phone()
    person.session.add_action()
    person.session.fill("action-a1-what", "早く帰る")
    person.session.fill("action-a1-by", "2026-12-01")
    both(person, phone)
    for number in range(1, 4):
        person.begin(START + timedelta(days=14 * number))
        (reviewed,) = person.session.record.review
        person.session.add_action()  # so that its number is another one
        person.session.fill("action-a1-what", f"ほかのこと{number}")
        person.session.carry(reviewed.id)
        carried = person.session.record.plan.actions[-1].id
        person.session.put_aside("a1")
        person.session.fill(f"action-{carried}-what", f"早く帰る その{number}")
        person.session.fill(f"action-{carried}-by", f"2027-0{number}-01")
        assert both(person, phone) == {(f"早く帰る その{number}", date(2027, number, 1))}
    assert len({uid for uid, one in phone.known.items() if "早く" in one["summary"]}) == 1


def test_the_same_step_chosen_anew_is_the_same_entry() -> None:
    person, phone = Person(), Phone()
    dated(person.session, STEPS[0], "2026-12-01")
    both(person, phone)
    person.begin(START + timedelta(days=14))
    dated(person.session, STEPS[0], "2026-12-20")
    assert both(person, phone) == {(NAMES[STEPS[0]].name, date(2026, 12, 20))}
    assert len(phone.known) == 1


def test_last_times_action_stays_until_somebody_says_what_became_of_it() -> None:
    person, phone = Person(), Phone()
    name = dated(person.session, STEPS[0], "2026-12-01")
    both(person, phone)
    person.begin(START + timedelta(days=14))
    assert both(person, phone) == {(NAMES[STEPS[0]].name, date(2026, 12, 1))}
    person.session.fill(f"review-{name}-status", "not")
    assert both(person, phone) == set()


def test_an_appointment_that_was_kept_stays_beside_the_next_one_and_one_that_was_replaced_goes() -> None:
    person, phone = Person(), Phone()
    person.session.fill("next_at", "2026-12-05T10:00")
    both(person, phone)
    person.begin(datetime(2026, 12, 5, 1, tzinfo=UTC))
    person.session.fill("next_at", "2026-12-26T10:00")
    assert {at.astimezone(TOKYO).day for _, at in both(person, phone)} == {5, 26}
    person.begin(datetime(2026, 12, 10, 1, tzinfo=UTC))  # the client came early, and another day was found
    person.session.fill("next_at", "2027-01-09T10:00")
    assert {at.astimezone(TOKYO).day for _, at in both(person, phone)} == {5, 9}


def test_records_of_old_know_their_actions_by_the_visit_before() -> None:
    person, phone = Person(), Phone()
    dated(person.session, STEPS[0], "2026-12-01")
    both(person, phone)
    person.begin(START + timedelta(days=14))
    old = tuple(replace(action, origin="") for action in person.session.record.review)
    person.session.adopt(replace(person.session.record, review=old))
    person.session.carry(old[0].id)
    person.session.fill("action-a1-by", "2026-12-20")
    assert both(person, phone) == {(NAMES[STEPS[0]].name, date(2026, 12, 20))}
    assert len(phone.known) == 1


def test_nothing_typed_and_no_id_of_a_visit_is_in_an_id() -> None:
    person = Person()
    dated(person.session, STEPS[0], "2026-12-01")
    person.begin(START + timedelta(days=14))
    (reviewed,) = person.session.record.review
    assert len(reviewed.origin) == 32
    assert b"visit-" not in person.file()


# --- whatever is done ---


class Visits(RuleBasedStateMachine):
    """Somebody plans, changes and takes back over several visits, and reads in a file now and then."""

    @initialize()
    def begin(self) -> None:
        """Begin with nothing."""
        self.person, self.phone = Person(), Phone()
        self.is_new = False

    def actions(self, aside: bool = False) -> list[str]:
        """Return the ids of actions."""
        return [action.id for action in self.person.session.record.plan.actions if action.aside is aside]

    @precondition(lambda self: len(self.person.session.record.plan.chosen) < 3)
    @rule(step=st.sampled_from(STEPS))
    def choose(self, step: str) -> None:
        """Choose a step."""
        self.person.session.choose(step)

    @precondition(lambda self: len(self.person.session.record.plan.chosen) < 3)
    @rule(what=st.sampled_from(["早く帰る", "話す", ""]))
    def add(self, what: str) -> None:
        """Add an action of the own."""
        self.person.session.add_action()
        self.person.session.fill(f"action-{self.actions()[-1]}-what", what)

    @precondition(lambda self: self.actions())
    @rule(data=st.data(), by=st.sampled_from(["", "2027-03-01", "2027-03-02"]))
    def date(self, data: st.DataObject, by: str) -> None:
        """Set or take a day."""
        self.person.session.fill(f"action-{data.draw(st.sampled_from(self.actions()))}-by", by)

    @precondition(lambda self: self.actions())
    @rule(data=st.data(), status=st.sampled_from(["", "done", "partly", "not"]))
    def close(self, data: st.DataObject, status: str) -> None:
        """Say what became of an action."""
        self.person.session.fill(f"action-{data.draw(st.sampled_from(self.actions()))}-status", status)

    @precondition(lambda self: self.actions())
    @rule(data=st.data())
    def put_aside(self, data: st.DataObject) -> None:
        """Put an action aside."""
        self.person.session.put_aside(data.draw(st.sampled_from(self.actions())))

    @precondition(lambda self: len(self.person.session.record.plan.chosen) < 3 and self.person.session.record.review)
    @rule(data=st.data())
    def carry(self, data: st.DataObject) -> None:
        """Go on with one of last time."""
        reviewed = [action.id for action in self.person.session.record.review]
        self.person.session.carry(data.draw(st.sampled_from(reviewed)))

    @rule(at=st.sampled_from(["", "2027-03-05T14:00", "2027-03-06T09:00"]))
    def agree(self, at: str) -> None:
        """Agree on an appointment, or take it back."""
        self.person.session.fill("next_at", at)

    @precondition(lambda self: len(self.person.visits) < 4)
    @rule()
    def come_again(self) -> None:
        """Begin the next visit."""
        self.person.begin(START + timedelta(days=20 * len(self.person.visits)))

    @rule()
    def read_in(self) -> None:
        """Read a file in."""
        self.phone.read_in(self.person.file())
        self.is_new = True

    @invariant()
    def the_phone_shows_what_holds(self) -> None:
        """See that the calendar shows what holds."""
        if not self.is_new:
            return
        self.is_new = False
        record, words = self.person.session.record, NAMES
        wanted = sorted(
            (action.what or (words[action.step].name if action.step else "（名前のない行動）"), action.by)
            for action in plans.open_actions(record)
            if action.by
        )
        shown = [(str(one["summary"]), one.start) for one in self.phone.known.values() if one["status"] != "CANCELLED"]
        days = sorted((name, at) for name, at in shown if not isinstance(at, datetime))
        times = [at.replace(tzinfo=None) for _, at in shown if isinstance(at, datetime)]
        assert [at for _, at in days] == [at for _, at in wanted]
        if record.next_at:
            assert times == [record.next_at]
        else:
            assert len(times) <= 1  # what the visit before agreed, as far as nobody said otherwise


Visits.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestVisits = Visits.TestCase


# --- from the store ---


def test_the_file_of_a_visit_takes_back_what_the_store_knows_of_earlier_ones(store: Store) -> None:
    store.put_client(client())
    session = Session(CATALOG)
    stood = [session.record]
    session.on_change(lambda one: stood.append(one.record))
    session.put_aside(dated(session, STEPS[0], "2026-12-01"))
    session.go("summary")
    saved(store, "v1", *stood[1:], of="c1")
    saved(store, "v2", replace(records.follow_up(CATALOG, session.record, "v1"), revision=1), of="c1")
    stored = store.visit("v2")
    assert stored is not None
    autosave = Autosave(store, Session(CATALOG, stored.record, client="c1"), stored)
    states = autosave.past()
    assert [state.id for state in states] == ["v1"] * (len(stood) - 1) + ["v2"]
    made = make("calendar", autosave.session, client(), date(2026, 12, 5), stored, past=autosave.past)
    (event,) = entries(made.content)
    assert (event["status"], event.start) == ("CANCELLED", date(2026, 12, 1))
    assert past_plans.states(store, stored) == states
