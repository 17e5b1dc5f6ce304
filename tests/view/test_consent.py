"""Consent at the desk: what is explained, allowed and withdrawn, the letterhead of the office, and the case sheet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from advisor.content.translator import say
from advisor.session import letterhead
from advisor.session.letterhead import Letterhead
from advisor.session.model import Details, Permission
from advisor.session.session import Rejected
from advisor.store import NotSaved, Store, access_log, backup, office, open_store
from advisor.store.open_visit import begin_next, open_visit
from advisor.view.desk.page import DeskPage
from advisor.view.widgets.widgets import Panel, Sheet
from tests.databases import believed
from tests.desks import CONSENT, NEW, TODAY, client, days, known, register, visit
from tests.desks import desk as desk_of
from tests.leaving import filled
from tests.papers import pages
from tests.support import CATALOG

JA = say(CATALOG, "ja")
OFFICE = {
    "office": "みなと相談室",
    "reach": "03-0000-0000",
    "adviser": "中村",
    "seen": "担当者だけが見ます。",
    "employer": "勤め先には伝えません。",
    "called": "お客様",
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store; what is said here does not depend on the kind of database."""
    one = open_store(f"sqlite:///{tmp_path}/a.sqlite3", "")
    believed(one, days(-1))
    return one


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """The files that the page hands to the browser: name and content."""
    made: list[tuple[str, bytes]] = []
    monkeypatch.setattr(
        "advisor.view.widgets.widgets.Lifeline.download", lambda _, name, __, content: made.append((name, content))
    )
    return made


def opened(store: Store) -> DeskPage:
    return DeskPage(CATALOG, store, lambda: TODAY, "workbook")


def hear(page: DeskPage, name: str, target: str = "x", **told: Any) -> None:
    page._hear({"event": "action", "name": name, "id": target, **told})  # noqa: SLF001  (a browser's message)


def enter(page: DeskPage, name: str, value: Any) -> None:
    page._hear({"event": "answer", "id": name, "value": value})  # noqa: SLF001  (as above)


def html(page: DeskPage) -> str:
    pieces = [*page.top, *page.screens[page.desk.screen]]
    return "\n".join(piece.widget.html for piece in pieces if isinstance(piece.widget, Panel))


def asked(page: DeskPage) -> dict[str, dict[str, Any]]:
    sheets = [piece.widget for piece in page.screens[page.desk.screen] if isinstance(piece.widget, Sheet)]
    return {question["id"]: question for sheet in sheets for question in sheet.questions}


def told_office(store: Store) -> None:
    page = opened(store)
    hear(page, "office")
    hear(page, "letterhead_edit")
    for name, text in OFFICE.items():
        enter(page, f"letterhead-{name}", text)
    hear(page, "letterhead_keep")


# --- the form ---


def test_a_new_client_allows_nothing_until_it_is_ticked_and_each_tick_has_its_day(store: Store) -> None:
    one = desk_of(store)
    register(one, code="A")
    register(one, code="B", uses="contact supervision", given_on="2026-11-01", until="2027-11-01", employer=" 商事 ")
    first, second = sorted(store.clients(), key=lambda kept: kept.code)
    assert first.details == Details()
    day = Permission(days(-20))
    assert second.details == Details({"supervision": day, "contact": day}, employer="商事")


def test_ticks_that_change_later_have_the_day_of_the_change_and_no_new_consent_is_needed(store: Store) -> None:
    given = Details({"contact": Permission(days(-30))}, office="横浜")
    name = known(store, client(details=given))
    one = desk_of(store)
    one.edit(name)
    assert one.form is not None
    assert one.form.values["uses"] == "contact"
    one.fill("uses", "statistics")
    one.hand_in()
    told = store.clients()[0]
    assert told.details.permissions == {"statistics": Permission(TODAY), "contact": Permission(days(-30), TODAY)}
    assert (told.consent, told.details.office) == (CONSENT, "横浜")
    with pytest.raises(Rejected):
        one.fill("uses", "marketing")


def test_the_form_explains_in_plain_words_and_says_of_the_office_only_what_the_office_entered(store: Store) -> None:
    page = opened(store)
    hear(page, "new")
    for word in ("secret", "limits", "kept", "health", "withdraw"):
        assert JA(f"consent_{word}") in html(page)
    assert JA("consent_office_title") not in html(page)
    assert [option["id"] for option in asked(page)["uses"]["options"]] == ["supervision", "statistics", "contact"]
    told_office(store)
    hear(page, "new")
    assert "担当者だけが見ます。\n勤め先には伝えません。" in html(page)


# --- the client's page ---


def test_a_use_is_withdrawn_and_given_again_on_the_clients_page(store: Store) -> None:
    name = known(store, client(details=Details({"supervision": Permission(days(-9))})), visit())
    page = opened(store)
    hear(page, "open", name)
    assert f'data-action="case" data-id="{name}"' in html(page)
    hear(page, "withdraw", "supervision")
    assert store.clients()[0].details.permissions == {"supervision": Permission(days(-9), TODAY)}
    assert JA("case_not_allowed") in html(page)
    assert 'data-action="case"' not in html(page)
    hear(page, "allow", "supervision")
    assert store.clients()[0].details.permissions == {"supervision": Permission(TODAY)}
    for wrong in ("marketing", ""):
        hear(page, "allow", wrong)
    assert len(store.clients()[0].details.permissions) == 1


def test_a_purpose_that_forbids_other_uses_stays_as_agreed_and_the_page_says_so(store: Store) -> None:
    old = "職業相談の内容を記録するため。ほかの目的には使いません。"
    name = known(store, client(purpose=old))
    page = opened(store)
    hear(page, "open", name)
    assert html(page).count(JA("desk_use_strict", purpose=old)) == 3
    hear(page, "allow", "contact")
    assert store.clients()[0].consent.purpose == old


def test_when_the_store_cannot_keep_it_the_page_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    name = known(store, client())
    page = opened(store)
    hear(page, "open", name)

    def fail(*_: Any) -> None:
        raise NotSaved("not_saved_full")

    monkeypatch.setattr(Store, "put_client", fail)
    hear(page, "allow", "contact")
    assert JA("not_saved_full") in html(page)
    assert JA("desk_allowed") not in html(page)


# --- papers ---


def test_the_consent_form_is_made_of_a_client_of_the_form_and_blank(
    store: Store, files: list[tuple[str, bytes]]
) -> None:
    told_office(store)
    name = known(store, client("K-014", name="髙﨑 太郎"))
    page = opened(store)
    hear(page, "open", name)
    hear(page, "consent_form", "client")
    hear(page, "new")
    hear(page, "consent_form", "form")  # nothing is typed yet: a blank one
    enter(page, "code", "K-015")
    hear(page, "consent_form", "form")
    hear(page, "consent_form", "blank")
    said = ["".join(pages(content)) for _, content in files]
    assert [("K-014" in text, "K-015" in text) for text in said] == [
        (True, False), (False, False), (False, True), (False, False),
    ]  # fmt: skip
    assert all("みなと相談室" in text and "髙﨑" not in text for text in said)
    assert [file.split("-2")[0] for file, _ in files] == ["doi-sho-K-014", "doi-sho", "doi-sho-K-015", "doi-sho"]
    hear(page, "consent_form", "client")  # no client's page is open
    assert len(files) == 4


def test_a_case_sheet_is_made_when_every_word_is_decided_and_the_draft_outlasts_leaving(
    store: Store, files: list[tuple[str, bytes]]
) -> None:
    told_office(store)
    may = Details({"supervision": Permission(TODAY)}, employer="株式会社みなと商事")
    record = replace(filled("佐藤はみなと商事を田中課長と去る").record, revision=1)
    name = known(store, client("K-014", name="佐藤 花子", details=may), visit(record))
    page = opened(store)
    hear(page, "open", name)
    hear(page, "case", name)
    hear(page, "case_make")
    assert files == []
    enter(page, "case-question", "K-014の佐藤さんと、どう話すか")
    enter(page, "case-decade", "40")
    hear(page, "case_cancel")
    hear(page, "case", name)
    while (words := page.desk.cases.telling(JA)) and page.desk.screen == "case":
        hear(page, "case_mask", words[0].word)
    hear(page, "case_make")
    ((file, content),) = files
    said = "".join(pages(content)).replace(" ", "")
    assert not any(word in said for word in ("佐藤", "花子", "みなと", "田中", "K-014"))
    assert all(word in said for word in ("40代", "お客様は勤め先をA課長と去る", "お客様と、どう話すか", "担当中村"))
    assert "K-014" not in file
    exported = [entry.detail for entry in access_log.entries(store) if entry.action == "exported"]
    assert exported == ["case_sheet"]


def test_a_withdrawal_holds_at_once_for_an_open_case_sheet(store: Store, files: list[tuple[str, bytes]]) -> None:
    name = known(store, client(details=Details({"supervision": Permission(TODAY)})), visit())
    page, other = opened(store), opened(store)
    for one in (page, other):
        hear(one, "open", name)
    hear(page, "case", name)
    assert page.boxes["case"].layout.display is None
    hear(other, "withdraw", "supervision")
    hear(page, "case_make")
    assert (files, page.desk.screen) == ([], "client")
    assert JA("case_not_allowed") in html(page)
    hear(page, "case", name)
    assert page.desk.screen == "client"


def test_hidden_names_hide_the_employer_and_the_case_sheet_which_is_there_again_afterwards(store: Store) -> None:
    may = Details({"supervision": Permission(TODAY)}, employer="みなと商事")
    record = replace(filled("佐藤はみなと商事を去る").record, revision=1)
    name = known(store, client(name="佐藤 花子", details=may), visit(record))
    page = opened(store)
    hear(page, "open", name)
    assert "みなと商事" in html(page)
    page.desk.hide_names(hides=True)
    assert "みなと商事" not in html(page)
    hear(page, "case", name)
    assert asked(page) == {}
    assert "みなと" not in html(page)
    page.desk.hide_names(hides=False)
    assert "case-concern" in asked(page)
    assert "みなと商事" in html(page)


# --- the letterhead ---


def test_the_letterhead_is_entered_once_and_stands_in_every_session_with_the_number_of_the_visit(store: Store) -> None:
    told_office(store)
    assert office.letterhead(store) == Letterhead(
        "みなと相談室", "03-0000-0000", "担当者だけが見ます。", "勤め先には伝えません。", {"": "中村"}, "お客様"
    )
    name = known(store, client("K-014"), visit(on=days(-9)), visit(NEW, days(-2), "v2"))
    third = begin_next(store, CATALOG, name, "ja", TODAY)
    first = min(store.visits(name), key=lambda one: one.started)
    numbers = {one: open_visit(store, one).session.imprint for one in (third, first.id)}
    assert [(one.code, one.number, one.adviser) for one in numbers.values()] == [
        ("K-014", 3, "中村"),
        ("K-014", 1, "中村"),
    ]
    new = open_visit(store).session.imprint
    assert (new.code, new.number, new.office, new.adviser) == ("", 0, "みなと相談室", "中村")


def test_the_key_of_the_drawer_is_one_of_a_few(store: Store) -> None:
    page = opened(store)
    hear(page, "office")
    hear(page, "letterhead_edit")
    assert asked(page)["letterhead-key"]["type"] == "choice"
    enter(page, "letterhead-key", "F12")
    hear(page, "letterhead_keep")
    assert office.letterhead(store).key == ""
    hear(page, "letterhead_edit")
    enter(page, "letterhead-key", "none")
    hear(page, "letterhead_keep")
    assert (office.letterhead(store).key, office.imprint(store).key) == ("none", "none")
    assert JA("letterhead_no_key") in html(page)


def test_screens_say_the_offices_own_word_for_the_client(store: Store) -> None:
    assert JA("desk_new") in html(opened(store))
    told_office(store)
    own = say(CATALOG, "ja", called="お客様")
    assert own("desk_new") in html(opened(store))
    assert open_visit(store).session.say == own


def test_what_is_too_long_or_unseen_is_said_and_nothing_is_lost(store: Store) -> None:
    page = opened(store)
    hear(page, "office")
    hear(page, "letterhead_edit")
    enter(page, "letterhead-office", "字" * 61)
    enter(page, "letterhead-adviser", "中\u202e村")
    enter(page, "letterhead-seen", "みんな")
    hear(page, "letterhead_keep")
    wrong = {name: question["error"] for name, question in asked(page).items() if "error" in question}
    assert wrong == {
        "letterhead-office": JA("error_text", most=60),
        "letterhead-adviser": JA("desk_error_unseen"),
    }
    assert page.desk.letterheads.typed is not None
    assert page.desk.letterheads.typed["seen"] == "みんな"
    assert office.letterhead(store) == Letterhead()
    hear(page, "letterhead_cancel")
    assert asked(page) == {}


def test_a_backup_brings_the_letterhead_back(store: Store, tmp_path: Path) -> None:
    told_office(store)
    backup.backup(store, tmp_path / "file", "a passphrase that is long")
    other = open_store(f"sqlite:///{tmp_path / 'other.sqlite3'}", "")
    backup.restore(other, tmp_path / "file", "a passphrase that is long")
    assert office.letterhead(other) == office.letterhead(store)


def test_each_adviser_has_a_name_of_their_own_on_papers() -> None:
    def named(adviser: str, name: str, before: Letterhead) -> dict[str, str]:
        return letterhead.filled(before, letterhead.values(before, adviser) | {"adviser": name}, adviser).advisers

    both = Letterhead(advisers={"": "中村", "a1": "森"})
    assert named("a1", "林", both) == {"": "中村", "a1": "林"}
    assert named("", " ", both) == {"a1": "森"}
