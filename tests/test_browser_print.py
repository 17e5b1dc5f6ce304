"""The summary on paper: one page of what was told and chosen, and nothing of the screen around it."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor import samples
from tests.browser import (
    SAY,
    answer,
    choose_step,
    draw_charts,
    field,
    go,
    load_sample,
    pick,
    press,
    reading_of,
    settle,
    speak,
    visiting,
)
from tests.support import CATALOG, CONSEQUENCES, FRUSTRATIONS, TRAITS

JA = SAY["ja"]
# A4 without the margins of print.css, in CSS pixels
SHEET = {"width": 688, "height": 1002}


@dataclass(frozen=True)
class Printed:
    """A PDF as Chromium writes it: how many pages, and the text that can be selected in it."""

    pages: int
    text: str

    def has(self, sentence: str) -> bool:
        """Whether a sentence stands in it; a PDF knows neither white space nor lines."""
        return "".join(sentence.split()) in self.text


def letters(table: str) -> dict[int, str]:
    """A font's table from codes to letters (ToUnicode)."""
    found: dict[int, str] = {}
    for first, last, letter in re.findall(r"<(\w\w)> <(\w\w)> <(\w{4})>", table):
        for code in range(int(first, 16), int(last, 16) + 1):
            found[code] = chr(int(letter, 16) + code - int(first, 16))
    for code, letter in re.findall(r"^<(\w\w)> <(\w{4,})>$", table, re.MULTILINE):
        found[int(code, 16)] = bytes.fromhex(letter).decode("utf-16-be")
    return found


def read_pdf(data: bytes) -> Printed:
    """Read a PDF of Chromium's: enough of the format to get at its text."""
    objects = {int(number): body for number, body in re.findall(rb"(\d+) 0 obj\n(.*?)\nendobj", data, re.DOTALL)}

    def stream(number: str) -> str:
        packed = objects[int(number)].partition(b"stream\n")[2].rpartition(b"\nendstream")[0]
        return zlib.decompress(packed).decode("latin-1")

    pages = [body.decode("latin-1") for body in objects.values() if b"/Type /Page\n" in body or b"/Type /Page " in body]
    text = ""
    for page in pages:
        fonts: dict[str, dict[int, str]] = {}
        for name, number in re.findall(r"/(F\d+) (\d+) 0 R", page):
            table = re.search(r"/ToUnicode (\d+) 0 R", objects[int(number)].decode("latin-1"))
            fonts[name] = letters(stream(table[1])) if table else {}
        contents = re.search(r"/Contents (\d+) 0 R", page)
        assert contents
        font: dict[int, str] = {}
        drawn = re.sub(r"/ActualText <\w+>", "", stream(contents[1]))
        for name, codes in re.findall(r"/(F\d+) [\d.]+ Tf|<([0-9A-F]+)>", drawn):
            if name:
                font = fonts[name]
            else:
                text += "".join(font.get(code, "\ufffd") for code in bytes.fromhex(codes))
    return Printed(len(pages), "".join(unicodedata.normalize("NFKC", text).split()))
