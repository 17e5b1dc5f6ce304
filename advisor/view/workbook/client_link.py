"""The client's own screen as the adviser moves it: its link, whether it is open, hold, point, let go on."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from advisor.report import qr
from advisor.session import client_screen
from advisor.session.advance import DIGITS
from advisor.session.model import now
from advisor.session.session import Rejected
from advisor.store import StoreError, invitations

if TYPE_CHECKING:
    from advisor.content.translator import Say
    from advisor.session.model import Invitation
    from advisor.session.session import Session
    from advisor.store.autosave import Autosave

AWAY = timedelta(seconds=45)  # without a sign of the client's page for so long, it counts as closed


class ClientLink:
    """The link to the client's screen of one visit. It is in the memory of this page only: the store has its hash.

    ``address``: where such links begin; empty if a client's device cannot reach this server. ``window``: the address of
    the same screen for another window of this computer. ``open``: the stored link that works now.
    """

    def __init__(self, address: str, window: str) -> None:
        self.address, self.window = address, window
        self.made = self.digits = ""
        self.open: Invitation | None = None
        self.failed = ""  # the word of the sentence that says what could not be done
        self._said = ""  # the status as it was shown last

    def make(self, autosave: Autosave, *, guarded: bool) -> None:
        """Make a link to the visit, and give the client a screen; what fails is told beside the button."""
        if not self.address or autosave.session.client is None or autosave.session.state != "live":
            return
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}" if guarded else ""
        try:
            autosave.require_stored()
            made, token = invitations.make_live(autosave.store, autosave.visit, digits=digits)
        except (StoreError, Rejected):
            self.failed = "screen_failed"
            return
        self.failed, self.open, self.digits = "", made, digits
        self.made = f"{self.address}?{urlencode({'k': token})}"
        autosave.session.open_client_screen()

    def end(self, autosave: Autosave, visit: str) -> None:
        """End the links to a visit; without the store they end by themselves."""
        self.made, self.digits, self.open, self.failed = "", "", None, ""
        try:
            invitations.end_live(autosave.store, visit)
        except StoreError:
            self.failed = "screen_close_failed"

    def look(self, autosave: Autosave) -> bool:
        """Look whether the client's page is there; return whether there is something new to say."""
        before = self.open.id if self.open else ""
        if autosave.base is None:
            return False
        try:
            self.open = invitations.live_of(autosave.store, autosave.visit)
        except StoreError:
            return False
        if self.open is None or self.open.id != before:
            self.made = self.digits = ""  # another page has ended it, or made another one
        return self._status() != self._said

    def context(self, session: Session, say: Say) -> dict[str, Any]:
        """Return the values of the panel with which the adviser moves the client's screen."""
        own, self._said = session.record.client_screen, self._status()
        width, dark = qr.shape(self.made) if self.made else (0, "")
        return {
            "live": session.state == "live" and session.started is not None,
            "registered": session.client is not None,
            "reached": bool(self.address),
            "window": self.window,
            "mode": own.mode,
            "points": own.points,
            "status": say(self._said) if own.mode else "",
            "place": say("screen_at", screen=say(f"step_{client_screen.shown(session.record)}"))
            if own.mode in ("held", "alone") else "",
            "link": self.made,
            "is_open": self.open is not None,
            "waits": self.open is not None and self.open.opened is None,
            "digits": self.digits,
            "hours": invitations.LIVE_HOURS,
            "qr": {"width": width, "dark": dark},
            "failed": self.failed,
        }  # fmt: skip

    def _status(self) -> str:
        """Return the word of the sentence that says how the client's page stands."""
        if self.open is None:
            return "screen_open"
        if self.open.opened is None:
            return "screen_waiting"
        return "screen_connected" if now() - self.open.opened < AWAY else "screen_away"
