"""``advisor score``, as someone at a terminal meets it."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest
from click.testing import CliRunner, Result

from advisor.cli import cohort, main
from advisor.content.messages import messages
from tests.support import CATALOG

SAY = messages("en")
PEOPLE = "id,name,age,q0,q1,q2\n001,Ann,30,5,1,1\n002,Bob,40,1,,1\n003,Cid,50,,,3\n"


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An English terminal in a folder with an instrument and a file of answers."""
    monkeypatch.setattr(cohort, "SAY", SAY)
    monkeypatch.setenv("ADVISOR_LANG", "en")
    monkeypatch.chdir(tmp_path)
    items = "id,scale,reverse,low,high\nq0,mood,0,1,5\nq1,mood,1,1,5\nq2,drive,0,1,3\n"
    Path("items.csv").write_text(items)
    Path("in.csv").write_text(PEOPLE)
    return tmp_path


def advisor(*arguments: str) -> Result:
    return CliRunner().invoke(main.main, arguments)


def score(*arguments: str) -> Result:
    return advisor("score", "in.csv", "--instrument", ".", "--out", "out.csv", *arguments)


def test_a_file_is_scored_and_what_it_came_to_is_told_beside_it() -> None:
    told = score()
    assert told.exit_code == 0, told.output
    assert Path("out.csv").read_text(encoding="utf-8-sig") == "id,mood,drive\n001,100,0\n002,,0\n003,,100\n"
    assert told.stdout == ""
    assert told.stderr.splitlines() == [
        "3 rows read, 3 people scored: out.csv",
        "Respondents without a score, for too few answers: mood 2",
        "Not carried over: name, age; --keep name carries it.",
    ]


def test_scoring_starts_without_pandas_and_reads_what_needs_it_all_the_same() -> None:
    pyreadstat.write_sav(pd.DataFrame({"id": ["a"], "q0": [5], "q1": [1], "q2": [3]}), "in.sav")
    code = (
        "import sys; from advisor.cli.main import main\n"
        "for file in ('in.csv', 'in.sav'):\n"
        "    main(['score', file, '--instrument', '.', '--out', f'{file}.csv', '--quiet'], standalone_mode=False)\n"
        "    print('pandas' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert found.split() == ["False", "True"], "a second of start-up"
    assert Path("in.sav.csv").read_text(encoding="utf-8-sig") == "id,mood,drive\na,100,100\n"


def test_options_say_how_many_answers_which_figures_and_which_columns() -> None:
    told = score("--mean", "--min-answered", "0.5", "--id", "name", "--keep", "age", "--keep", "id", "--quiet")
    assert (told.exit_code, told.output) == (0, "")
    found = pd.read_csv("out.csv", dtype=str)
    assert found.columns.tolist() == ["name", "id", "age", "mood", "drive"]
    assert found.fillna("").to_numpy().tolist() == [
        ["Ann", "001", "30", "5", "1"], ["Bob", "002", "40", "1", "1"], ["Cid", "003", "50", "", "3"],
    ]  # fmt: skip


def test_problems_are_counted_and_listed() -> None:
    Path("in.csv").write_text(PEOPLE + "001,Dan,20,9,1,1\n")
    told = score("--report", "wrong.csv")
    assert told.exit_code == 0
    assert "2 problem(s), listed in wrong.csv" in told.stderr
    assert [line.split(",")[:4] for line in Path("wrong.csv").read_text(encoding="utf-8-sig").splitlines()[1:]] == [
        ["in.csv", "5", "q0", "9"], ["in.csv", "5", "id", "001"],
    ]  # fmt: skip


def test_the_workbooks_own_items_bring_the_first_path_and_three_steps() -> None:
    quick = [item.id for item in CATALOG.items.values() if item.quick]
    Path("in.csv").write_text(",".join(["id", "situation", *quick]) + "\na,inside," + ",".join("3" for _ in quick))
    version = CATALOG.scoring.version
    told = advisor("score", "in.csv", "--out", "out.csv", "--scoring", version, "--keep", "situation")
    assert told.exit_code == 0, told.output
    row = pd.read_csv("out.csv").iloc[0]
    assert row["situation"] == "inside"
    assert (row["id"], row["path"] in CATALOG.paths, row["step_3"] in CATALOG.steps) == ("a", True, True)


OWN = {"scoring": CATALOG.scoring.version, "digest": CATALOG.digest}


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx"])
@pytest.mark.parametrize("command", ["score", "reliability"])
def test_every_table_names_the_version_and_the_digest_of_its_release(command: str, suffix: str) -> None:
    quick = [item.id for item in CATALOG.items.values() if item.quick]
    Path("in.csv").write_text(",".join(["id", *quick]) + "\na," + ",".join("3" for _ in quick))
    assert advisor(command, "in.csv", "--out", f"out.{suffix}").exit_code == 0
    readers: dict[str, Any] = {"csv": pd.read_csv, "parquet": pd.read_parquet, "xlsx": pd.read_excel}
    assert set(readers[suffix](f"out.{suffix}")["scoring"]) == {f"{CATALOG.scoring.version} {CATALOG.digest[:12]}"}
    if suffix == "parquet":
        metadata = pq.read_schema("out.parquet").metadata
        assert {
            name.decode(): value.decode() for name, value in metadata.items() if name in (b"scoring", b"digest")
        } == OWN
    if suffix == "xlsx":
        properties = openpyxl.load_workbook("out.xlsx").custom_doc_props
        assert {one.name: one.value for one in properties.props} == OWN


def test_scores_of_a_draft_name_the_draft_by_either_form_of_its_name() -> None:
    quick = [item.id for item in CATALOG.items.values() if item.quick]
    Path("in.csv").write_text(",".join(["id", *quick]) + "\na," + ",".join("3" for _ in quick))
    for name in ("2026-2", "2026-02"):
        assert advisor("score", "in.csv", "--out", "out.csv", "--scoring", name).exit_code == 0
        assert pd.read_csv("out.csv")["scoring"][0].startswith("2026-2 ")


def test_a_table_of_another_instrument_names_no_release_of_ours() -> None:
    assert score().exit_code == 0
    assert "scoring" not in pd.read_csv("out.csv")


def test_text_that_is_not_utf_8_is_read_by_its_own_encoding_and_that_is_told() -> None:
    Path("in.csv").write_bytes("回答者,q0,q1,q2\n髙橋,5,1,1\n".encode("cp932"))
    told = score()
    assert "in.csv was read as cp932." in told.stderr
    assert Path("out.csv").read_text(encoding="utf-8-sig") == "回答者,mood,drive\n髙橋,100,0\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothing.csv", "--instrument", ".", "--out", "o.csv"], "nothing.csv: "),
        (["in.csv", "--instrument", ".", "--out", "o.doc"], "o.doc: "),
        (["in.csv", "--instrument", ".", "--out", "in.csv"], "in.csv: the answers, --out and --report"),
        (["in.csv", "--instrument", ".", "--out", "o.csv", "--report", "o.csv"], "o.csv: the answers"),
        (["in.csv", "--instrument", ".", "--out", "far/o.csv"], "there is no folder far"),
        (["in.csv", "--instrument", ".", "--out", "o.csv", "--keep", "nix"], "in.csv: there is no column nix"),
        (["in.csv", "--instrument", ".", "--out", "o.csv", "--keep", "q0"], "q0 is an item"),
        (["in.csv", "--out", "o.csv"], "in.csv: "),  # none of the workbook's items
        (["in.csv", "--out", "o.csv", "--scoring", "1999-1"], "releases/1999-1"),
        (["items.csv", "--instrument", "sub", "--out", "o.csv"], "items.csv:1: (file): the file is missing"),
        (["in.csv", "--instrument", ".", "--out", "o.csv", "--encoding", "klingon"], "klingon"),
        (["in.csv", "--instrument", ".", "--out", "o.csv", "--cluster", "tcp://127.0.0.1:9"], "does not answer"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line_and_nothing_is_written(
    arguments: list[str], sentence: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.analysis.cohort.cluster.CONNECT", 0.2)
    (folder / "sub").mkdir()
    told = advisor("score", *arguments)
    assert told.exit_code == 1, told.output
    assert sentence in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1
    assert {path.name for path in folder.iterdir()} == {"in.csv", "items.csv", "sub"}
    assert Path("in.csv").read_text(encoding="utf-8-sig") == PEOPLE


def test_a_column_named_like_a_result_is_refused() -> None:
    Path("in.csv").write_text(PEOPLE.replace("age", "mood"))
    told = score("--keep", "mood")
    assert (told.exit_code, "mood is the name of a column of the results" in told.stderr) == (1, True)


@pytest.mark.parametrize(
    "arguments", [["--cluster", "http://x"], ["--cluster", "local:0"], ["--scoring", "2026-1"], ["--min-answered", "2"]]
)
def test_wrong_usage_has_its_own_exit_code(arguments: list[str]) -> None:
    assert score(*arguments).exit_code == 2
    assert not Path("out.csv").exists()


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "advisor", "score", "in.csv", "--instrument", ".", "--out", "out.csv", *arguments]


@pytest.mark.parametrize("cluster", [[], ["--cluster", "local:1"]])
@pytest.mark.slow
def test_ctrl_c_leaves_the_earlier_file_and_no_half_of_a_new_one(cluster: list[str], folder: Path) -> None:
    """As at a terminal, where every process of the command hears it."""
    row = "a" + ",1" * 120 + "\n"
    Path("in.csv").write_text("id," + ",".join(f"x{n}" for n in range(117)) + ",q0,q1,q2\n" + row * 150_000)
    Path("out.csv").write_text("earlier")
    english = {**os.environ, "ADVISOR_LANG": "en"}
    signals = signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background ignores it
    with subprocess.Popen(command(*cluster), stderr=subprocess.PIPE, text=True, env=english, process_group=0) as run:
        end = time.monotonic() + 60
        while not Path("out.csv.part").exists() and run.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        os.killpg(run.pid, signal.SIGINT)
        _, told = run.communicate(timeout=120)
    signal.signal(signal.SIGINT, signals)
    assert (run.returncode, told.strip()) == (1, f"Error: {SAY['stopped']}")
    assert {path.name for path in folder.iterdir()} == {"in.csv", "items.csv", "out.csv"}
    assert Path("out.csv").read_text(encoding="utf-8-sig") == "earlier"


@pytest.mark.slow
def test_a_terminal_sees_a_bar_and_a_log_does_not() -> None:
    english = {**os.environ, "ADVISOR_LANG": "en"}
    screen, terminal = pty.openpty()
    subprocess.run(command(), stderr=terminal, env=english, check=True)
    os.close(terminal)
    assert b"100%" in os.read(screen, 10_000)
    os.close(screen)
    assert "%" not in score().output
