"""The blank question sheet and the slip: everything that is asked, nothing of a client, and a code that can be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import segno

from advisor.content.translator import say
from advisor.content.words import LANGUAGES, Language
from advisor.report import qr
from advisor.report.pdf import pdf
from advisor.report.question_sheet import question_sheet
from advisor.report.slip import slip
from advisor.session.letterhead import Imprint, Inviter, Letterhead
from advisor.session.model import Invitation
from tests.papers import pages
from tests.support import CATALOG

AT = datetime(2026, 11, 28, 1, tzinfo=UTC)
LINK = "https://workbook.example/before?k=abcdefghijklmno-_rstuv"
OFFICE = Letterhead("みなと相談室", "03-0000-0000", "担当者だけが見ます。", "勤め先には伝えません。")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("full", "number"), [(False, 28), (True, 84)])
def test_the_sheet_asks_everything_of_its_form_with_room_to_mark(language: Language, full: bool, number: int) -> None:
    words = say(CATALOG, language)
    paper = question_sheet(CATALOG, words, Imprint(office=OFFICE.office), full=full)
    asked = [question for part in paper.parts for question in part.questions]
    assert [one.number for one in asked if one.marks] == [str(place) for place in range(1, number + 1)]
    assert {len(one.options) for one in asked if one.marks} == {5}
    years, experience = (
        next(one for one in asked if one.text == words(name)) for name in ("ask_years", "ask_experience")
    )
    assert (years.lines, years.options, years.help) == (1, (), words("ask_years_help"))
    assert (experience.many, experience.lines) == (True, 0)
    assert experience.options == tuple(one.name for one in words.words.experience.values())
    text = "".join("".join(pages(pdf(paper))).split())
    for item in CATALOG.items.values():
        assert ("".join(words.words.items[item.id].split()) in text) == (full or item.quick), item.id
    for told in (years.text, years.help, experience.text, experience.help, *experience.options):
        assert "".join(told.split()) in text, told
    assert text.count("".join(words("advance_skip").split())) >= number


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_slip_is_one_page_with_the_link_and_says_only_what_the_office_said(language: Language) -> None:
    words = say(CATALOG, language)
    sent = Invitation("i1", "c1", AT, AT + timedelta(days=14), guarded=True)
    (page,) = pages(pdf(slip(words, sent, LINK, Inviter(OFFICE, "中村", AT))))
    text = page.replace("\r\n", "")
    for told in (LINK, OFFICE.office, OFFICE.reach, OFFICE.seen, OFFICE.employer, "中村"):
        assert told in text
    (bare,) = pages(pdf(slip(words, sent, LINK, Inviter(Letterhead()))))
    assert OFFICE.employer not in bare


def test_the_code_is_the_one_of_its_link() -> None:
    width, dark = qr.shape(LINK)
    rows = [list(row) for row in segno.make(LINK, error="m", micro=False).matrix]
    assert width == len(rows) + 2 * qr.QUIET
    modules = {(x + qr.QUIET, y + qr.QUIET) for y, row in enumerate(rows) for x, module in enumerate(row) if module}
    drawn = {tuple(map(int, part.removesuffix("h1v1h-1z").split())) for part in dark.split("M")[1:]}
    assert drawn == modules
