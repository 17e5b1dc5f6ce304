"""The leaf of help: one click puts it on the paper; public services, the office's contacts, nothing that was noted."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest

from advisor.content.translator import say
from advisor.content.words import LANGUAGES, Language
from advisor.report.handout import Handout, handout
from advisor.report.help_page import HelpLeaf
from advisor.report.pdf import pdf
from advisor.report.sanitize import plain
from advisor.session import office
from advisor.session.model import HELP_TOPICS
from advisor.session.office import Contact
from advisor.session.record import dump, follow_up, load
from advisor.session.session import Rejected, Session
from advisor.view.workbook import events, screens
from advisor.view.workbook.page import Page
from tests.leaving import NASTY
from tests.pages import STRAINED, adviser_part
from tests.papers import TODAY, full, pages, planned, private, texts
from tests.support import CATALOG, THEN, session

JA = say(CATALOG, "ja")
OURS = Contact("c1", "所内相談室", "仕事の量のこと", "03-0000-0000", "所内の一覧", date(2026, 11, 1))
OLD = replace(OURS, id="c2", name="地域の相談", checked=date(2025, 11, 20))
CAREER = CATALOG.words["ja"].services["career_center"].name


def leaf(one: Session) -> HelpLeaf:
    found = handout(one, TODAY).help
    assert found is not None
    return found


def drawn(one: Session, screen: str = "summary") -> str:
    pieces = screens.SCREENS[screen]().pieces
    for piece in pieces:
        piece.draw(one)
    return "".join(getattr(piece.widget, "html", "") for piece in pieces)


def act(one: Session, name: str, target: str = "help") -> None:
    events.hear(one, {"event": "action", "name": name, "id": target})


def test_one_click_puts_it_on_the_paper_and_one_takes_it_off_whatever_was_told() -> None:
    for one in (session(), planned(), session(STRAINED)):
        assert handout(one, TODAY).help is None
        act(one, "take_help")
        assert leaf(one).title == JA("help_title")
        act(one, "take_help")
        assert handout(one, TODAY).help is None


def test_a_tick_puts_it_on_the_paper_and_comes_first() -> None:
    one = session()
    for topic in reversed(HELP_TOPICS):
        act(one, "about_help", topic)
    assert one.record.help_topics == HELP_TOPICS
    assert one.record.help_leaf
    act(one, "about_help", "hours")
    act(one, "about_help", "health")
    assert [group.title for group in leaf(one).groups] == [
        JA("help_topic_harassment"), JA("help_topic_work"), JA("help_kinds"),
    ]  # fmt: skip
    with pytest.raises(Rejected):
        one.about_help("money")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_tick_every_public_service_stands_there_once_by_name_and_purpose(language: Language) -> None:
    one = session()
    one.speak(language)
    one.take_help()
    words = CATALOG.words[language]
    rows = [row for group in leaf(one).groups for row in group.rows]
    assert len(set(rows)) == len(rows)
    for told in (*words.services.values(), *words.help.values()):
        assert (told.name, told.text) in rows
    assert rows[0][0] == words.services["career_center"].name


@pytest.mark.parametrize("topic", HELP_TOPICS)
def test_each_topic_has_services_of_its_own(topic: str) -> None:
    one = session()
    one.about_help(topic)
    first = leaf(one).groups[0]
    assert {name for name, _ in first.rows} == {
        CATALOG.words["ja"].services[name].name for name, row in CATALOG.services.items() if topic in row.topics
    }


def test_the_workbook_ships_no_telephone_number() -> None:
    one = session()
    one.take_help()
    for language in LANGUAGES:
        one.speak(language)
        assert not [text for text in texts(leaf(one)) if re.search(r"\d[\d\-()（）－]{5,}|#\d{3}", text)]


def test_it_is_in_the_pdf_on_a_page_of_its_own_after_all_else() -> None:
    one, without = planned(), planned()
    one.take_help()
    whole, before = pages(pdf(handout(one, TODAY))), pages(pdf(handout(without, TODAY)))
    assert len(whole) == len(before) + 1
    assert JA("help_title") in whole[-1]
    assert all(JA("help_title") not in page for page in whole[:-1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fullest_handout_keeps_its_two_pages_beside_it(language: Language) -> None:
    one = full(language)
    one.take_help()
    one.contacts = (OURS, OLD)
    assert len(pages(pdf(handout(one, TODAY)))) == 3


def test_it_is_in_the_preview_as_it_is_on_paper() -> None:
    one = planned()
    assert CAREER not in drawn(one)
    one.take_help()
    one.contacts = (OURS,)
    html = drawn(one)
    assert all(text in html for text in texts(leaf(one)))
    assert html.index(JA("help_title")) < html.index("data-print")


def test_what_is_the_advisers_is_not_on_it() -> None:
    one, without = private(planned()), planned()
    for each in (one, without):
        each.take_help()
    one.unfit("path-change_role")
    one.unfit_because("path-change_role", "canary-unfit")
    assert handout(one, TODAY) == handout(without, TODAY)
    strained = session(STRAINED)
    strained.about_help("health")
    assert strained.reading.help_needed
    said = " ".join(texts(handout(strained, TODAY)))
    assert not [hint for hint in CATALOG.words["ja"].hints.values() if hint.text in said or hint.name in said]
    calm = session()
    calm.about_help("health")
    assert leaf(strained) == leaf(calm)  # what led to it is not told


# --- the office's own ---


def test_the_offices_contacts_stand_on_it_with_source_and_day_and_an_old_one_is_to_be_confirmed() -> None:
    one = planned()
    one.take_help()
    one.contacts = (OURS, OLD)
    fresh, old = leaf(one).own
    assert (fresh.name, fresh.purpose, fresh.reach) == (OURS.name, OURS.purpose, OURS.reach)
    assert fresh.told == "所内の一覧で2026年11月1日に確認"
    assert (fresh.caution, old.caution) == ("", JA("help_old_client"))
    assert drawn(one).count("お渡しする前に確かめてください") == 1
    assert "確認から" in pages(pdf(handout(one, TODAY)))[-1]


@pytest.mark.parametrize(("checked", "old"), [(date(2025, 11, 21), False), (date(2025, 11, 20), True)])
def test_a_contact_is_old_after_a_year(checked: date, old: bool) -> None:
    assert office.is_old(replace(OURS, checked=checked), TODAY) is old


def test_a_contact_for_a_topic_stands_there_when_it_is_ticked_or_nothing_is() -> None:
    one = session()
    one.contacts = (replace(OURS, topics=("health",)), replace(OLD, topics=("hours", "harassment")))
    one.take_help()
    assert len(leaf(one).own) == 2
    one.about_help("hours")
    assert [own.name for own in leaf(one).own] == [OLD.name]


def test_what_an_office_typed_stays_text() -> None:
    one = planned()
    one.take_help()
    one.contacts = (replace(OURS, name=NASTY[:60], reach=NASTY, purpose=NASTY, source=NASTY),)
    assert "<script>" not in drawn(one)
    assert plain(NASTY) == leaf(one).own[0].reach
    assert pdf(handout(one, TODAY))


# --- the cue only offers it ---


def test_the_cue_offers_it_and_puts_nothing_there_by_itself() -> None:
    one = session(STRAINED)
    assert one.reading.help_needed
    assert handout(one, TODAY).help is None
    assert 'data-action="take_help"' in adviser_part(Page(one), "results")
    assert 'data-action="take_help"' not in drawn(session(), "results")


# --- kept ---


def test_it_stays_in_the_record_and_the_next_visit_begins_without_it() -> None:
    one = session()
    one.about_help("health")
    record = one.record
    assert load(CATALOG, dump(record)) == record
    after = follow_up(CATALOG, record)
    assert (after.help_leaf, after.help_topics) == (False, ())


def test_an_old_visit_shows_it_and_cannot_change_it() -> None:
    one = session()
    one.take_help()
    one.is_read_only = True
    html = drawn(one)
    assert CAREER in html
    assert "take_help" not in html


def test_a_visit_of_the_first_version_can_have_it_too() -> None:
    one = Session(THEN)
    one.take_help()
    assert CAREER in " ".join(texts(handout(one, TODAY)))


def test_a_paper_without_it_says_nothing_of_it() -> None:
    paper: Handout = handout(planned(), TODAY)
    shape: dict[str, Any] = asdict(paper)
    assert shape["help"] is None
    assert JA("help_title") not in list(texts(paper))
