"""Logging in by a JupyterHub: the Hub starts this server for one adviser, and says who each visitor is.

Only ``advisor serve --login hub`` imports this module; it needs the extra ``hub``.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jupyterhub import __version__ as hub_version
from jupyterhub.httpclient import fetch
from jupyterhub.services.auth import HubOAuth
from jupyterhub.singleuser.extension import JupyterHubIdentityProvider
from jupyterhub.utils import isoformat
from tornado.log import app_log
from tornado.web import HTTPError, RequestHandler
from traitlets import Unicode, default

from advisor.server.handlers import KernelHandler, PlaceHandler
from advisor.server.identity import Named, Visitor
from advisor.store import StoreError, advisers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from advisor.server.options import Options
    from advisor.session.model import Adviser

ACTIVITY_SECONDS = 60.0  # between reports of activity to the Hub; its idle culler counts in hours
RETRY_SECONDS = 10.0  # until the next report after a failed one
LOGIN_SECONDS = 60  # the Hub's answer about a login is used for so long
_NEEDED = ("JUPYTERHUB_USER", "JUPYTERHUB_SERVICE_URL", "JUPYTERHUB_SERVICE_PREFIX", "JUPYTERHUB_PUBLIC_URL")


class NoHubError(Exception):
    """The Hub's environment does not fit this server; ``name`` is the variable that is missing or not supported."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def placed(options: Options, environment: Mapping[str, str] = os.environ) -> Options:
    """Return the options with the Hub's settings: host, port, base path, and the public address for browsers.

    Raises:
        NoHubError: A variable is missing. Without the public address (``c.JupyterHub.public_url``), Host and Origin
            could not be checked. Or the Hub wants TLS between proxy and server; this server does not speak it.
    """
    for name in _NEEDED:
        if not environment.get(name):
            raise NoHubError(name)
    if environment.get("JUPYTERHUB_SSL_CERTFILE"):
        raise NoHubError("JUPYTERHUB_SSL_CERTFILE")
    inside, outside = urlsplit(environment["JUPYTERHUB_SERVICE_URL"]), urlsplit(environment["JUPYTERHUB_PUBLIC_URL"])
    return replace(
        options,
        host=inside.hostname or "",  # without one, every address of this machine
        port=inside.port or 80,
        base_url=f"/{environment['JUPYTERHUB_SERVICE_PREFIX'].strip('/')}/",
        origin=f"{outside.scheme}://{outside.netloc}".lower(),
    )


class CookieOnly(HubOAuth):
    """JupyterHub's own OAuth with cookies only. It takes no token in an address or an Authorization header."""

    cache_max_age = LOGIN_SECONDS

    def get_token(self, handler: RequestHandler, in_cookie: bool = True) -> str | None:
        """Return the token of the login from the browser's cookie; None without one."""
        return self._get_token_cookie(handler) if in_cookie else None

    def check_xsrf_cookie(self, handler: RequestHandler) -> None:
        """Let scripts ask only whether a kernel lives, and for the place in line: these answers tell of no client.

        JupyterHub refuses every other request of a script. Other servers of the same Hub have the same origin, and
        they may run scripts of their users.
        """
        if not isinstance(handler, (KernelHandler, PlaceHandler)):
            super().check_xsrf_cookie(handler)


class HubIdentity(JupyterHubIdentityProvider, Named):
    """Lets in only the adviser for whom the Hub has started this server; no other user, and no administrator.

    Cookies, OAuth with its callback, and the check against forged requests are JupyterHub's own.
    """

    token = Unicode("")  # empty: the base class has the Hub's secret here, and Voilà would print it in the address
    account = "logout"
    headers = MappingProxyType({"X-JupyterHub-Version": hub_version})  # the Hub warns if this differs from its own

    @default("hub_auth")
    def _cookie_only(self) -> CookieOnly:
        return CookieOnly(parent=self)

    async def get_user(self, handler: Any) -> Visitor | None:  # noqa: ANN401  (two base classes want two types)
        """Return the adviser of a request, by their id in the store. Their name is not passed on."""
        known = await super().get_user(handler)
        if known is None:
            return None
        try:
            adviser = await asyncio.to_thread(self._owner, known.hub_user)
        except StoreError:
            raise HTTPError(503) from None
        if adviser is None:
            _refuse(handler)
            return None
        return Visitor(adviser.id, login=self.hub_auth.get_token(handler) or "")

    def still_in(self, seat: Visitor) -> bool:
        """Return whether the login is still valid; True while the Hub or the database cannot be asked. Blocking."""
        try:
            known = self.hub_auth.user_for_token(seat.login)
            return known is not None and self._owner(known) is not None
        except (HTTPError, StoreError):
            return True

    def cookie_settings(self) -> dict[str, Any]:
        """Return the settings of our cookies. Their path is this server's only: other servers share the host."""
        return super().cookie_settings() | {"path": self.options.base_url}

    def started(self, last_activity: Callable[[], datetime]) -> None:
        """Begin to report activity to the Hub."""
        self._telling = asyncio.ensure_future(tell_hub(self.hub_auth, last_activity))

    def _owner(self, known: dict[str, Any]) -> Adviser | None:
        """Return the adviser of a Hub user; None if this server is not theirs or they are disabled. Blocking."""
        if known.get("kind") != "user" or known["name"] != os.environ["JUPYTERHUB_USER"]:
            return None
        return advisers.external(self.store, known["name"])


def _refuse(handler: RequestHandler) -> None:
    """Answer 403 instead of sending the visitor to the Hub to log in: they are logged in, so it would never end."""

    def refuse(*_: object, **__: object) -> None:
        raise HTTPError(403)

    handler.redirect = refuse  # type: ignore[method-assign]


async def tell_hub(hub: HubOAuth, last_activity: Callable[[], datetime]) -> None:
    """Report the time of the last activity to the Hub, as long as this server runs. Its idle culler needs it."""
    reported: datetime | None = None
    while True:
        latest = last_activity()
        pause = ACTIVITY_SECONDS
        if reported is None or latest > reported:
            try:
                await _tell(hub, isoformat(latest))
            except Exception as error:  # noqa: BLE001  (after any failure the report is tried again)
                app_log.warning("The Hub could not be told of activity: %s", type(error).__name__)
                pause = RETRY_SECONDS
            else:
                reported = latest
        await asyncio.sleep(pause)


async def _tell(hub: HubOAuth, moment: str) -> None:
    server = os.environ.get("JUPYTERHUB_SERVER_NAME", "")
    body: dict[str, Any] = {"last_activity": moment, "servers": {server: {"last_activity": moment}}}
    await fetch(
        os.environ["JUPYTERHUB_ACTIVITY_URL"],
        method="POST",
        headers={"Authorization": f"token {hub.api_token}"},
        json=body,
    )
