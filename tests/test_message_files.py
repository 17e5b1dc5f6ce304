"""The sentences of commands, lab and notebooks: both languages say the same, each is asked for, none stands in code."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import advisor
from advisor.content import messages as texts
from advisor.content.datafiles import read_yaml
from advisor.content.folder import data_dir
from advisor.content.messages import COMMANDS, LAB, QUALITY, messages
from advisor.content.words import LANGUAGES

ROOT = Path(advisor.__file__).parent
SOURCES = sorted(ROOT.rglob("*.py"))
TEMPLATES = sorted(ROOT.rglob("*.j2"))
NAMES = sorted({Path(name).name for name in texts.file_names()})
BEGUN = re.compile(r"""f["']([a-z_]+_)\{""")  # the beginning of keys that a loop completes
SAID = re.compile(r"\bsay\.(\w+)")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def sentences(language: str, name: str) -> dict[str, str]:
    """Return a file's sentences by the strict reader: no key twice, UTF-8, no alias."""
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


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_say_the_same_with_the_same_fields(name: str) -> None:
    japanese, english = (sentences(language, name) for language in LANGUAGES)
    assert list(japanese) == list(english)
    assert {key: fields(text) for key, text in japanese.items()} == {key: fields(text) for key, text in english.items()}
    assert [
        key for key, text in (japanese | english).items() if not isinstance(text, str) or not text.strip(" ：:")
    ] == (["of"] if name == "lab.yaml" else [])


def test_what_is_read_fast_is_what_the_strict_reader_finds() -> None:
    for language in LANGUAGES:
        for files in (COMMANDS, LAB, QUALITY):
            strict = [sentences(language, f"{name}.yaml") for name in files]
            assert sum(map(len, strict)) == len(messages(language, files)), "no key stands in two files"
            assert {key: text for each in strict for key, text in each.items()} == messages(language, files)


@pytest.mark.parametrize("name", NAMES)
def test_every_sentence_is_asked_for(name: str) -> None:
    assert [key for key in sentences("ja", name) if not is_asked(key) and not is_asked(key.removesuffix("_fix"))] == []


def is_asked(key: str) -> bool:
    named, begun = asked()
    return key in named or any(key.startswith(one) and key.removeprefix(one) in named for one in begun)


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
