"""The pages of clients: reached by the capability in a link, without a login and without a kernel.

A page here knows one invitation and nothing else. It looks at no login, so a client is never taken for an adviser. The
link brings the capability once; then a cookie of this path holds it, and no address does.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from urllib.parse import urlencode

from jupyter_server.utils import url_path_join
from tornado import web
from tornado.web import RequestHandler
from voila.utils import create_include_assets_functions

from advisor.content.translator import say
from advisor.content.words import LANGUAGES
from advisor.server import advance_page
from advisor.server.request_checks import Discreet
from advisor.server.throttle import Throttle, asker_of
from advisor.session import advance
from advisor.session.forms import Unusable, cleaned
from advisor.session.model import now
from advisor.store import StoreError, WrongDigits, invitations, office
from advisor.store.access_log import CLIENT
from advisor.store.open_visit import inviter
from advisor.view import rendering

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from advisor.content.catalog import Catalog
    from advisor.content.translator import Say
    from advisor.content.words import Language
    from advisor.server.options import Options
    from advisor.session.advance import Question
    from advisor.session.letterhead import Inviter
    from advisor.session.model import Invitation
    from advisor.store import Store

log = logging.getLogger(__name__)
Result = TypeVar("Result")
Given = ParamSpec("Given")
ROUTE = "before"
WRONG_LINKS, WRONG_DIGITS = 20, 5  # in a minute: from one address, for one link
THREADS, MOST_WAITING = 2, 200  # of their own, so that advisers never wait behind clients
REACH_SECONDS = 60.0
KNOWN = 10_000  # links that were right: others at the same address do not hold them up
MOST_TYPED = 10_000  # characters of a field; the sheet says itself which text is too long
OK, GONE = 200, 404
STATIC = ("before.css", "before.js")


class BusyError(Exception):
    """Too many clients wait."""


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

    def was_right(self, token: str) -> None:
        """Remember that a link was right."""
        self.known[_key(token)] = None
        while len(self.known) > KNOWN:
            self.known.pop(next(iter(self.known)))


class AdvanceHandler(Discreet, RequestHandler):
    """The advance sheet of one client: first page, questions, end. Each deed is a form, with scripts or without."""

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

    async def get(self) -> None:
        """Take the link, or show a page."""
        token = self.get_query_argument("k", None)
        if token is not None:
            if await self._opened(token, "") is not None:
                self._keep(token)
                self.redirect(self._path(), status=303)
            return
        invitation = await self._mine()
        if invitation is not None:
            await self._show(invitation, self.get_query_argument("q", ""))

    async def post(self) -> None:
        """Carry out a form: digits, consent, an answer, the end, or to take everything back."""
        if self._typed("deed") == "digits":
            await self._take_digits()
            return
        invitation = await self._mine()
        if invitation is None:
            return
        catalog = self.catalog
        asked = next((one for one in advance.questions(catalog, invitation.case) if one.id == self._typed("q")), None)
        try:
            change = self._change(catalog, asked)
        except KeyError:
            raise web.HTTPError(400) from None
        try:
            change(invitation)  # what cannot be used is told before the store is asked
            after = await self._tell(change)
        except Unusable as unusable:
            told = say(catalog, invitation.language)(unusable.word, most=unusable.most)
            if self._is_script():
                self.set_status(400)
                self.finish({"next": "", "problem": told})
                return
            await self._show(invitation, self._typed("q"), problem=told, typed=self._typed("a"))
            return
        except KeyError:
            raise web.HTTPError(400) from None
        if after is not None:
            self._go_on(catalog, after, asked)

    # --- the deeds ---

    def _change(self, catalog: Catalog, asked: Question | None) -> Callable[[Invitation], Invitation]:
        """Return what the form changes.

        Raises:
            KeyError: no page has such a form.
        """
        deed, at = self._typed("deed"), now()
        simple: dict[str, Callable[[Invitation], Invitation]] = {
            "agree": lambda one: replace(one, agreed=one.agreed or at),
            "take_back": advance.taken_back,
            "language": lambda one: replace(one, language=_other(one.language)),
        }
        if deed in simple:
            return simple[deed]
        if asked is None or deed not in {"answer", "skip", "discuss", "finish"}:
            raise KeyError(deed)
        answer, marks = self._answer_to(asked), deed == "discuss"
        wants = self._typed("wants") == "yes"

        def told(one: Invitation) -> Invitation:
            if one.agreed is None:
                return one  # nothing is kept before the client agreed
            case = one.case
            if deed == "skip":
                case = advance.skipped(catalog, case, asked)
            elif answer or asked.many or not asked.options:  # what was typed or ticked may be taken away
                case = advance.answered(catalog, case, asked, answer)
            if marks:
                case = advance.discussed(catalog, case, asked, wants=wants)
            every = advance.questions(catalog, case)
            ahead = asked if marks or self._is_quiet() else every[min(every.index(asked) + 1, len(every) - 1)]
            done = one.done or (at if deed == "finish" else None)
            return replace(one, case=case, changed=at, place=ahead.id, done=done)

        return told

    def _answer_to(self, asked: Question) -> str:
        """Return the answer in a form; a question that takes several has a field for each."""
        return advance.SEPARATOR.join(self.get_body_arguments("a")) if asked.many else self._typed("a")

    def _go_on(self, catalog: Catalog, after: Invitation, asked: Question | None) -> None:
        """Lead to the next page; a script only gets the address."""
        deed, place = self._typed("deed"), ""
        if deed in {"answer", "skip", "discuss"} and after.agreed:
            place = after.place
        elif deed == "language" and asked is not None:
            place = asked.id
        address = self._path(place)
        if self._is_script():
            told = advance_page.saved(say(catalog, after.language), after.changed or now())
            self.finish({"next": address, "saved": told})
        else:
            self.redirect(address, status=303)

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

    async def _tell(self, change: Callable[[Invitation], Invitation]) -> Invitation | None:
        token, digits = self._token()
        try:
            after = await self.pages.run(invitations.tell, self.pages.store, token, digits, change)
        except (StoreError, BusyError):
            self._trouble()
            return None
        if after is None:
            await self._closed()
        return after

    # --- whose page it is ---

    async def _mine(self) -> Invitation | None:
        """Return the invitation of the cookie; else send the page that says why there is none."""
        return await self._opened(*self._token())

    async def _opened(self, token: str, digits: str) -> Invitation | None:
        """Return the invitation of a capability; else send a page that says why not."""
        pages, at = self.pages, time.monotonic()
        address, link = asker_of(self.request, pages.options.proxy_from), _key(token)
        if pages.by_address.wait(address, at) and link not in pages.known:
            self._wait()
            return None
        if digits and pages.by_link.wait(link, at):
            self._ask_digits("advance_digits_fast", 429)
            return None
        try:
            found = await pages.run(invitations.opened, pages.store, token, digits) if token else None
        except WrongDigits:
            if digits:
                pages.by_link.note(link, at)
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
            if token:
                pages.by_address.note(address, at)
                log.warning("refused: a client's link that does not open")
            await self._closed()
            return None
        pages.was_right(token)
        return found

    def _token(self) -> tuple[str, str]:
        """Return the capability and the digits in the cookie."""
        token, _, digits = (self.get_cookie(self._cookie) or "").partition(".")
        return token, digits

    def _keep(self, token: str, digits: str = "") -> None:
        """Let the browser keep the capability, for this path only, until it is closed."""
        value = f"{token}.{digits}" if digits else token
        secure = self.pages.options.is_secure
        self.set_cookie(self._cookie, value, path=self._path(), httponly=True, samesite="Lax", secure=secure)

    @property
    def _cookie(self) -> str:
        return "__Secure-before" if self.pages.options.is_secure else f"before-{self.settings['port']}"

    # --- pages ---

    async def _show(self, invitation: Invitation, wanted: str, problem: str = "", typed: str = "") -> None:
        catalog = self.catalog
        words = say(catalog, invitation.language)
        if invitation.opened is None:
            await self._tell_quietly(lambda one: replace(one, opened=one.opened or now()))
        if invitation.agreed is None:
            who = await self._inviter(invitation)
            if who is not None:
                self._send("before_welcome", words, **advance_page.welcome(words, who))
            return
        if wanted == advance_page.TAKE_BACK:
            self._send("before_take_back", words)
            return
        every = {one.id: one for one in advance.questions(catalog, invitation.case)}
        if wanted in every:
            told = advance_page.question(catalog, words, invitation, every[wanted]) | {"mark": _key(invitation.id)[:16]}
            kept = {"problem": problem, "answer": typed} if problem else {"problem": ""}
            self._send("before_question", words, 400 if problem else 200, **told | kept)
        elif invitation.done is not None:
            who = await self._inviter(invitation)
            if who is not None:
                self._send("before_end", words, **advance_page.end(catalog, words, invitation, who))
        else:
            place = invitation.place if invitation.place in every else advance.SITUATION
            self.redirect(self._path(place), status=303)

    async def _tell_quietly(self, change: Callable[[Invitation], Invitation]) -> None:
        token, digits = self._token()
        try:
            await self.pages.run(invitations.tell, self.pages.store, token, digits, change)
        except (StoreError, BusyError):
            log.warning("the opening of a client's link could not be noted")

    async def _inviter(self, invitation: Invitation) -> Inviter | None:
        try:
            return await self.pages.run(inviter, self.pages.store, invitation.client)
        except (StoreError, BusyError):
            self._trouble()
            return None

    def _ask_digits(self, word: str, status: int = 0, **fields: object) -> None:
        words = self._words()
        problem = words(word, **fields) if word else ""
        self._send("before_digits", words, status or (403 if problem else 200), problem=problem)

    async def _closed(self) -> None:
        """Say that a link is no longer in use. Ended, withdrawn and never made look the same."""
        self._note("advance_ended", ("advance_ended_text", "advance_ended_call"), 404, await self.pages.reach())

    def _wait(self) -> None:
        self.set_header("Retry-After", "60")
        self._note("advance_fast", ("advance_fast_text",), 429)

    def _trouble(self) -> None:
        self.set_header("Retry-After", "5")
        self._note("advance_trouble", ("advance_trouble_text",), 503)

    def _note(self, title: str, texts: tuple[str, ...], status: int, reach: str = "") -> None:
        path, static = self._path(), tuple(self.pages.static.items())
        self._answer(status, self.pages.notes(self.catalog, path, static, title, texts, reach, status != GONE))

    def _send(self, template: str, words: Say, status: int = 200, **values: Any) -> None:  # noqa: ANN401  (a template's)
        """Send a page."""
        address = {"path": self._path(), "at": self._path, "static": self.pages.static}
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
        path = url_path_join(self.pages.base_url, ROUTE)
        return f"{path}?{urlencode({'q': question})}" if question else path

    def _words(self) -> Say:
        asked = self.request.headers.get("Accept-Language", "ja")
        return say(self.catalog, "en" if asked.startswith("en") else "ja")

    def _typed(self, name: str) -> str:
        return cleaned(str(self.get_body_argument(name, "", strip=False)))[:MOST_TYPED]

    def _is_script(self) -> bool:
        return self.request.headers.get("Accept") == "application/json"

    def _is_quiet(self) -> bool:
        """Return whether a script saves an answer while the client is still at the question."""
        return self._is_script() and self._typed("stay") == "yes"

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
) -> str:
    """Return the page that says in both languages why there is no sheet."""
    words = [say(catalog, language) for language in LANGUAGES]
    told = [(one, one(title), [one(text) for text in texts]) for one in words]
    known = {"path": path, "static": dict(static), "told": told, "reach": reach, "again": again}
    return rendering.render("before_note", say=words[0], **known)


def _other(language: Language) -> Language:
    return "ja" if language == "en" else "en"


def _key(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
