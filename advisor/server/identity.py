"""The visitor of a request: one identity provider for each way of logging in.

A visitor is the opaque id of an adviser, or "alone". No provider lets anybody in by their network address, by a token
in a query, or by an Authorization header.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.identity import IdentityProvider, User
from tornado import web
from traitlets import Unicode

from advisor.server import peers
from advisor.server.options import uid
from advisor.server.password_threads import Turns
from advisor.server.throttle import Throttle
from advisor.store import StoreError, advisers
from advisor.store.access_log import ALONE
from advisor.store.errors import AdviserError
from advisor.store.logins import LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tornado.web import RequestHandler

    from advisor.server.options import Options
    from advisor.session.model import Adviser
    from advisor.store import Store

log = logging.getLogger(__name__)
TRIES = 5  # in a minute, for one name; an address has four times as many


@dataclass
class Visitor(User):
    """A Jupyter user with their login. When this ``login`` ends, all pages that were opened by it end, too.

    ``link``: the hash of the live link by which a client came; empty for an adviser.
    """

    login: str = ""
    link: str = ""


class Identity(IdentityProvider):
    """The base of all ways of logging in. It lets nobody in, and takes no tokens."""

    token = Unicode("")
    login_available = False
    logout_available = False
    options: Options
    seats: Any  # the Seats of those whom this way lets in; a type here would close a circle of imports
    account = ""  # the address of the page with password and logout; empty without one
    headers: Mapping[str, str] = MappingProxyType({})  # this way puts them on every answer

    def started(self, last_activity: Callable[[], datetime]) -> None:
        """Do what has to be done when the server runs. ``last_activity`` returns when a page was last used."""

    def get_user(self, handler: RequestHandler) -> Any:  # noqa: ANN401, ARG002  (as jupyter_server has it: a user or an awaitable)
        """Return no visitor; each way of logging in overrides this."""
        return None

    def get_handlers(self) -> list[Any]:
        """Return no routes: our own login pages replace those of jupyter_server."""
        return []

    def is_token_authenticated(self, handler: RequestHandler) -> bool:  # noqa: ARG002  (jupyter_server's signature)
        """Return False: a request with a token would skip the check of its origin."""
        return False

    def still_in(self, seat: Visitor) -> bool:  # noqa: ARG002  (subclasses need it)
        """Return whether a page of this visitor may stay open. Blocking."""
        return True

    def get_cookie_name(self, handler: RequestHandler) -> str:
        """Return the name of the cookie. Without https it holds the port, because servers on one host share cookies."""
        return "__Host-advisor" if self.options.is_secure else f"advisor-{handler.application.settings['port']}"

    def cookie_settings(self) -> dict[str, Any]:
        """Return the settings of our cookies."""
        return {"httponly": True, "samesite": "Lax", "path": "/", "secure": self.options.is_secure}


class Alone(Identity):
    """One person on a laptop. A link that works once sets a cookie; the cookie outlives a restart of the server."""

    announce: Callable[[str], None]
    taken: Callable[[], None] = staticmethod(lambda: None)  # called when a link was used

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  (traits)
        super().__init__(**kwargs)
        self._key = ""
        self._announced = Throttle(TRIES)

    def get_user(self, handler: RequestHandler) -> Visitor | None:
        """Return the person, if the browser has the cookie and belongs to this user of the machine.

        A cookie of 127.0.0.1 goes to every port. So another user can get it by a server of their own.
        """
        if not peers.is_own(handler):
            log.warning("refused: a connection of another user of this machine")
            return None
        kept = handler.get_signed_cookie(self.get_cookie_name(handler), max_age_days=LONGEST / timedelta(days=1))
        return Visitor(ALONE, login=ALONE) if kept == ALONE.encode() else None

    def new_key(self) -> str:
        """Return the key of a new link. The key before no longer works."""
        self._key = secrets.token_urlsafe(32)
        return self._key

    def take(self, key: str) -> bool:
        """Return whether a key is right, and use it up: it never works twice."""
        opens = bool(self._key) and secrets.compare_digest(self._key.encode(), key.encode())
        if opens:
            self._key = ""
            self.taken()
        return opens

    def announce_anew(self) -> bool:
        """Print another link in the terminal; return whether it was printed. It is not after too many in a minute."""
        now = time.monotonic()
        if self._announced.wait(ALONE, now):
            return False
        self._announced.note(ALONE, now)
        self.announce(self.new_key())
        return True


class Named(Identity):
    """The base of the ways with named advisers: they are in the store."""

    store: Store

    def still_in(self, seat: Visitor) -> bool:
        """Return whether the login is still valid; True while the database cannot be asked. Blocking."""
        try:
            return self.goes_on(seat)
        except StoreError:
            return True

    def goes_on(self, seat: Visitor) -> bool:
        """Return whether the store says that a login is still valid. Blocking."""
        return advisers.by_id(self.store, seat.username) is not None


class Team(Named):
    """Named advisers with passwords. A login is a row of the store; the cookie holds its token."""

    account = "account"

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  (traits)
        super().__init__(**kwargs)
        self.by_name, self.by_address = Throttle(TRIES), Throttle(TRIES * 4)
        self.turns = Turns()

    async def get_user(self, handler: RequestHandler) -> Visitor | None:
        """Return the adviser of the login in the cookie; None without a valid one."""
        token = self.token_of(handler)
        if not token:
            return None
        adviser = await asked(advisers.adviser_of, self.store, token, datetime.now(UTC))
        return Visitor(adviser.id, login=token) if adviser else None

    def token_of(self, handler: RequestHandler) -> str:
        """Return the token from the browser's cookie; empty without one."""
        kept: str | None = handler.get_cookie(self.get_cookie_name(handler))
        return kept or ""

    def goes_on(self, seat: Visitor) -> bool:
        """Return whether the login is still valid. The question counts as use of it, so an open page keeps it valid."""
        return advisers.adviser_of(self.store, seat.login, datetime.now(UTC)) is not None


class Proxy(Named):
    """Advisers that a proxy in front names in a header. The header counts only from the proxy's own address."""

    async def get_user(self, handler: RequestHandler) -> Visitor | None:
        """Return the adviser that the proxy names; None without one."""
        sent = handler.request.headers.get_list(self.options.proxy_header)
        if handler.request.remote_ip not in self.options.proxy_from or len(sent) != 1 or not sent[0].strip():
            return None
        if not self._is_proxy(peers.user_of(handler)):
            return None
        adviser = await asked(advisers.external, self.store, sent[0].strip())
        return Visitor(adviser.id, login=adviser.id) if adviser else None

    def _is_proxy(self, user: int | None) -> bool:
        """Return whether this user may be the proxy. The address is not enough: all users of this machine have it."""
        if user is None or user in {peers.ROOT, os.getuid(), *map(uid, self.options.proxy_user)}:
            return True
        log.warning(
            "refused: the proxy's header from user %d of this machine (--proxy-user says who the proxy is)", user
        )
        return False


async def asked(question: Callable[..., Adviser | None], *about: object) -> Adviser | None:
    """Return the store's answer to a question about an adviser; None if there is no such adviser.

    Raises:
        web.HTTPError: 503 if the store cannot be asked now. With None instead, visitors would have to log in again.
    """
    try:
        return await asyncio.to_thread(question, *about)
    except AdviserError:  # no adviser may have this name
        return None
    except StoreError:
        raise web.HTTPError(503) from None
