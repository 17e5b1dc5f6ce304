"""What the pages of clients share: the capability in a link, its cookie, limits of tries, threads of their own.

A client's link brings the capability once; then a cookie of this path holds it, and no address does. A page here looks
at no login, so a client is never taken for an adviser.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec, TypeVar
from urllib.parse import urlencode

from jupyter_server.utils import url_path_join
from tornado import web
from tornado.web import RequestHandler
from voila.utils import create_include_assets_functions

from advisor.content.translator import say
from advisor.content.words import LANGUAGES
from advisor.server.request_checks import Discreet
from advisor.server.throttle import Throttle, asker_of
from advisor.session import advance
from advisor.session.forms import Unusable, cleaned
from advisor.store import StoreError, WrongDigits, invitations, office
from advisor.store.database import CLIENT
from advisor.view import rendering

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tornado.httputil import HTTPServerRequest

    from advisor.content.catalog import Catalog
    from advisor.content.translator import Say
    from advisor.server.options import Options
    from advisor.session.model import Invitation, Purpose
    from advisor.store import Store

log = logging.getLogger(__name__)
Result = TypeVar("Result")
Given = ParamSpec("Given")
WRONG_LINKS, WRONG_DIGITS = 20, 5  # in a minute: from one address, for one link
THREADS, MOST_WAITING = 2, 200  # of their own, so that advisers never wait behind clients
REACH_SECONDS = 60.0
KNOWN = 10_000  # links that were right: others at the same address do not hold them up
MOST_TYPED = 10_000  # characters of a field; the sheet says itself which text is too long
OK, GONE = 200, 404
STATIC = ("before.css", "before.js")


class BusyError(Exception):
    """Too many clients wait."""


class TooFastError(Exception):
    """Too many wrong links came from one address, or too many wrong digits for one link; ``word`` says which."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class ClientPages:
    """What all pages of clients share: the store, threads, and the limits of tries."""

    def __init__(self, store: Store, options: Options, base_url: str, template: str) -> None:
        self.store, self.options, self.base_url = store.logged_as(CLIENT), options, base_url
        self.by_address, self.by_link = Throttle(WRONG_LINKS), Throttle(WRONG_DIGITS)
        self.known: dict[str, None] = {}
        include = create_include_assets_functions(template, base_url)["include_url"]
        self.static: Mapping[str, str] = {name.partition(".")[2]: include(f"static/{name}") for name in STATIC}
        self._pool = ThreadPoolExecutor(THREADS, "client")
        self._waiting = 0
        self._is_loaded = False
        self._reach, self._reach_until = "", 0.0
        self.notes = lru_cache(maxsize=16)(_note_page)  # a flood of wrong links gets one page, made once

    async def run(self, work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
        """Run blocking work in one of the threads and return its result.

        Raises:
            BusyError: Too many wait already.
        """
        if self._waiting >= MOST_WAITING:
            raise BusyError
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, partial(work, *args, **kwargs))
        finally:
            self._waiting -= 1

    async def catalog(self) -> Catalog:
        """Return the questions; the first client after a start waits until they are loaded, and nobody else."""
        if not self._is_loaded:
            await self.run(self.store.current)
            self._is_loaded = True
        return self.store.current()

    async def reach(self) -> str:
        """Return how the office is reached, as it was within the last minute; empty if the store cannot be read."""
        at = time.monotonic()
        if at > self._reach_until:
            with suppress(StoreError, BusyError):
                self._reach = (await self.run(office.letterhead, self.store)).reach
            self._reach_until = at + REACH_SECONDS
        return self._reach

    async def opened(
        self, request: HTTPServerRequest, purpose: Purpose, token: str, digits: str = ""
    ) -> Invitation | None:
        """Return the invitation of a capability; None if there is none, or it is closed.

        Raises:
            TooFastError: too many wrong ones came before it.
            WrongDigits: as :func:`advisor.store.invitations.opened`.
            StoreError: the store cannot be read. BusyError: too many clients wait.
        """
        at, address, link = time.monotonic(), asker_of(request, self.options.proxy_from), key_of(token)
        if self.by_address.wait(address, at) and link not in self.known:
            raise TooFastError("advance_fast")
        if digits and self.by_link.wait(link, at):
            raise TooFastError("advance_digits_fast")
        try:
            found = await self.run(invitations.opened, self.store, token, digits, purpose) if token else None
        except WrongDigits:
            if digits:
                self.by_link.note(link, at)
            raise
        if found is not None:
            self._was_right(link)
        elif token and link not in self.known:  # one that was open before is no guess
            self.by_address.note(address, at)
            log.warning("refused: a client's link that does not open")
        return found

    def _was_right(self, link: str) -> None:
        """Remember that a link was right."""
        self.known[link] = None
        while len(self.known) > KNOWN:
            self.known.pop(next(iter(self.known)))


class LinkHandler(Discreet, RequestHandler):
    """A page that is reached by a capability: it takes the link, asks for digits, and says why it does not open."""

    purpose: ClassVar[Purpose]  # also the path of the page
    closed: ClassVar[tuple[str, ...]]  # the words of the page that a closed link shows: title and texts

    def initialize(self, pages: ClientPages) -> None:
        """Take what all pages of clients share."""
        self.pages = pages

    def set_default_headers(self) -> None:
        """Let no cache keep an answer, whatever it is."""
        self.set_header("Cache-Control", "no-store")

    async def prepare(self) -> None:
        """Refuse a form that is not from our own pages. (From others, the cookie does not come along.)"""
        is_form = self.request.method == "POST"
        if is_form and self.request.headers.get("Origin") not in self.settings["origins"]:
            raise web.HTTPError(403)
        try:
            self.catalog = await self.pages.catalog()
        except BusyError:
            raise web.HTTPError(503) from None

    async def _take_link(self) -> bool:
        """Take the capability in the address, and lead to the page without it; return whether there was one."""
        token = self.get_query_argument("k", None)
        if token is None:
            return False
        if await self._opened(token, "") is not None:
            self._keep(token)
            self.redirect(self._path(), status=303)
        return True

    async def _take_digits(self) -> None:
        token = self._token()[0]
        try:
            digits = advance.digits_of(self._typed("a"))
        except Unusable as unusable:
            self._ask_digits(unusable.word, most=unusable.most)
            return
        if await self._opened(token, digits) is not None:
            self._keep(token, digits)
            self.redirect(self._path(), status=303)

    # --- whose page it is ---

    async def _mine(self) -> Invitation | None:
        """Return the invitation of the cookie; else send the page that says why there is none."""
        return await self._opened(*self._token())

    async def _opened(self, token: str, digits: str) -> Invitation | None:
        """Return the invitation of a capability; else send a page that says why not."""
        try:
            found = await self.pages.opened(self.request, self.purpose, token, digits)
        except TooFastError as fast:
            if fast.word == "advance_fast":
                self._wait()
            else:
                self._ask_digits(fast.word, 429)
            return None
        except WrongDigits:
            if self.request.method == "GET" and self.get_query_argument("k", None) is not None:
                self._keep(token)
                self.redirect(self._path(), status=303)
            else:
                self._ask_digits("advance_digits_wrong" if digits else "")
            return None
        except (StoreError, BusyError):
            self._trouble()
            return None
        if found is None:
            await self._closed()
        return found

    def _token(self) -> tuple[str, str]:
        """Return the capability and the digits in the cookie."""
        return kept_in(self, self.purpose, self.pages.options)

    def _keep(self, token: str, digits: str = "") -> None:
        """Let the browser keep the capability, for this path only, until it is closed."""
        value, secure = f"{token}.{digits}" if digits else token, self.pages.options.is_secure
        name = cookie_of(self, self.purpose, self.pages.options)
        self.set_cookie(name, value, path=self._path(), httponly=True, samesite="Lax", secure=secure)

    # --- pages ---

    def _ask_digits(self, word: str, status: int = 0, **fields: object) -> None:
        words = self._words()
        problem = words(word, **fields) if word else ""
        self._send("before_digits", words, status or (403 if problem else 200), problem=problem)

    async def _closed(self) -> None:
        """Say that a link is no longer in use. Ended, withdrawn and never made look the same."""
        title, *texts = self.closed
        self._note(title, tuple(texts), 404, await self.pages.reach())

    def _wait(self) -> None:
        self.set_header("Retry-After", "60")
        self._note("advance_fast", ("advance_fast_text",), 429)

    def _trouble(self) -> None:
        self.set_header("Retry-After", "5")
        self._note("advance_trouble", ("advance_trouble_text",), 503)

    def _note(self, title: str, texts: tuple[str, ...], status: int, reach: str = "") -> None:
        path, static = self._path(), tuple(self.pages.static.items())
        live = self.purpose == "live"
        self._answer(status, self.pages.notes(self.catalog, path, static, title, texts, reach, status != GONE, live))

    def _send(self, template: str, words: Say, status: int = 200, **values: Any) -> None:  # noqa: ANN401  (a template's)
        """Send a page."""
        address = {"path": self._path(), "at": self._path, "static": self.pages.static, "live": self.purpose == "live"}
        self._answer(status, rendering.render(template, say=words, **address, **values))

    def _answer(self, status: int, page: str) -> None:
        """Send a page; a script that asked is told the status only."""
        self.set_status(status)
        if self._is_script() and status != OK:
            self.finish({"next": ""})
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(page)

    def _path(self, question: str = "") -> str:
        path = url_path_join(self.pages.base_url, self.purpose)
        return f"{path}?{urlencode({'q': question})}" if question else path

    def _words(self) -> Say:
        asked = self.request.headers.get("Accept-Language", "ja")
        return say(self.catalog, "en" if asked.startswith("en") else "ja")

    def _typed(self, name: str) -> str:
        return cleaned(str(self.get_body_argument(name, "", strip=False)))[:MOST_TYPED]

    def _is_script(self) -> bool:
        return self.request.headers.get("Accept") == "application/json"

    def write_error(self, status_code: int, **_: Any) -> None:  # noqa: ANN401  (tornado's)
        """Send a page for whatever else went wrong; it says nothing about what was sent."""
        if hasattr(self, "catalog"):
            self._note("advance_trouble", ("advance_trouble_text",), status_code)
        else:
            self.finish(f"{status_code}\n")


def _note_page(  # noqa: PLR0913, PLR0917  (what stands on it)
    catalog: Catalog,
    path: str,
    static: tuple[tuple[str, str], ...],
    title: str,
    texts: tuple[str, ...],
    reach: str,
    again: bool,
    live: bool,
) -> str:
    """Return the page that says in both languages why there is no page behind a link."""
    words = [say(catalog, language) for language in LANGUAGES]
    told = [(one, one(title), [one(text) for text in texts]) for one in words]
    known = {"path": path, "static": dict(static), "told": told, "reach": reach, "again": again, "live": live}
    return rendering.render("before_note", say=words[0], **known)


def cookie_of(handler: RequestHandler, purpose: Purpose, options: Options) -> str:
    """Return the name of the cookie that holds a client's capability for a purpose."""
    return f"__Secure-{purpose}" if options.is_secure else f"{purpose}-{handler.settings['port']}"


def kept_in(handler: RequestHandler, purpose: Purpose, options: Options) -> tuple[str, str]:
    """Return the capability and the digits in the cookie of a request; empty texts without it."""
    token, _, digits = (handler.get_cookie(cookie_of(handler, purpose, options)) or "").partition(".")
    return token, digits


def key_of(text: str) -> str:
    """Return a text that stands for a capability or an id in memory, without being it."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
