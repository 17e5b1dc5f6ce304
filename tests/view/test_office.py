"""The office's own contacts: how they are typed, kept and confirmed, and that the leaf of help has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from advisor.content.translator import say
from advisor.session import office
from advisor.session.model import HELP_TOPICS
from advisor.session.office import Contact, ContactForm
from advisor.session.session import Rejected
from advisor.store import NotRead, NotSaved, Store, backup, open_store, settings
from advisor.store import office as kept
from advisor.store.open_visit import open_visit
from advisor.view.desk.page import DeskPage
from advisor.view.widgets.widgets import Panel, Sheet
from tests.desks import TODAY
from tests.support import CATALOG

JA = say(CATALOG, "ja")
TYPED = {
    "name": "所内相談室",
    "purpose": "仕事の量のこと",
    "reach": "内線で",
    "source": "所内の一覧",
    "checked": "2026-11-01",
    "topics": "",
}
OURS = Contact("c1", "所内相談室", "仕事の量のこと", "内線で", "所内の一覧", date(2026, 11, 1))
MARKUP = "<b onclick=alert(1)>{{ 777 * 7 }}</b>"


def page(store: Store) -> DeskPage:
    return DeskPage(CATALOG, store, lambda: TODAY, "workbook")


def html(one: DeskPage) -> str:
    pieces = [*one.top, *one.screens[one.desk.screen], one.footer]
    return "\n".join(piece.widget.html for piece in pieces if isinstance(piece.widget, Panel))


def hear(one: DeskPage, event: str, **told: Any) -> None:
    one._hear({"event": event, **told})  # noqa: SLF001  (a browser's message)


def press(one: DeskPage, name: str, target: str = "x") -> None:
    hear(one, "action", name=name, id=target)


def enter(one: DeskPage, **typed: str) -> None:
    press(one, "office")
    press(one, "contact_new", "new")
    for name, text in {**TYPED, **typed}.items():
        value = text.split() if name == "topics" else text
        hear(one, "answer", id=f"contact-{name}", value=value)
    press(one, "contact_keep")


# --- the form ---


def test_a_form_makes_the_contact_that_was_typed_and_shows_it_again() -> None:
    typed = ContactForm(dict(TYPED, topics="health harassment"))
    assert office.problems(typed, TODAY) == {}
    made = office.contact_of(typed, "c1")
    assert made == replace(OURS, topics=("harassment", "health"))
    assert office.contact_of(office.form_of(made), "other") == made


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        *((name, " ", "office_error_empty") for name in office.LIMITS),
        *((name, "あ" * (most + 1), "error_text") for name, most in office.LIMITS.items()),
        ("checked", "", "office_error_checked"),
        ("checked", "昨日", "error_date"),
        ("checked", "2026-11-22", "office_error_future"),
    ],
)
def test_what_cannot_be_used_is_told_beside_its_field(name: str, text: str, word: str) -> None:
    found = office.problems(ContactForm(dict(TYPED, **{name: text})), TODAY)
    assert {field: told for field, (told, _) in found.items()} == {name: word}
    for language in ("ja", "en"):
        assert word in say(CATALOG, language).sentences


@pytest.mark.parametrize(("name", "text"), [("id", "x"), ("", ""), ("topics", "money")])
def test_a_field_or_a_topic_that_is_not_there_is_refused(name: str, text: str) -> None:
    with pytest.raises(KeyError):
        office.filled(ContactForm(), name, text)


def test_there_are_no_more_than_fit_and_one_is_changed_in_its_place() -> None:
    many: tuple[Contact, ...] = ()
    for number in range(office.MOST + 2):
        many = office.with_contact(many, replace(OURS, id=f"c{number}"))
    assert len(many) == office.MOST
    after = office.with_contact(many, replace(OURS, id="c3", name="新"))
    assert [one.id for one in after] == [one.id for one in many]
    assert after[3].name == "新"


# --- the store ---


def test_contacts_are_kept_with_the_store_and_everybody_there_sees_them(store: Store) -> None:
    assert kept.contacts(store) == ()
    kept.change(store, lambda now: office.with_contact(now, OURS))
    assert kept.contacts(store) == (OURS,)
    kept.change(store, lambda now: office.with_contact(now, replace(OURS, id="c2", topics=HELP_TOPICS)))
    assert [one.id for one in kept.contacts(store.logged_as("alone"))] == ["c1", "c2"]
    kept.change(store, lambda now: office.without_contact(now, "c1"))
    assert [one.id for one in kept.contacts(store)] == ["c2"]


def test_what_is_no_list_of_contacts_is_read_as_none(store: Store) -> None:
    with store.writing() as connection:
        settings.put(connection, "office", '[{"name": 5}]')
    assert kept.contacts(store) == ()


def test_a_session_has_them_when_it_is_opened_and_goes_on_without_them(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.change(store, lambda now: office.with_contact(now, OURS))
    assert open_visit(store).session.contacts == (OURS,)

    def fails(_: Store) -> tuple[Contact, ...]:
        raise NotRead("not_read_other")

    monkeypatch.setattr(kept, "contacts", fails)
    opened = open_visit(store)
    assert (opened.notice, opened.session.contacts) == ("", ())


def test_a_backup_brings_them_back_and_those_that_are_here_stay(store: Store, tmp_path: Path) -> None:
    kept.change(store, lambda now: office.with_contact(now, OURS))
    backup.backup(store, tmp_path / "file", "a passphrase that is long")
    other = open_store(f"sqlite:///{tmp_path / 'other.sqlite3'}", "")
    backup.restore(other, tmp_path / "file", "a passphrase that is long")
    assert kept.contacts(other) == (OURS,)
    kept.change(other, lambda now: office.with_contact(now, replace(OURS, name="新")))
    backup.restore(other, tmp_path / "file", "a passphrase that is long")
    assert kept.contacts(other)[0].name == "新"
    backup.restore(other, tmp_path / "file", "a passphrase that is long", replace=True)
    assert kept.contacts(other) == (OURS,)


# --- the desk ---


def test_a_contact_is_entered_changed_confirmed_and_taken_away_at_the_desk(store: Store) -> None:
    one = page(store)
    assert 'data-action="office"' in html(one)
    enter(one)
    found = kept.contacts(store)
    assert [replace(contact, id="c1") for contact in found] == [OURS]
    assert JA("office_kept") in html(one)
    assert "所内の一覧で2026年11月1日に確認" in html(one)
    assert JA("help_old") not in html(one)

    press(one, "contact_edit", found[0].id)
    hear(one, "answer", id="contact-checked", value="2025-11-01")
    press(one, "contact_keep")
    assert JA("help_old") in html(one)
    press(one, "contact_confirm", found[0].id)
    assert kept.contacts(store)[0].checked == TODAY
    assert JA("help_old") not in html(one)

    press(one, "contact_drop", found[0].id)
    assert kept.contacts(store) == ()
    assert JA("office_none") in html(one)


def test_what_is_wrong_is_said_and_nothing_is_lost(store: Store) -> None:
    one = page(store)
    enter(one, source="", checked="2027-01-01")
    sheet = next(piece.widget for piece in one.screens["office"] if isinstance(piece.widget, Sheet))
    wrong = {question["id"]: question["error"] for question in sheet.questions if "error" in question}
    assert wrong == {"contact-source": JA("office_error_empty"), "contact-checked": JA("office_error_future")}
    assert sheet.values["contact-name"] == TYPED["name"]
    assert kept.contacts(store) == ()
    press(one, "contact_cancel")
    assert sheet.questions == []


def test_when_the_store_cannot_keep_it_the_form_stays(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    one = page(store)

    def fails(*_: Any) -> None:
        raise NotSaved("not_saved_full")

    monkeypatch.setattr(kept, "change", fails)
    enter(one)
    assert one.desk.contacts.form is not None
    assert JA("not_saved_full") in html(one)


@pytest.mark.parametrize(
    ("name", "target"),
    [("contact_edit", "nobody"), ("contact_drop", "nobody"), ("contact_confirm", ""), ("contact_keep", "x")],
)
def test_what_is_not_there_is_refused(store: Store, name: str, target: str) -> None:
    one = page(store)
    press(one, "office")
    press(one, name, target)
    assert one.desk.contacts.form is None
    assert kept.contacts(store) == ()
    with pytest.raises(Rejected):
        one.desk.contacts.fill("name", "x")


def test_a_full_list_takes_no_other(store: Store) -> None:
    for number in range(office.MOST):
        one_more = replace(OURS, id=f"c{number}")
        kept.change(store, partial(office.with_contact, new=one_more))
    one = page(store)
    press(one, "office")
    assert JA("office_full", most=office.MOST) in html(one)
    press(one, "contact_new", "new")
    assert one.desk.contacts.form is None


def test_markup_stays_text_at_the_desk(store: Store) -> None:
    one = page(store)
    enter(one, name=MARKUP, purpose=MARKUP, reach=MARKUP, source=MARKUP)
    assert "<b " not in html(one)
    assert "5439" not in html(one)


def test_another_screen_holds_nothing_of_it(store: Store) -> None:
    one = page(store)
    enter(one)
    press(one, "list", "list")
    assert all(
        not getattr(piece.widget, "html", "") and not getattr(piece.widget, "questions", [])
        for piece in one.screens["office"]
    )
