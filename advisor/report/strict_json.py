"""JSON from elsewhere, read strictly: what comes out is what was written, or nothing comes out.

A reader that guesses takes in another content and says that all is well: a wrong encoding loses signs, of a key that
stands twice one value is dropped, and a number that is too long becomes another one. So nothing is guessed here.
"""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

MOST_DIGITS = 20  # of a number; more would not come back as they were written
MOST_DEPTH = 40  # of a value in values; ours has ten
Place = tuple[str | int, ...]
Wrong = tuple[Place, str]

_OTHERS = ("cp932", "euc_jp", "cp1252", "latin-1")  # what UTF-8 is taken for by programs that guess
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_EAST: Final = "\u2e80"  # from here on: the signs of East Asia
_SIGNS = {"\0": "export_wrong_nul", "\ufffd": "export_wrong_lost"}


class NotJson(ValueError):  # noqa: N818  (named after what happened)
    """Bytes that are no JSON in UTF-8; ``word`` says why, ``line`` where (0: nowhere in particular)."""

    def __init__(self, word: str, line: int = 0) -> None:
        super().__init__(word)
        self.word, self.line = word, line


@dataclass(frozen=True, slots=True)
class _Unusable:
    """Stands where a value cannot be used; ``word`` says why."""

    word: str


class _Object(dict[str, Any]):
    """A JSON object that remembers which keys stood twice."""

    doubled: tuple[str, ...] = ()


def decoded(content: bytes) -> str:
    """Return bytes as text: UTF-8 with or without a mark, and nothing else.

    Other encodings are refused even where they can be told: whoever saved in them may have lost signs in saving.

    Raises:
        NotRead: export_wrong_wide, export_wrong_cp932, export_wrong_encoding, export_wrong_garbled.
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
    """Return the value of a JSON text, and where in it something stands that no reader may guess at.

    Raises:
        NotRead: export_wrong_json.
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
    """Return whether UTF-8 was taken for another encoding and saved so: turned back, Japanese stands there."""
    try:
        before = text.encode(other).decode()
    except UnicodeError:
        return False
    return before != text and any(sign >= _EAST for sign in before)


def _line(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        found.doubled = tuple(key for key in found if keys.count(key) > 1)
    return found


def _number(digits: str, kind: type[int | float]) -> Any:  # noqa: ANN401  (a number, or what stands for none)
    if len(digits) > MOST_DIGITS or not math.isfinite(value := kind(digits)):
        return _Unusable("export_wrong_number")
    return value


def _wrong(value: Any) -> Iterator[Wrong]:  # noqa: ANN401  (JSON)
    """Yield what is wrong in a value, in the order in which it is written; no recursion, so depth can do no harm."""
    ahead: list[tuple[Place, Any]] = [((), value)]
    while ahead:
        place, one = ahead.pop()
        if isinstance(one, _Unusable):
            yield place, one.word
        elif isinstance(one, str) and (word := _wrong_sign(one)):
            yield place, word
        elif len(place) > MOST_DEPTH:
            yield place[:MOST_DEPTH], "export_wrong_value"
            return
        elif isinstance(one, _Object):
            yield from (((*place, key), "export_wrong_key_twice") for key in one.doubled)
            yield from (((*place, key), word) for key in one if (word := _wrong_sign(key)))
            ahead += [((*place, key), inner) for key, inner in reversed(one.items())]
        elif isinstance(one, list):
            ahead += [((*place, number), inner) for number, inner in reversed(list(enumerate(one)))]


def _wrong_sign(text: str) -> str | None:
    """Return the word for a sign that nobody typed: one that was lost on the way, or half of one."""
    if text.isascii():
        return "export_wrong_nul" if "\0" in text else None
    found = next((word for sign, word in _SIGNS.items() if sign in text), None)
    if found is None and any("\ud800" <= sign <= "\udfff" for sign in text):
        return "export_wrong_lost"
    return found
