"""Request handlers beside Voilà's own."""

from __future__ import annotations

import asyncio
import gzip
from functools import cache

from tornado import web
from voila.handler import BaseVoilaHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.handler import TornadoVoilaHandler

from advisor.serve.files import plotly_js


class WorkbookHandler(TornadoVoilaHandler):
    """A page: exactly one notebook at exactly one address. What goes wrong is told by our error.html."""

    async def get(self) -> None:
        """Start a kernel and stream the page; no path reaches Voilà, so none is redirected to a file."""
        await super().get(path=None)


class NotFoundHandler(BaseVoilaHandler):
    """Every other address: our error page instead of tornado's English one."""

    async def prepare(self) -> None:
        """Refuse before any method is looked at."""
        await super().prepare()  # knows the visitor, whom the error page's template asks for
        raise web.HTTPError(404)


class ShutdownHandler(VoilaShutdownKernelHandler):
    """End the kernel of a page that is being closed.

    The page says so by ``navigator.sendBeacon``, which cannot send the header that Voilà's XSRF check asks for, and
    so every closed page left its kernel behind (403). A beacon always carries its origin: that is checked instead.
    """

    def check_xsrf_cookie(self) -> None:
        """Let only a page of this very server through."""
        if self.request.headers.get("Origin") is None or not self.check_origin():
            raise web.HTTPError(403)


@cache
def _plotly_bytes() -> tuple[bytes, bytes]:
    """plotly.js plain and compressed: read and compressed once for the life of the server."""
    plain = plotly_js().read_bytes()
    return plain, gzip.compress(plain, 6)


class PlotlyHandler(web.RequestHandler):
    """plotly.js from the installed package, under a name with its version, kept by browsers for ever."""

    async def get(self) -> None:
        """Send the file, compressed for whoever can read that."""
        plain, compressed = await asyncio.to_thread(_plotly_bytes)  # the first time takes 0.2 s
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Vary", "Accept-Encoding")
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.write(compressed)
        else:
            self.write(plain)
