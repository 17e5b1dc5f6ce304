"""A client with a live link in the store: what they see and change, and when that ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from advisor.content.model import Case, Facts
from advisor.session.model import ClientScreen, Record, today
from advisor.store import (
    ChangedElsewhere,
    Gone,
    NotAllowed,
    Store,
    WrongDigits,
    access_log,
    advisers,
    appointments,
    invitations,
    office,
    tables,
)
from advisor.store.open_visit import open_visit
from advisor.store.overview import overview
from tests.databases import NEW, believed, client, later

CASE = Case(facts=Facts(wish="聞いてほしい"))


@pytest.fixture
def office_of_two(store: Store) -> tuple[Store, Store]:
    """An adviser with a client of two visits (v1, v2), and another adviser's client with one (v9)."""
    believed(store, today())
    mine, other = (store.seen_by(advisers.add(store, name).id) for name in ("one", "two"))
    mine.put_client(client("c1"))
    mine.save("v1", "c1", None, replace(NEW, case=CASE))
    mine.save("v2", "c1", None, replace(NEW, case=CASE))
    other.put_client(client("c9", code="Z-9"))
    other.save("v9", "c9", None, NEW)
    return mine, other


def stored(store: Store, visit: str) -> Record:
    """Return the record of a visit as it is stored."""
    found = store.visit(visit)
    assert found is not None
    return found.record


def come(store: Store, visit: str = "v2", **parts: str) -> Store:
    """Return the store as a client sees it who came by a new live link to a visit."""
    _, token = invitations.make_live(store, visit, **parts)
    return store.seen_by_client(invitations.hash_of(token))


def test_a_client_sees_their_own_visits_and_changes_the_one_of_the_link(office_of_two: tuple[Store, Store]) -> None:
    mine, _ = office_of_two
    guest = come(mine)
    assert invitations.visit_of(guest) == "v2"
    assert [one.id for one in guest.visits("c1")] == ["v1", "v2"]
    assert (guest.client("c1"), guest.client("c9"), guest.visit("v9")) == (mine.client("c1"), None, None)
    assert (list(guest.visits("c9")), list(guest.visits(None))) == ([], [])
    assert [one.id for one in guest.clients()] == ["c1"]
    record = stored(guest, "v2")
    guest.save("v2", "c1", record, later(record, useful="some", changed_by="client"))
    assert stored(mine, "v2").useful == "some"
    with pytest.raises(Gone):
        guest.save("v9", "c9", NEW, later(NEW, changed_by="client"))
    old = stored(guest, "v1")
    with pytest.raises(ChangedElsewhere):  # as if somebody else had changed it meanwhile: nothing is told of why
        guest.save("v1", "c1", old, later(old, useful="some", changed_by="client"))
    assert stored(mine, "v1") == old


@pytest.mark.parametrize(
    "change",
    [
        {"notes": "x"}, {"account": {"concern": "x"}}, {"markers": {"reward_1": 1}}, {"unfit": {"path-x": ""}},
        {"way": "online"}, {"ended": datetime.now(UTC)}, {"done": ("start",)}, {"language": "en"}, {"screen": "plan"},
        {"client_screen": ClientScreen("alone")}, {"client_screen": ClientScreen("follows", points=True)},
        {"changed_by": ""}, {"digest": "0" * 64},
    ],
)  # fmt: skip
def test_the_store_itself_refuses_what_is_not_the_client_s(
    office_of_two: tuple[Store, Store], change: dict[str, Any]
) -> None:
    mine, _ = office_of_two
    guest, before = come(mine), stored(mine, "v2")
    with pytest.raises(NotAllowed):
        guest.save("v2", "c1", before, later(before, **{"changed_by": "client", **change}))
    assert stored(mine, "v2") == before


def test_the_link_is_closed_with_its_adviser_and_with_the_client_s_next_visit(
    office_of_two: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, _ = office_of_two
    guest = come(mine)
    advisers.disable(everything(mine), "one")
    with pytest.raises(NotAllowed):
        guest.visit("v2")
    advisers.enable(everything(mine), "one")
    assert guest.visit("v2") is not None
    monkeypatch.setattr(invitations, "LAST_WORDS", timedelta(0))
    invitations.close(mine, "c1", "v3")
    with pytest.raises(NotAllowed):
        guest.visit("v2")


def everything(store: Store) -> Store:
    """Return the same store as the command line sees it."""
    return Store(store.engine, store.vault, store.current)


def test_a_client_does_nothing_else(office_of_two: tuple[Store, Store]) -> None:
    mine, _ = office_of_two
    guest, (sheet, _) = come(mine), invitations.make(mine, "c1")
    before = dump(mine)
    deeds: list[Callable[[], Any]] = [
        lambda: guest.save("new", "c1", None, NEW),
        lambda: guest.assign("v2", None),
        lambda: guest.put_client(client("c1", code="x"), mine.client("c1")),
        lambda: guest.put_client(client("c2")),
        lambda: guest.erase_visit("v2"),
        lambda: guest.erase_client("c1", today()),
        lambda: guest.expire(today()),
        lambda: invitations.make(guest, "c1"),
        lambda: invitations.make_live(guest, "v2"),
        lambda: invitations.withdraw(guest, sheet.id),
        lambda: invitations.look(guest, sheet.id),
        lambda: invitations.erase(guest, sheet.id),
        lambda: office.change_letterhead(guest, lambda one: one),
        lambda: office.change(guest, lambda _: ()),
        guest.reseal,
        lambda: overview(guest),
        lambda: advisers.add(guest, "three"),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()
    assert dump(mine) == before
    assert list(invitations.of_client(guest, "c1")) == []
    assert list(appointments.of_client(guest, "c1")) == []


def dump(store: Store) -> list[Any]:
    """Return every client, visit and invitation that there is, as the adviser sees it."""
    return [list(store.clients()), [list(store.visits(one.id)) for one in store.clients()],
            [list(invitations.of_client(store, one.id)) for one in store.clients()]]  # fmt: skip


@pytest.mark.parametrize("how", ["withdrawn", "expired", "replaced", "erased", "guessed"])
def test_when_the_link_is_closed_nothing_is_seen_or_saved_any_more(
    office_of_two: tuple[Store, Store], how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, _ = office_of_two
    guest = come(mine)
    opened = open_visit(guest, "v2")
    opened.session.by = "client"
    opened.session.respond("reward_1", 2)
    monkeypatch.setattr(invitations, "LAST_WORDS", timedelta(0))
    if how == "withdrawn":
        invitations.end_live(mine, "v2")
    elif how == "expired":
        late = datetime.now(UTC) + timedelta(hours=invitations.LIVE_HOURS, seconds=1)

        class Late(datetime):
            @classmethod
            def now(cls, _: Any = None) -> datetime:  # type: ignore[override]
                return late

        monkeypatch.setattr("advisor.store.ownership.datetime", Late)
    elif how == "replaced":
        come(mine)
    elif how == "erased":
        monkeypatch.setattr(Store, "sweep", lambda _: True)
        mine.erase_visit("v2")
    else:
        with mine.writing() as connection:
            connection.execute(tables.invitation.update().values(wrong=10))
    with pytest.raises(NotAllowed):
        guest.visit("v2")
    opened.autosave.look()
    assert opened.autosave.refused == "link_closed"
    opened.session.respond("reward_1", 5)
    assert "reward_1" in opened.autosave.unsaved()
    assert invitations.visit_of(guest) == ""
    stored = mine.visit("v2")
    assert stored is None or stored.record.case.responses["reward_1"] == 2


def test_the_link_asks_for_its_digits_and_is_of_no_use_for_the_advance_sheet(
    office_of_two: tuple[Store, Store],
) -> None:
    mine, other = office_of_two
    made, token = invitations.make_live(mine, "v2", digits="0420")
    with pytest.raises(WrongDigits):
        invitations.opened(mine, token, "1111", "live")
    opened = invitations.opened(mine, token, "0420", "live")
    assert opened is not None
    assert (opened.id, opened.visit, opened.wrong) == (made.id, "v2", 1)
    assert invitations.opened(mine, token, "0420", "before") is None
    _, before = invitations.make(mine, "c1")
    assert invitations.opened(mine, before, "", "live") is None
    with pytest.raises(Gone):
        invitations.make_live(other, "v2")
    mine.save("nobodys", None, None, NEW)
    with pytest.raises(Gone):
        invitations.make_live(mine, "nobodys")


def test_beginning_a_session_leaves_a_live_link_alone_and_the_other_way_round(
    office_of_two: tuple[Store, Store],
) -> None:
    mine, _ = office_of_two
    _, before = invitations.make(mine, "c1")
    guest = come(mine)
    assert invitations.opened(mine, before) is not None
    assert invitations.close(mine, "c1", "v3") is None, "nothing was told"
    assert guest.visit("v2") is not None


def test_the_log_says_who_came_and_what_was_made_and_ended(office_of_two: tuple[Store, Store]) -> None:
    mine, _ = office_of_two
    guest = come(mine)
    open_visit(guest, "v2")
    invitations.note_presence(guest)
    there = invitations.live_of(mine, "v2")
    assert there is not None
    assert there.opened is not None
    invitations.end_live(mine, "v2")
    assert invitations.live_of(mine, "v2") is None
    lines = [(one.by == mine.by, one.by, one.action, one.detail, one.visit) for one in access_log.about(mine, "c1")]
    told = [(by if not is_mine else "adviser", action, detail, visit) for is_mine, by, action, detail, visit in lines]
    assert told == [
        ("adviser", "invitation", "made", "v2"),
        ("client", "opened", "", "v2"),
        ("adviser", "invitation", "withdrawn", "v2"),
    ]
