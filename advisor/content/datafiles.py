"""Reading data files strictly: every value knows its line, and nothing is guessed.

YAML is composed by PyYAML's C parser (it keeps line numbers and is ten times as fast as ruamel.yaml, measured) and
turned into values here by the rules of YAML 1.2: ``no`` is text, ``0123`` is text, ``1:30`` is text; a key that
stands twice and an alias are errors.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

T = TypeVar("T")
Location = tuple[str | int, ...]

_INT = re.compile(r"^[-+]?(0|[1-9][0-9]*)$")
_FLOAT = re.compile(r"^[-+]?(0|[1-9][0-9]*)\.[0-9]+$")
_WORDS = {"null": None, "~": None, "": None, "true": True, "false": False}
_PLAIN = ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")
_TAGS = {f"tag:yaml.org,2002:{name}" for name in _PLAIN}
SHOWN = 40  # so much of a wrong value stands in a message


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong with a data file, and what to do about it."""

    file: str
    line: int
    field: str
    message: str
    fix: str

    def __str__(self) -> str:
        """Return one line: ``file:line: field: what is wrong; how to mend it``."""
        return f"{self.file}:{self.line}: {self.field or '(file)'}: {self.message}; {self.fix}"


class DataError(Exception):
    """The data cannot be used; ``problems`` says all that is wrong with it, one :class:`Problem` each."""

    def __init__(self, problems: list[Problem]) -> None:
        """Keep the problems in the order of their files and lines."""
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file's value (dicts, tuples, scalars) and the line on which each part of it stands."""

    file: str
    value: Any
    lines: dict[Location, int] = field(default_factory=dict)
    parts: dict[str, DataFile] = field(default_factory=dict)  # of files read as one: who holds which top-level key

    def line(self, location: Location) -> int:
        """Return the line of ``location``, or of the nearest part around it."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)

    def problem(self, location: Location, message: str, fix: str) -> Problem:
        """Return a problem at ``location``, in the file that holds it."""
        if location and location[0] in self.parts:
            return self.parts[str(location[0])].problem(location, message, fix)
        return Problem(self.file, self.line(location), ".".join(map(str, location)), message, fix)


def read_yaml(path: Path, name: str) -> DataFile:
    """Return the document in ``path``; ``name`` is how messages call the file.

    Raises:
        DataError: the file is missing, not UTF-8, not YAML, lost a sign, has a key twice or a tag of its own.
    """
    try:
        node = yaml.compose(
            _whole(path.read_text(encoding="utf-8"), name), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        )
    except FileNotFoundError:
        raise _unusable(name, "the file is missing", "restore it from the last release") from None
    except UnicodeDecodeError as error:
        raise _unusable(name, f"not UTF-8 (byte {error.start})", "save the file as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _unusable(name, f"not YAML: {error.problem}", "check indentation, quotes and colons here", line) from None
    except yaml.YAMLError:
        raise _unusable(name, "not YAML: a character that YAML forbids", "remove control characters") from None
    if node is None:
        raise _unusable(name, "the file is empty", "fill it or remove it")
    document = DataFile(name, None)
    problems: list[Problem] = []
    value = _value(node, (), document, problems, set())
    if problems:
        raise DataError(problems)
    return DataFile(name, value, document.lines)


def _unusable(file: str, message: str, fix: str, line: int = 1) -> DataError:
    return DataError([Problem(file, line, "", message, fix)])


def _whole(text: str, file: str) -> str:
    """Return the text of a file in which no program has put U+FFFD for a sign that it could not read."""
    if (place := text.find("\ufffd")) >= 0:
        fix = "write the sign again, and save the file as UTF-8"
        raise _unusable(file, "a sign was lost here (U+FFFD)", fix, text.count("\n", 0, place) + 1)
    return text


def _value(node: yaml.Node, at: Location, document: DataFile, problems: list[Problem], seen: set[yaml.Node]) -> Any:  # noqa: ANN401  (any value a file may hold)
    document.lines[at] = node.start_mark.line + 1
    if node in seen:  # an alias may hold itself, or hide millions of values in a few lines
        problems.append(document.problem(at, "an alias (*) is not allowed", "write the value out"))
        return None
    seen.add(node)
    if node.tag not in _TAGS:
        problems.append(document.problem(at, f"the tag {node.tag} is not allowed", "write a plain value"))
        return None
    if isinstance(node, yaml.SequenceNode):
        return tuple(_value(child, (*at, number), document, problems, seen) for number, child in enumerate(node.value))
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, child in node.value:
            key = str(key_node.value)
            if key in mapping:
                document.lines[(*at, key)] = key_node.start_mark.line + 1
                problems.append(document.problem((*at, key), "this key stands twice", "keep one of the two"))
            mapping[key] = _value(child, (*at, key), document, problems, seen)
            document.lines[(*at, key)] = key_node.start_mark.line + 1
        return mapping
    return _scalar(str(node.value), plain=not getattr(node, "style", None))


def _scalar(text: str, *, plain: bool) -> str | int | float | bool | None:
    if not plain:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text


def words(cell: str) -> tuple[str, ...]:
    """Return the words of a CSV cell."""
    return tuple(cell.split())


def flag(cell: str) -> bool | str:
    """Return True for 1 and False for 0; anything else stays text, so that validation names it."""
    return {"1": True, "0": False}.get(cell, cell)


def whole(cell: str) -> int | str:
    """Return a whole number; anything else stays text, so that validation names it."""
    return int(cell) if _INT.match(cell) else cell


def number(cell: str) -> float | str:
    """Return a number; anything else stays text, so that validation names it."""
    return float(cell) if _INT.match(cell) or _FLOAT.match(cell) else cell


def optional(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return how a cell is read that may be empty: None then."""
    return lambda cell: read(cell) if cell else None


def read_csv(path: Path, name: str, **columns: Callable[[str], Any]) -> DataFile:
    """Return the rows of a CSV file as a tuple of dicts, each with its line; ``columns`` reads what is not text.

    Raises:
        DataError: the file is missing, not UTF-8, lost a sign, has a column twice or a row of another length.
    """
    try:
        text = _whole(path.read_text(encoding="utf-8-sig"), name)
    except FileNotFoundError:
        raise _unusable(name, "the file is missing", "restore it from the last release") from None
    except UnicodeDecodeError as error:
        raise _unusable(name, f"not UTF-8 (byte {error.start})", "save the file as CSV UTF-8") from None
    document = DataFile(name, None)
    header, *lines = _lines(text, document)
    doubles = sorted({column for column in header if header.count(column) > 1})
    problems = [document.problem((), f"the column {column!r} stands twice", "keep one") for column in doubles]
    rows = []
    for number, row in enumerate(lines):
        if len(row) != len(header):
            message = f"{len(row)} cells where the header has {len(header)}"
            problems.append(document.problem((number,), message, "add, remove or quote cells"))
        rows.append(dict(zip(header, row, strict=False)))
    if problems:
        raise DataError(problems)
    return DataFile(name, read_cells(rows, columns), document.lines)


def read_cells(
    rows: Iterable[Mapping[str, Any]], columns: Mapping[str, Callable[[str], Any]]
) -> tuple[dict[str, Any], ...]:
    """Return rows of text with the cells of ``columns`` read."""
    return tuple(
        {column: columns[column](cell) if column in columns else cell for column, cell in row.items()} for row in rows
    )


def _lines(text: str, document: DataFile) -> list[list[str]]:
    """Return the header and the rows of a CSV text, and note the line of each row."""
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    found: list[list[str]] = []
    try:
        for row in reader:
            if row:
                document.lines[(len(found) - 1,)] = reader.line_num
                found.append(row)
    except csv.Error as error:
        fix = "close every quote, and double quotes inside quotes"
        raise _unusable(document.file, f"not CSV: {error}", fix, reader.line_num) from None
    if len(found) <= 1:
        raise _unusable(document.file, "the file has no rows", "fill it or remove it")
    return found


_FIXES = {
    "extra_forbidden": ("unknown key", "remove it or correct its spelling"),
    "missing": ("missing", "add it"),
    "string_type": ("must be text", "put it in quotes"),
    "string_too_short": ("is empty", "write the text"),
}


def validate(document: DataFile, adapter: TypeAdapter[T]) -> T:
    """Return the document's value as what ``adapter`` describes.

    Raises:
        DataError: with one problem for each thing that does not fit.
    """
    try:
        return adapter.validate_python(document.value)
    except ValidationError as error:
        problems = []
        for detail in error.errors():
            location = tuple(part for part in detail["loc"] if part != "[key]")
            said = detail["msg"][:1].lower() + detail["msg"][1:]
            message, fix = _FIXES.get(detail["type"], (said, f"it is {_short(detail['input'])} now; correct it"))
            problems.append(document.problem(location, message, fix))
        raise DataError(problems) from None


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."
