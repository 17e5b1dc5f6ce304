"""The checks of ``advisor doctor``: does this machine have everything that the workbook needs? They change nothing."""

from __future__ import annotations

import asyncio
import importlib.metadata
import logging
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import webbrowser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from packaging.requirements import Requirement

from advisor.content import loading
from advisor.content.datafiles import DataError
from advisor.server import assets, fork_pool, health, paths, runtime
from advisor.server.handles import OF_A_PAGE
from advisor.server.kernels import kernel_environment
from advisor.server.options import Options

DISTRIBUTION = "advisor-workbook"
SHOWN = ("voila", "jupyterlab", "ipywidgets", "anywidget", "plotly")
PORT = 8866
ROWS = 20  # at most so many damaged rows are named
State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report; ``remedy`` says what to do if the state is not ok."""

    state: State
    subject: str
    detail: str
    remedy: str = ""


def python(say: Mapping[str, str]) -> Check:
    """Check the version of Python."""
    state: State = "ok" if (3, 11) <= sys.version_info < (3, 15) else "fail"
    return Check(state, say["python"], f"{platform.python_version()} ({sys.executable})", say["python_fix"])


def packages(say: Mapping[str, str]) -> Check:
    """Check that every required package is installed in a version that fits."""
    wrong = []
    for text in importlib.metadata.requires(DISTRIBUTION) or []:
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        version = _version(requirement.name)
        if version is None:
            wrong.append(requirement.name)
        elif not requirement.specifier.contains(version, prereleases=True):
            wrong.append(f"{requirement.name} {version}")
    if wrong:
        return Check("fail", say["packages"], say["missing"].format(names=", ".join(wrong)), say["packages_fix"])
    shown = [f"{name} {version}" for name in SHOWN if (version := _version(name))]
    return Check("ok", say["packages"], ", ".join(shown))


def _version(name: str) -> str | None:
    """Return the version of a package; None if it is missing, as those of an extra may be."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def template(say: Mapping[str, str]) -> Check:
    """Check that the template of the page and its built front end are there."""
    if not (paths.TEMPLATE / "index.html.j2").is_file():
        return Check("fail", say["template"], say["missing"].format(names="index.html.j2"), say["reinstall"])
    try:
        lost = [name for name in assets.manifest().values() if not (paths.BUILT / name).is_file()]
    except assets.FrontMissingError:
        lost = ["manifest.json"]
    if lost:
        return Check("fail", say["template"], say["missing"].format(names=", ".join(lost)), say["front_fix"])
    return Check("ok", say["template"], say["template_ok"])


def data(say: Mapping[str, str]) -> Check:
    """Check that the data can be loaded."""
    try:
        loaded = loading.load()
    except DataError as error:
        return Check("fail", say["data"], say["problems"].format(count=len(error.problems)), say["data_fix"])
    return Check("ok", say["data"], f"{loaded.scoring.version} ({loaded.digest[:12]})")


def notebook(say: Mapping[str, str]) -> Check:
    """Check that the served notebooks are there."""
    folder = paths.notebooks_dir()
    for path in (folder / name for name in paths.PAGES.values()):
        if not path.is_file():
            return Check("fail", say["notebook"], say["no_notebook"].format(path=path), say["reinstall"])
    return Check("ok", say["notebook"], str(folder))


def font(say: Mapping[str, str]) -> Check:
    """Check that this machine has a Japanese font for the browser."""
    if sys.platform in ("win32", "darwin"):
        return Check("ok", say["font"], say["font_system"])
    fc_list = shutil.which("fc-list")
    if fc_list is None:
        return Check("warn", say["font"], say["font_unknown"], say["font_fix"])
    command = [fc_list, ":lang=ja", "family"]
    families = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()  # noqa: S603  (fixed)
    if not families:
        return Check("warn", say["font"], say["font_none"], say["font_fix"])
    named = [family for family in families if "JP" in family or "Gothic" in family] or families
    return Check("ok", say["font"], min(named).split(",")[0])


def paper_font(say: Mapping[str, str]) -> Check:
    """Whether the font of the papers is the file that it should be."""
    from advisor.report import fonts  # noqa: PLC0415  (only the doctor looks)

    try:
        is_known = fonts.is_known()
    except (ImportError, OSError):
        return Check("fail", say["paper_font"], say["paper_font_none"], say["paper_font_fix"])
    if not is_known:
        return Check("fail", say["paper_font"], say["paper_font_other"], say["paper_font_fix"])
    return Check("ok", say["paper_font"], fonts.FAMILY)


def browser(say: Mapping[str, str]) -> Check:
    """Check that there is a browser that the workbook can open."""
    for name in ("chromium", "google-chrome", "google-chrome-stable", "firefox", "msedge"):
        if path := shutil.which(name):
            return Check("ok", say["browser"], path)
    try:
        return Check("ok", say["browser"], webbrowser.get().name)
    except webbrowser.Error:
        return Check("warn", say["browser"], say["browser_none"], say["browser_fix"])


def write_access(say: Mapping[str, str]) -> Check:
    """Check that the workbook can write temporary files."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "test").write_text("test", encoding="utf-8")
    except OSError as error:
        return Check("fail", say["write"], str(error), say["write_fix"])
    return Check("ok", say["write"], tempfile.gettempdir())


def storage(say: Mapping[str, str]) -> Check:
    """Check that the store can be written; the detail says where it is and whether names are encrypted."""
    from advisor.store.location import inspect_place  # noqa: PLC0415  (half a second that only some commands need)

    place = inspect_place()
    if place.word:
        where = place.where or "ADVISOR_DATABASE_URL"
        return Check("fail", say["storage"], where, say[place.word].format(place=where))
    detail = say["storage_sealed"] if place.is_sealed else say["storage_plain"]
    return Check("ok", say["storage"], detail.format(where=place.where))


def rows(say: Mapping[str, str]) -> Check:
    """Check that every row of the store can be read, and that each visit is what its changes lead to.

    A damaged row is named by its kind and id.
    """
    from advisor.store import StoreError, open_store  # noqa: PLC0415  (as above)
    from advisor.store.unread import differing, look_through  # noqa: PLC0415  (as above)

    try:
        store = open_store(checked=False, makes=False)
        is_new = store.file is not None and not store.file.exists()
        damaged = () if is_new else look_through(store)
        apart = () if is_new or damaged else differing(store)
    except StoreError:
        return Check("warn", say["rows"], say["rows_unknown"], say["rows_unknown_fix"])
    if apart:
        names = ", ".join(apart[:ROWS]) + " …" * (len(apart) > ROWS)
        return Check(
            "warn", say["rows"], say["rows_apart"].format(number=len(apart), names=names), say["rows_damaged_fix"]
        )
    if not damaged:
        return Check("ok", say["rows"], say["rows_ok"])
    names = ", ".join(f"{one.kind} {one.id}" for one in damaged[:ROWS])
    detail = say["rows_damaged"].format(number=len(damaged), names=names + " …" * (len(damaged) > ROWS))
    return Check("fail", say["rows"], detail, say["rows_damaged_fix"])


def kernels(say: Mapping[str, str]) -> Check:
    """Check that a page gets its kernel fast: as a fork of a process that has built both pages already."""
    if not fork_pool.can_fork():
        return Check("ok", say["kernels"], say["kernels_plain"])
    begun = time.monotonic()
    try:
        with runtime.made() as folder:
            forks = asyncio.run(_forks(str(folder)))
    except OSError as error:
        return Check("fail", say["kernels"], str(error), say["write_fix"])
    if not forks:
        return Check("warn", say["kernels"], say["kernels_slow"], say["kernels_fix"])
    return Check("ok", say["kernels"], say["kernels_ok"].format(seconds=f"{time.monotonic() - begun:.1f}"))


async def _forks(folder: str) -> bool:
    environment = kernel_environment(os.environ) | {"IPYTHONDIR": folder}
    warmed = fork_pool.ForkPool(environment, folder, 0, logging.getLogger(__name__))
    try:
        return await warmed.could_fork(fork_pool.READY_SECONDS)
    finally:
        warmed.close()


def handles(say: Mapping[str, str]) -> Check:
    """Check that the server may open enough files and sockets for its pages."""
    try:
        import resource  # noqa: PLC0415  (not on Windows)
    except ImportError:
        return Check("ok", say["handles"], say["handles_free"])
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    pages = (most - health.SPARE_HANDLES) // OF_A_PAGE
    if most == resource.RLIM_INFINITY:
        return Check("ok", say["handles"], say["handles_free"])
    detail = say["handles_pages"].format(count=most, pages=pages)
    enough = pages >= Options().sessions
    return Check("ok" if enough else "warn", say["handles"], detail, "" if enough else say["handles_fix"])


def port(say: Mapping[str, str]) -> Check:
    """Check that the usual port is free, or at least any port."""
    for number in (PORT, 0):
        with socket.socket() as probe:
            # The server sets this, too. Without it, a port that was just closed would count as busy.
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", number))
            except OSError:
                continue
        detail = say["port_free"] if number else say["port_busy"]
        return Check("ok", say["port"], detail.format(port=PORT))
    return Check("fail", say["port"], say["port_none"], say["port_fix"])


def all_checks(say: Mapping[str, str]) -> Iterator[Check]:
    """Run all checks and yield their results. A check comes after the checks that it depends on."""
    for inspect_place in (
        python,
        packages,
        template,
        data,
        notebook,
        font,
        paper_font,
        browser,
        write_access,
        storage,
        rows,
        kernels,
        handles,
        port,
    ):
        yield inspect_place(say)
