"""Fixtures that several test files share: the browser, the served workbook, pictures of it."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from playwright.sync_api import Page

from tests.chromium import FLAGS, HELP, find_chromium
from tests.databases import _made_once, _packed_once, database, made_by_alembic, packed_anew, postgres, store
from tests.looks import violations
from tests.serving import ARTEFACTS, running

# No test ever touches the data of whoever runs it: every process has a database of its own.
DATABASE = tempfile.TemporaryDirectory(prefix="advisor-tests-")
os.environ["ADVISOR_DATABASE_URL"] = f"sqlite:///{DATABASE.name}/advisor.sqlite3"
os.environ["XDG_CONFIG_HOME"] = f"{DATABASE.name}/config"  # which stores are known is that person's, too
for name in ("ADVISOR_KEY", "ADVISOR_STORE_ID"):
    os.environ.pop(name, None)

# fixtures that live elsewhere
__all__ = ["_made_once", "_packed_once", "database", "made_by_alembic", "packed_anew", "postgres", "store"]

# What takes longest, the longest first. First those that wait most of their time; then those that only compute.
LONGEST = (
    *("browser/test_faults.py", "browser/test_access.py", "server/test_heartbeat.py", "browser/test_markup.py"),
    *("browser/test_canary.py", "browser/test_print.py", "deploy/test_deploy_hub.py", "browser/test_windows.py"),
    *("browser/test_copies.py", "browser/test_desk.py", "browser/test_live.py", "browser/test_session.py"),
    *("browser/test_lab.py", "browser/test_waiting.py", "server/test_serve_edges.py", "browser/test_old_visits.py"),
    *("server/test_soak.py", "browser/test_front.py", "browser/test_advance.py", "browser/test_keyboard.py"),
    *("server/test_serve.py", "deploy/test_packaging.py", "server/test_websocket.py", "browser/test_place.py"),
    *("analysis/test_cohort_hostile.py", "test_security_rules.py", "analysis/test_lab_sensitivity.py"),
    *("content/test_translator.py", "analysis/test_analyst_notebooks.py", "test_golden.py", "view/test_screens.py"),
    *("view/test_desk_page.py", "session/test_facts.py", "view/test_messages.py", "store/test_autosave.py"),
)
WAITING = ("browser", "deploy")  # what a test needs if it waits for other processes most of its time

# The same examples on every machine and every run, and no failure because a machine was busy.
hypothesis.settings.register_profile("workbook", derandomize=True, deadline=None, max_examples=60)
hypothesis.settings.register_profile("quick", derandomize=True, deadline=None, max_examples=15)
hypothesis.settings.load_profile("workbook")


def pytest_collection_finish() -> None:
    """Let the garbage collector forget what lives as long as the process, and look less often at the rest.

    Without it a third of the time of the property tests goes into looking at modules and catalogues again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    atexit.register(gc.freeze)  # nor look at all of it once more before the process ends


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark each test by what it needs."""
    item.add_marker(_need(item))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, and spread those that wait among those that compute.

    So the workers end together, and while one of them waits, another one computes. The tests of a file stay together,
    because they share servers.
    """
    waits: dict[Path, bool] = {}
    for item in items:
        waits[item.path] = waits.get(item.path, False) or _need(item) in WAITING
    turns: dict[Path, float] = {}
    for kind, end in ((True, 0.9), (False, 1.0)):  # the last ones are short, and wait for nobody
        files = sorted((path for path in waits if waits[path] is kind), key=_rank)
        turns |= {path: end * number / len(files) for number, path in enumerate(files)}
    items.sort(key=lambda item: turns[item.path])


def _rank(path: Path) -> int:
    """Return the place of a file among those that take longest."""
    names = (number for number, name in enumerate(LONGEST) if path.as_posix().endswith(f"/tests/{name}"))
    return next(names, len(LONGEST))


def _need(item: pytest.Item) -> str:
    """Return what a test needs: a browser, a server of its own, a database, or nothing but Python."""
    folder = item.nodeid.split("/")[1] if item.nodeid.startswith("tests/") else "notebooks"
    if folder == "browser" or {"page", "browser", "context"} & {*getattr(item, "fixturenames", ())}:
        return "browser"
    if folder in ("deploy", "server", "notebooks"):
        return "deploy"
    return "store" if folder == "store" else "core"


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser; its absence fails a test, it never skips one."""
    path = find_chromium()
    if path is None:
        pytest.fail(HELP, pytrace=False)
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium_path: str) -> dict[str, Any]:
    """How pytest-playwright starts the browser."""
    return {**browser_type_launch_args, "executable_path": chromium_path, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A visitor in Japan."""
    return {**browser_context_args, "locale": "ja-JP", "timezone_id": "Asia/Tokyo"}


@pytest.fixture(scope="session")
def desk_url(worker_id: str) -> Iterator[str]:
    """The address of the front desk, served with the workbook once for all tests of a worker."""
    command = (sys.executable, "-m", "advisor", "serve", "--no-browser", "--port", "0")
    environment = os.environ | {"ADVISOR_LANG": "en"}
    with running(*command, log=ARTEFACTS / f"serve-{worker_id}.log", environment=environment) as server:
        yield server.url


@pytest.fixture(scope="session")
def workbook_url(desk_url: str) -> str:
    """The address of the workbook."""
    return f"{desk_url}workbook"


@pytest.fixture(scope="session")
def axe_violations() -> Callable[[Page], list[str]]:
    """What axe-core finds on the page as it stands: one line per finding, none is right."""
    return violations


@pytest.fixture(scope="session")
def screenshot() -> Callable[[Page, str], Path]:
    """Keep a picture of the whole page as artefacts/screens/NAME.png."""

    def keep(page: Page, name: str) -> Path:
        path = ARTEFACTS / "screens" / f"{name}.png"
        page.screenshot(path=path, full_page=True, animations="disabled")
        return path

    return keep
