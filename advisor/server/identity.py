"""Who is asking: one identity provider for each way of logging in. What they let in, the gatekeeper then sees.

A visitor is the opaque id of an adviser, or "alone". No provider ever lets somebody in because of an address, a token
in a query, or an Authorization header.
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
TRIES = 5  # a minute, for one name and for one address


@dataclass
class Visitor(User):
    """A jupyter user that also knows by which login it came; ``login`` is what ends when that login ends."""

    login: str = ""


class Identity(IdentityProvider):
    """What all ways share: nobody is let in by a token, and there is no user without a check of ours."""

    token = Unicode("")
    login_available = False
    logout_available = False
    options: Options
    account = ""  # the address of the page with password and logout, where there is one
    headers: Mapping[str, str] = MappingProxyType({})  # that this way puts on every answer

    def started(self, last_activity: Callable[[], datetime]) -> None:
        """Hear that the server runs, and how to ask when a page was last used."""

    def get_user(self, handler: RequestHandler) -> Any:  # noqa: ANN401, ARG002  (as jupyter_server has it: a user or an awaitable)
        """Return nobody; each way overrides this."""
        return None

    def get_handlers(self) -> list[Any]:
        """Return the routes that this way brings."""
        return []

    def is_token_authenticated(self, handler: RequestHandler) -> bool:  # noqa: ARG002  (its shape)
        """Return that every request is checked for its origin."""
        return False

    def still_in(self, seat: Visitor) -> bool:  # noqa: ARG002  (others need it)
        """Return whether a page of this visitor may stay open; blocking."""
        return True

    def get_cookie_name(self, handler: RequestHandler) -> str:
        """Return the cookie's name: with the port where there is no https, as servers on one host share cookies."""
        return "__Host-advisor" if self.options.is_secure else f"advisor-{handler.application.settings['port']}"

    def cookie_settings(self) -> dict[str, Any]:
        """Return how our cookies are set."""
        return {"httponly": True, "samesite": "Lax", "path": "/", "secure": self.options.is_secure}


class Alone(Identity):
    """One person on a laptop: a link that works once becomes a cookie, which outlives a restart of the server."""

    announce: Callable[[str], None]
    taken: Callable[[], None] = staticmethod(lambda: None)  # told when a link was used

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  (traits)
        super().__init__(**kwargs)
        self._key = ""
        self._announced = Throttle(TRIES)

    def get_user(self, handler: RequestHandler) -> Visitor | None:
        """Return the person whose browser has the cookie; another user's has got it from a server of theirs."""
        if not peers.is_own(handler):
            log.warning("refused: a connection of another user of this machine")
            return None
        kept = handler.get_signed_cookie(self.get_cookie_name(handler), max_age_days=LONGEST / timedelta(days=1))
        return Visitor(ALONE, login=ALONE) if kept == ALONE.encode() else None

    def new_key(self) -> str:
        """Return the key of a new link; an older one no longer opens."""
        self._key = secrets.token_urlsafe(32)
        return self._key

    def take(self, key: str) -> bool:
        """Return whether a key opens, and use it up."""
        opens = bool(self._key) and secrets.compare_digest(self._key.encode(), key.encode())
        if opens:
            self._key = ""
            self.taken()
        return opens

    def announce_anew(self) -> bool:
        """Print another link for whoever sits at the terminal; return whether it was printed."""
        now = time.monotonic()
        if self._announced.wait(ALONE, now):
            return False
        self._announced.note(ALONE, now)
        self.announce(self.new_key())
        return True


class Named(Identity):
    """What team and proxy share: advisers in the store."""

    store: Store

    def still_in(self, seat: Visitor) -> bool:
        """Return whether the login goes on. A database that cannot be asked for a while ends nobody's work."""
        try:
            return self.goes_on(seat)
        except StoreError:
            return True

    def goes_on(self, seat: Visitor) -> bool:
        """Return what the store says of a login; blocking."""
        return advisers.by_id(self.store, seat.username) is not None


class Team(Named):
    """Named advisers with passwords; the login is a row of the store, the cookie holds its token."""

    account = "account"

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  (traits)
        super().__init__(**kwargs)
        self.by_name, self.by_address = Throttle(TRIES), Throttle(TRIES * 4)
        self.turns = Turns()

    async def get_user(self, handler: RequestHandler) -> Visitor | None:
        """Return the adviser of the login that the cookie names."""
        token = self.token_of(handler)
        if not token:
            return None
        adviser = await asked(advisers.adviser_of, self.store, token, datetime.now(UTC))
        return Visitor(adviser.id, login=token) if adviser else None

    def token_of(self, handler: RequestHandler) -> str:
        """Return the token that the browser sent."""
        kept: str | None = handler.get_cookie(self.get_cookie_name(handler))
        return kept or ""

    def goes_on(self, seat: Visitor) -> bool:
        """Return whether the login goes on; an open page counts as use of it."""
        return advisers.adviser_of(self.store, seat.login, datetime.now(UTC)) is not None


class Proxy(Named):
    """Whom a proxy in front has let in: the header counts only from the proxy's own address."""

    async def get_user(self, handler: RequestHandler) -> Visitor | None:
        """Return the adviser whom the proxy names."""
        sent = handler.request.headers.get_list(self.options.proxy_header)
        if handler.request.remote_ip not in self.options.proxy_from or len(sent) != 1 or not sent[0].strip():
            return None
        if not self._is_proxy(peers.user_of(handler)):
            return None
        adviser = await asked(advisers.external, self.store, sent[0].strip())
        return Visitor(adviser.id, login=adviser.id) if adviser else None

    def _is_proxy(self, user: int | None) -> bool:
        """Return whether the header's sender may be the proxy: on this machine, everybody comes from its address."""
        if user is None or user in {peers.ROOT, os.getuid(), *map(uid, self.options.proxy_user)}:
            return True
        log.warning(
            "refused: the proxy's header from user %d of this machine (--proxy-user says who the proxy is)", user
        )
        return False


async def asked(question: Callable[..., Adviser | None], *about: object) -> Adviser | None:
    """Return what the store answers.

    Raises:
        web.HTTPError: 503, it cannot be asked now: nobody is sent to log in anew because of that.
    """
    try:
        return await asyncio.to_thread(question, *about)
    except AdviserError:  # a name that nobody may have
        return None
    except StoreError:
        raise web.HTTPError(503) from None
