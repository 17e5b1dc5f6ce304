"""Keeping a session: saved after every change, told when it is not, and two screens never overwrite each other."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from advisor.content.model import Case, Facts
from advisor.session import record as records
from advisor.session.model import Action, Client, Consent
from advisor.session.session import Rejected, Session
from advisor.store import NotAllowed, NotSaved, Store, access_log, advisers, new_id, tables
from advisor.store.autosave import Autosave, content
from advisor.store.open_visit import open_visit
from tests.support import CATALOG, belongs_together
from tests.team import PASSWORDS

if TYPE_CHECKING:
    from advisor.session.model import Record

CANARY = "カナリア株式会社"


def begun(store: Store) -> Autosave:
    """Return the autosave of a new session."""
    return Autosave(store, Session(CATALOG))


def again(autosave: Autosave) -> Autosave:
    """Return the autosave of another screen on the same visit."""
    visit = autosave.store.visit(autosave.visit)
    assert visit is not None
    return Autosave(autosave.store, Session(CATALOG, visit.record), visit)


def stored(autosave: Autosave) -> Record:
    """Return the record as the store holds it."""
    visit = autosave.store.visit(autosave.visit)
    assert visit is not None
    return visit.record


def failing(monkeypatch: pytest.MonkeyPatch, word: str = "not_saved_full") -> pytest.MonkeyPatch:
    """Let every save fail until undone."""

    def fail(*_: Any) -> None:
        raise NotSaved(word)

    monkeypatch.setattr(Store, "save", fail)
    return monkeypatch


# --- saving ---


def test_every_change_is_stored_before_any_view_is_drawn(store: Store) -> None:
    autosave = begun(store)
    seen: list[tuple[str, Record]] = []
    autosave.session.on_change(lambda _: seen.append((autosave.kept.state, stored(autosave))))
    autosave.session.respond("reward_1", 5)
    autosave.session.fill("notes", CANARY)
    autosave.session.choose("quantify")
    autosave.session.place_marker("reward_1", 3)
    assert [state for state, _ in seen] == ["saved"] * 4
    assert seen[-1][1] == autosave.session.record
    assert [event.revision for event in store.events(autosave.visit)] == [1, 2, 3, 4]


def test_nothing_is_stored_until_something_is_told(store: Store) -> None:
    autosave = begun(store)
    autosave.session.go("results")
    autosave.session.speak("en")
    assert (store.visits(None), autosave.kept.state) == ((), "new")
    autosave.session.tell_wish(CANARY)
    assert [visit.record for visit in store.visits(None)] == [autosave.session.record]


def test_a_session_that_is_begun_anew_is_another_visit(store: Store) -> None:
    autosave = begun(store)
    autosave.session.tell_wish(CANARY)
    first, old = autosave.visit, autosave.session.record
    autosave.session.restart()
    assert autosave.kept.state == "new"
    autosave.session.respond("reward_1", 2)
    assert autosave.visit != first
    visit = store.visit(first)
    assert visit is not None
    assert visit.record == old
    assert stored(autosave) == autosave.session.record


def test_a_session_of_nobody_can_be_erased_and_begun_anew(store: Store) -> None:
    autosave = begun(store)
    autosave.session.tell_wish(CANARY)
    first = autosave.visit
    autosave.discard()
    assert store.visit(first) is None
    assert autosave.session.record.case == Case()


def test_a_client_s_visit_is_not_erased_by_a_button_of_the_workbook(store: Store, client: Client) -> None:
    store.put_client(client)
    name = new_id()
    store.save(name, client.id, None, records.new(CATALOG))
    visit = store.visit(name)
    assert visit is not None
    Autosave(store, Session(CATALOG, visit.record, client=client.id), visit).discard()
    assert store.visit(name) == visit


def test_a_visit_that_the_desk_gave_to_a_client_meanwhile_is_not_erased(store: Store, client: Client) -> None:
    autosave = begun(store)
    autosave.session.tell_wish(CANARY)
    store.put_client(client)
    store.assign(autosave.visit, client.id)
    autosave.discard()
    assert autosave.session.client == client.id
    assert stored(autosave) == autosave.session.record


# --- failures ---


def test_what_could_not_be_saved_is_said_kept_and_tried_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    autosave = begun(store)
    autosave.session.respond("reward_1", 5)
    with monkeypatch.context() as broken:
        failing(broken, "not_saved_locked")
        autosave.session.tell_wish(CANARY)
        autosave.session.respond("reward_1", 1)
        assert (autosave.kept.state, autosave.kept.word) == ("failed", "not_saved_locked")
        assert autosave.session.record.case.facts.wish == CANARY
        assert not autosave.retry()
    assert stored(autosave).case.facts.wish == ""
    assert autosave.retry()
    assert autosave.kept.state == "saved"
    assert stored(autosave) == autosave.session.record
    assert not autosave.retry()


def test_what_is_not_stored_is_kept_by_the_tab_and_goes_on_in_a_new_kernel(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    autosave = begun(store)
    autosave.session.respond("reward_1", 5)
    assert autosave.unsaved() == ""
    with monkeypatch.context() as broken:
        failing(broken)
        autosave.session.tell_wish(CANARY)
    copy = autosave.unsaved()
    reloaded = again(autosave)
    reloaded.resume(copy)
    assert (reloaded.session.record.case, reloaded.kept.state) == (autosave.session.record.case, "saved")
    assert stored(reloaded) == reloaded.session.record


def test_a_first_answer_that_was_never_stored_goes_on_in_a_new_kernel(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    autosave = begun(store)
    with monkeypatch.context() as broken:
        failing(broken)
        autosave.session.tell_wish(CANARY)
    reloaded = begun(store)
    reloaded.resume(autosave.unsaved())
    assert stored(reloaded).case.facts.wish == CANARY


def test_a_copy_meets_what_another_screen_has_saved_since_and_the_person_chooses(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    autosave = begun(store)
    autosave.session.respond("reward_1", 5)
    with monkeypatch.context() as broken:
        failing(broken)
        autosave.session.tell_wish(CANARY)
    other = again(autosave)
    other.session.respond("reward_1", 1)
    reloaded = again(autosave)
    reloaded.resume(autosave.unsaved())
    assert reloaded.kept.state == "elsewhere"
    reloaded.keep_mine()
    assert stored(reloaded).case == Case({"reward_1": 1}, facts=Facts(wish=CANARY))


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{}", '{"visit": "x"}', '{"visit": 1, "base": 0, "stored": true, "patch": {}}']
)
def test_a_copy_that_cannot_be_read_is_refused(store: Store, text: str) -> None:
    autosave = begun(store)
    with pytest.raises(Rejected):
        autosave.resume(text)
    assert autosave.session.record == records.new(CATALOG)


def test_a_copy_of_another_visit_is_left_alone_until_that_is_gone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = begun(store), begun(store)
    for autosave in (one, other):
        autosave.session.respond("reward_1", 5)
    with monkeypatch.context() as broken:
        failing(broken)
        one.session.tell_wish(CANARY)
    reloaded = again(other)
    assert not reloaded.resume(one.unsaved())  # the first may still need it
    assert reloaded.session.record == other.session.record
    store.erase_visit(one.visit)
    with pytest.raises(Rejected):  # nobody needs it any more
        reloaded.resume(one.unsaved())


def test_a_copy_of_another_adviser_is_refused_and_left_to_the_tab(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sato, suzuki = (store.seen_by(advisers.add(store, *who).id) for who in PASSWORDS.items())
    told = begun(sato)
    with monkeypatch.context() as broken:
        failing(broken)
        told.session.tell_wish(CANARY)
    copy = told.unsaved()
    assert sato.adviser
    assert sato.adviser not in copy
    other, own = begun(suzuki), begun(sato)
    assert not other.resume(copy)
    assert (other.session.record, suzuki.visits(None)) == (records.new(CATALOG), ())
    assert own.resume(copy)
    assert stored(own).case.facts.wish == CANARY


def test_a_copy_that_was_kept_before_copies_bore_a_mark_is_taken_up(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = begun(store)
    with monkeypatch.context() as broken:
        failing(broken)
        told.session.tell_wish(CANARY)
    copy = json.loads(told.unsaved())
    assert copy.pop("owner") == ""
    reloaded = begun(store)
    assert reloaded.resume(json.dumps(copy))
    assert stored(reloaded).case.facts.wish == CANARY


def test_a_session_without_a_name_goes_on_as_the_visit_that_it_became_or_would_have_become(store: Store) -> None:
    before = begun(store)
    after = begun(store)
    assert after.take_up(before.visit) == ""  # nothing is stored of it: it is this one now
    assert after.visit == before.visit
    before.session.tell_wish(CANARY)
    late = begun(store)
    assert late.take_up(before.visit) == before.visit  # it was stored: that one is to be opened
    after.session.tell_wish(CANARY)  # both say the same: nobody is asked
    assert (after.kept.state, len(store.visits(None))) == ("saved", 1)


def test_two_pages_that_began_one_visit_differently_lose_nothing(store: Store) -> None:
    one, other = begun(store), begun(store)
    other.take_up(one.visit)
    one.session.tell_wish(CANARY)
    other.session.respond("reward_1", 5)
    assert other.kept.state == "saved"
    assert stored(one).case == Case({"reward_1": 5}, facts=Facts(wish=CANARY))


@pytest.mark.parametrize("visit", ["", "x", "a" * 23, "../../../etc/passwd-22", "二" * 22])
def test_what_is_no_id_never_becomes_one(store: Store, visit: str) -> None:
    autosave = begun(store)
    before = autosave.visit
    assert autosave.take_up(visit) == ""
    assert autosave.visit == before


def test_a_session_in_which_something_was_told_is_never_another(store: Store) -> None:
    autosave = begun(store)
    autosave.session.tell_wish(CANARY)
    before = autosave.visit
    assert autosave.take_up(new_id()) == ""
    assert autosave.visit == before


def test_a_copy_of_what_was_stored_after_all_asks_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    autosave = begun(store)
    autosave.session.respond("reward_1", 5)
    with monkeypatch.context() as broken:
        failing(broken)
        autosave.session.tell_wish(CANARY)
    copy = autosave.unsaved()
    assert autosave.retry()
    reloaded = again(autosave)
    assert reloaded.resume(copy)
    assert (reloaded.kept.state, stored(autosave)) == ("saved", autosave.session.record)


def test_a_second_copy_waits_until_the_first_is_stored(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    copies = []
    reloaded = begun(store)
    with monkeypatch.context() as broken:
        failing(broken)
        for wish in ("一つ目", "二つ目"):
            autosave = begun(store)
            autosave.session.tell_wish(wish)
            copies.append(autosave.unsaved())
        assert [reloaded.resume(copy) for copy in copies] == [True, False]
        assert reloaded.session.record.case.facts.wish == "一つ目"


def test_what_was_stored_although_nobody_heard_of_it_is_no_conflict(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = Store.save

    def unheard(*told: Any) -> None:
        save(*told)
        raise NotSaved

    autosave = begun(store)
    for wish in ("はじめ", CANARY):
        with monkeypatch.context() as broken:
            broken.setattr(Store, "save", unheard)
            autosave.session.tell_wish(wish)
        autosave.session.respond("reward_1", len(wish) % 5 + 1)
        assert autosave.kept.state == "failed"
        assert autosave.retry()
        assert (autosave.kept.state, stored(autosave)) == ("saved", autosave.session.record)
    assert store.replay(autosave.visit) == autosave.session.record


def test_no_unforeseen_fault_is_called_saved(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: Any) -> None:
        raise RuntimeError

    autosave = begun(store)
    autosave.session.respond("reward_1", 5)
    with monkeypatch.context() as broken:
        broken.setattr(Store, "save", fault)
        with pytest.raises(RuntimeError):
            autosave.session.tell_wish(CANARY)
    assert autosave.kept.state == "failed"
    assert autosave.retry()
    assert stored(autosave) == autosave.session.record


# --- two screens ---


def asleep(autosave: Autosave) -> None:
    """Let this page not know for long what is stored: its tab slept, or its store was away."""
    autosave.known = -math.inf


@pytest.fixture
def screens(store: Store) -> tuple[Autosave, Autosave]:
    """Two screens on one visit; the first has saved while the second slept, and the second changed the same field."""
    one = begun(store)
    one.session.tell(situation="inside")
    other = again(one)
    asleep(other)
    one.session.respond("reward_1", 5)
    one.session.tell_wish("一人目")
    other.session.tell_wish("二人目")
    return one, other


def test_the_second_screen_is_told_and_nothing_is_overwritten(screens: tuple[Autosave, Autosave]) -> None:
    one, other = screens
    assert other.kept.state == "elsewhere"
    assert stored(one) == one.session.record
    assert other.session.record.case.facts.wish == "二人目"
    other.session.respond("reward_2", 2)  # goes on working: still nothing is overwritten
    assert stored(one) == one.session.record


def test_the_second_screen_may_take_what_the_other_saved(screens: tuple[Autosave, Autosave]) -> None:
    one, other = screens
    other.take_theirs()
    assert other.session.record == one.session.record == stored(one)
    assert other.kept.state == "saved"
    other.session.respond("reward_1", 4)
    assert stored(one).case.responses == {"reward_1": 4}


def test_the_second_screen_may_put_its_changes_on_top(screens: tuple[Autosave, Autosave]) -> None:
    one, other = screens
    other.keep_mine()
    assert stored(one) == other.session.record
    assert stored(one).case == Case({"reward_1": 5}, facts=Facts(situation="inside", wish="二人目"))
    one.session.respond("reward_1", 1)  # another field than the other's: nobody is asked
    assert (one.kept.state, stored(one).case.facts.wish) == ("saved", "二人目")
    assert stored(one).case.responses == {"reward_1": 1}


def test_pages_follow_each_other_and_what_is_typed_or_open_here_stays(store: Store) -> None:
    one = begun(store)
    one.session.tell_wish(CANARY)
    other = again(one)
    other.session.open_sheet("goals")
    other.session.tell_years("たくさん")
    assert not other.look(), "nothing was saved since"
    one.session.respond("reward_1", 5)
    one.session.go("results")
    assert other.look()
    assert (other.session.record, other.kept.state, other.met) == (one.session.record, "saved", None)
    assert (other.session.sheet, "years" in other.session.typed) == ("goals", True)
    assert belongs_together(other.session)
    assert not one.look()
    other.session.respond("reward_2", 4)
    assert one.look()
    assert stored(one) == one.session.record == other.session.record
    assert not again(one).look()


def test_a_page_that_reads_or_has_something_unsaved_takes_nothing_in(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = begun(store)
    one.session.respond("reward_1", 5)
    reads, fails = again(one), again(one)
    reads.session.is_read_only = True
    with monkeypatch.context() as broken:
        failing(broken)
        fails.session.respond("reward_2", 1)
    one.session.respond("reward_1", 1)
    assert not reads.look()
    assert not fails.look()
    assert fails.session.record.case.responses == {"reward_1": 5, "reward_2": 1}
    assert fails.retry()
    assert stored(one).case.responses == {"reward_1": 1, "reward_2": 1}


def test_in_one_field_the_later_change_stays_and_both_pages_can_put_the_earlier_one_back(store: Store) -> None:
    one = begun(store)
    one.session.tell_wish("はじめ")
    other = again(one)
    one.session.respond("reward_1", 5)
    one.session.tell_wish("一人目")
    other.session.tell_wish("二人目")  # it has not heard of the other yet
    assert (other.kept.state, stored(one).case.facts.wish) == ("saved", "二人目")
    assert stored(one).case.responses == {"reward_1": 5}
    assert one.look()
    assert one.met is not None
    assert other.met is not None
    assert one.met.places == other.met.places == {("case", "facts", "wish")}
    one.put_back()
    assert stored(one).case.facts.wish == "一人目"
    other.leave_as_it_is()
    assert other.met is None
    assert other.look()
    assert other.session.record == stored(one)


def test_who_takes_turns_is_told_nothing_and_whose_value_did_not_stay_is_told_also_after_two_changes(
    store: Store,
) -> None:
    one = begun(store)
    one.session.tell_wish("はじめ")
    other = again(one)
    for here, there, text in ((one, other, "一人目"), (other, one, "二人目"), (one, other, "また一人目")):
        here.session.tell_wish(text)
        assert there.look()
        assert (here.met, there.met) == (None, None), "each knew of the other's change"
    one.session.tell_wish("知らないうちに")
    other.session.tell_wish("二人目")
    other.session.respond("reward_1", 4)  # one page has looked at neither of the two
    assert one.look()
    assert one.met is not None
    assert one.met.places == {("case", "facts", "wish")}


def test_what_one_page_takes_away_while_the_other_writes_in_it_is_a_question(store: Store) -> None:
    one = begun(store)
    one.session.add_action()
    one.session.fill("sheet-goals-0-goal", "一行目")
    other = again(one)
    one.session.fill("action-a1-what", CANARY)
    other.session.put_aside("a1")  # it was empty there, so it would go
    assert other.kept.state == "elsewhere"
    other.take_theirs()
    assert stored(one).plan.actions[0].what == CANARY
    one.session.fill("sheet-goals-0-goal", CANARY)
    other.session.drop_row("goals", 0)
    assert (other.kept.state, stored(one).worksheets["goals"]) == ("elsewhere", ({"goal": CANARY},))


def test_what_is_known_of_another_page_ends_with_the_visit(store: Store) -> None:
    one = begun(store)
    one.session.tell_wish("はじめ")
    other = again(one)
    one.session.tell_wish(CANARY)
    other.session.tell_wish("二人目")
    assert other.met is not None
    other.restart()
    for known in (other.met, other.followed):
        assert known is None
    other.session.respond("reward_1", 1)
    other.put_back()
    assert CANARY not in records.dump(stored(other))


def test_what_was_changed_since_is_not_put_back(store: Store) -> None:
    one = begun(store)
    one.session.tell_wish("はじめ")
    other = again(one)
    one.session.tell_wish("一人目")
    one.session.respond("reward_1", 5)
    other.session.tell_wish("二人目")
    other.session.respond("reward_1", 1)
    assert other.met is not None
    other.session.tell_wish("もっとよい言い方")
    other.put_back()
    assert (stored(one).case.facts.wish, stored(one).case.responses) == ("もっとよい言い方", {"reward_1": 1})


def test_a_page_whose_visit_was_erased_says_so_before_anything_is_typed(store: Store) -> None:
    one = begun(store)
    one.session.tell_wish("願い")
    store.erase_visit(one.visit)
    assert one.look()
    assert one.kept.state == "gone"


def test_following_keeps_what_is_typed_also_when_both_pages_changed_something(store: Store) -> None:
    one = begun(store)
    one.session.tell_wish("願い")
    other = again(one)
    other.session.tell_years("たくさん")
    other.session.open_sheet("goals")
    one.session.go("results")
    other.session.respond("reward_1", 3)
    assert ("years" in other.session.typed, other.session.sheet) == (True, "goals")
    assert stored(one) == other.session.record


def test_rows_that_both_pages_added_are_a_question(store: Store) -> None:
    """They cannot be put together: the new actions of both have the same name."""
    one = begun(store)
    one.session.choose("quantify")
    other = again(one)
    one.session.choose("goal_talk")
    other.session.add_action()
    assert other.kept.state == "elsewhere"
    assert stored(one) == one.session.record


def test_on_top_means_field_by_field_also_in_a_plan_and_in_worksheets(store: Store) -> None:
    one = begun(store)
    for step in ("quantify", "goal_talk"):
        one.session.choose(step)
    one.session.fill("sheet-goals-0-goal", "一つ")
    other = again(one)
    one.session.fill("action-a1-helper", "上司")
    one.session.put_aside("a2")  # it says nothing: it goes
    one.session.fill("sheet-goals-0-measure", "半分")
    other.session.fill("action-a1-known_by", "数字")
    other.session.fill("sheet-goals-0-goal", "二つ")
    other.keep_mine()  # an action was taken away meanwhile: the person chooses
    assert stored(one).plan.actions == (Action("a1", "quantify", helper="上司", known_by="数字"),)
    assert stored(one).worksheets == {"goals": ({"goal": "二つ", "measure": "半分"},)}


def test_changes_that_do_not_go_together_become_those_of_the_second_screen(store: Store) -> None:
    one = begun(store)
    one.session.tell(priorities=("reward",))
    other = again(one)
    one.session.mark("reward_1", "skip")
    other.session.respond("reward_1", 3)
    assert other.kept.state == "elsewhere"
    other.keep_mine()  # answered and skipped cannot stand together
    assert stored(one).case.responses == {"reward_1": 3}
    assert records.fits(CATALOG, stored(one))


def test_moving_to_another_screen_is_no_reason_to_ask(store: Store) -> None:
    one = begun(store)
    one.session.tell(situation="inside")
    other = again(one)
    one.session.go("results")
    other.session.respond("reward_1", 3)
    assert (other.kept.state, other.session.record.screen) == ("saved", "results")  # who moved, leads
    one.session.go("next")
    assert one.kept.state == "saved"
    assert one.session.record.case.responses == {"reward_1": 3}
    assert (one.session.record.screen, stored(one)) == ("next", one.session.record)


OLD = replace(CATALOG, digest="0" * 64)


def of_old(store: Store) -> tuple[Autosave, Autosave]:
    """Two screens on a visit of an older catalogue; the second has gone on to today's and changed an answer."""
    one = Autosave(store, Session(OLD, today=CATALOG))
    one.session.respond("reward_1", 5)
    visit = store.visit(one.visit)
    assert visit is not None
    other = Autosave(store, Session(OLD, visit.record, today=CATALOG), visit)
    other.session.modernise()
    other.session.respond("reward_1", 1)
    return one, other


def test_whoever_takes_the_other_s_goes_on_with_the_other_s_catalogue(store: Store) -> None:
    one, other = of_old(store)
    asleep(one)
    one.session.respond("reward_1", 2)
    assert one.kept.state == "elsewhere"
    one.take_theirs()
    assert one.session.record == stored(other)
    assert (one.session.catalog, one.session.today) == (CATALOG, None)


def test_a_screen_elsewhere_goes_on_with_the_other_s_catalogue_too(store: Store) -> None:
    one, other = of_old(store)
    one.session.go("next")
    assert (one.kept.state, one.session.catalog, stored(other)) == ("saved", CATALOG, one.session.record)
    one, other = of_old(store)
    one.session.tell_wish("一人目")
    assert (one.session.catalog, one.session.today, one.session.record.digest) == (CATALOG, None, CATALOG.digest)
    assert stored(other).case == Case({"reward_1": 1}, facts=Facts(wish="一人目"))


def test_a_catalogue_that_cannot_be_had_leaves_the_question_open(store: Store) -> None:
    one, other = of_old(store)
    asleep(one)
    one.session.respond("reward_1", 2)
    one.session.today = None
    one.kept = replace(one.kept, theirs=replace(stored(other), digest="1" * 64))
    one.take_theirs()
    assert (one.kept.state, one.session.record.case.responses) == ("elsewhere", {"reward_1": 2})


def test_a_copy_does_not_say_which_catalogue_counts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    old = Autosave(store, Session(OLD, today=CATALOG))
    old.session.respond("reward_1", 5)
    visit = store.visit(old.visit)
    assert visit is not None
    with monkeypatch.context() as broken:
        failing(broken)
        old.session.modernise()
        old.session.tell_wish(CANARY)
    reloaded = Autosave(store, Session(OLD, visit.record, today=CATALOG), visit)
    reloaded.resume(old.unsaved())
    assert (stored(old).digest, stored(old).case.facts.wish) == (OLD.digest, CANARY)


def test_an_erased_visit_is_not_saved_again(store: Store) -> None:
    autosave = begun(store)
    autosave.session.tell_wish(CANARY)
    store.erase_visit(autosave.visit)
    autosave.session.respond("reward_1", 3)
    assert (autosave.kept.state, store.visits(None)) == ("gone", ())
    autosave.session.restart()
    autosave.session.respond("reward_1", 3)
    assert stored(autosave) == autosave.session.record


def test_a_visit_that_is_only_not_there_was_not_erased_and_its_copies_stay(store: Store) -> None:
    """An older copy of the store was put back, say; the right one may come back, too."""
    autosave, other = begun(store), begun(store)
    for one in (autosave, other):
        one.session.tell_wish(CANARY)
    with store.writing() as connection:
        visit, event = tables.visit, tables.event
        connection.execute(sa.delete(event).where(event.c.visit == autosave.visit))
        connection.execute(sa.delete(visit).where(visit.c.id == autosave.visit))
    autosave.session.respond("reward_1", 3)
    assert (autosave.kept.state, autosave.kept.word) == ("failed", "not_saved_missing")
    copy = autosave.unsaved()
    assert not again(other).resume(copy), "the tab shall keep it"
    assert open_visit(store, autosave.visit).notice == "visit_unknown"
    store.erase_visit(other.visit)
    assert open_visit(store, other.visit).notice == "visit_erased"


def test_no_update_is_lost_whatever_two_screens_do(store: Store) -> None:
    chance = random.Random(20261121)
    items = [item.id for item in CATALOG.items.values()][:6]
    one = begun(store)
    one.session.tell(situation="inside")
    screens = [one, again(one)]
    for _ in range(150):
        autosave = chance.choice(screens)
        item, point = chance.choice(items), chance.randint(1, 5)
        if chance.random() < 0.3:
            asleep(autosave)
        elif chance.random() < 0.5:
            autosave.look()
            assert autosave.session.record == stored(one)
        autosave.session.respond(item, point)
        if autosave.kept.state == "elsewhere":
            theirs = stored(one)
            if chance.random() < 0.5:
                autosave.take_theirs()
                assert stored(one) == theirs
            else:
                autosave.keep_mine()
                mine = {item: point}
                assert stored(one).case.responses == {**theirs.case.responses, **mine}
        assert autosave.kept.state == "saved"
        assert stored(one) == autosave.session.record
        assert belongs_together(autosave.session)
    assert store.replay(one.visit) == stored(one)


def test_what_differs_leaves_aside_where_a_screen_stands() -> None:
    before = records.new(CATALOG)
    after = replace(before, screen="next", language="en", revision=9, notes=CANARY)
    assert content(before, after) == {"notes": CANARY}


@pytest.fixture
def client() -> Client:
    """A client with a consent."""
    from datetime import date

    return Client(new_id(), "C-001", Consent("相談", date(2026, 11, 1), date(2027, 11, 1)))


# --- an adviser who may not any more ---


def test_who_is_disabled_while_a_page_is_open_saves_nothing_and_is_told_why(store: Store) -> None:
    autosave = begun(store.seen_by(advisers.add(store, "佐藤").id))
    autosave.session.tell_wish("前の願い")
    before = stored(autosave)
    advisers.disable(store, "佐藤")
    autosave.session.tell_wish("後の願い")
    assert (autosave.kept.state, autosave.kept.word) == ("failed", "not_allowed")
    with pytest.raises(NotAllowed):
        autosave.exported("handout")
    advisers.enable(store, "佐藤")
    assert stored(autosave) == before
    assert autosave.retry()
    assert (autosave.kept.state, stored(autosave).case.facts.wish) == ("saved", "後の願い")


def test_papers_leave_the_room_also_when_that_cannot_be_logged(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    autosave = begun(store)
    autosave.session.tell_wish(CANARY)
    autosave.exported("handout")
    assert [(one.action, one.visit, one.detail) for one in access_log.entries(store)] == [
        ("exported", autosave.visit, "handout")
    ]

    def fail(*_: Any, **__: Any) -> None:
        raise NotSaved

    monkeypatch.setattr(Store, "log", fail)
    autosave.exported("handout")
    assert "could not be logged" in caplog.text
    assert CANARY not in caplog.text
