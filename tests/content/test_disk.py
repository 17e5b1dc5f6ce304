"""Files are complete or absent; the folders of a process are removed with it, or at the next start after a kill."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from advisor.content import disk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

posix = pytest.mark.skipif(os.name != "posix", reason="locks and modes of Unix")
# This program makes a folder and a half-written file, prints a line, and waits until it is killed.
HOLDS = """
import sys, time
from pathlib import Path
from advisor.content import disk
here = Path(sys.argv[1])
folder = disk.Folder("run", here)
(folder.path / "inside").write_text("x")
with disk.beside(here / "file") as part:
    part.write_text("half")
    print(folder.path, part, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Another process with a folder and a half-written file."""
    process = subprocess.Popen([sys.executable, "-c", HOLDS, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    yield process, process.stdout.readline().split()
    process.kill()
    process.wait()


@posix
def test_what_a_killed_process_left_goes_when_the_next_one_begins(
    tmp_path: Path, other: tuple[subprocess.Popen[str], list[str]]
) -> None:
    process, left = other
    disk.Folder("run", tmp_path).close()
    disk.write_whole(tmp_path / "file", b"whole")
    assert all(os.path.exists(one) for one in left)  # noqa: PTH110  (it lives: both are its own)
    process.send_signal(signal.SIGKILL)
    process.wait()
    disk.Folder("run", tmp_path).close()
    disk.write_whole(tmp_path / "file", b"whole")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_bytes() == b"whole"


@posix
@pytest.mark.parametrize("name", ["advisor-run-", "advisor-run-abcdefgh.txt", "advisor-other-abcdefgh", "advisor_x"])
def test_what_is_not_ours_stays(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / "file.csv.apart").write_text("somebody's")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "advisor-run-linklink").symlink_to(elsewhere)
    disk.sweep(tmp_path)
    disk.write_whole(tmp_path / "file.csv", b"x")
    assert elsewhere.is_dir()
    assert (tmp_path / name).is_dir()
    assert (tmp_path / "file.csv.apart").is_file()


@posix
def test_the_folder_of_another_user_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tmp_path / "advisor-run-abcdefgh"
    left.mkdir()
    monkeypatch.setattr(os, "getuid", lambda: left.stat().st_uid + 1)
    disk.sweep(tmp_path)
    assert left.is_dir()
    monkeypatch.undo()
    disk.sweep(tmp_path)
    assert not left.exists()


def test_a_folder_is_private_and_goes_with_all_that_is_in_it(tmp_path: Path) -> None:
    with disk.Folder("run", tmp_path) as folder:
        (folder / "inside").write_text("x")
        if os.name == "posix":
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_folder_that_was_removed_is_made_anew_and_nothing_of_others_is_touched(tmp_path: Path) -> None:
    folder = disk.Folder("run", tmp_path)
    assert not folder.renew()
    folder.path.rename(tmp_path / "moved")
    folder.path.mkdir()  # by somebody else, under the same name
    (folder.path / "theirs").write_text("x")
    theirs = folder.path
    assert folder.renew()
    assert folder.path != theirs
    assert folder.is_there()
    folder.path.rmdir()
    folder.close()
    assert (theirs / "theirs").exists()


def test_a_file_that_could_not_be_written_leaves_what_was_before(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"before")

    def half() -> None:
        with disk.beside(path) as part:
            part.write_bytes(b"half")
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        half()
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


@posix
def test_a_file_and_its_folder_reach_the_disk_and_it_has_its_mode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, fsync = [], os.fsync

    def note(handle: int) -> None:
        kept.append(os.fstat(handle).st_mode)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", note)
    disk.write_whole(tmp_path / "file", b"x", 0o600)
    assert [stat.S_ISDIR(mode) for mode in kept] == [False, True]
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600
