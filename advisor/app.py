"""The composition root: what a notebook calls."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from advisor.client import TOKYO
from advisor.opening import open_visit
from advisor.store import open_store
from advisor.view.page import Page

if TYPE_CHECKING:
    from ipywidgets import Box

PATIENCE = 2.0  # seconds that a change waits for a busy database; then the page says so and its heartbeat tries again


def open_workbook() -> Box:
    """Return the workbook, ready to display: the visit that the address names by ``?s=``, else a new one."""
    asked = parse_qs(os.environ.get("QUERY_STRING", ""))
    opened = open_visit(open_store(wait=PATIENCE), asked.get("s", [""])[0], asked.get("go", [""])[0])
    desk = "clients.ipynb" if _plain() else "./"
    return Page(opened.session, opened.keeper, notice=opened.notice, desk=desk).widget


def open_desk() -> Box:
    """Return the front desk, ready to display: clients, their visits, what is due."""
    from datetime import date, datetime  # noqa: PLC0415

    from advisor import catalog  # noqa: PLC0415
    from advisor.view.desk import DeskPage  # noqa: PLC0415  (the workbook does not need it)

    def today() -> date:
        return datetime.now(TOKYO).date()  # asked anew each time: a desk may stay open over midnight

    return DeskPage(
        catalog.load(), open_store(wait=PATIENCE), today, "workbook.ipynb" if _plain() else "workbook"
    ).widget


def _plain() -> bool:
    """Whether this is plain Voilà, which serves notebooks under their file names."""
    return os.environ.get("SCRIPT_NAME", "").endswith(".ipynb")
