"""Two thousand messages that no page of ours would send, through the real widgets, beside another adviser's clients.

Whatever a browser sends: every row stays one that can be kept, and nothing of anybody else's is changed or shown.
"""

from __future__ import annotations

import base64
import json
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from advisor.content import worked_cases
from advisor.content.model import Case, Facts
from advisor.report import interchange
from advisor.report.exports import EXPORTS
from advisor.session import record as records
from advisor.session.model import ACCOUNT, Client, ClientScreen, Visit
from advisor.store import Store, advisers, invitations, new_id, open_store
from advisor.store.open_visit import open_visit
from advisor.view.desk import form
from advisor.view.desk.page import DeskPage
from advisor.view.widgets.widgets import PageWidget
from advisor.view.workbook.client_page import ClientPage
from advisor.view.workbook.page import Page
from tests.desks import NEW, TODAY, client, days, known, planned, visit
from tests.pages import texts
from tests.payloads import PAYLOADS
from tests.support import CATALOG

MESSAGES = 25 * int(os.environ.get("ADVISOR_FAULTS", "0")) or 1_000  # to each of the two pages; make faults sends more
FOREIGN = "カナリアの秘密"  # stands in everything that is another adviser's
FIELDS = ("what", "first", "by", "helper", "known_by", "status", "helped")
PDFS = ["pdf", *(export.id for export in EXPORTS if export.ending == "pdf")]  # they take long, and read only
Aim = tuple[str, str, list[Any], list[Any]]  # an event, its name, ids, values
Sent = list[tuple[Any, Any]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store in which one adviser works beside another."""
    return open_store(f"sqlite:///{tmp_path / 'messages.sqlite3'}", "")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Everything that a widget sends beside its traits: files, addresses, answers."""
    log: Sent = []
    monkeypatch.setattr(PageWidget, "send", lambda _, content, buffers=None: log.append((content, buffers or [])))
    return log


@dataclass(frozen=True, slots=True)
class Office:
    """The store as it is and as the first adviser sees it, the first one's client, and what is the other one's."""

    store: Store
    seen: Store
    mine: str
    theirs: tuple[str, ...]
    before: list[Any]

    def other_rows(self) -> list[Any]:
        """Return what belongs to the other adviser."""
        other = advisers.find(self.store, "other")
        assert other is not None
        return rows_of(self.store.seen_by(other.id))


@pytest.fixture
def office(store: Store) -> Office:
    """Two advisers, each with a client and a visit of nobody."""
    mine = a_client(store, "one")
    me = advisers.find(store, "one")
    assert me is not None
    a_client(store, "other", FOREIGN)
    bare = Office(store, store.seen_by(me.id), mine, (), [])
    rows = bare.other_rows()
    ids = [one.id for one, _, _ in rows if one] + [one.id for _, visits, _ in rows for one in visits]
    return replace(bare, theirs=tuple(ids), before=rows)


def a_client(store: Store, who: str, told: str = "") -> str:
    """Give an adviser a client with two visits, and a visit of nobody; return the client's id."""
    mine = store.seen_by(advisers.add(store, who).id)
    wish = replace(NEW, case=Case(facts=Facts(wish=f"{told}の願い")), notes=told)
    name = known(mine, client(f"{told}{who}", name=told, until=days(300)), visit(wish), visit(planned(), name="v2"))
    mine.save(f"nobodys-{who}", None, None, wish)
    return name


def rows_of(store: Store) -> list[tuple[Client | None, tuple[Visit, ...], list[Any]]]:
    """Return everything that is kept, as whoever sees this store sees it."""
    everybody: list[Client | None] = [*store.clients(), None]
    kept = [(one, store.visits(one.id if one else None)) for one in everybody]
    return [(one, visits, [store.events(visit.id) for visit in visits]) for one, visits in kept]


def assert_all_rows_are_sound(store: Store) -> None:
    """Every record could stand where it is, is what its events lead to, and everything could go out and come in."""
    for owner, visits, _ in rows_of(store):
        for kept in visits:
            assert list(records.problems(CATALOG, kept.record)) == []
            assert store.replay(kept.id) == kept.record
        told = interchange.load(interchange.dump(owner, visits), CATALOG)
        assert told == (owner, visits)


def parts_of(widget: Any) -> Iterator[PageWidget]:
    """Yield every widget of ours below a box."""
    if isinstance(widget, PageWidget):
        yield widget
    for child in getattr(widget, "children", ()):
        yield from parts_of(child)


def junk(chance: random.Random, depth: int = 3) -> Any:
    """Return anything that JSON can hold."""
    simple: list[Callable[[], Any]] = [
        lambda: None,
        lambda: chance.random() < 0.5,
        lambda: chance.randint(-(10**20), 10**20),
        lambda: chance.uniform(-1e9, 1e9),
        lambda: chance.choice(PAYLOADS),
        lambda: "".join(chr(chance.randrange(1, 0x2FFF)) for _ in range(chance.randrange(9))) + "\ud83d",
    ]
    if depth and chance.random() < 0.3:
        inner = [junk(chance, depth - 1) for _ in range(chance.randrange(4))]
        return inner if chance.random() < 0.5 else {str(chance.choice(PAYLOADS)): one for one in inner}
    return chance.choice(simple)()


def message(chance: random.Random, aims: list[Aim], ids: list[str], values: list[Any]) -> Any:
    """Return one message: half of them such that a page might send them, the others less and less so."""
    kind, name, targets, told = chance.choice(aims)
    event = {"event": kind, "name": name, "id": chance.choice(targets), "value": chance.choice(told), "n": 1}
    event |= {"bytes": event["value"], "copy": event["value"], "answers": event["value"]}
    luck = chance.random()
    if luck > 0.95:
        return junk(chance)
    if luck > 0.5:
        wrong = chance.choice(list(event))
        others = {
            "id": ids,
            "name": [one[1] for one in aims],
            "event": ["answer", "action", "upload", "resume", "unheard", "ping"],
        }
        event[wrong] = chance.choice(others.get(wrong, values)) if luck > 0.6 else junk(chance)
    if event["id"] in PDFS and event["name"] in ["export", "everything"]:
        event["id"] = "json"
    return event


def hand_over(chance: random.Random, part: PageWidget, content: Any) -> None:
    """Hand a widget a message as the browser would: one of its own, or what it would write into a trait."""
    data: dict[str, Any] = {"method": "custom", "content": content}
    if chance.random() < 0.1:
        state = {"html": "<b>", "questions": [], "visit": "x", "values": {}, "unsaved": "x", "_esm": "x"}
        data = {"method": "update", "state": state, "buffer_paths": []}
    part.comm.handle_msg({"content": {"data": data}, "buffers": []})


def copies(visits: list[str]) -> list[str]:
    """Return what a tab might claim to hold of visits, its own and others'."""
    record = json.loads(records.dump(NEW))
    patches = [{}, {"notes": "x"}, {"step": "nowhere"}, {"case": {"responses": {"support_1": 99}}}, record]
    return [
        json.dumps({"visit": name, "base": base, "stored": stored, "patch": patch})
        for name in visits
        for base in (0, 1, 99)
        for stored in (True, False)
        for patch in patches
    ]


def handed_back(ids: list[str], values: list[Any]) -> list[Any]:
    """Return what a tab might claim that nobody has heard."""
    chance = random.Random(2)

    def one() -> Any:
        known = chance.choice([None, [None], values[:3], "x"])
        return {"id": chance.choice(ids), "value": chance.choice([4, 99, *values]), "known": known}

    return [*([one() for _ in range(chance.randrange(4))] for _ in range(20)), None, [None, {}, {"id": []}]]


def ids_of(store: Store) -> list[str]:
    """Return the ids of every client and visit that there is."""
    rows = rows_of(store)
    return [one.id for one, _, _ in rows if one] + [one.id for _, visits, _ in rows for one in visits]


def said(sent: Sent) -> str:
    """Return everything that was sent, as one text."""
    return "".join(
        f"{content}{bytes(one).decode(errors='replace')}" for content, buffers in sent for one in buffers or [b""]
    )


def shown(widget: Any) -> str:
    """Return every text that a page holds."""
    return "\n".join(text for part in parts_of(widget) for text in texts(part))


def page_aims(office: Office, own: str) -> list[Aim]:
    """Return what the workbook listens to; some of it leads away from the visit and comes less often."""
    items, steps, plans = [*CATALOG.items], [*CATALOG.steps], ["a1", "a2", "a3", "a9"]
    sheets = [
        f"sheet-{name}-{row}-{field}"
        for name, sheet in CATALOG.worksheets.items()
        for row in (0, 1, 98)
        for field in sheet.fields
    ]
    typed = [*PAYLOADS, "", "3", "2026-12-01", "2026-12-05T14:00", "x" * 12_000, "yes", "done"]
    seldom: list[Aim] = [
        ("action", "restart", ["restart"], [None]),
        ("action", "discard", [own, *office.theirs], [None]),
        *(("action", name, [own], [None]) for name in ("next_visit", "correct", "end_correction", "end")),
        ("action", "sample", [*worked_cases.load(CATALOG)], [None]),
        ("action", "export", [export.id for export in EXPORTS], [None]),
    ]
    point: Aim = ("answer", "", items, [*range(-1, 8), None, True])
    often: list[Aim] = [
        *([point] * 6),
        ("answer", "", ["situation", "role", "experience"], ["inside", "accounting", "other", ["sales", "it"], ["x"]]),
        ("answer", "", ["years", "wish", "notes", "next_at"], typed),
        ("answer", "", [f"account-{field}" for field in (*ACCOUNT, "x")], typed),
        ("answer", "", ["way", "ended", "useful", "useful_words"], [*typed, "room", "little"]),
        ("action", "take_over", ["account-progress", "account-x"], ["", "x"]),
        *(("action", name, ["account-progress", "x"], [None]) for name in ("open_private", "take_all")),
        ("action", "finish", [*records.SCREEN_IDS, "x"], [None]),
        *(("action", name, [f"step-{step}" for step in steps], [None]) for name in ("in_sight", "unfolded")),
        ("answer", "", [f"sign-{sign}" for sign in CATALOG.signs], ["yes", "no", "unknown", "perhaps"]),
        ("answer", "", [f"tried-{step}" for step in steps], ["untried", "with_effect", "x"]),
        ("answer", "", [f"marker-{item}" for item in items], [*range(8)]),
        ("answer", "", [f"action-{plan}-{field}" for plan in plans for field in FIELDS], typed),
        ("answer", "", [f"review-{plan}-{field}" for plan in plans for field in FIELDS], typed),
        ("answer", "", sheets, typed),
        *(("action", name, items, [None]) for name in ("skip", "discuss", "prioritise", "widen")),
        ("action", "choose", steps, [None]),
        ("action", "follow", [*CATALOG.paths], [None]),
        ("action", "add_action", [""], [None]),
        *(("action", name, plans, [None]) for name in ("put_aside", "take_back")),
        ("action", "carry", ["review-a1-status", "review-a9-status"], [None]),
        ("action", "drop_row", ["inventory-0", "goals-99", "goals-0"], [None]),
        *(("action", name, [*CATALOG.worksheets], [None]) for name in ("open_sheet", "take_home")),
        ("action", "use_draft", sheets, [None]),
        ("action", "suppose", ["start", "end"], [None]),
        ("action", "go", [*records.SCREEN_IDS], [None]),
        ("action", "speak", ["ja", "en", "fr"], [None]),
        *(("action", name, [""], [None]) for name in ("take_theirs", "keep_mine", "modernise", "add_suggestion")),
        ("resume", "", [""], copies([own, *office.theirs])),
        ("unheard", "", [""], handed_back([*items, *plans, "wish", "nothing"], typed)),
    ]  # fmt: skip
    return [*(aim for aim in often for _ in range(8)), *seldom]


def desk_aims(office: Office) -> list[Aim]:
    """Return what the front desk listens to, with every client and visit that there is now."""
    rows = rows_of(office.store)
    people, visits = [one.id for one, _, _ in rows if one], [one.id for _, kept, _ in rows for one in kept]
    stolen = replace(visit(), id=office.theirs[-1], client=office.theirs[0])
    files = [
        interchange.dump(client("Z-1", id=office.theirs[0]), (stolen,)),
        interchange.dump(client("one", id=office.mine), ()),
        interchange.dump(None, (replace(stolen, client=None),)),
        b'{"format": "advisor-workbook", "version": 1, "visits": [{}]}',
    ]
    codes = [f"A-{number}" for number in range(40)]
    typed: dict[str, list[Any]] = {
        "code": codes,
        "name": [*PAYLOADS],
        "purpose": [*PAYLOADS, "x" * 400],
        "agreed": [["yes"], "yes"],
    }
    typed |= {"given_on": ["2026-11-01", "3000-01-01"], "until": ["2027-05-01", "x"], "then": ["ask", "erase", "x"]}
    return [
        *(("action", name, people, [None]) for name in ("open", "open", "edit", "renew", "start")),
        ("action", "erase", people, ["one", *codes[:6]]),
        ("action", "erase_visit", visits, [None]),
        ("action", "assign", visits, people),
        ("action", "everything", ["json", "pdf"], [None]),
        ("action", "month", ["csv", "xlsx", "x"], ["2026-11", "2026-13", "x"]),
        ("action", "turn", ["list", "soon", "lapsed", "x"], ["1", "2", "-1", "999999999"]),
        ("action", "speak", ["ja", "en", "fr"], [None]),
        *(("action", name, ["x"], [None]) for name in ("list", "all", "new", "new", "cancel", "dismiss")),
        *(("action", "hand_in", ["form"], [None]) for _ in range(6)),
        *(("answer", "", [field], told) for field, told in typed.items() for _ in range(2)),
        ("answer", "", ["search"], ["one", "", *PAYLOADS]),
        ("upload", "", ["x"], [base64.b64encode(file).decode() for file in files]),
        ("ping", "", [""], [None]),
    ]


@pytest.mark.slow
def test_the_workbook_obeys_nothing_that_may_not_be(
    office: Office, sent: Sent, caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(20261121)
    own, old, other = new_id(), office.seen.visits(office.mine)[0].id, office.theirs[-1]
    office.seen.save(own, office.mine, None, NEW)  # a visit of today: an old one is only read
    aims, values = page_aims(office, own), [*PAYLOADS, *range(-1, 8), None, "x" * 12_000, ["x"], 2.0]
    ids = [*ids_of(office.store), *(one for aim in aims for one in aim[2])]
    wanted = [own] * (MESSAGES // 100 - 3) + ["", other, old]  # a page lives for a hundred messages
    for name in wanted:
        opened = open_visit(office.seen, name)
        assert opened.session.client == (office.mine if name in {own, old} else None)
        page = Page(opened.session, opened.autosave, notice=opened.notice)
        for _ in range(100):
            part = chance.choice(list(parts_of(page.widget)))
            hand_over(chance, part, message(chance, aims, ids, values))
            assert not page.trouble
        assert FOREIGN not in shown(page.widget)
    kept = office.seen.visit(own)
    assert kept is not None
    assert kept.record.revision > MESSAGES / 10  # much of it was obeyed, as it may be
    assert office.other_rows() == office.before
    assert_all_rows_are_sound(office.store)
    assert FOREIGN not in said(sent)
    assert [entry for entry in caplog.records if entry.levelname == "ERROR"] == []


@pytest.mark.slow
def test_a_client_s_own_screen_changes_nothing_of_the_adviser_s(
    office: Office, sent: Sent, caplog: pytest.LogCaptureFixture
) -> None:
    chance, secret = random.Random(18), "担当者だけの覚え書き"
    own = new_id()
    private: dict[str, Any] = {"notes": secret, "account": {"concern": secret}, "markers": {"reward_1": 2}}
    private |= {"unfit": {f"path-{next(iter(CATALOG.paths))}": secret}}
    office.seen.save(own, office.mine, None, replace(NEW, revision=1, client_screen=ClientScreen("alone"), **private))
    _, token = invitations.make_live(office.seen, own)
    guest = office.store.seen_by_client(invitations.hash_of(token))
    aims, values = page_aims(office, own), [*PAYLOADS, *range(-1, 8), None, "x" * 12_000, ["x"], 2.0]
    aims += [("action", name, ["client"], [None]) for name in ("hold", "alone", "point", "make_link", "close_client")]
    aims += [("point", "", ["reward_1", "<b>"], [None]), ("back", "", ["plan"], [None])]
    ids = [*ids_of(office.store), *(one for aim in aims for one in aim[2])]
    for _ in range(MESSAGES // 200):
        opened = open_visit(guest, own)
        page = ClientPage(opened.session, opened.autosave, notice=opened.notice, door="../live")
        for _ in range(100):
            part = chance.choice(list(parts_of(page.widget)))
            hand_over(chance, part, message(chance, aims, ids, values))
            assert not page.trouble
        assert not page.is_over
        assert [word for word in (FOREIGN, secret) if word in shown(page.widget)] == []
    kept = office.seen.visit(own)
    assert kept is not None
    assert kept.record.revision > MESSAGES / 40  # the answers were taken
    same = {name: getattr(kept.record, name) for name in private}
    assert same == private
    theirs = (kept.record.way, kept.record.ended, kept.record.done, kept.record.language, kept.record.screen)
    assert theirs == (NEW.way, NEW.ended, NEW.done, NEW.language, NEW.screen)
    assert kept.record.client_screen.mode == "alone"
    assert (kept.client, office.other_rows()) == (office.mine, office.before)
    assert_all_rows_are_sound(office.store)
    assert [word for word in (FOREIGN, secret) if word in said(sent)] == []
    assert [entry for entry in caplog.records if entry.levelname == "ERROR"] == []


@pytest.mark.slow
def test_the_desk_obeys_nothing_that_may_not_be(office: Office, sent: Sent, caplog: pytest.LogCaptureFixture) -> None:
    chance = random.Random(2)
    page = DeskPage(CATALOG, office.seen, lambda: TODAY, "workbook")
    values = [*PAYLOADS, None, 7, ["x"], "x" * 20_000]
    for _ in range(MESSAGES // 50):
        if not office.seen.clients():  # the last one was erased
            known(office.seen, client("one", until=days(300)))
            page.desk.show_list()
        aims = desk_aims(office)
        ids = [*office.theirs, *ids_of(office.store), *form.FIELDS]
        for _ in range(50):
            part = chance.choice(list(parts_of(page.widget)))
            hand_over(chance, part, message(chance, aims, ids, values))
            assert not page.trouble
        assert FOREIGN not in shown(page.widget)
    heard = [content["event"] for content, _ in sent]
    assert {"seen", "pong", "open", "download"} <= set(heard)  # much of it was obeyed, as it may be
    assert office.seen.tombstones()
    assert office.other_rows() == office.before
    assert_all_rows_are_sound(office.store)
    assert FOREIGN not in said(sent)
    opened = [content["url"] for content, _ in sent if content["event"] == "open"]
    assert not [url for url in opened if any(name in url for name in office.theirs)]
    assert [entry for entry in caplog.records if entry.levelname == "ERROR"] == []
