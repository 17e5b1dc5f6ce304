"""Pages of long lists. Together the pages hold every row once; a page number past the end shows the last page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
# Rows on a page of each list. Larger pages would need long scrolling and make large messages.
SIZES = {"today": 20, "soon": 6, "lapsed": 5, "list": 50, "nobody": 5}


@dataclass(frozen=True, slots=True)
class ListPage(Generic[T]):
    """One page of a list.

    ``number`` counts pages from 1; ``pages`` is how many there are. ``first`` is the place of the page's first row in
    the whole list, from 1; ``all`` is the length of the whole list.
    """

    items: tuple[T, ...]
    number: int
    pages: int
    first: int
    all: int

    @property
    def last(self) -> int:
        """The place of the page's last row in the whole list."""
        return self.first + len(self.items) - 1


def page(items: Sequence[T], number: int, size: int) -> ListPage[T]:
    """Return a page of a list. If no page has this number, return the nearest one."""
    pages = max(1, -(-len(items) // size))
    shown = min(max(1, number), pages)
    start = (shown - 1) * size
    return ListPage(tuple(items[start : start + size]), shown, pages, start + 1, len(items))
