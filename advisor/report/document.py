"""A paper of any length as a tree of plain text: parts with headings, sentences, pairs and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.content.translator import Say
    from advisor.content.words import Language

Pair = tuple[str, str]  # a label and what stands beside it


@dataclass(frozen=True, slots=True)
class PaperTable:
    """Rows under the names of their columns; ``widths``: shares of the page, one a column."""

    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (level 1 to 3) and what stands below it, in this order."""

    title: str
    level: int = 1
    texts: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    points: tuple[str, ...] = ()
    table: PaperTable | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A paper; ``mark`` stands at the top of every page, ``footer`` at the foot."""

    language: Language
    title: str
    date: str
    mark: str
    footer: str
    lead: str
    parts: tuple[Section, ...]


def table(words: Say, columns: tuple[str, ...], widths: tuple[int, ...], rows: Iterable[tuple[str, ...]]) -> PaperTable:
    """Return rows under columns that are named by their words."""
    return PaperTable(tuple(words(name) for name in columns), widths, tuple(rows))
