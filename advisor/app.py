"""The functions that notebooks call: they join store, session and view to the page of the workbook or the desk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from advisor.session.model import today
from advisor.store import Store, StoreError, advisers, open_store
from advisor.store.access_log import ALONE
from advisor.store.invitations import visit_of
from advisor.store.open_visit import open_visit
from advisor.view.workbook.page import Page

if TYPE_CHECKING:
    from ipywidgets import Box

    from advisor.session.model import Purpose

PATIENCE = 2.0  # seconds to wait for a busy database; after that the page says so, and its heartbeat tries again


def open_workbook() -> Box:
    """Return the workbook, ready to display. ``?s=`` in the address names the visit; without it, the visit is new."""
    query = os.environ.get("QUERY_STRING", "")
    asked = parse_qs(query)
    opened = open_visit(_store(), asked.get("s", [""])[0], asked.get("go", [""])[0])
    window = "private.ipynb" if _plain() else "private"
    page = Page(opened.session, opened.autosave, notice=opened.notice, query=query, window=window, **_others())
    return page.widget


def open_private() -> Box:
    """Return the adviser's own window of the visit that ``?s=`` in the address names, ready to display."""
    from advisor.view.workbook.private_page import PrivatePage  # noqa: PLC0415  (the workbook does not need it)

    query = os.environ.get("QUERY_STRING", "")
    name = parse_qs(query).get("s", [""])[0]
    opened = open_visit(_store(), name or "-")  # no visit has this id: without one there is nothing to write about
    page = PrivatePage(opened.session, opened.autosave, notice=opened.notice, query=query, **_others())
    return page.widget


def open_client() -> Box:
    """Return the client's own screen of a visit, ready to display.

    A client comes by a live link: the server names the hash of its capability, and the visit is that of the link. An
    adviser opens the same screen in another window: ``?s=`` in the address names the visit.
    """
    from advisor.view.workbook.client_page import ClientPage  # noqa: PLC0415  (the workbook does not need it)

    query, link = os.environ.get("QUERY_STRING", ""), os.environ.get("ADVISOR_CLIENT", "")
    if link:
        store = open_store(wait=PATIENCE, makes=False).seen_by_client(link)
        opened = open_visit(store, visit_of(store) or "-")
        return ClientPage(opened.session, opened.autosave, notice=opened.notice, door="../live").widget
    opened = open_visit(_store(), parse_qs(query).get("s", [""])[0] or "-")
    return ClientPage(opened.session, opened.autosave, notice=opened.notice, query=query).widget


def open_desk() -> Box:
    """Return the desk, ready to display: clients, their visits, and the days that are due."""
    from advisor.content import loading  # noqa: PLC0415
    from advisor.view.desk.page import DeskPage  # noqa: PLC0415  (the workbook does not need it)

    workbook = "workbook.ipynb" if _plain() else "workbook"
    account, query = os.environ.get("ADVISOR_ACCOUNT", ""), os.environ.get("QUERY_STRING", "")
    return DeskPage(loading.load(), _store(), today, workbook, account, query=query, links=_links("before")).widget


def _others() -> dict[str, str]:
    """Return the addresses to which the pages of a visit lead: the desk, the client's screen, and where links begin."""
    desk, client = ("clients.ipynb", "client.ipynb") if _plain() else ("./", "client")
    return {"desk": desk, "client": client, "links": _links("live")}


def _links(purpose: Purpose) -> str:
    """Return where clients' links for a purpose begin; empty if clients cannot reach this server."""
    address = os.environ.get("ADVISOR_LINKS", "")
    return f"{address}{purpose}" if address else ""


def _store() -> Store:
    """Return the store as the adviser of this kernel may see it.

    Plain Voilà and JupyterLab name no adviser. They work for one person alone: as soon as the store has advisers, such
    a kernel sees no clients.
    """
    adviser = os.environ.get("ADVISOR_ADVISER", "")
    store = open_store(wait=PATIENCE, makes=not adviser)  # our server has made the store and names it
    if adviser == ALONE or (not adviser and not _has_advisers(store)):
        return store.logged_as(ALONE)
    return store.seen_by(adviser)


def _has_advisers(store: Store) -> bool:
    """Return whether the store has advisers; True if it cannot be read now, because it may have some."""
    try:
        return advisers.any_exist(store)
    except StoreError:
        return True


def _plain() -> bool:
    """Return whether this is plain Voilà: there, the address ends with a notebook's file name."""
    return os.environ.get("SCRIPT_NAME", "").endswith(".ipynb")
