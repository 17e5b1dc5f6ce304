"""Files as people have them: the right scores come out, or one sentence says what is wrong and what to do."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from advisor.cli import cohort
from advisor.cli.cohort import score
from advisor.content.messages import messages

FILES = Path(__file__).parent / "files"
ANSWERS = ("542334", "125221", "333454", "451545", "214122", "443343")  # of R01 to R06, q1 to q6
NOBODY: tuple[str, ...] = ()


def expected(answers: str) -> tuple[float, float]:
    """The scores of one person by hand: A is q1, q2 and q3 reversed, B the others, in percent of what is possible."""
    q1, q2, q3, q4, q5, q6 = map(int, answers)
    return round((q1 + q2 + 6 - q3 - 3) / 12 * 100, 6), round((q4 + q5 + q6 - 3) / 12 * 100, 6)


SIX = {f"R{number:02}": expected(answers) for number, answers in enumerate(ANSWERS, 1)}
FORTY = {f"R{number:02}": expected(ANSWERS[number % 6]) for number in range(40)}


@pytest.fixture(autouse=True)
def _japanese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_LANG", "ja")
    monkeypatch.setattr(cohort, "SAY", messages("ja"))


def scored(file: Path, folder: Path, *more: str, instrument: Path | None = FILES / "instrument") -> Result:
    given = ["--instrument", str(instrument)] if instrument else []
    return CliRunner().invoke(score, [str(file), *given, "--out", str(folder / "out.csv"), *more])


def rows(folder: Path) -> list[list[str]]:
    text = (folder / "out.csv").read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


def numbers(folder: Path) -> dict[str, tuple[float, ...]]:
    """The scores of each person, by what stands first in the row."""
    return {row[0]: tuple(round(float(cell), 6) for cell in row[-2:]) for row in rows(folder)}


def report(folder: Path) -> str:
    path = folder / "out.report.csv"
    return path.read_text(encoding="utf-8-sig") if path.exists() else ""


WHOLE = {
    "02-google-forms-csv-zip/回答.csv.zip": "社内アンケート.csv",
    "05-qualtrics-three-headers/in.csv": "2～3 行目は見出しの続き",
    "08-msforms-nbsp-headers/in-one.csv": "",
    "08-msforms-nbsp-headers/in.xlsx": "",
    "11-double-bom/in.csv": "",
    "11-double-bom/id-first.csv": "",
    "14-longer-rows-with-empty-tail/in.csv": "6 行は、空のセルを除いて",
    "14-longer-rows-with-empty-tail/note.csv": "書きこみのある行が 1 行",
    "16-sep-line-and-semicolon/pipe.csv": "",
    "16-sep-line-and-semicolon/semi.csv": "",
    "16-sep-line-and-semicolon/sep.csv": "",
    "16-sep-line-and-semicolon/sepsemi.csv": "",
    "20-xlsx-hidden-first-sheet/in.xlsx": "",
    "20-xlsx-hidden-first-sheet/two.xlsx": "シート「回答」を読みました",
    "28-folder-of-xlsx/files": "",
    "31-scores-csv-in-excel/in.csv": "cp932",
    "33-csv-injection-in-scores/in.csv": "",
    "40-summary-rows-and-notes/in.xlsx": "人ではない行（平均、合計、注など）を 2 行とばしました",
    "43-nfd-heading/in.csv": "",
    "57-xlsx-by-another-name/in.XLSX": "",
    "57-xlsx-by-another-name/in.xls": "",
    "57-xlsx-by-another-name/in.xlsm": "",
    "57-xlsx-by-another-name/in.xlsx (1)": "",
    "57-xlsx-by-another-name/in.xltx": "",
    "57-xlsx-by-another-name/noext": "",
}


@pytest.mark.parametrize(("name", "said"), WHOLE.items())
def test_six_people_get_their_scores(name: str, said: str, tmp_path: Path) -> None:
    done = scored(FILES / name, tmp_path)
    assert done.exit_code == 0, done.output
    assert said in done.output
    found = {name.removeprefix("R_"): scores for name, scores in numbers(tmp_path).items()}
    assert {f"R{int(name):02}" if name.isdigit() else name: scores for name, scores in found.items()} == SIX


REFUSED = {
    "01-google-forms-question-texts/in.csv": ("質問の文", "text 列", "--map"),
    "26-sav-dta/in.docx": ("文書", ".xlsx"),
    "26-sav-dta/in.numbers": ("Numbers", "書き出す"),
    "26-sav-dta/in.xlsb": (".xlsb", ".xlsx"),
    "26-sav-dta/in.sav": ("SPSS", "CSV"),
    "26-sav-dta/in.dta": ("Stata", "CSV"),
    "27-html-as-xls/in.xls": ("ウェブページ", "Excel で開き", ".xlsx"),
}


@pytest.mark.parametrize(("name", "said"), REFUSED.items())
def test_a_file_that_is_not_read_is_named_with_the_next_step(name: str, said: tuple[str, ...], tmp_path: Path) -> None:
    done = scored(FILES / name, tmp_path)
    assert done.exit_code == 1
    assert done.output.count("\n") == 1
    assert all(part in done.output for part in said), done.output
    assert not list(tmp_path.iterdir())


def test_answers_in_words_are_one_finding_a_column_and_nobody_is_called_scored(tmp_path: Path) -> None:
    done = scored(FILES / "03-answers-as-labels/in.csv", tmp_path)
    assert done.exit_code == 1
    assert "0 人を採点しました" in done.output
    assert "点のついた人がいません" in done.output
    assert report(tmp_path).count("\n") == 1 + 6
    assert "やや当てはまる (2)" in report(tmp_path)


LABELS = ("まったく当てはまらない", "あまり当てはまらない", "どちらともいえない", "やや当てはまる", "とても当てはまる")


@pytest.mark.parametrize(
    "labels", ["|".join(LABELS), "；".join(LABELS), " / ".join(f"{n}={word}" for n, word in enumerate(LABELS, 1))]
)
def test_answers_in_words_are_scored_by_the_labels_of_the_instrument(labels: str, tmp_path: Path) -> None:
    items = [f"q{n},{'A' if n < 4 else 'B'},{n == 3:d},1,5,{labels}" for n in range(1, 7)]
    (tmp_path / "items.csv").write_text("\n".join(["id,scale,reverse,low,high,labels", *items, ""]), encoding="cp932")
    done = scored(FILES / "03-answers-as-labels/in.csv", tmp_path, instrument=tmp_path)
    assert done.exit_code == 0, done.output
    assert [float(row[1]) for row in rows(tmp_path)] == pytest.approx([SIX[name][0] for name in SIX])


def test_questions_are_headings_where_the_instrument_or_a_map_says_so(tmp_path: Path) -> None:
    file = FILES / "01-google-forms-question-texts/in.csv"
    with file.open(encoding="utf-8") as text:
        questions = next(csv.reader(text))[2:]
    items = [f"q{n},{'A' if n < 4 else 'B'},{n == 3:d},1,5,{text}" for n, text in enumerate(questions, 1)]
    (tmp_path / "items.csv").write_text("\n".join(["id,scale,reverse,low,high,質問文", *items]), encoding="utf-16")
    pairs = [f"{text},q{n}" for n, text in enumerate(questions, 1)]
    (tmp_path / "map.csv").write_text("\n".join(["heading,item", *pairs]), encoding="cp932")
    named = [part for n, text in enumerate(questions, 1) for part in ("--map", f"{text}=q{n}")]
    for more, instrument in (
        ([], tmp_path),
        (["--map", str(tmp_path / "map.csv")], FILES / "instrument"),
        (named, FILES / "instrument"),
    ):
        done = scored(file, tmp_path, *more, instrument=instrument)
        assert done.exit_code == 0, done.output
        assert [tuple(round(float(cell), 6) for cell in row[-2:]) for row in rows(tmp_path)] == list(SIX.values())
        (tmp_path / "out.csv").unlink()


def test_forty_people_keep_their_scores_when_excel_drops_the_last_commas(tmp_path: Path) -> None:
    done = scored(FILES / "13-excel-drops-trailing-commas/in.csv", tmp_path)
    assert done.exit_code == 0, done.output
    assert numbers(tmp_path) == FORTY
    assert "25 行" in done.output


def test_a_comma_in_a_comment_moves_no_answer_to_another_item(tmp_path: Path) -> None:
    done = scored(FILES / "14-longer-rows-with-empty-tail/comma.csv", tmp_path)
    assert [row[0] for row in rows(tmp_path)] == ["R01"]
    assert "1 行は、使っていません" in done.output
    done = scored(FILES / "14-longer-rows-with-empty-tail/note.xlsx", tmp_path)
    assert [row[0] for row in rows(tmp_path)] == ["R01", "R02", "R03"]
    assert "電話で確認ずみ" in report(tmp_path)


def test_odd_numbers_are_read_or_told(tmp_path: Path) -> None:
    done = scored(FILES / "18-odd-numbers/in.csv", tmp_path)
    found = {name: (a, b) for name, a, b in rows(tmp_path)}
    for name in ("R01", "R02"):
        assert tuple(map(float, found[name])) == pytest.approx(SIX[name])
    assert found["R03"] == ("50", "83.33333333333333")
    assert found["R04"] == ("", "")
    assert done.output.count("全角や丸つきの数字 12 個") == 1
    told = report(tmp_path)
    assert all(f",{cell}," in told for cell in ("N/A", "999", "-99", "#N/A", ".", '"2,0"', "'4", "4点"))


def test_formulas_without_a_value_are_told(tmp_path: Path) -> None:
    done = scored(FILES / "22-xlsx-formulas-without-values/in.xlsx", tmp_path)
    assert (done.exit_code, "36" in done.output, "Excel で開いて" in done.output) == (1, True, True)
    done = scored(FILES / "22-xlsx-formulas-without-values/part.xlsx", tmp_path)
    assert (done.exit_code, "セルが 6 あります（列 G）" in done.output) == (0, True)
    assert {name: float(a) for name, a, _ in rows(tmp_path)} == pytest.approx({name: a for name, (a, _) in SIX.items()})


@pytest.mark.parametrize(
    ("name", "scale"), [("cp932", "Ａ尺度"), ("utf16", "A"), ("bom-empty", "A"), ("extra-col", "A")]
)
def test_an_instrument_is_read_as_excel_saves_it(name: str, scale: str, tmp_path: Path) -> None:
    folder = FILES / "35-instrument-from-excel"
    done = scored(folder / "in.csv", tmp_path, instrument=folder / name)
    assert done.exit_code == 0, done.output
    assert f"id,{scale}\r\n".encode() in (tmp_path / "out.csv").read_bytes()
    assert len(rows(tmp_path)) == 6


@pytest.mark.parametrize(
    "name", ["answers_csv__kotae-no-ichiran-20261121.csv", "answers_xlsx__kotae-no-ichiran-20261121.xlsx"]
)
def test_the_workbooks_own_download_of_answers_is_scored(name: str, tmp_path: Path) -> None:
    done = scored(FILES / "36-own-answers-export" / name, tmp_path, instrument=None)
    assert done.exit_code == 0, done.output
    (row,) = csv.DictReader(io.StringIO((tmp_path / "out.csv").read_bytes().decode("utf-8-sig")))
    assert (row["support"], row["novelty"], row["reward"], row["sandwiched"]) == ("100", "0", "100", "")


def test_a_heading_is_found_however_it_is_composed(tmp_path: Path) -> None:
    for name in ("グループ", "ク\u3099ルーフ\u309a", "ｸﾞﾙｰﾌﾟ"):
        done = scored(FILES / "43-nfd-heading/in.csv", tmp_path, "--keep", name)
        assert done.exit_code == 0, done.output
        assert {row[1] for row in rows(tmp_path)} == {"甲"}


def test_merged_cells_count_for_their_block_and_a_heading_of_two_lines_is_named(tmp_path: Path) -> None:
    done = scored(FILES / "46-xlsx-merged-body/in.xlsx", tmp_path, "--keep", "所属")
    assert [row[1] for row in rows(tmp_path)] == ["経理部", "経理部", "経理部", "人事部"]
    assert "結合されたセルが 1 か所" in done.output
    done = scored(FILES / "46-xlsx-merged-body/group-head.xlsx", tmp_path)
    assert "見出しは 2 行目" in done.output
    assert numbers(tmp_path) == {name: SIX[name] for name in ("R01", "R02", "R03", "R04")}


def test_the_names_that_the_workbook_shows_are_understood(tmp_path: Path) -> None:
    done = scored(FILES / "53-own-facts-in-japanese/in.csv", tmp_path, instrument=None)
    assert done.exit_code == 0, done.output
    facts = [
        line for line in report(tmp_path).splitlines() if ",role," in line or ",years," in line or ",situation," in line
    ]
    assert [line.split(",")[1:4] for line in facts] == [["4", "role", "経理"]]


def test_what_is_written_stays_text_in_excel(tmp_path: Path) -> None:
    scored(FILES / "33-csv-injection-in-scores/in.csv", tmp_path, "--keep", "所属")
    assert [row[1] for row in rows(tmp_path)] == ['\'=HYPERLINK("http://x")', "+1", "-1", "'@SUM(1)", "'＝1+1", "'\t=1"]
    content = (tmp_path / "out.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == 7


def test_a_folder_may_hold_files_of_every_kind(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    shutil.copytree(FILES / "28-folder-of-xlsx/files", folder)
    (folder / "部署3.csv").write_text("id;Q1;Q2;Q3;Q4;Q5;Q6\nR07;5;5;1;5;5;5\n", encoding="utf-8")
    (folder / "~$部署1.xlsx").write_bytes(b"Excel's lock")
    done = scored(folder, tmp_path)
    assert done.exit_code == 0, done.output
    assert [row[0] for row in rows(tmp_path)] == [*SIX, "R07"]
