"""Request handlers: the pages, their kernels, and every other address."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import APIHandler
from tornado import web
from tornado.web import RequestHandler
from voila.handler import BaseVoilaHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from advisor.server.gate import Discreet
from advisor.server.health import GOOD
from advisor.server.rendering import PageHandler

if TYPE_CHECKING:
    from advisor.server.identity import Visitor
    from advisor.server.seats import Seats
    from advisor.server.websocket import KernelLine

KEEP_ALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4}  # seconds, seconds, tries
WAIT_SECONDS = 3  # a waiting page asks again; without scripts it loads itself anew


class WorkbookHandler(Discreet, PageHandler):
    """A page: exactly one notebook at exactly one address. What goes wrong is told by our error.html."""

    visitor: Visitor | None = None  # once it is known who comes; a line may be cut before

    @web.authenticated
    async def get(self) -> None:
        """Start a kernel and stream the page, or show the place in line."""
        seats: Seats = self.settings["seats"]
        self.visitor = self.current_user
        place = await seats.ask(self.current_user, self.get_query_argument("place", ""))
        if place is None or place.number:
            self._wait(place.number if place else 0, place.ticket if place else "")
            return
        with seats.coming(self.current_user):
            await self.show()

    def on_connection_close(self) -> None:
        """Hold no seat for a page that nobody waits for any more."""
        if self.visitor is not None:
            self.settings["seats"].left(self.visitor)
        super().on_connection_close()

    def _wait(self, number: int, ticket: str) -> None:
        self.set_status(503)
        self.set_header("Retry-After", str(WAIT_SECONDS))
        self.set_header("Cache-Control", "no-store")
        words = {"number": number, "ticket": ticket, "seconds": WAIT_SECONDS, "tabs": self.settings["seats"].tabs}
        self.finish(self.render_template("waiting.html" if number else "tabs.html", **words))


class PlaceHandler(Discreet, BaseVoilaHandler):
    """Where a waiting page stands in line."""

    @web.authenticated
    async def get(self) -> None:
        """Answer ``{"number": n}``: 0 when its turn has come."""
        seats: Seats = self.settings["seats"]
        self.set_header("Cache-Control", "no-store")
        self.finish({"number": await seats.look_at(self.get_query_argument("ticket", ""), self.current_user)})


class KernelSocketHandler(Discreet, VoilaKernelWebsocketHandler):
    """The line between a page and its kernel, for the owner of the kernel and from our own pages only."""

    connection: KernelLine | None = None
    gone = False  # whether the websocket has been closed, perhaps before it stood

    def check_origin(self, origin: str | None = None) -> bool:
        """Return whether one of our own pages asks."""
        return (origin or self.get_origin()) in self.settings["origins"]

    async def pre_get(self) -> None:
        """Refuse who does not say from which page they come: tornado would let them pass, and browsers always do."""
        if not self.check_origin():
            raise web.HTTPError(403)
        if self.gone:  # while it was asked who comes
            raise web.Finish
        await super().pre_get()

    def write_error(self, status_code: int, **_: Any) -> None:  # noqa: ANN401  (tornado's)
        """Refuse without a page: a browser shows nobody what it says."""
        self.finish(f"{status_code}\n")

    async def open(self, kernel_id: str) -> None:
        """Open the line; small messages leave at once, else Nagle's algorithm holds back every second answer."""
        try:
            await super().open(kernel_id)
        except Exception:
            self.on_close()  # tornado says no more of a line that could not be opened
            raise
        if self.stands():  # the page may have gone while its kernel was asked
            self.settings["seats"].came(kernel_id)
            self.set_nodelay(True)
            keep_alive(self.ws_connection.stream.socket)

    def stands(self) -> bool:
        """Return whether anything can be said to the page."""
        line = self.ws_connection
        return line is not None and not line.is_closing() and not line.stream.closed()

    def write_message(self, message: Any, binary: bool = False) -> Any:  # noqa: ANN401  (Voilà's)
        """Say something to the page; that it went away before it heard is no error."""
        if not self.stands():
            return None
        said = super().write_message(message, binary)
        if said is not None:
            said.add_done_callback(lambda done: done.cancelled() or done.exception())
        return said

    def on_close(self) -> None:
        """Give back what the line took; one that was cut in its handshake took nothing."""
        self.gone = True
        if self.connection is not None:
            super().on_close()


def keep_alive(line: socket.socket) -> None:
    """Let the system notice, within two minutes, that the other end has gone without a word: a page that is off."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEP_ALIVE.items():
        if hasattr(socket, name):  # not on every system; elsewhere its own, longer times hold
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


class KernelHandler(Discreet, APIHandler):
    """Whether a kernel of one's own still lives: a page whose line broke asks before it connects anew."""

    @web.authenticated
    async def get(self, kernel_id: str) -> None:
        """Say that it lives; else, also where it is somebody else's, 404."""
        is_own = self.authorizer.is_authorized(self, self.current_user, "read", "kernels")
        if not is_own or kernel_id not in self.kernel_manager:
            raise web.HTTPError(404)
        kernels: Any = self.kernel_manager
        if not kernels.can_be_reached(kernel_id):  # every answer is stored: the page begins anew
            await ensure_async(kernels.shutdown_kernel(kernel_id, now=True))
            raise web.HTTPError(404)
        self.settings["seats"].note(kernel_id)
        self.set_header("Cache-Control", "no-store")
        self.finish({"id": kernel_id, "name": "python3"})


class ShutdownHandler(Discreet, VoilaShutdownKernelHandler):
    """End the kernel of a page that is being closed.

    The page says so by ``navigator.sendBeacon``, which cannot send the header that Voilà's XSRF check asks for, and
    so every closed page left its kernel behind (403). A beacon always carries its origin: that is checked instead.
    """

    def check_xsrf_cookie(self) -> None:
        """Let only a page of this very server through."""
        if self.request.headers.get("Origin") not in self.settings["origins"]:
            raise web.HTTPError(403)

    @web.authenticated
    async def post(self, kernel_id: str) -> None:
        """End a kernel of one's own, once it has heard what its page sent."""
        if not self.authorizer.is_authorized(self, self.current_user, "write", "kernels"):
            raise web.HTTPError(403)
        await self.settings["seats"].say_goodbye(kernel_id)
        self.set_status(204)
        self.finish()


class NotFoundHandler(Discreet, BaseVoilaHandler):
    """Every other address: our error page instead of tornado's English one."""

    async def prepare(self) -> None:
        """Refuse before any method is looked at."""
        self.current_user = self._jupyter_current_user = None  # the template of the error page asks for the visitor
        raise web.HTTPError(404)


class HealthHandler(Discreet, RequestHandler):
    """Whether a visitor would get a page; for machines and strangers, so it says one word and counts nothing."""

    async def get(self) -> None:
        """Answer ``ok``, or ``full`` while no seat is free; else 503 with the word for what is missing."""
        word = await self.settings["health"].word()
        if word not in GOOD:
            self.set_status(503)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(f"{word}\n")
