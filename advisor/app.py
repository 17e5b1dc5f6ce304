"""The composition root: what a notebook calls."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from advisor.session.model import today
from advisor.store import Store, StoreError, advisers, open_store
from advisor.store.access_log import ALONE
from advisor.store.open_visit import open_visit
from advisor.view.workbook.page import Page

if TYPE_CHECKING:
    from ipywidgets import Box

PATIENCE = 2.0  # seconds that a change waits for a busy database; then the page says so and its heartbeat tries again


def open_workbook() -> Box:
    """Return the workbook, ready to display: the visit that the address names by ``?s=``, else a new one."""
    asked = parse_qs(os.environ.get("QUERY_STRING", ""))
    opened = open_visit(_store(), asked.get("s", [""])[0], asked.get("go", [""])[0])
    desk = "clients.ipynb" if _plain() else "./"
    return Page(opened.session, opened.autosave, notice=opened.notice, desk=desk).widget


def open_desk() -> Box:
    """Return the front desk, ready to display: clients, their visits, what is due."""
    from advisor.content import loading  # noqa: PLC0415
    from advisor.view.desk.page import DeskPage  # noqa: PLC0415  (the workbook does not need it)

    workbook = "workbook.ipynb" if _plain() else "workbook"
    return DeskPage(loading.load(), _store(), today, workbook, os.environ.get("ADVISOR_ACCOUNT", "")).widget


def _store() -> Store:
    """Return the store as the adviser sees it whose kernel this is; where nobody says whose it is, it must be alone.

    That is plain Voilà or JupyterLab, for one person: as soon as there are advisers, such a kernel gets nothing.
    """
    whose = os.environ.get("ADVISOR_ADVISER", "")
    store = open_store(wait=PATIENCE, makes=not whose)  # a server has made the store, and says which one it is
    if whose == ALONE or (not whose and not _has_advisers(store)):
        return store.logged_as(ALONE)
    return store.seen_by(whose)


def _has_advisers(store: Store) -> bool:
    """Return whether there are advisers; a store that cannot be read now may hold some."""
    try:
        return advisers.any_known(store)
    except StoreError:
        return True


def _plain() -> bool:
    """Whether this is plain Voilà, which serves notebooks under their file names."""
    return os.environ.get("SCRIPT_NAME", "").endswith(".ipynb")
