"""The messages of commands, lab and notebooks: in both languages, each used by code, and none written in code."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import advisor
from advisor.content import message_checks
from advisor.content import messages as texts
from advisor.content.datafiles import read_yaml
from advisor.content.folder import data_dir
from advisor.content.messages import COMMANDS, LAB, PARSERS, PROBLEMS, QUALITY, messages
from advisor.content.words import LANGUAGES

ROOT = Path(advisor.__file__).parent
SOURCES = sorted(ROOT.rglob("*.py"))
TEMPLATES = sorted(ROOT.rglob("*.j2"))
NAMES = sorted({Path(name).name for name in texts.file_names()})
BEGUN = re.compile(r"""f["']([a-z_]+_)\{""")  # the beginning of keys that a loop completes
SAID = re.compile(r"\bsay\.(\w+)")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def sentences(language: str, name: str) -> dict[str, str]:
    """Return the sentences of a file, read by the strict reader: no repeated key, UTF-8, no alias."""
    found: dict[str, str] = read_yaml(data_dir() / texts.FOLDER / language / name, name).value
    return found


def fields(sentence: str) -> set[tuple[str, str | None]]:
    return {(name, conversion) for _, name, _, conversion in Formatter().parse(sentence) if name is not None}


def strings(path: Path) -> list[str]:
    """Return every text in the code of a file that is no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docs)
    return [node.value for node in found if isinstance(node.value, str)]


def test_the_files_are_those_that_are_read() -> None:
    there = {path.relative_to(data_dir()).as_posix() for path in (data_dir() / texts.FOLDER).rglob("*.*")}
    assert there == set(texts.file_names())


def test_they_are_sound() -> None:
    assert message_checks.problems(data_dir()) == []


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_sentences_in_the_same_order_and_show_fields_alike(name: str) -> None:
    japanese, english = (sentences(language, name) for language in LANGUAGES)
    assert list(japanese) == list(english)
    assert {key: fields(text) for key, text in japanese.items()} == {key: fields(text) for key, text in english.items()}


@pytest.mark.parametrize(
    ("file", "find", "replace", "line"),
    [
        ("ja/lab.yaml", "title: 採点の実験室\n", "", "ja/lab.yaml:3: title: has no words; write them"),
        ("en/lab.yaml", "title: Scoring lab\n", "", "en/lab.yaml:3: title: has no words; write them"),
        ("en/lab.yaml", "{version}", "{name}", "en/lab.yaml:4: based_on: other {fields} than in Japanese; use version"),
        ("en/lab.yaml", "{version}", "{version", "en/lab.yaml:4: based_on: a single { or }; write {{ or }}"),
        ("en/lab.yaml", "title: ", "title: 7 #", "en/lab.yaml:3: title: must be text; put it in quotes"),
        ("en/lab.yaml", "draft: draft", "title: draft", "en/lab.yaml:6: title: this key appears twice; keep one"),
    ],
)
def test_what_is_wrong_with_them_is_named(tmp_path: Path, file: str, find: str, replace: str, line: str) -> None:
    shutil.copytree(data_dir() / texts.FOLDER, tmp_path / texts.FOLDER)
    path = tmp_path / texts.FOLDER / file
    path.write_text(path.read_text(encoding="utf-8").replace(find, replace, 1), encoding="utf-8")
    (problem,) = message_checks.problems(tmp_path)
    assert str(problem).startswith(f"messages/{line}")


def test_a_file_that_nothing_reads_or_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert message_checks.problems(tmp_path) == []
    shutil.copytree(data_dir() / texts.FOLDER, tmp_path / texts.FOLDER)
    (tmp_path / texts.FOLDER / "ja/lab.yaml").rename(tmp_path / texts.FOLDER / "ja/labs.yaml")
    assert sorted((problem.file, problem.reason.kind) for problem in message_checks.problems(tmp_path)) == [
        ("messages/ja/lab.yaml", "file_missing"),
        ("messages/ja/labs.yaml", "unread_file"),
    ]


def test_what_is_read_fast_is_what_the_strict_reader_finds() -> None:
    for language in LANGUAGES:
        for files in (COMMANDS, LAB, QUALITY, PROBLEMS, PARSERS):
            strict = [sentences(language, f"{name}.yaml") for name in files]
            assert sum(map(len, strict)) == len(messages(language, files)), "no key stands in two files"
            assert {key: text for each in strict for key, text in each.items()} == messages(language, files)


@pytest.mark.parametrize("name", NAMES)
def test_every_sentence_is_asked_for(name: str) -> None:
    if name == "parsers.yaml":
        return  # parsers use these sentences: tests/content/test_problems.py
    assert [key for key in sentences("ja", name) if not is_asked(key) and not is_asked(key.removesuffix("_fix"))] == []


SPEAKERS = {"SAY", "say", "said", "words", "spoken", "sentences"}  # names of the messages in code
ERRORS = {"LabError": "", "KnobError": "", "ReleasedError": "", "RefusedError": "refused_"}
ERRORS |= dict.fromkeys(("AdviserError", "BackupError"), "")


def test_every_sentence_that_code_names_is_there() -> None:
    there = {key for name in NAMES for key in sentences("ja", name)}
    named = {f"{path.name}: {key}": key for path in SOURCES for key in spoken_in(path)}
    assert {place for place, key in named.items() if key not in there} == set()
    assert len(named) > 300, "the keys are found"


def spoken_in(path: Path) -> Iterator[str]:
    """Yield the keys of messages that a file of code names completely, not as a beginning."""
    speaks = bool({"cli", "analysis"} & set(path.parts))  # elsewhere words are those of the screens: test_translator.py
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if speaks and isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant | ast.IfExp):
            speaker = node.value.func if isinstance(node.value, ast.Call) else node.value
            name = speaker.attr if isinstance(speaker, ast.Attribute) else getattr(speaker, "id", "")
            if name in {*SPEAKERS, "messages"}:
                yield from texts_of(node.slice)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS and node.args:
            yield from (f"{ERRORS[getattr(node.func, 'id', '')]}{key}" for key in texts_of(node.args[0]))


def texts_of(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*texts_of(node.body), *texts_of(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


@cache
def is_asked(key: str) -> bool:
    named, begun = asked()
    return key in named or any(key.startswith(one) and is_asked(key.removeprefix(one)) for one in begun)


@cache
def asked() -> tuple[set[str], set[str]]:
    """Return the words that code, its classes and its templates name, and the beginnings of keys."""
    named = {word for path in SOURCES for text in strings(path) for word in re.findall(r"\w+", text)}
    named |= {word for path in TEMPLATES for word in SAID.findall(path.read_text(encoding="utf-8"))}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                named.add(node.target.id)
    return named, {one for path in SOURCES for one in BEGUN.findall(path.read_text(encoding="utf-8"))}


# Files with Japanese that is read, not shown: names of columns, words in answers, rules of writing, fonts, signs.
READS_JAPANESE = {
    "agents.py": "words by which an advice on agents is known",
    "answers.py": "words and figures in cells, and what stands for no answer",
    "sheets.py": "the name of a font",
    "booking.py": "minutes as people type them",
    "case_sheet.py": "dates as people type them",
    "charts.py": "where a Japanese name breaks",
    "columns.py": "names of columns in Japanese files",
    "condition_checks.py": "words that are not for everybody",
    "evidence.py": "by which made-up answers are known",
    "facts.py": "signs between the parts of a cell, and years as people type them",
    "fonts.py": "a sign of printers",
    "forms.py": "dates as people type them",
    "jobcard.py": "the name of a font",
    "likert.py": "names of columns as people call them, signs between labels",
    "masking.py": "companies, titles and dates as people type them",
    "words.py": "the format of a day",
    "people.py": "names of rows that are no people: totals, notes",
    "quality_charts.py": "where a Japanese sentence breaks",
    "sentences.py": "patterns of dates, which are Babel's",
    "worksheet_checks.py": "telephone numbers",
}
SAYS_JAPANESE = {"widgets.py": "what a widget says before it is given words; each must be in the data"}


def test_no_japanese_sentence_stands_in_code() -> None:
    found = {path.name for path in SOURCES if any(JAPANESE.search(text) for text in strings(path))}
    assert found == {*READS_JAPANESE, *SAYS_JAPANESE}


@pytest.mark.slow
def test_a_client_s_kernel_reads_none_of_them() -> None:
    code = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import advisor.app
from advisor.content import loading
from advisor.content.translator import say
[say(loading.load(), language)("title") for language in ("ja", "en")]
assert any("interface.yaml" in name for name in opened)
print([name for name in opened if "messages/" in name.replace("\\\\", "/")])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({"ADVISOR_LANG": "ja", "LANG": "C.UTF-8"}, "ja"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_ALL": "ja_JP.UTF-8"}, "ja"),
    ],
)
def test_commands_speak_the_language_of_the_terminal(environment: dict[str, str], spoken: str) -> None:
    assert texts.language(environment) == spoken
