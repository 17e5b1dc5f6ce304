"""Long lists in pages: together they are exactly the list, and one that has become shorter shows its last page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
# How many stand on a page of each list: what a screen holds without a long way, and a message without weight.
SIZES = {"today": 20, "soon": 6, "lapsed": 5, "list": 50, "nobody": 5}


@dataclass(frozen=True, slots=True)
class ListPage(Generic[T]):
    """One page of a list: what stands on it, its number from 1 on, of how many, and how long the whole list is."""

    items: tuple[T, ...]
    number: int
    pages: int
    first: int
    all: int

    @property
    def last(self) -> int:
        """The place of the last one on this page, in the whole list."""
        return self.first + len(self.items) - 1


def page(items: Sequence[T], number: int, size: int) -> ListPage[T]:
    """Return a page of a list; where there is none of this number, the nearest."""
    pages = max(1, -(-len(items) // size))
    at = min(max(1, number), pages)
    start = (at - 1) * size
    return ListPage(tuple(items[start : start + size]), at, pages, start + 1, len(items))
