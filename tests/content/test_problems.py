"""Problems of the data have a sentence in both languages for every kind, with unchanged values."""

from __future__ import annotations

import ast
import re
from itertools import product
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

import advisor
from advisor.cli import main
from advisor.content import loading, translations, versions, worked_cases
from advisor.content import validate as soundness
from advisor.content.datafiles import (
    DataError,
    Problem,
    Reason,
    mismatch,
    problem_of,
    problem_text,
    read_csv,
    read_yaml,
    reason,
    reason_text,
)
from advisor.content.folder import data_dir
from advisor.content.messages import PARSERS, PROBLEMS, messages
from advisor.content.words import FILES
from tests.support import CATALOG, own, unreleased

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import TypeAdapter

ENGLISH, JAPANESE = messages("en", PROBLEMS), messages("ja", PROBLEMS)
KANA = re.compile(r"[ぁ-ん]")
PROSE = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")  # two words of a sentence; a name or an id stands alone
QUOTED = re.compile(r"'[^']*'")
ALL = sorted(Path(advisor.__file__).parent.rglob("*.py"))
SOURCES = [path for path in ALL if re.search(r"content\.datafiles|class Problem", path.read_text(encoding="utf-8"))]
# The position of the kind among the arguments of a call; the fix is after it.
MAKES = {"problem": 1, "problem_of": 3, "_unusable": 1, "Reason": 0, "reason": 0}
HANDED_ON = {"kind", "why.kind", "_NAMED[kind]", "problem.fix"}  # kinds that a call was given


# --- the kinds that the checks name -------------------------------------------------------------------------------


def made(path: Path) -> Iterator[tuple[ast.Call, ast.expr, ast.expr | None]]:
    """Yield each call that makes a problem or a reason, with its kind and the key of its fix, if it has one."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place = MAKES.get(name)
        if place is not None and len(node.args) > place:
            fixes = [keyword.value for keyword in node.keywords if keyword.arg == "fix"]
            given = node.args[place + 1] if name in {"problem", "problem_of"} and node.args[place + 1 :] else None
            yield node, node.args[place], fixes[0] if fixes else given


def keys(node: ast.expr) -> list[str]:
    """Return the possible keys of an expression."""
    if isinstance(node, ast.IfExp):
        return [*keys(node.body), *keys(node.orelse)]
    return [str(node.value)] if isinstance(node, ast.Constant) else []


def names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_kind_that_code_names_has_its_sentences_and_gives_them_what_they_ask_for() -> None:
    found, wrong = 0, []
    for path in SOURCES:
        for call, kind, fix in made(path):
            place = f"{path.name}:{call.lineno}"
            if not keys(kind):
                if isinstance(kind, ast.Name | ast.Attribute | ast.Subscript) and ast.unparse(kind) not in HANDED_ON:
                    wrong.append(f"{place}: which kinds is {ast.unparse(kind)}?")
                continue
            found += 1
            is_reason = ast.unparse(call.func).endswith(("reason", "Reason"))  # the caller adds the fix
            fixes = keys(fix) if fix is not None else [] if is_reason else [f"{one}_fix" for one in keys(kind)]
            wanted = [*keys(kind), *fixes]
            wrong += [f"{place}: no sentence {key}" for key in wanted if key not in ENGLISH]
            given = {keyword.arg for keyword in call.keywords}
            asked = {name for key in wanted for name in names(ENGLISH.get(key, ""))}
            if None not in given and asked - given:
                wrong.append(f"{place}: {sorted(asked - given)} not given")
    assert wrong == []
    assert found > 80, "the kinds are found"


def test_the_sentences_of_libyaml_are_libyaml_s_own() -> None:
    code = Path(str(getattr(yaml, "_yaml").__file__)).read_bytes()  # noqa: B009  (its C part)
    of_csv = {"unexpected end of data", "',' expected after '\"'", "field larger than field limit (131072)"}
    assert {sentence for sentence in messages("en", PARSERS) if sentence.encode() not in code} == of_csv


# --- what is wrong with files -------------------------------------------------------------------------------------


def left(sentence: str) -> list[str]:
    """Return the English that is left in a sentence beside quoted values."""
    return PROSE.findall(QUOTED.sub("", sentence))


def fix_of(problem: Problem, language: Any = "en") -> str:
    return reason_text(Reason(problem.fix, problem.reason.fields), language)


def assert_told_in_japanese(problem: Problem) -> None:
    """Assert that the sentence is Japanese, with the same ids, texts and numbers as in English."""
    line = problem_text(problem, "ja")
    begin = f"{problem.file}:{problem.line}: {problem.field or '（ファイル全体）'}: "
    assert line.startswith(begin)
    message, fix = line.removeprefix(begin).split("; ")
    assert KANA.search(message)
    assert KANA.search(fix)
    assert left(message) == left(fix) == []
    for value in re.findall(
        r"'[^']*'|\b[a-z]+_[a-z_0-9]+\b|\d+", f"{reason_text(problem.reason, 'en')} {fix_of(problem)}"
    ):
        assert value in line


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
    """Yield a sound value of every form that data files have."""
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


@pytest.mark.slow
def test_whatever_is_wrong_with_a_value_is_told_in_japanese_and_in_english_as_pydantic_says_it() -> None:
    found: dict[str, str] = {}
    for value, adapter in shapes():
        there = sorted(places(value), key=lambda at: (len(at), str(at)))
        for at, wrong in product(there[:: len(there) // PLACES + 1], WRONG):
            try:
                adapter.validate_python(put(value, at, wrong))
            except ValidationError as error:
                for detail in error.errors():
                    why = mismatch(detail)
                    found[reason_text(why, "ja")] = reason_text(why, "en")
                    own = why.kind in {"unknown_key", "missing", "no_text", "empty"}
                    assert own or reason_text(why, "en").lower() == detail["msg"].lower()
    assert [english for japanese, english in found.items() if not KANA.search(japanese) or left(japanese)] == []
    assert {"整数ではありません", "100 以下の数ではありません", "必要な値がありません"} <= set(found)
    assert "'skip' でも 'discuss' でもありません" in found
    assert "'article', 'dataset', 'judgement' のどれでもありません" in found


def test_what_pydantic_says_and_nobody_foresaw_stays_as_it_is() -> None:
    why = mismatch({"type": "date_parsing", "loc": (), "msg": "Input should be a {date}", "input": "x" * 99, "ctx": {}})
    assert reason_text(why, "ja") == reason_text(why, "en") == "input should be a {date}"
    assert fix_of(Problem("a", 1, "", why, "correct_it"), "ja") == f"今は '{'x' * 36}... です。直してください"


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
    assert [reason_text(problem.reason, "ja") for problem in raised.value.problems] == [message]


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
    assert [reason_text(problem.reason, "ja") for problem in raised.value.problems] == [message]


# --- values, the unknown, and English -----------------------------------------------------------------------------


@given(st.text())
@example("{name} {0} {")
@example('it\'s "both"')
@example("支える 'that' appears twice; no scale")
def test_a_value_survives_whatever_stands_in_it(value: str) -> None:
    quoted = repr(value)
    assert reason_text(reason("no_scale", scale=value), "ja") == f"尺度 {quoted} がありません"
    assert reason_text(reason("id_twice", id=value), "ja") == f"ID {quoted} が二つあります"
    assert reason_text(reason("correct_it", value=quoted), "ja") == f"今は {quoted} です。直してください"
    assert reason_text(reason("not_yaml", why=f"{value}!"), "ja") == f"YAML として読めません（{value}!）"


@given(st.text())
def test_the_place_stands_as_it_is(field: str) -> None:
    problem = problem_of("a.yaml", 3, field, "zero_points")
    assert problem_text(problem, "en") == str(problem)
    assert problem_text(problem, "ja").startswith(f"a.yaml:3: {field or '（ファイル全体）'}: 0 点なので")


def test_braces_of_a_sentence_are_not_filled_in() -> None:
    assert reason_text(reason("other_fields"), "ja") == "{ } の中の名前が日本語とちがいます"
    assert [reason_text(reason(key), "en") for key in ("single_brace", "single_brace_fix")] == [
        "a single { or }",
        "write {{ or }}",
    ]
    assert reason_text(reason("other_fields_fix", names="name, number"), "ja") == "name, number を使ってください"


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
        f"{own('guidance/steps.yaml')}:1: {whole}: ファイルがありません; 前回公開した版から戻してください",
        f"{own('instrument/scales.csv')}:2: 0.kind: {kinds} のどれでもありません; 今は 'fat' です。直してください",
        f"{own('sources.yaml')}:2: {whole}: YAML として読めません（値がありません）; {check}",
    ]
