"""Checks that every request passes, whatever the handler: its Host, and the security headers of the answer."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

import tornado.web

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tornado.httputil import HTTPHeaders, HTTPServerRequest

log = logging.getLogger(__name__)
HEALTH = "healthz"  # probes may use any Host here: they know the server only by its address
# Scripts come only from files of this server. Widgets set styles at run time; only 'unsafe-inline' allows that.
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
AWAY, RETRY_SECONDS = 503, 5  # the status of a server that cannot answer now; the page then asks again by itself
REFUSED = frozenset({400, 401, 403, 405, 413, 429})
# For two years from a visit by https on, the browser uses https only.
TRANSPORT = {"Strict-Transport-Security": "max-age=63072000"}


class Misdirected(tornado.web.RequestHandler):
    """The answer to a wrong Host. It comes by DNS rebinding, or through a proxy that passes on every Host."""

    def prepare(self) -> None:
        """Refuse before any method runs; the answer is only the status."""
        log.warning("refused: a request for another host")
        self.set_status(403)
        self.finish("403\n")


class Application(tornado.web.Application):
    """A tornado application that answers only to its own ``hosts``. They are set once the port is known."""

    hosts: frozenset[str] = frozenset()
    health = f"/{HEALTH}"

    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> Any:  # noqa: ANN401  (as tornado has it)
        """Return the handler of a request; for a wrong Host, the one that refuses."""
        if request.host.lower() not in self.hosts and request.path != self.health:
            return self.get_handler_delegate(request, Misdirected)
        return super().find_handler(request, **kwargs)


class Discreet:
    """A base of our handlers that gives nothing away.

    It logs only the kind of an error: tracebacks and requests may hold what a client said. It does not tell pages of
    other hosts what they may ask.
    """

    request: HTTPServerRequest
    # With tracking on, jupyter_server reads an argument while it sends an error. An unreadable argument then raises a
    # new error, without end.
    _track_activity = False

    def options(self, *_: object, **__: object) -> None:
        """Refuse. jupyter_server would allow pages of other hosts to send any request."""
        raise tornado.web.HTTPError(405)

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401  (tornado's)
        """Send our own error page, also if the visitor is not known because the store cannot be read."""
        handler = cast("Any", self)
        if not hasattr(handler, "_jupyter_current_user"):  # the template reads it, and would fail without it
            handler.current_user = handler._jupyter_current_user = None  # noqa: SLF001  (jupyter_server looks at both)
        if status_code == AWAY:
            handler.set_header("Retry-After", str(RETRY_SECONDS))
        handler.set_header("Cache-Control", "no-store")
        super().write_error(status_code, **kwargs)  # type: ignore[misc]  # the other base class of a handler has it

    def log_exception(self, kind: type[BaseException] | None, value: BaseException | None, _: object) -> None:
        """Log the kind of an unexpected error. An ``HTTPError`` is an answer and is not logged here."""
        if kind is not None and not isinstance(value, tornado.web.HTTPError):
            log.error("%s in %s", kind.__name__, type(self).__name__)


def note_failure(handler: tornado.web.RequestHandler) -> None:
    """Log a failed or refused answer with its handler, but without its address: that may hold a name or ids."""
    status = handler.get_status()
    method = handler.request.method if handler.request.method in handler.SUPPORTED_METHODS else "?"
    if status in REFUSED:
        log.warning("refused: %d by %s to %s", status, type(handler).__name__, method)
    elif status >= 500 and status != AWAY:  # noqa: PLR2004  (HTTP's own; 503 tells to wait)
        log.error("%d by %s to %s", status, type(handler).__name__, method)


def secured(headers: Mapping[str, str]) -> type[tornado.web.OutputTransform]:
    """Return a tornado transform that puts ``headers`` on every answer, also on errors and on files."""

    class Secured(tornado.web.OutputTransform):
        def transform_first_chunk(
            self,
            status_code: int,
            headers_of_answer: HTTPHeaders,
            chunk: bytes,
            finishing: bool,  # noqa: ARG002  (tornado's signature)
        ) -> tuple[int, HTTPHeaders, bytes]:
            for name, value in headers.items():
                headers_of_answer[name] = value
            headers_of_answer.pop("Server", None)
            return status_code, headers_of_answer, chunk

    return Secured
