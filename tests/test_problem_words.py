"""What is wrong with the data is told in Japanese, too: every sentence of the checks, with its values as they were."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from advisor.cli import main
from advisor.content import loading, problem_words, translations, versions, worked_cases
from advisor.content import validate as soundness
from advisor.content.datafiles import DataError, Document, Problem, read_csv, read_yaml, validate
from advisor.content.folder import data_dir
from advisor.content.problem_words import FIXES, MESSAGES, PYDANTIC, YAML, japanese, told
from advisor.content.words import FILES
from tests.problem_sentences import sentences
from tests.support import CATALOG, own, unreleased

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import TypeAdapter

BROKEN = sorted((Path(__file__).parent / "broken_data").glob("*.yaml"))
KANA = re.compile(r"[ぁ-ん]")
ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")  # two words of a sentence; a name or an id stands alone
QUOTED = re.compile(r"'[^']*'")


def skeleton(sentence: str) -> str:
    """Return a sentence of the tables with nameless gaps: ``{}``, or ``{!r}`` where a text stands in quotes."""
    return "".join(
        literal.replace("{", "{{").replace("}", "}}") + (("{!r}" if conversion == "r" else "{}") if name else "")
        for literal, name, _, conversion in Formatter().parse(sentence)
    )


def names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


# --- the sentences of the checks ----------------------------------------------------------------------------------


def test_every_sentence_of_the_checks_has_japanese_and_no_japanese_is_left_of_a_sentence_that_is_gone() -> None:
    in_source = set(sentences())
    known = {("message", skeleton(key)) for key in MESSAGES} | {("fix", skeleton(key)) for key in FIXES}
    assert in_source - known == set(), "write them in advisor/content/messages/problems.py"
    assert known - in_source == {("fix", "use none")}, "said by `use {...}` where there is nothing to use"
    assert len(in_source) > 100, "the sentences are found"


@pytest.mark.parametrize("table", [MESSAGES, FIXES, PYDANTIC, YAML, problem_words.CSV])
def test_a_japanese_sentence_has_the_gaps_of_the_english_one(table: dict[str, str]) -> None:
    nouns = {"items", "characters"}  # one or several: Japanese does not ask
    assert {english: names(words) for english, words in table.items()} == {key: names(key) - nouns for key in table}
    assert [words for words in table.values() if not re.search(r"[ぁ-ん一-龯]", words)] == []


# --- what is wrong with files -------------------------------------------------------------------------------------


def left(sentence: str) -> list[str]:
    """Return the English that is left in a sentence beside quoted values."""
    return ENGLISH.findall(QUOTED.sub("", sentence))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_every_broken_example_is_told_in_japanese_only(path: Path) -> None:
    broken = read_yaml(path, path.name).value
    for finding in broken["expect"]:
        problem = Problem(finding.get("file", broken["file"]), 7, finding["field"], finding["message"], finding["fix"])
        line = told(problem, "ja")
        begin = f"{problem.file}:7: {problem.field or '（ファイル全体）'}: "
        assert line.startswith(begin)
        message, fix = line.removeprefix(begin).split("; ")
        assert KANA.search(message)
        assert KANA.search(fix)
        assert left(message) == left(fix) == []
        for value in re.findall(r"'[^']*'|\b[a-z]+_[a-z_0-9]+\b|\d+", f"{problem.message} {problem.fix}"):
            assert value in line, "ids, texts and numbers stay as they are"


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield at
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else ()
    for key, child in rows:
        yield from places(child, (*at, key))


def put(value: Any, at: tuple[str | int, ...], other: object) -> Any:
    """Return the value with something else at a place."""
    if not at:
        return other
    if isinstance(value, dict):
        return {key: put(child, at[1:], other) if key == at[0] else child for key, child in value.items()}
    return tuple(put(child, at[1:], other) if number == at[0] else child for number, child in enumerate(value))


def shapes() -> Iterator[tuple[Any, TypeAdapter[Any]]]:
    """Yield a sound value of every shape that data files have."""
    data, version = data_dir(), CATALOG.scoring.version
    of_files: dict[str, TypeAdapter[Any]] = vars(loading)["_ADAPTERS"] | {
        worked_cases.FILE: vars(worked_cases)["_SAMPLES"],
    }  # fmt: skip
    for name, adapter in of_files.items():
        yield read_yaml(data / own(name, version), name).value, adapter
    for name, (adapter, columns) in vars(loading)["_ROWS"].items():
        if (data / own(name, version)).is_file():  # nobody has released norms yet
            yield read_csv(data / own(name, version), name, **columns).value, adapter
    yield read_csv(data / versions.RELEASED, versions.RELEASED).value, vars(versions)["_ROWS"]
    texts = [read_yaml(data / own(f"text/ja/{name}", version), name).value for name in FILES]
    yield {key: words for text in texts for key, words in text.items()}, vars(translations)["_WORDS"]


WRONG: tuple[Any, ...] = (
    None,
    True,
    7,
    -1e9,
    1e9,
    "",
    "No: {such} 'thing'",
    "長" * 4000,
    (),
    ("x",),
    ("x", 1, 2, 3),
    {},
    {"x": {}},
)
PLACES = 60  # of each file, spread over it


def test_whatever_is_said_about_a_value_of_another_kind_is_told_in_japanese() -> None:
    problems: set[Problem] = set()
    for value, adapter in shapes():
        found = sorted(places(value), key=lambda at: (len(at), str(at)))
        for at, wrong in product(found[:: len(found) // PLACES + 1], WRONG):
            try:
                validate(Document("a.yaml", put(value, at, wrong)), adapter)
            except DataError as error:
                problems.update(error.problems)
    messages = {problem.message: japanese("message", problem.message) for problem in problems}
    fixes = {problem.fix: japanese("fix", problem.fix) for problem in problems}
    assert [english for english, words in (messages | fixes).items() if not KANA.search(words) or left(words)] == []
    assert {"整数ではありません", "100 以下の数ではありません", "必要な値がありません"} <= set(messages.values())
    assert "'skip' でも 'discuss' でもありません" in messages.values()
    assert "'article', 'dataset', 'judgement' のどれでもありません" in messages.values()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: {b", "YAML として読めません（',' か '}' がありません）"),
        ("a: 'x", "YAML として読めません（引用符が閉じられていません）"),
        ("a: b: c", "YAML として読めません（ここに ':' は書けません）"),
        ("a: b\n- c", "YAML として読めません（キーがありません）"),
        ("\ta: b", "YAML として読めません（ここに書けない文字があります）"),
        ("a: *x", "YAML として読めません（'*' が指すもの（'&'）がありません）"),
        ("a: &a x\nb: &a y", "YAML として読めません（同じ名前の '&' が二つあります）"),
        ('a: "\\q"', "YAML として読めません（'\\' のあとの文字がちがいます）"),
        ("a: |\n\tb", "YAML として読めません（字下げにタブがあります）"),
        ("---\na\n---\nb", "YAML として読めません（'---' のあとに、二つ目の文書があります）"),
    ],
)
def test_what_the_yaml_parser_says_is_told_in_japanese(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as raised:
        read_yaml(tmp_path / "a.yaml", "a.yaml")
    assert [japanese("message", problem.message) for problem in raised.value.problems] == [message]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('id,scale\n"a,b\n', "CSV として読めません（引用符が閉じられていません）"),
        ('id,scale\n"a"b,c\n', "CSV として読めません（閉じた引用符のあとに ',' がありません）"),
        (f"id,scale\n{'x' * 140_000},b\n", "CSV として読めません（セルが長すぎます（131072 文字まで））"),
    ],
)
def test_what_the_csv_reader_says_is_told_in_japanese(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as raised:
        read_csv(tmp_path / "a.csv", "a.csv")
    assert [japanese("message", problem.message) for problem in raised.value.problems] == [message]


# --- values, the unknown, and English -----------------------------------------------------------------------------


@given(st.text())
@example("{name} {0} {")
@example('it\'s "both"')
@example("支える 'that' stands twice; no scale")
def test_a_value_survives_whatever_stands_in_it(value: str) -> None:
    quoted = repr(value)
    assert japanese("message", f"no scale {quoted}") == f"尺度 {quoted} がありません"
    assert japanese("message", f"the id {quoted} stands twice") == f"ID {quoted} が二つあります"
    assert japanese("fix", f"it is {quoted} now; correct it") == f"今は {quoted} です。直してください"
    assert japanese("message", f"not YAML: {value}!") == f"YAML として読めません（{value}!）"


def test_a_sentence_with_more_words_of_its_own_is_found_before_a_shorter_one() -> None:
    assert japanese("message", "no growth entry 'x'") == "growth に 'x' がありません"
    assert japanese("message", "no source 'a entry b'") == "出典 'a entry b' がありません"
    assert japanese("fix", "use it or remove it") == "使うか、消してください"
    assert japanese("fix", "use name, number") == "name, number を使ってください"
    assert japanese("fix", "use none") == "{ } を使わないでください"
    assert japanese("message", "can never fire: reward runs -5-100").endswith(
        "（reward の範囲は -5 から 100 までです）"
    )


@given(st.text(), st.text())
def test_english_and_what_has_no_japanese_stay_as_they_are(message: str, field: str) -> None:
    problem = Problem("a.yaml", 3, field, f"the moon {message}", "call {somebody}")
    assert told(problem, "en") == str(problem)
    assert told(problem, "ja") == f"a.yaml:3: {field or '（ファイル全体）'}: the moon {message}; call {{somebody}}"


def test_check_tells_every_problem_in_the_language_of_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = unreleased(tmp_path / "data")
    (data / own("guidance/steps.yaml")).unlink()
    (data / own("sources.yaml")).write_text("no: [", encoding="utf-8")
    (data / own("instrument/scales.csv")).write_text("id,kind,sources\nsupport,fat,workbook\n", encoding="utf-8")

    def lines(spoken: str) -> list[str]:
        monkeypatch.setenv("ADVISOR_LANG", spoken)
        done = CliRunner().invoke(main.main, ["check", str(data)])
        assert done.exit_code == 1
        return done.stdout.splitlines()

    assert lines("en") == [str(problem) for problem in soundness.problems(data)]
    check, kinds, whole = (
        "このあたりの字下げ、引用符、コロンを確かめてください",
        "'fit', 'misfit', 'frustration', 'consequence'",
        "（ファイル全体）",
    )
    assert lines("ja") == [
        f"{own('guidance/steps.yaml')}:1: {whole}: ファイルがありません; 前回のリリースから戻してください",
        f"{own('instrument/scales.csv')}:2: 0.kind: {kinds} のどれでもありません; 今は 'fat' です。直してください",
        f"{own('sources.yaml')}:2: {whole}: YAML として読めません（値がありません）; {check}",
    ]
