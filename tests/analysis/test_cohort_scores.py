"""Cohort files as cases: facts in columns, what may not be, and scores and advice as one client would get them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.analysis.cohort import output
from advisor.analysis.cohort.columns import choose, is_id, is_personal
from advisor.analysis.cohort.facts import STAMP, fact_columns, load, read_fact, tabulate
from advisor.analysis.cohort.model import Batch, FileFinding
from advisor.analysis.cohort.scores import ADVICE, ScoringPlan, score_batch, scored
from advisor.content.model import Case, Facts
from advisor.scoring import likert, scores
from advisor.scoring.reading import read
from tests.support import CATALOG, cases

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from advisor.scoring.results import Advice

KEY = scores.key(CATALOG)
PLAN = ScoringPlan(KEY.instrument, carried=("id",), min_answered=CATALOG.scoring.min_answered, catalog=CATALOG)


def columns_of(case: Case) -> dict[str, str]:
    """Return a case's facts as the cells of a cohort file."""
    facts = case.facts
    return {
        "situation": facts.situation or "",
        "role": facts.role or "",
        "years": "" if facts.years is None else str(facts.years),
        **{name: " ".join(getattr(facts, name)) for name in ("priorities", "experience", "widened")},
        **{f"sign_{name}": facts.signs.get(name, "") for name in CATALOG.signs},
        **{f"tried_{name}": facts.tried.get(name, "") for name in CATALOG.steps},
    }


def batch(people: Sequence[Case], *, without: Sequence[str] = (), **cells: str) -> Batch:
    """Return the batch that a file of these cases is; ``cells`` are written over the first row."""
    texts = pd.DataFrame([columns_of(case) for case in people], columns=list(fact_columns(CATALOG)), dtype="str")
    for name, text in cells.items():
        texts.loc[0, name] = text
    texts.insert(0, "id", [f"00{number}" for number in range(len(people))])
    answers = [[case.responses.get(item, np.nan) for item in KEY.items] for case in people]
    table = np.array(answers, float).reshape(len(people), len(KEY.items))
    told = output.table_of(texts.drop(columns=list(without)))
    return Batch(len(people), np.arange(len(people)), table, told, ())


# --- facts --------------------------------------------------------------------------------------------------------


@given(st.lists(cases(), max_size=4))
@settings(max_examples=25)
def test_a_file_of_cases_is_the_same_table_as_the_cases(people: list[Case]) -> None:
    table, findings = tabulate(CATALOG, batch(people))
    expected = scores.tabulate(CATALOG, people)
    assert findings == ()
    for field in scores.Table.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(table, field), getattr(expected, field), err_msg=field)


def test_without_a_column_widened_every_item_of_the_file_was_asked_and_no_other() -> None:
    people = [Case({"reward_1": 4, "reward_2": 4, "reward_3": 2}), Case({"reward_1": 4})]
    table, _ = tabulate(CATALOG, batch(people, without=["widened"]))
    assert table.asked.all()
    few = Batch(2, np.arange(2), np.array([[4.0, 2.0], [4.0, np.nan]]), pa.table({}), ())
    table, _ = tabulate(CATALOG, few, ("reward_1", "visibility_1"))
    assert table.asked.sum(axis=1).tolist() == [2, 2]
    rewards = scores.score(CATALOG, table)[:, list(CATALOG.scales).index("reward")]
    assert rewards.tolist() == [75, 75]


@pytest.mark.parametrize(
    ("column", "text", "kind"),
    [
        ("situation", "outside", "fact_choice"),
        ("role", "astronaut", "fact_choice"),
        ("years", "-1", "fact_number"),
        ("years", "61", "fact_number"),
        ("years", "3.5", "fact_number"),
        ("years", "many", "fact_number"),
        ("priorities", "reward visibility monotony sandwiched", "fact_list"),
        ("priorities", "reward reward", "fact_list"),
        ("priorities", "support", "fact_list"),
        ("experience", "flying", "fact_list"),
        ("widened", "nothing", "fact_list"),
        (f"sign_{next(iter(CATALOG.signs))}", "maybe", "fact_choice"),
        (f"tried_{next(iter(CATALOG.steps))}", "yes", "fact_choice"),
    ],
)
def test_a_fact_that_may_not_be_is_told_and_counts_as_not_told(column: str, text: str, kind: str) -> None:
    people = [Case({"reward_1": 4}), Case({"reward_1": 4})]
    table, findings = tabulate(CATALOG, batch(people, **{column: text}))
    (finding,) = findings
    assert (finding.row, finding.column, finding.value, finding.kind) == (0, column, text, kind)
    expected = scores.tabulate(CATALOG, people)
    for field in scores.Table.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(table, field), getattr(expected, field), err_msg=field)


@pytest.mark.parametrize(
    ("text", "years"), [("3", 3), (" 3 ", 3), ("3.0", 3), ("", None), ("０", 0), ("３年", 3), ("三年", None)]
)
def test_years_are_whole_numbers_as_files_write_them(text: str, years: int | None) -> None:
    facts = read_fact(CATALOG, "years", text.strip())
    assert (facts.years if facts else None) == years


def test_findings_come_by_row_and_name_the_row_of_the_block() -> None:
    people = [Case(), Case(), Case()]
    one = batch(people, situation="x")
    roles = pa.array(["", "", "x"])
    texts = one.texts.set_column(one.texts.column_names.index("role"), "role", roles)
    kept = Batch(9, np.array([1, 4, 8]), one.answers, texts, ())
    _, findings = tabulate(CATALOG, kept)
    assert [(finding.row, finding.column) for finding in findings] == [(1, "situation"), (8, "role")]


# --- scores -------------------------------------------------------------------------------------------------------


def first_three(advice: Sequence[Advice]) -> list[tuple[str, int]]:
    return [(one.target, one.points) for one in advice[:3]]


@given(st.lists(cases(), min_size=1, max_size=4))
@settings(max_examples=25)
def test_each_row_says_what_the_workbook_would_say_to_this_client(people: list[Case]) -> None:
    frame = score_batch(PLAN, batch(people))
    assert tuple(frame.columns) == ("id", *CATALOG.scales, *ADVICE, STAMP)
    for number, case in enumerate(people):
        reading, row = read(CATALOG, case.responses, case.facts), frame.iloc[number]
        for scale, found in reading.scores.items():
            assert found.value == (None if np.isnan(row[scale]) else row[scale])
        first = [(row["path"], row["path_points"])] if pd.notna(row["path"]) else []
        assert first == first_three(reading.paths)[:1], "in silence there is none"
        assert (row["near"] if pd.notna(row["near"]) else "") == " ".join(reading.near)
        told = [(row[f"step_{n}"], row[f"step_{n}_points"]) for n in (1, 2, 3) if pd.notna(row[f"step_{n}"])]
        assert told == first_three(reading.steps)


def test_ids_leave_as_they_came() -> None:
    one = batch([Case(), Case()])
    texts = one.texts.set_column(0, "id", pa.array(["=1+1", " 007 "]))
    assert score_batch(PLAN, replace(one, texts=texts))["id"].tolist() == ["=1+1", " 007 "]


def test_means_stand_in_place_of_percents_and_advice_stays_the_same() -> None:
    people = [Case({"reward_1": 4, "visibility_1": 2}, facts=Facts(situation="inside"))]
    percent = score_batch(PLAN, batch(people))
    mean = score_batch(replace(PLAN, metric="mean"), batch(people))
    assert (percent["reward"][0], mean["reward"][0]) == (75, 4)
    pd.testing.assert_frame_equal(percent[list(ADVICE)], mean[list(ADVICE)])


def test_an_instrument_is_scored_without_advice_and_missing_items_count_as_unanswered() -> None:
    rows = (likert.ItemRow(id=f"q{n}", scale="s", reverse=False, low=1, high=5) for n in range(3))
    plan = ScoringPlan(likert.instrument(tuple(rows)), carried=("id",), min_answered=0.6)
    texts = pa.table({"id": ["a", "b"]})
    two = Batch(2, np.arange(2), np.array([[1.0, 5.0], [np.nan, 3.0]]), texts, ())
    frame, findings = scored(plan, two, ("q2", "q0"))
    assert frame["s"].to_pylist() == [50, None]
    assert frame.column_names == ["id", "s"]
    assert findings == ()


# --- columns ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["id", "ID", "respondent_id", "participantId", "Respondent", "case", "client", "code", "no", "No.", "番号",
     "社員番号", "回答者", "回答者コード", "rownames", "subject", "person", "Response ID"],
)  # fmt: skip
def test_names_that_say_who_answered(name: str) -> None:
    assert is_id(name)
    assert not is_personal(name)


@pytest.mark.parametrize(
    "name",
    ["name", "氏名", "お名前", "email", "E-Mail", "mail", "phone", "tel", "address", "住所", "birth_date", "生年月日",
     "first_name", "電話番号", "郵便番号", "customerName", "zip code", "メールアドレス"],
)  # fmt: skip
def test_personal_names_are_never_ids(name: str) -> None:
    assert is_personal(name)
    assert not is_id(name)


@pytest.mark.parametrize("name", ["age", "gender", "department", "valid", "paid", "idea", "nothing", "notes", "部署"])
def test_names_that_say_neither(name: str) -> None:
    assert not is_id(name)
    assert not is_personal(name)


def test_columns_are_carried_when_they_are_ids_or_asked_for() -> None:
    columns = ("rownames", "respondent_id", "name", "age", "q1", "situation")
    chosen = choose(columns, ("q1", "situation"))
    assert chosen.ids == ("rownames", "respondent_id")
    assert chosen.identity == ("respondent_id",)  # a count of rows tells no two people apart
    assert chosen.left_out == ("name", "age")
    assert choose(columns, ("q1",), ids=["age"], keep=["name", "q1"]).carried == ("age", "name", "q1")
    assert choose(("no", "q1"), ("q1",)).identity == ("no",)


def test_a_first_column_left_of_all_items_may_be_an_id() -> None:
    assert choose(("who", "q1"), ("q1",)).candidate == "who"
    assert choose(("", "q1"), ("q1",)).ids == ("",)
    assert choose(("q1", "who"), ("q1",)).candidate == ""
    assert choose(("email", "q1"), ("q1",)).candidate == ""
    assert choose(("who", "id", "q1"), ("q1",)).candidate == ""


# --- whole cohorts ------------------------------------------------------------------------------------------------


def test_a_cohort_is_loaded_with_its_segments_and_without_what_is_personal(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    rows = [f"p{n},{'AB'[n % 2]},Name {n},{n},{1 + n % 5},{'inside' if n else 'nowhere'}" for n in range(40)]
    path.write_text("\n".join(["id,department,name,height,reward_1,situation", *rows]) + "\n")
    cohort = load(CATALOG, path)
    assert list(cohort.segments) == ["department"]
    assert cohort.ids["id"].tolist()[:2] == ["p0", "p1"]
    assert cohort.table.answers.shape == (40, len(KEY.items))
    assert cohort.table.situation.tolist()[:2] == [-1, 0]
    assert [finding for finding in cohort.findings if finding.row >= 0] == [
        FileFinding(0, "situation", "nowhere", "fact_choice", (("allowed", "inside, wants_in, unsure"),))
    ]
