"""Sessions to make papers of, and what a test asks of a paper: its texts, what can be read in a PDF, its structure."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pypdfium2
from pypdfium2 import raw

from advisor.report.fonts import printable
from advisor.session.session import Past, Session
from tests.pages import SAMPLES, STRAINED
from tests.support import CATALOG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.content.model import Case
    from advisor.content.words import Language

TODAY, BEFORE = date(2026, 11, 21), date(2026, 10, 3)
LONG = {
    "ja": "この欄にはたいへん長い文章が、これからの働き方を考えながら、自分のことばで書いてあります。",
    "en": "This is a rather long text about how I would like to work, put down in my own words. ",
}
HOSTILE = (
    r"<script>alert(1)</script> <img src=x onerror=alert(2)> $x^2$ #typst[a] *太字* _下線_ \ `code` @ref // ~ = 見出し"
)
NAMES = "𠮷野 髙橋 﨑山 葛󠄀城 神保"  # the last one begins with U+FA19, a form that must not change
STRANGE = "👨‍👩‍👧‍👦と👍🏽❤️ שלום سلام สวัสดี \x00\x07\u202e終わり"


def of(case: Case, language: Language = "ja", *, last: bool = False) -> Session:
    """Return a session with a case in it, in which the first path and the first three steps were picked."""
    past = Session(CATALOG)
    past.open_case(SAMPLES["b_general_affairs"])
    one = Session(CATALOG, last=Past(past.record, past.reading, BEFORE) if last else None)
    one.speak(language)
    one.open_case(case)
    one.follow(next((path.target for path in one.reading.paths), next(iter(CATALOG.paths))))
    for advice in one.reading.steps[:3]:
        one.choose(advice.target)
    return one


def planned(language: Language = "ja", typed: str = "") -> Session:
    """Return a session as it often ends: dates, worksheets, an appointment; ``typed`` stands in each field of text."""
    one = of(SAMPLES["a_accounting"], language, last=True)
    if typed:
        one.tell_wish(typed)
    for field in ("what", "first", "known_by", "helper"):
        one.fill(f"action-a1-{field}", typed or field)
    one.fill("action-a1-by", "2026-12-01")
    one.fill("sheet-goals-0-goal", typed or "締め日を早める")
    one.fill("sheet-motive-0-reason", typed or "人を支えたい")
    one.take_home("goals")
    one.take_home("motive")
    one.fill("next_at", "2026-12-20T14:00")
    return one


def private(one: Session) -> Session:
    """Return the session after everything of the adviser's own was put into it."""
    one.fill("notes", "canary-notes")
    one.fill("account-impression", "canary-impression")
    one.place_marker("reward_1", 1)
    return one


def full(language: Language) -> Session:
    """Return a session in which every field is filled to its end, all worksheets chosen."""
    one = of(STRAINED, language, last=True)
    one.tell_wish((LONG[language] * 100)[:2000])
    for action in ("a1", "a2", "a3"):
        for field in ("what", "first", "known_by", "helper"):
            one.fill(f"action-{action}-{field}", (LONG[language] * 10)[:200])
        one.fill(f"action-{action}-by", "2026-12-01")
    for name, form in CATALOG.worksheets.items():
        for row in range(form.rows):
            for field, kind in form.fields.items():
                typed = {"number": "12", "date": "2026-12-01", "choice": kind.options[:1], "checks": kind.options}
                text = typed.get(kind.type, (LONG[language] * 20)[: kind.most])
                one.fill(f"sheet-{name}-{row}-{field}", text if isinstance(text, str) else " ".join(text))
        one.take_home(name)
    one.fill("next_at", "2026-12-20T14:00")
    assert not one.typed
    return one


# --- reading papers ---


def texts(tree: Any) -> Iterator[str]:
    """Yield every text that stands on a paper: not the titles of parts that are empty, no figures, no lines to fill."""
    if isinstance(tree, str):
        yield from (tree,) if tree else ()
    elif isinstance(tree, tuple):
        for inner in tree:
            yield from texts(inner)
    elif is_dataclass(tree):
        for field in fields(tree):
            titled = getattr(tree, field.name.removesuffix("_title"), True)
            if titled and field.name not in {"language", "alt", "axes", "memo"}:
                yield from texts(getattr(tree, field.name))


def bare(text: str) -> str:
    """Return text without what a PDF does not know: white space, unseen signs, the forms of one letter."""
    seen = "".join(sign for sign in text if unicodedata.category(sign) not in {"Cf", "Mn", "Cc"})
    return "".join(unicodedata.normalize("NFKC", seen).split())


def on_paper(text: str) -> str:
    """Return text as a PDF that prints it is read."""
    return bare(printable(text))


@cache
def pages(pdf: bytes) -> tuple[str, ...]:
    """Return what can be read on each page."""
    return tuple(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def read(pdf: bytes, footer: str) -> str:
    """Return what can be read in a PDF, without white space and without what stands at head and foot of each page."""
    foot = re.escape(bare(footer)) + r"(\d+/\d+ページ|page\d+of\d+)"
    said = [re.sub(f"{foot}$|^{foot}", "", bare(page)) for page in pages(pdf)]
    head = next((at for at, signs in enumerate(zip(*said, strict=False)) if len({*signs}) > 1), 0)
    return "".join([said[0], *(page[head:] for page in said[1:])])


def described(pdf: bytes) -> tuple[list[str], list[str]]:
    """Return the tags of a PDF's structure in reading order, and the texts that stand for its pictures."""
    tags: list[str] = []
    alternatives: list[str] = []

    def ask(function: Any, element: Any) -> str:
        buffer = ctypes.create_string_buffer(max(2, function(element, None, 0)))
        function(element, buffer, len(buffer))
        return buffer.raw.decode("utf-16-le").rstrip("\0")

    def walk(element: Any) -> None:
        tags.append(ask(raw.FPDF_StructElement_GetType, element))
        if told := ask(raw.FPDF_StructElement_GetAltText, element):
            alternatives.append(told)
        for place in range(raw.FPDF_StructElement_CountChildren(element)):
            if child := raw.FPDF_StructElement_GetChildAtIndex(element, place):
                walk(child)

    for page in pypdfium2.PdfDocument(pdf):
        tree = raw.FPDF_StructTree_GetForPage(page.raw)
        for place in range(raw.FPDF_StructTree_CountChildren(tree)):
            walk(raw.FPDF_StructTree_GetChildAtIndex(tree, place))
    return tags, alternatives
