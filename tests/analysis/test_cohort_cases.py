"""Files as people have them: the right scores come out, or one sentence says what is wrong and what to do."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from docx import Document
from openpyxl import load_workbook

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


# --- others of the same kinds, made here ---

HEAD = ["id", *(f"q{number}" for number in range(1, 7))]
TABLE = [[name, *answers] for name, answers in zip(SIX, ANSWERS, strict=True)]


def records() -> list[dict[str, object]]:
    return [dict(zip(HEAD, (name, *map(int, answers)), strict=True)) for name, *answers in TABLE]


JSON: dict[str, Callable[[list[dict[str, object]]], object]] = {
    "a list": lambda found: found,
    "under a key": lambda found: {"title": "調査", "responses": found},
    "under numbers": lambda found: {"responses": [{str(place): one} for place, one in enumerate(found)]},
    "nested": lambda found: [{"id": one.pop("id"), "answers": one} for one in found],
}


@pytest.mark.parametrize("form", [*JSON, "lines", "utf-16"])
def test_records_in_json_are_a_row_each(form: str, tmp_path: Path) -> None:
    file = tmp_path / "in.json"
    file.write_text(json.dumps(JSON.get(form, JSON["a list"])(records()), indent=1))
    if form == "lines":
        file.write_text("\n".join(map(json.dumps, records())))
    elif form == "utf-16":
        file.write_text(file.read_text(), encoding="utf-16")
    done = scored(file, tmp_path)
    assert done.exit_code == 0, done.output
    assert numbers(tmp_path) == SIX


LONG = "\n".join(["id,item,value", *(f"{one['id']},q{n},{one[f'q{n}']}" for one in records() for n in range(1, 7))])
LEFT = {
    "long": (LONG, "ピボットテーブル"),
    "turned": ("\n".join(",".join([name, *(str(one[name]) for one in records())]) for name in HEAD), "行/列の入れ替え"),
    "one cell": ("\n".join(" ".join(map(str, row)) for row in [HEAD, *TABLE]), "区切り位置"),
    "no heading": ("\n".join(",".join(map(str, row)) for row in TABLE), "見出しの行がなければ"),
    "a client's data": ('{"format": "advisor-workbook", "version": 1, "visits": []}', "答えの一覧"),
    "cut": (json.dumps(records())[:-9], "途中で切れている"),
    "a key twice": ('[{"id": "a", "q1": 1, "q1": 2}]', "q1"),
    "no list": ('{"q1": {"0": 5}}', "CSV か Excel"),
}


@pytest.mark.parametrize(("content", "said"), LEFT.values(), ids=LEFT)
def test_a_table_that_is_not_one_row_for_each_person_says_what_to_do(content: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(content)
    done = scored(tmp_path / "in.csv", tmp_path)
    assert done.exit_code == 1
    assert said in done.output
    assert not (tmp_path / "out.csv").exists(), "nobody is made of several people"


def table(rows: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def each(change: Callable[[str], str]) -> list[list[str]]:
    """The rows with every answer changed."""
    return [[name, *map(change, answers)] for name, *answers in TABLE]


MADE: dict[str, tuple[str, str]] = {
    "surveymonkey": (table([["Respondent ID", *HEAD[1:]], ["", *["Response"] * 6], *TABLE]), "2 行目は見出しの続き"),
    "limesurvey": (
        table([["Response ID", *(f"G1[{name}]" for name in HEAD[1:])], *each("A{}".format)]),
        "見出し 6 個を項目と読みました",
    ),
    "code and question": (
        table([["id", *(f"{name}. 仕事の質問" for name in HEAD[1:])], *each("{}：やや".format)], ";"),
        "36 個を、その数として読みました",
    ),
    "words with numbers": (table([HEAD, *each("とても（{}）".format)]), "36 個"),
    "title above": (table([["社内アンケート"], [], ["集計日", "2026/11/1"], HEAD, *TABLE]), "見出しは 4 行目"),
    "full-width": (table([[name.upper().translate({81: "Ｑ", 49: "１"}) for name in HEAD], *TABLE]), ""),
    "nobody sees these": (table([[f"\u200b{name}\u3000" for name in HEAD], *TABLE]), ""),
    "decimal comma": (table([HEAD, *each("{},0".format)], ";"), ""),
    "heading again": (table([HEAD, *TABLE[:3], HEAD, *TABLE[3:]]), "1 行とばしました"),
    "a note below": (table([HEAD, *TABLE, ["※回答は任意です", *[""] * 6]]), "1 行とばしました"),
    "n beside the mean": (
        table([HEAD, *TABLE, ["平均", *["3"] * 6], ["n", *["5"] * 6]]),
        "2 行とばしました",
    ),
    "totals as people write them": (
        table([HEAD, *TABLE, ["平　均", *["3"] * 6], ["【合計】", *["5"] * 6], ["回答者数：", *["5"] * 6]]),
        "3 行とばしました",
    ),
    "empty rows": (table([HEAD, *TABLE, [""] * 7, [" ", *[""] * 6]]), "何も書かれていない行が 2 行"),
    "the same note twice": (table([[*HEAD, "備考", "備考"], *([*row, "", ""] for row in TABLE)]), ""),
}


@pytest.mark.parametrize(("content", "said"), MADE.values(), ids=MADE)
def test_a_file_of_the_same_kind_gives_six_people_their_scores(content: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text(content, encoding="utf-8", newline="")
    done = scored(file, tmp_path)
    assert done.exit_code == 0, done.output
    assert said in done.output
    assert numbers(tmp_path) == SIX


@pytest.mark.parametrize(
    ("change", "said"),
    [(lambda text: str(int(text) - 1), "0 から数えているようです"), (lambda text: str(int(text) + 2), "3 から 7")],
)
def test_answers_on_another_scale_are_one_finding_and_no_wrong_scores(
    change: Callable[[str], str], said: str, tmp_path: Path
) -> None:
    file = tmp_path / "in.csv"
    file.write_text(table([HEAD, *each(change)]), encoding="utf-8", newline="")
    done = scored(file, tmp_path)
    assert (done.exit_code, done.output.count(said)) == (1, 1)
    assert report(tmp_path).count("\n") == 2


def test_a_quote_that_is_left_open_swallows_nobody_in_silence(tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    rows_ = ['R01,"いい,5,4,2,3,3,4', 'R02,とても",1,2,5,2,2,1', "R03,,3,3,3,4,5,4", '"R04","二\n行",4,5,1,5,4,5', ""]
    file.write_text("\n".join(["id,c,q1,q2,q3,q4,q5,q6", *rows_]), encoding="utf-8")
    done = scored(file, tmp_path)
    assert numbers(tmp_path) == {name: SIX[name] for name in ("R03", "R04")}
    assert "次の人とつながった 1 行" in done.output
    rows_ = ['R01,5,4,2,3,3,4,"いい', 'R02,1,2,5,2,2,1,とても"', 'R03,3,3,3,4,5,4,"一、二, 三\n四"', ""]
    file.write_text("\n".join(["id,q1,q2,q3,q4,q5,q6,c", *rows_]), encoding="utf-8")
    done = scored(file, tmp_path)
    assert numbers(tmp_path) == {"R03": SIX["R03"]}
    assert "次の人とつながった 1 行" in done.output


def test_a_misspelt_column_is_named_with_the_line_to_paste(tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text(table([[*HEAD[:6], "q_6"], *TABLE]), encoding="utf-8", newline="")
    done = scored(file, tmp_path)
    assert "--map 'q_6=q6'" in done.output
    done = scored(file, tmp_path, "--map", "q_6=q6")
    assert numbers(tmp_path) == SIX
    file.write_text(table([["id", *(f"item_{name}" for name in HEAD[1:])], *TABLE]), encoding="utf-8", newline="")
    assert "--map 'item_q1=q1'" in scored(file, tmp_path).output


def test_na_and_the_row_of_the_heading_can_be_said(tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text(table([["q1", "メモ"], HEAD, ["R07", "77", *"44444"], *TABLE]), encoding="utf-8", newline="")
    done = scored(file, tmp_path, "--na", "77", "--heading", "2")
    assert done.exit_code == 0, done.output
    assert rows(tmp_path)[0] == ["R07", "", "75"]
    assert not report(tmp_path)


def frame() -> pd.DataFrame:
    return pd.DataFrame([[name, *map(int, answers)] for name, *answers in TABLE], columns=HEAD)


def sav(path: Path) -> None:
    import pyreadstat

    made = frame().astype(dict.fromkeys(HEAD[1:], float)).rename(columns={"q1": "Q1"})
    made = pd.concat([made, pd.DataFrame([["R07", 99, 3, 3, 3, 3, 3]], columns=made.columns)])
    labels: dict[str, dict[int | float, str]] = {"Q1": dict(enumerate(LABELS, 1))}
    pyreadstat.write_sav(made, str(path), variable_value_labels=labels, missing_ranges={"Q1": [99]})


def dta(path: Path) -> None:
    import pyreadstat

    pyreadstat.write_dta(frame(), str(path))


def strict(path: Path) -> None:
    frame().to_excel(path, index=False)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    usual, own = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    with zipfile.ZipFile(path, "w") as new:
        for name, part in parts.items():
            text = part.replace(usual + b"spreadsheetml/2006/", own + b"spreadsheetml/")
            text = text.replace(usual + b"officeDocument/2006/", own + b"officeDocument/")
            new.writestr(name, text)


def ods(path: Path) -> None:
    names = ("office", "table", "text", "style")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    number, word = '<c office:value-type="float" office:value="{}"/>', "<c><text:p>{}</text:p></c>"
    cells = ["".join((number if cell.isdigit() else word).format(cell) for cell in row) for row in [HEAD, *TABLE]]
    text = "".join(f"<r>{row}</r>" for row in cells)
    rest = '<r table:number-rows-repeated="1048569"><c table:number-columns-repeated="16384"/></r>'
    hidden = '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    sheets = f'<t table:name="old" table:style-name="h">{text}</t><t table:name="回答">{text}{rest}</t>'
    for short, name in (("t", "table"), ("r", "table-row"), ("c", "table-cell")):
        sheets = sheets.replace(f"<{short}>", f"<table:{name}>").replace(f"<{short} ", f"<table:{name} ")
        sheets = sheets.replace(f"</{short}>", f"</table:{name}>")
    styles = f"<office:automatic-styles>{hidden}</office:automatic-styles>"
    body = f"<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", f"<office:document-content {spaces}>{styles}{body}</office:document-content>")


def zipped(path: Path) -> None:
    frame().to_excel(path.with_suffix(".xlsx"), index=False)
    with zipfile.ZipFile(path, "w") as file:
        file.write(path.with_suffix(".xlsx"), "回答/答え.xlsx")
        file.writestr("__MACOSX/._答え.xlsx", "x")
        file.writestr("はじめに.txt", "x")


@pytest.mark.parametrize("make", [sav, dta, strict, ods, zipped], ids=lambda make: make.__name__)
def test_other_programs_files_are_read(make: Callable[[Path], None], tmp_path: Path) -> None:
    file = tmp_path / f"in.{make.__name__.replace('zipped', 'zip')}"
    make(file)
    done = scored(file, tmp_path)
    assert done.exit_code == 0, done.output
    found = {row[0]: row[1:] for row in rows(tmp_path)}
    assert found.pop("R07", ["", "50"]) == ["", "50"]  # 99 is declared as missing
    assert {name: tuple(round(float(cell), 6) for cell in cells) for name, cells in found.items()} == SIX


def test_two_sheets_with_items_two_tables_in_a_zip_and_a_hidden_sheet_are_named(tmp_path: Path) -> None:
    book = tmp_path / "in.xlsx"
    with pd.ExcelWriter(book) as file:
        for name in ("4月", "5月"):
            frame().to_excel(file, sheet_name=name, index=False)
    done = scored(book, tmp_path)
    assert (done.exit_code, "4月, 5月" in done.output, "--sheet" in done.output) == (1, True, True)
    assert scored(book, tmp_path, "--sheet", "5月").exit_code == 0
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as packed:
        packed.writestr("a.csv", table([HEAD]))
        packed.writestr("b.csv", table([HEAD]))
    assert "a.csv, b.csv" in scored(tmp_path / "in.zip", tmp_path).output
    with pd.ExcelWriter(tmp_path / "sum.xlsx") as file:
        for name, rows_ in (("集計", [["平均", *[3] * 6]]), ("回答", frame().to_numpy().tolist())):
            pd.DataFrame(rows_, columns=HEAD).to_excel(file, sheet_name=name, index=False)
    assert "シート「回答」を読みました" in scored(tmp_path / "sum.xlsx", tmp_path).output
    opened = load_workbook(book)
    opened["4月"].sheet_state = opened["5月"].sheet_state = "hidden"
    opened.create_sheet("表紙")["A1"] = "表紙"
    opened.active = 2
    opened.save(book)
    assert "隠れているシート（4月, 5月）" in scored(book, tmp_path).output


def test_decimals_count_where_the_instrument_says_so(tmp_path: Path) -> None:
    items = [f"q{n},{'A' if n < 4 else 'B'},{n == 3:d},1,5,{n < 4:d}" for n in range(1, 7)]
    (tmp_path / "items.csv").write_text("\n".join(["id,scale,reverse,low,high,decimals", *items]), encoding="utf-8")
    (tmp_path / "in.csv").write_text(table([HEAD, ["R01", "4.5", "4", "1.5", "3", "3", "3.5"]]), encoding="utf-8")
    done = scored(tmp_path / "in.csv", tmp_path, instrument=tmp_path)
    assert rows(tmp_path) == [["R01", "83.33333333333333", ""]]
    assert done.exit_code == 0
    assert report(tmp_path).count("\n") == 2


# --- advisor look, advisor form ---


def test_look_says_what_a_file_is_and_writes_a_map_that_score_takes(tmp_path: Path) -> None:
    file, kept = FILES / "01-google-forms-question-texts/in.csv", tmp_path / "map.csv"
    given = [str(file), "--instrument", str(FILES / "instrument")]
    done = CliRunner().invoke(cohort.look, [*given, "--write-map", str(kept)])
    assert done.exit_code == 0, done.output
    assert "質問の文" in done.output
    assert "p0@example.jp" in done.output
    assert scored(file, tmp_path, "--map", str(kept)).exit_code == 0
    assert [tuple(round(float(cell), 6) for cell in row[-2:]) for row in rows(tmp_path)] == list(SIX.values())
    again = CliRunner().invoke(cohort.look, [*given, "--write-map", str(kept)])
    assert (again.exit_code, "上書きしません" in again.output) == (1, True)
    done = CliRunner().invoke(cohort.look, [*given, "--map", str(kept)])
    assert "項目 6 のうち 6" in done.output
    assert done.output.count("\n") <= 5 + 6
    done = CliRunner().invoke(cohort.look, [str(FILES / "27-html-as-xls/in.xls")])
    assert (done.exit_code, "ウェブページ" in done.output) == (1, True)


def test_a_form_asks_every_question_and_its_answers_come_back_ready_to_score(tmp_path: Path) -> None:
    items = [f"q{n},{'A' if n < 4 else 'B'},{n == 3:d},1,5,質問{n},{'|'.join(LABELS)}" for n in range(1, 7)]
    (tmp_path / "items.csv").write_text("\n".join(["id,scale,reverse,low,high,text,labels", *items]), encoding="utf-8")
    for suffix in (".docx", ".gs", ".csv"):
        done = CliRunner().invoke(
            cohort.form, ["--instrument", str(tmp_path), "--out", str(tmp_path / f"form{suffix}")]
        )
        assert done.exit_code == 0, done.output
    texts = [paragraph.text for paragraph in Document(str(tmp_path / "form.docx")).paragraphs]
    assert texts[1:4] == ["1. q1. 質問1", "A. 1：まったく当てはまらない", "B. 2：あまり当てはまらない"]
    assert "setChoiceValues" in (tmp_path / "form.gs").read_text(encoding="utf-8")
    asked = list(csv.reader(io.StringIO((tmp_path / "form.csv").read_bytes().decode("utf-8-sig"))))
    chosen = [
        [name, *(row[int(answer)] for row, answer in zip(asked, answers, strict=True))] for name, *answers in TABLE
    ]
    (tmp_path / "in.csv").write_text(table([["id", *(row[0] for row in asked)], *chosen]), encoding="utf-8", newline="")
    assert scored(tmp_path / "in.csv", tmp_path, instrument=tmp_path).exit_code == 0
    assert numbers(tmp_path) == SIX
    assert CliRunner().invoke(cohort.form, ["--out", str(tmp_path / "form.txt")]).exit_code == 1
