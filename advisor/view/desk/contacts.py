"""The state of the office's own contacts at the desk: the list, and the form of one contact."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from advisor.session import office
from advisor.session.forms import stored_day
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
    """The contacts as they were last read, and the open form, if any. A method that writes may raise a StoreError."""

    def __init__(self, store: Store, today: Callable[[], date]) -> None:
        self.store, self.today = store, today
        self.all: tuple[Contact, ...] = ()
        self.form: ContactForm | None = None

    @property
    def problems(self) -> dict[str, tuple[str, int]]:
        """The errors of the form, by field: word and limit. Empty until the form was handed in once."""
        return office.problems(self.form, self.today()) if self.form and self.form.asked else {}

    @property
    def is_full(self) -> bool:
        """Whether the office has as many contacts as it may have."""
        return len(self.all) >= office.MOST

    def read(self) -> None:
        """Read the contacts anew and close the form."""
        self.all, self.form = kept.contacts(self.store), None

    def begin(self, name: str = "") -> None:
        """Open the form with the contact of this id; without an id, an empty form."""
        if not name and self.is_full:
            raise Rejected("contact")
        self.form = office.form_of(self.known(name)) if name else ContactForm()

    def known(self, name: str) -> Contact:
        """Return the contact of this id.

        Raises:
            Rejected: No contact has this id.
        """
        contact = next((each for each in self.all if each.id == name), None)
        if contact is None:
            raise Rejected("contact")
        return contact

    def fill(self, name: str, text: str) -> None:
        """Set a field of the form from typed text."""
        if self.form is None:
            raise Rejected("form")
        try:
            typed = stored_day(text, self.today(), past=True) if name == "checked" else text
            self.form = office.filled(self.form, name, typed)
        except KeyError:
            raise Rejected("field") from None

    def hand_in(self) -> bool:
        """Store the contact of the form; return False, and store nothing, if the form has errors."""
        if self.form is None:
            raise Rejected("form")
        self.form = replace(self.form, asked=True)
        if self.problems:
            return False
        new = office.contact_of(self.form, new_id())
        self.all = kept.change(self.store, lambda now: office.with_contact(now, new))
        self.form = None
        return True

    def confirm(self, name: str) -> None:
        """Store that somebody checked this contact today and it is still right."""
        self.known(name)
        self.all = kept.change(self.store, lambda now: office.confirmed(now, name, self.today()))

    def drop(self, name: str) -> None:
        """Remove a contact."""
        self.known(name)
        self.all = kept.change(self.store, lambda now: office.without_contact(now, name))
