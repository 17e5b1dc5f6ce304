"""The screen of the lab: sliders that tell the trial, and pieces that show what it says; no browser needed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from advisor.analysis.lab import charts
from advisor.analysis.lab.agreement import agreement
from advisor.analysis.lab.screen import LabScreen, show
from advisor.analysis.lab.trial import Trial
from advisor.content import loading
from advisor.content.datafiles import DataError
from advisor.content.folder import data_dir
from tests.labs import people
from tests.support import CATALOG, THEN, own, unreleased

if TYPE_CHECKING:
    from advisor.analysis.cohort.facts import Cohort
    from advisor.content.words import Language

MISFIT = "paths.change_role.misfit"


@pytest.fixture
def cohort() -> Cohort:
    return people(1500)


@pytest.fixture
def screen(cohort: Cohort) -> LabScreen:
    return LabScreen(Trial(CATALOG, cohort))


def choose(screen: LabScreen, section: str) -> dict[str, Any]:
    """Return the sliders of a section, once it is chosen as a person would."""
    screen.controls.kind.value = section.split(".", maxsplit=1)[0]
    screen.controls.section.value = section
    return screen.controls.sliders


def press(screen: LabScreen, name: str, about: str) -> None:
    screen.head._receive(None, {"event": "action", "name": name, "id": about}, [])  # noqa: SLF001  (as a browser does)


def open_tab(screen: LabScreen, name: str) -> Any:
    number = [tab.name for tab in screen.tabs].index(name)
    screen.tab.selected_index = number
    return screen.tabs[number].box


def texts(widget: Any) -> str:
    """Return everything that a widget and what it holds say in words."""
    own = [str(getattr(widget, name, "")) for name in ("html", "value", "description", "alt")]
    return " ".join([*own, *(texts(child) for child in getattr(widget, "children", ()))])


def test_every_figure_of_the_version_has_a_slider(screen: LabScreen) -> None:
    found: set[str] = set()
    for _, kind in screen.controls.kind.options:
        screen.controls.kind.value = kind
        for _, section in screen.controls.section.options:
            found |= set(choose(screen, section))
    assert found == {parameter.path for parameter in screen.trial.parameters}


def test_a_slider_tells_the_trial_and_the_screen_says_who_moves(screen: LabScreen) -> None:
    choose(screen, "paths.change_role")[MISFIT].value = 60
    moved = screen.trial.comparison.first_paths.moved
    assert moved > 0
    assert f"{moved:,}人" in screen.summary.html
    was = CATALOG.scoring.paths["change_role"]["misfit"].points
    assert f"{was} → 60" in screen.head.html
    assert f"もとは {was}" in texts(screen.controls.box)


def test_a_change_made_in_a_cell_moves_the_slider(screen: LabScreen) -> None:
    sliders = choose(screen, "paths.change_role")
    screen.trial.change(MISFIT, 20)
    assert sliders[MISFIT].value == 20


def test_a_change_is_undone_with_the_cross_and_all_with_one_button(screen: LabScreen) -> None:
    screen.trial.change(MISFIT, 20)
    screen.trial.change("min_answered", 0.5)
    press(screen, "put_back", MISFIT)
    assert screen.trial.changes == {"min_answered": 0.5}
    press(screen, "put_back", "")
    assert screen.trial.changes == {}
    assert "まだ何も変えていません" in screen.head.html


@pytest.mark.parametrize("about", ["no.such.figure", None, 7, {"a": 1}])
def test_what_a_browser_makes_up_changes_nothing(screen: LabScreen, about: Any) -> None:
    press(screen, "put_back", about)
    press(screen, "erase_everything", MISFIT)
    assert screen.trial.comparison.empty


def test_a_value_that_cannot_be_is_told_and_the_slider_goes_back(screen: LabScreen) -> None:
    slider = choose(screen, "bands.score")["bands.score.high"]
    slider.value = 10
    assert "bands.score" in screen.head.html
    assert slider.value == 65
    assert screen.trial.changes == {}


def test_a_weight_is_added_from_the_list_and_taken_away_by_its_button(screen: LabScreen) -> None:
    choose(screen, "steps.quantify")
    screen.controls.feature.value = "monotony"
    screen.controls.add.click()
    assert screen.trial.changes == {"steps.quantify.monotony": 5}
    assert "steps.quantify.monotony" in screen.controls.sliders
    screen.trial.change("steps.quantify.reward", None)
    assert "steps.quantify.reward" not in screen.controls.sliders
    assert "外しました" in screen.head.html


def test_each_tab_says_what_changed(screen: LabScreen) -> None:
    screen.trial.change(MISFIT, 60)
    screen.trial.change("gates.work_does_not_suit.at", 60)
    screen.trial.change("bands.score.high", 70)
    said = texts(open_tab(screen, "moved"))
    assert "一番目の道が" in said
    assert "仕事との相性" in said, "the gate that opens"
    assert "高い → 中くらい" in said
    assert "経験を活かして別の仕事へ" in texts(open_tab(screen, "points"))
    assert "b_general_affairs" in texts(open_tab(screen, "cases"))


def test_the_people_who_move_are_named_by_their_ids_with_the_reason(screen: LabScreen) -> None:
    screen.trial.change(MISFIT, 60)
    said = texts(open_tab(screen, "moved"))
    first = screen.trial.cohort.ids.iloc[screen.trial.comparison.flips.rows[0], 0]
    assert first in said
    assert f"仕事そのものが合いにくい可能性 +{screen.trial.comparison.flips.amounts[0]}" in said


def test_the_table_lists_every_figure_and_marks_what_was_changed(screen: LabScreen) -> None:
    screen.trial.change(MISFIT, 60)
    screen.trial.change("steps.quantify.monotony", 20)
    screen.trial.change("steps.quantify.reward", None)
    box = open_tab(screen, "table")
    said = ""
    for _, kind in screen.controls.kind.options:
        screen.controls.kind.value = kind
        said += texts(box)
    assert said.count("<tr>") == len(screen.trial.original) + 1
    was = screen.trial.original
    for mark in (f"もとは {was[MISFIT]}", f"もとは {was['steps.quantify.reward']}", "加えました", "外しました"):
        assert said.count(mark) == 1


def test_without_a_change_the_tabs_are_empty_and_say_so(screen: LabScreen) -> None:
    assert "だれの助言も変わりません" in texts(open_tab(screen, "points"))
    assert "変わりません" in texts(open_tab(screen, "cases"))


@pytest.mark.slow
def test_the_sensitivity_is_worked_out_when_asked_for_and_says_when_it_is_old(screen: LabScreen) -> None:
    box = open_tab(screen, "sensitivity")
    button, told, found = box.children
    assert found.layout.display == "none"
    button.click()
    assert found.layout.display is None
    assert told.html == ""
    chart = found.children[1]
    assert len(chart.figure["data"][0]["y"]) == 20
    said = texts(found)
    both = agreement(screen.trial.after)
    assert "簡易版と詳細版" in said
    assert f"{both.same / both.told:.1%}" in said
    assert f"まだ言えない人：{screen.trial.after.silent.mean():.1%}" in said
    assert "いちばん変えたい" not in said, "no mark is without a use"
    screen.trial.change(MISFIT, 60)
    assert "変更の前の計算" in told.html


def test_silence_is_shown_as_silence_and_as_no_path(screen: LabScreen) -> None:
    silent = screen.trial.before.silent.sum()
    assert f"{silent:,}人" in screen.summary.html
    assert "まだ言えない人（沈黙）" in screen.summary.html
    choose(screen, "choosing")["choosing.silence.inside.worries"].value = 9
    more = screen.trial.comparison.silent.gained
    assert more > 0
    assert f"+{more:,}" in screen.summary.html
    said = texts(open_tab(screen, "moved"))
    assert "まだ言えない（回答が足りない）" in said
    reasons = open_tab(screen, "moved").children[4]
    assert any("沈黙のきまり" in name for name in reasons.figure["data"][0]["y"])


@pytest.mark.slow
def test_the_lab_of_the_first_version_has_no_silence() -> None:
    screen = LabScreen(Trial(THEN, people(300, THEN)))
    assert "まだ言えない人（沈黙）" not in screen.summary.html
    assert "choosing" not in [kind for _, kind in screen.controls.kind.options]
    box = open_tab(screen, "sensitivity")
    box.children[0].click()
    assert "職種" in texts(box), "told, and looked at by no rule"


def test_groups_show_the_rate_before_and_after_with_its_interval(screen: LabScreen) -> None:
    box = open_tab(screen, "groups")
    segment, advice, chart, table = box.children
    segment.value = "department"
    advice.value = ("first_path", "change_role")
    before = table.html
    screen.trial.change(MISFIT, 80)
    assert table.html != before
    assert len(chart.figure["data"][0]["x"]) == screen.trial.cohort.segments["department"].nunique()
    assert "÷" in table.html
    assert "証拠ではなく" in table.html or "以上です" in table.html


def test_a_cohort_without_groups_says_so(cohort: Cohort) -> None:
    alone = replace(cohort, segments=cohort.segments[["synthetic"]])
    assert "グループの列がありません" in texts(open_tab(LabScreen(Trial(CATALOG, alone)), "groups"))


def test_a_trial_becomes_a_draft_and_a_released_version_stays(cohort: Cohort, tmp_path: Path) -> None:
    data = Path(shutil.copytree(data_dir(), tmp_path / "data"))
    present = CATALOG.scoring.version
    screen = LabScreen(Trial(loading.load(data), cohort))
    version, why, _, row, told = open_tab(screen, "save").children
    row.children[0].click()
    assert "変えたところがありません" in told.html
    screen.trial.change(MISFIT, 60)
    version.value, why.value = present, "試し"
    row.children[0].click()
    assert present in told.html
    assert 'data-kind="problem"' in told.html
    version.value = "2026-9"
    row.children[0].click()
    assert 'data-kind="done"' in told.html
    assert loading.load(data, "2026-9").scoring.paths["change_role"]["misfit"].points == 60
    assert loading.load(data).scoring.version == present
    row.children[0].click()
    assert 'data-kind="problem"' in told.html, "a draft is not written over unasked"


SAID: dict[Language, tuple[str, str, str, str]] = {
    "ja": ("小さくしてください", "もう変えられません", "ファイルが空です", "（記入なし）"),
    "en": ("has to be below", "never changes", "the file is empty", "(not told)"),
}


@pytest.mark.parametrize("language", SAID)
def test_it_speaks_its_own_language_whatever_that_of_the_machine_is(
    cohort: Cohort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    for name in ("ADVISOR_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8" if language == "ja" else "ja_JP.UTF-8")
    crossed, released, empty, nobody = SAID[language]
    data = Path(shutil.copytree(data_dir(), tmp_path / "data"))
    untold = replace(cohort, segments=cohort.segments.assign(department=["", "a", "b"] * (len(cohort.segments) // 3)))
    screen = LabScreen(Trial(loading.load(data), untold), language)
    choose(screen, "bands.score")["bands.score.middle"].value = 100
    assert crossed in screen.head.html
    screen.trial.change(MISFIT, 60)
    version, *_, row, told = open_tab(screen, "save").children
    version.value = CATALOG.scoring.version
    row.children[0].click()
    assert released in told.html
    (data / "guidance/worksheets.yaml").write_text("", encoding="utf-8")
    version.value = "2026-9"
    row.children[0].click()
    assert empty in told.html
    box = open_tab(screen, "groups")
    box.children[0].value = "department"
    assert nobody in box.children[-1].html


def test_it_speaks_english(cohort: Cohort) -> None:
    said = texts(show(Trial(CATALOG, cohort), "en"))
    assert "Scoring lab" in said
    assert "Synthetic data" in said


def test_names_of_a_cohort_file_are_shown_as_text_and_no_figure_of_a_few_people(cohort: Cohort) -> None:
    hostile = cohort.segments.assign(department="<img src=x onerror=alert(1)>", other="b")
    hostile.loc[hostile.index[:700], "department"] = "a"
    hostile.loc[hostile.index[-4:], "department"] = "small"
    screen = LabScreen(Trial(CATALOG, replace(cohort, segments=hostile)))
    box = open_tab(screen, "groups")
    box.children[0].value = "department"
    assert "<img" not in box.children[3].html
    assert "&lt;img" in box.children[3].html
    assert box.children[3].html.count("5人に満たないグループがわからないように、非表示") == 2
    assert len(box.children[2].figure["data"][0]["x"]) == 1


def test_a_flow_leaves_out_what_nobody_takes() -> None:
    link = charts.flow(["a", "b"], np.array([[3, 1], [0, 2]]))["data"][0]["link"]
    assert list(zip(link["source"], link["target"], link["value"], strict=True)) == [(0, 2, 3), (0, 3, 1), (1, 3, 2)]


def test_broken_data_are_told_as_everywhere(tmp_path: Path) -> None:
    from advisor.analysis.lab.trial import open_trial

    data = unreleased(tmp_path / "data")
    (data / own("sources.yaml")).write_text("no: [", encoding="utf-8")
    with pytest.raises(DataError, match=r"sources\.yaml"):
        open_trial(data=data)
