"""Under a JupyterHub: the Hub knows the advisers, starts this server for one of them, and says who is at the door.

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

ACTIVITY_SECONDS = 60.0  # how often the Hub hears that somebody is at work; its culler counts in hours
RETRY_SECONDS = 10.0
LOGIN_SECONDS = 60  # for how long the Hub's word on a login counts; then it is asked again
_NEEDED = ("JUPYTERHUB_USER", "JUPYTERHUB_SERVICE_URL", "JUPYTERHUB_SERVICE_PREFIX", "JUPYTERHUB_PUBLIC_URL")


class NoHubError(Exception):
    """The Hub has not said what this server must know; ``name`` is the variable that is missing or not supported."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def placed(options: Options, environment: Mapping[str, str] = os.environ) -> Options:
    """Return the options with what the Hub says: what to listen on, below which path, and how browsers reach it.

    Raises:
        NoHubError: Something is missing: without the public address (``c.JupyterHub.public_url``) no Host and Origin
            can be pinned. Or the Hub wants TLS between proxy and server, which this server does not speak.
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
    """JupyterHub's own OAuth, without its tokens in addresses and Authorization headers: only a login lets in."""

    cache_max_age = LOGIN_SECONDS

    def get_token(self, handler: RequestHandler, in_cookie: bool = True) -> str | None:
        """Return the token of the login that the browser's cookie holds."""
        return self._get_token_cookie(handler) if in_cookie else None

    def check_xsrf_cookie(self, handler: RequestHandler) -> None:
        """Let scripts of our pages ask whether a kernel lives, and for the place in line: no answer tells of anybody.

        Everything else that a script asks for is refused, as JupyterHub has it: another server of the same Hub has the
        same origin, and may be one that runs its user's own scripts.
        """
        if not isinstance(handler, (KernelHandler, PlaceHandler)):
            super().check_xsrf_cookie(handler)


class HubIdentity(JupyterHubIdentityProvider, Named):
    """Lets in the adviser for whom the Hub has started this server, and nobody else, an administrator neither.

    Cookies, OAuth with its callback, and the check against forged requests are JupyterHub's own.
    """

    token = Unicode("")  # the base class gives the Hub's secret, which Voilà puts into the address it prints
    account = "logout"
    headers = MappingProxyType({"X-JupyterHub-Version": hub_version})  # the Hub warns where it is not its own

    @default("hub_auth")
    def _cookie_only(self) -> CookieOnly:
        return CookieOnly(parent=self)

    async def get_user(self, handler: Any) -> Visitor | None:  # noqa: ANN401  (two base classes ask for two kinds)
        """Return the adviser behind a request under their id in the store; names go no further than this."""
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
        """Return whether the login goes on. A Hub or a database that cannot be asked for a while ends nobody's work."""
        try:
            known = self.hub_auth.user_for_token(seat.login)
            return known is not None and self._owner(known) is not None
        except (HTTPError, StoreError):
            return True

    def cookie_settings(self) -> dict[str, Any]:
        """Return how our cookies are set: for this adviser's path only, beside the Hub's own and other servers'."""
        return super().cookie_settings() | {"path": self.options.base_url}

    def started(self, last_activity: Callable[[], datetime]) -> None:
        """Begin to tell the Hub when somebody was last at work."""
        self._telling = asyncio.ensure_future(tell_hub(self.hub_auth, last_activity))

    def _owner(self, known: dict[str, Any]) -> Adviser | None:
        """Return whom the Hub knows, if this server is theirs and they may work; blocking."""
        if known.get("kind") != "user" or known["name"] != os.environ["JUPYTERHUB_USER"]:
            return None
        return advisers.external(self.store, known["name"])


def _refuse(handler: RequestHandler) -> None:
    """Answer 403 where a visitor would be sent to the Hub to log in: they have, and would go round in circles."""

    def refuse(*_: object, **__: object) -> None:
        raise HTTPError(403)

    handler.redirect = refuse  # type: ignore[method-assign]


async def tell_hub(hub: HubOAuth, last_activity: Callable[[], datetime]) -> None:
    """Tell the Hub, for as long as this server runs, when somebody was last at work; its idle culler goes by that."""
    told: datetime | None = None
    while True:
        latest = last_activity()
        pause = ACTIVITY_SECONDS
        if told is None or latest > told:
            try:
                await _tell(hub, isoformat(latest))
            except Exception as error:  # noqa: BLE001  (whatever it is, the Hub is asked again, and the adviser works on)
                app_log.warning("The Hub could not be told of activity: %s", type(error).__name__)
                pause = RETRY_SECONDS
            else:
                told = latest
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
