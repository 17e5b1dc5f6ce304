"""A paper of any length, as plain text in sections: headings, sentences, pairs and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.content.translator import Say
    from advisor.content.words import Language

Pair = tuple[str, str]  # a label and the text beside it


@dataclass(frozen=True, slots=True)
class Head:
    """What identifies a paper on each of its pages; empty texts are left out.

    ``reach``: the contact of the office. ``short``: code and number in a few characters, for the foot.
    """

    office: str = ""
    reach: str = ""
    code: str = ""
    number: str = ""
    adviser: str = ""
    short: str = ""


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table with named columns; ``widths``: the share of the page's width for each column."""

    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (level 1 to 3) and the content below it, printed in the order of the fields.

    ``turns``: it begins on a new page. ``small``: in small letters, for what few people read.
    """

    title: str
    level: int = 1
    texts: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    points: tuple[str, ...] = ()
    table: PaperTable | None = None
    turns: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A paper; ``mark``, ``head`` and ``date`` are printed at the top of every page, ``footer`` at the bottom."""

    language: Language
    title: str
    date: str
    mark: str
    footer: str
    lead: str
    parts: tuple[Section, ...]
    head: Head = field(default_factory=Head)


def table(words: Say, columns: tuple[str, ...], widths: tuple[int, ...], rows: Iterable[tuple[str, ...]]) -> PaperTable:
    """Return a table of these rows; ``columns`` are the keys of the column names."""
    return PaperTable(tuple(words(name) for name in columns), widths, tuple(rows))
