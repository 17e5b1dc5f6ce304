"""The front desk's page without a browser: what stands on it, what its buttons do, what it refuses."""

from __future__ import annotations

import base64
import json
import logging
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ipywidgets import Widget

from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.content.words import LANGUAGES, Language
from advisor.report import interchange
from advisor.session.model import Action, Visit
from advisor.store import NotSaved, Store, access_log, advisers, open_store
from advisor.view.desk import form
from advisor.view.desk.page import DeskPage
from advisor.view.desk.words import spoken
from advisor.view.widgets.widgets import Lifeline, PageWidget, Panel, Sheet
from tests.desks import NEW, STEP, TODAY, TYPED, client, days, known, planned, visit
from tests.pages import Markup, send, texts
from tests.support import CATALOG
from tests.view.test_events import junk

MARKUP = "<b onclick=alert(1)>{{ 777 * 7 }}</b>"
JA = say(CATALOG, "ja")
Sent = list[tuple[dict[str, Any], list[bytes]]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store in a file."""
    return open_store(f"sqlite:///{tmp_path / 'desk.sqlite3'}", "")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What the page as a whole sends to the browser beside its traits."""
    log: Sent = []
    monkeypatch.setattr(Lifeline, "send", lambda _, content, buffers=None: log.append((content, buffers or [])))
    return log


def opened(store: Store, today: date = TODAY) -> DeskPage:
    return DeskPage(CATALOG, store, lambda: today, "workbook")


def shown(page: DeskPage) -> list[PageWidget]:
    """Return the widgets that can be seen."""
    pieces = [*page.top, *page.screens[page.desk.screen], page.footer]
    return [piece.widget for piece in pieces]


def asked(page: DeskPage) -> list[dict[str, Any]]:
    """Return the questions that can be seen."""
    return [question for part in shown(page) if isinstance(part, Sheet) for question in part.questions]


def html(page: DeskPage) -> str:
    return "\n".join(part.html for part in shown(page) if isinstance(part, Panel))


def act(page: DeskPage, name: str, target: str, value: str | None = None) -> None:
    """Press a button that stands on the page."""
    pressed = {"data-action": name, "data-id": target}
    part = next(part for part in shown(page) if isinstance(part, Panel) and _holds(part.html, pressed))
    send(part, event="action", name=name, id=target, value=value)


def _holds(source: str, wanted: dict[str, str]) -> bool:
    return any(wanted.items() <= attributes.items() for _, attributes in Markup(source).tags)


def answer(page: DeskPage, name: str, value: Any) -> None:
    sheet = next(part for part in shown(page) if isinstance(part, Sheet))
    send(sheet, event="answer", id=name, value=value, n=1)


def upload(page: DeskPage, content: bytes | None) -> None:
    """Choose a file, as the browser hands it over."""
    sent = None if content is None else base64.b64encode(content).decode()
    send(shown(page)[-2], event="upload", name="x.json", bytes=sent)


def busy(store: Store) -> str:
    """Fill the store: a client with two visits and something due, one whose time is over, a visit of nobody."""
    due = planned(Action("a1", STEP, by=days(-1)), Action("a2", what=MARKUP, first=MARKUP, by=days(3)))
    name = known(store, client("A-1", name=MARKUP, purpose=MARKUP), visit(on=days(-9)), visit(due, days(-2), "v2"))
    known(store, client("B-2", until=days(-1)))
    store.save("nobodys", None, None, replace(NEW, case=Case(facts=Facts(wish=MARKUP))))
    return name


def go(page: DeskPage, screen: str, name: str) -> None:
    """Bring a screen of the desk, in one of its states, before one's eyes."""
    desk = page.desk
    if screen in {"client", "mistyped"}:
        desk.open(name)
    if screen in {"new", "wrong"}:
        desk.register_new()
    if screen == "edit":
        desk.edit(name)
    if screen == "wrong":
        desk.hand_in()
    if screen == "mistyped":
        desk.erase(name, "x")
    if screen == "nothing found":
        desk.search("zzz")
    if screen == "import":
        desk.take_in(client("A-1"), ())
    if screen == "trouble":
        page.trouble = True
        desk.refuse("desk_import_broken", why=MARKUP)


# --- what stands there ---


def test_an_empty_desk_says_in_three_steps_what_to_do_first(store: Store) -> None:
    page = opened(store)
    found = Markup(html(page))
    assert [tag for tag, _ in found.tags].count("ol") == 1
    assert all(JA(f"desk_empty_{step}") in found.text for step in (1, 2, 3))
    assert found.named("data-action").count("new") == 1
    assert [part.questions for part in shown(page) if isinstance(part, Sheet)] == [[]]


def test_a_row_says_who_when_how_many_and_what_is_due(store: Store) -> None:
    busy(store)
    page = opened(store)
    table = re.search(r"<table.*?</table>", html(page), re.DOTALL)
    assert table
    rows = [Markup(row).text for row in re.findall(r"<tr id.*?</tr>", table[0], re.DOTALL)]
    assert len(rows) == 2
    lapsed, first = rows  # who is new comes first
    for part in ("A-1", JA("desk_overdue"), JA("desk_count", number=2), JA("desk_next_none"), "11月19日"):
        assert part in first
    assert JA("desk_no_visit") in lapsed
    assert JA("desk_lapsed_chip") in lapsed


def test_what_is_due_stands_above_the_list_also_while_one_searches(store: Store) -> None:
    busy(store)
    page = opened(store)
    assert JA("desk_due_title") in html(page)
    answer(page, "search", "ｂ－２")
    assert JA("desk_due_title") in html(page)
    assert listed(page) == ["B-2"]
    assert JA("desk_found", all=2, found=1) in html(page)
    answer(page, "search", "zzz")
    assert JA("desk_not_found") in html(page)
    act(page, "all", "all")
    assert JA("desk_all", all=2) in html(page)


def test_a_client_whose_time_is_over_stands_on_top_and_can_be_kept_or_erased(store: Store) -> None:
    busy(store)
    page = opened(store)
    lapsed = next(row.client.id for row in page.desk.rows if row.client.code == "B-2")
    act(page, "erase", lapsed, "wrong")
    assert JA("desk_erase_mistyped") in html(page)
    act(page, "renew", lapsed)
    assert page.desk.screen == "form"


def test_a_client_without_a_visit_is_told_how_to_begin(store: Store) -> None:
    name = known(store, client())
    page = opened(store)
    page.desk.open(name)
    assert JA("desk_no_visits_text") in html(page)
    assert Markup(html(page)).named("href") == []


def test_links_lead_to_the_visits_and_a_comparison_is_offered_from_the_second_on(store: Store) -> None:
    name = busy(store)
    page = opened(store)
    page.desk.open(name)
    first, second = (found.id for found in store.visits(name))
    one, two = f"workbook?s={first}", f"workbook?s={second}"
    assert Markup(html(page)).named("href") == [two, f"{two}&go=results", two, one]
    page.desk.erase_visit(first)
    assert Markup(html(page)).named("href") == [two, two]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "screen", ["list", "nothing found", "client", "new", "edit", "wrong", "import", "mistyped", "trouble"]
)
def test_every_screen_is_said_in_full_and_shows_markup_as_text(store: Store, screen: str, language: Language) -> None:
    name = busy(store)
    page = opened(store)
    page.desk.speak(language)
    go(page, screen, name)
    found = Markup(html(page))
    assert [tag for tag, _ in found.tags if tag == "b"] == []
    assert "{{ 777 * 7 }}" in html(page) or screen in {"new", "wrong", "import", "edit"}
    ids = found.named("id")
    assert len(ids) == len(set(ids))
    said = [text for part in [page.lifeline, *shown(page)] for text in texts(part)]
    assert [text for text in said if re.search(r"\{(?!max|n\}|text\}|\{)\w+\}", text)] == []


@pytest.mark.parametrize("screen", ["form", "client", "list"])
def test_a_screen_is_drawn_out_of_sight_and_shown_whole_each_part_in_one_message(
    store: Store, screen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, name = opened(store), busy(store)
    page.desk.show_list()
    shows = {"form": page.desk.register_new, "client": lambda: page.desk.open(name), "list": page.desk.show_list}
    shows["form" if screen == "list" else "list"]()
    told: list[Widget] = []
    with monkeypatch.context() as patch:
        patch.setattr(Widget, "send_state", lambda widget, key=None: told.append(widget) if key else None)
        shows[screen]()
    parts = [piece.widget for piece in page.screens[screen]]
    assert [part for part in told if part in parts] == parts
    hidden = told.index(page.boxes["form" if screen == "list" else "list"].layout)
    assert max(told.index(part) for part in parts) < hidden < told.index(page.boxes[screen].layout)


def test_what_is_not_shown_holds_nothing_of_anybody(store: Store) -> None:
    name = busy(store)
    page = opened(store)
    page.desk.open(name)
    page.desk.register_new()
    hidden = [piece.widget for screen in ("list", "client") for piece in page.screens[screen]]
    assert {part.html for part in hidden if isinstance(part, Panel)} == {""}
    assert [part.questions for part in hidden if isinstance(part, Sheet)] == [[]]
    assert page.boxes["list"].layout.display == "none"


def test_the_tab_names_the_screen_and_nobody(store: Store) -> None:
    name = busy(store)
    page = opened(store)
    page.desk.open(name)
    assert page.lifeline.title == JA("desk_tab", screen=JA("desk_client_title"), title=JA("title"))
    page.desk.speak("en")
    assert page.lifeline.lang == "en"
    assert page.lifeline.words["lost"] == say(CATALOG, "en")("desk_lost")


def test_the_page_says_where_records_are_and_whether_they_are_sealed(store: Store, tmp_path: Path) -> None:
    from advisor.store import new_key

    assert "desk.sqlite3" in html(opened(store))
    assert JA("desk_not_sealed") in html(opened(store))
    sealed = open_store(f"sqlite:///{tmp_path / 'sealed.sqlite3'}", new_key())
    assert JA("desk_sealed") in html(opened(sealed))


@pytest.fixture
def many(store: Store) -> Store:
    """A store with more clients than one page of the list holds."""
    for number in range(120):
        known(store, client(f"A-{number:03}", name=f"佐藤 {number}"))
    return store


def listed(page: DeskPage) -> list[str]:
    """Return the codes that stand in the list."""
    (table,) = re.findall(r"<table.*?</table>", html(page), re.DOTALL) or [""]
    return re.findall(r"aw-desk-name[^>]*>\s*<strong>([^<]+)", table)


def test_many_clients_stand_in_pages_that_say_where_one_is(many: Store) -> None:
    page = opened(many)
    seen = [listed(page)]
    assert JA("desk_page_people", first=1, last=50, all=120) in html(page)
    for number, first, last in ((2, 51, 100), (3, 101, 120)):
        act(page, "turn", "list", str(number))
        assert JA("desk_page_people", first=first, last=last, all=120) in html(page)
        seen.append(listed(page))
    assert [len(codes) for codes in seen] == [50, 50, 20]
    assert [code for codes in seen for code in codes] == [f"A-{number:03}" for number in range(120)]


def test_a_button_that_leads_beyond_the_first_or_last_page_can_be_reached_but_does_nothing(many: Store) -> None:
    page = opened(many)

    def closed() -> list[str]:
        turns = [tag for _, tag in Markup(html(page)).tags if tag.get("data-action") == "turn"]
        return [tag["id"] or "" for tag in turns if tag.get("aria-disabled") == "true"]

    assert closed() == ["turn-list-back", "turn-list-back-below"]
    act(page, "turn", "list", "2")
    assert closed() == []
    act(page, "turn", "list", "3")
    assert closed() == ["turn-list-on", "turn-list-on-below"]
    send(page.screens["list"][3].widget, event="action", name="turn", id="list", value="4")
    assert listed(page)[0] == "A-100"  # the last page stays


def test_a_search_begins_on_its_first_page_and_a_visit_to_a_client_comes_back_to_the_same(many: Store) -> None:
    page = opened(many)
    act(page, "turn", "list", "3")
    first = page.desk.rows[100].client.id
    act(page, "open", first)
    act(page, "list", "list")
    assert listed(page)[0] == "A-100"
    answer(page, "search", "佐藤")
    assert listed(page)[0] == "A-000"
    answer(page, "search", "１１")
    assert listed(page) == ["A-011", *(f"A-{number}" for number in range(110, 120))]
    assert JA("desk_found", all=120, found=11) in html(page)
    assert "turn-list" not in html(page)


def test_a_page_that_is_gone_when_one_comes_back_is_the_last_one_that_is_there(many: Store) -> None:
    page = opened(many)
    act(page, "turn", "list", "3")
    act(page, "open", page.desk.rows[110].client.id)
    for line in page.desk.rows[90:]:
        many.erase_client(line.client.id, TODAY)
    page.desk.show_list()
    assert listed(page) == [f"A-{number:03}" for number in range(50, 90)]


def test_what_is_due_and_whose_time_is_over_comes_in_pages_too_and_nobody_is_left_out(store: Store) -> None:
    due = planned(Action("a1", STEP, by=days(-1)))
    for number in range(23):
        known(store, client(f"A-{number:03}", until=days(-1)), visit(due))
    page = opened(store)
    for name, size, pattern in (
        ("soon", 6, r"data-action=\"open\"[^>]*>\s*<strong>(A-\d+)"),
        ("lapsed", 5, r"<span>\s*<strong>(A-\d+)"),
    ):
        told: list[str] = []
        for number in range(1, -(-23 // size) + 1):
            if number > 1:
                act(page, "turn", name, str(number))
            told += re.findall(pattern, html(page).partition("<table")[0])
        assert sorted(told) == [f"A-{number:03}" for number in range(23)]


def test_todays_appointments_stand_above_all_else_by_their_time(store: Store) -> None:
    for code, hour in (("B-2", 15), ("A-1", 9), ("C-3", 11)):
        at = datetime(TODAY.year, TODAY.month, TODAY.day, hour)  # noqa: DTZ001  (the local time of the room)
        known(store, client(code), visit(replace(NEW, next_at=at), days(-9)))
    known(store, client("D-4"), visit(planned(Action("a1", STEP, by=days(-9)))))
    page = opened(store)
    today, soon = (html(page).index(JA(word, number=3)) for word in ("desk_today_count", "desk_due_title"))
    assert today < soon
    times = re.findall(r"aw-desk-time\">(\d\d:00)", html(page)[today:soon])
    assert times == ["09:00", "11:00", "15:00"]
    assert "D-4" in Markup(html(page)[soon:]).text


def test_with_many_clients_a_visit_of_nobody_is_given_to_one_of_those_the_search_finds(many: Store) -> None:
    many.save("nobodys", None, None, NEW)
    page = opened(many)
    assert html(page).split('id="month"')[0].count("<option") == 51
    assert JA("desk_assign_found") in html(page)
    answer(page, "search", "A-117")
    assert html(page).split('id="month"')[0].count("<option") == 2
    act(page, "assign", "nobodys", page.desk.rows[117].client.id)
    assert [visit.client for visit in many.visits(None)] == []


WEIGHT = 100_000  # bytes of all that stands on the list; a whole opening has 40 kB besides


def test_a_list_of_any_length_is_a_light_message(store: Store) -> None:
    due = planned(Action("a1", STEP, by=TODAY), Action("a2", what="簿記の教材を読む", by=days(-3)))
    people = [client(f"K-{number:05}", name="佐藤 花子", until=days(-1)) for number in range(300)]
    for one in people:
        known(store, one, visit(due, days(-9)))
    for number in range(30):
        store.save(f"nobody{number}", None, None, NEW)
    page = opened(store)
    assert len(html(page).encode()) < WEIGHT
    assert JA("desk_page_people", first=1, last=50, all=300) in html(page)


# --- what people do ---


def test_a_client_is_registered_by_the_form(store: Store) -> None:
    page = opened(store)
    act(page, "new", "new")
    act(page, "hand_in", "form")
    wrong = {question["id"]: question["error"] for question in asked(page) if "error" in question}
    assert wrong == {"code": JA("desk_error_code"), "agreed": JA("desk_error_agreed")}
    assert JA("desk_ask_code") in html(page)
    for name, text in TYPED.items():
        answer(page, name, [text] if name == "agreed" else text)
    act(page, "hand_in", "form")
    assert [kept.code for kept in store.clients()] == ["A-001"]
    assert JA("desk_registered") in html(page)
    act(page, "dismiss", "note")
    assert JA("desk_registered") not in html(page)


def test_what_no_key_types_is_left_out_of_the_form(store: Store) -> None:
    page = opened(store)
    act(page, "new", "new")
    for name, text in {**TYPED, "code": "A\x00-\x1b7", "name": "佐藤\x00\ud83d"}.items():
        answer(page, name, text)
    act(page, "hand_in", "form")
    assert [(kept.code, kept.name) for kept in store.clients()] == [("A-7", "佐藤?")]


def test_consent_is_asked_for_anew_as_soon_as_it_changes(store: Store) -> None:
    name = busy(store)
    page = opened(store)
    page.desk.edit(name)
    assert "agreed" not in [question["id"] for question in asked(page)]
    answer(page, "until", "2028-01-01")
    assert "agreed" in [question["id"] for question in asked(page)]


def test_starting_stores_a_visit_and_leads_to_it(store: Store, sent: Sent) -> None:
    name = known(store, client())
    page = opened(store)
    act(page, "open", name)
    sent.clear()
    act(page, "start", name)
    (kept,) = store.visits(name)
    assert sent == [({"event": "open", "url": f"workbook?s={kept.id}", "over": True}, [])]


def test_a_start_that_could_not_be_stored_leads_nowhere(
    store: Store, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = known(store, client())
    page = opened(store)
    act(page, "open", name)

    def fail(*_: Any) -> None:
        raise NotSaved("not_saved_full")

    monkeypatch.setattr(Store, "save", fail)
    sent.clear()
    act(page, "start", name)
    assert sent == []
    assert JA("not_saved_full") in html(page)


def test_an_erasure_is_told_with_its_day_and_counts(store: Store) -> None:
    name = busy(store)
    page = opened(store)
    act(page, "open", name)
    act(page, "erase", name, "A-1")
    assert [kept.code for kept in store.clients()] == ["B-2"]
    assert JA("desk_erased", day="2026年11月21日（土）", visits=2, events=2) in html(page)


def test_one_can_begin_without_registering_anybody(store: Store) -> None:
    link = f'<a class="aw-button" href="workbook">{JA("desk_direct")}</a>'
    assert link in html(opened(store))  # on the empty desk
    busy(store)
    assert link in html(opened(store))


def test_a_visit_of_nobody_is_given_to_whom_one_chooses(store: Store) -> None:
    name = busy(store)
    page = opened(store)
    act(page, "assign", "nobodys", "")
    assert len(store.visits(None)) == 1
    act(page, "assign", "nobodys", name)
    assert len(store.visits(name)) == 3


def test_everything_kept_is_handed_over_as_json_and_can_be_taken_in_again(store: Store, sent: Sent) -> None:
    name = busy(store)
    page = opened(store)
    act(page, "open", name)
    first = store.visits(name)[0]
    store.save(first.id, name, first.record, replace(first.record, revision=9, notes="あとから"))
    act(page, "everything", "json")
    ((message, (content,)),) = [one for one in sent if one[0]["event"] == "download"]
    assert message["type"] == "application/json"
    assert re.fullmatch(rf"{JA('desk_file')}-A-1-20261121-\d{{4}}\.json", message["name"])
    assert interchange.load(content, CATALOG) == (store.client(name), store.visits(name))
    assert [line["action"] for line in json.loads(content)["log"]] == ["imported"] * 3 + ["opened", "exported"]
    page.desk.show_list()
    upload(page, content)
    assert (page.desk.screen, set(page.desk.problems)) == ("form", {"code"})
    answer(page, "code", "A-9")
    act(page, "hand_in", "form")
    assert sorted(kept.code for kept in store.clients()) == ["A-1", "A-9", "B-2"]
    assert JA("desk_taken_in", visits=2) in html(page)


def test_everything_kept_is_handed_over_as_a_pdf(store: Store, sent: Sent) -> None:
    name = busy(store)
    page = opened(store)
    act(page, "open", name)
    act(page, "everything", "pdf")
    ((message, (content,)),) = [one for one in sent if one[0]["event"] == "download"]
    assert message["type"] == "application/pdf"
    assert re.fullmatch(rf"{JA('desk_file')}-A-1-20261121-\d{{4}}\.pdf", message["name"])
    assert content.startswith(b"%PDF")
    assert JA("desk_handed_over") in html(page)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (None, "desk_import_large"),
        (b"", "desk_import_broken"),
        (b"[]", "desk_import_broken"),
        (json.dumps({"format": "advisor-workbook", "version": 99, "visits": []}).encode(), "desk_import_broken"),
    ],
)
def test_a_file_that_cannot_be_taken_in_is_refused_with_a_sentence_beside_it(
    store: Store, content: bytes | None, word: str
) -> None:
    page = opened(store)
    upload(page, content)
    assert page.desk.note is not None
    assert (page.desk.note.word, store.clients()) == (word, ())
    beside = next(piece.widget for piece in page.screens["list"] if "data-upload" in getattr(piece.widget, "html", ""))
    assert "aw-error" in beside.html
    assert "desk-note" not in html(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_record_whose_time_is_over_says_why_a_new_consent_is_asked_for(store: Store, language: Language) -> None:
    words = say(CATALOG, language)
    page = opened(store)
    page.desk.speak(language)
    upload(page, interchange.dump(client("A-7", until=days(-3), then="erase"), ()))
    assert page.desk.screen == "form"
    assert words("desk_form_import_over", code="A-7", day=spoken(words, days(-3))) in Markup(html(page)).text
    assert [question["id"] for question in asked(page)] == ["purpose", "given_on", "until", "then", "agreed"]
    assert words("desk_heading_consent") in html(page)
    act(page, "cancel", "form")
    assert (page.desk.screen, store.clients()) == ("list", ())


# --- what is refused ---


WRONG: list[dict[str, Any]] = [
    *({"event": "action", "name": name, "id": "nothing", "value": "x"} for name in (
        "open", "edit", "renew", "start", "erase", "erase_visit", "assign", "everything", "speak", "hand_in",
        "__init__",
    )),
    {"event": "action", "name": "erase", "id": "nothing"},
    {"event": "action", "name": "open", "id": None},
    {"event": "action"},
    *({"event": "action", "name": "turn", "id": "list", "value": value} for value in (
        None, "", "-1", "1.5", "²", "٣", "9" * 10, "x",
    )),
    {"event": "action", "name": "turn", "id": "nothing", "value": "1"},
    {"event": "answer", "id": "code", "value": "x"},
    {"event": "answer", "id": "search", "value": 7},
    {"event": "answer", "id": "search", "value": [{}]},
    {"event": "answer", "id": "search", "value": "x" * 20_000},
    {"event": "resume", "copy": "{}"},
    {"event": "nothing"},
]  # fmt: skip


@pytest.mark.parametrize("message", WRONG, ids=lambda message: str(message)[:60])
def test_what_the_desk_does_not_offer_changes_nothing(
    store: Store, message: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    busy(store)
    page = opened(store)
    before, stood = html(page), (store.clients(), store.visits(None))
    for part in shown(page):
        send(part, **message)
    if message.get("value") != [{}]:
        assert html(page) == before
    assert (store.clients(), store.visits(None)) == stood
    assert (page.trouble, caplog.records) == (False, [])


BUTTONS = (
    "speak",
    "list",
    "all",
    "turn",
    "open",
    "new",
    "edit",
    "renew",
    "hand_in",
    "cancel",
    "dismiss",
    "erase",
    "assign",
)
messages = st.fixed_dictionaries(
    {"event": st.sampled_from(["answer", "action", "upload"]), "name": st.sampled_from(BUTTONS) | junk},
    optional={"id": junk | st.sampled_from(form.FIELDS), "value": junk, "text": junk},
)


@given(messages=st.lists(messages, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@pytest.mark.slow
def test_whatever_a_browser_sends_the_desk_stands(store: Store, messages: list[dict[str, Any]]) -> None:
    page = opened(store)
    for message in messages:
        for part in shown(page):
            send(part, **message)
    assert not page.trouble
    assert store.clients() == ()


def test_our_own_failure_is_said_without_a_word_of_anybody(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    page = opened(store)

    def fail(*_: Any) -> None:
        raise RuntimeError("カナリア株式会社")

    monkeypatch.setattr(page.desk, "search", fail)
    with caplog.at_level(logging.INFO):
        send(page.screens["list"][1].widget, event="answer", id="search", value="カナリア株式会社")
    assert JA("desk_trouble") in html(page)
    assert "カナリア" not in caplog.text
    act(page, "new", "new")
    assert JA("desk_trouble") not in html(page)


def test_a_store_that_cannot_be_read_is_said_and_can_be_tried_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from advisor.store import NotRead

    def fail(_: Store) -> tuple[Visit, ...]:
        raise NotRead

    monkeypatch.setattr(Store, "reading", fail)
    page = opened(store)
    assert JA("desk_unread") in html(page)
    assert JA("desk_empty") not in html(page)
    monkeypatch.undo()
    act(page, "list", "list")
    assert JA("desk_empty") in html(page)


def test_a_desk_that_stays_open_over_midnight_knows_the_new_day(store: Store) -> None:
    known(store, client(), visit(planned(Action("a1", STEP, by=TODAY))))
    now = [TODAY]
    page = DeskPage(CATALOG, store, lambda: now[0], "workbook")
    assert JA("desk_today") in html(page)
    now[0] += timedelta(days=1)
    page.desk.refresh()
    assert JA("desk_overdue") in html(page)


# --- advisers -----------------------------------------------------------------------------------------------------


def test_a_lead_sees_whose_each_client_is_and_a_member_sees_only_their_own(store: Store) -> None:
    lead, member = (
        store.seen_by(advisers.add(store, name, team="東", leads=leads).id)
        for name, leads in ((MARKUP, True), ("鈴木 <b>", False))
    )
    mine, theirs = known(lead, client("A-001"), visit()), known(member, client("A-002"), visit())
    whose = JA("desk_adviser", name="鈴木 <b>")
    page = opened(lead)
    _, first, second = html(page).split('<tr id="client-')
    assert [whose in Markup(row).text for row in (first, second)] == [theirs in first, theirs in second]
    assert Markup(html(page)).text.count(whose) == 1
    act(page, "open", theirs)
    assert whose in Markup(html(page)).text
    act(page, "list", "list")
    act(page, "open", mine)
    assert whose not in Markup(html(page)).text
    page = opened(member)
    assert [row.client.code for row in page.desk.rows] == ["A-002"]
    assert JA("desk_adviser", name="") not in html(page)
    send(shown(page)[0], event="action", name="open", id=mine)
    assert page.desk.screen == "list"


def test_opening_handing_over_and_taking_in_at_the_desk_is_logged(store: Store, sent: Sent) -> None:
    one = known(store, client("A-001"), visit())
    page = opened(store)
    act(page, "open", one)
    for kind in ("pdf", "json"):
        act(page, "everything", kind)
    told = [(entry.action, entry.client, entry.detail) for entry in access_log.entries(store)]
    assert told[2:] == [("opened", one, ""), ("exported", one, "pdf"), ("exported", one, "json")]
    assert len(sent) == 2


def test_what_cannot_be_logged_is_neither_opened_nor_handed_over(
    store: Store, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = known(store, client("A-001"), visit())
    page, other = opened(store), opened(store)
    act(other, "open", one)

    def full(*_: Any, **__: Any) -> None:
        raise NotSaved("not_saved_full")

    monkeypatch.setattr(Store, "log", full)
    act(page, "open", one)
    assert page.desk.screen == "list"
    assert JA("not_saved_full") in html(page)
    act(other, "everything", "json")
    assert sent == []
    assert JA("not_saved_full") in html(other)


def test_an_adviser_who_is_stopped_while_the_desk_is_open_sees_nothing_more(store: Store, sent: Sent) -> None:
    mine = store.seen_by(advisers.add(store, "佐藤").id)
    one = known(mine, client("A-001"), visit())
    page = opened(mine)
    advisers.disable(store, "佐藤")
    act(page, "open", one)
    assert page.desk.screen == "list"
    assert JA("not_allowed") in html(page)
    page = opened(mine)
    assert JA("not_allowed") in html(page)
    assert "A-001" not in html(page)
    assert sent == []
