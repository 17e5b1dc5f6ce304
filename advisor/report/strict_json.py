"""A strict reader for JSON from other programs: it returns exactly what was written, or an error.

A reader that guesses can change the content without an error: a wrong encoding loses characters, of two equal keys one
value is dropped, and a number that is too long becomes another number. So this reader guesses nothing.
"""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

MOST_DIGITS = 20  # of a number; a longer one may change when it is read
MOST_DEPTH = 40  # of nested values; an interchange file has ten
Place = tuple[str | int, ...]
Wrong = tuple[Place, str]

_OTHERS = ("cp932", "euc_jp", "cp1252", "latin-1")  # programs that guess take UTF-8 for one of these
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_EAST: Final = "\u2e80"  # the first character of the East Asian scripts
_SIGNS = {"\0": "export_wrong_nul", "\ufffd": "export_wrong_lost"}


class NotJson(ValueError):  # noqa: N818  (named after what happened)
    """The bytes are not JSON in UTF-8; ``word`` says why, ``line`` where (0: no single line)."""

    def __init__(self, word: str, line: int = 0) -> None:
        super().__init__(word)
        self.word, self.line = word, line


@dataclass(frozen=True, slots=True)
class _Unusable:
    """Replaces a value that cannot be used; ``word`` says why."""

    word: str


class _Object(dict[str, Any]):
    """A JSON object; ``doubled`` are the keys that it has more than once."""

    doubled: tuple[str, ...] = ()


def decoded(content: bytes) -> str:
    """Return bytes as text. They must be UTF-8, with or without a byte order mark.

    Other encodings are refused even if they are recognised: the save in that encoding may have lost characters.

    Raises:
        NotJson: export_wrong_wide, export_wrong_cp932, export_wrong_encoding, export_wrong_garbled.
    """
    if content.startswith(_WIDE) or b"\0" in content[:4]:
        raise NotJson("export_wrong_wide")
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        if _can_be(content, "cp932"):
            raise NotJson("export_wrong_cp932") from None
        raise NotJson("export_wrong_encoding", _line(content, error.start)) from None
    if any(_is_garbled(text, other) for other in _OTHERS):
        raise NotJson("export_wrong_garbled")
    return text


def parsed(text: str) -> tuple[Any, tuple[Wrong, ...]]:
    """Return the value of a JSON text, and the places in it that a reader would have to guess, each with a word.

    Raises:
        NotJson: export_wrong_json.
    """
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=lambda _: _Unusable("export_wrong_number"),
            parse_int=lambda digits: _number(digits, int),
            parse_float=lambda digits: _number(digits, float),
        )
    except json.JSONDecodeError as error:
        raise NotJson("export_wrong_json", error.lineno if text.strip() else 0) from None
    except RecursionError:
        raise NotJson("export_wrong_json") from None
    return value, tuple(_wrong(value))


def _can_be(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_garbled(text: str, other: str) -> bool:
    """Return whether another program took UTF-8 for the encoding ``other`` and saved the wrong characters.

    To turn that back gives Japanese text.
    """
    try:
        before = text.encode(other).decode()
    except UnicodeError:
        return False
    return before != text and any(sign >= _EAST for sign in before)


def _line(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    value = _Object(pairs)
    if len(value) < len(pairs):
        keys = [key for key, _ in pairs]
        value.doubled = tuple(key for key in value if keys.count(key) > 1)
    return value


def _number(digits: str, kind: type[int | float]) -> Any:  # noqa: ANN401  (a number, or _Unusable)
    if len(digits) > MOST_DIGITS or not math.isfinite(value := kind(digits)):
        return _Unusable("export_wrong_number")
    return value


def _wrong(value: Any) -> Iterator[Wrong]:  # noqa: ANN401  (JSON)
    """Yield the faults of a value in the order of the text. It does not recurse, so deep nesting does no harm."""
    ahead: list[tuple[Place, Any]] = [((), value)]
    while ahead:
        place, current = ahead.pop()
        if isinstance(current, _Unusable):
            yield place, current.word
        elif isinstance(current, str) and (word := _wrong_sign(current)):
            yield place, word
        elif len(place) > MOST_DEPTH:
            yield place[:MOST_DEPTH], "export_wrong_value"
            return
        elif isinstance(current, _Object):
            yield from (((*place, key), "export_wrong_key_twice") for key in current.doubled)
            yield from (((*place, key), word) for key in current if (word := _wrong_sign(key)))
            ahead += [((*place, key), inner) for key, inner in reversed(current.items())]
        elif isinstance(current, list):
            ahead += [((*place, number), inner) for number, inner in reversed(list(enumerate(current)))]


def _wrong_sign(text: str) -> str | None:
    """Return the word for a character that nobody types: NUL, a replacement character, or half of a pair."""
    if text.isascii():
        return "export_wrong_nul" if "\0" in text else None
    fault = next((word for sign, word in _SIGNS.items() if sign in text), None)
    if fault is None and any("\ud800" <= sign <= "\udfff" for sign in text):
        return "export_wrong_lost"
    return fault
