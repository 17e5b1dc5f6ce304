"""Reading data files strictly: every value knows its line, and nothing is guessed.

YAML is composed by PyYAML's C parser (it keeps line numbers and is ten times as fast as ruamel.yaml, measured) and
turned into values here by the rules of YAML 1.2: ``no`` is text, ``0123`` is text, ``1:30`` is text; a key that
stands twice and an alias are errors.

What is wrong is named by a key, with the values that stand in its sentence. It is put into words where somebody is
told, in their language: the sentences stand in ``data/messages/<language>/problems.yaml``, and in ``parsers.yaml`` what
the parsers of YAML and CSV say by themselves.
"""

from __future__ import annotations

import csv
import re
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
SHOWN = 40  # so much of a wrong value stands in a message


# --- what is wrong --------------------------------------------------------------------------------------------------


class Reason(NamedTuple):
    """What is wrong: the key of a sentence, and the values that stand in it, as text."""

    kind: str
    fields: tuple[tuple[str, str], ...] = ()


def reason(kind: str, /, **fields: object) -> Reason:
    """Return what is wrong, its values as text."""
    return Reason(kind, tuple((name, str(value)) for name, value in fields.items()))


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong with a data file; ``fix`` is the key of what to do, with the values of the reason."""

    file: str
    line: int
    field: str
    reason: Reason
    fix: str

    def __str__(self) -> str:
        """Return it in English, for logs."""
        return told(self, "en")


class DataError(Exception):
    """The data cannot be used; ``problems`` says all that is wrong with it, one :class:`Problem` each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in the order of their files and lines."""
        self.problems = tuple(sorted(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return them in English, for logs, one a line; only then the sentences are read."""
        return "\n".join(map(str, self.problems))


def problem_of(file: str, line: int, field: str, kind: str, /, fix: str = "", **fields: object) -> Problem:
    """Return a problem; what to do about it is ``<kind>_fix``, unless ``fix`` is another key."""
    return Problem(file, line, field, reason(kind, **fields), fix or f"{kind}_fix")


def told(problem: Problem, language: Language) -> str:
    """Return one line: ``file:line: field: what is wrong; how to mend it``."""
    field = problem.field or messages(language, PROBLEMS)["whole_file"]
    fix = said(Reason(problem.fix, problem.reason.fields), language)
    return f"{problem.file}:{problem.line}: {field}: {said(problem.reason, language)}; {fix}"


def said(why: Reason, language: Language) -> str:
    """Return the sentence; what a parser says by itself (``why``) is looked up whole, or stays as it is."""
    fields = dict(why.fields)
    if parser := fields.get("why"):
        own = messages(language, PARSERS).get(parser)
        fields["why"] = own.format() if own else parser
    return messages(language, PROBLEMS)[why.kind].format(**fields)


# --- files ----------------------------------------------------------------------------------------------------------


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

    def problem(self, location: Location, kind: str, /, fix: str = "", **fields: object) -> Problem:
        """Return a problem at ``location``, in the file that holds it (see :func:`problem_of`)."""
        if location and location[0] in self.parts:
            return self.parts[str(location[0])].problem(location, kind, fix, **fields)
        return problem_of(self.file, self.line(location), ".".join(map(str, location)), kind, fix, **fields)


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
    """Return the text of a file in which no program has put U+FFFD for a sign that it could not read."""
    if (place := text.find("\ufffd")) >= 0:
        raise _unusable(file, "lost_sign", text.count("\n", 0, place) + 1)
    return text


def _value(node: yaml.Node, at: Location, document: DataFile, problems: list[Problem], seen: set[yaml.Node]) -> Any:  # noqa: ANN401  (any value a file may hold)
    document.lines[at] = node.start_mark.line + 1
    if node in seen:  # an alias may hold itself, or hide millions of values in a few lines
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
        raise _unusable(name, "file_missing") from None
    except UnicodeDecodeError as error:
        raise _unusable(name, "not_utf8", fix="not_utf8_csv_fix", byte=error.start) from None
    document = DataFile(name, None)
    header, *lines = _lines(text, document)
    doubles = sorted({column for column in header if header.count(column) > 1})
    problems = [document.problem((), "column_twice", column=column) for column in doubles]
    rows = []
    for number, row in enumerate(lines):
        if len(row) != len(header):
            problems.append(document.problem((number,), "row_length", cells=len(row), columns=len(header)))
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
        raise _unusable(document.file, "not_csv", reader.line_num, why=error) from None
    if len(found) <= 1:
        raise _unusable(document.file, "no_rows")
    return found


# pydantic's types of errors that have a sentence of their own on what to do, and how they are called here
_NAMED = {"extra_forbidden": "unknown_key", "missing": "missing", "string_type": "no_text", "string_too_short": "empty"}
# those of which no more than the value that stands there can be said
_TYPES = (
    "bool_type", "dict_type", "dictionary_too_short", "dictionary_too_short_one", "float_type", "greater_than",
    "greater_than_equal", "int_type", "less_than", "less_than_equal", "literal_one", "literal_two", "literal_more",
    "model_type", "string_pattern_mismatch", "string_too_long", "string_too_long_one", "tuple_too_long",
    "tuple_too_long_one", "tuple_too_short", "tuple_too_short_one", "tuple_type",
)  # fmt: skip


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
            why = mismatch(detail)
            fix = "" if detail["type"] in _NAMED else "correct_it"
            problems.append(document.problem(location, why.kind, fix, **dict(why.fields)))
        raise DataError(problems) from None


def mismatch(detail: Mapping[str, Any]) -> Reason:
    """Return what pydantic found by its type and values; what has no sentence here stays in pydantic's words."""
    kind, fields = detail["type"], {name: _plain(value) for name, value in detail.get("ctx", {}).items()}
    if kind in _NAMED:
        return Reason(_NAMED[kind])
    if kind == "literal_error":  # 'a', 'b' or 'c'
        *others, last = (one for part in fields["expected"].split(", ") for one in part.split(" or "))
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
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."
