"""What the disk can do: a power cut takes nothing that was acknowledged, and no failure is told as saved."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import apsw
import pytest
import sqlalchemy as sa

from advisor.content.model import Case, Facts
from advisor.store import NotRead, NotSaved, Store, invitations, open_store
from tests.databases import NEW, client, later, saved
from tests.power import Disk, open_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CUTS = max(30, int(os.environ.get("ADVISOR_FAULTS", "0")))  # make faults asks for more
FIRST = later(NEW, notes="一")
SECOND = later(FIRST, notes="二" * 5000)


TOKEN = "a" * 22


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one visit and one invitation in it, to copy."""
    path = tmp_path_factory.mktemp("ready") / "a.sqlite3"
    store = open_store(f"sqlite:///{path}", "")
    store.put_client(client("c1"))
    saved(store, "v1", FIRST, of="c1")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("advisor.store.invitations.secrets.token_hex", lambda _: TOKEN)
        invitations.make(store, "c1", days=36_500)
    store.engine.dispose()  # until then, what was saved last stands in the file beside it
    return path


class Writing:
    """A visit that is saved again and again; ``number``: its last revision that was acknowledged."""

    def __init__(self) -> None:
        self.record, self.number = FIRST, FIRST.revision

    def write(self, store: Store, text: str) -> None:
        """Save a change."""
        after = later(self.record, notes=text)
        store.save("v1", "c1", self.record, after)
        self.record, self.number = after, after.revision


class Answering(Writing):
    """A client who answers by a link; ``number``: how many answers were acknowledged."""

    def write(self, store: Store, text: str) -> None:
        """Answer: the words tell how many answers there were."""
        case = Case(facts=Facts(wish=f"{self.number + 1} {text[:1500]}"))
        assert invitations.tell(store, TOKEN, "", lambda one: replace(one, agreed=one.made, case=case))
        self.number += 1


def cut(
    ready: Path, folder: Path, seed: int, pragma: str = "", who: Callable[[], Writing] = Writing
) -> tuple[int, Path]:
    """Save until the power goes; return the last number that was acknowledged, and the file as it was found."""
    chance = random.Random(seed)
    folder.mkdir()
    path = folder / "a.sqlite3"
    shutil.copyfile(ready, path)
    disk = Disk(chance)
    store = open_on(disk, path)
    if pragma:
        sa.event.listen(store.engine, "connect", lambda connection, _: connection.cursor().execute(pragma))
    held = store.engine.connect() if chance.random() < 0.5 else None  # somebody else is there: the WAL grows
    writing = who()
    disk.left = chance.randrange(5, 250)
    while disk.left > 0:
        try:
            writing.write(store, chance.choice("甲乙丙") * chance.randrange(1, 4000))
        except (NotSaved, NotRead):
            break
    disk.left = 0  # whatever closing would write comes too late
    disk.after_the_cut(folder / "found")
    if held is not None:
        held.close()
    store.engine.dispose()
    return writing.number, folder / "found" / "a.sqlite3"


def is_lost(acknowledged: int, found: Path) -> bool:
    """Return whether anything that was acknowledged cannot be read any more."""
    try:
        store = open_store(f"sqlite:///{found}", "")
        visit = store.visit("v1")
        if visit is None or store.client("c1") is None or store.replay("v1") != visit.record:
            return True
        with store.reading() as connection:
            is_sound = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    except Exception:  # noqa: BLE001  (a torn database answers with any nonsense)
        return True
    return visit.record.revision < acknowledged or not is_sound


def test_a_power_cut_takes_nothing_that_was_acknowledged(ready: Path, tmp_path: Path) -> None:
    told = [cut(ready, tmp_path / str(seed), seed) for seed in range(CUTS)]
    assert sum(revision for revision, _ in told) > 5 * CUTS, "there was something to lose"
    assert [seed for seed, (revision, found) in enumerate(told) if is_lost(revision, found)] == []


def test_a_power_cut_takes_no_answer_of_a_client(ready: Path, tmp_path: Path) -> None:
    told = [cut(ready, tmp_path / str(seed), seed, who=Answering) for seed in range(CUTS)]
    assert sum(number for number, _ in told) > 2 * CUTS, "there was something to lose"
    for number, found in told:
        assert not is_lost(FIRST.revision, found)
        (kept,) = invitations.of_client(open_store(f"sqlite:///{found}", ""), "c1")
        assert int(kept.case.facts.wish.split()[0] if kept.case.facts.wish else FIRST.revision) >= number


def test_the_same_cuts_take_much_where_sqlite_does_not_wait_for_the_disk(ready: Path, tmp_path: Path) -> None:
    """So the test above can fail."""
    told = [cut(ready, tmp_path / str(seed), seed, "PRAGMA synchronous = OFF") for seed in range(CUTS)]
    assert sum(is_lost(revision, found) for revision, found in told) > CUTS / 3


# --- a disk that fails --------------------------------------------------------------------------------------------


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def failing(disk: Disk, ready: Path, tmp_path: Path) -> Iterator[Store]:
    """A store with one visit, on a disk that can be made to fail."""
    shutil.copyfile(ready, tmp_path / "a.sqlite3")
    store = open_on(disk, tmp_path / "a.sqlite3")
    yield store
    store.engine.dispose()


def word(store: Store) -> str:
    """Return what is told when the second record is to be saved."""
    with pytest.raises(NotSaved) as told:
        store.save("v1", "c1", FIRST, SECOND)
    return told.value.word


def assert_saves_again(store: Store) -> None:
    """The next save works, and all that is stored belongs together."""
    store.save("v1", "c1", FIRST, SECOND)
    assert store.replay("v1") == SECOND
    third = later(SECOND)
    store.save("v1", "c1", SECOND, third)
    visit = store.visit("v1")
    assert visit is not None
    assert visit.record == third == store.replay("v1")
    assert [event.revision for event in store.events("v1")] == [1, 2, 3]


def stored(store: Store) -> Any:
    visit = store.visit("v1")
    assert visit is not None
    return visit.record


@pytest.mark.parametrize(
    ("code", "expected"), [(apsw.SQLITE_FULL, "not_saved_full"), (apsw.SQLITE_IOERR, "not_saved_broken")]
)
def test_a_disk_that_is_full_or_broken_saves_nothing_and_says_so(
    disk: Disk, failing: Store, code: int, expected: str
) -> None:
    disk.writing = code
    assert word(failing) == expected
    assert word(failing) == expected, "the next try tells the same"
    disk.writing = 0
    assert stored(failing) == FIRST
    assert_saves_again(failing)


def test_a_disk_that_cannot_sync_is_never_told_as_saved(disk: Disk, failing: Store) -> None:
    """Whether the change is there later is up to the disk; the next try makes sure, and saves it once."""
    disk.syncing = apsw.SQLITE_IOERR
    assert word(failing) == "not_saved_broken"
    disk.syncing = 0
    assert stored(failing) in (FIRST, SECOND)
    assert_saves_again(failing)


def test_a_database_that_may_not_grow_any_more_is_full(ready: Path, tmp_path: Path) -> None:
    shutil.copyfile(ready, tmp_path / "a.sqlite3")
    store = open_store(f"sqlite:///{tmp_path / 'a.sqlite3'}", "")

    def limit(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # as many as it has

    store.engine.dispose()
    sa.event.listen(store.engine, "connect", limit)
    assert word(store) == "not_saved_full"
    assert stored(store) == FIRST
    sa.event.remove(store.engine, "connect", limit)
    store.engine.dispose()
    assert_saves_again(store)


def test_a_database_that_somebody_holds_is_locked(ready: Path, tmp_path: Path) -> None:
    shutil.copyfile(ready, tmp_path / "a.sqlite3")
    store = open_store(f"sqlite:///{tmp_path / 'a.sqlite3'}", "", wait=0.05)
    other = sqlite3.connect(tmp_path / "a.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert word(store) == "not_saved_locked"
    assert stored(store) == FIRST
    other.execute("ROLLBACK")
    other.close()
    assert_saves_again(store)


def test_a_file_that_may_only_be_read_is_broken(ready: Path, tmp_path: Path) -> None:
    """Asked of SQLite itself: whoever runs the tests may be allowed to write anything."""
    shutil.copyfile(ready, tmp_path / "a.sqlite3")
    store = open_store(f"sqlite:///{tmp_path / 'a.sqlite3'}", "")

    def forbid(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA query_only = ON")

    store.engine.dispose()
    sa.event.listen(store.engine, "connect", forbid)
    assert word(store) == "not_saved_broken"
    sa.event.remove(store.engine, "connect", forbid)
    store.engine.dispose()
    assert_saves_again(store)
