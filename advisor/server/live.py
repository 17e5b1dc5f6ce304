"""Clients who see a visit on a screen of their own, by a live link: their identity, their pages, their seats.

Everything of theirs lies under one path. Its handlers look at the cookie of the link and at no login; the handlers of
advisers look at no link. So neither is ever taken for the other, and neither reaches a kernel of the other.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from jupyter_server.services.kernels.handlers import _kernel_id_regex
from jupyter_server.utils import url_path_join
from tornado import web

from advisor.server.client_links import BusyError, ClientPages, LinkHandler, TooFastError, kept_in
from advisor.server.handlers import KernelHandler, KernelSocketHandler, PlaceHandler, ShutdownHandler, WorkbookHandler
from advisor.server.identity import Identity, Visitor
from advisor.store import StoreError, WrongDigits
from advisor.store.invitations import hash_of, is_open

if TYPE_CHECKING:
    from pathlib import Path

    from tornado.web import RequestHandler

LEAVES = 15.0  # seconds that a page may take to lead away after its link was closed
TABS = 4  # pages of one link at once: two devices, each with an old page that has not ended yet


class Guests(Identity):
    """Lets in clients by the cookie of their live link. Each request asks the store whether the link is open."""

    pages: ClientPages

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  (traits)
        super().__init__(**kwargs)
        self._closed: dict[str, float] = {}  # links found closed → since when, for pages that are still open

    async def get_user(self, handler: RequestHandler) -> Visitor | None:
        """Return the client of the link in the cookie; None if it does not open.

        Raises:
            web.HTTPError: 503 if the store cannot be asked now.
        """
        token, digits = kept_in(handler, "live", self.pages.options)
        try:
            found = await self.pages.opened(handler.request, "live", token, digits)
        except (TooFastError, WrongDigits):
            return None
        except (StoreError, BusyError):
            raise web.HTTPError(503) from None
        link = hash_of(token)
        return Visitor(f"client-{link}", login=link, link=link) if found else None

    def still_in(self, seat: Visitor) -> bool:
        """Return whether a page may stay; True while the database cannot be asked. Blocking.

        A page whose link has closed says so by itself, and leads away. Only one that does not is ended.
        """
        try:
            if is_open(self.pages.store, seat.link):
                return True
        except StoreError:
            return True
        at = time.monotonic()
        self._closed = {link: since for link, since in self._closed.items() if at - since < 2 * LEAVES}
        return at - self._closed.setdefault(seat.link, at) < LEAVES


class OfGuest:
    """A base of the handlers for clients with a live link, before one of ours: who comes, and which seats count."""

    settings: dict[str, Any]
    base_url: str

    @property
    def identity_provider(self) -> Guests:
        """Who lets visitors in here; it has seats of its own."""
        guests: Guests = self.settings["guests"]
        return guests

    def get_login_url(self) -> str:
        """Return the door: whoever has no open link is led there, and it says so."""
        return f"{url_path_join(self.base_url, 'live')}?"  # with a question mark, nothing is added to it


class DoorHandler(LinkHandler):
    """Takes a live link, asks for its digits, and leads to the screen; says when the link is closed."""

    purpose = "live"
    closed = ("client_over", "client_over_text", "client_over_call")

    async def get(self) -> None:
        """Lead on, or say why not."""
        if not await self._take_link() and await self._mine() is not None:
            self.redirect(f"{self._path()}/", status=303)

    async def post(self) -> None:
        """Take the digits."""
        if self._typed("deed") != "digits":
            raise web.HTTPError(400)
        await self._take_digits()


class ScreenHandler(OfGuest, WorkbookHandler):
    """Sends the client's screen."""

    @property
    def kernels_url(self) -> str:
        """Where the page finds its kernel: below its own path, to which the cookie of the link goes."""
        return str(self.request.path)


class GuestPlaceHandler(OfGuest, PlaceHandler):
    """Tells a waiting client their place in line."""


class GuestKernelHandler(OfGuest, KernelHandler):
    """Tells a client's page whether its kernel lives."""


class GuestSocketHandler(OfGuest, KernelSocketHandler):
    """The websocket between a client's page and its kernel."""


class GuestShutdownHandler(OfGuest, ShutdownHandler):
    """Ends the kernel of a client's page that is being closed."""


def routes(pages: ClientPages, notebook: Path, configured: dict[str, Any], page: dict[str, Any]) -> list[Any]:
    """Return every address that a client with a live link may ask."""
    return [
        ("live", DoorHandler, {"pages": pages}),
        ("live/", ScreenHandler, page | {"notebook": notebook}),
        ("live/place", GuestPlaceHandler, configured),
        (rf"live/api/kernels/{_kernel_id_regex}", GuestKernelHandler),
        (rf"live/api/kernels/{_kernel_id_regex}/channels", GuestSocketHandler),
        (rf"live/voila/api/shutdown/{_kernel_id_regex}", GuestShutdownHandler),
    ]
