"""Releasing: everything is looked at first, then it is noted everywhere at once, and never again changed."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from advisor.analysis.lab.diff import changes
from advisor.analysis.lab.drafts import save_draft
from advisor.analysis.lab.errors import LabError, ReleasedError
from advisor.analysis.lab.files import fresh
from advisor.analysis.lab.parameters import vary
from advisor.analysis.lab.release import Released, UnacceptedError, entry, release, with_entry
from advisor.content import validate, versions
from advisor.content.datafiles import DataError
from tests.lab_cohort import accept, released
from tests.support import THEN, varied

DAY = date(2026, 12, 1)
LIGHT = {"paths.front_office.roughness": 4}  # moves no worked case
HEAVY = {"paths.fair_employer.reward": 10}
LOG = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- One.\n\n### Changed\n\n- Two.\n\n## [0.1.0]\n\n- Old.\n"


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the data, two drafts, and a changelog and pins beside the data."""
    around = tmp_path_factory.mktemp("drafts")
    folder = released(around)
    (around / "CHANGELOG.md").write_text(LOG, encoding="utf-8")
    (around / "released.csv").write_bytes((folder / versions.RELEASED).read_bytes())
    assert save_draft(THEN, folder, "2026-2", LIGHT).problems == ()
    assert save_draft(THEN, folder, "2026-3", HEAVY).problems == ()
    return around


@pytest.fixture
def data(drafts: Path, tmp_path: Path) -> Path:
    """The data of such a folder, to be released from."""
    return Path(shutil.copytree(drafts, tmp_path / "around")) / "data"


def out(data: Path, version: str = "2026-2", why: str = "Rough work counts for less") -> Released:
    around = data.parent
    return release(data, version, DAY, why=why, changelog=around / "CHANGELOG.md", pins=around / "released.csv")


def everything(data: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in data.parent.rglob("*") if path.is_file()}


def test_a_release_is_noted_pinned_and_told(data: Path) -> None:
    done = out(data)
    assert (done.version, done.before, [change.path for change in done.changes]) == ("2026-2", "2026-1", list(LIGHT))
    row = f"2026-2,2026-12-01,{versions.digest(data, '2026-2')}"
    for listed in (data / versions.RELEASED, data.parent / "released.csv"):
        header, first, second = listed.read_text(encoding="utf-8").splitlines()
        assert (header, first[:7], second) == ("version,released,sha256", "2026-1,", row)
    told = "- Two.\n- Scoring 2026-2: Rough work counts for less. `paths.front_office.roughness` 5 → 4.\n\n## [0.1.0]"
    assert told in (data.parent / "CHANGELOG.md").read_text(encoding="utf-8")
    assert versions.current(data) == "2026-2"
    assert fresh(data).scoring.paths["front_office"]["roughness"].points == 4


def test_after_a_release_an_edit_is_a_problem(data: Path) -> None:
    out(data)
    file = data / versions.file_of("2026-2")
    file.write_text(file.read_text(encoding="utf-8").replace("points: 4,", "points: 3,"), encoding="utf-8")
    with pytest.raises(DataError, match="2026-2 was released on 2026-12-01 and has been edited since"):
        fresh(data)
    with pytest.raises(ReleasedError):
        save_draft(THEN, data, "2026-2", LIGHT, replace=True)


def test_what_is_around_need_not_be_there(data: Path) -> None:
    done = release(data, "2026-2", DAY, why="So", changelog=data / "none.md", pins=None)
    assert done.files == (data / "releases/2026-2/SHA256SUMS", data / versions.RELEASED)
    assert versions.current(data) == "2026-2"


def test_the_first_release_of_a_folder_needs_none_before(data: Path) -> None:
    (data / versions.RELEASED).unlink()
    done = release(data, "2026-1", DAY, why="The first")
    assert (done.before, done.changes) == ("", ())
    assert list(versions.releases(data)) == ["2026-1"]


def test_a_pin_that_a_broken_off_release_left_is_made_anew(data: Path) -> None:
    with (data.parent / "released.csv").open("a", encoding="utf-8") as pins:
        pins.write(f"2026-2,2026-11-30,{'0' * 64}\n")
    out(data)
    assert (data.parent / "released.csv").read_text(encoding="utf-8").count("2026-2,") == 1
    assert "2026-12-01" in (data.parent / "released.csv").read_text(encoding="utf-8")


TURNED = ("monotony: {points: 30, stated: true, ", "monotony: {points: -30, stated: true, ")


def turned(data: Path, line: str) -> Path:
    file = data / versions.file_of("2026-2")
    text = file.read_text(encoding="utf-8")
    assert TURNED[0] in text
    file.write_text(text.replace(TURNED[0], line, 1), encoding="utf-8")
    return file


def test_a_weight_that_a_source_states_turns_only_with_a_written_reason(data: Path) -> None:
    turned(data, TURNED[1])
    before = everything(data)
    with pytest.raises(DataError, match=r"steps\.propose_improvement\.monotony\.reason"):
        out(data)
    assert everything(data) == before
    assert any("monotony.reason" in str(problem) for problem in validate.problems(data))


def test_to_take_the_mark_of_a_stated_weight_away_does_not_hide_that_it_turned(data: Path) -> None:
    turned(data, TURNED[1].replace("stated: true, ", ""))
    assert "steps.propose_improvement.monotony" in str(refused(data, "lab_turned"))


def test_with_a_reason_a_stated_weight_may_turn(data: Path) -> None:
    turned(data, TURNED[1] + "reason: Interviews of 2027 say the contrary, ")
    accept(data, "2026-2")
    done = out(data)
    assert ("steps.propose_improvement.monotony", 30, -30) in [(one.path, one.old, one.new) for one in done.changes]


def test_either_form_of_a_name_is_the_same_version(data: Path) -> None:
    with pytest.raises(LabError) as raised:
        save_draft(THEN, data, "2026-02", LIGHT)
    assert raised.value.word == "lab_draft_there"
    assert save_draft(THEN, data, "2026-02", LIGHT, replace=True).version == "2026-2"
    assert not (data / "releases/2026-02").exists()
    assert out(data, "2026-02").version == "2026-2"
    refused(data, "lab_released_twice", "2026-2")
    refused(data, "lab_released_twice", "2026-02")


def test_two_releases_stand_side_by_side_each_with_its_own_texts(data: Path) -> None:
    file = data / versions.file_of("2026-2", "text/ja/instrument.yaml")
    file.write_text(file.read_text(encoding="utf-8").replace('reward_1: "', 'reward_1: "いま、', 1), encoding="utf-8")
    out(data)
    first, second = fresh(data, "2026-1"), fresh(data)
    assert second.words["ja"].items["reward_1"] == f"いま、{first.words['ja'].items['reward_1']}"
    released = versions.releases(data)
    assert [one.digest for one in (first, second)] == [released[name].sha256 for name in ("2026-1", "2026-2")]
    assert validate.problems(data) == ()


def test_a_release_that_is_gone_or_put_back_to_an_older_state_is_named_and_nothing_is_released_over_it(
    data: Path,
) -> None:
    home = data / "releases/2026-2"
    draft = shutil.copytree(home, data.parent / "then")
    (home / "guidance/faq.yaml").write_text((home / "guidance/faq.yaml").read_text("utf-8") + "# one\n", "utf-8")
    out(data)
    for state in ("rolled back", "deleted"):
        shutil.rmtree(home)
        if state == "rolled back":
            shutil.copytree(draft, home)
        with pytest.raises(DataError, match="releases/2026-2"):
            fresh(data)
        assert any("releases/2026-2" in str(problem) for problem in validate.problems(data))
        with pytest.raises(DataError):
            out(data, "2026-3")
        refused(data, "lab_released_twice", "2026-2")


# --- what is refused ----------------------------------------------------------------------------------------------


def refused(data: Path, word: str, version: str = "2026-2", why: str = "So") -> LabError:
    before = everything(data)
    with pytest.raises(LabError) as raised:
        out(data, version, why)
    assert raised.value.word == word
    assert everything(data) == before
    return raised.value


def test_a_version_is_released_once(data: Path) -> None:
    out(data)
    assert isinstance(refused(data, "lab_released_twice"), ReleasedError)
    refused(data, "lab_released_twice", "2026-1")


def test_a_version_that_is_not_there_is_answered_with_those_that_are(data: Path) -> None:
    assert "2026-1, 2026-2, 2026-3" in str(refused(data, "lab_no_version", "2026-4"))


def test_a_version_older_than_the_present_one_stays_a_draft(data: Path) -> None:
    listed = data / versions.RELEASED
    listed.write_text(listed.read_text(encoding="utf-8").replace("2026-1,", "2026-9,"), encoding="utf-8")
    assert "2026-9" in str(refused(data, "lab_older"))


def test_a_version_that_says_the_same_is_nothing_to_release(data: Path) -> None:
    text = (data / versions.file_of("2026-1")).read_text(encoding="utf-8")
    same = text.replace("\nversion: 2026-1", "\nversion: 2026-3")
    (data / versions.file_of("2026-3")).write_text(same, encoding="utf-8")
    refused(data, "lab_no_difference", "2026-3")


@pytest.mark.parametrize("why", ["", "  \n"])
def test_a_release_has_a_reason(data: Path, why: str) -> None:
    refused(data, "lab_no_reason", why=why)


def test_a_worked_case_that_comes_out_differently_has_to_be_accepted_first(data: Path) -> None:
    error = refused(data, "lab_unaccepted", "2026-3")
    assert isinstance(error, UnacceptedError)
    assert [(case.name, case.broken) for case in error.cases] == [
        ("a_accounting", ("paths",)),
        ("b_general_affairs", ("paths",)),
    ]
    (first, _) = error.cases
    assert (first.before.paths[0], first.after.paths[0]) == (("fair_employer", 92), ("fair_employer", 77))


def test_an_accepted_worked_case_is_no_obstacle(data: Path) -> None:
    with pytest.raises(UnacceptedError):
        out(data, "2026-3")
    accept(data, "2026-3")
    assert out(data, "2026-3").version == "2026-3"


def test_data_with_a_problem_are_not_released(data: Path) -> None:
    (data / versions.file_of("2026-2", "guidance/steps.yaml")).write_text("quantify: {}\n", encoding="utf-8")
    before = everything(data)
    with pytest.raises(DataError):
        out(data)
    assert everything(data) == before


# --- the changelog ------------------------------------------------------------------------------------------------


def test_many_changes_are_counted_and_the_command_that_tells_them_is_named() -> None:
    weights = {
        f"steps.{step}.{feature}": 2 for step in ("quantify", "goal_talk") for feature in ("reward", "visibility")
    }
    found = vary(varied(THEN, version="2026-3"), {**weights, "min_answered": 0.7, "paths.front_office.reward": 3})
    told = entry(found, "2026-1", changes(THEN.scoring, found.scoring), "Less of all")
    assert "`steps.quantify.visibility` 30 → 2;" in told
    assert "2 more (`advisor diff 2026-1 2026-3`)." in told
    assert max(map(len, told.splitlines())) <= 150
    assert told.splitlines()[1].startswith("  ")


FIXED = "### Changed\n\n- Two.\n\n### Fixed"
ONLY = "## [Unreleased]\n\n### Changed\n\n- New.\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(LOG, LOG.replace("- Two.\n", "- Two.\n- New.\n"), id="after the others"),
        pytest.param(LOG.replace("### Changed\n\n- Two.\n\n", ""), LOG.replace("Two", "New"), id="no Changed"),
        pytest.param(LOG.replace("- Two.\n\n", ""), LOG.replace("Two", "New"), id="an empty Changed"),
        pytest.param(
            LOG.replace("### Changed", FIXED),
            LOG.replace("### Changed", FIXED.replace("- Two.\n", "- Two.\n- New.\n")),
            id="before Fixed",
        ),
        pytest.param("# C\n\n## [0.1.0]\n\n- Old.\n", f"# C\n\n{ONLY}\n## [0.1.0]\n\n- Old.\n", id="no Unreleased"),
        pytest.param("# C\n", f"# C\n\n{ONLY}", id="empty"),
        pytest.param(
            f"# C\n\n{ONLY.replace('New', 'Two')}", f"# C\n\n{ONLY.replace('New', 'Two')}- New.\n", id="at the end"
        ),
    ],
)
def test_an_entry_finds_its_place(before: str, after: str) -> None:
    assert with_entry(before, "- New.") == after
    assert with_entry(after, "- New.") == after
