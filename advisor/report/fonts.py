"""The font of the papers, and the characters that it can print."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

FAMILY = "Noto Sans CJK JP"
MISSING = "〓"  # Japanese printers use this sign for a character that they do not have
LONGEST_WORD = 24  # letters; a longer word without a space may break anywhere
_PACKAGE, _FILE = "manimgx_fonts_cjk", "NotoSansCJK-VF.otf.ttc"
# Noto Sans CJK 2.004. Who keeps the package is not known to us, so a test and `advisor doctor` hold the file to this.
SHA256 = "d3d8256cdec8dbcb3552284bc6b20c734dd60c2ee9df83b5758e34807c4bac32"
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_JOINED = re.compile(f"{MISSING}(?:\u200d{MISSING})+")  # one emoji of several parts, a family for example
_ACCENTED = re.compile("[^\\s][\u0300-\u036f\u3099\u309a]+")  # NFC is for these only: it would change kanji of names
_VARIANTS = range(0xE0100, 0xE01F0)  # variation selectors: names need one shape of a kanji
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_LONG_RUN = re.compile(f"[!-~\u00a1-\u024f]{{{LONGEST_WORD + 1},}}")
_BREAK = "\u200b"


def folder() -> Path:
    """Return the folder of the font's file.

    Raises:
        ModuleNotFoundError: the package with the font is not installed.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(_PACKAGE)
    return Path(spec.origin).parent


def is_known() -> bool:
    """Return whether the font's file is the one that is named here (reads 33 MB, 70 ms)."""
    with (folder() / _FILE).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == SHA256


@cache
def characters() -> frozenset[int]:
    """Return the code points that the font can print. The font is read once."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415  (a client's kernel starts without it)

    with TTFont(folder() / _FILE, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def printable(text: str) -> str:
    """Return text that the font can print: 〓 for a missing character, no invisible characters; lines stay.

    A letter and its accent become one character. A very long word gets places where it may break.
    """
    result = _ACCENTED.sub(lambda letters: unicodedata.normalize("NFC", letters.group()), _LINE_ENDS.sub("\n", text))
    result = _JOINED.sub(MISSING, "".join(map(_sign, result)))
    result = result.replace("\u200d", "")
    return _LONG_RUN.sub(lambda run: _BREAK.join(run.group()), result)


def _sign(letter: str) -> str:
    code = ord(letter)
    if letter in "\n\u200d" or code in _VARIANTS:  # printable needs the joiners a little longer
        return letter
    if (
        code in _SKIN_TONES
        or unicodedata.category(letter) in {"Cc", "Cf"}
        or unicodedata.name(letter, "").startswith("VARIATION SELECTOR")
    ):
        return " " if letter == "\t" else ""
    return letter if code in characters() else " " if letter.isspace() else MISSING
