"""The composition root: what a notebook calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor import catalog
from advisor.session import Session
from advisor.view.page import Page

if TYPE_CHECKING:
    from ipywidgets import Box


def open_workbook() -> Box:
    """Return the workbook of a new session, ready to display."""
    return Page(Session(catalog.load())).widget
