"""The server: a standalone Voilà that serves our notebooks to the visitors that its options let in.

As an extension of jupyter_server, Voilà would give every visitor code execution and the file system. The standalone
server runs only the cells of the notebooks.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tornado.ioloop
import tornado.netutil
from jupyter_core.utils import run_sync
from jupyter_server.services.kernels.handlers import _kernel_id_regex
from jupyter_server.utils import url_path_join
from traitlets.config import Config
from voila.app import Voila
from voila.static_file_handler import TemplateStaticFileHandler

from advisor.content import disk, journal
from advisor.server import assets, browser, handles, live, login, runtime
from advisor.server.client_links import ClientPages
from advisor.server.client_pages import AdvanceHandler
from advisor.server.handlers import (
    HealthHandler,
    KernelHandler,
    KernelSocketHandler,
    NotFoundHandler,
    PlaceHandler,
    ShutdownHandler,
    WorkbookHandler,
)
from advisor.server.health import Health
from advisor.server.identity import Alone, Identity, Proxy, Team
from advisor.server.kernels import OwnKernelManager, OwnKernelSpecManager
from advisor.server.options import DEFAULT_PORT, Options
from advisor.server.paths import CLIENT_PAGE, JUPYTER_PATH, PAGES, notebooks_dir
from advisor.server.request_checks import HEADERS, HEALTH, TRANSPORT, Application, note_failure, secured
from advisor.server.seats import END_UNUSED_SECONDS, REMOVE_DEAD_SECONDS, OwnersOnly, Seats
from advisor.server.sockets import Door
from advisor.server.websocket import KernelLine
from advisor.store.engine import data_folder

if TYPE_CHECKING:
    from socket import socket

    from advisor.store import Store

log = logging.getLogger(__name__)
COOKIE_FILE, COOKIE_BYTES = "cookie-secret", 64
CLIENT_LOGINS = {"team", "proxy"}  # the servers that have pages for clients
MOST_BODY = 1 << 20  # bytes of a request; people's input comes through the websocket


class PortTakenError(OSError):
    """The chosen port is in use, or may not be used."""


class Workbook(Voila):
    """Voilà with our routes only. It reads no configuration file: a stray file could undo our safe settings."""

    on_ready: Callable[[str], None] = print
    on_another: Callable[[str], None] = print
    pages: Mapping[str, Path]  # by address
    options: Options
    store: Store
    built: Mapping[str, str]  # names of the front end's files
    addresses: Mapping[str, str]  # and their paths on this server
    port: int
    runtime: disk.Folder
    opens = False  # whether to open the browser

    def init_settings(self) -> dict[str, Any]:
        """Return tornado's settings. The trait ``tornado_settings`` would come too late for compression."""
        settings: dict[str, Any] = super().init_settings()
        identity = self.identity_provider
        identity.options, identity.store, identity.announce = self.options, self.store, self._announce
        identity.seats = self.seats = Seats(self.kernel_manager, identity, self.options.sessions, self.options.tabs)
        guests = self._guests = live.Guests(parent=self)
        guests.options = self.options
        guests.seats = Seats(self.kernel_manager, guests, self.options.sessions, live.TABS)
        return settings | {
            "compress_response": True,
            "allow_remote_access": True,  # request_checks checks the Host of every request
            "allow_unauthenticated_access": False,
            "serve_traceback": False,
            # jupyter_server's pings cut healthy connections: it waits for a pong only as long as one ping interval, and
            # tornado allows no longer wait. The page's own heartbeat notices a lost kernel.
            "ws_ping_interval": 0,
            "default_handler_class": NotFoundHandler,
            "default_handler_args": {"voila_configuration": self.voila_configuration},
            "xsrf_cookie_kwargs": identity.cookie_settings(),
            "log_function": note_failure,
            "guests": guests,
            "health": Health(self.store, self.kernel_manager, self.seats),
        }

    def init_handlers(self) -> list[Any]:
        """Return all routes. Voilà's own are left out: they also serve files, themes and a list of kernels."""
        configured = {"voila_configuration": self.voila_configuration}
        page = configured | {"assets": self.addresses}
        routes: list[Any] = [
            (HEALTH, HealthHandler),
            ("place", PlaceHandler, configured),
            (rf"api/kernels/{_kernel_id_regex}", KernelHandler),
            (rf"api/kernels/{_kernel_id_regex}/channels", KernelSocketHandler),
            (rf"voila/api/shutdown/{_kernel_id_regex}", ShutdownHandler),
            (r"voila/templates/(advisor/static/.+)", TemplateStaticFileHandler),
            (rf"{assets.ROUTE}([\w.-]+)", assets.AssetHandler, {"files": assets.loaded(self.built)}),
            *self.identity_provider.get_handlers(),
            *((path, handler, configured) for path, handler in login.routes(self.identity_provider)),
            *self._client_routes(configured, page),
            *((name, WorkbookHandler, page | {"notebook": path}) for name, path in self.pages.items()),
        ]
        return [(self.server_url + path.lstrip("/"), *rest) for path, *rest in routes]

    @property
    def links(self) -> str:
        """Where clients' links begin; empty if a client's phone cannot reach this server."""
        can_be_reached = bool(self.options.origin) and self.options.login in CLIENT_LOGINS
        return f"{self.options.origin}{self.base_url}" if can_be_reached else ""

    def _client_routes(self, configured: dict[str, Any], page: dict[str, Any]) -> list[Any]:
        """Return the pages of clients; only a team's server has them, because nobody else's is reached from outside."""
        if self.options.login not in CLIENT_LOGINS:
            return []
        pages = ClientPages(self.store, self.options, self.base_url, self.voila_configuration.template)
        self._guests.pages = pages
        before: list[Any] = [(AdvanceHandler.purpose, AdvanceHandler, {"pages": pages})]
        return [*before, *live.routes(pages, notebooks_dir() / CLIENT_PAGE, configured, page)]

    def start(self) -> None:
        """Serve until told to stop: like Voilà, with our own checks of every request."""
        self.runtime = runtime.made()
        self.connection_dir = str(self.runtime.path)
        settings = self.init_settings()
        headers = HEADERS | self.identity_provider.headers | (TRANSPORT if self.options.is_secure else {})
        self.app = Application(**settings)
        self.app.health = url_path_join(self.server_url, HEALTH)
        self.app.add_transform(secured(headers))
        self.app.add_handlers(".*$", self.init_handlers())
        self.listen()

    def listen(self) -> None:
        """Listen, announce the address, and run until told to stop.

        Raises:
            PortTakenError: The chosen port is in use, or may not be used.
        """
        try:
            sockets = self._bound()
        except OSError as error:
            self.stop()
            raise PortTakenError(*error.args) from error
        self.port = sockets[0].getsockname()[1]
        self.app.hosts = self.options.hosts(self.port)
        self.app.settings |= {"port": self.port, "origins": self.options.origins(self.port)}
        limits = {"max_body_size": MOST_BODY, "idle_connection_timeout": 120, "body_timeout": 20}
        server = Door(self.app, **limits)
        server.add_sockets(sockets)
        self.ioloop = tornado.ioloop.IOLoop.current()
        rounds = [
            tornado.ioloop.PeriodicCallback(look, seconds * 1000)
            for seats in (self.seats, self._guests.seats)
            for look, seconds in ((seats.end_unused, END_UNUSED_SECONDS), (seats.remove_dead, REMOVE_DEAD_SECONDS))
        ]
        for one in rounds:
            one.start()
        if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # under nohup it goes on
            signal.signal(signal.SIGHUP, self._handle_signal_stop)
        self.identity_provider.started(lambda: self.kernel_manager.last_kernel_activity)
        door = self._door()
        self.on_ready(door)
        if self.opens and browser.has_screen():
            self._open(door)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass  # Ctrl+C is how it is meant to end
        finally:
            for one in rounds:
                one.stop()
            server.stop()  # no new visitor comes in while the kernels end
            self.stop()

    def stop(self) -> None:
        """End the kernels, then remove their folder."""
        run_sync(self.kernel_manager.shutdown_all)()
        if isinstance(self.identity_provider, Alone):
            self.identity_provider.taken()
        self.runtime.close()

    def _bound(self) -> list[socket]:
        """Return listening sockets at the chosen port; without one, at our default port, else at any."""
        host, port = self.options.host, self.options.port
        if port is not None:
            return tornado.netutil.bind_sockets(port, host)
        try:
            return tornado.netutil.bind_sockets(DEFAULT_PORT, host)
        except OSError:
            return tornado.netutil.bind_sockets(0, host)

    def _door(self) -> str:
        """Return the address to open. For one person on a laptop, this is a link that works once."""
        if isinstance(self.identity_provider, Alone):
            return self._link(self.identity_provider.new_key())
        return f"{self.options.origin}{self.base_url}" if self.options.origin else self.connection_url

    def _open(self, url: str) -> None:
        """Open the browser. A link that works once goes through a file, which is removed when the link was used."""
        if not isinstance(self.identity_provider, Alone):
            browser.open_page(url)
            return
        page = self.app.settings["voila_jinja2_env"].get_template("open.html").render(url=url)
        try:
            self.identity_provider.taken = browser.open_by_file(page, self.runtime.path)
        except OSError as error:  # the terminal has the link, too
            log.warning("the browser was not opened: %s", error.strerror)

    def _link(self, key: str) -> str:
        return f"{self.connection_url}enter?key={key}"

    def _announce(self, key: str) -> None:
        self.on_another(self._link(key))


def _worth_telling(record: logging.LogRecord) -> bool:
    """Return whether a log record belongs on the terminal.

    Voilà's warning about trust does not: it is about outputs stored in a notebook, and our notebooks store none.
    """
    return "is not trusted" not in str(record.msg)


def configuration(notebook: Path, options: Options) -> Config:
    """Return the configuration of Voilà and of the classes it uses."""
    config = Config()
    config.Voila.notebook_path = str(notebook)
    config.Voila.ip = options.host
    config.Voila.base_url = options.base_url
    config.Voila.config_file_paths = []
    config.Voila.log_level = logging.WARNING
    config.Voila.identity_provider_class = _identity(options)
    config.Voila.authorizer_class = OwnersOnly
    config.Voila.kernel_websocket_connection_class = KernelLine
    config.VoilaConfiguration.template = "advisor"
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"  # ?theme= would be written into the page
    config.VoilaConfiguration.multi_kernel_manager_class = OwnKernelManager
    config.VoilaConfiguration.kernel_spec_manager_class = OwnKernelSpecManager
    # A restarted kernel is empty: sliders would move, but no answer would be saved. A dead kernel is noticed instead.
    config.KernelManager.autorestart = False
    if sys.platform == "linux":
        config.KernelManager.transport = "ipc"  # no ports, so two kernels never try to take the same one
    # A page may vanish without a goodbye (a crash, a closed laptop). It must not keep its kernel for ever.
    config.MappingKernelManager.cull_idle_timeout = 3600
    config.MappingKernelManager.cull_interval = 60
    return config


def _identity(options: Options) -> type[Identity]:
    """Return the identity provider for the way of logging in."""
    if options.login == "hub":
        from advisor.server.hub import HubIdentity  # noqa: PLC0415  (only a hub's server has this extra)

        return HubIdentity
    return {"alone": Alone, "team": Team, "proxy": Proxy}[options.login]


def cookie_secret(store: Store) -> bytes:
    """Return the secret that signs cookies. A file beside the database keeps it, so that cookies outlive a restart.

    A full disk can leave a file that is too short; the secret is then made anew. If the file cannot be written, the
    secret lasts as long as the server.
    """
    folder = store.file.parent if store.file else data_folder()
    path = folder / COOKIE_FILE
    with suppress(OSError):
        kept = path.read_bytes()
        if len(kept) >= COOKIE_BYTES:
            return kept
    made = secrets.token_bytes(COOKIE_BYTES)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        disk.write_whole(path, made, disk.PRIVATE)
    except OSError as error:
        log.warning("%s cannot be written (%s): after a restart, visitors come in anew", path, error.strerror)
    return made


def serve(  # noqa: PLR0913  (the options of a command line)
    options: Options,
    store: Store,
    *,
    on_ready: Callable[[str], None] = print,
    on_another: Callable[[str], None] = print,
    notebook: Path | None = None,
    opens: bool = False,
) -> None:
    """Serve the workbook until interrupted or terminated.

    Args:
        options: How to run.
        store: The store with advisers and their logins.
        on_ready: Called with the address as soon as the server answers.
        on_another: Called with a new link when a visitor without a link comes.
        notebook: Serve this notebook instead of ours (for tests).
        opens: Open the browser, if there is a screen.

    Raises:
        PortTakenError: The chosen port is in use, or may not be used.
        FrontMissingError: The front end was not built.
    """
    app = made(options, store, notebook)
    app.on_ready, app.on_another, app.opens = on_ready, on_another, opens
    app.log.addFilter(_worth_telling)
    journal.install(app.log)
    app.start()


def made(options: Options, store: Store, notebook: Path | None = None) -> Workbook:
    """Return the server, ready to start.

    Raises:
        FrontMissingError: The front end was not built.
    """
    handles.allow_many()
    # Voilà and its static handlers look for templates along this path, at every request.
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(JUPYTER_PATH), os.environ.get("JUPYTER_PATH")]))

    pages = {"": notebook} if notebook else {name: notebooks_dir() / file for name, file in PAGES.items()}
    built = assets.manifest()
    addresses = assets.addresses(built, options.base_url)
    os.environ[assets.ENVIRONMENT] = assets.for_kernels(addresses)
    app = Workbook(config=configuration(pages[""], options))
    app.pages, app.options, app.store, app.built, app.addresses = pages, options, store, built, addresses
    # A hub's servers keep nothing on disk. After a new secret, the browser passes the Hub once more, unseen.
    app.cookie_secret = secrets.token_bytes(64) if options.login == "hub" else cookie_secret(store)
    app.initialize(argv=[])
    return app
