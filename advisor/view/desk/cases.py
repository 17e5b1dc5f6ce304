"""The state of the case sheet at the desk: its texts while they are edited, and the words that may tell who it is.

Nothing of it is stored. A sheet lasts as long as the page of the desk, so that it can be left and gone on with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.report import case_sheet, masking
from advisor.session.session import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from advisor.content.translator import Say
    from advisor.report.case_sheet import CaseSheet, Telling
    from advisor.report.masking import Kind, Known
    from advisor.session.letterhead import Letterhead
    from advisor.session.model import Client, Listed
    from advisor.view.desk.clients import OpenedClient

LEAST_OTHER = 2  # signs of a code or a name of somebody else; a single sign would stand in every text


class Cases:
    """The case sheets that were begun on this page, by client; ``client`` is the one whose sheet is open."""

    def __init__(self) -> None:
        self.client = ""
        self.sheets: dict[str, CaseSheet] = {}
        self.known: Known = masking.known(())

    @property
    def sheet(self) -> CaseSheet | None:
        """The open sheet; None if none is open."""
        return self.sheets.get(self.client)

    def begin(self, say: Say, row: OpenedClient, others: Iterable[Client | Listed], letterhead: Letterhead) -> None:
        """Open the sheet of a client: the one that was begun, else a new draft.

        Raises:
            Rejected: The client does not allow it, or has no visit.
        """
        if not row.visits or not row.client.details.allows("supervision"):
            raise Rejected("supervision")
        self.known = masking.known(_known(row.client, others, letterhead))
        self.client = row.client.id
        self.sheets.setdefault(self.client, case_sheet.draft(say, self.client, row.visits))

    def close(self) -> None:
        """Close the open sheet."""
        self.client, self.known = "", masking.known(())

    def forget(self, client: str) -> None:
        """Forget the sheet of a client."""
        self.sheets.pop(client, None)

    def fill(self, name: str, text: str) -> None:
        """Set a part of the sheet from typed text, or the age band."""
        try:
            self.sheets[self.client] = case_sheet.filled(self._open, name, text)
        except KeyError:
            raise Rejected("part") from None

    def mask(self, say: Say, word: str) -> None:
        """Mask a word in all parts."""
        try:
            self.sheets[self.client] = case_sheet.mask(say, self._open, word, self.known)
        except KeyError:
            raise Rejected("word") from None

    def keep(self, say: Say, word: str) -> None:
        """Keep a word on purpose."""
        try:
            self.sheets[self.client] = case_sheet.keep(say, self._open, word, self.known)
        except KeyError:
            raise Rejected("word") from None

    def telling(self, say: Say) -> tuple[Telling, ...]:
        """Return the words that nobody decided about yet."""
        return case_sheet.telling(say, self.sheet, self.known) if self.sheet else ()

    @property
    def too_long(self) -> tuple[str, ...]:
        """The parts whose text is too long."""
        return tuple(part for part in case_sheet.PARTS if self.sheet and case_sheet.is_too_long(self.sheet, part))

    @property
    def _open(self) -> CaseSheet:
        if self.sheet is None:
            raise Rejected("case")
        return self.sheet


def _known(client: Client, others: Iterable[Client | Listed], letterhead: Letterhead) -> Iterator[tuple[Kind, str]]:
    """Yield the words that this office knows: of the client, of itself, and of its other clients."""
    yield from (("client", part) for part in masking.parts(client.name))
    yield "code", client.code
    yield from (("employer", part) for part in masking.firm_parts(client.details.employer))
    for name in (client.details.office, letterhead.office):
        yield from (("office", part) for part in masking.firm_parts(name))
    yield from (("adviser", part) for name in letterhead.advisers.values() for part in masking.parts(name))
    for other in others:
        if other.id == client.id:
            continue
        for word in (other.code, *masking.parts(other.name)):
            if len(masking.folded(word)) >= LEAST_OTHER:
                yield "other", word
