"""The workbook's server: a standalone Voilà that serves the notebooks listed here, to this machine only.

Voilà as an extension of jupyter_server would give whoever may see the page code execution and the file system; the
standalone server runs only what the notebook says.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import webbrowser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tornado.httpserver
import tornado.ioloop
import tornado.netutil
from jupyter_server.utils import url_path_join
from traitlets.config import Config
from voila.app import Voila

from advisor.serve.files import EXTENSIONS, JUPYTER_PATH, PAGES, notebooks_dir, plotly_name
from advisor.serve.handlers import NotFoundHandler, PlotlyHandler, ShutdownHandler, WorkbookHandler
from advisor.serve.kernels import OwnKernelManager, OwnKernelSpecManager

HOST = "127.0.0.1"
DEFAULT_PORT = 8866
# Scripts come from files of this server only. Widgets set styles, and anywidget loads modules as blobs.
SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)


class PortTakenError(OSError):
    """The port that was asked for is in use, or may not be used."""


class Workbook(Voila):
    """Voilà with our routes. No configuration file is read: what is safe here is not for a stray file to change."""

    on_ready: Callable[[str], None]
    pages: Mapping[str, Path]  # by address
    any_port: bool
    port: int

    def init_settings(self) -> dict[str, Any]:
        """Tornado's settings; ``tornado_settings`` comes too late for compression."""
        settings: dict[str, Any] = super().init_settings()
        return settings | {
            "compress_response": True,
            "allow_remote_access": False,  # answers to local host names only: no DNS rebinding
            "serve_traceback": False,
            # jupyter_server's pings cut healthy connections: it closes when no pong came within the very interval at
            # which it pings, and tornado refuses a longer one. The page's own heartbeat notices a lost kernel.
            "ws_ping_interval": 0,
            "default_handler_class": NotFoundHandler,
            "default_handler_args": {"voila_configuration": self.voila_configuration},
            "headers": {
                "Content-Security-Policy": SECURITY_POLICY,
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "same-origin",
            },
        }

    def init_handlers(self) -> list[Any]:
        """Voilà's routes, with the pages at their addresses only and our own answers first."""

        def at(path: Path) -> dict[str, str]:
            return {"notebook_path": os.path.relpath(path, self.root_dir)}

        handlers: list[Any] = super().init_handlers()
        _, _, page = handlers.pop()  # Voilà's r"/(.*)", which sends other paths on to the folder's files
        return [
            (url_path_join(self.server_url, "advisor", plotly_name().replace(".", r"\.")), PlotlyHandler),
            (url_path_join(self.server_url, r"voila/api/shutdown/(.*)"), ShutdownHandler),
            *handlers,
            *(
                (url_path_join(self.server_url, name), WorkbookHandler, page | at(path))
                for name, path in self.pages.items()
            ),
        ]

    def listen(self) -> None:
        """Listen, say where, and run until told to stop."""
        try:
            sockets = tornado.netutil.bind_sockets(self.port, HOST)
        except OSError as error:
            if not self.any_port:
                self.stop()
                raise PortTakenError(*error.args) from error
            sockets = tornado.netutil.bind_sockets(0, HOST)
        self.port = sockets[0].getsockname()[1]
        tornado.httpserver.HTTPServer(self.app).add_sockets(sockets)
        self.on_ready(self.connection_url)
        self.ioloop = tornado.ioloop.IOLoop.current()
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass  # Ctrl+C is how it is meant to end
        finally:
            self.stop()


def _worth_telling(record: logging.LogRecord) -> bool:
    """Whether a log record belongs on the terminal; trust is about outputs stored in a notebook, and ours has none."""
    return "is not trusted" not in record.getMessage()


def configuration(notebook: Path) -> Config:
    """Everything that is set beside the class."""
    config = Config()
    config.Voila.notebook_path = str(notebook)
    config.Voila.ip = HOST
    config.Voila.config_file_paths = []
    config.Voila.log_level = logging.WARNING
    config.VoilaConfiguration.template = "advisor"
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"  # ?theme= would be written into the page
    config.VoilaConfiguration.file_allowlist = []  # else every picture under the folder is open
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.extension_allowlist = list(EXTENSIONS)
    config.VoilaConfiguration.multi_kernel_manager_class = OwnKernelManager
    config.VoilaConfiguration.kernel_spec_manager_class = OwnKernelSpecManager
    config.VoilaConfiguration.resources = {"advisor": {"plotly": f"advisor/{plotly_name()}"}}
    # A restarted kernel is an empty one: sliders would move and nothing be kept. Better a dead one, which shows.
    config.KernelManager.autorestart = False
    if sys.platform == "linux":
        config.KernelManager.transport = "ipc"  # no ports, so no two kernels race for one
    # A page that went away without a word (a crash, a lid closed for the day) does not keep its kernel for ever.
    config.MappingKernelManager.cull_idle_timeout = 3600
    config.MappingKernelManager.cull_interval = 60
    return config


def open_page(url: str) -> None:
    """Open the browser if there is a screen: else Python would start a text browser in this very terminal."""
    if sys.platform == "linux" and not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))):
        return
    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def serve(
    port: int | None = None,
    *,
    open_browser: bool = True,
    on_ready: Callable[[str], None] = print,
    notebook: Path | None = None,
) -> None:
    """Serve the workbook until interrupted or terminated.

    Args:
        port: The port to listen on, 0 for any; without one, 8866 or any other if that is taken.
        open_browser: Whether to open the page.
        on_ready: Told the address as soon as the page can be asked for.
        notebook: One other notebook instead of ours (for tests).

    Raises:
        PortTakenError: The port that was asked for is not to be had.
    """
    # Voilà and its static handlers look for templates along this path, each time anew.
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(JUPYTER_PATH), os.environ.get("JUPYTER_PATH")]))

    def ready(url: str) -> None:
        on_ready(url)
        if open_browser:
            open_page(url)

    pages = {"": notebook} if notebook else {name: notebooks_dir() / file for name, file in PAGES.items()}
    app = Workbook(config=configuration(pages[""]))
    app.pages = pages
    app.any_port = port is None
    app.port = DEFAULT_PORT if port is None else port
    app.on_ready = ready
    app.initialize(argv=[])
    app.log.addFilter(_worth_telling)
    app.start()
