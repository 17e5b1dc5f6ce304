"""Strict reading of data files: every value has its line number, and no type is guessed.

PyYAML's C parser composes the YAML nodes. It keeps line numbers and is ten times as fast as ruamel.yaml (measured).
This module turns the nodes into values by the rules of YAML 1.2: ``no``, ``0123`` and ``1:30`` are text. A repeated key
and an alias are errors.

A problem holds the key of a sentence and the values for its fields. The reader's language is known only when the
problem is shown, so :func:`told` makes the sentence then. The sentences are in
``data/messages/<language>/problems.yaml``; ``parsers.yaml`` beside it translates what the YAML and CSV parsers say.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from advisor.content.messages import PARSERS, PROBLEMS, messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from advisor.content.words import Language

T = TypeVar("T")
Location = tuple[str | int, ...]

_INT = re.compile(r"^[-+]?(0|[1-9][0-9]*)$")
_FLOAT = re.compile(r"^[-+]?(0|[1-9][0-9]*)\.[0-9]+$")
_WORDS = {"null": None, "~": None, "": None, "true": True, "false": False}
_PLAIN = ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")
_TAGS = {f"tag:yaml.org,2002:{name}" for name in _PLAIN}
VALUE_CHARACTERS = 40  # a message shows at most this many characters of a wrong value


# --- what is wrong --------------------------------------------------------------------------------------------------


class Reason(NamedTuple):
    """The key of the sentence that says what is wrong (``kind``), and the values for its fields, as text."""

    kind: str
    fields: tuple[tuple[str, str], ...] = ()


def reason(kind: str, /, **fields: object) -> Reason:
    """Return a :class:`Reason`; its values are turned into text."""
    return Reason(kind, tuple((name, str(value)) for name, value in fields.items()))


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One problem of a data file; ``fix`` is the key of the sentence that says what to do (fields: the reason's)."""

    file: str
    line: int
    field: str
    reason: Reason
    fix: str

    def __str__(self) -> str:
        """Return the problem in English, for logs."""
        return problem_text(self, "en")


class DataError(Exception):
    """The data cannot be used; ``problems`` holds every :class:`Problem` that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in the order of their files and lines."""
        self.problems = tuple(sorted(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return the problems in English, for logs, one in each line; this reads the files of messages."""
        return "\n".join(map(str, self.problems))


def problem_of(file: str, line: int, field: str, kind: str, /, fix: str = "", **fields: object) -> Problem:
    """Return a problem; the key of its fix is ``fix``, or ``<kind>_fix`` if ``fix`` is empty."""
    return Problem(file, line, field, reason(kind, **fields), fix or f"{kind}_fix")


def problem_text(problem: Problem, language: Language) -> str:
    """Return a problem as one line: ``file:line: field: what is wrong; what to do``."""
    field = problem.field or messages(language, PROBLEMS)["whole_file"]
    fix = reason_text(Reason(problem.fix, problem.reason.fields), language)
    return f"{problem.file}:{problem.line}: {field}: {reason_text(problem.reason, language)}; {fix}"


def reason_text(why: Reason, language: Language) -> str:
    """Return the sentence of a reason.

    The field ``why`` holds the message of a parser. It is translated if ``parsers.yaml`` has it, else it stays English.
    """
    fields = dict(why.fields)
    if parser := fields.get("why"):
        own = messages(language, PARSERS).get(parser)
        fields["why"] = own.format() if own else parser
    return messages(language, PROBLEMS)[why.kind].format(**fields)


# --- files ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DataFile:
    """The value of a file (dicts, tuples, scalars) and the line number of each part of it."""

    file: str
    value: Any
    lines: dict[Location, int] = field(default_factory=dict)
    parts: dict[str, DataFile] = field(default_factory=dict)  # if several files make one value: top-level key → file

    def line(self, location: Location) -> int:
        """Return the line of ``location``, or the line of the smallest known part that contains it."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)

    def problem(self, location: Location, kind: str, /, fix: str = "", **fields: object) -> Problem:
        """Return a problem at ``location`` in the file that contains it (see :func:`problem_of`)."""
        if location and location[0] in self.parts:
            return self.parts[str(location[0])].problem(location, kind, fix, **fields)
        return problem_of(self.file, self.line(location), ".".join(map(str, location)), kind, fix, **fields)


def read_yaml(path: Path, name: str) -> DataFile:
    """Return the YAML document in ``path``; messages call the file ``name``.

    Raises:
        DataError: the file is missing, is not UTF-8, is not YAML, contains U+FFFD, a repeated key, an alias or a tag.
    """
    try:
        node = yaml.compose(
            _whole(path.read_text(encoding="utf-8"), name), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        )
    except FileNotFoundError:
        raise _unusable(name, "file_missing") from None
    except UnicodeDecodeError as error:
        raise _unusable(name, "not_utf8", byte=error.start) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _unusable(name, "not_yaml", line, why=error.problem) from None
    except yaml.YAMLError:
        raise _unusable(name, "forbidden_character") from None
    if node is None:
        raise _unusable(name, "file_empty")
    document = DataFile(name, None)
    problems: list[Problem] = []
    value = _value(node, (), document, problems, set())
    if problems:
        raise DataError(problems)
    return DataFile(name, value, document.lines)


def _unusable(file: str, kind: str, line: int = 1, /, fix: str = "", **fields: object) -> DataError:
    return DataError([problem_of(file, line, "", kind, fix, **fields)])


def _whole(text: str, file: str) -> str:
    """Return the text unchanged; raise DataError if it has U+FFFD, which programs write for a sign they cannot read."""
    if (place := text.find("\ufffd")) >= 0:
        raise _unusable(file, "lost_sign", text.count("\n", 0, place) + 1)
    return text


def _value(node: yaml.Node, at: Location, document: DataFile, problems: list[Problem], seen: set[yaml.Node]) -> Any:  # noqa: ANN401  (any value a file may hold)
    document.lines[at] = node.start_mark.line + 1
    if node in seen:  # an alias may contain itself, or stand for millions of values
        problems.append(document.problem(at, "alias"))
        return None
    seen.add(node)
    if node.tag not in _TAGS:
        problems.append(document.problem(at, "tag", tag=node.tag))
        return None
    if isinstance(node, yaml.SequenceNode):
        return tuple(_value(child, (*at, number), document, problems, seen) for number, child in enumerate(node.value))
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, child in node.value:
            key = str(key_node.value)
            if key in mapping:
                document.lines[(*at, key)] = key_node.start_mark.line + 1
                problems.append(document.problem((*at, key), "key_twice"))
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
    """Return the words of a CSV cell, which spaces separate."""
    return tuple(cell.split())


def flag(cell: str) -> bool | str:
    """Return True for 1 and False for 0; other text stays text, so that validation reports it."""
    return {"1": True, "0": False}.get(cell, cell)


def whole(cell: str) -> int | str:
    """Return a whole number; other text stays text, so that validation reports it."""
    return int(cell) if _INT.match(cell) else cell


def number(cell: str) -> float | str:
    """Return a number; other text stays text, so that validation reports it."""
    return float(cell) if _INT.match(cell) or _FLOAT.match(cell) else cell


def optional(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return a function that reads a cell with ``read``, and gives None for an empty cell."""
    return lambda cell: read(cell) if cell else None


def read_csv(path: Path, name: str, **columns: Callable[[str], Any]) -> DataFile:
    """Return the rows of a CSV file as a tuple of dicts, with their lines.

    ``columns``: for each column that is not text, the function that reads its cells.

    Raises:
        DataError: the file is missing, is not UTF-8, is not CSV, has no rows, contains U+FFFD, a repeated column, or a
            row of another length.
    """
    document = DataFile(name, None)
    header, *lines = _lines(_text(path, name, lambda content: content.decode("utf-8-sig")), document)
    return _table(document, header, lines, columns)


def read_own_csv(path: Path, name: str, **columns: Callable[[str], Any]) -> DataFile:
    """Return the same as :func:`read_csv` of somebody's own file, as spreadsheet programs save it.

    It may be in UTF-16 or CP932, have semicolons or tabs, empty rows, and empty cells at the ends of rows. The names of
    columns are compared without regard to width and case.

    Raises:
        DataError: as :func:`read_csv`.
    """
    document = DataFile(name, None)
    text = _text(path, name, _loosely)
    header, *lines = _lines(text, document, max(",\t;", key=text.split("\n", 1)[0].count))
    return _table(document, *_filled(header, lines, document), columns)


def _text(path: Path, name: str, decode: Callable[[bytes], str]) -> str:
    try:
        return _whole(decode(path.read_bytes()), name)
    except FileNotFoundError:
        raise _unusable(name, "file_missing") from None
    except UnicodeDecodeError as error:
        raise _unusable(name, "not_utf8", fix="not_utf8_csv_fix", byte=error.start) from None


def _table(
    document: DataFile, header: list[str], lines: list[list[str]], columns: Mapping[str, Callable[[str], Any]]
) -> DataFile:
    doubles = sorted({column for column in header if header.count(column) > 1})
    problems = [document.problem((), "column_twice", column=column) for column in doubles]
    rows = []
    for number, row in enumerate(lines):
        if len(row) != len(header):
            problems.append(document.problem((number,), "row_length", cells=len(row), columns=len(header)))
        rows.append(dict(zip(header, row, strict=False)))
    if problems:
        raise DataError(problems)
    return DataFile(document.file, read_cells(rows, columns), document.lines)


def _loosely(content: bytes) -> str:
    """Return text in UTF-16 or UTF-8, or else in CP932, which is what Excel in Japan writes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig").lstrip("\ufeff")
    except UnicodeDecodeError:
        return content.decode("cp932")


def _filled(header: list[str], lines: list[list[str]], document: DataFile) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows without empty rows and columns; only blanks may be missing or too many."""
    names = [unicodedata.normalize("NFKC", name).strip().casefold() for name in header]
    named = [number for number, name in enumerate(names) if name]
    kept: list[list[str]] = []
    places: dict[Location, int] = {(-1,): document.lines.get((-1,), 1)}
    for number, row in enumerate(lines):
        if any(map(str.strip, row)):
            places[(len(kept),)] = document.lines[(number,)]
            cells = [row[column].strip() if column < len(row) else "" for column in named]
            kept.append([*cells, *(cell for cell in row[len(header) :] if cell.strip())])
    document.lines.clear()
    document.lines.update(places)
    return [names[column] for column in named], kept


def read_cells(
    rows: Iterable[Mapping[str, Any]], columns: Mapping[str, Callable[[str], Any]]
) -> tuple[dict[str, Any], ...]:
    """Return rows whose cells the functions in ``columns`` have read; cells of other columns stay text."""
    return tuple(
        {column: columns[column](cell) if column in columns else cell for column, cell in row.items()} for row in rows
    )


def _lines(text: str, document: DataFile, delimiter: str = ",") -> list[list[str]]:
    """Return the header and the rows of a CSV text, and write the line of each row into ``document``."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            if row:
                document.lines[(len(rows) - 1,)] = reader.line_num
                rows.append(row)
    except csv.Error as error:
        raise _unusable(document.file, "not_csv", reader.line_num, why=error) from None
    if len(rows) <= 1:
        raise _unusable(document.file, "no_rows")
    return rows


# pydantic's error type → our kind, for errors with their own sentence on what to do
_NAMED = {"extra_forbidden": "unknown_key", "missing": "missing", "string_type": "no_text", "string_too_short": "empty"}
# error types whose sentence names the wrong value; the fix is always ``correct_it``
_TYPES = (
    "bool_type", "dict_type", "dictionary_too_short", "dictionary_too_short_one", "float_type", "greater_than",
    "greater_than_equal", "int_type", "less_than", "less_than_equal", "literal_one", "literal_two", "literal_more",
    "model_type", "string_pattern_mismatch", "string_too_long", "string_too_long_one", "tuple_too_long",
    "tuple_too_long_one", "tuple_too_short", "tuple_too_short_one", "tuple_type",
)  # fmt: skip


def validate(document: DataFile, adapter: TypeAdapter[T]) -> T:
    """Return the document's value as the type of ``adapter``.

    Raises:
        DataError: with one problem for each value that does not fit.
    """
    try:
        return adapter.validate_python(document.value)
    except ValidationError as error:
        problems = []
        for detail in error.errors():
            location = tuple(part for part in detail["loc"] if part != "[key]")
            why = mismatch(detail)
            fix = "" if detail["type"] in _NAMED else "correct_it"
            problems.append(document.problem(location, why.kind, fix, **dict(why.fields)))
        raise DataError(problems) from None


def mismatch(detail: Mapping[str, Any]) -> Reason:
    """Return the reason for an error of pydantic; an error type without a sentence of ours keeps pydantic's words."""
    kind, fields = detail["type"], {name: _plain(value) for name, value in detail.get("ctx", {}).items()}
    if kind in _NAMED:
        return Reason(_NAMED[kind])
    if kind == "literal_error":  # 'a', 'b' or 'c'
        *others, last = (choice for part in fields["expected"].split(", ") for choice in part.split(" or "))
        kind = "literal_more" if others[1:] else "literal_two" if others else "literal_one"
        fields = {"others": ", ".join(others), "last": last} if others else {"last": last}
    if "field_type" in fields:  # a tuple or a dictionary
        kind = f"{fields.pop('field_type').lower()}_{kind}"
    if "1" in (fields.get("min_length"), fields.get("max_length")):
        kind = f"{kind}_one"
    if kind not in _TYPES:
        kind, fields = "other", {"said": detail["msg"][:1].lower() + detail["msg"][1:]}
    return reason(kind, **fields, value=_short(detail["input"]))


def _plain(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= VALUE_CHARACTERS else f"{text[: VALUE_CHARACTERS - 3]}..."
