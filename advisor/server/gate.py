"""What every request passes, whatever its handler: the pinned Host on the way in, security headers on the way out."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

import tornado.web

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tornado.httputil import HTTPHeaders, HTTPServerRequest

log = logging.getLogger(__name__)
HEALTH = "healthz"  # asked for by machines that know the server by its bare address
# Scripts come from files of this server only. Widgets set styles at run time, which only 'unsafe-inline' allows.
SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
AWAY, RETRY_SECONDS = 503, 5  # HTTP's own number; when a page that could not be had asks again by itself
REFUSED = frozenset({400, 401, 403, 405, 413, 429})
# For two years, once a browser has come by https.
TRANSPORT = {"Strict-Transport-Security": "max-age=63072000"}


class Misdirected(tornado.web.RequestHandler):
    """The answer to a Host that is not ours: DNS rebinding, or a proxy that passes on anything."""

    def prepare(self) -> None:
        """Refuse before any method is looked at, in as few words as possible."""
        log.warning("refused: a request for another host")
        self.set_status(403)
        self.finish("403\n")


class Application(tornado.web.Application):
    """An application that knows its names. ``hosts`` is filled in once the port is known."""

    hosts: frozenset[str] = frozenset()
    health = f"/{HEALTH}"

    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> Any:  # noqa: ANN401  (as tornado has it)
        """Return what answers a request: nothing of ours where the Host is not one of ours."""
        if request.host.lower() not in self.hosts and request.path != self.health:
            return self.get_handler_delegate(request, Misdirected)
        return super().find_handler(request, **kwargs)


class Discreet:
    """For handlers that keep things to themselves.

    What goes wrong is logged by its kind: tracebacks and requests may hold what a client said. Pages of other hosts are
    not told what they may ask.
    """

    request: HTTPServerRequest
    # Else jupyter_server asks for an argument while it sends an error, and for one that cannot be read, for ever.
    _track_activity = False

    def options(self, *_: object, **__: object) -> None:
        """Refuse; jupyter_server would allow other hosts everything but the answer."""
        raise tornado.web.HTTPError(405)

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401  (tornado's)
        """Tell what went wrong on a page of ours, also where it could not be found out who asks: the store is away."""
        handler = cast("Any", self)
        if not hasattr(handler, "_jupyter_current_user"):  # the template asks, and would fail as the page did
            handler.current_user = handler._jupyter_current_user = None  # noqa: SLF001  (jupyter_server looks at both)
        if status_code == AWAY:
            handler.set_header("Retry-After", str(RETRY_SECONDS))
        handler.set_header("Cache-Control", "no-store")
        super().write_error(status_code, **kwargs)  # type: ignore[misc]  # of the handler beside it

    def log_exception(self, kind: type[BaseException] | None, value: BaseException | None, _: object) -> None:
        """Log an error that is no answer."""
        if kind is not None and not isinstance(value, tornado.web.HTTPError):
            log.error("%s in %s", kind.__name__, type(self).__name__)


def note_failure(handler: tornado.web.RequestHandler) -> None:
    """Log an answer that went wrong or was refused by what made it: addresses may name an adviser, and hold ids."""
    status = handler.get_status()
    method = handler.request.method if handler.request.method in handler.SUPPORTED_METHODS else "?"
    if status in REFUSED:
        log.warning("refused: %d by %s to %s", status, type(handler).__name__, method)
    elif status >= 500 and status != AWAY:  # noqa: PLR2004  (HTTP's own; 503 tells to wait)
        log.error("%d by %s to %s", status, type(handler).__name__, method)


def secured(headers: Mapping[str, str]) -> type[tornado.web.OutputTransform]:
    """Return a transform that puts ``headers`` on every answer, also on errors and on files."""

    class Secured(tornado.web.OutputTransform):
        def transform_first_chunk(
            self,
            status_code: int,
            headers_of_answer: HTTPHeaders,
            chunk: bytes,
            finishing: bool,  # noqa: ARG002  (its shape)
        ) -> tuple[int, HTTPHeaders, bytes]:
            for name, value in headers.items():
                headers_of_answer[name] = value
            headers_of_answer.pop("Server", None)
            return status_code, headers_of_answer, chunk

    return Secured
