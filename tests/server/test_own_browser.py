"""The link that lets one person in is never on a command line, where every user of the machine can read it.

What a server really starts the browser with: tests/server/test_runtime.py.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from advisor.server import browser

unix = pytest.mark.skipif(os.name != "posix", reason="BROWSER, and files with modes")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address that a browser was started with."""
    addresses: list[str] = []
    monkeypatch.setattr(browser, "open_page", addresses.append)
    return addresses


@unix
def test_the_file_is_for_this_user_alone_and_is_removed(opened: list[str], tmp_path: Path) -> None:
    remove = browser.open_by_file("the link", tmp_path)
    page = Path(urlsplit(opened[0]).path)
    assert page.read_text(encoding="utf-8") == "the link"
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert stat.S_IMODE(page.parent.stat().st_mode) == 0o700
    remove()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="snaps are Linux's")
def test_a_browser_that_came_as_a_snap_finds_the_file_in_the_home(
    opened: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home" / "snap").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    remove = browser.open_by_file("the link", tmp_path)
    shown = Path(urlsplit(opened[0]).path)
    assert shown.parent.parent == tmp_path / "home"
    assert not shown.parent.name.startswith(".")
    remove()
    assert [one.name for one in (tmp_path / "home").iterdir()] == ["snap"]


def test_without_a_screen_no_browser_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    assert not browser.has_screen()
    monkeypatch.setenv("BROWSER", "firefox")
    assert browser.has_screen()
