"""The links of invitations at the desk.

A link is in the memory of this page only, until the client's page is left: the store has its hash alone.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from advisor.session import advance
from advisor.session.session import Rejected
from advisor.store import invitations

if TYPE_CHECKING:
    from advisor.content.words import Language
    from advisor.session.model import Invitation
    from advisor.store import Store


@dataclass(frozen=True, slots=True)
class Made:
    """An invitation that was just made, with its link and its digits."""

    invitation: Invitation
    link: str
    digits: str = ""


class Links:
    """The link that is shown now.

    ``address``: where links begin, empty without any. ``made``: the link. ``looking``: the invitation looked at.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.made: Made | None = None
        self.looking = ""

    def make(self, store: Store, client: str, language: Language, *, guarded: bool) -> Made:
        """Make an invitation.

        Raises:
            Rejected: clients cannot reach this server.
        """
        if not self.address:
            raise Rejected("links")
        digits = f"{secrets.randbelow(10**advance.DIGITS):0{advance.DIGITS}}" if guarded else ""
        made, token = invitations.make(store, client, digits=digits, language=language)
        return Made(made, f"{self.address}?{urlencode({'k': token})}", digits)

    def leave(self, client: str | None) -> None:
        """Forget the link and the answers that were shown, unless the same client's page stays open."""
        if self.made is not None and self.made.invitation.client != client:
            self.made = None
        self.looking = ""
