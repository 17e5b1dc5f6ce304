"""Where the server's sockets lie, what happens when somebody removes them, and what a server leaves behind."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from advisor.server import runtime
from advisor.server.app import COOKIE_BYTES, COOKIE_FILE, cookie_secret
from advisor.store import open_store
from tests.serving import Server, running
from tests.team import Visitor
from tests.waits import until

if TYPE_CHECKING:
    from collections.abc import Iterator

linux = pytest.mark.skipif(sys.platform != "linux", reason="runtime folders and sockets of Linux")


@contextmanager
def served(place: Path, *front: str, port: str = "0") -> Iterator[Server]:
    """Serve the workbook to one person, with everything that lies on the disk below ``place``.

    Its browser only writes down what it was started with.
    """
    browser = place / "browser"
    browser.write_text(f'#!/bin/sh\necho "$@" >> "{place}/started"\n', encoding="utf-8")
    browser.chmod(0o700)
    own = {"ADVISOR_DATABASE_URL": f"sqlite:///{place}/alone.sqlite3", "ADVISOR_LANG": "en"}
    own |= {"XDG_RUNTIME_DIR": str(place), "TMPDIR": str(place), "BROWSER": f"{browser} %s"}
    command = (*front, sys.executable, "-m", "advisor", "serve", "--port", port)
    with running(*command, log=place / "serve.log", environment=os.environ | own) as server:
        yield server


@pytest.fixture
def place() -> Iterator[Path]:
    """A private folder whose path is short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="adv"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def folders(place: Path) -> list[Path]:
    return sorted(place.glob("advisor-*"))


def visitor(server: Server) -> Visitor:
    name, _, value = server.cookie.partition("=")
    return Visitor(server.url, {name: value})


@linux
def test_sockets_lie_where_no_cleaner_goes(place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(place))
    with runtime.made() as folder:
        assert folder.parent == place
    place.chmod(0o755)  # not this user's alone
    with runtime.made() as folder:
        assert folder.parent == Path("/tmp" if len(str(tmp_path)) > 36 else tmp_path)  # noqa: S108  (where it falls back to)


@linux
def test_no_path_of_a_socket_is_too_long(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    long = tmp_path / ("x" * 80)
    long.mkdir(mode=0o700)
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    with runtime.made() as folder:
        assert len(f"{folder}/kernel-00000000-0000-0000-0000-000000000000-ipc-1") <= 107


@linux
def test_pages_go_on_opening_after_the_folder_was_removed_and_healthz_tells(place: Path) -> None:
    """And before: the browser is started with a file of that folder, never with the link; see also test_own_browser."""
    with served(place) as server:
        until((place / "started").is_file)
        until(lambda: (place / "started").read_text(encoding="utf-8").endswith("\n"))
        started = (place / "started").read_text(encoding="utf-8").strip()
        assert started.startswith("file:" + "/" * 3)
        assert "key=" not in started
        guest = visitor(server)  # somebody has opened the link
        assert guest.get("place").status == 200
        until(lambda: not Path(urlsplit(started).path).exists())

        before = guest.open_page()
        assert guest.connect(f"api/kernels/{before}/channels") == 101
        (folder,) = folders(place)
        shutil.rmtree(folder)
        until(lambda: guest.get("healthz").status == 503)
        assert guest.ask("GET", f"api/kernels/{before}").status == 404  # its page begins anew, with what is stored
        after = guest.open_page()
        assert guest.connect(f"api/kernels/{after}/channels") == 101
        until(lambda: guest.get("healthz").status == 200)
        server.process.send_signal(signal.SIGHUP)
        assert server.process.wait(60) == 0
    assert folders(place) == []


@linux
def test_a_server_leaves_nothing_behind_but_its_cookie_however_it_ends(place: Path) -> None:
    """The first is killed, the last told to end; a hang-up ends nothing under nohup. (For one without see above.)"""
    with served(place) as killed:
        cookie, port = visitor(killed).cookies, killed.url.rstrip("/").rpartition(":")[2]
        stranger = Visitor(killed.url)
        assert stranger.get().place == "/login?next=%2F"
        assert "起動した画面のリンクから" in stranger.get("login").text
        assert stranger.get("enter?key=guess").status == 403
        assert stranger.get("enter").status == 403
        visitor(killed).open_page()
        killed.process.kill()
        killed.process.wait()
    (left,) = folders(place)
    with served(place, "nohup", port=port) as last:
        (now,) = folders(place)
        assert now != left  # what was left went at the next start
        again = Visitor(last.url, dict(cookie))  # the link worked once, its cookie outlives a restart
        assert again.get().status == 200
        assert stat.S_IMODE((place / "cookie-secret").stat().st_mode) == 0o600
        with runtime_of_another(place):  # another server takes nothing from one that runs
            assert now in folders(place)
        last.process.send_signal(signal.SIGHUP)
        assert again.get("healthz").status == 200
        last.process.terminate()
        assert last.process.wait(60) == 0
    assert folders(place) == []


@contextmanager
def runtime_of_another(place: Path) -> Iterator[None]:
    """Be a server beside another, as far as the folder goes."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tempfile, "tempdir", str(place))
        patched.setenv("XDG_RUNTIME_DIR", str(place))
        with runtime.made() as folder:
            assert folder.parent == place
            yield


# --- the secret of the cookies ---


@pytest.mark.parametrize("found", [b"", b"too short"])
def test_a_secret_that_a_full_disk_left_empty_is_made_anew(tmp_path: Path, found: bytes) -> None:
    store = open_store(f"sqlite:///{tmp_path}/alone.sqlite3")
    (tmp_path / COOKIE_FILE).write_bytes(found)
    made = cookie_secret(store)
    assert len(made) == COOKIE_BYTES
    assert cookie_secret(store) == made
    if os.name == "posix":
        assert (tmp_path / COOKIE_FILE).stat().st_mode & 0o777 == 0o600


def test_on_a_full_disk_the_server_starts_and_leaves_no_half_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(f"sqlite:///{tmp_path}/alone.sqlite3")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert len(cookie_secret(store)) == COOKIE_BYTES
    assert list(tmp_path.glob(f"{COOKIE_FILE}*")) == []
    assert "No space left on device" in caplog.text
