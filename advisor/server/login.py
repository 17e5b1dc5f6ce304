"""The pages for logging in and out, and the account. They need no kernel; each is one template with one form."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado import web
from voila.handler import BaseVoilaHandler

from advisor.server import peers
from advisor.server.identity import Alone, Proxy, Team, asked
from advisor.server.password_threads import BusyError
from advisor.server.request_checks import Discreet
from advisor.server.throttle import asker_of
from advisor.store import StoreError, advisers
from advisor.store.access_log import ALONE

if TYPE_CHECKING:
    from advisor.session.model import Adviser
    from advisor.store import Store

BUSY_SECONDS = 5  # to wait when too many log in at once
MOST_TYPED = 512  # characters of a name or password; the rest is cut off


class TooFastError(Exception):
    """A name or a network address has used up its tries."""


class FormHandler(Discreet, BaseVoilaHandler):
    """A page with a form. No cache may keep it, and only our own pages may post it."""

    def check_xsrf_cookie(self) -> None:
        """Refuse a post that is not from our own pages: its origin and the token of its form must be right."""
        if self.request.headers.get("Origin") not in self.settings["origins"]:
            raise web.HTTPError(403)
        super().check_xsrf_cookie()

    def show(self, template: str, status: int = 200, **words: Any) -> None:  # noqa: ANN401  (values of a template)
        """Send a template as the answer."""
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(self.render_template(template, **words))

    def typed(self, name: str) -> str:
        """Return the text of a field, exactly as it was typed, but at most ``MOST_TYPED`` characters."""
        return str(self.get_body_argument(name, "", strip=False))[:MOST_TYPED]

    def onward(self) -> str:
        """Return the address to go to after the login. An address outside this server becomes the front page."""
        wanted = self.get_argument("next", "")
        parts = urlsplit(wanted)
        is_ours = not parts.scheme and not parts.netloc and wanted.startswith(self.base_url)
        is_ours = is_ours and not wanted.startswith("//") and "\\" not in wanted  # browsers take both for another host
        is_ours = is_ours and wanted.isprintable()  # a line break would begin another header
        return wanted if is_ours else str(self.base_url)


class EnterHandler(FormHandler):
    """Takes the link that works once, for one person on a laptop."""

    @allow_unauthenticated
    def get(self) -> None:
        """Set the cookie if the key of the link is right. Else show the page for visitors without a link."""
        identity: Alone = self.identity_provider
        if not peers.is_own(self) or not identity.take(self.get_query_argument("key", "")):
            self.show("alone.html", 403, announced=self._is_new() and identity.announce_anew())
            return
        name = identity.get_cookie_name(self)
        self.set_signed_cookie(name, ALONE, expires_days=None, **identity.cookie_settings())
        self.redirect(self.base_url)

    def _is_new(self) -> bool:
        return self.current_user is None and peers.is_own(self)


class AloneHandler(FormHandler):
    """Shows the page for visitors without a link."""

    @allow_unauthenticated
    def get(self) -> None:
        """Say where the link is, and print another one in the terminal."""
        if self.current_user is not None:
            self.redirect(self.onward())
            return
        identity: Alone = self.identity_provider
        self.show("alone.html", 403, announced=peers.is_own(self) and identity.announce_anew())


class LoginHandler(FormHandler):
    """Lets an adviser log in with name and password."""

    @property
    def store(self) -> Store:
        """The store with the advisers."""
        store: Store = self.identity_provider.store
        return store

    @allow_unauthenticated
    def get(self) -> None:
        """Show the form."""
        if self.current_user is not None:
            self.redirect(self.onward())
        else:
            self.show("login.html", onward=self.onward())

    @allow_unauthenticated
    async def post(self) -> None:
        """Let an adviser in, or say that name and password are wrong. After too many tries, ask to wait."""
        identity: Team = self.identity_provider
        name = self.typed("name").strip()
        try:
            adviser = await self._verified(name, self.typed("password"))
            token = await asyncio.to_thread(self._begin, adviser) if adviser else ""
        except (TooFastError, BusyError):
            wait = int(self._wait(name) or BUSY_SECONDS) + 1
            self.set_header("Retry-After", str(wait))
            self.show("login.html", 429, onward=self.onward(), known=name, wait=wait)
            return
        except StoreError:
            self.show("login.html", 503, onward=self.onward(), known=name, broken=True)
            return
        if not token:
            self.show("login.html", 403, onward=self.onward(), known=name, wrong=True)
            return
        self.set_cookie(identity.get_cookie_name(self), token, **identity.cookie_settings())
        self.redirect(self.onward(), status=303)

    def _wait(self, name: str) -> float:
        """Return for how many seconds this name or this network address has to wait."""
        identity: Team = self.identity_provider
        now = time.monotonic()
        return max(identity.by_name.wait(advisers.folded(name), now), identity.by_address.wait(self.address, now))

    async def _verified(self, name: str, password: str) -> Adviser | None:
        """Return the adviser with this name and password; None if they are wrong.

        A try is counted before the password is checked, and taken back if it was right. So many tries at the same
        time cannot pass the limit.

        Raises:
            TooFastError: There were too many tries before this one, or while it waited for its turn.
            BusyError: Too many wait.
        """
        identity: Team = self.identity_provider
        self._require_patience(name)
        async with identity.turns.turn():
            self._require_patience(name)
            key, now = advisers.folded(name), time.monotonic()
            identity.by_name.note(key, now)
            identity.by_address.note(self.address, now)
            adviser = await identity.turns.run(advisers.verify, self.store, name, password)
        if adviser is not None:
            identity.by_name.forget(key)
            identity.by_address.take_back(self.address, now)
        return adviser

    def _require_patience(self, name: str) -> None:
        if self._wait(name):
            raise TooFastError

    @property
    def address(self) -> str:
        """The network address of the request. Behind a trusted proxy, it is the one that the proxy names."""
        return asker_of(self.request, self.identity_provider.options.proxy_from)

    def _begin(self, adviser: Adviser) -> str:
        """Begin a login and return its token. An older login of this browser ends."""
        identity: Team = self.identity_provider
        if old := identity.token_of(self):
            advisers.end(self.store, old)
        return advisers.begin(self.store, adviser.id, datetime.now(UTC))


class LogoutHandler(FormHandler):
    """Logs an adviser out."""

    @web.authenticated
    async def post(self) -> None:
        """End the login in the store, its cookie, and every page that was opened by it."""
        identity: Team = self.identity_provider
        token = self.current_user.login
        await asyncio.to_thread(advisers.end, identity.store, token)
        await self.identity_provider.seats.end_login(token)
        self.clear_cookie(identity.get_cookie_name(self), **identity.cookie_settings())
        if not self.typed("keep"):  # with "keep", the tab has text that is not stored yet; the login page says so
            self.set_header("Clear-Site-Data", '"storage"')
        self.redirect(f"{self.base_url}login", status=303)


class AccountHandler(FormHandler):
    """An adviser's own page: change the password, or log out."""

    @web.authenticated
    async def get(self) -> None:
        """Show the form."""
        await self._show()

    @web.authenticated
    async def post(self) -> None:
        """Change the password. Every other login of this adviser ends."""
        identity: Team = self.identity_provider
        old, new, again = (self.typed(name) for name in ("password", "new", "again"))
        me, now = self.current_user.username, time.monotonic()
        if identity.by_name.wait(me, now):
            await self._show(429, problem="fast")
            return
        if new != again:
            await self._show(400, problem="differ")
            return
        identity.by_name.note(me, now)
        try:
            async with identity.turns.turn():
                problem = await identity.turns.run(advisers.change_password, identity.store, me, old, new)
            token = "" if problem else await asyncio.to_thread(advisers.begin, identity.store, me, datetime.now(UTC))
        except BusyError:
            await self._show(429, problem="fast")
            return
        except StoreError:
            await self._show(503, problem="broken")
            return
        if problem != "password_wrong":
            identity.by_name.forget(me)
        if problem:
            await self._show(400, problem=problem)
            return
        await self.identity_provider.seats.end_login(self.current_user.login)
        self.set_cookie(identity.get_cookie_name(self), token, **identity.cookie_settings())
        await self._show(done=True)

    async def _show(self, status: int = 200, **words: Any) -> None:  # noqa: ANN401  (values of the template)
        identity: Team = self.identity_provider
        adviser = await asked(advisers.by_id, identity.store, self.current_user.username)
        self.show("account.html", status, adviser=adviser.name if adviser else "", **words)


class NoEntryHandler(FormHandler):
    """Shows the page for visitors that the proxy did not name, and for disabled advisers."""

    @allow_unauthenticated
    def get(self) -> None:
        """Say that nobody was let in, and whom to ask."""
        self.show("no_entry.html", 403)


def routes(identity: object) -> list[tuple[str, type[FormHandler]]]:
    """Return the pages that belong to a way of logging in: address and handler."""
    if isinstance(identity, Alone):
        return [("enter", EnterHandler), ("login", AloneHandler)]
    if isinstance(identity, Team):
        return [("login", LoginHandler), ("logout", LogoutHandler), ("account", AccountHandler)]
    return [("login", NoEntryHandler)] if isinstance(identity, Proxy) else []
