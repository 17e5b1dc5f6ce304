"""The consent form: one page that says what was agreed, blank lines where nothing is, and no empty label."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from advisor.content.translator import say
from advisor.content.words import LANGUAGES, Language
from advisor.report.consent_form import consent_form
from advisor.report.pdf import pdf
from advisor.session import permissions
from advisor.session.letterhead import NOBODY, Imprint, Letterhead
from advisor.session.model import Client, Consent, Details, Permission
from tests.papers import pages
from tests.support import CATALOG

JA = say(CATALOG, "ja")
DAY, LATER = date(2026, 11, 1), date(2026, 11, 20)
OLD = "職業相談の内容を記録するため。ほかの目的には使いません。"
CLIENT = Client("c" * 22, "K-014", Consent(OLD, DAY, date(2027, 11, 1)), "髙﨑 太郎")
OFFICE = Letterhead("みなと相談室", "03-0000-0000", "担当者だけが見ます。", "勤め先には伝えません。", {"": "中村"})
IMPRINT = Imprint("K-014", 0, "中村", OFFICE.office, OFFICE.reach)


def test_uses_are_given_on_a_day_withdrawn_on_a_day_and_given_again() -> None:
    once = permissions.allowed(Details(), "statistics", DAY)
    assert permissions.allowed(once, "statistics", LATER) == once
    ended = permissions.withdrawn(once, "statistics", LATER)
    assert ended.permissions == {"statistics": Permission(DAY, LATER)}
    assert not ended.allows("statistics")
    assert permissions.withdrawn(ended, "statistics", date(2027, 1, 1)) == ended
    assert permissions.withdrawn(Details(), "contact", DAY) == Details()
    again = permissions.allowed(ended, "statistics", date(2027, 1, 1))
    assert again.permissions == {"statistics": Permission(date(2027, 1, 1))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_one_page_with_the_purpose_as_agreed_code_office_and_ticks_and_without_the_name(
    language: Language,
) -> None:
    told = permissions.withdrawn(permissions.allowed(Details(), "contact", DAY), "contact", LATER)
    client = replace(CLIENT, details=permissions.allowed(told, "supervision", DAY))
    form = consent_form(say(CATALOG, language), client, OFFICE, IMPRINT)
    assert [use.ticked for use in form.uses] == [True, False, False]
    (page,) = pages(pdf(form))
    for text in ("K-014", OLD, OFFICE.office, OFFICE.reach, OFFICE.seen, OFFICE.employer, "中村"):
        assert text in page.replace("\r\n", "")
    assert CLIENT.name not in page


def test_a_blank_one_has_lines_instead_of_answers_and_no_word_on_an_office_that_told_nothing() -> None:
    form = consent_form(JA, None, Letterhead(), NOBODY)
    assert [text for label, text in form.agreed if label in {JA("consent_code"), JA("consent_until")}] == ["", ""]
    assert not any(use.ticked or use.when for use in form.uses)
    assert JA("consent_office_title") not in dict(form.points)
    assert len(pages(pdf(form))) == 1


def test_the_longest_form_still_fits_one_page() -> None:
    long = Letterhead("字" * 60, "0" * 80, "字" * 120, "字" * 120, {"": "字" * 40})
    client = replace(CLIENT, code="字" * 40, consent=replace(CLIENT.consent, purpose="字" * 300))
    imprint = Imprint(client.code, 0, "字" * 40, long.office, long.reach)
    for language in LANGUAGES:
        assert len(pages(pdf(consent_form(say(CATALOG, language), client, long, imprint)))) == 1


def test_the_proposed_purpose_forbids_nothing_that_the_client_may_allow() -> None:
    for words in CATALOG.words.values():
        assert words.desk["desk_purpose_strict"] not in words.desk["desk_purpose_default"]
