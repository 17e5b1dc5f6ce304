"""The draft of a Job Card: the parts of the form, what fills them, and how the document is made."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.content.translator import say
from advisor.report.jobcard import contents, jobcard
from tests.leaving import MARKUP, NAME, NASTY, NOTES, TODAY, filled, inside
from tests.support import CATALOG, session

if TYPE_CHECKING:
    from advisor.content.words import Language
    from advisor.session.session import Session

WORDS = CATALOG.words["ja"]
REPORT = WORDS.report
PARTS = ("values", "strengths", "work", "next", "other")


def opened(of: Session) -> Any:
    return docx.Document(io.BytesIO(jobcard(of, TODAY)))


def texts(of: Session) -> str:
    """Return everything that can be read in the document, headings, boxes and page header."""
    found = opened(of)
    cells = [cell.text for table in found.tables for line in table.rows for cell in line.cells]
    parts = [*(paragraph.text for paragraph in found.paragraphs), *cells]
    return "\n".join([*parts, *(paragraph.text for paragraph in found.sections[0].header.paragraphs)])


def part(of: Session, name: str) -> str:
    points = contents(of, say(CATALOG, of.record.language))[name]
    return "\n".join(line for text, details in points for line in (text, *details))


def test_the_parts_of_the_form_stand_in_their_order_each_with_its_box() -> None:
    found = opened(filled())
    headings = [paragraph.text for paragraph in found.paragraphs if paragraph.style.name == "Heading 2"]
    assert headings[-1] == "キャリアコンサルティング実施者の記入欄"
    assert headings[:-1] == [
        "価値観、興味、関心事項等",
        "強み等",
        "将来取り組みたい仕事や働き方等",
        "これから取り組むこと等",
        "その他",
    ]
    assert len(found.tables) == len(PARTS) + 2


def test_it_says_on_every_page_that_it_is_a_draft_to_rewrite() -> None:
    found = opened(session())
    draft = "下書き（ご本人が書き直すためのもの）"
    assert draft in [paragraph.text for paragraph in found.paragraphs]
    assert found.sections[0].header.paragraphs[0].text == draft


def test_values_are_said_in_the_first_person_and_name_no_worry() -> None:
    one = filled("自分の理由")
    told = part(one, "values")
    for scale in (*one.record.case.facts.priorities, "spotlight"):
        assert REPORT[f"export_card_i_{scale}"] in told
    assert REPORT["export_card_i_novelty"] not in told
    assert "自分の理由" in told
    assert not [
        scale for scale in CATALOG.of_kind("frustration", "consequence") if WORDS.scales[scale].name in texts(one)
    ]


def test_every_trait_and_worry_has_a_sentence_in_the_first_person() -> None:
    begins_with: dict[Language, str] = {"ja": "私", "en": "I "}
    for language, begins in begins_with.items():
        said = CATALOG.words[language].report
        for scale in CATALOG.of_kind("fit", "misfit", "frustration"):
            assert said[f"export_card_i_{scale}"].startswith(begins)


def test_strengths_are_high_traits_and_what_the_worksheets_say() -> None:
    one = filled("")
    for field, text in {"experience": "売掛金の管理", "strength": "粘り強さ", "role": "経理"}.items():
        one.fill(f"sheet-inventory-0-{field}", text)
    one.fill("sheet-quantify-0-cv", "締めを二日早めた")
    told = part(one, "strengths")
    assert told.count("\n") < 12
    high = [scale for scale in CATALOG.of_kind("fit") if REPORT[f"export_card_i_{scale}"] in told]
    assert len(high) == 3
    for text in ("粘り強さ", "もとになった経験：売掛金の管理", "締めを二日早めた"):
        assert text in told
    assert "活かしてみたい仕事：経理" in part(one, "work")


def test_a_row_without_its_main_field_still_says_what_it_has() -> None:
    one = filled("")
    one.fill("sheet-inventory-0-experience", "売掛金の管理")
    assert "もとになった経験：売掛金の管理" in part(one, "strengths")


def test_the_goals_and_the_actions_with_their_days_are_in_it_but_no_path() -> None:
    one = filled("自分で決めたこと")
    for path in WORDS.paths:
        one.follow(path)
        assert WORDS.paths[path].name not in texts(one)
    told = part(one, "next")
    assert WORDS.steps["quantify"].name in told
    for text in ("最初の一歩：自分で決めたこと", "期限：2026年12月24日", "期限：2027年3月31日", "目安や成果物："):
        assert text in told
    one.put_aside("a1")
    assert WORDS.steps["quantify"].name not in part(one, "next")


def test_the_wish_never_goes_in_by_itself() -> None:
    assert "願い" not in texts(filled_but_for_the_wish("今の会社を辞めたい", "願い"))
    assert part(filled("願い"), "other") == ""


def filled_but_for_the_wish(text: str, wish: str) -> Session:
    one = filled(text)
    one.tell_wish(wish)
    return one


@pytest.mark.parametrize(
    "text", ["今の会社を辞めたい", "そろそろ転職したほうがよいのかも", "もう限界です", "I want to quit"]
)
def test_nothing_typed_about_leaving_or_about_what_is_hard_goes_in_by_itself(text: str) -> None:
    assert text not in texts(filled(text))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_motive_that_its_worksheet_doubts_does_not_go_in(language: str) -> None:
    for text in ("楽そうだから", "定時で帰れるから", "It looks easy"):
        one = session()
        one.speak(language)
        one.fill("sheet-motive-0-reason", text)
        one.fill("sheet-motive-0-role", "経理の仕事を覚えたい")
        assert text not in texts(one)
        assert "経理の仕事を覚えたい" in part(one, "work")


def test_steps_that_tell_of_a_worry_or_of_leaving_are_left_out() -> None:
    for step, row in CATALOG.steps.items():
        one = session()
        one.tell(situation="inside", role="accounting", years=6)
        one.choose(step)
        kept_back = row.topic in {"stress_care", "market", "interview", "consult", "reason"}
        assert (WORDS.steps[step].name in part(one, "next")) is not kept_back


def test_parts_without_anything_invite_the_client_to_begin() -> None:
    assert texts(session()).count(WORDS.report["export_card_empty"]) == len(PARTS)


def test_an_english_session_makes_an_english_draft_with_the_japanese_names_of_the_parts() -> None:
    one = filled()
    one.speak("en")
    told = texts(one)
    assert "Draft, for you to rewrite (下書き)" in told
    for name in (
        "価値観、興味、関心事項等",
        "強み等",
        "将来取り組みたい仕事や働き方等",
        "これから取り組むこと等",
        "その他",
    ):
        assert name in told
    assert "By: 24 December 2026" in told


# --- safe and private ---


def test_markup_stays_text_and_rare_characters_survive() -> None:
    told = texts(filled(NASTY))
    for text in MARKUP:
        assert told.count(text) >= 6
    assert "<script>" not in inside(jobcard(filled(NASTY), TODAY))


@settings(max_examples=25)
@given(wish=st.text(max_size=80))
def test_any_text_makes_a_document_that_opens(wish: str) -> None:
    one = session()
    one.tell_wish(wish)
    assert len(opened(one).tables) == len(PARTS) + 2


def test_neither_the_advisers_notes_and_markers_nor_a_name_is_in_it() -> None:
    one, without = filled(), filled()
    for item in one.record.markers:
        without.place_marker(item, None)
    without.fill("notes", "")
    assert texts(one) == texts(without)
    assert NOTES not in inside(jobcard(one, TODAY))
    assert NAME not in inside(jobcard(one, TODAY))


def test_name_and_dates_are_left_to_the_client_and_the_last_part_to_the_consultant_and_it_says_so() -> None:
    found = opened(filled())
    own, theirs = ([[cell.text for cell in line.cells] for line in found.tables[place].rows] for place in (0, -1))
    assert own == [[name, ""] for name in ("ふりがな", "氏名", "生年月日", "作成日")]
    assert theirs == [[name, ""] for name in ("実施した日時", "実施者の所属", "実施者の氏名", "話し合ったこと")]
    said = [paragraph.text for paragraph in found.paragraphs]
    assert REPORT["export_card_yours"] in said
    assert said.index(REPORT["export_card_theirs"]) > said.index("キャリアコンサルティング実施者の記入欄")


def test_what_draws_the_client_stands_beside_what_they_value() -> None:
    one = filled("自分の理由")
    values, interests = contents(one, say(CATALOG, "ja"))["values"]
    assert (values[0], interests[0]) == (REPORT["export_card_of_values"], REPORT["export_card_of_interests"])
    assert "自分の理由" in values[1]
    assert interests[1] == (REPORT["export_card_i_spotlight"],)


# --- the document ---


def test_its_properties_name_it_and_tell_nothing_of_the_machine() -> None:
    about = opened(filled()).core_properties
    assert (about.title, about.language) == ("ジョブ・カード（下書き）", "ja-JP")
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert [when.replace(tzinfo=None) for when in (about.created, about.modified)] == [datetime(2026, 11, 21)] * 2  # noqa: DTZ001


def test_the_same_session_makes_the_same_document() -> None:
    assert inside(jobcard(filled(), TODAY)) == inside(jobcard(filled(), TODAY))


def test_japanese_has_its_own_font_and_language_in_both_languages() -> None:
    for language, locale in (("ja", "ja-JP"), ("en", "en-GB")):
        one = filled()
        one.speak(language)
        found = opened(one)
        for style in ("Normal", "Heading 1", "Heading 2", "Subtitle", "Caption"):
            fonts = found.styles[style].element.rPr.rFonts
            assert fonts.get(qn("w:eastAsia")) == "游ゴシック"
            assert not [name for name in fonts.attrib if name.endswith("Theme")]
        spoken = found.styles.element.find(f"{qn('w:docDefaults')}//{qn('w:lang')}")
        assert (spoken.get(qn("w:val")), spoken.get(qn("w:eastAsia"))) == (locale, "ja-JP")
        assert found.core_properties.language == locale


def test_it_is_printed_on_a4() -> None:
    section = opened(session()).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
