"""The worksheets: sums, doubts, drafts, suggestions, and the content for the handout."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.content.words import LANGUAGES, Language
from advisor.session import forms, plans, quantify, worksheets
from advisor.session.quantify import ERRORS, MONTH_HOURS, TIME, hours, savings, whole
from tests.support import CATALOG, session

if TYPE_CHECKING:
    from advisor.session.model import Record
    from advisor.session.session import Session

JA, EN = say(CATALOG, "ja"), say(CATALOG, "en")
INVOICES = {"task": "請求書の発行", "before": "30", "after": "10", "times": "3", "per": "day"}
QUESTIONS = {"task": "問い合わせ", "before": "12", "after": "3", "times": "2", "per": "week"}
ENTRIES = {"task": "入力", "errors_before": "5", "errors_after": "0.5"}


def numbers(most: int) -> st.SearchStrategy[str]:
    """Return a strategy for numbers as records hold them."""
    return st.decimals(0, most, places=2).map(str) | st.integers(0, most).map(str)


ROWS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "task": st.sampled_from(("請求書", "Post", "𠮷")),
            "before": numbers(6000), "after": numbers(6000), "times": numbers(1000),
            "per": st.sampled_from(("day", "week", "month")),
            "errors_before": numbers(1000), "errors_after": numbers(1000), "boss": st.just("速くなりました。"),
        },
    ),
    max_size=5,
)  # fmt: skip
COMPLETE = st.lists(
    st.fixed_dictionaries(
        {
            "task": st.just("請求書"), "before": numbers(600), "after": numbers(600), "times": numbers(60),
            "per": st.sampled_from(("day", "week", "month")),
            "errors_before": numbers(100), "errors_after": numbers(100),
        }
    ),
    max_size=5,
)  # fmt: skip


def filled(facts: Facts | None = None, **rows: list[dict[str, str]]) -> Session:
    """Return a session in which these rows were typed into the worksheets."""
    one = session(Case(facts=facts or Facts()))
    for name, entries in rows.items():
        for number, entry in enumerate(entries):
            for field, text in entry.items():
                one.fill(f"sheet-{name}-{number}-{field}", text)
    return one


def record(facts: Facts | None = None, **rows: list[dict[str, str]]) -> Record:
    return filled(facts, **rows).record


# --- sums ---


@pytest.mark.parametrize(
    ("entry", "minutes", "shown"),
    [
        (INVOICES, 1200, "20.0"),  # 20 minutes, three times on 20 days
        (QUESTIONS, 78, "1.3"),  # 9 minutes, twice in 52/12 weeks
        ({**INVOICES, "per": "month"}, 60, "1.0"),
        ({**INVOICES, "before": "10.5", "after": "10", "times": "1", "per": "month"}, 1, "0.0"),
        ({**INVOICES, "after": "30"}, 0, "0.0"),
    ],
)
def test_minutes_saved_a_month_are_worked_out_by_hand(entry: dict[str, str], minutes: int, shown: str) -> None:
    found = savings([entry])
    assert found.minutes == minutes
    assert str(hours(minutes)) == shown


def test_errors_avoided_are_exact() -> None:
    assert savings([ENTRIES, {**ENTRIES, "errors_before": "1.25"}]).errors == Decimal("5.25")


@given(ROWS)
def test_the_total_is_the_sum_of_the_rows_that_stand_there(rows: list[dict[str, str]]) -> None:
    found = savings(rows)
    assert (found.minutes or 0) == sum(row.minutes or 0 for row in found.rows)
    assert (found.errors or 0) == sum(row.errors or 0 for row in found.rows)
    assert found.load == sum(row.load for row in found.rows)


@given(COMPLETE)
def test_a_row_is_within_a_minute_of_what_it_exactly_comes_to(rows: list[dict[str, str]]) -> None:
    often = {"day": Fraction(20), "week": Fraction(13, 3), "month": Fraction(1)}
    for row, saving in zip(rows, savings(rows).rows, strict=True):
        exact = (Fraction(row["before"]) - Fraction(row["after"])) * Fraction(row["times"]) * often[row["per"]]
        assert saving.minutes is not None
        assert abs(saving.minutes - exact) <= 1


@given(ROWS)
def test_nothing_is_negative_without_a_doubt(rows: list[dict[str, str]]) -> None:
    for saving in savings(rows).rows:
        assert ("slower" in saving.doubts) is ((saving.minutes or 0) < 0)
        assert ("more_errors" in saving.doubts) is ((saving.errors or 0) < 0)


@given(COMPLETE)
def test_more_than_a_month_of_work_is_doubted_in_a_row_or_in_the_total(rows: list[dict[str, str]]) -> None:
    found = savings(rows)
    assert found.doubtful or found.load <= MONTH_HOURS * 60
    for saving in found.rows:
        assert ("too_long" in saving.doubts) is (saving.load > MONTH_HOURS * 60)


def test_the_total_is_doubted_where_no_row_alone_is_too_long() -> None:
    busy = {**INVOICES, "before": "100", "after": "90"}  # 100 hours a month
    assert not savings([busy, busy]).doubtful
    found = savings([busy, busy, {**INVOICES, "before": "1"}])
    assert found.too_long
    assert not any(row.doubts for row in found.rows if row.minutes and row.minutes > 0)


@given(ROWS)
def test_a_row_counts_exactly_when_nothing_is_missing(rows: list[dict[str, str]]) -> None:
    found = savings(rows)
    assert [row.row for row in found.rows] == [number for number, row in enumerate(rows) if row]
    for saving in found.rows:
        row = rows[saving.row]
        assert all(name not in row for name in saving.missing)
        if saving.missing:
            assert (saving.minutes, saving.errors, saving.load, saving.doubts) == (None, None, 0, ())
        else:
            assert "task" in row
            assert (saving.minutes is not None) is all(name in row for name in TIME)
            assert (saving.errors is not None) is all(name in row for name in ERRORS)
            assert saving.minutes is not None or saving.errors is not None


@given(st.integers(0, 10**7))
def test_hours_are_minutes_divided_by_sixty(minutes: int) -> None:
    assert abs(hours(minutes) * 60 - minutes) <= 3
    assert hours(60 * minutes) == minutes


def test_half_a_minute_counts_as_one() -> None:
    assert [whole(Fraction(text)) for text in ("0.49", "0.5", "1.5", "2.5")] == [0, 1, 2, 3]


# --- sums in words ---


@given(ROWS, st.sampled_from(LANGUAGES))
def test_any_rows_can_go_on_paper_and_every_doubt_is_voiced(rows: list[dict[str, str]], language: Language) -> None:
    one = session()
    kept = forms.with_rows(one.record, "quantify", rows)
    assert not list(plans.problems_of_plan(CATALOG, kept))
    words = say(CATALOG, language)
    paper = worksheets.paper(CATALOG, words, kept, "quantify")
    found = savings(rows)
    assert (paper is None) is (not found.rows)
    assert len(quantify.doubts(words, found)) == sum(len(row.doubts) for row in found.rows) + found.too_long
    if paper:
        assert {*quantify.doubts(words, found)} <= {*paper.lines}
        assert not [text for row in paper.rows for text in row if not text or "{" in text or "-" in text]


def test_a_change_says_which_way_it_went() -> None:
    assert quantify.time_change(JA, 90) == "月に90分（1.5時間）減"
    assert quantify.time_change(JA, -1200) == "月に1,200分（20時間）増"
    assert quantify.time_change(JA, 0) == quantify.errors_change(JA, Decimal(0)) == "変わらず"
    assert quantify.errors_change(EN, Decimal("-2.50")) == "2.5 a month more"


@pytest.mark.parametrize(("number", "text"), [("1200", "1,200"), ("12.50", "12.5"), ("0.00", "0"), ("100", "100")])
def test_numbers_are_written_without_zeros_that_say_nothing(number: str, text: str) -> None:
    assert quantify.figure(Decimal(number)) == text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("entry", "numbers"), [
    (INVOICES, {"30", "10", "20"}), (ENTRIES, {"5", "0.5"}), ({**INVOICES, **ENTRIES}, {"30", "10", "20", "5", "0.5"}),
])  # fmt: skip
def test_a_draft_holds_the_numbers_of_its_row(entry: dict[str, str], numbers: set[str], language: Language) -> None:
    words, saving = say(CATALOG, language), savings([entry]).rows[0]
    for field in quantify.SENTENCES:
        text = str(quantify.draft(words, saving, entry, field))
        assert entry["task"] in text
        for number in numbers:
            assert number in text
            text = text.replace(number, "", 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_draft_fits_its_field(language: Language) -> None:
    long = {"task": "あ" * 80, "before": "499.99", "after": "0.01", "times": "1"}
    entry = {**INVOICES, **long, "errors_before": "999.99", "errors_after": "0.01"}
    for field in quantify.SENTENCES:
        text = quantify.draft(say(CATALOG, language), savings([entry]).rows[0], entry, field)
        assert text
        assert len(text) <= CATALOG.worksheets["quantify"].fields[field].most


@pytest.mark.parametrize("change", [{"after": "40"}, {"after": "30"}, {"before": "6000", "times": "9"}, {"times": ""}])
def test_numbers_that_carry_no_sentence_make_no_draft(change: dict[str, str]) -> None:
    entry = {**INVOICES, **change}
    assert quantify.draft(JA, savings([entry]).rows[0], entry, "boss") is None


def test_a_saving_is_told_in_hours_once_there_is_one() -> None:
    assert [quantify.saved(JA, minutes) for minutes in (59, 60, 90)] == ["約59分", "約1時間", "約1.5時間"]


def test_all_rows_together_make_one_sentence_unless_they_are_doubted_or_alone() -> None:
    assert quantify.total_sentence(JA, savings([INVOICES])) is None
    assert quantify.total_sentence(JA, savings([INVOICES, {**QUESTIONS, "after": "20"}])) is None
    assert quantify.total_sentence(JA, savings([INVOICES, QUESTIONS])) == "合わせて、月に約21.3時間の短縮になりました。"
    both = str(quantify.total_sentence(EN, savings([INVOICES, ENTRIES])))
    assert "20 h" in both
    assert "4.5" in both
    assert "4.5件" in str(quantify.total_sentence(JA, savings([ENTRIES, {**ENTRIES, "errors_before": "0.5"}])))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_month_is_taken_to_be_is_said_and_owned_as_our_judgement(language: Language) -> None:
    said = quantify.assumption(say(CATALOG, language))
    assert [number for number in ("20", "52", "12") if number not in said] == []
    assert all("workbook" in form.sources for form in CATALOG.worksheets.values())
    paper = worksheets.paper(CATALOG, say(CATALOG, language), record(quantify=[INVOICES]), "quantify")
    assert paper
    assert said in paper.lines


# --- paper ---


def test_a_worksheet_nobody_wrote_in_is_no_paper() -> None:
    assert [worksheets.paper(CATALOG, JA, session().record, name) for name in CATALOG.worksheets] == [None] * 5


def test_the_clients_own_sentence_takes_the_place_of_the_draft() -> None:
    drafted = worksheets.paper(CATALOG, JA, record(quantify=[INVOICES]), "quantify")
    own = worksheets.paper(CATALOG, JA, record(quantify=[{**INVOICES, "boss": "早く出せます。"}]), "quantify")
    assert drafted
    assert own
    label = CATALOG.words["ja"].worksheets["quantify"].fields["boss"].label
    assert dict(own.rows)[label] == "早く出せます。"
    assert "約20時間" in dict(drafted.rows)[label]
    assert dict(own.rows)["請求書の発行"] == "1回30分 → 10分、1日に3回：月に1,200分（20時間）減。"


def test_a_row_that_is_not_complete_is_named_and_counts_for_nothing() -> None:
    half = {"task": "月次", "before": "12"}
    paper = worksheets.paper(CATALOG, JA, record(quantify=[INVOICES, half, QUESTIONS]), "quantify")
    assert paper
    rows = dict(paper.rows)
    assert "計算に入れていません" in rows["月次"]
    assert all(f"「{JA.words.worksheets['quantify'].fields[name].label}」" in rows["月次"] for name in TIME[1:])
    assert paper.lines[0] == "時間の合計：月に1,278分（21.3時間）減"
    nameless = worksheets.paper(CATALOG, EN, record(quantify=[{"before": "12"}]), "quantify")
    assert nameless
    assert nameless.rows[0][0] == "No. 1"


def test_dates_and_options_are_written_in_the_language_of_the_session() -> None:
    goal = {"goal": "締めを早める", "deadline": "2026-12-01", "agreed": "not_yet"}
    kept = record(goals=[goal, {"measure": "2日"}])
    japanese, english = (worksheets.paper(CATALOG, words, kept, "goals") for words in (JA, EN))
    assert japanese
    assert english
    assert [text for _, text in japanese.rows] == ["締めを早める", "2026年12月1日", "これから", "2日"]
    assert [text for _, text in english.rows][1:3] == ["1 December 2026", "Not yet"]


def test_the_questions_for_an_interview_come_with_what_a_vague_answer_may_mean() -> None:
    kept = record(evaluation=[{"questions": "pay_table how_evaluated", "own_question": "残業は", "answers": "未定"}])
    paper = worksheets.paper(CATALOG, JA, kept, "evaluation")
    assert paper
    options = JA.words.worksheets["evaluation"].fields["questions"].options
    assert [asked for asked, _ in paper.questions] == [options["how_evaluated"], options["pay_table"], "残業は"]
    assert JA("form_vague_pay_table") in paper.questions[1][1]
    assert [text for _, text in paper.rows] == ["未定"]


def test_signs_of_the_present_employer_go_on_paper_unless_there_is_none() -> None:
    answers: dict[str, Any] = {"no_feedback": "yes", "criteria_hidden": "no"}
    inside = worksheets.paper(CATALOG, JA, record(Facts(situation="inside", signs=answers)), "evaluation")
    assert inside
    questions = [JA.words.signs[sign].question for sign in CATALOG.signs if sign in answers]
    assert inside.rows == tuple(zip(questions, ("いいえ", "はい"), strict=True))
    assert worksheets.paper(CATALOG, JA, record(Facts(situation="wants_in", signs=answers)), "evaluation") is None


def test_the_inventory_leads_from_experience_to_role() -> None:
    rows = [{"experience": "店長", "strength": "まとめる力", "role": "総務"}, {"strength": "正確さ"}]
    paper = worksheets.paper(CATALOG, JA, record(inventory=rows), "inventory")
    assert paper
    assert paper.rows == (("店長", "まとめる力 → 総務"), ("2つ目", "正確さ"))


# --- goals ---


def test_a_goal_wants_a_measure_and_a_day() -> None:
    assert worksheets.lacks({"goal": "速く"}) == ("measure", "deadline")
    assert worksheets.lacks({"goal": "速く", "measure": "2日", "deadline": "2026-12-01"}) == ()


# --- inventory ---


def offered(facts: Facts, language: Language = "ja") -> list[tuple[str, bool]]:
    words = say(CATALOG, language)
    return [(one.id, one.inbound) for one in worksheets.suggestions(CATALOG, words, record(facts))]


TRANSFERS = [(name, False) for name in CATALOG.statements["transfers"]]


def test_what_is_suggested_depends_on_situation_and_experience() -> None:
    told_of = ("factory", "service")
    inbound = [(name, True) for name in told_of]
    assert offered(Facts(situation="inside", experience=told_of)) == TRANSFERS
    assert offered(Facts(situation="wants_in", experience=told_of)) == inbound
    assert offered(Facts(situation="unsure", experience=told_of)) == [*inbound, *TRANSFERS]
    assert offered(Facts(situation="wants_in")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_suggestion_is_complete_fits_its_fields_and_names_roles(language: Language) -> None:
    words, fields = say(CATALOG, language), CATALOG.worksheets["inventory"].fields
    facts = Facts(situation="unsure", role="accounting", experience=tuple(CATALOG.statements["experience"]))
    found = worksheets.suggestions(CATALOG, words, record(facts))
    assert len({one.id for one in found}) == len(found) == 10
    for one in found:
        assert one.entry.keys() == fields.keys()
        assert all(0 < len(text) <= fields[field].most for field, text in one.entry.items())
    roles = {one.id: one.entry["role"] for one in found}
    assert words.words.roles["it_admin"].name in roles["pc_accuracy"]
    assert words.words.roles["sales_admin"].name in roles["documents_data"]
    assert words.words.roles["general_clerk"].name in roles["factory"]
    assert words.words.roles["accounting"].name in found[-1].entry["experience"]


def test_without_a_role_of_the_catalogue_the_present_job_is_just_that() -> None:
    for role in (None, "other"):
        first = worksheets.suggestions(CATALOG, JA, record(Facts(situation="inside", role=role)))[0]
        assert first.entry["experience"] == "今の仕事"


def test_a_suggestion_that_was_taken_is_not_made_again() -> None:
    one = session(Case(facts=Facts(situation="inside")))
    first = worksheets.suggestions(CATALOG, JA, one.record)[0]
    one.add_row("inventory", first.entry)
    assert first.id not in [other.id for other in worksheets.suggestions(CATALOG, JA, one.record)]


# --- motive ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("なんだか楽そうだから。", ("easy",)),
        ("楽しそうな職場だから。", ()),
        ("定時で帰れて、誰でもできそうだから", ("easy", "fixed_hours")),
        ("とりあえず、ほかにないので", ("nothing_else",)),
        ("親に言われて", ("told_to",)),
        ("お客様に「助かった」と言われてうれしかったから", ()),
        ("人と話さなくていい仕事がしたい", ("alone",)),
        ("接客が嫌になった", ("escape",)),
        ("人を支える仕事がしたいです。", ()),
        ("", ()),
    ],
)
def test_reasons_that_convince_nobody_are_known_by_their_phrases(text: str, expected: tuple[str, ...]) -> None:
    assert worksheets.weak_reasons(JA, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It LOOKS  easy\nto me", ("easy",)),
        ("I don’t have to talk to anyone", ("alone",)),
        ("My parents said so, and there is no overtime.", ("fixed_hours", "told_to")),
        ("I want to make work easier for others.", ()),
        ("A customer told me that I had saved her day.", ()),
    ],
)
def test_english_reasons_are_known_whatever_case_spaces_and_apostrophes(text: str, expected: tuple[str, ...]) -> None:
    assert worksheets.weak_reasons(EN, text) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_is_found_and_no_example_of_ours_is_a_weak_reason(language: Language) -> None:
    words = say(CATALOG, language)
    for name, weak in words.words.weak_reasons.items():
        for phrase in weak.phrases:
            assert name in worksheets.weak_reasons(words, f"（{phrase}）")
    texts = [field.help or "" for field in words.words.worksheets["motive"].fields.values()]
    texts += [field.text for field in words.words.experience.values()]
    assert [text for text in texts if worksheets.weak_reasons(words, text)] == []


def test_three_parts_become_one_paragraph_and_each_ends_as_a_sentence() -> None:
    parts = {"reason": "支えたい", "experience": " 店で教えました。 ", "role": "総務で活かしたい！"}
    text = str(worksheets.motive_draft(JA, parts))
    assert text.startswith("支えたい。")
    assert "店で教えました。この" in text
    assert text.endswith("活かしたい！")
    for field in parts:
        lacking = {**parts, field: "  "}
        assert worksheets.motive_draft(JA, lacking) is None
        assert worksheets.motive_lacks(lacking) == (field,)
    paper = worksheets.paper(CATALOG, EN, record(motive=[parts]), "motive")
    assert paper
    assert paper.lines[0].startswith("支えたい. It comes")
