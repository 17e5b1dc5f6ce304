"""Request handlers: the pages, their kernels, and every other address."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any, cast

from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import APIHandler
from tornado import web
from tornado.web import RequestHandler
from voila.handler import BaseVoilaHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from advisor.server.health import GOOD
from advisor.server.rendering import PageHandler
from advisor.server.request_checks import Discreet

if TYPE_CHECKING:
    from advisor.server.identity import Visitor
    from advisor.server.seats import Seats
    from advisor.server.websocket import KernelLine

KEEP_ALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4}  # seconds, seconds, tries
WAIT_SECONDS = 3  # until a waiting page asks again; without scripts, until it loads again


class WorkbookHandler(Discreet, PageHandler):
    """Sends a page: exactly one notebook at exactly one address. Errors are shown by our error.html."""

    visitor: Visitor | None = None  # set once the visitor is known; the connection may close before

    @web.authenticated
    async def get(self) -> None:
        """Start a kernel and stream the page, or show the visitor's place in line."""
        seats: Seats = self.identity_provider.seats
        self.visitor = self.current_user
        place = await seats.ask(self.current_user, self.get_query_argument("place", ""))
        if place is None or place.number:
            self._wait(place.number if place else 0, place.ticket if place else "")
            return
        with seats.coming(self.current_user):
            await self.show()

    def on_connection_close(self) -> None:
        """Give back the seat that was held for this page: nobody waits for it any more."""
        if self.visitor is not None:
            self.identity_provider.seats.left(self.visitor)
        super().on_connection_close()

    def _wait(self, number: int, ticket: str) -> None:
        self.set_status(503)
        self.set_header("Retry-After", str(WAIT_SECONDS))
        self.set_header("Cache-Control", "no-store")
        words = {"number": number, "ticket": ticket, "seconds": WAIT_SECONDS, "tabs": self.identity_provider.seats.tabs}
        self.finish(self.render_template("waiting.html" if number else "tabs.html", **words))


class PlaceHandler(Discreet, BaseVoilaHandler):
    """Tells a waiting page its place in line."""

    @web.authenticated
    async def get(self) -> None:
        """Answer ``{"number": n}``; 0 means that the page may come in."""
        seats: Seats = self.identity_provider.seats
        self.set_header("Cache-Control", "no-store")
        self.finish({"number": await seats.look_at(self.get_query_argument("ticket", ""), self.current_user)})


class KernelSocketHandler(Discreet, VoilaKernelWebsocketHandler):
    """The websocket between a page and its kernel. Only the kernel's owner may open it, and only from our own pages."""

    connection: KernelLine | None = None
    gone = False  # the websocket has been closed, maybe before it was open

    def check_origin(self, origin: str | None = None) -> bool:
        """Return whether the request comes from one of our own pages."""
        return (origin or self.get_origin()) in self.settings["origins"]

    async def pre_get(self) -> None:
        """Refuse a request without an Origin, too. tornado would let it pass, but browsers always send one."""
        if not self.check_origin():
            raise web.HTTPError(403)
        if self.gone:  # the websocket closed while the visitor was looked up
            raise web.Finish
        await super().pre_get()

    def write_error(self, status_code: int, **_: Any) -> None:  # noqa: ANN401  (tornado's)
        """Send only the status: a browser shows no page for a websocket."""
        self.finish(f"{status_code}\n")

    async def open(self, kernel_id: str) -> None:
        """Open the line. Small messages leave at once: Nagle's algorithm would hold back every second answer."""
        try:
            await super().open(kernel_id)
        except Exception:
            self.on_close()  # tornado does not call it for a line that could not be opened
            raise
        if self.stands():  # the page may have closed while its kernel was asked
            self.identity_provider.seats.came(kernel_id)
            self.set_nodelay(True)
            keep_alive(self.ws_connection.stream.socket)

    def stands(self) -> bool:
        """Return whether messages can be sent to the page."""
        line = self.ws_connection
        return line is not None and not line.is_closing() and not line.stream.closed()

    def write_message(self, message: Any, binary: bool = False) -> Any:  # noqa: ANN401  (Voilà's)
        """Send a message to the page. If the page closes before it gets the message, that is no error."""
        if not self.stands():
            return None
        sending = super().write_message(message, binary)
        if sending is not None:
            sending.add_done_callback(lambda done: done.cancelled() or done.exception())
        return sending

    def on_close(self) -> None:
        """Release what the line uses. A line that was cut in its handshake uses nothing."""
        self.gone = True
        if self.connection is not None:
            super().on_close()


def keep_alive(line: socket.socket) -> None:
    """Let the system notice within two minutes that the other end has gone without closing, as after a power cut."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEP_ALIVE.items():
        if hasattr(socket, name):  # systems without these options use their own, longer times
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


class KernelHandler(Discreet, APIHandler):
    """Tells a visitor whether their kernel still lives. A page whose line broke asks this before it connects again."""

    @web.authenticated
    async def get(self, kernel_id: str) -> None:
        """Answer that the kernel lives. Answer 404 if it does not, or if it belongs to another visitor."""
        is_own = self.authorizer.is_authorized(self, self.current_user, "read", "kernels")
        if not is_own or kernel_id not in self.kernel_manager:
            raise web.HTTPError(404)
        kernels: Any = self.kernel_manager
        if not kernels.can_be_reached(kernel_id):  # no answer is lost: all are stored, and the page loads again
            await ensure_async(kernels.shutdown_kernel(kernel_id, now=True))
            raise web.HTTPError(404)
        cast("Any", self.identity_provider).seats.note(kernel_id)
        self.set_header("Cache-Control", "no-store")
        self.finish({"id": kernel_id, "name": "python3"})


class ShutdownHandler(Discreet, VoilaShutdownKernelHandler):
    """Ends the kernel of a page that is being closed.

    The page asks by ``navigator.sendBeacon``. A beacon cannot send the header for Voilà's XSRF check, so with that
    check every closed page left its kernel behind (403). A beacon always sends its Origin: that is checked instead.
    """

    def check_xsrf_cookie(self) -> None:
        """Refuse a request that does not come from a page of this server."""
        if self.request.headers.get("Origin") not in self.settings["origins"]:
            raise web.HTTPError(403)

    @web.authenticated
    async def post(self, kernel_id: str) -> None:
        """End the visitor's kernel after it has handled the last messages of its page."""
        if not self.authorizer.is_authorized(self, self.current_user, "write", "kernels"):
            raise web.HTTPError(403)
        await self.identity_provider.seats.say_goodbye(kernel_id)
        self.set_status(204)
        self.finish()


class NotFoundHandler(Discreet, BaseVoilaHandler):
    """Answers every other address with our error page instead of tornado's English one."""

    async def prepare(self) -> None:
        """Refuse before any method runs."""
        self.current_user = self._jupyter_current_user = None  # the error page's template reads the visitor
        raise web.HTTPError(404)


class HealthHandler(Discreet, RequestHandler):
    """Tells whether a visitor would get a page. Anybody may ask, so the answer is one word without any figure."""

    async def get(self) -> None:
        """Answer ``ok``, or ``full`` while no seat is free; else 503 with the word for the missing part."""
        word = await self.settings["health"].word()
        if word not in GOOD:
            self.set_status(503)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(f"{word}\n")
