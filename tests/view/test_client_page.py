"""The client's own screen without a browser: what it shows, whom it follows, what it obeys, and when it is over."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from advisor.content.translator import say
from advisor.report.exports import EXPORTS
from advisor.session import client_screen
from advisor.session.model import now
from advisor.session.record import SCREEN_IDS
from advisor.store import NotRead, NotSaved, Store, advisers, invitations, office
from advisor.store.import_visits import FIRST
from advisor.store.open_visit import open_visit
from advisor.view.workbook.client_page import ClientPage
from advisor.view.workbook.page import Page
from tests.databases import NEW, client
from tests.pages import SAMPLES, everything, send, texts
from tests.support import CATALOG

if TYPE_CHECKING:
    from advisor.content.words import Language
    from advisor.session.model import Record
    from advisor.view.widgets.widgets import Sheet

JA = say(CATALOG, "ja")
SECRETS = ("ここだけの覚え書き", "見立てはまだ伝えない", "前回の所感です", "本人は残りたいと話している")
# words that only the adviser's part has
PRIVATE = (
    "private_title", "adviser_hint", "account_concern", "account_impression", "norms_title", "figures_title",
    "screen_hold", "screen_none", "screen_title", "unfit", "end", "restart", "to_client", "advance_quick",
)  # fmt: skip


class Beside:
    """The adviser's page and the client's page of one visit, each with a store of its own side."""

    def __init__(self, store: Store, language: Language = "ja") -> None:
        mine = store.seen_by(advisers.add(store, "中村").id)
        mine.put_client(client("c1", code="K-014"))
        office.change_letterhead(mine, lambda one: replace(one, advisers={mine.by: "中村"}))
        last = replace(NEW, case=SAMPLES["a_accounting"], account={"impression": SECRETS[2]})
        mine.save("v1", "c1", None, last)
        record = replace(
            NEW, revision=FIRST, case=SAMPLES["a_accounting"], notes=SECRETS[0], account={"assessment": SECRETS[1]},
            language=language, unfit={f"path-{next(iter(CATALOG.paths))}": SECRETS[3]}, markers={"reward_1": 1},
        )  # fmt: skip
        mine.save("v2", "c1", None, record)
        self.store = mine
        opened = open_visit(mine, "v2")
        self.adviser = Page(opened.session, opened.autosave, links="https://desk.example/live")
        self.press("make_link", "plain")
        link = self.adviser.private.link.made
        self.seen = store.seen_by_client(invitations.hash_of(link.partition("k=")[2]))
        self.client = self.come()

    def come(self) -> ClientPage:
        """Open the client's page once more."""
        opened = open_visit(self.seen, "v2")
        return ClientPage(opened.session, opened.autosave, notice=opened.notice, door="../live")

    def press(self, name: str, target: str, value: str | None = None) -> None:
        """Press something on the adviser's page."""
        send(self.adviser.header.widget, event="action", name=name, id=target, value=value)

    def look(self) -> None:
        """Let each page take in what the other has saved."""
        for page in (self.client, self.adviser):
            send(page.lifeline, event="look")

    def stored(self) -> Record:
        """Return the record as it is stored."""
        visit = self.store.visit("v2")
        assert visit is not None
        return visit.record

    def sheet(self, question: str) -> Sheet:
        """Return the client's sheet in which a question stands."""
        return next(part for part in self.client._sheets() if question in part.values)  # noqa: SLF001

    def read(self) -> str:
        """Return everything that the client's page holds."""
        return "\n".join(text for part in [*everything(self.client), self.client.note.widget] for text in texts(part))


@pytest.fixture
def beside(store: Store) -> Beside:
    """Both pages of a visit, on SQLite and on PostgreSQL."""
    return Beside(store)


def test_it_follows_through_every_screen_and_holds_nothing_of_the_adviser_s(beside: Beside) -> None:
    words = [*SECRETS, *(JA(word) for word in PRIVATE)]
    for screen in SCREEN_IDS:
        beside.press("go", screen)
        beside.look()
        assert beside.client.screen == screen
        assert list(beside.client.screens)[-1] == screen
        assert [word for word in words if word in beside.read()] == [], screen
    assert "担当の中村と同じ画面です" in beside.client.header.widget.html


def test_it_is_held_pointed_at_and_let_go_on(beside: Beside) -> None:
    beside.press("go", "frustrations")
    beside.look()
    beside.press("hold", "client")
    beside.press("go", "results")
    beside.look()
    assert (beside.client.screen, "担当の中村が準備しています。" in beside.client.note.widget.html) == (
        "frustrations",
        True,
    )
    beside.press("hold", "client")
    beside.press("point", "client")
    send(beside.adviser.lifeline, event="point", id="thing-heaviest")
    beside.look()
    assert (beside.client.screen, beside.client.lifeline.part) == ("results", "thing-heaviest")
    assert "担当の中村が指しています" in beside.client.header.widget.html
    beside.press("alone", "client")
    beside.look()
    send(beside.client.footer.widget, event="action", name="go", id="next", value=None)
    beside.look()
    assert (beside.client.screen, beside.adviser.screen) == ("next", "results")
    assert client_screen.shown(beside.adviser.session.record) == "next"
    beside.press("alone", "client")
    beside.look()
    assert beside.client.screen == "results"


def test_while_it_follows_the_client_leads_nobody_anywhere(beside: Beside) -> None:
    send(beside.client.header.widget, event="action", name="go", id="plan", value=None)
    send(beside.client.lifeline, event="back", screen="plan")
    beside.look()
    assert (beside.client.screen, beside.adviser.screen) == ("start", "start")


def test_each_says_on_the_other_s_page_who_moves_an_answer(beside: Beside) -> None:
    beside.press("go", "frustrations")
    beside.look()
    theirs = next(part for part in beside.client._sheets() if part.questions)  # noqa: SLF001
    send(theirs, event="answer", id="reward_1", value=2)
    beside.look()
    mine = next(part for part in beside.adviser._sheets() if "reward_1" in part.values)  # noqa: SLF001
    assert (mine.values["reward_1"], mine.moved["ids"], mine.moved["text"]) == (2, ["reward_1"], JA("moves_client"))
    send(mine, event="answer", id="reward_1", value=5)
    beside.look()
    told = next(part for part in beside.client._sheets() if "reward_1" in part.values)  # noqa: SLF001
    assert (told.values["reward_1"], told.moved["text"]) == (5, "担当の中村が動かしています")


@pytest.mark.parametrize(
    "event",
    [
        {"event": "answer", "id": "notes", "value": "x"},
        {"event": "answer", "id": "account-concern", "value": "x"},
        {"event": "answer", "id": "marker-reward_1", "value": 5},
        {"event": "answer", "id": "way", "value": "online"},
        {"event": "answer", "id": "ended", "value": "2026-12-01T10:00"},
        *({"event": "action", "name": name, "id": "x", "value": None} for name in (
            "open_private", "close_private", "make_link", "close_client", "hold", "alone", "point", "restart", "end",
            "next_visit", "discard", "correct", "end_correction", "take_over", "take_all", "finish", "speak", "quick",
            "sample", "unfit", "unfit_because", "modernise")),
        {"event": "action", "name": "export", "id": "edition", "value": None},
        {"event": "action", "name": "export", "id": "json", "value": None},
        {"event": "action", "name": ["go"], "id": ["x"], "value": None},
        {"event": "answer", "id": ["notes"], "value": "x"},
    ],
)  # fmt: skip
def test_what_only_an_adviser_may_do_changes_nothing(
    beside: Beside, event: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    before = beside.store.visit("v2")
    monkeypatch.setattr(type(beside.client.lifeline), "send", lambda _, content, *__: sent.append(content))
    for part in (beside.client.header.widget, beside.client.footer.widget, *beside.client._sheets()):  # noqa: SLF001
        send(part, **event)
    send(beside.client.lifeline, event="unheard", owner="", visit="v2", answers=[event])
    assert beside.store.visit("v2") == before
    assert [one for one in sent if one["event"] not in ("heard", "seen")] == []
    assert not beside.client.trouble


def test_the_client_takes_the_files_for_clients_home(beside: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    files: list[str] = []
    lifeline = type(beside.client.lifeline)
    monkeypatch.setattr(
        lifeline, "download", lambda _, name, kind, content: files.append(f"{name}{kind[:0]}{content[:0]!r}")
    )
    for export in EXPORTS:
        if export.ending in ("csv", "json"):
            send(beside.client.header.widget, event="action", name="export", id=export.id, value=None)
    (name,) = files
    assert "K-014" in name
    assert ".csv" in name


@pytest.mark.parametrize("how", ["close_client", "end", "next_visit", "restart"])
def test_when_the_screen_is_over_nothing_of_the_visit_stays_in_the_browser(
    beside: Beside, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    led: list[Any] = []
    beside.press("go", "results")
    beside.look()
    widgets = [piece.widget for screen in beside.client.screens.values() for piece in screen.pieces]
    monkeypatch.setattr(
        type(beside.client.lifeline), "lead", lambda _, address, over=False: led.append((address, over))
    )
    beside.press(how, "client")
    send(beside.client.lifeline, event="ping")
    assert beside.client.is_over
    assert led[-1:] != [("../live", True)], "first the browser sends what is being typed"
    send(beside.client.lifeline, event="flushed")
    assert ("../live", True) not in led, "the door would lead back while the link takes last words"
    late = datetime.now(UTC) + invitations.LAST_WORDS
    monkeypatch.setattr("advisor.store.ownership.datetime", type("Late", (), {"now": lambda _: late}))
    send(beside.client.lifeline, event="ping")
    assert ("../live", True) in led
    assert (beside.client.body.children, beside.client.screens) == ((), {})
    assert {widget.comm is None for widget in widgets} == {True}, "no widget of a screen is left"
    assert JA("client_over") in beside.read()
    assert "K-014" not in beside.read()
    send(beside.client.header.widget, event="answer", id="reward_1", value=1)
    assert not beside.client.trouble
    later = beside.come()
    assert later.is_over


def test_a_text_in_a_row_that_another_page_moved_lands_in_no_other_row(beside: Beside) -> None:
    for row, text in enumerate("ABC"):
        beside.adviser.session.fill(f"sheet-goals-{row}-goal", text)
    for press in (beside.adviser.session.open_sheet, beside.client.session.open_sheet):
        press("goals")
    beside.press("go", "worksheets")
    beside.look()
    sheet = beside.sheet("sheet-goals-1-goal")
    send(sheet, event="answer", id="sheet-goals-1-goal", value="B!", n=1, turn=1)
    beside.look()
    beside.press("drop_row", "goals-0")
    beside.look()
    send(sheet, event="answer", id="sheet-goals-1-goal", value="B! をもっと", n=2, turn=1)  # typed as the row of B
    rows = [row["goal"] for row in beside.stored().worksheets["goals"]]
    assert rows == ["B!", "C"]
    assert "B! をもっと" in beside.client.keeping.widget.html
    send(sheet, event="answer", id="sheet-goals-0-goal", value="B!!", n=3, turn=2)
    assert beside.stored().worksheets["goals"][0]["goal"] == "B!!"


def test_what_the_client_was_typing_when_the_screen_closed_is_saved(beside: Beside) -> None:
    sheet = beside.sheet("wish")
    beside.press("close_client", "client")
    send(beside.client.lifeline, event="look")
    assert beside.client.is_over
    send(sheet, event="answer", id="wish", value="最後のひとこと")
    send(beside.client.lifeline, event="flushed")
    assert beside.stored().case.facts.wish == "最後のひとこと"
    assert JA("client_over_unsaved") not in beside.client.note.widget.html


def test_what_came_too_late_is_told_word_for_word(beside: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    led: list[Any] = []
    monkeypatch.setattr(type(beside.client.lifeline), "lead", lambda *_, **__: led.append(1))
    sheet, (link,) = beside.sheet("wish"), invitations.of_client(beside.store, "c1")
    invitations.withdraw(beside.store, link.id)
    send(beside.client.lifeline, event="look")
    send(sheet, event="answer", id="wish", value="最後の<ひとこと>")
    send(beside.client.lifeline, event="flushed")
    assert JA("client_over_unsaved") in beside.client.note.widget.html
    assert "最後の&lt;ひとこと&gt;" in beside.client.note.widget.html
    assert led == [], "who has something to read there stays there"


def test_a_copy_that_a_client_made_up_changes_nothing_of_the_adviser_s(beside: Beside) -> None:
    before, autosave = beside.stored(), beside.client.autosave
    assert autosave
    for patch in (
        {"notes": "x"},
        {"account": {"concern": "x"}},
        {"client_screen": {"mode": "alone"}},
        {"way": "phone"},
    ):
        for visit in ("v2", autosave.alias):
            head = {"owner": autosave.owner, "visit": visit, "base": before.revision, "stored": True}
            send(beside.client.lifeline, event="resume", copy=json.dumps(head | {"patch": patch}))
    assert beside.stored() == before
    assert not beside.client.is_over
    head = {"owner": autosave.owner, "visit": autosave.alias, "base": before.revision, "stored": True}
    kept = json.dumps(head | {"patch": {"case": {"facts": {"wish": "前の窓で書いた"}}}})
    send(beside.client.lifeline, event="resume", copy=kept)
    assert beside.stored().case.facts.wish == "前の窓で書いた"


def test_nothing_of_the_adviser_s_can_be_found_out_by_guessing(beside: Beside) -> None:
    for name, values in (("marker-reward_1", range(1, 6)), ("notes", (SECRETS[0], "x")), ("way", ("room", "phone"))):
        for value in values:
            answers = [{"id": name, "value": value, "known": [value]}]
            send(beside.client.lifeline, event="unheard", owner="", visit="", answers=answers)
            autosave = beside.client.autosave
            assert autosave
            assert (autosave.kept.state, autosave.kept.theirs) == ("saved", None), (name, value)


def test_the_page_of_a_link_tells_no_id_and_nothing_of_what_the_adviser_alone_does(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    autosave, sheet = beside.client.autosave, beside.sheet("wish")
    assert autosave
    beside.press("open_private", "start")
    send(beside.adviser.private.fields.widget, event="answer", id="notes", value="ひみつのこと")
    header = beside.client.header.widget.html
    send(beside.client.lifeline, event="look")
    assert (sheet.moved, beside.client.lifeline.saved, beside.client.header.widget.html) == ({}, 0, header)
    monkeypatch.setattr(Store, "save", broken)
    send(sheet, event="answer", id="wish", value="まだ保存できない")
    assert autosave.alias in beside.client.lifeline.unsaved
    assert "v2" not in beside.client.lifeline.unsaved
    beside.press("point", "client")
    send(beside.client.lifeline, event="point", id="evil")
    assert beside.stored().client_screen.part == ""


def broken(*_: Any, **__: Any) -> None:
    """Save nothing, as a full disk does."""
    raise NotSaved


def test_a_closed_page_stays_closed_whatever_the_database_says(beside: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    autosave, (link,) = beside.client.autosave, invitations.of_client(beside.store, "c1")
    assert autosave
    send(beside.client.lifeline, event="unheard", owner="", visit="",
         answers=[{"id": "wish", "value": "x", "known": ["never"]}])  # fmt: skip
    assert autosave.kept.state == "elsewhere", "the client is asked, and takes nothing in meanwhile"
    invitations.withdraw(beside.store, link.id)
    send(beside.client.lifeline, event="ping")
    assert beside.client.is_over
    monkeypatch.setattr(Store, "revision", unread)
    send(beside.client.lifeline, event="look")
    assert beside.client.is_over


def unread(*_: Any) -> None:
    """Read nothing, as a busy database does."""
    raise NotRead


def test_the_adviser_sees_whether_the_client_is_there(beside: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    beside.press("open_private", "start")
    assert JA("screen_waiting") in beside.adviser.private.client.widget.html
    send(beside.client.lifeline, event="ping")
    send(beside.adviser.lifeline, event="ping")
    assert JA("screen_connected") in beside.adviser.private.client.widget.html
    with monkeypatch.context() as later:
        later.setattr("advisor.view.workbook.client_link.now", lambda: now() + timedelta(minutes=1))
        send(beside.adviser.lifeline, event="ping")
        assert JA("screen_away") in beside.adviser.private.client.widget.html
    other, _ = invitations.make_live(beside.store, "v2")  # in another window of the adviser
    send(beside.adviser.lifeline, event="ping")
    assert (beside.adviser.private.link.made, beside.adviser.private.link.open) == ("", other)
    invitations.end_live(beside.store, "v2")
    send(beside.adviser.lifeline, event="ping")
    assert JA("screen_open") in beside.adviser.private.client.widget.html


def test_in_a_second_window_of_one_computer_the_same_screen_needs_no_link(store: Store) -> None:
    store.put_client(client("c1"))
    store.save("v1", "c1", None, replace(NEW, notes=SECRETS[0], revision=FIRST))
    opened = open_visit(store, "v1")
    page = Page(opened.session, opened.autosave)
    send(page.header.widget, event="action", name="open_private", id="start", value=None)
    assert JA("screen_no_server") in page.private.client.widget.html
    assert "client?s=v1" in page.private.client.widget.html
    other = open_visit(store, "v1")
    screen = ClientPage(other.session, other.autosave)
    assert screen.is_over, "only the adviser opens it"
    send(page.header.widget, event="action", name="open_client", id="client", value=None)
    send(screen.lifeline, event="look")
    assert (screen.is_over, page.session.record.client_screen.mode) == (False, "follows")
    assert JA("screen_open") in page.private.client.widget.html
    send(page.header.widget, event="action", name="restart", id="restart", value=None)
    send(screen.lifeline, event="look")
    assert screen.is_over, "whoever comes next does not sit before the visit of the one before"
