"""The advance sheet of clients: reached by the capability in a link, without a login and without a kernel.

A page here knows one invitation and nothing else.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from tornado import web

from advisor.content.translator import say
from advisor.server import advance_page
from advisor.server.client_links import BusyError, LinkHandler, key_of
from advisor.session import advance
from advisor.session.forms import Unusable
from advisor.session.model import now
from advisor.store import StoreError, invitations
from advisor.store.open_visit import inviter

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.content.catalog import Catalog
    from advisor.content.words import Language
    from advisor.session.advance import Question
    from advisor.session.letterhead import Inviter
    from advisor.session.model import Invitation

log = logging.getLogger(__name__)


class AdvanceHandler(LinkHandler):
    """The advance sheet of one client: first page, questions, end. Each deed is a form, with scripts or without."""

    purpose = "before"
    closed = ("advance_ended", "advance_ended_text", "advance_ended_call")

    async def get(self) -> None:
        """Take the link, or show a page."""
        if await self._take_link():
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
            told = advance_page.question(catalog, words, invitation, every[wanted]) | {
                "mark": key_of(invitation.id)[:16]
            }
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

    def _is_quiet(self) -> bool:
        """Return whether a script saves an answer while the client is still at the question."""
        return self._is_script() and self._typed("stay") == "yes"


def _other(language: Language) -> Language:
    return "ja" if language == "en" else "en"
