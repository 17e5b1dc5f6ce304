"""The store's own tests run on both kinds of database; everything above it is the same on either, and runs on one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import Server


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of either kind, in today's form."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'advisor.sqlite3'}"
    server: Server = request.getfixturevalue("postgres")
    return server.emptied_database()
