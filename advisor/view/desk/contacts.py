"""The office's own contacts at the desk: what stands there, and the form of one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from advisor.session import office
from advisor.session.office import ContactForm
from advisor.session.session import Rejected
from advisor.store import new_id
from advisor.store import office as kept

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from advisor.session.office import Contact
    from advisor.store import Store


class Contacts:
    """The contacts as they were last read, and the form that is open, if one is. What changes the store may raise."""

    def __init__(self, store: Store, today: Callable[[], date]) -> None:
        self.store, self.today = store, today
        self.all: tuple[Contact, ...] = ()
        self.form: ContactForm | None = None

    @property
    def problems(self) -> dict[str, tuple[str, int]]:
        """What is wrong in the form, by field; said only after it was handed in once."""
        return office.problems(self.form, self.today()) if self.form and self.form.asked else {}

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another."""
        return len(self.all) >= office.MOST

    def read(self) -> None:
        """Read the contacts anew; the form closes."""
        self.all, self.form = kept.contacts(self.store), None

    def begin(self, name: str = "") -> None:
        """Open the form, empty or with the contact of this id."""
        if not name and self.is_full:
            raise Rejected("contact")
        self.form = office.form_of(self.known(name)) if name else ContactForm()

    def known(self, name: str) -> Contact:
        """Return a contact; an id that nothing has is rejected."""
        found = next((one for one in self.all if one.id == name), None)
        if found is None:
            raise Rejected("contact")
        return found

    def fill(self, name: str, text: str) -> None:
        """Set a field of the form from typed text."""
        if self.form is None:
            raise Rejected("form")
        try:
            self.form = office.filled(self.form, name, text)
        except KeyError:
            raise Rejected("field") from None

    def hand_in(self) -> bool:
        """Keep what the form says; False where something is wrong with it."""
        if self.form is None:
            raise Rejected("form")
        self.form = replace(self.form, asked=True)
        if self.problems:
            return False
        new = office.contact_of(self.form, new_id())
        self.all = kept.change(self.store, lambda now: office.with_one(now, new))
        self.form = None
        return True

    def confirm(self, name: str) -> None:
        """Note that a contact was looked at today and holds."""
        self.known(name)
        self.all = kept.change(self.store, lambda now: office.confirmed(now, name, self.today()))

    def drop(self, name: str) -> None:
        """Take a contact away."""
        self.known(name)
        self.all = kept.change(self.store, lambda now: office.without(now, name))
