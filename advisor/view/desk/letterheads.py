"""The state of the office's letterhead at the desk: what is stored, and its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.session import letterhead
from advisor.session.letterhead import Letterhead
from advisor.session.session import Rejected
from advisor.store import office as kept

if TYPE_CHECKING:
    from advisor.store import Store


class Letterheads:
    """The letterhead as it was last read, and the texts of the open form, if any.

    A method that writes may raise a StoreError.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = Letterhead()
        self.typed: dict[str, str] | None = None
        self.asked = False

    @property
    def own(self) -> str:
        """The id under which the name of whoever sits here is kept."""
        return self.store.adviser or ""

    @property
    def problems(self) -> dict[str, tuple[str, int]]:
        """The errors of the form, by field: word and limit. Empty until the form was handed in once."""
        return letterhead.problems(self.typed) if self.typed is not None and self.asked else {}

    def read(self) -> None:
        """Read the letterhead anew and close the form."""
        self.now, self.typed, self.asked = kept.letterhead(self.store), None, False

    def begin(self) -> None:
        """Open the form."""
        self.typed, self.asked = letterhead.values(self.now, self.own), False

    def fill(self, name: str, text: str) -> None:
        """Set a field of the form from typed text."""
        if self.typed is None or name not in self.typed or (name == "key" and text not in letterhead.KEYS):
            raise Rejected("letterhead")
        self.typed = {**self.typed, name: text}

    def hand_in(self) -> bool:
        """Store the form; return False, and store nothing, if it has errors."""
        if self.typed is None:
            raise Rejected("letterhead")
        typed, self.asked = self.typed, True
        if self.problems:
            return False
        self.now = kept.change_letterhead(self.store, lambda now: letterhead.filled(now, typed, self.own))
        self.typed = None
        return True
