"""What the results screen says beside the charts where a release brings norms, or reliabilities that were measured."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from advisor.analysis.lab.drafts import save_draft
from advisor.analysis.lab.release import release
from advisor.content import loading, validate
from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.content.words import LANGUAGES
from advisor.session.session import Past, Session
from advisor.view.rendering import render
from advisor.view.workbook import results
from tests.lab_cohort import accept
from tests.support import FIRST, THEN, as_first_released, quick

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog
    from advisor.content.words import Language

NORMS = (
    "scale,mean,sd,n,date,sources\nreward,40,10,480,2027-04-30,workbook\nvisibility,50,20,1200,2027-04-30,workbook\n"
)
MEASURED = "reward,0.81,22,0,icc,120,2027-03-31,workbook\n"


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """A release with two norms and one measured reliability, as an analyst would make it."""
    data = as_first_released(tmp_path_factory.mktemp("norms") / "data")
    accept(data, FIRST)
    save_draft(THEN, data, "2026-2", {"paths.front_office.roughness": 4})
    home = data / "releases/2026-2/instrument"
    (home / "norms.csv").write_text(NORMS, encoding="utf-8")
    _, *rows = (home / "reliability.csv").read_text(encoding="utf-8").splitlines()
    others = [",".join((*row.split(",")[:4], "", "", "", row.split(",")[4])) for row in rows if row[:7] != "reward,"]
    told = ["scale,r,sd,provisional,method,n,date,sources", *others, MEASURED]
    (home / "reliability.csv").write_text("\n".join(told), encoding="utf-8")
    accept(data, "2026-2")
    release(data, "2026-2", date(2027, 5, 1), why="Measured at last")
    assert validate.problems(data) == ()
    return loading.load(data)


def told(catalog: Catalog, case: Case) -> dict[str, dict[str, str]]:
    one = Session(catalog)
    one.open_case(case)
    return {row["name"]: row for row in results.adviser(one, say(catalog, "ja"))["norms"]}


def test_a_score_stands_beside_its_norm_with_n_and_date(measured: Catalog) -> None:
    names = measured.words["ja"].scales
    rows = told(measured, Case(quick("reward", point=4) | quick("visibility", point=3)))
    assert rows[names["reward"].name] == {
        "name": names["reward"].name,
        "score": "75",
        "mean": "40",
        "meaning": "高め",
        "people": "480人（2027年4月30日まで）",
    }
    assert rows[names["visibility"].name]["meaning"] == "同じくらい"
    assert rows[names["visibility"].name]["people"] == "1,200人（2027年4月30日まで）"
    assert told(measured, Case(quick("reward", point=1)))[names["reward"].name]["meaning"] == "低め"


def test_a_norm_of_the_quick_form_is_not_held_beside_the_full_form_or_no_answer(measured: Catalog) -> None:
    assert told(measured, Case()) == {}
    assert told(measured, Case(quick("reward", point=4), facts=Facts(widened=("reward",)))) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_screen_shows_norms_in_the_advisers_part_and_nothing_of_them_where_none_is_released(
    measured: Catalog, language: Language
) -> None:
    for catalog, shown in ((measured, True), (THEN, False)):
        one = Session(catalog)
        one.open_case(Case(quick("reward", point=4)))
        words = say(catalog, language)
        known = {"say": words, "words": words.words, "reads": False}
        assert (words("norms_title") in render("results_adviser", **known, **results.adviser(one, words))) is shown
        assert words("norms_title") not in render("folds", **known, **results.folds(one, words))


def test_a_change_that_a_measured_reliability_judges_says_on_how_many_people_and_when(measured: Catalog) -> None:
    high = {item.id: item.low if item.reverse else item.high for item in measured.items_of("reward")}
    low = {name: 6 - answer for name, answer in high.items()}
    facts = Facts(widened=("reward",))
    for catalog, text in (
        (measured, "（2027年3月31日までの120人の回答をもとにした目安です）"),
        (THEN, say(THEN, "ja")("change_rough", text="")),
    ):
        before, after = (Session(catalog), Session(catalog))
        before.open_case(Case(low, facts=facts))
        after.open_case(Case(high, facts=facts))
        after.last = Past(before.record, before.reading, date(2027, 5, 2))
        [row] = results.compared(after, say(catalog, "ja"))["worries"]
        assert text in row["reliable"]
