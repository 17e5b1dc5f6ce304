"""Fixtures that several test files share: the browser, the served workbook, pictures of it."""

from __future__ import annotations

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

# Python keeps what it has compiled, also where it is told not to. Without that, every server and every kernel of a test
# compiles all its libraries anew, which takes more time than the rest of what it does.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# As in advisor.server: jsonschema (with nbformat) would read forty grammars for a check that nobody asks for.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

# No test ever touches the data of whoever runs it: every process has a database of its own.
DATABASE = tempfile.TemporaryDirectory(prefix="advisor-tests-")
os.environ["ADVISOR_DATABASE_URL"] = f"sqlite:///{DATABASE.name}/advisor.sqlite3"
os.environ["XDG_CONFIG_HOME"] = f"{DATABASE.name}/config"  # which stores are known is that person's, too
for name in ("ADVISOR_KEY", "ADVISOR_STORE_ID"):
    os.environ.pop(name, None)

# fixtures that live elsewhere
__all__ = ["_made_once", "_packed_once", "database", "made_by_alembic", "packed_anew", "postgres", "store"]

SLOWEST = ("tests/server/test_heartbeat.py", "tests/server/test_serve", "tests/test_golden.py")

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it needs, and begin with what takes longest, so that the workers end together.

    The tests of a file stay together, because they share servers; pytest itself puts all that need a browser first.
    """
    begins: dict[Path, tuple[int, int]] = {}
    for number, item in enumerate(items):
        item.add_marker(_need(item))
        rank, first = begins.get(item.path, (2, number))
        begins[item.path] = (min(_begins(item), rank), first)
    items.sort(key=lambda item: begins[item.path])


def _begins(item: pytest.Item) -> int:
    """Return when a file begins, by one of its tests: a long one would keep a worker busy while the other has ended."""
    if item.get_closest_marker("browser"):
        return 1
    return 0 if item.nodeid.startswith(SLOWEST) else 2


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
