"""The case sheet: drafted without private notes and days, and made only when every telling word is decided about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from advisor.content.translator import say
from advisor.report import case_sheet, masking
from advisor.report.case_sheet import PARTS, CaseSheet
from advisor.report.pdf import pdf
from advisor.session.model import Action, Plan, Visit
from tests.leaving import MOMENT, NOTES, filled
from tests.papers import TODAY, pages, texts
from tests.support import CATALOG

JA = say(CATALOG, "ja")
KNOWN = masking.known([*(("client", part) for part in masking.parts("佐藤 花子")), ("code", "K-014")])


def visits() -> tuple[Visit, Visit]:
    """Return two visits, three weeks apart; names, a company and a day are typed in them."""
    first = filled("佐藤花子です。田中課長と話し、2026年11月10日に横浜銀行へ。").record
    became = (Action("a1", what="佐藤が電話する", status="done", helped="yes"),)
    second = replace(first, review=became, plan=Plan(actions=(Action("a1", what="K-014の件"),)))
    return Visit("v1", first, MOMENT - timedelta(days=21), MOMENT), Visit("v2", second, MOMENT, MOMENT)


def decided(sheet: CaseSheet, *, masks: bool = True) -> CaseSheet:
    decide = case_sheet.mask if masks else case_sheet.keep
    while words := case_sheet.telling(JA, sheet, KNOWN):
        sheet = decide(JA, sheet, words[0].word, KNOWN)
    return sheet


def test_a_draft_counts_weeks_and_has_neither_notes_nor_the_days_of_visits() -> None:
    sheet = case_sheet.draft(JA, "c" * 22, visits())
    told = "\n".join(sheet.texts.values())
    assert "【初回】" in sheet.texts["concern"]
    assert "【3週後】" in sheet.texts["results"]
    assert "佐藤が電話する：できた、役に立った" in sheet.texts["results"]
    assert NOTES not in told
    assert "11月21日" not in told
    assert sheet.texts["question"] == ""


def test_every_telling_word_is_listed_once_with_its_places_and_what_would_stand_there() -> None:
    sheet = case_sheet.draft(JA, "c" * 22, visits())
    words = {one.text: one for one in case_sheet.telling(JA, sheet, KNOWN)}
    assert words["佐藤花子"].places == {"concern": 2, "approach": 1}
    neutral = {text: one.neutral for text, one in words.items()}
    assert neutral == {
        "佐藤花子": "相談者", "田中課長": "A課長", "2026年11月10日": "（1週後）", "横浜銀行": "A銀行", "佐藤": "相談者",
        "K-014": JA("mask_code"),
    }  # fmt: skip


def test_the_paper_waits_until_every_word_is_masked_or_kept() -> None:
    sheet = case_sheet.draft(JA, "c" * 22, visits())
    with pytest.raises(ValueError, match="not ready"):
        case_sheet.case_sheet(JA, sheet, KNOWN, "中村", TODAY)
    hidden = decided(case_sheet.filled(sheet, "decade", "30"))
    paper = case_sheet.case_sheet(JA, hidden, KNOWN, "中村", TODAY)
    said = "\n".join(texts(paper))
    for word in ("佐藤", "花子", "K-014", "田中", "横浜", "11月10日"):
        assert word not in said
    assert "年代：30代" in said
    assert "相談者です。A課長と話し、（1週後）にB銀行へ。" in said
    assert paper.head.office == ""
    assert all("担当 中村" in page for page in pages(pdf(paper)))
    typed = case_sheet.filled(hidden, "question", "佐藤さんのこと")
    with pytest.raises(ValueError, match="not ready"):
        case_sheet.case_sheet(JA, typed, KNOWN, "中村", TODAY)


def test_a_word_that_is_kept_on_purpose_stays_and_is_not_asked_for_again() -> None:
    kept = decided(case_sheet.draft(JA, "c" * 22, visits()), masks=False)
    assert "佐藤花子です。" in "\n".join(texts(case_sheet.case_sheet(JA, kept, KNOWN, "", TODAY)))
    with pytest.raises(KeyError):
        case_sheet.mask(JA, kept, masking.folded("佐藤花子"), KNOWN)


def test_a_text_that_is_too_long_makes_no_paper_and_an_unknown_part_is_refused() -> None:
    sheet = CaseSheet("abcdef", dict.fromkeys(PARTS, ""), date(2026, 11, 1))
    with pytest.raises(ValueError, match="not ready"):
        case_sheet.case_sheet(JA, case_sheet.filled(sheet, "goal", "字" * 4001), KNOWN, "", TODAY)
    for name, text in (("notes", ""), ("decade", "35")):
        with pytest.raises(KeyError):
            case_sheet.filled(sheet, name, text)


def test_when_is_told_in_weeks() -> None:
    first = date(2026, 11, 1)
    after = [case_sheet.since(JA, first, first + timedelta(days=days)) for days in (-3, 0, 3, 4, 7, 30)]
    assert after == ["初回", "初回", "数日後", "1週後", "1週後", "4週後"]
