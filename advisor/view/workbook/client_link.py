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
        self.failed = False

    def make(self, autosave: Autosave, *, guarded: bool) -> None:
        """Make a link to the visit, and give the client a screen; what fails is told beside the button."""
        if not self.address or autosave.session.client is None or autosave.session.state != "live":
            return
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}" if guarded else ""
        try:
            autosave.require_stored()
            made, token = invitations.make_live(
                autosave.store, autosave.visit, digits=digits, language=autosave.session.language
            )
        except StoreError:
            self.failed = True
            return
        self.failed, self.open, self.digits = False, made, digits
        self.made = f"{self.address}?{urlencode({'k': token})}"
        autosave.session.open_client_screen()

    def end(self, autosave: Autosave, visit: str) -> None:
        """End the links to a visit; without the store they end by themselves."""
        self.made, self.digits, self.open = "", "", None
        try:
            invitations.end_live(autosave.store, visit)
        except StoreError:
            self.failed = True

    def look(self, autosave: Autosave) -> bool:
        """Look whether the client's page is there; return whether that is new."""
        before = self.open
        if autosave.base is None or not autosave.session.record.client_screen.mode:
            return False
        try:
            self.open = invitations.live_of(autosave.store, autosave.visit)
        except StoreError:
            return False
        if self.open is None:
            self.made = ""  # another page has ended it
        return self.open != before

    def context(self, session: Session, say: Say) -> dict[str, Any]:
        """Return the values of the panel with which the adviser moves the client's screen."""
        own = session.record.client_screen
        width, dark = qr.shape(self.made) if self.made else (0, "")
        return {
            "live": session.state == "live" and session.started is not None,
            "registered": session.client is not None,
            "reached": bool(self.address),
            "window": self.window,
            "mode": own.mode,
            "points": own.points,
            "status": self._status(say) if own.mode else "",
            "place": say("screen_at", screen=say(f"step_{client_screen.shown(session.record)}"))
            if own.mode in ("held", "alone") else "",
            "link": self.made,
            "waits": self.open is not None and self.open.opened is None,
            "digits": self.digits,
            "hours": invitations.LIVE_HOURS,
            "qr": {"width": width, "dark": dark},
            "failed": self.failed,
        }  # fmt: skip

    def _status(self, say: Say) -> str:
        if self.open is None:
            return say("screen_open")
        if self.open.opened is None:
            return say("screen_waiting")
        return say("screen_connected" if now() - self.open.opened < AWAY else "screen_away")
