"""Invitations in the store: who reaches which, what is kept, what the log says, and when they go."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from advisor.content.model import Case, Facts
from advisor.session import advance
from advisor.session.model import Invitation, today
from advisor.store import (
    Gone,
    Store,
    WrongDigits,
    access_log,
    advisers,
    backup,
    invitations,
    new_key,
    open_store,
    tables,
)
from advisor.store.database import CLIENT
from advisor.store.encryption import Vault
from advisor.store.open_visit import begin_next
from advisor.store.unread import look_through
from tests.databases import believed, client, later, saved
from tests.support import CATALOG

ITEMS = [one for one in advance.questions(CATALOG, Case()) if one.id in CATALOG.items]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave erased bytes where they are: their going has tests of its own."""
    monkeypatch.setattr(Store, "sweep", lambda _: True)


def invited(store: Store, name: str = "c1", **parts: str) -> tuple[Invitation, str]:
    """Store a client with an invitation."""
    if store.client(name) is None:
        store.put_client(client(name, code=f"A-{name}"))
    return invitations.make(store, name, **parts)  # type: ignore[arg-type]  # only texts


def agreed(one: Invitation) -> Invitation:
    return replace(one, agreed=one.agreed or datetime.now(UTC))


def answer(store: Store, token: str, item: str, value: int, digits: str = "") -> Invitation | None:
    """Answer an item as the client's page does."""

    def told(one: Invitation) -> Invitation:
        case = replace(one.case, responses={**one.case.responses, item: value})
        return replace(agreed(one), case=case, changed=datetime.now(UTC))

    return invitations.tell(store.logged_as(CLIENT), token, digits, told)


def deeds(store: Store) -> list[tuple[str, str]]:
    return [(line.by, line.detail) for line in access_log.entries(store) if line.action == "invitation"]


def test_a_client_answers_by_their_link_and_it_stands_in_the_session(store: Store) -> None:
    made, token = invited(store)
    client_side = store.logged_as(CLIENT)
    assert invitations.opened(client_side, token) == made
    answer(store, token, ITEMS[0].id, 4)
    answer(store, token, ITEMS[1].id, 2)
    invitations.tell(client_side, token, "", lambda one: replace(one, done=datetime.now(UTC)))
    (listed,) = invitations.of_client(store, "c1")
    assert listed.case.responses == {ITEMS[0].id: 4, ITEMS[1].id: 2}
    assert invitations.look(store, made.id).looked_by == store.by
    visit = store.visit(begin_next(store, CATALOG, "c1", "ja", today()))
    assert visit is not None
    assert visit.record.case.responses == listed.case.responses
    assert visit.record.advance is not None
    assert store.replay(visit.id) == visit.record
    assert invitations.opened(client_side, token) is None, "the session has begun"
    assert answer(store, token, ITEMS[2].id, 1) is None
    told = [("command", "made"), ("client", "agreed"), ("client", "done"), ("command", "looked"), ("command", "begun")]
    assert deeds(store) == told
    assert token not in str(access_log.entries(store))


def test_nothing_opens_but_the_capability_itself(store: Store) -> None:
    made, token = invited(store)
    with store.reading() as connection:
        hashed = connection.execute(sa.select(tables.invitation.c.token_hash)).scalar_one()
    for wrong in ("", "x", token[:-1], token + "a", token.upper(), made.id, hashed, "\ud800", "'; --", "%"):
        assert invitations.opened(store, wrong) is None
    assert invitations.opened(store, token) == made
    assert re.fullmatch(r"[0-9a-f]{32}", token), "128 bits; no hyphen, at which paper would end a line"


def test_a_link_ends_when_it_expires_or_is_withdrawn_and_what_was_told_stays(store: Store) -> None:
    made, token = invited(store)
    answer(store, token, ITEMS[0].id, 4)
    invitations.withdraw(store, made.id)
    invitations.withdraw(store, made.id)
    assert invitations.opened(store, token) is None
    visit = store.visit(begin_next(store, CATALOG, "c1", "ja", today()))
    assert visit is not None
    assert visit.record.case.responses == {ITEMS[0].id: 4}
    _, past = invitations.make(store, "c1", days=0)
    assert invitations.opened(store, past) is None
    assert deeds(store).count(("command", "withdrawn")) == 1


def test_four_digits_are_asked_for_counted_and_close_the_link_after_too_many(store: Store) -> None:
    made, token = invited(store, digits="0420")
    assert made.guarded
    with pytest.raises(WrongDigits):
        invitations.opened(store, token)
    assert invitations.of_client(store, "c1")[0].wrong == 0, "none were given"
    assert invitations.opened(store, token, "0420") == made
    assert answer(store, token, ITEMS[0].id, 3, "0420")
    for _ in range(advance.MOST_WRONG):
        with pytest.raises(WrongDigits):
            answer(store, token, ITEMS[0].id, 5, "0421")
    assert invitations.opened(store, token, "0420") is None
    (listed,) = invitations.of_client(store, "c1")
    assert (listed.wrong, listed.case.responses) == (advance.MOST_WRONG, {ITEMS[0].id: 3})
    assert deeds(store).count(("client", "wrong_digits")) == advance.MOST_WRONG


def test_a_new_link_goes_on_with_what_was_told_by_the_last_one(store: Store) -> None:
    _, first = invited(store)
    answer(store, first, ITEMS[0].id, 4)
    made, second = invited(store)
    assert invitations.opened(store, first) is None
    found = invitations.opened(store, second)
    assert found is not None
    assert found.case.responses == {ITEMS[0].id: 4}
    answer(store, second, ITEMS[1].id, 1)
    name = begin_next(store, CATALOG, "c1", "ja", today())
    visit = store.visit(name)
    assert visit is not None
    assert visit.record.case.responses == {ITEMS[0].id: 4, ITEMS[1].id: 1}
    store.erase_visit(name)
    assert made.id not in [one.id for one in invitations.of_client(store, "c1")], "it held what stood in the visit"


def test_a_visit_that_could_not_be_stored_leaves_the_answers_to_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, token = invited(store)
    answer(store, token, ITEMS[0].id, 4)
    with monkeypatch.context() as broken:
        broken.setattr(Store, "save", lambda *_: (_ for _ in ()).throw(OSError))
        with pytest.raises(OSError, match=r"^$"):
            begin_next(store, CATALOG, "c1", "ja", today())
    visit = store.visit(begin_next(store, CATALOG, "c1", "ja", today()))
    assert visit is not None
    assert visit.record.case.responses == {ITEMS[0].id: 4}


def test_a_visit_that_was_only_begun_takes_the_sheet_and_leaves_it_to_the_next_day(store: Store) -> None:
    store.put_client(client("c1"))
    first = begin_next(store, CATALOG, "c1", "ja", today())
    _, token = invited(store)
    answer(store, token, ITEMS[0].id, 4)
    assert begin_next(store, CATALOG, "c1", "ja", today()) == first
    visit = store.visit(first)
    assert visit is not None
    assert visit.record.case.responses == {ITEMS[0].id: 4}
    other = begin_next(store, CATALOG, "c1", "ja", today() + timedelta(days=1))
    assert other != first


def test_a_sheet_in_a_visit_that_nobody_used_goes_into_the_next_visit(store: Store) -> None:
    _, token = invited(store)
    answer(store, token, ITEMS[0].id, 4)
    first = begin_next(store, CATALOG, "c1", "ja", today())
    second = begin_next(store, CATALOG, "c1", "ja", today() + timedelta(days=1))
    assert first != second
    visit = store.visit(second)
    assert visit is not None
    assert visit.record.case.responses == {ITEMS[0].id: 4}
    assert visit.record.advance is not None


def test_other_advisers_have_no_such_invitation(store: Store) -> None:
    for name in ("sato", "suzuki"):
        advisers.add(store, name, None)
    one, other = (advisers.external(store, name) for name in ("sato", "suzuki"))
    assert one is not None
    assert other is not None
    mine, theirs = store.seen_by(one.id), store.seen_by(other.id)
    made, token = invited(mine)
    assert invitations.of_client(theirs, "c1") == ()
    for deed in (invitations.withdraw, invitations.look, invitations.erase):
        with pytest.raises(Gone):
            deed(theirs, made.id)
    with pytest.raises(Gone):
        invitations.make(theirs, "c1")
    advisers.hand_over(store, "sato", "suzuki")
    assert [one.id for one in invitations.of_client(theirs, "c1")] == [made.id]
    assert invitations.opened(store, token) is not None
    assert invitations.erase(theirs, made.id)
    assert invitations.of_client(theirs, "c1") == ()


def test_answers_are_sealed_resealed_backed_up_and_erased_with_the_client(database: str, tmp_path: Path) -> None:
    store = open_store(database, old := new_key())
    made, token = invited(store)
    canary = replace(Case(), facts=Facts(wish="カナリアの願い"))
    invitations.tell(store, token, "", lambda one: replace(agreed(one), case=canary, changed=datetime.now(UTC)))
    with store.reading() as connection:
        assert "カナリア" not in str(connection.execute(sa.select(tables.invitation)).all())
    store.vault = Vault(f"{new_key()},{old}")
    store.reseal()
    assert look_through(store) == ()
    kept = invitations.of_client(store, "c1")
    assert kept[0].case == canary
    file = tmp_path / "kept.backup"
    backup.backup(store, file, "a long passphrase")
    invitations.erase(store, made.id)
    backup.restore(store, file, "a long passphrase", replace=True)
    assert invitations.of_client(store, "c1") == kept
    assert invitations.opened(store, token) is not None
    store.erase_client("c1", today())
    backup.restore(store, file, "a long passphrase", replace=True)
    assert invitations.of_client(store, "c1") == ()


def test_a_sheet_that_cannot_be_read_is_named_and_hides_no_other(store: Store) -> None:
    made, _ = invited(store)
    other, _ = invited(store, "c2")
    with store.writing() as connection:
        broken = sa.update(tables.invitation).where(tables.invitation.c.id == made.id).values(details="{")
        connection.execute(broken)
    assert invitations.of_client(store, "c1").unread == (made.id,)
    assert [one.id for one in invitations.of_client(store, "c2")] == [other.id]
    assert [(one.kind, one.id) for one in look_through(store)] == [("invitation", made.id)]


def test_an_invitation_goes_thirty_days_after_its_end_on_a_second_day(store: Store) -> None:
    made, token = invited(store)
    answer(store, token, ITEMS[0].id, 4)
    saved(store, "v0", later(), of="c1")
    on = made.expires.date() + timedelta(days=32)
    believed(store, on - timedelta(days=1))
    assert made.id in store.expire(on).hidden
    assert len(invitations.of_client(store, "c1")) == 1
    store.expire(on + timedelta(days=1))
    assert invitations.of_client(store, "c1") == ()


def test_answers_at_the_same_time_are_all_kept(store: Store) -> None:
    _, token = invited(store)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: answer(store, token, one.id, 3), ITEMS))
    (listed,) = invitations.of_client(store, "c1")
    assert listed.case.responses == {one.id: 3 for one in ITEMS}
